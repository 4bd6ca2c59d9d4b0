"""Levers 杠杆: what a change of the inputs changes in the compiled problem, through a map that is made once.

Prices, limits and loads enter the problem one by one and in proportion: each number of the problem is a constant plus a
multiple of one such input. So two compilations, with all of them moved by known random amounts, tell for every number
which input it follows and by how much: the two differences stand in the ratio that belongs to that input alone. No rule
of the model is written a second time. What does not behave like that is noticed, and compiled anew whenever it changes.
"""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from models.build import build
from models.compiled import Compiled, Vector, compile_matrix
from models.inputs import Inputs
from models.solution import Layout, layout_of

# Inputs that may move while a problem stays open. Those of one group never meet in one number of the problem, or the group is split.
GROUPS = (
    (
        "price", "step_price", "demand_charge", "carbon_price", "investment", "renewal_investment", "fixed_cost", "variable_cost", "discount_start",
        "discount_end",
    ),
    ("credit", "renewal_credit", "cap_limit", "market_limit", "load", "demand", "area_limit", "grid_factor"),
)  # fmt: skip
FIELDS = tuple(name for group in GROUPS for name in group)
OPEN = 4  # compiled problems that are kept, the latest used
Sparse = csc_matrix | csr_matrix
ROUNDING = 1e-13  # of a number: differences below are none
SAME = 1e-9  # how near two ratios must be to belong to one input; those of different inputs lie much further apart


@dataclass(frozen=True)
class Opened:
    """A compiled problem and the layout of its tables. recompiled: it was built anew, not reached by differences."""

    compiled: Compiled
    layout: Layout
    recompiled: bool
    seconds: Mapping[str, float]  # build, compile


class NotAffineError(Exception):
    """A number of the problem follows no single input in proportion."""


class Levers:
    """The compiled problems of inputs that differ in levers, the quickest exact way."""

    def __init__(self) -> None:
        self.known: deque[_Base] = deque(maxlen=OPEN)

    def open(self, x: Inputs) -> Opened:
        """The compiled problem of ``x``: by differences where the map reaches, else compiled anew."""
        began = time.perf_counter()
        for base in self.known:
            if base.reaches(x):
                self.known.remove(base)
                self.known.appendleft(base)
                return Opened(base.moved_to(x), base.layout, False, {"build": 0.0, "compile": time.perf_counter() - began})
        made = _Base(x)
        self.known.appendleft(made)
        return Opened(made.compiled, made.layout, True, made.seconds)

    def learn(self) -> bool:
        """Map one more group of the problem used last; False when nothing is left to map."""
        return bool(self.known) and self.known[0].learn()


