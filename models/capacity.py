"""Capacity 容量: what stands at the start, and what is built, renewed and retired."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeIntegers, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any  # whatever Pyomo makes of sums and products of numbers and variables


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add sizes by year and the decisions that change them."""
    b = m.capacity = Block(doc=__doc__)
    b.ASSETS = Set(initialize=x.assets, ordered=True, doc="$a$ assets 设备")
    b.BUILDS = Set(initialize=x.builds, dimen=2, ordered=True, doc="$(a,v)$ assets that may go into service in year v 可新建")
    b.MODULES = Set(initialize=[q for q in x.builds if q[0] in x.module], dimen=2, doc="$(a,v)$ built in whole units 整台新建")
    b.LIMITED = Set(initialize=tuple(x.max_size), ordered=True, doc="$a$ assets that may be built 可建设备")
    b.OFFERED = Set(
        initialize=[q for q in x.vintages if x.vintages[q]],
        dimen=2,
        ordered=True,
        doc="$(a,y)$ years in which something built may run 新增可在役年份",
    )
    b.RETIREMENTS = Set(initialize=x.retirements, dimen=2, ordered=True, doc="$(a,y)$ that may be retired 可退役")
    b.RETIRABLE = Set(initialize=tuple(dict.fromkeys(a for a, _ in x.retirements)), ordered=True, doc="$a$ that may be retired 可退役设备")
    b.RENEWALS = Set(initialize=tuple(x.renewals), ordered=True, doc="$a$ that may be renewed at their end of life 可大修设备")
    b.DUE = Set(initialize=x.due or (), ordered=True, doc="$a$ that must be renewed at their end of life 到期必须大修设备")
    b.SCRAPPED = Set(initialize=[q for q in x.retirements if q[0] in x.module], dimen=2, doc="$(a,y)$ retired in whole units 整台退役")
    b.RELINED = Set(initialize=[a for a in x.renewals if a in x.module], doc="$a$ renewed in whole units 整台大修")
    b.PLACES = Set(initialize=tuple(dict.fromkeys(x.replaces.values())), ordered=True, doc="$h$ assets whose place may be taken 可被替换")
    b.AREAS = Set(initialize=[l for l in x.area_limit if l in x.area.values()], ordered=True, doc="$l$ roofs and land 场地")

    b.existing = Param(b.ASSETS, initialize=x.existing, default=0.0, doc=r"$E_a$ [size] standing at the start 既有规模")
    b.alive = Param(b.ASSETS, m.YEARS, initialize=x.alive, default=0.0, doc=r"$\lambda_{a,y}$ [-] what stood at the start may run 寿命内")
    b.renewed_alive = Param(b.ASSETS, m.YEARS, initialize=x.renewed_alive, default=0.0, doc=r"$\rho_{a,y}$ [-] what was renewed may run 大修后在役")
    b.module = Param(b.ASSETS, initialize=x.module, default=0.0, doc=r"$u_a$ [size] size of one whole unit 单台规模")
    b.max_size = Param(b.LIMITED, initialize=x.max_size, doc=r"$\bar B_a$ [size] largest size that may be added 新增上限")
    b.area_per_size = Param(b.ASSETS, initialize=x.area_per_size, default=0.0, doc=r"$\alpha_a$ [1000 m2/size] area needed 单位占地")
    b.area = Param(b.AREAS, initialize={l: x.area_limit[l] for l in b.AREAS}, doc=r"$\bar A_l$ [1000 m2] area available 可用面积")

    b.size = Var(b.ASSETS, m.YEARS, within=NonNegativeReals, doc=r"$K_{a,y}$ [size] size in service 在役规模")
    b.built = Var(b.BUILDS, within=NonNegativeReals, doc=r"$B_{a,v}$ [size] goes into service 新投运规模")
    b.units = Var(b.MODULES, within=NonNegativeIntegers, doc=r"$N_{a,v}$ [-] whole units built 新建台数")
    b.retired = Var(b.RETIREMENTS, within=NonNegativeReals, doc=r"$R_{a,y}$ [size] retired early 提前退役")
    b.scrapped = Var(b.SCRAPPED, within=NonNegativeIntegers, doc=r"$N^R_{a,y}$ [-] whole units retired by then 累计退役台数")
    b.renewed = Var(b.RENEWALS, within=NonNegativeReals, doc=r"$W_a$ [size] renewed at the end of life 到期大修")
    b.relined = Var(b.RELINED, within=NonNegativeIntegers, doc=r"$N^W_a$ [-] whole units renewed 大修台数")

    b.vintages, b.place_takers, b.area_users = x.vintages, _inverse(x.replaces), _inverse(x.area)
    b.fixed_cost, b.aged_cost, b.vintage_cost = x.fixed_cost, x.aged_cost, x.vintage_cost
    b.retirement_years = {a: tuple(y for q, y in x.retirements if q == a) for a, _ in x.retirements}
    for (a, _), units in b.units.items():  # a bound the data give: no more units than fit the largest size
        units.setub(int(x.max_size[a] / x.module[a] + 1e-9))
    b.size_definition = Constraint(b.ASSETS, m.YEARS, rule=size_definition)
    b.module_definition = Constraint(b.MODULES, rule=module_definition)
    b.scrap_definition = Constraint(b.SCRAPPED, rule=scrap_definition)
    b.reline_definition = Constraint(b.RELINED, rule=reline_definition)
    b.build_limit = Constraint(b.OFFERED, rule=build_limit)
    b.retirement_limit = Constraint(b.RETIRABLE, rule=retirement_limit)
    b.renewal_limit = Constraint(b.RENEWALS, rule=renewal_limit)
    b.renewal_due = Constraint(b.DUE, rule=renewal_due)
    b.place_limit = Constraint(b.PLACES, m.YEARS, rule=place_limit)
    b.area_limit = Constraint(b.AREAS, m.YEARS, rule=area_limit)


