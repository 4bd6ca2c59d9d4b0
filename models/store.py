"""Store 储存: what is kept for later within a day - in batteries, tanks and stockpiles; over the year see season."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add levels and flows of stores; every day ends as it began, so no energy crosses between days of different weight."""
    b = m.store = Block(doc=__doc__)
    b.STORES = Set(initialize=tuple(x.stores), ordered=True, doc="$a$ stores 储能设备")
    b.DAILY = Set(
        initialize=[a for a in x.stores if a not in x.seasonal], ordered=True, doc="$a$ stores that end a day as they began it 日内储能设备"
    )
    b.charge_efficiency = Param(b.STORES, initialize=x.charge_efficiency, default=1.0, doc=r"$\eta^+_a$ [-] charging efficiency 充能效率")
    b.discharge_efficiency = Param(b.STORES, initialize=x.discharge_efficiency, default=1.0, doc=r"$\eta^-_a$ [-] discharging efficiency 放能效率")
    b.standing_loss = Param(b.STORES, initialize=x.standing_loss, default=0.0, doc=r"$\delta_a$ [1/h] standing loss 自损率")
    b.TIED = Set(
        initialize=[a for a in x.stores if a not in x.store_power],
        ordered=True,
        doc="$a$ stores whose power follows from their size 功率随容量储能设备",
    )
    b.POWERED = Set(
        initialize=[a for a in x.stores if a in x.store_power], ordered=True, doc="$a$ stores whose power is a size of its own 功率独立储能设备"
    )
    b.full_hours = Param(b.TIED, initialize={a: x.store_hours[a] for a in b.TIED}, doc=r"$\tau_a$ [h] hours at full power 满功率时长")
    b.level = Var(b.DAILY, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$L_{a,y,s}$ [unit] kept at the end of the step 储量")
    b.charge = Var(b.STORES, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$P^+_{a,y,s}$ [unit/h] charging 充能")
    b.discharge = Var(b.STORES, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$P^-_{a,y,s}$ [unit/h] discharging 放能")
    b.of_carrier = {c: tuple(a for a, kept in x.stores.items() if kept == c) for c in x.step_carriers}
    b.variable_cost = {(a, y): v for (a, y), v in x.variable_cost.items() if a in x.stores}
    b.level_balance = Constraint(b.DAILY, m.YEARS, m.STEPS, rule=level_balance)
    b.level_limit = Constraint(b.DAILY, m.YEARS, m.STEPS, rule=level_limit)
    b.power = x.store_power
    b.charge_limit = Constraint(b.TIED, m.YEARS, m.STEPS, rule=charge_limit)
    b.discharge_limit = Constraint(b.TIED, m.YEARS, m.STEPS, rule=discharge_limit)
    b.charge_power = Constraint(b.POWERED, m.YEARS, m.STEPS, rule=charge_power)
    b.discharge_power = Constraint(b.POWERED, m.YEARS, m.STEPS, rule=discharge_power)


def level_balance(b: Block, a: str, y: int, s: str) -> Expression:
    r"""What is kept is what was left, plus what went in, less what came out. 储量平衡

    $$L_{a,y,s} = (1-\delta_a)^{h_s}\,L_{a,y,s-1} + h_s\,(\eta^+_a P^+_{a,y,s} - P^-_{a,y,s}/\eta^-_a)$$
    """
    m = b.model()
    left = (1 - b.standing_loss[a]) ** m.hours[s] * b.level[a, y, m.previous[s]]
    gained = b.charge_efficiency[a] * b.charge[a, y, s] - b.discharge[a, y, s] / b.discharge_efficiency[a]
    return b.level[a, y, s] == left + m.hours[s] * gained


def level_limit(b: Block, a: str, y: int, s: str) -> Expression:
    r"""A store cannot hold more than its size. 储量上限

    $$L_{a,y,s} \le K_{a,y}$$
    """
    return b.level[a, y, s] <= b.model().capacity.size[a, y]


def charge_limit(b: Block, a: str, y: int, s: str) -> Expression:
    r"""A store is filled no faster than its power. 充能上限

    $$\tau_a\,P^+_{a,y,s} \le K_{a,y}$$
    """
    return b.full_hours[a] * b.charge[a, y, s] <= b.model().capacity.size[a, y]


def discharge_limit(b: Block, a: str, y: int, s: str) -> Expression:
    r"""A store is emptied no faster than its power. 放能上限

    $$\tau_a\,P^-_{a,y,s} \le K_{a,y}$$
    """
    return b.full_hours[a] * b.discharge[a, y, s] <= b.model().capacity.size[a, y]


def charge_power(b: Block, a: str, y: int, s: str) -> Expression:
    r"""What has a power of its own is filled no faster than that. 独立功率充能上限

    $$P^+_{a,y,s} \le \sum_{p \in a} K_{p,y}$$
    """
    return b.charge[a, y, s] <= quicksum(b.model().capacity.size[p, y] for p in b.power[a])


def discharge_power(b: Block, a: str, y: int, s: str) -> Expression:
    r"""What has a power of its own is emptied no faster than that. 独立功率放能上限

    $$P^-_{a,y,s} \le \sum_{p \in a} K_{p,y}$$
    """
    return b.discharge[a, y, s] <= quicksum(b.model().capacity.size[p, y] for p in b.power[a])


def full_power(m: ConcreteModel, a: str, y: int) -> Expression:
    """The power of a store, unit/h: of its own, or what empties it in its full hours."""
    b = m.store
    return quicksum(m.capacity.size[p, y] for p in b.power[a]) if a in b.POWERED else m.capacity.size[a, y] / b.full_hours[a]


# What stores contribute to the whole ----------------------------------------------------------------------------


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h.

    $$\sum_a (P^-_{a,y,s} - P^+_{a,y,s})$$
    """
    b = m.store
    return quicksum(b.discharge[a, y, s] - b.charge[a, y, s] for a in b.of_carrier[c])


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: running cost $\chi_{a,y}$ per amount discharged.

    $$C_{\text{variable},y} = \sum_a \chi_{a,y} \sum_s w_s\,P^-_{a,y,s}$$
    """
    b = m.store
    return {
        "variable": quicksum(
            b.variable_cost[a, y] * m.duration[s] * b.discharge[a, y, s] for a in b.STORES if (a, y) in b.variable_cost for s in m.STEPS
        )
    }
