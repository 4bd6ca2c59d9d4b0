"""Cap 上限: what may be emitted or used at most, and which shares must be reached, hard or at a price.

Every target is a sum that stays below a limit. What it counts is emissions by scope and view, energy that crosses the
fence, or, for a share of green power, what is missing to it. Intensities are limits times what is delivered.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Reals, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any
DIRECT, ENERGY, OUTSOURCED = ("direct", "direct_energy"), ("direct_energy", "purchased"), ("direct_energy",)  # scopes that count them


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what each cap counts, and its limit; offsets never enter here."""
    b = m.cap = Block(doc=__doc__)
    b.CAPS = Set(initialize=tuple(x.cap_counts), ordered=True, doc="$g$ caps 排放上限")
    b.LIMITED = Set(initialize=tuple(x.cap_limit), dimen=2, ordered=True, doc="$(g,y)$ years with a limit 有上限的年份")
    b.PRICED = Set(initialize=tuple(x.cap_price), dimen=2, ordered=True, doc="$(g,y)$ limits that may be passed at a price 可付费超出的上限")
    b.limit = Param(b.LIMITED, initialize=x.cap_limit, doc=r"$\bar G_{g,y}$ [kt] most that may be counted, in kt, ktce or GWh 上限值")
    b.counted = Var(b.CAPS, m.YEARS, within=Reals, doc=r"$G_{g,y}$ [kt] what a cap counts, in kt, ktce or GWh 计入上限的量")
    b.over = Var(b.PRICED, within=NonNegativeReals, doc=r"$G^+_{g,y}$ [kt] passed at a price 超出量")
    b.counts, b.price, b.sums = x.cap_counts, x.cap_price, x.cap_sums
    b.of_output = {q: tuple((k, w) for (g, k, y), w in x.cap_output.items() if (g, y) == q) for q in x.cap_limit}
    b.traded = {g: tuple((k, y, w) for (h, k, y), w in x.cap_market.items() if h == g) for g in x.cap_counts}
    b.share = {(g, y): v for (g, y), v in x.cap_share.items() if g in x.cap_counts}
    b.counted_definition = Constraint(b.CAPS, m.YEARS, rule=counted_definition)
    b.cap_limit = Constraint(b.LIMITED, rule=cap_limit)


def counted_definition(b: Block, g: str, y: int) -> Expression:
    r"""A cap counts emissions of its scope, what is traded by its weight $\omega_{g,k,y}$, what is missing to a share $\sigma_{g,y}$ of the power used, and earlier years where it sums them. 计入范围

    $$G_{g,y} = [g \text{ counts direct}]\,Q_{y} + [g \text{ counts energy}]\,Q^e_{q,y} + [g \text{ counts intermediates}]\,Q^o_{y}
    + \sum_k \omega_{g,k,y}\,T_{k,y} + [g \text{ is a share}]\,(\sigma_{g,y}\,\ell^T_{c,y} - J^P_{c,y}) + [g \text{ sums}]\,G_{g,y-1}$$
    """
    m = b.model()
    account = m.emissions
    scope, view = b.counts[g]
    found = quicksum(w * m.market.amount[k, v] for k, v, w in b.traded[g] if v == y)
    found += account.direct[y] if scope in DIRECT else 0
    found += account.energy[view, y] if scope in ENERGY else 0
    found += account.outsourced[y] if scope in OUTSOURCED else 0
    if (g, y) in b.share:
        found += quicksum(b.share[g, y] * m.green.total_of_year[c, y] - m.physical.of_year[c, y] for c, v in m.physical.ASKED if v == y)
    before = [b.counted[g, v] for v in m.YEARS if v < y and g in b.sums]
    return b.counted[g, y] == found + (before[-1] if before else 0)


def cap_limit(b: Block, g: str, y: int) -> Expression:
    r"""What a cap counts stays below its limit, which an intensity raises by $\iota_{g,k,y}$ for what is sold, or what passes it is paid for. 上限约束

    $$G_{g,y} \le \bar G_{g,y} + \sum_k \iota_{g,k,y}\,T_{k,y} + [(g,y) \text{ has a price}]\,G^+_{g,y}$$
    """
    sold = quicksum(w * b.model().market.amount[k, y] for k, w in b.of_output[g, y])
    return b.counted[g, y] <= b.limit[g, y] + sold + (b.over[g, y] if (g, y) in b.PRICED else 0)


# What caps contribute to the whole -------------------------------------------------------------------------------


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY for year ``y``: what passes a limit at its price $\pi^G_{g,y}$. It steers the plan; nobody is paid.

    $$C_{g \text{ passed},y} = \pi^G_{g,y}\,G^+_{g,y}$$
    """
    b = m.cap
    return {f"{g} passed": b.price[g, y] * b.over[g, y] if (g, y) in b.price else 0.0 for g in dict.fromkeys(g for g, _ in b.price)}
