"""Frame: hours and weights."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, factory, plan, trade, works


def two_steps(duration):
    x = factory(steps=2, step_carriers=("power",), load={("power", 2026, s): 10.0 for s in ("s0", "s1")})
    return trade(replace(x, duration=dict(zip(x.steps, duration, strict=True))), "grid", "power", 1.0)


def test_a_step_of_two_hours_costs_twice_a_step_of_one():
    """Proves: energy is power times duration. 10 x 1 + 10 x 2 = 30. Without durations 20."""
    assert plan(two_steps((1.0, 2.0))).cost == approx(30)


def test_weights_scale_energy_and_not_sizes():
    """Proves: a day that stands for seven needs seven times the fuel, not seven boilers.

    Boiler of 10 at 3 a size = 30, fuel 10 x 7 x 1 = 70 in all: 100. Sizes weighted too: 210 + 70 = 280; nothing weighted: 40.
    """
    x = factory(step_carriers=("steam", "gas"), load={("steam", 2026, "s0"): 10.0}, duration={"s0": 7.0})
    x = candidate(works(trade(x, "gas_grid", "gas", 1.0), "boiler", flexible=True, steam=1, gas=-1), "boiler", price=3.0)
    solution = plan(x)
    assert solution.cost == approx(100)
    assert solution.value("capacity.size")["boiler", 2026] == approx(10)


def test_segments_are_worth_the_hours_they_merge():
    """Proves: two hours of 10 merged into one segment of two give the same bill. 10 x 1 + 10 x 1 = 10 x 2 = 20. By count of steps 10."""
    hours = plan(two_steps((1.0, 1.0)))
    merged = trade(
        factory(step_carriers=("power",), load={("power", 2026, "s0"): 10.0}, duration={"s0": 2.0}, hours={"s0": 2.0}), "grid", "power", 1.0
    )
    assert plan(merged).cost == approx(hours.cost) == approx(20)
