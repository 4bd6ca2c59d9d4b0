"""Taken 已定: decisions that were taken before, and stand whatever is planned now."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Param, Set

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add a row for each decision that was taken."""
    b = m.taken = Block(doc=__doc__)
    b.BUILT = Set(initialize=tuple(x.built_already), dimen=2, ordered=True, doc="$(a,v)$ projects decided before 已定新建项目")
    b.RETIRED = Set(initialize=tuple(x.retired_already), dimen=2, ordered=True, doc="$(a,y)$ retirements decided before 已定退役")
    b.RENEWED = Set(initialize=tuple(x.renewed_already), ordered=True, doc="$a$ units whose renewal was decided before 已定大修设备")
    b.built = Param(b.BUILT, initialize=x.built_already, doc=r"$\hat B_{a,v}$ [size] size decided before 已定新建规模")
    b.retired = Param(b.RETIRED, initialize=x.retired_already, doc=r"$\hat R_{a,y}$ [size] retirement decided before 已定退役规模")
    b.renewed = Param(b.RENEWED, initialize=x.renewed_already, doc=r"$\hat W_a$ [size] renewal decided before 已定大修规模")
    b.build_taken = Constraint(b.BUILT, rule=build_taken)
    b.retirement_taken = Constraint(b.RETIRED, rule=retirement_taken)
    b.renewal_taken = Constraint(b.RENEWED, rule=renewal_taken)


def build_taken(b: Block, a: str, v: int) -> Expression:
    r"""What was ordered is built, as it was ordered. 已定新建

    $$B_{a,v} = \hat B_{a,v}$$
    """
    return b.model().capacity.built[a, v] == b.built[a, v]


def retirement_taken(b: Block, a: str, y: int) -> Expression:
    r"""What was given up stays given up, and no more. 已定退役

    $$R_{a,y} = \hat R_{a,y}$$
    """
    return b.model().capacity.retired[a, y] == b.retired[a, y]


def renewal_taken(b: Block, a: str) -> Expression:
    r"""What was to be renewed is renewed, and what was not is not. 已定大修

    $$W_a = \hat W_a$$
    """
    return b.model().capacity.renewed[a] == b.renewed[a]
