"""Cost: when money is paid, what is left at the end, and that the parts make the whole."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

from models.example import example
from planner.money import Horizon

R = 0.1


def boiler(horizon, *, life, lead=0, price=100.0, first=None, **numbers):
    """A use of 1 that only a boiler of size 1 can serve, with fuel at 10 a year; all money as ``horizon`` says."""
    years = horizon.years
    numbers = {
        "discount_start": {y: horizon.at_start(y) for y in years}, "discount_end": {y: horizon.at_end(y) for y in years},
        "demand": {("steam", y): 1.0 for y in years if y >= (first or years[0])},
    } | numbers  # fmt: skip
    x = factory(years=years, year_carriers=("steam", "fuel"), **numbers)
    x = candidate(
        works(trade(x, "fuel_trade", "fuel", 10.0), "boiler", steam=1, fuel=-1), "boiler", price=price, life=life, from_year=first, max_size=1.0
    )
    return replace(
        x,
        paid={("boiler", v, y): share for _, v in x.builds for y, share in horizon.payments(v, lead).items()},
        credit={("boiler", v): horizon.credit(v, life) for _, v in x.builds},
    )


def test_investment_is_paid_at_the_start_and_running_cost_at_the_end():
    """Proves: 100 today and 10 in a year: 100 + 10 / 1.1 = 109.09. Both today 110, both at the end 100."""
    assert plan(boiler(Horizon(2026, 2026, R), life=1)).cost == approx(100 + 10 / 1.1)


def test_each_year_is_discounted_once_more():
    """Proves: three years of 10: 10 / 1.1 + 10 / 1.21 + 10 / 1.331 = 24.87. Undiscounted 30, a year late 22.61."""
    assert plan(boiler(Horizon(2026, 2028, R), life=3)).cost == approx(100 + 10 * (1.1**-1 + 1.1**-2 + 1.1**-3))


def test_investment_is_spread_over_the_lead_time():
    """Proves: two years of building before 2028: half at the start of 2027 and half at the start of 2028, with 10 at the end of 2028.

    50 / 1.1 + 50 / 1.21 + 10 / 1.331 = 94.29. All at the start of 2028 90.16, all today 107.51.
    """
    x = boiler(Horizon(2026, 2028, R), life=1, lead=2, first=2028)
    solution = plan(x)
    assert solution.cost == approx(50 / 1.1 + 50 / 1.21 + 10 / 1.331)
    paid = solution.value("cost.investing")
    assert [paid["boiler", y] for y in (2026, 2027, 2028)] == approx([0, 50, 50])


def test_the_end_of_the_horizon_credits_the_annuities_to_come():
    """Proves: a life of 5 in a horizon of 3 leaves two annuities: 100 x a x (1.1^-4 + 1.1^-5), a = 0.1 / (1 - 1.1^-5).

    Net investment 65.60. Without credit 100; by straight line 69.95; annuities valued at the end but not brought to today 54.2.
    """
    annuity = 0.1 / (1 - 1.1**-5)
    x = boiler(Horizon(2026, 2028, R, "annuity"), life=5)
    left = 100 * annuity * (1.1**-4 + 1.1**-5)
    assert left == approx(100 - 65.60, abs=0.01)
    assert plan(x).cost == approx(100 - left + 10 * (1.1**-1 + 1.1**-2 + 1.1**-3))


def test_the_end_of_the_horizon_credits_by_straight_line():
    """Proves: two fifths of the life are left after three years: 100 x 2 / 5 / 1.1^3 = 30.05. Not brought to today 40, by years used 45.08."""
    x = boiler(Horizon(2026, 2028, R, "straight_line"), life=5)
    assert plan(x).cost == approx(100 - 100 * 2 / 5 / 1.1**3 + 10 * (1.1**-1 + 1.1**-2 + 1.1**-3))


@pytest.mark.parametrize("rule", ["annuity", "straight_line"])
def test_without_interest_a_year_costs_an_nth(rule):
    """Proves: at zero interest one year of a life of 20 costs 100 / 20 = 5 by either rule, and the fuel 10. Without credit 110."""
    assert plan(boiler(Horizon(2026, 2026, 0.0, rule), life=20)).cost == approx(15)


def test_what_ends_with_the_horizon_leaves_nothing():
    """Proves: a life of 3 in a horizon of 3, and one of 2 followed by another of 2 of which 1 year is left: 100 / 2 / 1 at no interest.

    100 + 30 and 100 + 100 - 50 + 30. A credit for the first would make it negative or below 130.
    """
    assert plan(boiler(Horizon(2026, 2028, 0.0), life=3)).cost == approx(130)
    twice = replace(boiler(Horizon(2026, 2028, 0.0), life=2), max_size={"boiler": 2.0})
    assert plan(twice).cost == approx(180)


def test_tail_years_repeat_the_last_year():
    """Proves: two tail years pay the last year's 10 three times in all, discounted on, and the credit begins after them.

    At 10 %: 10 x (1.1^-1 + ... + 1.1^-4) = 31.70 and 100 - 100 a x 1.1^-5; without a tail two payments, 17.36.
    """
    annuity = 0.1 / (1 - 1.1**-5)
    x = boiler(Horizon(2026, 2027, R, tail_years=2), life=5)
    assert plan(x).cost == approx(100 - 100 * annuity * 1.1**-5 + 10 * sum(1.1**-n for n in (1, 2, 3, 4)))


@pytest.mark.parametrize("years", [1, 2, 5, 10])
@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1])
def test_one_year_and_many_agree(years, rate):
    """Proves: with constant data the annual cost is annuity x investment + fuel, whatever the horizon: the credit makes no year cheap.

    100 x a(20) + 10 at the year's end. With investment paid at the end, or no credit, one year and ten differ.
    """
    annuity = rate / (1 - (1 + rate) ** -20) if rate else 1 / 20
    solution = plan(boiler(Horizon(2026, 2025 + years, rate), life=20))
    worth = sum((1 + rate) ** -n for n in range(1, years + 1))
    assert solution.cost / worth == approx(100 * annuity + 10)


def test_cheaper_later_is_a_reason_to_wait():
    """Proves: the boiler is needed in 2027 only and costs 100, then 90: 90 / 1.1 + 10 / 1.21 is paid. Priced by the first year 100 / 1.1."""
    x = boiler(Horizon(2026, 2027, R), life=1)
    x = replace(x, demand={("steam", 2027): 1.0}, investment={("boiler", 2026): 100.0, ("boiler", 2027): 90.0})
    assert plan(x).cost == approx(90 / 1.1 + 10 / 1.21)


def test_a_renewal_is_paid_when_its_outage_starts_and_leaves_its_credit():
    """Proves: 40 at the start of 2027, less 15 (today's) left of it, fuel in both years: 40 / 1.1 - 15 + 10 / 1.1 + 10 / 1.21. Paid today 40."""
    horizon = Horizon(2026, 2027, R)
    x = replace(boiler(horizon, life=1), builds=(), vintages={}, max_size={}, investment={}, paid={}, credit={})
    x = existing(x, "boiler", 1.0, until=2026, renewals={"boiler": 2027}, renewed_alive={("boiler", 2027): 1.0})
    x = replace(x, renewal_investment={"boiler": 40.0}, renewal_credit={"boiler": 15.0})
    assert plan(x).cost == approx(40 / 1.1 - 15 + 10 / 1.1 + 10 / 1.21)


def test_fixed_cost_is_paid_for_size_and_not_for_use():
    """Proves: a spare boiler of 3 beside a use of 1 at 2 a size: 6 + 10 = 16. By activity 12."""
    x = factory(year_carriers=("steam", "fuel"), demand={("steam", 2026): 1.0}, fixed_cost={("boiler", 2026): 2.0})
    x = existing(works(trade(x, "fuel_trade", "fuel", 10.0), "boiler", steam=1, fuel=-1), "boiler", 3.0)
    assert plan(x).cost == approx(16)


def test_income_is_a_negative_cost():
    """Proves: 3 of steam at a fuel of 10 and a price of 12, limited by the boiler: 30 - 36 = -6. Counted as cost 66."""
    x = factory(year_carriers=("steam", "fuel"))
    x = trade(trade(x, "fuel_trade", "fuel", 10.0), "steam_net", "steam", 12.0, sells=True)
    solution = plan(existing(works(x, "boiler", steam=1, fuel=-1), "boiler", 3.0))
    assert solution.cost == approx(-6)
    assert solution.value("cost.running")["steam_net", 2026] == approx(-36)


def test_cost_parts_sum_to_the_objective():
    """Proves: in a factory with everything, each part times its discount factor, and investment, less credits, is the objective to 1e-9.

    A part forgotten in the table, or counted twice, breaks the sum.
    """
    x = example()
    solution = plan(x)
    running = sum(x.discount_end[y] * v for (_, y), v in solution.value("cost.running").items())
    invested = sum(x.discount_start[y] * v for (_, y), v in solution.value("cost.investing").items())
    credited = sum(solution.value("cost.credited").values())
    assert invested > 0
    assert credited > 0
    assert {"grid", "wind contract", "border", "carbon market"} <= {p for (p, _), v in solution.value("cost.running").items() if abs(v) > 1e-9}
    assert solution.cost == approx(invested + running - credited, rel=1e-9)
