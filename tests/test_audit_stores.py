"""Stores over the year: the audit lives through all 365 days of an honest plan, and refuses one whose days are out of order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny
from test_audit import asset, failed
from test_whole_year import DAY, checked, figure, market, site, year_of

from models.carried import carried
from models.inputs import Inputs
from models.tiles import Laid, Tile
from planner import calendar, hourly, translate, whole_year
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


def summer() -> tuple[Plant, Year]:
    """1 MW of heat; the sun gives 4 MW and nothing by turns, day by day, from June to August (2 MW on 10 and 11 June and on days 31); a pit; gas for the rest."""
    month, day = calendar.MONTH_OF_DAY[DAY], np.concatenate([np.arange((m == calendar.MONTH_OF_DAY).sum()) for m in range(1, 13)])[DAY]
    shines = np.where((day == 30) | ((month == 6) & np.isin(day, [8, 9])), 0.5, 1.0 - day % 2)
    solar = asset("solar", operation="flexible", profile="sun", size=4.0, ratio={"heat": 1.0})
    store = asset("pit", kind="store", operation="seasonal", size=3000.0, ratio={"heat": 1.0}, duration=100.0, standing_loss=1e-4)
    boiler = asset("boiler", operation="flexible", size=5.0, ratio={"heat": 1.0, "gas": -1.0})
    plant, profiles = site(solar, store, boiler, markets=(market("gas", "gas", 0.01),), load=np.ones(8760))
    return plant, year_of(profiles | {"sun": np.where(np.isin(month, [6, 7, 8]), shines, 0.0)})


def test_the_whole_year_passes_on_from_day_to_day_what_a_pit_keeps() -> None:
    """Proves: of 2 MW in the mean, 1 MW for 92 days goes into the pit and is used from September on, less 1e-4 an hour: 4,745 MWh of gas at least, with days of
    sun and of none as with days alike. A whole year whose stores end every day as they began it would burn 1 MW on every dark day of summer too,
    and all winter: 7,600 MWh.
    """
    plant, year = summer()
    _, found = checked(plant, year)
    level = kept = 0.0
    for _ in range(92 * 24):
        level = level * (1 - 1e-4) + 1.0
    while level > 1.0:
        level, kept = level * (1 - 1e-4) - 1.0, kept + 1.0
    burnt = 8760 - 92 * 24 - kept
    row = figure(found, "market", "gas")
    assert burnt == pytest.approx(4745, abs=1)
    assert burnt < row["planned"] < 1.01 * burnt  # of a typical day of autumn every day takes alike
    assert burnt < row["whole_year"] <= row["planned"] * (1 + 1e-6)
    assert found.holds


def test_a_night_of_the_whole_year_that_adds_heat_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: what the hours keep is audited day by day; months that begin with 1 MWh more than the month before left are found."""
    plant, year = summer()
    (job,) = whole_year.jobs(plant, year, tiny.plan(translate.inputs(plant, year)))

    def careless(laid: Laid, tile: Tile, levels: Mapping[str, tuple[float, float]]) -> Laid:
        return carried(laid, tile, {a: (begin + 1.0, end) for a, (begin, end) in levels.items()})

    monkeypatch.setattr(whole_year, "carried", careless)
    assert any("days of the year" in fault for fault in whole_year.one_year(job).faults)


def test_sizes_are_not_decided_on_all_hours_beside_such_a_store() -> None:
    plant, _ = pit()
    with pytest.raises(CaseError, match="all hours with 'pit', a store linked over the year"):
        hourly.possible(plant)
