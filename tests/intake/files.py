"""Files of meters, bills and weather, made up for tests."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

Text = Callable[[datetime], str]


def kilowatts(when: datetime) -> float:
    """Two shifts on work days, 300 kW; 100 kW else; 10 more in the afternoon."""
    works = when.weekday() < 5 and 6 <= when.hour < 22
    return (300.0 if works else 100.0) + (10.0 if when.hour >= 12 else 0.0)


def stamps(year: int = 2025, minutes: int = 60, until: datetime | None = None) -> list[datetime]:
    """Starts of all intervals of a year."""
    last = until or datetime(year + 1, 1, 1)
    count = int((last - datetime(year, 1, 1)).total_seconds() // 60 // minutes)
    return [datetime(year, 1, 1) + timedelta(minutes=minutes * n) for n in range(count)]


def iso(when: datetime) -> str:
    """2025-01-31 13:15"""
    return f"{when:%Y-%m-%d %H:%M}"


def readings(
    when: list[datetime], shown: Text = iso, value: Callable[[datetime], object] = kilowatts, head: str = "time,power kW", sign: str = ","
) -> list[str]:
    """Lines of a file: heading, then a stamp and a reading a line."""
    return [head, *(f"{shown(t)}{sign}{value(t)}" for t in when)]


def write(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    """A file of these lines."""
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def expected(year: int = 2025) -> np.ndarray:
    """What 8,760 hours of `kilowatts` are."""
    return np.array([kilowatts(t) for t in stamps(year) if (t.month, t.day) != (2, 29)])


MONTHLY = (412, 318, 405, 398, 421, 456, 498, 502, 447, 402, 399, 415)  # MWh


def twelve(head: str = "month,energy kWh", row: Callable[[int, int], str] = lambda m, e: f"2025-{m:02d},{e * 1000}") -> list[str]:
    """Lines of twelve bills."""
    return [head, *(row(m, e) for m, e in enumerate(MONTHLY, start=1))]


def epw(rows: int = 8760, **broken: object) -> list[str]:
    """A weather file of a typical year near Nanjing: sun by a sine of the hour, wind of 6 m/s by day and 4 by night."""
    heads = [
        "LOCATION,Nanjing,Jiangsu,CHN,SRC,582380,32.0,118.8,8.0,7.0", "DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", "COMMENTS 1,made up", "COMMENTS 2,made up", "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]  # fmt: skip
    lines = []
    for n, when in enumerate(stamps()[:rows]):
        sun = max(np.sin((when.hour - 6) / 12 * np.pi), 0.0) if 6 <= when.hour <= 18 else 0.0
        cells: dict[str, object] = {
            "temp": 15.0,
            "ghi": round(600 * sun, 1),
            "dni": round(500 * sun, 1),
            "dhi": round(150 * sun, 1),
            "wind": 6.0 if sun else 4.0,
        }
        cells |= broken if n == 4000 or "all" in broken else {}
        before = [
            when.year,
            when.month,
            when.day,
            when.hour + 1,
            60,
            "A7A7",
            cells["temp"],
            8.0,
            60,
            101000,
            0,
            0,
            300,
            cells["ghi"],
            cells["dni"],
            cells["dhi"],
        ]
        after = [0, 0, 0, 0, 180, cells["wind"], 5, 5, 10.0, 7000, 9, 999999999, 0, 0.1, 0, 88, 0.2, 0.0, 0.0]
        lines.append(",".join(map(str, before + after)))
    return heads + lines
