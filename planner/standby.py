"""Standby 应急: what a case says of hours without the grid, of what must not fail then, and of what may go unserved.

Canonical: shares as fractions, MCNY per thousand units without VAT; days 0 to 364, hours 0 to 24.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.connection import THOUSAND, Reader
from planner.tables import Row

MILLION = 1e6


@dataclass(frozen=True)
class Reserve:
    """What must be carried when something is lost. loss: the connection, or any one unit; hours: for which stores must hold out."""

    carrier: str
    loss: str
    hours: float


@dataclass(frozen=True)
class Island:
    """Hours of a day in which nothing passes the connection."""

    day: int
    hours: tuple[float, float]


@dataclass(frozen=True)
class Standby:
    """share: carrier -> share of its fixed use, or of what is to be delivered, that may go unserved; price: (carrier, year) -> what that costs;
    critical: carrier -> share of the fixed use that must not fail."""

    reserves: Mapping[str, Reserve] = field(default_factory=dict)
    islands: tuple[Island, ...] = ()
    share: Mapping[str, float] = field(default_factory=dict)
    price: Mapping[tuple[str, int], float] = field(default_factory=dict)
    critical: Mapping[str, float] = field(default_factory=dict)


def resolve(r: Reader) -> Standby:
    """What a case says; what is wrong is noted with the resolver."""
    tables = r.case.tables
    reserves = {
        row["reserve"]: Reserve(row["carrier"], row["loss"], row["hours"]) for row in tables["reserves"] if r.known(row, "carrier", r.carriers)
    }
    islands = tuple(Island(int(row["day"]) - 1, (row["hour_from"], row["hour_to"])) for row in tables["islands"])
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in tables["unserved"]:
        if r.known(row, "carrier", r.carriers):
            rows.setdefault((row["carrier"], row["parameter"]), []).append(row)
    price: dict[tuple[str, int], float] = {}
    for (carrier, parameter), found in rows.items():
        if parameter == "price":
            price |= {(carrier, y): v * THOUSAND / MILLION for y, v in r.by_year(found, f"CNY/({r.carriers[carrier]['unit']})").items()}
    shares = {name: {c: _share(r, found) for (c, p), found in rows.items() if p == name} for name in ("share", "critical")}
    return Standby(reserves, islands, shares["share"], price, shares["critical"])


def _share(r: Reader, rows: list[Row]) -> float:
    """A share that does not change over the years."""
    value = r.single(rows, "share")
    if not 0 <= value <= 1:
        r.note(rows[0], f"{rows[0]['parameter']} of {rows[0]['carrier']!r} is {value:g}", "a share from 0 to 1")
    return value
