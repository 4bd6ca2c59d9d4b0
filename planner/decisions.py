"""Decisions 已定决策: what was built, retired or renewed by a decision taken before; it stands when the plan is made again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from planner.money import Horizon
from planner.rules import Sized
from planner.tables import Row, nearest

Taken = Mapping[tuple[str, str, int], float]  # (action, asset, year) -> canonical size; the year it goes into service, goes, or runs again


class Lasting(Sized, Protocol):
    """What decisions must know of an asset beside its sizes; see planner.plant.Asset."""

    @property
    def end_year(self) -> int | None:
        """Last year without renewal."""

    @property
    def renewal_investment(self) -> float | None:
        """What a renewal costs; none: it cannot be renewed."""


def resolve(
    rows: Iterable[Row], assets: Mapping[str, Lasting], horizon: Horizon, convert: Callable[[Row, str], float], note: Callable[[Row, str, str], None]
) -> Taken:
    """The decisions of a case; what cannot have been decided is noted."""
    found: dict[tuple[str, str, int], float] = {}
    for row in rows:
        a = assets.get(row["asset"])
        if a is None:
            note(row, f"asset {row['asset']!r} is unknown, or closed", nearest(row["asset"], assets))
            continue
        size = convert({"value": row["size"], "unit": row["unit"] or a.unit, "where": row["where"]}, a.unit) / a.scale
        most, again = (a.max_size if row["action"] == "build" else a.size), (a.end_year or 0) + 1
        if row["year"] not in horizon.years:
            note(row, f"the decision is about {row['year']}", f"a year from {horizon.first} to {horizon.last}")
        elif row["action"] == "renew" and (a.renewal_investment is None or row["year"] != again):
            note(
                row, f"{row['asset']!r} cannot be renewed in {row['year']}", f"{again}, the year after its end" if a.end_year else "a unit that ends"
            )
        elif size > most * (1 + 1e-6):
            note(row, f"{row['action']} {row['size']:g} of {row['asset']!r} is more than there can be", f"at most {most * a.scale:g}")
        else:
            found[row["action"], row["asset"], row["year"]] = min(round(size / a.module) * a.module if a.module else size, most)
    return found
