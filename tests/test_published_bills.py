"""Published bills of electricity, reproduced by the code that plans: the case's rules, a year's hours, the model.

Their loads are alike on all days of a month but one, so a month's typical day and the day of its peak hold every hour exactly;
the full suite bills all 8,760 hours one by one.

REopt's sums stand in its tests (NatLabRockies/REopt.jl, test/runtests.jl, "Rate Structures"), HOMER's in its knowledge base
("Understanding the Calculations Inside HOMER Grid"). 1 kW of theirs is 1 MW here, 1 dollar 1 MCNY.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny
from pytest import approx

from models.solution import Solution
from planner import calendar, translate
from planner.audit import audit
from planner.connection import Connection, DemandRule
from planner.markets import Market
from planner.money import Horizon
from planner.plant import THOUSAND, Plant
from planner.year import Year

Y = 2026
EVERY = tuple(range(1, 13))
FLAT = np.full(8760, 100.0)
NONE: Mapping[str, tuple[tuple[int, ...], float]] = {}
MONTHLY = (10, 10, 20, 50, 20, 10, 20, 20, 20, 20, 20, 5)


def bill(
    load: np.ndarray,
    rules: Sequence[DemandRule],
    energy: float = 0.0,
    events: Mapping[str, tuple[tuple[int, ...], float]] = NONE,
    hourly: bool = False,
) -> Solution:
    """A year of ``load`` bought under ``rules``; events: hours (from 0) of a system peak, and its price; hourly: every day of the year for itself."""
    plant = Plant(
        name="flat", horizon=Horizon(Y, Y, 0.0), decide_from=Y, assets={}, carriers={"electricity": "step"}, units={}, carbon={}, carbon_biogenic={}, embodied={},
        markets={"grid": Market("grid", "electricity", True, "grid", {}, {})}, demand={("electricity", Y): float(load.sum()) / THOUSAND},
        demand_profile={"electricity": "load"}, areas={}, grid_factor={(view, Y): 0.0 for view in ("location", "market")}, caps={}, cap_limit={}, carbon_price=0.0,
        connection=0.0, tie=Connection(rules=tuple(rules)),
    )  # fmt: skip
    table = pd.DataFrame({"price": np.full(8760, energy), "load": load})
    apart = sorted({hour // 24 for hours, _ in events.values() for hour in hours})
    days = calendar.every_day(table) if hourly else calendar.typical_days(table, [[month] for month in EVERY], 1, 24, "load", apart=apart)
    assert float(days.profiles["load"] @ (days.weight * days.hours)) == approx(load.sum())
    year = Year(table, days, 0.0, ())
    x = translate.inputs(plant, year)
    for name, (hours, price) in events.items():
        at = [days.day.index(next(day for day, of in days.days.items() if of == (hour // 24,))) + hour % 24 for hour in hours]
        x = replace(x, events={**x.events, **{("grid", name, x.steps[n]): 1.0 for n in at}}, event_price={**x.event_price, ("grid", name, Y): price})
    solution = tiny.plan(x)
    if not events:
        found = audit(plant, year, solution)
        assert found.passed, found.faults
    return solution


def paid(solution: Solution, part: str = "grid demand charge") -> float:
    return solution.value("cost.running")[part, Y]


def peaks() -> np.ndarray:
    """100 kW, with single hours of 200 in January, 400 in April, 500 in June, 300 in December; hours counted from 1."""
    load = FLAT.copy()
    for hour, value in ((22, 200), (2403, 400), (4088, 500), (8333, 300)):
        load[hour - 1] = value
    return load


def by_month(rates: Sequence[float]) -> list[DemandRule]:
    return [DemandRule("rate", "rate", (m,), float(v)) for m, v in enumerate(rates, start=1)]


@pytest.mark.parametrize("hourly", [False, pytest.param(True, marks=pytest.mark.full)])
def test_reopt_ratchet_of_one_spike(hourly: bool) -> None:
    """Proves: 100 x (10.5 + 0.35 x 10.5 x 5 + 0.35 x 11.5 x 6) = 5,302.5. Without the ratchet 1 kW a month: 1,171.5; on the year's peak in full 13,200."""
    load = np.ones(8760)
    load[7] = 100.0
    cold, warm = (11, 12, 1, 2, 3, 4), (5, 6, 7, 8, 9, 10)
    rules = [DemandRule("rate", "rate", cold, 10.5), DemandRule("rate", "rate", warm, 11.5), DemandRule("ratchet", "ratchet", EVERY, 0.35)]
    assert paid(bill(load, rules, hourly=hourly)) == approx(5302.5)


