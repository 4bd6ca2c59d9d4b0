"""Cap 上限: what may be emitted at most in a year."""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Param, Reals, Set, Var

from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what each cap counts, and its limit; offsets never enter here."""
    b = m.cap = Block(doc=__doc__)
    b.CAPS = Set(initialize=tuple(x.cap_counts), ordered=True, doc="$g$ caps 排放上限")
    b.LIMITED = Set(initialize=tuple(x.cap_limit), dimen=2, ordered=True, doc="$(g,y)$ years with a limit 有上限的年份")
    b.limit = Param(b.LIMITED, initialize=x.cap_limit, doc=r"$\bar G_{g,y}$ [kt] most that may be emitted 上限值")
    b.counted = Var(b.CAPS, m.YEARS, within=Reals, doc=r"$G_{g,y}$ [kt] emissions a cap counts 计入上限的排放")
    b.counts = x.cap_counts
    b.counted_definition = Constraint(b.CAPS, m.YEARS, rule=counted_definition)
    b.cap_limit = Constraint(b.LIMITED, rule=cap_limit)


def counted_definition(b: Block, g: str, y: int) -> Expression:
    r"""A cap counts direct emissions and, in its wider scope, purchased power and outsourced intermediates. 计入范围

    $$G_{g,y} = Q_{y} + [g \text{ counts energy}]\,(Q^e_{q,y} + Q^o_{y})$$
    """
    account = b.model().emissions
    scope, view = b.counts[g]
    wider = account.energy[view, y] + account.outsourced[y] if scope == "direct_energy" else 0
    return b.counted[g, y] == account.direct[y] + wider


def cap_limit(b: Block, g: str, y: int) -> Expression:
    r"""What a cap counts stays below its limit. 排放上限约束

    $$G_{g,y} \le \bar G_{g,y}$$
    """
    return b.counted[g, y] <= b.limit[g, y]
