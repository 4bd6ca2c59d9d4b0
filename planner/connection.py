"""Connection 接入: what a case says about its tie to the grid - how demand is billed, and the rules of direct lines.

Canonical: MW, and MCNY per MW and month without VAT; shares as fractions. Months are 1 to 12, hours 0 to 24.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from planner.case import Case
from planner.money import Horizon
from planner.tables import Row, nearest

BILLINGS = ("metered", "contract", "capacity")
THOUSAND, MILLION = 1e3, 1e6


class Reader(Protocol):
    """What resolving needs: the case, its province's values, and ways to read a row and to note what is wrong with it."""

    case: Case
    horizon: Horizon
    carriers: Mapping[str, Row]
    province: dict[tuple[str, str], list[Row]]
    elsewhere: list[str]

    def known(self, row: Row, column: str, known: Iterable[str]) -> bool:
        """Whether a cell names something known; a finding when not."""
        ...

    def here(self, rows: list[Row]) -> list[Row]:
        """Rows that hold in the site's province."""
        ...

    def note(self, row: Row, what: str, allowed: str) -> None:
        """Note what is wrong with a row."""
        ...

    def canonical(self, row: Row, target: str) -> float:
        """A row's number in ``target`` units."""
        ...

    def by_year(self, rows: list[Row], target: str) -> dict[int, float]:
        """Values for every planned year."""
        ...

    def single(self, rows: list[Row], target: str) -> float:
        """A number that does not change over the years."""
        ...

    def of_province(self, row: Row) -> list[Row]:
        """Rows of the province's parameter a row names."""
        ...


@dataclass(frozen=True)
class DemandRule:
    """One row of the case's own demand charge.

    rate: MCNY per MW and month in ``months`` on demand above ``above`` MW; ratchet: every bill carries at least ``value`` of
    the peaks of ``months`` among the ``lookback`` months before it; event: MCNY per MW of the highest purchase in these
    months and hours, once a year.
    """

    item: str
    name: str
    months: tuple[int, ...]
    value: float
    above: float = 0.0
    lookback: int = 12
    hours: tuple[float, float] = (0.0, 24.0)


@dataclass(frozen=True)
class Line:
    """The rules of a direct line: shares of what its plants could make in a year, and of all the site uses."""

    plants: tuple[str, ...]
    self_use_min: float
    load_share_min: Mapping[int, float]
    export_max: float


@dataclass(frozen=True)
class Connection:
    """How the site is tied to the grid, beside the MW it may draw.

    transformer: MVA, also the most that passes; export_limit: MW (0: as much as may be drawn); billings: ways demand may be
    billed; contract_floor: least contract, share of the transformers; headroom, penalty: demand per contract that is no
    excess, and how many times the price the excess costs.
    """

    transformer: float = 0.0
    export_limit: float = 0.0
    billings: tuple[str, ...] = ("metered",)
    contract_floor: float = 0.0
    contract_headroom: float = 1.0
    contract_penalty: float = 1.0
    rules: tuple[DemandRule, ...] = ()
    lines: Mapping[str, Line] = field(default_factory=dict)


def resolve(r: Reader) -> Connection:
    """The connection of a case; what is wrong is noted with the resolver."""
    case = r.case
    where: dict[str, Any] = {"where": f"{case.folder.name}/case.toml"}
    billings = tuple(str(case["site.demand_billing"]).split())
    for name in billings:
        if name not in BILLINGS:
            r.note(where, f"site.demand_billing names {name!r}", nearest(name, BILLINGS))
    transformer = float(case["site.transformer"])
    if billings != ("metered",) and not transformer:
        r.note(where, "a choice of demand billing needs the transformers", "site.transformer in MVA")
    if not billings:
        r.note(where, "site.demand_billing is empty", ", ".join(BILLINGS))
    contract = {"contract_demand_floor": 0.0, "contract_demand_headroom": 1.0, "contract_demand_penalty": 1.0}
    if "contract" in billings:
        for name in contract:
            found = r.province.get(("china", name), [])
            if not found:
                r.note(where, f"the rule {name!r} of contracted demand is missing", "a row of china in provinces/values.csv")
            contract[name] = r.single(found, "share") if found else contract[name]
    rules = tuple(rule for row in case.tables["demand_charges"] if (rule := _rule(r, row)))
    if any(rule.item == "rate" for rule in rules) and billings != ("metered",):
        r.note(where, "site.demand_billing offers a choice beside rates of the case's own", "metered, or no rows `rate` in demand_charges.csv")
    floor, headroom, penalty = contract.values()
    return Connection(transformer, float(case["site.export_limit"]), billings, floor, headroom, penalty, rules, _lines(r))


def _rule(r: Reader, row: Row) -> DemandRule | None:
    first, _, last = (row["months"] or "1-12").partition("-")
    try:
        months = tuple(range(int(first), int(last or first) + 1))
    except ValueError:
        months = ()
    if not months or not 1 <= months[0] <= months[-1] <= 12:
        r.note(row, f"months is {row['months']!r}", "months such as 7-8, from 1 to 12")
        return None
    value = r.canonical(row, "share") if row["item"] == "ratchet" else r.canonical(row, _unit(row)) * THOUSAND / MILLION
    hours = (row["hour_from"], row["hour_to"])
    return DemandRule(row["item"], row["name"] or row["item"], months, value, row["above"], int(row["lookback"]), hours)


def _unit(row: Row) -> str:
    return "CNY/kW" if row["item"] == "event" else "CNY/kW/month"


def _lines(r: Reader) -> dict[str, Line]:
    """Direct lines with their plants; all three rules must be given."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in r.case.tables["lines"]:
        rows.setdefault((row["line"], row["parameter"]), []).extend(r.of_province(row) if row["province_parameter"] else [row])
    names = dict.fromkeys(line for line, _ in rows)
    plants = {name: tuple(a["asset"] for a in r.case.tables["assets"] if a["line"] == name) for name in names}
    for asset in r.case.tables["assets"]:
        if asset["line"] and asset["line"] not in names:
            r.note(asset, f"line {asset['line']!r} is unknown", nearest(asset["line"], names))
    lines = {}
    for name in names:
        where = {"where": f"{r.case.folder.name}/lines.csv"}
        values = {p: r.by_year(rows.get((name, p), []), "share") for p in ("self_use_min", "load_share_min", "export_max")}
        for parameter, found in values.items():
            if not found:
                r.note(where, f"line {name!r} has no {parameter}", "a row of that parameter, or the province's own")
        if not plants[name]:
            r.note(where, f"line {name!r} has no plant", "an asset that names it in its column `line`")
        if all(values.values()) and plants[name]:
            single = [next(iter(values[p].values())) for p in ("self_use_min", "export_max")]
            lines[name] = Line(plants[name], single[0], values["load_share_min"], single[1])
    return lines
