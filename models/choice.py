"""Choice 取舍: options that exclude, limit or need each other, or must be there.

An asset is chosen when any of it is built in the horizon, or any of it is renewed.
"""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add whether an asset is chosen at all, and the rules among assets."""
    b = m.choice = Block(doc=__doc__)
    members = dict.fromkeys(a for chosen in x.at_most.values() for a in chosen)
    offered = [q for q in x.vintages if x.vintages[q]]
    b.MEMBERS = Set(initialize=tuple(members), ordered=True, doc="$a$ assets of which only some may be chosen 择一项目")
    b.RULES = Set(initialize=tuple(x.at_most), ordered=True, doc="$r$ rules of at most so many 数量限制规则")
    b.OFFERED = Set(
        initialize=[q for q in offered if q[0] in members],
        dimen=2,
        ordered=True,
        doc="$(a,y)$ years in which they may be in service 择一项目可在役年份",
    )
    b.RENEWALS = Set(initialize=[a for a in x.renewals if a in members], ordered=True, doc="$a$ of which a renewal is the choice 择一大修项目")
    b.NEEDS = Set(initialize=tuple(x.needs), dimen=2, ordered=True, doc="$(a,h)$ an asset and what it needs 先决条件")
    b.SHARED = Set(initialize=tuple(x.together), ordered=True, doc="$r$ sizes that assets share 共享规模")
    b.REQUIRED = Set(initialize=tuple(x.required), ordered=True, doc="$a$ options that must be adopted 必须采用的项目")
    b.count = Param(b.RULES, initialize=x.choice_count, doc=r"$n_r$ [-] how many may be chosen 可选数量")
    b.allowed = Param(b.NEEDS, initialize=x.needs, doc=r"$\omega_{a,h}$ [size/size] what each size in service allows 单位先决规模")
    b.shared = Param(b.SHARED, initialize=x.together_limit, doc=r"$\bar S_r$ [size] most that may be in service together 合计上限")
    b.required = Param(b.REQUIRED, initialize=x.required, doc=r"$\underline{K}_a$ [size] least size in service in the last year 末年最小在役规模")
    b.chosen = Var(b.MEMBERS, within=Binary, doc=r"$J_a$ [-] chosen at all 是否选用")
    b.members, b.sharers = x.at_most, x.together
    b.build_needs_choice = Constraint(b.OFFERED, rule=build_needs_choice)
    b.renewal_needs_choice = Constraint(b.RENEWALS, rule=renewal_needs_choice)
    b.choice_limit = Constraint(b.RULES, rule=choice_limit)
    b.prerequisite = Constraint(b.NEEDS, m.YEARS, rule=prerequisite)
    b.shared_limit = Constraint(b.SHARED, m.YEARS, rule=shared_limit)
    b.adopted = Constraint(b.REQUIRED, rule=adopted)


def build_needs_choice(b: Block, a: str, y: int) -> Expression:
    r"""Of what is not chosen, nothing built is ever in service. 未选不建

    $$\sum_v B_{a,v} \le \bar B_a\,J_a$$
    """
    capacity = b.model().capacity
    return quicksum(capacity.built[a, v] for v in capacity.vintages[a, y]) <= capacity.max_size[a] * b.chosen[a]


def renewal_needs_choice(b: Block, a: str) -> Expression:
    r"""What is not chosen is not renewed. 未选不修

    $$W_a \le E_a\,J_a$$
    """
    capacity = b.model().capacity
    return capacity.renewed[a] <= capacity.existing[a] * b.chosen[a]


def choice_limit(b: Block, r: str) -> Expression:
    r"""Of options that exclude each other, no more are chosen than may be. 互斥与限选

    $$\sum_{a \in r} J_a \le n_r$$
    """
    return quicksum(b.chosen[a] for a in b.members[r]) <= b.count[r]


def prerequisite(b: Block, a: str, h: str, y: int) -> Expression:
    r"""In no year is more of an asset in service than what it needs allows. 先决条件

    $$K_{a,y} \le \omega_{a,h}\,K_{h,y}$$
    """
    size = b.model().capacity.size
    return size[a, y] <= b.allowed[a, h] * size[h, y]


def shared_limit(b: Block, r: str, y: int) -> Expression:
    r"""Assets that share one size, such as the vintages of one option, are together no larger. 合计规模

    $$\sum_{a \in r} K_{a,y} \le \bar S_r$$
    """
    return quicksum(b.model().capacity.size[a, y] for a in b.sharers[r]) <= b.shared[r]


def adopted(b: Block, a: str) -> Expression:
    r"""What must be adopted is in service in the last year, in at least its size; when it is built stays open. 必须采用

    $$K_{a,y_N} \ge \underline{K}_a$$
    """
    m = b.model()
    return m.capacity.size[a, m.YEARS.last()] >= b.required[a]
