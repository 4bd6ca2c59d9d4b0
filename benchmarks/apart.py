"""Apart: every measurement in a fresh process, so that nothing is warm and its peak memory is its own."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.memory import Peak

GIB = 1024.0  # MiB
WORK = 20_000_000  # additions, about a second


@dataclass(frozen=True)
class Row:
    """One figure. must, aim: at most; None: nothing was promised. note: what it was made of."""

    name: str
    value: float | None
    unit: str
    must: float | None = None
    aim: float | None = None
    note: str = ""

    def record(self) -> dict[str, Any]:
        """As one JSON object, with whether it keeps what it must."""
        kept = None if self.must is None or self.value is None else self.value <= self.must
        return asdict(self) | {"kept": kept}


def run(function: Callable[..., Any], *arguments: Any, patience: float | None = None) -> tuple[Any, float]:
    """What ``function`` returns in a process of its own, and the peak memory of that and of all it starts, GiB. Raises TimeoutError after ``patience`` s."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(_measured, function, arguments).result(patience)
        except TimeoutError:
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _measured(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, float]:
    os.dup2(2, 1)  # what a solver prints of itself is no part of the answer on standard output
    with Peak() as peak:
        result = function(*arguments)
    return result, peak.most / GIB


def beside() -> float:
    """How many times longer a process takes beside another that works as hard: 1 on cores of their own, 2 on one core, between where two share one."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_busy, (1, 1)))  # both are there
        alone = min(pool.submit(_busy, WORK).result() for _ in range(3))
        return min(max(pool.map(_busy, (WORK, WORK))) for _ in range(3)) / alone


def _busy(steps: int) -> float:
    began, total = time.perf_counter(), 0
    for n in range(steps):
        total += n
    return time.perf_counter() - began


def median(values: list[float]) -> float:
    """Of the runs."""
    return statistics.median(values)
