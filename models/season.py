"""Season 跨日储存: stores that keep from day to day of the year - hydrogen, ice, stockpiles - through the calendar's own order of days.

Within a typical day a store swings around what the day began with; the days of the year, each with the swing of the typical
day that stands for it, follow each other (Kotzur et al. 2018). What a typical day leaves is passed on once a day, not by weight.
Days of one kind that follow each other are a stretch: what they begin with only rises or only falls, so its first and its last
day say whether the store is ever too full or too empty, and a year has as many rows as stretches (about 40 instead of 365).
"""

from itertools import groupby
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Reals, Set, Var

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add swings of typical days and what every stretch of days begins with; the year ends as it began."""
    b = m.season = Block(doc=__doc__)
    order, steps = (x.day_order, x.steps) if x.seasonal else ((), ())
    typical = tuple(dict.fromkeys(order))
    of_day = {t: [s for s in steps if x.day_of[s] == t] for t in typical}
    kept = {(a, t): (1 - x.standing_loss.get(a, 0.0)) ** sum(x.hours[s] for s in of_day[t]) for a in x.seasonal for t in typical}
    first = tuple(of_day[t][0] for t in typical)
    stretches, day = dict[int, tuple[str, int]](), 1  # first day -> its typical day, and how many such days follow each other
    for t, days in groupby(order):
        stretches[day] = t, len(list(days))
        day += stretches[day][1]
    b.SEASONAL = Set(initialize=tuple(x.seasonal), ordered=True, doc="$a$ stores linked over the year 跨日储能设备")
    b.TYPICAL = Set(initialize=typical, ordered=True, doc="$t$ typical days 典型日")
    b.CALENDAR = Set(initialize=tuple(stretches), ordered=True, doc="$d$ days of the year that begin a stretch of alike days 同类连续日的首日")
    b.alike = Param(b.CALENDAR, initialize={d: n for d, (_, n) in stretches.items()}, doc=r"$\nu^D_d$ [-] days of a stretch 连续日数")
    b.FIRST = Set(initialize=first, ordered=True, doc="$s$ steps that begin a day 每日首个时段")
    b.LATER = Set(initialize=[s for s in steps if s not in first], ordered=True, doc="$s$ steps that follow another 每日后续时段")
    b.kept = Param(b.SEASONAL, b.TYPICAL, initialize=kept, doc=r"$\kappa^D_{a,t}$ [-] share of a level that is left after a day 日保有率")
    b.swing = Var(
        b.SEASONAL, m.YEARS, m.STEPS if steps else (), within=Reals, doc=r"$L^D_{a,y,s}$ [unit] kept beyond what the day began with 日内变动量"
    )
    b.highest = Var(b.SEASONAL, m.YEARS, b.TYPICAL, within=NonNegativeReals, doc=r"$H^D_{a,y,t}$ [unit] highest swing of a day 日内最高变动")
    b.lowest = Var(b.SEASONAL, m.YEARS, b.TYPICAL, within=NonNegativeReals, doc=r"$G^D_{a,y,t}$ [unit] deepest swing of a day 日内最低变动")
    b.begin = Var(
        b.SEASONAL, m.YEARS, b.CALENDAR, within=NonNegativeReals, doc=r"$B^D_{a,y,d}$ [unit] kept when a stretch of days begins 连续日起始储量"
    )
    b.typical, b.day_of, b.last = {d: t for d, (t, _) in stretches.items()}, x.day_of, {t: of_day[t][-1] for t in typical}
    b.after = dict(zip(stretches, [*stretches, *stretches][1:], strict=False))
    b.swing_first = Constraint(b.SEASONAL, m.YEARS, b.FIRST, rule=swing_first)
    b.swing_later = Constraint(b.SEASONAL, m.YEARS, b.LATER, rule=swing_later)
    b.highest_swing = Constraint(b.SEASONAL, m.YEARS, b.FIRST | b.LATER, rule=highest_swing)
    b.lowest_swing = Constraint(b.SEASONAL, m.YEARS, b.FIRST | b.LATER, rule=lowest_swing)
    b.next_day = Constraint(b.SEASONAL, m.YEARS, b.CALENDAR, rule=next_day)
    b.day_full = Constraint(b.SEASONAL, m.YEARS, b.CALENDAR, rule=day_full)
    b.day_empty = Constraint(b.SEASONAL, m.YEARS, b.CALENDAR, rule=day_empty)
    longer = [d for d, (_, n) in stretches.items() if n > 1]
    b.LONGER = Set(initialize=longer, ordered=True, doc="$d$ of them those of several days 多日连续段")
    b.last_full = Constraint(b.SEASONAL, m.YEARS, b.LONGER, rule=last_full)
    b.last_empty = Constraint(b.SEASONAL, m.YEARS, b.LONGER, rule=last_empty)


def swing_first(b: Block, a: str, y: int, s: str) -> Expression:
    r"""A day's swing begins with what goes in and out. 日内变动起点

    $$L^D_{a,y,s} = h_s\,(\eta^+_a P^+_{a,y,s} - P^-_{a,y,s}/\eta^-_a)$$
    """
    m = b.model()
    gained = m.store.charge_efficiency[a] * m.store.charge[a, y, s] - m.store.discharge[a, y, s] / m.store.discharge_efficiency[a]
    return b.swing[a, y, s] == m.hours[s] * gained


def swing_later(b: Block, a: str, y: int, s: str) -> Expression:
    r"""The swing is what was left of it, plus what goes in, less what comes out. 日内变动平衡

    $$L^D_{a,y,s} = (1-\delta_a)^{h_s}\,L^D_{a,y,s-1} + h_s\,(\eta^+_a P^+_{a,y,s} - P^-_{a,y,s}/\eta^-_a)$$
    """
    m = b.model()
    left = (1 - m.store.standing_loss[a]) ** m.hours[s] * b.swing[a, y, m.previous[s]]
    gained = m.store.charge_efficiency[a] * m.store.charge[a, y, s] - m.store.discharge[a, y, s] / m.store.discharge_efficiency[a]
    return b.swing[a, y, s] == left + m.hours[s] * gained


def highest_swing(b: Block, a: str, y: int, s: str) -> Expression:
    r"""A day's highest swing is that of its highest step. 日内最高变动

    $$H^D_{a,y,t} \ge L^D_{a,y,s}$$
    """
    return b.highest[a, y, b.day_of[s]] >= b.swing[a, y, s]


def lowest_swing(b: Block, a: str, y: int, s: str) -> Expression:
    r"""A day's deepest swing is that of its lowest step. 日内最低变动

    $$G^D_{a,y,t} \ge -L^D_{a,y,s}$$
    """
    return b.lowest[a, y, b.day_of[s]] >= -b.swing[a, y, s]


def begun(b: Block, a: str, y: int, d: int, n: int) -> Expression:
    """What is kept when ``n`` days of the stretch that begins on day ``d`` are over, unit."""
    t = b.typical[d]
    kept = b.kept[a, t]
    return kept**n * b.begin[a, y, d] + sum(kept**k for k in range(n)) * b.swing[a, y, b.last[t]]


def next_day(b: Block, a: str, y: int, d: int) -> Expression:
    r"""A stretch begins with what the one before began with and its days left, day after day, and the first follows the last. 逐日衔接

    $$B^D_{a,y,d+\nu^D_d} = (\kappa^D_{a,t})^{\nu^D_d}\,B^D_{a,y,d} + \sum_{k<\nu^D_d} (\kappa^D_{a,t})^k\,L^D_{a,y,s}$$
    """
    return b.begin[a, y, b.after[d]] == begun(b, a, y, d, b.alike[d])


def day_full(b: Block, a: str, y: int, d: int) -> Expression:
    r"""On the first day of a stretch no more is kept than the size. 首日储量上限

    $$B^D_{a,y,d} + H^D_{a,y,t} \le K_{a,y}$$
    """
    return b.begin[a, y, d] + b.highest[a, y, b.typical[d]] <= b.model().capacity.size[a, y]


def day_empty(b: Block, a: str, y: int, d: int) -> Expression:
    r"""On the first day of a stretch no more is taken than is left. 首日储量下限

    $$\kappa^D_{a,t}\,B^D_{a,y,d} \ge G^D_{a,y,t}$$
    """
    t = b.typical[d]
    return b.kept[a, t] * b.begin[a, y, d] >= b.lowest[a, y, t]


def last_full(b: Block, a: str, y: int, d: int) -> Expression:
    r"""Nor is more kept on its last day. 末日储量上限

    $$(\kappa^D_{a,t})^{\nu^D_d-1}\,B^D_{a,y,d} + \sum_{k<\nu^D_d-1} (\kappa^D_{a,t})^k\,L^D_{a,y,s} + H^D_{a,y,t} \le K_{a,y}$$
    """
    return begun(b, a, y, d, b.alike[d] - 1) + b.highest[a, y, b.typical[d]] <= b.model().capacity.size[a, y]


def last_empty(b: Block, a: str, y: int, d: int) -> Expression:
    r"""Nor is more taken on its last day. 末日储量下限

    $$\kappa^D_{a,t}\,\Big((\kappa^D_{a,t})^{\nu^D_d-1}\,B^D_{a,y,d} + \sum_{k<\nu^D_d-1} (\kappa^D_{a,t})^k\,L^D_{a,y,s}\Big) \ge G^D_{a,y,t}$$
    """
    t = b.typical[d]
    return b.kept[a, t] * begun(b, a, y, d, b.alike[d] - 1) >= b.lowest[a, y, t]
