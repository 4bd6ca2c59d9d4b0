"""Partial 部分实施: the works of a plan with only some of its measures, run anew - what measures do alone, last, and on average.

A measure is what the plan builds of one asset, with the sizes and years of the plan. The works with some of them is run at
least cost plus the plan's own prices of its caps: so the same reasons to run cleaner hold whatever is built, and what
differs is the equipment. Renewals that a missing measure would have made needless stay open; one whose prerequisite is
missing is missing with it. Measures interact, so what one saves depends on those before it. Attributed is its mean over
all sequences that start the case's list at any measure and read it in either direction: each measure stands at every place
equally often, and before each other one in half of the sequences. Where measures interact in pairs this is the Shapley value.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from models.solution import Solution
from planner import highs, variants
from planner.errors import SolverFailed, Stopped
from planner.plan import Listen, Progress, Work, frozen_problem
from planner.results import SMALL

PROJECTS = ("capacity.built", "capacity.units", "scale.part", "scale.taken")  # what is decided with a project
LETS_GO = ("capacity.retired", "capacity.scrapped", "contract.size")  # at most as in the plan
STAYS = ("capacity.renewed", "capacity.relined")  # at least as in the plan


@dataclass(frozen=True)
class Ran:
    """The works with some measures. cost: today's MCNY; by year, kt: emitted - as the default caps count (location view); here - of the site, its
    power at the base year's grid factor; elsewhere - embodied in intermediates that are bought."""

    cost: float
    emitted: Mapping[int, float]
    here: Mapping[int, float]
    elsewhere: Mapping[int, float]


@dataclass(frozen=True)
class Apart:
    """Measures in the order of the case; the works run as today, without any measure, with all, with one alone and with one left out;
    attributed: (measure, year) -> kt less of ``here``, empty where it was not asked for."""

    measures: tuple[str, ...]
    today: Ran
    nothing: Ran
    all: Ran
    alone: Mapping[str, Ran]
    without: Mapping[str, Ran]
    attributed: Mapping[tuple[str, int], float]


def apart(x: Inputs, *, report: Listen, plan: Solution, base_factor: float, sequences: bool = True) -> Apart:
    """The job: the measures of ``plan`` alone, left out and, with ``sequences``, on average. base_factor: kt/GWh. Raises SolverFailed, Stopped."""
    works = _Works(x, plan, base_factor, report)
    m = works.measures
    nothing, everything = works.run(()), works.run(m)
    attributed: dict[tuple[str, int], float] = {}
    for first in range(len(m)) if sequences else ():
        order = m[first:] + m[:first]
        for row in (order, order[::-1]):
            before = nothing
            for n, measure in enumerate(row, start=1):
                after = works.run(row[:n])
                for y in x.years:
                    attributed[measure, y] = attributed.get((measure, y), 0.0) + (before.here[y] - after.here[y]) / (2 * len(m))
                before = after
    alone, without = {i: works.run((i,)) for i in m}, {i: works.run([j for j in m if j != i]) for i in m}
    return Apart(m, works.today(), nothing, everything, alone, without, attributed)


