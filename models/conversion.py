"""Conversion 改造转换: whole units of a host leave their old mode for good, and what they become begins in the same year.

What leaves is retired, so that it can never come back; what begins is a converter of its own with flows, life and price of
its own. The two are one decision.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Param, Set, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Tie what is built by conversion to what of its host leaves in that year."""
    b = m.conversion = Block(doc=__doc__)
    b.CONVERSIONS = Set(initialize=tuple(x.converts), dimen=2, ordered=True, doc="$(a,h)$ what becomes of a host 转换及其宿主")
    hosts = dict.fromkeys(h for _, h in x.converts)
    begins = {(h, y): tuple(a for a, g in x.converts if g == h and (a, y) in m.capacity.BUILDS) for h in hosts for y in m.YEARS}
    b.CONVERTED = Set(initialize=[q for q, able in begins.items() if able], dimen=2, ordered=True, doc="$(h,y)$ hosts and years of conversion 可转换")
    b.ALONE = Set(initialize=x.converted_only, dimen=2, ordered=True, doc="$(h,y)$ of which units leave by conversion alone 仅可转换退出")
    b.taken = Param(b.CONVERSIONS, initialize=x.converts, doc=r"$\varkappa_{a,h}$ [size/size] size of the host per size built 单位新建占用宿主规模")
    b.begins = begins
    b.conversion_limit = Constraint(b.CONVERTED, rule=conversion_limit)
    b.converted_alone = Constraint(b.ALONE, rule=converted_alone)


def conversion_limit(b: Block, h: str, y: int) -> Expression:
    r"""Nothing begins by conversion but what of its host leaves in that year; where nothing can leave, nothing begins. 转换以退出为限

    $$\sum_a \varkappa_{a,h}\,B_{a,y} \le R_{h,y}$$
    """
    capacity = b.model().capacity
    leaves = capacity.retired[h, y] if (h, y) in capacity.RETIREMENTS else 0.0
    return quicksum(b.taken[a, h] * capacity.built[a, y] for a in b.begins[h, y]) <= leaves


def converted_alone(b: Block, h: str, y: int) -> Expression:
    r"""What may go by conversion alone leaves only as far as something begins in its place. 非转换不退出

    $$R_{h,y} \le \sum_a \varkappa_{a,h}\,B_{a,y}$$
    """
    capacity = b.model().capacity
    return capacity.retired[h, y] <= quicksum(b.taken[a, h] * capacity.built[a, y] for a in b.begins[h, y])
