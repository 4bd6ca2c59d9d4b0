"""Conflict 冲突: the smallest sets of requirements that contradict each other, and all of them that share nothing.

A set is grown by an elastic filter (Chinneck and Dravnieks 1991): what gives way in the cheapest relaxation is held until
nothing can give way any more; then a deletion filter takes out, one after the other, what is not needed. Every answer is
one of the mixed-integer model: a requirement stays because a plan exists without it, and the whole set is refuted once
more by a cold solver. The solver's own search for such sets is not used: it calls an empty set valid where only whole
numbers make a model unsolvable (highspy 1.15.1).
"""

from collections.abc import Collection

from planner.errors import SolverFailed
from planner.why.elastic import Loose, Met
from planner.why.reasons import Conflict, Requirement


def conflicts(loose: Loose) -> tuple[tuple[Conflict, ...], bool]:
    """All disjoint conflicts, and whether it is proven that there is no other. Empty: nothing was refuted in time, or nothing contradicts.

    Raises SolverFailed when the requirements cannot be met though none of them gives way.
    """
    found: list[Conflict] = []
    open_ = [e.requirement for e in loose.elastics]
    while not loose.late:
        grown = _grown(loose, open_)
        if grown is None:
            return _ordered(loose, found), True
        held, refuted = grown
        if not refuted:
            break
        if not held:
            raise SolverFailed("the requirements cannot be met together, and none of them was found to be the reason")
        conflict = _filtered(loose, held)
        found.append(conflict)
        open_ = [r for r in open_ if r not in conflict.members]
    return _ordered(loose, found), False


def _ordered(loose: Loose, found: list[Conflict]) -> tuple[Conflict, ...]:
    """In the order of the requirements, whichever was found first."""
    place = {e.requirement: n for n, e in enumerate(loose.elastics)}
    return tuple(sorted(found, key=lambda c: place[c.members[0]]))


def _grown(loose: Loose, candidates: Collection[Requirement]) -> tuple[list[Requirement], bool] | None:
    """Requirements that cannot be met together, and whether that is proven; None when all ``candidates`` can be."""
    held: list[Requirement] = []
    for ask in (loose.relaxed, loose.smallest):  # the relaxation first: it is quick, and often enough
        while True:
            met = ask(held)
            if met.possible is False:
                return held, True
            if met.possible is None:
                return held, False
            gives_way = _most(met, [r for r in candidates if r not in held])
            if not gives_way:
                break
            held += gives_way
    return None


def _most(met: Met, candidates: Collection[Requirement]) -> list[Requirement]:
    return [r for r in candidates if r in met.steps]


def _filtered(loose: Loose, held: list[Requirement]) -> Conflict:
    """The members of ``held`` without which the rest can be met; facts are taken out before aims, where either would do."""
    price = {e.requirement: (e.rank, e.price * max(abs(e.requirement.limit), 1e-9)) for e in loose.elastics}
    members, proven = list(held), True
    for r in sorted(held, key=lambda r: price[r], reverse=True):
        met = loose.met([m for m in members if m != r])
        if met.possible is False:
            members.remove(r)
        elif met.possible is None:
            proven = False
    ordered = tuple(e.requirement for e in loose.elastics if e.requirement in members)
    return Conflict(ordered, proven and loose.refuted(members))
