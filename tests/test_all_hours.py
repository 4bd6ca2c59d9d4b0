"""All hours: what the decomposition proves and finds, by hand and beside the whole problem solved at once."""

import signal
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import tiny
from test_audit import asset
from test_cli import one_object
from test_whole_year import cold_hours, market, site, year_of

from models.solution import Solution
from planner import all_hours, audit, calendar, cli, cuts, highs, hourly, translate, whole_year
from planner.cuts import Cut, Proving
from planner.errors import SolverFailed, Stopped
from planner.plant import Plant
from planner.process import Progress
from planner.year import Year

DAY, HOUR = np.repeat(np.arange(365), 24), np.tile(np.arange(24), 365)
NEAR = 0.002  # MCNY, of about 0.05 that the yard decides


@cache
def yard() -> tuple[Plant, Year]:
    """Heat and sun that change from day to day: boilers in whole units, solar heat, a tank, wood at a price, a cap on gas."""
    load = 1.0 + 0.5 * np.sin(2 * np.pi * DAY / 365) + 0.3 * np.cos(2 * np.pi * HOUR / 24)
    sun = np.clip(np.sin(np.pi * (HOUR - 5) / 14), 0, None) * (0.3 + 0.7 * (np.sin(DAY * 2.4) > 0))
    plant, profiles = site(
        asset("boiler", operation="flexible", max_size=4.0, module=0.7, investment=0.3, ratio={"heat": 1.0, "gas": -1.1}),
        asset("burner", operation="flexible", max_size=4.0, module=0.4, investment=0.5, ratio={"heat": 1.0, "wood": -1.2}),
        asset("solar", operation="flexible", max_size=9.0, investment=0.6, profile="sun", ratio={"heat": 1.0}),
        asset("tank", kind="store", max_size=20.0, investment=0.03, ratio={"heat": 1.0}, duration=4.0, standing_loss=0.01, charge_efficiency=0.95),
        markets=(market("gas", "gas", 0.04), market("wood", "wood", 0.09)), load=load, caps={"stack": ("direct", "location")}, cap_limit={("stack", 2026): 1.0},
    )  # fmt: skip
    return plant, year_of(profiles | {"sun": sun})


def jobs_of(plant: Plant, year: Year, number: int, groups: int) -> list[whole_year.Job]:
    start = tiny.plan(translate.inputs(plant, year))
    return list(whole_year.jobs(plant, year, start, days=calendar.spread(year.hourly, number, groups)))


@cache
def yards(number: int) -> list[whole_year.Job]:
    return jobs_of(*yard(), number, 4)


@cache
def at_once(number: int) -> Solution:
    plant, year = yard()
    return tiny.plan(translate.inputs(plant, replace(year, days=calendar.spread(year.hourly, number, 4))))


@pytest.mark.full
def test_a_cold_night_is_built_for() -> None:
    """Two MW are needed for three hours of the year, so 2 MW are built, and 8,763 MWh of gas burnt at 0.01 MCNY/GWh.

    The plan on representative days builds 1.0014 MW. Where missing the night has a price and no cut, 3 MWh are cheaper missed than built for.
    """
    plant, year = cold_hours()
    jobs = jobs_of(plant, year, 365, 12)
    found = all_hours.decide(jobs, 1e-5, 600.0, processes=0)
    start = tiny.plan(translate.inputs(plant, year))
    size, gas = start.value("capacity.size")["boiler", 2026], 8763e-3 * 0.01
    assert found.point.columns[jobs[0].yearly.columns.index("capacity.size[boiler,2026]")] == pytest.approx(2.0, abs=1e-6)
    assert found.point.cost == pytest.approx(((start.cost or 0.0) - gas) / size * 2.0 + gas, abs=1e-5)  # investment is paid per MW, gas per MWh
    assert found.bound <= found.point.cost <= found.bound + 1e-5