def test_reopt_ratchet_of_named_months() -> None:
    """Proves: of January, April and December 75 % are remembered: bills of 300, but 400 in April and 500 in June: 74,500. If June counted, 375 elsewhere."""
    rules = [*by_month(MONTHLY), DemandRule("ratchet", "ratchet", (1, 4, 12), 0.75)]
    assert paid(bill(peaks(), rules)) == approx(74500)


@pytest.mark.parametrize("hourly", [False, pytest.param(True, marks=pytest.mark.full)])
def test_reopt_ratchet_of_six_months(hourly: bool) -> None:
    """Proves: 75 % of the six months before, round the year: 225 three times, 400, 300, 500, then 375: 79,375. Looking back twelve months 86,875."""
    rules = [*by_month(MONTHLY), DemandRule("ratchet", "ratchet", EVERY, 0.75, lookback=6)]
    assert paid(bill(peaks(), rules, hourly=hourly)) == approx(79375)


def test_reopt_tiered_demand() -> None:
    """Proves: 1 GWh flat is 114.155 kW, the first 50 free, 12 per kW above: 12 x 64.155 x 12 = 9,238.356. Without the tier 16,438.356."""
    rules = [DemandRule("rate", "rate", EVERY, 0.0), DemandRule("rate", "rate", EVERY, 12.0, above=50.0)]
    assert paid(bill(np.full(8760, 1e6 / 8760), rules)) == approx(9238.356, abs=1e-3)


def test_reopt_coincident_peak() -> None:
    """Proves: 1 kW in hours 1, 2 and 100 at 10, and in hours 6000 and 7000 at 5: 15. Paid hour by hour 40."""
    events = {"winter": ((0, 1, 99), 10.0), "summer": ((5999, 6999), 5.0)}
    assert paid(bill(np.ones(8760), [], events=events)) == approx(15.0)


def test_reopt_energy_and_demand_of_a_flat_load() -> None:
    """Proves: 100 kW flat, 0.10 per kWh and 10 per kW a month: 87,600 + 12,000 = 99,600; over 25 years and after tax, x 14.82026 x 0.74 = 1,092,312."""
    solution = bill(FLAT, [DemandRule("rate", "rate", EVERY, 10.0)], energy=0.1 * THOUSAND)
    year = paid(solution) + paid(solution, "grid")
    assert year == approx(99600)
    assert year * 14.82026 * 0.74 == approx(1092312.44, rel=1e-6)


@pytest.mark.parametrize("hours", [4, 8])
def test_homer_pays_the_peak_whatever_its_length(hours: int) -> None:
    """Proves: 100 kW, 200 for four hours a day, at 35 per kW: 7,000 a month, 84,000 a year; energy at 0.10 8,400 in 30 days. Eight hours of 200: the same charge."""
    load = FLAT.copy()
    load[np.arange(8760) % 24 < hours] = 200.0
    solution = bill(load, [DemandRule("rate", "rate", EVERY, 35.0)], energy=0.1 * THOUSAND)
    assert paid(solution) == approx(12 * 7000)
    assert paid(solution, "grid") == approx(8400 / 30 * 365 * (2400 + 100 * hours) / 2800)
