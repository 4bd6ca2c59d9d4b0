"""The desk behind the pages: levers from the data, links that lie, jobs asked for once, a process that can be ended."""

import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from apps import CAP, fails, store

from planner import __version__, case, plant, run
from planner.desk import choice as choices
from planner.desk import jobs, solver
from planner.desk.choice import Choice
from planner.desk.history import History
from planner.desk.jobs import Busy, Job, JobManager
from planner.desk.levers import GROUPS, Changes, kinds, levers_of
from planner.desk.worker import Worker
from planner.errors import CaseError, NoPlanExists, PlanRefused, SolverFailed, Stopped
from planner.language import LANGUAGES, say
from planner.plan import Phase, Progress
from planner.plant import Plant

IF_ASKED = {
    "green_floor",
    "physical_floor",
    "budget",
    "scheme",
    "scheme_price",
    "own_floor",
    "per_product",
    "per_value_added",
}  # kinds of levers that only some cases have


def ended(*made: Job) -> None:
    while not all(job.finished for job in made):
        time.sleep(0.01)


# -- levers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [pytest.param("steel", marks=pytest.mark.full), "battery"])
def test_every_lever_moves_the_case_and_the_case_takes_it(name: str) -> None:
    """Both ends of every range are read without a finding and change the case; the default means what the case means."""

    def meaning(changes: Changes) -> Plant:
        return replace(plant.resolve(case.read(name, changes)), rows={})

    own, same = choices.shipped(name), meaning(())
    levers = levers_of(own)
    assert {lever.group for lever in levers} == set(GROUPS) and set(kinds()) - {lever.kind for lever in levers} <= IF_ASKED
    assert len({lever.code for lever in levers}) == len(levers)
    for lever in levers:
        if lever is next(one for one in levers if one.kind == lever.kind):
            assert meaning(lever.changes(lever.default)) == same, f"{lever.code}: as shipped changes nothing"
        assert all(lever.labels[code] for code in LANGUAGES) and lever.value(lever.text(lever.default)) == lever.default
        ends = list(lever.choices)[-1:] if lever.choices else [lever.low, lever.high]
        for value in (v for v in ends if v != lever.default):
            assert case.read(name, lever.changes(value)).fingerprint != own.fingerprint, f"{lever.code} = {value}"


def test_floors_and_budgets_are_levers_where_a_case_has_them() -> None:
    battery, computing = (choices.levers_by_code(name) for name in ("battery", "computing"))
    assert battery["caps.physical.2030.share"].changes(25.0) == (("caps.physical.2030.share", "0.25"),)
    assert battery["budget.capital_plan"].changes(50.0) == (("budgets.capital_plan.value", "250000000"),), "half of 500 million a year"
    assert computing["caps.green.2030.share"].default == 80
    assert {lever.kind for found in (battery, computing) for lever in found.values()} >= {"green_floor", "physical_floor", "budget"}


def test_ranges_hold_the_case_s_own_number_and_prices_stay_on_their_steps() -> None:
    levers = choices.levers_by_code("steel")
    coal = levers["market_values.coking_coal.price"]
    assert (coal.default, coal.step, coal.unit) == (1208, 10, "CNY/t") and (coal.low, coal.high) == (238, 3628), (
        "0.2 to 3 times, in steps of a hundredth"
    )
    assert coal.changes(1300.0) == (("market_values.coking_coal.price", "1300"),)
    assert all(lever.low <= lever.default <= lever.high for lever in levers.values() if not isinstance(lever.default, str))
    biomass = choices.levers_by_code("battery")["market_values.biomass_fuel.price"].changes(200.0)
    assert biomass == (("market_values.biomass_fuel.price.1.value", "120"), ("market_values.biomass_fuel.price.2.value", "132")), "each tier its own"
    diesel = levers["market_values.diesel.price"].changes(150.0)
    assert diesel == (("market_values.diesel.price.2026.value", "11902.5"), ("market_values.diesel.price.2030.value", "10050")), (
        "7,935 and 6,700 times 1.5"
    )


def test_the_grid_falls_faster_by_compound_steps_from_the_first_year() -> None:
    """0.6058, 0.5913, ... of Hebei times 0.9 to the power 0, 1, 2, 3, 4: the last is 0.5497 x 0.6561 = 0.36065817."""
    keys = dict(choices.levers_by_code("steel")["grid_outlook"].changes(10.0))
    assert keys["province_values.hebei.grid_factor.2026.value"] == "0.6058" and keys["province_values.hebei.grid_factor.2030.value"] == "0.36065817"


