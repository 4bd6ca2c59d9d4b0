"""A second solver on the same matrix: SCIP and HiGHS agree to the gap on both shipped cases, at four typical days and their peak days."""

from typing import Any

import numpy as np
import pytest
from conftest import planned

from models.build import build
from models.compiled import Compiled, compile_matrix
from planner import translate

pyscipopt = pytest.importorskip("pyscipopt", reason="pyscipopt is not installed; it is in the extra `test`")
PATIENCE = 900.0  # s


def scip(p: Compiled, gap: float) -> tuple[float, float]:
    """Cost and bound that SCIP finds for a compiled problem, MCNY; it stops within ``gap`` of each other."""
    model = pyscipopt.Model()
    model.hideOutput()
    whole = {True: "I", False: "C"}

    def end(v: float) -> float | None:
        return float(v) if np.isfinite(v) else None

    numbers = zip(p.lower, p.upper, p.cost, p.whole, strict=True)
    columns = [model.addVar(lb=end(low), ub=end(high), obj=float(cost), vtype=whole[bool(w)]) for low, high, cost, w in numbers]
    rows = p.matrix.tocsr()
    for i in range(rows.shape[0]):
        cells = slice(rows.indptr[i], rows.indptr[i + 1])
        row = pyscipopt.quicksum(float(v) * columns[j] for j, v in zip(rows.indices[cells], rows.data[cells], strict=True))
        low, high = end(p.row_lower[i]), end(p.row_upper[i])
        if cells.start == cells.stop:
            assert (low or 0.0) <= 1e-9 and (high or 0.0) >= -1e-9
        elif low is not None and high is not None:
            model.addCons((row == low) if low == high else pyscipopt.ExprCons(row, low, high))
        elif low is not None or high is not None:
            model.addCons(pyscipopt.ExprCons(row, low, high))
    model.addObjoffset(float(p.offset))
    model.setParam("limits/absgap", gap)
    model.setParam("limits/time", PATIENCE)
    model.optimize()
    assert model.getNSols() > 0, f"SCIP ended {model.getStatus()} without a plan"
    return float(model.getObjVal()), float(model.getDualbound())


@pytest.mark.full
@pytest.mark.parametrize("name", ["battery", "steel"])
def test_two_solvers_agree_to_the_gap(name: str) -> None:
    """Proves: neither solver finds a plan below what the other has proven, and their costs differ by no more than the gaps."""
    run: Any = planned(name)
    plan, ready = run.planned.plan, run.ready
    gap = 0.01 * run.planned.decided  # MCNY, the gap every plan is made to
    cost, bound = scip(compile_matrix(build(translate.inputs(ready.plant, ready.year))), gap)
    rounding = 1e-6 * abs(cost)
    assert cost - bound <= gap + rounding, f"SCIP was not done after {PATIENCE:.0f} s"
    assert plan.bound <= cost + rounding
    assert bound <= plan.cost + rounding
    assert abs(cost - plan.cost) <= gap + rounding
