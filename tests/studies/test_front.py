"""The front of cost and emissions: a factory with two measures whose true abatement curve is arithmetic."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

from models.inputs import Inputs
from planner.studies.front import Plan, efficient, sampled

Y = 2026


def heat(cap: float | None) -> Inputs:
    """100 of heat from gas (0.5 MCNY, 0.2 kt a unit); the cheap field (40 at most) costs 0.4 a unit more than gas, the dear one 1.0: 2 and 5 MCNY/kt."""
    x = factory(year_carriers=("heat", "gas"), demand={("heat", Y): 100.0}, carbon={"gas": 0.2}, cap_counts={"total": ("direct", "location")})
    x = replace(x, cap_limit={} if cap is None else {("total", Y): cap})
    x = existing(works(trade(x, "gas_grid", "gas", 0.5), "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)
    x = candidate(works(x, "cheap", heat=1.0), "cheap", price=0.9, max_size=40.0)
    return candidate(works(x, "dear", heat=1.0), "dear", price=1.5, max_size=100.0)


def true(emissions: float) -> float:
    """Least cost at ``emissions`` kt: gas alone costs 50 and emits 20; the first 8 kt less cost 2 MCNY each (the cheap field), the next 5 (the dear one)."""
    less = 20.0 - emissions
    return 50.0 + 2.0 * min(less, 8.0) + 5.0 * max(0.0, less - 8.0)


def asked(limits: Sequence[float | None]) -> list[Plan | None]:
    """Plans of the factory of heat, solved exactly."""
    made: list[Plan | None] = []
    for limit in limits:
        found = plan(heat(limit))
        if found.cost is None or found.bound is None:
            made.append(None)
            continue
        made.append(Plan(limit, found.value("cap.counted")["total", Y], found.cost, found.bound))
    return made


def test_the_true_abatement_curve() -> None:
    """Proves: every plan found lies on the curve, from 20 kt to nothing, and steps on one side of the bend at 12 kt cost 2 and 5 MCNY/kt.

    A front that kept the cap of the case, or counted a plan at its limit instead of at what it emits, would be off the curve.
    """
    front = sampled(asked, 0.0, 12)
    assert (front[0].emissions, front[-1].emissions) == approx((20.0, 0.0), abs=1e-6)
    for p in front:
        assert p.cost == approx(true(p.emissions), abs=1e-6)
    for a, b in pairwise(front):
        price = (b.cost - a.cost) / (a.emissions - b.emissions)
        assert 2.0 - 1e-6 <= price <= 5.0 + 1e-6
        if b.emissions >= 12.0 - 1e-6:
            assert price == approx(2.0)
        if a.emissions <= 12.0 + 1e-6:
            assert price == approx(5.0)
    assert len(front) == 12


def test_points_gather_where_the_most_is_unknown() -> None:
    """Proves: of the rectangles between neighbours the largest are cut: the dear half of the curve gets more points than the cheap one."""
    front = sampled(asked, 0.0, 12)
    assert sum(p.emissions < 12 for p in front) > sum(p.emissions > 12 for p in front)


def test_where_points_lie_does_not_depend_on_how_they_are_asked() -> None:
    """Proves: asked in the other order within a round, the same plans come out."""

    def other(limits: Sequence[float | None]) -> list[Plan | None]:
        return asked(list(limits)[::-1])[::-1]

    assert sampled(asked, 0.0, 9) == sampled(other, 0.0, 9)


def test_a_plan_that_another_beats_is_not_on_the_front() -> None:
    a, b, worse, same = Plan(None, 10, 1, 1), Plan(5, 5, 3, 3), Plan(7, 7, 4, 4), Plan(6, 5, 3, 3)
    assert efficient([worse, b, a, same])[0] is a
    assert [p.emissions for p in efficient([worse, b, a, same])] == [10, 5]


def test_limits_without_a_plan_leave_a_gap_and_no_end() -> None:
    """Proves: where the tightest cap has no plan, the front is the free plan alone; nothing is made up."""
    front = sampled(lambda limits: [Plan(None, 20, 50, 50) if at is None else None for at in limits], 0.0, 6)
    assert [p.emissions for p in front] == [20]


@pytest.mark.parametrize("points", [2, 3, 7])
def test_no_more_plans_are_made_than_asked(points: int) -> None:
    made: list[float | None] = []

    def counted(limits: Sequence[float | None]) -> list[Plan | None]:
        made.extend(limits)
        return asked(limits)

    sampled(counted, 0.0, points)
    assert len(made) == points
