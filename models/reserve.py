"""Reserve 备用: what is left when the connection or one unit is lost must carry what may not fail.

In every step the loss may happen. Own units count with the firm share of what is available of them, stores with the power
they can hold for the stated hours out of what they keep at that moment.
"""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models import measure, store
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what stores stand ready to give, whether a unit stands that may be lost, and that what is critical is carried."""
    b = m.reserve = Block(doc=__doc__)
    largest = {a: x.existing.get(a, 0.0) + x.max_size.get(a, 0.0) for _, a in x.losses if a in x.module}
    b.RESERVES = Set(initialize=tuple(x.reserves), ordered=True, doc="$r$ reserves 备用要求")
    b.LOSSES = Set(initialize=x.losses, dimen=2, ordered=True, doc="$(r,l)$ what may be lost 可能失去的电源")
    b.BACKING = Set(initialize=[q for q in x.firm if q[1] in x.stores], dimen=2, ordered=True, doc="$(r,a)$ stores that stand ready 备用储能")
    b.COUNTED = Set(initialize=tuple(largest), ordered=True, doc="$a$ of what is lost one unit at a time 按台失去的设备")
    b.firm = Param(list(x.firm), initialize=x.firm, doc=r"$\beta_{r,a}$ [-] share of the power that counts 可计入备用比例")
    b.held = Param(b.RESERVES, initialize=x.reserve_hours, doc=r"$\tau^B_r$ [h] for which stores must hold out 须支撑时长")
    b.largest = Param(b.COUNTED, initialize=largest, doc=r"$\bar K^B_a$ [size] most that can ever stand 最大规模")
    b.ready = Var(
        b.BACKING, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$P^B_{r,a,y,s}$ [unit/h] what a store stands ready to give 储能备用出力"
    )
    b.stands = Var(b.COUNTED, m.YEARS, within=Binary, doc=r"$z^B_{a,y}$ [-] whether a unit stands that may be lost 是否有机组在役")
    b.carrier, b.critical, b.critical_load, b.load = x.reserves, x.critical, x.critical_load, x.load
    b.users = {r: tuple(i for i, q in x.critical if q == c) for r, c in x.reserves.items()}
    b.units = {r: tuple(a for q, a in x.firm if q == r and a not in x.stores) for r in x.reserves}
    b.keepers = {r: tuple(a for q, a in x.firm if q == r and a in x.stores) for r in x.reserves}
    b.purchases = {
        r: tuple(f for f, names in x.fence.items() if any(k in x.buys and x.markets[k] == c for k in names)) for r, c in x.reserves.items()
    }
    b.ratio, b.module = x.ratio, x.module
    b.ready_power = Constraint(b.BACKING, m.YEARS, m.STEPS, rule=ready_power)
    b.ready_energy = Constraint(b.BACKING, m.YEARS, m.STEPS, rule=ready_energy)
    b.unit_stands = Constraint(b.COUNTED, m.YEARS, rule=unit_stands)
    b.covered = Constraint(b.LOSSES, m.YEARS, m.STEPS, rule=covered)


def ready_power(b: Block, r: str, a: str, y: int, s: str) -> Expression:
    r"""A store stands ready with no more than the firm share of its power, $\bar P_{a,y}$. 备用功率上限

    $$P^B_{r,a,y,s} \le \beta_{r,a}\,\bar P_{a,y}$$
    """
    return b.ready[r, a, y, s] <= b.firm[r, a] * store.full_power(b.model(), a, y)


def ready_energy(b: Block, r: str, a: str, y: int, s: str) -> Expression:
    r"""What a store stands ready to give it can give for the stated hours, of what it keeps as the step begins. 备用能量约束

    $$\tau^B_r\,P^B_{r,a,y,s} \le \eta^-_a\,L_{a,y,s-1}$$
    """
    m = b.model()
    return b.held[r] * b.ready[r, a, y, s] <= m.store.discharge_efficiency[a] * m.store.level[a, y, m.previous[s]]


def unit_stands(b: Block, a: str, y: int) -> Expression:
    r"""Where anything stands of what comes in units, one of them may be lost. 可失机组在役

    $$K_{a,y} \le \bar K^B_a\,z^B_{a,y}$$
    """
    return b.model().capacity.size[a, y] <= b.largest[a] * b.stands[a, y]


def covered(b: Block, r: str, l: str, y: int, s: str) -> Expression:
    r"""What stands ready, $V_{r,y,s}$, what the connection still brings, $V^F_{r,l,s}$, less what the loss takes, $V^-_{r,l,y,s}$, carry what is critical, $V^C_{r,y,s}$. 备用充足约束

    $$V_{r,y,s} + V^F_{r,l,s} - V^-_{r,l,y,s} \ge V^C_{r,y,s}$$
    """
    m = b.model()
    left = own(m, r, y, s) + tied(m, r, l, s) - lost(m, r, l, y, s)
    return left >= critical(m, r, y, s) if _varies(b, r, l, y, s) else _alone(b, r, l, y, s)


def _varies(b: Block, r: str, l: str, y: int, s: str) -> bool:
    """Whether a plan can change what is left after a loss, or what is critical then."""
    units = any(of_unit(b.model(), r, i, y, s) and (i != l or l in b.COUNTED) for i in b.units[r])
    return units or bool(b.users[r]) or bool(set(b.keepers[r]) - {l})


def _alone(b: Block, r: str, l: str, y: int, s: str) -> Expression:
    """The same of numbers alone, which are no row: kept for certain, or as a row that nothing can keep."""
    short = critical(b.model(), r, y, s) - tied(b.model(), r, l, s)
    return b.model().capacity.size[(*b.units[r], *b.keepers[r])[0], y] <= -short if short > 0 else Constraint.Skip


def own(m: ConcreteModel, r: str, y: int, s: str) -> Expression:
    r"""What stands ready on the site, unit/h.

    $$V_{r,y,s} = \sum_i \beta_{r,i}\,r_{i,c}\,a_{i,y,s}\,K_{i,y} + \sum_a P^B_{r,a,y,s}$$
    """
    b = m.reserve
    units = quicksum(of_unit(m, r, i, y, s) * m.capacity.size[i, y] for i in b.units[r])
    return units + quicksum(b.ready[r, a, y, s] for a in b.keepers[r])


def of_unit(m: ConcreteModel, r: str, i: str, y: int, s: str) -> float:
    """What one size of a converter counts with."""
    b = m.reserve
    return float(b.firm[r, i] * b.ratio[i, b.carrier[r]] * m.converter.availability[i, y, s])


def tied(m: ConcreteModel, r: str, l: str, s: str) -> Expression:
    r"""What the connection brings where something else is lost, unit/h.

    $$V^F_{r,l,s} = [l \text{ is a unit}] \sum_f \bar F_{f,s}$$
    """
    b = m.reserve
    return 0.0 if l == "connection" else sum(m.market.connection[f, s] for f in b.purchases[r])


def lost(m: ConcreteModel, r: str, l: str, y: int, s: str) -> Expression:
    r"""What a loss takes: all that a store or a single converter stands ready with, one unit $u_l$ of what comes in units.

    $$V^-_{r,l,y,s} = \beta_{r,l}\,r_{l,c}\,a_{l,y,s}\,(u_l\,z^B_{l,y} \text{ or } K_{l,y}) \text{ or } P^B_{r,l,y,s}$$
    """
    b = m.reserve
    if l == "connection":
        return 0.0
    if l in b.keepers[r]:
        return b.ready[r, l, y, s]
    return of_unit(m, r, l, y, s) * (b.module[l] * b.stands[l, y] if l in b.COUNTED else m.capacity.size[l, y])


def critical(m: ConcreteModel, r: str, y: int, s: str) -> Expression:
    r"""What must not fail: the critical share of every process's use after savings and of the fixed use, unit/h.

    $$V^C_{r,y,s} = \sum_i \kappa_{i,c}\,U^V_{i,c,y,s} + \kappa_c\,\ell_{c,y,s}$$
    """
    b = m.reserve
    c = b.carrier[r]
    fixed = b.critical_load.get(c, 0.0) * b.load.get((c, y, s), 0.0)
    return quicksum(b.critical[i, c] * measure.use(m, i, c, y, s) for i in b.users[r]) + fixed
