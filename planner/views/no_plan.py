"""No plan 无方案: why there is none, as tables - what contradicts what, what each limit would have to be, and what can be reached."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.errors import NoPlanExists
from planner.language import MISSING, fmt, say
from planner.why.told import needed


def conflicts(why: Mapping[str, Any], language: str) -> pd.DataFrame:
    """One row a requirement of a set that cannot be kept together; ``why``: of ``told``."""
    near = {_key(r): r for r in (why["nearest"] or {}).get("requirements", ())}
    rows = [
        (number, r[language], needed(r, language), needed(near[_key(r)], language) if _key(r) in near else say("why.as_is", language))
        for number, conflict in enumerate(why["conflicts"], start=1)
        for r in conflict["requirements"]
    ]
    return pd.DataFrame(rows, columns=[say(f"why.{head}", language) for head in ("set", "requirement", "alone", "nearest")])


def notes(why: Mapping[str, Any], language: str) -> list[str]:
    """What is not proven of it, and what the nearest plan costs."""
    said = [say("why.not_minimal", language, number=n) for n, c in enumerate(why["conflicts"], start=1) if not c["minimal"]]
    if not why["complete"]:
        said.append(say("why.not_complete" if why["conflicts"] else "why.nothing_found", language))
    if {(r["name"], r["year"]) for c in why["conflicts"] for r in c["requirements"] if r["kind"] == "cap"} - {
        (u["cap"], u["year"]) for u in why["reachable"]
    }:
        said.append(say("why.reach.late", language))
    nearest = why["nearest"]
    if nearest and nearest["cost_cny"] is not None:
        amounts = {k: fmt(nearest[f"{k}_cny"], "money", language) for k in ("cost", "bound")}
        said.append(say("why.nearest.cost", language, **amounts))
    return said


def reach(error: NoPlanExists, language: str) -> pd.DataFrame:
    """The lowest that can be reached in every capped year."""
    rows = []
    for u in error.reachable:
        unit, missed = error.unit(u.cap), u.lowest_alone[1] - u.limit
        amounts = [fmt(v, unit, language) for v in (u.limit, u.lowest_alone[1])]
        together = fmt(u.lowest_together[1], unit, language) if u.lowest_together else MISSING
        rows.append((f"{u.cap} {u.year}", *amounts, together, fmt(missed, unit, language) if u in error.unreachable else ""))
    return pd.DataFrame(rows, columns=[say(f"why.reach.{head}", language) for head in ("cap", "limit", "alone", "together", "missed")])


def _key(r: Mapping[str, Any]) -> tuple[object, ...]:
    return r["kind"], r["name"], r["year"]
