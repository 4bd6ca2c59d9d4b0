"""Calendar 典型日: a year of hours becomes a few days that stand for many, without losing energy or peaks.

Days are chosen within groups of months that share tariff bands and a season, so that a month's peak and bill belong to
the month. In each group tsam (Hoffmann et al. 2022) clusters the days and cuts each chosen day into segments; the day
with the group's highest net load is kept apart, with a weight of one day and its true values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    import tsam

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.intp]

DAYS, HOURS = 365, 24
MONTH_OF_DAY = np.repeat(np.arange(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))  # (365,)
SEASONS = ("winter",) * 2 + ("spring",) * 3 + ("summer",) * 3 + ("autumn",) * 3 + ("winter",)  # of months 1..12
BORDER_WEIGHT = 1000.0  # makes a change of price, or the peak hour, the last border tsam would give up


@dataclass(frozen=True, eq=False)
class TypicalDays:
    """Steps in the order of the day; all tuples and arrays have one entry per step, the mappings one per day or group."""

    steps: tuple[str, ...]  # "m06d2s05": group m06 (its first month), its second day, its sixth segment
    day: tuple[str, ...]
    group: tuple[str, ...]
    hours: Array  # length of the step, h
    weight: Array  # days a year that its day stands for, 1/a
    previous: tuple[str, ...]  # the step before; before the first of a day comes its last
    profiles: dict[str, Array]  # mean of each profile in the step, in the profile's unit
    days: dict[str, tuple[int, ...]]  # day -> the days of the year (0..364) it stands for
    months: dict[str, int]  # group -> number of its months, each billed on the group's peak


@dataclass(frozen=True)
class _Day:
    """A chosen day of the year, the days it stands for, and the lengths of its segments in hours."""

    centre: int
    members: tuple[int, ...]
    lengths: tuple[int, ...] = (1,) * HOURS


def month_groups(bands: npt.NDArray[np.str_], seasons: Sequence[str] = SEASONS) -> list[list[int]]:
    """Months 1..12 in groups of the same tariff bands, (12, 24), and the same season."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for month in range(1, 13):
        groups.setdefault((seasons[month - 1], *map(str, bands[month - 1])), []).append(month)
    return list(groups.values())


def typical_days(
    profiles: pd.DataFrame,
    month_groups: list[list[int]],
    days_per_group: int,
    segments: int,
    peak_column: str,
    price_column: str = "price",
    apart: Sequence[int] = (),
) -> TypicalDays:
    """Representative days of 8760 hours: `days_per_group` a group and its peak day, each of `segments` steps.

    `apart`: days of the year (0..364) shown beside them as they are, each once and hour by hour.

    In every group sum(weight * hours * value) is the true sum of each profile, also by price where no step mixes two.
    No scaled value exceeds the profile's highest hour, so a capacity factor stays at or below 1. `peak_column`: the net
    load. `price_column`, if it is there, sets where segments should end. 24 segments are plain hours.
    """
    _check(profiles, month_groups, days_per_group, segments, peak_column)
    names, values = tuple(map(str, profiles.columns)), profiles.to_numpy(dtype=float).reshape(DAYS, HOURS, -1)
    groups, shown = tuple(map(tuple, month_groups)), tuple(sorted(set(apart)))
    found = _found(names, _shapes(values).tobytes(), groups, days_per_group, segments, peak_column, price_column, shown)
    limit, price = values.max(axis=(0, 1)), names.index(price_column) if price_column in names else -1
    chosen, tables = dict[str, list[_Day]](), list[Array]()
    for group, (others, alone) in found.items():
        chosen[group] = [*others, *alone]
        tables += [_true_to_the_sum(values, others, limit, price)] if others else []
        tables += [_means(values, alone)]
    return _assemble(chosen, dict(zip(names, np.vstack(tables).T, strict=True)), month_groups)


def _shapes(values: Array) -> Array:
    """Every profile from 0 to 1: which days are alike does not hang on how high a price or a load is."""
    low, high = values.min(axis=(0, 1)), values.max(axis=(0, 1))
    return np.asarray(((values - low) / np.where(high > low, high - low, 1.0)).round(12))


