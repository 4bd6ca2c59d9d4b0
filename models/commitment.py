"""Commitment 启停: units that do not run at just any level - a least load or none, a price of every start, a limited ramp."""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, NonNegativeIntegers, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what runs of a unit whose data ask for it, in whole units or all of it; a day ends as it began."""
    b = m.commitment = Block(doc=__doc__)
    units = tuple(i for i in x.flexible if i in x.minimum_load or any(a == i for a, _ in x.start_cost))
    between = {s: (x.hours[s] + x.hours[x.previous[s]]) / 2 for s in x.steps}
    b.UNITS = Set(initialize=units, ordered=True, doc="$i$ units that run or stand still 启停设备")
    b.MANY = Set(initialize=[i for i in units if i in x.module], ordered=True, doc="$i$ of them those counted in whole units 多台设备")
    b.SINGLE = Set(initialize=[i for i in units if i not in x.module], ordered=True, doc="$i$ of them those that run as one 单台设备")
    b.RAMPED = Set(initialize=tuple(i for i in x.flexible if i in x.ramp), ordered=True, doc="$i$ converters that change slowly 爬坡受限设备")
    b.minimum_load = Param(
        b.UNITS, initialize={i: x.minimum_load.get(i, 0.0) for i in units}, doc=r"$\mu^L_i$ [-] least share of what runs 最低负荷率"
    )
    b.largest = Param(
        b.SINGLE,
        initialize={i: x.existing.get(i, 0.0) + x.max_size.get(i, 0.0) for i in b.SINGLE},
        doc=r"$\bar K^R_i$ [size] most that can ever stand 最大规模",
    )
    b.ramp = Param(b.RAMPED, initialize=x.ramp, doc=r"$\rho^R_i$ [1/h] share of the size by which it changes in an hour 爬坡率")
    b.between = Param(m.STEPS, initialize=between, doc=r"$\Delta_s$ [h] from the middle of the step before to that of the step 相邻时段中点间隔")
    b.running = Var(b.UNITS, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$U^R_{i,y,s}$ [size] size that runs 运行规模")
    b.count = Var(b.MANY, m.YEARS, m.STEPS, within=NonNegativeIntegers, doc=r"$N^R_{i,y,s}$ [-] units that run 运行台数")
    b.on = Var(b.SINGLE, m.YEARS, m.STEPS, within=Binary, doc=r"$Z^R_{i,y,s}$ [-] whether it runs 是否运行")
    b.started = Var(b.UNITS, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$S^R_{i,y,s}$ [size] size that is started 启动规模")
    b.start_cost = {(i, y): v for (i, y), v in x.start_cost.items() if i in x.flexible}
    b.whole_units = Constraint(b.MANY, m.YEARS, m.STEPS, rule=whole_units)
    b.off = Constraint(b.SINGLE, m.YEARS, m.STEPS, rule=off)
    b.all_of_it = Constraint(b.SINGLE, m.YEARS, m.STEPS, rule=all_of_it)
    b.running_limit = Constraint(b.UNITS, m.YEARS, m.STEPS, rule=running_limit)
    b.least_load = Constraint(b.UNITS, m.YEARS, m.STEPS, rule=least_load)
    b.most_load = Constraint(b.UNITS, m.YEARS, m.STEPS, rule=most_load)
    b.start = Constraint(b.UNITS, m.YEARS, m.STEPS, rule=start)
    b.rise = Constraint(b.RAMPED, m.YEARS, m.STEPS, rule=rise)
    b.fall = Constraint(b.RAMPED, m.YEARS, m.STEPS, rule=fall)


def whole_units(b: Block, i: str, y: int, s: str) -> Expression:
    r"""Units run whole. 整台运行

    $$U^R_{i,y,s} = u_i\,N^R_{i,y,s}$$
    """
    return b.running[i, y, s] == b.model().capacity.module[i] * b.count[i, y, s]


def off(b: Block, i: str, y: int, s: str) -> Expression:
    r"""What stands still runs at nothing. 停机为零

    $$U^R_{i,y,s} \le \bar K^R_i\,Z^R_{i,y,s}$$
    """
    return b.running[i, y, s] <= b.largest[i] * b.on[i, y, s]


def all_of_it(b: Block, i: str, y: int, s: str) -> Expression:
    r"""A single unit runs with all its size. 单台整机运行

    $$U^R_{i,y,s} \ge K_{i,y} - \bar K^R_i\,(1 - Z^R_{i,y,s})$$
    """
    return b.running[i, y, s] >= b.model().capacity.size[i, y] - b.largest[i] * (1 - b.on[i, y, s])


def running_limit(b: Block, i: str, y: int, s: str) -> Expression:
    r"""No more runs than there is. 运行规模上限

    $$U^R_{i,y,s} \le K_{i,y}$$
    """
    return b.running[i, y, s] <= b.model().capacity.size[i, y]


def least_load(b: Block, i: str, y: int, s: str) -> Expression:
    r"""What runs makes at least its least load. 最低负荷

    $$O_{i,y,s} \ge \mu^L_i\,U^R_{i,y,s}$$
    """
    return b.model().converter.output[i, y, s] >= b.minimum_load[i] * b.running[i, y, s]


def most_load(b: Block, i: str, y: int, s: str) -> Expression:
    r"""Only what runs makes anything. 运行出力上限

    $$O_{i,y,s} \le a_{i,y,s}\,U^R_{i,y,s}$$
    """
    m = b.model()
    return m.converter.output[i, y, s] <= m.converter.availability[i, y, s] * b.running[i, y, s]


def start(b: Block, i: str, y: int, s: str) -> Expression:
    r"""What runs and did not run in the step before was started. 启动

    $$S^R_{i,y,s} \ge U^R_{i,y,s} - U^R_{i,y,s-1}$$
    """
    return b.started[i, y, s] >= b.running[i, y, s] - b.running[i, y, b.model().previous[s]]


def rise(b: Block, i: str, y: int, s: str) -> Expression:
    r"""What a converter makes above its least load, $Q_{i,y,s}$, rises no faster than its ramp. 升负荷限制

    $$Q_{i,y,s} - Q_{i,y,s-1} \le \rho^R_i\,\Delta_s\,K_{i,y}$$
    """
    m = b.model()
    return above(m, i, y, s) - above(m, i, y, m.previous[s]) <= b.ramp[i] * b.between[s] * m.capacity.size[i, y]


def fall(b: Block, i: str, y: int, s: str) -> Expression:
    r"""What a converter makes above its least load, $Q_{i,y,s}$, falls no faster than its ramp. 降负荷限制

    $$Q_{i,y,s-1} - Q_{i,y,s} \le \rho^R_i\,\Delta_s\,K_{i,y}$$
    """
    m = b.model()
    return above(m, i, y, m.previous[s]) - above(m, i, y, s) <= b.ramp[i] * b.between[s] * m.capacity.size[i, y]


def above(m: ConcreteModel, i: str, y: int, s: str) -> Expression:
    r"""What is made above the least load of what runs; starting and stopping there takes no time.

    $$Q_{i,y,s} = O_{i,y,s} - \mu^L_i\,U^R_{i,y,s}$$
    """
    b = m.commitment
    return m.converter.output[i, y, s] - (b.minimum_load[i] * b.running[i, y, s] if i in b.UNITS else 0)


# What units contribute to the whole -----------------------------------------------------------------------------


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: $\kappa^R_{i,y}$ per size and thousand starts.

    $$C_{\text{starts},y} = \sum_i \kappa^R_{i,y} \sum_s \frac{w_s}{h_s}\,S^R_{i,y,s}$$
    """
    b = m.commitment
    if not b.start_cost:
        return {}
    paid = ((cost, i) for (i, of), cost in b.start_cost.items() if of == y)
    return {"starts": quicksum(cost * m.duration[s] / m.hours[s] * b.started[i, y, s] for cost, i in paid for s in m.STEPS)}
