"""Published investment cases: numbers that other models print, from the same inputs."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works

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
