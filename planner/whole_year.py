"""Whole year 全年: a plan made on representative days is run on all 8,760 hours of every year, its sizes held.

The blocks are those of the plan, laid hour by hour (models.tiles) and solved month by month (planner.mixing), two years at
a time in processes of their own. What every year gives is recomputed outside the model before it is told.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from models.carried import LEVEL, carried
from models.compiled import Vector
from models.solution import Solution
from models.tiles import HOURS, Tile, Yearly, dense, numbers, split, tiles, unlike
from planner import audit, audit_investing, audit_trade, calendar, mixing, results, trade, translate
from planner.audit_money import TOLERANCE
from planner.errors import CaseError, Finding, PlanRefused, SolverFailed
from planner.plan import Listen, Progress
from planner.plant import THOUSAND, Plant
from planner.process import begin, context
from planner.rule_curve import nightly, rule_curve
from planner.year import Year

UNSERVED = 1000.0  # bills of the year that serving nothing of a carrier would cost: above everything a plant could do instead
BEYOND = 30.0  # and that going as far again beyond a limit would cost: what must be served is served first
NEAR = 1e-5  # of the year's bill: how much a better mix of months could still save
ROUNDS = 30
ROUNDING = 1e-9  # unit/h
STEP_BALANCE, COVERED = "balance.step_balance", "reserve.covered"


@dataclass(frozen=True)
class Hours:
    """One year on all its hours.

    costs: part -> MCNY; values: yearly column such as (market.amount, (grid, 2026)) -> canonical; missed: yearly row -> what it
    lacks (+) or has too much (-); short: carrier, hour 0..8759, amount (unit/h; + unserved, - without a use); peaks: market,
    month, metered (unit/h), hour; uncovered: reserve, loss, hour, what of the critical use nothing carries (unit/h); through: carrier -> thousands of its unit that the plan moves; faults, residual: of the
    audit; better: MCNY of today that a better mix of months could at most save; seconds: CPU time; flows: table -> index without
    year and step -> (8760,) values; billed: table -> (index without year and month, month) -> value; of_months: MCNY of today that
    the months cost.
    """

    year: int
    costs: Mapping[str, float]
    values: Mapping[tuple[str, tuple[str, ...]], float]
    missed: Mapping[tuple[str, tuple[str, ...]], float]
    short: pd.DataFrame
    peaks: pd.DataFrame
    uncovered: pd.DataFrame
    through: Mapping[str, float]
    faults: tuple[str, ...]
    residual: float
    better: float
    rounds: int
    seconds: float
    flows: "Grouped"
    billed: "Billed"
    of_months: float


@dataclass(frozen=True)
class Job:
    """All that one year needs; crosses a process boundary."""

    number: int
    tile: Tile
    yearly: Yearly
    entries: Vector
    planned: Vector
    prices: Vector
    through: Mapping[str, float]  # see Hours
    bill: float  # MCNY of today
    discount: float  # today's value of 1 paid at the year's end
    share: float  # the year's part of what is paid alike at the end of every year
    settled: float  # MCNY of fixed cost that follows from when things were built alone
    plant: Plant
    year: Year
    near: float
    kept: Mapping[str, Vector]  # store linked over the year -> what the plan keeps in it when each month begins, (12,)


def run(plant: Plant, year: Year, plan: Solution, *, near: float = NEAR, processes: int = 2, listen: Listen = lambda _: True) -> tuple[Hours, ...]:
    """Run ``plan`` on every hour of every year; with ``processes`` = 0 in this process, one after the other.

    Raises CaseError (see ``possible``), PlanRefused when a year does not add up, and SolverFailed. ``listen`` hears each
    year; False stops: the years so far.
    """
    began = time.perf_counter()
    possible(plant)
    return ran(list(jobs(plant, year, plan, near)), processes, lambda: listen(Progress("whole year", time.perf_counter() - began)))


def ran(jobs: Sequence[Job], processes: int, wanted: Callable[[], bool] = lambda: True) -> tuple[Hours, ...]:
    """Run every job; see ``run``."""
    done: list[Hours] = []
    for hours in _in_processes(jobs, processes) if processes else map(one_year, jobs):
        if hours.faults:
            raise PlanRefused([f"whole year {hours.year}: {fault}" for fault in hours.faults])
        done.append(hours)
        if not wanted():
            break
    return tuple(sorted(done, key=lambda hours: hours.year))


def possible(plant: Plant) -> None:
    """Raises CaseError where a target that sums years has a price and several limits: years are run one by one, and each knows one price."""
    if summed := [g for g, t in plant.targets.items() if t.sums and t.price and len(t.limit) > 1]:
        what = (
            f"the whole year cannot be run with {', '.join(summed)}, which sums several years, has more than one limit and may be passed at a price"
        )
        raise CaseError([Finding("caps.csv", what, "one limit on the sum, hard limits, or targets counted yearly")])


def shared_out(plant: Plant, plan: Solution) -> Plant:
    """Every year is run alone: of a target that sums years it keeps to the share that the plan counts in it. Whether the sum holds is seen in planner.holds.

    What may be passed at a price costs as much today in whichever year it is counted; where the plan passes the sum, every tonne of a year
    does: fewer save as much as more cost. What is paid in the end is the price of the sum (planner.holds).
    """
    counted, targets, limits = plan.value("cap.counted") if plant.caps else {}, dict(plant.targets), dict(plant.cap_limit)
    for g, target in plant.targets.items():
        if target.sums:
            last, today = max(target.limit), plant.horizon.at_end
            passed = last in target.price and counted[g, last] > target.limit[last] + TOLERANCE * max(abs(target.limit[last]), 1.0)
            room = min((limit / counted[g, y] for y, limit in target.limit.items() if counted[g, y] > 0), default=1.0)  # 1 where the sum binds
            parts = {y: 0.0 if passed else room * (counted[g, y] - counted.get((g, y - 1), 0.0)) for y in plant.horizon.years if y <= last}
            price = {y: target.price[last] * today(last) / today(y) for y in parts} if target.price else {}
            targets[g] = replace(target, sums=False, limit=parts, price=price)
            limits = {key: v for key, v in limits.items() if key[0] != g} | {(g, y): v for y, v in parts.items()}
    return replace(plant, targets=targets, cap_limit=limits)


def jobs(plant: Plant, year: Year, plan: Solution, near: float = NEAR, days: calendar.TypicalDays | None = None) -> Iterator[Job]:
    """All that every year needs to run ``plan``, made on the days of ``year``, on every day (or on ``days``, all of one weight)."""
    summed, plant = [g for g, t in plant.targets.items() if t.sums], shared_out(plant, plan)
    hourly = replace(year, days=days or calendar.every_day(year.hourly))
    x = dense(translate.inputs(plant, hourly))
    linked, kept = x.seasonal, rule_curve(plant, year.days, plan)
    laid = tiles(replace(x, seasonal=(), day_order=(), day_of={}))  # days are tied to each other where a month is laid
    entries, yearly = numbers(x, laid.entries), laid.yearly
    known = {(name, tuple(map(str, k))): v for name in {split(c)[0] for c in yearly.columns} for k, v in plan.value(name).items()}
    known |= {("cap.over", (g, str(y))): 0.0 for g in summed for y in plant.targets[g].price}  # each year starts within its share
    groups = {f"m{month:02d}": group for month, group in trade.month_of(year.days).items()} if unlike(x) else {}

    def in_group(key: tuple[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
        """What a month of the year is in the plan: the group of months it belongs to."""
        return key[0], tuple(groups.get(part, part) for part in key[1])

    planned = np.clip([known[key if (key := split(name)) in known else in_group(key)] for name in yearly.columns], yearly.lower, yearly.upper)
    paid = {(name, tuple(map(str, k))): v for name, table in plan.prices.items() for *k, v in table.itertuples(index=False, name=None)}
    for g in summed:  # a tonne is worth the same today in whichever year it is let out
        worth = sum(v for (rule, (cap, *_)), v in paid.items() if (rule, cap) == ("cap.cap_limit", g))
        paid |= {("cap.cap_limit", (g, str(y))): worth for y in plant.horizon.years}
    prices = np.zeros(len(yearly.rows))
    for n, key in enumerate(map(split, yearly.rows)):
        month = next((part for part in key[1] if part in groups), None)  # a group's price is that of all its months
        prices[n] = paid.get(in_group(key), 0.0) / year.days.months[groups[month]] if month else paid.get(key, 0.0)
    moved = results.balance(plant, plan, year)
    moved = moved[moved["amount"] > 0]
    running, settled = plan.value("cost.running"), _settled(plant, plan)
    for y in plant.horizon.years:
        bill = sum(abs(v) for (_, paid_in), v in running.items() if paid_in == y) * x.discount_end[y] or 1.0
        through = {str(c): float(part.sum()) / THOUSAND for c, part in moved[moved["year"] == y].groupby("carrier")["amount"]}
        alone = replace(plant, horizon=replace(plant.horizon, first=y, last=y), rows={})
        yield Job(
            y,
            laid.of_year[y],
            yearly,
            entries[y],
            planned,
            prices,
            through,
            bill,
            x.discount_end[y],
            x.discount_end[y] / sum(x.discount_end.values()),
            settled[y],
            alone,
            hourly,
            near,
            {a: kept[a, y] for a in linked},
        )


def _settled(plant: Plant, plan: Solution) -> dict[int, float]:
    """Year -> MCNY: what age and vintage add to the fixed cost of what stands; no hour changes it."""
    years = plant.horizon.years
    built, retired = ({**plan.value(f"capacity.{table}")} for table in ("built", "retired"))
    tables = (np.array([[of.get((a, y), 0.0) for y in years] for a in plant.assets]).reshape(-1, len(years)) for of in (built, retired))
    return dict(zip(years, map(float, audit_investing.extra_fixed_cost(plant, *tables)), strict=True))


def missing(job: Job, days: int) -> Vector:
    """By row of a month of so many days, the price of missing it: that of a balance of the hours, MCNY of today per unit/h; 0 where none can be missed."""
    tile, daily, miss = job.tile, len(job.tile.row_hours), np.zeros(len(job.tile.rows))
    price = UNSERVED * job.bill / THOUSAND * float(job.year.days.weight[0])
    for n, (component, index) in enumerate(map(split, tile.rows)):
        if component == STEP_BALANCE:
            miss[n] = price / (job.through.get(index[0]) or 1.0)  # of one unit for one hour
        elif component == COVERED:
            miss[n] = BEYOND / UNSERVED * price / (job.through.get(job.plant.standby.reserves[index[0]].carrier) or 1.0)
    return np.concatenate([np.tile(miss[:daily], days), miss[daily:]])


def one_year(job: Job) -> Hours:
    """Run one year and recompute it."""
    began = time.process_time()
    tile, yearly, y = job.tile, job.yearly, job.number
    held = mixing.held_columns(tile, yearly, y)
    months = []
    for month in range(1, 13):
        here = np.flatnonzero(month == calendar.MONTH_OF_DAY)
        levels = {a: (float(kept[month - 1]), float(kept[month % 12])) for a, kept in job.kept.items()}
        laid = carried(tile.lay(job.entries[:, here], f"m{month:02d}"), tile, levels)
        months.append(mixing.Month(laid, job.planned, missing(job, len(here))))
    ran = mixing.run(months, yearly, y, job.planned, held, job.prices, job.bill, missed=(UNSERVED, BEYOND), near=job.near, most=ROUNDS)
    return _told(job, ran, began)


def _told(job: Job, ran: mixing.Ran, began: float) -> Hours:
    """A year's answers as numbers people ask for, recomputed."""
    yearly, y, steps = job.yearly, job.number, job.year.days.steps
    of_year = [n for n, at in enumerate(yearly.column_years) if at in (y, None)]  # what has no year holds in all of them
    values = {split(yearly.columns[n]): float(ran.columns[n]) for n in of_year}
    flows, peaks = _flows(job.tile, ran), _monthly(job.tile, ran)
    short, uncovered = _short(job.tile, ran), _missed(job.tile, ran, COVERED, ["reserve", "loss"])
    uncovered["amount"] = uncovered["amount"].abs()  # of a limit, whichever way the solver writes it
    missed = {split(name): float(v) for name, v in zip(yearly.rows, ran.missed, strict=True) if v}
    tables = {name: _frame([], len(axes) + axes.count("j")) for name, axes in audit.OPERATED.items()} | _tables(values, y)
    tables |= of_hours(flows, peaks, y, steps)
    if job.kept:
        tables["season.begin"] = pd.concat(nightly({a: flows[LEVEL][a,] for a in job.kept}, y), ignore_index=True)
    lacking = {name: table for name, table in _tables(missed, y).items() if name in audit.MISSED}
    lacking[COVERED] = _frame([(r, what, y, steps[h], v) for r, what, h, v in uncovered.itertuples(index=False, name=None)], 4)
    lacking[STEP_BALANCE] = _frame([(c, y, steps[h], v) for c, h, v in short.itertuples(index=False, name=None)], 3)
    audited, parts = audit.operated(job.plant, job.year, Solution("optimal", ran.cost, None, tables), lacking)
    flow = flows.get("market.flow", {})
    through = sum((flow[k,] for k in audit_trade.through_meter(job.plant) if (k,) in flow), np.zeros(len(steps)))
    metered = [(key[0], month, *_highest(through, month)) for key, month in sorted(peaks.get("demand.peak", {}))]
    costs = {part: float(paid[0]) for part, paid in parts.items()}
    share = [job.share if yearly.column_years[n] is None else 1.0 for n in of_year]
    paid = [split(yearly.columns[n])[0] for n in of_year]
    running = [c not in audit.DECIDED and (c == "capacity.size" or c.partition(".")[0] not in mixing.INVESTING) for c in paid]
    solved = sum(p * float(yearly.cost[n] * ran.columns[n]) for n, p, here in zip(of_year, share, running, strict=True) if here)
    solved += sum(answer.cost for answer in ran.months)
    off = abs(solved - sum(costs.values()) * job.discount)
    faults = (
        audited.faults if off <= TOLERANCE * job.bill else (*audited.faults, f"running costs: the parts are {off:.3g} MCNY from what was minimised")
    )
    costs["fixed"] += job.settled
    return Hours(
        year=y, costs=costs, values=values, missed=missed, short=short, peaks=pd.DataFrame(metered, columns=["market", "month", "metered", "hour"]),
        uncovered=uncovered, through=job.through, faults=faults, residual=max(audited.largest_residual, off / job.bill), better=ran.better, rounds=ran.rounds,
        seconds=time.process_time() - began, flows=flows, billed=peaks, of_months=sum(answer.cost for answer in ran.months),
    )  # fmt: skip


