"""Cap price 上限的代价: what each cap and limit costs, in three labelled figures that are not the same.

fixed: what the next unit less and the next unit more are worth while every whole decision stays (the dual; where the two
differ the plan sits in a corner, and one number would be wrong). relaxed: the dual of the relaxation, in which everything
can be cut. replanned, the headline: what a limit 5 and 10 % tighter costs more when all is decided anew, per unit, with
the interval that the proven gaps leave. Money is of the limit's year, today's for a limit that holds in all years.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from planner import highs, translate
from planner.errors import NoPlanExists
from planner.money import Horizon
from planner.plan import Listen, in_own_process
from planner.plant import MILLION
from planner.run import Ready
from planner.why.elastic import Loose, eased, with_steps
from planner.why.plans import Found, Plans
from planner.why.reasons import Requirement
from planner.why.requirement import SIZES, Elastic, requirements
from planner.why.told import Words

TIGHTER = (0.05, 0.10)  # shares by which a limit is tightened and all is planned again
NEXT = 1e-3  # share of a limit that "the next unit" is
OUT_OF_REACH = 10.0  # a step as large as the limit costs so many times the whole plan: nothing real is so dear
AT = 1e-6  # relative distance at which a limit binds
COLUMNS = [
    "kind", "name", "year", "en", "zh", "limit", "used", "unit", "binds", "money", "fixed_less", "fixed_more", "relaxed",
    *(f"replanned_{share * 100:.0f}_{part}" for share in TIGHTER for part in ("low", "found", "high")), "remark",
]  # fmt: skip
CORNER = 1e-3  # relative difference of left and right from which on a price is one of a corner
FREE = (0.0, 0.0, 0.0)  # what is not used costs nothing, and that is proven by the plan itself


@dataclass(frozen=True)
class Replanned:
    """Extra cost per unit of a limit tighter by ``share``, MCNY: at least, as found, at most; None: no plan keeps it."""

    share: float
    extra: tuple[float, float, float] | None


@dataclass(frozen=True)
class Priced:
    """One limit: what the plan uses of it, and its prices in MCNY per canonical unit; today's money.

    used: the most of it in any year and step; less, more: worth of the next unit less and more at fixed decisions (less is None where these decisions cannot do with
    less); relaxed: the relaxation's dual; replanned: see Replanned, none where it was not asked.
    """

    requirement: Requirement
    used: float
    binds: bool
    less: float | None = 0.0
    more: float = 0.0
    relaxed: float = 0.0
    replanned: tuple[Replanned, ...] = field(default_factory=tuple)

    @property
    def corner(self) -> bool:
        """The next unit less and more are not worth the same."""
        return self.less is None or abs(self.less - self.more) > CORNER * max(abs(self.less), abs(self.more))


def each_limit(x: Inputs, *, report: Listen, gap: float, seconds: float, sizes: bool = False) -> tuple[Priced, ...]:
    """The job: every limit that can be tightened, in the order of the case; with ``sizes`` the largest sizes are re-planned too."""
    plans = Plans(x, report, gap, seconds)
    base = plans.plan()
    if base is None:
        raise NoPlanExists("there is no plan whose caps could be priced; `planner solve` says why")
    limits = tuple(e for e in requirements(x, plans.problem) if e.rank <= SIZES and e.coefficients[0] < 0 and not np.isfinite(e.most))
    used = {e.requirement: _used(plans.problem, e, base.values) for e in limits}
    binding = tuple(e for e in limits if used[e.requirement] >= e.requirement.limit - AT * max(1.0, abs(e.requirement.limit)))
    nearby = _Nearby(plans.problem, limits, base)
    relaxed = _relaxed(plans)
    least = Loose(plans.problem, limits, plans.report, np.inf)
    found = []
    for e in limits:
        r, binds = e.requirement, e in binding
        asked = [share for share in TIGHTER if used[e.requirement] > e.requirement.limit * (1 - share)] if sizes or e.rank < SIZES else []
        anew = tuple(_replanned(plans, least, limits, e, share, base) if share in asked else Replanned(share, FREE) for share in TIGHTER)
        less, more = (nearby.less(e), nearby.more(e)) if binds else (0.0, 0.0)
        found.append(Priced(r, used[r], binds, less, more, -sum(relaxed[i] for i in e.rows), anew if sizes or e.rank < SIZES else ()))
        if not plans.report():
            break
    return tuple(found)


def _used(p: Compiled, e: Elastic, values: Vector) -> float:
    return float((p.matrix[list(e.rows)] @ values).max())


def _relaxed(plans: Plans) -> Vector:
    hot = plans.work.hot("prices").root
    answer = hot.solve(plans.problem, plans.problem.lower, plans.problem.upper)
    return answer.duals if answer.duals is not None else np.zeros(len(plans.problem.rows))


class _Nearby:
    """The plan's own linear problem, its whole decisions held, and what a little less or more of a limit changes."""

    def __init__(self, p: Compiled, limits: tuple[Elastic, ...], base: Found) -> None:
        fixed = highs.with_fixed_wholes(p, base.values)
        self.limits, self.first = limits, len(p.columns)
        steps = with_steps(fixed, limits)  # steps only so that no problem is without a solution; dearer than anything real
        dear = OUT_OF_REACH * max(abs(base.cost), 1.0)
        upper = steps.upper.copy()
        upper[self.first :] = 0.0
        self.problem = replace(
            steps,
            cost=np.concatenate([fixed.cost, dear * steps.cost[self.first :]]),
            offset=fixed.offset,
            upper=upper,
            whole=np.zeros_like(steps.whole),
        )
        self.hot = highs.Relaxation(self.problem, lambda *_: True)
        self.cost = self._solve(self.problem)[0]

    def less(self, e: Elastic) -> float | None:
        """Worth of the next unit less; None where these decisions cannot do with less."""
        step = NEXT * abs(e.requirement.limit)
        if step == 0:
            return None
        cost, over = self._moved(e, -step)
        return (cost - self.cost) / step if over <= AT * step else None

    def more(self, e: Elastic) -> float:
        """Worth of the next unit more."""
        step = NEXT * (abs(e.requirement.limit) or 1.0)
        return max(0.0, (self.cost - self._moved(e, step)[0]) / step)

    def _moved(self, e: Elastic, step: float) -> tuple[float, float]:
        problem = eased(self.problem, [replace(e, opens=())], {e.requirement: step})
        upper = problem.upper.copy()
        own = self.first + self.limits.index(e)
        upper[own] = np.inf
        cost, values = self._solve(replace(problem, upper=upper))
        return cost, float(values[own])

    def _solve(self, problem: Compiled) -> tuple[float, Vector]:
        answer = self.hot.solve(problem, problem.lower, problem.upper)
        assert answer.cost is not None and answer.values is not None, f"the plan's own linear problem is {answer.ending}"
        return answer.cost, answer.values


