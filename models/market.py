"""Market 市场: what is bought and sold across the fence - power, fuel, ore, scrap, steel, certificates."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add yearly amounts, step by step trade, and the month's highest purchase."""
    b = m.market = Block(doc=__doc__)
    hourly = set(x.step_carriers)
    b.MARKETS = Set(initialize=tuple(x.markets), ordered=True, doc="$k$ markets 市场")
    b.HOURLY = Set(initialize=[k for k, c in x.markets.items() if c in hourly], ordered=True, doc="$k$ markets traded in every step 逐时市场")
    b.LIMITED = Set(initialize=tuple(x.market_limit), dimen=2, ordered=True, doc="$(k,y)$ markets with a yearly limit 年度限量市场")
    b.CONNECTED = Set(initialize=tuple(x.connection), ordered=True, doc="$f$ sides of the fence that share a connection 接入侧")
    b.METERED = Set(initialize=tuple(dict.fromkeys(k for k, _ in x.demand_charge)), ordered=True, doc="$k$ markets with a demand charge 需量计费市场")
    b.limit = Param(b.LIMITED, initialize=x.market_limit, doc=r"$\bar T_{k,y}$ [k-unit] most that can be traded 年度限量")
    b.connection = Param(b.CONNECTED, initialize=x.connection, doc=r"$\bar F_f$ [unit/h] connection 接入容量")
    b.amount = Var(b.MARKETS, m.YEARS, within=NonNegativeReals, doc=r"$T_{k,y}$ [k-unit] traded in the year 年交易量")
    b.flow = Var(b.HOURLY, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$F_{k,y,s}$ [unit/h] traded in the step 时段交易量")
    b.peak = Var(b.METERED, m.YEARS, m.BILLING, within=NonNegativeReals, doc=r"$D_{k,y,n}$ [unit/h] highest purchase of a month 月最大需量")
    b.sign = {k: 1 if k in x.buys else -1 for k in x.markets}
    b.of_carrier = {c: tuple(k for k, q in x.markets.items() if q == c) for c in x.step_carriers + x.year_carriers}
    b.price, b.step_price, b.demand_charge = x.price, x.step_price, x.demand_charge
    b.billing, b.fence = x.billing, x.fence
    b.amount_definition = Constraint(b.HOURLY, m.YEARS, rule=amount_definition)
    b.amount_limit = Constraint(b.LIMITED, rule=amount_limit)
    b.connection_limit = Constraint(b.CONNECTED, m.YEARS, m.STEPS, rule=connection_limit)
    b.peak_limit = Constraint(b.METERED, m.YEARS, m.STEPS, rule=peak_limit)


def amount_definition(b: Block, k: str, y: int) -> Expression:
    r"""The year's trade is the sum of its steps. 年交易量

    $$T_{k,y} = \sum_s w_s\,F_{k,y,s}$$
    """
    m = b.model()
    return b.amount[k, y] == quicksum(m.duration[s] * b.flow[k, y, s] for s in m.STEPS)


def amount_limit(b: Block, k: str, y: int) -> Expression:
    r"""A market supplies or takes no more than it can. 年度限量

    $$T_{k,y} \le \bar T_{k,y}$$
    """
    return b.amount[k, y] <= b.limit[k, y]


def connection_limit(b: Block, f: str, y: int, s: str) -> Expression:
    r"""No more passes the fence than the connection carries. 接入容量约束

    $$\sum_{k \in f} F_{k,y,s} \le \bar F_f$$
    """
    return quicksum(b.flow[k, y, s] for k in b.fence[f]) <= b.connection[f]


def peak_limit(b: Block, k: str, y: int, s: str) -> Expression:
    r"""A month's demand is its highest step, and only its own steps. 月最大需量

    $$F_{k,y,s} \le D_{k,y,n}$$
    """
    return b.flow[k, y, s] <= b.peak[k, y, b.billing[s]]


# What markets contribute to the whole ---------------------------------------------------------------------------


def year_flow(m: ConcreteModel, c: str, y: int) -> Expression:
    r"""Net supply of yearly carrier ``c``, k-unit: purchases less sales.

    $$\sum_{k \text{ buys}} T_{k,y} - \sum_{k \text{ sells}} T_{k,y}$$
    """
    b = m.market
    return quicksum(b.sign[k] * b.amount[k, y] for k in b.of_carrier[c])


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h: purchases less sales.

    $$\sum_{k \text{ buys}} F_{k,y,s} - \sum_{k \text{ sells}} F_{k,y,s}$$
    """
    b = m.market
    return quicksum(b.sign[k] * b.flow[k, y, s] for k in b.of_carrier[c])


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: one part a market, at its price $\pi_{k,y}$ or $\pi_{k,y,s}$; sales with a minus.

    The demand charge $\pi^D_{k,y}$ is paid on each month's highest purchase.

    $$C_{k,y} = \pm\,\pi_{k,y}\,T_{k,y} \quad\text{or}\quad \pm\sum_s \pi_{k,y,s}\,w_s\,F_{k,y,s}, \qquad
    C_{k \text{ demand charge},y} = \pi^D_{k,y} \sum_n M_n\,D_{k,y,n}$$
    """
    b = m.market
    parts: dict[str, Expression] = {}
    for k in b.MARKETS:
        hourly = k in b.HOURLY
        parts[k] = b.sign[k] * (
            quicksum(b.step_price[k, y, s] * m.duration[s] * b.flow[k, y, s] for s in m.STEPS) if hourly else b.price[k, y] * b.amount[k, y]
        )
    for k in b.METERED:
        parts[f"{k} demand charge"] = b.demand_charge[k, y] * quicksum(m.months[n] * b.peak[k, y, n] for n in m.BILLING)
    return parts
