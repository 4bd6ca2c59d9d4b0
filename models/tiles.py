"""Tiles 拼块: one day's matrix, taken from the built model, from which the matrix of any days of a year is laid.

All days of 24 hours look alike but for their numbers. So the blocks are built once, for a few probe days, and every cell
of the matrix is read as a base value and what each hourly number of the Inputs adds to it. Laying the matrix of a month
is then arithmetic on arrays; nothing is formulated a second time.

Rows and columns are of three kinds: of a step, of a billing month, of the year. Where months are billed unlike each other, or
remember each other's peaks, a month only says how high it was; all that follows belongs to the year, and the links of each
month are its own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

from models.build import build
from models.compiled import Compiled, Vector, compile_matrix
from models.inputs import Inputs
from models.solution import layout_of

Places = npt.NDArray[np.intp]
Entry = tuple[str, tuple[Any, ...]]  # a field of Inputs and its key without the step; the year stands as None

HOURS = 24
MONTH = "the month"  # the one billing month of the probe days
STEP, OF_MONTH, OF_YEAR, IMAGE = 0, 1, 2, 3  # image: of another month than the probes', which its own links stand for
_NAME = re.compile(r"^([^\[]*)(?:\[(.*)\])?$")
_PART = re.compile(r"'([^']*)'|([^,]+)")  # names with commas stand in quotes
_PROBE = re.compile(r"^d(\d+)h(\d\d)$")


def split(name: str) -> tuple[str, tuple[str, ...]]:
    """``store.level[battery,2026]`` as its component and its index."""
    component, index = _NAME.match(name).groups()  # type: ignore[union-attr]
    return component, tuple(quoted or plain for quoted, plain in _PART.findall(index or ""))


def join(component: str, index: Sequence[str]) -> str:
    """The name that ``split`` takes apart."""
    return component + "[" + ",".join(f"'{part}'" for part in index) + "]"


@dataclass(frozen=True)
class _Cells:
    """Numbers of one day: base values, and for each dependence the cells (in the order of the hours), its entry, its slope."""

    base: Vector
    slopes: tuple[tuple[Places, Places, int, float], ...]  # cells, their hours, entry, slope

    def of(self, entries: Vector) -> Vector:
        """(days, cells): the numbers of days whose hourly entries are (entries, days, 24)."""
        laid = np.repeat(self.base[None, :], entries.shape[1], axis=0)
        for cells, hours, entry, slope in self.slopes:
            laid[:, cells] += slope * (entries[entry][:, hours] - 1.0)
        return np.asarray(laid)


@dataclass(frozen=True)
class Laid:
    """The problem of some days of one year: min cost'x, row_lower <= inner x + held v <= row_upper, and what x adds to the yearly rows.

    Columns: those of the days, day by day, then those of the month; rows likewise. held: for the year's columns v;
    links: (yearly rows, columns).
    """

    inner: csr_matrix
    held: csr_matrix
    links: csr_matrix
    cost: Vector
    row_lower: Vector
    row_upper: Vector
    lower: Vector
    upper: Vector
    whole: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Yearly:
    """The rows and columns of the year alone, all years: the part that no hour touches by itself."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: csr_matrix
    cost: Vector
    offset: float
    row_lower: Vector
    row_upper: Vector
    lower: Vector
    upper: Vector
    row_years: tuple[int | None, ...]
    column_years: tuple[int | None, ...]
    whole: npt.NDArray[np.bool_]
    sums: csr_matrix  # the model's named sums over these columns, what hours add to them left out
    constants: Vector
    named: Mapping[str, tuple[pd.DataFrame, Places]]  # named sum -> its index and rows of sums


