"""Taken: decisions of an earlier plan stand."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

YEARS = (2026, 2027)


def roof(**numbers):
    """A use of 10, a grid at 1, solar at 3 a size that is never worth it in two years."""
    x = trade(factory(years=YEARS, step_carriers=("power",), load={("power", y, "s0"): 10.0 for y in YEARS}), "grid", "power", 1.0)
    return replace(candidate(works(x, "sun", flexible=True, power=1), "sun", price=3.0, max_size=10.0), **numbers)


def test_what_was_ordered_is_built_though_it_no_longer_pays():
    """Proves: 4 ordered for 2026: 12, and 6 bought in each year: 24. Free to choose again 20."""
    assert plan(roof()).cost == approx(20)
    solution = plan(roof(built_already={("sun", 2026): 4.0}))
    assert solution.cost == approx(24)
    assert solution.value("capacity.built")["sun", 2026] == approx(4)


def test_what_was_given_up_stays_given_up():
    """Proves: 4 of an old unit that runs for nothing were retired in 2027: 4 bought. Free to keep it 0, all of it gone 10."""
    x = existing(works(roof(), "old", flexible=True, power=1), "old", 10.0, retirements=(("old", 2027),))
    assert plan(x).cost == approx(0)
    assert plan(replace(x, retired_already={("old", 2027): 4.0})).cost == approx(4)


def test_a_renewal_that_was_not_wanted_is_not_made():
    """Proves: a renewal for nothing would save 10 of power; it was decided against: 10. Free to choose 0."""
    x = existing(works(roof(), "old", flexible=True, power=1), "old", 10.0, until=2026)
    x = replace(x, renewals={"old": 2027}, renewed_alive={("old", 2027): 1.0}, renewal_investment={"old": 0.0}, renewal_credit={"old": 0.0})
    assert plan(x).cost == approx(0)
    assert plan(replace(x, renewed_already={"old": 0.0})).cost == approx(10)
