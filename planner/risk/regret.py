"""Regret 后悔值: plans against futures - what each plan, its first decisions kept, costs in every future more than the best there.

The plan for all futures at once is made beside the plans for each of them: one problem of all, its first decisions common
(models/futures.py). Every plan is then run in every future like any other fixed plan, by the same studies and the same audit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from models.futures import Risk, at_risk
from planner.errors import NoPlanExists
from planner.language import LANGUAGES
from planner.plant import MILLION
from planner.risk import common, ranges, robust
from planner.risk.plans import Plans, Taken
from planner.risk.robust import Seen
from planner.risk.tornado import missed
from planner.studies.point import Changes

TOGETHER = "all futures"  # the plan for all at once
MEAN = "mean future"


@dataclass(frozen=True)
class Future:
    """What may come: its name, how likely, what it changes in the case, and what it is called where that is not its name."""

    name: str
    chance: float
    changes: Changes
    labels: Mapping[str, str] = field(default_factory=dict)


def of(plans: Plans, futures: Sequence[Future], risk: Risk, until: int | None, together: bool = True) -> dict[str, pd.DataFrame]:
    """regret: one row a plan and future; plans: one row a plan; robust: decisions over the plans of each future.

    until: decisions taken by the end of that year are kept, later ones made anew in each future; None: all are kept.
    CNY in today's money, what is missed at its price included. Raises NoPlanExists where a future has no plan, CaseError.
    """
    mean = mean_of(futures)
    futures = [replace(f, changes=ranges.spelt(plans.case, f.changes)) for f in futures]
    best = plans.ask(plans.anew(), [f.changes for f in futures])
    for f, (record, _) in zip(futures, best, strict=True):
        if "objective_cny" not in record:
            raise NoPlanExists(f"the future {f.name!r} has no plan: {record.get('reason') or record['status']}")
    made: dict[str, list[Taken]] = {}
    last = int(plans.case["horizon.last_year"]) if until is None else until
    for f, (_, folder) in zip(futures, best, strict=True):
        made[f"best for {f.name}"] = plans.decided(folder, last)
    if mean is not None and len(futures) > 1:
        [(record, folder)] = plans.ask(plans.anew(), [ranges.spelt(plans.case, mean)])
        if "objective_cny" in record:
            made[MEAN] = plans.decided(folder, last)
    joint: common.Common | None = None
    if together:
        near = 0.0
        for f, (record, _) in zip(futures, best, strict=True):
            near += f.chance * plans.effort.gap * record["decided_cny"] / MILLION
        joint = common.plan(plans, [(f.chance, f.changes) for f in futures], risk, last, near)
        made[TOGETHER] = joint.decisions
    rows = []
    for name, decisions in made.items():
        asked = plans.ask(plans.keeping(decisions, last), [f.changes for f in futures])
        for f, (record, folder), (alone, _) in zip(futures, asked, best, strict=True):
            rows.append({
                "plan": name, "future": f.name, **{code: f.labels.get(code, f.name) for code in LANGUAGES}, "chance": f.chance, "status": record["status"], "cost_cny": record.get("objective_cny"),
                "alone_cny": alone["objective_cny"], "bound_cny": alone["bound_cny"], "missed": missed(record), "missed_cny": record.get("over_cny"),
                "folder": f"points/{folder.name}" if "objective_cny" in record else None,
            })  # fmt: skip
    table = pd.DataFrame(rows)
    least = table.groupby("future")["cost_cny"].min()
    table["best_cny"] = [min(a, least.get(f, a)) for f, a in zip(table["future"], table["alone_cny"], strict=True)]
    table["regret_cny"], table["regret_most_cny"] = table["cost_cny"] - table["best_cny"], table["cost_cny"] - table["bound_cny"]
    seen = [Seen(f.name, f.chance, folder, {}, f.labels) for f, (_, folder) in zip(futures, best, strict=True)]
    return {"regret": table, "futures": judged(table, risk, joint.bound * MILLION if joint else None), "robust": robust.of(seen)}


def judged(regret: pd.DataFrame, risk: Risk, bound: float | None = None) -> pd.DataFrame:
    """One row a plan, the smallest largest regret first: expected, worst and at-risk cost, largest regret; none where it has no plan in some future.

    minimax: the plan whose largest regret is smallest; expected_least: the cheapest on average; knowing_cny: what it would be worth to know
    the future first; bound_cny: what the objective of the plan for all futures cannot be below.
    """
    rows = []
    for name, part in regret.groupby("plan", sort=False):
        costs, chances = part["cost_cny"].astype(float).tolist(), part["chance"].tolist()
        whole = not part["cost_cny"].isna().any()
        expected = sum(p * c for p, c in zip(chances, costs, strict=True)) if whole else None
        perfect = sum(p * c for p, c in zip(chances, part["best_cny"], strict=True))
        rows.append({
            "plan": name, "expected_cny": expected, "worst_cny": max(costs) if whole else None, "at_risk_cny": at_risk(costs, chances, risk.level) if whole else None,
            "largest_regret_cny": float(part["regret_cny"].max()) if whole else None, "in_future": part["future"].iloc[int(part["regret_cny"].argmax())] if whole else None,
            "knowing_cny": expected - perfect if expected is not None else None, "level": risk.level, "weight": risk.weight,
            "bound_cny": bound if name == TOGETHER else None,
        })  # fmt: skip
    table = pd.DataFrame(rows).sort_values("largest_regret_cny", kind="stable", ignore_index=True)
    table["minimax"] = table["largest_regret_cny"] == table["largest_regret_cny"].min()
    table["expected_least"] = table["expected_cny"] == table["expected_cny"].min()
    return table


def mean_of(futures: Sequence[Future]) -> Changes | None:
    """The future in the middle, where all futures move the same numbers: their mean by chance; else there is none."""
    keys = dict(futures[0].changes).keys()
    if any(dict(f.changes).keys() != keys for f in futures):
        return None
    try:
        return tuple((k, format(sum(f.chance * float(dict(f.changes)[k]) for f in futures), ".9g")) for k in keys)
    except ValueError:
        return None