@dataclass(frozen=True)
class Tile:
    """One day of one year. rows, columns: families of a step such as ``store.level[battery,2026]`` and their hours, then those of the month."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_hours: Places  # of the day's rows; the month's follow without
    column_hours: Places
    place: tuple[Places, Places]  # row and column of every cell, numbered within its kind
    kinds: tuple[Places, Places]
    cells: _Cells
    row_cells: tuple[_Cells, _Cells]  # lower and upper of the day's rows, then the month's
    column_cells: tuple[_Cells, _Cells, _Cells]  # cost, lower and upper of the columns
    whole: npt.NDArray[np.bool_]
    yearly: tuple[int, int]  # how many yearly rows and columns there are
    bills: Mapping[str, tuple[Places, Places, Vector]]  # billing month -> yearly row, column of the month, value; nothing where all are billed alike

    def lay(self, entries: Vector, month: str = MONTH) -> Laid:
        """The problem of the days of a billing month whose hourly entries are (entries, days, 24)."""
        days = entries.shape[1]
        sizes = [len(self.row_hours), len(self.rows) - len(self.row_hours)], [len(self.column_hours), len(self.columns) - len(self.column_hours)]
        values = self.cells.of(entries)
        daily = (self.kinds[0] == STEP) | (self.kinds[1] == STEP)  # the others stand once, whatever the number of days
        day = np.arange(days)[:, None]

        def placed(axis: int, kind: int, cells: npt.NDArray[np.bool_]) -> Places:
            here, steps = self.place[axis][cells], sizes[axis][0]
            return np.asarray(here + (day * steps if kind == STEP else np.full_like(day, days * steps if kind == OF_MONTH else 0)))

        def matrix(kind_pairs: Sequence[tuple[int, int]], shape: tuple[int, int]) -> csr_matrix:
            parts = []
            for r, c in kind_pairs:
                of_kind = (self.kinds[0] == r) & (self.kinds[1] == c)
                for cells, count in ((of_kind & daily, days), (of_kind & ~daily, 1)):
                    parts.append(tuple(part[:count].ravel() for part in (values[:, cells], placed(0, r, cells), placed(1, c, cells))))
            v, i, j = (np.concatenate(part) for part in zip(*parts, strict=True))
            return csr_matrix((v, (i, j)), shape=shape)

        rows, columns = (days * steps + once for steps, once in sizes)
        lower, upper = (self._strung(c, entries, sizes[0][0]) for c in self.row_cells)
        cost, low, high = (self._strung(c, entries, sizes[1][0]) for c in self.column_cells)
        inside = (STEP, OF_MONTH)
        row, column, value = self.bills.get(month, (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0)))
        billed = csr_matrix((value, (row, days * sizes[1][0] + column)), shape=(self.yearly[0], columns))
        return Laid(
            inner=matrix([(r, c) for r in inside for c in inside], (rows, columns)),
            held=matrix([(r, OF_YEAR) for r in inside], (rows, self.yearly[1])),
            links=csr_matrix(matrix([(OF_YEAR, c) for c in (inside if not self.bills else (STEP,))], (self.yearly[0], columns)) + billed),
            cost=cost, row_lower=lower, row_upper=upper, lower=low, upper=high,
            whole=np.concatenate([np.tile(self.whole[: sizes[1][0]], days), self.whole[sizes[1][0] :]]),
        )  # fmt: skip

    @staticmethod
    def _strung(cells: _Cells, entries: Vector, steps: int) -> Vector:
        values = cells.of(entries)
        return np.concatenate([values[:, :steps].ravel(), values[0, steps:]])


@dataclass(frozen=True)
class Tiles:
    """Tiles by year, the yearly part, and the hourly entries of Inputs they are laid of."""

    entries: tuple[Entry, ...]
    of_year: Mapping[int, Tile]
    yearly: Yearly


def tiles(x: Inputs) -> Tiles:
    """Build the blocks for a few probe days in the place of ``x``'s own, and read every cell.

    Raises ValueError for what links days otherwise than by sums of the year, stores over the year, and for days that do not weigh alike.
    """
    if x.seasonal:
        raise ValueError("stores are linked from day to day of the year; allowed are those that end a day as they began it")
    if len({*x.duration.values()}) > 1 or len({*x.months.values()}) > 1:
        raise ValueError("days or billing months weigh differently; allowed are days of one weight in groups of as many months")
    x = dense(x)
    entries, months = _entries(x), tuple(x.months) if unlike(x) else ()
    compiled = compile_matrix(m := build(_probes(x, entries, months)))
    first = months[0] if months else MONTH
    axes = _Axis(compiled.rows, x.years, first), _Axis(compiled.columns, x.years, first)
    matrix = compiled.matrix.tocsr()
    images = _unlike(axes, matrix, months) if months else {}
    yearly = _yearly(compiled, matrix, axes, layout_of(m, compiled).sums)
    return Tiles(entries, {y: _tile(compiled, matrix, axes, y, entries, images) for y in x.years}, yearly)


def unlike(x: Inputs) -> bool:
    """Whether months are billed unlike each other, remember each other's peaks, or a peak is counted over all of them."""
    return bool(x.bills or x.ratchet or x.events)


