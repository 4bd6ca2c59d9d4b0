"""The decomposition over all hours and its growth with days: ``python -m benchmarks.all_hours [--case battery] [--days 4 8 365]``.

For each number of days spread over the year a shipped case is decided from its plan on representative days until the gap is
1 % of what is decided, on two processes. ``measure`` does it for both works, the growth with few days for steel alone.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import apart
from benchmarks.apart import Row
from benchmarks.memory import Peak
from planner import all_hours, calendar, run, whole_year
from planner.errors import SolverFailed

GROUPS = {4: 4, 8: 4}  # months that share a bill, by number of days; twelve otherwise
DAYS, FEW, MANY = (4, 8, 12, 24, 48, calendar.DAYS), (4, 8), (24, 48, calendar.DAYS)
COARSE = (("time.days", "1"), ("time.segments", "4"))  # of the plan the search starts from, when it must be quick
GAP, SECONDS, PROCESSES = 0.01, 1800.0, 2


@dataclass(frozen=True)
class Searched:
    """One search. gap: of what is decided, None where nothing was found; memory: GiB at most, of all processes together; failed: why it found nothing."""

    days: int
    seconds: float
    steps: int
    gap: float | None
    memory: float
    failed: str = ""

    @property
    def reached(self) -> bool:
        """It proved the gap asked for."""
        return self.gap is not None and self.gap <= GAP

    def __str__(self) -> str:
        gap = self.failed if self.gap is None else f"gap {self.gap:.2%}"
        return f"{self.days} days: {self.seconds:.1f} s, {self.steps} steps, {gap}"


def measure(quick: bool) -> list[Row]:
    """Minutes, gap and memory of all 365 days, and the exponent by which the seconds grow with days; of few days the exponent alone."""
    rows = []
    for case, days in (("steel", FEW),) if quick else (("steel", DAYS), ("battery", MANY)):
        found, _ = apart.run(searches, case, days, COARSE if quick else ())
        told, last, grows = "; ".join(map(str, found)), found[-1], f"all hours, {case}: growth with days, exponent"
        if quick:
            rows.append(Row(grows, exponent(found), "-", note=f"{told}; too few days to judge by"))
            continue
        rows += [
            Row(grows, exponent(found), "-", 1.3, 1.05, told),
            Row(f"all hours, {case}, 5 x 8,760 h: search", last.seconds / 60, "min", 30.0, 10.0, str(last)),
            Row(f"all hours, {case}, 5 x 8,760 h: gap of what is decided", last.gap, "-", GAP, note=str(last)),
            Row(f"all hours, {case}, 5 x 8,760 h: memory", last.memory, "GiB", 8.0, 4.0, "of all processes together"),
        ]
    return rows


def exponent(found: Sequence[Searched]) -> float | None:
    """By which the seconds grow with the days; None where a search did not reach its gap, for its seconds then say nothing."""
    if not all(s.reached for s in found):
        return None
    return float(np.polyfit(np.log([s.days for s in found]), np.log([s.seconds for s in found]), 1)[0])


def searches(case: str, days: Sequence[int], changes: Sequence[tuple[str, str]] = ()) -> list[Searched]:
    """A search for each number of days, from one plan."""
    ready = run.prepare(case, changes)
    planned = run.solve(ready, gap=GAP).planned
    rows = []
    for number in days:
        spread = calendar.spread(ready.year.hourly, number, GROUPS.get(number, 12))
        jobs = list(whole_year.jobs(ready.plant, ready.year, planned.plan, days=spread))
        began, steps, gap, failed = time.perf_counter(), 0, None, ""
        with Peak() as peak:
            try:
                found = all_hours.decide(jobs, GAP * planned.decided, SECONDS, processes=PROCESSES)
                steps, gap = len(found.steps), (found.point.cost - found.bound) / planned.decided
            except SolverFailed as error:
                failed = str(error)
        rows.append(Searched(number, time.perf_counter() - began, steps, gap, peak.most / apart.GIB, failed))
    return rows


def main() -> None:
    """One case, a line for each number of days."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", default="steel")
    parser.add_argument("--days", type=int, nargs="+", default=DAYS)
    args = parser.parse_args()
    found, _ = apart.run(searches, args.case, args.days)
    for one in found:
        print(f"{one}, {one.memory:.2f} GiB")
    if len(found) > 1 and (power := exponent(found)) is not None:
        print(f"seconds grow with days to the power of {power:.2f}")


if __name__ == "__main__":
    main()
