"""Solution 解: how a solve ended, its bounds, and every value and price as plain tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import numpy as np
import pandas as pd
from pyomo.environ import ConcreteModel, Constraint, Expression, Var, value

from models.compiled import Compiled, Vector

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

    def value(self, name: str) -> dict[Any, float]:
        """Values of one table by index, a tuple of names and years."""
        table = self.tables[name]
        return dict(zip(table.drop(columns="value").itertuples(index=False, name=None), table["value"], strict=True))


def tables_of(m: ConcreteModel, compiled: Compiled, values: Vector) -> dict[str, pd.DataFrame]:
    """Write ``values`` (one per column) into the model and read all its variables and expressions as tables."""
    for variable, number in zip(compiled.variables, values, strict=True):
        variable.set_value(float(number), skip_validation=True)
    for variable in m.component_data_objects(Var):  # a variable that meets no rule was never sent to the solver
        if variable.value is None:
            variable.set_value(0.0)
    tables = {}
    for component in m.component_objects((Var, Expression)):
        tables[component.name] = _table([(k, value(component[k])) for k in component])
    return tables


def prices_of(compiled: Compiled, duals: Vector, m: ConcreteModel) -> dict[str, pd.DataFrame]:
    """Read ``duals`` (one per row) as tables by constraint: all that are not of single steps, and the balances of the steps."""
    by_name, steps = dict(zip(compiled.rows, duals, strict=True)), set(m.STEPS)

    def wanted(con: Constraint) -> bool:
        return con is m.balance.step_balance or not any(isinstance(k, tuple) and k[-1] in steps for k in islice(con, 1))

    return {con.name: _table([(k, by_name.get(con[k].name, 0.0)) for k in con]) for con in m.component_objects(Constraint) if wanted(con)}


def _table(rows: list[tuple[object, float]]) -> pd.DataFrame:
    index = [k if isinstance(k, tuple) else (k,) for k, _ in rows]
    width = len(index[0]) if index else 0
    table = pd.DataFrame(index, columns=[f"i{n}" for n in range(width)])
    table["value"] = np.array([v for _, v in rows], dtype=float)
    return table
