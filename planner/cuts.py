"""Cuts 割平面: what a month's hours cost at least, whatever is built, as one line over the decisions of the year.

A month's problem at given sizes and prices of the yearly sums has prices of its own rows. With these the month's cost is
bounded from below for all other sizes and sums too (Benders 1962; here in the years' prices of Dantzig and Wolfe 1960). The
bound is made by plain arithmetic from the rows as they were laid, so it holds whatever row prices are put in; good ones
make it tight. What may be missed at a price only lowers it.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.compiled import Vector
from models.tiles import Laid
from planner.mixing import Answer, Month

ROUNDING = 1e-6  # MCNY per unit: a remaining cost of the wrong sign below this is the solver's rounding of prices
UNSERVED = 1e-7  # unit/h: missing more than this asks for decisions that serve it
REACH = 10.0  # times the largest answer: as far as a column without a limit of its own could go to gain from that rounding


@dataclass(frozen=True)
class Cut:
    """cost * of_cost >= constant + of_columns v + of_rows l: what the month costs, MCNY of today; v: the yearly columns, l: what the month
    adds to the yearly rows. of_cost is 1, or 0 where the cut says which v serve the month at all."""

    constant: float
    of_columns: Vector
    of_rows: Vector
    of_cost: float = 1.0

    def at(self, columns: Vector, rows: Vector) -> float:
        """The least cost where the yearly columns are ``columns`` and the month adds ``rows``."""
        return float(self.constant + self.of_columns @ columns + self.of_rows @ rows)


class Proving(Month):
    """A month that proves a cut with every answer."""

    def __init__(self, laid: Laid, held: Vector, miss: Vector) -> None:
        super().__init__(laid, held, miss)
        self.held, self.miss = held, miss

    def turn(self, held: Vector) -> None:
        """Go on with other values of the yearly columns."""
        super().turn(held)
        self.held = held

    def answer(self, prices: Vector) -> tuple[Answer, float]:
        """The best answer at ``prices``; ``cuts`` are then what it proves: what the month costs, and where something is not served also
        which decisions serve it."""
        found = super().answer(prices)
        self.cuts: tuple[Cut, ...] = (self._proven(self.laid, prices, self.miss, found[0].values),)
        if float(np.abs(found[0].short).max(initial=0.0)) > UNSERVED:
            cost = np.zeros(len(self.problem.cost))
            cost[len(self.laid.cost) :] = 1.0
            values = self.hot.solve(cost)
            served = replace(self.laid, cost=np.zeros(len(self.laid.cost)))
            self.cuts += (replace(self._proven(served, 0 * prices, np.sign(self.miss), values), of_cost=0.0),)
        return found

    def _proven(self, laid: Laid, prices: Vector, miss: Vector, values: Vector) -> Cut:
        rows = np.zeros(self.laid.inner.shape[0])
        rows[self.others] = self.hot.duals
        return proven(laid, self.held, prices, rows, miss, self.alone, REACH * float(np.abs(values).max(initial=1.0)))


def proven(laid: Laid, held: Vector, prices: Vector, rows: Vector, miss: Vector, alone: "np.ndarray", reach: float) -> Cut:
    """The cut of any prices of a month's ``rows`` and of the yearly rows, tightest where the yearly columns are ``held``.

    ``miss``: what missing a row costs, its price is never more; ``alone``: rows of one column, whose prices are found here.
    """
    y = np.where(miss > 0, np.clip(rows, -miss, miss), rows)
    y[alone] = 0.0
    y[((y > 0) & ~np.isfinite(laid.row_lower)) | ((y < 0) & ~np.isfinite(laid.row_upper))] = 0.0
    left = laid.cost - laid.links.T @ prices - laid.inner.T @ y  # what is left of each column's cost
    constant = 0.0
    shift = laid.held @ held
    first = laid.inner.indptr[:-1][alone]
    column, value = laid.inner.indices[first], laid.inner.data[first]
    for sign, own in ((1.0, laid.lower), (-1.0, laid.upper)):  # a dear column is as low as it may be, a paid one as high
        side = np.where(value * sign > 0, laid.row_lower[alone], laid.row_upper[alone])
        end = (side - shift[alone]) / value
        here = np.flatnonzero((left[column] * sign > 0) & np.isfinite(end))
        order = here[np.argsort(sign * end[here], kind="stable")]  # the tightest last
        tightest = np.full(len(own), -1)
        tightest[column[order]] = order
        known = np.full(len(own), -sign * np.inf)
        known[column[order]] = end[order]
        by_row = np.flatnonzero((tightest >= 0) & (sign * known > sign * own))
        y[alone[tightest[by_row]]] += left[by_row] / value[tightest[by_row]]
        rest = np.setdiff1d(np.flatnonzero(left * sign > 0), by_row, assume_unique=True)
        free = ~np.isfinite(own[rest])
        if (np.abs(left[rest[free]]) > ROUNDING).any():
            constant = -np.inf
        constant += float(left[rest[~free]] @ own[rest[~free]]) - reach * float(np.abs(left[rest[free]]).sum())
    lower, upper = np.where(y > 0, laid.row_lower, 0.0), np.where(y < 0, laid.row_upper, 0.0)
    constant += float(y @ (lower + upper))
    return Cut(constant, -(laid.held.T @ y), prices.copy())
