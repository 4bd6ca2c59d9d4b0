"""Rules 规则: what a case says about its investments as a whole - options that exclude or need each other, budgets, paces."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from planner.case import Case
from planner.money import Horizon
from planner.tables import Row, nearest

MILLION = 1e6
PAIRS = ("requires", "converts")  # kinds of rules about two assets
Convert = Callable[[Row, str], float]  # a row's number in a unit
Note = Callable[[Row, str, str], None]  # a finding: row, what, what is allowed


class Sized(Protocol):
    """What rules must know of an asset; see planner.plant.Asset."""

    @property
    def technology(self) -> str:
        """What it is."""

    @property
    def unit(self) -> str:
        """Unit of its sizes in the tables."""

    @property
    def scale(self) -> float:
        """Table units in a canonical size."""

    @property
    def size(self) -> float:
        """What stands."""

    @property
    def max_size(self) -> float:
        """What may be added."""

    @property
    def module(self) -> float | None:
        """One whole unit."""

    @property
    def min_size(self) -> float:
        """The smallest size that can be built at a time."""


@dataclass(frozen=True)
class Budget:
    """A limit on investment, MCNY: in each year, in all years until one, or in all of them in today's money.

    limit: by the year it closes; level: price level of each year over the base year (1 when the budget is in real money).
    """

    name: str
    counts: str
    limit: Mapping[int, float]
    level: Mapping[int, float]


@dataclass(frozen=True)
class Pace:
    """How much of one technology may go into service in a year: limit by year, and growth on what stood a year before.

    In whole units when ``in_units``, else in canonical sizes.
    """

    technology: str
    in_units: bool
    limit: Mapping[int, float]
    growth: float


@dataclass(frozen=True)
class Rules:
    """at_most, together: rule -> assets and their number or shared size; needs: (asset, needed) -> size allowed per size.

    converts: (asset, host) -> size of the host that becomes a size of the asset. required: asset -> least size in service in the last year.
    """

    at_most: Mapping[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    needs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    together: Mapping[str, tuple[tuple[str, ...], float]] = field(default_factory=dict)
    converts: Mapping[tuple[str, str], float] = field(default_factory=dict)
    required: Mapping[str, float] = field(default_factory=dict)
    budgets: tuple[Budget, ...] = ()
    paces: tuple[Pace, ...] = ()


def resolve(case: Case, assets: Mapping[str, Sized], horizon: Horizon, convert: Convert, note: Note) -> Rules:
    """The rules of ``case`` in canonical units; an asset whose option is closed drops out of its rules, an unknown one is a finding."""
    grouped: dict[str, list[Row]] = {}
    for row in case.tables["rules"]:
        known = [row[c] in case.by_name["assets"] for c in ("asset", "needs") if row[c]]
        for column in ("asset", "needs"):
            if row[column] and row[column] not in case.by_name["assets"]:
                note(row, f"{column} {row[column]!r} is unknown", nearest(row[column], case.by_name["assets"]))
        if (row["kind"] in PAIRS) != bool(row["needs"]):
            note(
                row,
                f"a rule of the kind {row['kind']} {'lacks' if not row['needs'] else 'has'} `needs`",
                "what an asset needs or is made of, with requires and converts only",
            )
        elif all(known):
            grouped.setdefault(row["rule"], []).append(row)
    for rows in grouped.values():
        for row in rows[1:]:
            if row["kind"] != rows[0]["kind"]:
                note(row, f"rule {row['rule']!r} is {rows[0]['kind']} and {row['kind']}", "one kind a rule")
    return Rules(
        at_most=_at_most(grouped, assets, note), needs=_needs(grouped, assets, convert, note), together=_together(grouped, assets, convert, note),
        converts=_converts(grouped, assets, convert, note), required=_required(case, assets, note),
        budgets=_budgets(case, horizon, convert, note), paces=_paces(case, assets, horizon, convert, note),
    )  # fmt: skip


def _of_kind(grouped: Mapping[str, list[Row]], *kinds: str) -> Iterable[tuple[str, list[Row]]]:
    return ((name, rows) for name, rows in grouped.items() if rows[0]["kind"] in kinds)


def _one_value(rows: list[Row], note: Note) -> Row | None:
    """The row that carries a rule's number; a finding when none or several do."""
    given = [row for row in rows if row["value"] is not None]
    if len(given) != 1:
        note(rows[0], f"rule {rows[0]['rule']!r} has {len(given)} values", "a value in one of its rows")
    return given[0] if given else None


