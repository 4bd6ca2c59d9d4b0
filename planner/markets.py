"""Markets 市场: what a case buys and sells, resolved - prices, steps of price, limits, pledges and contracts.

Canonical: MCNY per thousand units without VAT, thousand units a year, MW.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.connection import Reader
from planner.tables import Row

THOUSAND = 1e3
ByYear = Mapping[int, float]


@dataclass(frozen=True)
class Market:
    """What is bought or sold: price MCNY per thousand units by year, limit in thousand units a year.

    premium: on top of the tariff, where it has the grid's price; tiers: (price on top, width or nothing where it does not
    end) by year, in their order; least: thousand units a year that must be traded; take: thousand units a year paid even if not taken; profile, contract: the shape and the
    largest size (MW) of what is bought ahead, take_share: share of it paid even if not taken, take_price:
    MCNY per thousand units that are pledged and not taken (nothing: as if taken), delivery: MCNY per thousand
    units that passing it on costs, beside the network's price.
    """

    name: str
    carrier: str
    buys: bool
    role: str
    price: ByYear
    limit: ByYear
    premium: ByYear = field(default_factory=dict)
    tiers: tuple[tuple[ByYear, ByYear], ...] = ()
    take: ByYear = field(default_factory=dict)
    profile: str | None = None
    contract: ByYear = field(default_factory=dict)
    take_share: float = 0.0
    take_price: ByYear = field(default_factory=dict)
    delivery: ByYear = field(default_factory=dict)
    least: ByYear = field(default_factory=dict)

    @property
    def tariffed(self) -> bool:
        """Whether its price is the grid's tariff, with or without a premium."""
        return self.role == "grid" or (self.role == "green_power" and not self.contract)

    @property
    def pledged(self) -> bool:
        """Whether some of it is paid even if not taken."""
        return bool(self.take or self.take_share)


def resolve(r: Reader) -> dict[str, Market]:
    """The markets of a case with their prices; a value may be taken from the province, a limit may hold in one province only."""
    found: dict[tuple[str, str, float | None], list[Row]] = {}
    for row in r.case.tables["market_values"]:
        if r.known(row, "market", r.case.by_name["markets"]):
            key = row["market"], row["parameter"], row["tier"]
            found.setdefault(key, []).extend(r.of_province(row) if row["province_parameter"] else [row])
    return {
        row["market"]: _market(r, row, {k[1:]: rows for k, rows in found.items() if k[0] == row["market"]})
        for row in r.case.tables["markets"]
        if r.known(row, "carrier", r.carriers) and row["allowed"] == "yes"
    }


def _market(r: Reader, row: Row, found: dict[tuple[str, float | None], list[Row]]) -> Market:
    unit = r.carriers[row["carrier"]]["unit"]

    def values(parameter: str, target: str, tier: float | None = None) -> dict[int, float]:
        rows = found.get((parameter, tier), [])
        return {y: v / THOUSAND for y, v in r.by_year(rows, target).items()}

    def limits(parameter: str, target: str, tier: float | None = None) -> dict[int, float]:
        """Amounts of this province; nothing where they are given for others only."""
        rows = found.get((parameter, tier), [])
        here = r.here(rows)
        if rows and not here:
            r.elsewhere.append(row["market"])
            return dict.fromkeys(r.horizon.years, 0.0)
        return {y: v / THOUSAND for y, v in r.by_year(here, target).items()}

    steps = sorted({t for _, t in found if t is not None})
    sign = -1.0 if row["role"] == "storage_sink" else 1.0  # what is handed over for storage is paid for, not sold
    tiers = tuple(({y: sign * v for y, v in values("price", f"CNY/{unit}", t).items()}, limits("limit", f"{unit}/year", t)) for t in steps)
    share = found.get(("take_share", None), [])
    market = Market(
        name=row["market"], carrier=row["carrier"], buys=row["direction"] == "buy", role=row["role"],
        price={y: sign * v for y, v in values("price", f"CNY/{unit}").items()}, limit=limits("limit", f"{unit}/year"), premium=values("premium", f"CNY/{unit}"),
        tiers=tiers, take=limits("take", f"{unit}/year"), profile=row["profile"], contract=limits("contract", "kW"),
        take_share=r.single(share, "share") if share else 0.0, take_price=values("take_price", f"CNY/{unit}"), delivery=values("delivery", f"CNY/{unit}"),
        least=limits("minimum", f"{unit}/year"),
    )  # fmt: skip
    if not market.price and not tiers and not market.tariffed:
        r.note(row, "the market has no price", "a row `price` in market_values.csv")
    for t, (price, _) in zip(steps, tiers, strict=True):
        if not price:
            r.note(row, f"step {t:g} of the market's price has no price", "a row `price` of that tier in market_values.csv")
    return market
