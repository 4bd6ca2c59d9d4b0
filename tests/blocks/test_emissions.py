"""Emissions: carbon in less carbon out, power in two views, and what others emit on the factory's behalf."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import existing, factory, plan, retrofit, trade, works

Y = 2026


def plant(product, amount=10.0, carbon=None, **numbers):
    """Buys coal, biomass and ore at 1; must deliver ``amount`` of ``product``."""
    carriers = ("coal", "biomass", "ore", "coke", "gas", "iron", "steam", "co2", "plastic")
    x = factory(year_carriers=carriers, demand={(product, Y): amount}, carbon={"coal": 3.0, **(carbon or {})}, **numbers)
    for fuel in ("coal", "biomass", "ore"):
        x = trade(x, f"{fuel}_trade", fuel, 1.0)
    for sale in ("coke", "gas", "iron", "steam", "co2", "plastic"):
        x = trade(x, f"{sale}_sale", sale, 0.0, sells=True)
    return x


def direct(x):
    return plan(x).value("emissions.direct")[Y,]


def test_what_enters_and_does_not_leave_is_emitted():
    """Proves: 10 of steam of 2 of coal each, 3 a unit: 60. Per activity instead of per coal 30."""
    assert direct(existing(works(plant("steam"), "boiler", steam=1, coal=-2), "boiler", 10.0)) == approx(60)


def test_internal_gas_counts_once():
    """Proves: coal 3 becomes coke 2 and gas 0.8 at the oven (0.2 let out there); the furnace lets out the coke's, the boiler the gas's.

    10 x (0.2 + 2 + 0.8) = 30, the coal's carbon. Gas with a factor of its own on top 38; gas forgotten 22.
    """
    x = plant("iron", carbon={"coke": 2.0, "gas": 0.8})
    x = works(works(works(x, "oven", coke=1, gas=1, coal=-1), "furnace", iron=1, coke=-1, ore=-1), "boiler", steam=1, gas=-1)
    x = replace(x, demand={("iron", Y): 10.0, ("steam", Y): 10.0})
    for unit in ("oven", "furnace", "boiler"):
        x = existing(x, unit, 10.0)
    solution = plan(x)
    assert solution.value("emissions.direct")[Y,] == approx(30)
    assert [solution.value("emissions.by_source")[u, Y] for u in ("oven", "furnace", "boiler")] == approx([2, 20, 8])


def test_gas_sold_leaves_with_its_carbon():
    """Proves: the same oven sells coke and gas: only 10 x 0.2 = 2 are let out here. Counted at the coal 30."""
    x = works(plant("coke", carbon={"coke": 2.0, "gas": 0.8}), "oven", coke=1, gas=1, coal=-1)
    assert direct(existing(x, "oven", 10.0)) == approx(2)


def test_captured_co2_that_is_sold_is_not_emitted_here():
    """Proves: a furnace lets out 3 a unit, capture keeps 2.5 of it as CO2 that is sold: 10 x (3 - 2.5) = 5. Uncounted 30."""
    x = works(plant("iron", carbon={"co2": 1.0}), "furnace", iron=1, coal=-1)
    x = retrofit(existing(x, "furnace", 10.0), "capture", "furnace", co2=2.5)
    x = replace(existing(x, "capture", 10.0), demand={("iron", Y): 10.0, ("co2", Y): 25.0})
    assert direct(x) == approx(5)


def test_captured_co2_that_is_vented_is_emitted():
    """Proves: CO2 sent to a stack counts there: 10 x 3 = 30, as without capture. Forgotten 5."""
    x = works(works(plant("iron", carbon={"co2": 1.0}), "furnace", iron=1, coal=-1), "stack", co2=-1)
    x = existing(retrofit(existing(existing(x, "furnace", 10.0), "stack", 99.0), "capture", "furnace", co2=2.5), "capture", 10.0)
    x = replace(x, market_limit={("co2_sale", Y): 0.0})
    solution = plan(x)
    assert solution.value("emissions.direct")[Y,] == approx(30)


def test_biogenic_carbon_is_zero():
    """Proves: steam of biomass emits no fossil CO2: 0. With a factor like coal's 30."""
    assert direct(existing(works(plant("steam"), "boiler", steam=1, biomass=-1), "boiler", 10.0)) == approx(0)


def test_carbon_in_a_product_is_stored():
    """Proves: plastic takes 2 of the coal's 3 with it: 10 x 1 = 10. Counted as if burned 30."""
    x = works(plant("plastic", carbon={"plastic": 2.0}), "cracker", plastic=1, coal=-1)
    assert direct(existing(x, "cracker", 10.0)) == approx(10)


def test_a_saved_fuel_is_not_emitted():
    """Proves: two measures save a tenth each of the coal that is left: 30 x 0.81 = 24.3. Unsaved 30, added up 24."""
    x = existing(works(plant("iron"), "furnace", iron=1, coal=-1), "furnace", 10.0)
    for name in ("a", "b"):
        x = existing(retrofit(x, name, "furnace", saving={"coal": 0.1}), name, 10.0)
    assert direct(x) == approx(24.3)


def test_a_changed_fuel_changes_emissions():
    """Proves: a measure takes 0.4 of biomass for 0.4 of coal: 10 x 0.6 x 3 = 18. Counted at the host alone 30, at the measure alone -12."""
    x = existing(works(plant("iron"), "furnace", iron=1, coal=-1), "furnace", 10.0)
    x = existing(retrofit(x, "charcoal", "furnace", coal=0.4, biomass=-0.4), "charcoal", 10.0)
    solution = plan(replace(trade(x, "coal_trade", "coal", 2.0)))
    assert solution.value("emissions.direct")[Y,] == approx(18)
    assert solution.value("emissions.by_source")["charcoal", Y] == approx(-12)