def _at_most(grouped: Mapping[str, list[Row]], assets: Mapping[str, Sized], note: Note) -> dict[str, tuple[tuple[str, ...], int]]:
    found: dict[str, tuple[tuple[str, ...], int]] = {}
    for name, rows in _of_kind(grouped, "exclusive", "at_most"):
        if rows[0]["kind"] == "exclusive":
            for row in rows:
                if row["value"] is not None:
                    note(row, f"exclusive rule {name!r} has a value", "nothing: one of its assets at most")
            count = 1.0
        else:
            given = _one_value(rows, note)
            count = given["value"] if given else 0.0
        if len(rows) <= count or count != int(count):
            note(rows[0], f"rule {name!r} allows {count:g} of {len(rows)} assets", "a whole number below the number of its assets")
        found[name] = tuple(row["asset"] for row in rows if row["asset"] in assets), int(count)
    return found


def _needs(grouped: Mapping[str, list[Row]], assets: Mapping[str, Sized], convert: Convert, note: Note) -> dict[tuple[str, str], float]:
    """Without a value, shares of the largest sizes are compared; with one, each size needs so many sizes."""
    found: dict[tuple[str, str], float] = {}
    for _, rows in _of_kind(grouped, "requires"):
        for row in rows:
            if row["asset"] not in assets:
                continue
            if row["needs"] not in assets:
                found[row["asset"], row["needs"]] = 0.0
                continue
            one, other = assets[row["asset"]], assets[row["needs"]]
            if row["value"] is None:
                most = other.size + other.max_size
                found[row["asset"], row["needs"]] = (one.size + one.max_size) / most if most else 0.0
                continue
            per = _per_size(row, one, other, convert, note)
            found[row["asset"], row["needs"]] = 1 / per if per > 0 else 0.0
    return found


def _per_size(row: Row, one: Sized, other: Sized, convert: Convert, note: Note) -> float:
    """The number of a rule about two assets: sizes of the other for each of the one, above 0."""
    unit = f"({other.unit})/({one.unit})"
    per = convert(row | {"unit": row["unit"] or unit}, unit) * one.scale / other.scale
    if per <= 0:
        note(row, f"rule {row['rule']!r} needs {per:g} sizes for each", "a number above 0")
    return per


def _converts(grouped: Mapping[str, list[Row]], assets: Mapping[str, Sized], convert: Convert, note: Note) -> dict[tuple[str, str], float]:
    """What becomes of a host, size for size where no value is given; a host that is closed leaves the option closed (0)."""
    found: dict[tuple[str, str], float] = {}
    for _, rows in _of_kind(grouped, "converts"):
        for row in rows:
            if row["asset"] in assets and row["needs"] in assets:
                one, other = assets[row["asset"]], assets[row["needs"]]
                if row["value"] is None and one.unit != other.unit:
                    note(row, f"{row['asset']!r} is sized in {one.unit}, {row['needs']!r} in {other.unit}", f"a value in ({other.unit})/({one.unit})")
                found[row["asset"], row["needs"]] = 1.0 if row["value"] is None else _per_size(row, one, other, convert, note)
            elif row["asset"] in assets:
                found[row["asset"], row["needs"]] = 0.0
    return found


def _together(
    grouped: Mapping[str, list[Row]], assets: Mapping[str, Sized], convert: Convert, note: Note
) -> dict[str, tuple[tuple[str, ...], float]]:
    found: dict[str, tuple[tuple[str, ...], float]] = {}
    for name, rows in _of_kind(grouped, "together"):
        members = tuple(row["asset"] for row in rows if row["asset"] in assets)
        given = _one_value(rows, note)
        units = {assets[a].unit for a in members}
        if len(units) > 1:
            note(rows[0], f"rule {name!r} adds sizes in {' and '.join(sorted(units))}", "assets sized in one unit")
        elif given and members:
            first = assets[members[0]]
            found[name] = members, convert(given | {"unit": given["unit"] or first.unit}, first.unit) / first.scale
    return found


