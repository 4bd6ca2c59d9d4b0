"""Cost 成本: what all of it costs, in money of each year and in today's money."""

from collections import defaultdict
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from pyomo.environ import Block, ConcreteModel, Expression, Objective, Param, Set, minimize, quicksum

from models.inputs import Inputs


def close(m: ConcreteModel, x: Inputs, blocks: Iterable[ModuleType]) -> None:
    """Sum the cost parts of all blocks, discount them, and make their total the objective."""
    b = m.cost = Block(doc=__doc__)
    parts: dict[tuple[str, int], Any] = defaultdict(float)
    for block in blocks:
        for y in x.years if hasattr(block, "costs") else ():
            for part, paid in block.costs(m, y).items():
                parts[part, y] += paid
    b.PARTS = Set(initialize=tuple(dict.fromkeys(part for part, _ in parts)), ordered=True, doc="$p$ cost parts 成本分项")
    b.discount_start = Param(m.YEARS, initialize=x.discount_start, doc=r"$\theta^s_y$ [-] today's value of 1 paid at the year's start 年初折现系数")
    b.discount_end = Param(
        m.YEARS,
        initialize=x.discount_end,
        doc=r"$\theta^e_y$ [-] today's value of 1 paid at the year's end (the last year: and its tail's) 年末折现系数",
    )
    b.renewal_investment, b.paid = x.renewal_investment, x.paid
    b.credit, b.renewal_credit, b.renewals = x.credit, x.renewal_credit, x.renewals
    b.running = Expression(b.PARTS, m.YEARS, initialize=parts, doc=r"$C_{p,y}$ [MCNY] cost part paid at the year's end 年度成本分项")
    b.investing = Expression(m.capacity.ASSETS, m.YEARS, rule=investing, doc=r"$I_{a,y}$ [MCNY] investment paid at the year's start 年度投资")
    b.credited = Expression(m.capacity.ASSETS, rule=credited, doc=r"$V_a$ [MCNY] value left at the horizon's end, in today's money 期末残值现值")
    b.total = Objective(rule=total, sense=minimize, doc=r"$C$ [MCNY] discounted total cost 折现总成本")


def investing(b: Block, a: str, y: int) -> Any:
    r"""An investment is paid in shares $\pi_{a,v,y}$ over the lead time, a renewal of $\iota^W_a$ per size when its outage starts. 年度投资

    $$I_{a,y} = \sum_v \pi_{a,v,y}\,M_{a,v} + \iota^W_a\,W_a$$
    """
    m = b.model()
    new = quicksum(b.paid[a, v, y] * m.scale.spent[a, v] for q, v in m.capacity.BUILDS if q == a and (a, v, y) in b.paid)
    return new + (b.renewal_investment[a] * m.capacity.renewed[a] if b.renewals.get(a) == y else 0)


def credited(b: Block, a: str) -> Any:
    r"""What was bought or renewed in the horizon and lives on has a value at its end, $\nu_{a,v}$ per 1 invested or $\nu^W_a$ per size. 期末残值

    $$V_a = \sum_v \nu_{a,v}\,M_{a,v} + \nu^W_a\,W_a + V^m_a$$
    """
    m = b.model()
    new = quicksum(b.credit[a, v] * m.scale.spent[a, v] for q, v in m.capacity.BUILDS if q == a and (a, v) in b.credit)
    return new + (b.renewal_credit[a] * m.capacity.renewed[a] if a in m.capacity.RENEWALS else 0) + m.lasting.value[a]


def total(b: Block) -> Any:
    r"""All that is paid in the horizon, less the value left at its end, in today's money. 折现总成本

    $$C = \sum_y \Big(\theta^s_y \sum_a I_{a,y} + \theta^e_y \sum_p C_{p,y}\Big) - \sum_a V_a$$
    """
    m = b.model()
    invested = quicksum(b.discount_start[y] * b.investing[a, y] for a in m.capacity.ASSETS for y in m.YEARS)
    run = quicksum(b.discount_end[y] * b.running[p, y] for p in b.PARTS for y in m.YEARS)
    return invested + run - quicksum(b.credited[a] for a in m.capacity.ASSETS)
