"""Converter 转换: what turns carriers into carriers - a furnace, a boiler, a solar roof."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add one activity a year for flat converters and one a step for flexible ones."""
    b = m.converter = Block(doc=__doc__)
    b.FLAT = Set(initialize=x.flat, ordered=True, doc="$i$ converters that run flat 平稳运行设备")
    b.FLEXIBLE = Set(initialize=x.flexible, ordered=True, doc="$i$ converters that follow the hour 灵活运行设备")
    own = set(x.flat) | set(x.flexible)
    b.FLOWS = Set(initialize=[q for q in x.ratio if q[0] in own], dimen=2, ordered=True, doc="$(i,c)$ flows 流")
    b.SHAPED = Set(
        initialize=[(i, c) for i, c in x.ratio if i in set(x.flat) and c in set(x.step_carriers)],
        dimen=2,
        doc="$(i,c)$ flat flows of carriers balanced in every step 平稳流",
    )
    b.ratio = Param(b.FLOWS, initialize={q: x.ratio[q] for q in b.FLOWS}, doc=r"$r_{i,c}$ [c/activity] made (+) or used (-) 产耗系数")
    b.usable = Param(
        b.FLAT,
        m.YEARS,
        initialize=_by_year(x, x.flat, x.usable, x.dated_usable),
        default=1.0,
        doc=r"$\phi_{i,y}$ [-] usable share of the size 可用率",
    )
    b.shape = Param(
        b.FLAT,
        m.YEARS,
        m.STEPS,
        initialize=_by_year_and_step(x, x.flat, x.shape, x.dated_shape),
        default=0.0,
        doc=r"$\sigma_{i,y,s}$ [1/kh] hourly flow per yearly activity 年内形状",
    )
    b.availability = Param(
        b.FLEXIBLE,
        m.YEARS,
        m.STEPS,
        initialize=_by_year_and_step(x, x.flexible, x.availability, x.dated_availability),
        default=1.0,
        doc=r"$a_{i,y,s}$ [-] available share of the size 出力系数",
    )
    b.activity = Var(b.FLAT, m.YEARS, within=NonNegativeReals, doc=r"$X_{i,y}$ [k-unit] activity of the year 年活动量")
    b.output = Var(b.FLEXIBLE, m.YEARS, m.STEPS, within=NonNegativeReals, doc=r"$O_{i,y,s}$ [unit/h] activity of the step 时段活动量")
    b.of_carrier = {c: tuple((i, r) for (i, q), r in x.ratio.items() if q == c and i in own) for c in x.step_carriers + x.year_carriers}
    b.is_flat = frozenset(x.flat)
    b.variable_cost = x.variable_cost
    b.activity_limit = Constraint(b.FLAT, m.YEARS, rule=activity_limit)
    b.output_limit = Constraint(b.FLEXIBLE, m.YEARS, m.STEPS, rule=output_limit)


def activity_limit(b: Block, i: str, y: int) -> Expression:
    r"""A flat converter makes in a year at most what its size allows, on the days on which it does not stand still. 年产能上限

    $$X_{i,y} \le \phi_{i,y}\,K_{i,y}$$
    """
    return b.activity[i, y] <= b.usable[i, y] * b.model().capacity.size[i, y]


def output_limit(b: Block, i: str, y: int, s: str) -> Expression:
    r"""A flexible converter makes in a step at most what is available of its size. 出力上限

    $$O_{i,y,s} \le a_{i,y,s}\,K_{i,y}$$
    """
    return b.output[i, y, s] <= b.availability[i, y, s] * b.model().capacity.size[i, y]


# What converters contribute to the whole ------------------------------------------------------------------------


def yearly(m: ConcreteModel, i: str, y: int) -> Expression:
    r"""Activity of converter ``i`` in year ``y``, k-unit: a variable when it runs flat, else the sum of its steps.

    $$X_{i,y} = \sum_s w_s\,O_{i,y,s}$$
    """
    b = m.converter
    if i in b.is_flat:
        return b.activity[i, y]
    return quicksum(m.duration[s] * b.output[i, y, s] for s in m.STEPS)


def year_flow(m: ConcreteModel, c: str, y: int) -> Expression:
    r"""Net supply of yearly carrier ``c``, k-unit.

    $$\sum_i r_{i,c}\,X_{i,y}$$
    """
    return quicksum(r * yearly(m, i, y) for i, r in m.converter.of_carrier[c])


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h: flat converters in their shape, flexible ones as they run.

    $$\sum_{i \text{ flat}} r_{i,c}\,\sigma_{i,y,s}\,X_{i,y} + \sum_{i \text{ flexible}} r_{i,c}\,O_{i,y,s}$$
    """
    b = m.converter
    return quicksum(r * b.shape[i, y, s] * b.activity[i, y] if i in b.is_flat else r * b.output[i, y, s] for i, r in b.of_carrier[c])


def costs(m: ConcreteModel, y: int) -> dict[str, Expression]:
    r"""Cost part -> MCNY paid for year ``y``: running cost $\chi_{i,y}$ per activity.

    $$C_{\text{variable},y} = \sum_i \chi_{i,y}\,X_{i,y}$$
    """
    b = m.converter
    own = list(b.FLAT) + list(b.FLEXIBLE)
    return {"variable": quicksum(b.variable_cost[i, y] * yearly(m, i, y) for i in own if (i, y) in b.variable_cost)}


def _by_year(x: Inputs, own: Iterable[str], every: Mapping[str, float], dated: Mapping[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    """What holds in every year, but that of the year where one is given."""
    return {(i, y): every[i] for i in own if i in every for y in x.years} | dict(dated)


def _by_year_and_step(
    x: Inputs, own: Iterable[str], every: Mapping[tuple[str, str], float], dated: Mapping[tuple[str, int, str], float]
) -> dict[tuple[str, int, str], float]:
    """What holds in every year, but that of the year where one is given."""
    kept = set(own)
    return {(i, y, s): value for (i, s), value in every.items() if i in kept for y in x.years} | dict(dated)
