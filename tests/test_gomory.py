"""Cuts from rounding sums of rows: what they say by hand, that they never cut off a whole plan whatever has changed, and that they tighten."""

from dataclasses import replace

import numpy as np
import pytest
from pytest import approx
from scipy.sparse import csc_matrix
from test_branch import SEEDS, hot, optimum, problem
from test_plan import heat
from test_proof import MOVES, changed, reshaped

from models.compiled import Compiled
from planner import gomory, highs
from planner.branch import branch
from planner.hot import DEEPER
from planner.plan import Work
from planner.proof import Proof, least, within
from planner.studies import start


def found(p: Compiled) -> gomory.Cuts:
    relaxation = hot(p)
    return gomory.found(relaxation, p, relaxation.solve(p, p.lower, p.upper))


def said(tight: Compiled, row: str) -> tuple[dict[str, float], float]:
    """A cut as column -> number, with its limit, for a largest number of 1."""
    numbers = tight.matrix.tocsr()[tight.rows.index(row)].toarray().ravel()
    largest = np.abs(numbers).max() or 1.0
    return {n: float(v / largest) for n, v in zip(tight.columns, numbers, strict=True) if v}, float(tight.row_upper[tight.rows.index(row)] / largest)


def kilns(need: float = 150.0) -> Compiled:
    """Two kilns of 100, each of which saves 7 once closed; lime is bought at 0.08; what is made and bought must be enough."""
    return Compiled(
        rows=("room", "need"), columns=("made", "bought", "closed"), matrix=csc_matrix(np.array([[1.0, 0, 100], [1, 1, 0]])), cost=np.array([0, 0.08, -7]),
        offset=0.0, row_lower=np.array([-np.inf, need]), row_upper=np.array([200.0, np.inf]), lower=np.zeros(3), upper=np.array([np.inf, np.inf, 2.0]),
        whole=np.array([False, False, True]), variables=(),
    )  # fmt: skip


def test_no_part_of_a_kiln_is_closed_unless_lime_is_bought() -> None:
    """Proves: 150 of 200 are needed, so that the relaxation closes half a kiln and buys nothing, for -3.5; the best plan closes one and buys 50, for -3.

    made + bought >= 150 and made + 100 closed <= 200 sum up to closed - bought / 100 <= 1/2, rounded to closed - bought / 50 <= 0, with which
    the relaxation finds that plan. At 120 needed the same sum has 0.8 on its right, of which what is above the half, 0.3, counts double:
    closed - bought / 50 <= 0.6; at 50 it has 1 1/2, rounded to 1. A cut kept as numbers would be wrong at 120: it closes none.
    """
    p = kilns()
    relaxed = hot(p).solve(p, p.lower, p.upper)
    assert relaxed.values == approx([150, 0, 0.5])
    cuts = found(p)
    assert len(cuts.parts) == 1
    for need, limit in ((150.0, 0.0), (120.0, 0.6), (50.0, 1.0), (160.0, 0.0)):
        numbers, most = said(gomory.tightened(replace(p, row_lower=np.array([-np.inf, need])), cuts), "cut[0]")
        assert numbers == approx({"bought": -1 / 50, "closed": 1.0}) and most == approx(limit, abs=1e-6)
    tight = gomory.tightened(p, cuts)
    assert hot(tight).solve(tight, tight.lower, tight.upper).values == approx([100, 50, 1], abs=1e-6)
    assert optimum(p) == approx(-3.0)


def test_a_cut_of_what_is_not_there_says_nothing() -> None:
    """Proves: without the row that a cut is made of, or without its limit, the cut is an empty row; without any cut the problem stays as it is."""
    p = kilns()
    cuts = found(p)
    other = replace(p, rows=("room", "wanted"))
    for without in (other, replace(p, row_lower=np.full(2, -np.inf))):
        tight = gomory.tightened(without, cuts)
        assert said(tight, "cut[0]") == ({}, np.inf)
        assert gomory.loosened(tight, without).row_lower.tolist() == tight.row_lower.tolist()
    assert gomory.tightened(p, cuts.only(np.array([], dtype=int))) is p


