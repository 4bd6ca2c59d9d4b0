"""Gomory 取整割: what whole numbers mean for the relaxation, as rows added to it (Gomory 1960; rounded as Marchand and Wolsey 2001 do).

Where a column that must be whole is not, the rows that hold it there are added up and the sum is rounded: no part of a kiln
is closed, unless something else makes the lime. What is kept is how the rows are added up, not what comes out. Under other
limits and prices the same sum is made and rounded anew, so a cut always holds for the very problem it is part of.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, vstack

from models.compiled import Compiled, Vector
from planner.highs import Answer, Relaxation, places

PART = 0.01  # how far from whole a column or a sum must be to be rounded: well beyond errors of adding up
VIOLATED = 1e-5  # by how much, of its length, the relaxation must break a cut that is worth adding
UNUSED = 1e-9  # MCNY per unit: a cut with a smaller dual is not leaned on
NOISE = 1e-11  # of what was added up: what is left of it by rounding errors is nothing
LARGEST, SMALLEST = 1e3, 1e-6  # numbers of a cut as it is laid
SAFE = 1e-7  # room left to errors, of its limit and of 1
WHOLE = 1e-6  # how near a bound of a whole column counts as whole
Places = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Cuts:
    """How the rows of a problem are added up to cuts.

    weights: cuts x rows; parts: what is rounded away of each sum; upper_row: at which of its limits each row is taken;
    upper_column: from which of its bounds each column is counted.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    weights: csr_matrix
    parts: Vector
    upper_row: NDArray[np.bool_]
    upper_column: NDArray[np.bool_]

    def only(self, kept: NDArray[np.intp]) -> "Cuts":
        """Some of them."""
        return replace(self, weights=self.weights[kept], parts=self.parts[kept])


def tightened(problem: Compiled, cuts: Cuts) -> Compiled:
    """``problem`` with the cuts as they are for its own numbers; one that says nothing there is an empty row."""
    if not len(cuts.parts):
        return problem
    matrix, limits = _Laid(problem, _named(problem, cuts)).cuts()
    return replace(
        problem,
        rows=problem.rows + tuple(f"cut[{n}]" for n in range(len(limits))),
        matrix=csc_matrix(vstack([problem.matrix, matrix])),
        row_lower=np.append(problem.row_lower, np.full(len(limits), -np.inf)),
        row_upper=np.append(problem.row_upper, limits),
    )


def loosened(tight: Compiled, problem: Compiled) -> Compiled:
    """A problem made tight, with cuts that allow everything: what it costs and its duals are those of ``problem``."""
    free = np.full(len(tight.rows) - len(problem.rows), np.inf)
    return replace(tight, row_upper=np.append(problem.row_upper, free))


def found(relaxation: Relaxation, problem: Compiled, root: Answer) -> Cuts:
    """Cuts that the relaxation of ``problem``, just solved with the answer ``root``, breaks, and leans on once they are there."""
    assert root.values is not None
    values, at = root.values, problem.matrix @ root.values
    weights = relaxation.tableau(problem.whole & (np.abs(values - np.round(values)) > PART))
    upper_row = np.isfinite(problem.row_upper) & ~(np.abs(at - problem.row_lower) < np.abs(problem.row_upper - at))
    upper_column = np.isfinite(problem.upper) & (np.abs(problem.upper - values) < np.abs(values - problem.lower))
    cuts = Cuts(problem.rows, problem.columns, weights, np.zeros(weights.shape[0]), upper_row, upper_column)
    cuts = replace(cuts, parts=_Laid(problem, cuts).parts())
    matrix, limits = _Laid(problem, cuts).cuts()
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    cuts = cuts.only(np.flatnonzero(matrix @ values - limits > VIOLATED * np.maximum(lengths, 1.0)))
    tight = tightened(problem, cuts)
    duals = relaxation.solve(tight, tight.lower, tight.upper).duals
    return cuts if duals is None else cuts.only(np.flatnonzero(np.abs(duals[len(problem.rows) :]) > UNUSED))


