"""Shed 切负荷: use that may go unserved at a price - up to a share of what a process uses or of what is to be delivered."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models import measure
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what is not served of flat processes, of fixed use and of the year's deliveries."""
    b = m.shed = Block(doc=__doc__)
    of_steps = {q: v for q, v in x.unserved_share.items() if q in x.step_carriers}
    of_years = {q: v for q, v in x.unserved_share.items() if q in x.year_carriers}
    b.SHEDDABLE = Set(initialize=tuple(x.sheddable), dimen=2, ordered=True, doc="$(i,c)$ use that may be shed 可切除用能")
    b.CUTTABLE = Set(initialize=tuple(of_steps), ordered=True, doc="$c$ fixed use that may be cut 可削减固定负荷")
    b.WAIVED = Set(initialize=tuple(of_years), ordered=True, doc="$c$ deliveries that may fall short 可欠交产品")
    b.share = Param(b.SHEDDABLE, initialize=x.sheddable, doc=r"$\phi^N_{i,c}$ [-] share of the use that may be shed 可切除比例")
    b.cut_share = Param(b.CUTTABLE, initialize=of_steps, doc=r"$\phi^L_{c}$ [-] share of the fixed use that may be cut 可削减比例")
    b.waived_share = Param(b.WAIVED, initialize=of_years, doc=r"$\phi^D_{c}$ [-] share of the delivery that may fall short 可欠交比例")
    b.shed = Var(b.SHEDDABLE, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$N_{i,c,y,s}$ [unit/h] shed 切除用能")
    b.cut = Var(b.CUTTABLE, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$N^L_{c,y,s}$ [unit/h] fixed use cut 削减负荷")
    b.waived = Var(b.WAIVED, m.YEARS, within=NonNegativeReals, doc=r"$N^D_{c,y}$ [k-unit] not delivered 欠交量")
    b.of_carrier = {c: tuple(i for i, q in x.sheddable if q == c) for c in x.step_carriers}
    b.load, b.demand = x.load, x.demand
    b.shed_cost, b.unserved_cost = x.shed_cost, x.unserved_cost
    b.shed_limit = Constraint(b.SHEDDABLE, m.YEARS, m.STEPS, rule=shed_limit)
    b.cut_limit = Constraint(b.CUTTABLE, m.YEARS, m.STEPS, rule=cut_limit)
    b.waived_limit = Constraint(b.WAIVED, m.YEARS, rule=waived_limit)


def shed_limit(b: Block, i: str, c: str, y: int, s: str) -> Expression:
    r"""No more is shed than the share of the use, $U^V_{i,c,y,s}$, that may be. 切除上限

    $$N_{i,c,y,s} \le \phi^N_{i,c}\,U^V_{i,c,y,s}$$
    """
    return b.shed[i, c, y, s] <= b.share[i, c] * measure.use(b.model(), i, c, y, s)


def cut_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""No more of the fixed use is cut than its share. 削减上限

    $$N^L_{c,y,s} \le \phi^L_{c}\,\ell_{c,y,s}$$
    """
    return b.cut[c, y, s] <= b.cut_share[c] * b.load.get((c, y, s), 0.0)


def waived_limit(b: Block, c: str, y: int) -> Expression:
    r"""No more of a year's delivery falls short than its share. 欠交上限

    $$N^D_{c,y} \le \phi^D_{c}\,d_{c,y}$$
    """
    return b.waived[c, y] <= b.waived_share[c] * b.demand.get((c, y), 0.0)


# What shedding contributes to the whole --------------------------------------------------------------------------


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h: what is not served is not used.

    $$\sum_i N_{i,c,y,s} + N^L_{c,y,s}$$
    """
    b = m.shed
    return quicksum(b.shed[i, c, y, s] for i in b.of_carrier[c]) + (b.cut[c, y, s] if c in b.CUTTABLE else 0)


def year_flow(m: ConcreteModel, c: str, y: int) -> Expression:
    r"""Net supply of yearly carrier ``c``, k-unit: what is not delivered need not be made.

    $$N^D_{c,y}$$
    """
    return m.shed.waived[c, y] if c in m.shed.WAIVED else 0


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: $\pi^N_{i,y}$ per amount shed, $\pi^L_{c,y}$ per amount not served.

    $$C_{\text{unserved},y} = \sum_{i,c} \pi^N_{i,y} \sum_s w_s\,N_{i,c,y,s} + \sum_c \pi^L_{c,y} \big(\sum_s w_s\,N^L_{c,y,s} + N^D_{c,y}\big)$$
    """
    b = m.shed
    if not b.shed_cost and not b.unserved_cost:
        return {}
    shed = quicksum(b.shed_cost[i, y] * m.duration[s] * b.shed[i, c, y, s] for i, c in b.SHEDDABLE if (i, y) in b.shed_cost for s in m.STEPS)
    cut = quicksum(b.unserved_cost[c, y] * m.duration[s] * b.cut[c, y, s] for c in b.CUTTABLE if (c, y) in b.unserved_cost for s in m.STEPS)
    waived = quicksum(b.unserved_cost[c, y] * b.waived[c, y] for c in b.WAIVED if (c, y) in b.unserved_cost)
    return {"unserved": shed + cut + waived}
