"""Times the decomposition over all hours and its growth with days: ``python benchmarks/all_hours.py [--case steel] [--days 4 8 12 24 48] [--full]``.

For each number of days spread over the year (``--full`` adds all 365), the shipped case is decided from its plan on representative
days until the gap is 1 % of what is decided, on two processes. Prints a line for each: seconds of the search, steps, cost, bound,
gap, and the peak memory of a process so far; then the exponent by which the seconds grow with the days.
"""

import argparse
import resource
import time

import numpy as np

from planner import all_hours, calendar, run, whole_year

GROUPS = {4: 4, 8: 4}  # months that share a bill, by number of days; twelve otherwise


def main() -> None:
    """One case, all numbers of days."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", default="steel")
    parser.add_argument("--days", type=int, nargs="+", default=[4, 8, 12, 24, 48])
    parser.add_argument("--full", action="store_true", help="all 365 days as well")
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=1800.0)
    args = parser.parse_args()
    ready = run.prepare(args.case)
    began = time.perf_counter()
    planned = run.solve(ready, gap=args.gap).planned
    print(f"{args.case}: plan on representative days in {time.perf_counter() - began:.1f} s, decided {planned.decided:,.1f} MCNY", flush=True)
    took = dict[int, float]()
    for number in [*args.days, *([calendar.DAYS] if args.full else [])]:
        days = calendar.spread(ready.year.hourly, number, GROUPS.get(number, 12))
        jobs = list(whole_year.jobs(ready.plant, ready.year, planned.plan, days=days))
        began = time.perf_counter()
        found = all_hours.decide(jobs, args.gap * planned.decided, args.seconds)
        took[number] = time.perf_counter() - began
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 2**20
        gap = (found.point.cost - found.bound) / planned.decided
        print(
            f"  {number:3d} days: {took[number]:7.1f} s, {len(found.steps):3d} steps, cost {found.point.cost:,.2f}, bound {found.bound:,.2f} MCNY,"
            f" gap {gap:.2%}{'' if found.reached else ' (not reached)'}, peak of a process {peak:.2f} GiB",
            flush=True,
        )
    if len(took) > 1:
        print(f"  seconds grow with days to the power of {np.polyfit(np.log(list(took)), np.log(list(took.values())), 1)[0]:.2f}")


if __name__ == "__main__":
    main()
