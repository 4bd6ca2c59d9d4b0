"""Sky 气象: a weather file - EPW, PVGIS or a table with the columns pv or wind - becomes hourly shares of rated power, or a sentence."""

import re
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planner import weather
from planner.errors import CaseError, Finding
from planner.intake import text

Array = npt.NDArray[np.float64]
ALLOWED = "an EPW, PVGIS hourly or plain CSV file (columns pv or wind, 8,760 shares of rated power)"
FULL_LOAD = {"pv": (300.0, 2800.0), "wind": (200.0, 7000.0)}  # hours a year at rated power between which a file can be meant
EPW = {
    6: ("air temperature", 99.0),
    13: ("global irradiance", 1500.0),
    14: ("direct irradiance", 1500.0),
    15: ("diffuse irradiance", 1200.0),
    21: ("wind speed", 99.0),
}
SUNNY = 5000  # hours a year with sun; half of the year is night


def read(path: Path, latitude: float, longitude: float) -> tuple[dict[str, Array], list[str]]:
    """Shares of rated power (8760,) by technology, and what has to be said. Raises CaseError."""
    if path.suffix.lower() not in (".epw", ".csv"):
        raise CaseError([Finding(path.name, f"the name ends in {path.suffix or 'nothing'!r}", ALLOWED)])
    words, _ = text.decoded(text.content(path), path.name)
    plain = path.suffix.lower() == ".csv" and not words.startswith("Latitude (decimal degrees)")
    heads = [h.strip().strip('"') for h in words.splitlines()[0].split(",")] if plain else []
    wanted = [t for t in FULL_LOAD if not plain or t in heads]
    if not wanted:
        raise CaseError([Finding(f"{path.name} line 1", "there is no column pv or wind", ALLOWED)])
    if faults := _unreadable(path.name, words):
        raise CaseError(faults)
    found: dict[str, Array] = {}
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / f"weather{path.suffix.lower()}"
        copy.write_text(words, encoding="utf-8")
        for technology in wanted:
            try:
                values = weather.read_weather_file(copy, technology, latitude, longitude)  # type: ignore[arg-type]
            except (ValueError, LookupError, TypeError, OSError, ArithmeticError, AttributeError) as error:
                raise CaseError([Finding(path.name, f"{technology} cannot be read ({_short(error, copy)})", ALLOWED)]) from error
            found[technology] = values
    if faults := [f for t, values in found.items() for f in _sound(path.name, t, values)]:
        raise CaseError(faults)
    said = [f"{t} from {path.name}: {values.sum():,.0f} hours a year at rated power" for t, values in found.items()]
    return found, said + _far(words, latitude, longitude)


def _unreadable(name: str, words: str) -> list[Finding]:
    """Hours of an EPW file without a value: an empty cell, a word, or the 9s that stand for missing."""
    if not words.startswith("LOCATION"):
        return []
    found: list[Finding] = []
    for line, row in enumerate(words.splitlines()[8:], start=9):
        cells = row.split(",")
        if row.strip() and len(cells) <= max(EPW):
            found.append(Finding(f"{name} line {line}", "the line is cut off", f"{max(EPW) + 1} cells or more"))
        elif row.strip():
            bad = [
                (what, cells[i]) for i, (what, most) in EPW.items() if not re.fullmatch(r"\s*-?\d+(\.\d*)?\s*", cells[i]) or float(cells[i]) >= most
            ]
            found += [
                Finding(f"{name} line {line}", f"{what} is {text!r}", "a value in every hour; 9s stand for a missing one") for what, text in bad
            ]
    return found[:5]


def _sound(name: str, technology: str, values: Array) -> list[Finding]:
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        return [Finding(name, f"{technology} has no value in hour {first + 1} of the year", "8,760 hours without gaps")]
    low, high = FULL_LOAD[technology]
    if not low <= values.sum() <= high:
        return [
            Finding(name, f"{technology} would run {values.sum():,.0f} hours a year at rated power", f"{low:,.0f} to {high:,.0f} hours; W/m2 and m/s")
        ]
    if technology == "pv" and (lit := int((values > 0.01).sum())) > SUNNY:
        return [Finding(name, f"the sun would shine in {lit:,} hours a year", f"at most {SUNNY:,} hours")]
    return []


def _far(words: str, latitude: float, longitude: float) -> list[str]:
    """Whether the file's place lies far from the site's province."""
    if not words.startswith("LOCATION"):
        return []
    try:
        there = [float(v) for v in words.splitlines()[0].split(",")[6:8]]
    except ValueError:
        return []
    away = 111.0 * float(np.hypot(there[0] - latitude, (there[1] - longitude) * np.cos(np.radians(latitude))))
    return [f"its place lies {away:,.0f} km from the middle of the site's province"] if away > 400 else []


def _short(error: Exception, copy: Path) -> str:
    plain = re.sub(r"\s+", " ", str(error).replace(str(copy), "").removeprefix(": "))
    return (plain.partition(" (readable are")[0] or type(error).__name__)[:160]
