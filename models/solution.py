"""Solution 解: how a solve ended, its bounds, and every value and price as plain tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyomo.environ import ConcreteModel, Constraint, Expression, Var

from models.compiled import Compiled, Vector

Places = NDArray[np.intp]
Status = Literal["optimal", "feasible", "infeasible", "unbounded", "timed out", "solver died"]


@dataclass(frozen=True)
class Solution:
    """The one result type for every ending.

    cost, bound: MCNY; tables: ``block.variable`` -> DataFrame of its index (columns i0, i1, ...) and ``value``;
    prices: the same for constraints, the dual at fixed whole decisions, MCNY per unit of the row, today's money.
    """

    status: Status
    cost: float | None = None
    bound: float | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    prices: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    statistics: Mapping[str, float] = field(default_factory=dict)
    _read: dict[str, dict[Any, float]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def value(self, name: str) -> Mapping[Any, float]:
        """Values of one table by index, a tuple of names and years; made once, as much asks for the same."""
        if name not in self._read:
            table = self.tables[name]
            index = zip(*(table[c].tolist() for c in table if c != "value"), strict=True)
            self._read[name] = dict(zip(index, table["value"].tolist(), strict=True))
        return self._read[name]


@dataclass(frozen=True)
class Layout:
    """Where every table finds its numbers: all that is needed to read a solution when the model is gone.

    columns: variable -> its index, with room for values, and the columns of those (-1: it meets no rule and is 0); sums: named sum -> its
    index and rows of ``Compiled.sums``; prices: constraint -> its index and rows (-1: it was trivial).
    """

    columns: Mapping[str, tuple[pd.DataFrame, Places]]
    sums: Mapping[str, tuple[pd.DataFrame, Places]]
    prices: Mapping[str, tuple[pd.DataFrame, Places]]

    def tables(self, compiled: Compiled, values: Vector) -> dict[str, pd.DataFrame]:
        """All variables and named sums at ``values`` (one per column of ``compiled``) as tables."""
        return {name: _filled(*where, values) for name, where in self.columns.items()} | self.named_sums(compiled, values)

    def named_sums(self, compiled: Compiled, values: Vector) -> dict[str, pd.DataFrame]:
        """Only the named sums, such as costs by part and year."""
        of_sums = compiled.sums @ values + compiled.constants
        return {name: _filled(*where, of_sums) for name, where in self.sums.items()}

    def prices_at(self, duals: Vector) -> dict[str, pd.DataFrame]:
        """``duals`` (one per row) as tables by constraint."""
        return {name: _filled(*where, duals) for name, where in self.prices.items()}


def layout_of(m: ConcreteModel, compiled: Compiled) -> Layout:
    """The layout of a compiled model."""
    column = {id(v): j for j, v in enumerate(compiled.variables)}
    row = {name: i for i, name in enumerate(compiled.rows)}
    sums, start = {}, 0
    for component in m.component_objects(Expression):
        sums[component.name] = (_index(component), np.arange(start, start := start + len(component)))
    return Layout(
        columns={c.name: (_index(c), np.array([column.get(id(c[k]), -1) for k in c], dtype=int)) for c in m.component_objects(Var)},
        sums=sums,
        prices={c.name: (_index(c), np.array([row.get(c[k].name, -1) for k in c], dtype=int)) for c in _priced(m)},
    )


def tables_of(m: ConcreteModel, compiled: Compiled, values: Vector) -> dict[str, pd.DataFrame]:
    """All variables and named sums of ``m`` at ``values`` (one per column) as tables."""
    return layout_of(m, compiled).tables(compiled, values)


def prices_of(compiled: Compiled, duals: Vector, m: ConcreteModel) -> dict[str, pd.DataFrame]:
    """Read ``duals`` (one per row) as tables by constraint."""
    return layout_of(m, compiled).prices_at(duals)


def _priced(m: ConcreteModel) -> Iterator[Constraint]:
    """Constraints whose prices are told: all that are not of single steps, and the balances of the steps."""
    steps = set(m.STEPS)
    for con in m.component_objects(Constraint):
        if con is m.balance.step_balance or not any(isinstance(k, tuple) and k[-1] in steps for k in islice(con, 1)):
            yield con


def _index(component: Any) -> pd.DataFrame:
    keys = [(*k, 0.0) if isinstance(k, tuple) else (k, 0.0) for k in component]
    return pd.DataFrame(keys, columns=_named(len(keys[0]) if keys else 1))


@cache
def _named(n: int) -> "pd.Index[str]":
    return pd.Index([*(f"i{k}" for k in range(n - 1)), "value"])


def _filled(index: pd.DataFrame, places: Places, numbers: Vector) -> pd.DataFrame:
    table = index.copy(deep=False)  # hundreds of small tables a plan: adding a column to each would be what reading costs
    table.isetitem(len(table.columns) - 1, np.where(places >= 0, numbers[places], 0.0) if len(numbers) else 0.0)
    return table
