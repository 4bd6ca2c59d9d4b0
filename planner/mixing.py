"""Mixing 组合: one year of hours with the sizes held, solved month by month under the prices of what links the months.

Months meet only in the sums of the year: caps, limits of markets, yearly balances. Each month is planned at prices of
those sums, starting from the plan's own; a small problem mixes the months' answers so that the sums are met and finds
better prices, until no month has a better answer (Dantzig and Wolfe 1960). At last a month that is a mix is planned once
more, within its share of each priced sum. What cannot be met is missed at a price above everything else, and measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix, csr_matrix, hstack, identity, vstack

from models.compiled import Compiled, Vector
from models.tiles import OF_YEAR, Laid, Tile, Yearly
from planner import highs
from planner.errors import SolverFailed

Mask = npt.NDArray[np.bool_]

INVESTING = (
    "capacity",
    "scale",
    "choice",
    "succession",
    "conversion",
    "rebuild",
    "lasting",
    "budget",
    "contract",
)  # blocks that are decided before the year is run
ONCE = ("demand.chosen", "demand.contract")  # how demand is billed, and what was contracted, is decided before as well
RUN_AGAIN = ("contract.take_of_contract",)  # rules of theirs that the year meets anew: what is signed is paid, taken or not
SHARES = ("green.self_use", "green.load_share", "green.export_share")  # of the year: they can be missed though their block is kept
KEPT = (
    *INVESTING,
    "converter",
    "commitment",
    "shift",
    "shed",
    "reserve",
    "measure",
    "store",
    "demand",
    "green",
    "emissions",
)  # blocks whose rules nothing can miss; limits and balances of others can be
BALANCE = "balance."
WHOLE_GAP = 1e-4  # of a month's bill, where hours are decided in whole numbers
PLAIN = 1e-6  # of a month's mix: below this an answer has no part in it


@dataclass(frozen=True)
class Answer:
    """A month's answer. values: by column; short: by row, what was missing (+) or too much (-), unit/h; links: what it adds to
    the yearly rows; cost, priced: MCNY of today without and with the price of what is missed."""

    values: Vector
    short: Vector
    links: Vector
    cost: float
    priced: float


class Month:
    """The problem of one month, kept hot: solved again and again at other prices of the yearly rows."""

    def __init__(self, laid: Laid, held: Vector, miss: Vector) -> None:
        """``held``: values of the yearly columns; ``miss``: by row, the price of missing it, 0 where it is kept."""
        self.laid, rows = laid, laid.inner
        entries = np.diff(rows.indptr)
        self.alone = np.flatnonzero((entries == 1) & (miss == 0))  # such a row is a bound of its one column
        self.others = np.flatnonzero((entries > 0) & ~np.isin(np.arange(len(entries)), self.alone))
        self.soft, self.by_column = np.flatnonzero(miss), csr_matrix(laid.links.T)
        slack, price, none = csr_matrix(identity(rows.shape[0]))[:, self.soft], miss[self.soft], np.zeros(2 * len(self.soft))
        self.problem = Compiled(
            rows=(), columns=(), matrix=csc_matrix(hstack([rows, slack, -slack])[self.others]), cost=np.concatenate([laid.cost, price, price]),
            offset=0.0, row_lower=laid.row_lower, row_upper=laid.row_upper, lower=laid.lower, upper=laid.upper,
            whole=np.concatenate([laid.whole, none > 0]), variables=(),
        )  # fmt: skip
        self.problem = self._limited(held)
        self.hot = highs.Priced(self.problem)

    def _limited(self, held: Vector) -> Compiled:
        """The problem while the yearly columns stand at ``held``: what limits its rows and columns."""
        laid, shift, none = self.laid, self.laid.held @ held, np.zeros(2 * len(self.soft))
        lower, upper = laid.row_lower - shift, laid.row_upper - shift
        first = laid.inner.indptr[:-1][self.alone]
        ends = np.sort([lower[self.alone] / laid.inner.data[first], upper[self.alone] / laid.inner.data[first]], axis=0)
        low, high = laid.lower.copy(), laid.upper.copy()
        np.maximum.at(low, laid.inner.indices[first], ends[0])
        np.minimum.at(high, laid.inner.indices[first], ends[1])
        return replace(
            self.problem, row_lower=lower[self.others], row_upper=upper[self.others],
            lower=np.concatenate([low, none]), upper=np.concatenate([np.maximum(low, high), none + np.inf]),
        )  # fmt: skip

    def turn(self, held: Vector) -> None:
        """Go on with other values of the yearly columns."""
        self.problem = self._limited(held)
        self.hot.limit(self.problem)

    def answer(self, prices: Vector) -> tuple[Answer, float]:
        """The best answer at ``prices`` of the yearly rows, and its cost less what they pay for it."""
        cost = self.problem.cost.copy()
        cost[: len(self.laid.cost)] -= self.by_column @ prices
        found = self.hot.solve(cost)
        return self._read(found), float(cost @ found)

    def within(self, prices: Vector, share: Vector, exact: Mask) -> Answer | None:
        """The best answer that takes no more than its ``share`` of the yearly rows that have a price, and just its share of those that nothing but
        hours can fill (``exact``); None when rounding leaves none."""
        exact = exact & (np.diff(self.laid.links.indptr) > 0)
        priced = np.flatnonzero((np.abs(prices) > 0) | exact)
        rows = self.laid.links[priced]
        room = 1e-8 * np.maximum(np.abs(share[priced]), np.asarray(abs(rows).sum(axis=1)).ravel())
        below, above = share[priced] - room, share[priced] + room
        problem = replace(
            self.problem, matrix=csc_matrix(vstack([self.problem.matrix, hstack([rows, csr_matrix((len(priced), 2 * len(self.soft)))])])),
            row_lower=np.concatenate([self.problem.row_lower, np.where((prices[priced] > 0) | exact[priced], below, -np.inf)]),
            row_upper=np.concatenate([self.problem.row_upper, np.where((prices[priced] < 0) | exact[priced], above, np.inf)]),
        )  # fmt: skip
        found = highs.solve(problem)
        return None if found.values is None else self._read(found.values)

    def whole(self, prices: Vector) -> Answer:
        """The best answer at ``prices`` of the yearly rows in whole numbers."""
        cost = self.problem.cost.copy()
        cost[: len(self.laid.cost)] -= self.by_column @ prices
        found = highs.solve(replace(self.problem, cost=cost), relative_gap=WHOLE_GAP)
        if found.values is None:
            raise SolverFailed(f"a month in whole numbers ended {found.ending}")
        return self._read(found.values)

    def _read(self, values: Vector) -> Answer:
        own, count = values[: len(self.laid.cost)], len(self.soft)
        short = np.zeros(self.laid.inner.shape[0])
        short[self.soft] = values[len(own) : len(own) + count] - values[len(own) + count :]
        return Answer(own, short, self.laid.links @ own, float(self.laid.cost @ own), float(self.problem.cost @ values))


@dataclass(frozen=True)
class Ran:
    """A year run on all its hours. columns: values of all yearly columns; missed: by yearly row, what it lacks of its limit (+)
    or has too much (-); cost: MCNY of today without what is missed; better: what a better mix could at most save of it."""

    months: tuple[Answer, ...]
    columns: Vector
    missed: Vector
    cost: float
    better: float
    rounds: int


def held_columns(tile: Tile, yearly: Yearly, year: int) -> Mask:
    """Yearly columns that are not decided again: whatever enters an hour, sizes and the decisions behind them, other years."""
    once = (*INVESTING, "green")  # a line's yearly column is whether it runs
    held = np.array(
        [
            name.partition(".")[0] in once or name.partition("[")[0] in ONCE or y != year
            for name, y in zip(yearly.columns, yearly.column_years, strict=True)
        ]
    )
    held[np.unique(tile.place[1][tile.kinds[1] == OF_YEAR])] = True
    return held


def run(
    months: Sequence[Month],
    yearly: Yearly,
    year: int,
    planned: Vector,
    held: Mask,
    prices: Vector,
    bill: float,
    *,
    missed: tuple[float, float],
    near: float,
    most: int,
) -> Ran:
    """Mix the months of ``year``. planned: all yearly columns as planned; prices: of the yearly rows in the plan, 0 where unknown;
    bill: MCNY of the year; missed: bills that missing all of a balance costs, and of a limit; near: share of the bill to stop at; most: rounds."""
    master = Master(yearly, year, planned, held, prices, (missed[0] * bill, missed[1] * bill))
    while master.rounds < most and not master.near([month.answer(master.prices) for month in months], near * bill):
        pass
    mixed = [master.mix(n) for n in range(len(months))]
    final = [_polished(month, mix, parts, master.prices, master.exact) for month, (mix, parts) in zip(months, mixed, strict=True)]
    master.offers = [final]
    master.solve()
    cost = float(yearly.cost @ master.columns) + sum(answer.cost for answer in final)
    return Ran(tuple(final), master.columns, master.missed, cost, master.better, master.rounds)


def _polished(month: Month, mix: Answer, parts: int, prices: Vector, exact: Mask) -> Answer:
    """A mix may buy and sell in one hour; planned within its share of the sums, a month does neither and costs no more."""
    if parts == 1 and not month.problem.whole.any():
        return mix
    found = month.within(prices, mix.links, exact)
    if found is None and month.problem.whole.any():  # a mix of whole numbers is none, and no share of the sums suits them exactly
        return month.whole(prices)
    return found if found is not None and (month.problem.whole.any() or found.priced <= mix.priced + 1e-9 * abs(mix.priced)) else mix


class Master:
    """The yearly rows over the free yearly columns, the weights of the months' answers, and what is missed.

    prices: those at which the months are to answer next; better: MCNY of today that a better mix could at most save, least: what no mix
    costs less than, what is decided before left out; exact: yearly rows that only hours can fill.
    """

    def __init__(self, yearly: Yearly, year: int, planned: Vector, held: Mask, prices: Vector, penalty: tuple[float, float]) -> None:
        """``penalty``: MCNY of missing all of a balance, and of a limit; the others as in ``run``."""
        self.prices, self.better, self.least, self.rounds = prices, np.inf, -np.inf, 0
        self.yearly, self.held, self.columns, self.missed = yearly, held, planned.copy(), np.zeros(len(yearly.rows))
        free = csr_matrix(yearly.matrix[:, ~held])
        here = np.array(
            [
                y in (year, None) and (name.partition(".")[0] not in INVESTING or name.partition("[")[0] in RUN_AGAIN)
                for name, y in zip(yearly.rows, yearly.row_years, strict=True)
            ]
        )
        self.rows = np.flatnonzero(here)
        self.free, shift = free[self.rows], yearly.matrix[:, held] @ planned[held]
        self.lower, self.upper = (yearly.row_lower - shift)[self.rows], (yearly.row_upper - shift)[self.rows]
        self.exact = np.zeros(len(yearly.rows), dtype=bool)
        self.exact[self.rows] = (self.lower == self.upper) & (np.diff(self.free.indptr) == 0)
        names = [yearly.rows[i] for i in self.rows]
        kept = np.array([n.partition(".")[0] in KEPT and n.partition("[")[0] not in SHARES for n in names])
        balance = np.array([n.startswith(BALANCE) for n in names])
        self.soft = np.flatnonzero(balance | (~kept & (self.lower < self.upper)))
        limits = [np.where(np.isfinite(b), np.abs(b), 0.0) for b in (yearly.row_lower, yearly.row_upper)]
        through = np.maximum(np.maximum(*limits), abs(yearly.matrix) @ np.abs(planned))[self.rows[self.soft]]
        self.miss = np.where(balance[self.soft], *penalty) / np.where(through > 0, through, 1.0)
        self.offers: list[list[Answer]] = []
        self.worth, self.cost = np.zeros(0), np.inf

    def near(self, answers: Sequence[tuple[Answer, float]], enough: float) -> bool:
        """Hear the months at ``prices``: whether a better mix could save no more than ``enough``; else there are new prices."""
        self.rounds += 1
        if self.rounds > 1:
            self.better = float(sum(max(0.0, worth - value) for (_, value), worth in zip(answers, self.worth, strict=True)))
            self.least = max(self.least, self.cost - self.better)
        if self.better <= enough:
            return True
        self.offers.append([answer for answer, _ in answers])
        self.prices = self.solve()
        return False

    def solve(self) -> Vector:
        """Mix the answers offered so far; returns the prices of all yearly rows."""
        own, count, flat = self.free.shape[1], len(self.offers[0]), [answer for answers in self.offers for answer in answers]
        links = csr_matrix(np.array([answer.links[self.rows] for answer in flat]).T)
        slack, none, free = csr_matrix(identity(len(self.rows)))[:, self.soft], np.zeros(len(flat) + 2 * len(self.soft)), ~self.held
        once = csr_matrix(
            (np.ones(len(flat)), (np.tile(np.arange(count), len(self.offers)), np.arange(own, own + len(flat)))), (count, own + len(none))
        )
        problem = Compiled(
            rows=(), columns=(), matrix=csc_matrix(vstack([hstack([self.free, links, slack, -slack]), once])), offset=0.0,
            cost=np.concatenate([self.yearly.cost[free], [answer.priced for answer in flat], self.miss, self.miss]),
            row_lower=np.concatenate([self.lower, np.ones(count)]), row_upper=np.concatenate([self.upper, np.ones(count)]),
            lower=np.concatenate([self.yearly.lower[free], none]), upper=np.concatenate([self.yearly.upper[free], none + np.inf]),
            whole=np.zeros(own + len(none), dtype=bool), variables=(),
        )  # fmt: skip
        found = highs.solve(problem)
        if found.values is None or found.duals is None or found.cost is None:
            raise SolverFailed(f"the sums of the whole year ended {found.ending}")
        self.cost, self.columns[free] = found.cost, found.values[:own]
        more, less = found.values[own + len(flat) :].reshape(2, -1)
        self.missed[self.rows[self.soft]] = more - less
        self.weights = found.values[own : own + len(flat)].reshape(len(self.offers), count)
        self.worth, prices = found.duals[len(self.rows) :], np.zeros(len(self.yearly.rows))
        prices[self.rows] = found.duals[: len(self.rows)]
        return prices

    @property
    def price_of_missed(self) -> float:
        """What the yearly rows miss, at its price, MCNY of today."""
        return float(self.miss @ np.abs(self.missed[self.rows[self.soft]]))

    def mix(self, month: int) -> tuple[Answer, int]:
        """The mix of one month's answers, and of how many it is."""
        parts = [(w, answers[month]) for w, answers in zip(self.weights[:, month], self.offers, strict=True) if w > PLAIN]
        whole = sum(w for w, _ in parts)
        return Answer(**{name: sum(w / whole * getattr(one, name) for w, one in parts) for name in Answer.__dataclass_fields__}), len(parts)
