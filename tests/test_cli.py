"""The command line: exit codes, one JSON object on standard output, a run that holds its case, and both languages."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import COARSE
from pytest import approx
from rich.console import Console

from planner import case, cli, plan, run, terminal, warm
from planner.dictionary import DATA
from planner.errors import PlanRefused, SolverFailed

SET = [part for key, value in COARSE for part in ("--set", f"{key}={value}")]
Printed = pytest.CaptureFixture[str]


def one_object(text: str) -> dict[str, Any]:
    """Standard output as exactly one JSON object; NaN and Infinity are not JSON."""

    def refuse(word: str) -> float:
        raise AssertionError(f"{word} is not JSON")

    record = json.loads(text, parse_constant=refuse)
    assert isinstance(record, dict)
    assert text.endswith("}\n") and text.count("\n") == 1
    return record


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The cell plant solved by the program as a user starts it, with its run folder."""
    folder = tmp_path_factory.mktemp("runs") / "deep" / "cells"
    command = [sys.executable, "-m", "planner.cli", "solve", "battery", *SET, "--set", "caps.total.2030=0.55", "--json", "--out", str(folder)]
    here = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=Path(cli.__file__).parents[1], capture_output=True, encoding="utf-8", env=here, timeout=300, check=False
    ), folder


@pytest.fixture(scope="session")
def one_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cell plant's first year, planned and run on all its hours."""
    folder = tmp_path_factory.mktemp("years") / "cells"
    assert cli.main(["solve", "battery", *SET, "--set", "horizon.last_year=2026", "--whole-year", "--json", "--out", str(folder)]) == 0
    return folder


# Cases and check ------------------------------------------------------------------------------------------------------------


def test_cases_lists_what_is_shipped(capsys: Printed) -> None:
    assert cli.main(["cases", "--json"]) == 0
    found = one_object(capsys.readouterr().out)["cases"]
    assert [c["case"] for c in found] == sorted(case.cases())
    assert {c["case"]: c["base"] for c in found} == {
        "battery": "", "battery_sichuan": "battery", "battery_steam": "battery", "computing": "", "steel": "", "steel_eaf": "steel",
    }  # fmt: skip
    assert cli.main(["cases", "--lang", "zh"]) == 0
    assert "唐山500万吨长流程钢厂" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["battery", "steel"])
def test_check_finds_nothing_wrong_with_what_is_shipped(name: str, capsys: Printed) -> None:
    assert cli.main(["check", name, "--json"]) == 0
    record = one_object(capsys.readouterr().out)
    assert record["status"] == "ok" and record["options"] >= 20
    assert len(record["fingerprint"]) == 64


