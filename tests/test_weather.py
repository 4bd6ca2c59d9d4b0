"""Proofs of planner/weather.py: the synthetic year has the province's statistics, and a user's file is read as it is meant."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.weather import HALF_HOURS, MONTH, capacity_factors, read_weather_file

PLACE = (39.6, 118.2)
DATA = Path(__file__).parents[1] / "data"


def statistics(province="hebei"):
    table = pd.read_csv(DATA / "weather" / "weather.csv")
    return table[table["province"] == province]


def target(technology, name, province="hebei"):
    rows = statistics(province)
    rows = rows[(rows["technology"] == technology) & (rows["statistic"] == name)]
    return rows[rows["month"].notna()]["value"].to_numpy(), rows[rows["month"].isna()]["value"].to_numpy()


@pytest.mark.parametrize("province", ["hebei", "tibet", "chongqing", "fujian"])
@pytest.mark.parametrize("technology", ["pv", "wind"])
def test_the_year_has_the_statistics_of_the_province(province, technology):
    """Proves: monthly means, spread and memory of the days are the given ones, for the thinnest and the strongest wind too.

    Without calibration the monthly means are off by tens of percent; with white noise the correlation is 0 instead of 0.4-0.9.
    """
    places = pd.read_csv(DATA / "provinces" / "provinces.csv", index_col="province")
    latitude, longitude = places.loc[province, ["latitude", "longitude"]].astype(float)
    year = capacity_factors(statistics(province), technology, latitude, longitude, seed=7)
    days = year.reshape(365, 24).mean(axis=1)
    assert year.shape == (8760,) and year.min() >= 0 and year.max() <= 1
    assert [days[m == MONTH].mean() for m in range(12)] == pytest.approx(target(technology, "mean", province)[0], rel=0.01)
    assert [days[m == MONTH].std() for m in range(12)] == pytest.approx(target(technology, "daily_std", province)[0], rel=0.05)
    assert np.corrcoef(days[1:], days[:-1])[0, 1] == pytest.approx(target(technology, "lag1", province)[1][0], rel=0.05)


def test_a_seed_is_a_year():
    """Proves: equal seeds give equal years and other seeds other ones. With a hidden random state the first two differ."""
    first, again, other = (capacity_factors(statistics(), "wind", *PLACE, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


def test_the_sun_keeps_beijing_time():
    """Proves: in the far west (88 E) the sun stands highest after 14 h of Beijing time. Local or UTC hours would say 12 or 6."""
    year = capacity_factors(statistics("xinjiang"), "pv", 43.8, 87.6, seed=1).reshape(365, 24).mean(axis=0)
    assert 14 <= (year @ (np.arange(24) + 0.5)) / year.sum() <= 14.6
    assert year[:5].max() == 0


def test_a_tilt_moves_sun_from_summer_to_winter():
    """Proves: the tilt changes the geometry of the same sky. Ignored, both years are equal."""
    flat, steep = (capacity_factors(statistics(), "pv", *PLACE, seed=1, tilt=t).reshape(365, 24).mean(axis=1) for t in (0.0, 60.0))
    assert steep[MONTH == 11].sum() > 1.5 * flat[MONTH == 11].sum() and steep[MONTH == 5].sum() < flat[MONTH == 5].sum()


def test_wind_blows_by_the_hour_of_its_peak():
    """Proves: the daily wave has its top at the hour given. With its sign turned the top is twelve hours off."""
    rows = statistics()
    peak = target("wind", "peak_hour")[0][3]
    april = capacity_factors(rows, "wind", *PLACE, seed=1).reshape(365, 24)[MONTH == 3].mean(axis=0)
    assert abs((april.argmax() - peak + 12) % 24 - 12) <= 1


def test_published_hours_lift_the_wind():
    """Proves: a replaced level is reached, 2400 h. Without rescaling the raw reanalysis answers about 1575 h."""
    rows = statistics()
    level = (rows["statistic"] == "utilisation_hours") & (rows["technology"] == "wind")
    rows = rows.assign(value=rows["value"].mask(level, 2400.0))
    assert capacity_factors(rows, "wind", *PLACE, seed=1).sum() == pytest.approx(2400, rel=0.01)


def test_missing_statistics_are_named_together():
    """Proves: both gaps are told at once. A program that stops at the first tells one."""
    rows = statistics()
    gap = (rows["statistic"] == "lag1") | ((rows["statistic"] == "mean") & (rows["month"] == 3))
    with pytest.raises(ValueError, match=r"mean of month 3, lag1"):
        capacity_factors(rows[~gap], "pv", *PLACE, seed=1)


def epw(zone=8, rows=8760):
    """A year of 800 W/m2 direct and 100 W/m2 diffuse whenever the clock says 6 to 18, wind 5 m/s, 20 C."""
    head = f"LOCATION,Test,-,CHN,-,-,{PLACE[0]},{PLACE[1]},{zone},20\n" + "X\n" * 7
    body = io.StringIO()
    for i in range(rows):
        when = pd.Timestamp("2005-01-01") + pd.Timedelta(hours=i)
        sun = 6 <= when.hour < 18
        values = [when.year, when.month, when.day, when.hour + 1, 0, "?", 20, 5, 50, 101325, 0, 0, 300, 500 * sun, 800 * sun, 100 * sun]
        body.write(",".join(map(str, [*values, *[0] * 5, 5, *[0] * 13])) + "\n")
    return head + body.getvalue()


def test_an_epw_is_taken_half_an_hour_later(tmp_path):
    """Proves: a row of 12 h is lit by the sun of 12:30, and the file's own time zone is turned into Beijing's.

    With the sun at the stamp, or half an hour before it, the yield of the day leans to the afternoon or further; a zone
    taken as Beijing time puts the light of Urumqi's clock (UTC+6) two hours early.
    """
    (tmp_path / "here.epw").write_text(epw())
    (tmp_path / "west.epw").write_text(epw(zone=6))
    here = read_weather_file(tmp_path / "here.epw", "pv", *PLACE).reshape(365, 24)
    noon = (here @ (np.arange(24) + 0.5)) / here.sum(axis=1)
    solar_noon = 12 + (120 - PLACE[1]) / 15
    assert abs(noon.mean() - solar_noon) < 0.15
    west = read_weather_file(tmp_path / "west.epw", "wind", *PLACE)
    assert west == pytest.approx(read_weather_file(tmp_path / "here.epw", "wind", *PLACE)) and 0.1 < west[0] < 0.5
    lit = read_weather_file(tmp_path / "west.epw", "pv", *PLACE).reshape(365, 24).max(axis=0) > 0
    assert not lit[:8].any() and lit[8:20].all()


def test_a_pvgis_file_is_in_universal_time(tmp_path):
    """Proves: 4 h UTC is noon in Beijing. Unshifted, the sun shines at 4 in the morning."""
    times = HALF_HOURS.tz_localize(None) - pd.Timedelta(minutes=20)
    lines = [f"{t:%Y%m%d:%H%M},{900.0 if t.hour == 4 else 0.0},0.0,0.0,30.0,20.0,3.0,0.0" for t in times]
    head = "Latitude (decimal degrees): 39.6\nLongitude (decimal degrees): 118.2\nElevation (m): 20\nRadiation database: PVGIS-ERA5\n\n"
    (tmp_path / "p.csv").write_text(head + "time,Gb(i),Gd(i),Gr(i),H_sun,T2m,WS10m,Int\n" + "\n".join(lines) + "\n\nEnd: x\n")
    year = read_weather_file(tmp_path / "p.csv", "pv", *PLACE).reshape(365, 24)
    assert (year.argmax(axis=1) == 12).all() and 0.6 < year.max() < 0.8


def test_a_plain_column_is_taken_as_it_is(tmp_path):
    """Proves: the wanted column is used, not the first. A reader by position answers 0.2."""
    pd.DataFrame({"wind": np.full(8760, 0.2), "pv": np.full(8760, 0.4)}).to_csv(tmp_path / "own.csv", index=False)
    assert read_weather_file(tmp_path / "own.csv", "pv", *PLACE) == pytest.approx(np.full(8760, 0.4))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "pv\n" + "0.1\n" * 8759, "8759 hourly rows"),
        ("a.csv", "pv\n" + "0.1\n" * 8759 + "1.2\n", "row 8761 is 1.2"),
        ("a.csv", "sun\n" + "0.1\n" * 8760, "no column 'pv'"),
        ("a.csv", "", "No columns"),
        ("a.epw", "LOCATION,Test\n", "a.epw"),
        ("a.tm2", "", "allowed are .epw"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path, name, text, said):
    """Proves: each fault is a ValueError that names the file and the fault. A lenient reader returns a short or wrong year."""
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=said) as error:
        read_weather_file(tmp_path / name, "pv", *PLACE)
    assert name in str(error.value)
