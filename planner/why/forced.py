"""Forced 强制采用: the cheapest plan that has at least so much of an option - what it costs that a plan does without it, or with less.

Nothing else is fixed: the plan decides anew about everything, when the option is built included. So the difference to the
best plan is the price of the option's being there, its neighbours having made room for it.
"""

from dataclasses import replace
from typing import Any

from models.inputs import Inputs
from planner import run, translate, variants
from planner.errors import NoPlanExists, SolverFailed, Stopped
from planner.plan import Listen, Planned, newly_spent
from planner.process import in_own_process
from planner.results import Results
from planner.run import Ready, Run
from planner.why.plans import Plans

IMPOSSIBLE = "no plan has so much of it in service and keeps all that is asked for"


def forced(x: Inputs, *, report: Listen, option: str, size: float, gap: float, seconds: float) -> Planned:
    """The job: the cheapest plan with ``size``, canonical, of ``option`` in service in the last year. Raises NoPlanExists, SolverFailed, Stopped."""
    plans = Plans(x, report, gap, seconds)
    frozen, free = plans.frozen, plans.read(plans.free)
    problem = variants.with_at_least(plans.problem, option, size, x.years[-1])
    answer = plans.work.best(problem, "plan", lambda cost, bound: cost - bound <= plans.aim, seconds)
    if answer.cost is None:
        if answer.ending == "infeasible":
            raise NoPlanExists(IMPOSSIBLE)
        if plans.work.stopped:
            raise Stopped("stopped before a plan was found")
        raise SolverFailed(f"the solver ended without a plan ({answer.ending}); give it more time")
    plan = plans.work.read(answer)
    today = frozen.cost or 0.0
    return Planned(plan, frozen, free, max(today - plans.free.cost, newly_spent(x, plan, frozen)), dict(plans.work.seconds))


def evaluate(ready: Ready, option: str, size: float, *, gap: float = 0.01, seconds: float = 600.0, listen: Listen = lambda _: True) -> Run:
    """The audited plan with at least ``size`` of ``option``, in its everyday unit. Raises KeyError where there is no such option, and what ``forced`` raises."""
    asset = ready.plant.assets[option]
    x = translate.inputs(ready.plant, ready.year)

    def make() -> Planned:
        return in_own_process(forced, x, patience=4 * seconds + 60, listen=listen, option=option, size=size / asset.scale, gap=gap, seconds=seconds)

    made = run.evaluated(ready, make)
    note = f"forced: at least {size:.6g} {asset.unit} of {option} in service in the last year"
    summary: dict[str, Any] = {**made.results.summary, "notes": [*made.results.summary["notes"], note]}
    return replace(made, results=Results(summary, made.results.tables))