@lru_cache(maxsize=16)  # a what-if that leaves weather and the shape of the tariff alone keeps its days
def _found(
    names: tuple[str, ...],
    content: bytes,
    month_groups: tuple[tuple[int, ...], ...],
    days_per_group: int,
    segments: int,
    peak_column: str,
    price_column: str,
    apart: tuple[int, ...],
) -> Mapping[str, tuple[list[_Day], list[_Day]]]:
    """Group -> the days that stand for others, and those that stand for themselves; content: the shapes of the profiles."""
    shapes = np.frombuffer(content).reshape(DAYS, HOURS, -1)
    profiles, peak = pd.DataFrame(shapes.reshape(DAYS * HOURS, -1), columns=list(names)), names.index(peak_column)
    found = dict[str, tuple[list[_Day], list[_Day]]]()
    for months in month_groups:
        days = np.flatnonzero(np.isin(MONTH_OF_DAY, months))
        # tsam's ExtremeConfig keeps an extreme day as well, but not when that day already is the centre of a cluster,
        # where it would stand for many days. Here it must count once, so it is taken out before the clustering.
        highest = int(days[shapes[days][:, :, peak].max(axis=1).argmax()])
        alone = [_Day(day, (day,)) for day in apart if day in days]
        if highest not in apart:
            alone.append(_peak_day(profiles, highest, segments, peak_column, price_column))
        rest = days[~np.isin(days, [day.centre for day in alone])]
        others = _clustered(profiles, rest, days_per_group, segments, price_column) if len(rest) else []
        found[f"m{min(months):02d}"] = others, alone
    return found


def every_day(profiles: pd.DataFrame, linked: bool = False) -> TypicalDays:
    """All 365 days of 24 hours, each standing for itself, in 12 groups. `linked`: the step before a day's first is the
    last of the day before (and of the year, for its first) instead of the day's own last."""
    months = [[m] for m in range(1, 13)]
    _check(profiles, months, 1, HOURS, str(profiles.columns[0]))
    chosen = {f"m{m:02d}": [_Day(int(d), (int(d),)) for d in np.flatnonzero(m == MONTH_OF_DAY)] for m in range(1, 13)}
    return _assemble(chosen, {str(c): profiles[c].to_numpy(dtype=float) for c in profiles.columns}, months, linked)