def dense(x: Inputs) -> Inputs:
    """System peaks as a number of every step: 0 outside of them."""
    of = dict.fromkeys(key[:2] for key in x.events)
    return replace(x, events={(*peak, s): x.events.get((*peak, s), 0.0) for peak in of for s in x.steps})


def numbers(x: Inputs, entries: Sequence[Entry]) -> dict[int, Vector]:
    """Year -> (entries, days, 24): the hourly numbers of an ``x`` whose steps are hours in the order of the year.

    Raises ValueError when an entry is given for some hours only.
    """
    place = {s: n for n, s in enumerate(x.steps)}
    found: dict[tuple[str, tuple[Any, ...]], Vector] = {}
    for field in dict.fromkeys(field for field, _ in entries):
        for key, value in getattr(x, field).items():
            found.setdefault((field, key[:-1]), np.full(len(x.steps), np.nan))[place[key[-1]]] = value
    out = {}
    for y in x.years:
        rows = [found[field, tuple(y if part is None else part for part in key)] for field, key in entries]
        out[y] = np.array(rows).reshape(len(entries), -1, HOURS)
        if np.isnan(out[y]).any():
            missing = entries[int(np.isnan(out[y]).any(axis=(1, 2)).argmax())]
            raise ValueError(f"{missing[0]} of {missing[1]} is given for some hours of {y} only; allowed is every hour or none")
    return out


def _entries(x: Inputs) -> tuple[Entry, ...]:
    """All hourly numbers: mappings whose keys are tuples that end with a step."""
    steps, years, found = set(x.steps), set(x.years), dict[Entry, None]()
    for field in x.__dataclass_fields__:
        values = getattr(x, field)
        if isinstance(values, Mapping):
            for key in values:
                if not (isinstance(key, tuple) and key[-1] in steps):
                    break
                found[field, tuple(None if part in years else part for part in key[:-1])] = None
    return tuple(found)


