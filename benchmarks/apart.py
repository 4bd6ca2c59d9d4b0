"""Apart: every measurement in a fresh process, so that nothing is warm and its peak memory is its own."""

import multiprocessing
import os
import statistics
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.memory import Peak

GIB = 1024.0  # MiB


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


def run(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What ``function`` returns in a process of its own, and the peak memory of that and of all it starts, GiB."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, function, arguments).result()


def _measured(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, float]:
    os.dup2(2, 1)  # what a solver prints of itself is no part of the answer on standard output
    with Peak() as peak:
        result = function(*arguments)
    return result, peak.most / GIB


def median(values: list[float]) -> float:
    """Of the runs."""
    return statistics.median(values)
