"""A plan that runs its units as they cannot run is refused; the plan of honest inputs passes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny
from test_audit import asset, failed
from test_whole_year import HOUR, market, site, year_of

from models.inputs import Inputs
from planner import translate
from planner.audit import audit
from planner.plant import Plant
from planner.year import Year


def boilers() -> tuple[Plant, Year]:
    """Two boilers of 1 MW that run above 0.6 MW, slowly; by night 0.5 MW are needed, by day 1.5 MW."""
    load = np.where((HOUR >= 6) & (HOUR < 18), 1.5, 0.5)
    boiler = asset(
        "boiler", operation="flexible", size=2.0, module=1.0, ratio={"heat": 1.0, "gas": -1.0}, minimum_load=0.6, ramp=0.1, start_cost={2026: 0.002}
    )
    plant, profiles = site(boiler, markets=(market("gas", "gas", 0.01), market("steam", "heat", 0.03)), load=load)
    return plant, year_of(profiles)


def forged(x: Inputs, name: str) -> Inputs:
    """Inputs as a careless translation would make them."""
    wrong: dict[str, Any] = {
        "nothing": {},
        "half of a least load": {"minimum_load": {"boiler": 0.3}},
        "half boilers": {"module": {"boiler": 0.5}},
        "no ramp": {"ramp": {}},
        "starts at half price": {"start_cost": {("boiler", 2026): 0.001}},
        "no units at all": {"minimum_load": {}, "start_cost": {}},
    }[name]
    return replace(x, **wrong)


@pytest.mark.parametrize(
    ("name", "found"),
    [("nothing", None), ("half of a least load", "least loads"), ("half boilers", "whole units"), ("no ramp", "ramps"), ("starts at half price", "running costs"), ("no units at all", "loads of what runs")],
)  # fmt: skip
def test_a_wrong_translation_shows_in_its_plan(name: str, found: str | None) -> None:
    plant, year = boilers()
    solution = tiny.plan(forged(translate.inputs(plant, year), name))
    assert solution.status == "optimal"
    refused = failed(audit(plant, year, solution))
    assert found in refused if found else not refused
