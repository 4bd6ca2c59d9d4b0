"""Audit of trade 购销审计: markets, contracts, the demand charge and green power in plain arithmetic.

``plan`` is a plan as arrays by axes (see planner.audit): a asset, y year, s step, k market, n billing months, c carrier;
t step of a price, o way to be billed, i bill, b step of the demand charge, e system peak, l direct line.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planner import audit_backup, audit_money
from planner.audit_money import Array, Ledger
from planner.calendar import MONTH_OF_DAY
from planner.plant import Plant
from planner.year import Year

TABLES = {  # table -> its axes; none holds negative values
    "market.amount": "ky", "market.flow": "kys", "market.part": "kty", "market.missed": "ky", "market.buying": "cys", "contract.size": "ky",
    "demand.peak": "kyn", "demand.billed": "koyn", "demand.chosen": "ko", "demand.paid": "kbyi", "demand.contract": "ky", "demand.excess": "kyn",
    "demand.coincident": "key", "demand.call": "keyn", "green.used": "lys", "green.exported": "lys", "green.running": "ly",
}  # fmt: skip
POWER = "electricity"


def axes(plant: Plant, year: Year) -> dict[str, Sequence[object]]:
    """The labels of what only trade has."""
    by_month = any(r.item in ("rate", "ratchet") for r in plant.tie.rules)
    steps = sorted({r.above for r in plant.tie.rules if r.item == "rate"})
    return {
        "t": tuple(f"step {n}" for n in range(1, 1 + max((len(k.tiers) for k in plant.markets.values()), default=0))),
        "o": ("metered", "contract", "capacity"), "i": tuple(f"month {m:02d}" for m in range(1, 13)) if by_month else tuple(year.days.months),
        "b": tuple(f"above {a:g} MW" for a in steps) or ("all",), "e": tuple(r.name for r in plant.tie.rules if r.item == "event"),
        "l": tuple(plant.tie.lines),
    }  # fmt: skip


def parts(plant: Plant) -> tuple[str, ...]:
    """Cost parts of trade: a market each, what is pledged and not taken, and the demand charge."""
    pledged = (f"{k.name} not taken" for k in plant.markets.values() if k.take or k.take_share)
    return (*plant.markets, *pledged, *(f"{k} demand charge" for k in meters(plant)))


def meters(plant: Plant) -> tuple[str, ...]:
    """The market whose meter the demand charge is paid on: the first of the grid's."""
    return tuple(k.name for k in plant.markets.values() if k.role == "grid")[:1]


def through_meter(plant: Plant) -> tuple[str, ...]:
    """Markets whose purchases pass that meter."""
    return tuple(k.name for k in plant.markets.values() if k.role in ("grid", "green_power"))


def check(plan: Any, ledger: Ledger) -> None:
    """Trade keeps to limits, steps of price, pledges, contracts, the connection and one way at a time; bills and green power."""
    plant, years, days = plan.plant, plan.axes["y"], plan.year.days
    flow, traded = plan["market.flow"], plan.traded
    ledger.equal("trade amounts", plan.of("ky"), plan["market.amount"], traded, unit="k-unit")
    ledger.at_most("trade amounts", plan.of("kys"), np.where(plan.stepped[:, None, None], 0.0, flow), 0.0, "unit/h")
    ledger.at_most("market limits", plan.of("ky"), traded, _table(plan, lambda k: k.limit, np.inf) - plan.missed["market.amount_limit"], "k-unit")
    if any(k.least for k in plan.markets):
        ledger.at_most("least amounts", plan.of("ky"), _table(plan, lambda k: k.least, 0.0) - plan.missed["market.amount_least"], traded, "k-unit")
    for k, market in enumerate(plan.markets):
        if market.tiers:
            amounts = plan["market.part"][k, : len(market.tiers)]
            ledger.equal("price steps", [[f"{market.name} by step of price in {y}" for y in years]], amounts.sum(axis=0), traded[k], unit="k-unit")
            width = np.array([[w.get(y, np.inf) for y in years] for _, w in market.tiers])
            ledger.at_most("price steps", [[f"{market.name} step {n}" for n in range(1, len(width) + 1)], years], amounts, width, "k-unit")
        if market.contract:
            _contract(plan, k, ledger)
    ledger.at_most("pledges", plan.of("ky"), _table(plan, lambda k: k.take, 0.0), traded + plan["market.missed"], "k-unit")
    _fence(plan, ledger)
    for name in meters(plant):
        _bills(plan, list(plant.markets).index(name), ledger)
    drawn, proven = audit_money.drawn(plant, traded), audit_money.proven(plant, traded)
    ledger.at_most("certificates", [[f"certificates in {y}" for y in years]], proven, drawn, "k-unit")
    recognised = plant.certificate_ceiling * drawn
    ledger.at_most(
        "certificates", [[f"certificates under the ceiling in {y}" for y in years]], audit_money.of_role(plant, traded, "certificate"), recognised
    )
    for n, name in enumerate(plant.tie.lines):
        _line(plan, n, name, ledger)
    _split(plan, ledger, [f"{y} {s}" for y in years for s in days.steps])


