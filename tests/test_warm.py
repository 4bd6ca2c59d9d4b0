"""A plan kept warm: after any sequence of changes the answer of a cold solve within the gap, and the previous plan while nothing beats it."""

import time
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import COARSE, prepared
from pytest import approx
from scipy.sparse import csc_matrix
from test_plan import YEARS, heat

from models.compiled import Compiled
from models.inputs import Inputs
from planner import audit, highs, plan, run, translate
from planner.errors import CaseError, NoPlanExists, PlanRefused, SolverFailed, Stopped
from planner.hot import Hot
from planner.plan import Planned, Progress, Work
from planner.process import BREATH, Worker
from planner.run import Ready
from planner.studies import point, start
from planner.warm import Session, _Asked, _Begun, _Desk


def go(_: Progress) -> bool:
    return True


def changed(x: Inputs, rng: np.random.Generator) -> Inputs:
    """One random change of the works of heat: a cap, a price, what options cost, the discount, the demand, or an option gone."""
    by = {k: float(rng.uniform(0.6, 1.6)) for k in YEARS}
    what = rng.choice(["cap", "cap", "price", "power", "carbon", "investment", "discount", "demand", "option"])
    if what == "cap":
        return replace(x, cap_limit={("total", y): float(rng.uniform(10, 22)) for y in YEARS if rng.random() < 0.6})
    if what == "price":
        return replace(x, price={k: v * by[k[1]] for k, v in x.price.items()})
    if what == "power":
        return replace(x, step_price={k: v * by[k[1]] for k, v in x.step_price.items()})
    if what == "carbon":
        return replace(x, carbon_price=by if rng.random() < 0.7 else {})
    if what == "investment":
        return replace(x, investment={k: v * by[k[1]] for k, v in x.investment.items()})
    if what == "discount":
        rate = 1 + float(rng.uniform(0, 0.2))
        return replace(x, discount_start={y: rate ** (YEARS[0] - y) for y in YEARS}, discount_end={y: rate ** (YEARS[0] - y - 1) for y in YEARS})
    if what == "demand":
        return replace(x, demand={("heat", y): 100.0 * min(by[y], 1.2) for y in YEARS})
    whole = heat()
    builds = tuple(b for b in whole.builds if b[0] != "sun" or rng.random() < 0.5)
    return replace(x, builds=builds, vintages={(a, y): tuple(v for v in vs if (a, v) in builds) for (a, y), vs in whole.vintages.items()})


def cold(x: Inputs, gap: float) -> Planned | None:
    try:
        return plan.make(x, gap=gap, seconds=60, report=go)
    except NoPlanExists:
        return None


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(n, marks=pytest.mark.full) for n in range(3, 60))])
@pytest.mark.parametrize("gap", [0.0, 0.05])
def test_after_any_changes_the_answer_of_a_cold_solve(seed: int, gap: float) -> None:
    """Proves: over a random walk of changes, the warm plan costs what a cold one costs within the gap that both prove, or
    neither exists. A bound, cost or basis left over from an earlier problem shows as a plan that is too cheap or too dear."""
    rng = np.random.default_rng(seed)
    x = heat(cap_limit={("total", 2028): 15.0})
    work = Work(x, go)
    work.plan(gap, 60)
    for _ in range(8):
        x = changed(x, rng)
        exact = cold(x, 0.0)
        work.take(x, go)
        if exact is None:
            with pytest.raises(NoPlanExists):
                work.plan(gap, 60)
            continue
        warm = work.plan(gap, 60)
        for mine, theirs in ((warm.plan, exact.plan), (warm.free, exact.free), (warm.frozen, exact.frozen)):
            assert mine.bound <= theirs.cost + 1e-5
            assert mine.cost >= theirs.cost - 1e-5
        assert warm.gap <= gap + 1e-6
        assert warm.plan.cost - exact.plan.cost <= gap * warm.decided + 1e-5
        while rng.random() < 0.7 and work.levers.learn():
            pass


