"""File 研究文件: a study as it is written down - base case, named changes, grids and samples - read, checked and laid out as points.

case = "battery"                       # a shipped case, or a folder beside the study file
gap = 0.01
seconds = 600
en = "..."
zh = "..."
[set]                                  # on top of the case, in every point
"time.days" = 2
[changes.dear_carbon]                  # a point with a name
"finance.carbon_price" = 300
[[grid]]                               # every combination
name = "cap and price"
axes = { "caps.total.2030" = [0.5, 0.6], "finance.carbon_price" = { from = 0, to = 200, steps = 5 } }
[[sample]]                             # points spread over ranges
name = "prices"
points = 16
seed = 1
method = "latin"                       # or sobol, random
ranges = { "finance.carbon_price" = [0, 200] }
"""

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from planner import case
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.studies.point import Changes
from planner.tables import nearest

ALLOWED = {
    "": ("case", "gap", "seconds", "en", "zh", "set", "changes", "grid", "sample"),
    "grid": ("name", "axes"),
    "sample": ("name", "points", "seed", "method", "ranges"),
    "axis": ("from", "to", "steps"),
}
METHODS = ("latin", "sobol", "random")
MOST = 100_000  # points of a study; more are a slip


@dataclass(frozen=True)
class Asked:
    """A point of a study: its name, and what it changes on top of the base."""

    name: str
    changes: Changes


@dataclass(frozen=True)
class Study:
    """A study file, checked. points: the base first, then as they are written; each set of changes once."""

    name: str
    case: str
    en: str
    zh: str
    gap: float
    seconds: float
    changes: Changes
    points: tuple[Asked, ...]


def shipped() -> dict[str, Path]:
    """The shipped studies by name."""
    return {p.stem: p for p in sorted((DATA / "studies").glob("*.toml"))}


