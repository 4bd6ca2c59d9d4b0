"""Balance: nothing appears, nothing disappears."""

import pytest
from pytest import approx
from tiny import existing, factory, plan, trade, works

Y = 2026


def test_a_step_carrier_balances_in_every_step():
    """Proves: 10 of sun in the first step do not serve the second: 5 x 1 = 5 bought. Balanced over the day 0."""
    x = factory(steps=2, step_carriers=("power",), load={("power", Y, "s0"): 5.0, ("power", Y, "s1"): 5.0})
    x = works(trade(x, "grid", "power", 1.0), "pv", flexible=True, power=1)
    assert plan(existing(x, "pv", 10.0, availability={("pv", "s0"): 1.0, ("pv", "s1"): 0.0})).cost == approx(5)


def test_a_year_carrier_balances_over_the_year():
    """Proves: hydrogen made when power costs 1 serves the year: 4 x 1 = 4. Balanced in every step 2 x 1 + 2 x 9 = 20."""
    x = factory(steps=2, step_carriers=("power",), year_carriers=("hydrogen",), demand={("hydrogen", Y): 4.0})
    x = works(trade(x, "grid", "power", [1, 9]), "electrolyser", flexible=True, hydrogen=1, power=-1)
    assert plan(existing(x, "electrolyser", 4.0)).cost == approx(4)


@pytest.mark.parametrize(("vent", "status"), [(False, "infeasible"), (True, "optimal")])
def test_what_is_made_must_go_somewhere(vent, status):
    """Proves: furnace gas nobody takes stops the furnace; with a vent it runs. An inequality would lose the gas without a word."""
    x = factory(year_carriers=("iron", "gas"), demand={("iron", Y): 10.0})
    x = existing(works(x, "furnace", iron=1, gas=0.5), "furnace", 10.0)
    assert plan(trade(x, "vent", "gas", 0.0, sells=True) if vent else x).status == status


@pytest.mark.parametrize(("vent", "status"), [(False, "infeasible"), (True, "optimal")])
def test_what_is_made_in_a_step_must_go_somewhere_then(vent, status):
    """Proves: a flat furnace makes 1 of gas an hour, the night uses none of it: without a flare there is no plan. An inequality would lose it."""
    x = factory(steps=2, step_carriers=("gas",), year_carriers=("iron",), demand={("iron", Y): 10.0}, load={("gas", Y, "s1"): 1.0})
    x = existing(works(x, "furnace", iron=1, gas=0.2), "furnace", 10.0)
    assert plan(trade(x, "flare", "gas", 0.0, sells=True) if vent else x).status == status


def test_two_ways_of_counting_one_flow_agree():
    """Proves: what a flat works makes by the year and a flexible one uses by the step is the same amount.

    6 of gas by a flat oven over 1 + 2 hours = 2 an hour; a boiler makes 6 of steam of it, worth 6. Counted by step 4.
    """
    x = factory(steps=2, step_carriers=("gas",), year_carriers=("coke", "steam"), demand={("coke", Y): 6.0}, duration={"s0": 1.0, "s1": 2.0})
    x = works(works(x, "oven", coke=1, gas=1), "boiler", flexible=True, steam=1, gas=-1)
    x = trade(existing(existing(x, "oven", 10.0), "boiler", 10.0), "steam_net", "steam", 1.0, sells=True)
    solution = plan(x)
    assert solution.cost == approx(-6)
    assert solution.value("converter.output")["boiler", Y, "s1"] == approx(2)
