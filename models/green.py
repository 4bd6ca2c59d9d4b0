"""Green power 绿电: where the power of the factory's own wind and sun goes - into the load, a store, the grid, or nowhere.

Only what the load takes in the very step is physically green: no origin is tracked inside stores, so what is charged counts
as drawn from the grid when it comes out. What could have been made and was not is curtailed. The split is made only for
sources of which a rule asks for it; a direct line (绿电直连) has three such rules.
"""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum
from pyomo.environ import Expression as Sum

from models import converter, rebuild
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add the split of what green sources make, and the shares a direct line must keep."""
    b = m.green = Block(doc=__doc__)
    b.plants, b.carrier = {g: tuple(plants) for g, (_, plants) in x.green.items()}, {g: c for g, (c, _) in x.green.items()}
    bright = [(g, s) for g in x.green for s in x.steps if any(x.availability[a, s] > 0 for a in b.plants[g])]
    runs = {(g, y) for g in x.green for y in x.years if any(x.vintages.get((a, y)) or x.alive.get((a, y)) for a in b.plants[g])}
    b.SOURCES = Set(initialize=tuple(x.green), ordered=True, doc="$g$ groups of own wind and solar plants 自有绿电项目")
    b.MEMBERS = Set(initialize=[(g, a) for g in x.green for a in b.plants[g]], dimen=2, ordered=True, doc="$(g,a)$ their plants 项目电站")
    b.BRIGHT = Set(
        initialize=[(g, y, s) for g, s in bright for y in x.years if (g, y) in runs],
        dimen=3,
        ordered=True,
        doc="$(g,y,s)$ when they may make power 可发电时段",
    )
    b.LINES = Set(initialize=tuple(x.self_use_min), ordered=True, doc="$g$ direct lines 绿电直连项目")
    b.RULED = Set(initialize=[q for q in x.load_share_min if q in runs], dimen=2, ordered=True, doc="$(g,y)$ direct lines by year 直连项目年份")
    b.HELD = Set(
        initialize=[(g, a, y) for g, a in b.MEMBERS for q, y in b.RULED if q == g], dimen=3, doc="$(g,a,y)$ plants of a direct line 直连电站"
    )
    sources = {(c, y, s): tuple(g for g in x.green if b.carrier[g] == c and (g, y, s) in b.BRIGHT) for g, y, s in b.BRIGHT for c in [b.carrier[g]]}
    b.SHARED = Set(initialize=tuple(sources), dimen=3, ordered=True, doc="$(c,y,s)$ when their carrier is shared 绿电时段")
    b.TOTALLED = Set(
        initialize=tuple(dict.fromkeys((*b.carrier.values(), *(c for c, _ in x.physical)))), ordered=True, doc="$c$ what they make 绿电载体"
    )
    b.self_use_min = Param(b.LINES, initialize=x.self_use_min, doc=r"$\phi^U_g$ [-] least share used of what could be made 自发自用占可用发电量下限")
    b.load_share_min = Param(
        b.RULED, initialize={q: x.load_share_min[q] for q in b.RULED}, doc=r"$\phi^L_{g,y}$ [-] least share of the site's use 自发自用占用电量下限"
    )
    b.export_max = Param(b.LINES, initialize=x.export_max, doc=r"$\phi^X_g$ [-] largest share sold of what could be made 上网占比上限")
    b.most_used = Param(b.RULED, initialize={q: x.most_used[q] for q in b.RULED}, doc=r"$\bar J_{g,y}$ [k-unit] most the site can use 用电量上界")
    b.largest = Param(
        b.MEMBERS,
        initialize={(g, a): x.max_size.get(a, 0.0) + x.existing.get(a, 0.0) for g, a in b.MEMBERS},
        doc=r"$\bar K_{g,a}$ [size] largest plant 电站规模上界",
    )
    b.ratio = Param(
        b.MEMBERS, initialize={(g, a): x.ratio[a, b.carrier[g]] for g, a in b.MEMBERS}, doc=r"$r^G_{g,a}$ [c/activity] power per output 出力系数"
    )
    b.could_make = Param(b.MEMBERS, initialize=x.could_make, doc=r"$\varpi_{g,a}$ [k-unit/size] what a plant could make in a year 年可发电量")
    b.used = Var(b.BRIGHT, within=NonNegativeReals, doc=r"$J_{g,y,s}$ [unit/h] used at once 直接供负荷")
    b.exported = Var(b.BRIGHT, within=NonNegativeReals, doc=r"$J^X_{g,y,s}$ [unit/h] sold to the grid 上网")
    b.running = Var(b.RULED, within=Binary, doc=r"$z^G_{g,y}$ [-] 1 if the line runs 直连项目投运")
    b.sources = sources
    shared = tuple(b.TOTALLED)
    b.makers = {c: tuple((i, r) for (i, q), r in x.ratio.items() if q == c and r > 0 and i in {*x.flat, *x.flexible}) for c in shared}
    b.measures = {c: tuple((p, h, x.ratio[p, c]) for p, h in x.hosted if x.ratio.get((p, c), 0.0) > 0) for c in shared}
    b.made = Sum(b.BRIGHT, rule=made, doc=r"$J^M_{g,y,s}$ [unit/h] made by a source 发电")
    b.total = Sum(b.TOTALLED, m.YEARS, m.STEPS, rule=total, doc=r"$\ell^T_{c,y,s}$ [unit/h] made and bought and not sold 厂内用量")
    b.total_of_year = Sum(b.TOTALLED, m.YEARS, rule=total_of_year, doc=r"$\ell^T_{c,y}$ [k-unit] the same over the year 全年用量")
    b.split_limit = Constraint(b.BRIGHT, rule=split_limit)
    b.charge_limit = Constraint(b.SHARED, rule=charge_limit)
    b.use_limit = Constraint(b.SHARED, rule=use_limit)
    b.export_limit = Constraint(b.SHARED, rule=export_limit)
    b.running_limit = Constraint(b.HELD, rule=running_limit)
    b.self_use = Constraint(b.RULED, rule=self_use)
    b.load_share = Constraint(b.RULED, rule=load_share)
    b.export_share = Constraint(b.RULED, rule=export_share)


def made(b: Block, g: str, y: int, s: str) -> Expression:
    r"""A source makes what its plants make. 绿电发电

    $$J^M_{g,y,s} = \sum_{a \in g} r^G_{g,a}\,O_{a,y,s}$$
    """
    return quicksum(b.ratio[g, a] * b.model().converter.output[a, y, s] for a in b.plants[g])


def total(b: Block, c: str, y: int, s: str) -> Expression:
    r"""The site keeps what is made here, in steps, in the shape of a process or by a measure (while hosts are rebuilt, in that of their parts), and what is bought, less what is sold. 厂内用量

    $$\ell^T_{c,y,s} = \sum_{i:\,r_{i,c}>0} r_{i,c}\,(O_{i,y,s} + \sigma_{i,y,s}\,X_{i,y}) + \sum_{m,h:\,r_{m,c}>0} r_{m,c}\,\sigma_{h,y,s}\,X_{m,h,y}
    + \sum_{k \text{ buys}} F_{k,y,s} - \sum_{k \text{ sells}} F_{k,y,s}$$
    """
    m = b.model()
    run, market = m.converter, m.market
    flexible = quicksum(r * run.output[i, y, s] for i, r in b.makers[c] if i not in run.is_flat)
    flat = quicksum(r * run.shape[i, y, s] * run.activity[i, y] for i, r in b.makers[c] if i in run.is_flat)
    changed = quicksum(r * run.shape[h, y, s] * m.measure.activity[p, h, y] for p, h, r in b.measures[c])
    moved = rebuild.of_hosts(m, c, y, s, made=True) + rebuild.of_measures(m, c, y, s, made=True)
    return flexible + flat + changed + moved + quicksum(market.sign[k] * market.flow[k, y, s] for k in market.of_carrier[c])


def total_of_year(b: Block, c: str, y: int) -> Expression:
    r"""Over the year the site keeps what its converters and measures make and what is bought, less what is sold. 厂内全年用量

    $$\ell^T_{c,y} = \sum_{i:\,r_{i,c}>0} r_{i,c}\,X_{i,y} + \sum_{m,h:\,r_{m,c}>0} r_{m,c}\,X_{m,h,y} + \sum_{k \text{ buys}} T_{k,y} - \sum_{k \text{ sells}} T_{k,y}$$
    """
    m = b.model()
    made = quicksum(r * converter.yearly(m, i, y) for i, r in b.makers[c])
    changed = quicksum(r * m.measure.activity[p, h, y] for p, h, r in b.measures[c])
    return made + changed + quicksum(m.market.sign[k] * m.market.amount[k, y] for k in m.market.of_carrier[c])


def split_limit(b: Block, g: str, y: int, s: str) -> Expression:
    r"""What is used at once and what is sold was made; the rest is charged. 绿电去向

    $$J_{g,y,s} + J^X_{g,y,s} \le J^M_{g,y,s}$$
    """
    return b.used[g, y, s] + b.exported[g, y, s] <= b.made[g, y, s]


def charge_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""What is made and neither used at once nor sold goes into stores. 绿电充能

    $$\sum_g \big(J^M_{g,y,s} - J_{g,y,s} - J^X_{g,y,s}\big) \le \sum_a P^+_{a,y,s}$$
    """
    store = b.model().store
    rest = quicksum(b.made[g, y, s] - b.used[g, y, s] - b.exported[g, y, s] for g in b.sources[c, y, s])
    return rest <= quicksum(store.charge[a, y, s] for a in store.of_carrier[c])


