"""Told 说明: why there is no plan, in the user's words and units - requirements by name, amounts as a change of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.case import Case
from planner.errors import NoPlanExists
from planner.language import LANGUAGES, MISSING, fmt, say
from planner.plant import MILLION, THOUSAND, Plant
from planner.units import factor
from planner.why.reasons import Requirement, written_as


@dataclass(frozen=True)
class Words:
    """Names and units of one case's requirements."""

    case: Case
    plant: Plant

    def name(self, r: Requirement, language: str) -> str:
        """What a requirement is called, its limit in brackets."""
        return say(f"why.{r.kind}", language, name=self._label(r, language), year=r.year or "", limit=self.amount(r, r.limit, language))

    def amount(self, r: Requirement, limit: float, language: str) -> str:
        """A limit as text with its unit."""
        scale, unit = self.unit(r)
        return f"{limit:.0f}" if r.kind == "life" else fmt(limit * scale, unit, language)

    def moved(self, r: Requirement, step: float) -> float:
        """The limit after a step, canonical; a life goes on until the horizon's end, of a delivery a share is left."""
        if r.kind == "life":
            return float(self.plant.horizon.last)
        return r.limit * (1 - step) if r.kind in ("delivery", "load") else r.limit + step

    def change(self, r: Requirement, step: float) -> str:
        """The ``--set`` that moves a limit by ``step``; empty where no single number of the case does."""
        scale, _ = self.unit(r)
        row, key, target = self._row(r)
        if not key:
            return ""
        value = self.moved(r, step) * scale
        if row is not None and target:
            value *= factor(target, row.get("unit") or target)
        return f"{key}={value:.10g}"

    def _label(self, r: Requirement, language: str) -> str:
        name, case = str(r.index[0]), self.case
        if r.kind in ("life", "largest size", "adoption"):
            return case.label(name, language)
        if r.kind == "connection":
            return say(f"why.side.{name}", language)
        table = {"market limit": "markets", "least amount": "markets", "area": "areas", "delivery": "carriers", "load": "carriers"}.get(r.kind)
        row = case.by_name[table].get(name, {}) if table else {}
        carrier = case.by_name["carriers"].get(row.get("carrier", ""), {})
        return str(row.get(language) or carrier.get(language) or name)

    def unit(self, r: Requirement) -> tuple[float, str]:
        """Factor from the canonical amount, and the quantity it is written as."""
        name = str(r.index[0])
        if r.kind == "cap":
            target = self.plant.targets.get(name)
            return THOUSAND, written_as(r.kind, target.amount if target else "t")
        if r.kind in ("market limit", "least amount"):
            return THOUSAND, f"{self.plant.units[self.plant.markets[name].carrier]}/a"
        if r.kind in ("delivery", "load"):
            return THOUSAND, f"{self.plant.units[name]}/a"
        if r.kind == "area":
            return THOUSAND, "m2"
        if r.kind in ("largest size", "adoption"):
            return self.plant.assets[name].scale, self.plant.assets[name].unit
        if r.kind == "budget":
            return MILLION, "money"
        if r.kind == "price step":
            return THOUSAND, f"{self.plant.units[self.plant.markets[name].carrier]}/a"
        return 1.0, "MW" if r.kind in ("connection", "contract", "reserve") else ""

    def _row(self, r: Requirement) -> tuple[Mapping[str, Any] | None, str, str]:
        """The row a limit stands in, the key of a change, and the unit the amount is in."""
        name, tables = str(r.index[0]), self.case.tables
        if r.kind == "cap":
            row, target = next(q for q in tables["caps"] if (q["cap"], q["year"]) == r.index), self.plant.targets.get(name)
            if target is not None and (target.unit == "share" or target.per != "site"):
                return row, "", ""  # no single number of the case: what is missing is told as an amount
            return row, f"caps.{name}.{r.year}.value", target.amount if target else "t"
        if r.kind == "connection":
            return None, "site.connection", ""
        if r.kind == "area":
            return self.case.by_name["areas"][name], f"areas.{name}.value", "m2"
        if r.kind == "life":
            return None, f"assets.{name}.end_year", ""
        if r.kind == "largest size":
            return None, f"assets.{name}.max_size" if self.case.by_name["assets"][name]["max_units"] is None else "", ""
        if r.kind not in ("delivery", "load", "market limit", "least amount"):
            return None, "", ""  # no single number of the case
        table, parameter = (
            ("demands", None) if r.kind in ("delivery", "load") else ("market_values", "limit" if r.kind == "market limit" else "minimum")
        )
        rows = [
            q
            for q in tables[table]
            if next(iter(q.values())) is not None and name in (q.get("market"), q.get("carrier")) and q.get("parameter") == parameter
        ]
        own = next((q for q in rows if q["year"] in (None, r.year)), None)
        if own is None:
            return None, "", ""
        parts = [table, name, *([parameter] if parameter else []), *([str(r.year)] if own["year"] else [])]
        return own, ".".join(parts), f"{self.unit(r)[1].removesuffix('/a')}/year"


def told(error: NoPlanExists) -> dict[str, Any]:
    """All that is known of a plan that does not exist, as one JSON object; amounts in everyday units, names in every language."""
    record: dict[str, Any] = {
        "reason": str(error),
        "unreachable": [vars(u) for u in error.unreachable],
        "reachable": [vars(u) for u in error.reachable],
    }
    if error.reasons is None or error.asked is None:
        return record
    words = Words(*error.asked)
    nearest = error.reasons.nearest
    return record | {
        "conflicts": [{"minimal": c.minimal, "requirements": [_requirement(words, r, c.alone.get(r)) for r in c.members]} for c in error.reasons.conflicts],
        "complete": error.reasons.complete,
        "nearest": nearest and {
            "requirements": [_requirement(words, r, step) for r, step in nearest.eased.items()],
            "changes": [c for r, step in nearest.eased.items() if (c := words.change(r, step))],
            "cost_cny": None if nearest.cost is None else nearest.cost * MILLION, "bound_cny": None if nearest.bound is None else nearest.bound * MILLION,
        },
    }  # fmt: skip


def needed(record: Mapping[str, Any] | None, language: str) -> str:
    """What a requirement of ``told`` would have to be, as text; a dash where that is not known."""
    if record is None or record["needed"] is None:
        return MISSING
    return f"{record['needed']:.0f}" if record["unit"] == "year" else fmt(record["needed"], quantity(record), language)


def quantity(record: Mapping[str, Any]) -> str:
    """How the amount of a requirement is written."""
    return written_as(record["kind"], str(record["unit"]))


def _requirement(words: Words, r: Requirement, step: float | None) -> dict[str, Any]:
    scale, unit = words.unit(r)
    return {
        "kind": r.kind, "name": str(r.index[0]), "year": r.year, **{code: words.name(r, code) for code in LANGUAGES},
        "limit": r.limit * scale, "needed": None if step is None else words.moved(r, step) * scale, "unit": "t" if unit == "emissions" else unit or "year",
        "change": "" if step is None else words.change(r, step),
    }  # fmt: skip
