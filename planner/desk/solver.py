"""Solver 求解: the one place that knows how a plan is made for a page."""

from planner import run
from planner.desk.levers import Changes
from planner.plan import Listen
from planner.run import Run


def plan(case: str, changes: Changes, listen: Listen) -> Run:
    """The audited plan of a shipped case with changes, made in a process of its own. Raises PlannerError."""
    return run.solve(run.prepare(case, changes), listen=listen)
