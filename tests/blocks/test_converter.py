"""Converter: what is made of what, how much, and when."""

from dataclasses import replace

from pytest import approx
from tiny import existing, factory, plan, trade, works

Y = 2026


def mill(demand, *, size=100.0, steps=2, **numbers):
    """A flat mill that makes steel of ore (1 each) and power, with a power price of 1, then 2."""
    x = factory(steps=steps, step_carriers=("power",), year_carriers=("steel", "ore"), demand={("steel", Y): demand}, **numbers)
    x = trade(trade(trade(x, "ore_port", "ore", 1.0), "grid", "power", [1, 2][:steps]), "steel_trader", "steel", 10.0)
    return existing(x, "mill", size)


def test_flows_follow_the_activity():
    """Proves: 4 of steel take 1.5 x 4 of ore: 6. Without the ratio 4, turned over 2.67."""
    assert plan(works(mill(4.0), "mill", steel=1, ore=-1.5)).cost == approx(6)


def test_a_flat_converter_makes_what_is_usable_of_its_size():
    """Proves: of 10, 0.9 are usable: 9 x 1 + 3 bought x 10 = 39. Without downtime 10 + 20 = 30."""
    x = works(mill(12.0, size=10.0, usable={"mill": 0.9}), "mill", steel=1, ore=-1)
    assert plan(x).cost == approx(39)


def test_a_flat_converter_draws_in_its_shape():
    """Proves: 4 of steel at 3 of power, a quarter at a price of 1, the rest at 2: 4 + 3 + 18 = 25.

    By halves 4 + 6 + 12 = 22; all in the cheap step 4 + 12 = 16.
    """
    x = works(mill(4.0), "mill", steel=1, ore=-1, power=-3)
    assert plan(replace(x, shape={("mill", "s0"): 0.25, ("mill", "s1"): 0.75})).cost == approx(25)


def test_a_flat_flow_sums_to_its_activity_over_weighted_steps():
    """Proves: the year's power is 4 x 3 = 12 whatever the weights: at one price of 1 the bill is 4 + 12 = 16. Unweighted 4 + 18 = 22."""
    x = mill(4.0, duration={"s0": 1.0, "s1": 2.0})
    x = works(trade(x, "grid", "power", 1.0), "mill", steel=1, ore=-1, power=-3)
    solution = plan(x)
    assert solution.cost == approx(16)
    assert solution.value("market.amount")["grid", Y] == approx(12)


def test_a_flexible_converter_follows_the_price():
    """Proves: 4 of steel, 3 an hour at most: 3 when power costs 1 and 1 when it costs 2: 4 + 3 + 2 = 9. Flat 4 + 2 + 4 = 10, unlimited 8."""
    assert plan(works(mill(4.0, size=3.0), "mill", flexible=True, steel=1, ore=-1, power=-1)).cost == approx(9)


def test_a_flexible_converter_counts_its_hours():
    """Proves: 2 an hour for 3 hours make 6 of steel of 6 of ore: 6 + 0 bought. Counted by step, 2 made and 4 bought: 42."""
    x = mill(6.0, size=2.0, steps=1, duration={"s0": 3.0})
    assert plan(works(x, "mill", flexible=True, steel=1, ore=-1)).cost == approx(6)


def test_availability_is_a_share_of_the_size():
    """Proves: a sun of 0.5, then 0, on 10 of solar: 5 and 0 made, 5 x 0 + 5 x 2 = 10 bought. Always there 0; shifted 5."""
    x = factory(steps=2, step_carriers=("power",), load={("power", Y, "s0"): 5.0, ("power", Y, "s1"): 5.0})
    x = existing(works(trade(x, "grid", "power", [1, 2]), "pv", flexible=True, power=1), "pv", 10.0)
    assert plan(replace(x, availability={("pv", "s0"): 0.5, ("pv", "s1"): 0.0})).cost == approx(10)


def test_running_cost_counts_activity_flat_or_flexible():
    """Proves: 6 of steel at 0.5 each: 6 of ore + 3 = 9 either way, though the flexible one runs 2 an hour. By step 6 + 1 = 7."""
    x = mill(6.0, size=6.0, steps=1, duration={"s0": 3.0})
    assert plan(works(x, "mill", cost=0.5, steel=1, ore=-1)).cost == approx(9)
    assert plan(works(x, "mill", flexible=True, cost=0.5, steel=1, ore=-1)).cost == approx(9)
