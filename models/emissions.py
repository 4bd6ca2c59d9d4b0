"""Emissions 排放: CO2 let out here, and elsewhere for the power, heat and intermediates the factory buys.

Direct emissions follow the carbon: what enters a process and does not leave it in a product, a gas or a pipe is
emitted there. No gas is given a factor of its own on top of the coal it was made from, so nothing counts twice.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Reals, Set, Var, quicksum

from models import converter
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add the account of every year: direct by source, purchased energy in two views, embodied in what is bought."""
    b = m.emissions = Block(doc=__doc__)
    released: dict[str, float] = {}
    for (p, c), r in x.ratio.items():
        released[p] = released.get(p, 0.0) - r * x.carbon.get(c, 0.0)
    measures = dict.fromkeys(p for p, _ in x.hosted)
    b.SOURCES = Set(
        initialize=[*x.flat, *x.flexible, *measures], ordered=True, doc="$i$ converters and measures that take in or let out carbon 排放源"
    )
    b.VIEWS = Set(initialize=tuple(dict.fromkeys(v for v, _ in x.grid_factor)), ordered=True, doc="$q$ views of purchased electricity 电力核算视角")
    bought = [k for k in x.buys if x.markets[k] in x.embodied]
    b.BOUGHT = Set(initialize=[k for k in bought if k not in x.heat], ordered=True, doc="$k$ markets of intermediates 外购中间品市场")
    b.HEAT = Set(initialize=[k for k in bought if k in x.heat], ordered=True, doc="$k$ markets of heat 外购热力市场")
    b.PROVEN = Set(
        initialize=x.years if x.certificates or x.bundled else (), ordered=True, doc="$y$ years in which certificates are sold 可购绿证年份"
    )
    b.CEILED = Set(initialize=tuple(x.certificate_ceiling), ordered=True, doc="$y$ years with a ceiling of certificates 设绿证上限年份")
    b.released = Param(b.SOURCES, initialize=released, default=0.0, doc=r"$\varepsilon_i$ [kt/activity] carbon in less carbon out 单位排放")
    b.carbon = Param(
        m.measure.SAVINGS, initialize={q: x.carbon.get(q[2], 0.0) for q in x.saving}, doc=r"$\gamma_c$ [kt/k-unit] carbon of a carrier 含碳量"
    )
    b.embodied = Param(
        b.BOUGHT | b.HEAT, initialize={k: x.embodied[x.markets[k]] for k in bought}, doc=r"$\beta_k$ [kt/k-unit] CO2 of making it elsewhere 隐含排放"
    )
    b.ceiling = Param(
        b.CEILED, initialize=x.certificate_ceiling, doc=r"$\kappa_y$ [-] share of the drawn power that certificates may cover 绿证认可上限"
    )
    b.grid_factor = Param(b.VIEWS, m.YEARS, initialize=x.grid_factor, doc=r"$\gamma_{q,y}$ [kt/GWh] grid factor of a view 电网排放因子")
    b.by_source = Var(b.SOURCES, m.YEARS, within=Reals, doc=r"$Q_{i,y}$ [kt] direct emissions of a source 分源直接排放")
    b.direct = Var(m.YEARS, within=Reals, doc=r"$Q_{y}$ [kt] direct emissions 直接排放")
    b.energy = Var(b.VIEWS, m.YEARS, within=Reals, doc=r"$Q^e_{q,y}$ [kt] emissions of purchased electricity and heat in a view 外购电力与热力排放")
    b.outsourced = Var(m.YEARS, within=NonNegativeReals, doc=r"$Q^o_{y}$ [kt] embodied in bought intermediates 外购中间品隐含排放")
    b.hosts = {p: tuple(h for q, h in x.hosted if q == p) for p in measures}
    b.saved_carriers = {p: tuple((h, c) for q, h, c in x.saving if q == p and x.carbon.get(c)) for p in measures}
    b.grid, b.certificates, b.carbon_price = x.grid, (*x.certificates, *x.bundled), x.carbon_price  # what comes with its proof is proven
    b.unbundled = x.certificates
    b.source_definition = Constraint(b.SOURCES, m.YEARS, rule=source_definition)
    b.OWNED = Set(
        initialize=[h for h in dict.fromkeys(h for _, h in x.hosted) if any(_touches_carbon(x, released, p, h) for p, q in x.hosted if q == h)],
        ordered=True, doc="$h$ hosts whose carbon measures change 碳流受措施影响的宿主",
    )  # fmt: skip
    b.on_host = {h: tuple((p, released.get(p, 0.0)) for p, q in x.hosted if q == h) for h in b.OWNED}
    b.saved_on_host = {h: tuple((p, c) for p, q, c in x.saving if q == h) for h in b.OWNED}
    b.release_limit = Constraint(b.OWNED, m.YEARS, rule=release_limit)
    b.direct_definition = Constraint(m.YEARS, rule=direct_definition)
    b.energy_definition = Constraint(b.VIEWS, m.YEARS, rule=energy_definition)
    b.outsourced_definition = Constraint(m.YEARS, rule=outsourced_definition)
    b.certificate_limit = Constraint(b.PROVEN, rule=certificate_limit)
    b.ceiling_limit = Constraint(b.CEILED, rule=ceiling_limit)


