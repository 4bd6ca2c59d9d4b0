"""Stamps 时标: dates and times in any of the usual forms; which of two readings of 03/04 is meant is told by the whole column, or asked."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from planner.errors import CaseError
from planner.intake.text import Lines

FORMS = "2025-01-31 13:15, 2025/1/31 13:15, 2025年1月31日 13时15分, 31.01.2025 13:15, 20250131 1315"
TIME = r"(?P<hour>\d{1,2})(?:[:：时点h.](?P<minute>\d{2})?分?(?:[:：](?P<second>\d{2})(?:[.,]\d+)?秒?)?)?\s*(?P<half>[AaPp][Mm]|上午|下午)?"
ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|CET|CEST|CST|KST)?"
DAYS = {
    "year first": r"(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})",
    "chinese": r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
    "digits": r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    "day first": r"(?P<day>\d{1,2})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<year>\d{4})",
    "month first": r"(?P<month>\d{1,2})(?P<s>[-/])(?P<day>\d{1,2})(?P=s)(?P<year>\d{4})",
}
PATTERNS = {name: re.compile(rf"{day}(?:[T\s日,]*(?:(?P<packed>\d{{4}}(?:\d{{2}})?)|{TIME}))?{ZONE}") for name, day in DAYS.items()}
ALONE = re.compile(rf"(?:{TIME}|(?P<packed>\d{{3,4}}))")
EXCEL = re.compile(r"4[0-9]{4}(?:[.,]\d+)?")  # days since 1899-12-30: 2009 to 2036
BEIJING = timedelta(hours=8)


def looks_like_one(text: str) -> bool:
    """Whether a cell may be a date, with or without a time."""
    return bool(text) and any(p.fullmatch(text) for p in PATTERNS.values())


def time_of_day(text: str) -> int | None:
    """Minutes since midnight of a heading such as 00:15, 24:00, 0:15:00 or 13时; None for anything else."""
    found = re.fullmatch(r"(\d{1,2})[:：时点](\d{2})?分?(?:[:：]00)?", text)
    minutes = int(found.group(1)) * 60 + int(found.group(2) or 0) if found else -1
    return minutes if 0 <= minutes <= 24 * 60 else None


def read(file: Lines, cells: Sequence[tuple[int, str]]) -> list[datetime]:
    """The stamps of a column, as the clock of the works showed them. Raises CaseError with the first lines that cannot be read.

    A stamp in UTC (Z, +00:00) is brought to Beijing time; other offsets are how a clock was set and are left away.
    """
    if all(EXCEL.fullmatch(text) for _, text in cells):
        start = datetime(1899, 12, 30)
        return [start + timedelta(minutes=round(float(text.replace(",", ".")) * 1440)) for _, text in cells]
    best, fewest = "year first", len(cells) + 1
    ways: dict[str, list[datetime | None]] = {}
    some = cells[:: max(1, len(cells) // 50)]
    seen = {name: sum(_one(pattern, text) is not None for _, text in some) for name, pattern in PATTERNS.items()}
    for name, pattern in PATTERNS.items():
        if seen[name] < max(seen.values()):  # a form that fits fewer of fifty lines than another is not the form of the column
            continue
        ways[name] = [_one(pattern, text) for _, text in cells]
        missing = sum(t is None for t in ways[name])
        if missing < fewest:
            best, fewest = name, missing
    if best == "day first" and not fewest and None not in ways.get("month first", [None]):
        best = _order(file, cells, ways)
    if fewest:
        bad = [(line, text) for (line, text), stamp in zip(cells, ways[best], strict=True) if stamp is None]
        found = [file.fault(line, f"{text[:40]!r} is no date and time", FORMS) for line, text in bad[:5]]
        more = [file.fault(bad[5][0], f"and {len(bad) - 5} more lines without a date and time", FORMS)] if len(bad) > 5 else []
        raise CaseError(found + more)
    return [t for t in ways[best] if t is not None]


def _order(file: Lines, cells: Sequence[tuple[int, str]], ways: dict[str, list[datetime | None]]) -> str:
    """Day or month first: the reading in which the column runs on without jumps."""

    def jumps(name: str) -> int:
        stamps = [t for t in ways[name] if t is not None]
        return sum(abs((b - a).total_seconds()) > 86_400 for a, b in pairwise(stamps))

    one, other = jumps("day first"), jumps("month first")
    if one == other:
        raise CaseError([file.fault(cells[0][0], f"{cells[0][1][:40]!r} may be day or month first", "dates that begin with the year")])
    return "day first" if one < other else "month first"


def _one(pattern: re.Pattern[str], text: str) -> datetime | None:
    found = pattern.fullmatch(text)
    if not found:
        return None
    part = found.groupdict()
    minutes = _minutes(part)
    if minutes is None:
        return None
    try:
        stamp = datetime(int(part["year"]), int(part["month"]), int(part["day"])) + timedelta(minutes=minutes)
    except (ValueError, OverflowError):
        return None
    return stamp + BEIJING if part["zone"] in ("Z", "UTC", "GMT", "+00:00", "+0000") else stamp


def _minutes(part: dict[str, str | None]) -> int | None:
    if packed := part.get("packed"):
        hour, minute, second = int(packed[:-2][:2] if len(packed) != 3 else packed[0]), int(packed[2:4] if len(packed) != 3 else packed[1:]), 0
    else:
        hour, minute, second = int(part["hour"] or 0), int(part["minute"] or 0), int(part["second"] or 0)
    half = (part.get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour += 12 if half in ("pm", "下午") and hour < 12 else -12 if half in ("am", "上午") and hour == 12 else 0
    whole = hour * 60 + minute + (1 if second >= 30 else 0)
    return whole if minute < 60 and second < 60 and whole <= 24 * 60 else None


def with_times(file: Lines, days: Sequence[tuple[int, str]], times: Sequence[str]) -> list[datetime]:
    """Stamps of a column of dates beside a column of times. Raises CaseError."""
    dates, found, stamps = read(file, days), [], []
    for (line, _), day, text in zip(days, dates, times, strict=True):
        clock = ALONE.fullmatch(text)
        minutes = _minutes(clock.groupdict() | {"packed": (clock["packed"] or "").zfill(4) if clock["packed"] else None}) if clock else None
        if minutes is None:
            found.append(file.fault(line, f"{text[:40]!r} is no time of day", "a time such as 13:15"))
        else:
            stamps.append(day + timedelta(minutes=minutes))
    if found:
        raise CaseError(found[:5])
    return stamps
