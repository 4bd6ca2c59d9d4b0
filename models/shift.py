"""Shift 移峰: use that may wait - a process runs its stock down and catches up within its window."""

from collections.abc import Iterator
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models import measure
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what is put off and caught up; a day ends as it began."""
    b = m.shift = Block(doc=__doc__)
    steps = x.steps if x.shiftable else ()
    inside = {(i, s, r): h for i in dict.fromkeys(i for i, _ in x.shiftable) for s in steps for r, h in _window(x, s, x.shift_window[i])}
    b.WAITING = Set(initialize=tuple(x.shiftable), dimen=2, ordered=True, doc="$(i,c)$ use that may wait 可平移用能")
    b.INSIDE = Set(initialize=tuple(inside), dimen=3, ordered=True, doc="$(i,s,r)$ steps within the window before the end of a step 窗口内时段")
    b.share = Param(b.WAITING, initialize=x.shiftable, doc=r"$\phi^V_{i,c}$ [-] share of the use that may wait 可平移比例")
    b.inside = Param(b.INSIDE, initialize=inside, doc=r"$o_{i,s,r}$ [h] hours of a step that lie in the window 窗口内时长")
    b.later = Var(b.WAITING, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$D^+_{i,c,y,s}$ [unit/h] put off 推迟用能")
    b.caught = Var(b.WAITING, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$D^-_{i,c,y,s}$ [unit/h] caught up 补回用能")
    b.backlog = Var(b.WAITING, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$W_{i,c,y,s}$ [unit] still put off at the end of the step 待补用能")
    b.of_carrier = {c: tuple(i for i, q in x.shiftable if q == c) for c in x.step_carriers}
    b.shift_cost = x.shift_cost
    b.before = {(i, s): [r for j, t, r in inside if (j, t) == (i, s)] for i, _ in x.shiftable for s in steps}
    b.later_limit = Constraint(b.WAITING, m.YEARS, m.STEPS, rule=later_limit)
    b.caught_limit = Constraint(b.WAITING, m.YEARS, m.STEPS, rule=caught_limit)
    b.backlog_balance = Constraint(b.WAITING, m.YEARS, m.STEPS, rule=backlog_balance)
    b.window = Constraint(b.WAITING, m.YEARS, m.STEPS, rule=window)


def _window(x: Inputs, s: str, window: float) -> Iterator[tuple[str, float]]:
    """The steps that lie in the ``window`` hours before the end of ``s``, with how much of them does; a day round at most."""
    r, left = s, window
    while left > 0:
        yield r, min(left, x.hours[r])
        left, r = left - x.hours[r], x.previous[r]
        if r == s:
            return


def later_limit(b: Block, i: str, c: str, y: int, s: str) -> Expression:
    r"""No more is put off than the share of the use, $U^V_{i,c,y,s}$, that may wait. 推迟上限

    $$D^+_{i,c,y,s} \le \phi^V_{i,c}\,U^V_{i,c,y,s}$$
    """
    return b.later[i, c, y, s] <= b.share[i, c] * measure.use(b.model(), i, c, y, s)


def caught_limit(b: Block, i: str, c: str, y: int, s: str) -> Expression:
    r"""A process catches up by no more than the same share of its use, $U^V_{i,c,y,s}$, on top. 补回上限

    $$D^-_{i,c,y,s} \le \phi^V_{i,c}\,U^V_{i,c,y,s}$$
    """
    return b.caught[i, c, y, s] <= b.share[i, c] * measure.use(b.model(), i, c, y, s)


def backlog_balance(b: Block, i: str, c: str, y: int, s: str) -> Expression:
    r"""What still waits is what waited, plus what is put off, less what is caught up. 待补平衡

    $$W_{i,c,y,s} = W_{i,c,y,s-1} + h_s\,(D^+_{i,c,y,s} - D^-_{i,c,y,s})$$
    """
    m = b.model()
    return b.backlog[i, c, y, s] == b.backlog[i, c, y, m.previous[s]] + m.hours[s] * (b.later[i, c, y, s] - b.caught[i, c, y, s])


def window(b: Block, i: str, c: str, y: int, s: str) -> Expression:
    r"""What waits was put off within the window: the oldest is caught up first, and in time. 平移窗口

    $$W_{i,c,y,s} \le \sum_r o_{i,s,r}\,D^+_{i,c,y,r}$$
    """
    return b.backlog[i, c, y, s] <= quicksum(b.inside[i, s, r] * b.later[i, c, y, r] for r in b.before[i, s])


# What waiting contributes to the whole --------------------------------------------------------------------------


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h: what is put off is not used now.

    $$\sum_i (D^+_{i,c,y,s} - D^-_{i,c,y,s})$$
    """
    b = m.shift
    return quicksum(b.later[i, c, y, s] - b.caught[i, c, y, s] for i in b.of_carrier[c])


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: $\psi_{i,y}$ per amount put off.

    $$C_{\text{waiting},y} = \sum_{i,c} \psi_{i,y} \sum_s w_s\,D^+_{i,c,y,s}$$
    """
    b = m.shift
    if not b.shift_cost:
        return {}
    priced = [(b.shift_cost[i, y], i, c) for i, c in b.WAITING if (i, y) in b.shift_cost]
    return {"waiting": quicksum(cost * m.duration[s] * b.later[i, c, y, s] for cost, i, c in priced for s in m.STEPS)}