def test_one_year_of_a_number_that_holds_for_all_becomes_a_year_of_its_own() -> None:
    found = case.read("battery", [("demands.battery_cell.2028.value", "10000"), ("demands.battery_cell.2030", "5000")])
    rows = [(r["year"], r["value"]) for r in found.tables["demands"] if r["carrier"] == "battery_cell"]
    assert rows == [(2026, 20000), (2027, 20000), (2028, 10000), (2029, 20000), (2030, 5000)]
    with pytest.raises(CaseError, match="no row of demands"):
        case.read("battery", [("demands.battery_cell.2031", "1")])


def test_what_is_closed_is_closed_and_what_was_closed_can_be_opened() -> None:
    closed = choices.levers_by_code("steel")["closed"]
    assert closed.changes("wind_direct") == (("assets.wind_direct.allowed", "no"),)
    assert replace(closed, default="wind_direct").changes("direct_pv") == (("assets.direct_pv.allowed", "no"), ("assets.wind_direct.allowed", "yes"))
    assert closed.value("wind_direct,") == "wind_direct"
    with pytest.raises(ValueError, match="bf1"):
        closed.value("bf1")
    must = choices.levers_by_code("steel")["adopted"].changes("wind_direct")
    assert must == (("assets.wind_direct.allowed", "must"),)
    resolved = plant.resolve(choices.case_of("steel", must))
    wind = resolved.assets["wind_direct"]
    assert resolved.rules.required == {"wind_direct": wind.module or wind.min_size or wind.max_size / 10}
    nowhere = (*must, ("assets.wind_direct.max_size", "0"))
    with pytest.raises(CaseError, match="must be adopted and may not be built here"):
        plant.resolve(choices.case_of("steel", nowhere))


# -- choices and links ---------------------------------------------------------------------------------------------


def test_a_choice_and_its_link_are_the_same_thing() -> None:
    choice = choices.chosen(
        "steel", {CAP: 60.0, "finance.discount_rate": 7.0, "site.province": "hubei", "closed": "wind_direct", "grid_outlook": 2.0}
    )
    assert [code for code, _ in choice.values] == [CAP, "site.province", "grid_outlook", "closed"], "unmoved levers are no change"
    assert choice.changes[0] == ("site.province", "hubei") and dict(choice.changes)["province_values.hubei.grid_factor.2026.value"] == "0.376"
    again, language, unusable = choices.from_url(choices.to_url(choice, "zh"))
    assert (again, language, unusable) == (choice, "zh", [])
    assert choices.case_of("steel", choice.changes)["site.province"] == "hubei"
    assert choice.but(**{CAP: 70.0, "site.province": "hebei"}) == choices.chosen("steel", {"closed": "wind_direct", "grid_outlook": 2.0})


def test_what_a_link_cannot_say_is_named_and_left_out() -> None:
    said = {
        "case": ["../../etc"],
        "lang": ["xx"],
        "set": ["site.pv_file=/etc/passwd", f"{CAP}=7", "finance.carbon_price=a", "site.province=atlantis", "closed=bf1"],
    }
    choice, language, unusable = choices.from_url(said)
    assert choice == choices.chosen("steel", {CAP: 120.0}) and language is None
    assert unusable[:2] == ["case=../../etc", "lang=xx"] and f"{CAP}=7 → 1.2" in unusable and len(unusable) == 7
    assert choices.from_url({"set": [f"{CAP}=nan"]})[0] == Choice("steel")


