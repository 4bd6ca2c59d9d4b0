"""Worth 价值: what a plan costs and earns against another one - by part, by year, and as an investor would ask.

Differences are cash flows: the reference's payments less the plan's. Investment is paid at the starts of its years,
running costs at the ends of theirs (the last year's also stand for the tail that repeats it), and what is left of the
assets is received at the horizon's end. Their net present value is the difference of the two total costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from planner.money import Horizon
from planner.plant import MILLION

if TYPE_CHECKING:  # whoever only reads results need not load the solver
    from models.solution import Solution

INVESTMENT, LEFT = "investment", "value left (today's money)"  # beside the running cost parts
LOWEST, HIGHEST = -0.99, 10.0  # yearly rates between which an internal rate of return is looked for
LONGEST = 40  # years after the horizon in which a payback is looked for
Flows = Sequence[tuple[float, float]]  # (years from today, MCNY)


@dataclass(frozen=True)
class Worth:
    """A plan against a reference, MCNY and years, real money of the base year.

    extra: what the plan costs more in today's money (bound-free, as planned); invested: what it invests more, undiscounted;
    npv: minus extra; irr: real; payback: until the running savings have paid the extra investment, those of the last year
    going on; None where there is none. remark: why a figure is missing.
    """

    extra: float
    invested: float
    npv: float
    irr: float | None
    payback: float | None
    remark: str


def worth(horizon: Horizon, plan: Solution, reference: Solution) -> Worth:
    """The plan against the reference."""
    assert plan.cost is not None and reference.cost is not None
    paid = flows(horizon, reference, plan)
    rate, remark = irr(paid)
    invested = sum(_investing(plan).values()) - sum(_investing(reference).values())
    extra = plan.cost - reference.cost
    return Worth(extra, invested, -extra, rate, payback(horizon, plan, reference), remark)


def flows(horizon: Horizon, reference: Solution, plan: Solution) -> list[tuple[float, float]]:
    """What the plan spares (+) and spends (-) against the reference, by time; its present value is the difference of their costs."""
    invested = _difference(_investing(reference), _investing(plan))
    run = _difference(_running(reference), _running(plan))
    end = horizon.last + horizon.tail_years + 1 - horizon.first
    left = (_left(plan) - _left(reference)) / horizon.at_start(horizon.first + end)
    found = [(float(y - horizon.first), v) for y, v in invested.items()]
    found += [(float(y - horizon.first + 1), v) for y, v in run.items()]
    found += [(float(horizon.last - horizon.first + 1 + n), run[horizon.last]) for n in range(1, horizon.tail_years + 1)]
    return [*found, (float(end), left)]


def present_value(rate: float, paid: Flows) -> float:
    """Today's value of ``paid`` at ``rate``."""
    return float(sum(v * (1 + rate) ** -t for t, v in paid))


def irr(paid: Flows) -> tuple[float | None, str]:
    """The rate at which ``paid`` are worth nothing, and why there is none: never spent, never earned, or more than one."""
    by_time: dict[float, float] = {}
    for t, v in paid:
        by_time[t] = by_time.get(t, 0.0) + v
    largest = max((abs(v) for v in by_time.values()), default=0.0)
    signs = [v > 0 for _, v in sorted(by_time.items()) if abs(v) > 1e-9 * largest]
    changes = sum(a != b for a, b in pairwise(signs))
    if changes == 0:
        return None, "nothing to return" if not signs else "saves from the first year" if signs[0] else "never earns"
    ends = [present_value(rate, list(by_time.items())) for rate in (LOWEST, HIGHEST)]
    if changes > 1 or ends[0] * ends[1] > 0:
        return None, "no single rate: the flows change sign more than once" if changes > 1 else "beyond what can be called a rate"
    if not signs[0]:
        from scipy.optimize import brentq  # loads slowly, and only plans that are made need it

        return float(brentq(lambda rate: present_value(rate, list(by_time.items())), LOWEST, HIGHEST)), ""
    return None, "earns first and spends later"


