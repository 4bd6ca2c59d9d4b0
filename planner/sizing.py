"""Sizing 定容: the decisions of the year alone, with the cost of the hours known by cuts.

The rows and columns of the model that no hour touches by itself, whole numbers included, and for each month of each year
its cost and what it adds to the yearly rows, held up by the cuts proven so far (see planner.cuts). Its optimum is a bound
on the whole; the next sizes to try lie on the way there. Cuts that have not held anything up for some time are dropped.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, eye, hstack, vstack

from models.compiled import Compiled, Vector
from models.tiles import OF_MONTH, OF_YEAR, STEP, Places, Tile, Yearly
from planner import highs
from planner.cuts import Cut
from planner.errors import SolverFailed

IDLE = 12  # solves in which a cut may hold up nothing before it is dropped
WAY = (
    (0.02, 0.02),
    (0.1, 0.08),
    (0.5, 0.4),
    (2.0, np.inf),
)  # price and length, in parts of the column, of the stretches of its way: many short ways rather than a few long ones
LEAST = 1e-3  # units: what a column counts for at least, where the way of decisions is measured
ACTIVE = 1e-9  # MCNY per MCNY of a row: below this price it holds up nothing

Part = tuple[int, int]  # year, month


class Sizing:
    """The yearly part with what is known of the hours."""

    def __init__(self, yearly: Yearly, tiles: Mapping[int, Tile], months: int) -> None:
        self.yearly, self.parts = yearly, [(y, m) for y in tiles for m in range(months)]
        self.links = {y: _links(tile) for y, tile in tiles.items()}
        own = len(yearly.columns)
        self.theta = {part: own + n for n, part in enumerate(self.parts)}
        start, self.sums = own + len(self.parts), dict[Part, Places]()
        for part in self.parts:
            self.sums[part] = np.arange(start, start := start + len(self.links[part[0]]))
        self.columns = start
        ones = [(r, c) for (y, _), sums in self.sums.items() for r, c in zip(self.links[y], sums, strict=True)]
        rows, places = (np.array(part, dtype=np.intp) for part in zip(*ones, strict=True)) if ones else (np.zeros(0, dtype=np.intp),) * 2
        meeting = csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(yearly.rows), start))
        wide = csr_matrix(hstack([yearly.matrix, csr_matrix((len(yearly.rows), start - own))]))
        self.rows = csr_matrix(wide + meeting)
        self.cost = np.concatenate([yearly.cost, np.ones(len(self.parts)), np.zeros(start - own - len(self.parts))])
        free = np.full(start - own, np.inf)
        self.lower, self.upper = np.concatenate([yearly.lower, -free]), np.concatenate([yearly.upper, free])
        self.whole = np.concatenate([yearly.whole, np.zeros(start - own, dtype=bool)])
        self.cuts: list[tuple[csr_matrix, float]] = []
        self.idle: list[int] = []

    def learn(self, part: Part, cut: Cut) -> None:
        """One more cut of a month."""
        if not np.isfinite(cut.constant):
            return
        columns = np.flatnonzero(cut.of_columns)
        rows = self.links[part[0]]
        values = np.concatenate([[cut.of_cost], -cut.of_columns[columns], -cut.of_rows[rows]])
        places = np.concatenate([[self.theta[part]], columns, self.sums[part]])
        self.cuts.append((csr_matrix((values, (np.zeros(len(values), dtype=np.intp), places)), shape=(1, self.columns)), cut.constant))
        self.idle.append(0)

    def problem(self, whole: bool) -> Compiled:
        """The problem as it stands, its whole numbers relaxed or not."""
        return Compiled(
            rows=(), columns=(), matrix=csc_matrix(vstack([self.rows, *(row for row, _ in self.cuts)])), cost=self.cost, offset=self.yearly.offset,
            row_lower=np.concatenate([self.yearly.row_lower, [constant for _, constant in self.cuts]]),
            row_upper=np.concatenate([self.yearly.row_upper, np.full(len(self.cuts), np.inf)]),
            lower=self.lower, upper=self.upper, whole=self.whole & whole, variables=(),
        )  # fmt: skip

    def relaxed(self) -> highs.Answer:
        """The optimum without whole numbers; forgets cuts that were idle for long."""
        found = highs.solve(self.problem(False))
        if found.values is None or found.duals is None:
            raise SolverFailed(f"the decisions of the year ended {found.ending}")
        prices = found.duals[len(self.yearly.rows) :]
        self.idle = [0 if price > ACTIVE else n + 1 for price, n in zip(prices, self.idle, strict=True)]
        kept = [n for n, idle in enumerate(self.idle) if idle < IDLE]
        self.cuts, self.idle = [self.cuts[n] for n in kept], [self.idle[n] for n in kept]
        return found

    def nearest(self, centre: Vector, cost: float, best: highs.Answer, part: float) -> Vector:
        """The yearly columns nearest to ``centre``, which cost ``cost`` MCNY, that by the cuts save that part of what ``best``, their optimum, saves.

        The way of a column counts in parts of its larger value, at either end. The straight way saves as much, but moves all columns at once; it is
        taken where the solver finds no other.
        """
        assert best.values is not None and best.cost is not None
        problem, count = self.problem(False), len(centre)
        scale = np.maximum(np.maximum(np.abs(centre), np.abs(best.values[:count])), LEAST)
        price, most = (np.concatenate(each) for each in zip(*((p / scale, w * scale) for p, w in WAY for _ in (1, -1)), strict=True))
        rows, moves = vstack([problem.matrix, csr_matrix(problem.cost)]), hstack([sign * eye(count) for _ in WAY for sign in (-1, 1)])
        found = highs.solve(
            replace(
                problem, cost=np.concatenate([0 * problem.cost, price]), offset=0.0,
                matrix=csc_matrix(vstack([hstack([rows, csr_matrix((rows.shape[0], len(price)))]), hstack([eye(count, self.columns), moves])])),
                row_lower=np.concatenate([problem.row_lower, [-np.inf], centre]),
                row_upper=np.concatenate([problem.row_upper, [cost - part * (cost - best.cost) - problem.offset], centre]),
                lower=np.concatenate([problem.lower, 0 * price]), upper=np.concatenate([problem.upper, most]),
                whole=np.concatenate([problem.whole, price < 0]),
            )
        )  # fmt: skip
        return found.values[:count] if found.values is not None else centre + part * (best.values[:count] - centre)


def _links(tile: Tile) -> Places:
    """Yearly rows that hours touch."""
    touched = (tile.kinds[0] == OF_YEAR) & np.isin(tile.kinds[1], (STEP, OF_MONTH))
    return np.unique(np.concatenate([tile.place[0][touched], *(rows for rows, _, _ in tile.bills.values())]))