class _Base:
    """One compiled problem and the map of its levers, made bit by bit."""

    def __init__(self, x: Inputs) -> None:
        self.x = x
        self.compiled, self.layout, self.seconds = _compiled(x)
        self.wanted = deque(group for group in ([n for n in names if getattr(x, n)] for names in GROUPS) if group)
        self.wide = False
        self.maps: dict[str, csr_matrix] = {}  # field -> numbers of the problem x keys

    def reaches(self, x: Inputs) -> bool:
        """Whether ``x`` differs from this base only in numbers that are mapped."""
        for name in (f.name for f in fields(Inputs)):
            old, new = getattr(self.x, name), getattr(x, name)
            if old != new and (name not in self.maps or old.keys() != new.keys()):
                return False
        return True

    def moved_to(self, x: Inputs) -> Compiled:
        """The compiled problem of ``x``, reached by differences."""
        numbers = _numbers(self.compiled)
        moved = numbers.copy()
        for name, by_key in self.maps.items():
            old, new = getattr(self.x, name), getattr(x, name)
            if old != new:
                moved += by_key @ (np.array([new[k] for k in old]) - np.array(list(old.values())))
        return _with_numbers(self.compiled, numbers, moved)

    def learn(self) -> bool:
        """Map the next group of fields; a group that cannot be told apart is split, a field that cannot is left out."""
        if not self.wanted:
            return False
        if not self.wide:
            self.wide = True
            self._widen()
            return True
        group = self.wanted.popleft()
        try:
            self._map(group)
        except NotAffineError:
            half = len(group) // 2
            self.wanted.extend(part for part in (group[:half], group[half:]) if part and part != group)
        return bool(self.wanted)

    def _map(self, group: list[str]) -> None:
        keys = [(name, k) for name in group for k in getattr(self.x, name)]
        rng = np.random.default_rng(len(keys))
        ratios = rng.permutation(np.linspace(0.5, 2.0, len(keys)))
        old = np.array([getattr(self.x, name)[k] for name, k in keys], dtype=float)
        usual = {name: _usual(getattr(self.x, name)) for name in group}
        first = rng.uniform(0.1, 0.3, len(keys)) * np.where(old != 0, np.abs(old), [usual[name] for name, _ in keys])
        start = _numbers(self.compiled)
        one, two = (self._difference(_moved(self.x, keys, old + step), start) for step in (first, first * ratios))
        touched = np.flatnonzero((one != 0) | (two != 0))
        if not one[touched].all():
            raise NotAffineError
        order = np.argsort(ratios)
        found = two[touched] / one[touched]
        near = np.clip(np.searchsorted(ratios[order], found), 1, max(len(keys) - 1, 1))
        left, right = order[near - 1], order[np.minimum(near, len(keys) - 1)]
        which = np.where(np.abs(ratios[left] - found) < np.abs(ratios[right] - found), left, right)
        if (np.abs(ratios[which] - found) > SAME).any():
            raise NotAffineError
        all_keys = csr_matrix((one[touched] / first[which], (touched, which)), shape=(len(start), len(keys))).tocsc()
        begin = 0
        for name in group:
            end = begin + len(getattr(self.x, name))
            self.maps[name] = csr_matrix(all_keys[:, begin:end])
            begin = end

    def _difference(self, x: Inputs, start: Vector) -> Vector:
        moved, *_ = _compiled(x)
        base = self.compiled
        if moved.rows != base.rows or moved.columns != base.columns:
            raise NotAffineError
        now = _numbers(replace(moved, matrix=_laid_out(moved.matrix, base.matrix), sums=_laid_out(moved.sums, base.sums)))
        difference = np.where(now == start, 0.0, now - np.where(np.isfinite(start), start, 0.0))
        if not np.isfinite(difference).all() or not np.isfinite(start[difference != 0]).all():
            raise NotAffineError
        return np.asarray(np.where(np.abs(difference) <= ROUNDING * np.abs(start), 0.0, difference))

    def _widen(self) -> None:
        """Give every number a place in the matrices that would be there if no lever stood at 0."""
        filled: dict[str, Any] = {}
        for name in (n for group in self.wanted for n in group):
            values = getattr(self.x, name)
            if 0.0 in values.values():
                usual = _usual(values)
                filled[name] = {k: v or usual for k, v in values.items()}
        if filled:
            other, *_ = _compiled(replace(self.x, **filled))
            if other.matrix.shape == self.compiled.matrix.shape and other.sums.shape == self.compiled.sums.shape:
                matrix, sums = (_widened(one, two) for one, two in ((self.compiled.matrix, other.matrix), (self.compiled.sums, other.sums)))
                self.compiled = replace(self.compiled, matrix=matrix, sums=sums)


def _compiled(x: Inputs) -> tuple[Compiled, Layout, dict[str, float]]:
    began = time.perf_counter()
    model = build(x)
    built = time.perf_counter()
    compiled = compile_matrix(model)
    layout = layout_of(model, compiled)
    seconds = {"build": built - began, "compile": time.perf_counter() - built}
    return replace(compiled, variables=()), layout, seconds  # the model itself is no longer needed