Grouped = dict[str, dict[tuple[str, ...], Vector]]
Billed = dict[str, dict[tuple[tuple[str, ...], int], float]]


def of_hours(flows: Grouped, billed: Billed, y: int, steps: Sequence[str]) -> dict[str, pd.DataFrame]:
    """What a year does by hour and by month as tables of a solution."""
    return {name: _stepped(group, y, steps) for name, group in flows.items()} | {
        name: _frame([(*key, y, f"m{month:02d}", v) for (key, month), v in group.items()]) for name, group in billed.items()
    }


def _flows(tile: Tile, ran: mixing.Ran) -> Grouped:
    """Table -> index without year and step -> (8760,) values."""
    daily, found = len(tile.column_hours), Grouped()
    whole = np.concatenate([answer.values[: len(answer.values) - len(tile.columns) + daily].reshape(-1, daily) for answer in ran.months])
    for name in dict.fromkeys(tile.columns[:daily]):
        component, index = split(name)
        columns = np.flatnonzero(np.array(tile.columns[:daily]) == name)
        columns = columns[np.argsort(tile.column_hours[columns])]
        found.setdefault(component, {})[index[:-1]] = whole[:, columns].ravel()
    return found


def _monthly(tile: Tile, ran: mixing.Ran) -> Billed:
    """Table -> (index without year and month, month) -> value."""
    daily, found = len(tile.column_hours), Billed()
    for n, name in enumerate(tile.columns[daily:]):
        component, index = split(name)
        for month, answer in enumerate(ran.months, start=1):
            found.setdefault(component, {})[index[:-1], month] = float(answer.values[n - len(tile.columns) + daily])
    return found


