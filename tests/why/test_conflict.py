"""Conflicts: contradictions whose members are known by arithmetic, and random ones of the shipped cases proven anew."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from conftest import prepared
from pytest import approx
from tiny import candidate, existing, factory, trade, works

from models.build import build
from models.compiled import Compiled, compile_matrix
from models.example import example
from models.inputs import Inputs
from planner import highs, plan, translate
from planner.errors import NoPlanExists, SolverFailed
from planner.why import conflict, none
from planner.why.elastic import Loose, eased, residual
from planner.why.reasons import Reasons, Requirement
from planner.why.requirement import KINDS, PHYSICS, Elastic, requirements

YEARS = (2026, 2027)
YES = lambda: True  # noqa: E731


@pytest.fixture(autouse=True)
def _trusted() -> None:
    highs.trust()


def compiled(x: Inputs) -> Compiled:
    return compile_matrix(build(x))


def reasons(x: Inputs) -> Reasons:
    return none.explained(x, compiled(x), YES)[1]


def named(found: Reasons) -> list[list[tuple[object, ...]]]:
    return [[(r.kind, *r.index) for r in c.members] for c in found.conflicts]


def heat(**numbers: object) -> Inputs:
    """100 units of heat a year from gas (0.2 t each) or from sun fields of 15 units (no emission) that need 2 units of roof a unit."""
    x = factory(
        years=YEARS, year_carriers=("heat", "gas"), demand={("heat", y): 100.0 for y in YEARS}, carbon={"gas": 0.2},
        cap_counts={"total": ("direct_energy", "location"), "fuel": ("direct", "location")}, area={"sun": "roof"}, area_per_size={"sun": 2.0}, area_limit={"roof": 90.0},
        **numbers,
    )  # fmt: skip
    x = trade(x, "gas_grid", "gas", 0.5)
    x = existing(works(x, "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)
    return candidate(works(x, "sun", heat=1.0), "sun", price=2.9, module=15.0, max_size=75.0)


def test_every_rule_of_the_model_is_a_requirement_or_physics() -> None:
    """Proves: nothing can contradict the user without a name. A new rule must be given its place in planner/why/requirement.py."""
    rules = {name.partition("[")[0] for name in compiled(example()).rows}
    listed = {k.rule for k in KINDS} | set(PHYSICS)
    assert rules - listed == set(), "give these rules a place in KINDS (the user's limits) or PHYSICS"
    assert listed - rules == set()


def test_a_cap_and_a_roof_are_found_as_those_two() -> None:
    """Proves: 90 of roof carry 45 of sun, so 55 of gas and 11 kt are the least. At most 9 kt contradicts the roof, and nothing else.

    Of whole fields: 9 kt need 55 of sun, hence four fields (60) and a roof of 120. With the roof held, 11 kt.
    """
    found = reasons(heat(cap_limit={("total", 2027): 9.0, ("total", 2026): 20.0}))
    assert named(found) == [[("cap", "total", 2027), ("area", "roof")]]
    assert found.complete and found.conflicts[0].minimal
    cap, roof = found.conflicts[0].members
    assert found.conflicts[0].alone[cap] == approx(2.0, rel=1e-3)
    assert found.conflicts[0].alone[roof] == approx(30.0, rel=1e-3)
    assert found.nearest is not None and set(found.nearest.eased) == {cap}, "an aim gives way before a fact"


def test_a_contradiction_of_whole_numbers_alone() -> None:
    """Proves: 7.5 kt are 62.5 of sun, which a roof of 128 carries (64) if fields could be cut; whole, 60 fit and 8 kt are the least.

    The relaxation has a plan, so whoever asks it alone - as the solver's own search does - finds an empty set.
    """
    x = heat(cap_limit={("total", 2027): 7.5})
    x = replace(x, area_limit={"roof": 128.0})
    assert highs.solve(replace(compiled(x), whole=np.zeros(len(compiled(x).columns), dtype=bool))).ending == "optimal"
    found = reasons(x)
    assert named(found) == [[("cap", "total", 2027), ("area", "roof")]]
    assert found.conflicts[0].minimal
    assert found.conflicts[0].alone[found.conflicts[0].members[0]] == approx(0.5, rel=1e-3)
    assert found.conflicts[0].alone[found.conflicts[0].members[1]] == approx(22.0, rel=1e-3)


def test_two_contradictions_that_share_nothing_are_both_found() -> None:
    """Proves: 4 kt are below the 5 kt of five fields whatever the roof; 9 kt in the other year contradict the roof of 45 units."""
    found = reasons(heat(cap_limit={("total", 2026): 4.0, ("total", 2027): 9.0}))
    assert named(found) == [[("cap", "total", 2026)], [("cap", "total", 2027), ("area", "roof")]]
    assert found.complete and all(c.minimal for c in found.conflicts)


def test_the_end_of_a_life_is_named() -> None:
    """Proves: a boiler that ends in 2026 leaves 75 of sun at most, on whatever roof, for 100 of heat in 2027; the life gives way whole."""
    found = reasons(replace(heat(), alive={("boiler", 2026): 1.0}))
    assert named(found) == [[("life", "boiler")]]
    assert found.nearest is not None and list(found.nearest.eased.values()) == [200.0]
    assert found.conflicts[0].minimal


def test_what_cannot_be_delivered_is_named_only_where_no_limit_is_to_blame() -> None:
    """Proves: 60 of boiler and 30 of sun deliver 90 of 100, whatever the roof; the size (45 would do) and the delivery are questioned then."""
    found = reasons(replace(heat(), existing={"boiler": 60.0}, max_size={"sun": 30.0}))
    ((size, delivery),) = named(found)
    assert size == ("largest size", "sun") and delivery[:2] == ("delivery", "heat")
    assert found.conflicts[0].alone[found.conflicts[0].members[0]] == approx(15.0)
    found = reasons(replace(heat(cap_limit={("total", 2027): 9.0}), existing={"boiler": 60.0}))
    assert named(found) == [[("cap", "total", 2027), ("area", "roof")]], "where a limit is to blame, nothing else is questioned"


def test_no_set_is_never_a_conflict() -> None:
    """Proves: rules of the plant that contradict each other are said to be that; an empty set is an error and not an answer."""
    x = heat()
    p = compiled(x)
    boiler = next(j for j in p.column("converter.activity") if "boiler" in p.columns[j])
    lower, upper = p.lower.copy(), p.upper.copy()
    lower[boiler], upper[boiler] = 300.0, 300.0  # beyond its size
    with pytest.raises(SolverFailed, match="own rules contradict"):
        none.explained(x, replace(p, lower=lower, upper=upper), YES)
    with pytest.raises(SolverFailed, match="none of them"):
        conflict.conflicts(Loose(replace(p, lower=lower, upper=upper), requirements(x, p)[:1], YES, time.monotonic() + 30))


def test_without_time_nothing_is_called_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: when the time is over, what was found stands without a claim."""
    monkeypatch.setattr(none, "SEARCH", 0.0)
    found = reasons(heat(cap_limit={("total", 2027): 9.0}))
    assert not found.complete
    assert not any(c.minimal for c in found.conflicts)


