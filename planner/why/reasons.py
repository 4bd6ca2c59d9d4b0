"""Reasons 原因: why no plan exists, as plain data - requirements, the sets of them that contradict each other, the nearest plan.

Amounts are canonical: kt of CO2, thousand units a year, MW, 1000 m2; shares for what is a share; money in MCNY.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Index = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Requirement:
    """One limit of the case, as the user gave it: its kind (a name of KINDS), its index, and its amount."""

    kind: str
    index: Index
    limit: float

    @property
    def year(self) -> int | None:
        """The year it holds in; None when it holds in all."""
        return next((part for part in self.index if isinstance(part, int)), None)


def written_as(kind: str, unit: str) -> str:
    """How an amount of a requirement is written: tonnes of a cap as emissions, all else in its own unit.

    >>> written_as("cap", "t"), written_as("cap", "MWh"), written_as("delivery", "t")
    ('emissions', 'MWh', 't')
    """
    return "emissions" if (kind, unit) == ("cap", "t") else unit


@dataclass(frozen=True)
class Conflict:
    """Requirements that no plan meets together.

    minimal: without any one of them the others can be met, each proven by a plan; alone: by how much a requirement must
    give way if the other ones of this conflict (and all outside any conflict) hold, where that was found.
    """

    members: tuple[Requirement, ...]
    minimal: bool
    alone: Mapping[Requirement, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Nearest:
    """The nearest plan that exists: by how much each requirement gives way.

    Nearest is the smallest sum of relative steps, those of facts (an area, a market, a life) weighing more than those of
    aims (a cap, a budget); cost, bound: of the cheapest plan at these relaxed limits; None when time ran out.
    """

    eased: Mapping[Requirement, float]
    cost: float | None = None
    bound: float | None = None


@dataclass(frozen=True)
class Reasons:
    """All disjoint conflicts (all that were found in time, when not complete), and the nearest plan."""

    conflicts: tuple[Conflict, ...]
    complete: bool
    nearest: Nearest | None