def powered(**numbers):
    """100 of power from the grid at 1; location factor 0.5, residual 0.6; certificates cost 0.1."""
    x = factory(step_carriers=("power",), load={("power", Y, "s0"): 100.0}, grid_factor={("location", Y): 0.5, ("market", Y): 0.6}, **numbers)
    x = trade(x, "grid", "power", 1.0, grid=("grid",), certificates=("certificate",))
    return replace(x, markets=x.markets | {"certificate": "proof"}, buys=(*x.buys, "certificate"), price=dict(x.price) | {("certificate", Y): 0.1})


def test_purchased_power_counts_in_both_views():
    """Proves: 100 x 0.5 by location, 100 x 0.6 by market. One factor for both would make them equal."""
    energy = plan(powered()).value("emissions.energy")
    assert (energy["location", Y], energy["market", Y]) == (approx(50), approx(60))


def test_certificates_count_in_the_market_view_alone():
    """Proves: a market cap of 30 takes 50 certificates: 100 + 5 = 105, location stays 50. Counted in both, location would be 25."""
    solution = plan(powered(cap_counts={"cap": ("direct_energy", "market")}, cap_limit={("cap", Y): 30.0}))
    assert solution.cost == approx(105)
    assert solution.value("emissions.energy")["location", Y] == approx(50)


def test_certificates_do_not_meet_a_cap_by_location():
    """Proves: no certificate brings 50 by location below 49: there is no plan. Counted there, the plan would cost 100.2."""
    assert plan(powered(cap_counts={"cap": ("direct_energy", "location")}, cap_limit={("cap", Y): 49.0})).status == "infeasible"


@pytest.mark.parametrize(("limit", "status"), [(20.0, "optimal"), (19.0, "infeasible")])
def test_certificates_cover_at_most_the_off_take(limit, status):
    """Proves: 20 of coal emissions stay whatever is bought; 19 cannot be met. Without the limit 102 certificates would hide one."""
    x = replace(powered(), year_carriers=("coal", "steam"), demand={("steam", Y): 20.0}, carbon={"coal": 1.0})
    x = existing(works(trade(x, "coal_trade", "coal", 1.0), "boiler", steam=1, coal=-1), "boiler", 20.0)
    assert plan(replace(x, cap_counts={"cap": ("direct_energy", "market")}, cap_limit={("cap", Y): limit})).status == status


def test_own_sun_and_sales_bring_no_credit():
    """Proves: power sold over the fence does not lower emissions: 100 used, 150 of sun, 50 sold: 0 by either view. With credit -25 and -30."""
    x = trade(existing(works(powered(), "pv", flexible=True, power=1), "pv", 150.0), "export", "power", 0.3, sells=True)
    solution = plan(x)
    assert solution.value("market.amount")["export", Y] == approx(50)
    assert [solution.value("emissions.energy")[view, Y] for view in ("location", "market")] == approx([0, 0])


def test_bought_intermediates_carry_what_others_emit():
    """Proves: 10 of coke bought, each 2.4 to make elsewhere, are 24 outsourced; the furnace still lets out the 2 in it. Hidden 0."""
    x = works(plant("iron", carbon={"coke": 2.0}, embodied={"coke": 2.4}), "furnace", iron=1, coke=-1)
    solution = plan(existing(trade(x, "coke_trade", "coke", 1.0), "furnace", 10.0))
    assert solution.value("emissions.outsourced")[Y,] == approx(24)
    assert solution.value("emissions.direct")[Y,] == approx(20)


def test_a_carbon_price_counts_all_that_a_wide_cap_counts():
    """Proves: 10 of iron: coal 30 direct, power 10 x 0.5 by location, coke 10 x 2.4 bought (and 20 in it): 79 x 0.2 = 15.8.

    Bills 10 + 10 + 10 = 30: together 45.8. Direct alone 40, without the bought coke's making 41, with power by market 46.
    """
    x = plant("iron", carbon={"coke": 2.0}, embodied={"coke": 2.4}, step_carriers=("power",), carbon_price={Y: 0.2}, grid=("grid",))
    x = works(trade(trade(x, "coke_trade", "coke", 1.0), "grid", "power", 1.0), "furnace", iron=1, coke=-1, coal=-1, power=-1)
    x = replace(x, grid_factor={("location", Y): 0.5, ("market", Y): 0.6})
    solution = plan(existing(x, "furnace", 10.0))
    assert solution.value("cost.running")["carbon price", Y] == approx(15.8)
    assert solution.cost == approx(45.8)


def test_no_more_is_captured_than_is_left():
    """Proves: half the coal is saved, 1.5 a unit is left and capture wants 2.5: nothing is emitted, and nothing less than nothing: 0."""
    x = existing(works(plant("iron", carbon={"co2": 1.0}), "furnace", iron=1, coal=-1), "furnace", 10.0)
    x = existing(retrofit(x, "saving", "furnace", saving={"coal": 0.5}), "saving", 10.0)
    x = existing(retrofit(x, "capture", "furnace", co2=2.5), "capture", 10.0)
    assert direct(trade(x, "co2_sale", "co2", 1.0, sells=True)) >= 0
