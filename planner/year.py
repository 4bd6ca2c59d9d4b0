"""Year 全年: 8,760 hours of weather, prices and shapes for a site, and the representative days made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner import calendar, shapes, tariff, weather
from planner.case import Case
from planner.dictionary import dictionary
from planner.errors import CaseError, Finding
from planner.plant import THOUSAND, Plant
from planner.tables import nearest

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Year:
    """hourly: 8,760 rows; columns: price (MCNY/GWh), pv, wind (capacity factors), shapes (mean 1), net_load (relative).

    days: its representative days; demand_charge: MCNY per MW and month; notes: what of it is estimated or synthetic;
    synthetic: which of its hourly profiles nobody measured; network: MCNY/GWh for the use of the network alone;
    capacity_charge: MCNY per MVA and month, None: unknown.
    """

    hourly: pd.DataFrame
    days: calendar.TypicalDays
    demand_charge: float
    notes: tuple[str, ...]
    network: float = 0.0
    capacity_charge: float | None = None
    synthetic: tuple[str, ...] = ("load",)  # shapes of use come from shift plans and estimates, never from a meter


def of(case: Case, plant: Plant) -> Year:
    """The site's year. Raises CaseError listing everything the province lacks."""
    findings: list[Finding] = []
    power = _tariff(case, findings)
    factors = {t: _capacity_factor(case, t, findings) for t in shapes.RENEWABLE}
    apart = _apart(case, findings)
    if findings or power is None:
        raise CaseError(findings)
    price = tariff.over_the_year(power.price).astype(float) / (1 + power.vat_rate)  # CNY/kWh = MCNY/GWh
    hourly = pd.DataFrame({"price": price, **factors, **shapes.of_use(case)})
    hourly["net_load"] = _net_load(plant, hourly)
    groups = calendar.month_groups(power.bands)
    days = calendar.typical_days(hourly, groups, int(case["time.days"]), int(case["time.segments"]), "net_load", apart=apart)
    notes = list(power.notes)
    if plant.elsewhere:
        names = ", ".join(plant.elsewhere)
        notes.append(f"limits known for other provinces only, nothing available here until a limit is given: {names}")
    given = shapes.hourly(case)
    made_up = tuple(t for t in shapes.RENEWABLE if t not in given and not case[f"site.{t}_file"])
    notes += [f"{t} is a synthetic year in the statistics of the province (ERA5 2020), not a measurement" for t in made_up]
    notes += [f"the shape of {name} is fitted to bills and a shift plan: an estimate" for name in given if not shapes.measured(case, name)]
    unmeasured = () if shapes.measured(case, shapes.LOAD) else (shapes.LOAD,)
    net = 1 + power.vat_rate
    by_capacity = None if power.capacity_charge is None else power.capacity_charge / net / THOUSAND
    return Year(hourly, days, power.demand_charge / net / THOUSAND, tuple(notes), power.network / net, by_capacity, (*made_up, *unmeasured))


def tariff_of(case: Case) -> tariff.Tariff:
    """What the site pays for grid power, as quoted. Raises CaseError."""
    findings: list[Finding] = []
    found = _tariff(case, findings)
    if found is None:
        raise CaseError(findings)
    return found


def _apart(case: Case, findings: list[Finding]) -> tuple[int, ...]:
    """Days that are shown as they are, counted from 0: those the case names, and those on which the site is an island."""
    words = str(case["time.apart"]).split()
    allowed = {str(day) for day in range(1, calendar.DAYS + 1)}
    findings += [
        Finding(f"{case.folder.name}/case.toml", f"time.apart names day {word!r}", "days of the year, 1 to 365, separated by spaces")
        for word in words
        if word not in allowed
    ]
    islands = (int(row["day"]) - 1 for row in case.tables["islands"])
    return tuple(dict.fromkeys((*(int(word) - 1 for word in words if word in allowed), *islands)))


def _tariff(case: Case, findings: list[Finding]) -> tariff.Tariff | None:
    where = f"{case.folder.name}/case.toml"
    province = case.by_name["provinces"].get(case["site.province"])
    zone = case["site.zone"] or (province["zone"] if province else "")
    zones = {row["zone"] for row in case.tables["tariffs"]}
    if zone not in zones:
        findings.append(Finding(where, f"there is no price zone {zone!r}", nearest(zone, zones)))
        return None
    prices, hours = (
        pd.DataFrame([row for row in case.tables[t] if row["zone"] == zone], columns=list(dictionary()[t])) for t in ("tariffs", "tariff_hours")
    )
    try:
        return tariff.tariff(prices, hours, zone, case["site.voltage"])
    except tariff.MissingTariff as error:
        findings.extend(Finding(where, f"zone {zone!r} has no {what}", "rows in provinces/tariffs.csv or tariff_hours.csv") for what in error.missing)
    except ValueError as error:
        findings.append(Finding(where, f"site.voltage: {error}", ", ".join(tariff.VOLTAGES)))
    return None


def _capacity_factor(case: Case, technology: str, findings: list[Finding]) -> Array:
    province = case.by_name["provinces"].get(case["site.province"])
    rows = [r for r in case.tables["weather"] if r["province"] == case["site.province"] and r["technology"] == technology]
    given, own = shapes.hourly(case).get(technology), case[f"site.{technology}_file"]
    where = f"{case.folder.name}/case.toml"
    if province is not None and given is not None:
        return given
    if province is None or (not rows and not own):
        findings.append(
            Finding(where, f"province {case['site.province']!r} has no {technology} statistics", f"a weather file, site.{technology}_file")
        )
        return np.zeros(8760)
    place = (province["latitude"], province["longitude"])
    try:
        if own:
            return weather.read_weather_file(Path(own), technology, *place)  # type: ignore[arg-type]
        return _synthetic(tuple((r["statistic"], r["month"], r["value"]) for r in rows), technology, *place, seed=int(case["time.seed"]))
    except (OSError, ValueError) as error:
        findings.append(Finding(where, f"site.{technology}_file: {error}", "an EPW, PVGIS or CSV file of one year of hours"))
        return np.zeros(8760)


@lru_cache(maxsize=16)
def _synthetic(rows: tuple[tuple[str, float | None, float], ...], technology: str, latitude: float, longitude: float, seed: int) -> Array:
    table = pd.DataFrame(rows, columns=["statistic", "month", "value"]).assign(technology=technology)
    return weather.capacity_factors(table, technology, latitude, longitude, seed)  # type: ignore[arg-type]


def _net_load(plant: Plant, hourly: pd.DataFrame) -> Array:
    """Shape of the grid purchase that sets the month's peak: the works' power less a fifth of it as solar power."""
    flat = [a for a in plant.assets.values() if a.status == "operating" and a.operation == "flat" and a.kind == "converter"]
    power = {a.name: -a.ratio.get("electricity", 0.0) * a.size for a in flat}
    load = np.zeros(8760)
    for a in flat:
        if power[a.name] > 0:
            load += power[a.name] * shape_of(a.profile, hourly)
    mean = load.mean() or 1.0
    return np.asarray(load / mean - hourly["pv"] / max(hourly["pv"].max(), 1e-9) * 0.2)


def shape_of(profile: str | None, hourly: "pd.DataFrame | Mapping[str, Array]") -> Array:
    """Shape (mean 1) of a flat process; no profile, or `flat`, is 1."""
    count = len(next(iter(hourly.values()))) if isinstance(hourly, dict) else len(hourly)
    return np.asarray(hourly[profile], dtype=float) if profile and profile != "flat" else np.ones(count)
