"""Measure 措施: a retrofit of a named host; it changes what the host uses and makes, and dies with it.

A measure covers at most its host's activity. It may change flows (power from the coke's heat, coke replaced by
coal) and save a share of what the host still uses: savings on one host and carrier act one after the other on what
remains, so that two of 10 % make 19 %.
"""

from math import prod
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add the activity a measure covers of each host, and what it saves there."""
    b = m.measure = Block(doc=__doc__)
    b.HOSTED = Set(initialize=x.hosted, dimen=2, ordered=True, doc="$(m,h)$ measures on their hosts 措施与宿主")
    b.SAVINGS = Set(initialize=tuple(x.saving), dimen=3, ordered=True, doc="$(m,h,c)$ savings of a carrier at a host 节能量")
    b.POTENTIALS = Set(initialize=tuple(x.potential), ordered=True, doc="$p$ potentials that measures compete for 共享潜力")
    b.coverage = Param(b.HOSTED, initialize=x.coverage, doc=r"$\kappa_{m,h}$ [activity/size] host activity covered per size 覆盖系数")
    b.uptake = Param(
        b.HOSTED, initialize={q: x.uptake.get(q[0], 1.0) for q in x.hosted}, doc=r"$\upsilon_{m,h}$ [-] largest share of the host 适用比例"
    )
    b.saving = Param(b.SAVINGS, initialize=x.saving, doc=r"$\epsilon_{m,h,c}$ [-] share of the remaining use that is saved 节约率")
    b.left = Param(b.SAVINGS, initialize=_left(x), doc=r"$\psi_{m,h,c}$ [-] share left by all earlier savings 前序节约后的余量")
    b.given_back = {  # positive changes: what a measure gives back of a carrier its host uses
        (h, c): tuple((p, x.ratio[p, c]) for p, q in x.hosted if q == h and x.ratio.get((p, c), 0.0) > 0) for h, c in x.replaceable
    }
    b.USES = Set(
        initialize=[q for q, measures in b.given_back.items() if measures],
        dimen=2,
        ordered=True,
        doc="$(h,c)$ uses of a host that measures replace 可替代用量",
    )
    b.USED = Set(
        initialize=tuple(dict.fromkeys([(h, c) for _, h, c in x.saving] + list(b.USES))),
        dimen=2,
        ordered=True,
        doc="$(h,c)$ uses of a host that measures change 受影响用量",
    )
    b.use = Param(b.USED, initialize={q: -x.ratio[q] for q in b.USED}, doc=r"$\mu_{h,c}$ [c/activity] the host's own use 宿主单耗")
    b.activity = Var(b.HOSTED, m.YEARS, within=NonNegativeReals, doc=r"$X_{m,h,y}$ [k-unit] host activity covered 覆盖的活动量")
    b.saved = Var(b.SAVINGS, m.YEARS, within=NonNegativeReals, doc=r"$Z_{m,h,c,y}$ [k-unit] carrier saved 节约量")
    b.before, b.potential, b.ratio = x.before, x.potential, x.ratio
    measures = dict.fromkeys(p for p, _ in x.hosted)
    b.changes = {c: tuple((p, h, x.ratio[p, c]) for p, h in x.hosted if (p, c) in x.ratio) for c in x.step_carriers + x.year_carriers}
    b.savings_of = {q: tuple(p for p in x.saving if (p[1], p[2]) == q) for q in {(h, c) for _, h, c in x.saving}}
    b.savings = {c: tuple((p, h) for p, h, q in x.saving if q == c) for c in x.step_carriers + x.year_carriers}
    b.variable_cost = {(p, y): v for (p, y), v in x.variable_cost.items() if p in measures}
    b.size_limit = Constraint(b.HOSTED, m.YEARS, rule=size_limit)
    b.host_limit = Constraint(b.HOSTED, m.YEARS, rule=host_limit)
    b.saving_limit = Constraint(b.SAVINGS, m.YEARS, rule=saving_limit)
    b.remaining_limit = Constraint(b.SAVINGS, m.YEARS, rule=remaining_limit)
    b.savers = {q: tuple(p for p, h, c in x.saving if (h, c) == q) for q in b.USES}
    b.use_limit = Constraint(b.USES, m.YEARS, rule=use_limit)
    b.potential_limit = Constraint(b.POTENTIALS, m.YEARS, rule=potential_limit)


def size_limit(b: Block, p: str, h: str, y: int) -> Expression:
    r"""A measure covers no more of its host than was built of it. 措施规模约束

    $$X_{m,h,y} \le \kappa_{m,h}\,K_{m,y}$$
    """
    return b.activity[p, h, y] <= b.coverage[p, h] * b.model().capacity.size[p, y]


def host_limit(b: Block, p: str, h: str, y: int) -> Expression:
    r"""A measure covers no more than its share of what the host does. 宿主活动约束

    $$X_{m,h,y} \le \upsilon_{m,h}\,X_{h,y}$$
    """
    return b.activity[p, h, y] <= b.uptake[p, h] * b.model().converter.activity[h, y]


def saving_limit(b: Block, p: str, h: str, c: str, y: int) -> Expression:
    r"""What is saved is a share of the use that is covered. 节约量上限

    $$Z_{m,h,c,y} \le \epsilon_{m,h,c}\,\mu_{h,c}\,X_{m,h,y}$$
    """
    return b.saved[p, h, c, y] <= b.saving[p, h, c] * b.use[h, c] * b.activity[p, h, y]


def remaining_limit(b: Block, p: str, h: str, c: str, y: int) -> Expression:
    r"""What is saved is a share of what earlier savings have left, on the part of the host that is covered. 余量上的节约

    $$Z_{m,h,c,y} \le \epsilon_{m,h,c}\,\Big(\upsilon_{m,h}\,\big(\mu_{h,c}\,X_{h,y} - \sum_{m' \prec m} Z_{m',h,c,y}\big)
    - \psi_{m,h,c}\,\mu_{h,c}\,(\upsilon_{m,h}\,X_{h,y} - X_{m,h,y})\Big)$$
    """
    host = b.model().converter.activity[h, y]
    earlier = quicksum(b.saved[q, h, c, y] for q in b.before[p, h, c])
    uncovered = b.uptake[p, h] * host - b.activity[p, h, y]
    use = b.use[h, c]
    return b.saved[p, h, c, y] <= b.saving[p, h, c] * (b.uptake[p, h] * (use * host - earlier) - b.left[p, h, c] * use * uncovered)


def use_limit(b: Block, h: str, c: str, y: int) -> Expression:
    r"""Measures replace and save together no more than the host uses. 替代量上限

    $$\sum_{m:\,r_{m,c}>0} r_{m,c}\,X_{m,h,y} + \sum_m Z_{m,h,c,y} \le \mu_{h,c}\,X_{h,y}$$
    """
    replaced = quicksum(r * b.activity[p, h, y] for p, r in b.given_back[h, c])
    saved = quicksum(b.saved[p, h, c, y] for p in b.savers[h, c])
    return replaced + saved <= b.use[h, c] * b.model().converter.activity[h, y]


def potential_limit(b: Block, n: str, y: int) -> Expression:
    r"""Measures that draw on one potential cover the host once. 共享潜力

    $$\sum_{(m,h) \in p} X_{m,h,y} \le X_{h,y}$$
    """
    host = b.potential[n][0][1]
    return quicksum(b.activity[p, h, y] for p, h in b.potential[n]) <= b.model().converter.activity[host, y]


def use(m: ConcreteModel, i: str, c: str, y: int, s: str) -> Expression:
    r"""What a flat converter uses in a step after savings, unit/h.

    $$U^V_{i,c,y,s} = \sigma_{i,y,s}\,(-r_{i,c}\,X_{i,y} - \sum_m Z_{m,i,c,y})$$
    """
    spared = quicksum(m.measure.saved[p, y] for p in m.measure.savings_of.get((i, c), ()))
    return m.converter.shape[i, y, s] * (-m.converter.ratio[i, c] * m.converter.activity[i, y] - spared)


# What measures contribute to the whole --------------------------------------------------------------------------


def year_flow(m: ConcreteModel, c: str, y: int) -> Expression:
    r"""Net supply of carrier ``c``, k-unit: what a measure makes or uses at its ratio $r_{m,c}$, and what is no longer used.

    $$\sum_{m,h} (r_{m,c}\,X_{m,h,y} + Z_{m,h,c,y})$$
    """
    b = m.measure
    changed = quicksum(r * b.activity[p, h, y] for p, h, r in b.changes[c])
    return changed + quicksum(b.saved[p, h, c, y] for p, h in b.savings[c])


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h: the same in the shape of the host.

    $$\sum_{m,h} \sigma_{h,y,s}\,(r_{m,c}\,X_{m,h,y} + Z_{m,h,c,y})$$
    """
    b, shape = m.measure, m.converter.shape
    changed = quicksum(r * shape[h, y, s] * b.activity[p, h, y] for p, h, r in b.changes[c])
    return changed + quicksum(shape[h, y, s] * b.saved[p, h, c, y] for p, h in b.savings[c])


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: running cost $\chi_{m,y}$ per activity covered.

    $$C_{\text{variable},y} = \sum_{m,h} \chi_{m,y}\,X_{m,h,y}$$
    """
    b = m.measure
    return {"variable": quicksum(b.variable_cost[p, y] * b.activity[p, h, y] for p, h in b.HOSTED if (p, y) in b.variable_cost)}


def _left(x: Inputs) -> dict[tuple[str, str, str], float]:
    """Share of a host's use that is left once every earlier saving is built in full."""
    return {(p, h, c): prod(1 - x.saving[q, h, c] * x.uptake.get(q, 1.0) for q in earlier) for (p, h, c), earlier in x.before.items()}
