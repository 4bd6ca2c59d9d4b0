"""Results 结果: what people ask of a plan, as plain tables in everyday units - t, MWh, CNY."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner import shortage
from planner.account import tables as accounts
from planner.account.ledger import Account
from planner.account.planned import account_of
from planner.book_value import losses
from planner.case import Case
from planner.limits import limits
from planner.offsets import settle
from planner.plant import MILLION, THOUSAND, Plant
from planner.reduction import reduction
from planner.targets import SHARES, Target
from planner.why import worth

if TYPE_CHECKING:  # whoever only reads results need not load the solver
    from models.solution import Solution
    from planner.plan import Planned
    from planner.year import Year

SMALL = 1e-6  # of an asset's size: below this nothing was decided


@dataclass(frozen=True)
class Results:
    """Named tables with fixed columns, and a summary of single numbers; nothing here is computed twice.

    summary: flat mapping for people and JSON; tables: roadmap, emissions, sources, caps, targets, limits, costs, cash_flow, balance,
    operation, frozen_emissions, frozen_costs, worth, worth_parts, reduction, offsets and offset_years where the case lists any,
    book_losses where something goes before its time, unserved where anything may go unserved, islands where hours without the grid are stated, and those of the account (see
    planner.account.tables); folder: where the run was read from.
    """

    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    folder: Path | None = None

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def with_more(self, tables: Mapping[str, pd.DataFrame]) -> Results:
        """The same with tables that it does not hold itself."""
        return replace(self, tables=ChainMap(self.tables, tables))  # type: ignore[arg-type]  # it is only read


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as rows for JSON or a screen; what is missing is None."""
    return table.astype(object).where(table.notna(), None).to_dict("records")  # type: ignore[return-value]


def of(case: Case, plant: Plant, year: Year, planned: Planned, before: Year | None = None) -> Results:
    """All results of a plan. ``before``: the year on whose days frozen operation was found, where these are others."""
    base, plan, frozen = accounts.of_activity(case, plant), account_of(plant, year, planned.plan), account_of(plant, before or year, planned.frozen)
    remarks = accounts.told(plant, case.settings, base, plan, frozen)
    reached = targets(plant, planned.plan, plan)
    cut = reduction(plant, plan, case.settings.get("base_year.emissions"))
    hours = operation(plant, planned.plan, year)
    tables = {
        "roadmap": roadmap(case, plant, planned.plan),
        "emissions": emissions(plant, planned.plan),
        "sources": sources(plant, planned.plan),
        "caps": caps(reached),
        "targets": reached,
        "limits": limits(plant, planned.plan, shortage.margins(plant, year, planned.plan)),
        "costs": costs(plant, planned.plan),
        "cash_flow": cash_flow(plant, planned.plan),
        "balance": balance(plant, planned.plan, year),
        "operation": hours,
        "frozen_emissions": emissions(plant, planned.frozen),
        "frozen_costs": costs(plant, planned.frozen),
        "worth": worth.summary(plant.horizon, planned.plan, {"frozen": planned.frozen, "free": planned.free}),
        "worth_parts": worth.by_part(plant.horizon, planned.plan, {"frozen": planned.frozen, "free": planned.free}),
        **accounts.tables(plant, base, plan),
        "reduction": cut,
        **offsets(plant, cut),
        **shortage.tables(plant, year, planned.plan, hours),
        **written_off(case, plant, planned.plan),
    }
    return Results(summary(case, plant, year, planned, tables) | {"remarks": remarks}, tables)


def roadmap(case: Case, plant: Plant, plan: Solution) -> pd.DataFrame:
    """What is built, renewed, retired or reaches its end: one row an action, in the order of the years."""
    rows: list[dict[str, Any]] = []

    def note(name: str, year: int, action: str, size: float, money: float, decided: int) -> None:
        asset = plant.assets[name]
        rows.append({
            "year": year, "decision_year": decided, "asset": name, "en": case.label(name, "en"), "zh": case.label(name, "zh"),
            "technology": asset.technology, "lever": asset.lever, "action": action, "size": size * asset.scale, "unit": asset.unit,
            "investment_cny": money * MILLION, "estimated": asset.estimated,
        })  # fmt: skip

    for (name, year), size in plan.value("capacity.built").items():
        asset = plant.assets[name]
        if size > SMALL * max(asset.max_size, 1e-3):
            note(name, year, "build", size, asset.spent(year, size), year - asset.lead_years)
    for (name, year), size in plan.value("capacity.retired").items():
        if size > SMALL * max(plant.assets[name].size, 1e-3):
            note(name, year, "retire", size, 0.0, year)
    renewed = {name: size for (name,), size in plan.value("capacity.renewed").items()}
    for asset in plant.assets.values():
        if asset.status == "committed":
            note(asset.name, asset.in_service or plant.horizon.first, "committed", asset.size, 0.0, plant.decide_from)
        if asset.end_year is not None and asset.size and plant.horizon.first <= asset.end_year + 1 <= plant.horizon.last:
            again = renewed.get(asset.name, 0.0)
            if again > SMALL * asset.size:
                note(asset.name, asset.end_year + 1, "renew", again, again * (asset.renewal_investment or 0.0), asset.end_year)
            elif plan.value("capacity.size")[asset.name, asset.end_year] > SMALL * asset.size:
                note(asset.name, asset.end_year + 1, "end of life", asset.size, 0.0, asset.end_year)
    columns = ["year", "decision_year", "asset", "en", "zh", "technology", "lever", "action", "size", "unit", "investment_cny", "estimated"]
    return pd.DataFrame(rows, columns=columns).sort_values(["year", "action", "asset"], ignore_index=True)