def use_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""No more is used at once than the site uses in that step, stores left out. 供负荷上限

    $$\sum_g J_{g,y,s} \le \ell^T_{c,y,s} + \sum_a (P^-_{a,y,s} - P^+_{a,y,s})$$
    """
    store = b.model().store
    stored = quicksum(store.discharge[a, y, s] - store.charge[a, y, s] for a in store.of_carrier[c])
    return quicksum(b.used[g, y, s] for g in b.sources[c, y, s]) <= b.total[c, y, s] + stored


def export_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""No more is sold to the grid than the site sells. 上网上限

    $$\sum_g J^X_{g,y,s} \le \sum_{k \text{ sells}} F_{k,y,s}$$
    """
    market = b.model().market
    sold = quicksum(market.flow[k, y, s] for k in market.of_carrier[c] if market.sign[k] < 0)
    return quicksum(b.exported[g, y, s] for g in b.sources[c, y, s]) <= sold


def running_limit(b: Block, g: str, a: str, y: int) -> Expression:
    r"""A plant of a direct line stands only where the line runs. 直连项目投运

    $$K_{a,y} \le \bar K_{g,a}\,z^G_{g,y}$$
    """
    return b.model().capacity.size[a, y] <= b.largest[g, a] * b.running[g, y]


def self_use(b: Block, g: str, y: int) -> Expression:
    r"""Of what its plants could make in a year, the site itself uses at least a share at once. 自发自用占可用发电量

    $$\sum_s w_s\,J_{g,y,s} \ge \phi^U_g \sum_{a \in g} \varpi_{g,a}\,K_{a,y}$$
    """
    m = b.model()
    possible = quicksum(b.could_make[g, a] * m.capacity.size[a, y] for a in b.plants[g])
    return quicksum(m.duration[s] * b.used[g, y, s] for s in m.STEPS if (g, y, s) in b.BRIGHT) >= b.self_use_min[g] * possible