@pytest.mark.parametrize("seed", list(SEEDS)[::2])
def test_they_cut_off_no_plan_whatever_has_changed(seed: int) -> None:
    """Proves: along random changes of costs, limits, bounds, rows and columns, the cuts of the first problem leave the best plan of each as it is.

    The costs are drawn anew for each, so that the best plans lie in all corners. A cut kept as numbers would cut off
    plans as soon as a limit moves.
    """
    p, rng = problem(seed), np.random.default_rng(seed)
    if hot(p).solve(p, p.lower, p.upper).cost is None:
        return
    cuts = found(p)
    for _ in range(MOVES):
        p = changed(p, rng)
        for now in (p, reshaped(p, rng)):
            tight = gomory.tightened(now, cuts)
            for _ in range(2):
                cost = rng.normal(0, 5, len(now.cost))
                cost = np.where(np.isfinite(now.upper), cost, np.abs(cost))
                best, cut = optimum(replace(now, cost=cost)), optimum(replace(tight, cost=cost))
                assert (best is None) == (cut is None)
                assert best is None or cut == approx(best, abs=1e-5, rel=1e-7)


def test_they_tighten() -> None:
    """Proves: over the random problems the cuts close a good part of what is open between the relaxation and the best plan, and never pass it."""
    open_before, open_after = 0.0, 0.0
    for p in map(problem, SEEDS):
        best, relaxed = optimum(p), hot(p).solve(p, p.lower, p.upper).cost
        if best is None or relaxed is None:
            continue
        tight = gomory.tightened(p, found(p))
        cost = hot(tight).solve(tight, tight.lower, tight.upper).cost
        assert cost is not None and relaxed - 1e-6 <= cost <= best + 1e-5
        open_before, open_after = open_before + best - relaxed, open_after + best - cost
    assert open_after < 0.8 * open_before


@pytest.mark.parametrize("seed", list(SEEDS)[::4])
def test_duals_are_those_of_the_problem_itself(seed: int) -> None:
    """Proves: at a plan's whole decisions, with the cuts loosened, the problem's own rows explain the costs; a cut takes no part of a price."""
    p = problem(seed)
    if optimum(p) is None:
        return
    cuts = found(p)
    tight = gomory.tightened(p, cuts)
    best, _ = branch(hot(tight), tight, lambda *_: False, 100_000)
    assert best is not None and best.values is not None
    fixed = highs.with_fixed_wholes(p, best.values)
    loose = gomory.loosened(tight, p)
    answer = hot(loose).solve(loose, fixed.lower, fixed.upper)
    assert answer.duals is not None and answer.cost == approx(optimum(p), abs=1e-6)
    assert np.abs(answer.duals[len(p.rows) :]).max(initial=0.0) == approx(0.0, abs=1e-9)


def proven(proof: Proof, tight: Compiled) -> list[float]:
    assert proof.deep is not None
    return sorted(least(tight, *within(tight, end), end.duals[0]) for end in proof.deep.ends if end.duals)


def test_a_start_carries_cuts_and_a_deeper_proof() -> None:
    """Proves: a plan proven to a third of its gap while nobody waits is the same plan, and cuts, duals and bounds outlive being written as arrays."""
    x = heat(cap_limit={("total", 2028): 12.0})
    work = Work(x, lambda _: True)
    planned = work.plan(0.5, 60.0)
    work.settle()
    while work.deepen():
        pass
    known = work.start["plan"]
    tight = known.tight or known.problem
    bounds = proven(work.hot("plan").proof, tight)
    assert known.answer.cost == planned.plan.cost
    assert min(bounds) >= planned.plan.cost - DEEPER * planned.gap_cny - 1e-9  # type: ignore[operator]
    again = start.known(x, work.compiled, start.of(work))["plan"]
    assert again.tight is not None and again.tight.rows == tight.rows and abs(again.tight.matrix - tight.matrix).sum() == approx(0.0)
    assert again.proof is not None
    assert proven(again.proof, again.tight) == approx(bounds)
