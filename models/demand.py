"""Demand 需量: what a connection costs a month by its highest purchase - metered, contracted, or by the transformer.

A month's demand is its highest step, whatever hour it falls into; an hour is never weighted. How it is billed is chosen
where the network company offers a choice (China: by the metered demand, by a contracted demand, or by the transformers).
Ratchets, free first kilowatts and system peaks are bills of other countries; they are rows of data here.
"""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add each month's highest purchase, how it is billed, and what a system peak costs."""
    b = m.demand = Block(doc=__doc__)
    options = {k: x.demand_options.get(k, ("metered",)) for k, _ in x.demand_charge}
    by_meter = tuple(k for k, names in options.items() if "metered" in names)
    by_contract = tuple(k for k, names in options.items() if "contract" in names)
    tiers = {k: tuple(dict.fromkeys(j for q, _, j in x.demand_rate if q == k)) or ("all",) for k in by_meter}
    b.METERED = Set(initialize=tuple(options), ordered=True, doc="$k$ connections with a demand charge 需量计费接入")
    b.OPTIONS = Set(initialize=[(k, o) for k in options for o in options[k]], dimen=2, ordered=True, doc="$(k,o)$ ways to be billed 基本电费计费方式")
    b.CHOOSING = Set(initialize=tuple(x.demand_options), ordered=True, doc="$k$ connections with a choice 可选计费接入")
    b.CHOSEN = Set(
        initialize=[(k, o) for k in x.demand_options for o in x.demand_options[k]],
        dimen=2,
        ordered=True,
        doc="$(k,o)$ of which one is chosen 可选计费方式",
    )
    b.MEASURED = Set(initialize=by_meter, ordered=True, doc="$k$ billed by the metered demand 按实际最大需量")
    b.AGREED = Set(initialize=by_contract, ordered=True, doc="$k$ billed by a contracted demand 按合同最大需量")
    b.BILLS = Set(initialize=tuple(x.bills) or tuple(x.months), ordered=True, doc="$i$ bills of a year 账单期")
    b.RATCHETS = Set(initialize=tuple(x.ratchet), dimen=3, ordered=True, doc="$(k,i,n)$ bills that remember a peak 需量追溯")
    b.BANDS = Set(initialize=[(k, j) for k in by_meter for j in tiers[k]], dimen=2, ordered=True, doc="$(k,j)$ steps of the demand charge 需量阶梯")
    b.ENDING = Set(initialize=tuple(x.demand_width), dimen=2, ordered=True, doc="$(k,j)$ steps of the demand charge that end 有限需量阶梯")
    b.EVENTS = Set(initialize=tuple(x.event_price), dimen=3, ordered=True, doc="$(k,e,y)$ system peaks 系统尖峰")
    b.ratchet = Param(b.RATCHETS, initialize=x.ratchet, doc=r"$\rho_{k,i,n}$ [-] share of an earlier peak that is billed 追溯比例")
    b.width = Param(b.ENDING, initialize=x.demand_width, doc=r"$\bar D_{k,j}$ [unit/h] width of a step of the charge 需量阶梯宽度")
    b.largest = Param(b.CHOOSING, initialize=x.demand_limit, doc=r"$\bar D_k$ [unit/h] most that passes the transformers 变压器上限")
    b.floor = Param(b.AGREED, initialize={k: x.contract_floor[k] for k in by_contract}, doc=r"$\bar D^Q_k$ [unit/h] smallest contract 合同需量下限")
    b.headroom = Param(
        b.AGREED,
        initialize={k: x.contract_headroom[k] for k in by_contract},
        doc=r"$\eta^D_k$ [-] demand within the contract, per contract 合同需量容差",
    )
    b.peak = Var(b.METERED, m.YEARS, m.BILLING, within=NonNegativeReals, doc=r"$D_{k,y,n}$ [unit/h] highest purchase of a month 月最大需量")
    b.billed = Var(b.OPTIONS, m.YEARS, m.BILLING, within=NonNegativeReals, doc=r"$D_{k,o,y,n}$ [unit/h] billed one way or another 分方式计费需量")
    b.chosen = Var(b.CHOSEN, within=Binary, doc=r"$z^D_{k,o}$ [-] way to be billed 计费方式选择")
    b.paid = Var(b.BANDS, m.YEARS, b.BILLS, within=NonNegativeReals, doc=r"$D^P_{k,j,y,i}$ [unit/h] metered demand on a bill 账单需量")
    b.contract = Var(b.AGREED, m.YEARS, within=NonNegativeReals, doc=r"$D^Q_{k,y}$ [unit/h] contracted demand 合同最大需量")
    b.excess = Var(b.AGREED, m.YEARS, m.BILLING, within=NonNegativeReals, doc=r"$D^X_{k,y,n}$ [unit/h] demand above the contract 超合同需量")
    b.coincident = Var(b.EVENTS, within=NonNegativeReals, doc=r"$D^E_{k,e,y}$ [unit/h] highest purchase in a system peak 系统尖峰需量")
    calls = tuple((*q, s) for q in b.EVENTS for s in m.STEPS if (*q[:2], s) in x.events)
    b.CALLED = Set(initialize=calls, dimen=4, ordered=True, doc="$(k,e,y,s)$ steps of a system peak 尖峰时段")
    b.CALLS = Set(
        initialize=[(*q, n) for q in b.EVENTS for n in m.BILLING], dimen=4, ordered=True, doc="$(k,e,y,n)$ months of a system peak 尖峰月份"
    )
    b.called = Param(
        b.CALLED, initialize={q: x.events[q[0], q[1], q[3]] for q in calls}, doc=r"$\epsilon^E_{k,e,y,s}$ [-] 1 in a system peak 尖峰标记"
    )
    b.call = Var(b.CALLS, within=NonNegativeReals, doc=r"$D^E_{k,e,y,n}$ [unit/h] highest purchase in a system peak of a month 月内尖峰需量")
    b.billing, b.through = x.billing, {k: x.metered.get(k, (k,)) for k in options}
    b.group = {i: x.bills[i][0] if x.bills else i for i in b.BILLS}
    b.count = {i: x.bills[i][1] if x.bills else x.months[i] for i in b.BILLS}
    b.tiers, b.options = tiers, options
    b.charge, b.rate, b.event_price = x.demand_charge, x.demand_rate, x.event_price
    b.contract_price, b.excess_price, b.capacity_fee = x.contract_price, x.excess_price, x.capacity_fee
    b.peak_limit = Constraint(b.METERED, m.YEARS, m.STEPS, rule=peak_limit)
    b.billing_definition = Constraint(b.METERED, m.YEARS, m.BILLING, rule=billing_definition)
    b.choice = Constraint(b.CHOOSING, rule=choice)
    b.choice_limit = Constraint(b.CHOSEN, m.YEARS, m.BILLING, rule=choice_limit)
    b.metered_demand = Constraint(b.MEASURED, m.YEARS, b.BILLS, rule=metered_demand)
    b.ratchet_demand = Constraint(b.RATCHETS, m.YEARS, rule=ratchet_demand)
    b.band_limit = Constraint(b.ENDING, m.YEARS, b.BILLS, rule=band_limit)
    b.contract_demand = Constraint(b.AGREED, m.YEARS, m.BILLING, rule=contract_demand)
    b.contract_floor = Constraint(b.AGREED, m.YEARS, rule=contract_floor)
    b.call_limit = Constraint(b.CALLED, rule=call_limit)
    b.coincident_limit = Constraint(b.CALLS, rule=coincident_limit)


