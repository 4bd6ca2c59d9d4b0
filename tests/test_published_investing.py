"""Published investment cases: numbers that other models print, from the same inputs."""

from dataclasses import replace

import pytest
from pytest import approx
from test_audit import YEARS, asset, market
from test_outage import ironworks, months
from tiny import candidate, existing, factory, plan, retrofit, trade, works

from planner import translate
from planner.money import Horizon, annuity_factor

Y = 2026


def test_the_net_present_value_of_five_periods():
    """Proves: FINE's perfect-foresight test (MIT): 4, then from 2030 on 5 of a unit at 1000 over 10 years and 1 a year, 8570 used at 0.01: 11861.771783274202.

    Paid at the end of each year instead of its start it would be 11629.2.
    """
    horizon = Horizon(2020, 2044, 0.02)
    size = {y: 4.0 if y < 2030 else 5.0 for y in horizon.years}
    yearly = {y: 1000 * c * annuity_factor(0.02, 10) + c + 0.01 * 8570 for y, c in size.items()}
    assert sum(yearly[y] * horizon.at_start(y) for y in horizon.years) == approx(11861.771783274202, rel=1e-12)
    assert sum(yearly[y] * horizon.at_end(y) for y in horizon.years) == approx(11629.19, abs=0.01)


def test_what_is_left_and_what_is_replaced():
    """Proves: MVS's economic test: a third of a generator left after 20 years is worth 7.151607, a store bought again in year 10 costs 231.596744."""
    horizon = Horizon(2026, 2045, 0.08, "straight_line")
    left = 100 * horizon.credit(2026, 30)
    assert left == approx(7.1516069135)
    assert (100 - left) * annuity_factor(0.08, 20) + 5 == approx(14.4568139215)
    again = 500 * horizon.at_start(2036)
    assert again == approx(231.5967440423)
    assert (500 + again) * annuity_factor(0.08, 20) + 5 == approx(79.5147443485)


def test_a_demand_of_1_in_two_years_is_worth_what_was_published():
    """Proves: TEMOA's annualised demand: 1 + 1/1.05 = 1.9524. Undiscounted 2."""
    horizon = Horizon(2026, 2027, 0.05)
    assert sum(horizon.at_start(y) for y in horizon.years) == approx(1.9524, abs=5e-5)


def boiler(*loads, pieces, slopes, starts):
    """A boiler of one unit of gas at 1 for one of heat, priced in pieces, for loads of three hours."""
    x = factory(steps=3, step_carriers=("heat", "gas"), load={("heat", Y, f"s{n}"): v for n, v in enumerate(loads)})
    x = candidate(works(trade(x, "gas net", "gas", 1.0), "boiler", flexible=True, heat=1, gas=-1), "boiler", price=0.0, max_size=pieces[-1][1])
    numbered = range(1, len(pieces) + 1)
    return replace(
        x, investment={}, piece={("boiler", n): pieces[n - 1] for n in numbered}, piece_slope={("boiler", Y, n): slopes[n - 1] for n in numbered},
        piece_start={("boiler", Y, n): starts[n - 1] for n in numbered},
    )  # fmt: skip


def test_a_fixed_cost_and_one_by_size():
    """Proves: flixOpt's investment test: loads of 10, 50, 20, 10 to build at all and 1 per kW: size 50, 140. Without the fixed part 130."""
    solution = plan(boiler(10.0, 50.0, 20.0, pieces=((0.0, 200.0),), slopes=(1.0,), starts=(10.0,)))
    assert solution.value("capacity.built")["boiler", Y] == approx(50)
    assert solution.cost == approx(140)


def test_a_cost_curve_in_two_pieces():
    """Proves: flixOpt's piecewise test: up to 50 at 2 each, to 200 at 1 each, a peak of 80: 130 to build, 80 to burn: 210. On the first piece alone 240."""
    solution = plan(boiler(0.0, 80.0, 0.0, pieces=((0.0, 50.0), (50.0, 200.0)), slopes=(2.0, 1.0), starts=(0.0, 50.0)))
    assert solution.value("capacity.built")["boiler", Y] == approx(80)
    assert solution.cost == approx(210)


def test_capture_on_a_boiler():
    """Proves: ZEN-garden's retrofit case: a boiler of 10 GW, 95 % efficient, on gas with 0.18 captures 0.18 x 10 / 0.95 = 1.8947 kt/h.

    By what it makes instead of what it burns it would be 1.8.
    """
    x = factory(year_carriers=("heat", "gas", "co2"), demand={("heat", Y): 10.0}, carbon={"gas": 0.18, "co2": 1.0}, cap_counts={"site": ("direct", "location")},
                cap_limit={("site", Y): 0.0})  # fmt: skip
    x = existing(works(trade(trade(x, "gas net", "gas", 1.0), "sink", "co2", -0.1, sells=True), "boiler", heat=1, gas=-1 / 0.95), "boiler", 10.0)
    x = candidate(retrofit(x, "capture", "boiler", co2=0.18 / 0.95), "capture", price=1.0)
    assert plan(x).value("market.amount")["sink", Y] == approx(1000 * 0.0018947, abs=1e-4)


