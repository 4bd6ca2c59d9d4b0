"""Market: limits, steps of price, the demand charge, the connection and sales."""

from dataclasses import replace

from pytest import approx
from tiny import existing, factory, plan, trade, works

Y = 2026


def use(*load, **numbers):
    return factory(steps=len(load), step_carriers=("power",), load={("power", Y, f"s{n}"): v for n, v in enumerate(load)}, **numbers)


def scrap(demand):
    return factory(year_carriers=("scrap",), demand={("scrap", Y): demand})


def test_a_market_has_a_yearly_limit():
    """Proves: what the market does not have cannot be bought: there is no plan for 31 of 30. Without the limit 31."""
    assert plan(trade(scrap(30.0), "near", "scrap", 1.0, limit=30.0)).cost == approx(30)
    assert plan(trade(scrap(31.0), "near", "scrap", 1.0, limit=30.0)).status == "infeasible"


def test_scarce_supply_rises_in_steps():
    """Proves: 30 at 1, the rest at 2: 30 + 140 = 170. At the first price alone 100, at the last 200, at the mean 150."""
    x = trade(trade(scrap(100.0), "near", "scrap", 1.0, limit=30.0), "far", "scrap", 2.0)
    assert plan(x).cost == approx(170)


def test_a_yearly_limit_counts_weighted_steps():
    """Proves: a use of 2 stands for 3 + 1 thousand hours, 8 in all; 6 at 1 and 2 at 10: 26. Counted by step (4 of 6) 8."""
    x = use(2.0, 2.0, duration={"s0": 3.0, "s1": 1.0})
    assert plan(trade(trade(x, "green", "power", 1.0, limit=6.0), "grid", "power", 10.0)).cost == approx(26)


def test_the_demand_charge_is_paid_once_a_month_on_the_highest_step():
    """Proves: uses of 5 and 9, twelve months, 2 a month: 9 x 2 x 12 = 216. On every step 336, once a year 18, on the mean 168."""
    x = trade(use(5.0, 9.0), "grid", "power", 0.0)
    assert plan(replace(x, demand_charge={("grid", Y): 2.0})).cost == approx(216)


def test_the_demand_charge_looks_at_its_own_months_only():
    """Proves: four summer months peak at 5, eight winter months at 9: (5 x 4 + 9 x 8) x 2 = 184. One peak for all 216, months uncounted 28."""
    x = trade(use(5.0, 9.0, billing={"s0": "summer", "s1": "winter"}, months={"summer": 4.0, "winter": 8.0}), "grid", "power", 0.0)
    assert plan(replace(x, demand_charge={("grid", Y): 2.0})).cost == approx(184)


def test_the_demand_charge_does_not_weigh_hours():
    """Proves: a peak of one rare hour costs as much as a common one: 9 x 2 x 12 = 216, energy free. Weighted by 0.1: 21.6."""
    x = trade(use(5.0, 9.0, duration={"s0": 8.0, "s1": 0.1}), "grid", "power", 0.0)
    assert plan(replace(x, demand_charge={("grid", Y): 2.0})).cost == approx(216)


def test_the_connection_limits_every_step():
    """Proves: 6 pass the fence, 3 come from the diesel at 10: 5 + 6 + 30 = 41. Without the connection 14; limited over the year 14."""
    x = trade(use(5.0, 9.0), "grid", "power", 1.0, fence={"purchases": ("grid",)}, connection={"purchases": 6.0})
    assert plan(trade(x, "diesel", "power", 10.0)).cost == approx(41)


def test_all_purchases_share_the_connection():
    """Proves: 8 of green power and the grid's pass one connection of 6; of 5 and 9 used 3 come from the diesel: 5 + 6 + 30 = 41. A connection each 14."""
    x = trade(trade(use(5.0, 9.0), "green", "power", 1.0, limit=8.0), "grid", "power", 1.0)
    x = replace(x, fence={"purchases": ("green", "grid")}, connection={"purchases": 6.0})
    assert plan(trade(x, "diesel", "power", 10.0)).cost == approx(41)


def sunny(**numbers):
    x = existing(works(use(4.0), "pv", flexible=True, power=1), "pv", 10.0)
    return trade(trade(x, "grid", "power", 1.0), "export", "power", 0.3, sells=True, **numbers)


def test_what_is_not_used_is_sold():
    """Proves: 10 made, 4 used, 6 sold at 0.3: -1.8. Without sales 0, all sold and bought back +1."""
    assert plan(sunny()).cost == approx(-1.8)


def test_sales_have_their_limits():
    """Proves: 2 may be sold in a year, or 1 an hour: -0.6 and -0.3; the rest of the sun is left. Unlimited -1.8."""
    assert plan(sunny(limit=2.0)).cost == approx(-0.6)
    assert plan(sunny(fence={"sales": ("export",)}, connection={"sales": 1.0})).cost == approx(-0.3)


def test_a_negative_price_is_a_price():
    """Proves: power at -1 is bought where it can be used, 4 x -1 = -4, and no more than can be used (nothing wastes it). Ignored 0."""
    assert plan(trade(use(4.0), "grid", "power", -1.0)).cost == approx(-4)
