"""Money: annuities, residual values, currencies, price years, tax and inflation, against published numbers and by hand."""

import pytest
from pytest import approx

from planner.money import Conversion, Horizon, annuity_factor, interpolate, present_value, real_rate

RATE, YEARS = 0.08, 20
TABLE = [  # asset, capex, fixed cost, life, lifetime capex, annuity with fixed cost (multi-vector-simulator, benchmark C2 E2)
    ("diesel generator", 100, 5, 30, 92.8483930865, 14.4568139215),
    ("PV", 500, 5, 20, 500, 55.9261044116),
    ("battery energy", 500, 5, 10, 731.5967440423, 79.5147443485),
    ("battery charge power", 200, 0, 10, 292.6386976169, 29.8058977394),
    ("battery discharge power", 300, 0, 10, 438.9580464254, 44.7088466091),
]


def lifetime_capex(capex, life, years=YEARS):
    """What is bought whenever the last one ends, less the straight-line value left at the end: our rule in plain arithmetic."""
    horizon = Horizon(2026, 2025 + years, RATE, "straight_line")
    bought = range(horizon.first, horizon.last + 1, life)
    return sum(capex * (horizon.at_start(y) - horizon.credit(y, life)) for y in bought)


@pytest.mark.parametrize(("asset", "capex", "fixed", "life", "lifetime", "annuity"), TABLE, ids=[row[0] for row in TABLE])
def test_published_annuities(asset, capex, fixed, life, lifetime, annuity):
    """Proves: replacement at each end of life, residual by straight line, annuity over 20 years at 8 %, as published.

    Without the residual the diesel's 92.85 is 100; without replacement the battery's 731.60 is 500.
    """
    assert lifetime_capex(capex, life) == approx(lifetime, abs=1e-9 * capex)
    assert lifetime * annuity_factor(RATE, YEARS) + fixed == approx(annuity, abs=1e-6)


def test_published_factors():
    """Proves: 1 / i - 1 / (i (1 + i)^N) = 9.818147407 and its inverse 0.101852209; 5 a year are worth 49.090737037."""
    assert present_value(RATE, YEARS) == approx(9.818147407, abs=1e-9)
    assert present_value(RATE, YEARS) == approx(1 / RATE - 1 / (RATE * (1 + RATE) ** YEARS))
    assert annuity_factor(RATE, YEARS) == approx(0.101852209, abs=1e-9)
    assert 5 * present_value(RATE, YEARS) == approx(49.090737037, abs=1e-8)


def test_published_existing_plant():
    """Proves: development 2, fixed cost 5 and 0.01 a kWh on 1,163.794 kWh a year: 165.35 in all, 16.84 a year, 0.01447 a kWh."""
    energy = 1163.794
    total = 2 + (5 + 0.01 * energy) * present_value(RATE, YEARS)
    annual = total * annuity_factor(RATE, YEARS)
    assert total == approx(165.353747476, rel=1e-6)
    assert annual == approx(16.841644418, rel=1e-6)
    assert annual / energy == approx(0.014471328, rel=1e-6)


def test_the_residual_of_a_replacement_is_discounted_once():
    """Proves: a life of 15 bought again in year 15 has 10 of 15 years left after 20: 100 x 10 / 15 / 1.08^20 = 14.30.

    The published code divides the already discounted purchase once more, 14.30 / 1.08^15 = 4.51; its own table does not show it,
    because every replacement there ends with the project. We value what is left once, at the horizon's end.
    """
    horizon = Horizon(2026, 2045, RATE, "straight_line")
    assert 100 * horizon.credit(2041, 15) == approx(100 * 10 / 15 / 1.08**20) == approx(14.303, abs=1e-3)
    assert lifetime_capex(100, 15) == approx(100 + 100 / 1.08**15 - 14.3032, abs=1e-3)


def test_the_annuity_rule_values_what_is_left_by_its_annuities():
    """Proves: 100 with a life of 10, 4 of them left: 100 a(10) x (annuities of years 7 to 10, today). Straight line 40 / 1.1^6 = 22.58."""
    a10 = 0.1 / (1 - 1.1**-10)
    credit = Horizon(2026, 2031, 0.1, "annuity").credit(2026, 10)
    assert credit == approx(a10 * sum(1.1**-n for n in (7, 8, 9, 10)))
    assert Horizon(2026, 2031, 0.1, "straight_line").credit(2026, 10) == approx(0.4 * 1.1**-6)
    assert credit > 0.4 * 1.1**-6  # annuities are worth more late than a straight line says