def two_boilers(*loads, **given):
    """Loads of heat; a boiler that may be built burns one gas at 1 for one of heat, one that stands two for one."""
    x = factory(steps=len(loads), step_carriers=("heat", "gas"), load={("heat", Y, f"s{n}"): v for n, v in enumerate(loads)})
    x = trade(existing(works(x, "backup", flexible=True, heat=0.5, gas=-1), "backup", 200.0), "gas net", "gas", 1.0)
    x = candidate(works(x, "boiler", flexible=True, heat=1, gas=-1), "boiler", price=0.0, max_size=200.0)
    return replace(x, **given)


def project(least, most, slope, start):
    """One piece of a cost curve: what a size costs, and what it costs at all."""
    return {
        "investment": {},
        "piece": {("boiler", 1): (least, most)},
        "piece_slope": {("boiler", Y, 1): slope},
        "piece_start": {("boiler", Y, 1): start},
    }


def test_what_does_not_pay_is_not_built():
    """Proves: flixOpt's optional investment: 99999 to build at all for 20 of gas saved: the old boiler burns 40. For nothing it would be 20."""
    assert plan(two_boilers(10.0, 10.0, **project(0.0, 100.0, 0.0, 99999.0))).cost == approx(40)


def test_no_less_than_the_smallest_size_is_built():
    """Proves: flixOpt's minimum size: 100 at 1 each for a load of 10, and 20 of gas: 120. Any size would cost 30."""
    x = boiler(10.0, 10.0, 0.0, pieces=((100.0, 200.0),), slopes=(1.0,), starts=(0.0,))
    assert plan(x).cost == approx(120)


def test_only_whole_units_of_80_are_built():
    """Proves: flixOpt's fixed size: one unit of 80 for 10, and 60 of gas for loads of 30: 70, not a size of 30. The old boiler alone would burn 120."""
    solution = plan(two_boilers(30.0, 30.0, investment={("boiler", Y): 10 / 80}, module={"boiler": 80.0}))
    assert solution.value("capacity.built")["boiler", Y] == approx(80)
    assert solution.cost == approx(70)


def test_what_was_decided_is_built_though_it_does_not_pay():
    """Proves: flixOpt's mandatory investment: 1000 to build and 1 a size for 10, and 20 of gas: 1030. Left to itself the plan would be 40."""
    x = two_boilers(10.0, 10.0, **project(0.0, 100.0, 1.0, 1000.0))
    assert plan(x).cost == approx(40)
    assert plan(replace(x, built_already={("boiler", Y): 10.0})).cost == approx(1030)


def test_a_cap_lets_the_clean_source_in():
    """Proves: flixOpt's capped effect: 20 from a source at 1 that emits 1 each, at most 15, or one at 10 that emits nothing: 15 + 50 = 65. Without the cap 20."""
    x = factory(year_carriers=("coal", "wood", "heat"), demand={("heat", Y): 20.0}, carbon={"coal": 1.0}, cap_counts={"site": ("direct", "location")})
    x = existing(existing(works(works(x, "dirty", heat=1, coal=-1), "clean", heat=1, wood=-1), "dirty", 100.0), "clean", 100.0)
    x = trade(trade(x, "coal net", "coal", 1.0), "wood net", "wood", 10.0)
    assert plan(x).cost == approx(20)
    assert plan(replace(x, cap_limit={("site", Y): 15.0})).cost == approx(65)


@pytest.mark.parametrize(("years", "cost"), [(range(2020, 2030), 300), ((2020, *range(2025, 2035)), 330)])
def test_every_year_of_a_period_counts(years, cost):
    """Proves: flixOpt's weighted periods: 30 a year at 1, for two times five years 300; for one and ten 330. Each period once would be 60."""
    x = factory(years=tuple(years), year_carriers=("power",), demand={("power", y): 30.0 for y in years})
    assert plan(trade(x, "grid", "power", 1.0)).cost == approx(cost)


def test_a_pipeline_takes_its_time():
    """Proves: ZEN-garden's lead time case: ordered at once a pipeline of 12.416575514394 is there in the third year, 12.1 of gas over 509.924 km at a loss
    of 5e-5 a km; until then nothing is delivered. Without lead time it would be there in the first.
    """
    reaches = 1 - 5e-5 * 509.924
    pipe = asset("pipe", max_size=100.0, lead_years=2, lifetime=50.0, ratio={"gas": -1.0, "far gas": reaches}, investment=1.0)
    site = replace(
        ironworks(), assets={"pipe": pipe}, carriers={"gas": "year", "far gas": "year"}, demand={("far gas", y): 12.1 for y in YEARS}, demand_profile={},
        markets={"net": market("net", "gas", 0.1), "shed": market("shed", "far gas", 100.0)}, horizon=Horizon(2026, 2030, 0.05),
    )  # fmt: skip
    solution = plan(translate.inputs(site, months()))
    assert solution.value("capacity.size")["pipe", 2027] == approx(0)
    assert solution.value("capacity.built")["pipe", 2028] == approx(12.416575514394, rel=1e-7)
    assert [solution.value("market.amount")["shed", y] for y in YEARS] == approx([12.1, 12.1, 0, 0, 0], abs=1e-9)
