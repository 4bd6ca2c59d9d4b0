"""Levers 杠杆: what a change of the inputs changes in the compiled problem, through a map that is made once.

Prices, limits and loads enter the problem in proportion: each number of the problem is a constant plus a multiple of one
such input, or of a product of two. So two compilations, with all inputs of a group moved by known random amounts, tell
for every number which input it follows and by how much: the two differences stand in the ratio that belongs to that input
alone. A third, with all of them moved at once, tells the products. No rule of the model is written a second time. What
does not behave like that is noticed, and compiled anew whenever it changes.
"""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, hstack

from models.build import build
from models.compiled import Compiled, Vector, compile_matrix
from models.inputs import Inputs
from models.solution import Layout, layout_of

# Inputs that may move while a problem stays open. Those of one group do not meet in one number of the problem, or the group is split.
GROUPS = (
    (
        "price", "step_price", "tier_price", "take_price", "demand_charge", "contract_price", "excess_price", "capacity_fee", "event_price", "carbon_price",
        "investment", "piece_slope", "piece_start", "dearest", "renewal_investment", "fixed_cost", "vintage_cost", "variable_cost", "start_cost", "shift_cost",
        "discount_start", "discount_end", "pace",
    ),
    (
        "credit", "renewal_credit", "lasting", "budget_weight", "budget", "growth", "cap_limit", "cap_output", "market_limit", "market_least", "tier_width", "take", "contract_limit", "load",
        "demand", "area_limit", "together_limit", "grid_factor",
    ),
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
        self.settled = False

    def open(self, x: Inputs) -> Opened:
        """The compiled problem of ``x``: by differences where the map reaches, else compiled anew."""
        began = time.perf_counter()
        for base in self.known:
            if base.reaches(x):
                if not self.settled:
                    self.known.remove(base)
                    self.known.appendleft(base)
                return Opened(base.moved_to(x), base.layout, False, {"build": 0.0, "compile": time.perf_counter() - began})
        made = _Base(x)
        if not self.settled and not any(base.will_reach(x) for base in self.known):  # else that one's map, once it is made, is enough
            self.known.appendleft(made)
        return Opened(made.compiled, made.layout, True, made.seconds)

    def settle(self) -> None:
        """Map all there is to map. From now on a problem comes out the same to the last digit whichever were opened before."""
        while self.learn():
            pass
        self.settled = True

    def learn(self) -> bool:
        """Map one more group of a problem, the one used last first; False when nothing is left."""
        return any(base.learn() for base in self.known)


class _Base:
    """One compiled problem and the map of its levers, made bit by bit around a point where none of them is 0."""

    def __init__(self, x: Inputs) -> None:
        self.x = self.around = x
        model, compiled, self.seconds = _compiled(x)
        self.layout = layout_of(model, compiled)
        self.compiled = replace(compiled, variables=())  # the model itself is no longer needed
        self.start = np.zeros(0)  # the numbers of the problem where the map is made
        self.wanted = deque(group for group in ([n for n in names if getattr(x, n)] for names in GROUPS) if group)
        self.maps: dict[str, csr_matrix] = {}  # field -> numbers of the problem x keys
        self.products: _Products | None = None

    def reaches(self, x: Inputs) -> bool:
        """Whether ``x`` differs from this base only in numbers that are mapped."""
        for name in (f.name for f in fields(Inputs)):
            old, new = getattr(self.x, name), getattr(x, name)
            if old != new and (self.products is None or name not in self.maps or old.keys() != new.keys()):
                return False
        return True

    def will_reach(self, x: Inputs) -> bool:
        """Whether ``x`` differs from this base only in numbers that may yet be mapped."""
        if self.products is not None:
            return False
        for name in (f.name for f in fields(Inputs)):
            old, new = getattr(self.x, name), getattr(x, name)
            if old != new and (name not in FIELDS or old.keys() != new.keys()):
                return False
        return True

    def moved_to(self, x: Inputs) -> Compiled:
        """The compiled problem of ``x``, reached by differences."""
        numbers = _numbers(self.compiled)
        moved = numbers.copy()
        steps = {name: step for name in self.maps if (step := _values(x, name, self.x) - _values(self.x, name, self.x)).any()}
        for name, step in steps.items():
            moved += self.maps[name] @ step
        if steps and self.products is not None:
            moved += self.products.between(self._all(self.x) - self._all(self.around), self._all(x) - self._all(self.around))
        return _with_numbers(self.compiled, numbers, moved)

    def learn(self) -> bool:
        """Take one more step of the map; False when it is done. A group that cannot be told apart is split, a field that cannot is left out."""
        if self.products is not None:
            return False
        if not len(self.start):
            self._widen()
        elif self.wanted:
            group = self.wanted.popleft()
            try:
                self._map(group)
            except NotAffineError:
                half = len(group) // 2
                self.wanted.extend(part for part in (group[:half], group[half:]) if part and part != group)
        else:
            self._couple()
        return self.products is None

    def _all(self, x: Inputs) -> Vector:
        """All mapped inputs in one vector."""
        return np.concatenate([_values(x, name, self.x) for name in self.maps] or [np.zeros(0)])

    def _map(self, group: list[str]) -> None:
        old = np.concatenate([_values(self.around, name, self.x) for name in group])
        rng = np.random.default_rng(len(old))
        ratios = rng.permutation(np.linspace(0.5, 2.0, len(old)))
        first = rng.uniform(0.1, 0.3, len(old)) * np.abs(old)
        one, two = (self._difference(_moved(self.around, group, old + step)) for step in (first, first * ratios))
        touched = np.flatnonzero((one != 0) | (two != 0))
        if not one[touched].all():
            raise NotAffineError
        order = np.argsort(ratios)
        found = two[touched] / one[touched]
        near = np.clip(np.searchsorted(ratios[order], found), 1, max(len(old) - 1, 1))
        left, right = order[near - 1], order[np.minimum(near, len(old) - 1)]
        which = np.where(np.abs(ratios[left] - found) < np.abs(ratios[right] - found), left, right)
        if (np.abs(ratios[which] - found) > SAME).any():
            raise NotAffineError
        all_keys = csr_matrix((one[touched] / first[which], (touched, which)), shape=(len(self.start), len(old))).tocsc()
        begin = 0
        for name in group:
            end = begin + len(getattr(self.x, name))
            self.maps[name] = csr_matrix(all_keys[:, begin:end])
            begin = end

    def _couple(self) -> None:
        """Find the products: what moving everything at once changes beyond the sum of the single moves."""
        names = list(self.maps)
        by_key = csr_matrix(hstack([self.maps[name] for name in names], format="csr")) if names else csr_matrix((len(self.start), 0))
        old = self._all(self.around)
        step = np.random.default_rng(1).uniform(0.1, 0.3, len(old)) * np.abs(old)
        single = by_key @ step
        try:
            rest = self._difference(_moved(self.around, names, old + step)) - single
        except NotAffineError:  # together they do what none does alone
            self.maps.clear()
            return self._couple()
        cells = np.flatnonzero(np.abs(rest) > 1e3 * ROUNDING * (np.abs(self.start) + abs(by_key) @ np.abs(step)))
        counts = np.diff(by_key.indptr)[cells]
        if (counts != 2).any():  # a product of three, which only compiling gets right
            owner = np.repeat(np.arange(len(names)), [self.maps[name].shape[1] for name in names])
            involved = [owner[by_key.indices[by_key.indptr[cell] : by_key.indptr[cell + 1]]] for cell in cells[counts != 2]]
            for n in np.unique(np.concatenate(involved)) if all(map(len, involved)) else range(len(names)):
                del self.maps[names[n]]
            return self._couple()
        first, second = by_key.indices[by_key.indptr[cells]], by_key.indices[by_key.indptr[cells] + 1]
        self.products = _Products(cells, first, second, rest[cells] / (step[first] * step[second]), len(self.start))

    def _difference(self, x: Inputs) -> Vector:
        """How the numbers of ``x`` differ from those where the map is made. Raises NotAffineError where the problem is another."""
        _, moved, _ = _compiled(x)
        base = self.compiled
        if moved.rows != base.rows or moved.columns != base.columns:
            raise NotAffineError
        now = _numbers(replace(moved, matrix=_laid_out(moved.matrix, base.matrix), sums=_laid_out(moved.sums, base.sums)))
        difference = np.where(now == self.start, 0.0, now - np.where(np.isfinite(self.start), self.start, 0.0))
        if not np.isfinite(difference).all() or not np.isfinite(self.start[difference != 0]).all():
            raise NotAffineError
        return np.asarray(np.where(np.abs(difference) <= ROUNDING * np.abs(self.start), 0.0, difference))

    def _widen(self) -> None:
        """Choose where the map is made, and give every number a place in the matrices that would be there with no lever at 0."""
        filled: dict[str, Any] = {}
        for name in (n for group in self.wanted for n in group):
            values = getattr(self.x, name)
            if 0.0 in values.values():
                usual = float(np.mean(np.abs(list(values.values())))) or 1.0
                filled[name] = {k: v or usual for k, v in values.items()}
        there = self.compiled
        if filled:
            _, other, _ = _compiled(replace(self.x, **filled))
            if other.rows == there.rows and other.columns == there.columns and len(other.constants) == len(there.constants):
                self.around, there = replace(self.x, **filled), other
        matrix, sums = (_widened(one, two) for one, two in ((self.compiled.matrix, there.matrix), (self.compiled.sums, there.sums)))
        self.compiled = replace(self.compiled, matrix=matrix, sums=sums)
        self.start = _numbers(replace(there, matrix=_laid_out(there.matrix, matrix), sums=_laid_out(there.sums, sums)))


@dataclass(frozen=True)
class _Products:
    """Numbers of the problem that follow a product of two inputs: which number, which two, how much."""

    cells: NDArray[np.intp]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    factor: Vector
    size: int

    def between(self, here: Vector, there: Vector) -> Vector:
        """What the products change from inputs at ``here`` to ``there``, both counted from where the map is made."""
        change = self.factor * (there[self.first] * there[self.second] - here[self.first] * here[self.second])
        return np.asarray(np.bincount(self.cells, change, self.size), dtype=float)


def _compiled(x: Inputs) -> tuple[Any, Compiled, dict[str, float]]:
    """The model, its problem, and seconds of each."""
    began = time.perf_counter()
    model = build(x)
    built = time.perf_counter()
    compiled = compile_matrix(model)
    return model, compiled, {"build": built - began, "compile": time.perf_counter() - built}


def _values(x: Inputs, name: str, like: Inputs) -> Vector:
    """The numbers of one field, in the order of the keys of ``like``."""
    values = getattr(x, name)
    return np.array([values[k] for k in getattr(like, name)], dtype=float)


def _moved(x: Inputs, names: list[str], values: Vector) -> Inputs:
    """``x`` with other numbers in the fields ``names``, whose keys follow one another in ``values``."""
    rest = iter(values.tolist())
    return replace(x, **{name: {k: next(rest) for k in getattr(x, name)} for name in names})  # type: ignore[arg-type]


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
