"""HiGHS on a compiled matrix: one solve, its bound, its duals; the only code that knows the solver."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import highspy
import numpy as np

from models.compiled import Compiled, Vector

Ending = Literal["optimal", "feasible", "infeasible", "unbounded", "timed out", "solver died"]
Report = Callable[[float, float | None, float | None], bool]  # seconds, cost, bound -> go on?

_ENDINGS: dict[highspy.HighsModelStatus, Ending] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "timed out",
    highspy.HighsModelStatus.kInterrupt: "feasible",
}


@dataclass(frozen=True)
class Answer:
    """How one solve ended. cost, bound: MCNY; values: one per column; duals: one per row (linear problems only)."""

    ending: Ending
    cost: float | None
    bound: float | None
    values: Vector | None
    duals: Vector | None
    seconds: float
    nodes: int


def solve(
    problem: Compiled, *, absolute_gap: float = 0.0, relative_gap: float = 1e-6, seconds: float = 3600.0, report: Report | None = None,
    start: Vector | None = None,
) -> Answer:
    """Solve ``problem``; stop at either gap (absolute in MCNY) or after ``seconds``; ``report`` may ask to stop."""
    began = time.perf_counter()
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 2)
    h.setOptionValue("time_limit", seconds)
    h.setOptionValue("mip_rel_gap", relative_gap)
    h.setOptionValue("mip_abs_gap", max(absolute_gap, 1e-6))
    h.passModel(_model(problem))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        h.setSolution(known)
    if report is not None:
        _listen(h, report, began)
    h.run()
    return _answer(h, problem, began)


def with_fixed_wholes(problem: Compiled, values: Vector) -> Compiled:
    """The linear problem left when every whole number is held at its value in ``values``."""
    held = np.round(values[problem.whole])
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole] = upper[problem.whole] = held
    return replace(problem, lower=lower, upper=upper, whole=np.zeros_like(problem.whole))


def _model(p: Compiled) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = p.matrix.shape
    lp.col_cost_, lp.offset_ = p.cost, p.offset
    lp.col_lower_, lp.col_upper_ = p.lower, p.upper
    lp.row_lower_, lp.row_upper_ = p.row_lower, p.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = p.matrix.indptr, p.matrix.indices, p.matrix.data
    if p.whole.any():
        lp.integrality_ = [highspy.HighsVarType.kInteger if w else highspy.HighsVarType.kContinuous for w in p.whole]
    return lp


def _listen(h: highspy.Highs, report: Report, began: float) -> None:
    last = [0.0]

    def check(event: highspy.HighsCallbackEvent) -> None:
        now = time.perf_counter()
        if now - last[0] < 0.25:  # fires a thousand times a second
            return
        last[0] = now
        out = event.data_out
        cost = out.mip_primal_bound if np.isfinite(out.mip_primal_bound) and abs(out.mip_primal_bound) < 1e29 else None
        bound = out.mip_dual_bound if np.isfinite(out.mip_dual_bound) and abs(out.mip_dual_bound) < 1e29 else None
        if not report(now - began, cost, bound):
            event.data_in.user_interrupt = True

    h.cbMipInterrupt += check


def _answer(h: highspy.Highs, p: Compiled, began: float) -> Answer:
    ending = _ENDINGS.get(h.getModelStatus(), "solver died")
    info = h.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = h.getSolution()
    mixed = bool(p.whole.any())
    cost = float(info.objective_function_value) if found else None
    bound = (float(info.mip_dual_bound) if mixed else cost) if ending != "infeasible" else None
    if ending == "feasible" and not found:
        ending = "timed out"
    if ending == "timed out" and found:
        ending = "feasible"
    return Answer(
        ending=ending,
        cost=cost,
        bound=bound,
        values=np.array(solution.col_value) if found else None,
        duals=np.array(solution.row_dual) if found and not mixed else None,
        seconds=time.perf_counter() - began,
        nodes=int(info.mip_node_count) if mixed else 0,
    )
