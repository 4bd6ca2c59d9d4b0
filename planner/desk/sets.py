"""Sets 目标预设: which named sets of targets, markets and borders a page offers for a case - those whose questions the case can answer.

What a set asks for is read off its rows, without resolving the case: pages open without the library of units. A test compares
the answer with what resolving says, for every set and every shipped case.
"""

from planner import carbon_market, targets
from planner.case import Case
from planner.presets import Preset, presets
from planner.tables import Row


def fitting(case: Case) -> list[Preset]:
    """The sets made for the case's sector whose base year, product and coverage the case knows."""
    return [p for p in presets().values() if (not p.sectors or case.settings.get("sector") in p.sectors) and _answered(case, p)]


def _answered(case: Case, preset: Preset) -> bool:
    tables = preset.tables([])
    caps, market = (tables.get(t, ()) for t in ("caps", "carbon_market"))
    return not any(targets.lacking(row, case.settings) or _unworthy(case, row) for row in caps) and (not market or _traded(case, market))


def _unworthy(case: Case, row: Row) -> bool:
    """A limit per value added, of a case that does not say what a unit of its product adds."""
    return row["per"] == "value_added" and not case["product.value_added"]


def _traded(case: Case, rows: tuple[Row, ...]) -> bool:
    """What is owed goes by the delivered product alone; the national market counts plants it covers, from its threshold on."""
    product, direct = case["product.carrier"], float(case.settings.get("base_year.direct") or 0.0)
    sold = any((m["carrier"], m["direction"], m["allowed"]) == (product, "sell", "yes") for m in case.tables["markets"])
    if sold or product not in {row["carrier"] for row in case.tables["demands"]}:
        return False
    least = max((row["value"] for row in rows if row["parameter"] == "threshold"), default=0.0)
    return all(row["scheme"] != "national" for row in rows) or (carbon_market.covered(case) and direct > 0 and direct >= least)