def peak_limit(b: Block, k: str, y: int, s: str) -> Expression:
    r"""A month's demand is its highest step, and only its own steps; all that is bought through the meter counts. 月最大需量

    $$\sum_{k' \in k} F_{k',y,s} \le D_{k,y,n}$$
    """
    return quicksum(b.model().market.flow[q, y, s] for q in b.through[k]) <= b.peak[k, y, b.billing[s]]


def billing_definition(b: Block, k: str, y: int, n: str) -> Expression:
    r"""A month's demand is billed one way or another. 需量计费

    $$D_{k,y,n} = \sum_o D_{k,o,y,n}$$
    """
    return b.peak[k, y, n] == quicksum(b.billed[k, o, y, n] for o in b.options[k])


def choice(b: Block, k: str) -> Expression:
    r"""One way to be billed is chosen for all years. 计费方式选择

    $$\sum_o z^D_{k,o} = 1$$
    """
    return quicksum(b.chosen[k, o] for o in b.options[k]) == 1


def choice_limit(b: Block, k: str, o: str, y: int, n: str) -> Expression:
    r"""Demand is billed only the way that was chosen. 计费方式约束

    $$D_{k,o,y,n} \le \bar D_k\,z^D_{k,o}$$
    """
    return b.billed[k, o, y, n] <= b.largest[k] * b.chosen[k, o]


