"""Market 市场: what is bought and sold across the fence - power, fuel, ore, scrap, steel, certificates."""

from typing import Any

from pyomo.environ import Binary, Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add yearly amounts and their price steps, step by step trade one way at a time, and what is paid but not taken."""
    b = m.market = Block(doc=__doc__)
    hourly = set(x.step_carriers)
    b.MARKETS = Set(initialize=tuple(x.markets), ordered=True, doc="$k$ markets 市场")
    b.HOURLY = Set(initialize=[k for k, c in x.markets.items() if c in hourly], ordered=True, doc="$k$ markets traded in every step 逐时市场")
    b.LIMITED = Set(initialize=tuple(x.market_limit), dimen=2, ordered=True, doc="$(k,y)$ markets with a yearly limit 年度限量市场")
    b.LEAST = Set(initialize=tuple(x.market_least), dimen=2, ordered=True, doc="$(k,y)$ markets with a smallest amount 有最低交易量的市场")
    b.CONNECTED = Set(
        initialize=tuple(dict.fromkeys(f for f, _ in x.connection)), ordered=True, doc="$f$ sides of the fence that share a connection 接入侧"
    )
    b.STEPPED = Set(
        initialize=tuple(dict.fromkeys(k for k, _, _ in x.tier_price)), ordered=True, doc="$k$ markets whose price goes in steps 阶梯价市场"
    )
    b.TIERS = Set(initialize=tuple(dict.fromkeys((k, j) for k, j, _ in x.tier_price)), dimen=2, ordered=True, doc="$(k,j)$ steps of price 价格档")
    b.WIDE = Set(initialize=tuple(x.tier_width), dimen=3, ordered=True, doc="$(k,j,y)$ steps of price that end 有限价格档")
    b.PLEDGED = Set(initialize=tuple(x.take_price), dimen=2, ordered=True, doc="$(k,y)$ paid whether taken or not 照付不议")
    b.OWED = Set(initialize=tuple(x.take), dimen=2, ordered=True, doc="$(k,y)$ with a smallest amount to pay 最低付费量")
    b.ONE_WAY = Set(initialize=x.one_way, dimen=3, ordered=True, doc="$(c,y,s)$ steps in which a sale could pay for a purchase 购销价差有利时段")
    b.limit = Param(b.LIMITED, initialize=x.market_limit, doc=r"$\bar T_{k,y}$ [k-unit] most that can be traded 年度限量")
    b.least = Param(b.LEAST, initialize=x.market_least, doc=r"$T^-_{k,y}$ [k-unit] least that is traded 最低交易量")
    b.width = Param(b.WIDE, initialize=x.tier_width, doc=r"$\bar T_{k,j,y}$ [k-unit] width of a step of price 价格档宽度")
    b.pledge = Param(b.OWED, initialize=x.take, doc=r"$\bar T^U_{k,y}$ [k-unit] smallest amount paid 照付不议量")
    b.connection = Param(
        b.CONNECTED,
        m.STEPS,
        initialize=x.connection,
        doc=r"$\bar F_{f,s}$ [unit/h] connection, nothing while the site is an island 接入容量（孤岛时为零）",
    )
    b.most_bought = Param(
        b.ONE_WAY, initialize={q: x.most_bought[q] for q in x.one_way}, doc=r"$\bar F^+_{c,y,s}$ [unit/h] most that can be bought 最大购入"
    )
    b.most_sold = Param(
        b.ONE_WAY, initialize={q: x.most_sold[q] for q in x.one_way}, doc=r"$\bar F^-_{c,y,s}$ [unit/h] most that can be sold 最大售出"
    )
    b.amount = Var(b.MARKETS, m.YEARS, within=NonNegativeReals, doc=r"$T_{k,y}$ [k-unit] traded in the year 年交易量")
    b.part = Var(b.TIERS, m.YEARS, within=NonNegativeReals, doc=r"$T_{k,j,y}$ [k-unit] traded at a step of price 分档交易量")
    b.missed = Var(b.PLEDGED, within=NonNegativeReals, doc=r"$U_{k,y}$ [k-unit] paid but not taken 付费未提量")
    b.flow = Var(b.HOURLY, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$F_{k,y,s}$ [unit/h] traded in the step 时段交易量")
    b.buying = Var(b.ONE_WAY, within=Binary, doc=r"$z_{c,y,s}$ [-] 1 while bought, 0 while sold 购入状态")
    b.sign = {k: 1 if k in x.buys else -1 for k in x.markets}
    b.of_carrier = {c: tuple(k for k, q in x.markets.items() if q == c) for c in x.step_carriers + x.year_carriers}
    b.steps_of_price = {k: tuple(j for q, j in b.TIERS if q == k) for k in b.STEPPED}
    b.price, b.step_price, b.tier_price, b.take_price, b.fence = x.price, x.step_price, x.tier_price, x.take_price, x.fence
    b.amount_definition = Constraint(b.HOURLY, m.YEARS, rule=amount_definition)
    b.amount_limit = Constraint(b.LIMITED, rule=amount_limit)
    b.amount_least = Constraint(b.LEAST, rule=amount_least)
    b.part_definition = Constraint(b.STEPPED, m.YEARS, rule=part_definition)
    b.part_limit = Constraint(b.WIDE, rule=part_limit)
    b.take_or_pay = Constraint(b.OWED, rule=take_or_pay)
    b.connection_limit = Constraint(b.CONNECTED, m.YEARS, m.STEPS, rule=connection_limit)
    b.purchase_limit = Constraint(b.ONE_WAY, rule=purchase_limit)
    b.sale_limit = Constraint(b.ONE_WAY, rule=sale_limit)


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


def amount_least(b: Block, k: str, y: int) -> Expression:
    r"""What was promised is sold, or taken, whatever its price. 最低交易量

    $$T_{k,y} \ge T^-_{k,y}$$
    """
    return b.amount[k, y] >= b.least[k, y]


def part_definition(b: Block, k: str, y: int) -> Expression:
    r"""What is traded is traded at one step of price or another. 分档交易

    $$T_{k,y} = \sum_j T_{k,j,y}$$
    """
    return b.amount[k, y] == quicksum(b.part[k, j, y] for j in b.steps_of_price[k])


def part_limit(b: Block, k: str, j: str, y: int) -> Expression:
    r"""At each step of price there is only so much. 价格档宽度约束

    $$T_{k,j,y} \le \bar T_{k,j,y}$$
    """
    return b.part[k, j, y] <= b.width[k, j, y]


def take_or_pay(b: Block, k: str, y: int) -> Expression:
    r"""What is taken and what is paid for without being taken make at least the amount that was pledged. 照付不议

    $$T_{k,y} + U_{k,y} \ge \bar T^U_{k,y}$$
    """
    return b.amount[k, y] + b.missed[k, y] >= b.pledge[k, y]


def connection_limit(b: Block, f: str, y: int, s: str) -> Expression:
    r"""No more passes the fence than the connection carries. 接入容量约束

    $$\sum_{k \in f} F_{k,y,s} \le \bar F_{f,s}$$
    """
    return quicksum(b.flow[k, y, s] for k in b.fence[f]) <= b.connection[f, s]


def purchase_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""Where selling pays more than buying costs, nothing is bought while something is sold. 购售互斥（购入）

    $$\sum_{k \text{ buys}} F_{k,y,s} \le \bar F^+_{c,y,s}\,z_{c,y,s}$$
    """
    return quicksum(b.flow[k, y, s] for k in b.of_carrier[c] if b.sign[k] > 0) <= b.most_bought[c, y, s] * b.buying[c, y, s]


