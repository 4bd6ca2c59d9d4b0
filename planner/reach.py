"""Reach 可达范围: how far a column without a bound of its own can go at all, because of the rows it is in.

A size is no more than its units, a flow no more than what makes it. Where prices fall, such a bound is what keeps the worth of what
was proven before from being nothing (activity bounds, as in Brearley, Mitra and Williams 1975).
"""

import numpy as np

from models.compiled import Compiled, Vector

PASSES = 12  # over all rows: how long a chain of rows is followed
ROOM = 1e-6  # left to errors, of a bound and of 1


def reach(p: Compiled) -> tuple[Vector, Vector]:
    """Lower and upper bounds of all columns; those of their own stay as they are."""
    entries = p.matrix.tocoo()
    i, j, a = entries.row[entries.data != 0], entries.col[entries.data != 0], entries.data[entries.data != 0]
    rises, lower, upper = a > 0, p.lower.copy(), p.upper.copy()
    open_lower, open_upper = ~np.isfinite(lower), ~np.isfinite(upper)
    for _ in range(PASSES):
        before = int(np.isfinite(lower).sum() + np.isfinite(upper).sum())
        least, most = np.where(rises, a * lower[j], a * upper[j]), np.where(rises, a * upper[j], a * lower[j])
        above = (p.row_upper[i] - _others(i, least, len(p.rows))) / a  # how far the others leave room below the row's upper limit
        below = (p.row_lower[i] + _others(i, -most, len(p.rows))) / a
        for bound, toward, worst, which in ((upper, np.minimum, np.inf, open_upper), (lower, np.maximum, -np.inf, open_lower)):
            found = np.full(len(bound), worst)
            at = rises if worst > 0 else ~rises
            toward.at(found, j[at], above[at])
            toward.at(found, j[~at], below[~at])
            eased = found + np.sign(worst) * ROOM * (1.0 + np.abs(found))
            bound[which] = toward(bound[which], eased[which])
        if int(np.isfinite(lower).sum() + np.isfinite(upper).sum()) == before:
            break
    return lower, upper


def _others(row: "np.ndarray[tuple[int], np.dtype[np.int32]]", values: Vector, rows: int) -> Vector:
    """For each entry the sum of the others of its row; -inf where one of them is."""
    finite = np.isfinite(values)
    known = np.where(finite, values, 0.0)
    total, missing = np.bincount(row, known, rows), np.bincount(row, ~finite, rows)
    return np.where(missing[row] - ~finite > 0, -np.inf, total[row] - known)