def test_the_nearest_plan_is_planned_and_priced() -> None:
    """Proves: the error carries the nearest plan's cost: 9 kt give way to 11, three fields of 15 at 2.9 and 55 of gas at 0.5 in both years.

    Built in 2026 they save 7.5 each in that year too: 130.5 + 2 x 27.5 = 185.5.
    """
    with pytest.raises(NoPlanExists) as refused:
        plan.make(heat(cap_limit={("total", 2027): 9.0}), gap=0.0, seconds=60, report=lambda _: True)
    found = refused.value.reasons
    assert found is not None and found.nearest is not None
    assert found.nearest.cost == approx(185.5, rel=1e-3)
    (reached,) = refused.value.reachable
    assert reached.lowest_alone == approx((11000.0, 11000.0), rel=1e-4)


def test_a_hot_relaxation_takes_another_aim() -> None:
    """Proves: costs are resumed like bounds; a version that keeps the first aim answers 11 kt twice."""
    p = compiled(heat(cap_limit={("total", 2027): 99.0}))
    hot = highs.Relaxation(p, lambda *_: True)
    first = hot.solve(p, p.lower, p.upper)
    aim = np.zeros_like(p.cost)
    aim[[j for j in p.column("cap.counted") if p.columns[j] == "cap.counted[total,2027]"]] = 1.0
    q = replace(p, cost=aim, offset=0.0)
    assert hot.solve(q, p.lower, p.upper).cost == approx(11.0)
    assert hot.solve(p, p.lower, p.upper).cost == approx(first.cost)


# Random contradictions of the shipped cases ------------------------------------------------------------------------------------


@cache
def base(case: str) -> tuple[Inputs, Compiled, tuple[Elastic, ...]]:
    ready = prepared(case)
    x = translate.inputs(ready.plant, ready.year)
    p = compiled(x)
    return x, p, requirements(x, p)


