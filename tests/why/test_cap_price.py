"""Prices of caps and limits: two ways to save whose costs are known, so that every figure is arithmetic."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, trade, works

from models.inputs import Inputs
from planner.errors import NoPlanExists
from planner.why import cap_price
from planner.why.cap_price import Priced

Y = 2026


def heat(cap: float, module: float | None = None) -> Inputs:
    """100 of heat from gas (0.5 MCNY, 0.2 kt a unit); the cheap field (40 at most) costs 0.4 a unit more than gas, the dear one 1.0: 2 and 5 MCNY/kt."""
    x = factory(
        year_carriers=("heat", "gas"),
        demand={("heat", Y): 100.0},
        carbon={"gas": 0.2},
        cap_counts={"total": ("direct", "location")},
        cap_limit={("total", Y): cap},
    )
    x = trade(x, "gas_grid", "gas", 0.5, limit=300.0)
    x = existing(works(x, "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)
    x = candidate(works(x, "cheap", heat=1.0), "cheap", price=0.9, max_size=40.0, **({"module": module} if module else {}))
    return candidate(works(x, "dear", heat=1.0), "dear", price=1.5, max_size=100.0)


def priced(x: Inputs, sizes: bool = False) -> dict[tuple[object, ...], Priced]:
    found = cap_price.each_limit(x, report=lambda _: True, gap=0.0, seconds=60, sizes=sizes)
    return {(p.requirement.kind, *p.requirement.index): p for p in found}


def test_one_price_where_one_measure_is_at_the_margin() -> None:
    """Proves: at 15 kt 25 of the cheap field run; a kt costs 2 MCNY by every figure, and a market that is not used up costs nothing."""
    found = priced(heat(15.0))
    cap = found["cap", "total", Y]
    assert cap.binds and not cap.corner
    assert (cap.less, cap.more, cap.relaxed) == approx((2.0, 2.0, 2.0))
    for anew in cap.replanned:
        assert anew.extra == approx((2.0, 2.0, 2.0))
    market = found["market limit", "gas_grid", Y]
    assert not market.binds and (market.less, market.more, market.relaxed) == (0.0, 0.0, 0.0)
    assert [q.extra for q in market.replanned] == [(0.0, 0.0, 0.0)] * 2


def test_a_corner_has_two_prices() -> None:
    """Proves: at 12 kt the cheap field is built out: the next kt less costs 5, the next more saves 2; whoever prints one dual hides that.

    10 % tighter is 1.2 kt at 5. The largest size of the cheap field is worth 0.6 a unit (0.6 dearer is the other field).
    """
    found = priced(heat(12.0), sizes=True)
    cap = found["cap", "total", Y]
    assert cap.corner
    assert (cap.less, cap.more) == approx((5.0, 2.0))
    assert 2.0 - 1e-9 <= cap.relaxed <= 5.0 + 1e-9
    assert cap.replanned[1].extra == approx((5.0, 5.0, 5.0))
    assert found["largest size", "cheap"].replanned[1].extra == approx((0.6, 0.6, 0.6))


def test_whole_units_are_why_the_dual_is_not_the_price() -> None:
    """Proves: the cheap field in units of 20 at 12.5 kt: 20 cheap and 17.5 dear cost 8 + 17.5 = 25.5, 40 cheap cost 16 and emit 12 kt.

    The cap does not bind (12 < 12.5): at fixed decisions the next kt is worth nothing. 10 % tighter (11.25 kt) asks for 3.75 of the dear
    field, 3.75 MCNY for 1.25 kt, 3 a kt: the headline, which neither dual shows. The relaxation binds and says 2.
    """
    cap = priced(heat(12.5, module=20.0))["cap", "total", Y]
    assert not cap.binds and (cap.less, cap.more) == (0.0, 0.0)
    assert cap.relaxed == approx(2.0)
    assert cap.replanned[0].extra == approx((1.0, 1.0, 1.0))  # 0.5 kt are free, 0.125 kt take 0.625 of the dear field
    assert cap.replanned[1].extra == approx((3.0, 3.0, 3.0))


def test_what_cannot_be_tightened_says_so() -> None:
    """Proves: without the dear field 12 kt is the least; less cannot be done with these decisions, nor with any other."""
    cap = priced(replace(heat(12.0), max_size={"cheap": 40.0, "dear": 0.0}))["cap", "total", Y]
    assert cap.less is None and cap.corner
    assert cap.more == approx(2.0)
    assert [q.extra for q in cap.replanned] == [None, None]


def test_the_gap_is_an_interval_around_the_price() -> None:
    """Proves: planned to a loose gap, the interval holds the true price; its ends stand in order."""
    found = cap_price.each_limit(heat(12.5, module=20.0), report=lambda _: True, gap=0.3, seconds=60)
    cap = next(p for p in found if p.requirement.kind == "cap")
    low, middle, high = cap.replanned[1].extra  # type: ignore[misc]
    assert low <= middle <= high and low <= 3.0 + 1e-9 <= high + 1e-6


def test_without_a_plan_there_is_no_price() -> None:
    with pytest.raises(NoPlanExists):
        priced(replace(heat(1.0), max_size={"cheap": 40.0, "dear": 0.0}))
