"""Lasting 存续: what of a retrofit outlives the horizon - no more than its host carries on, and no longer than the host.

A host is made of parts that end at different times: what stood at the start, what was renewed, and what was built in
each year. A retrofit's value at the horizon's end counts only on a part that is still there.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Expression, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Term = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add on which part of its host each retrofit lives on, and what that is worth."""
    b = m.lasting = Block(doc=__doc__)
    b.CARRIED = Set(
        initialize=tuple(x.lasting), dimen=4, ordered=True, doc="$(m,v,h,q)$ retrofits on parts of hosts that outlive the horizon 期末存续措施"
    )
    b.PROJECTS = Set(
        initialize=tuple(dict.fromkeys(q[:2] for q in x.lasting)), dimen=2, ordered=True, doc="$(m,v)$ retrofits with a value at the end 有残值的措施"
    )
    parts = tuple(dict.fromkeys((p, *q) for p, _, *q in x.lasting))
    b.STOOD = Set(initialize=[q for q in parts if q[2] == "stood"], dimen=3, ordered=True, doc="$(m,h,q)$ on what stood at the start 依附既有部分")
    b.RENEWED = Set(initialize=[q for q in parts if q[2] == "renewed"], dimen=3, ordered=True, doc="$(m,h,q)$ on what was renewed 依附大修部分")
    b.NEW = Set(
        initialize=[q for q in parts if q[2] not in ("stood", "renewed")], dimen=3, ordered=True, doc="$(m,h,q)$ on what was built 依附新建部分"
    )
    b.worth = Param(b.CARRIED, initialize=x.lasting, doc=r"$\nu_{m,v,h,q}$ [-] value left of 1 invested, in today's money 期末价值系数")
    b.dearest = Param(b.PROJECTS, initialize=x.dearest, doc=r"$c_{m,v}$ [MCNY/size] highest price of a size 最高单位投资")
    b.lives_on = Var(b.CARRIED, within=NonNegativeReals, doc=r"$A_{m,v,h,q}$ [size] lives on with that part 存续规模")
    b.hosts_of = {q: tuple((h, part) for p, v, h, part in x.lasting if (p, v) == q) for q in b.PROJECTS}
    b.years_of = {q: tuple(v for p, v, h, part in x.lasting if (p, h, part) == q) for q in parts}
    b.of_measure = {a: tuple(q for p, *q in x.lasting if p == a) for a in dict.fromkeys(q[0] for q in x.lasting)}
    b.first_year = {f"built {v}": v for v in x.years}  # how a part that was built is called
    b.project_limit = Constraint(b.PROJECTS, rule=project_limit)
    b.stood_limit = Constraint(b.STOOD, rule=stood_limit)
    b.renewed_limit = Constraint(b.RENEWED, rule=renewed_limit)
    b.new_limit = Constraint(b.NEW, rule=new_limit)
    b.value = Expression(m.capacity.ASSETS, rule=value, doc=r"$V^m_a$ [MCNY] value left of a retrofit, in today's money 措施期末价值")


def project_limit(b: Block, p: str, v: int) -> Term:
    r"""No more lives on than was paid for. 存续不超投资

    $$c_{m,v} \sum_{h,q} A_{m,v,h,q} \le M_{m,v}$$
    """
    return b.dearest[p, v] * quicksum(b.lives_on[p, v, h, q] for h, q in b.hosts_of[p, v]) <= b.model().scale.spent[p, v]


def stood_limit(b: Block, p: str, h: str, q: str) -> Term:
    r"""On what stood at the start lives on no more than is not retired. 存续不超既有宿主

    $$\kappa_{m,h} \sum_v A_{m,v,h,q} \le E_h - \sum_y R_{h,y}$$
    """
    m, capacity = b.model(), b.model().capacity
    lives = quicksum(b.lives_on[p, v, h, q] for v in b.years_of[p, h, q])
    gone = quicksum(capacity.retired[h, y] for y in capacity.retirement_years.get(h, ()))
    return m.measure.coverage[p, h] * lives <= capacity.existing[h] - gone


def renewed_limit(b: Block, p: str, h: str, q: str) -> Term:
    r"""On what was renewed lives on no more than that. 存续不超大修宿主

    $$\kappa_{m,h} \sum_v A_{m,v,h,q} \le W_h$$
    """
    m = b.model()
    return m.measure.coverage[p, h] * quicksum(b.lives_on[p, v, h, q] for v in b.years_of[p, h, q]) <= m.capacity.renewed[h]


def new_limit(b: Block, p: str, h: str, q: str) -> Term:
    r"""On what was built lives on no more than that. 存续不超新建宿主

    $$\kappa_{m,h} \sum_v A_{m,v,h,q} \le B_{h,q}$$
    """
    m = b.model()
    lives = quicksum(b.lives_on[p, v, h, q] for v in b.years_of[p, h, q])
    return m.measure.coverage[p, h] * lives <= m.capacity.built[h, b.first_year[q]]


def value(b: Block, a: str) -> Term:
    r"""A retrofit is worth what is left of its investment where its host lives on. 措施残值

    $$V^m_a = \sum_{v,h,q} \nu_{m,v,h,q}\,c_{m,v}\,A_{m,v,h,q}$$
    """
    return quicksum(b.worth[a, v, h, q] * b.dearest[a, v] * b.lives_on[a, v, h, q] for v, h, q in b.of_measure.get(a, ()))
