"""Targets 目标: what a case wants reached - emissions, energy and shares of green power; each absolute or per unit, by year, hard or at a price.

One row a target and year in ``caps.csv``. A limit is an amount, or a share of the base year's amount of the same kind.
Canonical: kt, ktce and GWh; MCNY per thousand of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from planner import emission_factors
from planner.connection import Reader
from planner.tables import Row
from planner.units import UnitError, factor

THOUSAND = 1e3
TCE = 29.3076  # GJ
ByYear = Mapping[int, float]
AMOUNTS = {"emissions": "t", "energy": "tce", "fossil_energy": "tce", "green_share": "MWh", "physical_share": "MWh", "own_reduction": "t"}
SHARES = ("green_share", "physical_share")
SAME = ("measure", "scope", "view", "per", "carrier", "basis", "counts")  # columns in which all rows of a target agree
BASE = {  # what a target counts -> the setting with the base year's amount
    ("emissions", "direct_energy"): "base_year.emissions", ("emissions", "direct"): "base_year.direct", ("emissions", "purchased"): "base_year.purchased",
    ("own_reduction", "direct_energy"): "base_year.emissions", ("energy", "equivalent"): "base_year.energy", ("energy", "calorific"): "base_year.energy_calorific",
    ("fossil_energy", "equivalent"): "base_year.fossil_energy", ("fossil_energy", "calorific"): "base_year.fossil_energy",
}  # fmt: skip
PER = {"product": "base_year.output", "value_added": "base_year.value_added"}


@dataclass(frozen=True)
class Target:
    """One target.

    unit: of ``wanted``; wanted: year -> limit as people say it (a share: the least, anything else: the most); limit: year -> the same in
    canonical units of what is counted; divisor: year -> delivered product or value added (in its own unit) that an intensity is
    per; weight: carrier -> tce per unit that crosses the fence; share: year -> least share; base: kt that an own reduction is of, and
    its grid factor, kt/GWh; price: year -> MCNY per thousand counted above the limit, none: it is hard.
    """

    name: str
    measure: str
    scope: str
    view: str
    per: str = "site"
    basis: str = ""
    unit: str = "t"
    sums: bool = False
    wanted: ByYear = field(default_factory=dict)
    limit: ByYear = field(default_factory=dict)
    divisor: ByYear = field(default_factory=dict)
    weight: Mapping[str, float] = field(default_factory=dict)
    share: ByYear = field(default_factory=dict)
    base: float = 0.0
    base_factor: float = 0.0
    price: ByYear = field(default_factory=dict)
    product: str = ""  # carrier that an intensity is per
    worth: float = 1.0  # CNY of value added in a unit of it, where the intensity is per value added

    @property
    def counts(self) -> tuple[str, str]:
        """Scope and view of what counts emissions; what is counted instead, and how, of anything else."""
        if self.measure == "emissions":
            return self.scope, self.view
        return self.measure, self.basis or self.view

    @property
    def amount(self) -> str:
        """Unit of what is counted: t, tce or MWh."""
        return AMOUNTS[self.measure]

    @property
    def plain(self) -> bool:
        """Whether it is a yearly amount of emissions, as drawn beside them."""
        return self.measure == "emissions" and self.per == "site" and not self.sums

    def said(self, counted: float, year: int, sold: float = 0.0) -> float:
        """What is counted (canonical) as people say it; not of shares. sold: thousands of the product beside what must be delivered."""
        if self.measure == "own_reduction":
            return 1.0 - counted / self.base
        if self.per == "site":
            return counted * THOUSAND
        return counted * THOUSAND / ((self.divisor.get(year, 0.0) + sold * THOUSAND * self.worth) or 1.0)

    def per_sold(self, year: int) -> float:
        """By what a thousand units sold of the product raise the limit, in thousands of what is counted."""
        return self.wanted.get(year, 0.0) * self.worth if self.per != "site" else 0.0


def resolve(r: Reader, factors: Mapping[str, Mapping[str, float]], demand: Mapping[tuple[str, int], float]) -> dict[str, Target]:
    """The targets of a case; what is wrong with them becomes findings. demand: thousands of a carrier's unit by year."""
    grouped: dict[str, list[Row]] = {}
    for row in r.case.tables["caps"]:
        grouped.setdefault(row["cap"], []).append(row)
    return {name: _target(r, name, rows, factors, demand) for name, rows in grouped.items()}


