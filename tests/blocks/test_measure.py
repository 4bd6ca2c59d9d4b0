"""Measure: retrofits cover a host, save on what remains, and die with it."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works


def furnace(years=(2026,), until=None, **numbers):
    """A furnace that makes 100 of iron a year of 100 of coke at 1; steam sells at 1, iron can be bought at 5."""
    x = factory(years=years, year_carriers=("iron", "coke", "steam"), demand={("iron", y): 100.0 for y in years}, **numbers)
    x = trade(trade(trade(x, "coke_trade", "coke", 1.0), "iron_trade", "iron", 5.0), "steam_net", "steam", 1.0, sells=True)
    return existing(works(x, "furnace", iron=1, coke=-1), "furnace", 200.0, until=until)


def test_a_measure_covers_no_more_than_its_host_does():
    """Proves: 1000 of heat recovery on 100 of iron sell 100 of steam: 100 - 100 = 0. By its own size 100 - 1000 = -900; by the host's size -100."""
    assert plan(existing(retrofit(furnace(), "recovery", "furnace", steam=1), "recovery", 1000.0)).cost == approx(0)


def test_a_measure_covers_no_more_than_was_built_of_it():
    """Proves: 30 built at 0.5: 15 + 100 - 30 = 85. Without the limit of its size 0."""
    x = candidate(retrofit(furnace(), "recovery", "furnace", steam=1), "recovery", price=0.5, max_size=30.0)
    assert plan(x).cost == approx(85)


def test_a_measure_covers_no_more_than_its_share_of_the_host():
    """Proves: it fits 0.4 of the host: 100 - 40 = 60. Without the share 0."""
    assert plan(existing(retrofit(furnace(), "recovery", "furnace", uptake=0.4, steam=1), "recovery", 1000.0)).cost == approx(60)


def test_a_measure_may_idle():
    """Proves: recovery that costs 3 a unit to run and brings 1 stands still: 100. Forced to run 100 - 100 + 300."""
    x = existing(retrofit(furnace(), "recovery", "furnace", steam=1), "recovery", 100.0)
    assert plan(replace(x, variable_cost={("recovery", 2026): 3.0})).cost == approx(100)


def saving(shares, uptake=1.0):
    x = furnace()
    for name, share in shares.items():
        x = existing(retrofit(x, name, "furnace", saving={"coke": share}, uptake=uptake), name, 1000.0)
    return x


def test_two_savings_of_ten_percent_give_nineteen():
    """Proves: the second saves a tenth of what the first has left: 100 x 0.9 x 0.9 = 81. Added up 80."""
    assert plan(saving({"a": 0.1, "b": 0.1})).cost == approx(81)


def test_the_order_of_savings_does_not_matter():
    """Proves: 0.9 x 0.8 = 0.8 x 0.9: 72 both ways. Added up 70."""
    assert plan(saving({"a": 0.1, "b": 0.2})).cost == approx(72)
    assert plan(saving({"b": 0.2, "a": 0.1})).cost == approx(72)


def test_three_savings():
    """Proves: 100 x 0.9^3 = 72.9. Added up 70; the third blind to the first 71.9."""
    assert plan(saving({"a": 0.1, "b": 0.1, "c": 0.1})).cost == approx(72.9)


def test_savings_on_what_remains_with_partial_uptake():
    """Proves: 20 % on half the host is 10 % of what remains: 100 x 0.9 x 0.9 = 81. Added up 80, full uptake 64, first saving twice 80.

    The two halves are taken to overlap at random, neither nested (82) nor apart (80).
    """
    assert plan(saving({"a": 0.2, "b": 0.2}, uptake=0.5)).cost == approx(81)


def test_a_later_saving_needs_no_earlier_one():
    """Proves: what may save first is not built, so the second saves its full 20 %: 80. As if the first were there 82."""
    x = candidate(retrofit(furnace(), "a", "furnace", saving={"coke": 0.1}), "a", price=1.0)
    assert plan(existing(retrofit(x, "b", "furnace", saving={"coke": 0.2}), "b", 1000.0)).cost == approx(80)


def test_measures_share_a_potential():
    """Proves: two ways to use one exhaust use it once: 100 - 100 = 0. Each on its own -100."""
    x = retrofit(retrofit(furnace(), "boiler", "furnace", steam=1), "turbine", "furnace", steam=1)
    x = existing(existing(x, "boiler", 1000.0), "turbine", 1000.0)
    both = (("boiler", "furnace"), ("turbine", "furnace"))
    assert plan(replace(x, potential={"exhaust of furnace": both})).cost == approx(0)
    assert plan(x).cost == approx(-100)  # the broken model, built on purpose


def test_a_measure_dies_with_its_host():
    """Proves: the furnace ends with 2026; in 2027 iron is bought at 5 and no steam is sold.

    2026: 100 - 100; 2027: 500; together 500. Steam without a furnace 400.
    """
    x = retrofit(furnace(years=(2026, 2027), until=2026), "recovery", "furnace", steam=1)
    assert plan(existing(x, "recovery", 1000.0)).cost == approx(500)


