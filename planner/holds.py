"""Holds 校核: what was planned beside what all hours of the year give, and whether every limit and demand still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.solution import Solution
from planner import calendar
from planner.audit_money import TOLERANCE
from planner.plant import MILLION, THOUSAND, Plant
from planner.whole_year import Hours
from planner.year import Year

DIGITS = 7  # of a share: what is below is rounding of the solver
TABLES = ("whole_year", "peaks", "misses")
COLUMNS = ["year", "quantity", "item", "unit", "planned", "whole_year", "difference", "limit", "holds"]
ENERGY = "purchased electricity"
PEAK = 0.03  # a month metered by more than this above its planned peak was planned on the wrong day


@dataclass(frozen=True)
class Verdict:
    """tables: whole_year, peaks, misses; summary: holds and the figures that stand beside it."""

    tables: Mapping[str, pd.DataFrame]
    summary: Mapping[str, Any]

    @property
    def holds(self) -> bool:
        """Every cap, limit and demand holds on every hour of every year."""
        return bool(self.summary["holds"])


def verdict(plant: Plant, year: Year, plan: Solution, ran: Sequence[Hours]) -> Verdict:
    """Compare ``plan`` with the years ``ran`` on all their hours."""
    counted = _counted(plant, ran)
    rows = [row for hours in ran for row in _rows(plant, plan, hours, counted)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    tables = {"whole_year": table, "peaks": peaks(plant, year, plan, ran), "misses": misses(plant, ran)}
    return Verdict(tables, _summary(plant, year, plan, ran, tables))


def _counted(plant: Plant, ran: Sequence[Hours]) -> dict[tuple[str, int], float | None]:
    """Cap, year -> what it counts, in thousands: the year alone, or all until it where it sums them; None while one of those is not yet run."""
    found: dict[tuple[str, int], float | None] = {}
    for g in plant.caps:
        total: float | None = 0.0
        for y, hours in ((y, next((one for one in ran if one.year == y), None)) for y in plant.horizon.years):
            here = hours.values["cap.counted", (g, str(y))] if hours else None
            total = None if here is None or total is None else total + here
            found[g, y] = total if g in plant.targets and plant.targets[g].sums else here
    return found


def _rows(plant: Plant, plan: Solution, hours: Hours, counted: Mapping[tuple[str, int], float | None]) -> list[tuple[Any, ...]]:
    """One year: costs, emissions, caps, trade, demands, and what was not served."""
    y, rows = hours.year, list[tuple[Any, ...]]()

    def note(quantity: str, item: str, unit: str, planned: float, found: float, limit: float | None = None, holds: bool | None = None) -> None:
        rows.append((y, quantity, item, unit, planned, found, found - planned, limit, holds))

    def both(table: str, *key: str) -> tuple[float, float]:
        index = tuple(y if part == str(y) else part for part in key)
        return plan.value(table)[index] * THOUSAND, hours.values[table, key] * THOUSAND

    running, costs = {part: v for (part, paid_in), v in plan.value("cost.running").items() if paid_in == y}, paid(plant, hours, counted)
    note("cost", "running", "CNY", sum(running.values()) * MILLION, sum(costs.values()) * MILLION)
    for part, cost in costs.items():
        note("cost", part, "CNY", running.get(part, 0.0) * MILLION, cost * MILLION)
    note("emissions", "direct", "t", *both("emissions.direct", str(y)))
    note("emissions", "outsourced intermediates", "t", *both("emissions.outsourced", str(y)))
    for view in dict.fromkeys(view for view, _ in plant.grid_factor):
        note("emissions", f"{ENERGY} ({view})", "t", *both("emissions.energy", view, str(y)))
    for cap in plant.caps:
        limit = plant.cap_limit.get((cap, y))
        if limit is not None and cap in plant.targets:  # an intensity allows more the more is sold
            sold = sum(
                both("market.amount", k, str(y))[1] for k, m in plant.markets.items() if not m.buys and m.carrier == plant.targets[cap].product
            )
            limit += plant.targets[cap].per_sold(y) * sold / THOUSAND
        planned, reached = plan.value("cap.counted")[cap, y] * THOUSAND, counted[cap, y]
        if reached is None:
            continue
        found, summed = reached * THOUSAND, cap in plant.targets and plant.targets[cap].sums
        priced = cap in plant.targets and y in plant.targets[cap].price
        allowed = None if limit is None or priced else limit  # what has a price may be passed
        unit = plant.targets[cap].amount if cap in plant.targets else "t"
        note(
            "cap",
            cap,
            unit,
            planned,
            found,
            None if limit is None else limit * THOUSAND,
            _within(found, allowed, hours, "" if summed else "cap.cap_limit", cap),
        )
    for name, market in plant.markets.items():
        limit = market.limit.get(y)
        planned, found = both("market.amount", name, str(y))
        note(
            "market",
            name,
            plant.units[market.carrier],
            planned,
            found,
            limit and limit * THOUSAND,
            _taken(found, market.least.get(y), _within(found, limit, hours, "market.amount_limit", name)),
        )
    for carrier, balance in plant.carriers.items():
        lost = missed_by(hours, carrier)
        required = plant.demand.get((carrier, y), 0.0) * THOUSAND
        kept = lost <= TOLERANCE * max(hours.through.get(carrier, 0.0) * THOUSAND, 1.0)
        if balance == "year" and required:
            planned, waived = both("shed.waived", carrier, str(y)) if carrier in plant.standby.share else (0.0, 0.0)  # paid for, not missed
            note("demand", carrier, plant.units[carrier], required - planned, required - lost - waived, required - waived, kept)
        elif (lost > 0 and not kept) or (balance == "step" and carrier in hours.through):
            note("unserved", carrier, plant.units[carrier], 0.0, lost, 0.0, kept)
    for r, reserve in plant.standby.reserves.items():
        worst = float(hours.uncovered.loc[hours.uncovered["reserve"] == r, "amount"].max()) if (hours.uncovered["reserve"] == r).any() else 0.0
        unit = f"{plant.units[reserve.carrier]}/h".replace("MWh/h", "MW")
        note("reserve", r, unit, 0.0, worst, 0.0, worst <= TOLERANCE * max(hours.through.get(reserve.carrier, 0.0) * THOUSAND / calendar.DAYS, 1.0))
    for (rule, (line, *_)), lost in hours.missed.items():
        if rule.startswith("green."):
            short, of = abs(lost) * THOUSAND, hours.through.get("electricity", 0.0) * THOUSAND
            note(rule.removeprefix("green."), line, "MWh", 0.0, short, 0.0, short <= TOLERANCE * max(of, 1.0))
    return rows


def paid(plant: Plant, hours: Hours, counted: Mapping[tuple[str, int], float | None]) -> dict[str, float]:
    """Part -> MCNY of the year: what passes a sum of years at a price is paid in the year of its limit, whatever each year's share was taken to cost."""
    costs, y = dict(hours.costs), hours.year
    for g, target in plant.targets.items():
        total = counted[g, y]
        if target.sums and target.price and total is not None:
            costs[f"{g} passed"] = target.price.get(y, 0.0) * max(total - target.limit.get(y, np.inf), 0.0)
    return costs