def _table(plan: Any, of: Any, missing: float) -> Array:
    """(markets, years): a number of every market by year."""
    return np.array([[of(k).get(int(str(y)), missing) for y in plan.axes["y"]] for k in plan.markets]).reshape(plan.traded.shape)


def _fence(plan: Any, ledger: Ledger) -> None:
    """Power keeps to the connection each way; no carrier is bought and sold in one step."""
    plant, years, steps = plan.plant, plan.axes["y"], plan.year.days.steps
    most = {1.0: plant.connection or np.inf, -1.0: plant.tie.export_limit or plant.connection or np.inf}
    for carrier in dict.fromkeys(k.carrier for k, stepped in zip(plan.markets, plan.stepped, strict=True) if stepped):
        here = np.array([k.carrier == carrier for k in plan.markets], dtype=bool)
        ways = {sign: plan["market.flow"][here & (plan.sign == sign)].sum(axis=0) for sign in (1.0, -1.0)}
        for sign, way in ((1.0, "bought"), (-1.0, "sold")):
            if carrier == POWER:
                there = np.where(audit_backup.connected(plan) > 0, most[sign], 0.0)
                ledger.at_most("connection", [[f"power {way} in {y}" for y in years], steps], ways[sign], there, "MW")
        both = [f"{carrier} bought and sold in {y}" for y in years]
        ledger.at_most("one way at a time", [both, steps], np.minimum(ways[1.0], ways[-1.0]), 0.0, "unit/h")


def _contract(plan: Any, k: int, ledger: Ledger) -> None:
    """A contract delivers what its plant makes, is no larger than offered, runs on once signed, and its pledge is taken or paid."""
    market, years, size = plan.markets[k], plan.axes["y"], plan["contract.size"][k]
    offered = np.array([market.contract.get(y, 0.0) for y in years])
    ledger.at_most("contracts", [[f"{market.name} in {y}" for y in years]], size, offered, "MW")
    ledger.at_most("contracts", [[f"{market.name} in {y}, signed before," for y in years[1:]]], size[:-1], size[1:], "MW")
    profile = np.asarray(plan.year.days.profiles[market.profile]) if market.profile and market.profile != "flat" else np.ones(len(plan.kilohours))
    made = np.outer(size, profile)
    ledger.at_most("contracts", [[f"{market.name} delivered in {y}" for y in years], plan.axes["s"]], plan["market.flow"][k], made, "MW")
    taken = plan.traded[k] + plan["market.missed"][k]
    ledger.at_most("pledges", [[f"{market.name} in {y}" for y in years]], market.take_share * made @ plan.kilohours, taken, "k-unit")


# The demand charge ----------------------------------------------------------------------------------------------


def _bills(plan: Any, k: int, ledger: Ledger) -> None:
    """A month's highest purchase through the meter is billed one way a year, wholly, and by the rules of that way."""
    plant, years, days, tie = plan.plant, plan.axes["y"], plan.year.days, plan.plant.tie
    through = np.array([m.name in through_meter(plant) for m in plan.markets], dtype=bool)
    drawn = plan["market.flow"][through].sum(axis=0)
    groups = list(days.months)
    highest = np.array([drawn[:, [g == n for g in days.group]].max(axis=1) for n in groups]).T
    months = [[f"highest purchase of {plan.markets[k].name} in {y}" for y in years], groups]
    ledger.at_most("peaks", months, highest, plan["demand.peak"][k], "MW")
    billed = dict(zip(plan.axes["o"], plan["demand.billed"][k], strict=True))
    ledger.at_most("peaks", months, highest, sum(billed.values()), "MW")
    chosen = plan["demand.chosen"][k] if tie.billings != ("metered",) else np.array([1.0, 0.0, 0.0])
    ways = [f"{plan.markets[k].name} billed by {o}" for o in plan.axes["o"]]
    ledger.equal("billing", [[f"ways {plan.markets[k].name} is billed"]], chosen.sum(keepdims=True), np.ones(1))
    ledger.equal("billing", [ways], chosen, np.round(chosen), np.ones(chosen.shape))
    ledger.at_most("billing", [ways], np.where([o in tie.billings for o in plan.axes["o"]], 0.0, chosen), 0.0)
    most = min(tie.transformer or np.inf, plant.connection or np.inf) if tie.billings != ("metered",) else np.inf
    for n, (way, amounts) in enumerate(billed.items()):
        within = most if round(float(chosen[n])) else 0.0
        ledger.at_most("billing", [[f"billed by {way} in {y}" for y in years], groups], amounts, within, "MW")
    contract = plan["demand.contract"][k]
    ledger.at_most(
        "billing",
        [[f"excess in {y}" for y in years], groups],
        billed["contract"],
        tie.contract_headroom * contract[:, None] + plan["demand.excess"][k],
        "MW",
    )
    least = np.full(len(years), np.round(chosen[1]) * tie.contract_floor * tie.transformer)
    ledger.at_most("billing", [[f"smallest contract in {y}" for y in years]], least, contract, "MW")
    _metered(plan, k, billed["metered"], ledger)
    for n, rule in enumerate(r for r in tie.rules if r.item == "event"):
        called = drawn[:, _hours_of(plan.year, rule.months, rule.hours)].max(axis=1, initial=0.0)
        ledger.at_most("system peaks", [[f"{rule.name} in {y}" for y in years]], called, plan["demand.coincident"][k, n], "MW")


