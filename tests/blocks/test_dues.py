"""Dues: what direct emissions cost on the national market and at a border, and what that does to the plan."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import existing, factory, plan, trade, works

Y = 2026


def kiln(**numbers):
    """100 of steam: from coal at 1 (1 of CO2 each), or from biomass at 6 (none)."""
    x = factory(year_carriers=("coal", "biomass", "steam"), demand={("steam", Y): 100.0}, carbon={"coal": 1.0}, **numbers)
    x = trade(trade(x, "coal_trade", "coal", 1.0), "biomass_trade", "biomass", 6.0)
    x = works(works(x, "coal_kiln", steam=1, coal=-1), "bio_kiln", steam=1, biomass=-1)
    return existing(existing(x, "coal_kiln", 100.0), "bio_kiln", 100.0)


def test_a_deficit_is_bought_and_a_surplus_sold():
    """Proves: at 3 a unit coal stays (5 more for biomass): 100 + 3 x (100 - 80) = 160. At 6 nothing is let out and all 80 are sold: 600 - 480 = 120.

    If a surplus were worth nothing, 6 would give 600 - 0, and coal at 100 + 120 = 220 would stay.
    """
    assert plan(kiln(allowance_price={Y: 3.0}, allowance={Y: 80.0})).cost == approx(160)
    assert plan(kiln(allowance_price={Y: 6.0}, allowance={Y: 80.0})).cost == approx(120)


def test_free_allowances_do_not_steer():
    """Proves: 80 or 0 free, coal is given up at the same price; only the bill differs, by 80 x 6."""
    costs = [plan(kiln(allowance_price={Y: 6.0}, allowance={Y: free})).cost for free in (80.0, 0.0)]
    assert costs[1] - costs[0] == approx(480)


def test_credits_are_cheaper_up_to_their_limit():
    """Proves: 5 % of 100 at 1 instead of 3: 160 - 0.05 x 100 x 2 = 150. Without the limit all would cost 1: 120."""
    assert plan(kiln(allowance_price={Y: 3.0}, allowance={Y: 80.0}, credit_gain={Y: 0.05 * 2.0})).cost == approx(150)


@pytest.mark.parametrize(("free", "cost"), [(10.0, 220.0), (30.0, 160.0), (50.0, 100.0), (60.0, 100.0)])
def test_a_border_asks_for_what_is_exported_above_its_free_part(free, cost):
    """Proves: half is exported: 100 + 3 x (0.5 x 100 - free); a unit of biomass costs 5 more and saves 1.5 only.

    With 50 free it asks nothing, with 60 it pays nothing back. Paid on all emissions it would be 100 + 3 x 90.
    """
    assert plan(kiln(border_share={Y: 0.5}, border_free={Y: free}, border_price={Y: 3.0})).cost == approx(cost)


def test_a_border_steers_what_it_can():
    """Proves: at 12 each unit less saves 6 and costs 5, until nothing is owed: 20 of coal for 0.5 x 20 = 10 free: 20 + 480 = 500."""
    solution = plan(kiln(border_share={Y: 0.5}, border_free={Y: 10.0}, border_price={Y: 12.0}))
    assert solution.cost == approx(500)
    assert solution.value("emissions.direct")[Y,] == approx(20)


def test_default_values_steer_nothing():
    """Proves: what is owed by default values is paid whatever is done: 100 + 70, and coal stays."""
    solution = plan(replace(kiln(), border_fixed={Y: 70.0}))
    assert solution.cost == approx(170)
    assert solution.value("emissions.direct")[Y,] == approx(100)
