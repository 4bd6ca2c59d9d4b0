"""The planner on the plant: from its inputs to the least cost, with nothing known before."""

import time

from benchmarks.plant import Plant, inputs
from planner.plan import Work

LONGEST = 3600.0  # s


def solve(plant: Plant, gap: float) -> tuple[float, float]:
    """Cost, MCNY, and seconds from the plant's description to the answer."""
    began = time.perf_counter()
    work = Work(inputs(plant), lambda _: True)
    answer = work.best(work.compiled, "plan", lambda cost, bound: cost - bound <= gap * abs(cost), LONGEST)
    assert answer.cost is not None, answer.ending
    return answer.cost, time.perf_counter() - began
