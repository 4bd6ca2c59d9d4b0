"""Many plans: one table whichever way it was made - one process, two, a cluster, or killed half way and started again."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import COARSE, prepared
from pytest import approx

from planner import cli, plan, stored, translate
from planner.process import Worker
from planner.studies import many
from planner.studies.many import Many, Where, of_case
from planner.studies.point import Changes, Desk

pytestmark = pytest.mark.full  # dozens of plans, minutes


def listen(_: object) -> bool:
    return True


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of the cell plant at coarse time."""
    said = "\n".join(f'"{key}" = {value}' for key, value in COARSE)
    path = tmp_path_factory.mktemp("studies") / "small.toml"
    path.write_text(f"""
        case = "battery"
        [set]
        {said}
        [changes.wrong]
        "caps.totl" = 1
        [[grid]]
        axes = {{ "caps.total.2030" = [0.45, 0.55], "finance.carbon_price" = [0, 60] }}
        """)  # fmt: skip
    return path


@pytest.fixture(scope="module")
def alone(study: Path) -> Path:
    """The study made by one process."""
    folder = study.parent / "alone"
    assert cli.main(["study", str(study), "--out", str(folder), "--json"]) == 0
    return folder


def table(folder: Path) -> str:
    return (folder / "points.csv").read_text(encoding="utf-8")


def test_every_point_is_a_whole_plan(alone: Path) -> None:
    """Proves: each row's figures are those of the run that stands in its folder, and tighter caps cost no less than what is proven of looser ones."""

    points = pd.read_csv(alone / "points.csv").set_index("point")
    assert list(points["status"]) == ["optimal", "wrong case", *["optimal"] * 4]
    assert not points["stopped"].any()
    for name, row in points[points["status"] == "optimal"].iterrows():
        run = stored.load(alone / str(row["folder"]))
        assert run.summary["objective_cny"] == approx(row["objective_cny"]), name
        assert row["bound_cny"] <= row["objective_cny"]
    assert points.loc["grid 1 3", "bound_cny"] <= points.loc["grid 1 1", "objective_cny"]  # 0.55 bounds 0.45


def test_points_reached_by_differences_are_those_compiled(study: Path, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: with the levers mapped first one process and two make one table, whose plans stand around the optima of the compiled ones."""
    monkeypatch.setattr(many, "MAPPED", 1)
    for workers in ("1", "2"):
        assert cli.main(["study", str(study), "--out", str(study.parent / f"mapped-{workers}"), "--workers", workers, "--json"]) == 0
    assert table(study.parent / "mapped-1") == table(study.parent / "mapped-2")
    mapped, compiled = (pd.read_csv(folder / "points.csv").set_index("point") for folder in (study.parent / "mapped-1", alone))
    assert list(mapped["status"]) == list(compiled["status"])
    both = mapped.join(compiled, rsuffix="_compiled").dropna(subset="objective_cny")
    assert (both["bound_cny"] <= both["objective_cny_compiled"] * (1 + 1e-9)).all() and len(both) == 5
    assert (both["bound_cny_compiled"] <= both["objective_cny"] * (1 + 1e-9)).all()


def test_a_point_costs_what_a_cold_plan_costs(alone: Path) -> None:
    """Proves: begun at the base's plan or at nothing, cost and bound of both stand around the same optimum."""

    row = pd.read_csv(alone / "points.csv").set_index("point").loc["grid 1 2"]
    ready = prepared("battery", ("caps.total.2030", "0.45"), ("finance.carbon_price", "60"))
    cold = plan.make(translate.inputs(ready.plant, ready.year), gap=0.01, seconds=300, report=listen)
    assert cold.plan.cost is not None and cold.plan.bound is not None
    assert row["bound_cny"] <= cold.plan.cost * 1e6 * (1 + 1e-9)
    assert cold.plan.bound * 1e6 <= row["objective_cny"] * (1 + 1e-9)


def test_two_processes_make_the_same_table(study: Path, alone: Path) -> None:
    folder = study.parent / "two"
    assert cli.main(["study", str(study), "--out", str(folder), "--workers", "2", "--json"]) == 0
    assert table(folder) == table(alone)


def test_a_cluster_makes_the_same_table(study: Path, alone: Path) -> None:
    """Proves: on a Dask cluster with two threads in one worker - solves must still not run side by side in one process - the table is the same."""
    code = (
        "import sys; from distributed import LocalCluster; from planner import cli\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:\n"
        "        sys.exit(cli.main(['study', sys.argv[1], '--out', sys.argv[2], '--cluster', cluster.scheduler_address, '--json']))\n"
    )
    folder, script = study.parent / "cluster", study.parent / "cluster.py"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, str(script), str(study), str(folder)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert table(folder) == table(alone)


def test_a_killed_study_goes_on_where_it_was(study: Path, alone: Path) -> None:
    """Proves: after SIGKILL nothing half-made is taken for whole, what was made is not made again, and the table is that of the uninterrupted study."""
    folder = study.parent / "killed"
    command = [sys.executable, "-m", "planner.cli", "study", str(study), "--out", str(folder), "--workers", "2", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 200
    while len(kept := list(folder.glob("points/*/point.json"))) < 2 and time.monotonic() < until and running.poll() is None:
        time.sleep(0.05)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert not (folder / "points.csv").exists()
    (folder / "points" / ".making-left").mkdir()
    (folder / "points" / ".making-left" / "point.json").write_text("{")
    when = {path: path.stat().st_mtime_ns for path in kept}
    assert len(when) >= 2
    assert cli.main(["study", str(study), "--out", str(folder), "--json"]) == 0
    assert table(folder) == table(alone)
    assert {path: path.stat().st_mtime_ns for path in kept} == when
    assert not list(folder.glob("points/.making-*"))


def test_a_point_that_the_clock_ends_says_so(study: Path, alone: Path) -> None:
    """Proves: with no time to search, the point is marked; whoever compares tables of two machines must see it."""
    many: Many = of_case("battery", COARSE, alone, Where(), gap=0.01, seconds=600.0)
    assert many.base.start is not None  # the folder's own start
    hasty = replace(many.base, seconds=0.3, gap=0.0)
    changes: Changes = (("finance.carbon_price", "400"),)
    worker = Worker(Desk)
    record = worker.ask((hasty, changes), patience=60).record
    worker.close()
    assert record["stopped"] is True
    assert record["status"] in ("feasible", "timed out")


def test_changes_that_contradict_the_case_are_rows_and_not_the_end(alone: Path) -> None:
    kept = [json.loads(p.read_text(encoding="utf-8")) for p in alone.glob("points/*/point.json")]
    wrong = [k for k in kept if k["status"] == "wrong case"]
    assert len(wrong) == 1 and "totl" in wrong[0]["reason"]


def test_a_cap_that_cannot_be_kept_is_a_row(tmp_path: Path) -> None:
    """Proves: no plan is an answer of its point, said within seconds; and a base without a plan leaves its points to begin at nothing."""
    with of_case("battery", [*COARSE, ("caps.total.2030", "0.01")], tmp_path, Where(), gap=0.01, seconds=100) as many:
        first, second = many.plan([(), (("caps.total.2030", "0.6"),)])
    assert first["status"] == "infeasible" and second["status"] == "optimal"
    assert many.base.start is None
