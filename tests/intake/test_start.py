"""Proofs of planner/intake/start.py: a meter or twelve bills alone become a case, in one command, and it is planned within a minute."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from files import MONTHLY, kilowatts, readings, stamps, twelve, write

from planner import audit, cli, plan, run, translate
from planner.errors import CaseError
from planner.intake import start


def planned(folder: Path) -> tuple[run.Ready, plan.Planned]:
    """The case of a folder planned as `planner solve` does, but in this process; its audit must pass."""
    ready = run.prepare(folder)
    made = plan.make(translate.inputs(ready.plant, ready.year), gap=0.01, seconds=60, report=lambda _: True)
    assert audit.audit(ready.plant, ready.year, made.plan).passed
    return ready, made


def test_a_meter_alone_becomes_a_case(tmp_path: Path) -> None:
    """Proves: the case uses what was metered, 1,690 MWh here, and its base year is that at the province's latest factor (Hebei 2023: 0.6516).

    A case that took the shape alone would use the megawatt-hour that stands in the template.
    """
    metered = sum(kilowatts(t) for t in stamps()) / 1000
    file = write(tmp_path / "m.csv", readings(stamps(minutes=15), value=lambda t: kilowatts(t) / 4, head="时间,电量(kWh)"), "gbk")
    assert cli.main(["start", str(file), "--province", "hebei", "--roof", "3000", "--out", str(tmp_path / "Works 1")]) == 0
    ready, made = planned(tmp_path / "Works 1")
    assert ready.case["name"] == "works_1"
    assert ready.plant.demand["electricity", 2026] * 1000 == pytest.approx(metered)
    assert ready.case["base_year.emissions"] == pytest.approx(metered * 0.6516, rel=1e-4)
    assert made.plan.value("market.amount")["grid", 2026] * 1000 == pytest.approx(metered, rel=1e-6)
    assert {m.carrier for m in ready.plant.markets.values()} == {"electricity", "green_attribute"}


def test_twelve_bills_alone_become_a_case(tmp_path: Path) -> None:
    """Proves: power and gas of the bills. By hand: 12 x 10,000 m3 x 0.03893 GJ = 4,672 GJ, at 3.891892 GJ for a MWh of heat 1,200 MWh;
    base year 5,073 MWh x Zhejiang's factor + 4,672 GJ x 0.0561 t."""
    file = write(tmp_path / "b.csv", twelve("月份,电量kWh,天然气(m3)", lambda m, e: f"{m}月,{e * 1000},10000"))
    made = start.of_bills(file, tmp_path / "works", "zhejiang", "10kv", 0.0, 2)
    ready, answer = planned(tmp_path / "works")
    factor = max((r for r in ready.case.tables["province_values"] if r["province"] == "zhejiang" and r["parameter"] == "grid_factor" and r["year"] <= 2025), key=lambda r: r["year"])["value"]  # fmt: skip
    assert ready.plant.demand["heat_200", 2026] * 1000 == pytest.approx(4671.6 / 3.891892)
    assert ready.case["base_year.emissions"] == pytest.approx(sum(MONTHLY) * factor + 4671.6 * 0.0561, rel=1e-4)
    assert answer.plan.value("market.amount")["gas", 2026] * 1000 == pytest.approx(4671.6, rel=1e-6)
    assert any("equipment is not known" in line for line in made.said) and "roof_pv" not in ready.plant.assets
    assert np.isclose(ready.plant.assets["gas_boilers"].size, 1.25 * 4671.6 / 3.891892 * ready.year.hourly["load"].max() / 8760, rtol=1e-3)


def test_an_unknown_province_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "m.csv", readings(stamps()))
    with pytest.raises(CaseError, match="hebei"):
        start.of_meter(file, tmp_path / "works", "hebi", "10kv", 0.0)
    assert [p.name for p in tmp_path.iterdir()] == ["m.csv"]


def test_a_measured_load_is_planned_within_a_minute(tmp_path: Path) -> None:
    """Proves: the measured year of a real steel finishing shop becomes a case in one command and a plan that passes its audit, in a minute."""
    path = os.environ.get("MEASURED_LOAD")
    if not path:
        pytest.skip("MEASURED_LOAD names no file: the measured load is not part of the project")
    began = time.perf_counter()
    assert cli.main(["start", path, "--province", "hebei", "--roof", "8000", "--out", str(tmp_path / "shop")]) == 0
    _, made = planned(tmp_path / "shop")
    assert made.plan.value("market.amount")["grid", 2026] == pytest.approx(0.959637, rel=1e-5)
    assert time.perf_counter() - began < 60