class _Works:
    """The works of a plan as a linear problem kept hot, whole decisions about running taken in parts; each set of measures is run once."""

    def __init__(self, x: Inputs, plan: Solution, base_factor: float, report: Listen) -> None:
        self.x, self.report, self.began = x, report, time.perf_counter()
        self.work = Work(x, report)
        p = self.work.compiled
        self.cost, self.offset = p.cost, p.offset
        built = plan.value("capacity.built")
        sizes = {a: max(v for (b, _), v in built.items() if b == a) for a in dict.fromkeys(a for a, _ in built)}
        self.measures = tuple(a for a, size in sizes.items() if size > SMALL * max(x.max_size.get(a, 0.0), 1e-3))
        self.needed = {a: [h for b, h in x.needs if b == a and h in self.measures and not x.existing.get(h)] for a in self.measures}
        self.problem = _priced(_loose(p), plan)
        self.lower, self.upper, self.own = _held(self.problem, plan)
        self.hot = highs.Relaxation(self.problem, lambda *_: True)
        self.known: dict[frozenset[str], Ran] = {}
        self.at = {name.replace("'", ""): j for j, name in enumerate(p.columns)}
        self.change = {y: base_factor - x.grid_factor["location", y] for y in x.years}

    def run(self, measures: Collection[str]) -> Ran:
        """The works with ``measures`` and no others of the plan."""
        there = frozenset(measures)
        while missing := [a for a in there if any(h not in there for h in self.needed[a])]:
            there = there.difference(missing)
        if there not in self.known:
            if not self.report(Progress("measures", time.perf_counter() - self.began)):
                raise Stopped("stopped before all measures were looked at")
            self.known[there] = self._run(there)
        return self.known[there]

    def _run(self, there: frozenset[str]) -> Ran:
        lower, upper = self.lower.copy(), self.upper.copy()
        for j, (name, value) in self.own.items():
            lower[j] = upper[j] = value if name in there else 0.0
        values = self.hot.solve(self.problem, lower, upper).values
        if values is None:
            raise SolverFailed(f"the works cannot run with {', '.join(sorted(there)) or 'none of the plan'} of its measures alone")
        return self._ran(values)

    def today(self) -> Ran:
        """Operation as today, as every plan is measured against. Raises SolverFailed."""
        answer = self.work.solve(frozen_problem(self.x, self.work.compiled), "frozen operation")
        if answer.values is None:
            raise SolverFailed(f"the solver ended frozen operation without an answer ({answer.ending})")
        return self._ran(answer.values)

    def _ran(self, values: Vector) -> Ran:
        emitted, here, elsewhere = {}, {}, {}
        for y in self.x.years:
            own = self._of(values, f"emissions.direct[{y}]") + self._of(values, f"emissions.energy[location,{y}]")
            elsewhere[y] = self._of(values, f"emissions.outsourced[{y}]")
            emitted[y] = own + elsewhere[y]
            here[y] = own + self.change[y] * sum(self._of(values, f"market.amount[{k},{y}]") for k in self.x.grid)
        return Ran(float(self.cost @ values) + self.offset, emitted, here, elsewhere)

    def _of(self, values: Vector, column: str) -> float:
        return float(values[self.at[column]]) if column in self.at else 0.0


def _loose(p: Compiled) -> Compiled:
    """No caps, and nothing of what only a plan has to keep."""
    p = variants.without_caps(p)
    return variants.without_rows(p, [i for rule in (*variants.OF_PLANS, "choice.prerequisite") for i in p.row(rule)])


def _priced(p: Compiled, plan: Solution) -> Compiled:
    """What the caps of the plan count costs what the last of it costs in the plan."""
    cost = p.cost.copy()
    table = plan.prices.get("cap.cap_limit")
    price = {} if table is None else {f"cap.counted[{cap},{y}]": -v for cap, y, v in table.itertuples(index=False)}
    for j in p.column("cap.counted"):
        cost[j] += price.get(p.columns[j].replace("'", ""), 0.0)
    return replace(p, cost=cost, whole=np.zeros_like(p.whole))


def _held(p: Compiled, plan: Solution) -> tuple[Vector, Vector, dict[int, tuple[str, float]]]:
    """Bounds from the decisions of the plan; beside them the columns of its projects with asset and value."""
    lower, upper, own = p.lower.copy(), p.upper.copy(), {}
    for component in (*PROJECTS, *LETS_GO, *STAYS):
        decided = {",".join(map(str, k)): v for k, v in plan.value(component).items()} if component in plan.tables else {}
        for j in p.column(component):
            value = decided.get(p.columns[j].partition("[")[2].rstrip("]").replace("'", ""), 0.0)
            if component in PROJECTS:
                own[j] = variants.name_of(p.columns[j]), value
            elif component in LETS_GO:
                upper[j] = max(value, lower[j])
            else:
                lower[j] = min(value, upper[j])
    return lower, upper, own
