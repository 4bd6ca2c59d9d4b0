"""Factors 因子: what one unit of a carrier emits, and who says so: source, year, region, confidence."""

from dataclasses import dataclass

from planner.account.activity import Activity, defaults
from planner.plant import Plant
from planner.tables import Row


@dataclass(frozen=True)
class Factor:
    """t of CO2 (other gases: CO2 equivalent) per unit of a carrier, with what it is made of and where it comes from."""

    value: float
    made_of: str = ""
    source: str = ""
    year: int | None = None
    region: str = ""
    confidence: str = ""


class Book:
    """The factors of one plant: catalogue, province and nation; an activity's own comes first."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.rows: dict[tuple[str, str], Row] = {(r["carrier"], r["parameter"]): r for r in plant.rows.get("factors", ())}
        self.warming: dict[str, list[Row]] = {}
        for row in plant.rows.get("gases", ()):
            self.warming.setdefault(row["gas"], []).append(row)
        self._carbon: dict[str, Factor | None] = {}

    def carbon(self, activity: Activity) -> Factor | None:
        """Fossil CO2 if all carbon of one unit is let out; of another gas its warming potential."""
        if activity.factor is not None:
            return Factor(activity.factor, activity.made_of, activity.source, activity.year, "site", activity.confidence)
        if activity.carrier not in self._carbon:
            self._carbon[activity.carrier] = self._catalogue(activity.carrier)
        return self._carbon[activity.carrier]

    def biogenic(self, carrier: str) -> Factor | None:
        """Biogenic CO2 if all carbon of one unit is let out."""
        value = self.plant.carbon_biogenic.get(carrier)
        return self._of(carrier, "carbon_biogenic", value) if value else None

    def upstream(self, activity: Activity) -> Factor | None:
        """CO2 of making one unit elsewhere; the seller's own figure comes first."""
        if activity.factor is not None:
            return Factor(activity.factor, activity.made_of, activity.source, activity.year, "seller", activity.confidence)
        value = (dict(self.plant.embodied) | dict(self.plant.upstream)).get(activity.carrier)
        return None if value is None else self._of(activity.carrier, "embodied", value)

    def grid(self, view: str, year: int) -> Factor:
        """Power from the grid: the plan's factor in its years, in others the latest that was published by then."""
        rows = self.plant.grid_rows.get(view, ())
        row = latest(rows, year)
        if (view, year) in self.plant.grid_factor:
            value = self.plant.grid_factor[view, year]
        elif row is not None:
            value = row["value"] * (1 - self.plant.apportioned if view == "market" and row["parameter"] == "fossil_factor" else 1)
        else:  # the case's own, the same in every year
            value = next((v for (q, _), v in self.plant.grid_factor.items() if q == view), 0.0)
        if row is None:
            return Factor(value, "own factor of the case", "", None, "site", "")
        share = f" × (1 − {self.plant.apportioned:g})" if value != row["value"] and self.plant.apportioned else ""
        return Factor(value, f"{row['parameter']}{share}", row["source"], row["year"], row["province"], row["confidence"])

    def _catalogue(self, carrier: str) -> Factor | None:
        value = self.plant.carbon.get(carrier)
        if value is None:
            return None
        if gas := self.plant.gases.get(carrier):
            row = next((r for r in self.warming.get(gas, ()) if abs(r["value"] - value) < 1e-9 * value), None)
            return Factor(value, "GWP100", row["source"] if row else "", None, "", row["confidence"] if row else "")
        if (carrier, "carbon") not in self.rows and (carrier, "carbon_content") in self.rows:
            d, row = defaults(self.plant, carrier), self.rows[carrier, "carbon_content"]
            text = f"{d['energy']:g} GJ/{self.plant.units[carrier]} × {d['carbon_content']:g} tC/TJ × {d.get('oxidation', 1.0):g} × 44/12"
            return Factor(value, text, row["source"], row["year"], "", row["confidence"])
        return self._of(carrier, "carbon", value)

    def _of(self, carrier: str, parameter: str, value: float) -> Factor:
        row = self.rows.get((carrier, parameter))
        return Factor(value, "", row["source"], row["year"], "", row["confidence"]) if row else Factor(value)


def latest(rows: tuple[Row, ...], year: int) -> Row | None:
    """The row of ``year`` or the last before it; before all of them the first."""
    known = sorted((r for r in rows if r["year"] is not None), key=lambda r: int(r["year"]))
    before = [r for r in known if r["year"] <= year]
    return before[-1] if before else known[0] if known else next(iter(rows), None)
