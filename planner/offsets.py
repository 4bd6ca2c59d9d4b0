"""Offsets 抵销: credits for what is left, priced after the plan and behind its own reduction; they never relax a cap.

A plan is made as if there were none. In a year in which it has cut enough by itself, its residual may be offset up to a share
of the base year, the cheapest kind first; in any other year nothing may be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from planner.connection import Reader
from planner.tables import Row

COLUMNS = ["year", "offset", "kind", "status", "t", "price", "cny"]
NEAR = 1e-6  # of the base year: a floor that binds is reached
YEARS = ["year", "base_t", "left_t", "own_share", "floor", "may", "limit_t", "offset_t", "remains_t", "cny"]


@dataclass(frozen=True)
class Offset:
    """One kind of credit: price CNY/t and limit t (none: no limit of its own) by year."""

    name: str
    kind: str
    status: str
    price: Mapping[int, float]
    limit: Mapping[int, float]


@dataclass(frozen=True)
class Terms:
    """What may be offset: floor - least own reduction, share of the base year; limit - most a year, share of the base year."""

    base: float  # t
    floor: float
    limit: float
    kinds: tuple[Offset, ...]


def resolve(r: Reader) -> Terms | None:
    """The terms of a case; None where it lists no offsets. Floor, limit and base year must be given: there is no rule to fall back on."""
    rows = r.case.tables["offsets"]
    if not rows:
        return None
    said = {key: r.case.settings.get(key) for key in ("base_year.emissions", "offset.floor", "offset.limit")}
    for key, value in said.items():
        if value is None:
            r.note(rows[0], f"offsets need {key}", f"{key} in case.toml")
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["offset"], []).append(row)
    kinds = tuple(_offset(r, name, of) for name, of in grouped.items())
    return Terms(float(said["base_year.emissions"] or 0.0), float(said["offset.floor"] or 0.0), float(said["offset.limit"] or 0.0), kinds)


def _offset(r: Reader, name: str, rows: list[Row]) -> Offset:
    """A kind of credit: what holds for every year, and what single years say instead."""

    def by_year(column: str) -> dict[int, float]:
        every = {y: float(row[column]) for row in rows if row["year"] is None and row[column] is not None for y in r.horizon.years}
        return every | {row["year"]: float(row[column]) for row in rows if row["year"] in r.horizon.years and row[column] is not None}

    for row in rows[1:]:
        if (row["kind"], row["status"]) != (rows[0]["kind"], rows[0]["status"]):
            r.note(row, f"{name} is of two kinds", "one kind and status a name")
    return Offset(name, rows[0]["kind"], rows[0]["status"], by_year("price"), by_year("limit"))


def settle(terms: Terms, left: Mapping[int, float], own: Mapping[int, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is offset of what is ``left`` (t, by year) given the ``own`` reduction (t): one row a year and kind, and one a year."""
    bought: list[tuple[object, ...]] = []
    years: list[tuple[object, ...]] = []
    for y, t in left.items():
        share = own[y] / terms.base if terms.base else 0.0
        may = share >= terms.floor - NEAR
        limit = terms.limit * terms.base if may else 0.0
        rest, paid = min(max(t, 0.0), limit), 0.0
        for kind in _cheapest(terms.kinds, y):
            amount = min(rest, kind.limit.get(y, rest))
            rest -= amount
            paid += amount * kind.price[y]
            bought.append((y, kind.name, kind.kind, kind.status, amount, kind.price[y], amount * kind.price[y]))
        used = min(max(t, 0.0), limit) - rest
        years.append((y, terms.base, t, share, terms.floor, may, limit, used, t - used, paid))
    return pd.DataFrame(bought, columns=COLUMNS), pd.DataFrame(years, columns=YEARS)


def _cheapest(kinds: Iterable[Offset], year: int) -> list[Offset]:
    return sorted((k for k in kinds if year in k.price), key=lambda k: k.price[year])