def amiss(table: pd.DataFrame, ran: Sequence[Hours]) -> float:
    """By how much the years miss what has to hold: the sum of every miss as a share of what it misses, 0 where all holds."""
    through = {hours.year: hours.through for hours in ran}
    wrong, total = table[table["holds"] == False], 0.0  # noqa: E712 - None says that nothing has to hold
    for y, item, found, limit in wrong[["year", "item", "whole_year", "limit"]].itertuples(index=False, name=None):
        of = max(abs(limit), abs(through[y].get(item, 0.0)) * THOUSAND) or abs(found)
        total += min(1.0, abs(found - limit) / of) if of else 0.0
    return total


def missed_by(hours: Hours, carrier: str) -> float:
    """What a carrier's balances lack or have too much in the year, in its own unit."""
    of_step = float(hours.short.loc[hours.short["carrier"] == carrier, "amount"].abs().sum())
    return of_step + abs(hours.missed.get(("balance.year_balance", (carrier, str(hours.year))), 0.0)) * THOUSAND


def _within(found: float, limit: float | None, hours: Hours, rule: str, name: str) -> bool | None:
    """Whether a limit holds; None where there is none. rule: whose declared miss counts as well."""
    if limit is None:
        return None
    declared = abs(hours.missed.get((rule, (name, str(hours.year))), 0.0))
    return max(found / THOUSAND - limit, declared) <= TOLERANCE * max(abs(limit), 1.0)


def _taken(found: float, least: float | None, within: bool | None) -> bool | None:
    """Whether a smallest amount is traded, where there is one, within the limit."""
    return within if least is None else within is not False and least - found / THOUSAND <= TOLERANCE * max(least, 1.0)