def _probes(x: Inputs, entries: Sequence[Entry], months: Sequence[str]) -> Inputs:
    """One day on which every hourly number is 1, and days on which each is 2 in one hour; all in one billing month, the first of ``months``."""
    days = range(1 + -(-len(entries) // HOURS))
    names = [f"d{d}h{h:02d}" for d in days for h in range(HOURS)]
    raised = {entry: f"d{1 + n // HOURS}h{n % HOURS:02d}" for n, entry in enumerate(entries)}
    fields: dict[str, dict[Any, float]] = {}
    for field, key in entries:
        keys = [tuple(y if part is None else part for part in key) for y in x.years] if None in key else [key]
        fields.setdefault(field, {}).update({(*k, s): 2.0 if s == raised[field, key] else 1.0 for k in keys for s in names})
    before = {f"d{d}h{h:02d}": f"d{d}h{(h - 1) % HOURS:02d}" for d in days for h in range(HOURS)}
    dear = dict.fromkeys(key[:-1] for key in x.one_way)  # in every hour of such a year: elsewhere the rule binds nobody
    return replace(
        x, one_way=tuple((*key, s) for key in dear for s in names), steps=tuple(names), previous=before, hours=dict.fromkeys(names, 1.0),
        duration=dict.fromkeys(names, next(iter(x.duration.values()))), billing=dict.fromkeys(names, months[0] if months else MONTH),
        months=x.months if months else {MONTH: next(iter(x.months.values()))},
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


class _Axis:
    """Rows or columns of the probe days read by name: kind, year, family, probe day and hour of each."""

    def __init__(self, names: Sequence[str], years: Sequence[int], month: str) -> None:
        known = {str(y): y for y in years}
        count = len(names)
        self.names = names
        self.kind, self.day, self.hour = np.full(count, OF_YEAR), np.full(count, -1), np.full(count, -1)
        self.years: list[int | None] = []
        self.family: list[str] = []
        self.place: dict[tuple[str, int, int], int] = {}
        for n, name in enumerate(names):
            component, parts = split(name)
            step = _PROBE.match(parts[-1] if parts else "")
            if step:
                self.kind[n], self.day[n], self.hour[n] = STEP, int(step[1]), int(step[2])
            elif month in parts:
                self.kind[n] = OF_MONTH
            kept = parts[:-1] if step else [part for part in parts if part != month]
            self.family.append(join(component, kept))
            self.years.append(next((known[part] for part in parts if part in known), None))
            self.place[self.family[-1], int(self.day[n]), int(self.hour[n])] = n

    def at(self, which: Places, day: int) -> Places:
        """The same rows or columns on another probe day; those without a day stay."""
        return np.array([self.place[self.family[n], day, int(self.hour[n])] if self.kind[n] == STEP else n for n in which], dtype=np.intp)

    def of(self, year: int, kind: int) -> Places:
        """All of one kind and year; of the probe days, the first."""
        return np.array([n for n, y in enumerate(self.years) if y == year and self.kind[n] == kind and self.day[n] <= 0], dtype=np.intp)


def _unlike(axes: tuple["_Axis", "_Axis"], matrix: csr_matrix, months: Sequence[str]) -> dict[str, dict[int, int]]:
    """What a month only passes on belongs to the year: all rows of months, and all columns but those that a step touches.

    Billing month -> column of the first month that stays its own -> the same column of that month, which is no column of the year.
    """
    rows, columns = axes
    stepped = np.isin(np.arange(len(columns.names)), matrix[np.flatnonzero(rows.kind == STEP)].indices)
    for axis, passed in ((rows, np.ones(len(rows.names), dtype=bool)), (columns, ~stepped)):
        axis.kind[(axis.kind == OF_MONTH) & passed] = OF_YEAR
    place = {name: n for n, name in enumerate(columns.names)}
    own = np.flatnonzero(columns.kind == OF_MONTH)
    images: dict[str, dict[int, int]] = {month: {} for month in months}
    for n in map(int, own):
        component, parts = split(columns.names[n])
        for month in months:
            there = _named(place, component, [month if part == months[0] else part for part in parts])
            images[month][n] = there
            columns.kind[there] = OF_MONTH if month == months[0] else IMAGE
    return images


def _named(place: Mapping[str, int], component: str, parts: Sequence[str]) -> int:
    """Where a row or column stands, its names quoted or not."""
    wanted = (component, tuple(parts))
    return next(n for name, n in place.items() if name.startswith(component) and split(name) == wanted)


def _yearly(compiled: Compiled, matrix: csr_matrix, axes: tuple[_Axis, _Axis], named: Mapping[str, tuple[pd.DataFrame, Places]]) -> Yearly:
    rows, columns = (np.flatnonzero(axis.kind == OF_YEAR) for axis in axes)
    return Yearly(
        rows=tuple(compiled.rows[i] for i in rows), columns=tuple(compiled.columns[j] for j in columns),
        matrix=csr_matrix(matrix[rows][:, columns]), cost=compiled.cost[columns], offset=compiled.offset,
        row_lower=compiled.row_lower[rows], row_upper=compiled.row_upper[rows], lower=compiled.lower[columns], upper=compiled.upper[columns],
        row_years=tuple(axes[0].years[i] for i in rows), column_years=tuple(axes[1].years[j] for j in columns), whole=compiled.whole[columns],
        sums=csr_matrix(compiled.sums[:, columns]), constants=compiled.constants, named=named,
    )  # fmt: skip


def _tile(
    compiled: Compiled, matrix: csr_matrix, axes: tuple[_Axis, _Axis], year: int, entries: Sequence[Entry], images: Mapping[str, Mapping[int, int]]
) -> Tile:
    """Read the cells of the first probe day, and from the others what each entry adds."""
    rows, columns = (np.concatenate([axis.of(year, kind) for kind in (STEP, OF_MONTH)]) for axis in axes)
    places = [np.full(len(axis.names), -1) for axis in axes]
    for axis, place in zip(axes, places, strict=True):
        for kind in (STEP, OF_MONTH):
            here = axis.of(year, kind)
            place[here] = np.arange(len(here))
        place[axis.kind == OF_YEAR] = np.arange((axis.kind == OF_YEAR).sum())
    coo = matrix.tocoo()
    touched = (np.isin(coo.row, rows) & (places[1][coo.col] >= 0)) | (np.isin(coo.col, columns) & (places[0][coo.row] >= 0))
    i, j = coo.row[touched].astype(np.intp), coo.col[touched].astype(np.intp)
    family = [axis.family for axis in axes]
    hour = np.where(axes[0].kind[i] == STEP, axes[0].hour[i], axes[1].hour[j])
    apart = np.where((axes[0].kind[i] == STEP) & (axes[1].kind[j] == STEP), (axes[1].hour[j] - axes[0].hour[i]) % HOURS, 0)
    names = [(family[0][a], family[1][b], int(gap)) for a, b, gap in zip(i, j, apart, strict=True)]
    days = range(1, 1 + -(-len(entries) // HOURS))

    own = [(n, k) for k, n in enumerate(axes[1].of(year, OF_MONTH))]

    def links(image: Mapping[int, int]) -> tuple[Places, Places, Vector]:
        found = [(place, k, v) for n, k in own for place, v in zip(*_column(matrix, image[n]), strict=True) if axes[0].kind[place] == OF_YEAR]
        return (
            np.array([places[0][place] for place, _, _ in found], dtype=np.intp), np.array([k for _, k, _ in found], dtype=np.intp),
            np.array([v for *_, v in found], dtype=float),
        )  # fmt: skip

    def cells(values: "Callable[[int], Vector]", count: int, named: Sequence[Any], hours: Places) -> _Cells:
        base = values(0)
        raised = np.array([values(day) for day in days]).reshape(len(days), count)
        return _slopes(base, raised, named, hours, len(entries))

    def of_axis(axis: _Axis, which: Places, numbers: Vector) -> _Cells:
        return cells(lambda day: numbers[axis.at(which, day)], len(which), [axis.family[n] for n in which], axis.hour[which])

    return Tile(
        rows=tuple(family[0][n] for n in rows), columns=tuple(family[1][n] for n in columns),
        row_hours=axes[0].hour[axes[0].of(year, STEP)], column_hours=axes[1].hour[axes[1].of(year, STEP)],
        place=(places[0][i], places[1][j]), kinds=(axes[0].kind[i], axes[1].kind[j]),
        cells=cells(lambda day: np.asarray(matrix[axes[0].at(i, day), axes[1].at(j, day)]).ravel(), len(i), names, hour),
        row_cells=tuple(of_axis(axes[0], rows, v) for v in (compiled.row_lower, compiled.row_upper)),  # type: ignore[arg-type]
        column_cells=tuple(of_axis(axes[1], columns, v) for v in (compiled.cost, compiled.lower, compiled.upper)),  # type: ignore[arg-type]
        whole=compiled.whole[columns], yearly=(int((axes[0].kind == OF_YEAR).sum()), int((axes[1].kind == OF_YEAR).sum())),
        bills={month: links(image) for month, image in images.items()},
    )  # fmt: skip


def _column(matrix: csr_matrix, n: int) -> tuple[list[int], list[float]]:
    """Rows and values of one column."""
    found = matrix[:, [n]].tocoo()
    return found.row.tolist(), found.data.tolist()


def _slopes(base: Vector, raised: Vector, named: Sequence[Any], hours: Places, entries: int) -> _Cells:
    """What each entry adds to each cell: seen in the one hour where it was raised, true for the cells of that name in every hour."""
    same: dict[Any, list[int]] = {}
    for n, name in enumerate(named):
        same.setdefault(name, []).append(n)
    with np.errstate(invalid="ignore"):
        change = np.where(np.isfinite(base), raised - base, 0.0)
    found = []
    for day, cell in zip(*np.nonzero(change), strict=True):
        entry = day * HOURS + hours[cell]
        if hours[cell] < 0 or entry >= entries:
            raise ValueError(f"{named[cell]} changes with the numbers of an hour it does not belong to")
        cells = np.array(same[named[cell]], dtype=np.intp)
        found.append((cells, hours[cells], int(entry), float(change[day, cell])))
    return _Cells(base, tuple(found))
