"""Levers 参数: the numbers of a case that a page offers to move, with range, unit, default and source from the data.

The kinds of levers stand in ``data/levers.csv``; which of them a case has follows from its own tables. A lever says what
a value means as changes of the case - the same (key, value) texts as ``--set`` - and nothing else knows.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from planner.case import KEYS, Case
from planner.desk.capacity import capacity_of
from planner.desk.sets import fitting
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.language import LANGUAGES, say
from planner.tables import Row, read_table

Value = float | str
Changes = tuple[tuple[str, str], ...]
GROUPS = ("caps", "output", "place", "prices", "technologies", "money")
FLOORS = {"green_share": "green_floor", "physical_share": "physical_floor"}  # what a target measures -> the kind of lever on its share
SETS = {"targets": ("caps", "offsets"), "scheme": ("carbon_market",)}  # levers that choose a named set -> tables of the case whose place it takes
OWN_SET = "own"  # their value where nothing is replaced
CLOSED, ADOPTED = "closed", "adopted"  # the two lists an option may stand in, one at a time
BURNT = ("fuel", "hydrogen", "certificate", "waste")  # groups of carriers whose prices stand first


@dataclass(frozen=True)
class Lever:
    """One thing to move. code: its name in a link; keys: what it changes in the case, with the number standing there.

    default, low, high, step are as the page shows them; ``per`` is what one on the page is in the case (0.01 for
    percent); choices: the words of a choice, with their labels; main: shown without being asked for.
    """

    code: str
    kind: str
    group: str
    labels: Mapping[str, str]
    keys: tuple[tuple[str, float], ...]
    default: Value
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    per: float = 1.0
    unit: str = ""
    choices: Mapping[str, Mapping[str, str]] | None = None
    year: int | None = None
    source: str = ""
    confidence: str = ""
    main: bool = True

    def text(self, value: Value) -> str:
        """The value as a link says it."""
        return value if isinstance(value, str) else f"{value * self.per:.9g}"

    def value(self, text: str) -> Value:
        """The value on the page, held within the range. Raises ValueError for what is no value at all."""
        if self.choices is not None:
            if text not in self.choices:
                raise ValueError(text)
            return text
        number = float(text) / self.per
        if not math.isfinite(number):
            raise ValueError(text)
        return round(min(max(number, self.low), self.high), 6)

    def changes(self, value: Value) -> Changes:
        """What the value changes in the case."""
        return tuple((key, self.text(value)) for key, _ in self.keys)

    def joined(self, key: str, before: str, text: str) -> str:
        """What becomes of a number of which another lever has said ``before``, and this one says ``text``."""
        return text


@dataclass(frozen=True)
class Level(Lever):
    """Multiplies every number it is about.

    of: the unit of those numbers; most: what of a product the equipment that stands makes in a year, in it; 0 where that is no question.
    """

    of: str = ""
    most: float = 0.0

    def changes(self, value: Value) -> Changes:
        """Each number times the level."""
        return tuple((key, f"{base * float(value) * self.per:.9g}") for key, base in self.keys)

    def joined(self, key: str, before: str, text: str) -> str:
        """Both multiply."""
        return f"{float(before) * float(text) / dict(self.keys)[key]:.9g}" if float(text) else text


@dataclass(frozen=True)
class Utilisation(Level):
    """Output of all years in proportion; the default is rounded and stands for the case's own numbers."""

    def changes(self, value: Value) -> Changes:
        """What is delivered each year; nothing at the default."""
        return () if value == self.default else super().changes(value)


@dataclass(frozen=True)
class Named(Lever):
    """Puts a named set in the place of what the case says."""

    def changes(self, value: Value) -> Changes:
        """The set, but nothing for the case's own."""
        return () if value == OWN_SET else (("targets", str(value)),)


@dataclass(frozen=True)
class Decline(Lever):
    """Lets numbers of successive years fall faster, from the first on."""

    def changes(self, value: Value) -> Changes:
        """The n-th year's number times (1 - rate) to the power n."""
        return tuple((key, f"{base * (1 - float(value) * self.per) ** n:.9g}") for n, (key, base) in enumerate(self.keys))


@dataclass(frozen=True)
class Names(Lever):
    """Some of the choices, as one text: their names in order, with commas between; ``word``: what ``allowed`` says of them."""

    word: str = "no"

    def value(self, text: str) -> Value:
        """Names that are choices, each once. Raises ValueError for any other."""
        names = [n for n in text.split(",") if n]
        if unknown := [n for n in names if n not in (self.choices or {})]:
            raise ValueError(unknown[0])
        return ",".join(n for n in self.choices or {} if n in names)

    def changes(self, value: Value) -> Changes:
        """Each asset named may not, or must, be chosen; one that was not named any more may."""
        now, before = (str(v).split(",") for v in (value, self.default))
        named = [(f"assets.{name}.allowed", self.word) for name in now if name and name not in before]
        return (*named, *((f"assets.{name}.allowed", "yes") for name in before if name and name not in now))

    def joined(self, key: str, before: str, text: str) -> str:
        """A list that lets an option go leaves it to the one that names it."""
        return before if text == "yes" else text


