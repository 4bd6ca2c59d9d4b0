"""Bills 账单: twelve months of a works become 8,760 hours - an estimate: their energy is kept to the kWh, the hours come from shifts.

Where a bill tells the energy of each tariff band, every band has its energy; where it tells the demand of the month, the
level outside the shifts is the one that gives this peak, if there is one: on * peak + off * base = energy.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planner.calendar import DAYS, HOURS, MONTH_OF_DAY
from planner.errors import CaseError, Finding
from planner.intake.meter import UNITS
from planner.intake.text import Lines, decimal_comma, lines, number
from planner.tariff import over_the_year

Array = npt.NDArray[np.float64]
BANDS = (
    ("deep", r"深谷|deep"),
    ("sharp", r"尖|sharp"),
    ("valley", r"谷|valley|off.?peak"),
    ("peak", r"峰|(?<!off.)(?<!off)peak"),
    ("flat", r"平|flat|shoulder"),
)
ENERGY = re.compile(r"(万千瓦时|兆瓦时|千瓦时|万kwh|gwh|mwh|kwh|度)", re.IGNORECASE)
DEMAND = re.compile(r"需量|demand|(?<![a-z])[kм]w(?![a-z])|(?<![a-z])mw(?!h)|千瓦(?!时)", re.IGNORECASE)
GAS = re.compile(r"天然气|燃气|gas", re.IGNORECASE)
GAS_UNITS = {
    "gj": 1.0,
    "吉焦": 1.0,
    "mwh": 3.6,
    "kwh": 0.0036,
    "m3": 0.0,
    "m³": 0.0,
    "nm3": 0.0,
    "立方": 0.0,
    "方": 0.0,
}  # GJ of one; 0: by heating value
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHIFTS = {1: (8, 17), 2: (6, 22), 3: (0, 24)}
ALLOWED = "columns such as month, kWh, and if known demand kW, 尖 峰 平 谷 (each kWh) and gas m3 or GJ"
HEATING_VALUE = 0.03893  # GJ a cubic metre of natural gas: the general default of the national guidelines, 389.31 GJ per 10,000 m3


@dataclass
class Bills:
    """Twelve months, January first: energy in kWh, demand in kW, energy by band in kWh, gas in GJ; year they begin in."""

    name: str
    year: int
    energy: Array
    demand: Array | None = None
    bands: dict[str, Array] = field(default_factory=dict)
    gas: Array | None = None
    said: list[str] = field(default_factory=list)


def read(path: Path) -> Bills:
    """Twelve bills from a file. Raises CaseError with every finding at its line."""
    file = lines(path)
    head = next((n for n, (_, cells) in enumerate(file.rows[:30]) if sum(bool(ENERGY.search(c)) for c in cells)), None)
    if head is None:
        raise CaseError([file.fault(file.rows[0][0], "no heading names energy in kWh", ALLOWED)])
    names = file.rows[head][1]
    rows = file.rows[head + 1 :]
    columns = _columns(file, names, file.rows[head][0])
    months = _months(file, rows)
    values = _values(file, rows, columns, names)
    order = np.argsort([m for _, m in months])
    of = {key: np.array(found)[order] for key, found in values.items()}
    bands = {k: v for k, v in of.items() if k in dict(BANDS)}
    total = of["energy"] if "energy" in of else np.sum(list(bands.values()), axis=0)
    done = Bills(path.name, min(y for y, _ in months), total, of.get("demand"), bands, of.get("gas"))
    _sound(file, done, [rows[int(i)][0] for i in order])
    return done


def _columns(file: Lines, names: tuple[str, ...], line: int) -> dict[str, tuple[int, float]]:
    """What each column holds, with the factor to kWh, kW or GJ. Raises CaseError."""
    found: dict[str, tuple[int, float]] = {}
    for i, name in enumerate(names[1:], start=1):
        unit = ENERGY.search(name)
        key, scale = "", 1.0
        if GAS.search(name):
            known = next((u for u in GAS_UNITS if u in name.lower()), None)
            if known is None:
                raise CaseError([file.fault(line, "the unit of the gas is not told", "m3, GJ, MWh or kWh in its heading", name)])
            key, scale = "gas", (GAS_UNITS[known] or HEATING_VALUE) * (1e4 if "万" in name else 1.0)
        elif unit:
            key = next((band for band, words in BANDS if re.search(words, name, re.IGNORECASE)), "energy")
            scale = UNITS[unit.group().lower()][0]
        elif DEMAND.search(name):
            key, scale = "demand", 1e3 if re.search(r"mw|兆瓦", name, re.IGNORECASE) else 1.0
        if key in found:
            raise CaseError([file.fault(line, f"two columns hold {key}", "each column once", name)])
        if key:
            found[key] = (i, scale)
    return found


def _months(file: Lines, rows: tuple[tuple[int, tuple[str, ...]], ...]) -> list[tuple[int, int]]:
    """Year and month of each bill: twelve different ones, in a row. Raises CaseError."""
    months: list[tuple[int, int]] = []
    found: list[Finding] = []
    for line, cells in rows:
        month = _month(cells[0])
        if month is None:
            found.append(file.fault(line, f"{cells[0][:40]!r} is no month", "a month such as 2025-01, 2025年1月 or 1"))
        elif month in months:
            found.append(file.fault(line, f"month {_shown(month)} stands here a second time", "one bill a month"))
        else:
            months.append(month)
    if not found and len(months) != 12:
        found.append(Finding(file.name, f"there are {len(months)} bills", "the twelve months of a year"))
    if not found and len({m for _, m in months}) != 12:
        found.append(Finding(file.name, "the twelve bills are not of twelve months in a row", "the twelve months of a year"))
    ordered = sorted(y * 12 + m for y, m in months)
    if not found and ordered[-1] - ordered[0] != 11:
        found.append(Finding(file.name, "the twelve bills are not of twelve months in a row", "the twelve months of a year"))
    if found:
        raise CaseError(found)
    return months


def _month(text: str) -> tuple[int, int] | None:
    plain = text.strip().lower()
    for pattern in (r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})(?:[-/.月]\s*\d{0,2}日?)?(?:\s.*)?", r"(?P<y>\d{4})(?P<m>\d{2})", r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})", r"(?P<m>\d{1,2})月?"):  # fmt: skip
        if found := re.fullmatch(pattern, plain):
            year, month = int(found.groupdict().get("y") or 2025), int(found["m"])
            return (year, month) if 1 <= month <= 12 and 1990 <= year <= 2100 else None
    if word := re.fullmatch(r"([a-z]{3,9})\.?\s*[-/]?\s*(\d{4})?", plain):
        month = next((n for n, name in enumerate(MONTHS, start=1) if word.group(1).startswith(name)), 0)
        return (int(word.group(2) or 2025), month) if month else None
    return None


def _shown(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02d}"


def _values(file: Lines, rows: tuple[tuple[int, tuple[str, ...]], ...], columns: Mapping[str, tuple[int, float]], names: tuple[str, ...]) -> dict[str, list[float]]:  # fmt: skip
    comma = decimal_comma(file, tuple(i for i, _ in columns.values()), rows)
    values: dict[str, list[float]] = {key: [] for key in columns}
    found: list[Finding] = []
    for line, cells in rows:
        for key, (i, scale) in columns.items():
            text = cells[i] if i < len(cells) else ""
            try:
                if not text:
                    raise ValueError("is missing")
                value = number(text, comma)
                if value < 0:
                    raise ValueError(f"is {value:g}")
                values[key].append(value * scale)
            except ValueError as error:
                found.append(file.fault(line, f"the bill {error}", "a number of at least 0, without unit or separators", names[i]))
    if found:
        raise CaseError(found)
    return values


def _sound(file: Lines, bills: Bills, at: list[int]) -> None:
    found: list[Finding] = []
    if not bills.energy.any():
        raise CaseError([file.fault(at[0], "all bills are 0", "a year in which power was used")])
    for month, (line, energy) in enumerate(zip(at, bills.energy, strict=True), start=1):
        hours = HOURS * int(np.count_nonzero(month == MONTH_OF_DAY))
        if bills.bands and abs(sum(b[month - 1] for b in bills.bands.values()) - energy) > 0.01 * max(energy, 1.0):
            found.append(file.fault(line, f"the bands sum to {sum(b[month - 1] for b in bills.bands.values()):,.0f} kWh, the bill says {energy:,.0f}", "bands that make up the bill"))  # fmt: skip
        if bills.demand is not None and energy > bills.demand[month - 1] * hours * 1.001:
            found.append(file.fault(line, f"{energy:,.0f} kWh need a mean of {energy / hours:,.0f} kW, the demand is {bills.demand[month - 1]:,.0f} kW", "a demand above the mean; units in the headings"))  # fmt: skip
    if found:
        raise CaseError(found)


def fitted(bills: Bills, bands: npt.NDArray[np.str_], shifts: int, workdays: int, base: float) -> tuple[Array, list[str]]:
    """Power by hour in kW (8760,) with the energy of every bill, and what was assumed. ``bands``: (12, 24) of the tariff; ``base``: level outside the shifts."""
    start, end = SHIFTS[shifts]
    first = date(bills.year, 1, 1).weekday()
    day = np.arange(DAYS)
    works = np.repeat((day + first) % 7 < workdays, HOURS)
    on = works & np.tile((np.arange(HOURS) >= start) & (np.arange(HOURS) < end), DAYS)
    month, band = np.repeat(MONTH_OF_DAY, HOURS), over_the_year(bands).astype(str)
    power, missed = np.where(on, 1.0, base), []
    for m in range(1, 13):
        here, energy = month == m, float(bills.energy[m - 1])
        if bills.bands:
            for name, billed in bills.bands.items():
                hours = here & (band == name)
                if billed[m - 1] and not hours.any():
                    what = f"month {m} bills {billed[m - 1]:,.0f} kWh in band {name!r}, which has no hours then"
                    raise CaseError([Finding(bills.name, what, "bands of the tariff of the case: " + ", ".join(sorted(set(band[here]))))])
                power[hours] *= billed[m - 1] / power[hours].sum() if hours.any() else 1.0
            told = {*bills.bands}
            power[here & ~np.isin(band, list(told))] = 0.0
        else:
            peak = None if bills.demand is None else float(bills.demand[m - 1])
            n_on, n_off = int((here & on).sum()), int((here & ~on).sum())
            low = (energy - n_on * peak) / n_off if peak is not None and n_on and n_off else -1.0
            if peak is not None and 0 <= low <= peak:
                power[here] = np.where(on[here], peak, low)
            else:
                power[here] *= energy / power[here].sum()
        if bills.demand is not None and abs(power[here].max() / max(bills.demand[m - 1], 1e-9) - 1) > 0.02:
            missed.append(f"{m} ({power[here].max() / max(bills.demand[m - 1], 1e-9):.0%})")
    said = [f"{bills.name}: twelve bills of {bills.energy.sum() / 1000:,.0f} MWh; hours from {shifts} shifts on {workdays} days a week: an estimate"]
    if (shifts < 3 or workdays < 7) and (bills.demand is None or missed):
        said.append(f"outside the shifts {base:.0%} of the level is assumed where no bill tells it")
    if missed:
        said.append(f"the billed demand is not met in months {', '.join(missed)} of it: other shifts may fit better")
    return power, said
