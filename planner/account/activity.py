"""Activity 活动数据: what was burnt, used, made, bought and sold, in the unit of its carrier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.emission_factors import CO2_OF_CARBON
from planner.errors import Finding
from planner.plant import THOUSAND, Plant
from planner.tables import Row, nearest
from planner.units import UnitError, factor

POWER_ONLY = ("traded", "certificate", "generated", "exported", "charged")


@dataclass(frozen=True)
class Activity:
    """One row of activity data.

    quantity: used (let out, unless its carbon leaves with something made), made, bought, sold, delivered (the product), offset;
    of power also traded, certificate, generated (own, non-fossil), exported and charged (of what was generated) and kept (the
    same, inferred and not metered). amount: in the carrier's unit; factor: the plant's own, t of CO2 per such unit.
    """

    year: int
    process: str
    quantity: str
    carrier: str
    amount: float
    factor: float | None = None
    made_of: str = ""
    vintage: int | None = None
    origin: str = "province"
    evidence: bool = True
    source: str = ""
    confidence: str = ""


def read(plant: Plant, rows: Sequence[Row], findings: list[Finding]) -> tuple[Activity, ...]:
    """The rows of ``activity.csv`` in canonical units; what cannot be read is noted in ``findings``."""
    found = (_activity(plant, row, findings) for row in rows)
    return tuple(a for a in found if a is not None)


def _activity(plant: Plant, row: Row, findings: list[Finding]) -> Activity | None:
    carrier, unit = row["carrier"], row["unit"]
    wrong, allowed = _wrong(plant, row)
    if wrong:
        findings.append(Finding(row["where"], wrong, allowed))
        return None
    try:
        per = conversion(plant, carrier, unit, row["ncv"])
    except UnitError as error:
        findings.append(Finding(row["where"], str(error), f"a unit of {plant.units[carrier]}, or a heating value"))
        return None
    own, made_of = _own_factor(plant, row)
    return Activity(
        year=row["year"], process=row["process"], quantity=row["quantity"], carrier=carrier, amount=row["amount"] * per,
        factor=None if own is None else own / per, made_of=made_of, vintage=row["vintage"], origin=row["origin"], evidence=row["evidence"] == "yes",
        source=row["source"], confidence=row["confidence"],
    )  # fmt: skip


def _wrong(plant: Plant, row: Row) -> tuple[str, str]:
    """What makes a row senseless, and what would be allowed; empty when nothing does."""
    carrier, quantity = row["carrier"], row["quantity"]
    if carrier not in plant.units:
        return f"carrier {carrier!r} is unknown", nearest(carrier, plant.units)
    if quantity in POWER_ONLY and plant.groups[carrier] != "electricity":
        return f"{quantity} {carrier!r} is no electricity", "electricity"
    if plant.groups[carrier] == "electricity" and row["factor"] is not None:
        return "power has a factor of its own", "the factor of the place, or site.grid_factor"
    if row["factor"] is not None and any(row[k] is not None for k in ("carbon_content", "oxidation")):
        return "a factor stands beside what it is made of", "one or the other"
    if quantity == "certificate" and row["vintage"] is None:
        return "the certificate has no year of generation", "a vintage"
    return "", ""


def conversion(plant: Plant, carrier: str, unit: str, ncv: float | None = None) -> float:
    """The carrier's units in one ``unit``, by way of its heating value where one is mass or volume and the other heat. Raises UnitError.

    ncv: an own heating value, GJ per ``unit``.
    """
    own = plant.units[carrier]
    if ncv is not None and factor_or_none("GJ", own):
        return ncv * factor("GJ", own)
    direct = factor_or_none(unit, own)
    if direct is not None:
        return direct
    for row in plant.rows.get("factors", ()):
        if row["carrier"] == carrier and row["parameter"] in ("heating_value", "energy"):
            heat, mass = factor_or_none(f"({unit})*({row['unit']})", own), factor_or_none(f"({unit})/({row['unit']})", own)
            if heat or mass:
                value = float(row["value"])
                return heat * value if heat else (mass or 0.0) / value
    raise UnitError(f"unit {unit!r} cannot be read as {own!r} of {carrier}")


def factor_or_none(unit: str, target: str) -> float | None:
    """``factor``, or None where the units do not fit."""
    try:
        return factor(unit, target)
    except UnitError:
        return None


def _own_factor(plant: Plant, row: Row) -> tuple[float | None, str]:
    """The plant's own t of CO2 per unit of the amount: as given, or of its own heating value, carbon content and oxidation."""
    if row["factor"] is not None:
        return row["factor"], "own factor"
    own = {k: row[k] for k in ("ncv", "carbon_content", "oxidation")}
    if all(v is None for v in own.values()):
        return None, ""
    given = defaults(plant, row["carrier"])
    heat = own["ncv"]
    if heat is None:  # GJ in one unit of the amount
        heat = given.get("energy", 0.0) * conversion(plant, row["carrier"], row["unit"])
    content = own["carbon_content"] if own["carbon_content"] is not None else given.get("carbon_content", 0.0)
    burnt = own["oxidation"] if own["oxidation"] is not None else given.get("oxidation", 1.0)
    return heat * content / THOUSAND * burnt * CO2_OF_CARBON, f"own: {heat:g} GJ/{row['unit']} × {content:g} tC/TJ × {burnt:g} × 44/12"


def defaults(plant: Plant, carrier: str) -> Mapping[str, float]:
    """Heating value GJ/unit, carbon content tC/TJ and oxidation of a carrier, as the catalogue has them."""
    rows = [r for r in plant.rows.get("factors", ()) if r["carrier"] == carrier]
    targets = {"energy": f"GJ/{plant.units[carrier]}", "carbon_content": "t/TJ", "oxidation": "share"}
    return {r["parameter"]: r["value"] * factor(r["unit"], targets[r["parameter"]]) for r in rows if r["parameter"] in targets}
