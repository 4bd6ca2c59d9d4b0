"""Compiled 编译: the model as a sparse matrix with names, ready for any solver and cheap to change."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyomo.core.base.var import VarData
from pyomo.environ import ConcreteModel
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csc_matrix

Vector = NDArray[np.float64]


@dataclass
class Compiled:
    """min c'x + offset subject to row_lower <= A x <= row_upper and lower <= x <= upper, some x whole.

    rows, columns: names such as ``capacity.size[bf1,2026]``; matrix: rows x columns; variables: the Pyomo variables
    in column order, so that a solution can be written back.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: csc_matrix
    cost: Vector
    offset: float
    row_lower: Vector
    row_upper: Vector
    lower: Vector
    upper: Vector
    whole: NDArray[np.bool_]
    variables: tuple[VarData, ...]

    def row(self, component: str) -> Iterator[int]:
        """Positions of all rows of one constraint, such as ``cap.cap_limit``."""
        return (i for i, name in enumerate(self.rows) if name.partition("[")[0] == component)

    def column(self, component: str) -> Iterator[int]:
        """Positions of all columns of one variable, such as ``capacity.built``."""
        return (j for j, name in enumerate(self.columns) if name.partition("[")[0] == component)


def compile_matrix(m: ConcreteModel) -> Compiled:
    """Compile a built model; coefficients are exactly those of its rules."""
    form = LinearStandardFormCompiler().write(m, mixed_form=True, set_sense=None)
    count = len(form.rows)
    lower, upper = np.full(count, -np.inf), np.full(count, np.inf)
    for i, row in enumerate(form.rows):
        if row.bound_type <= 0:
            lower[i] = form.rhs[i]
        if row.bound_type >= 0:
            upper[i] = form.rhs[i]
    # Pyomo's mixed form: bound_type 1 is <=, -1 is >=, 0 is ==
    return Compiled(
        rows=tuple(row.constraint.name for row in form.rows),
        columns=tuple(v.name for v in form.columns),
        matrix=csc_matrix(form.A),
        cost=np.asarray(form.c.todense()).ravel(),
        offset=float(form.c_offset[0]),
        row_lower=lower,
        row_upper=upper,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in form.columns]),
        upper=np.array([np.inf if v.ub is None else v.ub for v in form.columns]),
        whole=np.array([v.is_integer() or v.is_binary() for v in form.columns]),
        variables=tuple(form.columns),
    )
