"""Many 众方案: points planned over processes of this machine or on a Dask cluster, through the same call.

Every point is planned with one solver thread, from the same start, its limits counted in steps. So it does not matter
how many run at once, in which order, or where; only the clock can end a search early, and such a point says so.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planner import case
from planner.errors import CaseError, Finding, SolverFailed, Stopped
from planner.process import Worker
from planner.studies.point import FINAL, Asked, Base, Changes, Desk, Lowest, Map, Point, Record, on_cluster
from planner.studies.start import Arrays
from planner.studies.store import Store

Done = Callable[[int, int, str], None]  # points done, points asked, status of the last
MAPPED = 40  # points from which each process maps the levers first, which takes as long as compiling seven of them
TRIES = 2  # for a point whose process died


@dataclass(frozen=True)
class Where:
    """Where points are planned: on so many processes of this machine, or on the cluster at an address."""

    workers: int = 1
    cluster: str = ""


class Many:
    """Plans of one case under many changes, kept in a folder; ask it as often as needed, and ``close`` it, or use it in a ``with``.

    Raises what planning the base case raises: CaseError and SolverFailed; a base case without a plan is no error, its
    points then begin at nothing.
    """

    def __init__(self, base: Base, fingerprint: str, folder: Path, where: Where, done: Done = lambda *_: None) -> None:
        self.where, self.done = where, done
        self.store = Store(folder, base, fingerprint)
        self.store.tidy()
        self.base = replace(base, start=self.store.start())
        self._asker: Asker | None = None

    def plan(self, points: Sequence[Changes]) -> list[Record]:
        """The record of every point, in the order asked; those that are kept are not planned again."""
        wanted = list(dict.fromkeys(points))
        left = [p for p in wanted if (self.store.record(p) or {}).get("status") not in FINAL]
        if left:
            self.base = replace(self.base, mapped=len(wanted) >= MAPPED)
            for number, (changes, point) in enumerate(self._open()(self.base, left), start=len(wanted) - len(left) + 1):
                self.store.keep(changes, point)
                self.done(number, len(wanted), point.record["status"])
        return [self.store.record(p) or {"status": "missing"} for p in points]

    def lowest(self, asked: Lowest) -> tuple[float, float]:
        """The least that a cap could count in a year, t: proven bound and attained. Raises SolverFailed."""
        return self._open().ask(self.base, asked)  # type: ignore[no-any-return]

    def __enter__(self) -> "Many":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what is under way; end the processes, leave the cluster."""
        if self._asker is not None:
            self._asker.close()
            self._asker = None

    def _open(self) -> "Asker":
        if self._asker is None:
            self._asker = Cluster(self.where.cluster) if self.where.cluster else Processes(self.where.workers)
        if self.base.start is None:
            found = self._asker.begin(self.base)
            if found is not None:
                self.store.begin(found)
                self.base = replace(self.base, start=self.store.start())
        return self._asker


class Asker:
    """One way of having points planned; each is handed back as soon as it is there."""

    def ask(self, base: Base, asked: Lowest | None) -> Any:
        """The start of ``base``, or the lowest that can be reached in it."""
        raise NotImplementedError

    def begin(self, base: Base) -> Arrays | None:
        """The start of ``base``, None where it has no plan."""
        return self.ask(base, None)  # type: ignore[no-any-return]

    def __call__(self, base: Base, points: Sequence[Changes]) -> Iterator[tuple[Changes, Point]]:
        """Each of ``points`` with its plan, in the order they are done."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop what is under way and let go."""
        raise NotImplementedError


class Processes(Asker):
    """Processes of this machine: a thread for each, that only waits for it."""

    def __init__(self, workers: int) -> None:
        self.workers, self.pool = workers, ThreadPoolExecutor(workers)
        self.own = threading.local()
        self.desks: list[Worker] = []
        self.stopped = False

    def ask(self, base: Base, asked: Lowest | None) -> Any:
        """See Asker."""
        return self.pool.submit(self._ask, base, asked).result()

    def begin(self, base: Base) -> Arrays | None:
        """See Asker. While one process makes it the others map the levers, where that is worth it."""
        start = self.pool.submit(self._ask, base, None)
        for _ in range(self.workers - 1 if base.mapped else 0):
            self.pool.submit(self._ask, base, Map())
        return start.result()  # type: ignore[no-any-return]

    def __call__(self, base: Base, points: Sequence[Changes]) -> Iterator[tuple[Changes, Point]]:
        """See Asker."""
        asked = {self.pool.submit(self._point, base, p): p for p in points}
        for future in as_completed(asked):
            yield asked[future], future.result()

    def close(self) -> None:
        """Stop what is under way and end the processes."""
        self.stopped = True
        self.pool.shutdown(cancel_futures=True)
        for desk in self.desks:
            desk.close()

    def _point(self, base: Base, changes: Changes) -> Point:
        for _ in range(TRIES - 1):
            try:
                return self._ask(base, changes)  # type: ignore[no-any-return]
            except SolverFailed:  # the process died or hung; another is started
                continue
        try:
            return self._ask(base, changes)  # type: ignore[no-any-return]
        except SolverFailed as error:
            return Point({"status": "solver died", "reason": str(error)}, {})

    def _ask(self, base: Base, changes: Asked) -> Any:
        if self.stopped:
            raise Stopped("the study was stopped")
        if not hasattr(self.own, "desk"):
            self.own.desk = Worker(Desk)
            self.desks.append(self.own.desk)
        return self.own.desk.ask((base, changes), patience=4 * base.seconds + 60, listen=lambda _: not self.stopped)


class Cluster(Asker):
    """The workers of a Dask cluster."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CaseError([Finding("--cluster", "distributed is not installed", "pip install 'zero-carbon-factory-planner[cluster]'")]) from None
        self.client = Client(address)

    def ask(self, base: Base, asked: Lowest | None) -> Any:
        """See Asker."""
        return self.client.submit(on_cluster, base, asked, pure=False).result()

    def __call__(self, base: Base, points: Sequence[Changes]) -> Iterator[tuple[Changes, Point]]:
        """See Asker."""
        from distributed import as_completed as completed

        shared = self.client.scatter(base, broadcast=True)
        asked = {self.client.submit(on_cluster, shared, p, pure=False, retries=TRIES - 1): p for p in points}
        for future in completed(list(asked)):
            yield asked[future], future.result()
            future.release()

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self.client.close()


def of_case(
    name: str | Path, changes: Iterable[tuple[str, str]], folder: Path, where: Where, *, gap: float, seconds: float, done: Done = lambda *_: None
) -> Many:
    """Many plans of a case with ``changes`` on top. Raises CaseError."""
    read = case.read(name, tuple(changes))
    return Many(Base(read.folder.name, dict(read.files), tuple(read.changes), gap, seconds), read.fingerprint, folder, where, done)