def sale_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""Where selling pays more than buying costs, nothing is sold while something is bought. 购售互斥（售出）

    $$\sum_{k \text{ sells}} F_{k,y,s} \le \bar F^-_{c,y,s}\,(1 - z_{c,y,s})$$
    """
    return quicksum(b.flow[k, y, s] for k in b.of_carrier[c] if b.sign[k] < 0) <= b.most_sold[c, y, s] * (1 - b.buying[c, y, s])


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
    r"""Cost part -> MCNY paid for year ``y``: one part a market, at the price $\pi_{k,y}$ of the year, $\pi_{k,y,s}$ of the step
    and $\pi_{k,j,y}$ of the amount, as far as it has them; sales with a minus.

    What is pledged and not taken is a part of its own, at its price $\pi^U_{k,y}$.

    $$C_{k,y} = \pm\Big(\pi_{k,y}\,T_{k,y} + \sum_s \pi_{k,y,s}\,w_s\,F_{k,y,s} + \sum_j \pi_{k,j,y}\,T_{k,j,y}\Big), \qquad
    C_{k \text{ not taken},y} = \pi^U_{k,y}\,U_{k,y}$$
    """
    b = m.market
    parts: dict[str, Expression] = {}
    for k in b.MARKETS:
        of_step = quicksum(b.step_price[k, y, s] * m.duration[s] * b.flow[k, y, s] for s in m.STEPS if (k, y, s) in b.step_price)
        of_amount = quicksum(b.tier_price[k, j, y] * b.part[k, j, y] for j in b.steps_of_price.get(k, ()))
        parts[k] = b.sign[k] * (b.price.get((k, y), 0.0) * b.amount[k, y] + of_step + of_amount)
    parts |= {f"{k} not taken": b.take_price[k, y] * b.missed[k, y] for k, v in b.PLEDGED if v == y}
    return parts
