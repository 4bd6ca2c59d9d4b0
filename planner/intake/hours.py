"""Hours 小时: intervals of any year become the 8,760 hours of a year without 29 February; gaps and shifted clocks are mended, and told."""

from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from planner.errors import CaseError, Finding
from planner.intake.text import Lines

Array = npt.NDArray[np.float64]
HOURS, DAY, WEEK = 8760, 24, 168
SHORT = 3  # hours of a gap that is bridged by a straight line
LEAST = 0.9  # share of the hours that must be there
LONGEST = 14 * DAY  # hours of the longest gap that is filled
NEEDED = "a year of readings with at least 90 % of its hours; with less, start from twelve bills (`planner bills`)"


def of(file: Lines, when: list[datetime], values: list[float | None], minutes: int) -> tuple[Array, int, list[str]]:
    """Mean power by hour (8760,), the year it is of (the one most hours belong to), and what was mended, in sentences. Raises CaseError."""
    by_stamp, said = _said_once(file, when, values, minutes)
    sums: dict[datetime, list[float]] = defaultdict(list)
    for stamp, value in by_stamp.items():
        if value is not None:
            sums[stamp.replace(minute=0)].append(value)
    there = {t: float(np.mean(v)) for t, v in sums.items() if len(v) * minutes >= 30 or minutes == 60}
    first = _window(file, there)
    line = [first + timedelta(hours=h) for h in range((_after(first) - first).days * DAY)]
    line = [t for t in line if (t.month, t.day) != (2, 29)]
    power = np.array([there.get(t, np.nan) for t in line])
    said += _fill(file, power, line)
    start = line.index(next(t for t in line if (t.month, t.day, t.hour) == (1, 1, 0)))
    outside = len(there) - int(sum(t in there for t in line))
    if outside:
        said.append(f"{outside:,} hours outside the year from {first:%Y-%m-%d} are left out")
    year = max(range(first.year, first.year + 2), key=lambda y: sum(t.year == y for t in line))
    return np.roll(power, -start), year, said


def _said_once(file: Lines, when: list[datetime], values: list[float | None], minutes: int) -> tuple[dict[datetime, float | None], list[str]]:
    """One value a stamp. An hour that stands twice on one day of a year is a clock set back; anything else twice is refused."""
    groups: dict[datetime, list[int]] = defaultdict(list)
    for n, stamp in enumerate(when):
        groups[stamp].append(n)
    twice = {t: ns for t, ns in groups.items() if len(ns) > 1}
    days = sorted({t.date() for t in twice})
    back = all(len(ns) == 2 for ns in twice.values()) and len(twice) * minutes <= 60 * len(days) and len(days) <= len({d.year for d in days})
    if twice and not (back and all(d.month in (4, 9, 10, 11) for d in days)):
        stamp, ns = next(iter(sorted(twice.items())))
        what = f"{stamp:%Y-%m-%d %H:%M} stands {len(ns)} times, and {len(twice)} times of day stand more than once"
        raise CaseError([Finding(f"{file.name} reading {ns[1] + 1}", what, "each time once (but for an hour in autumn when clocks are set back)")])

    def mean(ns: list[int]) -> float | None:
        found = [v for n in ns if (v := values[n]) is not None]
        return float(np.mean(found)) if found else None

    said = [f"{d:%Y-%m-%d} has 25 hours: the clock was set back, the hour that stands twice counts with its mean" for d in days]
    return {t: mean(ns) for t, ns in groups.items()}, said


def _after(first: datetime) -> datetime:
    return first.replace(year=first.year + 1)


def _window(file: Lines, there: dict[datetime, float]) -> datetime:
    """The start of the latest calendar year that is there, or else of the twelve months up to the last reading. Raises CaseError."""
    hours = sorted(there)
    for year in sorted({t.year for t in hours}, reverse=True):
        if sum(t.year == year for t in hours) >= LEAST * HOURS:
            return datetime(year, 1, 1)
    end = (hours[-1] + timedelta(days=1)).replace(hour=0) if hours else datetime(2025, 1, 1)
    if (end.month, end.day) == (2, 29):
        end += timedelta(days=1)
    first = end.replace(year=end.year - 1)
    found = sum(first <= t < end for t in hours)
    if found < LEAST * HOURS:
        span = f" ({hours[0]:%Y-%m-%d} to {hours[-1]:%Y-%m-%d})" if hours else ""
        raise CaseError([Finding(file.name, f"there are {found:,} hours in the best twelve months{span}", NEEDED)])
    return first


def _fill(file: Lines, power: Array, line: list[datetime]) -> list[str]:
    """Fill what is missing, in place: short gaps by a straight line, longer ones by the same hour of the weeks around."""
    missing = np.isnan(power)
    if not missing.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate(([0], missing.astype(int), [0]))))
    gaps = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    longest = max(gaps, key=lambda g: g[1] - g[0])
    length = longest[1] - longest[0]
    if length > LONGEST:
        what = f"{length:,} hours are missing from {line[longest[0]]:%Y-%m-%d %H:%M} on"
        raise CaseError([Finding(file.name, what, f"gaps of at most {LONGEST // DAY} days")])
    known = power.copy()
    there = np.flatnonzero(~missing)
    for a, b in gaps:
        if b - a <= SHORT:
            power[a:b] = np.interp(np.arange(a, b), there, known[there])
            continue
        for h in range(a, b):
            around = [known[(h + k * WEEK) % HOURS] for k in (-3, -2, -1, 1, 2, 3)]
            found = [v for v in around if not np.isnan(v)]
            power[h] = np.mean(found) if found else np.interp(h, there, known[there])
    spring = [a for a, b in gaps if b - a == 1 and line[a].month in (3, 4) and line[a].hour in (1, 2, 3)]
    said = [
        f"{line[a]:%Y-%m-%d} has 23 hours: the clock was set forward, the hour without a reading takes the mean of its neighbours" for a in spring[:1]
    ]
    rest = int(missing.sum()) - len(spring[:1])
    if rest:
        start = f"{line[longest[0]]:%Y-%m-%d %H:%M}"
        said.append(
            f"{rest:,} hours without a reading ({rest / HOURS:.1%}) were filled from their neighbours, the longest gap from {start} with {length} hours"
        )
    return said
