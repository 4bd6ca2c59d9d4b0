"""Shed: what may go unserved, up to its share, at its price, and never where supply is cheaper."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import existing, factory, plan, retrofit, trade, works


def mill(prices, **more):
    """A mill that runs flat: 4 of power in each of two steps that stand for an hour each, for 8 of yarn; grid power at ``prices``."""
    x = factory(steps=2, step_carriers=("power",), year_carriers=("yarn",), demand={("yarn", 2026): 8.0})
    x = existing(works(x, "mill", yarn=1.0, power=-1.0), "mill", 100.0)
    return replace(trade(x, "grid", "power", prices), **more)


SHED = {"sheddable": {("mill", "power"): 0.25}, "shed_cost": {("mill", 2026): 5.0}}


@pytest.mark.parametrize(("dear", "cost", "shed"), [(4.9, 4 + 4 * 4.9, 0.0), (10.0, 4 + 3 * 10 + 5, 1.0)])
def test_use_is_shed_where_supply_is_dearer_and_no_further_than_its_share(dear, cost, shed):
    """Proves: at 4.9 all 4 are bought, at 10 a quarter is shed at 5: 4 + 30 + 5 = 39. Without the share 4 + 20, without the price 4 + 30."""
    done = plan(mill([1.0, dear], **SHED))
    assert done.cost == approx(cost)
    assert done.value("shed.shed")["mill", "power", 2026, "s1"] == approx(shed)
    assert done.value("shed.shed")["mill", "power", 2026, "s0"] == approx(0)
    assert done.value("converter.activity")["mill", 2026] == approx(8)  # what shedding costs is its price, output is made all the same


def test_only_what_is_left_after_savings_can_be_shed():
    """Proves: drives save half of the power, 2 are left and a quarter of them is shed: 2 + 1.5 x 10 + 0.5 x 5 = 19.5. A quarter of 4: 17."""
    x = retrofit(mill([1.0, 10.0]), "drives", "mill", saving={"power": 0.5})
    x = existing(x, "drives", 100.0)
    assert plan(replace(x, **SHED)).cost == approx(19.5)


def test_shedding_is_paid_for_all_hours_a_step_stands_for():
    """Proves: both steps stand for three hours; 3 x (4 + 3 x 10 + 1 x 5) = 117 for three times the yarn. By the hour of the day 107."""
    x = replace(mill([1.0, 10.0], **SHED), duration={"s0": 3.0, "s1": 3.0}, demand={("yarn", 2026): 24.0})
    x = replace(x, shape={("mill", s): 1 / 6 for s in x.steps})
    assert plan(x).cost == approx(117)


def test_fixed_use_is_cut_up_to_its_share():
    """Proves: of 4 that are needed half may be cut at 6; at a price of 9 that is done, at 5 it is not: 4 x 5 + 2 x 9 + 2 x 6 = 50."""
    x = factory(steps=2, step_carriers=("power",), load={("power", 2026, s): 4.0 for s in ("s0", "s1")})
    x = replace(trade(x, "grid", "power", [5.0, 9.0]), unserved_share={"power": 0.5}, unserved_cost={("power", 2026): 6.0})
    done = plan(x)
    assert done.cost == approx(50)
    assert [done.value("shed.cut")["power", 2026, s] for s in x.steps] == approx([0, 2])


def test_a_delivery_falls_short_up_to_its_share():
    """Proves: yarn costs 1.5 of power each; of 8 a tenth may fall short at 1.2: 7.2 x 1.5 + 0.8 x 1.2 = 11.76. At 1.6 all is made: 12."""
    x = replace(mill([1.5, 1.5]), unserved_share={"yarn": 0.1})
    assert plan(replace(x, unserved_cost={("yarn", 2026): 1.2})).cost == approx(11.76)
    assert plan(replace(x, unserved_cost={("yarn", 2026): 1.6})).cost == approx(12)


def test_nothing_may_go_unserved_unless_the_data_say_so():
    """Proves: without a share there is no row and no column of shedding, whatever it would cost."""
    done = plan(mill([1.0, 1e6]))
    assert done.cost == approx(4 + 4e6)
    assert not any(len(table) for name, table in done.tables.items() if name.startswith("shed."))
