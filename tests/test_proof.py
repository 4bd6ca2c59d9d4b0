"""What a search has proven, under other numbers: bounds that hold without a solve, and the same plan from the ends as from nothing."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pytest import approx
from scipy.sparse import csc_matrix
from test_branch import ALL, SEEDS, exactly, hot, optimum, problem
from test_plan import heat

from models.compiled import Compiled
from planner import highs
from planner.branch import branch
from planner.plan import Work
from planner.proof import KEPT, Proof, least, within
from planner.studies import start

MOVES = 6


def changed(p: Compiled, rng: np.random.Generator) -> Compiled:
    """Other costs, limits and bounds, of whole columns too: narrower, and back to what they were."""
    kind = rng.integers(4)
    if kind == 0:
        return replace(p, cost=p.cost + rng.normal(0, 1, len(p.cost)))
    if kind == 1:
        return replace(p, row_upper=p.row_upper - rng.uniform(0, 2, len(p.rows)))
    if kind == 2:
        return replace(p, upper=np.maximum(p.upper - rng.integers(0, 3, len(p.upper)), 0))
    return p


def reshaped(p: Compiled, rng: np.random.Generator) -> Compiled:
    """The same whole columns behind a row and a column that were not there: the column, at a price, does what they leave undone of the row."""
    row = rng.integers(0, 3, len(p.columns)).astype(float)
    beside = np.zeros((len(p.rows), 1))
    return Compiled(
        rows=("asked", *p.rows), columns=("bought", *p.columns), matrix=csc_matrix(np.block([[np.ones((1, 1)), row[None]], [beside, p.matrix.toarray()]])),
        cost=np.array([rng.uniform(0, 2), *p.cost]), offset=p.offset, row_lower=np.array([rng.uniform(0, 5), *p.row_lower]), row_upper=np.array([np.inf, *p.row_upper]),
        lower=np.array([0.0, *p.lower]), upper=np.array([np.inf, *p.upper]), whole=np.array([False, *p.whole]), variables=(),
    )  # fmt: skip


def knapsack() -> Compiled:
    """Least -(5a + 4b) with 6a + 5b <= 10, both whole and at most 2."""
    return Compiled(
        rows=("room",), columns=("a", "b"), matrix=csc_matrix(np.array([[6.0, 5.0]])), cost=np.array([-5.0, -4.0]), offset=1.0,
        row_lower=np.array([-np.inf]), row_upper=np.array([10.0]), lower=np.zeros(2), upper=np.full(2, 2.0), whole=np.ones(2, dtype=bool), variables=(),
    )  # fmt: skip


def test_a_bound_by_hand() -> None:
    """Proves: with a dual of -5/6, room for 10 costs -50/6 and b's rest of 1/6 pulls it to 0: 1 - 50/6. Room for 12: 1 - 60/6.

    A dual of 0 leaves both at their best, 1 - 10 - 8. One of +1 belongs to a lower limit, which is not there, and says no more
    than 0 does. With b from 1 on, the rest counts: 1 - 50/6 + 1/6.
    """
    p, y = knapsack(), np.array([-5 / 6])
    assert least(p, p.lower, p.upper, y) == approx(1 - 50 / 6)
    assert least(replace(p, row_upper=np.array([12.0])), p.lower, p.upper, y) == approx(1 - 60 / 6)
    assert least(p, p.lower, p.upper, np.zeros(1)) == approx(1 - 18)
    assert least(p, p.lower, p.upper, np.ones(1)) == approx(1 - 18)
    assert least(p, np.array([0.0, 1.0]), p.upper, y) == approx(1 - 50 / 6 + 1 / 6)


def test_what_has_no_end_bounds_by_nothing() -> None:
    """Proves: a column without limit whose rest is below zero takes the bound to minus infinity; a rest of rounding does not."""
    p = replace(knapsack(), upper=np.array([np.inf, 2.0]))
    assert least(p, p.lower, p.upper, np.zeros(1)) == -np.inf
    assert least(p, p.lower, p.upper, np.array([-5 / 6 + 1e-9])) == approx(1 - 50 / 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_duals_bound_what_they_come_from_and_everything_else(seed: int) -> None:
    """Proves: at its own problem the bound is the relaxation's cost; under any change no more than the cost of the changed one."""
    p, rng = problem(seed), np.random.default_rng(seed)
    relaxed = hot(p).solve(p, p.lower, p.upper)
    if relaxed.duals is None:
        return
    assert least(p, p.lower, p.upper, relaxed.duals) == approx(relaxed.cost, abs=1e-6)
    for _ in range(MOVES):
        q = changed(p, rng)
        cost = highs.solve(replace(q, whole=np.zeros_like(q.whole))).cost
        assert cost is None or least(q, q.lower, q.upper, relaxed.duals) <= cost + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_from_its_ends_a_search_finds_what_one_from_nothing_finds(seed: int) -> None:
    """Proves: along random changes, narrower and wide again, the optimum and a bound equal to it. A lost end is a dearer plan called optimal."""
    p, rng = problem(seed), np.random.default_rng(seed)
    relaxation, proof, now = hot(p), Proof(), p
    for _ in range(MOVES):
        best = optimum(now)
        found, bound = branch(relaxation, now, exactly, ALL, proof=proof)
        assert (found.cost if found else None) == (approx(best, abs=1e-6, rel=1e-9) if best is not None else None)
        assert best is None or bound == approx(best, abs=1e-6, rel=1e-9)
        now = changed(p, rng)


