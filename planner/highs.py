"""HiGHS on a compiled matrix: one solve, its bound, its duals; the only code that knows the solver."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from typing import Literal

import highspy
import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from models.compiled import Compiled, Vector
from planner.errors import SolverFailed

Ending = Literal["optimal", "feasible", "infeasible", "unbounded", "timed out", "solver died"]
Report = Callable[[float, float | None, float | None], bool]  # seconds, cost, bound -> go on?
Enough = Callable[[float, float], bool]  # cost, bound -> near enough?

UNKNOWN = 1e29  # HiGHS writes infinity where it knows no cost or bound yet
REPORT_EVERY = 0.25  # s
STEADY = False  # limits of work are counted in steps, not in seconds
NO_LIMIT = 2**31 - 1
THREADS = 2  # the same for every solve of a process: the solver's own scheduler is made once
DUAL, PRIMAL = 1, 4  # HiGHS' numbers of its simplex methods
DEVEX = 1  # HiGHS' number of the weights that cost nothing to begin with (Forrest and Goldfarb 1992)
PATIENCE = 3.0  # times the first solve, after which a basis has led nowhere
LEAST_PATIENCE = 2.0  # s
ADDS_UP = 1e-6  # of a row: what an answer may miss its limits by, ten times what the solver allows itself
SMALL = 1e-11  # of a row: a weight in a sum of rows below this is an error of the inverse
EXACT = 1e-9  # MCNY per unit: rounding of duals, where it counts
TRIED, LEAST_TRIED = 20, 500  # rows for each step after which a solve that only tries has no answer, and the fewest steps
STEPS = 5  # rows for each step of the simplex, after which a basis has led nowhere where steps are counted; interior points take as long

_ENDINGS: dict[highspy.HighsModelStatus, Ending] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "timed out",
    highspy.HighsModelStatus.kInterrupt: "feasible",
}
_OF_FACTORS = (highspy.HighsModelStatus.kSolveError, highspy.HighsModelStatus.kOptimal)  # what it ends with, now and then, because of its factors


def steady() -> None:
    """From now on in this process: one thread, and limits counted in steps, so that the same problem is answered the same way however busy the machine."""
    global STEADY, THREADS
    STEADY, THREADS = True, 1


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
    """The linear relaxation of a problem, kept hot: every solve resumes from the last basis, whatever has changed.

    stopped: ``report`` said so; late: the clock passed ``until`` (of time.perf_counter); lost: the solver could not tell
    what is what. Each ends the work. A basis that leads nowhere within ``patience`` seconds (``PATIENCE`` times the first solve,
    where none is given) is given up for interior points and crossover. trying: only tries, so that a solve that takes too many
    steps simply has no answer: of some impossible problems the simplex method takes minutes to say so.
    """

    def __init__(self, problem: Compiled, report: Report, patience: float = math.inf, *, trying: bool = False) -> None:
        self.began = time.perf_counter()
        self.report, self.now = report, problem
        self.stopped, self.late, self.lost, self.until, self.restarts = False, False, False, math.inf, 0
        self.patience, self._gives_up, self._heard, self._begun, self._trying = patience, math.inf, 0.0, False, trying
        self.h = _quiet()
        self.h.setOptionValue("simplex_dual_edge_weight_strategy", DEVEX)  # exact weights for a new basis take longer than most solves
        self.h.passModel(_model(_relaxed(problem)))
        self.h.cbSimplexInterrupt += self._check
        self.h.cbIpmInterrupt += self._check

    @property
    def ended(self) -> bool:
        """It was stopped or is late, and what the last solve says is worth nothing."""
        return self.stopped or self.late or self.lost

    def here(self) -> "Stand":
        """Where the relaxation stands, to come back to."""
        return Stand(self.now, self.h.getBasis())

    def solve(self, problem: Compiled, lower: Vector, upper: Vector, start: "Stand | None" = None) -> Answer:
        """Resume with ``problem`` and its columns between ``lower`` and ``upper``, from the last basis or that of ``start``."""
        began = time.perf_counter()
        wanted = _relaxed(replace(problem, lower=lower.copy(), upper=upper.copy()))
        before = self.now
        self._become(wanted)
        if start is not None and start.problem is not before:
            before = start.problem
            self.h.setBasis(start.basis if alike(before, wanted) else _carried(start.basis, before, wanted))
        dearer = not np.array_equal(before.cost, wanted.cost)  # an old basis stays feasible under other costs, not under other limits
        self.h.setOptionValue("simplex_strategy", PRIMAL if dearer else DUAL)
        self._gives_up = math.inf if STEADY else began + self.patience
        self.h.setOptionValue("simplex_iteration_limit", self._most_steps(len(wanted.rows), resumed=start is not None or self._begun))
        answer = self._run(wanted, began)
        self._begun = True
        if self.patience == math.inf and not self.ended:
            self.patience = max(PATIENCE * (time.perf_counter() - began), LEAST_PATIENCE)
        if self.ended or answer.values is None or (missed(wanted, answer.values) <= ADDS_UP).all():
            return answer
        self._factored_anew()  # now and then the values are not those of the basis, and the solver does not see it
        return self._run(wanted, began)

    def _most_steps(self, rows: int, resumed: bool) -> int:
        """Of the simplex method, before a solve is given up."""
        if self._trying:
            return max(rows // TRIED, LEAST_TRIED)
        return rows // STEPS if STEADY and resumed else NO_LIMIT

    def _run(self, problem: Compiled, began: float) -> Answer:
        """One solve of what stands in the solver."""
        self.h.run()
        if not self.ended and not self._certain and self.h.getModelStatus() in _OF_FACTORS:
            self._factored_anew()
            self.h.run()
        if not self.ended and not self._certain:
            if self._trying:  # where it stands may be possible, but is neither the best nor a bound
                return Answer("timed out", None, None, None, None, time.perf_counter() - began, 0)
            self._anew()
            self.lost = not self.ended and not self._certain
        return _answer(self.h, problem, began, [])

    @property
    def _certain(self) -> bool:
        """It has the best, or knows that nothing is possible. Now and then it says optimal and stands outside its limits by more than it allows itself: neither."""
        status = self.h.getModelStatus()
        inside = self.h.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return bool(status == highspy.HighsModelStatus.kInfeasible or (status == highspy.HighsModelStatus.kOptimal and inside))

    def _factored_anew(self) -> None:
        """Stay at the basis, and forget its factors."""
        self.h.setBasis(self.h.getBasis())

    def tableau(self, columns: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> csr_matrix:
        """For each of ``columns`` (one mark a column) that is in the basis, how the rows add up to it where the last solve ended: weights, marked x rows."""
        _, basic = self.h.getBasicVariables()
        rows = [self.h.getBasisInverseRow(i)[1] for i, j in enumerate(basic) if j >= 0 and columns[j]]
        weights = csr_matrix(np.array(rows).reshape(len(rows), len(basic)))
        weights.data[np.abs(weights.data) < SMALL] = 0.0
        weights.eliminate_zeros()
        return weights

    def _become(self, p: Compiled) -> None:
        """Turn the problem at hand into ``p``, by differences where rows and columns are the same."""
        h, now = self.h, self.now
        self.now = p
        if not alike(p, now):
            basis = _carried(h.getBasis(), now, p)
            h.passModel(_model(p))
            h.setBasis(basis)
            return
        if p.matrix is not now.matrix:
            entries = (p.matrix - now.matrix).tocoo()
            for i, j in zip(entries.row[entries.data != 0], entries.col[entries.data != 0], strict=True):
                h.changeCoeff(int(i), int(j), float(p.matrix[i, j]))
        dearer = np.flatnonzero(p.cost != now.cost).astype(np.int32)
        if len(dearer):
            h.changeColsCost(len(dearer), dearer, p.cost[dearer])
        h.changeObjectiveOffset(p.offset)
        columns = np.flatnonzero((p.lower != now.lower) | (p.upper != now.upper)).astype(np.int32)
        if len(columns):
            h.changeColsBounds(len(columns), columns, p.lower[columns], p.upper[columns])
        for i in np.flatnonzero((p.row_lower != now.row_lower) | (p.row_upper != now.row_upper)):
            h.changeRowBounds(int(i), float(p.row_lower[i]), float(p.row_upper[i]))

    def _anew(self) -> None:
        """Solve without the basis: interior points and crossover, which take a time that is known."""
        self.restarts += 1
        self._gives_up = math.inf
        self.h.setOptionValue("simplex_iteration_limit", NO_LIMIT)
        self.h.clearSolver()
        self.h.setOptionValue("solver", "ipm")
        self.h.run()
        if self.h.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self.h.setOptionValue("presolve", "off")
            self.h.run()
            self.h.setOptionValue("presolve", "choose")
        self.h.setOptionValue("solver", "choose")

    def _check(self, event: highspy.HighsCallbackEvent) -> None:
        now = time.perf_counter()
        if now - self._heard > REPORT_EVERY:  # the event fires a thousand times a second
            self._heard = now
            self.stopped = self.stopped or not self.report(now - self.began, None, None)
        self.late = self.late or now > self.until
        event.data_in.user_interrupt = self.ended or now > self._gives_up  # said every time: what was said once holds for the next solve too


@dataclass(frozen=True)
class Stand:
    """A problem and a basis that solved it."""

    problem: Compiled
    basis: highspy.HighsBasis

    def distance(self, other: Compiled) -> float:
        """How many numbers of its objective and limits ``other`` has changed; infinite where rows or columns differ."""
        own = self.problem
        if not alike(own, other):
            return math.inf
        pairs = ((own.cost, other.cost), (own.row_lower, other.row_lower), (own.row_upper, other.row_upper))
        return float(sum(np.count_nonzero(a != b) for a, b in pairs))

    def strays(self, other: Compiled) -> bool:
        """Whether its basis is of no use for ``other``: costs and limits have both changed, so that it fits neither."""
        own = self.problem
        limits = np.array_equal(own.row_lower, other.row_lower) and np.array_equal(own.row_upper, other.row_upper)
        return not alike(own, other) or not (limits or np.array_equal(own.cost, other.cost))

    def onto(self, problem: Compiled) -> "Stand":
        """The same basis for another problem, by the names of rows and columns."""
        return Stand(_relaxed(problem), self.basis if alike(self.problem, problem) else _carried(self.basis, self.problem, problem))


def stand(problem: Compiled, statuses: "list[int]") -> Stand:
    """A stand at a basis written down as numbers, columns first, then rows."""
    basis, kind = highspy.HighsBasis(), highspy.HighsBasisStatus
    basis.col_status = [kind(s) for s in statuses[: len(problem.columns)]]
    basis.row_status = [kind(s) for s in statuses[len(problem.columns) :]]
    basis.valid = True
    return Stand(_relaxed(problem), basis)


def alike(a: Compiled, b: Compiled) -> bool:
    """Whether two problems have the same rows and columns."""
    return (a.rows is b.rows or a.rows == b.rows) and (a.columns is b.columns or a.columns == b.columns)


def missed(p: Compiled, values: Vector) -> Vector:
    """By how much values miss the limits of each row; not above 0 where they keep them."""
    at = p.matrix @ values
    return np.asarray(np.maximum(p.row_lower - at, at - p.row_upper))


def _relaxed(problem: Compiled) -> Compiled:
    return replace(problem, whole=np.zeros_like(problem.whole))


@lru_cache(maxsize=8)
def places(old: tuple[str, ...], new: tuple[str, ...]) -> list[int]:
    """Where each of the new names stood among the old ones, -1 for those that did not."""
    at = {name: i for i, name in enumerate(old)}
    return [at.get(name, -1) for name in new]


def _carried(basis: highspy.HighsBasis, old: Compiled, new: Compiled) -> highspy.HighsBasis:
    """A basis of ``old`` for ``new``, by the names of rows and columns; what is new starts at its bound, new rows are slack."""
    status = highspy.HighsBasisStatus
    carried = highspy.HighsBasis()
    of_column, of_row = list(basis.col_status), list(basis.row_status)
    columns = [of_column[j] if j >= 0 else status.kNonbasic for j in places(old.columns, new.columns)]
    rows = [of_row[i] if i >= 0 else status.kBasic for i in places(old.rows, new.rows)]
    excess = columns.count(status.kBasic) + rows.count(status.kBasic) - len(rows)  # a basis has as many members as there are rows
    for i in range(len(rows)):
        if excess > 0 and rows[i] == status.kBasic:
            rows[i], excess = status.kNonbasic, excess - 1
        elif excess < 0 and rows[i] != status.kBasic:
            rows[i], excess = status.kBasic, excess + 1
    carried.col_status, carried.row_status, carried.valid = columns, rows, True
    return carried


def with_fixed_wholes(problem: Compiled, values: Vector) -> Compiled:
    """The linear problem left when every whole number is held at its value in ``values``."""
    held = np.round(values[problem.whole])
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole] = upper[problem.whole] = held
    return _relaxed(replace(problem, lower=lower, upper=upper))


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
    """A linear problem kept hot whose costs and limits change: every solve resumes from the last basis."""

    def __init__(self, problem: Compiled) -> None:
        self.h = _quiet()
        self.h.setOptionValue("dual_feasibility_tolerance", EXACT)  # what is proven by its duals is then exact where it is summed over all hours
        self.h.passModel(_model(replace(problem, whole=np.zeros_like(problem.whole))))
        self.columns, self.rows = (np.arange(count, dtype=np.int32) for count in (len(problem.cost), len(problem.row_lower)))

    def limit(self, problem: Compiled) -> None:
        """Take the limits of rows and columns from ``problem``, which is the same otherwise."""
        self.h.changeColsBounds(len(self.columns), self.columns, problem.lower, problem.upper)
        self.h.changeRowsBounds(len(self.rows), self.rows, problem.row_lower, problem.row_upper)

    def solve(self, cost: Vector) -> Vector:
        """The best values at ``cost``. Raises SolverFailed where there are none."""
        self.h.changeColsCost(len(self.columns), self.columns, cost)
        self.h.run()
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:  # a basis from far away may lead nowhere
            self.h.clearSolver()
            self.h.run()
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverFailed(f"a month of the whole year ended {self.h.modelStatusToString(self.h.getModelStatus())}")
        return np.array(self.h.getSolution().col_value)

    @property
    def duals(self) -> Vector:
        """One per row, of the last solve."""
        return np.array(self.h.getSolution().row_dual)
