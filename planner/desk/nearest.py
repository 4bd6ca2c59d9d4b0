"""Nearest 最近可行方案: the nearest plan that exists as a choice - what it changes, put on top of what was chosen."""

import math
from dataclasses import dataclass

from planner.case import KEYS, VALUE
from planner.desk import choice as choices
from planner.desk.choice import Choice
from planner.dictionary import dictionary
from planner.errors import CaseError, NoPlanExists
from planner.why.reasons import Requirement
from planner.why.told import Words

SHARE = 1000  # shares of a cap are rounded up to so many parts, or the cap would be missed again


@dataclass(frozen=True)
class Way:
    """A way out. there: the choice that has a plan; None where no numbers of the case say it. by_hand: requirements that no single number says."""

    there: Choice | None
    by_hand: tuple[Requirement, ...] = ()


def way_out(now: Choice, error: NoPlanExists) -> Way:
    """From a choice without a plan to the nearest that has one; where that is not known, to the lowest caps that can be reached."""
    try:
        return _way_out(now, error)
    except CaseError:  # a number that the rest of the case does not take: nothing is offered
        return Way(None)


def _way_out(now: Choice, error: NoPlanExists) -> Way:
    there = now
    if error.reasons is not None and error.asked is not None:
        nearest = error.reasons.nearest
        if nearest is None:
            return Way(None)
        words = Words(*error.asked)
        by_hand = tuple(r for r, step in nearest.eased.items() if not words.change(r, step) and not _lever(now, r))
        if by_hand:
            return Way(None, by_hand)
        for r, step in nearest.eased.items():
            there = _eased(there, r, words.moved(r, step) * words.unit(r)[0], words.change(r, step))
    else:
        for u in error.unreachable:
            cap = Requirement("cap", (u.cap, u.year), u.limit / 1000)
            if error.unit(u.cap) == "emissions" and _lever(now, cap):
                there = _eased(there, cap, (u.lowest_together or u.lowest_alone)[1], "")
    return Way(there if there != now else None)


def _lever(now: Choice, r: Requirement) -> str:
    """The lever that moves a cap as a share of the base year; nothing for what is no such cap."""
    code = f"caps.{r.index[0]}.{r.year}.share"
    base = choices.shipped(now.case).settings.get("base_year.emissions")
    return code if r.kind == "cap" and base and code in now.levers else ""


def _eased(there: Choice, r: Requirement, amount: float, change: str) -> Choice:
    """One limit moved to ``amount``, everyday units: a cap by its lever, so that the page shows it there; all else by its number."""
    if code := _lever(there, r):
        share = math.ceil(amount / choices.shipped(there.case)["base_year.emissions"] * SHARE) / SHARE
        lever = there.levers[code]
        if lever.low <= (value := round(share / lever.per, 6)) <= lever.high:
            return there.but(**{code: value})
        change = f"{code}={share:.9g}"
    key, _, text = change.partition("=")
    return there.edited(_whole(key), text)


def _whole(key: str) -> str:
    """A change's name with its column, as edits are named."""
    table, _, rest = key.partition(".")
    columns = dictionary().get(table, {}) if table in KEYS else {}
    return key if not columns or rest.rpartition(".")[2] in columns else f"{key}.{VALUE.get(table, 'value')}"
