"""Proofs of planner/intake: what was measured becomes the shape of a case, keeps through workbook and run folder, and its sums are right."""

from pathlib import Path

import numpy as np
import pytest
from files import MONTHLY, epw, expected, kilowatts, readings, stamps, twelve, write

from planner import case, cli, plant, run, shapes, year
from planner.calendar import MONTH_OF_DAY
from planner.case import Case
from planner.exchange import book_out, importing
from planner.intake import bills, gate, onto

MONTH = np.repeat(MONTH_OF_DAY, 24)


def load_of(read: Case) -> np.ndarray:
    return shapes.of_use(read)["load"]


def test_a_meter_becomes_the_shape_of_what_would_run_flat(tmp_path: Path) -> None:
    """Proves: the parts together draw what the meter shows. By hand: the cells' flat processes use 94 % of the power, the dry rooms follow
    the seasons; load = (meter - 6 % * dry rooms) / 94 %, and 94 % * load + 6 % * dry rooms is the meter again, to rounding.

    A version that gave the flat part the meter's own shape would miss it by the swing of the dry rooms, some per cent of an hour.
    """
    path = write(tmp_path / "m.csv", readings(stamps()))
    made = onto.meter("battery", path, tmp_path / "made")
    before = case.read("battery")
    use = gate.uses(plant.resolve(before))
    assert set(use) == {"load", "dry_room_air"} and use["load"] / sum(use.values()) == pytest.approx(0.94, abs=0.01)
    of = shapes.of_use(made.ready.case)
    together = sum(share * of[name] for name, share in use.items()) / sum(use.values())
    assert together == pytest.approx(expected() / expected().mean(), rel=1e-4)
    assert np.abs(of["load"] - expected() / expected().mean()).max() > 0.01
    assert {a.profile for a in made.ready.plant.assets.values() if a.kind == "converter" and a.operation == "flat"} == {
        "load",
        "dry_room_air",
        "dry_room_cooling",
    }
    assert made.ready.plant.demand_profile["battery_cell"] == "load"
    assert "load" not in made.ready.year.synthetic and "load" in year.of(before, plant.resolve(before)).synthetic
    assert made.ready.case.by_name["sources"]["own_load"]["publisher"] == "measured by the user"
    assert any("only the shape is taken" in line for line in made.said)


def test_a_case_without_a_meter_is_as_it_was() -> None:
    """Proves: nothing changes for a case that gives no such shape, its fingerprint neither."""
    resolved = plant.resolve(case.read("steel"))
    assert {a.profile for a in resolved.assets.values() if a.kind == "converter" and a.operation == "flat"} == {"flat"}


def test_one_shape_can_be_replaced_and_a_change_is_kept(tmp_path: Path) -> None:
    """Proves: `--for` replaces the shape that is named and no other; `--set` is written into the new case."""
    path = write(tmp_path / "m.csv", readings(stamps(), value=lambda t: 2 if t.month < 7 else 1))
    made = onto.meter("battery", path, tmp_path / "made", [("caps.total.2030", "0.6"), ("site.connection", "90")], shape="dry_room_air")
    of, before = shapes.of_use(made.ready.case), shapes.of_use(case.read("battery"))
    assert of["dry_room_air"][0] / of["dry_room_air"][-1] == pytest.approx(2) and (of["dry_room_cooling"] == before["dry_room_cooling"]).all()
    assert "load" not in of and made.ready.case["site.connection"] == 90
    assert {r["share"] for r in made.ready.case.tables["caps"] if (r["cap"], r["year"]) == ("total", 2030)} == {0.6}
    assert made.ready.case.changes == ()


def test_hours_travel_through_a_workbook_and_a_run_folder(tmp_path: Path) -> None:
    """Proves: a case with measured hours comes back from its workbook field by field, and the files a run keeps hold them."""
    made = onto.meter("battery", write(tmp_path / "m.csv", readings(stamps())), tmp_path / "made").ready.case
    back = importing.from_book(book_out.write(made, tmp_path / "b.xlsx", "zh"), tmp_path / "back").ready.case
    assert back.fingerprint == made.fingerprint != case.read("battery").fingerprint
    assert "hours.csv" in made.files


