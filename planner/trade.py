"""Trade 购销: markets, contracts, the demand charge and green power as numbers of the mathematics."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from planner import backup
from planner.calendar import MONTH_OF_DAY, TypicalDays
from planner.connection import DemandRule
from planner.markets import Market
from planner.plant import THOUSAND, Asset, Plant
from planner.year import Year, shape_of

Array = npt.NDArray[np.float64]
ELECTRICITY = "electricity"


def inputs(plant: Plant, year: Year) -> dict[str, Any]:
    """The fields of Inputs that say what is traded, at what price, and by which rules."""
    return _markets(plant, year) | _one_way(plant, year) | _contracts(plant, year) | _demand(plant, year) | _green(plant, year)


def of_step(market: Market, year: Year, y: int) -> Array:
    """(steps,): price of a market traded in steps that is paid by the step, MCNY per thousand units.

    The tariff for what has the grid's price, with its premium; the network and delivery for a contract, whose power is
    paid by the year; else the price of the year.
    """
    ones = np.ones(len(year.days.steps))
    if market.tariffed:
        return np.asarray(year.days.profiles["price"] + market.premium.get(y, 0.0) * ones)
    if market.contract:
        return (year.network + market.delivery.get(y, 0.0)) * ones
    return market.price.get(y, 0.0) * ones


def by_year(market: Market, hourly: bool) -> bool:
    """Whether a price is paid on the amount of the year: of what is balanced over the year, and of contracts."""
    return bool(market.price) and not market.tariffed and (not hourly or bool(market.contract))


# Markets --------------------------------------------------------------------------------------------------------


def _markets(plant: Plant, year: Year) -> dict[str, Any]:
    markets, years, steps = plant.markets, plant.horizon.years, year.days.steps
    hourly = {k: m for k, m in markets.items() if plant.carriers[m.carrier] == "step"}
    power = [(k, m.buys) for k, m in hourly.items() if m.carrier == ELECTRICITY]
    fence = {way: names for way, buys in (("purchases", True), ("sales", False)) if (names := tuple(k for k, b in power if b == buys))}
    carries = {"purchases": plant.connection, "sales": plant.tie.export_limit or plant.connection}
    tiers = {(k, f"step {n}"): tier for k, m in markets.items() for n, tier in enumerate(m.tiers, start=1)}
    return {
        "markets": {k: m.carrier for k, m in markets.items()},
        "buys": tuple(k for k, m in markets.items() if m.buys),
        "sells": tuple(k for k, m in markets.items() if not m.buys),
        "grid": tuple(k for k, m in markets.items() if m.role in ("grid", "green_power")),
        "bundled": tuple(k for k, m in markets.items() if m.role == "green_power"),
        "certificates": (proofs := tuple(k for k, m in markets.items() if m.role == "certificate")),
        "certificate_ceiling": dict.fromkeys(years if proofs and plant.certificate_ceiling < 1 else (), plant.certificate_ceiling),
        "heat": tuple(k for k, m in markets.items() if m.buys and plant.groups.get(m.carrier) == "heat"),
        "price": {(k, y): m.price[y] for k, m in markets.items() if by_year(m, k in hourly) for y in years},
        "step_price": {(k, y, s): float(v) for k, m in hourly.items() for y in years for s, v in zip(steps, of_step(m, year, y), strict=True)},
        "market_limit": {(k, y): v for k, m in markets.items() for y, v in m.limit.items() if y in years},
        "tier_price": {(k, j, y): price[y] for (k, j), (price, _) in tiers.items() for y in years},
        "tier_width": {(k, j, y): width[y] for (k, j), (_, width) in tiers.items() for y in years if y in width},
        "market_least": {(k, y): v for k, m in markets.items() for y, v in m.least.items() if y in years and v > 0},
        "take": {(k, y): v for k, m in markets.items() for y, v in m.take.items() if y in years and v > 0},
        "take_price": {(k, y): untaken(m, y) for k, m in markets.items() if m.pledged for y in years},
        "fence": {way: names for way, names in fence.items() if carries[way]},
        "connection": {
            (way, s): carries[way] * float(v) for way in fence if carries[way] for s, v in zip(steps, backup.tied(plant, year.days), strict=True)
        },
    }


def _one_way(plant: Plant, year: Year) -> dict[str, Any]:
    """Steps in which some sale pays at least what the cheapest purchase costs there; of such years, the most that can be of use each way."""
    years, steps = plant.horizon.years, year.days.steps
    dear, bounds = list[tuple[str, int, str]](), dict[tuple[str, int, str], tuple[float, float]]()
    for c in dict.fromkeys(m.carrier for m in plant.markets.values() if not m.buys and plant.carriers[m.carrier] == "step"):
        purchases = [m for m in plant.markets.values() if m.carrier == c and m.buys]
        sales = [m for m in plant.markets.values() if m.carrier == c and not m.buys]
        for y in years if purchases else ():
            pays = np.max([of_step(m, year, y) + _on_top(m, y, max) for m in sales], axis=0)
            costs = np.min([of_step(m, year, y) + _on_top(m, y, min) for m in purchases], axis=0)
            used, made = most(plant, year, c, y, -1), most(plant, year, c, y, 1)
            if c == ELECTRICITY and plant.connection:
                used = np.minimum(used, plant.connection)
            if c == ELECTRICITY and (carries := plant.tie.export_limit or plant.connection):
                made = np.minimum(made, carries)
            here = [(c, y, steps[n]) for n in np.flatnonzero(pays >= costs)]
            dear += here
            bounds |= {(c, y, s): (float(u), float(v)) for s, u, v in zip(steps, used, made, strict=True) if here}
    return {"one_way": tuple(dear), "most_bought": {q: v for q, (v, _) in bounds.items()}, "most_sold": {q: v for q, (_, v) in bounds.items()}}


def untaken(market: Market, y: int) -> float:
    """What a thousand units that are pledged and not taken cost, MCNY: their own price, else as if they were taken."""
    if market.take_price:
        return market.take_price[y]
    return market.price[y] if market.price else market.tiers[0][0][y]


def _on_top(market: Market, y: int, best: Any) -> float:
    """What one unit more adds to the price of the step, at best: a step of price, or the price of a contract; less what a pledge costs anyway."""
    added = best([price[y] for price, _ in market.tiers], default=0.0)
    by_amount = market.price.get(y, 0.0) if market.contract else 0.0
    return float(added + by_amount - (untaken(market, y) if market.pledged else 0.0))  # what is paid anyway costs no more than the rest


def most(plant: Plant, year: Year, carrier: str, y: int, sign: int, stores: bool = True) -> Array:
    """(steps,): the most of a carrier that all assets together can make (sign 1) or use (-1) in a step, unit/h."""
    days = year.days
    total = np.zeros(len(days.steps))
    if sign < 0:
        amount = plant.demand.get((carrier, y), 0.0)
        shape = shape_of(plant.demand_profile.get(carrier), days.profiles) * np.ones(len(days.steps))
        total += amount * shape / float((shape * kilohours(days)).sum())
    for a in plant.assets.values():
        per = max(sign * a.ratio.get(carrier, 0.0), 0.0) * (1.0 + a.shiftable.get(carrier, 0.0))  # what waited comes on top
        reach = a.size + a.max_size
        if a.kind == "store" and carrier in a.ratio:
            powers = plant.powers.get(a.name)
            power = sum(plant.assets[p].size + plant.assets[p].max_size for p in powers) if powers else reach / a.duration
            total += power if stores else 0.0
        elif per and a.kind == "measure":
            total += (
                per
                * np.max([_hourly(plant.assets[h], days, plant.assets[h].size + plant.assets[h].max_size) for h in a.hosts], axis=0)
                * len(a.hosts)
            )
        elif per:
            total += per * (_hourly(a, days, reach) if a.operation == "flat" else reach * a.availability * shape_of(a.profile, days.profiles))
    return total


def kilohours(days: TypicalDays) -> Array:
    """(steps,): thousand hours a year that each step stands for."""
    return np.asarray(days.hours * days.weight / THOUSAND)


def _hourly(a: Asset, days: TypicalDays, size: float) -> Array:
    """(steps,): most a flat converter of ``size`` thousand units a year does in an hour."""
    shape = shape_of(a.profile, days.profiles) * np.ones(len(days.steps))
    return np.asarray(size * a.availability * shape / float((shape * kilohours(days)).sum()))


# Contracts and the demand charge --------------------------------------------------------------------------------


def _contracts(plant: Plant, year: Year) -> dict[str, Any]:
    days = year.days
    contracts = {k: m for k, m in plant.markets.items() if m.contract}
    return {
        "contract_limit": {(k, y): v for k, m in contracts.items() for y, v in m.contract.items() if y in plant.horizon.years},
        "contract_profile": {
            (k, s): float(v) for k, m in contracts.items() for s, v in zip(days.steps, shape_of(m.profile, days.profiles), strict=True)
        },
        "contract_made": {k: float(shape_of(m.profile, days.profiles) * np.ones(len(days.steps)) @ kilohours(days)) for k, m in contracts.items()},
        "contract_take": {k: m.take_share for k, m in contracts.items() if m.take_share},
    }


def _demand(plant: Plant, year: Year) -> dict[str, Any]:
    """The demand charge of the grid; all power that comes through its meter makes the peak."""
    years, tie = plant.horizon.years, plant.tie
    k = next((k for k, m in plant.markets.items() if m.role == "grid"), None)
    if k is None:
        return {name: {} for name in _DEMAND}
    rates, ratchets, events = ([r for r in tie.rules if r.item == item] for item in ("rate", "ratchet", "event"))
    group = month_of(year.days) if rates or ratchets else {}
    steps = sorted({r.above for r in rates})
    charge = {(k, y): 1.0 if rates else year.demand_charge for y in years}
    found: dict[str, Any] = {name: {} for name in _DEMAND} | {
        "demand_charge": charge, "metered": {k: tuple(q for q, m in plant.markets.items() if m.role in ("grid", "green_power"))},
        "bills": {_bill(month): (group[month], 1.0) for month in sorted(group)},
        "ratchet": {(k, _bill(month), group[n]): max(r.value for r in ratchets if n in remembered(r, month)) for month in group for r in ratchets for n in remembered(r, month)},
        "demand_rate": {(k, _bill(month), f"above {a:g} MW"): rate(rates, month, a) for month in sorted(group) for a in steps},
        "demand_width": {(k, f"above {a:g} MW"): b - a for a, b in pairwise(steps)},
        "events": {(k, r.name, s): 1.0 for r in events for s in called(r, year.days)}, "event_price": {(k, r.name, y): r.value for r in events for y in years},
    }  # fmt: skip
    if tie.billings != ("metered",):
        found |= {
            "demand_options": {k: tie.billings}, "demand_limit": {k: min(tie.transformer, plant.connection or np.inf)}, "contract_price": charge,
            "excess_price": {q: tie.contract_penalty * v for q, v in charge.items()}, "contract_floor": {k: tie.contract_floor * tie.transformer},
            "contract_headroom": {k: tie.contract_headroom}, "capacity_fee": {(k, y): (year.capacity_charge or 0.0) * tie.transformer for y in years},
        }  # fmt: skip
    return found


_DEMAND = (
    "demand_charge", "metered", "demand_options", "demand_limit", "bills", "ratchet", "demand_rate", "demand_width", "contract_price", "excess_price",
    "contract_floor", "contract_headroom", "capacity_fee", "events", "event_price",
)  # fmt: skip


def month_of(days: TypicalDays) -> dict[int, str]:
    """Month (1 to 12) -> the group whose peak it is billed on."""
    return {int(MONTH_OF_DAY[d]): name.partition("d")[0] for name, members in days.days.items() for d in members}


def remembered(rule: DemandRule, month: int) -> list[int]:
    """The months whose peaks a ratchet brings into the bill of ``month``: those it counts among the months before, round the year."""
    return [n for n in rule.months if 0 < (month - n - 1) % 12 + 1 <= rule.lookback]


def rate(rates: list[DemandRule], month: int, above: float) -> float:
    """The charge of a month on demand just above a threshold: that of the highest step that starts no higher."""
    steps = sorted((r.above, r.value) for r in rates if month in r.months and r.above <= above)
    return steps[-1][1] if steps else 0.0


def called(rule: DemandRule, days: TypicalDays) -> tuple[str, ...]:
    """Steps that hold an hour of a system peak, of days that stand for a day in its months."""
    months = {name: {int(MONTH_OF_DAY[d]) for d in members} for name, members in days.days.items()}
    found, end, before = [], 0.0, ""
    for s, day, length in zip(days.steps, days.day, days.hours, strict=True):
        start = end if day == before else 0.0
        end, before = start + float(length), day
        if months[day] & set(rule.months) and start < rule.hours[1] and end > rule.hours[0]:
            found.append(s)
    return tuple(found)


def _bill(month: int) -> str:
    return f"month {month:02d}"


# Green power ----------------------------------------------------------------------------------------------------


def _green(plant: Plant, year: Year) -> dict[str, Any]:
    """Direct lines with a plant that may stand; what a site can use is bounded by what it could use, and by what it could get."""
    years, weight = plant.horizon.years, kilohours(year.days)
    plants = {g: tuple(a for a in line.plants if a in plant.assets) for g, line in plant.tie.lines.items()}
    lines = {g: line for g, line in plant.tie.lines.items() if plants[g]}
    used = {}
    for y in years if lines else ():
        could_use, could_get = (most(plant, year, ELECTRICITY, y, sign, stores=False) for sign in (-1, 1))
        stores = [a for a in plant.assets.values() if a.kind == "store" and ELECTRICITY in a.ratio]
        losses = sum((a.size + a.max_size) / (1.0 if a.name in plant.powers else min(a.duration, 1.0)) for a in stores)
        losses += sum(
            plant.assets[p].size + plant.assets[p].max_size for a in stores for p in plant.powers.get(a.name, ())
        )  # an hour loses no more than is charged or kept
        used[y] = float(np.minimum(could_use + losses, could_get + (plant.connection or np.inf)) @ weight)
    return {
        "green": {g: (ELECTRICITY, plants[g]) for g in lines},
        "could_make": {(g, a): _yearly(plant.assets[a], year.days) for g in lines for a in plants[g]},
        "self_use_min": {g: line.self_use_min for g, line in lines.items()},
        "load_share_min": {(g, y): line.load_share_min[y] for g, line in lines.items() for y in years},
        "export_max": {g: line.export_max for g, line in lines.items()},
        "most_used": {(g, y): used[y] for g in lines for y in years},
    }


def _yearly(a: Asset, days: TypicalDays) -> float:
    """What one size of a plant could make in a year, GWh."""
    return float(a.ratio[ELECTRICITY] * a.availability * (shape_of(a.profile, days.profiles) * np.ones(len(days.steps)) @ kilohours(days)))