def load_share(b: Block, g: str, y: int) -> Expression:
    r"""A line that runs carries at least a share of all the site uses in the year, losses of stores included. 自发自用占总用电量

    $$\sum_s w_s\,J_{g,y,s} \ge \phi^L_{g,y} \Big(\ell^T_{c,y} - \bar J_{g,y}\,(1 - z^G_{g,y})\Big)$$
    """
    m = b.model()
    used = quicksum(m.duration[s] * b.used[g, y, s] for s in m.STEPS if (g, y, s) in b.BRIGHT)
    return used >= b.load_share_min[g, y] * (b.total_of_year[b.carrier[g], y] - b.most_used[g, y] * (1 - b.running[g, y]))


def export_share(b: Block, g: str, y: int) -> Expression:
    r"""Of what its plants could make in a year, at most a share is sold to the grid. 上网电量占比

    $$\sum_s w_s\,J^X_{g,y,s} \le \phi^X_g \sum_{a \in g} \varpi_{g,a}\,K_{a,y}$$
    """
    m = b.model()
    possible = quicksum(b.could_make[g, a] * m.capacity.size[a, y] for a in b.plants[g])
    return quicksum(m.duration[s] * b.exported[g, y, s] for s in m.STEPS if (g, y, s) in b.BRIGHT) <= b.export_max[g] * possible