def _short(tile: Tile, ran: mixing.Ran) -> pd.DataFrame:
    """Carrier, hour, amount of what a balance lacked (+) or had too much (-)."""
    return _missed(tile, ran, STEP_BALANCE, ["carrier"])


def _missed(tile: Tile, ran: mixing.Ran, rule: str, names: list[str]) -> pd.DataFrame:
    """Names of the index, hour, amount of what rows of a rule lacked (+) or had too much (-)."""
    daily, rows = len(tile.row_hours), list[tuple[Any, ...]]()
    whole = np.concatenate([answer.short[: len(answer.short) - len(tile.rows) + daily].reshape(-1, daily) for answer in ran.months])
    for day, n in zip(*np.nonzero(whole), strict=True):
        component, index = split(tile.rows[n])
        if component == rule and abs(whole[day, n]) > ROUNDING:
            rows.append((*index[: len(names)], int(day * HOURS + tile.row_hours[n]), float(whole[day, n])))
    return pd.DataFrame(rows, columns=[*names, "hour", "amount"])


def _highest(flow: Vector, month: int) -> tuple[float, int]:
    """The highest hour of a month."""
    here = np.where(np.repeat(month == calendar.MONTH_OF_DAY, HOURS), flow, -np.inf)
    return float(here.max()), int(here.argmax())


