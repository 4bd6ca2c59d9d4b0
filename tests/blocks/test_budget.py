"""Budget: how much may be invested, and how fast may be built."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

YEARS = (2026, 2027)


def roof(price=1.0, years=YEARS, need=10.0, grid=9.0, **numbers):
    """A use of 10, a dear grid, and solar power at ``price``."""
    x = trade(factory(years=years, step_carriers=("power",), load={("power", y, "s0"): need for y in years}, **numbers), "grid", "power", grid)
    return candidate(works(x, "pv", flexible=True, power=1), "pv", price=price, max_size=100.0)


def built(solution):
    return [solution.value("capacity.built")["pv", y] for y in YEARS]


def test_a_yearly_budget_spreads_what_is_built():
    """Proves: 6 a year: 6 in 2026, 4 in 2027, 4 x 9 bought: 10 + 36 = 46. Without a budget 10; 6 for both years 78."""
    x = replace(roof(), budget={("purse", y): 6.0 for y in YEARS}, budget_weight={("purse", y, y): 1.0 for y in YEARS})
    solution = plan(x)
    assert solution.cost == approx(46)
    assert built(solution) == approx([6, 4])


def test_a_cumulative_budget_is_not_renewed():
    """Proves: 6 until 2027 in all: 6 + 4 x 9 x 2 = 78. As a yearly one 46."""
    x = replace(roof(), budget={("purse", 2027): 6.0}, budget_weight={("purse", 2027, y): 1.0 for y in YEARS})
    assert plan(x).cost == approx(78)


def test_a_discounted_budget_counts_todays_money():
    """Proves: later money counts half: 6 in today's money buys 6 now, or 12 in 2027; nothing is needed in 2026, so 10 are built: 10. At face value 6 + 36."""
    x = replace(roof(), load={("power", 2027, "s0"): 10.0}, budget={("purse", 2027): 6.0})
    x = replace(x, budget_weight={("purse", 2027, 2026): 1.0, ("purse", 2027, 2027): 0.5})
    assert plan(x).cost == approx(10)


def test_a_budget_counts_when_money_is_paid():
    """Proves: paid in halves over two years, 10 for 2027 take 5 of each year's 5: built. Counted in the year of service 5 + 45."""
    x = replace(roof(), load={("power", 2027, "s0"): 10.0}, builds=(("pv", 2027),), paid={("pv", 2027, 2026): 0.5, ("pv", 2027, 2027): 0.5})
    x = replace(x, vintages={("pv", 2027): (2027,)}, budget={("purse", y): 5.0 for y in YEARS}, budget_weight={("purse", y, y): 1.0 for y in YEARS})
    assert plan(x).cost == approx(10)


def test_a_budget_counts_renewals():
    """Proves: the purse of 10 in 2027 pays for 10 renewed or 10 of solar power, not for the 15 that are needed: 10 + 5 x 9. Renewals left out 15."""
    x = existing(roof(need=15.0), "old", 10.0, until=2026, renewals={"old": 2027}, renewed_alive={("old", 2027): 1.0})
    x = works(replace(x, load={("power", 2026, "s0"): 10.0, ("power", 2027, "s0"): 15.0}), "old", flexible=True, power=1)
    x = replace(x, renewal_investment={"old": 1.0}, renewal_credit={"old": 0.0})
    x = replace(x, budget={("purse", 2027): 10.0, ("purse", 2026): 0.0}, budget_weight={("purse", y, y): 1.0 for y in YEARS})
    assert plan(x).cost == approx(10 + 45)


@pytest.mark.parametrize("kind", ["budget", "pace"])
@pytest.mark.parametrize(("limit", "cost"), [(0.0, 180.0), (1e6, 10.0)])
def test_nothing_forbids_and_plenty_changes_nothing(kind, limit, cost):
    """Proves: a limit of 0 forbids all: 2 x 10 x 9; a very large one changes nothing: 10."""
    if kind == "budget":
        x = replace(roof(), budget={("purse", 2027): limit}, budget_weight={("purse", 2027, y): 1.0 for y in YEARS})
    else:
        x = replace(roof(), pace={("pv", y): limit for y in YEARS}, pace_count={("pv", "pv"): 1.0})
    assert plan(x).cost == approx(cost)


def test_no_more_goes_into_service_than_the_pace():
    """Proves: 4 a year: 4, then 8: 8 + 6 x 9 + 2 x 9 = 80. In all 4 + 108, free 10."""
    assert plan(replace(roof(), pace={("pv", y): 4.0 for y in YEARS}, pace_count={("pv", "pv"): 1.0})).cost == approx(80)


def test_growth_comes_on_top():
    """Proves: 4 in the first year; 4 and half of the 4 that stood in the second: all 10 stand in 2027: 10 + 54 = 64. Without growth 80, on the new ones too they stand a year earlier."""
    x = replace(roof(), pace={("pv", y): 4.0 for y in YEARS}, growth={("pv", y): 0.5 for y in YEARS}, pace_count={("pv", "pv"): 1.0})
    solution = plan(x)
    assert solution.cost == approx(64)
    assert built(solution) == approx([4, 6])


def test_growth_begins_with_what_stands():
    """Proves: 4 that stand let 2 more come in the first year and 3 in the second: 5 + 4 x 9 + 1 x 9 = 50. Had nothing stood, nothing could grow: 180."""
    x = replace(
        existing(roof(), "pv", 4.0), pace={("pv", y): 0.0 for y in YEARS}, growth={("pv", y): 0.5 for y in YEARS}, pace_count={("pv", "pv"): 1.0}
    )
    solution = plan(x)
    assert [solution.value("capacity.size")["pv", y] for y in YEARS] == approx([6, 9])
    assert solution.cost == approx(5 + 36 + 9)


def test_whole_units_are_counted_as_units():
    """Proves: two units of 2 a year, of two options of one kind together: 4 a year, 8 + 6 x 9 + 2 x 9 = 80. Each kind alone 28, as sizes 130."""
    x = candidate(works(roof(), "pv_b", flexible=True, power=1), "pv_b", price=1.0, max_size=100.0, module=2.0)
    x = replace(x, module={"pv": 2.0, "pv_b": 2.0}, pace={("pv", y): 2.0 for y in YEARS}, pace_count={("pv", "pv"): 0.5, ("pv", "pv_b"): 0.5})
    assert plan(x).cost == approx(80)
