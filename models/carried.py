"""Carried 跨日衔接: stores linked over the year in the problem of a month that is laid of tiles.

A tile knows stores that end a day as they began it. Here a day begins with what the day before left, the month with what
the year's plan has for its first day, and it ends with what the plan has for the first day of the next. So months meet in
given levels, and nothing is carried between days of different weight, as every day is one of the year's own.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from models.tiles import HOURS, Laid, Tile, split

BALANCE, LEVEL = "store.level_balance", "store.level"


def carried(laid: Laid, tile: Tile, levels: Mapping[str, tuple[float, float]]) -> Laid:
    """The month ``laid`` of ``tile`` whose stores begin and end it with ``levels`` (in their own unit) and pass each night what they hold."""
    rows, columns = len(tile.row_hours), len(tile.column_hours)
    row_lower, row_upper, lower, upper = (v.copy() for v in (laid.row_lower, laid.row_upper, laid.lower, laid.upper))
    inner = laid.inner.tocoo()
    row, column, value = inner.row.copy(), inner.col.copy(), inner.data.copy()
    for store, (begin, end) in levels.items():
        first, last = _at(tile.rows, tile.row_hours, BALANCE, store, 0), _at(tile.columns, tile.column_hours, LEVEL, store, HOURS - 1)
        days = (laid.inner.shape[1] - len(tile.columns) + columns) // columns
        night = (row % rows == first) & (row < days * rows) & (column == row // rows * columns + last)
        dawn = night & (row == first)
        shift = float(value[dawn].sum()) * begin
        row_lower[first], row_upper[first] = row_lower[first] - shift, row_upper[first] - shift
        value[dawn] = 0.0
        column[night & ~dawn] -= columns
        lower[(days - 1) * columns + last] = upper[(days - 1) * columns + last] = end
    matrix = csr_matrix((value, (row, column)), shape=laid.inner.shape)
    matrix.eliminate_zeros()
    return replace(laid, inner=matrix, row_lower=row_lower, row_upper=row_upper, lower=lower, upper=upper)


def _at(names: tuple[str, ...], hours: np.ndarray, component: str, store: str, hour: int) -> int:
    """Where in a day a store's row or column of an hour stands."""
    return next(n for n, h in enumerate(hours) if h == hour and (found := split(names[n]))[0] == component and found[1][0] == store)
