"""Physical 物理绿电: the power made here without fossil fuel that is used in the very step it is made.

What charges a store and what is sold counts as taken from other power first, as the guide does that treats charging as a
purchase; so of each step the non-fossil power goes into the load as far as there is any, and what is left is beside it.
Only a target asks for this split. Counting what is left over takes one row a step, and what both sides of it hold cancels.
"""

from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, NonNegativeReals, Set, Var, quicksum
from pyomo.environ import Expression as Sum

from models import converter, rebuild
from models.inputs import Inputs

Expression = Any


def add(m: ConcreteModel, x: Inputs) -> None:
    """Add what is made beside the load, in every step of the years that a target asks about."""
    b = m.physical = Block(doc=__doc__)
    b.ASKED = Set(initialize=x.physical, dimen=2, ordered=True, doc="$(c,y)$ power and years in which it is asked 需核算年份")
    b.makers = {c: tuple((i, x.ratio[i, c]) for i in x.clean if x.ratio.get((i, c), 0.0) > 0) for c, _ in x.physical}
    b.kept = tuple(x.stores.items())
    b.beside = Var(b.ASKED, m.STEPS, within=NonNegativeReals, doc=r"$J^B_{c,y,s}$ [unit/h] non-fossil power that the load does not take 负荷之外")
    b.clean = Sum(b.ASKED, m.STEPS, rule=clean, doc=r"$J^C_{c,y,s}$ [unit/h] made without fossil fuel 非化石发电")
    b.of_year = Sum(b.ASKED, rule=of_year, doc=r"$J^P_{c,y}$ [k-unit] supplied physically in the year 全年物理供应")
    b.load_limit = Constraint(b.ASKED, m.STEPS, rule=load_limit)


def clean(b: Block, c: str, y: int, s: str) -> Expression:
    r"""What is made here of sun, wind and biogenic fuel alone. 非化石发电

    $$J^C_{c,y,s} = \sum_{i \text{ clean}} r_{i,c}\,(O_{i,y,s} + \sigma_{i,y,s}\,X_{i,y})$$
    """
    run = b.model().converter
    moved = rebuild.of_hosts(b.model(), c, y, s, made=True, among=[i for i, _ in b.makers[c]])  # while plants are rebuilt
    return moved + quicksum(r * (run.shape[i, y, s] * run.activity[i, y] if i in run.is_flat else run.output[i, y, s]) for i, r in b.makers[c])


def of_year(b: Block, c: str, y: int) -> Expression:
    r"""The year's physical supply is what is made without fossil fuel, less what the load did not take. 全年物理供应

    $$J^P_{c,y} = \sum_{i \text{ clean}} r_{i,c}\,X_{i,y} - \sum_s w_s\,J^B_{c,y,s}$$
    """
    m = b.model()
    made = quicksum(r * converter.yearly(m, i, y) for i, r in b.makers[c])
    return made - quicksum(m.duration[s] * b.beside[c, y, s] for s in m.STEPS)


def load_limit(b: Block, c: str, y: int, s: str) -> Expression:
    r"""The load takes no more than the site uses in the step, beside what it puts into stores. 不超过负荷

    $$J^C_{c,y,s} - J^B_{c,y,s} \le \ell^T_{c,y,s} + \sum_a (P^-_{a,y,s} - P^+_{a,y,s})$$
    """
    m = b.model()
    kept = quicksum(m.store.discharge[a, y, s] - m.store.charge[a, y, s] for a, q in b.kept if q == c)
    return b.clean[c, y, s] - b.beside[c, y, s] <= m.green.total[c, y, s] + kept
