"""HiGHS on a compiled matrix: one solve, its bound, its duals; the only code that knows the solver."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Literal

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from models.compiled import Compiled, Vector
from planner.errors import SolverFailed

Ending = Literal["optimal", "feasible", "infeasible", "unbounded", "timed out", "solver died"]
Report = Callable[[float, float | None, float | None], bool]  # seconds, cost, bound -> go on?
Enough = Callable[[float, float], bool]  # cost, bound -> near enough?

UNKNOWN = 1e29  # HiGHS writes infinity where it knows no cost or bound yet
REPORT_EVERY = 0.25  # s
THREADS = 2  # the same for every solve of a process: the solver's own scheduler is made once

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


def trust() -> None:
    """Solve a small problem with a known answer. Raises SolverFailed if the solver gets it wrong (highspy 1.14.0 did, on 2.5 % of such)."""
    values, weights, room = np.array([10.0, 13.0, 7.0, 8.0]), np.array([3.0, 4.0, 2.0, 3.0]), 7.0  # best: 3 + 4 = 7, worth 23
    knapsack = Compiled(
        rows=("room",), columns=tuple("abcd"), matrix=csc_matrix(weights.reshape(1, -1)), cost=-values, offset=0.0,
        row_lower=np.array([-np.inf]), row_upper=np.array([room]), lower=np.zeros(4), upper=np.ones(4), whole=np.ones(4, dtype=bool), variables=(),
    )  # fmt: skip
    answer = solve(knapsack, relative_gap=0.0)
    if answer.cost is None or abs(answer.cost + 23.0) > 1e-6:
        raise SolverFailed(
            f"the solver (highspy {version('highspy')}) fails a problem with a known answer: {answer.cost} instead of -23; install another version"
        )


def solve(
    problem: Compiled,
    *,
    relative_gap: float = 1e-7,
    seconds: float = 3600.0,
    report: Report | None = None,
    enough: Enough | None = None,
    start: Vector | None = None,
) -> Answer:
    """Solve ``problem`` from ``start`` until ``enough`` says so, the relative gap is reached, or ``seconds`` are over; ``report`` may ask to stop."""
    began = time.perf_counter()
    h = _quiet()
    h.setOptionValue("time_limit", seconds)
    h.setOptionValue("mip_rel_gap", relative_gap)
    h.setOptionValue("mip_abs_gap", 1e-6)
    h.passModel(_model(problem))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        h.setSolution(known)
    satisfied = _listen(h, report or (lambda *_: True), enough or (lambda *_: False), began)
    h.run()
    if h.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:  # presolve could not tell which
        h.setOptionValue("presolve", "off")
        h.run()
    return _answer(h, problem, began, satisfied)


class Relaxation:
    """The linear relaxation of a problem, kept hot: every solve resumes from the last basis."""

    def __init__(self, problem: Compiled, report: Report) -> None:
        self.began = time.perf_counter()
        self.h = _quiet()
        self.h.passModel(_model(replace(problem, whole=np.zeros_like(problem.whole))))
        self.now = problem
        self.stopped = False
        last = 0.0

        def check(event: highspy.HighsCallbackEvent) -> None:
            nonlocal last
            now = time.perf_counter()
            if now - last > REPORT_EVERY:
                last = now
                self.stopped = self.stopped or not report(now - self.began, None, None)
            if self.stopped:
                event.data_in.user_interrupt = True

        self.h.cbSimplexInterrupt += check

    def solve(self, problem: Compiled, lower: Vector, upper: Vector) -> Answer:
        """Resume with the bounds (rows) and costs of ``problem`` and ``lower``, ``upper`` (columns)."""
        began = time.perf_counter()
        wanted = replace(problem, lower=lower.copy(), upper=upper.copy())
        columns = np.flatnonzero((wanted.lower != self.now.lower) | (wanted.upper != self.now.upper)).astype(np.int32)
        if len(columns):
            self.h.changeColsBounds(len(columns), columns, wanted.lower[columns], wanted.upper[columns])
        for i in np.flatnonzero((wanted.row_lower != self.now.row_lower) | (wanted.row_upper != self.now.row_upper)):
            self.h.changeRowBounds(int(i), float(wanted.row_lower[i]), float(wanted.row_upper[i]))
        prices = np.flatnonzero(wanted.cost != self.now.cost).astype(np.int32)
        if len(prices):
            self.h.changeColsCost(len(prices), prices, wanted.cost[prices])
        self.now = wanted
        self.h.run()
        if (
            self.h.getModelStatus() == highspy.HighsModelStatus.kUnknown
        ):  # simplex finds no answer, mostly where there is none: the interior point tells
            self.h.clearSolver()
            self.h.setOptionValue("solver", "ipm")
            self.h.run()
            self.h.setOptionValue("solver", "choose")
        return _answer(self.h, replace(problem, whole=np.zeros_like(problem.whole)), began, [])


def with_fixed_wholes(problem: Compiled, values: Vector) -> Compiled:
    """The linear problem left when every whole number is held at its value in ``values``."""
    held = np.round(values[problem.whole])
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole] = upper[problem.whole] = held
    return replace(problem, lower=lower, upper=upper, whole=np.zeros_like(problem.whole))


def _quiet() -> highspy.Highs:
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", THREADS)
    return h


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


def _listen(h: highspy.Highs, report: Report, enough: Enough, began: float) -> list[bool]:
    """Hear the solver at work. The list holds one True once ``enough`` was said."""
    satisfied: list[bool] = []
    last = 0.0

    def check(event: highspy.HighsCallbackEvent) -> None:
        nonlocal last
        cost, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        found, proven = abs(cost) < UNKNOWN, abs(bound) < UNKNOWN
        if found and proven and enough(cost, bound):
            satisfied.append(True)
            event.data_in.user_interrupt = True
            return
        now = time.perf_counter()
        if now - last > REPORT_EVERY:  # the event fires a thousand times a second
            last = now
            if not report(now - began, cost if found else None, bound if proven else None):
                event.data_in.user_interrupt = True

    h.cbMipInterrupt += check
    return satisfied


def _answer(h: highspy.Highs, p: Compiled, began: float, satisfied: list[bool]) -> Answer:
    ending = "optimal" if satisfied else _ENDINGS.get(h.getModelStatus(), "solver died")
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


class Priced:
    """A linear problem kept hot whose costs change: every solve resumes from the last basis."""

    def __init__(self, problem: Compiled) -> None:
        self.h = _quiet()
        self.h.passModel(_model(replace(problem, whole=np.zeros_like(problem.whole))))
        self.columns = np.arange(len(problem.cost), dtype=np.int32)

    def solve(self, cost: Vector) -> Vector:
        """The best values at ``cost``. Raises SolverFailed where there are none."""
        self.h.changeColsCost(len(self.columns), self.columns, cost)
        self.h.run()
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverFailed(f"a month of the whole year ended {self.h.modelStatusToString(self.h.getModelStatus())}")
        return np.array(self.h.getSolution().col_value)