def levers_of(case: Case) -> tuple[Lever, ...]:
    """The levers of a case, group by group."""
    found = [
        *_sets(case), *_caps(case), *_output(case), *_place(case), *_carbon_price(case), *_electricity(case), *_prices(case), *_technologies(case), *_money(case),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda lever: GROUPS.index(lever.group)))


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Row]:
    """The kinds of levers by name. Raises CaseError where their table is wrong."""
    findings: list[Finding] = []
    rows = read_table("levers", [DATA / "levers.csv"], findings)
    if findings:
        raise CaseError(findings)
    return {row["lever"]: row for row in rows}


# -- which levers a case has -----------------------------------------------------------------------------------------


def _sets(case: Case) -> Iterator[Lever]:
    """Named sets of targets, and markets and borders, that a case has the numbers for."""
    for kind, tables in SETS.items():
        known = {p.name: {c: getattr(p, c) for c in LANGUAGES} for p in fitting(case) if any(t in p.brings for t in tables)}
        if known:
            yield Named(
                **_common(kinds()[kind], kind), keys=(), default=OWN_SET, choices={OWN_SET: {c: say("side.own_set", c) for c in LANGUAGES}} | known
            )


def _caps(case: Case) -> Iterator[Lever]:
    """The shares of the first cap on the site's emissions by year, the view in which it counts electricity, and least shares of green power."""
    base = case.settings.get("base_year.emissions")
    first = next((row["cap"] for row in case.tables["caps"] if (row["measure"], row["per"]) == ("emissions", "site")), None)
    rows = [row for row in case.tables["caps"] if row["cap"] == first and row["year"] in _years(case)]
    for row in rows:
        if base and row["share"] is not None:
            yield _number(kinds()["cap"], f"caps.{first}.{row['year']}.share", row["share"], year=row["year"])
    if rows:
        words = {v: {code: say(f"view.{v}", code) for code in LANGUAGES} for v in ("location", "market")}
        yield _choice(kinds()["view"], f"caps.{first}.view", str(rows[0]["view"]), words)
    for row in case.tables["caps"]:
        if row["measure"] in FLOORS and row["year"] in _years(case) and row["share"] is not None:
            yield _number(kinds()[FLOORS[row["measure"]]], f"caps.{row['cap']}.{row['year']}.share", row["share"], year=row["year"])


def _output(case: Case) -> Iterator[Lever]:
    """How much of each product must be delivered: by year, and all years together as the utilisation of what makes it today."""
    carriers, made = case.by_name["carriers"], dict[str, list[tuple[int, Row]]]()
    for row in case.tables["demands"]:
        if carriers.get(row["carrier"], {}).get("group") == "product":
            made.setdefault(row["carrier"], []).extend((year, row) for year in (_years(case) if row["year"] is None else (row["year"],)))
    for carrier, rows in made.items():
        names, most, of = _names(carriers[carrier], carrier), max(row["value"] for _, row in rows), rows[0][1]
        capacity = capacity_of(case, carrier, of["unit"]) if most > 0 and len({row["unit"] for _, row in rows}) == 1 else 0.0
        if capacity:
            keys = [(f"demands.{carrier}.{year}.value", row["value"] * capacity / most) for year, row in rows]
            yield _utilisation(carrier, keys, names, of, most / capacity)
        for year, row in rows:
            key = f"demands.{carrier}.{year}.value"
            yield replace(_level(kinds()["output"], key, ((key, row["value"]),), names, row, year=year), most=capacity)


def _utilisation(carrier: str, keys: Sequence[tuple[str, float]], names: Mapping[str, str], of: Row, now: float) -> Utilisation:
    """The output of all years in proportion; at 100 % the fullest year takes all that today's equipment makes."""
    row = kinds()["utilisation"]
    default = round(now / row["per"], 1)
    said: dict[str, Any] = {
        "source": of["source"] or "",
        "confidence": of["confidence"] or "",
        "of": of["unit"],
        "most": max(base for _, base in keys),
    }
    return Utilisation(**_common(row, f"utilisation.{carrier}", names), keys=tuple(keys), default=default, **_range(row, default), **said)


