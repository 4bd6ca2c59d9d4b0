"""Conversion: whole units of a host become something else, in the year in which they leave, and never again what they were."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

YEARS = (2026, 2027, 2028)


def boilers(*, coal=(3.0, 3.0, 3.0), gas=2.0, price=1.0, taken=1.0, alone=YEARS, retire=YEARS, until=None, **more):
    """Two boilers of 10 burn coal (3 a steam, by year); each can be converted to gas (2 a steam) at 1 a size; 20 of steam a year are due."""
    x = factory(years=YEARS, year_carriers=("coal", "gas", "steam"), demand=dict.fromkeys([("steam", y) for y in YEARS], 20.0))
    x = existing(works(x, "coal boilers", coal=-1, steam=1), "coal boilers", 20.0, until=until, module={"coal boilers": 10.0})
    x = candidate(works(x, "gas boilers", gas=-1, steam=1), "gas boilers", price=price, max_size=40.0, module=10.0 / taken, **more)
    x = trade(trade(x, "coal", "coal", 0.0), "gas", "gas", gas)
    return replace(
        x, price={**x.price, **{("coal", y): p for y, p in zip(YEARS, coal, strict=True)}}, retirements=tuple(("coal boilers", y) for y in retire),
        converts={("gas boilers", "coal boilers"): taken}, converted_only=tuple(("coal boilers", y) for y in alone),
    )  # fmt: skip


def test_what_is_converted_leaves_the_old_mode():
    """Proves: both are converted in 2026: 20 + 3 x 40 = 140. Coal would cost 180; converted and kept, coal would still be there to burn."""
    solution = plan(boilers())
    assert solution.cost == approx(140)
    assert solution.value("capacity.size")["coal boilers", 2026] == approx(0)


def test_it_cannot_turn_back():
    """Proves: coal at 3, 3 and 0: converted at once 140, never 120, so coal stays. With a way back in 2028: 20 + 80 + 0 = 100."""
    solution = plan(boilers(coal=(3.0, 3.0, 0.0)))
    assert solution.cost == approx(120)
    assert solution.value("capacity.built")["gas boilers", 2026] == approx(0)


def test_units_are_converted_whole():
    """Proves: only 15 of gas a year can be had; one boiler is converted: 10 + 3 x (20 + 30) = 160. Three quarters of the works: 15 + 3 x (30 + 15) = 150."""
    x = boilers()
    x = replace(x, market_limit={("gas", y): 15.0 for y in YEARS}, module=x.module)
    solution = plan(x)
    assert solution.value("capacity.built")["gas boilers", 2026] == approx(10)
    assert solution.cost == approx(160)


def test_nothing_is_converted_that_left_before():
    """Proves: units retired in 2026 cannot be converted in 2027. Coal boilers cost 100 a year to keep while steam is bought at 4 in 2026.

    They are retired at once and steam is bought for ever, 240; units in store would be converted in 2027: 80 + 20 + 80 = 180.
    """
    x = boilers(alone=(), fixed_cost={("coal boilers", y): 100.0 for y in YEARS}, from_year=2027)
    solution = plan(trade(x, "steam net", "steam", 4.0))
    assert solution.cost == approx(240)
    assert solution.value("capacity.built")["gas boilers", 2027] == approx(0)


def test_nothing_is_converted_in_a_year_in_which_nothing_can_leave():
    """Proves: the host may go in 2028 alone, so gas at 0 is burnt in 2028: 60 + 60 + 20 = 140. A limit for the years of leaving only lets
    gas boilers stand beside the coal boilers from 2026: 20."""
    solution = plan(boilers(gas=0.0, retire=(2028,), alone=(2028,)))
    assert solution.cost == approx(140)
    assert solution.value("capacity.built")["gas boilers", 2026] == approx(0)


def test_what_may_only_be_converted_is_not_just_dropped():
    """Proves: where steam can be bought at 1, coal boilers that cost 1 a size and year are kept, 3 x (20 + 20) = 120, for they may not go: dropped 60."""
    x = boilers(price=1000.0, fixed_cost={("coal boilers", y): 1.0 for y in YEARS})
    assert plan(trade(x, "steam net", "steam", 1.0)).cost == approx(120)
    assert plan(trade(replace(x, converted_only=()), "steam net", "steam", 1.0)).cost == approx(60)


def test_a_conversion_has_its_ratio():
    """Proves: a gas boiler of 20 is made of one coal boiler of 10: one is enough, 20 + 3 x 40 = 140 for 20 of gas, and the other coal boiler stays."""
    solution = plan(boilers(taken=0.5))
    assert solution.cost == approx(140)
    assert solution.value("capacity.size")["coal boilers", 2028] == approx(10)


def test_a_unit_can_be_converted_when_its_life_ends():
    """Proves: what ends with 2026 is converted for 2027, and nothing is renewed: 60 + 20 + 80 = 160. What is renewed as well would cost 100 more."""
    x = boilers(until=2026, alone=(2027,), retire=(2027,), from_year=2027)
    x = replace(
        x, renewals={"coal boilers": 2027}, due=("coal boilers",), renewal_investment={"coal boilers": 5.0}, renewal_credit={"coal boilers": 0.0}
    )
    solution = plan(replace(x, renewed_alive={("coal boilers", y): 1.0 for y in (2027, 2028)}))
    assert solution.cost == approx(160)
    assert solution.value("capacity.renewed")[("coal boilers",)] == approx(0)


def test_what_is_not_converted_is_renewed():
    """Proves: at a price of 100 a size nothing is converted: all of it is due, 60 + 100 + 120 = 280. Without the due renewal 60 and no steam."""
    x = boilers(until=2026, alone=(2027,), retire=(2027,), from_year=2027, price=100.0)
    x = replace(
        x, renewals={"coal boilers": 2027}, due=("coal boilers",), renewal_investment={"coal boilers": 5.0}, renewal_credit={"coal boilers": 0.0}
    )
    assert plan(replace(x, renewed_alive={("coal boilers", y): 1.0 for y in (2027, 2028)})).cost == approx(280)