@pytest.mark.parametrize("number", [4, pytest.param(13, marks=pytest.mark.full)])
def test_both_ways_agree(number: int) -> None:
    """The best of all plans lies between the bound and the plan found, which are near each other; sizes are whole."""
    best, jobs = at_once(number).cost, yards(number)
    found = all_hours.decide(jobs, NEAR, 600.0, processes=0)
    assert best is not None
    assert found.reached
    assert found.point.cost - NEAR <= found.bound <= best + 1e-6
    assert best - 1e-6 <= found.point.cost
    whole = found.point.columns[jobs[0].yearly.whole]
    assert np.array_equal(whole, np.round(whole))


def months_of(jobs: list[whole_year.Job]) -> list[Proving]:
    """The months of the first year."""
    (job, *_), days = jobs, np.array_split(np.arange(jobs[0].entries.shape[1]), 4)
    return [Proving(job.tile.lay(job.entries[:, here]), job.planned, whole_year.missing(job, len(here))) for here in days]


def off(cut: Cut, other: Proving, prices: np.ndarray) -> float:
    """By how much a cut lies below the month's cost at other decisions (or above it, then negative)."""
    answer, value = other.answer(prices)
    return value + float(prices @ answer.links) - cut.at(other.held, answer.links)


def test_a_cut_touches_where_it_was_made_and_lies_below_elsewhere() -> None:
    jobs = yards(8)
    random, prices = np.random.default_rng(3), jobs[0].prices
    for month in months_of(jobs):
        month.turn(jobs[0].planned)
        answer, value = month.answer(prices)
        cut = month.cuts[0]
        assert value + float(prices @ answer.links) == pytest.approx(cut.at(month.held, answer.links), abs=1e-7)
        for _ in range(5):
            month.turn(jobs[0].planned * random.uniform(0.5, 1.5, len(jobs[0].planned)))
            assert off(cut, month, prices * random.uniform(0.5, 1.5, len(prices))) >= -1e-7


def test_a_cut_holds_whatever_prices_are_put_in() -> None:
    """The arithmetic proves, not the solver: prices of the rows that are nobody's optimum give a lower cut or none, never one above the cost."""
    jobs = yards(8)
    random, prices, checked = np.random.default_rng(7), jobs[0].prices, 0
    for month in months_of(jobs):
        answer, value = month.answer(prices)
        cost = value + float(prices @ answer.links)
        rows = np.zeros(month.laid.inner.shape[0])
        rows[month.others] = month.hot.duals
        for _ in range(20):
            wrong = rows * random.uniform(0.7, 1.3, len(rows)) + random.normal(0, 1e-3, len(rows))
            cut = cuts.proven(month.laid, month.held, prices, wrong, month.miss, month.alone, 1e6)
            if np.isfinite(cut.constant):
                assert cut.at(month.held, answer.links) <= cost + 1e-9
                checked += 1
    assert checked