def emissions(plant: Plant, plan: Solution) -> pd.DataFrame:
    """Emissions by year, scope and view, t; captured and biogenic CO2 and carbon in sold products stand beside them."""
    rows = []
    amount = plan.value("market.amount")
    for y in plant.horizon.years:
        direct, outsourced = plan.value("emissions.direct")[(y,)], plan.value("emissions.outsourced")[(y,)]
        energy = {view: plan.value("emissions.energy")[view, y] for view in ("location", "market")}
        rows.append((y, "direct", "", direct))
        heat = sum(
            amount[k, y] * plant.embodied.get(m.carrier, 0.0) for k, m in plant.markets.items() if m.buys and plant.groups.get(m.carrier) == "heat"
        )
        rows += [(y, "purchased electricity", view, t - heat) for view, t in energy.items()]
        rows.append((y, "purchased heat", "", heat))
        rows.append((y, "outsourced intermediates", "", outsourced))
        rows += [(y, "total", view, direct + t + outsourced) for view, t in energy.items()]
        sunk = sum(amount[k, y] for k, m in plant.markets.items() if m.role == "storage_sink")
        sold = sum(amount[k, y] * plant.carbon.get(m.carrier, 0.0) for k, m in plant.markets.items() if not m.buys and m.role != "storage_sink")
        delivered = sum(v * plant.carbon.get(c, 0.0) for (c, year), v in plant.demand.items() if year == y)
        biogenic = sum((1 if m.buys else -1) * amount[k, y] * plant.carbon_biogenic.get(m.carrier, 0.0) for k, m in plant.markets.items())
        rows += [(y, "captured", "", sunk), (y, "carbon in products", "", sold + delivered), (y, "biogenic", "", biogenic)]
    table = pd.DataFrame(rows, columns=["year", "scope", "view", "t"])
    table["t"] *= THOUSAND
    return table


def sources(plant: Plant, plan: Solution) -> pd.DataFrame:
    """Direct emissions by source and year, t; measures show what they add or take away."""
    rows = [(y, a, t * THOUSAND) for (a, y), t in plan.value("emissions.by_source").items()]
    return pd.DataFrame(rows, columns=["year", "asset", "t"])