def _target(r: Reader, name: str, rows: list[Row], factors: Mapping[str, Mapping[str, float]], demand: Mapping[tuple[str, int], float]) -> Target:
    first = rows[0]
    for row in rows[1:]:
        for column in SAME:
            if row[column] != first[column]:
                r.note(
                    row,
                    f"{column} of {name} is {row[column]!r} here and {first[column]!r} before",
                    "one target of one kind; another is a name of its own",
                )
    measure, share = first["measure"], first["measure"] in SHARES
    energetic = measure in ("energy", "fossil_energy")
    if share and (first["per"] != "site" or first["counts"] != "yearly"):
        r.note(first, f"{measure} is a share already", "per site, counted yearly")
    if first["per"] != "site" and first["counts"] != "yearly":
        r.note(first, "an intensity is of one year", "counts yearly")
    if measure == "own_reduction" and (first["scope"], first["view"], first["per"]) != ("direct_energy", "location", "site"):
        r.note(first, "own reduction is told of all that the default caps count", "scope direct_energy, view location, per site")
    divisor = _divisor(r, first, demand)
    unit = "share" if share or measure == "own_reduction" else AMOUNTS[measure] + (f"/{_per(r, first)}" if first["per"] != "site" else "")
    base = float(r.case.settings.get("base_year.emissions") or 0.0) / THOUSAND if measure == "own_reduction" else 0.0
    wanted, limit, price = dict[int, float](), dict[int, float](), dict[int, float]()
    for row in rows:
        found = _wanted(r, row, unit)
        y = row["year"]
        if found is None or y not in r.horizon.years:
            continue
        wanted[y] = found
        limit[y] = (
            0.0
            if share
            else (1 - found) * base
            if measure == "own_reduction"
            else found * (divisor.get(y, 0.0) if first["per"] != "site" else 1.0) / THOUSAND
        )
        if row["price"] is not None:
            price[y] = row["price"] / THOUSAND
    return Target(
        name=name, measure=measure, scope=first["scope"], view=first["view"], per=first["per"], basis=first["basis"] if energetic else "", unit=unit,
        sums=first["counts"] == "cumulative", wanted=wanted, limit=limit, divisor=divisor, weight=_weights(r, first, factors) if energetic else {},
        share=wanted if share else {}, base=base, base_factor=base_factor(r), price=price, product=product(r, first) if first["per"] != "site" else "",
        worth=float(r.case["product.value_added"]) or 1.0 if first["per"] == "value_added" else 1.0,
    )  # fmt: skip


def product(r: Reader, row: Row) -> str:
    """The carrier that an intensity is per."""
    return str(row["carrier"] or r.case["product.carrier"])


def _per(r: Reader, row: Row) -> str:
    carrier = product(r, row)
    return "CNY" if row["per"] == "value_added" else str(r.carriers[carrier]["unit"]) if carrier in r.carriers else "unit"


def _divisor(r: Reader, row: Row, demand: Mapping[tuple[str, int], float]) -> dict[int, float]:
    """Year -> what an intensity is per: the delivered product, or its value added in real money."""
    if row["per"] == "site":
        if row["carrier"]:
            r.note(row, f"an amount of the site names the product {row['carrier']!r}", "per product, or no carrier")
        return {}
    carrier = product(r, row)
    made = {y: v * THOUSAND for (c, y), v in demand.items() if c == carrier}
    sold = any(m["carrier"] == carrier and m["direction"] == "sell" and m["allowed"] == "yes" for m in r.case.tables["markets"])
    if not made and not sold:
        r.note(
            row,
            f"an intensity needs the delivered product, and {carrier or 'none'} is delivered",
            "a carrier that demands.csv delivers or a market sells, as product.carrier in case.toml",
        )
    if row["per"] == "value_added" and row["carrier"] not in (None, r.case["product.carrier"]):
        r.note(row, f"the value added of {carrier} is not known", f"per product, or {r.case['product.carrier']}")
    if row["per"] == "product":
        return made
    worth = float(r.case["product.value_added"])
    if not worth:
        r.note(row, "a target per value added needs the value added", "product.value_added in case.toml, CNY per unit of product")
    return {y: v * (worth or 1.0) for y, v in made.items()}


