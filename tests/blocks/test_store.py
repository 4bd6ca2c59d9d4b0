"""Store: efficiencies, losses, power, and days that do not mix."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade

STORE = {"charge_efficiency": 1.0, "discharge_efficiency": 1.0, "standing_loss": 0.0, "store_hours": 1.0}


def warehouse(load, price, *, size=1e3, hours=None, **numbers):
    """A store between a grid at ``price`` and a use of ``load``, one number a step."""
    x = factory(steps=len(load), step_carriers=("power",), load={("power", 2026, f"s{n}"): v for n, v in enumerate(load)})
    x = existing(trade(x, "grid", "power", price), "battery", size, stores={"battery": "power"})
    x = replace(x, **{name: {"battery": v} for name, v in (STORE | numbers).items()})
    length = dict(zip(x.steps, hours or [1.0] * len(load), strict=True))
    return replace(x, hours=length, duration=length)


def test_both_efficiencies_count():
    """Proves: charging is multiplied by its efficiency and discharging divided by its own.

    72 needed when power is dear, 0.9 in, 0.8 out: 72 / 0.8 / 0.9 = 100 bought at 1.
    Without the first 90, without the second 80, without both 72.
    """
    assert plan(warehouse([0, 72], [1, 1000], charge_efficiency=0.9, discharge_efficiency=0.8)).cost == approx(100)


def test_a_store_carries_nothing_between_days_of_different_weight():
    """Proves: every day ends as it began. Day A (weight 1) is cheap, day B (weight 10) needs 5 at a price of 100.

    B must buy its own: 5 x 10 x 100 = 5000. With one chain through both days, 5 x 1 x 1 = 5: energy for nothing.
    """
    x = warehouse([0, 0, 0, 5], [1, 1, 100, 100])
    x = replace(x, duration={"s0": 1.0, "s1": 1.0, "s2": 10.0, "s3": 10.0})
    days = {"s0": "s1", "s1": "s0", "s2": "s3", "s3": "s2"}
    assert plan(replace(x, previous=days)).cost == approx(5000)
    assert plan(x).cost == approx(5)  # the broken model, built on purpose


def test_a_day_begins_with_what_its_end_left():
    """Proves: the first hour may use what the last one stored, and no more: 72 x 1. Starting full 0, starting empty 72000."""
    assert plan(warehouse([72, 0], [1000, 1])).cost == approx(72)


def test_a_charge_of_two_hours_stores_twice_its_power():
    """Proves: levels count hours. 36 over two hours fill 72: 36 x 2 x 1 = 72. Levels counted by step: 72 x 2 = 144."""
    assert plan(warehouse([0, 72], [1, 1000], hours=[2.0, 1.0])).cost == approx(72)


def test_standing_loss_compounds_over_a_long_segment():
    """Proves: a segment of two hours keeps 0.9 x 0.9, the last hour 0.9: 72 / 0.729 = 98.765 bought at 1.

    Linear in the segment (1 - 2 x 0.1): 100. By step, whatever its length: 88.889. No loss: 72.
    """
    assert plan(warehouse([0, 0, 72], [1, 1000, 1000], hours=[1.0, 2.0, 1.0], standing_loss=0.1)).cost == approx(72 / 0.9**3)


def test_power_of_its_own_is_a_second_size():
    """Proves: 72 are moved from 1 to 1000 over two dear hours: energy of 72 at 0.1, power of 36 at 2: 72 + 7.2 + 72 = 151.2.

    Power tied to the energy by one full hour costs nothing more: 79.2. Two full hours: 79.2 as well, four: 86.4.
    """
    x = warehouse([0, 36, 36], [1, 1000, 1000], hours=[2.0, 1.0, 1.0], size=0.0)
    x = replace(x, existing={}, alive={}, store_hours={}, store_power={"battery": ("inverter",)})
    x = candidate(candidate(replace(x, assets=()), "battery", price=0.1), "inverter", price=2.0)
    done = plan(x)
    assert done.cost == approx(72 + 7.2 + 72)
    assert done.value("capacity.size")["inverter", 2026] == approx(36)
    assert plan(replace(x, store_hours={"battery": 2.0}, store_power={})).cost == approx(79.2)


def test_a_store_holds_no_more_than_its_size():
    """Proves: 50 of 72 come from the store, fast as it is: 50 x 1 + 22 x 10 = 270. Without the limit 72."""
    assert plan(warehouse([0, 72], [1, 10], size=50, store_hours=0.5)).cost == approx(270)


def test_discharging_is_limited_by_power():
    """Proves: a store of 72 and two hours gives 36 an hour: 36 x 1 + 36 x 10 = 396, though filled over two hours. Without 72."""
    assert plan(warehouse([0, 72], [1, 10], size=72, hours=[2.0, 1.0], store_hours=2.0)).cost == approx(396)


def test_charging_is_limited_by_power():
    """Proves: in one hour 36 go in, though 72 could come out over two: 36 x 1 + (72 - 36) x 10 = 396. Without 72."""
    assert plan(warehouse([0, 36], [1, 10], size=72, hours=[1.0, 2.0], store_hours=2.0)).cost == approx(396)


@pytest.mark.parametrize(("wear", "cost"), [(0.0, 80.0), (0.5, 120.0)])
def test_wear_is_paid_on_what_comes_out(wear, cost):
    """Proves: 80 in, 80 out at a wear of 0.5: 80 + 40 = 120. Paid on both ways 160, on neither 80."""
    x = warehouse([0, 80], [1, 10])
    assert plan(replace(x, variable_cost={("battery", 2026): wear})).cost == approx(cost)


def test_wear_is_weighted_like_energy():
    """Proves: a day that stands for three wears three times: 80 x 3 bought at 1 and 80 x 3 x 0.5: 240 + 120 = 360. Unweighted 280."""
    x = warehouse([0, 80], [1, 10])
    assert plan(replace(x, duration={"s0": 3.0, "s1": 3.0}, variable_cost={("battery", 2026): 0.5})).cost == approx(360)