def _place(case: Case) -> Iterator[Lever]:
    """When decisions may begin, where the site stands, and how its grid gets cleaner."""
    years = _years(case)
    yield _number(kinds()["decide_from"], "horizon.decide_from", float(case["horizon.decide_from"]), low=years[0], high=years[-1])
    yield _choice(kinds()["province"], "site.province", str(case["site.province"]), _provinces(case))
    rows = {r["year"]: r for r in case.tables["province_values"] if (r["province"], r["parameter"]) == (case["site.province"], "grid_factor")}
    keys = tuple((name_of("province_values", rows[y]), rows[y]["value"]) for y in years if y in rows)
    if keys and not case["site.grid_factor"]:
        row = kinds()["grid_outlook"]
        last = rows[max(y for y in years if y in rows)]
        said: dict[str, Any] = {"source": last["source"], "confidence": last["confidence"]}
        yield Decline(**_common(row, "grid_outlook"), keys=keys, default=0.0, **_range(row), **said)


def _carbon_price(case: Case) -> Iterator[Lever]:
    """The internal price, and the level of the price of each market or border the case is in."""
    for scheme in ("national", "border"):
        if rows := [r for r in case.tables["carbon_market"] if (r["scheme"], r["parameter"]) == (scheme, "price")]:
            keys = tuple((name_of("carbon_market", r), r["value"]) for r in rows)
            yield _level(kinds()["scheme_price"], f"scheme_price.{scheme}", keys, {c: say(f"side.{scheme}", c) for c in LANGUAGES}, rows[0])
    yield _number(kinds()["carbon_price"], "finance.carbon_price", float(case["finance.carbon_price"]))


def _electricity(case: Case) -> Iterator[Lever]:
    """The level of the zone's energy prices, all bands together."""
    rows = [r for r in case.tables["tariffs"] if (r["zone"], r["item"]) == (case["site.zone"] or _zone(case), "energy")]
    if rows and any(row["role"] == "grid" for row in case.tables["markets"]):
        yield _level(kinds()["electricity_price"], "electricity_price", tuple((name_of("tariffs", r), r["value"]) for r in rows), {}, rows[0])


def _prices(case: Case) -> Iterator[Lever]:
    """The price of everything bought: one number where one stands there, else the level of all its years."""
    for name, market in case.by_name["markets"].items():
        carrier = case.by_name["carriers"].get(market["carrier"], {})
        rows = [
            r
            for r in case.tables["market_values"]
            if (r["market"], r["parameter"]) == (name, "price") and r["province"] in (None, case["site.province"])
        ]
        table = "market_values"
        if rows and rows[0]["province_parameter"]:
            table, rows = "province_values", _of_province(case, rows[0])
        if rows and market["direction"] == "buy" and market["role"] != "grid":
            yield _price(f"market_values.{name}.price", table, rows, _names(market, name, carrier), carrier.get("group") in BURNT)


def _price(key: str, table: str, rows: Sequence[Row], names: Mapping[str, str], main: bool) -> Lever:
    """One number that can be replaced under ``key``, or the level of several rows of ``table``."""
    row, first = kinds()["market_price"], rows[0]
    values = {r["value"] for r in rows}
    if len(values) > 1 or not all(value is not None and value > 0 for value in values):
        keys = tuple((name_of(table, r), r["value"]) for r in rows)
        return _level(kinds()["price_level"], key, keys, names, first, main=main)
    value = values.pop()
    step = _nice(value / 100)
    low, high = (round(value + round(value * (edge - 1) / step) * step, 9) for edge in (row["low"], row["high"]))
    said: dict[str, Any] = {"source": first["source"] or "", "confidence": first["confidence"] or "", "main": main}
    return Lever(**_common(row, key, names), keys=((key, value),), default=value, low=low, high=high, step=step, unit=first["unit"], **said)


def _technologies(case: Case) -> Iterator[Lever]:
    """What may not and what must be chosen, and the level of each option's investment."""
    options = [r for r in case.tables["assets"] if r["status"] == "candidate"]
    labels = {r["asset"]: {code: case.label(r["asset"], code) for code in LANGUAGES} for r in options}
    for kind, word in (("closed", "no"), ("adopted", "must")) if options else ():
        named = ",".join(r["asset"] for r in options if r["allowed"] == word)
        yield Names(**_common(kinds()[kind], kind), keys=(), default=named, choices=labels, word=word)
    for technology in dict.fromkeys(r["technology"] for r in options):
        if rows := numbers_of(case, technology, "investment"):
            names = _names(case.by_name["technologies"][technology], technology)
            keys = tuple((name_of(table, r), r["value"]) for table, r in rows)
            yield _level(kinds()["investment"], f"investment.{technology}", keys, names, rows[0][1], main=False)