def _wanted(r: Reader, row: Row, unit: str) -> float | None:
    """The limit of one row in ``unit``: as given, or a share of the base year's."""
    if row["measure"] in (*SHARES, "own_reduction"):
        if row["share"] is None or row["value"] is not None:
            r.note(row, f"{row['measure']} is given as a share", "a number from 0 to 1 in the column share")
            return None
        if row["share"] > 1:
            r.note(row, f"{row['measure']} is {row['share']:g}", "at most 1")
        if row["measure"] == "own_reduction" and not r.case.settings.get("base_year.emissions"):
            r.note(row, "a share needs the base year's amount", "base_year.emissions in case.toml, in t")
            return None
        return float(row["share"])
    if row["share"] is not None:
        known = [r.case.settings.get(key) for key in of_base(row)]
        if missing := " and ".join(lacking(row, r.case.settings)):
            r.note(
                row,
                "a share needs the base year's amount",
                f"{missing} in case.toml, in t" if missing == "base_year.emissions" else f"{missing} in case.toml",
            )
            return None
        amount = float(known[0])  # type: ignore[arg-type]
        return float(row["share"]) * amount / (float(known[1]) if len(known) > 1 else 1.0)  # type: ignore[arg-type]
    if row["value"] is None:
        r.note(row, "the cap has no limit", "a share of the base year, or a value with a unit")
        return None
    try:
        return float(row["value"]) * factor(row["unit"] or unit, unit)
    except UnitError as error:
        r.note(row, str(error), f"a unit of {unit}")
        return None


def of_base(row: Row) -> list[str]:
    """The settings with the base year's amount that a limit is a share of; none of a share of power, or of a limit given as a value."""
    if row["measure"] in SHARES or row["share"] is None:
        return []
    basis = row["basis"] if row["measure"] in ("energy", "fossil_energy") else row["scope"]
    return [BASE[row["measure"], basis], *([PER[row["per"]]] if row["per"] != "site" else [])]


def lacking(row: Row, settings: Mapping[str, object]) -> list[str]:
    """What of these a case does not say."""
    return [key for key in of_base(row) if not settings.get(key)]


def _weights(r: Reader, row: Row, factors: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Carrier -> tce per unit. Fossil energy: what carries fossil carbon; own sun and wind cross no fence and count nothing."""
    energy = dict(factors["energy"]) | (dict(factors["energy_equivalent"]) if row["basis"] == "equivalent" else {})
    if row["measure"] == "fossil_energy":
        energy = {c: v for c, v in energy.items() if factors["carbon"].get(c, 0.0) > 0}
    bought = {m["carrier"] for m in r.case.tables["markets"] if m["allowed"] == "yes" and m["carrier"] in r.carriers}
    bare = [c for c in bought if r.carriers[c]["group"] in ("fuel", "electricity", "hydrogen", "heat") and c not in factors["energy"]]
    if bare:
        r.note(row, f"{', '.join(sorted(bare))} has no energy content", "a row `energy` in factors.csv")
    return {c: v / TCE for c, v in energy.items()}


def base_factor(r: Reader) -> float:
    """The grid's location factor as it was known of the base year, t/MWh."""
    own = float(r.case["site.grid_factor"])
    rows = emission_factors.grid_rows(r)["location"]
    by_year = {int(row["year"]): r.canonical(row, "t/MWh") for row in rows if row["year"] is not None}
    base = int(r.case.settings.get("base_year.year") or r.horizon.first)
    before = [y for y in sorted(by_year) if y <= base]
    return own or (by_year[before[-1]] if before else next(iter(by_year.values()), 0.0))


def plain(targets: Mapping[str, Target], caps: Iterable[str]) -> tuple[str, ...]:
    """The names of yearly amounts of emissions; a cap of which nothing more is known is one."""
    return tuple(c for c in caps if c not in targets or targets[c].plain)
