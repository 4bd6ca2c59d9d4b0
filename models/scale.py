"""Scale 规模经济: what a project costs by its size - a price a size, or pieces of a curve with a smallest size and a fixed cost."""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, Expression, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Term = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what is spent on each project; a project with pieces lies in one of them or is not built."""
    b = m.scale = Block(doc=__doc__)
    scaled = dict.fromkeys(a for a, _ in x.piece)
    b.SCALED = Set(initialize=[q for q in x.builds if q[0] in scaled], dimen=2, ordered=True, doc="$(a,v)$ projects priced in pieces 分段计价项目")
    b.PIECES = Set(
        initialize=[(a, v, n) for a, v in b.SCALED for q, n in x.piece if q == a],
        dimen=3,
        ordered=True,
        doc="$(a,v,n)$ pieces of their cost curves 分段",
    )
    b.least = Param(b.PIECES, initialize={q: x.piece[q[0], q[2]][0] for q in b.PIECES}, doc=r"$s^-_{a,v,n}$ [size] where a piece begins 分段起点")
    b.most = Param(b.PIECES, initialize={q: x.piece[q[0], q[2]][1] for q in b.PIECES}, doc=r"$s^+_{a,v,n}$ [size] where a piece ends 分段终点")
    b.slope = Param(b.PIECES, initialize={q: x.piece_slope[q] for q in b.PIECES}, doc=r"$\zeta_{a,v,n}$ [MCNY/size] each further size 分段单价")
    b.start = Param(
        b.PIECES, initialize={q: x.piece_start[q] for q in b.PIECES}, doc=r"$\xi_{a,v,n}$ [MCNY] for being in the piece at all 分段固定费"
    )
    b.price = Param(
        m.capacity.BUILDS,
        initialize={q: x.investment[q] for q in x.builds if q in x.investment},
        default=0.0,
        doc=r"$\iota_{a,v}$ [MCNY/size] price without pieces 单位投资",
    )
    b.part = Var(b.PIECES, within=NonNegativeReals, doc=r"$S_{a,v,n}$ [size] built in a piece 分段内新建规模")
    b.taken = Var(b.PIECES, within=Binary, doc=r"$Y_{a,v,n}$ [-] the project lies in the piece 所选分段")
    b.of_project = {(a, v): tuple(n for q, n in x.piece if q == a) for a, v in b.SCALED}
    b.piece_choice = Constraint(b.SCALED, rule=piece_choice)
    b.part_definition = Constraint(b.SCALED, rule=part_definition)
    b.least_size = Constraint(b.PIECES, rule=least_size)
    b.most_size = Constraint(b.PIECES, rule=most_size)
    b.spent = Expression(m.capacity.BUILDS, rule=spent, doc=r"$M_{a,v}$ [MCNY] what a project costs 项目投资")


def piece_choice(b: Block, a: str, v: int) -> Term:
    r"""A project lies in one piece of its cost curve or is not built. 分段选择

    $$\sum_n Y_{a,v,n} \le 1$$
    """
    return quicksum(b.taken[a, v, n] for n in b.of_project[a, v]) <= 1


def part_definition(b: Block, a: str, v: int) -> Term:
    r"""What is built is built in that piece. 分段规模

    $$B_{a,v} = \sum_n S_{a,v,n}$$
    """
    return b.model().capacity.built[a, v] == quicksum(b.part[a, v, n] for n in b.of_project[a, v])


def least_size(b: Block, a: str, v: int, n: int) -> Term:
    r"""A project is no smaller than where its piece begins. 最小规模

    $$S_{a,v,n} \ge s^-_{a,v,n}\,Y_{a,v,n}$$
    """
    return b.part[a, v, n] >= b.least[a, v, n] * b.taken[a, v, n]


def most_size(b: Block, a: str, v: int, n: int) -> Term:
    r"""A project is no larger than where its piece ends, and nothing without it. 最大规模

    $$S_{a,v,n} \le s^+_{a,v,n}\,Y_{a,v,n}$$
    """
    return b.part[a, v, n] <= b.most[a, v, n] * b.taken[a, v, n]


def spent(b: Block, a: str, v: int) -> Term:
    r"""A project costs its price a size, or the start of its piece and each further size in it. 项目投资

    $$M_{a,v} = \iota_{a,v}\,B_{a,v} + \sum_n (\xi_{a,v,n}\,Y_{a,v,n} + \zeta_{a,v,n}\,S_{a,v,n})$$
    """
    pieces = quicksum(b.start[a, v, n] * b.taken[a, v, n] + b.slope[a, v, n] * b.part[a, v, n] for n in b.of_project.get((a, v), ()))
    return b.price[a, v] * b.model().capacity.built[a, v] + pieces
