"""Weather 天气: hourly capacity factors of PV and wind, from a province's statistics or from the user's own file.

A synthetic year is drawn, not measured: a day's mean follows an autoregressive series whose level, spread and memory are
those of the province's statistics (ERA5 of 2020 through atlite; contains modified Copernicus Climate Change Service
information 2020). Within the day PV follows the clear sky (pvlib) and wind a daily wave. All hours are Beijing time
(UTC+8), value h is the mean of the hour from h to h+1, and the year has 365 days.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Technology = Literal["pv", "wind"]

HOURS, YEAR = 8760, 2025  # any year of 365 days; only the position of the sun depends on it
HALF_HOURS = pd.date_range(f"{YEAR}-01-01 00:30", periods=HOURS, freq="h", tz="Etc/GMT-8")
MONTH = HALF_HOURS.month.to_numpy()[::24] - 1  # (365,) 0..11
DAYS_OF_MONTH = np.bincount(MONTH)
PV_CEILING = 0.87  # highest daily yield over the clear-sky irradiance seen in the 31 provinces of 2020
SYSTEM_EFFICIENCY, POWER_LOST = 0.86, 0.004  # share after losses; 1/K of the cell above 25 C (PVWatts 5 gives 14 % losses)
HUB_SHEAR = (100 / 10) ** (1 / 7)  # wind at 100 m over wind at 10 m, one-seventh power law


def capacity_factors(
    province_statistics: pd.DataFrame, technology: Technology, latitude: float, longitude: float, seed: int, tilt: float | None = None
) -> Array:
    """A synthetic year (8760,) of capacity factors, share of rated power, 0-1; equal seeds give equal years.

    `province_statistics`: rows of weather.csv of one province (technology, statistic, month, value). `tilt`: slope in
    degrees of PV facing south; another tilt than the default keeps the sky and changes only the geometry.
    """
    known = _statistics(province_statistics, technology)
    # One factor lifts the year to its utilisation hours: 1 unless those were replaced by published ones.
    level = known["utilisation_hours"] / (known["mean"] @ DAYS_OF_MONTH * 24)
    mean, spread = level * known["mean"], level * known["daily_std"]
    if technology == "wind":
        daily = _daily_means(mean, spread, known["lag1"], np.ones(365), seed)
        return _wind_hours(daily, known["diurnal_amplitude"] / known["mean"], known["peak_hour"])
    clear = _clear_sky(latitude, longitude, default_tilt(latitude))
    # The ceiling also keeps the best hour of a clear day at or below rated power (thin air on the plateau).
    limit = clear.mean(axis=1) * np.minimum(PV_CEILING, 1 / clear.max(axis=1))
    index = _daily_means(mean, spread, known["lag1"], limit, seed) / clear.mean(axis=1)
    seen = clear if tilt is None else _clear_sky(latitude, longitude, tilt)
    return np.asarray(np.clip(index[:, None] * seen, 0, 1).ravel())


def _statistics(rows: pd.DataFrame, technology: str) -> dict[str, Array]:
    """Name -> (12,) by month, or (1,) for the year; every gap is named at once."""
    rows = rows[rows["technology"] == technology]
    month = pd.to_numeric(rows["month"], errors="coerce").fillna(0).astype(int)  # 0: the year
    found = dict(zip(zip(rows["statistic"], month, strict=True), rows["value"].astype(float), strict=True))
    monthly = ["mean", "daily_std"] + ["diurnal_amplitude", "peak_hour"] * (technology == "wind")
    needed = {name: range(1, 13) for name in monthly} | {name: range(1) for name in ("lag1", "utilisation_hours")}
    if missing := [f"{n} of month {m}" if m else n for n in needed for m in needed[n] if (n, m) not in found]:
        raise ValueError(f"weather statistics of {technology!r}: missing {', '.join(missing)}; allowed are complete years")
    return {name: np.array([found[name, m] for m in months]) for name, months in needed.items()}


def _daily_means(mean: Array, spread: Array, lag1: Array, limit: Array, seed: int) -> Array:
    """Daily means (365,) with the given mean and spread of each month (12,) and lag-1 correlation of the year.

    A Gaussian AR(1) series goes through a logistic curve, which keeps each day between 0 and its `limit` (365,).
    """
    noise = np.random.default_rng(seed).standard_normal(365)

    def year(memory: float) -> Array:
        z = noise.copy()
        for day in range(1, 365):
            z[day] = memory * z[day - 1] + np.sqrt(1 - memory**2) * noise[day]
        return _shaped(z, mean, spread, limit)

    def correlation(memory: Array) -> Array:
        days = year(float(memory[0]))
        return np.asarray(np.corrcoef(days[1:], days[:-1])[0, 1:])

    return year(float(_bisect(correlation, lag1, -0.9, 0.99, steps=12)[0]))


def _shaped(z: Array, mean: Array, spread: Array, limit: Array) -> Array:
    """limit / (1 + exp(-(shift + stretch z))), with shift and stretch of each month such that its mean and spread fit."""

    def days(shift: Array, stretch: Array) -> Array:
        return np.asarray(limit / (1 + np.exp(-np.clip(shift[MONTH] + stretch[MONTH] * z, -500, 500))))

    def shift_for(stretch: Array) -> Array:
        return _bisect(lambda s: np.bincount(MONTH, days(s, stretch)) / DAYS_OF_MONTH, mean, -80.0, 80.0, steps=45)

    def deviation(stretch: Array) -> Array:
        return np.asarray(np.sqrt(np.bincount(MONTH, (days(shift_for(stretch), stretch) - mean[MONTH]) ** 2) / DAYS_OF_MONTH))

    stretch = _bisect(deviation, spread, 0.0, 20.0, steps=16)
    return days(shift_for(stretch), stretch)


def _bisect(rising: Callable[[Array], Array], target: Array, low: float, high: float, steps: int) -> Array:
    """Where a rising function of a vector, element by element, meets its target; the nearer end if it never does."""
    lows, highs = np.full(target.shape, low), np.full(target.shape, high)
    for _ in range(steps):
        middle = (lows + highs) / 2
        below = rising(middle) < target
        lows, highs = np.where(below, middle, lows), np.where(below, highs, middle)
    return np.asarray((lows + highs) / 2)


def _wind_hours(daily: Array, swing: Array, peak_hour: Array) -> Array:
    """Daily means (365,) plus a wave of 24 hours, `swing` (12,) of the mean. A wave sums to nothing, so a day keeps its
    mean; near calm and near rated power the wave shrinks so that every hour stays in 0-1."""
    height = np.minimum(np.minimum(swing, 1)[MONTH] * daily, 1 - daily)
    wave = np.cos(2 * np.pi * (np.arange(24) - peak_hour[MONTH][:, None]) / 24)
    return np.asarray(np.clip(daily[:, None] + height[:, None] * wave, 0, 1).ravel())


def default_tilt(latitude: float) -> float:
    """Slope in degrees that is near the best of the year, for a latitude below 50 degrees (rule used by atlite)."""
    return 0.87 * latitude if latitude < 25 else 0.76 * latitude + 0.31


def _clear_sky(latitude: float, longitude: float, tilt: float) -> Array:
    """Irradiance (365, 24) on the plane under a cloudless sky, kW/m2 (Ineichen and Perez, monthly turbidity)."""
    import pvlib

    place = pvlib.location.Location(latitude, longitude, "Etc/GMT-8")
    sun = place.get_solarposition(HALF_HOURS)
    return (_on_plane(sun, place.get_clearsky(HALF_HOURS, solar_position=sun), tilt) / 1000).reshape(365, 24)


def _on_plane(sun: pd.DataFrame, sky: pd.DataFrame, tilt: float) -> Array:
    """Irradiance in W/m2 on a plane facing south, from the sky's dni, ghi and dhi."""
    seen = (sun["apparent_zenith"], sun["azimuth"], sky["dni"], sky["ghi"], sky["dhi"])
    import pvlib

    plane = pvlib.irradiance.get_total_irradiance(tilt, 180, *seen)
    return np.asarray(np.nan_to_num(plane["poa_global"].to_numpy(dtype=float)))


