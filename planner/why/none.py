"""None 无方案: why no plan exists, what can be reached, and the nearest plan that does exist."""

import time
from collections.abc import Callable
from dataclasses import replace
from math import ceil, floor, inf, log10

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from planner.errors import NoPlanExists, SolverFailed, Unreachable
from planner.why.conflict import conflicts
from planner.why.elastic import Loose, eased
from planner.why.reasons import Conflict, Nearest, Reasons, Requirement
from planner.why.requirement import DELIVERIES, LIMITS, Elastic, requirements

SEARCH = 30.0  # s for the conflicts; again for the nearest plan and what each limit alone would have to be; and for what can be reached
DIGITS = 4  # that count of a relaxed limit
ROOM = 1e-5  # of the last digit: what is so near a round limit is at it
Plan = Callable[[Compiled, Vector], tuple[float, float] | None]  # a problem and a plan to start from -> cost and bound of the cheapest, MCNY


def no_plan(x: Inputs, problem: Compiled, report: Callable[[], bool], plan: Plan) -> NoPlanExists:
    """The error that says why ``problem``, which has no plan, has none. ``report`` may ask to stop by False."""
    elastics, reasons, near = explained(x, problem, report)
    if reasons.nearest and near is not None:
        priced = plan(eased(problem, elastics, dict(reasons.nearest.eased)), near)
        if priced:
            reasons = replace(reasons, nearest=replace(reasons.nearest, cost=priced[0], bound=priced[1]))
    reached = lowest(problem, elastics, reasons.nearest, report)
    missed = [u for u in reached if u.lowest_alone[1] > u.limit + 1e-3]
    return NoPlanExists(_sentence(missed, reasons), missed, reasons, reached)


def explained(x: Inputs, problem: Compiled, report: Callable[[], bool]) -> tuple[tuple[Elastic, ...], Reasons, Vector | None]:
    """The requirements of ``problem``, why they cannot be met, and the nearest plan as it was found.

    Sizes and deliveries are questioned only if no limit is to blame.
    """
    every = requirements(x, problem)
    for rank in (LIMITS, DELIVERIES):
        elastics = tuple(e for e in every if e.rank <= rank)
        loose = Loose(problem, elastics, report, time.monotonic() + SEARCH)
        if loose.met(()).possible is False:
            continue
        found, complete = conflicts(loose)
        loose.until = time.monotonic() + SEARCH
        nearest, plan = _nearest(loose)
        return elastics, Reasons(tuple(_alone(loose, c, found, nearest) for c in found), complete, nearest), plan
    raise SolverFailed("the plant's own rules contradict each other, whatever is asked of it; see `planner check`")


def lowest(problem: Compiled, elastics: tuple[Elastic, ...], nearest: Nearest | None, report: Callable[[], bool]) -> tuple[Unreachable, ...]:
    """The lowest reachable of every capped year, t: with all other caps dropped, and with them kept (at the nearest plan's where they cannot be)."""
    caps = tuple(e for e in elastics if e.requirement.kind == "cap")
    given = dict(nearest.eased) if nearest else {}
    others = tuple(e for e in elastics if e.requirement.kind != "cap")
    base = eased(problem, others, {r: s for r, s in given.items() if r.kind != "cap"})
    loose = Loose(base, caps, report, time.monotonic() + SEARCH)
    found: dict[Requirement, Unreachable] = {}
    for e in sorted(caps, key=lambda e: -given.get(e.requirement, 0.0)):  # those that cannot be kept first: time may run out
        alone = loose.lowest(e, {})
        if alone is None:
            continue
        kept = {other.requirement: given.get(other.requirement, 0.0) for other in caps if other is not e}
        together = loose.lowest(e, kept) if nearest else None
        cap, year = e.requirement.index
        found[e.requirement] = Unreachable(str(cap), int(year), e.requirement.limit * 1e3, _tonnes(alone), _tonnes(together) if together else None)
    return tuple(found[e.requirement] for e in caps if e.requirement in found)


def _nearest(loose: Loose) -> tuple[Nearest | None, Vector | None]:
    met = loose.smallest(())
    if not met.possible or not met.steps:
        return None, None
    return Nearest({r: _rounded(loose, r, s) for r, s in met.steps.items()}), met.values


def _alone(loose: Loose, conflict: Conflict, every: tuple[Conflict, ...], nearest: Nearest | None) -> Conflict:
    """By how much each member must give way if all others hold, outside other conflicts; not asked of what only says so again."""
    outside = {r for c in every if c is not conflict for r in c.members}
    if len(every) == 1 and len(conflict.members) == 1 and nearest and set(nearest.eased) == set(conflict.members):
        return replace(conflict, alone=dict(nearest.eased))
    alone = {}
    for r in conflict.members:
        met = loose.smallest([e.requirement for e in loose.elastics if e.requirement != r and e.requirement not in outside])
        if met.possible and r in met.steps:
            alone[r] = _rounded(loose, r, met.steps[r])
    return replace(conflict, alone=alone)


def _rounded(loose: Loose, r: Requirement, step: float) -> float:
    """A step to a limit of few digits, always far enough; a life that must go on goes on whole."""
    e = next(e for e in loose.elastics if e.requirement == r)
    if r.kind == "life":
        return e.most
    share = e.most < inf  # of a delivery; everything else is a limit, moved upwards or downwards
    away = -1.0 if e.coefficients[0] > 0 and not share else 1.0
    start = 0.0 if share else r.limit
    wanted = away * start + step
    grid = 10.0 ** (floor(log10(max(abs(wanted), 1e-12))) + 1 - DIGITS)
    return float(min(e.most, ceil(wanted / grid - ROOM) * grid - away * start))


def _tonnes(kt: tuple[float, float]) -> tuple[float, float]:
    return kt[0] * 1e3, kt[1] * 1e3


def _sentence(missed: list[Unreachable], reasons: Reasons) -> str:
    if missed:
        return "; ".join(
            f"cap {u.cap} {u.year}: limit {u.limit:,.0f} t, lowest reachable {u.lowest_alone[1]:,.0f} t (proven: not below {u.lowest_alone[0]:,.0f} t)"
            for u in missed
        )
    members = [r for c in reasons.conflicts for r in c.members]
    if members and all(r.kind == "cap" for r in members) and all(len(c.members) > 1 for c in reasons.conflicts):  # one alone: it cannot be met
        return "no plan meets all caps together, though each could be met alone; relax one of them"
    return "no plan meets all requirements together: " + "; ".join(
        " and ".join(f"{r.kind} {' '.join(map(str, r.index))}" for r in c.members) for c in reasons.conflicts
    )
