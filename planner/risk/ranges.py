"""Ranges 取值范围: how far the numbers of a case may be off, from the rules of data/ranges.csv and the confidence of each number.

A rule holds for a kind of number and the confidence of its row; one that names a technology or a market goes before it.
What a range changes in the case is said as on the pages: by the levers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from planner.case import Case
from planner.desk.levers import Decline, Level, Lever, levers_of, numbers_of
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.language import LANGUAGES, say
from planner.studies.point import Changes
from planner.tables import Row, nearest, read_table

GRADES = ("official", "peer_reviewed", "secondary", "derived", "estimate")  # the weakest last
MOST_SHARE = 1.0  # a saving is a share


@dataclass(frozen=True)
class Assumption:
    """A number of a case, or numbers that move together, with its range.

    base, low, high: as the lever shows them, in ``unit`` (% of the case's own value where numbers move together);
    confidence: of the numbers, empty where the case states none; source, trust: of the range; labels: its names.
    """

    code: str
    kind: str
    labels: dict[str, str]
    base: float
    low: float
    high: float
    unit: str
    confidence: str
    source: str
    trust: str
    lever: Lever

    def changes(self, value: float) -> Changes:
        """What ``value`` changes in the case; nothing at its own value."""
        return self.lever.changes(value) if value != self.base else ()

    def at(self, share: float) -> float:
        """The value at ``share`` of the way from low to high."""
        return self.low + share * (self.high - self.low)


def rules(path: Path | None = None) -> tuple[Row, ...]:
    """The rules, those of an own file first. Raises CaseError with everything that is wrong in them."""
    findings: list[Finding] = []
    if path is not None and not path.is_file():
        raise CaseError([Finding(f"--ranges {path}", "there is no such file", "a table like data/ranges.csv")])
    rows = read_table("ranges", [*([path] if path else []), DATA / "ranges.csv"], findings)
    findings += [Finding(r["where"], f"low {r['low']:g} is not below high {r['high']:g}", "low < high") for r in rows if r["low"] >= r["high"]]
    if findings:
        raise CaseError(findings)
    return rows


def of(case: Case, own: Path | None = None, only: Sequence[str] = ()) -> tuple[Assumption, ...]:
    """All assumptions of a case that have a range; ``only``: those whose code fits one of the patterns. Raises CaseError."""
    said = rules(own)
    found = [a for lever in _levers(case) if (a := _ranged(case, lever, said)) is not None]
    kept = tuple(a for a in found if not only or any(fnmatch(a.code, pattern) for pattern in only))
    missed = [pattern for pattern in only if not any(fnmatch(a.code, pattern) for a in found)]
    if missed or not kept:
        codes = [a.code for a in found]
        raise CaseError([Finding(f"--only {m}", "no assumption with a range is called so", nearest(m, codes)) for m in missed or [""]])
    return kept


def named(case: Case, code: str) -> Lever:
    """The number of a case that is called ``code``, whether it has a range or not. Raises CaseError."""
    levers = {lever.code: lever for lever in _levers(case)}
    if code not in levers:
        raise CaseError([Finding(code, "the case has no such number to move", nearest(code, levers))])
    return levers[code]


def _levers(case: Case) -> list[Lever]:
    """The levers on numbers: the outputs of all years together, and what measures save beside what they cost."""
    made = [lever for lever in levers_of(case) if lever.keys and lever.choices is None and lever.kind not in ("cap", "decide_from")]
    outputs: dict[str, list[Lever]] = {}
    for lever in made:
        if lever.kind == "output":
            outputs.setdefault(lever.code.split(".")[1], []).append(lever)
    merged = [_all_years(case, carrier, levers) for carrier, levers in outputs.items()]
    return [*merged, *(lever for lever in made if lever.kind != "output"), *_savings(case)]


def _all_years(case: Case, carrier: str, levers: list[Lever]) -> Lever:
    row = case.by_name["carriers"].get(carrier, {})
    labels = {c: say("risk.output", c, name=row.get(c) or carrier) for c in LANGUAGES}
    return replace(levers[0], code=f"output.{carrier}", labels=labels, keys=tuple(k for lever in levers for k in lever.keys), year=None)


def _savings(case: Case) -> list[Lever]:
    found: list[Lever] = []
    for technology in dict.fromkeys(r["technology"] for r in case.tables["assets"] if r["status"] == "candidate"):
        rows = [(table, r) for table, r in numbers_of(case, technology, "saving") if r["value"]]
        if not rows:
            continue
        row = case.by_name["technologies"].get(technology, {})
        labels = {c: say("risk.saving", c, name=row.get(c) or technology) for c in LANGUAGES}
        keys = tuple((_key(table, r), float(r["value"])) for table, r in rows)
        confidence = max((str(r.get("confidence") or "estimate") for _, r in rows), key=GRADES.index)
        source = str(rows[0][1]["source"] or "")
        found.append(
            Level(f"saving.{technology}", "saving", "technologies", labels, keys, 100.0, 0.0, 200.0, 1.0, 0.01, "%", None, None, source, confidence)
        )
    return found


def _key(table: str, row: Row) -> str:
    parts = (row.get("technology") or row.get("asset"), row["parameter"], row["carrier"], row["year"])
    return ".".join([table, *(f"{p:g}" if isinstance(p, float) else str(p) for p in parts if p is not None), "value"])


def _ranged(case: Case, lever: Lever, said: Sequence[Row]) -> Assumption | None:
    kind = "market_price" if lever.kind == "price_level" else lever.kind
    name = lever.code.split(".")[1] if "." in lever.code and kind in ("investment", "saving", "market_price", "output") else None
    grade = "abroad" if kind == "investment" and _abroad(case, str(name)) else lever.confidence
    fitting = [r for r in said if r["kind"] == kind and r["name"] in (None, name) and r["grade"] in (None, grade)]
    rule = min(fitting, key=lambda r: r["name"] is None, default=None)  # a named one first, then as they stand
    if rule is None:
        return None
    base = float(lever.default)
    low, high = _ends(lever, rule, base)
    if low == high:
        return None
    return Assumption(lever.code, kind, dict(lever.labels), base, low, high, lever.unit, lever.confidence, rule["source"], rule["confidence"], lever)


def _ends(lever: Lever, rule: Row, base: float) -> tuple[float, float]:
    """Low and high as the lever shows them; what cannot be is left out: savings above all there is."""
    if rule["how"] == "times":
        low, high = base * rule["low"], base * rule["high"]
    else:
        add = base if rule["how"] == "add" else 0.0
        low, high = add + rule["low"] / lever.per, add + rule["high"] / lever.per
    if lever.kind == "saving":
        high = min(high, 100.0 * MOST_SHARE / max(value for _, value in lever.keys))
    return round(low, 6), round(high, 6)


def _abroad(case: Case, technology: str) -> bool:
    """Whether the price is a foreign one times a location factor."""
    rows = [r for table, r in numbers_of(case, technology, "investment") if table == "technology_values"]
    return bool(rows) and float(rows[0]["location_factor"]) != 1.0


def table(assumptions: Sequence[Assumption]) -> list[dict[str, Any]]:
    """One row an assumption, plain."""
    return [
        {"assumption": a.code, "kind": a.kind, **a.labels, "unit": a.unit, "base": a.base, "low": a.low, "high": a.high, "confidence": a.confidence,
         "range_source": a.source, "range_confidence": a.trust}
        for a in assumptions
    ]  # fmt: skip


def spelt(case: Case, changes: Changes) -> Changes:
    """Changes in which a number may be called as in the tornado - electricity_price, grid_outlook, investment.pv_rooftop - with the value it shows."""
    levers = {lever.code: lever for lever in _levers(case) if isinstance(lever, (Level, Decline))}
    return tuple(c for key, text in changes for c in (levers[key].changes(float(text)) if key in levers else ((key, text),)))