def _metered(plan: Any, k: int, billed: Array, ledger: Ledger) -> None:
    """Every bill carries its month's demand, and what a ratchet remembers of others; no step of the charge more than its width."""
    tie, groups, years = plan.plant.tie, list(plan.year.days.months), plan.axes["y"]
    paid = plan["demand.paid"][k]
    owed = billed.copy()
    if plan.axes["i"] != tuple(groups):
        group = _group_of(plan.year)
        peak = np.array([billed[:, groups.index(group[m])] for m in range(1, 13)]).T
        owed = peak.copy()
        for rule in (r for r in tie.rules if r.item == "ratchet"):
            for m in range(1, 13):
                before = [(m - 1 - back) % 12 + 1 for back in range(1, rule.lookback + 1)]
                remembered = [peak[:, n - 1] for n in before if n in rule.months]
                owed[:, m - 1] = np.max([owed[:, m - 1], *(rule.value * p for p in remembered)], axis=0)
    ledger.at_most("bills", [[f"bill of {y}" for y in years], plan.axes["i"]], owed, paid.sum(axis=0), "MW")
    steps = sorted({r.above for r in tie.rules if r.item == "rate"}) or [0.0]
    width = np.diff([*steps, np.inf])[:, None, None]
    ledger.at_most("bills", [plan.axes["b"], years, plan.axes["i"]], paid, np.broadcast_to(width, paid.shape), "MW")


def _group_of(year: Year) -> dict[int, str]:
    return {int(MONTH_OF_DAY[d]): name.partition("d")[0] for name, members in year.days.days.items() for d in members}