def source_definition(b: Block, i: str, y: int) -> Expression:
    r"""A source emits the carbon it takes in and does not pass on. 碳质量平衡

    $$Q_{i,y} = \varepsilon_i\,\Big(X_{i,y} + \sum_h X_{i,h,y}\Big) - \sum_{h,c} \gamma_c\,Z_{i,h,c,y}$$
    """
    m = b.model()
    if i not in b.hosts:
        return b.by_source[i, y] == b.released[i] * converter.yearly(m, i, y)
    covered = quicksum(m.measure.activity[i, h, y] for h in b.hosts[i])
    saved = quicksum(b.carbon[i, h, c] * m.measure.saved[i, h, c, y] for h, c in b.saved_carriers[i])
    return b.by_source[i, y] == b.released[i] * covered - saved


def release_limit(b: Block, h: str, y: int) -> Expression:
    r"""A host lets out no less than nothing: its measures avoid and capture at most what it emits. 排放非负

    $$\varepsilon_h\,X_{h,y} + \sum_m \varepsilon_m\,X_{m,h,y} - \sum_{m,c} \gamma_c\,Z_{m,h,c,y} \ge 0$$
    """
    m = b.model()
    changed = quicksum(r * m.measure.activity[p, h, y] for p, r in b.on_host[h])
    saved = quicksum(b.carbon[p, h, c] * m.measure.saved[p, h, c, y] for p, c in b.saved_on_host[h])
    return b.released[h] * m.converter.activity[h, y] + changed - saved >= 0


def direct_definition(b: Block, y: int) -> Expression:
    r"""Direct emissions are those of all sources inside the fence. 直接排放

    $$Q_{y} = \sum_i Q_{i,y}$$
    """
    return b.direct[y] == quicksum(b.by_source[i, y] for i in b.SOURCES)


def energy_definition(b: Block, q: str, y: int) -> Expression:
    r"""Purchased power counts with the grid's factor, heat with its seller's; certificates count in the market view alone. 外购电力与热力排放

    $$Q^e_{q,y} = \gamma_{q,y}\,\Big(\sum_{k \in \text{grid}} T_{k,y} - [q = \text{market}] \sum_{k \in \text{certificates}} T_{k,y}\Big)
    + \sum_{k \in \text{heat}} \beta_k\,T_{k,y}$$
    """
    amount = b.model().market.amount
    proven = quicksum(amount[k, y] for k in b.certificates) if q == "market" else 0
    heat = quicksum(b.embodied[k] * amount[k, y] for k in b.HEAT)
    return b.energy[q, y] == b.grid_factor[q, y] * (quicksum(amount[k, y] for k in b.grid) - proven) + heat


def outsourced_definition(b: Block, y: int) -> Expression:
    r"""What others emit to make what the site could make itself is counted, never hidden. 外购中间品隐含排放

    $$Q^o_{y} = \sum_k \beta_k\,T_{k,y}$$
    """
    return b.outsourced[y] == quicksum(b.embodied[k] * b.model().market.amount[k, y] for k in b.BOUGHT)


def certificate_limit(b: Block, y: int) -> Expression:
    r"""Certificates cover at most what is bought from the grid. 绿证不超过下网电量

    $$\sum_{k \in \text{certificates}} T_{k,y} \le \sum_{k \in \text{grid}} T_{k,y}$$
    """
    amount = b.model().market.amount
    return quicksum(amount[k, y] for k in b.certificates) <= quicksum(amount[k, y] for k in b.grid)


def ceiling_limit(b: Block, y: int) -> Expression:
    r"""Certificates without power are recognised up to a share of what is bought from the grid. 绿证认可上限

    $$\sum_{k \in \text{unbundled certificates}} T_{k,y} \le \kappa_y \sum_{k \in \text{grid}} T_{k,y}$$
    """
    amount = b.model().market.amount
    return quicksum(amount[k, y] for k in b.unbundled) <= b.ceiling[y] * quicksum(amount[k, y] for k in b.grid)


# What the account contributes to the whole -----------------------------------------------------------------------


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: an internal carbon price $\pi^C_y$ on all that a default cap counts.

    $$C_{\text{carbon price},y} = \pi^C_y\,(Q_{y} + Q^e_{\text{location},y} + Q^o_{y})$$
    """
    b = m.emissions
    if y not in b.carbon_price:
        return {}
    return {"carbon price": b.carbon_price[y] * (b.direct[y] + b.energy["location", y] + b.outsourced[y])}


def _touches_carbon(x: Inputs, released: dict[str, float], p: str, h: str) -> bool:
    return abs(released.get(p, 0.0)) > 0 or any(x.carbon.get(c) for q, g, c in x.saving if (q, g) == (p, h))