def test_the_previous_plan_stays_while_nothing_beats_it() -> None:
    """Proves: with a tolerance of half of what is decided, a change of the gas price by 1 % changes no decision, though the best
    plan for the new price is another. Without that rule, what `entered` and `left` would be the solver's noise."""
    x = heat(cap_limit={("total", 2028): 14.0})
    work = Work(x, go)
    first = work.plan(0.5, 60)
    for factor in (1.01, 0.99, 1.02):
        work.take(replace(x, price={k: v * factor for k, v in x.price.items()}), go)
        then = work.plan(0.5, 60)
        assert then.plan.value("capacity.units") == first.plan.value("capacity.units")
        assert then.plan.cost != approx(first.plan.cost, rel=1e-6)
        assert then.gap <= 0.5


def test_what_a_search_has_proven_spares_looking_for_a_cheaper_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: power is a tenth cheaper, the steel works' plan stays, and the ends of the search before, solved again, prove it, which the relaxation does not.

    Nothing cheaper is looked for nearby. A version that begins by looking takes half as long again after every change of a price.
    """
    ready = prepared("steel")
    x = translate.inputs(ready.plant, ready.year)
    work = Work(x, go)
    work.plan(0.01, 60)
    monkeypatch.setattr(Hot, "_cheaper", lambda *_: pytest.fail("a cheaper plan was looked for"))
    work.take(replace(x, step_price={k: 0.9 * v for k, v in x.step_price.items()}), go)
    relaxed = work.hot("plan").root.solve(work.compiled, work.compiled.lower, work.compiled.upper)
    planned = work.plan(0.01, 60)
    assert planned.gap <= 0.01 and planned.plan.cost is not None and relaxed.cost is not None
    assert planned.plan.cost - relaxed.cost > 2 * 0.01 * planned.decided


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.full) for n in range(1, 4))])
def test_what_others_ask_in_between_changes_no_answer(seed: int) -> None:
    """Proves: with half of what is decided as tolerance, three visitors in turn each keep the decisions of their own plan before, as if alone.

    Compared with whatever was planned last, the second would keep the decisions of the first.
    """
    rng = np.random.default_rng(seed)
    base = heat(cap_limit={("total", 2028): 15.0})
    asked = [[replace(base, price={k: v * float(rng.uniform(0.5, 2.0)) for k, v in base.price.items()}) for _ in range(3)] for _ in range(3)]

    def units(desk: _Desk, visitor: int, step: int) -> Any:
        before = f"{visitor} {step - 1}" if step else "own"
        return desk.answer(go, _Asked(asked[visitor][step], 0.5, 60, f"{visitor} {step}", before)).plan.value("capacity.units")

    def opened() -> _Desk:
        desk = _Desk()
        desk.answer(go, _Begun(_Asked(base, 0.5, 60, "own"), None))
        return desk

    alone = [[units(desk, v, step) for step in range(3)] for v in range(3) for desk in [opened()]]
    shared = opened()
    together = [[units(shared, v, step) for v in range(3)] for step in range(3)]
    assert [[together[step][v] for step in range(3)] for v in range(3)] == alone


def test_a_session_begins_where_an_earlier_one_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: with what was kept of it the case's own plan needs no solve; of another problem it is not used, and written anew."""
    base, other = heat(cap_limit={("total", 2028): 15.0}), heat(cap_limit={("total", 2028): 14.0})
    made = _Desk().answer(go, _Begun(_Asked(base, 0.0, 60, "own"), None))
    solves: list[object] = []
    once = highs.Relaxation.solve
    monkeypatch.setattr(highs.Relaxation, "solve", lambda *given: solves.append(1) or once(*given))
    again = _Desk()
    assert again.answer(go, _Begun(_Asked(base, 0.0, 60, "own"), made)) is None and not solves
    assert again.work is not None and again.work.own["plan"].answer.cost == approx(cold(base, 0.0).plan.cost)
    anew = _Desk().answer(go, _Begun(_Asked(other, 0.0, 60, "own"), made))
    assert anew is not None and solves and anew["plan/figures"][0] == approx(cold(other, 0.0).plan.cost)


def test_proving_deeper_ends_where_duals_are_not_exact() -> None:
    """Proves: bounds by duals stay 2e-5 below this plan's cost, which no node changes; a version that waits for more goes on for ever."""
    work = Work(heat(cap_limit={("total", 2028): 15.0}), go)
    work.plan(0.0, 60, explain=False)
    work.settle()
    assert sum(1 for _ in takewhile(lambda _: work.deepen(), range(50))) < 20


