"""An option forced into a plan: the three fields of near plans, whose prices differ little, so that every answer is arithmetic."""

import pytest
from pytest import approx
from test_near import Y, heat

from planner.errors import NoPlanExists
from planner.plan import Planned
from planner.why.forced import forced


def made(option: str, size: float) -> Planned:
    return forced(heat(), report=lambda _: True, option=option, size=size, gap=0.0, seconds=60)


@pytest.mark.parametrize(("option", "size", "sun", "extra"), [
    ("wind", 10.0, 15.0, 10 * 0.05),
    ("ground", 5.0, 20.0, 5 * 1.1),
    ("sun", 10.0, 25.0, 0.0),
])  # fmt: skip
def test_what_is_forced_takes_the_place_of_the_cheapest(option: str, size: float, sun: float, extra: float) -> None:
    """Proves: 10 of wind cost 0.05 more each than the sun they replace, 5 of ground 1.1; of the sun at least 10 is no demand at all, since the
    best plan takes 25 - a model that fixed the size would pay for 15 of wind instead; one that forgot the cap would leave the sun out.
    """
    found = made(option, size)
    built = found.plan.value("capacity.size")
    assert built["sun", Y] == approx(sun, abs=1e-5) and built[option, Y] >= size - 1e-6
    assert found.plan.cost == approx(60.0 + extra, abs=1e-5)
    assert found.plan.value("cap.counted")["total", Y] <= 15.0 + 1e-6


def test_more_than_there_may_be_is_no_plan() -> None:
    with pytest.raises(NoPlanExists, match="no plan has so much of it"):
        made("wind", 101.0)
