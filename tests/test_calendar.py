"""Proofs of planner/calendar.py: few days, the same energy, the same peaks."""

import numpy as np
import pandas as pd
import pytest

from planner.calendar import MONTH_OF_DAY, _found, every_day, month_groups, spread, typical_days

GROUPS = [[1, 2, 12], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
PRICE = np.array([0.3] * 8 + [0.6] * 2 + [1.0] * 4 + [0.6] * 4 + [1.0] * 4 + [0.6] * 2)  # borders at 8, 10, 14, 18 and 22 h


def year():
    """Sun, gusty wind, a price by the hour, a load and what is left of it, with one peak hour on the 200th day."""
    random = np.random.default_rng(3)
    hour, day = np.tile(np.arange(24), 365), np.repeat(np.arange(365), 24)
    sky = np.repeat(random.uniform(0.2, 1, 365), 24)
    pv = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None) * sky
    wind = np.repeat(random.beta(0.6, 1.5, 365), 24) * random.uniform(0.8, 1, 8760)
    load = 1 + 0.2 * (hour > 8) + 0.05 * random.standard_normal(8760)
    load[199 * 24 + 20] = 3
    return pd.DataFrame({"pv": pv, "wind": wind, "price": np.tile(PRICE, 365), "load": load, "net": load - pv - 0.5 * wind}).assign(
        season=1 + 0.1 * np.cos(day / 365 * 2 * np.pi)
    )


def total(days, name, rows=slice(None)):
    return float((days.weight * days.hours * days.profiles[name])[rows].sum())


@pytest.fixture(scope="module")
def frame():
    return year()


@pytest.fixture(scope="module")
def days(frame):
    return typical_days(frame, GROUPS, days_per_group=2, segments=8, peak_column="net")


def test_the_days_make_a_year(days):
    """Proves: 4 groups of 2 days and a peak day, 8 segments each, weigh 365 days. With the peak day on top of them it is 369."""
    first = [days.day.index(d) for d in days.days]
    assert len(days.steps) == len(set(days.steps)) == 4 * 3 * 8
    assert days.weight[first].sum() == 365 and (days.weight * days.hours).sum() == 8760
    assert sorted(d for members in days.days.values() for d in members) == list(range(365))
    assert days.months == {"m01": 3, "m03": 3, "m06": 3, "m09": 3}


@pytest.mark.parametrize(("number", "segments"), [(1, 4), (2, 8), (3, 24)])
def test_energy_is_kept_in_every_group(frame, number, segments):
    """Proves: weighted sums are the true ones in each group and for each profile. Unscaled real days miss the wind by 10-40 %."""
    days = typical_days(frame, GROUPS, number, segments, "net")
    for group, months in zip(days.months, GROUPS, strict=True):
        true = frame[np.isin(np.repeat(MONTH_OF_DAY, 24), months)]
        for name in frame:
            assert total(days, name, np.array(days.group) == group) == pytest.approx(true[name].sum(), rel=1e-9)
    assert days.profiles["wind"].max() <= frame["wind"].max() and days.profiles["pv"].max() <= 1


def test_energy_is_kept_at_every_price(frame, days):
    """Proves: what is used at the peak price is right too, not only the sum. Scaled over all hours, each price's wind is off."""
    for price in (0.3, 0.6, 1.0):
        rows = np.isclose(days.profiles["price"], price)
        for name in ("pv", "wind", "load"):
            assert total(days, name, rows) == pytest.approx(frame[name][np.isclose(frame["price"], price)].sum(), abs=1e-6)


def test_segments_end_where_the_price_changes(days):
    """Proves: no step mixes two prices. Segments drawn by sun and load alone average them to values that nobody charges."""
    assert set(days.profiles["price"].round(9)) == {0.3, 0.6, 1.0}


def test_the_peak_is_met_once(frame, days):
    """Proves: each group's highest net load is there, undiluted, on a day that counts once; a mean over hours would hide it."""
    for group, months in zip(days.months, GROUPS, strict=True):
        true = frame["net"][np.isin(np.repeat(MONTH_OF_DAY, 24), months)].max()
        rows = np.array(days.group) == group
        step = np.flatnonzero(rows)[days.profiles["net"][rows].argmax()]
        assert days.profiles["net"][step] == pytest.approx(true) and days.weight[step] == 1
    assert total(days, "load", np.array(days.day) == "m06d3") == pytest.approx(frame["load"][199 * 24 : 200 * 24].sum())