def payback(horizon: Horizon, plan: Solution, reference: Solution) -> float | None:
    """Years until what was saved has paid what was invested more, undiscounted and without what is left; the last year's saving goes on."""
    invested = _difference(_investing(reference), _investing(plan))
    saved = _difference(_running(reference), _running(plan))
    balance, spent = 0.0, False
    for n in range(len(horizon.years) + LONGEST):
        year = min(horizon.first + n, horizon.last)
        balance += invested[year] if n < len(horizon.years) else 0.0
        spent = spent or balance < 0
        open_ = any(invested[y] < 0 for y in horizon.years if y > horizon.first + n)
        if spent and saved[year] > 0 and balance + saved[year] >= 0 and not open_:
            return n + max(0.0, -balance) / saved[year]
        balance += saved[year]
    return None if spent else 0.0


def by_part(horizon: Horizon, plan: Solution, references: dict[str, Solution]) -> pd.DataFrame:
    """Cost parts by year, CNY of that year: plan, each reference, the difference, and that in today's money, whose sum is the extra cost.

    The value left stands in the last year, in today's money already.
    """
    own = _parts(horizon, plan)
    rows = [
        (name, y, part, own.get((part, y), 0.0) * MILLION, theirs.get((part, y), 0.0) * MILLION)
        for name, theirs in ((n, _parts(horizon, r)) for n, r in references.items())
        for part, y in dict.fromkeys([*own, *theirs])
    ]
    table = pd.DataFrame(rows, columns=["reference", "year", "part", "plan_cny", "reference_cny"])
    table["difference_cny"] = table["plan_cny"] - table["reference_cny"]
    table["today_cny"] = table["difference_cny"] * [_weight(horizon, p, y) for p, y in zip(table["part"], table["year"], strict=True)]
    return table


def summary(horizon: Horizon, plan: Solution, references: dict[str, Solution]) -> pd.DataFrame:
    """One row a reference: what the plan costs, invests and earns against it, CNY and years."""
    rows = []
    for name, reference in references.items():
        w = worth(horizon, plan, reference)
        rows.append((
            name, (plan.cost or 0.0) * MILLION, (reference.cost or 0.0) * MILLION, w.extra * MILLION, w.invested * MILLION, w.npv * MILLION, w.irr, w.payback, w.remark,
        ))  # fmt: skip
    columns = ["reference", "cost_cny", "reference_cny", "extra_cny", "invested_cny", "npv_cny", "irr", "payback_years", "remark"]
    return pd.DataFrame(rows, columns=columns)


def _weight(horizon: Horizon, part: str, year: int) -> float:
    """Today's value of 1 of a part."""
    return horizon.at_start(year) if part == INVESTMENT else 1.0 if part == LEFT else horizon.at_end(year)


def _parts(horizon: Horizon, solution: Solution) -> dict[tuple[str, int], float]:
    parts = {(str(p), int(y)): v for (p, y), v in solution.value("cost.running").items()}
    parts |= {(INVESTMENT, y): v for y, v in _investing(solution).items()}
    parts[LEFT, horizon.last] = -_left(solution)
    return parts


def _investing(solution: Solution) -> dict[int, float]:
    summed: dict[int, float] = {}
    for (_, y), v in solution.value("cost.investing").items():
        summed[int(y)] = summed.get(int(y), 0.0) + v
    return summed


def _running(solution: Solution) -> dict[int, float]:
    summed: dict[int, float] = {}
    for (_, y), v in solution.value("cost.running").items():
        summed[int(y)] = summed.get(int(y), 0.0) + v
    return summed


def _left(solution: Solution) -> float:
    return sum(solution.value("cost.credited").values())


def _difference(reference: dict[int, float], plan: dict[int, float]) -> dict[int, float]:
    return {y: reference.get(y, 0.0) - plan.get(y, 0.0) for y in dict.fromkeys([*reference, *plan])}
