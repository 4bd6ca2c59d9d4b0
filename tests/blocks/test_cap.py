"""Cap: what it counts, what it forbids, and what it costs."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

from models.build import build
from models.compiled import compile_matrix
from planner import highs, variants

Y = 2026


def kiln(limit=None, scope="direct", **numbers):
    """100 of steam: from coal at 1 (1 of CO2 each), or from biomass at 6 (none)."""
    caps = {} if limit is None else {"cap_counts": {"cap": (scope, "location")}, "cap_limit": {("cap", Y): limit}}
    x = factory(year_carriers=("coal", "biomass", "steam"), demand={("steam", Y): 100.0}, carbon={"coal": 1.0}, **caps, **numbers)
    x = trade(trade(x, "coal_trade", "coal", 1.0), "biomass_trade", "biomass", 6.0)
    x = works(works(x, "coal_kiln", steam=1, coal=-1), "bio_kiln", steam=1, biomass=-1)
    return existing(existing(x, "coal_kiln", 100.0), "bio_kiln", 100.0)


def test_a_cap_of_zero_forbids():
    """Proves: with a cap of 0 all steam is of biomass: 600. Ignored 100."""
    assert plan(kiln(0.0)).cost == approx(600)


def test_a_very_large_cap_changes_nothing():
    """Proves: 1e6 of 100 is no cap: 100, as with none, and it has no price."""
    loose = plan(kiln(1e6))
    assert loose.cost == approx(plan(kiln()).cost) == approx(100)
    assert loose.prices["cap.cap_limit"]["value"].tolist() == approx([0])


def test_a_tighter_cap_never_costs_less():
    """Proves: cost is 100 + 5 for every unit below 100, exactly, over a sweep from 120 to 0. A cap of the wrong sign falls."""
    limits = [120, 100, 99, 75, 50, 25, 1, 0]
    costs = [plan(kiln(float(limit))).cost for limit in limits]
    assert costs == approx([100 + 5 * max(0, 100 - limit) for limit in limits])
    assert costs == sorted(costs)


def test_the_price_of_a_cap():
    """Proves: one unit more allowed saves 6 - 1 = 5 for 1 of CO2: a dual of -5 MCNY/kt. Per steam from biomass -6, unsigned 5."""
    assert plan(kiln(50.0)).prices["cap.cap_limit"]["value"].tolist() == approx([-5])


def test_the_price_of_a_cap_equals_the_carbon_price_that_does_the_same():
    """Proves: a carbon price just above 5 turns the kiln, one just below does not. A price on half the account would need 10."""
    assert plan(kiln(carbon_price={Y: 5.01})).value("emissions.direct")[Y,] == approx(0)
    assert plan(kiln(carbon_price={Y: 4.99})).value("emissions.direct")[Y,] == approx(100)


@pytest.mark.parametrize(("carrier", "per_power", "price"), [("hydrogen", 0.5, 6.0), ("steam", 3.0, 1.0)])
def test_what_is_sold_stays_under_the_cap(carrier, per_power, price):
    """Proves: power at 1 (0.5 of CO2) becomes hydrogen at a half, sold at 6, or steam of a heat pump at three times, sold at 1: 2 earned on each.

    The market takes what 20 of power make, the cap of 4 lets 8: -16. A cap that credited what making it elsewhere lets out (4.9, 0.396) would allow -40.
    """
    x = factory(
        step_carriers=("power", carrier), cap_counts={"cap": ("direct_energy", "location")}, cap_limit={("cap", Y): 4.0},
        embodied={"hydrogen": 4.9, "steam": 0.396}, grid=("grid",),
    )  # fmt: skip
    x = trade(trade(x, "grid", "power", 1.0), "sale", carrier, price, sells=True, limit=20.0 * per_power)
    found = plan(existing(works(x, "maker", flexible=True, **{carrier: per_power, "power": -1}), "maker", 100.0))
    assert found.cost == approx(-16)
    assert found.value("market.amount")["sale", Y] == approx(8 * per_power)


def test_no_plan_below_the_lowest():
    """Proves: 60 of biomass a year leave 40 of CO2 at least; 39 has no plan, 40 has one. And the lowest is found as such: 40."""
    scarce = {("biomass_trade", Y): 60.0}
    assert plan(replace(kiln(40.0), market_limit=scarce)).cost == approx(40 + 360)
    x = replace(kiln(39.0), market_limit=scarce)
    assert plan(x).status == "infeasible"
    compiled = compile_matrix(build(x))
    assert highs.solve(compiled).ending == "infeasible"
    assert highs.solve(variants.least(variants.without_caps(compiled), "cap", Y)).cost == approx(40)


@pytest.mark.parametrize(("scope", "cost"), [("direct", 1100.0), ("direct_energy", 1600.0)])
def test_purchased_power_counts_in_the_wide_cap_alone(scope, cost):
    """Proves: power of 1000 x 0.5 = 500 fills a wide cap of 500, so steam is of biomass: 1000 + 600. A direct cap does not see it: 1000 + 100."""
    x = replace(kiln(500.0, scope), step_carriers=("power",), load={("power", Y, "s0"): 1000.0}, grid=("grid",))
    assert plan(trade(x, "grid", "power", 1.0)).cost == approx(cost)


def iron(limit, scope):
    """100 of iron: with coke of the own oven (1 of CO2 let out, 2 in the coke), bought (2.5 elsewhere), or with charcoal at 20."""
    x = factory(
        year_carriers=("coal", "coke", "charcoal", "iron"), demand={("iron", Y): 100.0}, carbon={"coal": 3.0, "coke": 2.0}, embodied={"coke": 2.5},
        cap_counts={"cap": (scope, "location")}, cap_limit={("cap", Y): limit},
    )  # fmt: skip
    x = trade(trade(trade(x, "coal_trade", "coal", 1.0), "coke_trade", "coke", 2.0), "charcoal_trade", "charcoal", 20.0)
    x = works(works(works(x, "oven", coke=1, coal=-1), "furnace", iron=1, coke=-1), "bio_furnace", iron=1, charcoal=-1)
    for unit in ("oven", "furnace", "bio_furnace"):
        x = existing(x, unit, 100.0)
    return x


@pytest.mark.parametrize(("scope", "bought", "cost"), [("direct", 100.0, 200.0), ("direct_energy", 0.0, 2200 / 3)])
def test_buying_intermediates_never_satisfies_a_wide_cap(scope, bought, cost):
    """Proves: own coke 300 of CO2, cap 200. The direct cap is met by buying coke (2 a unit, 200 let out): cost 200.

    The wide cap counts the seller's 2.5: bought coke would be 450. It takes a third of charcoal: 66.67 x 1 + 33.33 x 20 = 733.33.
    """
    solution = plan(iron(200.0, scope))
    assert solution.cost == approx(cost)
    assert solution.value("market.amount")["coke_trade", Y] == approx(bought, abs=1e-6)


def test_a_wide_cap_met_by_buying_alone_has_no_plan():
    """Proves: without charcoal no purchase of coke brings 300 below 299. Uncounted, one unit of bought coke would do."""
    x = replace(iron(299.0, "direct_energy"), market_limit={("charcoal_trade", Y): 0.0})
    assert plan(x).status == "infeasible"


def test_each_year_has_its_own_cap():
    """Proves: 150 allowed in 2026 does not help 2027 with its 50: 100 + (50 + 50 x 6) = 450. One cap on the sum, or on the mean, 200."""
    years = (2026, 2027)
    x = factory(
        years=years, year_carriers=("coal", "biomass", "steam"), demand={("steam", y): 100.0 for y in years}, carbon={"coal": 1.0},
        cap_counts={"cap": ("direct", "location")}, cap_limit={("cap", 2026): 150.0, ("cap", 2027): 50.0},
    )  # fmt: skip
    x = trade(trade(x, "coal_trade", "coal", 1.0), "biomass_trade", "biomass", 6.0)
    x = existing(works(works(x, "coal_kiln", steam=1, coal=-1), "bio_kiln", steam=1, biomass=-1), "coal_kiln", 100.0)
    solution = plan(candidate(x, "bio_kiln", price=0.0))
    assert solution.cost == approx(450)
    assert [solution.value("cap.counted")["cap", y] for y in years] == approx([100, 50])


# Targets of other kinds ----------------------------------------------------------------------------------------------


def test_a_price_is_paid_where_it_is_cheaper_than_the_limit():
    """Proves: a cap of 40 on 100 at 3 a unit: biomass saves one for 5, so 60 are passed and paid: 100 + 180. At 6 it is met: 40 + 360.

    A price that is ignored gives 400 in both; a limit that is ignored 100.
    """
    cheap = plan(kiln(40.0, cap_price={("cap", Y): 3.0}))
    assert cheap.cost == approx(280)
    assert cheap.value("cap.over")["cap", Y] == approx(60)
    assert plan(kiln(40.0, cap_price={("cap", Y): 6.0})).cost == approx(400)


def years(limit, sums):
    """The kiln in three years; biomass is 6 in the first, 2 in the second, 9 in the third."""
    x = factory(
        years=(2026, 2027, 2028), year_carriers=("coal", "biomass", "steam"), demand={("steam", y): 100.0 for y in (2026, 2027, 2028)}, carbon={"coal": 1.0},
        cap_counts={"budget": ("direct", "location")}, cap_limit={("budget", 2028): limit}, cap_sums=("budget",) if sums else (),
    )  # fmt: skip
    x = trade(trade(x, "coal_trade", "coal", 1.0), "biomass_trade", "biomass", 1.0)
    x = replace(x, price=dict(x.price) | {("biomass_trade", 2026): 6.0, ("biomass_trade", 2027): 2.0, ("biomass_trade", 2028): 9.0})
    x = works(works(x, "coal_kiln", steam=1, coal=-1), "bio_kiln", steam=1, biomass=-1)
    return existing(existing(x, "coal_kiln", 100.0), "bio_kiln", 100.0)


def test_a_cumulative_cap_is_met_where_it_is_cheapest():
    """Proves: 180 in three years takes 120 away: 100 in 2027 at 1 more each and 20 in 2026 at 5: 300 + 100 + 100 = 500.

    As a cap of 2028 alone it takes nothing (100 < 180): 300. Split evenly it would cost 40 x (5 + 1 + 8) more.
    """
    solution = plan(years(180.0, sums=True))
    assert solution.cost == approx(500)
    assert [solution.value("cap.counted")["budget", y] for y in (2026, 2027, 2028)] == approx([80, 80, 180])
    assert plan(years(180.0, sums=False)).cost == approx(300)


def test_energy_counts_what_crosses_the_fence_by_its_weight():
    """Proves: coal of 0.7 and biomass of 0.5 tce a unit, at most 60 tce: half of each (35 + 25): 50 + 300 = 350. Unweighted there is no plan."""
    x = replace(kiln(60.0), cap_counts={"cap": ("energy", "calorific")}, cap_market={("cap", "coal_trade", Y): 0.7, ("cap", "biomass_trade", Y): 0.5})
    assert plan(x).cost == approx(350)
    assert plan(replace(x, cap_market={("cap", k, Y): 1.0 for k in ("coal_trade", "biomass_trade")})).status == "infeasible"


def test_purchased_energy_alone():
    """Proves: 1000 of power at 0.5 is 500; a cap of 499 on purchased energy has no plan, of 500 it has one and leaves the coal alone."""
    for limit, status in ((499.0, "infeasible"), (500.0, "optimal")):
        x = replace(kiln(limit, "purchased"), step_carriers=("power",), load={("power", Y, "s0"): 1000.0}, grid=("grid",))
        solution = plan(trade(x, "grid", "power", 1.0))
        assert solution.status == status
    assert solution.cost == approx(1100)
