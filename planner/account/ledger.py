"""Ledger 台账: an account as lines, each an amount times a factor, and their sums within a boundary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from planner.account.activity import Activity
from planner.account.factors import Book, Factor
from planner.account.power import Green, recognise
from planner.plant import Plant

VIEWS = ("location", "market")
ITEMS = {  # group of a carrier -> what its carbon is in an account
    "fuel": "fuel", "gas": "fuel", "carbonate": "carbonate", "electrode": "electrode", "product": "product_carbon", "co2": "captured",
}  # fmt: skip
LINES = [
    "year", "process", "quantity", "item", "carrier", "scope", "gas", "view", "amount", "unit", "factor", "t", "made_of", "source", "factor_year",
    "region", "confidence",
]  # fmt: skip
SCOPE = {"power_bought": 2, "heat_bought": 2, "power_sold": 2, "heat_sold": 2, "intermediate": 3, "goods": 3, "offset": 0}
SIGN = {"used": 1.0, "made": -1.0}


@dataclass(frozen=True)
class Account:
    """lines: one row an entry, t of CO2 (or CO2 equivalent) with its sign, see LINES; view "" belongs to both views,
    scope 0 to none.

    green: the electricity of every year; delivered: (carrier, year) -> amount of product, in its own unit.
    """

    lines: pd.DataFrame
    green: tuple[Green, ...]
    delivered: dict[tuple[str, int], float]

    @cached_property
    def sums(self) -> dict[tuple[int, str, str], float]:
        """(year, view, item) -> t, lines of both views under ""; at hand, for an account is asked for hundreds of totals."""
        summed = self.lines.groupby(["year", "view", "item"])["t"].sum()
        return dict(zip(summed.index.tolist(), summed.tolist(), strict=True))

    def total(self, year: int, items: Iterable[str], view: str = "location") -> float:
        """t of the named items in one year and view."""
        return sum(self.sums.get((year, of, item), 0.0) for item in dict.fromkeys(items) for of in dict.fromkeys(("", view)))


def account(plant: Plant, rows: Sequence[Activity]) -> Account:
    """The account of ``rows`` with the factors of ``plant``.

    Carbon is followed: a process lets out what it takes in and does not pass on, so that what one process makes and the next
    uses (coke, steel gases, hot metal) cancels and counts once.
    """
    book = Book(plant)
    power = {c for c, g in plant.groups.items() if g == "electricity"} or {"electricity"}
    years = sorted({a.year for a in rows})
    by_year = {y: [a for a in rows if a.year == y] for y in years}
    near, far = plant.certificate_ceiling, plant.certificate_ceiling_elsewhere
    green = tuple(recognise(y, by_year[y], power=power, ceiling=near, elsewhere=far, apportioned=plant.shared) for y in years)
    entries: list[tuple[object, ...]] = []
    for g in green:
        for a in by_year[g.year]:
            entries += _entries(plant, book, power, a)
        entries += _recognised(plant, book, g, sum(a.amount for a in by_year[g.year] if a.quantity == "charged"))
    delivered: dict[tuple[str, int], float] = {}
    for a in rows:
        if a.quantity == "delivered":
            delivered[a.carrier, a.year] = delivered.get((a.carrier, a.year), 0.0) + a.amount
    return Account(pd.DataFrame(entries, columns=LINES), green, delivered)


def _entries(plant: Plant, book: Book, power: set[str], a: Activity) -> list[tuple[object, ...]]:
    """The lines of one row."""
    electric, heat = a.carrier in power, plant.groups.get(a.carrier) == "heat"
    if a.quantity in ("bought", "sold") and electric:
        item, sign = ("power_bought", 1.0) if a.quantity == "bought" else ("power_sold", -1.0)
        return [_line(plant, a, item, view, sign, book.grid(view, a.year)) for view in VIEWS]
    if a.quantity in ("bought", "sold"):
        found = book.upstream(a)
        if a.quantity == "sold":
            return [_line(plant, a, "heat_sold", "", -1.0, found)] if heat and found else []
        item = "heat_bought" if heat and found else "intermediate" if a.carrier in plant.embodied else "goods"
        return [_line(plant, a, item, "", 1.0, found or Factor(0.0, "not quantified"))]
    if a.quantity == "offset":
        return [_line(plant, a, "offset", "", 1.0, Factor(1.0, "", a.source, a.vintage, a.origin, a.confidence))]
    if a.quantity not in SIGN:
        return []
    lines, sign = [], SIGN[a.quantity]
    if (found := book.carbon(a)) and found.value:
        lines.append(_line(plant, a, _item(plant, a.carrier), "", sign, found))
    if found := book.biogenic(a.carrier):
        lines.append(_line(plant, a, "biogenic", "", sign, found))
        if plant.groups.get(a.carrier) == "co2":  # biogenic CO2 that was captured for good is a removal, counted here and nowhere else
            lines.append(_line(plant, a, "removal", "", sign, found))
    return lines


def _item(plant: Plant, carrier: str) -> str:
    if carrier in plant.gases:
        return "other_gas"
    return ITEMS.get(plant.groups.get(carrier, ""), "carbon_material")


def _recognised(plant: Plant, book: Book, g: Green, charged: float) -> list[tuple[object, ...]]:
    """The market view's own lines: what is recognised counts nothing; what charged a store counts as drawn."""
    found = book.grid("market", g.year)
    parts = {"traded": -g.traded, "certificate": -g.certified, "charged": charged}
    rows = [Activity(g.year, "site", quantity, "electricity", amount) for quantity, amount in parts.items() if amount]
    return [_line(plant, a, "power_bought", "market", 1.0, found) for a in rows]


