"""Meter 电表: a file of readings - by line or by day, kW or kWh, of 1 to 60 minutes - becomes 8,760 hours of power in kW.

What is missing is filled only where little is missing, and told; what cannot be meant (negative, twice the same hour, a
counter, an unknown unit) is refused with its line. Hours are those of the works' own clock; 29 February is left out.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planner.errors import CaseError, Finding
from planner.intake import hours, stamps
from planner.intake.text import Lines, decimal_comma, lines, number

Array = npt.NDArray[np.float64]
UNITS = {  # unit in a heading or argument -> kW or kWh of one, whether it is an amount (and not a power)
    "kwh": (1.0, True), "mwh": (1e3, True), "gwh": (1e6, True), "wh": (1e-3, True), "kw": (1.0, False), "mw": (1e3, False), "w": (1e-3, False),
    "千瓦时": (1.0, True), "度": (1.0, True), "兆瓦时": (1e3, True), "万千瓦时": (1e4, True), "万kwh": (1e4, True), "千瓦": (1.0, False), "兆瓦": (1e3, False),
}  # fmt: skip
ALLOWED = "a unit in the heading or by --unit: kWh, MWh, kW, MW, 千瓦时, 千瓦"
WORDS = re.compile(r"(?<![a-z])([kmg]?wh?)(?![a-z])|(万千瓦时|兆瓦时|千瓦时|万kwh|兆瓦|千瓦|度)", re.IGNORECASE)
OTHERS = re.compile(r"kvar|无功|var(?![a-z])|电压|电流|(?<![a-z])[va](?![a-z])|功率因数|%|℃|co2|单价|price|元|cost", re.IGNORECASE)
STEPS = (1, 5, 10, 15, 20, 30, 60)


@dataclass(frozen=True)
class Metered:
    """A year that was measured: power by hour in kW, and what has to be said about it, in sentences."""

    name: str
    power: Array  # (8760,)
    year: int
    minutes: int
    said: tuple[str, ...]


def read(path: Path, unit: str = "", column: str = "") -> Metered:
    """A file of readings as a year of hours. Raises CaseError with every finding at its line."""
    file = lines(path)
    if unit and unit.lower() not in UNITS:
        raise CaseError([Finding(f"--unit {unit}", "the unit is unknown", ALLOWED)])
    head = _head(file)
    rows = file.rows[head + 1 :]
    names = file.rows[head][1] if head >= 0 else ()
    if len(wide := [(i, m) for i, text in enumerate(names) if (m := stamps.time_of_day(text)) is not None]) >= 24:
        when, values, used = _by_day(file, rows, names, wide, unit)
    else:
        when, values, used = _by_line(file, rows, names, unit, column)
    _sound(file, when, values)
    return _year(file, when, [v for _, v in values], used)


def _head(file: Lines) -> int:
    """The line of headings above the first line with a date, -1 where there is none. Raises CaseError when no line has one."""
    dated = [
        any(stamps.looks_like_one(c) or (c and stamps.EXCEL.fullmatch(c) and n) for c in cells[:3]) for n, (_, cells) in enumerate(file.rows[:60])
    ]
    for n, here in enumerate(dated):
        if here and all(dated[n : n + 3]):  # a single date above the readings says when the file was made
            return n - 1
    line = file.rows[min(1, len(file.rows) - 1)][0]
    raise CaseError([file.fault(line, "there is no date and time in the first three columns", stamps.FORMS)])


def _unit(text: str) -> str:
    found = WORDS.findall(text)
    return next((a or b for a, b in found), "").lower()


def _by_line(
    file: Lines, rows: tuple[tuple[int, tuple[str, ...]], ...], names: tuple[str, ...], unit: str, column: str
) -> tuple[list[datetime], list[tuple[int, float | None]], str]:
    first = rows[0][1]
    at = next(i for i, c in enumerate(first[:3]) if stamps.looks_like_one(c) or stamps.EXCEL.fullmatch(c))
    apart = at + 1 if at + 1 < len(first) and re.fullmatch(r"\d{1,2}[:：时点]\d{2}.*|24:00", first[at + 1]) else None
    value = _column(file, names, first, {at, apart}, unit, column)
    known = unit.lower() or _unit(names[value] if value < len(names) else "")
    if not known:
        heading = names[value] if value < len(names) else f"column {value + 1}"
        raise CaseError([file.fault(file.rows[0][0], f"the unit of {heading[:40]!r} is not told", ALLOWED)])
    short = [n for n, cells in rows if len(cells) <= max(value, at)]
    if short:
        raise CaseError([file.fault(short[0], "the line is cut off", f"{value + 1} cells or more")])
    kept = [(n, cells) for n, cells in rows if len(cells) > max(value, at)]
    days = [(n, cells[at]) for n, cells in kept]
    when = stamps.with_times(file, days, [cells[apart] for _, cells in kept]) if apart is not None else stamps.read(file, days)
    comma = decimal_comma(file, (value,), tuple(kept))
    name = names[value] if value < len(names) else ""
    return when, _numbers(file, [(n, cells[value], name) for n, cells in kept], comma), known


def _column(file: Lines, names: tuple[str, ...], first: tuple[str, ...], taken: set[int | None], unit: str, column: str) -> int:
    """Which column holds the readings: the one asked for, the only one with a unit, or the only one there is."""
    there = [i for i in range(max(len(names), len(first))) if i not in taken]
    heading = {i: names[i] if i < len(names) else "" for i in there}
    if column:
        found = [i for i in there if heading[i] == column]
        if not found:
            raise CaseError([Finding(f"--column {column}", "no heading reads so", "one of " + ", ".join(h[:40] for h in heading.values() if h))])
        return found[0]
    with_unit = [i for i in there if _unit(heading[i]) and not OTHERS.search(heading[i])]
    plain = [i for i in there if not OTHERS.search(heading[i])]
    for found in (with_unit, plain if unit or not with_unit else []):
        if len(found) == 1:
            return found[0]
    listed = ", ".join(heading[i][:40] or f"column {i + 1}" for i in with_unit or there) or "none"
    what = "no column holds power or energy" if not (with_unit or plain) else "more than one column may hold the readings"
    raise CaseError([file.fault(file.rows[0][0], f"{what} ({listed})", "one column of kWh or kW, or its heading by --column")])


def _by_day(
    file: Lines, rows: tuple[tuple[int, tuple[str, ...]], ...], names: tuple[str, ...], wide: list[tuple[int, int]], unit: str
) -> tuple[list[datetime], list[tuple[int, float | None]], str]:
    """One day a line, one column a time: the form in which grid companies hand out load curves."""
    at = next(i for i, c in enumerate(rows[0][1][:3]) if stamps.looks_like_one(c) or stamps.EXCEL.fullmatch(c))
    above = " ".join(" ".join(cells) for _, cells in file.rows if cells is not rows[0][1] and cells[0] != rows[0][1][0])[:2000]
    known = unit.lower() or _unit(" ".join(n for i, n in enumerate(names) if stamps.time_of_day(n) is None)) or _unit(above)
    if not known:
        raise CaseError([file.fault(file.rows[0][0], "the unit of the readings is not told", ALLOWED)])
    short = [n for n, cells in rows if len(cells) <= wide[-1][0]]
    if short:
        raise CaseError([file.fault(short[0], "the line is cut off", f"{wide[-1][0] + 1} cells or more")])
    days = stamps.read(file, [(n, cells[at]) for n, cells in rows])
    comma = decimal_comma(file, tuple(i for i, _ in wide), rows)
    when = [day + timedelta(minutes=m) for day in days for _, m in wide]
    return when, _numbers(file, [(n, cells[i], names[i]) for n, cells in rows for i, _ in wide], comma), known


def _numbers(file: Lines, cells: list[tuple[int, str, str]], comma: bool) -> list[tuple[int, float | None]]:
    """Readings with their lines; empty cells and the usual signs for nothing are gaps."""
    found: list[Finding] = []
    values: list[tuple[int, float | None]] = []
    for line, text, name in cells:
        try:
            values.append((line, None if text.lower() in ("", "-", "--", "na", "n/a", "nan", "null", "none", "缺失", "无") else number(text, comma)))
        except ValueError as error:
            found.append(file.fault(line, f"the reading {error}", "a number without unit or separators, or an empty cell", name))
            values.append((line, None))
    if found:
        raise CaseError(
            [*found[:5], *([Finding(file.name, f"and {len(found) - 5} more readings of this kind", "numbers")] if len(found) > 5 else [])]
        )
    return values


def _sound(file: Lines, when: list[datetime], values: list[tuple[int, float | None]]) -> None:
    """Refuse what no meter of a factory's use shows."""
    there = [(line, v) for line, v in values if v is not None]
    numbers = np.array([v for _, v in there])
    if not len(numbers):
        raise CaseError([Finding(file.name, "there is no reading in it", "a reading a line")])
    if (numbers < 0).any():
        n = int(np.flatnonzero(numbers < 0)[0])
        what = f"the reading is {numbers[n]:g}, and {int((numbers < 0).sum())} readings are below 0"
        raise CaseError([file.fault(there[n][0], what, "use of power, at least 0; what is fed back belongs to another column")])
    if not numbers.any():
        raise CaseError([file.fault(there[0][0], f"all {len(numbers)} readings are 0", "a year in which power was used")])
    inside = numbers[np.argsort(np.array([t.timestamp() for t, (_, v) in zip(when, values, strict=True) if v is not None]))]
    if len(inside) > 1000 and (np.diff(inside) >= 0).all() and inside[-1] > inside[0]:
        raise CaseError([file.fault(there[0][0], "the readings only rise: they are the counter's state", "what was used in each interval")])
    usual = float(np.median(numbers[numbers > 0]))
    worst = int(numbers.argmax())
    if numbers[worst] > 1000 * usual:
        raise CaseError([file.fault(there[worst][0], f"the reading {numbers[worst]:g} is {numbers[worst] / usual:,.0f} times the usual one", "readings of one unit")])  # fmt: skip


def _year(file: Lines, when: list[datetime], values: list[float | None], unit: str) -> Metered:
    """Intervals of the latest whole year as hours."""
    order = sorted(set(when))
    gaps = Counter(int((b - a).total_seconds() // 60) for a, b in pairwise(order))
    minutes = gaps.most_common(1)[0][0] if gaps else 0
    if minutes not in STEPS:
        what = "there is one reading" if not gaps else f"the readings stand {minutes} minutes apart"
        raise CaseError([Finding(file.name, what, "readings every 15 or 60 minutes (or 1, 5, 10, 20, 30)")])
    ends = order[0].hour * 60 + order[0].minute == minutes and order[-1].hour == order[-1].minute == 0  # stamped with the end of the interval
    said = [f"{file.name}: {len(when):,} readings of {minutes} minutes in {unit}, {file.encoding}"]
    if ends:
        when = [t - timedelta(minutes=minutes) for t in when]
        said.append("stamps are the ends of their intervals")
    scale, amount = UNITS[unit]
    per_hour = scale * (60 / minutes if amount else 1.0)
    power, year, more = hours.of(file, when, [None if v is None else v * per_hour for v in values], minutes)
    return Metered(file.name, power, year, minutes, (*said, *more))
