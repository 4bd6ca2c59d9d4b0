"""Demand: a month's highest step, how it is billed, and what bills remember."""

from dataclasses import replace

from pytest import approx
from tiny import factory, plan, trade

Y = 2026


def use(*load, **numbers):
    return factory(steps=len(load), step_carriers=("power",), load={("power", Y, f"s{n}"): v for n, v in enumerate(load)}, **numbers)


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


def test_all_purchases_through_the_meter_make_the_peak():
    """Proves: 4 of 9 come by contract through the same meter: still 9 x 2 x 12 = 216. The grid's own purchase alone: 5 x 2 x 12 = 120."""
    x = trade(trade(use(9.0), "grid", "power", 1.0), "wind", "power", 0.0, limit=4.0)
    x = replace(x, demand_charge={("grid", Y): 2.0}, metered={"grid": ("grid", "wind")})
    assert plan(x).cost == approx(216 + 5)


def monthly(*load, **numbers):
    """One step a month, whose load is the month's peak; energy is free."""
    names = [f"s{n}" for n in range(len(load))]
    x = trade(use(*load, billing={s: s for s in names}, months=dict.fromkeys(names, 1.0)), "grid", "power", 0.0)
    return replace(x, demand_charge={("grid", Y): 1.0}, **numbers)


def test_a_ratchet_remembers_the_highest_month():
    """Proves: peaks of 10 and 2 with a ratchet of 50 %: 10 + 5 = 15. Without it 12; if the low month pulled the high one down 6."""
    both = {("grid", i, n): 0.5 for i in ("s0", "s1") for n in ("s0", "s1")}
    assert plan(monthly(10.0, 2.0, ratchet=both)).cost == approx(15)


def test_a_ratchet_looks_only_where_it_is_told():
    """Proves: the first month remembers nothing of the second: 2 + 10 = 12. Looking both ways 15."""
    assert plan(monthly(2.0, 10.0, ratchet={("grid", "s1", "s0"): 0.5})).cost == approx(12)


def test_bills_split_months_that_share_a_peak():
    """Proves: three months peak at 10 once; one of them is billed a quarter of the winter's 80: 2 x 10 + 20, and 80: 120. One bill for all three 60 + 80."""
    x = monthly(10.0, 80.0)
    x = replace(x, months={"s0": 3.0, "s1": 1.0}, bills={"early": ("s0", 2.0), "late": ("s0", 1.0), "s1": ("s1", 1.0)})
    assert plan(replace(x, ratchet={("grid", "late", "s1"): 0.25})).cost == approx(120)


def test_the_first_kilowatts_may_be_cheaper():
    """Proves: 10 in a month, the first 4 at half the charge: 2 + 6 = 8. All at the charge 10, all at half 5."""
    x = monthly(10.0, demand_rate={("grid", "s0", "first"): 0.5, ("grid", "s0", "rest"): 1.0}, demand_width={("grid", "first"): 4.0})
    assert plan(x).cost == approx(8)


def test_months_have_their_own_rates():
    """Proves: 10 at three times and 2 at once the charge: 32. One rate for both 12 or 36."""
    x = monthly(10.0, 2.0, demand_rate={("grid", "s0", "all"): 3.0, ("grid", "s1", "all"): 1.0})
    assert plan(x).cost == approx(32)


def test_a_system_peak_is_paid_on_its_own_hours():
    """Proves: 9 at noon, 4 in the hours of the system's peak: 4 x 7 = 28 on top of 9 x 12 months x 1. On the highest hour 63; on both called hours 7 x (4 + 3)."""
    x = trade(use(9.0, 4.0, 3.0), "grid", "power", 0.0)
    x = replace(
        x, demand_charge={("grid", Y): 1.0}, events={("grid", "evening", s): 1.0 for s in ("s1", "s2")}, event_price={("grid", "evening", Y): 7.0}
    )
    assert plan(x).cost == approx(9 * 12 + 28)


def china(*load, options, transformer=20.0, charge=40.0, fee=25.0):
    """Charge by metered or contracted kW, fee by kVA of the transformer; contract at least 40 %, double above 105 %."""
    x = monthly(*load)
    return replace(
        x, demand_charge={("grid", Y): charge}, demand_options={"grid": options}, demand_limit={"grid": transformer},
        contract_price={("grid", Y): charge}, excess_price={("grid", Y): 2 * charge}, contract_floor={"grid": 0.4 * transformer},
        contract_headroom={"grid": 1.05}, capacity_fee={("grid", Y): fee * transformer},
    )  # fmt: skip


def test_the_transformers_are_billed_whatever_is_bought():
    """Proves: 20 MVA at 25 in each of two months: 1000, though 10 and 2 were bought. By metered demand 480."""
    assert plan(china(10.0, 2.0, options=("capacity",))).cost == approx(1000)


def test_a_contract_is_one_for_the_year_and_its_excess_costs_double():
    """Proves: peaks of 12.5, 10 and 10. A contract of 10 lets 10.5 pass; 2 more cost 80 each: 3 x 400 + 160 = 1360.

    Raising it to 12.5 / 1.05 = 11.905 costs 3 x 40 a unit against 84 saved: no. Billed by month 1300, excess at the single price 1280.
    """
    found = plan(china(12.5, 10.0, 10.0, options=("contract",)))
    assert found.cost == approx(3 * 40 * 10 / 1.05 + 80 * 2.5)  # 10 / 1.05 = 9.524 is enough for the common months
    assert found.value("demand.contract")["grid", Y] == approx(10 / 1.05)


def test_a_contract_is_no_smaller_than_its_share_of_the_transformers():
    """Proves: 2 and 1 are bought, 40 % of 20 are billed: 8 x 40 x 2 = 640. Without the floor 2 / 1.05 x 40 x 2 or less."""
    assert plan(china(2.0, 1.0, options=("contract",))).cost == approx(640)


def test_the_cheaper_way_to_be_billed_is_chosen_and_wholly():
    """Proves: with 10 and 2 bought the meter is cheaper, 480 against 1000; with 18 and 19 the transformers, 1000 against 1480.

    A choice by halves would bill 10 of 20 by the transformer at 25: (10 + 2) x 25 = 300 in the first case.
    """
    assert plan(china(10.0, 2.0, options=("metered", "capacity"))).cost == approx(480)
    assert plan(china(18.0, 19.0, options=("metered", "capacity"))).cost == approx(1000)


def test_a_step_of_two_hours_has_no_higher_demand():
    """Proves: 5 over two hours is a demand of 5: 5 x 2 x 12 = 120. Counted as energy of the step 240."""
    x = trade(use(5.0, hours={"s0": 2.0}, duration={"s0": 2.0}), "grid", "power", 0.0)
    assert plan(replace(x, demand_charge={("grid", Y): 2.0})).cost == approx(120)
