"""Stores over the year: the audit lives through all 365 days of an honest plan, and refuses one whose days are out of order."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny
from test_audit import asset, failed
from test_whole_year import DAY, market, site, year_of

from models.inputs import Inputs
from planner import translate, whole_year
from planner.audit import audit
from planner.errors import CaseError
from planner.plant import Plant
from planner.year import Year


def pit() -> tuple[Plant, Year]:
    """Solar heat from April to September, a pit that keeps it, steam at 30 CNY/MWh for the rest of 1 MW."""
    sun = np.where((DAY > 100) & (DAY < 260), 0.7 + 0.2 * (DAY % 2), 0.1)
    solar = asset("solar", operation="flexible", profile="sun", size=2.5, ratio={"heat": 1.0})
    store = asset(
        "pit", kind="store", operation="seasonal", size=1500.0, ratio={"heat": 1.0}, duration=500.0, charge_efficiency=0.9, standing_loss=2e-5
    )
    plant, profiles = site(solar, store, markets=(market("steam", "heat", 0.03),), load=np.ones(8760))
    return plant, year_of(profiles | {"sun": sun})


def forged(x: Inputs, name: str) -> Inputs:
    """Inputs as a careless translation would make them."""
    turned = tuple(sorted(x.day_order))
    wrong: dict[str, Any] = {
        "nothing": {},
        "days by name": {"day_order": turned},
        "no loss": {"standing_loss": {"pit": 0.0}},
        "charged in full": {"charge_efficiency": {"pit": 1.0}},
    }[name]
    return replace(x, **wrong)


@pytest.mark.parametrize(
    ("name", "found"),
    [("nothing", None), ("days by name", "days of the year"), ("no loss", "days of the year"), ("charged in full", "days of the year")],
)  # fmt: skip
def test_a_wrong_translation_shows_in_its_plan(name: str, found: str | None) -> None:
    plant, year = pit()
    solution = tiny.plan(forged(translate.inputs(plant, year), name))
    assert solution.status == "optimal"
    refused = failed(audit(plant, year, solution))
    assert found in refused if found else not refused


def test_summer_heat_is_used_in_winter() -> None:
    """Proves: the pit is filled once a year, 1,500 MWh at most; ending every day as it began it would save little of the winter's steam."""
    plant, year = pit()
    linked = tiny.plan(translate.inputs(plant, year))
    daily = tiny.plan(replace(translate.inputs(plant, year), seasonal=()))
    begin = linked.value("season.begin")
    assert max(begin.values()) == pytest.approx(1500.0, rel=1e-3)
    saved = daily.value("market.amount")["steam", 2026] - linked.value("market.amount")["steam", 2026]
    assert 1.2 < saved < 1.5  # GWh: a pit full once, less what it loses


def test_the_whole_year_refuses_what_it_would_leave_out() -> None:
    plant, year = pit()
    plan = tiny.plan(translate.inputs(plant, year))
    with pytest.raises(CaseError, match="'pit', a store linked over the year"):
        whole_year.run(plant, year, plan, processes=0)
