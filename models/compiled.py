"""Compiled 编译: the model as a sparse matrix with names, ready for any solver and cheap to change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyomo.core.base.component_namer import name_repr
from pyomo.core.base.var import VarData
from pyomo.core.expr.visitor import replace_expressions
from pyomo.environ import ConcreteModel, Expression, Objective, VarList
from pyomo.repn.linear import LinearRepnVisitor
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from pyomo.repn.util import VarRecorder
from scipy.sparse import csc_matrix, csr_matrix

Vector = NDArray[np.float64]


@dataclass
class Compiled:
    """min c'x + offset subject to row_lower <= A x <= row_upper and lower <= x <= upper, some x whole.

    rows, columns: names such as ``capacity.size[bf1,2026]``; matrix: rows x columns; variables: the Pyomo variables in
    column order; sums, constants: the model's named sums (costs by part and year) as sums x columns, in the model's order;
    weights: how often the objective counts each sum, so that c = weights sums + what it counts outside of sums.
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
    sums: csr_matrix = field(default_factory=lambda: csr_matrix((0, 0)))
    constants: Vector = field(default_factory=lambda: np.zeros(0))
    weights: Vector = field(default_factory=lambda: np.zeros(0))

    def row(self, component: str) -> Sequence[int]:
        """Positions of all rows of one constraint, such as ``cap.cap_limit``."""
        return _by_component(self.rows).get(component, ())

    def column(self, component: str) -> Sequence[int]:
        """Positions of all columns of one variable, such as ``capacity.built``."""
        return _by_component(self.columns).get(component, ())


@lru_cache(maxsize=8)
def _by_component(names: tuple[str, ...]) -> Mapping[str, Sequence[int]]:
    """Component -> positions; looked up once for all variants of a problem, which share their names."""
    found: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        found.setdefault(name.partition("[")[0], []).append(i)
    return found


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
    columns = tuple(form.columns)
    sums, constants, weights = _sums(m, columns)
    return Compiled(
        rows=_names(row.constraint for row in form.rows),
        columns=_names(columns),
        matrix=csc_matrix(form.A),
        cost=np.asarray(form.c.todense()).ravel(),
        offset=float(form.c_offset[0]),
        row_lower=lower,
        row_upper=upper,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in columns]),
        upper=np.array([np.inf if v.ub is None else v.ub for v in columns]),
        whole=np.array([v.is_integer() or v.is_binary() for v in columns]),
        variables=columns,
        sums=sums,
        constants=constants,
        weights=weights,
    )


def _names(components: Iterable[Any]) -> tuple[str, ...]:
    """Pyomo's own names, each part of an index written once: asked for one by one they take half of the compiling."""

    @cache
    def of_parent(component: Any) -> str:
        return str(component.name)

    written = cache(name_repr)
    names = []
    for one in components:
        parent, index = one.parent_component(), one.index()
        if index is None:
            names.append(of_parent(parent))
        else:
            parts = index if isinstance(index, tuple) else (index,)
            names.append(f"{of_parent(parent)}[{','.join(map(written, parts))}]")
    return tuple(names)


def _sums(m: ConcreteModel, columns: tuple[VarData, ...]) -> tuple[csr_matrix, Vector, Vector]:
    """All named expressions of the model as rows over its columns, what is constant in them, and their weights in the objective."""
    at = {id(v): j for j, v in enumerate(columns)}
    walk = LinearRepnVisitor({}, var_recorder=VarRecorder({}, None)).walk_expression
    named = [one for component in m.component_objects(Expression) for one in component.values()]
    values, places, starts, constants = list[float](), list[int](), [0], list[float]()
    for one in named:
        linear = walk(one.expr)
        found = {v: r for v, r in linear.linear.items() if v in at}  # a variable that meets no rule is no column, and 0
        values += found.values()
        places += [at[v] for v in found]
        starts.append(len(values))
        constants.append(float(linear.constant))
    matrix = csr_matrix((np.array(values, dtype=float), np.array(places, dtype=np.int32), np.array(starts)), shape=(len(constants), len(columns)))
    stand_ins = VarList()
    stand_ins.construct()
    names = {id(one): stand_ins.add() for one in named}
    (objective,) = m.component_data_objects(Objective, active=True)
    counted = walk(replace_expressions(objective.expr, names, descend_into_named_expressions=False, remove_named_expressions=False)).linear
    return matrix, np.array(constants), np.array([counted.get(id(names[id(one)]), 0.0) for one in named])
