"""Scale: smallest sizes, fixed costs, and pieces of a cost curve."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, factory, plan, trade, works


def solar(need, *, price, pieces, years=(2026,), grid=1.0, largest=100.0):
    """A use of ``need``, a grid, and solar power priced in ``pieces``: (least, most, for being in it, each further size)."""
    x = factory(years=years, step_carriers=("power",), load={("power", y, "s0"): need for y in years})
    x = candidate(works(trade(x, "grid", "power", grid), "pv", flexible=True, power=1), "pv", price=price, max_size=largest)
    numbered = dict(enumerate(pieces, start=1))
    return replace(
        x,
        piece={("pv", n): (low, high) for n, (low, high, _, _) in numbered.items()},
        piece_start={("pv", v, n): start for v in years for n, (_, _, start, _) in numbered.items()},
        piece_slope={("pv", v, n): slope for v in years for n, (_, _, _, slope) in numbered.items()},
    )


def test_a_smallest_size_is_built_or_nothing():
    """Proves: 5 are needed at 1, the smallest project is 8 at 0.5: 4 < 5 and it is built whole. Any size 2.5, nothing 5."""
    solution = plan(solar(5.0, price=0.0, pieces=[(8.0, 100.0, 0.0, 0.5)]))
    assert solution.cost == approx(4.0)
    assert solution.value("capacity.built")["pv", 2026] == approx(8)


def test_a_smallest_size_too_large_is_not_built():
    """Proves: the smallest project of 12 at 0.5 costs 6 > 5: nothing. A size between nothing and 12 would cost 2.5."""
    solution = plan(solar(5.0, price=0.0, pieces=[(12.0, 100.0, 0.0, 0.5)]))
    assert solution.cost == approx(5.0)
    assert solution.value("capacity.built")["pv", 2026] == approx(0)


def test_a_fixed_cost_is_paid_once_a_project():
    """Proves: 3 for beginning and 0.1 a size: 3 + 0.5 = 3.5 < 5. Without the fixed cost 0.5, paid by its share of 100 it would be 0.65."""
    assert plan(solar(5.0, price=0.0, pieces=[(0.0, 100.0, 3.0, 0.1)])).cost == approx(3.5)


def test_a_fixed_cost_may_be_too_much():
    """Proves: 4.6 + 0.5 > 5, so nothing is built; a relaxed binary would pay 4.6 x 5 / 100 and build for 0.73."""
    assert plan(solar(5.0, price=0.0, pieces=[(0.0, 100.0, 4.6, 0.1)])).cost == approx(5.0)


@pytest.mark.parametrize(("need", "cost"), [(10, 10.0), (20, 20.0), (30, 25.0), (40, 30.0)])
def test_a_curve_is_exact_in_each_piece(need, cost):
    """Proves: 1 a size until 20, then 0.5: 10, 20, 20 + 5, 20 + 10. A relaxed choice takes the second slope with a part of its start: 7.5 for 10."""
    curve = [(0.0, 20.0, 0.0, 1.0), (20.0, 100.0, 10.0, 0.5)]
    assert plan(solar(float(need), price=0.0, pieces=curve, grid=9.0)).cost == approx(cost)


def test_each_years_project_begins_its_own_curve():
    """Proves: 20 in 2026 that live a year, and 20 again in 2027: 20 + 20 = 40. On one curve for both years 20 + 10 = 30."""
    curve = [(0.0, 20.0, 0.0, 1.0), (20.0, 100.0, 10.0, 0.5)]
    x = solar(20.0, price=0.0, pieces=curve, grid=9.0, years=(2026, 2027))
    assert plan(replace(x, vintages={("pv", y): (y,) for y in x.years})).cost == approx(40.0)


def test_a_project_is_no_larger_than_its_last_piece():
    """Proves: 30 is the end of the curve: 15 for 30 and 10 bought at 9. Without the end 20."""
    assert plan(solar(40.0, price=0.0, pieces=[(10.0, 30.0, 0.0, 0.5)], grid=9.0)).cost == approx(15 + 90)


def test_a_cost_curve_is_paid_and_credited_like_any_price():
    """Proves: half of what a project costs, its start included, is left: (3 + 0.5) / 2. Only its sizes credited 3.25, its start twice 0.25."""
    x = replace(solar(5.0, price=0.0, pieces=[(0.0, 100.0, 3.0, 0.1)]), credit={("pv", 2026): 0.5})
    solution = plan(x)
    assert solution.cost == approx(1.75)
    assert solution.value("cost.investing")["pv", 2026] == approx(3.5)
    assert solution.value("cost.credited")[("pv",)] == approx(1.75)