def test_check_speaks_both_languages(capsys: Printed) -> None:
    assert cli.main(["check", "battery"]) == 0
    english = capsys.readouterr().out
    assert cli.main(["check", "battery", "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert "nothing wrong found" in english
    assert any("一" <= sign <= "鿿" for sign in chinese.splitlines()[0])


# The answer -----------------------------------------------------------------------------------------------------------------


def test_solve_prints_one_object_with_every_key(solved: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """Proves: exit code 0, one JSON object on standard output and nothing else, with the keys that others build on."""
    done, _ = solved
    assert done.returncode == 0, done.stderr
    record = one_object(done.stdout)
    columns = {
        "seconds": {"read", "build", "solve", "audit", "total"}, "roadmap": {"year", "technology", "action", "size", "unit", "investment_cny"},
        "emissions": {"year", "scope", "view", "t"}, "caps": {"name", "year", "limit", "value", "unit", "shadow_price"}, "costs": {"year", "part", "cny"},
        "audit": {"passed", "largest_residual"},
    }  # fmt: skip
    assert {"case", "status", "objective_cny", "gap", *columns} <= set(record)
    for key, wanted in columns.items():
        for row in record[key] if isinstance(record[key], list) else [record[key]]:
            assert wanted <= set(row), f"{key} lacks {wanted - set(row)}"
        assert record[key], f"{key} is empty"


def test_solve_says_what_it_found(solved: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """Proves: numbers are numbers in the units said: CNY and t. The change that was set is the cap that was planned with."""
    record = one_object(solved[0].stdout)
    assert (record["case"], record["status"]) == ("battery", "optimal")
    assert 5e8 < record["objective_cny"] < 2e9
    assert 0 <= record["gap"] <= 0.01
    assert record["audit"]["passed"] is True and record["audit"]["largest_residual"] <= 1e-6
    last = next(c for c in record["caps"] if c["year"] == 2030)
    assert last["limit"] == approx(0.55 * 263915.3) and last["value"] <= last["limit"] * (1 + 1e-6)
    assert isinstance(last["binding"], bool)
    assert {e["scope"] for e in record["emissions"]} >= {"direct", "purchased electricity", "total"}
    assert record["seconds"]["total"] >= record["seconds"]["solve"] > 0
    assert record["changes"] == ["time.days=1", "time.segments=4", "caps.total.2030=0.55"]
    assert solved[0].stderr == ""


def test_out_writes_a_whole_run_with_its_case(solved: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """Proves: the folder holds summary, tables, solution and the case; read anew with its changes the case is the one that was planned."""
    done, folder = solved
    record = one_object(done.stdout)
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == record
    assert {"roadmap.csv", "emissions.csv", "caps.csv", "costs.csv", "audit.csv", "case", "solution"} <= {p.name for p in folder.iterdir()}
    changes = [tuple(row) for row in pd.read_csv(folder / "case" / "changes.csv", dtype=str).itertuples(index=False, name=None)]
    assert case.read(folder / "case", changes).fingerprint == record["fingerprint"]
    assert [p.name for p in folder.parent.iterdir()] == ["cells"]  # nothing half written beside it


def test_a_run_is_read_back_as_it_was(battery: run.Run, tmp_path: Path) -> None:
    """Proves: every table comes back with its rows, numbers (to nine digits) and texts; the summary to the last digit."""
    stored = run.load(run.write(battery, tmp_path / "run"))
    assert set(battery.results.tables) <= set(stored.results.tables)
    for name, table in battery.results.tables.items():
        pd.testing.assert_frame_equal(stored.results[name], table.reset_index(drop=True), check_dtype=False, rtol=1e-8)
    told = json.loads(json.dumps(run.record(battery), default=float))
    assert dict(stored.summary) == told


def test_a_run_tells_whether_it_holds_on_all_hours(one_year: Path) -> None:
    """Proves: the stored run carries the verdict and its tables, and gives the weather its true name."""
    kept = run.load(one_year)
    assert kept.summary["holds"] is True and kept.summary["synthetic"] == ["pv", "wind", "load"]
    assert kept.summary["whole_year_residual"] < 1e-6 and abs(kept.summary["whole_year_cost_change"]) < 0.02
    assert {"year", "quantity", "item", "unit", "planned", "whole_year", "difference", "limit", "holds"} == set(kept.summary["whole_year"][0])
    assert len(kept.results["peaks"]) == 12 and not len(kept.results["misses"])


def test_a_stored_run_is_verified_again(one_year: Path, tmp_path: Path, capsys: Printed) -> None:
    """Proves: from the folder alone the whole year gives the same figures, and they stand in the folder afterwards."""
    folder = shutil.copytree(one_year, tmp_path / "cells")
    for name in ("whole_year", "peaks", "misses"):
        (folder / f"{name}.csv").unlink()
    before = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    bare = {k: v for k, v in before.items() if not k.startswith("whole_year") and k not in ("holds", "peaks", "misses")}
    (folder / "summary.json").write_text(json.dumps(bare), encoding="utf-8")
    assert cli.main(["verify", str(folder), "--json"]) == 0
    record = one_object(capsys.readouterr().out)
    assert record["holds"] is True and record["whole_year_cny"] == approx(before["whole_year_cny"], rel=1e-7)
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8"))["holds"] is True
    pd.testing.assert_frame_equal(run.load(folder).results["peaks"], run.load(one_year).results["peaks"], rtol=1e-5)
    assert cli.main(["verify", str(tmp_path / "nothing")]) == 2


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Holds on 8,760 hours of every year, with synthetic solar power"), ("zh", "各年8760小时均成立（光伏出力")]
)
def test_the_verdict_for_people(language: str, words: str, one_year: Path) -> None:
    with (console := Console(width=300)).capture() as said:
        terminal.whole_year(console, run.load(one_year).results, language)
    assert words in said.get()


def test_an_earlier_run_is_replaced_and_nothing_else(battery: run.Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run.write(battery, folder)
    (folder / "old.csv").write_text("a\n1\n", encoding="utf-8")
    run.write(battery, folder)
    assert not (folder / "old.csv").exists()
    own = tmp_path / "thesis"
    own.mkdir()
    (own / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not a run"):
        run.write(battery, own)
    assert [p.name for p in own.iterdir()] == ["chapter.txt"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run", "thesis"]


def test_an_out_that_is_not_a_run_is_refused_before_the_work(tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: exit code 2 at once and the folder untouched. A version that looks afterwards throws a plan away."""
    monkeypatch.setattr(run, "solve", lambda *_, **__: pytest.fail("it was solved"))
    (tmp_path / "chapter.txt").write_text("years of work", encoding="utf-8")
    assert cli.main(["solve", "battery", "--json", "--out", str(tmp_path)]) == 2
    record = one_object(capsys.readouterr().out)
    assert record["findings"][0]["where"] == f"--out {tmp_path}"
    assert [p.name for p in tmp_path.iterdir()] == ["chapter.txt"]


@pytest.mark.parametrize(("language", "words"), [("en", ("roadmap", "Cap", "2030")), ("zh", ("路线图", "上限", "亿元", "2030"))])
def test_the_answer_for_people(language: str, words: tuple[str, ...], battery: run.Run, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the same plan in either language, on standard output; no key of a text is shown for the text."""
    seconds = {"read": 1.0, "build": 1.0, "solve": 1.0, "audit": 1.0, "total": 4.0}
    monkeypatch.setattr(run, "prepare", lambda *_: battery.ready)
    monkeypatch.setattr(run, "solve", lambda *_, **__: run.Run(battery.ready, battery.planned, battery.results, battery.audit, seconds))
    assert cli.main(["solve", "battery", "--lang", language]) == 0
    text = capsys.readouterr().out
    for word in words:
        assert word.lower() in text.lower(), f"{word} is missing"
    assert not any(f"{group}." in text for group in ("terminal", "column", "action", "scope", "view"))
    assert any("一" <= sign <= "鿿" for sign in text) is (language == "zh")


# Exit codes -----------------------------------------------------------------------------------------------------------------


def test_exit_code_2_for_a_wrong_case(capsys: Printed) -> None:
    """Proves: findings with where, what, allowed as JSON on standard output, and as sentences on standard error, in either language."""
    sentences = {"en": "--set time.days: it has no value; allowed: key=value.", "zh": "--set time.days：没有给出数值；允许：key=value。"}
    for language, sentence in sentences.items():
        assert cli.main(["solve", "battery", "--set", "caps.totl.2030=1", "--set", "time.days", "--json", "--lang", language]) == 2
        printed = capsys.readouterr()
        assert one_object(printed.out)["findings"] == [{"where": "--set time.days", "what": "it has no value", "allowed": "key=value"}]
        assert sentence in printed.err
    assert cli.main(["check", "batery"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and "perhaps battery" in printed.err


def test_exit_code_2_for_arguments_nobody_knows(capsys: Printed) -> None:
    for arguments in (["plan", "battery"], ["solve"], ["solve", "battery", "--gap", "7"], ["solve", "battery", "--lang", "de"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
    capsys.readouterr()


@pytest.mark.full  # finds and proves a contradiction
def test_exit_code_3_when_no_plan_exists(capsys: Printed) -> None:
    """Proves: a cap of 1 % in 2030 names itself and the lowest reachable, whose proven bound is below what was attained."""
    assert cli.main(["solve", "battery", *SET, "--set", "caps.total.2030.share=0.01", "--json"]) == 3
    printed = capsys.readouterr()
    record = one_object(printed.out)
    assert record["status"] == "infeasible"
    (found,) = record["unreachable"]
    assert (found["cap"], found["year"], found["limit"]) == ("total", 2030, approx(2639.153))
    bound, attained = found["lowest_alone"]
    assert found["limit"] < bound <= attained + 1e-6 < 264e3
    assert found["lowest_together"][1] >= bound - 1e-6
    ((cap,),) = [c["requirements"] for c in record["conflicts"]]
    assert (cap["kind"], cap["year"], cap["limit"]) == ("cap", 2030, approx(2639.153)) and record["conflicts"][0]["minimal"]
    assert cap["needed"] == approx(attained, rel=1e-3) and record["nearest"]["changes"] == [cap["change"]]
    assert record["nearest"]["cost_cny"] >= record["nearest"]["bound_cny"] > 0
    assert [u["year"] for u in record["reachable"] if u["cap"] == "total"] == list(range(2026, 2031))
    assert "2030" in printed.err


def test_exit_code_4_when_the_solver_has_no_time(capsys: Printed) -> None:
    """Proves: no time is neither a wrong case nor a proof that no plan exists; a plan that needs no search is told with its gap all the same."""
    code = cli.main(["solve", "battery", *SET, "--seconds", "0", "--json"])
    record = one_object(capsys.readouterr().out)
    assert code in (0, 4)
    assert (record["gap"] <= 0.01 and record["audit"]["passed"]) if code == 0 else (record["status"] == "failed" and "more time" in record["reason"])


@pytest.mark.parametrize("error", [SolverFailed("the solver's process ended early"), PlanRefused(["electricity 2030 is 1 % off"])])
def test_exit_code_4_when_solver_or_audit_say_no(error: Exception, capsys: Printed, monkeypatch: pytest.MonkeyPatch, battery: run.Run) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(run, "prepare", lambda *_: battery.ready)
    monkeypatch.setattr(plan, "in_own_process", fails)
    assert cli.main(["solve", "battery", "--json"]) == 4
    printed = capsys.readouterr()
    assert one_object(printed.out)["reason"] == str(error)
    assert str(error).splitlines()[-1] in printed.err


# Options and reconcile ------------------------------------------------------------------------------------------------------


def test_options_shows_each_alone(capsys: Printed) -> None:
    """Proves: one row a candidate; heat recovery and the sun on the roof save emissions alone, and the former pays back soon."""
    assert cli.main(["options", "battery", *SET, "--json"]) == 0
    rows = {r["option"]: r for r in one_object(capsys.readouterr().out)["options"]}
    plant = run.prepare("battery", COARSE).plant
    assert set(plant.candidates) <= set(rows)
    assert rows["oven_heat_recovery"]["saved_t"] > 0 and rows["oven_heat_recovery"]["payback_years"] < 10
    assert rows["roof_pv"]["saved_t"] > 0 and rows["roof_pv"]["lever"] == "structure"
    assert all(r["size"] is None or r["size"] >= 0 for r in rows.values())


@pytest.mark.full
def test_warm_keeps_what_opens_a_case(tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: it is kept where pages look for it, stays where it is of this problem already, and beside a run only beside that of the same case."""
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path))
    assert cli.main(["warm", "battery", *SET, "--json"]) == 0
    kept = Path(json.loads(capsys.readouterr().out)["start"])
    assert kept.is_relative_to(tmp_path) and kept.stem == run.prepare("battery", COARSE).case.fingerprint
    written = kept.stat().st_mtime_ns
    assert cli.main(["warm", "battery", *SET]) == 0 and kept.stat().st_mtime_ns == written
    with warm.Session(run.prepare("battery", COARSE)) as session:
        session.begin(tmp_path / "own.npz", kept)
        assert session.solve().audit.passed and not (tmp_path / "own.npz").exists(), "what was shipped is enough"
    assert cli.main(["warm", "battery", *SET, "--run", str(DATA / "runs" / "battery")]) == 2


def test_options_in_chinese(capsys: Printed) -> None:
    assert cli.main(["options", "battery", *SET, "--lang", "zh"]) == 0
    assert "涂布烘箱排风余热回收" in capsys.readouterr().out


def reconciled(capsys: Printed, name: str) -> list[dict[str, Any]]:
    assert cli.main(["reconcile", name, *SET, "--json"]) == 0
    rows: list[dict[str, Any]] = one_object(capsys.readouterr().out)["rows"]
    return rows


def test_reconcile_explains_the_energy_of_the_cell_plant(capsys: Printed) -> None:
    """Proves: each step's power and gas of the source is in the model within 2 %, and the remainder is what it says it is.

    The company's own disclosure of 2023 is another plant and stands beside it; nothing is scaled to fit.
    """
    rows = reconciled(capsys, "battery")
    assert {r["report"] for r in rows} == {"emission_report", "energy_balance", "gas_balance"}
    for r in rows:
        assert r["remainder"] == approx(1 - r["model"] / r["plant"], abs=1e-9)
        if r["report"] in ("energy_balance", "gas_balance") and "disclosure" not in r["item"]:
            assert abs(r["remainder"]) < 0.02, r
    assert sum(r["unit"] == "MWh" for r in rows) >= 5


def test_reconcile_runs_on_the_steel_works(capsys: Printed) -> None:
    """Proves: per tonne figures are per tonne: direct emissions of 1.8 t and hot metal of 0.9 t per t of crude steel are near the model's."""
    rows = {r["item"]: r for r in reconciled(capsys, "steel")}
    assert len(rows) > 10
    assert rows["Direct emissions"]["model"] == approx(rows["Direct emissions"]["plant"], rel=0.1)
    assert all(r["unit"] and r["model"] is not None for r in rows.values())


def test_reconcile_reads_the_reports_of_the_case_itself(tmp_path: Path, capsys: Printed) -> None:
    """Proves: a copy is compared with its own report, and its faults are found; a version that goes by the name reads the shipped one."""
    copy = Path(shutil.copytree(case.find("battery"), tmp_path / "mine"))
    report = copy / "reconcile" / "energy_balance.csv"
    report.write_text(report.read_text(encoding="utf-8").replace(",formation_aging,use,", ",formation_agin,use,"), encoding="utf-8")
    assert cli.main(["reconcile", str(copy), *SET, "--json"]) == 2
    found = one_object(capsys.readouterr().out)["findings"]
    assert [f["what"] for f in found] == ["asset 'formation_agin' is unknown"]
    assert found[0]["where"].startswith("reconcile/energy_balance.csv row ") and "formation_aging" in found[0]["allowed"]
    shutil.rmtree(copy / "reconcile")
    assert cli.main(["reconcile", str(copy), *SET]) == 2
    assert "no report to reconcile with" in capsys.readouterr().err