def least_adopted(asset: Sized) -> float:
    """What adopting an option means where nothing more is said: one whole unit, its smallest size, or a tenth of the most that may be added."""
    return min(asset.module or asset.min_size or asset.max_size / 10, asset.max_size)


def _required(case: Case, assets: Mapping[str, Sized], note: Note) -> dict[str, float]:
    """Options that must be adopted; a finding for those of which nothing may be built."""
    found: dict[str, float] = {}
    for row in case.tables["assets"]:
        if row["allowed"] == "must" and row["status"] == "candidate":
            if row["asset"] not in assets or assets[row["asset"]].max_size <= 0:
                note(row, f"{row['asset']!r} must be adopted and may not be built here", "allowed yes or no, or a largest size above 0")
            else:
                found[row["asset"]] = least_adopted(assets[row["asset"]])
    return found


def _budgets(case: Case, horizon: Horizon, convert: Convert, note: Note) -> tuple[Budget, ...]:
    grouped: dict[str, list[Row]] = {}
    for row in case.tables["budgets"]:
        grouped.setdefault(row["budget"], []).append(row)
    budgets = []
    base, inflation = int(case["finance.base_year"]), float(case["finance.inflation"])
    for name, rows in grouped.items():
        counts, nominal = rows[0]["counts"], rows[0]["nominal"] == "yes"
        limit: dict[int, float] = {}
        for row in rows:
            if (row["counts"], row["nominal"]) != (rows[0]["counts"], rows[0]["nominal"]):
                note(row, f"budget {name!r} counts in two ways", "one way a budget")
            if nominal and row["counts"] == "discounted":
                note(row, f"budget {name!r} is discounted and nominal", "real money for today's value")
            # money of the year it is spent in needs no price index
            amount = convert(row | {"currency_year": base} if nominal else row, "CNY") / MILLION
            years = [row["year"]] if row["year"] is not None else horizon.years if counts == "yearly" else [horizon.last]
            for y in years:
                if y in limit:
                    note(row, f"budget {name!r} has two limits in {y}", "one limit a year")
                if y in horizon.years:
                    limit[y] = amount
        level = {y: (1 + inflation) ** (y - base) if nominal else 1.0 for y in horizon.years}
        budgets.append(Budget(name, counts, limit, level))
    return tuple(budgets)


def _paces(case: Case, assets: Mapping[str, Sized], horizon: Horizon, convert: Convert, note: Note) -> tuple[Pace, ...]:
    grouped: dict[str, list[Row]] = {}
    for row in case.tables["paces"]:
        grouped.setdefault(row["technology"], []).append(row)
    paces = []
    for technology, rows in grouped.items():
        kind = [a for a in assets.values() if a.technology == technology and a.max_size > 0]
        if technology not in case.by_name["technologies"]:
            note(rows[0], f"technology {technology!r} is unknown", nearest(technology, case.by_name["technologies"]))
        if not kind:
            continue
        in_units = rows[0]["unit"] == "unit"
        if in_units and any(a.module is None for a in kind):
            note(rows[0], f"{technology!r} is not built in whole units", f"an amount in {kind[0].unit}")
        limit: dict[int, float] = {}
        for row in rows:
            if (row["unit"], row["growth"]) != (rows[0]["unit"], rows[0]["growth"]):
                note(row, f"the pace of {technology!r} is given in two ways", "one unit and one growth a technology")
            amount = row["value"] if in_units else convert(row, kind[0].unit) / kind[0].scale
            for y in horizon.years if row["year"] is None else [row["year"]]:
                if y in limit:
                    note(row, f"the pace of {technology!r} has two limits in {y}", "one limit a year")
                if y in horizon.years:
                    limit[y] = amount
        paces.append(Pace(technology, in_units, limit, rows[0]["growth"] or 0.0))
    return tuple(paces)