def read_weather_file(path: str | Path, technology: Technology, latitude: float, longitude: float) -> Array:
    """Capacity factors (8760,) 0-1 in Beijing time from a user's EPW, PVGIS hourly CSV or plain CSV (column pv or wind)."""
    path, kind = Path(path), Path(path).suffix.lower()
    if technology not in ("pv", "wind") or kind not in (".epw", ".csv"):
        raise ValueError(f"{path} for {technology!r}: allowed are .epw, PVGIS hourly .csv and plain .csv, for pv or wind")
    try:
        if kind == ".epw":
            weather, plane, shift = _from_epw(path, latitude, longitude)
        elif path.read_text(encoding="utf-8-sig").startswith("Latitude (decimal degrees)"):
            weather, plane, shift = _from_pvgis(path)
        else:
            weather, plane, shift = pd.read_csv(path, encoding="utf-8-sig"), None, 0
        if len(weather) != HOURS:
            raise ValueError(f"{len(weather)} hourly rows; allowed are {HOURS}, a year without 29 February")
        return _given(weather, technology) if plane is None else np.roll(_power(technology, plane, weather), shift)
    except (LookupError, TypeError, ValueError) as error:  # what pvlib and pandas raise on a file they cannot read
        raise ValueError(f"{path}: {error} (readable are EPW, PVGIS hourly CSV and plain CSV)") from error


