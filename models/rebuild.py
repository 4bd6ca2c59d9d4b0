"""Rebuild 改造停产: a host stands still while a project on it is built, and all that hangs on it with it.

In the year before a project runs, its host has parts: one that runs, and for every standstill that may be, one that makes
and uses nothing on its days. What a part does in the year is done on the days that are left to it. A whole host rebuilt by
whole projects is all in one part, so that its year is exact; a host of many units is rebuilt in shares.
"""

from collections.abc import Collection
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Param, Set, Var, quicksum

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add the parts of each host that is rebuilt in a year, and what is done on them."""
    b = m.rebuild = Block(doc=__doc__)
    b.HOSTS = Set(
        initialize=tuple(dict.fromkeys(q[:2] for q in x.parts)),
        dimen=2,
        ordered=True,
        doc="$(h,y)$ hosts and the years in which they may be rebuilt 可能改造停产的宿主与年份",
    )
    b.PARTS = Set(initialize=tuple(x.parts), dimen=3, ordered=True, doc="$(h,y,o)$ their parts 宿主的各部分")
    b.STOPPED = Set(
        initialize=[q for q, days in x.parts.items() if days], dimen=3, ordered=True, doc="$(h,y,o)$ parts that stand still on some days 停产部分"
    )
    b.PROJECTS = Set(initialize=tuple(x.stops), dimen=2, ordered=True, doc="$(a,v)$ projects that stop their host 需停产的项目")
    windows = dict.fromkeys(x.stops.values())
    b.WINDOWS = Set(initialize=tuple(windows), dimen=3, ordered=True, doc="$(h,y,w)$ days on which a host may stand still 停产窗口")
    shaped, runs = set(x.step_carriers), {q for of in (x.vintages, x.alive, x.renewed_alive) for q, there in of.items() if there}
    saved = [(p, h, c) for p, h, c in x.saving if c in shaped]
    changed = {p for p, c in x.ratio if c in shaped} | {p for p, _, _ in saved}
    b.COVERED = Set(
        initialize=[(p, *q) for p, h in x.hosted if p in changed for q in x.parts if q[0] == h and (p, q[1]) in runs],
        dimen=4, ordered=True, doc="$(m,h,y,o)$ measures on those parts 各部分上的措施",
    )  # fmt: skip
    b.SAVED = Set(
        initialize=[(p, h, c, y, o) for p, h, c in saved for g, y, o in x.parts if g == h and (p, y) in runs],
        dimen=5, ordered=True, doc="$(m,h,c,y,o)$ savings on those parts 各部分上的节能",
    )  # fmt: skip
    b.stopped = Param(
        b.PROJECTS,
        initialize={q: x.stopped[q[0]] for q in x.stops},
        doc=r"$\varsigma_{a,v}$ [size/size] host that stands still per size built 单位项目停产规模",
    )
    b.usable = Param(b.STOPPED, initialize=x.part_usable, doc=r"$\phi^P_{h,y,o}$ [-] usable share of a part 部分可用率")
    b.moved = Param(
        b.STOPPED, m.STEPS, initialize={q: v for q, v in x.part_shape.items() if q[:3] in x.parts}, default=0.0,
        doc=r"$\sigma^P_{h,y,o,s}$ [1/kh] what the standstill adds to the shape of its host 停产对形状的改变",
    )  # fmt: skip
    b.size = Var(b.PARTS, within=NonNegativeReals, doc=r"$\Lambda_{h,y,o}$ [size] size of a part 部分规模")
    b.activity = Var(b.PARTS, within=NonNegativeReals, doc=r"$X^P_{h,y,o}$ [k-unit] activity of a part in the year 部分年活动量")
    b.covered = Var(b.COVERED, within=NonNegativeReals, doc=r"$X^P_{m,h,y,o}$ [k-unit] of it covered by a measure 其中措施覆盖量")
    b.saved = Var(b.SAVED, within=NonNegativeReals, doc=r"$Z^P_{m,h,c,y,o}$ [k-unit] carrier saved on a part 部分节约量")
    b.parts_of = {q: tuple(o for *host, o in x.parts if tuple(host) == q) for q in b.HOSTS}
    b.still = {w: tuple(o for o in b.parts_of[w[:2]] if w[2] in x.parts[(*w[:2], o)]) for w in windows}
    b.window, b.builders = x.stops, {w: tuple(q for q, stop in x.stops.items() if stop == w) for w in windows}
    b.flows = {c: tuple((h, y, o, r) for h, y, o in b.STOPPED if (r := x.ratio.get((h, c), 0.0))) for c in shaped}
    b.changes = {c: tuple((*q, r) for q in b.COVERED if x.parts[q[1:]] and (r := x.ratio.get((q[0], c), 0.0))) for c in shaped}
    b.savings = {c: tuple(q for q in b.SAVED if q[2] == c and x.parts[q[1], q[3], q[4]]) for c in shaped}
    b.size_sum = Constraint(b.HOSTS, rule=size_sum)
    b.activity_sum = Constraint(b.HOSTS, rule=activity_sum)
    b.COVERED_YEARS = Set(
        initialize=tuple(dict.fromkeys(q[:3] for q in b.COVERED)),
        dimen=3,
        ordered=True,
        doc="$(m,h,y)$ measures on hosts that are rebuilt 改造宿主上的措施",
    )
    b.SAVED_YEARS = Set(initialize=tuple(dict.fromkeys(q[:4] for q in b.SAVED)), dimen=4, ordered=True, doc="$(m,h,c,y)$ their savings 其节能")
    b.covered_sum = Constraint(b.COVERED_YEARS, rule=covered_sum)
    b.saved_sum = Constraint(b.SAVED_YEARS, rule=saved_sum)
    b.stop_least = Constraint(b.PROJECTS, rule=stop_least)
    b.stop_most = Constraint(b.WINDOWS, rule=stop_most)
    b.part_limit = Constraint(b.PARTS, rule=part_limit)
    b.covered_limit = Constraint(b.COVERED, rule=covered_limit)
    b.saved_limit = Constraint(b.SAVED, rule=saved_limit)


def size_sum(b: Block, h: str, y: int) -> Expression:
    r"""The parts of a host are all of it. 部分规模之和

    $$\sum_o \Lambda_{h,y,o} = K_{h,y}$$
    """
    return quicksum(b.size[h, y, o] for o in b.parts_of[h, y]) == b.model().capacity.size[h, y]


def activity_sum(b: Block, h: str, y: int) -> Expression:
    r"""A host does what its parts do. 部分活动量之和

    $$\sum_o X^P_{h,y,o} = X_{h,y}$$
    """
    return quicksum(b.activity[h, y, o] for o in b.parts_of[h, y]) == b.model().converter.activity[h, y]


def covered_sum(b: Block, p: str, h: str, y: int) -> Expression:
    r"""A measure covers what it covers of the parts. 部分覆盖量之和

    $$\sum_o X^P_{m,h,y,o} = X_{m,h,y}$$
    """
    return quicksum(b.covered[p, h, y, o] for o in b.parts_of[h, y]) == b.model().measure.activity[p, h, y]


def saved_sum(b: Block, p: str, h: str, c: str, y: int) -> Expression:
    r"""What is saved is saved on the parts. 部分节约量之和

    $$\sum_o Z^P_{m,h,c,y,o} = Z_{m,h,c,y}$$
    """
    return quicksum(b.saved[p, h, c, y, o] for o in b.parts_of[h, y]) == b.model().measure.saved[p, h, c, y]


def stop_least(b: Block, a: str, v: int) -> Expression:
    r"""On the days of a project stands still what it rebuilds. 改造必停

    $$\sum_{o:\,w \in o} \Lambda_{h,y,o} \ge \varsigma_{a,v}\,B_{a,v}$$
    """
    h, y, w = b.window[a, v]
    return quicksum(b.size[h, y, o] for o in b.still[h, y, w]) >= b.stopped[a, v] * b.model().capacity.built[a, v]


def stop_most(b: Block, h: str, y: int, w: str) -> Expression:
    r"""No more stands still than is rebuilt on those days. 不改不停

    $$\sum_{o:\,w \in o} \Lambda_{h,y,o} \le \sum_{(a,v) \in w} \varsigma_{a,v}\,B_{a,v}$$
    """
    built = b.model().capacity.built
    return quicksum(b.size[h, y, o] for o in b.still[h, y, w]) <= quicksum(b.stopped[a, v] * built[a, v] for a, v in b.builders[h, y, w])


def part_limit(b: Block, h: str, y: int, o: str) -> Expression:
    r"""A part makes in the year what the days allow on which it does not stand still; the part that runs, all of its usable days. 部分产能上限

    $$X^P_{h,y,o} \le [o \text{ stands still}]\,\phi^P_{h,y,o}\,\Lambda_{h,y,o} + [o \text{ runs}]\,\phi_{h,y}\,\Lambda_{h,y,o}$$
    """
    usable = b.usable[h, y, o] if (h, y, o) in b.STOPPED else b.model().converter.usable[h, y]
    return b.activity[h, y, o] <= usable * b.size[h, y, o]


def covered_limit(b: Block, p: str, h: str, y: int, o: str) -> Expression:
    r"""On a part a measure covers no more than its share of what that part does. 部分覆盖上限

    $$X^P_{m,h,y,o} \le \upsilon_{m,h}\,X^P_{h,y,o}$$
    """
    return b.covered[p, h, y, o] <= b.model().measure.uptake[p, h] * b.activity[h, y, o]


def saved_limit(b: Block, p: str, h: str, c: str, y: int, o: str) -> Expression:
    r"""On a part no more is saved than a share of the use that is covered there. 部分节约上限

    $$Z^P_{m,h,c,y,o} \le \epsilon_{m,h,c}\,\mu_{h,c}\,X^P_{m,h,y,o}$$
    """
    measure = b.model().measure
    return b.saved[p, h, c, y, o] <= measure.saving[p, h, c] * measure.use[h, c] * b.covered[p, h, y, o]


# What standing still contributes to the whole ---------------------------------------------------------------------


def step_flow(m: ConcreteModel, c: str, y: int, s: str) -> Expression:
    r"""Net supply of step carrier ``c``, unit/h: what a part does is moved from the days on which it stands still to the others.

    $$\sum_{h,o} \sigma^P_{h,y,o,s}\,\Big(r_{h,c}\,X^P_{h,y,o} + \sum_m (r_{m,c}\,X^P_{m,h,y,o} + Z^P_{m,h,c,y,o})\Big)$$
    """
    b = m.rebuild
    spared = quicksum(b.moved[h, y, o, s] * b.saved[p, h, c, y, o] for p, h, _, d, o in b.savings[c] if d == y)
    return of_hosts(m, c, y, s) + of_measures(m, c, y, s) + spared


def of_hosts(m: ConcreteModel, c: str, y: int, s: str, *, made: bool = False, among: Collection[str] | None = None) -> Expression:
    """What hosts make and use of ``c`` is moved by, unit/h; with ``made`` only what they make, of those ``among`` if given."""
    b = m.rebuild
    counted = [(h, o, r) for h, d, o, r in b.flows[c] if d == y and (r > 0 or not made) and (among is None or h in among)]
    return quicksum(r * b.moved[h, y, o, s] * b.activity[h, y, o] for h, o, r in counted)


def of_measures(m: ConcreteModel, c: str, y: int, s: str, *, made: bool = False) -> Expression:
    """What measures on them make and use of ``c`` is moved by, unit/h; with ``made`` only what they make."""
    b = m.rebuild
    counted = [(p, h, o, r) for p, h, d, o, r in b.changes[c] if d == y and (r > 0 or not made)]
    return quicksum(r * b.moved[h, y, o, s] * b.covered[p, h, y, o] for p, h, o, r in counted)
