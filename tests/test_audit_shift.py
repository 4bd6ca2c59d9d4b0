"""Use that waits: an honest plan passes the audit and holds on all hours; a careless one is refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny
from test_audit import asset, failed
from test_whole_year import HOUR, checked, figure, market, site, year_of

from models.inputs import Inputs
from planner import translate
from planner.audit import audit
from planner.plant import Plant
from planner.year import Year


def mill() -> tuple[Plant, Year]:
    """A mill uses 1 MW of steam all day, of which 0.2 MW may wait three hours; the sun gives 1.2 MW from 9 to 17 h, steam is bought at 30."""
    sun = np.where((HOUR >= 9) & (HOUR < 17), 0.6, 0.0)
    solar = asset("solar", operation="flexible", profile="sun", size=2.0, ratio={"heat": 1.0})
    grinder = asset("mill", size=10.0, ratio={"heat": -1.0, "wood": 1.0}, shiftable={"heat": 0.2}, shift_window=3.0, shift_cost={2026: 0.001})
    plant, profiles = site(solar, grinder, markets=(market("steam", "heat", 0.03), market("flour", "wood", 0.0, buys=False)), load=np.full(8760, 0.1))
    return replace(plant, demand={**plant.demand, ("wood", 2026): 8.76}), year_of(profiles | {"sun": sun})


def forged(x: Inputs, name: str) -> Inputs:
    """Inputs as a careless translation would make them."""
    wrong: dict[str, Any] = {
        "nothing": {},
        "twice the share": {"shiftable": {("mill", "heat"): 0.4}},
        "all day long": {"shift_window": {"mill": 24.0}},
        "for nothing": {"shift_cost": {}},
    }[name]
    return replace(x, **wrong)


@pytest.mark.parametrize(
    ("name", "found"),
    [("nothing", None), ("twice the share", "use that waits"), ("all day long", "use caught up in time"), ("for nothing", "running costs")],
)
def test_a_wrong_translation_shows_in_its_plan(name: str, found: str | None) -> None:
    plant, year = mill()
    solution = tiny.plan(forged(translate.inputs(plant, year), name))
    assert solution.status == "optimal"
    refused = failed(audit(plant, year, solution))
    assert found in refused if found else not refused


def test_every_hour_of_the_year_waits_as_planned() -> None:
    """Of 1.1 MW the sun leaves 0.1 MW over. The three hours before 9 h may put off 0.2 MW each: 0.6 MWh a day wait for the sun.

    365 x (16 x 1.1 - 0.6) MWh are bought. With a window of a day the sun is used up: 0.8 MWh wait; without waiting none.
    """
    plant, year = mill()
    plan, found = checked(plant, year)
    assert found.holds
    running = figure(found, "cost", "running")
    assert running["whole_year"] == pytest.approx(running["planned"], rel=1e-6)
    assert plan.value("market.amount")["steam", 2026] == pytest.approx(365 * (16 * 1.1 - 0.6) / 1e3, rel=1e-6)
