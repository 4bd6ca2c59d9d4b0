"""Tariff 电价: the time-of-use price of a zone at a voltage, with the demand charge and what is uncertain about both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

VOLTAGES = ("10kv", "35kv", "110kv", "220kv")
QUOTED_AT = "10kv"  # all-in prices are published for 1-10 kV
DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class MissingTariff(KeyError):
    """A zone lacks items of its tariff; `missing` names all of them."""

    def __init__(self, zone: str, voltage: str, missing: list[str]) -> None:
        self.zone, self.voltage, self.missing = zone, voltage, tuple(missing)
        super().__init__(f"tariff of zone {zone!r} at {voltage!r}: missing {'; '.join(missing)}")

    def __str__(self) -> str:
        """The sentence itself; KeyError would show it in quotation marks."""
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class Tariff:
    """What a site pays for grid power, as quoted: with VAT."""

    zone: str
    voltage: str
    bands: npt.NDArray[np.str_]  # (12, 24) month, hour: sharp, peak, flat, valley or deep
    price: npt.NDArray[np.float64]  # (12, 24) CNY/kWh
    demand_charge: float  # CNY/kW of the month's peak, per month
    vat_rate: float  # contained in all of them
    notes: tuple[str, ...]  # what is estimated, derived or of a different date
    network: float = 0.0  # CNY/kWh of network use alone, for power bought elsewhere
    capacity_charge: float | None = None  # CNY/kVA of transformers, per month; None where it is not known


def tariff(tariffs: pd.DataFrame, tariff_hours: pd.DataFrame, zone: str, voltage: str) -> Tariff:
    """The tariff of a zone from the rows of tariffs.csv and tariff_hours.csv.

    price at a voltage = all-in price at 1-10 kV - network price at 1-10 kV + network price at that voltage.
    The difference is the same in all bands: only the energy part is taken to float with the time of use.
    """
    if voltage not in VOLTAGES:
        raise ValueError(f"voltage is {voltage!r}; allowed are {', '.join(VOLTAGES)}")
    items = tariffs[tariffs["zone"] == zone].fillna({"band": "", "voltage": ""})
    hours = tariff_hours[tariff_hours["zone"] == zone]
    bands, faults = _bands(hours)
    used = {
        **{f"energy price of band {b}": ("energy", b, QUOTED_AT) for b in sorted(set(bands.ravel()) - {""})},
        f"network price at {QUOTED_AT}": ("network", "", QUOTED_AT),
        f"network price at {voltage}": ("network", "", voltage),
        f"demand charge at {voltage}": ("demand", "", voltage),
    }
    rows = {name: _row(items, *key) for name, key in used.items()}
    missing = [name for name, row in rows.items() if row is None] + faults
    if hours.empty and not (items["item"] == "energy").any():
        missing.append("energy prices of all bands")
    if missing:
        raise MissingTariff(zone, voltage, missing)
    found = {used[name]: row for name, row in rows.items() if row is not None}
    value = {key: float(row["value"]) for key, row in found.items()}
    change = value["network", "", voltage] - value["network", "", QUOTED_AT]
    price = np.array([[value["energy", b, QUOTED_AT] + change for b in month] for month in bands])
    demand = found["demand", "", voltage]
    capacity = _row(items, "capacity", "", voltage)
    by_capacity = None if capacity is None else float(capacity["value"])
    notes = _notes(rows, items, hours, bands, price)
    return Tariff(zone, voltage, bands, price, float(demand["value"]), float(demand["vat_rate"]), notes, value["network", "", voltage], by_capacity)


def over_the_year(by_month_and_hour: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """(12, 24) -> (8760,): each day of a month has the hours of the month."""
    return np.repeat(by_month_and_hour, DAYS_OF_MONTH, axis=0).ravel()


def _row(items: pd.DataFrame, item: str, band: str, voltage: str) -> pd.Series | None:
    found = items[(items["item"] == item) & (items["band"] == band) & (items["voltage"] == voltage)]
    if len(found) > 1:
        raise ValueError(f"tariffs: {len(found)} rows of {item} {band} {voltage} in zone {found['zone'].iloc[0]}; allowed is 1")
    return None if found.empty else found.iloc[0]


def _bands(hours: pd.DataFrame) -> tuple[npt.NDArray[np.str_], list[str]]:
    """Bands (12, 24), empty where no row tells, and the faults: hours without a band or with two."""
    if hours.empty:
        return np.full((12, 24), "", dtype="<U6"), ["time-of-use hours"]
    bands = np.full((12, 24), "", dtype="<U6")
    count = np.zeros((12, 24), dtype=int)
    for months, start, end, band in hours[["months", "from_hour", "to_hour", "band"]].itertuples(index=False):
        first, _, last = str(months).partition("-")
        where = np.s_[int(first) - 1 : int(last or first), int(start) : int(end)]
        bands[where] = band
        count[where] += 1
    faults = [f"{'one band (there are several)' if count[m, h] else 'a band'} for month {m + 1}, hour {h}" for m, h in np.argwhere(count != 1)]
    return bands, faults


def _notes(
    rows: dict[str, pd.Series | None], items: pd.DataFrame, hours: pd.DataFrame, bands: npt.NDArray[np.str_], price: npt.NDArray[np.float64]
) -> tuple[str, ...]:
    """What a reader should know before trusting the price."""
    notes = []
    if (hours["confidence"] == "estimate").any():
        level = float(over_the_year(price).mean() / price[bands == "flat"].mean() - 1) if (bands == "flat").any() else 0.0
        notes.append(f"time-of-use hours are an estimate that puts the mean price {level:+.0%} from the flat price: {hours['note'].iloc[0]}")
    weak = [(name, row) for name, row in rows.items() if row is not None and row["confidence"] in ("estimate", "derived")]
    notes += [f"{name} is {'an estimate' if row['confidence'] == 'estimate' else 'derived'}: {row['note']}" for name, row in weak]
    priced = set(items.loc[items["item"] == "energy", "band"])
    if idle := sorted(priced - set(bands.ravel())):
        notes.append(f"bands with a price but without hours, not used: {', '.join(idle)}")
    return (
        *notes,
        "energy prices are those of March 2026 at 1-10 kV; network differences are those in force since August 2026",
    )
