"""Enriching 加密: a plan that the whole year refuses is made again with what it missed, a few times at most.

A day on which something is not served joins the representative days, as it is, hour by hour, counted once. A cap or a limit
of a market that the year exceeds is planned lower by the measured miss, and in later rounds by what the round before
achieved. A day that sets a month's peak far above the planned one joins as well, as long as what it costs unplanned is more
than what the plan leaves open anyway. The best round is kept, never a worse one; limits shown stay those of the case, and
what still does not hold is told.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

import pandas as pd

from planner import holds, whole_year
from planner import run as runs
from planner.errors import PlannerError, Stopped
from planner.plan import Listen, Progress
from planner.plant import THOUSAND, Plant
from planner.results import Results
from planner.run import Ready, Run
from planner.warm import Session

ROUNDS = 5
MORE = 1.01  # times the miss: what is missed again is then never mere rounding
WEAKEST = 0.1  # of a tonne less in the year per tonne less in the plan: no round goes further than this says
COLUMNS = ["round", "kind", "item", "year", "amount", "unit", "amiss_before", "amiss_after", "kept"]
LIMITS = ("cap", "market")
Limit = tuple[str, str, int]


class Told(Protocol):
    """What the whole year said of a plan; see planner.holds."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Holds, and by how much it does not."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The year's figures, and the days on which something was missed."""


Made = TypeVar("Made")


