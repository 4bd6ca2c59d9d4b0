"""Start 起点: what the plan of a study's base case knows, as plain arrays: where every other point of the study begins.

Every point begins at the same start, never at the point that happened to be planned before it. So it costs seconds
instead of a cold solve, and its answer depends neither on the order of the points nor on how many run at once.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.compiled import Compiled
from models.inputs import Inputs
from planner import gomory, highs, plan, variants
from planner.gomory import Cuts
from planner.highs import Answer, Ending, Stand
from planner.hot import Known
from planner.plan import Phase, Work
from planner.proof import End, Proof, Search

Arrays = Mapping[str, NDArray[np.generic]]  # "phase/what" -> values
NAME = "start.npz"  # in the folder of a run
CUTS = ("data", "indices", "indptr", "shape", "parts", "upper_row", "upper_column")  # of cuts
MADE_OF = "problem/digest"  # of which problem it is
PHASES: tuple[Phase, ...] = ("frozen operation", "free plan", "plan")


def of(work: Work) -> Arrays:
    """The start that the work on a base case has made."""
    arrays: dict[str, NDArray[np.generic]] = {MADE_OF: np.array(digest(work.compiled))}
    for phase, known in work.start.items():
        a = known.answer
        assert a.values is not None
        arrays[f"{phase}/values"] = a.values
        arrays[f"{phase}/figures"] = np.array([a.cost, a.bound, a.nodes], dtype=float)
        arrays[f"{phase}/ending"] = np.array(a.ending)
        if a.duals is not None:
            arrays[f"{phase}/duals"] = a.duals
        tight = known.tight or known.problem
        for name, stand in (("root", known.root), ("held", known.held)):
            if stand is not None and len(stand.problem.rows) == len((tight if name == "root" else known.problem).rows):
                arrays[f"{phase}/{name}"] = _statuses(stand)
        if known.cuts is not None:
            arrays |= _of_cuts(known.cuts, phase)
        proof = work.hot(phase).proof
        for kind, search in (("", proof.search(tight)), ("deep/", proof.deep)):
            if search is not None and search.problem is tight:
                unknown = np.full(len(tight.rows), np.nan)
                arrays[f"{phase}/{kind}ends"] = np.array([(end.lower, end.upper) for end in search.ends])
                arrays[f"{phase}/{kind}stands"] = np.array([_statuses(end.stand) for end in search.ends])
                arrays[f"{phase}/{kind}proven"] = np.array([end.duals[0] if end.duals else unknown for end in search.ends])
    return arrays


def digest(p: Compiled) -> str:
    """A name for a problem that no other one has; machines that round the last digits differently agree on it."""
    made = hashlib.sha256("\n".join((*p.rows, *p.columns)).encode())
    for numbers in (
        p.matrix.indptr,
        p.matrix.indices,
        p.matrix.data,
        p.cost,
        p.row_lower,
        p.row_upper,
        p.lower,
        p.upper,
        p.whole,
        np.array(p.offset),
    ):
        made.update(np.ascontiguousarray(numbers, dtype=np.float32).tobytes())
    return made.hexdigest()


def fits(arrays: Arrays, p: Compiled) -> bool:
    """Whether a start is one of this problem."""
    return MADE_OF in arrays and str(arrays[MADE_OF]) == digest(p)


def known(x: Inputs, p: Compiled, arrays: Arrays) -> dict[Phase, Known]:
    """The start as answers to the problems of the base case, whose inputs are ``x`` and whose compiled problem is ``p``."""
    problems = {"frozen operation": plan.frozen_problem(x, p), "free plan": variants.without_caps(p), "plan": p}
    return {phase: _known(problems[phase], phase, arrays) for phase in PHASES if f"{phase}/values" in arrays}


def _known(p: Compiled, phase: Phase, arrays: Arrays) -> Known:
    cost, bound, nodes = arrays[f"{phase}/figures"].tolist()
    ending = cast(Ending, str(arrays[f"{phase}/ending"]))
    duals = arrays.get(f"{phase}/duals")
    answer = Answer(ending, cost, bound, arrays[f"{phase}/values"], duals, 0.0, int(nodes))  # type: ignore[arg-type]
    cuts = _cuts(p, phase, arrays)
    tight = p if cuts is None else gomory.tightened(p, cuts)
    root, held = (_stand(of, arrays.get(f"{phase}/{name}")) for name, of in (("root", tight), ("held", p)))
    return Known(p, answer, root, held, _proof(tight, phase, arrays), cuts, tight)


def _cuts(p: Compiled, phase: Phase, arrays: Arrays) -> Cuts | None:
    if f"{phase}/cuts/shape" not in arrays:
        return None
    data, indices, indptr, shape, *rest = (cast(Any, arrays[f"{phase}/cuts/{name}"]) for name in CUTS)
    return Cuts(p.rows, p.columns, csr_matrix((data, indices, indptr), shape=tuple(shape)), *rest)


def _of_cuts(cuts: Cuts, phase: Phase) -> dict[str, NDArray[np.generic]]:
    w = cuts.weights
    parts: tuple[NDArray[np.generic], ...] = (w.data, w.indices, w.indptr, np.array(w.shape), cuts.parts, cuts.upper_row, cuts.upper_column)
    return {f"{phase}/cuts/{name}": values for name, values in zip(CUTS, parts, strict=True)}


def _proof(p: Compiled, phase: Phase, arrays: Arrays) -> Proof | None:
    first = _search(p, phase, arrays)
    return None if first is None else Proof((first,), _search(p, f"{phase}/deep", arrays))


def _search(p: Compiled, of: str, arrays: Arrays) -> Search | None:
    if f"{of}/ends" not in arrays:
        return None
    bounds, stands, proven = (arrays[f"{of}/{name}"] for name in ("ends", "stands", "proven"))
    return Search(p, tuple(
        End(lower, upper, highs.stand(p, statuses.tolist()), () if np.isnan(duals).any() else (duals,))
        for (lower, upper), statuses, duals in zip(bounds, stands, proven, strict=True)
    ))  # fmt: skip


def _statuses(stand: Stand) -> NDArray[np.int8]:
    return np.array([int(s) for s in (*stand.basis.col_status, *stand.basis.row_status)], dtype=np.int8)


def _stand(p: Compiled, statuses: NDArray[np.generic] | None) -> Stand | None:
    return None if statuses is None else highs.stand(p, statuses.tolist())


def write(arrays: Arrays, path: Path) -> None:
    """Keep a start, whole or not at all."""
    made = path.with_suffix(".part")
    with made.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    made.replace(path)


def load(path: Path) -> Arrays:
    """Read a start back."""
    with np.load(path, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def found(*paths: Path | None) -> Arrays | None:
    """The start in the first of these files that can be read, None without one."""
    for path in filter(None, paths):
        with suppress(OSError, ValueError, KeyError):
            return load(path)
    return None