def standing(b: Block, a: str, y: int) -> Expression:
    """What stood at the start and was not retired until year ``y``."""
    return b.existing[a] - quicksum(b.retired[a, v] for v in b.retirement_years.get(a, ()) if v <= y)


def size_definition(b: Block, a: str, y: int) -> Expression:
    r"""What runs is what stood at the start and was not retired, what was renewed, and what was built. 在役规模

    $$K_{a,y} = \lambda_{a,y}\,\Big(E_a - \sum_{y' \le y} R_{a,y'}\Big) + \rho_{a,y}\,W_a + \sum_{v} B_{a,v}$$
    """
    gone = quicksum(b.retired[a, v] for v in b.retirement_years.get(a, ()) if v <= y)
    renewed = b.renewed_alive[a, y] * b.renewed[a] if a in b.RENEWALS else 0
    built = quicksum(b.built[a, v] for v in b.vintages.get((a, y), ()))
    return b.size[a, y] == b.alive[a, y] * (b.existing[a] - gone) + renewed + built


def module_definition(b: Block, a: str, v: int) -> Expression:
    r"""Some things are only built whole. 整台新建

    $$B_{a,v} = u_a\,N_{a,v}$$
    """
    return b.built[a, v] == b.module[a] * b.units[a, v]


def scrap_definition(b: Block, a: str, y: int) -> Expression:
    r"""What is built whole is retired whole; units are counted from the start, so that rounding them in one year says nothing of others. 整台退役

    $$R_{a,y} = u_a\,(N^R_{a,y} - N^R_{a,y-1})$$
    """
    earlier = [v for v in b.retirement_years[a] if v < y]
    return b.retired[a, y] == b.module[a] * (b.scrapped[a, y] - (b.scrapped[a, earlier[-1]] if earlier else 0.0))


def reline_definition(b: Block, a: str) -> Expression:
    r"""What is built whole is renewed whole. 整台大修

    $$W_a = u_a\,N^W_a$$
    """
    return b.renewed[a] == b.module[a] * b.relined[a]


def build_limit(b: Block, a: str, y: int) -> Expression:
    r"""Of what was built, no more is in service at a time than may be. 新增上限

    $$\sum_v B_{a,v} \le \bar B_a$$
    """
    return quicksum(b.built[a, v] for v in b.vintages.get((a, y), ())) <= b.max_size[a]


def retirement_limit(b: Block, a: str) -> Expression:
    r"""No more is retired than stood at the start. 退役上限

    $$\sum_y R_{a,y} \le E_a$$
    """
    return quicksum(b.retired[a, y] for y in b.retirement_years[a]) <= b.existing[a]


def renewal_limit(b: Block, a: str) -> Expression:
    r"""Only what still stands at its end of life can be renewed. 大修上限

    $$W_a \le E_a - \sum_y R_{a,y}$$
    """
    return b.renewed[a] <= b.existing[a] - quicksum(b.retired[a, y] for y in b.retirement_years.get(a, ()))


def renewal_due(b: Block, a: str) -> Expression:
    r"""What may not go is renewed at its end of life, in full, but for what became something else. 到期必修

    $$W_a \ge E_a - \sum_y R_{a,y}$$
    """
    return b.renewed[a] >= b.existing[a] - quicksum(b.retired[a, y] for y in b.retirement_years.get(a, ()))


def place_limit(b: Block, h: str, y: int) -> Expression:
    r"""What takes another unit's place and the unit itself share that place. 原位替换

    $$K_{h,y} + \sum_{a \in h} K_{a,y} \le E_h$$
    """
    return b.size[h, y] + quicksum(b.size[a, y] for a in b.place_takers[h]) <= b.existing[h]


def area_limit(b: Block, l: str, y: int) -> Expression:
    r"""What stands on one roof shares its area. 场地约束

    $$\sum_{a \in l} \alpha_a\,K_{a,y} \le \bar A_l$$
    """
    return quicksum(b.area_per_size[a] * b.size[a, y] for a in b.area_users.get(l, ())) <= b.area[l]


# What capacity contributes to the whole -------------------------------------------------------------------------


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: maintenance, labour and whatever else a size costs by standing there, $f_{a,y}$.

    What stood at the start costs $f^o_{a,y}$ more for its age, and what was built for $v$ costs $f^n_{a,v}$ more or less
    than that.

    $$C_{\text{fixed},y} = \sum_a \Big(f_{a,y}\,K_{a,y} + f^o_{a,y}\,\lambda_{a,y} \big(E_a - \sum_{y' \le y} R_{a,y'}\big) + \sum_v f^n_{a,v}\,B_{a,v}\Big)$$
    """
    b = m.capacity
    sized = quicksum(b.fixed_cost[a, y] * b.size[a, y] for a in b.ASSETS if (a, y) in b.fixed_cost)
    old = quicksum(cost * b.alive[a, y] * standing(b, a, y) for (a, d), cost in b.aged_cost.items() if d == y)
    new = quicksum(b.vintage_cost[a, v] * b.built[a, v] for (a, d), vs in b.vintages.items() if d == y for v in vs if (a, v) in b.vintage_cost)
    return {"fixed": sized + old + new}


def _inverse(of: Any) -> dict[str, tuple[str, ...]]:
    return {target: tuple(k for k, t in of.items() if t == target) for target in dict.fromkeys(of.values())}