def metered_demand(b: Block, k: str, y: int, i: str) -> Expression:
    r"""By meter, a bill carries its month's demand, step by step of the charge. 按实际最大需量计费

    $$\sum_j D^P_{k,j,y,i} \ge D_{k,o,y,n}$$
    """
    return quicksum(b.paid[k, j, y, i] for j in b.tiers[k]) >= b.billed[k, "metered", y, b.group[i]]


def ratchet_demand(b: Block, k: str, i: str, n: str, y: int) -> Expression:
    r"""A bill with a ratchet carries at least a share of another month's demand. 需量追溯

    $$\sum_j D^P_{k,j,y,i} \ge \rho_{k,i,n}\,D_{k,o,y,n}$$
    """
    return quicksum(b.paid[k, j, y, i] for j in b.tiers[k]) >= b.ratchet[k, i, n] * b.billed[k, "metered", y, n]


def band_limit(b: Block, k: str, j: str, y: int, i: str) -> Expression:
    r"""A step of the demand charge has its width. 需量阶梯约束

    $$D^P_{k,j,y,i} \le \bar D_{k,j}$$
    """
    return b.paid[k, j, y, i] <= b.width[k, j]


def contract_demand(b: Block, k: str, y: int, n: str) -> Expression:
    r"""By contract, demand beyond the contract and its headroom is excess. 超合同需量

    $$D_{k,o,y,n} \le \eta^D_k\,D^Q_{k,y} + D^X_{k,y,n}$$
    """
    return b.billed[k, "contract", y, n] <= b.headroom[k] * b.contract[k, y] + b.excess[k, y, n]


def contract_floor(b: Block, k: str, y: int) -> Expression:
    r"""A contract is no smaller than its share of the transformers, if it is chosen. 合同需量下限

    $$D^Q_{k,y} \ge \bar D^Q_k\,z^D_{k,o}$$
    """
    return b.contract[k, y] >= b.floor[k] * b.chosen[k, "contract"]


def call_limit(b: Block, k: str, e: str, y: int, s: str) -> Expression:
    r"""A month's demand in a system peak is the highest purchase in its hours. 月内尖峰需量

    $$\epsilon^E_{k,e,y,s} \sum_{k' \in k} F_{k',y,s} \le D^E_{k,e,y,n}$$
    """
    return b.called[k, e, y, s] * quicksum(b.model().market.flow[q, y, s] for q in b.through[k]) <= b.call[k, e, y, b.billing[s]]


def coincident_limit(b: Block, k: str, e: str, y: int, n: str) -> Expression:
    r"""The demand of a system peak is that of its highest month. 系统尖峰需量

    $$D^E_{k,e,y,n} \le D^E_{k,e,y}$$
    """
    return b.call[k, e, y, n] <= b.coincident[k, e, y]


# What demand contributes to the whole ----------------------------------------------------------------------------


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``, one a connection: by meter the charge $\pi^D_{k,y}$ times the rate $\chi^D_{k,i,j}$ of the bill,
    by contract $\pi^Q_{k,y}$ on the contract and $\pi^X_{k,y}$ on what is above it, by transformer a fee $\pi^S_{k,y}$ a month, and
    $\pi^E_{k,e,y}$ on each system peak; $M_i$ months have bill $i$.

    $$C_{k \text{ demand charge},y} = \pi^D_{k,y} \sum_{i,j} M_i\,\chi^D_{k,i,j}\,D^P_{k,j,y,i}
    + \sum_n M_n\,\big(\pi^Q_{k,y}\,D^Q_{k,y} + \pi^X_{k,y}\,D^X_{k,y,n} + \pi^S_{k,y}\,z^D_{k,o}\big) + \sum_e \pi^E_{k,e,y}\,D^E_{k,e,y}$$
    """
    b = m.demand
    months = sum(m.months[n] for n in m.BILLING)
    parts: dict[str, Expression] = {}
    for k in b.METERED:
        paid: Expression = quicksum(b.event_price[q] * b.coincident[q] for q in b.EVENTS if (q[0], q[2]) == (k, y))
        if k in b.MEASURED:
            rate = {(i, j): b.rate.get((k, i, j), 1.0) * b.count[i] for i in b.BILLS for j in b.tiers[k]}
            paid += b.charge[k, y] * quicksum(rate[i, j] * b.paid[k, j, y, i] for i, j in rate)
        if k in b.AGREED:
            paid += months * b.contract_price[k, y] * b.contract[k, y]
            paid += b.excess_price[k, y] * quicksum(m.months[n] * b.excess[k, y, n] for n in m.BILLING)
        if "capacity" in b.options[k]:
            paid += months * b.capacity_fee[k, y] * b.chosen[k, "capacity"]
        parts[f"{k} demand charge"] = paid
    return parts
