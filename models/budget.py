"""Budget 预算: how much may be invested, and how much may be built, in a year and in all."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Param, Set, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add a row for each limit that is given."""
    b = m.budget = Block(doc=__doc__)
    paying = {y for _, _, y in x.paid} | set(x.renewals.values())  # years in which anything can be spent at all
    spending = [(c, y) for c, y, d in x.budget_weight if d in paying]
    b.BUDGETS = Set(initialize=tuple(dict.fromkeys(spending)), dimen=2, ordered=True, doc="$(b,y)$ budgets and the years they close 预算及截止年")
    b.WEIGHED = Set(initialize=tuple(x.budget_weight), dimen=3, ordered=True, doc="$(b,y,y')$ years a budget counts 预算计入年份")
    b.PACES = Set(
        initialize=[(t, y) for t, y in x.pace if any((a, y) in x.builds for k, a in x.pace_count if k == t)],
        dimen=2,
        ordered=True,
        doc="$(t,y)$ kinds that are built no faster 建设速度限制",
    )
    b.COUNTED = Set(initialize=tuple(x.pace_count), dimen=2, ordered=True, doc="$(t,a)$ assets of a kind 同类设备")
    b.limit = Param(b.BUDGETS, initialize={q: x.budget[q] for q in b.BUDGETS}, doc=r"$\bar I_{b,y}$ [MCNY] most that may be invested 投资预算")
    b.weight = Param(b.WEIGHED, initialize=x.budget_weight, doc=r"$\omega_{b,y,y'}$ [-] what 1 paid in a year counts 计入系数")
    b.pace = Param(
        b.PACES, initialize={q: x.pace[q] for q in b.PACES}, doc=r"$\bar P_{t,y}$ [-] most that may be added a year, whatever stands 年新增上限"
    )
    b.growth = Param(
        b.PACES, initialize={q: x.growth.get(q, 0.0) for q in b.PACES}, doc=r"$g_{t,y}$ [-] share of what stood a year before 年增长率上限"
    )
    b.count = Param(b.COUNTED, initialize=x.pace_count, doc=r"$p_{t,a}$ [1/size] how a size is counted 计数系数")
    b.years_of = {q: tuple(d for c, y, d in x.budget_weight if (c, y) == q) for q in b.BUDGETS}
    b.kind = {t: tuple(a for k, a in x.pace_count if k == t) for t, _ in x.pace_count}
    b.budget_limit = Constraint(b.BUDGETS, rule=budget_limit)
    b.pace_limit = Constraint(b.PACES, rule=pace_limit)


def budget_limit(b: Block, c: str, y: int) -> Expression:
    r"""No more is invested than the budget holds: in its year, in all years until then, or in all of them in today's money. 投资预算

    $$\sum_{y'} \omega_{b,y,y'} \sum_a I_{a,y'} \le \bar I_{b,y}$$
    """
    m = b.model()
    paid = quicksum(b.weight[c, y, d] * m.cost.investing[a, d] for d in b.years_of[c, y] for a in m.capacity.ASSETS)
    return paid <= b.limit[c, y]


def pace_limit(b: Block, t: str, y: int) -> Expression:
    r"""Of one kind no more goes into service in a year than may be added, and its growth on what stood a year before. 建设速度

    $$\sum_{a \in t} p_{t,a}\,B_{a,y} \le \bar P_{t,y} + g_{t,y} \sum_{a \in t} p_{t,a}\,(K_{a,y-1} \text{ or, before the first year, } E_a)$$
    """
    m, capacity = b.model(), b.model().capacity
    added = quicksum(b.count[t, a] * capacity.built[a, y] for a in b.kind[t] if (a, y) in capacity.BUILDS)
    before = (capacity.size[a, y - 1] if y - 1 in m.YEARS else capacity.existing[a] for a in b.kind[t])
    stood = quicksum(b.count[t, a] * size for a, size in zip(b.kind[t], before, strict=True))
    return added <= b.pace[t, y] + b.growth[t, y] * stood