def peaks(plant: Plant, year: Year, plan: Solution, ran: Sequence[Hours]) -> pd.DataFrame:
    """Each billed market's highest hour of every month, metered and planned: year, month, market, unit, planned, metered, excess (share), day (1..365), hour."""
    group = np.empty(calendar.DAYS, dtype=object)
    for day, of_group in zip(year.days.day, year.days.group, strict=True):
        group[list(year.days.days[day])] = of_group
    planned = plan.value("demand.peak")
    rows = []
    for hours in ran:
        for k, month, metered, at in hours.peaks.itertuples(index=False, name=None):
            expected = planned[k, hours.year, group[at // 24]]
            excess = metered / expected - 1 if expected > TOLERANCE else float(metered > TOLERANCE)
            unit = f"{plant.units[plant.markets[k].carrier]}/h".replace("MWh/h", "MW")
            rows.append((hours.year, month, k, unit, expected, metered, excess, at // 24 + 1, at % 24))
    return pd.DataFrame(rows, columns=["year", "month", "market", "unit", "planned", "metered", "excess", "day", "hour"])


def unplanned(table: pd.DataFrame, peaks: pd.DataFrame, at_end: Mapping[int, float]) -> float:
    """Today's CNY of demand charge that was not planned, of the years in which a month's peak lies more than PEAK above the planned one."""
    years = set(peaks.loc[peaks["excess"] > PEAK, "year"])
    billed = table[table["item"].str.endswith("demand charge") & (table["quantity"] == "cost") & table["year"].isin(years)]
    return float(sum(at_end[int(str(y))] * max(0.0, more) for y, more in billed.groupby("year")["difference"].sum().items()))


def misses(plant: Plant, ran: Sequence[Hours]) -> pd.DataFrame:
    """Days on which a carrier is not served (+), finds no use (-), or a reserve lacks something: year, carrier, day (1..365), month, hours, amount, unit, largest hour."""
    columns = ["year", "carrier", "day", "month", "hours", "amount", "unit", "largest"]
    rows = []
    for hours in ran:
        found: dict[tuple[str, int], list[float]] = {}
        for carrier, hour, amount in hours.short.itertuples(index=False, name=None):
            found.setdefault((carrier, hour // 24), []).append(amount)
        for r, _, hour, amount in hours.uncovered.itertuples(index=False, name=None):
            found.setdefault((r, hour // 24), []).append(amount)
        backed = {r: reserve.carrier for r, reserve in plant.standby.reserves.items()}
        for (carrier, day), amounts in found.items():
            of = backed.get(carrier, carrier)
            if sum(map(abs, amounts)) > TOLERANCE * max(hours.through.get(of, 0.0) * THOUSAND / calendar.DAYS, 1.0):
                month, unit = int(calendar.MONTH_OF_DAY[day]), plant.units[of]
                rows.append((hours.year, carrier, day + 1, month, len(amounts), sum(amounts), unit, max(amounts, key=abs)))
    return pd.DataFrame(rows, columns=columns)


def _summary(plant: Plant, year: Year, plan: Solution, ran: Sequence[Hours], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    table, years = tables["whole_year"], [hours.year for hours in ran]
    ends = np.array([plant.horizon.at_end(y) for y in years])
    cost = table[(table["quantity"] == "cost") & (table["item"] == "running")]
    extra = float(cost["difference"].to_numpy() @ ends)
    planned_cost = (plan.cost or 0.0) * MILLION
    counted = table[(table["quantity"] == "emissions") & (table["item"] != f"{ENERGY} (market)")][["planned", "whole_year"]].sum()
    over = tables["peaks"]["excess"].max() if len(tables["peaks"]) else 0.0
    return {
        "whole_year_years": years,
        "holds": bool(years == list(plant.horizon.years) and not (table["holds"] == False).any()),  # noqa: E712 - None says that nothing has to hold
        "whole_year_amiss": amiss(table, ran),
        "whole_year_cny": planned_cost + extra,
        "whole_year_cost_change": round(extra / planned_cost, DIGITS) if planned_cost else 0.0,
        "whole_year_emissions_change": round(float(counted["whole_year"] / counted["planned"] - 1), DIGITS) if counted["planned"] else 0.0,
        "whole_year_peak_excess": round(float(over), DIGITS),
        "whole_year_peak_cny": unplanned(table, tables["peaks"], dict(zip(years, ends, strict=True))),
        "whole_year_better_cny": sum(hours.better for hours in ran) * MILLION,
        "whole_year_residual": max((hours.residual for hours in ran), default=0.0),
        "synthetic": list(year.synthetic),
    }
