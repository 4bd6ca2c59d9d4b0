"""Balance 平衡: what is made or bought is used, sold or kept - in every step or over the year."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Param

from models.inputs import Inputs

Expression = Any


def close(m: ConcreteModel, x: Inputs, blocks: Iterable[ModuleType]) -> None:
    """Sum what the blocks supply and close every carrier's balance."""
    b = m.balance = Block(doc=__doc__)
    b.load = Param(m.STEP_CARRIERS, m.YEARS, m.STEPS, initialize=x.load, default=0.0, doc=r"$\ell_{c,y,s}$ [unit/h] fixed use 固定负荷")
    b.demand = Param(m.YEAR_CARRIERS, m.YEARS, initialize=x.demand, default=0.0, doc=r"$d_{c,y}$ [k-unit] required in the year 年需求")
    b.in_step = [block.step_flow for block in blocks if hasattr(block, "step_flow")]
    b.in_year = [block.year_flow for block in blocks if hasattr(block, "year_flow")]
    b.step_balance = Constraint(m.STEP_CARRIERS, m.YEARS, m.STEPS, rule=step_balance)
    b.year_balance = Constraint(m.YEAR_CARRIERS, m.YEARS, rule=year_balance)


def step_balance(b: Block, c: str, y: int, s: str) -> Expression:
    r"""In every step the net supply of all blocks meets the fixed use. 逐时平衡

    $$\sum_{\text{blocks}} \text{net supply}_{c,y,s} = \ell_{c,y,s}$$
    """
    return sum(flow(b.model(), c, y, s) for flow in b.in_step) == b.load[c, y, s]


def year_balance(b: Block, c: str, y: int) -> Expression:
    r"""Over the year the net supply of all blocks meets what is required. 年度平衡

    $$\sum_{\text{blocks}} \text{net supply}_{c,y} = d_{c,y}$$
    """
    return sum(flow(b.model(), c, y) for flow in b.in_year) == b.demand[c, y]
