"""Branch and bound on the hot relaxation: the optimum and a true bound on random small problems, against HiGHS' own search."""

from dataclasses import replace

import numpy as np
import pytest
from pytest import approx
from scipy.sparse import csc_matrix

from models.compiled import Compiled
from planner import highs
from planner.branch import branch

SEEDS = range(40)
ALL = 100_000  # nodes: never the reason to stop


def problem(seed: int) -> Compiled:
    """Nine whole and four other columns, seven rows of both kinds, costs of both signs; sometimes without any solution."""
    rng = np.random.default_rng(seed)
    rows, columns = 7, 13
    matrix = rng.integers(-4, 10, (rows, columns)) * (rng.random((rows, columns)) < 0.6)
    level = matrix @ rng.uniform(0, 4, columns)  # a point inside, so that most problems have a solution
    wide = rng.uniform(0.0, 6.0, rows)
    above = rng.random(rows) < 0.4
    return Compiled(
        rows=tuple(f"r{i}" for i in range(rows)), columns=tuple(f"c{j}" for j in range(columns)), matrix=csc_matrix(matrix.astype(float)),
        cost=rng.normal(0, 5, columns), offset=float(rng.normal(0, 100)), row_lower=np.where(above, -np.inf, level - wide),
        row_upper=np.where(above, level + wide, np.inf), lower=np.zeros(columns), upper=rng.integers(1, 6, columns).astype(float),
        whole=np.arange(columns) < 9, variables=(),
    )  # fmt: skip


def hot(p: Compiled, report: highs.Report = lambda *_: True) -> highs.Relaxation:
    return highs.Relaxation(p, report)


def exactly(cost: float, bound: float) -> bool:
    return cost - bound <= 1e-9


def optimum(p: Compiled) -> float | None:
    """What HiGHS' own search says."""
    return highs.solve(p, relative_gap=0.0).cost


def fits(p: Compiled, values: np.ndarray) -> bool:
    """The plan is whole and keeps every row and bound."""
    activity = p.matrix @ values
    inside = (values >= p.lower - 1e-6) & (values <= p.upper + 1e-6)
    kept = (activity >= p.row_lower - 1e-6) & (activity <= p.row_upper + 1e-6)
    return bool(inside.all() and kept.all() and np.allclose(values[p.whole], np.round(values[p.whole]), atol=1e-6))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_finds_what_the_solver_finds(seed: int) -> None:
    """Proves: the same cost to 1e-6, a whole plan that fits, a bound equal to it. A lost node is a dearer plan called optimal."""
    p = problem(seed)
    best = optimum(p)
    found, bound = branch(hot(p), p, exactly, ALL)
    if best is None:
        assert found is None
        return
    assert found is not None and found.values is not None and bound is not None
    assert found.cost == approx(best, abs=1e-6, rel=1e-9)
    assert bound == approx(best, abs=1e-6, rel=1e-9)
    assert fits(p, found.values)
    assert found.cost == approx(p.cost @ found.values + p.offset, abs=1e-6)


def test_the_random_problems_are_worth_solving() -> None:
    """Proves: most have a solution, few are whole in the relaxation, some have none - or the tests above prove nothing."""
    solved = [optimum(problem(seed)) for seed in SEEDS]
    relaxed = [highs.solve(replace(p, whole=np.zeros_like(p.whole))).cost for p in map(problem, SEEDS)]
    open_gap = [s - r > 1e-3 for s, r in zip(solved, relaxed, strict=True) if s is not None and r is not None]
    assert sum(open_gap) >= 20
    assert None in solved


@pytest.mark.parametrize("seed", SEEDS[:20])
@pytest.mark.parametrize("nodes", [1, 3, 8])
def test_its_bound_never_exceeds_the_optimum(seed: int, nodes: int) -> None:
    """Proves: given up after a few nodes, the bound is still below and the plan above the optimum."""
    p = problem(seed)
    best = optimum(p)
    found, bound = branch(hot(p), p, exactly, nodes)
    if best is None:
        assert found is None
        return
    assert bound is not None and bound <= best + 1e-6
    assert found is None or (found.cost >= best - 1e-6 and fits(p, found.values))


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_it_stops_when_near_enough(seed: int) -> None:
    """Proves: the plan is within the aim of its bound and of the optimum, and nothing is searched after that."""
    p, aim = problem(seed), 5.0
    best = optimum(p)
    if best is None:
        return
    solves: list[int] = []
    relaxation = hot(p)
    once = relaxation.solve
    relaxation.solve = lambda *given: solves.append(1) or once(*given)  # type: ignore[method-assign,func-returns-value]
    found, bound = branch(relaxation, p, lambda cost, proven: cost - proven <= aim, ALL)
    wide = len(solves)
    branch(relaxation, p, exactly, ALL)
    assert found is not None and bound is not None
    assert bound - 1e-6 <= best <= found.cost + 1e-6
    assert found.cost - bound <= aim + 1e-6
    assert wide <= len(solves) - wide


@pytest.mark.parametrize("seed", SEEDS[:10])
def test_a_hot_relaxation_keeps_nothing_of_the_problem_before(seed: int) -> None:
    """Proves: caps tightened and dropped on one relaxation, in any order, give what a cold start gives.

    A bound left standing from the last problem would cut off the cheaper plan of the next.
    """
    p = problem(seed)
    rng = np.random.default_rng(seed)
    relaxation = hot(p)
    for _ in range(4):
        tight = replace(p, row_upper=p.row_upper - rng.uniform(0, 2, len(p.rows)), upper=np.maximum(p.upper - rng.integers(0, 2, len(p.upper)), 0))
        for q in (tight, p):
            best = optimum(q)
            found, _ = branch(relaxation, q, exactly, ALL)
            assert (found.cost if found else None) == (approx(best, abs=1e-6, rel=1e-9) if best is not None else None)


def test_its_duals_are_those_at_fixed_whole_numbers() -> None:
    """Proves: prices come from the plan with its whole numbers held, so reduced costs sum with the rows to the cost."""
    p = problem(next(s for s in SEEDS if optimum(problem(s)) is not None))
    found, _ = branch(hot(p), p, exactly, ALL)
    fixed = highs.solve(highs.with_fixed_wholes(p, found.values))
    assert found.duals is not None
    assert found.cost == approx(fixed.cost, abs=1e-6)
    assert found.duals @ (p.matrix @ found.values) == approx(fixed.duals @ (p.matrix @ fixed.values), abs=1e-5)


def test_when_stopped_it_keeps_the_best_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: stopped after its first plan it hands this plan over, whole and fitting, with a bound below the optimum.

    A version that drops what it has found answers None, and Ctrl-C loses the plan.
    """
    monkeypatch.setattr(highs, "REPORT_EVERY", -1.0)
    kept = 0
    for seed in SEEDS:
        p, found_one = problem(seed), []
        best = optimum(p)

        def far(cost: float, bound: float, heard: list[float] = found_one) -> bool:
            heard.append(cost)
            return False

        relaxation = hot(p, lambda *_, heard=found_one: not heard)
        found, bound = branch(relaxation, p, far, ALL)
        if relaxation.stopped:
            kept += 1
            assert found is not None and found.values is not None and bound is not None
            assert fits(p, found.values)
            assert bound <= best + 1e-6 <= found.cost + 2e-6
            assert found.duals is None  # prices belong to fixed decisions, which nobody has solved yet
    assert kept >= 5