def numbers_of(case: Case, technology: str, parameter: str) -> list[tuple[str, Row]]:
    """The rows (table, row) that say a parameter of a technology's options: the catalogue's, and those that replace them for one asset."""
    assets = {r["asset"] for r in case.tables["assets"] if r["technology"] == technology and r["status"] == "candidate"}
    shared = [r for r in case.tables["technology_values"] if (r["technology"], r["parameter"]) == (technology, parameter)]
    own = [r for r in case.tables["overrides"] if r["asset"] in assets and r["parameter"] == parameter]
    return [*(("technology_values", r) for r in shared), *(("overrides", r) for r in own)]


def _money(case: Case) -> Iterator[Lever]:
    """The discount rate, and the level of each budget."""
    for name in dict.fromkeys(row["budget"] for row in case.tables["budgets"]):
        rows = [row for row in case.tables["budgets"] if row["budget"] == name]
        keys = tuple((name_of("budgets", row), row["value"]) for row in rows)
        yield _level(kinds()["budget"], f"budget.{name}", keys, _names({}, name), rows[0])
    yield _number(kinds()["discount_rate"], "finance.discount_rate", float(case["finance.discount_rate"]))


# -- how one is made -------------------------------------------------------------------------------------------------


def _common(row: Row, code: str, names: Mapping[str, str] | None = None, year: int | None = None) -> dict[str, Any]:
    """What all levers have: code, kind, group, labels."""
    labels = {c: str(row[c]).format(year=year, name=(names or {}).get(c, "")) for c in LANGUAGES}
    return {"code": code, "kind": row["lever"], "group": row["group"], "labels": labels, "year": year}


def _range(row: Row, default: float = 0.0) -> dict[str, Any]:
    """Range, step and unit as the page shows them; the case's own value is always inside."""
    per = row["per"]
    low, high = (round(row[edge] / per, 6) for edge in ("low", "high"))
    return {"low": min(low, default), "high": max(high, default), "step": round(row["step"] / per, 6), "per": per, "unit": row["unit"] or ""}


def _number(row: Row, key: str, value: float, *, year: int | None = None, low: float | None = None, high: float | None = None) -> Lever:
    """A lever on one number that stands in the case."""
    row = row | {k: v for k, v in (("low", low), ("high", high)) if v is not None}
    default = round(value / row["per"], 6)
    return Lever(**_common(row, key, year=year), keys=((key, value),), default=default, **_range(row, default))


def _level(
    row: Row, code: str, keys: tuple[tuple[str, float], ...], names: Mapping[str, str], of: Row, *, year: int | None = None, main: bool = True
) -> Level:
    """A lever that multiplies; 100 % is the case as it is."""
    said: dict[str, Any] = {"source": of["source"] or "", "confidence": of["confidence"] or "", "main": main, "of": of["unit"] or ""}
    whole = round(1 / row["per"], 6)
    return Level(**_common(row, code, names, year), keys=keys, default=whole, **_range(row, whole), **said)


def _choice(row: Row, key: str, value: str, choices: Mapping[str, Mapping[str, str]]) -> Lever:
    return Lever(**_common(row, key), keys=((key, 0.0),), default=value, choices=choices)


def name_of(table: str, row: Row, column: str = "value") -> str:
    """How a change names a number of a row."""
    named = (row[k] for k in KEYS[table] if row[k] is not None)
    return ".".join([table, *(f"{k:g}" if isinstance(k, float) else str(k) for k in named), column])


def _years(case: Case) -> range:
    return range(case["horizon.first_year"], case["horizon.last_year"] + 1)


def _names(row: Mapping[str, object], code: str, other: Mapping[str, object] | None = None) -> dict[str, str]:
    """The names of a thing in both languages: its own, else those of what it is about, else its code."""
    return {c: str(row.get(c) or (other or {}).get(c) or code.replace("_", " ")) for c in LANGUAGES}


def _nice(step: float) -> float:
    """The next step of 1, 2, 5, 10, 20, ... from below."""
    size = 10.0 ** math.floor(math.log10(step))
    return float(max(n for n in (1, 2, 5) if n * size <= step * (1 + 1e-9)) * size)


def _of_province(case: Case, row: Row) -> list[Row]:
    """The province's own values of a parameter, else the country's."""
    rows = [r for r in case.tables["province_values"] if r["parameter"] == row["province_parameter"]]
    return [r for r in rows if r["province"] == case["site.province"]] or [r for r in rows if r["province"] == "china"]


def _provinces(case: Case) -> Mapping[str, Mapping[str, str]]:
    """Provinces that can be chosen: those whose price zone has a tariff."""
    priced = {r["zone"] for r in case.tables["tariffs"]}
    return {r["province"]: _names(r, r["province"]) for r in case.tables["provinces"] if r["zone"] in priced}


def _zone(case: Case) -> str:
    return str(case.by_name["provinces"].get(case["site.province"], {}).get("zone", ""))