@pytest.mark.parametrize("seed", SEEDS)
def test_ends_serve_a_problem_of_another_shape(seed: int) -> None:
    """Proves: with a row and a column more, in front of the others, and back: the ends are still known, and what is found from them is the optimum.

    Duals taken by place and not by name would bound by another row's numbers.
    """
    p, rng = problem(seed), np.random.default_rng(seed)
    relaxation, proof = hot(p), Proof()
    branch(relaxation, p, exactly, ALL, proof=proof)
    for now in (reshaped(p, rng), changed(p, rng), reshaped(changed(p, rng), rng), p):
        if proof.of(p):
            assert proof.of(now) or (now.lower[now.whole] > now.upper[now.whole]).any()
        best = optimum(now)
        found, bound = branch(relaxation, now, exactly, ALL, proof=proof)
        assert (found.cost if found else None) == (approx(best, abs=1e-6, rel=1e-9) if best is not None else None)
        assert best is None or bound == approx(best, abs=1e-6, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_its_ends_are_all_of_the_problem(seed: int) -> None:
    """Proves: whatever whole numbers one picks, some end holds them; given up after a few nodes as well."""
    p, rng = problem(seed), np.random.default_rng(seed)
    for nodes in (1, 5, ALL):
        proof = Proof()
        branch(hot(p), p, exactly, nodes, proof=proof)
        ends = [within(p, end) for _, end in proof.of(p)]
        for _ in range(50 if ends else 0):
            picked = np.round(rng.uniform(p.lower[p.whole], p.upper[p.whole]))
            assert any((picked >= lower[p.whole]).all() and (picked <= upper[p.whole]).all() for lower, upper in ends)


def test_a_wider_problem_begins_anew() -> None:
    """Proves: ends of a narrower problem do not stand for a wider one, and are not kept in place of a wider one's."""
    p = problem(1)
    wider = replace(p, upper=p.upper + 1)
    proof = Proof()
    branch(hot(p), p, exactly, ALL, proof=proof)
    assert proof.of(p) and not proof.of(wider)
    branch(hot(p), wider, exactly, ALL, proof=proof)
    assert proof.of(p) and proof.of(wider)
    branch(hot(p), p, exactly, ALL, proof=proof)
    assert proof.of(wider)


def test_what_was_proven_first_outlives_detours() -> None:
    """Proves: after more searches of other problems than are kept the first one's ends are still known, and are taken where they leave less to do."""
    p, rng = problem(1), np.random.default_rng(1)
    relaxation, proof = hot(p), Proof()
    found, _ = branch(relaxation, p, exactly, ALL, proof=proof)
    assert found is not None and found.cost is not None
    first = [end.lower.tolist() for _, end in proof.of(p)]
    for _ in range(2 * KEPT):
        branch(relaxation, replace(p, cost=-p.cost * rng.uniform(0.5, 2.0, len(p.cost))), exactly, ALL, proof=proof)
    best = found.cost
    chosen = proof.of(p, lambda bound: best - bound <= 1e-6)
    assert len(proof.searches) == KEPT and [end.lower.tolist() for _, end in chosen] == first


def counted(p: Compiled) -> tuple[highs.Relaxation, list[int]]:
    """A hot relaxation, and how often it was solved."""
    relaxation, solves = hot(p), [0]
    once = relaxation.solve

    def solve(*given: Any) -> highs.Answer:
        solves[0] += 1
        return once(*given)

    relaxation.solve = solve  # type: ignore[method-assign]
    return relaxation, solves


def test_one_part_solved_again_bounds_the_others() -> None:
    """Proves: a and b whole at 5 each, 2a + 2b >= 3, and f >= 10 at a price of 1: 20, with five parts at the end, two of them without a solution.

    At a price of 3 the plan costs 40, and by its duals from before each part still promises 20. The first part that is solved
    again says what f costs now, for the two others too. Root, one part, and the two without a solution: four solves. Where each
    part has to say it for itself there are six.
    """
    p = Compiled(
        rows=("need", "fuel"), columns=("a", "b", "f"), matrix=csc_matrix(np.array([[2.0, 2.0, 0.0], [0.0, 0.0, 1.0]])), cost=np.array([5.0, 5.0, 1.0]), offset=0.0,
        row_lower=np.array([3.0, 10.0]), row_upper=np.full(2, np.inf), lower=np.zeros(3), upper=np.array([3.0, 3.0, 100.0]), whole=np.array([True, True, False]),
        variables=(),
    )  # fmt: skip
    (relaxation, solves), proof = counted(p), Proof()
    found, _ = branch(relaxation, p, exactly, ALL, proof=proof)
    assert found is not None and found.cost == approx(20)
    dearer = replace(p, cost=np.array([5.0, 5.0, 3.0]))
    assert sorted(bound for bound, _ in proof.of(dearer)) == approx([-np.inf, -np.inf, 20.0, 20.0, 20.0])
    solves[0] = 0
    again, bound = branch(relaxation, dearer, exactly, ALL, replace(found, cost=40.0), proof=proof)
    assert again is not None and again.cost == approx(40) and bound == approx(40) and solves[0] == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_duals_of_one_part_bound_every_other(seed: int) -> None:
    """Proves: under other costs and limits, no part costs less than the duals of any part say, and its own say what it costs."""
    p, rng = problem(seed), np.random.default_rng(seed)
    relaxation, proof = hot(p), Proof()
    branch(relaxation, p, exactly, ALL, proof=proof)
    now = changed(p, rng)
    ends = [end for _, end in proof.of(now)]
    answers = [relaxation.solve(now, *within(now, end)) for end in ends]
    for at, answer in enumerate(answers):
        if answer.duals is not None:
            bounds = proof.by(answer.duals, now, ends)
            assert bounds[at] == approx(answer.cost, abs=1e-6)
            assert all(a.cost is None or bound <= a.cost + 1e-6 for a, bound in zip(answers, bounds, strict=True))


def test_the_same_question_again_is_hardly_searched() -> None:
    """Proves: asked again with its plan, only the root and the ends without a solution are solved again."""
    searched = [s for s in SEEDS if optimum(problem(s)) is not None]
    first, again = 0, 0
    for seed in searched:
        p = problem(seed)
        (relaxation, solves), proof = counted(p), Proof()
        found, _ = branch(relaxation, p, exactly, ALL, proof=proof)
        first, solves[0] = first + solves[0], 0
        branch(relaxation, p, lambda cost, bound: cost - bound <= 1e-6, ALL, found, proof=proof)
        again += solves[0]
    assert again < first / 3


def test_a_start_carries_what_was_proven() -> None:
    """Proves: written as arrays and read back, the ends are the same and bound the same; two works begun there do not share what they prove."""
    x = heat(cap_limit={("total", 2028): 12.0})
    work = Work(x, lambda _: True)
    work.plan(0.0, 60.0)
    arrays = start.of(work)
    known = start.known(x, work.compiled, arrays)
    one, other = (Work(x, lambda _: True, known) for _ in range(2))
    before, after = (sorted(bound for bound, _ in w.hot("plan").proof.of(work.compiled)) for w in (work, one))
    assert len(before) >= 1 and after == approx(before)
    one.take(heat(cap_limit={("total", 2028): 11.5}), lambda _: True)
    one.plan(0.0, 60.0)
    assert one.hot("plan").proof is not other.hot("plan").proof
    assert other.hot("plan").proof.searches == known["plan"].proof.searches  # type: ignore[union-attr]