def test_twelve_bills_are_kept_to_the_kwh() -> None:
    """Proves: every month has its energy. By hand, one shift on five days with a billed peak: February 2025 has 20 work days of 9 hours = 180 h
    at 700 kW, and (318000 - 126000) / 492 h = 390.2 kW else; without the rule of the peak it would be 30 % of the level.
    """
    billed = bills.Bills("b.csv", 2025, np.array(MONTHLY) * 1000.0, np.full(12, 700.0))
    power, said = bills.fitted(billed, np.full((12, 24), "flat"), 1, 5, 0.3)
    assert [power[m == MONTH].sum() / 1000 for m in range(1, 13)] == pytest.approx(list(MONTHLY))
    february = power[MONTH == 2]
    assert sorted(set(february.round(6))) == pytest.approx([192000 / 492, 700.0]) and (february > 699).sum() == 180
    assert "an estimate" in said[0]


def test_bands_of_the_bill_have_their_energy() -> None:
    """Proves: where bills tell peak and valley, each band of each month has what was billed, by the tariff's own hours.

    By hand: valley is 0-8 h; 62,000 kWh of January in 31 * 8 = 248 h are 250 kW, the other 350,000 kWh in 496 h 705.6 kW.
    """
    bands = np.array([["valley"] * 8 + ["peak"] * 16] * 12)
    energy = np.array(MONTHLY) * 1000.0
    billed = bills.Bills("b.csv", 2025, energy, None, {"valley": np.full(12, 62_000.0), "peak": energy - 62_000.0})
    power, _ = bills.fitted(billed, bands, 3, 7, 0.3)
    assert power[0] == pytest.approx(250.0) and power[12] == pytest.approx(350_000 / 496)
    assert [power[m == MONTH].sum() for m in range(1, 13)] == pytest.approx(list(energy))


def test_bills_make_a_case_that_says_it_is_an_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: one command, Chinese headings, GBK; the case says in its notes that the shape is an estimate, and so does its table."""
    path = write(tmp_path / "b.csv", twelve("月份,电量(万千瓦时),最大需量(千瓦)", lambda m, e: f"2025年{m}月,{e / 10},1200"), "gbk")
    assert cli.main(["bills", "battery", str(path), "--out", str(tmp_path / "made"), "--shifts", "2", "--workdays", "6", "--lang", "zh"]) == 0
    assert "5,073 MWh" in capsys.readouterr().out
    ready = run.prepare(tmp_path / "made")
    assert "the shape of load is fitted to bills and a shift plan: an estimate" in ready.year.notes and "load" in ready.year.synthetic
    assert {r["confidence"] for r in ready.case.tables["hours"]} == {"estimate"}


def test_a_weather_file_replaces_the_synthetic_year(tmp_path: Path) -> None:
    """Proves: sun and wind come from the file, hour by hour and as the case keeps them: the file itself is not needed again."""
    path = write(tmp_path / "site.epw", epw())
    made = onto.weather("battery", path, tmp_path / "made")
    path.unlink()
    ready = run.prepare(tmp_path / "made")
    assert ready.year.synthetic == ("load",) and not any("synthetic" in note for note in ready.year.notes)
    pv = ready.year.hourly["pv"].to_numpy().reshape(365, 24)
    assert pv[:, 2].max() == 0 and pv[:, 12].min() > 0.3
    assert ready.year.hourly["wind"].nunique() == 2 and any("hours a year at rated power" in line for line in made.said)


def test_a_workbook_with_meter_and_weather_in_one_command(tmp_path: Path) -> None:
    """Proves: `planner import BOOK --meter --weather` makes the case with both; a broken meter leaves nothing."""
    book = book_out.write(case.read("battery"), tmp_path / "my.xlsx", "en")
    meter = write(tmp_path / "m.csv", readings(stamps(minutes=15), value=lambda t: kilowatts(t) / 4, head="时间,电量kWh"), "gbk")
    sky = write(tmp_path / "w.csv", ["pv,wind", *(f"{0.3 if 8 <= n % 24 < 16 else 0},0.25" for n in range(8760))])
    assert cli.main(["import", str(book), "--meter", str(meter), "--weather", str(sky)]) == 0
    ready = run.prepare(tmp_path / "my")
    assert ready.year.synthetic == () and load_of(ready.case).max() > 1.2
    bad = write(tmp_path / "bad.csv", readings(stamps(), value=lambda t: 0))
    assert cli.main(["import", str(book), "--meter", str(bad), "--out", str(tmp_path / "no")]) == cli.WRONG_CASE
    assert cli.main(["import", str(book), "--meter", str(meter), "--bills", str(bad), "--out", str(tmp_path / "no")]) == cli.WRONG_CASE
    assert not (tmp_path / "no").exists()
