"""Succession: new before old."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

YEARS = (2026, 2027, 2028)


def works_of(old=10.0, *, until=None, years=YEARS, new_price=0.0, from_year=None, standing=5.0, overlap=0, **numbers):
    """A use of 10, a grid at 1, an old unit that costs 5 a size and year to keep, and a new one that runs for nothing."""
    x = trade(factory(years=years, step_carriers=("power",), load={("power", y, "s0"): 10.0 for y in years}, **numbers), "grid", "power", 1.0)
    x = existing(
        works(x, "old", flexible=True, power=1), "old", old, until=until, retirements=tuple(("old", y) for y in years if until is None or y <= until)
    )
    x = candidate(works(x, "new", flexible=True, power=1), "new", price=new_price, from_year=from_year, max_size=100.0)
    return replace(x, fixed_cost={("old", y): standing for y in years}, replaced_by={"old": ("new",)}, overlap={"old": overlap})


def test_an_old_unit_goes_only_when_the_new_one_stands():
    """Proves: new from 2027, so the old stands in 2026 at 50 and goes then: 50. Gone at once 10 for power of 2026; kept 150."""
    solution = plan(works_of(from_year=2027))
    assert solution.cost == approx(50)
    assert solution.value("capacity.retired")["old", 2026] == approx(0)


def test_an_old_unit_waits_until_the_new_one_has_run():
    """Proves: the new stands from 2027 and must have run a year: the old is kept until 2028: 100. Without the wait 50, two years 150."""
    assert plan(works_of(from_year=2027, overlap=1)).cost == approx(100)
    assert plan(works_of(from_year=2027, overlap=2)).cost == approx(150)


def test_only_as_much_goes_as_comes():
    """Proves: 4 of the new let 4 of the old go: 3 years x 6 x 5 = 90. All gone 3 x 6 = 18 of power."""
    assert plan(replace(works_of(), max_size={"new": 4.0})).cost == approx(90)


def test_one_replacement_makes_up_for_one_unit():
    """Proves: two old units of 10 and a new one of at most 10: one goes, the other stands at 50. Counted for both 0."""
    x = works_of(years=(2026,))
    x = existing(works(x, "older", flexible=True, power=1), "older", 10.0, retirements=(("old", 2026), ("older", 2026)))
    x = replace(
        x, fixed_cost={("old", 2026): 5.0, ("older", 2026): 5.0}, replaced_by={"old": ("new",), "older": ("new",)}, overlap={"old": 0, "older": 0}
    )
    assert plan(replace(x, max_size={"new": 10.0})).cost == approx(50)


def test_two_units_may_wait_for_one_replacement_by_different_times():
    """Proves: 20 of the new stand from 2026; one old unit goes at once, the other a year later: 50 in 2026. By the shorter wait 0, by the longer 100."""
    x = works_of(years=(2026, 2027))
    x = existing(works(x, "older", flexible=True, power=1), "older", 10.0, retirements=tuple((a, y) for a in ("old", "older") for y in (2026, 2027)))
    x = replace(x, fixed_cost={(a, y): 5.0 for a in ("old", "older") for y in (2026, 2027)})
    x = replace(x, replaced_by={"old": ("new",), "older": ("new",)}, overlap={"old": 0, "older": 1}, max_size={"new": 20.0})
    assert plan(x).cost == approx(50)


def test_an_end_of_life_needs_a_replacement_too():
    """Proves: the old ends with 2026, and power at 1 is cheaper than a new unit at 3 a size; the new one is built all the same: 50 + 30 = 80.

    Silently gone: 50 + 20 of power.
    """
    solution = plan(works_of(until=2026, new_price=3.0, from_year=2027))
    assert solution.cost == approx(80)
    assert solution.value("capacity.size")["new", 2027] == approx(10)


def test_a_renewal_is_as_good_as_a_replacement():
    """Proves: renewed for 10 and kept at 5 a size, 50 + 10 + 100 = 160, rather than replaced for 120: 170. Gone without either 70."""
    x = works_of(until=2026, new_price=12.0, from_year=2027, renewals={"old": 2027}, renewed_alive={("old", 2027): 1.0, ("old", 2028): 1.0})
    x = replace(x, renewal_investment={"old": 1.0}, renewal_credit={"old": 0.0})
    assert plan(x).cost == approx(160)


def test_an_end_of_life_that_nobody_can_follow_has_no_plan():
    """Proves: the replacement comes in 2028 only, the old ends with 2026: there is no plan. Silently gone there would be one, for 70."""
    assert plan(works_of(until=2026, from_year=2028)).status == "infeasible"


def test_what_stands_already_may_take_over():
    """Proves: a second unit of 10 that stands makes up for the old one at once: 0. Built ones only: 150."""
    x = existing(works_of(overlap=1), "new", 10.0)
    x = replace(x, builds=(), vintages={}, max_size={}, seasoned=tuple(("new", 1, y) for y in YEARS))
    assert plan(x).cost == approx(0)
    assert plan(replace(x, seasoned=())).cost == approx(150)