def test_dearer_power_leaves_the_days_as_they_are(frame, days):
    """Proves: all prices a tenth and a tax dearer, the same days stand for the same days, without a second search; only the price moves."""
    searched = _found.cache_info().misses
    dearer = typical_days(frame.assign(price=1.1 * frame["price"] + 0.05), GROUPS, days_per_group=2, segments=8, peak_column="net")
    assert _found.cache_info().misses == searched
    assert dearer.steps == days.steps and dearer.days == days.days
    assert dearer.profiles["price"] == pytest.approx(1.1 * days.profiles["price"] + 0.05)
    assert dearer.profiles["load"].tolist() == days.profiles["load"].tolist()
    other = frame.assign(price=frame["price"].where(frame["price"] < 1, 2.0))
    typical_days(other, GROUPS, days_per_group=2, segments=8, peak_column="net")
    assert _found.cache_info().misses == searched + 1, "another shape of prices is searched"


def test_capacity_factors_stay_below_their_highest_hour():
    """Proves: where plain scaling would ask for more than 1, other hours carry the rest. Plain scaling answers above 1, clipping loses energy.

    Hours blow at nearly 0 or nearly 1, so a day chosen with less than the mean wind cannot simply be scaled up.
    """
    random = np.random.default_rng(5)
    wind = np.clip(random.beta(0.3, 0.3, 8760), 0, 1)
    frame = pd.DataFrame({"wind": wind, "net": np.arange(8760) % 24 + random.uniform(0, 1, 8760)})
    days = typical_days(frame, [list(range(1, 13))], 1, 24, "net")
    assert days.profiles["wind"].max() <= 1 and total(days, "wind") == pytest.approx(wind.sum())


def test_a_day_without_wind_may_stand_for_windy_ones():
    """Proves: where a factor cannot help (0 x anything) the clusters' means step in. Without them the wind's energy is 0 or nan."""
    wind = np.zeros(8760)
    wind[24 * 7 : 24 * 8] = 1
    frame = pd.DataFrame({"wind": wind, "net": np.tile(np.arange(24.0), 365)})
    days = typical_days(frame, [list(range(1, 13))], 1, 6, "net")
    assert total(days, "wind") == pytest.approx(24)


def test_a_day_ends_where_it_began(days):
    """Proves: the step before a day's first is the last of that day. Chained across days, stores carry energy between weights."""
    for step, before, day in zip(days.steps, days.previous, days.day, strict=True):
        assert before.startswith(day) and (before < step or before == f"{day}s07")


def test_every_day_is_the_year_itself(frame):
    """Proves: 8760 steps of one hour keep every value; linked, midnight follows 23 h of the day before, otherwise its own 23 h."""
    alone, linked = every_day(frame), every_day(frame, linked=True)
    assert len(alone.steps) == 8760 and (alone.profiles["wind"] == frame["wind"]).all() and alone.weight.sum() == 8760
    assert alone.previous[24] == "m01d02s23" and linked.previous[24] == "m01d01s23" and linked.previous[0] == "m12d31s23"


def test_months_group_by_tariff_and_season():
    """Proves: July and August differ from June by their sharp hours, March from May by nothing. By season alone it is 4 groups."""
    bands = np.full((12, 24), "flat", dtype="<U6")
    bands[6:8, 12:14] = "sharp"
    assert month_groups(bands) == [[1, 2, 12], [3, 4, 5], [6], [7, 8], [9, 10, 11]]


def test_all_faults_are_told_at_once(frame):
    """Proves: one message holds every fault. A program that stops at the first tells one."""
    with pytest.raises(ValueError, match=r"8759 rows.*peak_column is 'nett'.*each month.*of 1 to 24"):
        typical_days(frame.iloc[:-1], [[1, 2]], 1, 25, "nett")


@pytest.mark.parametrize(("number", "groups"), [(4, 4), (8, 4), (12, 12), (48, 12)])
def test_days_spread_over_the_year_stand_for_every_day_alike(number: int, groups: int) -> None:
    """Proves: 20 days of an outage are 20/365 of the year on any number of days. Days that stood for themselves alone would say 0 or a whole part."""
    chosen = spread(pd.DataFrame({"load": np.ones(8760)}), number, groups)
    outage = set(range(100, 120))
    lost = [sum(day in outage for day in members) / len(members) for members in chosen.days.values()]
    assert sum(lost) / number == pytest.approx(20 / 365, rel=1e-12)