@dataclass(frozen=True)
class Asked:
    """What a plan is asked for beyond its case. days: 1..365, shown as they are; limits: (cap or market, name, year) -> canonical, what is
    planned instead of the case's; met: the same -> what was planned and missed the last time, canonical."""

    days: tuple[int, ...] = ()
    limits: Mapping[Limit, float] = field(default_factory=dict)
    met: Mapping[Limit, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rounds(Generic[Made]):
    """best: the plan that misses least; table: one row a thing asked for; made: how many; kept: which, 0 the first plan; ended: why they ended early."""

    best: Made
    table: pd.DataFrame
    made: int
    kept: int
    ended: str = ""


def solve(ready: Ready, *, gap: float = 0.01, seconds: float = 600.0, rounds: int = ROUNDS, listen: Listen = lambda _: True) -> Run:
    """The plan of a case run on the whole year, made again with what it missed until it holds or ``rounds`` are over.

    Raises what ``run.solve`` raises for the first plan; a later round that ends without a plan only ends the rounds.
    """
    whole_year.possible(ready.plant)
    began, wanted = time.perf_counter(), True

    def heard(now: Progress) -> bool:
        nonlocal wanted
        wanted = listen(now) and wanted
        return wanted

    with Session(ready) as session:
        first = _made(session, ready, Asked(), gap, seconds, heard)
        done = repeated(
            first, lambda more: _made(session, ready, more, gap, seconds, heard), lambda run: run.results, ready.plant, rounds, lambda: wanted
        )
    total = time.perf_counter() - began + ready.seconds
    spent = {**done.best.seconds, "rounds": total - done.best.seconds["total"], "total": total}
    found = done.best.results
    summary = {**found.summary, "rounds_made": done.made, "round_kept": done.kept, "rounds_ended": done.ended}
    return replace(done.best, results=Results(summary, {**found.tables, "rounds": done.table}), seconds=spent)


def repeated(
    first: Made,
    again: Callable[[Asked], Made],
    told: Callable[[Made], Told],
    plant: Plant,
    most: int = ROUNDS,
    wanted: Callable[[], bool] = lambda: True,
) -> Rounds[Made]:
    """Make a plan ``again`` with what the whole year missed, until it holds, ``most`` times at most."""
    best, last, asked, rows, made, kept, ended = first, first, Asked(), list[tuple[object, ...]](), 0, 0, ""
    while not _done(told(best)) and made < most and wanted():
        more = _more(plant, told(last), asked)
        if (more.days, more.limits) == (asked.days, asked.limits):
            ended = "there is nothing else to ask for"
            break
        before = _amiss(told(last))
        made, new = made + 1, _rows(plant, made + 1, asked, more, "day" if before else "peak")
        try:
            last = again(more)
        except PlannerError as error:
            rows += [(*row, before, None, False) for row in new]
            ended = "" if isinstance(error, Stopped) else str(error)
            break
        better = _rank(told(last)) < _rank(told(best))
        rows += [(*row, before, _amiss(told(last)), better) for row in new]
        best, kept, asked = (last, made, more) if better else (best, kept, more)
    return Rounds(best, pd.DataFrame(rows, columns=COLUMNS), made, kept, ended)


def _amiss(found: Told) -> float:
    return 0.0 if found.summary["holds"] else float(found.summary["whole_year_amiss"])


def _rank(found: Told) -> tuple[float, float]:
    """What makes one round better than another: what is missed, then what peaks cost beyond the plan where that matters."""
    cost = float(found.summary["whole_year_peak_cny"])
    return _amiss(found), cost if cost > float(found.summary.get("gap_cny", 0.0)) else 0.0


def _done(found: Told) -> bool:
    return _rank(found) == (0.0, 0.0)


def _made(session: Session, ready: Ready, asked: Asked, gap: float, seconds: float, listen: Listen) -> Run:
    """One round: the plan, audited as the case has it, and the whole year's verdict on it."""
    if asked.days:
        own = str(ready.case["time.apart"]).split()
        ready = session.changed([("time.apart", " ".join([*own, *(str(day) for day in asked.days if str(day) not in own)]))])
    stricter = replace(ready, plant=tightened(ready.plant, asked.limits))
    return runs.evaluated(ready, lambda: session.make(stricter, gap, seconds, listen), True, listen)


def tightened(plant: Plant, limits: Mapping[Limit, float]) -> Plant:
    """The plant with other caps and limits of markets."""
    caps = {key: limits.get(("cap", *key), limit) for key, limit in plant.cap_limit.items()}
    markets = {k: replace(m, limit={y: limits.get(("market", k, y), v) for y, v in m.limit.items()}) for k, m in plant.markets.items()}
    return replace(plant, cap_limit=caps, markets=markets)


def _more(plant: Plant, found: Told, asked: Asked) -> Asked:
    """What was asked for, and what the year then still missed: of each carrier and month the day that lacks most, each limit lower by its miss,
    and where nothing else is missed, the days whose peaks cost most beyond the plan."""
    short = found.tables["misses"]
    worst = short.loc[short.groupby(["carrier", "month"])["amount"].apply(lambda amount: amount.abs().idxmax())] if len(short) else short
    lacking = set(map(int, worst["day"])) or (set() if _amiss(found) or _done(found) else _highest(found.tables["peaks"]))
    days = (*asked.days, *(day for day in sorted(lacking) if day not in asked.days))
    table, limits, met = found.tables["whole_year"], dict(asked.limits), dict(asked.met)
    missed = table[(table["holds"] == False) & table["quantity"].isin(LIMITS) & (table["whole_year"] > table["limit"])]  # noqa: E712 - None says that nothing has to hold
    columns = ["quantity", "item", "year", "planned", "whole_year", "limit"]
    for kind, item, y, planned, year, limit in missed[columns].itertuples(index=False, name=None):
        key, now = (kind, item, int(y)), (planned / THOUSAND, (year - limit) / THOUSAND)
        lowest = 0.0 if kind == "market" else float("-inf")
        limits[key] = max(lowest, now[0] - MORE * now[1] / _response(now, met.get(key)))
        met[key] = now
    return Asked(days, limits, met)


def _highest(peaks: pd.DataFrame, most: int = 2) -> set[int]:
    """The days that set the peaks furthest above the planned ones, one a month, a few at a time: each makes the plan larger."""
    over = peaks[peaks["excess"] > holds.PEAK].assign(above=lambda t: t["metered"] - t["planned"]).sort_values("above", ascending=False)
    return set(map(int, over.drop_duplicates("month").head(most)["day"]))


def _response(now: tuple[float, float], before: tuple[float, float] | None) -> float:
    """How much less the year missed for each tonne less that was planned; 1 where nothing is known yet."""
    if before is None or before[0] <= now[0]:
        return 1.0
    return min(1.0, max(WEAKEST, (before[1] - now[1]) / (before[0] - now[0])))


def _rows(plant: Plant, number: int, asked: Asked, more: Asked, kind: str) -> list[tuple[object, ...]]:
    """Round, kind, item, year, amount, unit of what a round asks for on top: a day of the year (for what it lacks, or for its peak), or how far below the case's limit is planned."""
    rows: list[tuple[object, ...]] = [(number, kind, "", None, float(day), "") for day in more.days if day not in asked.days]
    for (kind, item, y), limit in more.limits.items():
        if limit != asked.limits.get((kind, item, y)):
            if kind == "cap":
                own, unit = plant.cap_limit[item, y], plant.targets[item].amount if item in plant.targets else "t"
            else:
                own, unit = plant.markets[item].limit[y], plant.units[plant.markets[item].carrier]
            rows.append((number, kind, item, y, (own - limit) * THOUSAND, unit))
    return rows
