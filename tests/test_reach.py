"""How far columns can go because of their rows: by hand, and against what the solver says of random problems."""

from dataclasses import replace

import numpy as np
import pytest
from pytest import approx
from scipy.sparse import csc_matrix
from test_branch import SEEDS, problem
from test_gomory import kilns

from planner import highs
from planner.proof import least
from planner.reach import ROOM, reach


def test_a_chain_of_rows_by_hand() -> None:
    """Proves: made + 100 closed <= 200 leaves made at most 200; nothing holds lime bought; with "made at least twice what is bought" it is at most 100.

    And -made - bought >= -150 says the same of both from the other side: 150. What has a bound of its own keeps it.
    """
    p = kilns()
    lower, upper = reach(p)
    assert upper == approx([200, np.inf, 2], abs=1e-3) and lower.tolist() == [0, 0, 0]
    twice = replace(
        p,
        rows=(*p.rows, "twice"),
        matrix=csc_matrix(np.vstack([p.matrix.toarray(), [1, -2, 0]])),
        row_lower=np.append(p.row_lower, 0.0),
        row_upper=np.append(p.row_upper, np.inf),
    )
    assert reach(twice)[1] == approx([200, 100, 2], abs=1e-3)
    other = replace(p, matrix=csc_matrix(np.array([[1.0, 0, 100], [-1, -1, 0]])), row_lower=np.array([-np.inf, -150.0]))
    assert reach(other)[1] == approx([150, 150, 2], abs=1e-3)


def test_a_price_that_falls_leaves_a_bound() -> None:
    """Proves: at duals of 0, lime made at -1 each costs -200 - 14 at least; without its reach that would be minus infinity, and prove nothing."""
    p = replace(kilns(), cost=np.array([-1.0, 0.08, -7.0]))
    none = np.zeros(2)
    assert least(p, p.lower, p.upper, none) == -np.inf
    assert least(p, *reach(p), none) == approx(-214, abs=1e-3)


@pytest.mark.parametrize("seed", list(SEEDS)[::2])
def test_no_solution_lies_beyond(seed: int) -> None:
    """Proves: with the bounds of every other column taken away, no column goes further in the relaxation than is said."""
    p = problem(seed)
    free = np.arange(len(p.columns)) % 2 == 0
    p = replace(p, lower=np.where(free, -np.inf, p.lower), upper=np.where(free, np.inf, p.upper), whole=np.zeros(len(p.columns), dtype=bool))
    lower, upper = reach(p)
    assert (lower[~free] == p.lower[~free]).all() and (upper[~free] == p.upper[~free]).all()
    for column in np.flatnonzero(free):
        for sign, end in ((1.0, lower), (-1.0, upper)):
            if np.isfinite(end[column]):
                cost = np.zeros(len(p.columns))
                cost[column] = sign
                answer = highs.solve(replace(p, cost=cost, offset=0.0))
                assert answer.cost is None or answer.cost >= sign * end[column] - 2 * ROOM * (1 + abs(end[column]))
