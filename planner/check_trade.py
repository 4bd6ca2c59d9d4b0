"""Check of trade 购销检查: prices in steps, pledges, contracts and direct lines that would make no sense; one rule a function."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from planner import shapes
from planner.case import Case
from planner.errors import Finding
from planner.markets import Market
from planner.plant import Plant
from planner.tables import nearest
from planner.year import Year

ELECTRICITY = "electricity"


def sales_never_pay(case: Case, plant: Plant) -> Iterator[Finding]:
    """Over the year nothing is sold dearer than it is bought, or trading it would be free money; in steps a rule keeps them apart."""
    for sale, purchase in pairs(plant):
        worse = [y for y in plant.horizon.years if marginal(sale, y, max) > marginal(purchase, y, min)]
        if worse:
            yield Finding(
                f"{case.folder.name}/market_values.csv",
                f"{sale.name!r} pays more than {purchase.name!r} costs in {worse[0]}",
                "a lower price of sales",
            )


def pairs(plant: Plant) -> Iterator[tuple[Market, Market]]:
    """Every sale of what is traded by the year, with every purchase of the same."""
    for sale in plant.markets.values():
        if not sale.buys and sale.role != "storage_sink" and plant.carriers[sale.carrier] == "year":
            yield from ((sale, m) for m in plant.markets.values() if m.buys and m.carrier == sale.carrier)


def marginal(market: Market, y: int, best: Callable[[list[float]], float]) -> float:
    """The best price of a market in a year, over its steps."""
    return market.price.get(y, 0.0) + best([price.get(y, 0.0) for price, _ in market.tiers] or [0.0])


def prices_bend_the_right_way(case: Case, plant: Plant) -> Iterator[Finding]:
    """The price of purchases rises with the amount, that of sales falls, and only the last step is without end."""
    where = f"{case.folder.name}/market_values.csv"
    for market in plant.markets.values():
        sign = 1 if market.buys else -1
        for n, ((price, width), (after, _)) in enumerate(pairwise(market.tiers), start=1):
            wrong = [y for y in plant.horizon.years if sign * after.get(y, 0.0) < sign * price.get(y, 0.0)]
            if wrong:
                way = "falls below" if market.buys else "rises above"
                what = f"step {n + 1} of {market.name!r} {way} step {n} in {wrong[0]}"
                yield Finding(where, what, "prices that rise with what is bought and fall with what is sold")
            if any(y not in width for y in plant.horizon.years):
                yield Finding(where, f"step {n} of {market.name!r} has no end, so step {n + 1} is never reached", "a row `limit` of that tier")


def pledges_can_be_kept(case: Case, plant: Plant) -> Iterator[Finding]:
    """What is paid even if not taken is bought, has a price of its own, and by share only of what a contract's plant makes."""
    where = f"{case.folder.name}/market_values.csv"
    for market in plant.markets.values():
        if market.pledged and (not market.buys or market.tariffed):
            yield Finding(
                where,
                f"{market.name!r} is pledged and {'has the price of the grid' if market.buys else 'sells'}",
                "a purchase with a price of its own",
            )
        if market.take_share and not market.contract:
            yield Finding(where, f"{market.name!r} has a take_share and no contract", "an amount a year, `take`, or a row `contract`")
        if market.take_price and not market.pledged:
            yield Finding(where, f"{market.name!r} has a take_price and nothing is pledged", "a row `take` or `take_share`")
        for y in plant.horizon.years:
            if market.take.get(y, 0.0) > market.limit.get(y, float("inf")):
                yield Finding(where, f"{market.name!r} is pledged beyond its limit in {y}", "a `take` of at most the `limit`")
                break


def contracts_have_their_shape(case: Case, plant: Plant) -> Iterator[Finding]:
    """Green power is bought electricity; what is bought ahead has a shape and a size, and only it pays for delivery."""
    where, profiles = f"{case.folder.name}/markets.csv", shapes.names(case)
    for m in plant.markets.values():
        if m.role == "green_power" and (not m.buys or m.carrier != ELECTRICITY):
            yield Finding(
                where, f"market {m.name!r} has the role green_power and is no purchase of electricity", "direction buy, carrier electricity"
            )
        if m.contract and m.role != "green_power":
            yield Finding(where, f"market {m.name!r} has a contract and the role {m.role}", "role green_power")
        if bool(m.contract) != bool(m.profile):
            has, lacks = ("a contract", "profile") if m.contract else ("a profile", "contract")
            yield Finding(where, f"market {m.name!r} has {has} and no {lacks}", "both: a row `contract` in MW, and a profile such as wind")
        if m.profile and m.profile not in profiles:
            yield Finding(where, f"profile {m.profile!r} of {m.name!r} is unknown", nearest(m.profile, profiles))
        if m.delivery and not m.contract:
            yield Finding(where, f"market {m.name!r} pays for delivery and is no contract", "`delivery` of a contract only")
        if m.premium and not (m.role == "green_power" and m.tariffed):
            yield Finding(where, f"market {m.name!r} has a premium and not the price of the grid", "`premium` of green power without a contract only")
        if m.price and m.tariffed:
            yield Finding(where, f"market {m.name!r} has the price of the grid and one of its own", "a `premium`, or no price")


def lines_are_fed_by_plants(case: Case, plant: Plant) -> Iterator[Finding]:
    """A direct line is fed by plants that follow the hour and make electricity."""
    for name, line in plant.tie.lines.items():
        for a in (plant.assets[p] for p in line.plants if p in plant.assets):
            if a.kind != "converter" or a.operation != "flexible" or a.ratio.get(ELECTRICITY, 0.0) <= 0:
                yield Finding(
                    str(case.by_name["assets"][a.name]["where"]),
                    f"{a.name!r} on line {name!r} is a {a.operation} {a.kind}",
                    "a flexible converter that makes electricity",
                )


def check_connection(case: Case, plant: Plant, year: Year) -> Iterator[Finding]:
    """What only shows with the tariff: a way of billing that the zone has no charge for."""
    if "capacity" in plant.tie.billings and year.capacity_charge is None:
        where = f"{case.folder.name}/case.toml"
        yield Finding(
            where,
            "demand may be billed by the transformers, but the zone has no capacity charge",
            "rows `capacity` in provinces/tariffs.csv, or metered",
        )


def amounts_can_be_kept(case: Case, plant: Plant) -> Iterator[Finding]:
    """A smallest amount is within the limit; free allowances and exports are told of an output that is given, not decided."""
    where = f"{case.folder.name}/market_values.csv"
    for market in plant.markets.values():
        worse = [y for y, least in market.least.items() if least > market.limit.get(y, float("inf")) * (1 + 1e-9)]
        if worse:
            yield Finding(where, f"{market.name!r} must trade more than its limit in {worse[0]}", "a `minimum` of at most the `limit`")
        if market.role == "certificate" and market.least:
            yield Finding(where, f"{market.name!r} sells proof and has a minimum", "`minimum` of goods only")
        if market.carrier == plant.product and not market.buys and (plant.market or plant.border):
            what = f"{market.name!r} sells the product beside what is delivered, and the carbon market goes by the delivered amount"
            yield Finding(f"{case.folder.name}/markets.csv", what, "the product in demands.csv alone, or no rows in carbon_market.csv")


RULES = (amounts_can_be_kept, sales_never_pay, prices_bend_the_right_way, pledges_can_be_kept, contracts_have_their_shape, lines_are_fed_by_plants)
