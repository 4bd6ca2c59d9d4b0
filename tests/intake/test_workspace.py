"""Proofs of planner/workspace: cases, scenarios as a tree and runs are kept, nothing is overwritten, and a run can be made again from its folder."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from files import readings, stamps, write

from planner import case, cli, given, run
from planner.errors import CaseError
from planner.intake import start
from planner.workspace import again, keep
from planner.workspace.keep import Workspace

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def works(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case that is planned in seconds."""
    folder = tmp_path_factory.mktemp("small")
    return start.of_meter(write(folder / "m.csv", readings(stamps())), folder / "works", "hebei", "10kv", 3000.0).folder


@pytest.fixture(scope="session")
def stored(works: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its run, in a folder."""
    return run.write(run.solve(run.prepare(works)), tmp_path_factory.mktemp("runs") / "first")


@pytest.fixture
def place(works: Path, tmp_path: Path) -> Workspace:
    made = keep.create(tmp_path / "study")
    made.add(works)
    made.branch("greener", "works", [("caps.total.2030", "0.5")])
    made.branch("greener_and_dear", "greener", [("finance.carbon_price", "200"), ("caps.total.2030", "0.6")])
    return made


def test_a_scenario_is_its_parents_changes_and_its_own(place: Workspace) -> None:
    """Proves: changes add up from the case down, the nearest counts last; the case itself stays as it was."""
    read = place.read("greener_and_dear")
    assert read["finance.carbon_price"] == 200
    assert [r["share"] for r in read.tables["caps"] if r["year"] == 2030] == [0.6]
    assert [r["share"] for r in place.read("greener").tables["caps"] if r["year"] == 2030] == [0.5]
    assert place.read("works")["finance.carbon_price"] == 0
    rows = {r["name"]: r for r in place.rows()}
    assert [rows[n]["of"] for n in ("works", "greener", "greener_and_dear")] == ["", "works", "greener"]
    assert len({r["fingerprint"] for r in rows.values()}) == 3


def test_nothing_is_overwritten_and_every_fault_is_said(place: Workspace, works: Path, tmp_path: Path) -> None:
    before = {p: p.read_bytes() for p in place.folder.rglob("*") if p.is_file()}
    for attempt, what in (
        (lambda: place.add(works), "it is there already"),
        (lambda: place.add(works, "greener"), "it is there already"),
        (lambda: place.add(works, "../out"), "it cannot be a name here"),
        (lambda: place.branch("works", "greener", [("finance.carbon_price", "1")]), "it is there already"),
        (lambda: place.branch("new", "nobody", [("finance.carbon_price", "1")]), "there is no case or scenario 'nobody'"),
        (lambda: place.branch("new", "works", []), "it changes nothing"),
        (lambda: place.branch("new", "works", [("finance.carbon_prize", "1")]), "no number called"),
        (lambda: keep.create(place.folder), "it is there already"),
        (lambda: keep.find(tmp_path), "there is no workspace"),
    ):
        with pytest.raises(CaseError) as error:
            attempt()
        assert what in str(error.value)
    assert {p: p.read_bytes() for p in place.folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('parent = "greener_and_dear"\nchanges = [["finance.carbon_price", "1"]]\n', "is its own parent"),
        ('parent = "gone"\nchanges = [["finance.carbon_price", "1"]]\n', "there is no case or scenario 'gone'"),
        ("changes = 3\n", "it holds no scenario"),
        ("parent = \n", "not TOML"),
    ],
)
def test_a_broken_scenario_is_said_where_it_stands(place: Workspace, text: str, what: str) -> None:
    """Proves: a file somebody wrote by hand ends in a sentence, and the index still tells the rest."""
    (place.folder / "scenarios" / "greener.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as error:
        place.read("greener_and_dear")
    assert what in str(error.value) and "scenarios/" in str(error.value)
    assert {r["name"]: r["fingerprint"] for r in place.index()}["greener_and_dear"] == "wrong"


def test_runs_are_numbered_and_told_when_their_case_changed(place: Workspace, capsys: Printed) -> None:
    """Proves: two runs stand beside each other; after a change of the case they say so. The index is a table of all of it."""
    for _ in range(2):
        assert cli.main(["workspace", str(place.folder), "run", "works", "--json"]) == 0
    assert sorted(place.runs()) == ["works-001", "works-002"]
    shown = json.loads(capsys.readouterr().out.strip().splitlines()[-1])["rows"]
    assert [r["status"] for r in shown if r["kind"] == "run"] == ["optimal", "optimal"]
    toml = place.folder / "cases" / "works" / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("last_year = 2030", "last_year = 2029"), encoding="utf-8")
    assert {r["status"] for r in place.index() if r["kind"] == "run"} == {"optimal, changed since"}
    assert "works-002" in (place.folder / "index.csv").read_text(encoding="utf-8")
    assert cli.main(["workspace", str(place.folder), "--lang", "zh"]) == 0
    assert "greener_and_dear" in capsys.readouterr().out


def test_a_run_is_made_again_from_its_folder(stored: Path, capsys: Printed) -> None:
    """Proves: the same version gives the same answer, and says so."""
    assert cli.main(["rerun", str(stored), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["same"] and said["data"] == [] and said["differs"] == []
    assert said["then"]["objective_cny"] == pytest.approx(said["now"]["objective_cny"], rel=1e-6)


def copied(stored: Path, folder: Path, **summary: Any) -> Path:
    """A copy of a run of which the summary says something else."""
    for path in stored.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(stored)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    said = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    (folder / "summary.json").write_text(json.dumps(said | summary), encoding="utf-8")
    return folder


def test_another_answer_is_said(stored: Path, tmp_path: Path, capsys: Printed) -> None:
    """Proves: a stored cost that today's bound proves impossible is another answer. A comparison of costs within a tolerance would
    call it another answer too where only the gap differs."""
    cheap = json.loads((stored / "summary.json").read_text(encoding="utf-8"))["objective_cny"] * 0.8
    other = copied(stored, tmp_path / "other", objective_cny=cheap, bound_cny=cheap, version="0.0.9")
    assert cli.main(["rerun", str(other)]) == 0
    shown = capsys.readouterr().out
    assert "This version gives another answer" in shown and "version 0.0.9" in shown
    looser = copied(stored, tmp_path / "looser", bound_cny=cheap)
    assert again.rerun(looser).agrees


def test_data_of_then_can_be_used_again(stored: Path, tmp_path: Path) -> None:
    """Proves: a run whose package holds other prices says which tables changed; with its own data the answer is the one of then.

    By hand: with tariffs' energy prices of then at half, power costs less; a rerun that silently took today's would not notice.
    """
    old = copied(stored, tmp_path / "old")
    out = io.BytesIO()
    with zipfile.ZipFile(stored / given.NAME) as package, zipfile.ZipFile(out, "w") as changed:
        for name in package.namelist():
            text = package.read(name).decode("utf-8")
            if name.startswith("tariffs/"):
                text = re.sub(r"(?m)^(\w+,energy,\w*,\w+),([\d.]+)", lambda m: f"{m[1]},{float(m[2]) / 2}", text)
            changed.writestr(name, text)
    (old / given.NAME).write_bytes(out.getvalue())
    assert given.changed(old) == ("tariffs",) and given.changed(stored) == ()
    today, then = again.rerun(old), again.rerun(old, its_data=True)
    assert today.same_case and today.data == ("tariffs",)
    assert then.now["objective_cny"] < 0.8 * today.now["objective_cny"] and not then.agrees
    (old / given.NAME).write_bytes(b"PK broken")
    with pytest.raises(CaseError, match="damaged"):
        given.changed(old)
    (old / given.NAME).unlink()
    assert given.changed(old) is None
    with pytest.raises(CaseError, match="keeps no data"):
        again.rerun(old, its_data=True)


def test_the_package_of_data_is_always_the_same() -> None:
    """Proves: equal data give equal bytes, so a stored run changes only when they do; every shared table is in it."""
    first = given.packed()
    given.packed.cache_clear()
    assert given.packed() == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {n.partition("/")[0] for n in package.namelist()} == set(case.SHARED)
    assert len(first) < 300_000
