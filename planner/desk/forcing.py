"""Forcing 强制采用: what a plan can be made to have - the options of a choice, how much of each there may be, and the name of the question."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from planner import plant
from planner.desk import choice as choices
from planner.desk.levers import Changes
from planner.language import LANGUAGES
from planner.rules import least_adopted


@dataclass(frozen=True)
class Option:
    """An option: its names, the largest size, one whole unit (0 where any size can be built), a size to begin with, all in ``unit``."""

    asset: str
    labels: Mapping[str, str]
    unit: str
    largest: float
    whole: float
    small: float


def options(case: str, changes: Changes) -> tuple[Option, ...]:
    """The options of a case with changes, in the order of the case; closed ones are none. Raises CaseError, KeyError."""
    return _options(case, changes, choices.stamp(case))


def name_of(fingerprint: str, option: str, size: float) -> str:
    """What the plan of a case, by its fingerprint, with at least so much of an option is kept as."""
    return hashlib.sha256(f"{fingerprint} {option} {size:.9g}".encode()).hexdigest()


@lru_cache(maxsize=16)
def _options(case: str, changes: Changes, stamp: int) -> tuple[Option, ...]:
    read = choices.case_of(case, changes)
    resolved = plant.resolve(read)
    found = (resolved.assets[name] for name in resolved.candidates)
    return tuple(
        Option(
            a.name,
            {code: read.label(a.name, code) for code in LANGUAGES},
            a.unit,
            a.max_size * a.scale,
            (a.module or 0.0) * a.scale,
            least_adopted(a) * a.scale,
        )
        for a in found
        if a.max_size > 0
    )