BROKEN: dict[str, Callable[[Cut], Cut]] = {
    "sign of the sizes": lambda cut: replace(cut, of_columns=-cut.of_columns),
    "sizes left out": lambda cut: replace(cut, of_columns=0 * cut.of_columns, constant=cut.constant + 0.02),
    "weight of the month": lambda cut: replace(cut, constant=4 * cut.constant, of_columns=4 * cut.of_columns, of_rows=4 * cut.of_rows),
    "sign of the sums": lambda cut: replace(cut, of_rows=-cut.of_rows),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_cut_is_seen(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the problem solved at once, a cut that is not one shows: the bound lies above the best plan, or the two never meet."""
    best = at_once(4).cost or 0.0
    right = cuts.proven
    monkeypatch.setattr(cuts, "proven", lambda *given: BROKEN[broken](right(*given)))
    heard = iter(range(100))
    try:
        found = all_hours.decide(yards(4), NEAR, 600.0, processes=0, listen=lambda _: next(heard, None) is not None)
    except (SolverFailed, Stopped):  # nothing keeps such cuts
        return
    assert found.bound > best + 1e-6 or not found.reached


@pytest.mark.full
def test_the_years_run_make_one_solution_that_passes_the_audit() -> None:
    """Sizes, hours, peaks, costs and prices of all years as one solution on 365 days: every balance, limit and cost part is recomputed."""
    plant, year = yard()
    start = tiny.plan(translate.inputs(plant, year))
    jobs = list(whole_year.jobs(plant, year, start))
    found = all_hours.decide(jobs, 0.01, 600.0, processes=0)
    ran = whole_year.ran([replace(job, planned=found.point.columns, prices=found.point.prices[job.number]) for job in jobs], 0)
    days = calendar.every_day(year.hourly)
    plan = hourly.solution(jobs[0].yearly, start, found, ran, days.steps, year.days)
    audited = audit.audit(plant, replace(year, days=days), plan)
    assert audited.passed, audited.faults
    assert plan.cost == pytest.approx(found.point.cost, rel=1e-4)
    dearer = replace(plan, cost=(plan.cost or 0.0) * 1.01)
    assert not audit.audit(plant, replace(year, days=days), dearer).passed


def test_stopped_work_keeps_the_best() -> None:
    """Stopped as soon as there is a plan: it is kept, with what was proven by then; stopped before, there is none."""
    jobs = yards(4)
    found = all_hours.decide(jobs, 1e-9, 600.0, processes=0, listen=lambda now: now.cost is None)
    assert not found.reached
    assert 0.0 < found.bound <= found.point.cost
    with pytest.raises(Stopped, match="before a plan was found that serves every hour"):
        all_hours.decide(jobs, 1e-9, 600.0, processes=0, listen=lambda _: False)


@pytest.mark.full
def test_months_in_processes_say_the_same() -> None:
    jobs = yards(4)
    here, there = all_hours.Months(jobs, 0), all_hours.Months(jobs, 2)
    try:
        asked = {job.number: job.prices for job in jobs}
        mine, theirs = here.answers(jobs[0].planned, asked), there.answers(jobs[0].planned, asked)
    finally:
        there.close()
    for (a, value, _), (b, other, _) in zip(mine[2026], theirs[2026], strict=True):
        assert (value, a.cost) == (pytest.approx(other), pytest.approx(b.cost))


def test_a_search_that_gains_nothing_more_ends() -> None:
    """Asked for less than nothing, which no search can prove: it ends by itself where bound and cost meet, and does not say that it reached what was asked."""
    found = all_hours.decide(yards(4), -1.0, 600.0, processes=0)
    assert not found.reached
    assert found.point.cost == pytest.approx(at_once(4).cost, abs=1e-6) and found.bound == pytest.approx(found.point.cost, abs=1e-6)


@pytest.mark.parametrize(("until", "way"), [(0.0, "give it more time"), (np.inf, "--whole-year plans again")])
def test_a_search_without_a_plan_says_what_helps(until: float, way: str) -> None:
    """Proves: time is asked for only where it ran out; a search that gains nothing more would find no plan in any time."""
    with pytest.raises(SolverFailed, match=way):
        all_hours._Search(yards(4), NEAR, until, lambda _: True, all_hours.Months(yards(4), 0)).result()


def test_decisions_given_up_early_are_dearer_than_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: what is known of a mix on its way lies below its cost. Decisions that are given up would have cost more than the best with all rounds, too; with a
    bound that was none, good ones would be lost.
    """
    search = all_hours._Search(yards(8), NEAR, np.inf, lambda _: True, all_hours.Months(yards(8), 0))
    search.begin()
    random, rounds, saved = np.random.default_rng(5), list[int](), 0
    answers = search.months.answers
    monkeypatch.setattr(search.months, "answers", lambda *given: (rounds.append(1), answers(*given))[1])
    for _ in range(5):
        values = np.clip(search.centre.columns * random.uniform(0.8, 1.3, len(search.centre.columns)), search.yearly.lower, search.yearly.upper)
        rounds.clear()
        whole = search.run(values, search.centre.prices, 1e-4 * NEAR)
        all_rounds = len(rounds)
        for worst in (0.5 * whole.cost, 0.99 * whole.cost, 1.01 * whole.cost):
            rounds.clear()
            early = search.run(values, search.centre.prices, 1e-4 * NEAR, worst)
            assert (early.cost > worst) == (whole.cost > worst)
            saved += all_rounds - len(rounds)
    assert saved > 0


def test_the_next_decisions_promise_half_of_what_is_open_and_move_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: by the cuts they cost half way between the best and the optimum, and their way is shorter than the straight one, whose columns all move; that one
    is taken where the solver finds none.
    """
    search = all_hours._Search(yards(4), NEAR, np.inf, lambda _: True, all_hours.Months(yards(4), 0))
    search.begin()
    for _ in range(6):
        search.step()
    sizing, centre, best = search.sizing, search.centre, search.sizing.relaxed()
    assert best.values is not None and best.cost is not None
    count = len(centre.columns)
    level, straight = (centre.cost + best.cost) / 2, (centre.columns + best.values[:count]) / 2
    found = sizing.nearest(centre.columns, centre.cost, best, 0.5)
    problem = sizing.problem(False)
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[:count] = upper[:count] = found
    assert (highs.solve(replace(problem, lower=lower, upper=upper)).cost or np.inf) <= level + 1e-7
    scale = np.maximum(np.maximum(np.abs(centre.columns), np.abs(best.values[:count])), 1e-3)

    def way(columns: np.ndarray) -> float:
        """Slopes 0.02, 0.1, 0.5 and 2 up to a fiftieth, a tenth, half and beyond."""
        gone = np.abs(columns - centre.columns) / scale
        return float(
            sum(p * np.clip(gone - start, 0, length).sum() for p, start, length in ((0.02, 0, 0.02), (0.1, 0.02, 0.08), (0.5, 0.1, 0.4), (2, 0.5, 9)))
        )

    assert 0 < way(found) < way(straight)
    monkeypatch.setattr("planner.sizing.highs.solve", lambda _: highs.Answer("solver died", None, None, None, None, 0.0, 0))
    assert sizing.nearest(centre.columns, centre.cost, best, 0.5) == pytest.approx(straight)


def test_ctrl_c_keeps_the_best() -> None:
    """Once there is a plan, the interrupt ends the search and not the program; the handler before is back afterwards."""

    def heard(now: Progress) -> bool:
        if now.cost is not None:
            signal.raise_signal(signal.SIGINT)
        return True

    before = signal.getsignal(signal.SIGINT)
    found = all_hours.decide(yards(4), 1e-9, 600.0, processes=0, listen=heard)
    assert found.point.kept and not found.reached and np.isfinite(found.bound)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(("other", "words"), [("--whole-year", ()), ("--out", ("folder",))])
def test_the_command_refuses_what_it_cannot_keep(other: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["solve", "steel", "--all-hours", other, *words, "--lang", "zh"]) == 2
    assert "--all-hours：同时给出了" + other in capsys.readouterr().err


@pytest.mark.full
def test_the_command_decides_on_all_hours(capsys: pytest.CaptureFixture[str]) -> None:
    """Steel for two years under a carbon price, from case to tables: the plan passes the audit on 8,760 hours and holds on them, and the
    best of all plans costs no less than the bound."""
    changed = [part for change in ("horizon.last_year=2027", "finance.carbon_price=200") for part in ("--set", change)]
    assert cli.main(["solve", "steel", "--all-hours", *changed, "--json"]) == 0
    record = one_object(capsys.readouterr().out)
    assert record["audit"]["passed"] and record["holds"] and record["all_hours_reached"]
    assert 0.0 <= record["gap"] <= 0.01
    assert record["objective_cny"] == pytest.approx(record["whole_year_cny"], rel=1e-6)
    assert record["all_hours"][-1]["bound"] == pytest.approx(record["bound_cny"], rel=1e-9)
    assert record["solver"]["rows"] > 2 * 8760
