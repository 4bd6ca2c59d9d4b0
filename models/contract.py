"""Contract 购电合同: power bought ahead - a plant elsewhere delivers through the grid as the wind blows there.

The size of the contract is a decision and stays once it is signed. What is delivered comes through the site's meter, so it
counts for the connection, the month's demand and the location's grid factor; its proof counts in the market view.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add the sizes of contracts, what they deliver, and what is paid for without being taken."""
    b = m.contract = Block(doc=__doc__)
    b.CONTRACTS = Set(initialize=tuple(dict.fromkeys(k for k, _ in x.contract_limit)), ordered=True, doc="$k$ contracts 购电合同")
    b.SIGNED = Set(initialize=tuple(x.contract_limit), dimen=2, ordered=True, doc="$(k,y)$ years in which they run 合同年份")
    b.KEPT = Set(
        initialize=[(k, y) for k, y in x.contract_limit if (k, y - 1) in x.contract_limit],
        dimen=2,
        ordered=True,
        doc="$(k,y)$ that run on 续行合同年份",
    )
    b.SHARED = Set(initialize=tuple(x.contract_take), ordered=True, doc="$k$ paid by what is made 按发电量付费合同")
    b.limit = Param(b.SIGNED, initialize=x.contract_limit, doc=r"$\bar S_{k,y}$ [unit/h] largest contract 合同规模上限")
    b.profile = Param(b.CONTRACTS, m.STEPS, initialize=x.contract_profile, doc=r"$\omega^S_{k,s}$ [-] delivered share of the size 出力曲线")
    b.made = Param(
        b.SHARED, initialize={k: x.contract_made[k] for k in x.contract_take}, doc=r"$\mu^S_k$ [k-unit/size] what the plant makes in a year 年发电量"
    )
    b.take = Param(b.SHARED, initialize=x.contract_take, doc=r"$\tau^S_k$ [-] share paid even if not taken 照付不议比例")
    b.size = Var(b.SIGNED, within=NonNegativeReals, doc=r"$S_{k,y}$ [unit/h] size of a contract 合同规模")
    b.years = {k: tuple(y for q, y in x.contract_limit if q == k) for k in b.CONTRACTS}
    b.contract_limit = Constraint(b.SIGNED, rule=contract_limit)
    b.contract_kept = Constraint(b.KEPT, rule=contract_kept)
    b.delivery_limit = Constraint(b.CONTRACTS, m.YEARS, m.STEPS, rule=delivery_limit)
    b.take_of_contract = Constraint([(k, y) for k, y in x.contract_limit if k in x.contract_take], rule=take_of_contract)


def contract_limit(b: Block, k: str, y: int) -> Expression:
    r"""A contract is no larger than what is offered. 合同规模约束

    $$S_{k,y} \le \bar S_{k,y}$$
    """
    return b.size[k, y] <= b.limit[k, y]


def contract_kept(b: Block, k: str, y: int) -> Expression:
    r"""A contract once signed runs on. 合同延续

    $$S_{k,y} \ge S_{k,y-1}$$
    """
    return b.size[k, y] >= b.size[k, y - 1]


def delivery_limit(b: Block, k: str, y: int, s: str) -> Expression:
    r"""A contract delivers in a step what its plant makes there, and no more. 合同电量曲线

    $$F_{k,y,s} \le \omega^S_{k,s}\,S_{k,y}$$
    """
    return b.model().market.flow[k, y, s] <= b.profile[k, s] * quicksum(b.size[k, v] for v in b.years[k] if v == y)


def take_of_contract(b: Block, k: str, y: int) -> Expression:
    r"""What is taken and what is paid for without being taken make at least the agreed share of what the plant makes. 合同照付不议

    $$T_{k,y} + U_{k,y} \ge \tau^S_k\,\mu^S_k\,S_{k,y}$$
    """
    market = b.model().market
    return market.amount[k, y] + market.missed[k, y] >= b.take[k] * b.made[k] * b.size[k, y]