def test_a_study_of_a_shipped_case_begins_with_what_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: no solve where the shipped start is of the study's base; where it is of another problem the base is planned."""
    base, other = heat(cap_limit={("total", 2028): 15.0}), heat(cap_limit={("total", 2028): 14.0})
    (tmp_path / "heat").mkdir()
    start.write(_Desk().answer(go, _Begun(_Asked(base, 0.0, 60, "own"), None)), tmp_path / "heat" / start.NAME)
    monkeypatch.setattr(highs, "steady", lambda: None)  # of a process of its own
    monkeypatch.setattr(Work, "deepen", lambda _: False)  # proving more solves more, wherever it begins
    monkeypatch.setattr(point, "RUNS", tmp_path)
    monkeypatch.setattr(point.Desk, "_prepared", lambda *_: SimpleNamespace(plant=None, year=None))
    solves: list[object] = []
    once = highs.Relaxation.solve
    monkeypatch.setattr(highs.Relaxation, "solve", lambda *given: solves.append(1) or once(*given))
    for x, spared in ((base, True), (other, False)):
        monkeypatch.setattr(point.translate, "inputs", lambda *_, x=x: x)
        solves.clear()
        begun = point.Desk().begin(point.Base("heat", {}, (), 0.0, 60.0), go)
        assert (not solves) == spared
        assert begun is not None and begun["plan/figures"][0] == approx(cold(x, 0.0).plan.cost)


def test_a_free_plan_that_keeps_the_caps_hands_on_where_it_stood() -> None:
    """Proves: where caps bind nothing the plan under caps keeps the free plan's cuts and root, here and in a start; else every point of a study begins cold."""
    x = heat(cap_limit={("total", 2028): 1e6})
    work = Work(x, go)
    work.plan(0.0, 60, explain=False)
    free, kept = work.hot("free plan").known[-1], work.hot("plan").known[-1]
    assert kept.cuts is free.cuts is not None and kept.problem is work.compiled
    again = start.known(x, work.compiled, start.of(work))["plan"]
    assert again.root is not None and len(again.root.basis.row_status) == len(free.root.basis.row_status)


def test_a_plan_that_became_impossible_is_repaired() -> None:
    """Proves: a tighter cap after a loose one, with a tolerance that takes any plan: the answer keeps the cap all the same."""
    work = Work(heat(cap_limit={("total", 2028): 19.0}), go)
    work.plan(1.0, 60)
    work.take(heat(cap_limit={("total", 2028): 10.0}), go)
    planned = work.plan(1.0, 60)
    assert planned.plan.value("cap.counted")["total", 2028] <= 10.0 + 1e-6
    assert planned.plan.cost >= cold(work.x, 0.0).plan.cost - 1e-6