def spread(profiles: pd.DataFrame, number: int, groups: int) -> TypicalDays:
    """``number`` days spread evenly over the year, hour by hour, all of one weight, in ``groups`` of as many months each; 365 in 12
    are every day. For comparing methods on fewer days: nothing is scaled to the year's sums."""
    if (number, groups) == (DAYS, 12):
        return every_day(profiles)
    if 12 % groups or number < groups:
        raise ValueError(f"{number} days in {groups} groups of months; allowed are 1, 2, 3, 4, 6 or 12 groups of a day or more")
    chosen = dict[str, list[_Day]]()
    for k in range(number):
        day = int((k + 0.5) * DAYS / number)
        part = tuple(m // number for m in range(k * DAYS, (k + 1) * DAYS))  # of the year, every day as often as it is in it: outages keep their share
        chosen.setdefault(f"m{1 + k * groups // number * 12 // groups:02d}", []).append(_Day(day, part))
    hours = [day.centre * HOURS + h for days in chosen.values() for day in days for h in range(HOURS)]
    shown = {str(c): profiles[c].to_numpy(dtype=float)[hours] for c in profiles.columns}
    months = [[1 + g * 12 // groups + n for n in range(12 // groups)] for g in range(groups)]
    made = _assemble(chosen, shown, months)
    return replace(made, weight=np.full(len(made.steps), DAYS / number))


def _clustered(profiles: pd.DataFrame, days: Days, number: int, segments: int, price: str) -> list[_Day]:
    """Clusters of the given days, each shown by the real day nearest its middle, in the order of the year."""
    result, lengths = _aggregate(profiles, days, min(number, len(days)), segments, [price])
    assigned = np.asarray(result.cluster_assignments)
    centres = [int(days[c]) for c in result.clustering.cluster_centers or ()]
    members = [tuple(int(d) for d in days[assigned == i]) for i in range(len(centres))]
    return sorted(map(_Day, centres, members, lengths), key=lambda day: day.centre)


def _peak_day(profiles: pd.DataFrame, day: int, segments: int, peak: str, price: str) -> _Day:
    """The day alone; its highest hour becomes a segment of its own, or a mean would hide the peak that is billed."""
    hours, mark = profiles.iloc[day * HOURS : (day + 1) * HOURS], "the peak hour"
    is_peak = (np.arange(HOURS) == hours[peak].to_numpy().argmax()).astype(float)
    _, lengths = _aggregate(hours.assign(**{mark: is_peak}), np.array([0]), 1, segments, [price, mark])
    return _Day(day, (day,), lengths[0])


def _aggregate(
    frame: pd.DataFrame, days: Days, number: int, segments: int, borders: list[str]
) -> tuple[tsam.AggregationResult, list[tuple[int, ...]]]:
    """tsam's clusters of the days, and the lengths of the segments of each; borders fall where the profiles `borders` change."""
    rows = (days[:, None] * HOURS + np.arange(HOURS)).ravel()
    # tsam wants a regular time axis: the chosen days are strung together.
    data = frame.iloc[rows].set_axis(pd.date_range("2025-01-01", periods=len(rows), freq="h"))
    import tsam  # takes seconds to load; a page that only shows a stored plan does not need it

    medoid = tsam.ClusterConfig(method="hierarchical", representation="medoid")
    parts = None if segments == HOURS else tsam.SegmentConfig(n_segments=segments)
    weights = {str(c): BORDER_WEIGHT if c in borders else 1.0 for c in frame.columns}
    # preserve_column_means is not exact for segments; see _scaled
    result = tsam.aggregate(data, number, cluster=medoid, segments=parts, weights=weights, preserve_column_means=False)
    return result, [tuple(map(int, one)) for one in result.segment_durations or ((1,) * HOURS,) * number]


def _means(values: Array, days: Sequence[_Day], members: bool = False) -> Array:
    """(steps, profiles): the mean in each segment of each day, of the day itself or of all the days it stands for."""
    parts = []
    for day in days:
        hourly = values[list(day.members)].mean(axis=0) if members else values[day.centre]
        parts.append(np.add.reduceat(hourly, np.cumsum((0, *day.lengths[:-1])), axis=0) / np.array(day.lengths)[:, None])
    return np.vstack(parts)


def _true_to_the_sum(values: Array, days: Sequence[_Day], limit: Array, price: int) -> Array:
    """(steps, profiles): the means of the chosen days, scaled to the energy of all they stand for, price by price."""
    own, mean = _means(values, days), _means(values, days, members=True)
    hours = np.array([float(n) * len(day.members) for day in days for n in day.lengths])
    level = own[:, price].round(9) if price >= 0 else np.zeros(len(own))
    for rows in (level == one for one in np.unique(level)):
        for i, most in enumerate(limit):
            own[rows, i] = _scaled(own[rows, i], mean[rows, i], hours[rows], most)
    return own


def _scaled(own: Array, mean: Array, hours: Array, limit: float) -> Array:
    """`own` (steps,) times one factor, so that its sum is that of `mean`, which is the true one; none above `limit`.

    tsam's own rescaling is iterative and leaves a rest, so it is done here. What a step at the limit cannot take the
    others carry. A profile that goes below zero (net load) is shifted: a factor could turn it over. Where no factor
    helps (chosen days without any wind) the means of the clusters, which need none, stand in.
    """
    target = float(mean @ hours)
    if own.min() < 0:
        return np.asarray(own + (target - own @ hours) / hours.sum())
    full = np.zeros(own.shape, dtype=bool)
    while (free := float(own[~full] @ hours[~full])) > 0:
        scaled = np.where(full, limit, own * (target - limit * hours[full].sum()) / free)
        if (scaled <= limit * (1 + 1e-12)).all():
            return np.asarray(np.minimum(scaled, limit))
        full |= scaled > limit
    return mean


def _assemble(chosen: dict[str, list[_Day]], profiles: dict[str, Array], groups: list[list[int]], linked: bool = False) -> TypicalDays:
    """Names and weights of the steps; `profiles` holds their values in the same order."""
    digits = len(str(max(map(len, chosen.values()))))  # keep the names in order
    named = {f"{group}d{n:0{digits}}": (group, day) for group in chosen for n, day in enumerate(chosen[group], start=1)}
    ids = [[f"{name}s{i:02d}" for i in range(len(day.lengths))] for name, (_, day) in named.items()]
    steps = [step for day in ids for step in day]
    cyclic = [step for day in ids for step in (day[-1], *day[:-1])]
    each = [(name, group, len(day.members)) for name, (group, day) in named.items() for _ in day.lengths]
    return TypicalDays(
        steps=tuple(steps),
        day=tuple(name for name, _, _ in each),
        group=tuple(group for _, group, _ in each),
        hours=np.array([n for _, day in named.values() for n in day.lengths], dtype=float),
        weight=np.array([count for _, _, count in each], dtype=float),
        previous=tuple([steps[-1], *steps[:-1]] if linked else cyclic),
        profiles=profiles,
        days={name: day.members for name, (_, day) in named.items()},
        months={f"m{min(months):02d}": len(months) for months in groups},
    )


def _check(profiles: pd.DataFrame, month_groups: list[list[int]], days: int, segments: int, peak: str) -> None:
    """All that is wrong with the arguments, at once."""
    names = list(map(str, profiles.columns))
    months = sorted(month for group in month_groups for month in group)
    empty = [c for c in names if not np.isfinite(profiles[c].to_numpy(dtype=float)).all()]
    faults = {
        f"profiles have {len(profiles)} rows; allowed are {DAYS * HOURS}": len(profiles) != DAYS * HOURS,
        f"profiles {', '.join(empty)} have empty or infinite hours; allowed are numbers": bool(empty),
        f"peak_column is {peak!r}; allowed are {', '.join(names)}": peak not in names,
        f"month_groups are {month_groups}; allowed is each month 1 to 12 once": months != list(range(1, 13)),
        f"{days} days of {segments} segments; allowed are 1 or more of 1 to {HOURS}": days < 1 or not 1 <= segments <= HOURS,
    }
    if any(faults.values()):
        raise ValueError("; ".join(fault for fault, found in faults.items() if found))
