"""Common 共同决策: the plan for several futures at once - first decisions common, all else made in each future - and its audit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.compiled import Compiled, Vector
from models.futures import Risk, at_risk, joined
from models.inputs import Inputs
from models.solution import Solution
from planner import audit, highs, locked, run, translate
from planner.errors import NoPlanExists, PlanRefused, SolverFailed
from planner.levers import Levers, Opened
from planner.plan import Work
from planner.plant import Plant
from planner.process import Listen, in_own_process
from planner.risk import sales
from planner.risk.plans import Plans, Taken
from planner.studies.point import Changes

OF_YEAR = ("capacity.built", "capacity.units", "scale.part", "scale.taken")  # indexed by asset and first year of operation
GIVEN_UP = ("capacity.retired", "capacity.scrapped")
RENEWED = ("capacity.renewed", "capacity.relined")


@dataclass(frozen=True)
class Common:
    """The plan for several futures. decisions: those that are common; solutions: of every future; cost, bound: of the objective, MCNY."""

    decisions: list[Taken]
    solutions: tuple[Solution, ...]
    cost: float
    bound: float


def first_decisions(plant: Plant, problem: Compiled, until: int) -> set[str]:
    """Columns that are decided by the end of ``until``: a project its lead time before it runs, a retirement in its year, a renewal in the last year of the old life."""
    found = set()
    for column in problem.columns:
        component, _, index = column.partition("[")
        if component not in (*OF_YEAR, *GIVEN_UP, *RENEWED):
            continue
        name, *rest = (part.strip("'") for part in index.rstrip("]").split(","))
        asset = plant.assets[name]
        if component in RENEWED:
            taken = asset.end_year is not None and asset.end_year <= until
        else:
            taken = int(rest[0]) - (asset.lead_years if component in OF_YEAR else 0) <= until
        if taken:
            found.add(column)
    return found


def plan(plans: Plans, futures: Sequence[tuple[float, Changes]], risk: Risk, until: int, near: float) -> Common:
    """The plan for futures (chance, changes), within ``near`` MCNY of the best that is proven. Raises CaseError, NoPlanExists, SolverFailed, PlanRefused."""
    ready = [run.prepare(plans.case.folder, (*plans.case.changes, *sales.following(plans.case, changes))) for _, changes in futures]
    xs = [translate.inputs(r.plant, r.year) for r in ready]
    e = plans.effort
    solutions, cost, bound = in_own_process(
        solve, xs, patience=8 * e.seconds + 120, chances=[c for c, _ in futures], plants=[r.plant for r in ready], risk=risk, until=until, near=near, seconds=4 * e.seconds
    )  # fmt: skip
    for r, solution in zip(ready, solutions, strict=True):
        checked = audit.audit(r.plant, r.year, solution)
        if not checked.passed:
            raise PlanRefused(checked.faults)
    return Common(locked.taken(ready[0].plant, solutions[0], until), solutions, cost, bound)


def solve(
    xs: Sequence[Inputs], *, report: Listen, chances: Sequence[float], plants: Sequence[Plant], risk: Risk, until: int, near: float, seconds: float
) -> tuple[tuple[Solution, ...], float, float]:
    """The joined problem of ``xs``, solved until cost and bound are within ``near`` MCNY; each future's own solution. Raises NoPlanExists, SolverFailed."""
    opened = [Levers().open(x) for x in xs]
    problems = [o.compiled for o in opened]
    shared = set.union(*(first_decisions(plant, p, until) for plant, p in zip(plants, problems, strict=True)))
    both = joined(problems, chances, shared, risk)
    answer = Work(xs[0], report).best(both.problem, "plan", lambda cost, bound: cost - bound <= near + 1e-6, seconds)
    if answer.values is None and answer.ending == "infeasible":
        raise NoPlanExists("no plan exists for all futures at once")
    if answer.values is None or answer.cost is None or answer.bound is None:
        raise SolverFailed(f"the plan for all futures was not found ({answer.ending}); give it more time or fewer futures")
    found = [_run(o, both.of(n, answer.values), shared, seconds) for n, o in enumerate(opened)]
    costs = [f.cost for f in found if f.cost is not None]
    expected = sum(chance * cost for chance, cost in zip(chances, costs, strict=True))
    return tuple(found), (1 - risk.weight) * expected + risk.weight * at_risk(costs, chances, risk.level), answer.bound


def _run(opened: Opened, values: Vector, shared: set[str], seconds: float) -> Solution:
    """A future's own problem solved once more with the common decisions and all whole numbers held: exact where the joined search was within its tolerances."""
    p = opened.compiled
    lower, upper = p.lower.copy(), p.upper.copy()
    for j, column in enumerate(p.columns):
        if column in shared:
            lower[j] = upper[j] = min(max(values[j], p.lower[j]), p.upper[j])
    answer = highs.solve(highs.with_fixed_wholes(replace(p, lower=lower, upper=upper), values), seconds=seconds)
    if answer.values is None or answer.duals is None:
        raise SolverFailed(f"a future could not be run with the common decisions ({answer.ending})")
    layout = opened.layout
    return Solution("optimal", answer.cost, answer.cost, layout.tables(p, answer.values), layout.prices_at(answer.duals))