def _replanned(plans: Plans, least: Loose, limits: tuple[Elastic, ...], e: Elastic, share: float, base: Found) -> Replanned:
    """All decided anew under one limit tighter by ``share``."""
    step = share * abs(e.requirement.limit)
    if step == 0:
        return Replanned(share, None)
    reach = least.lowest(e, {q.requirement: 0.0 for q in limits if q is not e})
    if reach is None or reach[1] > e.requirement.limit - step:
        return Replanned(share, None)
    found = plans.plan(eased(plans.problem, limits, {e.requirement: -step}))
    if found is None:
        return Replanned(share, None)
    loose = min(base.cost, found.cost)  # what keeps the tighter limit keeps the looser one
    bound = max(found.bound, base.bound)
    low, high = max(0.0, bound - loose), max(0.0, found.cost - base.bound)
    return Replanned(share, (low / step, max(0.0, found.cost - loose) / step, high / step))


def evaluate(ready: Ready, *, gap: float = 0.005, seconds: float = 600.0, sizes: bool = False, listen: Listen = lambda _: True) -> pd.DataFrame:
    """One row a limit, see COLUMNS: CNY per unit of the limit, real; of the limit's year, today's for one that holds in all years.

    Raises NoPlanExists (by planning the case), SolverFailed.
    """
    x = translate.inputs(ready.plant, ready.year)
    priced = in_own_process(each_limit, x, patience=1e5, listen=listen, gap=gap, seconds=seconds, sizes=sizes)
    words = Words(ready.case, ready.plant)
    return pd.DataFrame([_row(words, ready.plant.horizon, p) for p in priced], columns=COLUMNS)


def _row(words: Words, horizon: Horizon, p: Priced) -> list[object]:
    r = p.requirement
    scale, quantity = words.unit(r)
    money = MILLION / scale / (horizon.at_end(r.year) if r.year is not None else 1.0)
    extra = [n for q in p.replanned for n in (q.extra or (None, None, None))] or [None] * (3 * len(TIGHTER))
    remark = "corner" if p.binds and p.corner else ""
    if p.binds and p.less is None:
        remark = "these decisions cannot do with less"
    if any(q.extra is None for q in p.replanned):
        remark = "no plan keeps it tighter"
    return [
        r.kind, str(r.index[0]), r.year, words.name(r, "en"), words.name(r, "zh"), r.limit * scale, p.used * scale, "t" if quantity == "emissions" else quantity, p.binds,
        "year" if r.year is not None else "today", None if p.less is None else p.less * money, p.more * money, p.relaxed * money,
        *(None if v is None else v * money for v in extra), remark,
    ]  # fmt: skip