def offsets(plant: Plant, cut: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What is offset of what the plan leaves, and what that costs on top of the plan: priced afterwards, in no sum of the plan."""
    if plant.offsets is None or not len(cut):
        return {}
    left, own = ({int(y): float(t) for y, t in zip(cut["year"], cut[column], strict=True)} for column in ("left_t", "own_t"))
    bought, years = settle(plant.offsets, left, own)
    return {"offsets": bought, "offset_years": years}


def written_off(case: Case, plant: Plant, plan: Solution) -> dict[str, pd.DataFrame]:
    """What leaves the books before its time: in no sum of the plan, for nobody is paid."""
    lost = losses(case, plant, plan)
    return {"book_losses": lost} if len(lost) else {}


def caps(reached: pd.DataFrame) -> pd.DataFrame:
    """The targets that are yearly amounts of emissions, t: those that can stand beside the emissions of a year."""
    columns = ["name", "year", "scope", "view", "limit", "value", "unit", "binding", "shadow_price"]
    return reached.loc[reached["plain"], columns].reset_index(drop=True)


def targets(plant: Plant, plan: Solution, made: Account) -> pd.DataFrame:
    """Every target as it is told: limit and value in its unit, what passes it at a price (t, tce or MWh), and the price of the last
    of them at fixed decisions, CNY in money of that year. Shares and own reduction are at least, all else at most. What has no price
    (0) must be kept."""
    table = plan.prices.get("cap.cap_limit")
    price: dict[Any, float] = (
        dict(zip(zip(table["i0"], table["i1"], strict=True), table["value"], strict=True)) if table is not None and len(table) else {}
    )
    green = {g.year: g for g in made.green}
    counted, over, amount = plan.value("cap.counted"), plan.value("cap.over"), plan.value("market.amount")
    rows = []
    for (cap, y), limit in plant.cap_limit.items():
        target = plant.targets.get(cap) or Target(cap, "emissions", *plant.caps[cap])
        sold = sum(amount[k, y] for k, m in plant.markets.items() if not m.buys and m.carrier == target.product)
        limit += target.per_sold(y) * sold
        value = target.said(counted[cap, y], y, sold)
        if target.measure in SHARES:
            value = (green[y].share if target.measure == "green_share" else green[y].physical_share) if y in green else 0.0
        near = limit + over.get((cap, y), 0.0) - counted[cap, y] <= 1e-6 * max(abs(limit), 1)
        today = -price.get((cap, y), 0.0) * MILLION / THOUSAND
        rows.append((
            cap, y, target.scope if target.measure == "emissions" else target.measure, target.counts[1], target.wanted.get(y, target.said(limit, y, sold)),
            value, target.unit, near, today / plant.horizon.at_end(y), target.measure, target.per, target.sums, over.get((cap, y), 0.0) * THOUSAND,
            target.amount, target.price.get(y, 0.0) * THOUSAND, target.plain,
        ))  # fmt: skip
    columns = [
        "name",
        "year",
        "scope",
        "view",
        "limit",
        "value",
        "unit",
        "binding",
        "shadow_price",
        "measure",
        "per",
        "cumulative",
        "over",
        "over_unit",
        "price",
        "plain",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"plain": bool})


def costs(plant: Plant, plan: Solution) -> pd.DataFrame:
    """Cost parts by year, CNY of that year (real): running costs, investment as paid, and the value left at the end."""
    rows = [(y, part, v * MILLION) for (part, y), v in plan.value("cost.running").items()]
    invested: dict[int, float] = {}
    for (_, y), v in plan.value("cost.investing").items():
        invested[y] = invested.get(y, 0.0) + v
    rows += [(y, "investment", v * MILLION) for y, v in invested.items()]
    return pd.DataFrame(rows, columns=["year", "part", "cny"])


def cash_flow(plant: Plant, plan: Solution) -> pd.DataFrame:
    """Every payment with its discount factor: item, year, kind, CNY, today's CNY; the last column sums to the objective.

    What steers the plan without being paid to anybody - an internal carbon price, the price of passing a target - weighs in
    today's money and is no cash.
    """
    h = plant.horizon
    steers = {"carbon price", *(f"{g} passed" for g in plant.targets)}
    rows = [(a, y, "investment", v, h.at_start(y)) for (a, y), v in plan.value("cost.investing").items() if v]
    rows += [(p, y, "steering" if p in steers else "running", v, h.at_end(y)) for (p, y), v in plan.value("cost.running").items() if v]
    rows += [(a, h.last, "value left (today's money)", -v, 1.0) for (a,), v in plan.value("cost.credited").items() if v]
    table = pd.DataFrame(rows, columns=["item", "year", "kind", "cny", "discount_factor"])
    table["cny"] *= MILLION
    table["today_cny"] = table["cny"] * table["discount_factor"]
    table["cny"] = table["cny"].where(table["kind"] != "steering", 0.0)
    return table


def balance(plant: Plant, plan: Solution, year: Year) -> pd.DataFrame:
    """Every carrier by year: who makes and who uses it, in its own unit a year (+ made or bought, - used or sold)."""
    rows: list[tuple[int, str, str, float]] = []
    activity = yearly_activity(plant, plan, year)
    for (name, y), done in activity.items():
        rows += [(y, c, name, r * done) for c, r in plant.assets[name].ratio.items() if done]
    for (m, _, y), done in plan.value("measure.activity").items():
        rows += [(y, c, m, r * done) for c, r in plant.assets[m].ratio.items() if done]
    rows += [(y, c, m, v) for (m, _, c, y), v in plan.value("measure.saved").items() if v]
    for (k, y), v in plan.value("market.amount").items():
        market = plant.markets[k]
        rows.append((y, market.carrier, k, v if market.buys else -v))
    rows += [(y, c, "demand", -v) for (c, y), v in plant.demand.items()]
    duration = dict(zip(year.days.steps, year.days.hours * year.days.weight / THOUSAND, strict=True))
    for name, sign in (("store.charge", -1), ("store.discharge", 1)):
        summed: dict[tuple[str, int], float] = {}
        for (a, y, s), v in plan.value(name).items():
            summed[a, y] = summed.get((a, y), 0.0) + v * duration[s]
        rows += [(y, next(iter(plant.assets[a].ratio)), a, sign * v) for (a, y), v in summed.items()]
    table = pd.DataFrame(rows, columns=["year", "carrier", "item", "amount"]).groupby(["year", "carrier", "item"], as_index=False).sum()
    table = table[table["amount"].abs() > 1e-9].copy()
    table["amount"] *= THOUSAND
    table["unit"] = table["carrier"].map(dict(plant.units))
    return table.reset_index(drop=True)


def yearly_activity(plant: Plant, plan: Solution, year: Year) -> dict[tuple[str, int], float]:
    """Activity of every converter in a year, thousands of its unit."""
    done = {(a, y): v for (a, y), v in plan.value("converter.activity").items()}
    duration = dict(zip(year.days.steps, year.days.hours * year.days.weight / THOUSAND, strict=True))
    for (a, y, s), v in plan.value("converter.output").items():
        done[a, y] = done.get((a, y), 0.0) + v * duration[s]
    return done


def operation(plant: Plant, plan: Solution, year: Year) -> pd.DataFrame:
    """Electricity step by step, MW: + into the site, - out of it; flat processes are summed as `processes`."""
    days = year.days
    of_step = {s: (d, h, w) for s, d, h, w in zip(days.steps, days.day, days.hours, days.weight, strict=True)}
    rows: list[tuple[int, str, str, float]] = []
    for (a, y, s), v in plan.value("converter.output").items():
        power = plant.assets[a].ratio.get("electricity", 0.0)
        if power:
            rows.append((y, s, a, power * v))
    for name, sign in (("store.charge", -1), ("store.discharge", 1)):
        rows += [
            (y, s, a, sign * v)
            for (a, y, s), v in plan.value(name).items() if "electricity" in plant.assets[a].ratio
        ]  # fmt: skip
    for (k, y, s), v in plan.value("market.flow").items():
        if plant.markets[k].carrier == "electricity":
            rows.append((y, s, k, v if plant.markets[k].buys else -v))
    table = pd.DataFrame(rows, columns=["year", "step", "item", "mw"]).groupby(["year", "step", "item"], as_index=False).sum()
    rest = -table.groupby(["year", "step"], as_index=False)["mw"].sum().assign(item="processes").set_index(["year", "step", "item"])["mw"]
    table = pd.concat([table, rest.reset_index()], ignore_index=True)
    for column, n in (("day", 0), ("hours", 1), ("weight", 2)):
        table[column] = table["step"].map({s: q[n] for s, q in of_step.items()})
    done: pd.DataFrame = table.sort_values(["year", "step", "item"], ignore_index=True)
    return done


def summary(case: Case, plant: Plant, year: Year, planned: Planned, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Single numbers of the plan, CNY and t."""
    road = tables["roadmap"]
    invested = float(road["investment_cny"].sum())
    last = plant.horizon.last

    def total(table: str, y: int) -> float:
        return total_of(tables[table], y)

    def total_of(t: pd.DataFrame, y: int) -> float:
        return float(t.loc[(t["year"] == y) & (t["scope"] == "total") & (t["view"] == "location"), "t"].iloc[0])

    assert planned.plan.cost is not None and planned.plan.bound is not None
    return {
        "case": case.name,
        "status": planned.plan.status,
        "objective_cny": planned.plan.cost * MILLION,
        "bound_cny": planned.plan.bound * MILLION,
        "gap": planned.gap,
        "gap_cny": planned.gap_cny * MILLION,
        "decided_cny": planned.decided * MILLION,
        "frozen_cny": (planned.frozen.cost or 0.0) * MILLION,
        "free_cny": (planned.free.cost or 0.0) * MILLION,
        "investment_cny": invested,
        "estimated_share": float(road.loc[road["estimated"], "investment_cny"].sum() / invested) if invested else 0.0,
        "first_year": plant.horizon.first,
        "last_year": last,
        "emissions_frozen_t": total("frozen_emissions", last),
        "emissions_last_t": total("emissions", last),
        "emissions_free_t": total_of(emissions(plant, planned.free), last),
        "base_emissions_t": case.settings.get("base_year.emissions"),
        "discount_rate_real": plant.horizon.rate,
        "fingerprint": case.fingerprint,
        "changes": [f"{k}={v}" for k, v in case.changes],
        "notes": list(year.notes),
    }