def test_a_measure_dies_with_a_host_that_retires():
    """Proves: a furnace that costs 10 a size to keep retires, and its recovery saves nothing more: 500. Otherwise 500 - 100 = 400."""
    x = retrofit(furnace(), "recovery", "furnace", steam=1)
    x = replace(existing(x, "recovery", 1000.0), retirements=(("furnace", 2026),), fixed_cost={("furnace", 2026): 10.0})
    assert plan(x).cost == approx(500)


def test_a_site_wide_measure_covers_all_its_hosts():
    """Proves: one energy management of 7 saves a tenth at two furnaces of 100 and 50: 7 + 90 + 45 = 142.

    On one host alone 147 or 152; paid for each 149.
    """
    x = furnace()
    x = existing(
        works(replace(x, year_carriers=(*x.year_carriers, "glass"), demand={("iron", 2026): 100.0, ("glass", 2026): 50.0}), "kiln", glass=1, coke=-1),
        "kiln",
        60.0,
    )
    x = retrofit(x, "management", "furnace", "kiln", saving={"coke": 0.1}, reach=1000.0)
    assert plan(candidate(x, "management", price=7.0, module=1.0, max_size=1.0)).cost == approx(142)


@pytest.mark.parametrize(("share", "cost"), [(0.0, 200.0), (0.1, 180.0)])
def test_power_is_saved_in_the_shape_of_the_host(share, cost):
    """Proves: 100 of power, a half at 1 and a half at 3, is 200; a tenth less of each step 180. All in the dear step 170, in the cheap one 190."""
    x = factory(steps=2, step_carriers=("power",), year_carriers=("iron",), demand={("iron", 2026): 100.0})
    x = existing(works(trade(x, "grid", "power", [1, 3]), "furnace", iron=1, power=-1), "furnace", 100.0)
    assert plan(existing(retrofit(x, "drives", "furnace", saving={"power": share}), "drives", 100.0)).cost == approx(cost)


def test_a_measure_may_change_flows_and_save_at_once():
    """Proves: recovery sells steam 1 and saves a tenth of the coke: 90 - 100 = -10. One of the two alone 0 or 90."""
    x = retrofit(furnace(), "recovery", "furnace", saving={"coke": 0.1}, steam=1)
    assert plan(existing(x, "recovery", 100.0)).cost == approx(-10)


def test_power_is_made_in_the_shape_of_the_host():
    """Proves: a turbine on 100 of iron makes 0.2 each, a quarter at a price of 1 and the rest at 3: 250 - 5 - 45 = 200.

    By halves 210, as if every step held the whole year 170.
    """
    x = factory(steps=2, step_carriers=("power",), year_carriers=("iron",), demand={("iron", 2026): 100.0})
    x = existing(works(trade(x, "grid", "power", [1, 3]), "furnace", iron=1, power=-1), "furnace", 100.0)
    x = existing(retrofit(x, "turbine", "furnace", power=0.2), "turbine", 100.0)
    assert plan(replace(x, shape={("furnace", "s0"): 0.25, ("furnace", "s1"): 0.75})).cost == approx(200)


def test_a_later_saving_on_half_the_host_saves_on_what_is_left_there():
    """Proves: a tenth everywhere, then a tenth of what is left on half the host: 100 x 0.9 x 0.95 = 85.5. Blind to the first 85."""
    x = existing(retrofit(furnace(), "a", "furnace", saving={"coke": 0.1}), "a", 1000.0)
    assert plan(existing(retrofit(x, "b", "furnace", saving={"coke": 0.1}), "b", 50.0)).cost == approx(85.5)


def test_measures_replace_no_more_than_the_host_uses():
    """Proves: two measures that each put 0.8 of coal in place of 0.8 of coke replace 1.0 together: 100 x 0.5 = 50 of coal, no coke to sell."""
    x = furnace()
    x = trade(trade(replace(x, year_carriers=(*x.year_carriers, "coal")), "coal_trade", "coal", 0.5), "coke_sale", "coke", 0.9, sells=True)
    for name in ("a", "b"):
        x = existing(retrofit(x, name, "furnace", coke=0.8, coal=-0.8), name, 1000.0)
    assert plan(x).cost == approx(50)


def test_a_measure_changes_what_another_measures_host_does():
    """Proves: a saver on the mill halves the 10 of steel it takes, so the furnace makes 5 and a turbine on the furnace gives 5 of power, sold at 1.

    Steel is made at 3: 15 - 5 = 10. A turbine that went by what the furnace made before would earn 10: 5.
    """
    x = factory(year_carriers=("steel", "coil", "power"), demand={("coil", 2026): 10.0})
    x = existing(existing(works(works(x, "furnace", steel=1, cost=3.0), "mill", coil=1, steel=-1), "furnace", 100.0), "mill", 100.0)
    x = retrofit(retrofit(x, "saver", "mill", saving={"steel": 0.5}), "turbine", "furnace", power=1.0)
    x = trade(existing(existing(x, "saver", 100.0), "turbine", 100.0), "export", "power", 1.0, sells=True)
    solution = plan(x)
    assert solution.cost == approx(10)
    assert solution.value("market.amount")["export", 2026] == approx(5)