def _from_epw(path: Path, latitude: float, longitude: float) -> tuple[pd.DataFrame, Array, int]:
    """Weather (8760 rows), irradiance on the plane in W/m2, hours from the file's time to Beijing's."""
    # coerce_year: the months of a typical year come from different years.
    import pvlib

    data, place = pvlib.iotools.read_epw(path, coerce_year=YEAR)
    # A row is stamped with the start of its hour: the sun that fits its means stands 30 minutes later.
    sun = pvlib.solarposition.get_solarposition(data.index + pd.Timedelta(minutes=30), latitude, longitude)
    return data, _on_plane(sun, data.set_index(sun.index), default_tilt(latitude)), 8 - round(float(place["TZ"]))


def _from_pvgis(path: Path) -> tuple[pd.DataFrame, Array, int]:
    """As _from_epw; times are UTC. Of several years the last; the plane is the one chosen at the download."""
    import pvlib

    data, _ = pvlib.iotools.read_pvgis_hourly(path)
    day = data.index
    data = data[(day.year == day.year.max()) & ~((day.month == 2) & (day.day == 29))]
    parts = ["poa_global"] if "poa_global" in data.columns else ["poa_direct", "poa_sky_diffuse", "poa_ground_diffuse"]
    return data, data[parts].sum(axis=1).to_numpy(dtype=float), 8


def _given(table: pd.DataFrame, technology: str) -> Array:
    """The column of a plain table, checked."""
    if technology not in table.columns:
        raise ValueError(f"no column {technology!r}, found {', '.join(table.columns)}; allowed is a column of that name")
    values = pd.to_numeric(table[technology], errors="coerce").to_numpy(dtype=float)
    if (bad := np.flatnonzero(~((values >= 0) & (values <= 1)))).size:
        raise ValueError(f"{technology} in row {bad[0] + 2} is {table[technology].iloc[bad[0]]}; allowed is 0 to 1")
    return values


def _power(technology: str, plane: Array, weather: pd.DataFrame) -> Array:
    """Share of rated power (8760,) from irradiance in W/m2, air in degrees C and wind at 10 m in m/s.

    PV: Faiman cell temperature. Wind: cubic from 3 to 11 m/s at the hub, off above 25 (a generic turbine, an estimate).
    """
    wind = weather["wind_speed"].to_numpy(dtype=float)
    if technology == "wind":
        hub = wind * HUB_SHEAR
        power = np.where(hub > 25, 0.0, (hub**3 - 3**3) / (11**3 - 3**3))
    else:
        import pvlib

        cell = pvlib.temperature.faiman(plane, weather["temp_air"].to_numpy(dtype=float), wind)
        power = plane / 1000 * (1 - POWER_LOST * (cell - 25)) * SYSTEM_EFFICIENCY
    return np.asarray(np.clip(power, 0, 1))
