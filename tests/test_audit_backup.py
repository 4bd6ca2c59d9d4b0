"""Hours without the grid: an honest plan passes the audit and holds on all hours; a careless one is refused."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tiny
from test_audit import asset, failed
from test_audit import market as market_of
from test_whole_year import DAY, HOUR, SEASONS, checked, figure, market, site

from models.inputs import Inputs
from models.solution import Solution
from planner import audit, holds, limits, results, shortage, translate, whole_year
from planner.calendar import typical_days
from planner.plant import Plant
from planner.standby import Island, Reserve, Standby
from planner.year import Year

STEADY = np.ones(8760)


@cache
def park(load: str = "steady") -> tuple[Plant, Year]:
    """1 MW of fixed power, half of it critical, and a mill of 1 MW: 0.4 MW critical, half of it may be shed at 2,000 CNY/MWh.

    On 10 February the grid is gone from 8 to 12 h, but not where one hour is rough. Engines, energy and power of a battery can be built.
    """
    shape = STEADY + 0.5 * (load == "rough") * (DAY == 200) * (HOUR == 3)
    engine = asset("engine", operation="flexible", max_size=5.0, investment=3.0, ratio={"electricity": 1.0, "gas": -1.0}, firm=0.9)
    battery = asset(
        "battery", kind="store", operation="flexible", max_size=9.0, investment=0.2, ratio={"electricity": 1.0}, discharge_efficiency=0.8, firm=1.0
    )
    inverter = asset("inverter", kind="power", operation="flexible", max_size=5.0, investment=0.4, power_of="battery")
    mill = asset(
        "mill",
        size=10.0,
        ratio={"electricity": -1.0, "wood": 1.0},
        sheddable={"electricity": 0.5},
        shed_cost={2026: 2.0},
        critical={"electricity": 0.4},
    )
    plant, profiles = site(
        engine, battery, inverter, mill, markets=(market_of("grid", "electricity", 0.0, role="grid"), market("gas", "gas", 0.9)), load=shape,
        carrier="electricity", connection=5.0,
    )  # fmt: skip
    standby = Standby(
        {"critical": Reserve("electricity", "connection", 2.0)}, (Island(40, (8.0, 12.0)),) if load == "steady" else (), {}, {}, {"electricity": 0.5}
    )
    hourly = pd.DataFrame({"price": 0.5 * STEADY, **profiles, "net_load": 1.0 + 0.1 * (DAY == 41) * (HOUR == 9)})
    year = Year(hourly, typical_days(hourly, SEASONS, 1, 24, "net_load", apart=(40,)), 0.0, ())
    return replace(plant, standby=standby, demand={**plant.demand, ("wood", 2026): 8.76}), year


@cache
def honest() -> Solution:
    return tiny.plan(translate.inputs(*park()))


def test_the_grid_is_gone_and_what_is_critical_is_carried() -> None:
    """Proves: 0.9 MW are critical for 2 h; in the 4 island hours 2 MW less 0.5 MW shed must come from the site.

    A battery of e MWh gives 0.8 e, so 1.5 MW for 4 h are 7.5 MWh at 0.2 and 1.5 MW at 0.4, 2.1 MCNY; an engine for the same costs 4.5.
    Shedding 0.5 MW for 4 h costs 4,000 CNY, less than any size. The reserve asks for 0.9 x 2 / 0.8 = 2.25 MWh at any time: while it gives on the
    island, all steps of that day keep it as well, 2.25 + 7.5 MWh at first, but 9 MWh are the most: the rest is an engine that counts with 0.9 of its size.
    """
    plant, year = park()
    plan = honest()
    assert audit.audit(plant, year, plan).passed
    flow = plan.value("market.flow")
    gone = [
        s
        for s, day, n in zip(year.days.steps, year.days.day, range(10**6), strict=False)
        if year.days.days[day] == (40,) and 8 <= n - year.days.day.index(day) < 12
    ]
    assert len(gone) == 4 and all(flow["grid", 2026, s] == 0 for s in gone)
    shed = plan.value("shed.shed")
    assert [shed["mill", "electricity", 2026, s] for s in gone] == pytest.approx([0.5] * 4)
    assert sum(v for (*_, s), v in shed.items() if s not in gone) == pytest.approx(0, abs=1e-9)
    size = plan.value("capacity.size")
    ready = plan.value("reserve.ready")
    there = min(ready["critical", "battery", 2026, s] for s in year.days.steps) + 0.9 * size["engine", 2026]
    assert there == pytest.approx(0.9)  # 0.5 of the fixed use, 0.4 of the mill: never less, and no more than is needed
    (row,) = shortage.unserved(plant, year, plan).to_dict("records")
    assert (row["item"], row["amount"], row["hours"], row["largest"], row["cny"]) == (
        "mill",
        pytest.approx(2.0),
        4.0,
        pytest.approx(0.5),
        pytest.approx(4000.0),
    )
    table = shortage.islands(plant, year, plan, results.operation(plant, plan, year)).set_index("item")
    assert set(table["hours"]) == {4.0} and table["mwh"].drop("unserved").sum() == pytest.approx(0.0, abs=1e-9)  # what comes is used
    assert table.loc["battery", "mwh"] + table["mwh"].get("engine", 0.0) == pytest.approx(6.0)  # 1.5 MW for 4 h
    assert table.loc["unserved", "mwh"] == pytest.approx(2.0) and "grid" not in table.index
    (told,) = limits.limits(plant, plan, shortage.margins(plant, year, plan)).to_dict("records")
    assert (told["name"], told["kind"], told["limit"], told["value"], told["binding"]) == (
        "critical",
        "reserve",
        pytest.approx(0.9),
        pytest.approx(0.9),
        True,
    )


def forged(x: Inputs, name: str) -> Inputs:
    """Inputs as a careless translation would make them."""
    here = {s for (f, s), v in x.connection.items() if not v}
    wrong: dict[str, Any] = {
        "a grid on the island": {"connection": dict.fromkeys(x.connection, 5.0)},
        "all is shed": {"sheddable": {("mill", "electricity"): 1.0}},
        "shed for nothing": {"shed_cost": {}},
        "no reserve": {"losses": ()},
        "half an hour": {"reserve_hours": {"critical": 0.5}},
        "the mill may fail": {"critical": {}},
        "fixed use may fail": {"critical_load": {}},
        "whole engines count": {"firm": {**x.firm, ("critical", "engine"): 1.5}},
        "power for nothing": {"store_power": {}, "store_hours": {"battery": 1.0}},
    }[name]
    assert here
    return replace(x, **wrong)


FORGED = {
    "a grid on the island": "connection", "no reserve": "reserves", "power for nothing": "store power", "all is shed": "use unserved",
    "shed for nothing": "running costs", "half an hour": "reserves", "the mill may fail": "reserves", "fixed use may fail": "reserves",
    "whole engines count": "reserves",
}  # fmt: skip


@pytest.mark.parametrize("name", [name if n < 3 else pytest.param(name, marks=pytest.mark.full) for n, name in enumerate(FORGED)])
def test_a_careless_plan_is_refused(name: str) -> None:
    plant, year = park()
    assert FORGED[name] in failed(audit.audit(plant, year, tiny.plan(forged(translate.inputs(plant, year), name))))


def test_it_holds_on_all_hours() -> None:
    """Proves: the island's hours are the year's own, so the whole year sheds what was planned, 4,000 CNY, and every reserve stands."""
    plant, year = park()
    found = holds.verdict(plant, year, honest(), whole_year.run(plant, year, honest(), processes=0))
    assert found.holds
    assert figure(found, "cost", "unserved")["whole_year"] == pytest.approx(4000.0)
    assert figure(found, "reserve", "critical")["whole_year"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.full
def test_a_reserve_that_lacks_something_is_told() -> None:
    """Proves: one hour of July needs 1.5 MW of fixed power, 0.75 of it critical: 0.25 MW stand not ready; a typical day hides most of them."""
    plant, year = park("rough")
    _, found = checked(plant, year)
    row = figure(found, "reserve", "critical")
    assert not found.holds and not row["holds"]
    assert row["whole_year"] == pytest.approx(0.25, abs=2e-3)
    (day,) = found.tables["misses"].query("carrier == 'critical'").to_dict("records")
    assert (day["day"], day["hours"]) == (201, 1)