def test_a_case_is_read_again_only_after_a_file_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choices.shipped("steel") is choices.shipped("steel")
    (tmp_path / "steel").mkdir()
    for file in case.cases()["steel"].glob("*.*"):
        (tmp_path / "steel" / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(choices, "folder", lambda name: tmp_path / "steel")
    first = choices.shipped("somebody/steel")
    assert first is choices.shipped("somebody/steel")
    text = (tmp_path / "steel" / "case.toml").read_text(encoding="utf-8")
    (tmp_path / "steel" / "case.toml").write_text(text.replace("connection = 700.0", "connection = 701.0"), encoding="utf-8")
    assert first["site.connection"] == 700 and choices.shipped("somebody/steel")["site.connection"] == 701


def test_history_goes_back_and_forth_and_forgets_what_was_undone() -> None:
    a, b, c, d = (Choice("steel", ((CAP, v),)) for v in (90.0, 80.0, 70.0, 60.0))
    history = History()
    for step in (a, b, b, c):
        history.note(step)
    assert (history.undo(), history.undo(), history.undo()) == (b, a, a) and not history.can_undo and history.can_redo
    assert history.redo() == b and history.before == (a,)
    history.note(d)
    assert history.redo() == d and not history.can_redo and history.before == (b, a)


# -- jobs ----------------------------------------------------------------------------------------------------------


def test_the_same_question_is_one_job_and_the_queue_has_an_end(tmp_path: Path) -> None:
    go, running = threading.Event(), []

    def make(job: Job, folder: Path) -> None:
        running.append(job)
        assert sum(not j.finished and j.started is not None for j in list(desk.jobs.values())) == 1, "one at a time"
        go.wait(10)
        store(job, folder)

    desk = JobManager(tmp_path, make)
    first = desk.submit("a1", "steel", (), "v0")
    assert desk.submit("a1", "steel", (), "w") is first
    rest = [desk.submit(f"b{n}", "steel", (), f"v{n + 1}") for n in range(jobs.LIMIT)]
    assert [desk.ahead(j) for j in rest] == list(range(1, jobs.LIMIT + 1))
    with pytest.raises(Busy):
        desk.submit("c", "steel", (), "x")
    assert desk.submit("a1", "steel", (), "x") is first, "a known question is never refused"
    go.set()
    ended(*desk.jobs.values())
    assert len(running) == jobs.LIMIT + 1 and desk.plan("a1") is not None and desk.plan("zz") is None
    assert desk.plan("a1") is desk.plan("a1"), "read once"
    with pytest.raises(ValueError):
        desk.folder("../a")


def test_cases_are_planned_side_by_side_and_each_in_its_own_lane(tmp_path: Path) -> None:
    """Proves: with two lanes a battery plan does not wait for a steel plan, a second steel plan does, for it is hot there; a third case goes where less is to be
    done. With one queue for all, nobody but the first would be at work; with plans of one case side by side, both would be.
    """
    go = {case: threading.Event() for case in ("steel", "battery", "computing")}

    def make(job: Job, folder: Path) -> None:
        assert go[job.case].wait(10)
        store(job, folder)

    desk = JobManager(tmp_path, make, lanes=2)
    steel, battery, again = (desk.submit(f, case, (), f) for f, case in (("a1", "steel"), ("b1", "battery"), ("a2", "steel")))
    for job in (steel, battery):
        while job.started is None:
            time.sleep(0.01)
    assert (desk.ahead(again), again.started) == (1, None)
    third = desk.submit("c1", "computing", (), "c1")
    assert desk.ahead(third) == 1 and third.started is None
    go["battery"].set(), go["computing"].set()
    ended(battery, third)
    assert not steel.finished and again.started is None, "it went where one plan was waited for and not two"
    go["steel"].set()
    ended(steel, again)
    assert desk.submit("b2", "battery", (), "b2") and desk.homes["battery"] is desk.homes["computing"] is not desk.homes["steel"]


def test_who_asks_for_something_else_no_longer_waits_and_a_job_of_two_goes_on(tmp_path: Path) -> None:
    go, done = threading.Event(), []

    def make(job: Job, folder: Path) -> None:
        while not (go.wait(0.01) or job.cancelled.is_set()):
            pass
        done.append(job.fingerprint)
        store(job, folder)

    desk = JobManager(tmp_path, make)
    shared, alone, queued = (desk.submit(f, "steel", (), v) for f, v in (("a1", "ann"), ("b1", "bob"), ("c1", "bob")))
    desk.submit("a1", "steel", (), "cyd")
    desk.submit("d1", "steel", (), "ann")
    assert not shared.cancelled.is_set(), "cyd still waits for it"
    assert alone.cancelled.is_set() and not queued.cancelled.is_set()
    go.set()
    ended(*desk.jobs.values())
    assert done == ["a1", "c1", "d1"], "what nobody waits for any more is not even begun"
    again = desk.submit("b1", "steel", (), "bob")
    ended(again)
    assert again is not alone and desk.plan("b1") is not None


def test_what_was_stopped_because_nobody_waits_is_no_plan(tmp_path: Path) -> None:
    """A lever moved on: what the search had so far is thrown away. Stopped by a button, it is kept."""

    def make(job: Job, folder: Path) -> None:
        job.cancelled.wait(10)
        store(job, folder, status="feasible")

    desk = JobManager(tmp_path, make)
    left = desk.submit("a1", "steel", (), "ann")
    stopped = desk.submit("b1", "steel", (), "ann", before="a1")
    ended(left)
    stopped.cancel()
    ended(stopped)
    assert desk.plan("a1") is None and desk.plan("b1") is not None and stopped.before == "a1" and stopped.over.is_set()
    assert desk.get("a1") is None and desk.get("b1") is stopped, "who comes back to what was left is not told that it was stopped"


def test_cases_are_opened_while_nobody_waits(tmp_path: Path) -> None:
    """A plan of another case comes first, and the opening is begun again after it; asked for twice within a minute it is one."""
    did, begun = [], threading.Event()

    def warm(case: str, *, cancelled: threading.Event) -> None:
        begun.set()
        did.append(f"open {case}")
        if len(did) == 1 and cancelled.wait(10):
            raise Stopped("later")

    def make(job: Job, folder: Path) -> None:
        did.append(f"plan {job.case}")
        store(job, folder)

    desk = JobManager(tmp_path, make)
    desk.open("steel")
    assert not desk.opened, "where plans are made by hand there is nothing to open"
    desk = JobManager(tmp_path, make, warm, lanes=1)
    desk.open("steel")
    desk.open("steel")
    begun.wait(10)
    ended(desk.submit("a1", "battery", (), "ann"))
    while len(did) < 3:
        time.sleep(0.01)
    assert did == ["open steel", "plan battery", "open steel"]


class Hot:
    """A session by hand: it holds ``memory`` and says what it was asked."""

    begun, memory, closed = False, 100, False

    def __init__(self, ready: Any) -> None:
        self.ready, self.asked = ready, []

    def begin(self, kept: Path | None, *_: Any, **__: Any) -> None:
        self.begun, self.kept = True, kept

    def answer(self, ready: Any, **more: Any) -> Any:
        self.asked.append(more["before"])
        return ready

    def close(self) -> None:
        self.closed = True


def test_few_cases_stay_hot_within_the_memory_they_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case used longest ago is closed first: where there are too many, too large ones, or nobody asks any more."""
    monkeypatch.setattr(solver, "Session", Hot)
    monkeypatch.setattr(solver.run, "prepare", lambda case, changes=(): SimpleNamespace(case=SimpleNamespace(fingerprint=f"of {case}")))
    desk = solver.Solver(tmp_path)
    for name in "abca":
        desk.plan(name, (), "p", lambda _: True)
    assert list(desk.sessions) == ["b", "c", "a"] and desk.sessions["a"].asked == ["p", "p"] and desk.sessions["a"].kept == tmp_path / "of a.npz"
    b = desk.sessions["b"]
    desk.plan("d", (), "", lambda _: True)
    assert list(desk.sessions) == ["c", "a", "d"] and b.closed
    monkeypatch.setattr(solver.process, "memory", lambda: 500)
    desk.plan("a", (), "", lambda _: True)
    assert list(desk.sessions) == ["d", "a"], "two of 100 fit into half of 500"
    desk.sessions["a"].memory = 300
    desk.plan("a", (), "", lambda _: True)
    assert list(desk.sessions) == [], "what alone is too large goes, too"
    desk.plan("a", (), "", lambda _: True)
    desk.rest()
    assert list(desk.sessions) == ["a"]
    monkeypatch.setattr(solver, "REST", -1.0)
    desk.rest()
    assert not desk.sessions and not desk.used


def test_a_fault_does_not_end_the_worker(tmp_path: Path) -> None:
    job = Job("a", "steel", ())
    assert job.phase == "queued" and job.fraction == 0
    desk = JobManager(tmp_path, fails(RuntimeError("broken")))
    broken, whole = desk.submit("a1", "steel", (("x", "1"),), "a"), desk.submit("b1", "steel", (), "b")
    ended(broken, whole)
    assert isinstance(broken.error, RuntimeError) and whole.error is None and desk.plan("b1") is not None
    job = replace(job, started=time.monotonic(), progress=Progress("plan", 1.0))
    assert jobs.SHARE["plan"] <= job.fraction < jobs.SHARE["prices"]


def test_plans_are_kept_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "here"))
    assert jobs.cache() == tmp_path / "here" and (tmp_path / "here").is_dir()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "file" / "x"))
    assert jobs.cache().is_dir(), "where nothing can be written, a temporary folder"


def test_a_broken_run_is_no_plan(tmp_path: Path) -> None:
    desk = JobManager(tmp_path, store)
    desk.folder("a1").mkdir(parents=True)
    (desk.folder("a1") / "summary.json").write_text("{")
    assert desk.plan("a1") is None


def test_every_phase_of_a_solve_has_words_and_a_place_on_the_bar() -> None:
    phases = get_args(Phase)
    assert all(say(f"solving.{phase}", code) for phase in (*phases, "queued", "read") for code in LANGUAGES)
    assert set(phases) | {"read"} == set(jobs.SHARE)


# -- the process ---------------------------------------------------------------------------------------------------


def coarse(name: str, place: Path) -> str:
    """A shipped case at coarse time, as a case of its own."""
    folder = shutil.copytree(case.cases()[name], place / name)
    with (folder / "case.toml").open("a", encoding="utf-8") as file:
        file.write("\n[time]\ndays = 1\nsegments = 4\n")
    return str(folder)


def test_a_plan_is_made_outside_and_errors_come_back_whole(tmp_path: Path) -> None:
    """One process makes a plan, says why another cannot be, drops one nobody waits for, is ended in the middle of a fourth, and a new one goes on."""
    worker, never, heard = Worker(tmp_path / "starts"), threading.Event(), []
    battery = coarse("battery", tmp_path)
    try:
        worker.make(battery, (), tmp_path / "a", hear=lambda p: heard.append(p.phase), cancelled=never)
        assert run.load(tmp_path / "a").summary["audit"]["passed"] and "plan" in heard
        first = worker.process.pid
        with pytest.raises(CaseError) as wrong:
            worker.make(battery, ((CAP, "abc"),), tmp_path / "b", hear=heard.append, cancelled=never)
        assert [f.what for f in wrong.value.findings] == ["share is 'abc', which is not a number"]
        over = threading.Event()
        over.set()
        with pytest.raises(Stopped):
            worker.make(battery, ((CAP, "0.52"),), tmp_path / "c", hear=heard.append, cancelled=over, wanted=lambda: False)
        assert worker.process.pid == first and not (tmp_path / "c").exists()
        threading.Timer(1.0, worker.process.kill).start()
        with pytest.raises(SolverFailed):
            worker.make("battery", (), tmp_path / "b", hear=heard.append, cancelled=never)
        assert not (tmp_path / "b").exists()
        worker.make(battery, ((CAP, "0.51"),), tmp_path / "b", hear=heard.append, cancelled=never)
        assert worker.process.pid != first
    finally:
        worker.end()


@pytest.mark.full  # finds and proves a contradiction
def test_the_reasons_for_no_plan_come_back_whole(tmp_path: Path) -> None:
    worker = Worker(tmp_path / "starts")
    try:
        with pytest.raises(NoPlanExists) as none:
            worker.make(coarse("battery", tmp_path), ((CAP, "0.05"),), tmp_path / "b", hear=lambda _: None, cancelled=threading.Event())
        assert none.value.reasons is not None
        assert [[(r.kind, r.index) for r in c.members] for c in none.value.reasons.conflicts] == [[("cap", ("total", 2030))]]
    finally:
        worker.end()


def test_a_refused_plan_says_the_same_in_every_process() -> None:
    import pickle

    error = PlanRefused(["heat: 3 MW"])
    assert pickle.loads(pickle.dumps(error)).faults == ("heat: 3 MW",) and str(pickle.loads(pickle.dumps(error))) == str(error)


def test_pages_open_without_the_solver_and_its_libraries() -> None:
    """Whoever opens the page waits for pandas and charts alone; Pyomo, HiGHS, pint and the clustering live where plans are made."""
    code = "import sys, planner.explorer; print(sorted({'pyomo', 'highspy', 'pint', 'tsam', 'pvlib', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", __version__
