"""Front 前沿: cost against emissions, sampled where it is least known; the model-based abatement curve is read from it.

The cap of one year is swept between what the plan without caps emits and the lowest that can be reached; all other caps on
emissions are dropped, other targets stay. Between two neighbouring plans any other good plan lies in the rectangle that they span; the largest rectangles are
cut first. So points gather where the curve bends, and how many run at once does not change where they are.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner import case
from planner.errors import CaseError, Finding, SolverFailed
from planner.studies.many import Many
from planner.studies.point import Changes, Lowest, Record

ROUND = 4  # rectangles cut at once, however many plans run at once
FREE = "9"  # share of the base year at which a cap binds nothing
EDGE = 1e-4  # of the lowest reachable: room given to the tightest cap, so that its plan exists beyond rounding
SMALL = 1e-6  # of a size: below this nothing is built
COLUMNS = [
    "cap", "year", "limit_t", "emissions_t", "emissions_all_t", "cost_cny", "bound_cny", "extra_cny", "step_low", "step_found", "step_high", "step_all",
    "entered", "left", "stopped", "folder",
]  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A point of the front. limit: what it was asked to stay below (None: nothing); emissions: what the cap counts; cost, bound: of the plan."""

    limit: float | None
    emissions: float
    cost: float
    bound: float


Sample = Callable[[Sequence[float | None]], Sequence[Plan | None]]  # limits -> plans, None where there is none


def sampled(ask: Sample, lowest: float, points: int) -> list[Plan]:
    """Plans from the free one down to ``lowest``, at most ``points``, each better than all others in cost or emissions."""
    found = [p for p in ask((None, lowest)) if p is not None]
    tried = {lowest}
    asked = 2
    while asked < points:
        front = efficient(found)
        pairs = list(itertools.pairwise(front))
        cuts = [((a.emissions - b.emissions) * (b.cost - a.cost), (a.emissions + b.emissions) / 2) for a, b in pairs]
        wanted = [limit for size, limit in sorted(cuts, reverse=True) if size > 0 and limit not in tried][: min(ROUND, points - asked)]
        if not wanted:
            break
        found += [p for p in ask(wanted) if p is not None]
        tried |= set(wanted)
        asked += len(wanted)
    return efficient(found)


def efficient(plans: Sequence[Plan]) -> list[Plan]:
    """Those that no other beats in both cost and emissions, the highest emissions first."""
    kept: list[Plan] = []
    for plan in sorted(plans, key=lambda p: (p.emissions, p.cost)):  # from the lowest emissions up, each must be cheaper
        if not kept or plan.cost < kept[-1].cost:
            kept.append(plan)
    return kept[::-1]


def swept(read: case.Case, year: int | None) -> tuple[str, int]:
    """The cap that is swept, and its year: the first of the case on a year's emissions, and its last. Raises CaseError."""
    rows = [
        r for r in read.tables["caps"]
        if (r["measure"], r["per"], r["counts"], r["price"]) == ("emissions", "site", "yearly", None) and year in (None, r["year"])
    ]  # fmt: skip
    if not rows or not read.settings.get("base_year.emissions"):
        raise CaseError(
            [
                Finding(
                    read.name,
                    "there is no cap to sweep" + (f" in {year}" if year else ""),
                    "a yearly amount of emissions in caps.csv, and base_year.emissions",
                )
            ]
        )
    return rows[0]["cap"], max(r["year"] for r in rows if r["cap"] == rows[0]["cap"])


def of(many: Many, read: case.Case, year: int | None, points: int, under: str = "") -> pd.DataFrame:
    """One row a plan of the front, the free plan first; see COLUMNS. CNY in today's money, steps in CNY per t less in that year.

    step_low, step_high: what the proven gaps leave open; step_all: CNY per t less over all years; ``under``: where the study's folder stands for who
    reads the table. Raises CaseError, SolverFailed.
    """
    cap, year = swept(read, year)
    base = float(read.settings["base_year.emissions"])
    caps = tuple(dict.fromkeys(r["cap"] for r in read.tables["caps"] if r["measure"] == "emissions"))
    dropped: Changes = tuple((f"caps.{name}.share", FREE) for name in caps)
    records: dict[Plan, tuple[Record, Changes]] = {}

    def ask(limits: Sequence[float | None]) -> list[Plan | None]:
        asked = [dropped if at is None else (*dropped, (f"caps.{cap}.{year}.share", format(at / base, ".9g"))) for at in limits]
        made: list[Plan | None] = []
        for limit, changes, record in zip(limits, asked, many.plan(asked), strict=True):
            plan = Plan(limit, record["counted_t"][f"{cap}.{year}"], record["objective_cny"], record["bound_cny"]) if "counted_t" in record else None
            made.append(plan)
            if plan is not None:
                records[plan] = record, changes
        return made

    lowest = many.lowest(Lowest(cap, year, caps))[1]
    front = sampled(ask, lowest * (1 + EDGE), points)
    if not front:
        raise SolverFailed("not even the plan without caps was found; see `planner solve`")
    return _table(many, cap, year, front, records, under)


def _table(many: Many, cap: str, year: int, front: list[Plan], records: dict[Plan, tuple[Record, Changes]], under: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    before: Plan | None = None
    built: dict[str, float] = {}
    for plan in front:
        record, changes = records[plan]
        place = many.store.place(changes)
        now, total = sizes(place), sum(record["emissions_t"].values())
        row: dict[str, Any] = {
            "cap": cap, "year": year, "limit_t": plan.limit, "emissions_t": plan.emissions, "emissions_all_t": total, "cost_cny": plan.cost, "bound_cny": plan.bound,
            "extra_cny": plan.cost - front[0].cost, "stopped": bool(record["stopped"]), "folder": f"{under}points/{place.name}",
        }  # fmt: skip
        if before is not None:
            less, less_all = before.emissions - plan.emissions, sum(records[before][0]["emissions_t"].values()) - total
            steps = (plan.bound - before.cost, plan.cost - before.cost, plan.cost - before.bound)
            row |= {f"step_{name}": max(0.0, extra) / less for name, extra in zip(("low", "found", "high"), steps, strict=True)}
            row |= {"step_all": steps[1] / less_all if less_all > 0 else None}
            row |= {"entered": " ".join(sorted(now.keys() - built.keys())), "left": " ".join(sorted(built.keys() - now.keys()))}
        rows.append(row)
        before, built = plan, now
    return pd.DataFrame(rows, columns=COLUMNS)


def sizes(folder: Path) -> dict[str, float]:
    """What a plan builds, by asset, in its own unit."""
    road = pd.read_csv(folder / "roadmap.csv", keep_default_na=False)
    summed = road[road["action"] == "build"].groupby("asset")["size"].sum()
    return {str(a): float(s) for a, s in summed.items() if s > SMALL}
