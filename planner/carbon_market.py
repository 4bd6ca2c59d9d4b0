"""Carbon market 碳市场: what a case says of the national market and of a border, resolved.

Canonical: kt, MCNY/kt. A scheme is used when its table says a price; a national market only for a sector it covers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.case import Case
from planner.connection import Reader
from planner.tables import Row

THOUSAND, MILLION = 1e3, 1e6
ByYear = Mapping[int, float]
PER_CNY = THOUSAND / MILLION  # CNY/t in MCNY/kt


@dataclass(frozen=True)
class Market:
    """The national market by year: price and credit price MCNY/kt, credit limit (share of the emissions), allowances given for free, kt."""

    price: ByYear
    free: ByYear
    credit_price: ByYear = field(default_factory=dict)
    credit_limit: ByYear = field(default_factory=dict)

    def gain(self, year: int) -> float:
        """MCNY per kt emitted that credits save: none where they are dearer."""
        return max(self.price.get(year, 0.0) - self.credit_price.get(year, self.price.get(year, 0.0)), 0.0) * self.credit_limit.get(year, 0.0)


@dataclass(frozen=True)
class Border:
    """A border by year: price after deduction MCNY/kt; exported and delivered thousand units; free t per unit (factor x benchmark); default
    t per unit with its mark-up, in the years that use default values."""

    price: ByYear
    exported: ByYear
    delivered: ByYear
    free: ByYear
    default: ByYear

    def fixed(self, year: int) -> float:
        """kt owed by default values: no plan changes them."""
        return max(self.default[year] - self.free.get(year, 0.0), 0.0) * self.exported.get(year, 0.0) if year in self.default else 0.0


def covered(case: Case) -> bool:
    """Whether the national market covers the plant: what the case says, else its sector."""
    said = case.settings.get("account.national_market")
    sectors = {s["sector"]: s["market"] for s in case.tables["sectors"]}
    return bool(said == "covered" if said else sectors.get(case.settings.get("sector", ""), "no") == "yes")


def resolve(r: Reader, demand: Mapping[tuple[str, int], float]) -> tuple[Market | None, Border | None]:
    """Both schemes of a case; None for one it says nothing of."""
    rows: dict[str, dict[str, list[Row]]] = {}
    for row in r.case.tables["carbon_market"]:
        rows.setdefault(row["scheme"], {}).setdefault(row["parameter"], []).append(row)
    carrier = str(r.case["product.carrier"])
    made = {y: v for (c, y), v in demand.items() if c == carrier}
    if rows and not made:
        r.note(
            r.case.tables["carbon_market"][0],
            "the carbon market needs the delivered product",
            "product.carrier in case.toml, a carrier of demands.csv",
        )
    unit = str(r.carriers[carrier]["unit"]) if carrier in r.carriers else "t"
    return _market(r, rows.get("national", {}), made, unit), _border(r, rows.get("border", {}), made, unit)


def _market(r: Reader, rows: dict[str, list[Row]], made: ByYear, unit: str) -> Market | None:
    if not rows:
        return None
    first = next(iter(rows.values()))[0]
    if r.case.settings.get("account.national_market") == "outside":
        r.note(first, "the national market does not cover this plant", "account.national_market=covered, or no rows of the scheme national")
    elif not covered(r.case):
        r.note(
            first, f"the national market does not cover the sector {r.case.settings.get('sector') or '(none)'!r}", "no rows of the scheme national"
        )
    of = {
        p: r.by_year(rows.get(p, []), "CNY/t" if "price" in p else "share")
        for p in ("price", "credit_price", "credit_limit", "grandfathering", "tightening")
    }
    benchmark = r.by_year(rows.get("benchmark", []), f"t/{unit}")
    if not of["price"]:
        r.note(first, "the national market has no price", "a row `price`")
    if bool(benchmark) == bool(of["grandfathering"]):
        r.note(first, "free allowances go by a benchmark or by grandfathering", "rows of one of the two")
    base = r.case.settings.get("base_year.direct")
    least = max(r.by_year(rows.get("threshold", []), "t/year").values(), default=0.0)
    if base is not None and 0 < base < least:
        r.note(
            rows["threshold"][0], f"the plant lets out {base:,.0f} t a year, and the national market covers plants from {least:,.0f} t on",
            "no rows of the scheme national",
        )  # fmt: skip
    if of["grandfathering"] and not base:
        r.note(first, "grandfathering needs the base year's direct emissions", "base_year.direct in case.toml, in t")
    kept = {y: 1.0 - of["tightening"].get(y, 0.0) for y in r.horizon.years}
    if benchmark:
        free = {y: benchmark[y] * made.get(y, 0.0) * kept[y] for y in benchmark}
    else:
        free = {y: share * float(base or 0.0) / THOUSAND * kept[y] for y, share in of["grandfathering"].items()}
    money = {p: {y: v * PER_CNY for y, v in of[p].items()} for p in ("price", "credit_price")}
    return Market(money["price"], free, money["credit_price"], of["credit_limit"])


def _border(r: Reader, rows: dict[str, list[Row]], made: ByYear, unit: str) -> Border | None:
    if not rows:
        return None
    first = next(iter(rows.values()))[0]
    missing = [p for p in ("price", "factor", "benchmark", "exports") if p not in rows]
    if missing:
        r.note(first, f"the border has no {', '.join(missing)}", "a row of each")
        return None
    price, deduction = r.by_year(rows["price"], "CNY/t"), r.by_year(rows.get("deduction", []), "CNY/t")
    factor, cscf = r.by_year(rows["factor"], "share"), r.by_year(rows.get("correction", []), "share")
    benchmark = r.by_year(rows["benchmark"], f"t/{unit}")
    default, mark_up = r.by_year(rows.get("default", []), f"t/{unit}"), r.by_year(rows.get("mark_up", []), "share")
    exported = {y: v / THOUSAND for y, v in r.by_year(rows["exports"], f"{unit}/year").items()}
    if any(v > made.get(y, 0.0) + 1e-9 for y, v in exported.items()):
        r.note(rows["exports"][0], "more is exported than is delivered", f"at most {min(made.values(), default=0.0) * THOUSAND:g} {unit}")
    return Border(
        price={y: max(v - deduction.get(y, 0.0), 0.0) * PER_CNY for y, v in price.items()}, exported=exported, delivered=made,
        free={y: f * cscf.get(y, 1.0) * benchmark[y] for y, f in factor.items()}, default={y: v * (1 + mark_up.get(y, 0.0)) for y, v in default.items()},
    )  # fmt: skip
