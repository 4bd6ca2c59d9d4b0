"""Proofs of planner/intake: a meter's file is read as it is meant, whatever clock, unit, form and encoding it was written in."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from files import expected, iso, kilowatts, readings, stamps, write

from planner.intake import meter

FORMS = {
    "iso": iso, "with seconds": lambda t: f"{t:%Y-%m-%d %H:%M:%S}", "T": lambda t: f"{t:%Y-%m-%dT%H:%M}", "slashes": lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t:%M}",
    "dots, year first": lambda t: f"{t:%Y.%m.%d %H:%M}", "german": lambda t: f"{t:%d.%m.%Y %H:%M}", "british": lambda t: f"{t:%d/%m/%Y %H:%M}",
    "american": lambda t: f"{t:%m/%d/%Y} {t.hour % 12 or 12}:{t:%M} {'AM' if t.hour < 12 else 'PM'}", "chinese": lambda t: f"{t.year}年{t.month}月{t.day}日{t.hour}时{t:%M}分",
    "chinese halves": lambda t: f"{t.year}/{t.month}/{t.day} {t.hour % 12 or 12}:{t:%M}{'上午' if t.hour < 12 else '下午'}", "digits": lambda t: f"{t:%Y%m%d %H%M}",
    "offset": lambda t: f"{t:%Y-%m-%d %H:%M}+08:00", "utc": lambda t: f"{t - timedelta(hours=8):%Y-%m-%dT%H:%M}Z",
    "excel": lambda t: f"{(t - datetime(1899, 12, 30)) / timedelta(days=1):.6f}",
}  # fmt: skip


@pytest.mark.parametrize(("form", "minutes"), [(form, 60) for form in FORMS] + [("iso", 15), ("chinese", 15), ("excel", 15), ("german", 30)])
def test_every_usual_form_of_a_date_is_read(form: str, minutes: int, tmp_path: Path) -> None:
    """Proves: the hours are the ones that were written. Days and months exchanged, or UTC taken for Beijing time, would shift the shifts."""
    when = stamps(minutes=minutes)
    found = meter.read(write(tmp_path / "m.csv", readings(when, FORMS[form])))
    assert found.power == pytest.approx(expected()) and (found.year, found.minutes) == (2025, minutes)


@pytest.mark.parametrize(
    ("encoding", "sign"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ","), ("utf-16-be", "|"), ("gbk", ","), ("gb18030", "，")],
)
def test_encodings_and_separators(encoding: str, sign: str, tmp_path: Path) -> None:
    """Proves: Chinese headings in any of the usual encodings are read, whatever parts the cells."""
    rows = readings(stamps(), head=f"数据时间{sign}有功功率(千瓦)", sign=sign)
    assert meter.read(write(tmp_path / "m.csv", rows, encoding)).power == pytest.approx(expected())


@pytest.mark.parametrize(
    ("head", "per"), [("kW", 1.0), ("kWh", 0.25), ("MWh", 0.00025), ("电量（千瓦时）", 0.25), ("用电量(万千瓦时)", 0.000025), ("负荷/兆瓦", 0.001)]
)
def test_power_and_energy_of_a_quarter_of_an_hour(head: str, per: float, tmp_path: Path) -> None:
    """Proves: 25 kWh in 15 minutes are 100 kW; a reader that forgot the interval would say 25."""
    rows = readings(stamps(minutes=15), value=lambda t: f"{kilowatts(t) * per:.9f}", head=f"time,{head}")
    assert meter.read(write(tmp_path / "m.csv", rows)).power == pytest.approx(expected(), rel=1e-4)


def test_one_day_a_line(tmp_path: Path) -> None:
    """Proves: the grid company's form, 96 columns stamped with their ends, gives the same hours."""
    ends = [f"{m // 60:02d}:{m % 60:02d}" for m in range(15, 24 * 60 + 1, 15)]
    days = [datetime(2025, 1, 1) + timedelta(days=d) for d in range(365)]
    rows = [",".join(["户号", "日期", "单位kW", *ends])]
    rows += [",".join(["123", f"{d:%Y-%m-%d}", "", *(str(kilowatts(d + timedelta(minutes=m))) for m in range(0, 1440, 15))]) for d in days]
    found = meter.read(write(tmp_path / "m.csv", rows, "gbk"))
    assert found.power == pytest.approx(expected()) and "ends of their intervals" in "".join(found.said)