class _Laid:
    """A problem as its cuts see it: every row at one of its limits, every column counted from one of its bounds."""

    def __init__(self, p: Compiled, cuts: Cuts) -> None:
        self.whole, self.matrix = p.whole, p.matrix.tocsr()
        self.limit = np.where(cuts.upper_row, p.row_upper, p.row_lower)
        self.exact = p.row_lower == p.row_upper
        self.toward = np.where(cuts.upper_row, 1.0, -1.0)
        self.low = np.where(p.whole, np.ceil(p.lower - WHOLE), p.lower)
        high = np.where(p.whole, np.floor(p.upper + WHOLE), p.upper)
        self.down = np.isfinite(high) & (cuts.upper_column | ~np.isfinite(self.low))  # counted downwards from the upper bound
        self.bound = np.where(self.down, high, self.low)
        self.weights, self.rounded = cuts.weights, cuts.parts
        self.sums = csr_matrix(cuts.weights @ self.matrix)
        self.moved = csr_matrix(abs(cuts.weights) @ abs(self.matrix))

    def parts(self) -> Vector:
        """By how much the limit of each sum is above a whole number: what makes the strongest cut of it here; 0 where that is next to nothing."""
        limits = np.array([self._sum(k)[-1] for k in range(len(self.rounded))])
        part = np.where(np.isfinite(limits), limits, 0.0) % 1.0
        return np.where((part >= PART) & (part <= 1 - PART), part, 0.0)

    def cuts(self) -> tuple[csr_matrix, Vector]:
        """All cuts as rows, with their limits."""
        made = [self._cut(k) for k in range(len(self.rounded))]
        rows = [row for row, _ in made]
        return csr_matrix(vstack(rows)) if rows else csr_matrix((0, len(self.whole))), np.array([limit for _, limit in made])

    def _cut(self, k: int) -> tuple[csr_matrix, float]:
        """One cut: its row and its limit.

        The sum of the rows, in columns $t$ and slacks $s$ counted from their bounds, is $h t + g s = b$. With
        $F(d) = \\lfloor d \\rfloor + \\max(d - \\lfloor d \\rfloor - f, 0)/(1 - f)$, which grows with $d$ and of a sum is no less than the
        sum of its own, whatever $f$ is, whole columns keep $F(h)$, others and slacks $\\min(h, 0)/(1 - f)$, and all of it stays below $F(b)$.
        """
        rows, weights, columns, sums, b = self._sum(k)
        f = self.rounded[k]
        if not f or not np.isfinite(b):
            return self._nothing

        def rounded(d: Any) -> Any:
            return np.floor(d) + np.maximum(d - np.floor(d) - f, 0.0) / (1 - f)

        sign = np.where(self.down[columns], -1.0, 1.0)
        h = sums * sign
        kept = np.where(self.whole[columns], rounded(h), np.minimum(h, 0.0) / (1 - f)) * sign
        slack = np.minimum(np.where(self.exact[rows], 0.0, weights * self.toward[rows]), 0.0) / (1 - f)
        back = -slack * self.toward[rows]  # slacks are what rows leave of their limits
        again = csr_matrix((back, rows, [0, len(rows)]), shape=(1, self.matrix.shape[0]))
        direct = csr_matrix((kept, columns, [0, len(columns)]), shape=(1, len(self.whole)))
        moved = csr_matrix(abs(direct) + abs(again) @ abs(self.matrix))
        at, numbers = _clean(csr_matrix(direct + again @ self.matrix), moved)
        return self._scaled(at, numbers, float(rounded(b) + kept @ self.bound[columns] + back @ self.limit[rows]))

    @property
    def _nothing(self) -> tuple[csr_matrix, float]:
        """A row that says nothing."""
        return csr_matrix((1, len(self.whole))), np.inf

    def _sum(self, k: int) -> tuple[Places, Vector, Places, Vector, float]:
        """The rows of a cut with their weights, the columns of their sum with their numbers, and the limit of the sum counted from the columns'
        bounds; not finite where a row has no limit or a column no bound."""
        of = slice(self.weights.indptr[k], self.weights.indptr[k + 1])
        rows, weights = self.weights.indices[of], self.weights.data[of]
        columns, sums = _clean(self.sums[k], self.moved[k])
        if not np.isfinite(self.limit[rows]).all() or not np.isfinite(self.bound[columns]).all():
            return rows, weights, columns, sums, np.inf
        return rows, weights, columns, sums, float(weights @ self.limit[rows] - sums @ self.bound[columns])

    def _scaled(self, at: Places, numbers: Vector, limit: float) -> tuple[csr_matrix, float]:
        """A cut with numbers that a solver takes: what it would drop becomes a little more, or nothing, and the cut allows more."""
        if not len(at):
            return self._nothing
        scale = LARGEST / np.abs(numbers).max()
        numbers, limit = numbers * scale, limit * scale
        small = np.abs(numbers) < SMALLEST
        if not np.isfinite(self.low[at[small]]).all():
            return self._nothing
        wanted = np.where(numbers[small] < 0, -SMALLEST, 0.0)
        limit += float((wanted - numbers[small]) @ self.low[at[small]])
        numbers[small] = wanted
        row = csr_matrix((numbers, at, [0, len(at)]), shape=(1, len(self.whole)))
        row.eliminate_zeros()
        return row, limit + SAFE * (1.0 + abs(limit))


def _clean(row: csr_matrix, moved: csr_matrix) -> tuple[Places, Vector]:
    """Columns and numbers of a row without what rounding errors of ``moved`` have left."""
    size = np.zeros(moved.shape[1])
    size[moved.indices] = moved.data
    real = np.abs(row.data) > NOISE * size[row.indices]
    return row.indices[real], row.data[real]


def _named(problem: Compiled, cuts: Cuts) -> Cuts:
    """The cuts with rows and columns where ``problem`` has them; what is made of a row that it does not have says nothing."""
    if (problem.rows, problem.columns) == (cuts.rows, cuts.columns):
        return cuts
    rows, columns = (np.array(places(*names)) for names in ((cuts.rows, problem.rows), (cuts.columns, problem.columns)))
    lost = np.ones(len(cuts.rows), dtype=bool)
    lost[rows[rows >= 0]] = False
    there = np.asarray(abs(cuts.weights)[:, lost].sum(axis=1)).ravel() == 0
    weights = csr_matrix(cuts.weights.tocsc()[:, np.maximum(rows, 0)].multiply((rows >= 0) & there[:, None]))
    weights.eliminate_zeros()
    upper_row, upper_column = (
        np.where(at >= 0, upper[np.maximum(at, 0)], False) for at, upper in ((rows, cuts.upper_row), (columns, cuts.upper_column))
    )
    return Cuts(problem.rows, problem.columns, weights, cuts.parts, upper_row, upper_column)