def _line(plant: Plant, a: Activity, item: str, view: str, sign: float, f: Factor) -> tuple[object, ...]:
    scope = SCOPE.get(item, 1)
    return (
        a.year, a.process, a.quantity, item, a.carrier, scope, plant.gases.get(a.carrier, "co2"), view, sign * a.amount, plant.units.get(a.carrier, ""),
        f.value, sign * a.amount * f.value, f.made_of, f.source, f.year, f.region, f.confidence,
    )  # fmt: skip


# Boundaries -----------------------------------------------------------------------------------------------------


def totals(plant: Plant, made: Account) -> pd.DataFrame:
    """Sums by boundary, year and view: columns boundary, year, view, role, scope, item, t.

    role: counted, deducted, apart; and the two sums ``emissions`` (all that is counted) and ``account`` (less what the rule lets
    deduct, which never takes it below zero: sold power is no removal; what could not be deducted stays in ``not deducted``).
    """
    roles: dict[str, dict[str, tuple[str, int]]] = {}
    for row in plant.rows.get("boundaries", ()):
        roles.setdefault(row["boundary"], {})[row["item"]] = (row["role"], int(row["scope"] or 0))
    rows: list[tuple[object, ...]] = []
    for year in sorted({y for y, _, _ in made.sums}):
        for view in VIEWS:
            for boundary, items in roles.items():
                sums = {"counted": 0.0, "deducted": 0.0, "apart": 0.0}
                for item, (role, scope) in items.items():
                    if (year, "", item) in made.sums or (year, view, item) in made.sums:
                        t = made.total(year, [item], view)
                        rows.append((boundary, year, view, role, scope, item, t))
                        sums[role] += t
                deducted = -min(-sums["deducted"], max(sums["counted"], 0.0))
                rows.append((boundary, year, view, "emissions", 0, "", sums["counted"]))
                rows.append((boundary, year, view, "account", 0, "", sums["counted"] + deducted))
                if sums["deducted"] != deducted:
                    rows.append((boundary, year, view, "not deducted", 0, "", sums["deducted"] - deducted))
    return pd.DataFrame(rows, columns=["boundary", "year", "view", "role", "scope", "item", "t"])