def test_decimal_commas_and_remarks_above_and_below(tmp_path: Path) -> None:
    """Proves: 100,5 beside semicolons is a number; what stands above the heading and a sum below are left aside."""
    rows = [
        "Zählpunkt 4711",
        "Export vom 2026-01-07",
        *readings(stamps(), value=lambda t: f"{kilowatts(t):.1f}".replace(".", ","), head="Zeit;Leistung kW;Bemerkung", sign=";"),
        "Total;",
    ]
    assert meter.read(write(tmp_path / "m.csv", rows)).power == pytest.approx(expected())


def test_clocks_set_forward_and_back(tmp_path: Path) -> None:
    """Proves: a day of 23 hours gets its hour from its neighbours, one of 25 the mean of the hour that stands twice; all others stay."""
    when = [t for t in stamps() if t != datetime(2025, 3, 30, 2)]
    again = datetime(2025, 10, 26, 2)
    rows = readings(when)
    at = when.index(again) + 2
    rows.insert(at, f"{iso(again)},{kilowatts(again) + 50}")
    found = meter.read(write(tmp_path / "m.csv", rows))
    changed = np.flatnonzero(np.abs(found.power - expected()) > 1e-9)
    assert list(changed) == [stamps().index(again)] and found.power[changed[0]] == kilowatts(again) + 25
    assert "23 hours" in "".join(found.said) and "25 hours" in "".join(found.said)


def test_gaps_are_filled_from_the_weeks_around(tmp_path: Path) -> None:
    """Proves: three lost days of a works with shifts come back with their shifts. A straight line would give one level."""
    lost = [t for t in stamps() if not datetime(2025, 5, 6) <= t < datetime(2025, 5, 9)]
    found = meter.read(write(tmp_path / "m.csv", readings(lost)))
    assert found.power == pytest.approx(expected())
    assert "72 hours without a reading (0.8%)" in "".join(found.said) and "from 2025-05-06 00:00 with 72 hours" in "".join(found.said)


def test_a_leap_year_and_twelve_months_that_are_no_calendar_year(tmp_path: Path) -> None:
    """Proves: 29 February is left out, and July to June becomes January to December."""
    leap = meter.read(write(tmp_path / "leap.csv", readings(stamps(2024))))
    assert leap.power == pytest.approx(expected(2024)) and leap.year == 2024
    half = timedelta(days=181)
    rolled = meter.read(write(tmp_path / "roll.csv", readings([t + half for t in stamps(2025)], value=lambda t: t.month)))
    assert rolled.power == pytest.approx(np.array([t.month for t in stamps(2025)], dtype=float))


def test_a_column_can_be_chosen(tmp_path: Path) -> None:
    """Proves: of two columns of power the one that is asked for is read."""
    rows = readings(stamps(), value=lambda t: f"{kilowatts(t)},7", head="time,hall 1 kW,hall 2 kW")
    path = write(tmp_path / "m.csv", rows)
    assert meter.read(path, column="hall 1 kW").power == pytest.approx(expected())
    assert set(meter.read(path, column="hall 2 kW").power) == {7.0}


def test_a_measured_load(tmp_path: Path) -> None:
    """Proves: a real meter's year (UCI 851, 8,760 hours of 2018) is read to the kWh: 960 MWh, 8.76 h of its mean at the highest."""
    path = os.environ.get("MEASURED_LOAD")
    if not path:
        pytest.skip("MEASURED_LOAD names no file: the measured load is not part of the project")
    found = meter.read(Path(path))
    assert found.power.sum() == pytest.approx(959_637, rel=1e-5) and found.year == 2018