@pytest.mark.parametrize("rule", ["annuity", "straight_line"])
def test_nothing_is_left_of_what_has_ended(rule):
    """Proves: a life that ends with the horizon, or before, leaves 0 and never less; one year more leaves something."""
    horizon = Horizon(2026, 2030, RATE, rule)
    assert [horizon.credit(2026, life) for life in (1, 4, 5)] == [0, 0, 0]
    assert horizon.credit(2026, 6) > 0


def test_tail_years_move_the_end():
    """Proves: two tail years leave 3 of 10 instead of 5: at no interest 0.3. The last year then counts three times."""
    horizon = Horizon(2026, 2030, 0.0, "straight_line", tail_years=2)
    assert horizon.credit(2026, 10) == approx(0.3)
    assert horizon.at_end(2030) == approx(3)
    assert horizon.at_end(2029) == approx(1)


def test_today_is_the_start_of_the_first_year():
    """Proves: the first year's start is worth 1, its end and the next start 1 / 1.08 each."""
    horizon = Horizon(2026, 2030, RATE)
    assert horizon.at_start(2026) == 1
    assert horizon.at_end(2026) == approx(1 / 1.08) == approx(horizon.at_start(2027))


@pytest.mark.parametrize(
    ("lead", "expected"), [(0, {2030: 1}), (1, {2030: 1}), (2, {2029: 0.5, 2030: 0.5}), (4, dict.fromkeys((2027, 2028, 2029, 2030), 0.25))]
)
def test_investment_is_paid_in_equal_parts_over_its_lead_time(lead, expected):
    """Proves: a project for 2030 that takes four years is paid at the starts of 2027 to 2030. All at once {2030: 1}."""
    assert Horizon(2026, 2030, RATE).payments(2030, lead) == approx(expected)


def test_an_annuity_without_interest_is_an_nth():
    """Proves: 1 / n, the limit of small rates. Dividing by the rate would fail."""
    assert annuity_factor(0.0, 20) == 0.05
    assert annuity_factor(1e-9, 20) == approx(0.05, rel=1e-6)
    assert present_value(0.0, 20) == 20
    assert present_value(RATE, 0) == 0


def test_a_real_rate_is_fishers():
    """Proves: 7 % nominal at 1.5 % inflation is 1.07 / 1.015 - 1 = 5.419 % real. By difference 5.5 %."""
    assert real_rate(0.07, 0.015) == approx(0.0541872, abs=1e-7)
    assert real_rate(0.015, 0.015) == approx(0)
    assert real_rate(0.05, 0.0) == approx(0.05)


def test_real_and_nominal_money_agree():
    """Proves: 10 real a year at the real rate are worth the inflated 10 at the nominal one. Mixing the two gives 37.9 or 44.9 for 41.2."""
    nominal, inflation, years = 0.1, 0.03, range(1, 6)
    inflated = sum(10 * (1 + inflation) ** n / (1 + nominal) ** n for n in years)
    assert 10 * present_value(real_rate(nominal, inflation), 5) == approx(inflated)


MONEY = Conversion(2026, {"CNY": 1.0, "EUR": 7.8}, {("CNY", 2026): 1.0, ("EUR", 2015): 0.75, ("EUR", 2025): 1.0, ("EUR", 2026): 1.0})


@pytest.mark.parametrize(
    ("unit", "year", "vat", "level", "factor"),
    [
        ("CNY/kW", 2026, 0.0, 1.0, 1.0),
        ("CNY/kW", 2026, 0.13, 1.0, 1 / 1.13),  # 113 with tax are 100 without; taking 13 % off would leave 98.3
        ("EUR/kW", 2026, 0.0, 1.0, 7.8),
        ("EUR/kW", 2015, 0.0, 1.0, 7.8 / 0.75),  # index first, in the currency's own prices
        ("EUR/kW", 2020, 0.0, 1.0, 7.8 / 0.875),  # half way between the years given
        ("EUR/kW", 2010, 0.0, 1.0, 7.8 / 0.75),  # before the first year given: held
        ("EUR/kW", 2015, 0.19, 0.6, 7.8 / 0.75 * 0.6 / 1.19),
        ("kW", 2015, 0.19, 0.6, 1.0),  # what is no money is not converted
    ],
)
def test_conversion_to_the_base_year(unit, year, vat, level, factor):
    """Proves: a quotation becomes CNY of 2026: price index, exchange rate, Chinese level, less tax."""
    assert MONEY.to_base(unit, year, vat, level) == approx(factor)


def test_interpolation_is_linear_between_and_constant_outside():
    """Proves: 2028 lies 3/5 of the way from 10 to 20: 16. A step would give 10 or 20."""
    points = [(2025, 10.0), (2030, 20.0)]
    assert [interpolate(points, y) for y in (2020, 2025, 2028, 2030, 2040)] == approx([10, 10, 16, 20, 20])
