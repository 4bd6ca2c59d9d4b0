"""All hours: what the decomposition proves and finds, by hand and beside the whole problem solved at once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny
from test_audit import asset
from test_audit import market as market_of
from test_whole_year import cold_hours, market, site, year_of

from models.solution import Solution
from planner import all_hours, calendar, cuts, translate, whole_year
from planner.plant import Plant
from planner.year import Year

DAY, HOUR = np.repeat(np.arange(365), 24), np.tile(np.arange(24), 365)


def yard(cap: float = 2.0) -> tuple[Plant, Year]:
    """Heat and sun that change from day to day: boilers in whole units, solar heat, a tank, wood at a price, a cap on gas."""
    load = 1.0 + 0.5 * np.sin(2 * np.pi * DAY / 365) + 0.3 * np.cos(2 * np.pi * HOUR / 24)
    sun = np.clip(np.sin(np.pi * (HOUR - 5) / 14), 0, None) * (0.3 + 0.7 * (np.sin(DAY * 2.4) > 0))
    plant, profiles = site(
        asset("boiler", operation="flexible", max_size=4.0, module=0.7, investment=0.3, ratio={"heat": 1.0, "gas": -1.1}),
        asset("burner", operation="flexible", max_size=4.0, module=0.4, investment=0.5, ratio={"heat": 1.0, "wood": -1.2}),
        asset("solar", operation="flexible", max_size=9.0, investment=0.6, profile="sun", ratio={"heat": 1.0}),
        asset("tank", kind="store", max_size=20.0, investment=0.03, ratio={"heat": 1.0}, duration=4.0, standing_loss=0.01, charge_efficiency=0.95),
        markets=(market("gas", "gas", 0.04), market("wood", "wood", 0.09)), load=load, caps={"stack": ("direct", "location")}, cap_limit={("stack", 2026): cap},
    )  # fmt: skip
    return plant, year_of(profiles | {"sun": sun})


def both_ways(plant: Plant, year: Year, number: int, groups: int, near: float, **options: Any) -> tuple[Solution, all_hours.Decided]:
    """The whole problem of some days solved at once, and by the decomposition that starts from the plan on representative days."""
    days = calendar.spread(year.hourly, number, groups)
    start = tiny.plan(translate.inputs(plant, year))
    at_once = tiny.plan(translate.inputs(plant, replace(year, days=days)))
    jobs = list(whole_year.jobs(plant, year, start, days=days))
    return at_once, all_hours.decide(jobs, near, 600.0, processes=0, **options)


def test_a_cold_night_is_built_for() -> None:
    """Two MW are needed for three hours of the year, so 2 MW are built, and 8,763 MWh of gas burnt at 0.01 MCNY/GWh.

    The plan on representative days builds 1.0014 MW. A bound that counts a penalty would let the night go cold or lie above.
    """
    plant, year = cold_hours()
    start = tiny.plan(translate.inputs(plant, year))
    found = all_hours.decide(list(whole_year.jobs(plant, year, start)), 1e-5, 600.0, processes=0)
    sized = found.point.columns[list(whole_year.jobs(plant, year, start))[0].yearly.columns.index("capacity.size[boiler,2026]")]
    paid = start.cost or 0.0  # investment is paid per MW, gas per MWh, and both plans burn the same but for the night
    size = start.value("capacity.size")["boiler", 2026]
    gas = 8763e-3 * 0.01
    assert sized == pytest.approx(2.0, abs=1e-6)
    assert found.point.cost == pytest.approx((paid - gas) / size * 2.0 + gas, abs=1e-5)
    assert found.bound <= found.point.cost <= found.bound + 1e-5


@pytest.mark.parametrize(("number", "groups"), [(4, 4), (12, 4)])
def test_both_ways_agree(number: int, groups: int) -> None:
    plant, year = yard()
    near = 0.002
    at_once, found = both_ways(plant, year, number, groups, near)
    assert at_once.cost is not None
    assert found.reached
    assert found.bound <= at_once.cost + 1e-6
    assert at_once.cost - 1e-6 <= found.point.cost <= at_once.cost + near + 1e-6