def test_a_stalled_basis_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: when every hot solve is cut off at once, interior points find the same plan; a version without that way out finds none."""
    x = heat(cap_limit={("total", 2028): 14.0})
    work = Work(x, go)
    work.plan(0.0, 60)
    for relaxation in (hot.root for hot in work.hots.values()):
        relaxation.patience = -1.0
    y = replace(x, price={k: v * 1.7 for k, v in x.price.items()}, cap_limit={("total", 2028): 12.0})
    work.take(y, go)
    assert work.plan(0.0, 60).plan.cost == approx(cold(y, 0.0).plan.cost, abs=1e-5)
    assert sum(hot.root.restarts for hot in work.hots.values()) > 0


def test_a_solve_that_was_cut_off_does_not_cut_off_the_next() -> None:
    """Proves: after a hot solve is given up, interior points run to their end: 40 sources and sinks at other prices.

    What a callback has said once the solver hears in every later solve; unless it is taken back the way out is cut off too, and
    the plan's whole search ends as lost.
    """
    n = 40
    sources, sinks = np.repeat(np.arange(n), n), n + np.tile(np.arange(n), n)
    rng = np.random.default_rng(1)
    problem = Compiled(
        rows=tuple(f"r{i}" for i in range(2 * n)), columns=tuple(f"c{i}" for i in range(n * n)),
        matrix=csc_matrix((np.ones(2 * n * n), (np.concatenate([sources, sinks]), np.tile(np.arange(n * n), 2))), shape=(2 * n, n * n)),
        cost=rng.uniform(1, 9, n * n), offset=0.0, row_lower=np.repeat([0.0, 1.0], n), row_upper=np.repeat([1.5, np.inf], n), lower=np.zeros(n * n),
        upper=np.full(n * n, np.inf), whole=np.zeros(n * n, dtype=bool), variables=(),
    )  # fmt: skip
    relaxation = highs.Relaxation(problem, lambda *_: True)
    assert relaxation.solve(problem, problem.lower, problem.upper).ending == "optimal"
    relaxation.patience = -1.0
    dearer = replace(problem, cost=rng.uniform(1, 9, n * n))
    answer = relaxation.solve(dearer, dearer.lower, dearer.upper)
    assert relaxation.restarts == 1 and not relaxation.lost
    assert answer.cost == approx(highs.solve(dearer).cost)


@pytest.mark.parametrize("after", range(4))
def test_who_stops_too_early_is_told_so(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Proves: stopped while building or before the plan under caps was begun, it says Stopped - no failure of the solver, no missing plan."""
    monkeypatch.setattr(highs, "REPORT_EVERY", -1.0)
    heard: list[Progress] = []

    def until(progress: Progress) -> bool:
        heard.append(progress)
        return len(heard) <= after

    with pytest.raises(Stopped, match="stopped before a plan was found"):
        plan.make(heat(cap_limit={("total", 2028): 12.0}), gap=0.0, seconds=60, report=until)


def test_branching_keeps_to_its_time() -> None:
    """Proves: out of time, branching ends with nothing or with a plan and a true bound, not after eighty nodes."""
    ready = prepared("battery")
    work = Work(translate.inputs(ready.plant, ready.year), go)
    solves: list[int] = []
    once = highs.Relaxation.solve

    def counted(self: highs.Relaxation, *given: Any) -> highs.Answer:
        solves.append(1)
        self.until = 0.0 if len(solves) > 6 else self.until
        return once(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highs.Relaxation, "solve", counted)
        answer = work.best(work.compiled, "plan", lambda *_: False, 0.1)
    assert len(solves) < 12
    assert answer.ending in ("feasible", "timed out")


# Sessions -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def session() -> Any:
    ready = run.prepare("battery", COARSE)
    with Session(ready) as opened:
        yield opened


CHANGES = (
    (("caps.total.2030.share", "0.55"),),
    (("finance.carbon_price", "60"),),
    (("assets.roof_pv.allowed", "no"),),
    (("finance.discount_rate", "0.07"), ("caps.total.2028.share", "0.9")),
    (("targets", "tranche_2030"),),  # at a price: another problem
    (("targets", "linear"), *((f"demands.battery_cell.{y}.value", "16000") for y in range(2026, 2031))),
    (),
)


@pytest.mark.parametrize("compared", [False, pytest.param(True, marks=pytest.mark.full)])
def test_a_session_answers_like_a_cold_run(session: Session, compared: bool) -> None:
    """Proves: through the process, in the language of --set, each answer passes the audit of its own case and its bound fits a cold plan.

    The audit knows the changed case from its data alone, so an answer to any other case is refused; the full test solves each cold as well.
    """
    for changes in CHANGES if compared else CHANGES[:2]:
        done = session.solve(changes)
        assert done.audit.passed
        assert done.planned.gap <= 0.01 + 1e-9
        if compared:
            again = plan.make(translate.inputs(done.ready.plant, done.ready.year), gap=0.01, seconds=300, report=go)
            assert done.planned.plan.bound <= again.plan.cost + 1e-4
            assert again.plan.bound <= done.planned.plan.cost + 1e-4