@cache
def reachable(case: str) -> dict[tuple[str, int], tuple[float, float]]:
    """Lowest of each capped year alone, kt: of the relaxation, and of the plan."""
    highs.trust()
    _, p, every = base(case)
    limits = tuple(e for e in every if e.rank == 0)
    smooth = replace(p, whole=np.zeros_like(p.whole))
    soft, whole = (none.lowest(q, limits, None, YES) for q in (smooth, p))
    return {(u.cap, u.year): (u.lowest_alone[1] / 1e3, v.lowest_alone[1] / 1e3) for u, v in zip(soft, whole, strict=True)}


def contradictory(seed: int) -> tuple[str, Inputs]:
    """A shipped case in which some limits were tightened until no plan is left."""
    rng = np.random.default_rng(seed)
    case = ("battery", "steel")[seed % 2]
    x, _, _ = base(case)
    low = reachable(case)
    caps = dict(x.cap_limit)
    years = [y for c, y in caps if y > x.years[0]]
    market, area, connection = dict(x.market_limit), dict(x.area_limit), dict(x.connection)
    kind = ("cap", "double", "whole", "markets", "areas", "all")[(seed // 2) % 6]
    for year in rng.choice(years, size=2 if kind == "double" else 1, replace=False):
        soft, whole = low["total", int(year)]
        tight = (soft + whole) / 2 if kind == "whole" and whole > soft * (1 + 1e-4) else whole * rng.uniform(0.8, 0.999)
        caps["total", int(year)] = tight if kind in ("cap", "double", "whole") else whole * rng.uniform(0.98, 1.05)
    if kind in ("markets", "all"):
        for k in {k for k, _ in market}:
            if rng.random() < 0.6:
                market |= {(k, y): market[k, y] * rng.uniform(0.0, 0.5) for y in x.years}
    if kind in ("areas", "all"):
        area = {l: v * rng.uniform(0.0, 0.5) for l, v in area.items()}
        thinner = {f: rng.uniform(0.3, 0.9) for f in dict.fromkeys(f for f, _ in connection)}
        connection = {(f, s): v * thinner[f] for (f, s), v in connection.items()}
    return case, replace(x, cap_limit=caps, market_limit=market, area_limit=area, connection=connection)


def only(p: Compiled, every: Sequence[Elastic], kept: Collection[Requirement]) -> Compiled:
    """The problem with the physics and the limits of ``kept``: all others are dropped, and nothing is aimed at."""
    limits = [e for e in every if e.rank == 0]
    dropped = {e.requirement: e.most if np.isfinite(e.most) else np.inf for e in limits if e.requirement not in kept}
    return replace(eased(p, limits, dropped), cost=np.zeros_like(p.cost), offset=0.0)


def subsets(members: Sequence[Requirement]) -> Iterator[list[Requirement]]:
    """The largest proper subsets; what they have, the smaller ones have too."""
    return ([m for m in members if m != r] for r in members)


def proven(seed: int) -> Reasons:
    _, x = contradictory(seed)
    p = compiled(x)
    every = requirements(x, p)
    if highs.solve(replace(p, cost=np.zeros_like(p.cost)), seconds=600).ending == "optimal":
        pytest.skip("this draw has a plan")
    elastics, found, _ = none.explained(x, p, YES)
    assert found.conflicts and found.complete
    members = [r for c in found.conflicts for r in c.members]
    assert len(members) == len(set(members)), "conflicts share nothing"
    for c in found.conflicts:
        assert c.members and c.minimal
        assert highs.solve(only(p, every, c.members), seconds=600).ending == "infeasible"
        for fewer in subsets(c.members):
            problem = only(p, every, fewer)
            answer = highs.solve(problem, seconds=600, enough=lambda *_: True)
            assert answer.values is not None, f"{fewer} cannot be met either"
            assert residual(problem, answer.values) < 1e-6
    rest = [e.requirement for e in every if e.rank == 0 and e.requirement not in members]
    assert highs.solve(only(p, every, rest), seconds=600).ending == "optimal", "another conflict is left"
    assert found.nearest is not None
    near = highs.solve(replace(eased(p, elastics, dict(found.nearest.eased)), cost=np.zeros_like(p.cost)), seconds=600)
    assert near.ending == "optimal", "the nearest plan does not exist"
    return found


@pytest.mark.parametrize("seed", [3, *(pytest.param(n, marks=pytest.mark.full) for n in range(67) if n != 3)])
def test_the_named_set_is_a_contradiction_and_none_of_it_is_too_much(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves, on the mixed-integer model and with the solver asked cold: the set is unsolvable with the physics alone, each proper subset is
    solvable, nothing unnamed is left to contradict, and the nearest plan exists. The clock is taken out, as the machine may be busy."""
    monkeypatch.setattr(none, "SEARCH", 3600.0)
    proven(seed)
