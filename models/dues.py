"""Dues 碳费: what direct emissions cost on the national carbon market and at a border.

The market takes allowances for all direct emissions and gives some for free; the border asks for the emissions of what is
exported above a free share. How much is exported is given and no decision, so that its emissions are the site's, shared
out by output, and nothing is a product of two decisions.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what the border counts; the market needs no decision of its own."""
    b = m.dues = Block(doc=__doc__)
    b.BORDER = Set(initialize=tuple(x.border_share), ordered=True, doc="$y$ years in which a border asks for actual emissions 边境碳调节年份")
    b.share = Param(b.BORDER, initialize=x.border_share, doc=r"$\phi^B_y$ [-] exported share of the output 出口占产量比例")
    b.free = Param(b.BORDER, initialize=x.border_free, doc=r"$\bar D^B_y$ [kt] emissions of the exports that are free 出口免费部分")
    b.owed = Var(b.BORDER, within=NonNegativeReals, doc=r"$D^B_y$ [kt] emissions the border asks for 边境应缴排放")
    b.price, b.allowance, b.credit = x.allowance_price, x.allowance, x.credit_gain
    b.border_price, b.border_fixed = x.border_price, x.border_fixed
    b.owed_definition = Constraint(b.BORDER, rule=owed_definition)


def owed_definition(b: Block, y: int) -> Expression:
    r"""The border asks for the direct emissions of what is exported, less their free share, and never pays. 边境应缴排放

    $$D^B_y \ge \phi^B_y\,Q_{y} - \bar D^B_y$$
    """
    return b.owed[y] >= b.share[y] * b.model().emissions.direct[y] - b.free[y]


# What dues contribute to the whole --------------------------------------------------------------------------------


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: allowances missing to the free ones $A_y$ at $\pi^A_y$ (sold where there are too many), less
    what cheaper credits save on the part $\rho_y$ of them; and what the border asks, by actual emissions or by default values, $C^D_y$.

    $$C_{\text{carbon market},y} = \pi^A_y\,(Q_{y} - A_y) - \rho_y\,Q_{y}, \qquad C_{\text{border},y} = \pi^B_y\,D^B_y + C^D_y$$
    """
    b, parts = m.dues, {}
    if b.price:
        paid = b.price.get(y, 0.0) - b.credit.get(y, 0.0)
        parts["carbon market"] = paid * m.emissions.direct[y] - b.price.get(y, 0.0) * b.allowance.get(y, 0.0)
    if b.border_price or b.border_fixed:
        parts["border"] = (b.border_price[y] * b.owed[y] if y in b.BORDER else 0.0) + b.border_fixed.get(y, 0.0)
    return parts
