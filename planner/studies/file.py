"""File 研究文件: a study as it is written down - base case, named changes, grids and samples - read, checked and laid out as points.

case = "battery"                       # a shipped case, or a folder beside the study file
gap = 0.01
seconds = 600
en = "..."
zh = "..."
until = 2027                           # decisions by the end of this year suit all futures; without it: all decisions do
risk = { weight = 0.5, level = 0.9 }   # CVaR beside the expected cost
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
[futures.dear_gas]                     # for `planner futures`; numbers may be called as in the tornado
probability = 0.5                      # all of them sum to 1
en = "..."                             # what it is called; else by its name
zh = "..."
"market_values.gas.price" = 140
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
    "": ("case", "gap", "seconds", "en", "zh", "set", "changes", "grid", "sample", "futures", "until", "risk"),
    "risk": ("weight", "level"),
    "grid": ("name", "axes"),
    "sample": ("name", "points", "seed", "method", "ranges"),
    "axis": ("from", "to", "steps"),
}
CALLED = ("en", "zh")  # keys of what a thing is called
METHODS = ("latin", "sobol", "random")
SURE = 1e-6  # of 1, by which probabilities may miss it
MOST = 100_000  # points of a study; more are a slip


@dataclass(frozen=True)
class Asked:
    """A point of a study: its name, and what it changes on top of the base."""

    name: str
    changes: Changes


@dataclass(frozen=True)
class Likely:
    """A future of a study: its name, how likely it is, what it changes on top of the base, and what it is called (en, zh)."""

    name: str
    probability: float
    changes: Changes
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Study:
    """A study file, checked. points: the base first, then as they are written; each set of changes once.

    futures: what may come, their probabilities 1 together; until: the year by whose end decisions have to suit all of them (None: all
    decisions); risk: what the dearest futures weigh beside the expected cost, and which are the dearest (CVaR at that level).
    """

    name: str
    case: str
    en: str
    zh: str
    gap: float
    seconds: float
    changes: Changes
    points: tuple[Asked, ...]
    futures: tuple[Likely, ...] = ()
    until: int | None = None
    risk_weight: float = 0.0
    risk_level: float = 0.9


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
            self.number(said, "seconds", 600.0, 1, 1e6), self.changes(self.table(said, "set"), "set"), tuple(once.values()), *self.futures(said),
        )  # fmt: skip

    def futures(self, said: Mapping[str, Any]) -> tuple[tuple[Likely, ...], int | None, float, float]:
        """What may come, with what probability, and how it is judged."""
        found = []
        for name, told in self.table(said, "futures").items():
            if not isinstance(told, Mapping):
                self.wrong(f"futures.{name}", f"is {told!r}", f"a table [futures.{name}] with probability = 0.5 and changes")
                continue
            labels = {code: str(told.get(code, name.replace("_", " "))) for code in CALLED}
            changes = self.changes({k: v for k, v in told.items() if k not in ("probability", *CALLED)}, f"futures.{name}")
            found.append(Likely(name, self.number(told, "probability", None, 0, 1, f"futures.{name}, "), changes, labels))
        total = sum(f.probability for f in found)
        if found and abs(total - 1) > SURE:
            self.wrong("futures", f"their probabilities sum to {total:g}", "1")
        risk = self.table(said, "risk")
        self.known(risk, "risk", "risk")
        until = int(self.number(said, "until", 0, 2000, 2100)) if "until" in said else None
        return tuple(found), until, self.number(risk, "weight", 0.0, 0, 1, "risk."), self.number(risk, "level", 0.9, 0, 0.999, "risk.")

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

    def number(self, said: Mapping[str, Any], key: str, default: float | None, low: float, high: float, where: str = "") -> float:
        value = said.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self.wrong(where + key, "is missing" if value is None else f"is {value!r}", f"a number from {low:g} to {high:g}")
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
