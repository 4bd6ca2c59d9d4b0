"""Succession 先立后破: an old unit goes only within what has replaced it for the stated time."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Set, Var, quicksum

from models.capacity import standing
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what stands in for what is gone; one new unit stands in for no more than its own size."""
    b = m.succession = Block(doc=__doc__)
    b.HEIRS = Set(
        initialize=[(h, a) for h, heirs in x.replaced_by.items() for a in heirs],
        dimen=2,
        ordered=True,
        doc="$(h,a)$ old units and their replacements 接替关系",
    )
    b.GONE = Set(
        initialize=[(h, y) for h in x.replaced_by for y in x.years if not x.alive.get((h, y)) or any(a == h and v <= y for a, v in x.retirements)],
        dimen=2, ordered=True, doc="$(h,y)$ years in which an old unit may be gone 旧设备可能退出的年份",
    )  # fmt: skip
    b.WAITS = Set(
        initialize=tuple(dict.fromkeys((a, x.overlap[h]) for h, a in b.HEIRS)),
        dimen=2,
        ordered=True,
        doc="$(a,k)$ replacements that must have run k years 投运满k年的接替设备",
    )
    b.stands_in = Var(b.HEIRS, m.YEARS, within=NonNegativeReals, doc=r"$H_{h,a,y}$ [size] of a gone unit that a replacement makes up for 接替规模")
    b.heirs, b.overlap = x.replaced_by, x.overlap
    b.seasoned = frozenset(x.seasoned)
    b.patient = {(a, k): tuple(h for h, q in b.HEIRS if q == a and x.overlap[h] >= k) for a, k in b.WAITS}
    b.gap_is_filled = Constraint(b.GONE, rule=gap_is_filled)
    b.replacement_limit = Constraint(b.WAITS, m.YEARS, rule=replacement_limit)


def gap_is_filled(b: Block, h: str, y: int) -> Expression:
    r"""Of an old unit no more is gone, by retirement or at the end of its life, than its replacements make up for. 先立后破

    $$E_h - \lambda_{h,y}\,\Big(E_h - \sum_{y' \le y} R_{h,y'}\Big) - [\rho_{h,y} > 0]\,W_h \le \sum_a H_{h,a,y}$$
    """
    capacity = b.model().capacity
    renewed = capacity.renewed[h] if h in capacity.RENEWALS and capacity.renewed_alive[h, y] > 0 else 0
    stands = capacity.alive[h, y] * standing(capacity, h, y) + renewed
    return capacity.existing[h] - stands <= quicksum(b.stands_in[h, a, y] for a in b.heirs[h])


def replacement_limit(b: Block, a: str, k: int, y: int) -> Expression:
    r"""A replacement makes up for no more than what of it has run for the stated years, and once only. 接替能力

    $$\sum_{h:\,k_h \ge k} H_{h,a,y} \le \sum_{v \le y-k} B_{a,v} + \lambda_{a,y}\,\Big(E_a - \sum_{y' \le y} R_{a,y'}\Big)$$
    """
    capacity = b.model().capacity
    new = quicksum(capacity.built[a, v] for v in capacity.vintages.get((a, y), ()) if v <= y - k)
    old = capacity.alive[a, y] * standing(capacity, a, y) if (a, k, y) in b.seasoned else 0
    return quicksum(b.stands_in[h, a, y] for h in b.patient[a, k]) <= new + old
