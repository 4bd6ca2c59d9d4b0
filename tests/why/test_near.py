"""Plans nearly as good: three fields whose prices differ little, so that every range and every alternative is arithmetic."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, trade, works

from models.inputs import Inputs
from planner.errors import NoPlanExists
from planner.why.near import Near, near

Y = 2026


def heat(cap: float = 15.0, **more: float) -> Inputs:
    """100 of heat from gas (0.5 MCNY, 0.2 kt a unit); sun costs 0.4 a unit more than gas, wind 0.45, ground 1.5. 15 kt need 25 of them.

    The best plan takes 25 of sun: 60 MCNY. It newly spends 22.5 (25 at 0.9): that is what it decides about; a tenth of it is 2.25.
    """
    x = factory(
        year_carriers=("heat", "gas"), demand={("heat", Y): 100.0}, carbon={"gas": 0.2}, cap_counts={"total": ("direct", "location")},
        cap_limit={("total", Y): cap},
    )  # fmt: skip
    x = existing(works(trade(x, "gas_grid", "gas", 0.5), "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)
    for field, price in (("sun", 0.9), ("wind", 0.95), ("ground", 2.0)):
        x = candidate(works(x, field, heat=1.0), field, price=price, max_size=100.0, **more)
    return x


def found(x: Inputs, within: float = 0.1, number: int = 2) -> Near:
    return near(x, report=lambda _: True, within=within, number=number, gap=0.0, seconds=60)


def test_the_ranges_of_three_fields() -> None:
    """Proves: for 2.25 MCNY more, sun goes from nothing to 25 + 2.25 / 0.4; wind takes all 25 (1.25) and 1 / 0.45 more; ground, 1.1 dearer than
    sun, takes 2.25 / 1.1. Whoever counts x % of the whole bill (6 MCNY) would let ground go to 5.
    """
    made = found(heat())
    assert (made.decided, made.limit) == approx((22.5, 62.25))
    expected = {"sun": (0.0, 25 + 2.25 / 0.4), "wind": (0.0, 25 + 1.0 / 0.45), "ground": (0.0, 2.25 / 1.1)}
    for name, (least, most) in expected.items():
        r = made.ranges[name]
        assert (r.least, r.most) == approx((least, most), rel=1e-6, abs=1e-6)


def test_the_alternative_that_differs_most_does_without_the_suns_field() -> None:
    """Proves: the next plan uses wind instead of sun; it keeps the cap and the limit of cost, and costs what its sizes cost."""
    made = found(heat())
    best, other = made.plans[0].plan, made.plans[1].plan
    size = other.value("capacity.size")
    assert best.value("capacity.size")["sun", Y] == approx(25.0)
    assert size["sun", Y] < 5.0 and size["wind", Y] > 20.0
    assert other.cost is not None and other.cost <= made.limit * (1 + 1e-6)
    price = {"sun": 0.9, "wind": 0.95, "ground": 2.0}
    used = sum(size[f, Y] for f in price)
    assert other.cost == approx(50.0 + sum(size[f, Y] * p for f, p in price.items()) - 0.5 * used, rel=1e-5)
    assert other.value("cap.counted")["total", Y] <= 15.0 + 1e-6
    assert made.distance[1] > 0.3


def test_without_room_there_is_no_alternative() -> None:
    """Proves: at 0 % nothing but the best plan is left, and every size is known."""
    made = found(heat(), within=0.0)
    assert len(made.plans) == 1
    assert made.ranges["sun"].least == approx(25.0, abs=1e-3) and made.ranges["wind"].most == approx(0.0, abs=1e-3)


def test_whole_fields_are_counted_whole() -> None:
    """Proves: in fields of 10, 15 kt need three; within 0.3 of 27 MCNY (8.1) ground takes at most 0 whole fields instead of sun (11 dearer), wind up to
    three (1.5) and one more sun or wind (4.0 or 4.5) fits. The bound of the relaxation, not whole, would let ground take 7.
    """
    made = found(heat(module=10.0), within=0.3)
    assert made.ranges["ground"].most == approx(0.0, abs=1e-6)
    assert made.ranges["wind"].most == approx(40.0)
    assert made.ranges["sun"].most == approx(50.0)


def test_near_no_plan_there_is_none() -> None:
    x = replace(heat(1.0), max_size=dict.fromkeys(("sun", "wind", "ground"), 1.0))
    with pytest.raises(NoPlanExists):
        found(x)