def read(name: str | Path) -> Study:
    """A study by the path of its file, or the name of a shipped one. Raises CaseError with everything that is wrong."""
    path = shipped().get(str(name), Path(name))
    if not path.is_file():
        raise CaseError([Finding(str(name), "there is no such study", "a TOML file, or " + nearest(str(name), shipped()))])
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError([Finding(path.name, f"the file is not TOML ({error})", "key = value lines under [section] heads")]) from None
    reader = _Reader(path)
    study = reader.study(said)
    if reader.findings:
        raise CaseError(reader.findings)
    return study


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path, self.findings = path, list[Finding]()

    def study(self, said: Mapping[str, Any]) -> Study:
        self.known(said, "", "the study")
        points = [Asked("base", ())]
        for name, changes in self.table(said, "changes").items():
            points.append(Asked(name, self.changes(changes, f"changes.{name}")))
        for number, grid in enumerate(self.rows(said, "grid"), start=1):
            points += self.grid(grid, str(grid.get("name", f"grid {number}")))
        for number, sample in enumerate(self.rows(said, "sample"), start=1):
            points += self.sample(sample, str(sample.get("name", f"sample {number}")))
        if len(points) > MOST:
            self.wrong("the study", f"it has {len(points):,} points", f"at most {MOST:,}")
        once: dict[Changes, Asked] = {}
        for point in points:
            once.setdefault(point.changes, point)
        base = str(said.get("case", ""))
        beside = self.path.parent / base
        base = str(beside) if base not in case.cases() and (beside / "case.toml").is_file() else base
        if not base:
            self.wrong("case", "is missing", "the name of a case, or its folder")
        else:
            try:
                case.find(base)
            except CaseError as error:
                self.findings += error.findings
        return Study(
            self.path.stem, base, str(said.get("en", self.path.stem)), str(said.get("zh", self.path.stem)), self.number(said, "gap", 0.01, 0, 1),
            self.number(said, "seconds", 600.0, 1, 1e6), self.changes(self.table(said, "set"), "set"), tuple(once.values()),
        )  # fmt: skip

    def grid(self, grid: Mapping[str, Any], name: str) -> list[Asked]:
        self.known(grid, "grid", name)
        axes = {key: self.axis(values, f"{name}, {key}") for key, values in self.table(grid, "axes", f"{name}, ").items()}
        if not axes:
            self.wrong(name, "it has no axes", "axes = { KEY = [values], ... }")
            return []
        combined = itertools.product(*axes.values())
        return [Asked(f"{name} {n}", tuple(zip(axes, values, strict=True))) for n, values in enumerate(combined, start=1)]

    def axis(self, values: Any, where: str) -> list[str]:
        if isinstance(values, Mapping):
            self.known(values, "axis", where)
            steps = int(self.number(values, "steps", 2, 2, MOST))
            low, high = (self.number(values, end, None, -np.inf, np.inf) for end in ("from", "to"))
            return [_text(v) for v in np.linspace(low, high, steps)]
        if isinstance(values, list) and values and all(isinstance(v, (int, float, str)) and not isinstance(v, bool) for v in values):
            return [_text(v) for v in values]
        self.wrong(where, f"is {values!r}", "a list of values, or { from = 0, to = 1, steps = 5 }")
        return []

    def sample(self, sample: Mapping[str, Any], name: str) -> list[Asked]:
        self.known(sample, "sample", name)
        ranges = self.table(sample, "ranges", f"{name}, ")
        for key, ends in ranges.items():
            pair = isinstance(ends, list) and len(ends) == 2 and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in ends)
            if not pair or ends[0] >= ends[1]:
                self.wrong(f"{name}, {key}", f"is {ends!r}", "[lowest, highest]")
                return []
        if not ranges:
            self.wrong(name, "it has no ranges", "ranges = { KEY = [lowest, highest], ... }")
            return []
        if (method := sample.get("method", "latin")) not in METHODS:
            self.wrong(name, f"method is {method!r}", "one of " + ", ".join(METHODS))
            return []
        count, seed = int(self.number(sample, "points", None, 1, MOST)), int(self.number(sample, "seed", 1, 0, 2**31))
        lows, highs = (np.array([float(ends[side]) for ends in ranges.values()]) for side in (0, 1))
        spread = lows + spread_out(method, len(ranges), count, seed) * (highs - lows)
        return [Asked(f"{name} {n}", tuple((key, _text(v)) for key, v in zip(ranges, row, strict=True))) for n, row in enumerate(spread, start=1)]

    def changes(self, table: Any, where: str) -> Changes:
        if not isinstance(table, Mapping) or any(isinstance(v, (Mapping, list, bool)) for v in table.values()):
            self.wrong(where, "it does not give one value to each key", '"caps.total.2030" = 0.6; a key with dots stands in quotes')
            return ()
        return tuple((key, _text(value)) for key, value in table.items())

    def table(self, said: Mapping[str, Any], key: str, where: str = "") -> Mapping[str, Any]:
        found = said.get(key, {})
        if isinstance(found, Mapping):
            return found
        self.wrong(where + key, f"is {found!r}", f"a table [{key}]")
        return {}

    def rows(self, said: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        found = said.get(key, [])
        if isinstance(found, list) and all(isinstance(row, Mapping) for row in found):
            return found
        self.wrong(key, "is no list of tables", f"[[{key}]]")
        return []

    def number(self, said: Mapping[str, Any], key: str, default: float | None, low: float, high: float) -> float:
        value = said.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self.wrong(key, "is missing" if value is None else f"is {value!r}", f"a number from {low:g} to {high:g}")
            return low if np.isfinite(low) else 0.0
        return float(value)

    def known(self, said: Mapping[str, Any], kind: str, where: str) -> None:
        for key in said:
            if key not in ALLOWED[kind]:
                self.wrong(where, f"{key} is unknown", nearest(key, ALLOWED[kind]))

    def wrong(self, where: str, what: str, allowed: str) -> None:
        self.findings.append(Finding(f"{self.path.name}: {where}", what, allowed))


def spread_out(method: str, axes: int, points: int, seed: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Points in the unit cube, the same for the same seed."""
    rng = np.random.default_rng(seed)
    if method == "random":
        return rng.random((points, axes))
    if method == "latin":
        return qmc.LatinHypercube(axes, rng=rng).random(points)
    return qmc.Sobol(axes, rng=rng).random_base2(int(np.ceil(np.log2(points))))[:points]


def _text(value: object) -> str:
    return format(value, ".9g") if isinstance(value, float) else str(value)