def _moved(x: Inputs, keys: list[tuple[str, Any]], values: Vector) -> Inputs:
    new: dict[str, dict[Any, float]] = {}
    for (name, k), v in zip(keys, values, strict=True):
        new.setdefault(name, {})[k] = float(v)
    return replace(x, **new)  # type: ignore[arg-type]


def _numbers(p: Compiled) -> Vector:
    """All numbers of a problem in one vector; the cost as what its sums hold, what they count, and the rest."""
    counted, most = p.sums.T @ p.weights, abs(p.sums).T @ np.abs(p.weights)
    rest = np.where(np.abs(p.cost - counted) <= ROUNDING * most, 0.0, p.cost - counted)
    offset = p.offset - float(p.weights @ p.constants)
    left = 0.0 if abs(offset) <= ROUNDING * float(np.abs(p.weights) @ np.abs(p.constants)) else offset
    return np.concatenate([p.matrix.data, p.sums.data, p.constants, p.weights, rest, [left], p.row_lower, p.row_upper, p.lower, p.upper])


def _with_numbers(p: Compiled, before: Vector, now: Vector) -> Compiled:
    """The problem ``p``, whose numbers are ``before``, with the numbers ``now``; what stays the same stays so to the last digit."""
    rows, columns = p.matrix.shape
    lengths = [p.matrix.nnz, p.sums.nnz, len(p.constants), len(p.weights), columns, 1, rows, rows, columns, columns]
    entries, held, constants, weights, rest, left, row_lower, row_upper, lower, upper = np.split(now, np.cumsum(lengths)[:-1])
    *_, rest_before, left_before, _, _, _, _ = np.split(before, np.cumsum(lengths)[:-1])
    sums = csr_matrix((held, p.sums.indices, p.sums.indptr), shape=p.sums.shape)
    dearer = (sums.T @ weights + rest) - (p.sums.T @ p.weights + rest_before)
    higher = (weights @ constants + left[0]) - (p.weights @ p.constants + left_before[0])
    return replace(
        p, matrix=csc_matrix((entries, p.matrix.indices, p.matrix.indptr), shape=p.matrix.shape), sums=sums, constants=constants, weights=weights,
        cost=p.cost + dearer, offset=float(p.offset + higher), row_lower=row_lower, row_upper=row_upper, lower=lower, upper=upper,
    )  # fmt: skip


def _usual(values: Mapping[Any, float]) -> float:
    """The mean size of a field's numbers; 1 where all are 0."""
    return float(np.mean(np.abs(list(values.values())))) or 1.0


def _places(matrix: Sparse) -> NDArray[np.int64]:
    """One number for the place of every entry, in the order of the entries."""
    major = np.repeat(np.arange(len(matrix.indptr) - 1, dtype=np.int64), np.diff(matrix.indptr))
    return np.asarray(major * max(matrix.shape) + matrix.indices)


def _widened(matrix: Sparse, other: Sparse) -> Any:
    """``matrix`` with a place, holding 0, for every entry that only ``other`` has."""
    places = np.union1d(_places(matrix), _places(other))
    major, minor = np.divmod(places, max(matrix.shape))
    starts = np.searchsorted(major, np.arange(len(matrix.indptr)))
    entries = np.zeros(len(places))
    entries[np.searchsorted(places, _places(matrix))] = matrix.data
    return type(matrix)((entries, minor.astype(np.int32), starts.astype(np.int32)), shape=matrix.shape)


def _laid_out(matrix: Sparse, like: Sparse) -> Any:
    """``matrix`` with its entries in the places of ``like``. Raises NotAffineError for an entry without a place."""
    places = _places(like)
    order = np.argsort(places)
    at = np.searchsorted(places[order], own := _places(matrix))
    if len(own) and (len(places) == 0 or (places[order][np.minimum(at, len(places) - 1)] != own).any()):
        raise NotAffineError
    entries = np.zeros(len(places))
    entries[order[at]] = matrix.data
    return type(like)((entries, like.indices, like.indptr), shape=like.shape)
