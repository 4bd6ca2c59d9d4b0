"""Lasting: what is left of a retrofit is left on its host, or not at all."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works


def furnace(*, until=None, price=0.5, retirements=(), renewal=None, worth=(("stood", 0.8),), years=(2026, 2027)):
    """A furnace of 10 that uses 10 of coke at 1; a saver at ``price`` a size saves a tenth, and keeps ``worth`` on the parts of its host."""
    x = factory(years=years, year_carriers=("iron", "coke"), demand={("iron", y): 10.0 for y in years})
    x = trade(trade(x, "coke_trade", "coke", 1.0), "iron_trade", "iron", 5.0)
    x = existing(works(x, "furnace", iron=1, coke=-1), "furnace", 10.0, until=until, retirements=retirements)
    x = candidate(retrofit(x, "saver", "furnace", saving={"coke": 0.1}), "saver", price=price, max_size=100.0)
    x = replace(
        x, credit={}, lasting={("saver", v, "furnace", q): left for v in years for q, left in worth}, dearest={("saver", v): price for v in years}
    )
    if renewal is not None:
        x = replace(
            x,
            renewals={"furnace": 2027},
            renewed_alive={("furnace", 2027): 1.0},
            renewal_investment={"furnace": renewal},
            renewal_credit={"furnace": 0.0},
        )
    return x


def test_a_retrofit_on_a_host_that_stays_keeps_its_value():
    """Proves: 5 for a saver on all of it, of which 0.8 x 5 = 4 are left, and 1 of coke saved in two years: 20 - 2 + 5 - 4 = 19. Without value 20."""
    solution = plan(furnace())
    assert solution.cost == approx(19)
    assert solution.value("cost.credited")[("saver",)] == approx(4)


def test_a_retrofit_on_a_retired_host_keeps_nothing():
    """Proves: the furnace costs 10 a size to keep in 2027 and goes; a saver would bring 1 for its 5, so none is built: 10 + 50 = 60.

    Credited all the same with 0.99 x 5 it would be: 10 - 1 + 5 - 4.95 + 50 = 59.05.
    """
    x = furnace(retirements=(("furnace", 2027),), worth=(("stood", 0.99),))
    x = replace(x, fixed_cost={("furnace", 2027): 10.0})
    solution = plan(x)
    assert solution.cost == approx(60)
    assert solution.value("capacity.built")["saver", 2026] == approx(0)


def test_a_retrofit_lives_on_with_half_of_its_host():
    """Proves: half the furnace goes: of savers on all of it for 5 only half is worth 0.8: credited 2, not 4."""
    x = furnace(price=0.05, retirements=(("furnace", 2027),))
    x = replace(
        x, fixed_cost={("furnace", 2027): 10.0}, demand={("iron", 2026): 10.0, ("iron", 2027): 5.0}, price={**x.price, ("iron_trade", 2027): 50.0}
    )
    solution = plan(x)
    assert solution.value("capacity.retired")["furnace", 2027] == approx(5)
    assert solution.value("capacity.built")["saver", 2026] == approx(10)
    assert solution.value("cost.credited")[("saver",)] == approx(0.5 * 0.8 * 0.5)


def test_a_retrofit_lives_on_if_the_host_is_renewed():
    """Proves: renewed for 10, and the saver keeps 4: 20 - 2 + 5 - 4 + 10 = 29.

    A renewal for 60 is not bought, and nothing is left on what is gone: 10 + 50 = 60 without a saver; with its phantom value 59.05.
    """
    assert plan(furnace(until=2026, renewal=1.0, worth=(("renewed", 0.8),))).cost == approx(29)
    assert plan(furnace(until=2026, renewal=6.0, worth=(("renewed", 0.99),))).cost == approx(60)


def test_the_shorter_lived_part_is_worth_less():
    """Proves: a half that stands is worth 0.8, the renewed 0.2: each saver is valued on one of them, the best first: 2.5 x 0.8 + 2.5 x 0.2."""
    x = furnace(worth=(("stood", 0.8), ("renewed", 0.2)), price=0.1)
    x = replace(x, existing={"furnace": 5.0}, renewals={"furnace": 2027}, renewed_alive={("furnace", 2026): 0.0, ("furnace", 2027): 1.0})
    x = replace(x, renewal_investment={"furnace": 0.0}, renewal_credit={"furnace": 0.0}, demand={("iron", 2027): 10.0})
    solution = plan(x)
    assert sum(solution.value("capacity.built").values()) == approx(10)
    assert solution.value("cost.credited")[("saver",)] == approx(0.5 * 0.8 + 0.5 * 0.2)


def test_no_more_is_left_than_was_bought():
    """Proves: 4 of savers on a host of 10 are worth 0.8 x 2 = 1.6. By the host 4."""
    x = replace(furnace(), max_size={"saver": 4.0})
    assert plan(x).value("cost.credited")[("saver",)] == approx(1.6)


@pytest.mark.parametrize(("host", "left"), [(10.0, 2.8), (0.0, 0.0)])
def test_a_fixed_cost_is_left_with_the_host_only(host, left):
    """Proves: 1 for a project and 0.25 a size: 10 cost 3.5, of which 2.8 are left where the host stays, and nothing where it goes.

    A fixed cost that is credited without a host leaves 0.8 there.
    """
    x = furnace(price=0.0, retirements=(("furnace", 2027),))
    x = replace(x, investment={}, piece={("saver", 1): (2.0, 100.0)}, piece_start={("saver", v, 1): 1.0 for v in x.years})
    x = replace(
        x,
        piece_slope={("saver", v, 1): 0.25 for v in x.years},
        dearest={("saver", v): 0.75 for v in x.years},
        price={**x.price, ("coke_trade", 2026): 4.0},
    )
    if not host:
        x = replace(x, fixed_cost={("furnace", 2027): 10.0})
    solution = plan(x)
    assert solution.value("capacity.built")["saver", 2026] == approx(10)
    assert solution.value("cost.credited")[("saver",)] == approx(left)