def test_what_nobody_wants_any_more_is_not_evaluated(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: between search and audit it is asked whether anybody still waits; without, there is Stopped, no audit, and the session stays."""
    with monkeypatch.context() as patch, pytest.raises(Stopped, match="nobody waits"):
        patch.setattr(run.audit, "audit", lambda *_: pytest.fail("it was audited"))
        session.answer(session.ready, wanted=lambda: False)
    assert session.answer(session.ready).audit.passed


@pytest.mark.full  # finds and proves a contradiction
def test_a_session_lives_on_after_what_it_says_no_to(session: Session) -> None:
    """Proves: a wrong change, a cap that cannot be met, a stop and a dead process each cost one answer and no more."""
    with pytest.raises(CaseError):
        session.plan([("caps.total.2030.share", "much")])
    with pytest.raises(NoPlanExists):
        session.plan([("caps.total.2027.share", "0.2")])
    with pytest.raises(Stopped):
        session.plan([("finance.carbon_price", "33")], listen=lambda _: False)
    session._worker._process.terminate()
    session._worker._process.join()
    assert session.plan([("caps.total.2030.share", "0.6")]).gap <= 0.01


def test_a_refused_plan_is_made_again_from_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: should differences ever miss something, the audit notices and a new process plans the case anew. Refused twice, it is refused."""
    verdicts: list[bool] = []
    once = audit.audit

    def doubtful(*given: Any) -> audit.Audit:
        verdicts.append(True)
        return replace(once(*given), passed=len(verdicts) == 2, faults=("it does not add up",))

    monkeypatch.setattr(audit, "audit", doubtful)
    before = session._worker._process
    assert session.solve([("caps.total.2030.share", "0.62")]).audit.passed
    assert session._worker._process is not before
    with pytest.raises(PlanRefused, match="does not add up"):
        session.solve([("caps.total.2030.share", "0.62")])


def test_a_request_that_takes_too_long_ends_the_process() -> None:
    worker = Worker(Sleepy)
    with pytest.raises(SolverFailed, match="did not stop within 3 s"):
        worker.ask(60.0, patience=3)
    assert worker.ask(0.0, patience=60) == "awake"
    worker.close()


def test_between_requests_it_uses_its_time() -> None:
    """Proves: idle work is done while nobody asks, and a request is answered before the rest of it."""
    worker = Worker(Sleepy)
    assert worker.ask(0.0, patience=60) == "awake"
    until = time.monotonic() + 60
    while not worker.ask("idle", patience=60) and time.monotonic() < until:
        time.sleep(BREATH + 0.1)  # two requests close together leave no time between them
    assert worker.ask("idle", patience=60) > 0
    worker.close()


class Sleepy:
    """A desk that sleeps as long as it is asked to."""

    idled = 0

    def answer(self, report: Any, request: Any) -> Any:
        import time

        if request == "idle":
            return self.idled
        time.sleep(request)
        return "awake"

    def idle(self) -> bool:
        self.idled += 1
        return self.idled < 3


@pytest.mark.full
@pytest.mark.parametrize("case", ["battery", "steel"])
def test_the_shipped_cases_over_random_changes(case: str) -> None:
    """Proves: at full resolution, over twelve random changes on end, warm and cold plans fit each other's bounds and pass the audit, or neither has one."""
    rng = np.random.default_rng(7)
    ready = run.prepare(case)
    shares = {str(row["year"]): row["share"] for row in ready.case.tables["caps"] if row["cap"] == "total"}
    with Session(ready) as session:
        for _ in range(12):
            changes = {f"caps.total.{y}.share": f"{s * rng.uniform(0.95, 1.1):.4f}" for y, s in shares.items() if rng.random() < 0.4}
            if rng.random() < 0.5:
                changes["finance.carbon_price"] = f"{rng.uniform(0, 120):.0f}"
            if rng.random() < 0.4:
                changes["finance.discount_rate"] = f"{rng.uniform(0.04, 0.12):.3f}"
            now: Ready = session.changed(tuple(changes.items()))
            try:
                warm = session.plan(tuple(changes.items()))
            except NoPlanExists:  # of the works, the first year's cap cannot be any tighter
                with pytest.raises(NoPlanExists):
                    plan.make(translate.inputs(now.plant, now.year), gap=0.01, seconds=600, report=go)
                continue
            again = plan.make(translate.inputs(now.plant, now.year), gap=0.01, seconds=600, report=go)
            assert audit.audit(now.plant, now.year, warm.plan).passed
            assert warm.plan.bound <= again.plan.cost + 1e-3
            assert again.plan.bound <= warm.plan.cost + 1e-3