def _tables(values: Mapping[tuple[str, tuple[str, ...]], float], y: int) -> dict[str, pd.DataFrame]:
    """Yearly values as tables by component; the year as a number again."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    for (component, index), v in values.items():
        rows.setdefault(component, []).append((*(y if part == str(y) else part for part in index), v))
    return {component: _frame(found) for component, found in rows.items()}


def _stepped(group: Mapping[tuple[str, ...], Vector], y: int, steps: Sequence[str]) -> pd.DataFrame:
    """Hourly values as one table."""
    index = [np.repeat(np.array([key[n] for key in group], dtype=object), len(steps)) for n in range(len(next(iter(group))))]
    every = [*index, np.full(len(group) * len(steps), y, dtype=object), np.tile(np.array(steps, dtype=object), len(group))]
    return pd.DataFrame({f"i{n}": column for n, column in enumerate(every)} | {"value": np.concatenate(list(group.values()))})


def _frame(rows: Sequence[tuple[object, ...]], index: int = 1) -> pd.DataFrame:
    width = len(rows[0]) - 1 if rows else index
    return pd.DataFrame(rows, columns=[*(f"i{n}" for n in range(width)), "value"]).astype({"value": float})


# -- processes -----------------------------------------------------------------------------------------------------


def _in_processes(jobs: Sequence[Job], processes: int, patience: float = 600.0) -> Iterator[Hours]:
    """Every year in a process of its own, ``processes`` at a time. Raises SolverFailed when one dies or takes too long."""
    pool = ProcessPoolExecutor(processes, context(), begin)
    open_jobs: set[Future[Hours]] = set()
    try:
        open_jobs = {pool.submit(one_year, job) for job in jobs}
        while open_jobs:
            done, open_jobs = wait(open_jobs, timeout=patience, return_when=FIRST_COMPLETED)
            if not done:
                raise SolverFailed(f"a whole year took more than {patience:.0f} s and was ended")
            yield from (future.result() for future in done)
    except KeyboardInterrupt:  # Ctrl-C keeps the plan, and the years that were run
        return
    except BrokenProcessPool:
        raise SolverFailed("the process of a whole year ended early; it may have run out of memory") from None
    finally:
        for process in list((pool._processes or {}).values()) if open_jobs else ():
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
