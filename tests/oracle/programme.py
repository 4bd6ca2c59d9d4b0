"""Programme: a linear problem written down row by row, solved once for every way to fix its whole numbers."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

Key = tuple[Any, ...]
MOST = 256  # whole-number decisions that are tried


class Sum(dict[Key, float]):
    """A sum of columns times numbers; the number on its own stands at ()."""

    def __add__(self, other: "Sum | float") -> "Sum":
        total = Sum(self)
        for key, value in (other if isinstance(other, Sum) else Sum({(): other})).items():
            total[key] = total.get(key, 0.0) + value
        return total

    __radd__ = __add__

    def __mul__(self, factor: float) -> "Sum":
        return Sum({key: value * factor for key, value in self.items()})

    __rmul__ = __mul__

    def __neg__(self) -> "Sum":
        return self * -1.0

    def __sub__(self, other: "Sum | float") -> "Sum":
        return self + -1.0 * other

    def __rsub__(self, other: float) -> "Sum":
        return -self + other


def total(parts: Iterator[Sum] | Sequence[Sum]) -> Sum:
    """The sum of sums."""
    whole = Sum()
    for part in parts:
        for key, value in part.items():
            whole[key] = whole.get(key, 0.0) + value
    return whole


class Programme:
    """Columns, rows and a cost to be least; ``ways``: for each whole-number decision the ways to take it, column -> value."""

    def __init__(self) -> None:
        self.column: dict[Key, int] = {}
        self.equal: list[Sum] = []
        self.below: list[Sum] = []  # each at most 0
        self.ways: list[list[dict[Key, float]]] = []
        self.cost = Sum()

    def of(self, *key: Any) -> Sum:
        """A column, not negative."""
        self.column.setdefault(key, len(self.column))
        return Sum({key: 1.0})

    def same(self, one: Sum | float, other: Sum | float) -> None:
        """One equals the other."""
        self.equal.append(Sum() + one - other)

    def most(self, one: Sum | float, other: Sum | float) -> None:
        """One is at most the other."""
        self.below.append(Sum() + one - other)

    def decided(self, *ways: dict[Key, float]) -> None:
        """A decision in whole numbers: one of these ways."""
        if len(ways) > 1:
            self.ways.append(list(ways))
        for way in ways:
            for key in way:
                self.of(*key)
        if len(ways) == 1:
            for key, value in ways[0].items():
                self.same(self.of(*key), value)

    @property
    def decisions(self) -> int:
        """In how many ways all whole numbers can be decided."""
        return prod(map(len, self.ways))

    def least(self) -> float | None:
        """The least cost over every whole-number decision; None where nothing is possible."""
        assert self.decisions <= MOST, f"{self.decisions} decisions are too many to try"
        c = np.zeros(len(self.column))
        for key, value in self.cost.items():
            if key:
                c[self.column[key]] += value
        equal, equal_to = self._rows(self.equal)
        below, below_to = self._rows(self.below)
        best: float | None = None
        for taken in product(*self.ways):
            bounds = np.tile(np.array([0.0, np.inf]), (len(c), 1))
            for way in taken:
                for key, value in way.items():
                    bounds[self.column[key]] = value
            found = linprog(c, below, below_to, equal, equal_to, bounds, method="highs")
            assert found.status in (0, 2), found.message
            if found.status == 0 and (best is None or found.fun < best):
                best = float(found.fun)
        return None if best is None else best + self.cost.get((), 0.0)

    def _rows(self, rows: list[Sum]) -> tuple[csr_matrix, np.ndarray]:
        cells = [(n, self.column[key], value) for n, row in enumerate(rows) for key, value in row.items() if key]
        at, column, value = zip(*cells, strict=True) if cells else ((), (), ())
        matrix = csr_matrix((value, (at, column)), shape=(len(rows), len(self.column)))
        return matrix, np.array([-row.get((), 0.0) for row in rows])