def _hours_of(year: Year, months: Sequence[int], hours: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """(steps,): whether a step holds an hour of these months and hours of the day."""
    days = year.days
    end = np.concatenate([np.cumsum(days.hours[[d == name for d in days.day]]) for name in dict.fromkeys(days.day)])
    inside = (end > hours[0]) & (end - days.hours < hours[1])
    stands = [bool({int(MONTH_OF_DAY[d]) for d in days.days[name]} & set(months)) for name in days.day]
    return np.asarray(inside & np.array(stands), dtype=bool)


# Green power ----------------------------------------------------------------------------------------------------


def _line(plan: Any, n: int, name: str, ledger: Ledger) -> None:
    """A direct line keeps its shares: used of what could be made, used of all the site uses, sold of what could be made."""
    line, years, size = plan.plant.tie.lines[name], plan.axes["y"], plan["capacity.size"]
    rows = [list(plan.plant.assets).index(a) for a in line.plants if a in plan.plant.assets]
    power = list(plan.plant.carriers).index(POWER)
    hours = np.array([plan.assets[a].availability * plan.shape[a] @ plan.kilohours * plan.ratio[a, power] for a in rows])
    possible = hours @ size[rows]
    used, sold = plan["green.used"][n] @ plan.kilohours, plan["green.exported"][n] @ plan.kilohours
    labels = [[f"{name} in {y}" for y in years]]
    short = {rule: plan.missed[f"green.{rule}"][n] for rule in ("self_use", "load_share", "export_share")}
    ledger.at_most("direct lines", labels, line.self_use_min * possible - short["self_use"], used, "GWh")
    ledger.at_most("direct lines", labels, sold, line.export_max * possible - short["export_share"], "GWh")
    runs = size[rows].sum(axis=0) > 1e-6
    least = np.array([line.load_share_min.get(y, 0.0) for y in years]) * (use(plan) @ plan.kilohours)
    ledger.at_most("direct lines", labels, np.where(runs, least, 0.0) - short["load_share"], used, "GWh")
    made = np.einsum("a,ays->ys", plan.ratio[rows, power], plan["converter.output"][rows])
    each = [[f"{name} used and sold in {y}" for y in years], plan.axes["s"]]
    ledger.at_most("green split", each, plan["green.used"][n] + plan["green.exported"][n], made, "MW")


def use(plan: Any) -> Array:
    """(years, steps): power that is made and bought and not sold, MW; what stores lose and keep is in it."""
    power = list(plan.plant.carriers).index(POWER)
    makes = np.maximum(plan.ratio[:, power], 0.0)
    own = np.einsum("a,ays->ys", makes * (plan.flat | plan.flexible), plan.hourly)
    by_measures = np.einsum("j,jys->ys", makes[plan.measure], plan.covered)
    here = np.array([k.carrier == POWER for k in plan.markets]) * plan.sign
    return np.asarray(own + by_measures + np.einsum("k,kys->ys", here, plan["market.flow"]))


def _split(plan: Any, ledger: Ledger, labels: list[str]) -> None:
    """What all lines use, charge and sell together is no more than what the site uses, charges and sells in that step."""
    if not plan.axes["l"]:
        return
    power = list(plan.plant.carriers).index(POWER)
    stores = (plan.ratio[:, power] != 0) & plan.kept
    charge, discharge = (plan[f"store.{t}"][stores].sum(axis=0) for t in ("charge", "discharge"))
    plants = [list(plan.plant.assets).index(a) for line in plan.plant.tie.lines.values() for a in line.plants if a in plan.plant.assets]
    made = np.einsum("a,ays->ys", plan.ratio[plants, power], plan["converter.output"][plants])
    used, sold = plan["green.used"].sum(axis=0), plan["green.exported"].sum(axis=0)
    exported = plan["market.flow"][[k.carrier == POWER and not k.buys for k in plan.markets]].sum(axis=0)
    for what, found, limit in (
        ("used at once", used, use(plan) + discharge - charge), ("charged", made - used - sold, charge), ("sold", sold, exported),
    ):  # fmt: skip
        ledger.at_most("green split", [[f"green power {what} in {label}" for label in labels]], found.ravel(), limit.ravel(), "MW", made.ravel())


# Money ----------------------------------------------------------------------------------------------------------


def costs(plan: Any) -> dict[str, Array]:
    """Cost part -> (years,) MCNY paid at the year's end: markets, what is pledged and not taken, and the demand charge."""
    plant, year, years = plan.plant, plan.year, plan.axes["y"]
    found: dict[str, Array] = {}
    for k, market in enumerate(plan.markets):
        price, premium = (np.array([of.get(y, 0.0) for y in years]) for of in (market.price, market.premium))
        flow, traded = plan["market.flow"][k], plan.traded[k]
        if market.role == "grid" or (market.role == "green_power" and not market.contract):
            paid = flow @ (plan.kilohours * year.days.profiles["price"]) + premium * traded
        elif market.contract:
            paid = (price + year.network + np.array([market.delivery.get(y, 0.0) for y in years])) * traded
        else:
            paid = price * traded
        for n, (step, _) in enumerate(market.tiers):
            paid = paid + np.array([step.get(y, np.nan) for y in years]) * plan["market.part"][k, n]
        found[market.name] = paid if market.buys else -paid
        if market.take or market.take_share:
            pledged = np.array([(market.take_price or market.price or market.tiers[0][0]).get(y, np.nan) for y in years])
            found[f"{market.name} not taken"] = pledged * plan["market.missed"][k]
    return found | {f"{name} demand charge": _demand_charge(plan, list(plant.markets).index(name)) for name in meters(plant)}


def _demand_charge(plan: Any, k: int) -> Array:
    year, tie, years = plan.year, plan.plant.tie, plan.axes["y"]
    months = np.array(list(year.days.months.values()), dtype=float)
    rates = [r for r in tie.rules if r.item == "rate"]
    paid = plan["demand.paid"][k]
    charge = 1.0 if rates else year.demand_charge
    rate = np.ones(paid.shape[::2])  # steps of the charge, bills
    for b, above in enumerate(sorted({r.above for r in rates})):
        for i in range(12):
            here = [r for r in rates if i + 1 in r.months and r.above <= above]
            rate[b, i] = max(here, key=lambda r: r.above).value if here else 0.0
    bills = months if plan.axes["i"] == tuple(year.days.months) else np.ones(12)
    total = charge * np.einsum("bi,byi,i->y", rate, paid, bills)
    if tie.billings != ("metered",):
        total += charge * months.sum() * plan["demand.contract"][k] + tie.contract_penalty * charge * plan["demand.excess"][k] @ months
        total += np.round(plan["demand.chosen"][k, 2]) * (year.capacity_charge or 0.0) * tie.transformer * months.sum()
    events = [r.value for r in tie.rules if r.item == "event"]
    return np.asarray(total + (np.array(events) @ plan["demand.coincident"][k, : len(events)] if events else np.zeros(len(years))))
