"""Jobs 求解任务: solves asked for by pages, each asked for once, outliving the page that asked.

A page may be reloaded, closed or asked again while a plan is being made; so the work belongs to the server's process and
not to a session. Plans of a case are made one after the other in its lane, where it stays hot, cases in as many lanes as there
are processors; plans are kept in a folder by the fingerprint of their case. Who asks for another plan no longer waits for
the one before: a job nobody waits for is stopped, and what it had found so far is no plan. While nobody waits, cases are
opened whose levers may be moved next.
"""

import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner import __version__
from planner.desk.lane import Lane
from planner.desk.worker import Worker
from planner.errors import PlannerError, Stopped
from planner.process import memory
from planner.results import Results
from planner.stored import load

if TYPE_CHECKING:  # the page's process does without the solver
    from planner.plan import Progress

LANES = max(1, min(os.cpu_count() or 1, memory() // (4 * 2**30), 4))  # each holds cases hot, up to a GiB a case
LIMIT = 8  # jobs that may wait in a lane
KEPT = 200  # plans kept on disk, the latest
REMEMBERED = 100  # jobs whose ending is remembered, and cases whose lane is
AGAIN = 60.0  # s after which a case is asked to be open again
STARTS = "starts"  # the folder of what opens a case quickly; no fingerprint is called so
SHARE = {
    "read": 0.02,
    "build": 0.06,
    "frozen operation": 0.12,
    "free plan": 0.2,
    "plan": 0.4,
    "prices": 0.9,
    "lowest reachable": 0.6,
    "options": 0.5,
    "whole year": 0.92,
    "all hours": 0.93,
    "measures": 0.94,
    "alternatives": 0.95,
}  # of the bar, at its start
log = logging.getLogger(__name__)


class Busy(Exception):
    """Too many jobs are waiting; the argument is their number."""


@dataclass(eq=False)
class Job:
    """One plan being made in a lane, for the visitors in ``waiting``. Pages read it; only the lane's thread writes, ``cancel`` sets a flag."""

    fingerprint: str
    case: str
    changes: tuple[tuple[str, str], ...]
    before: str = ""  # fingerprint of the plan it is compared with
    forced: tuple[str, float] | None = None  # an option, and how much of it there must be at least
    lane: Lane | None = None
    waiting: set[str] = field(default_factory=set)
    created: float = field(default_factory=time.monotonic)
    started: float | None = None
    ended: float | None = None
    progress: "Progress | None" = None
    error: Exception | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def finished(self) -> bool:
        """It will not change any more."""
        return self.ended is not None

    @property
    def phase(self) -> str:
        """What is being done: queued, read, or a phase of the solve."""
        return "queued" if self.started is None else self.progress.phase if self.progress else "read"

    @property
    def seconds(self) -> float:
        """How long it has been at work."""
        return (self.ended or time.monotonic()) - (self.started or self.created)

    @property
    def fraction(self) -> float:
        """For the progress bar: nobody knows when a proof ends, so each phase creeps towards the next."""
        marks = [*SHARE.values(), 0.98]
        start = SHARE.get(self.phase, 0.0)
        following = min((m for m in marks if m > start), default=1.0)
        return start + (following - start) * (1 - 0.5 ** (self.seconds / 20)) if self.started else 0.0

    def cancel(self) -> None:
        """Ask for the best plan found so far."""
        self.cancelled.set()

    def hear(self, progress: "Progress") -> None:
        """Take the solver's progress."""
        self.progress = progress


class JobManager:
    """Runs jobs, those of a case one after the other, and keeps their plans in ``root``.

    ``make``: what a job does, ``warm``: what opening a case does, for tests to replace.
    """

    def __init__(
        self, root: Path, make: Callable[[Job, Path], None] | None = None, warm: Callable[..., None] | None = None, lanes: int = LANES
    ) -> None:
        self.root, self.make, self.warm, self.opens = root, make, warm, make is None or warm is not None
        self.lanes = [Lane(Worker(starts(root), lanes)) for _ in range(lanes)]
        self.homes: dict[str, Lane] = {}  # case -> its lane, the latest new one last
        self.opened: dict[str, float] = {}  # case -> when it was last asked to be open
        self.hot: set[str] = set()  # cases that were opened: their next plans come soon
        self.lock = threading.Lock()
        self.jobs: dict[str, Job] = {}
        self.loaded: dict[str, tuple[int, Results]] = {}

    def submit(
        self,
        fingerprint: str,
        case: str,
        changes: Sequence[tuple[str, str]],
        visitor: str = "",
        before: str = "",
        forced: tuple[str, float] | None = None,
    ) -> Job:
        """The job of ``fingerprint``: the one at work if there is one, else a new one. Raises Busy.

        ``visitor`` waits for this one from now on and for no other; jobs that nobody waits for any more are stopped.
        ``before``: fingerprint of the plan that this one is compared with. ``forced``: an option, and how much of it the plan must have.
        """
        with self.lock:
            known = self.jobs.get(fingerprint)
            if known is None or known.finished or known.cancelled.is_set():
                lane = self._lane(case)
                number = sum(j.lane is lane for j in self._unfinished())
                if number > LIMIT:
                    raise Busy(number)
                known = self.jobs[fingerprint] = Job(fingerprint, case, tuple(changes), before, forced, lane)
                self._forget()
                lane.put(partial(self._do, known, lane.worker))
                if lane.opening is not None and lane.at != case:
                    lane.opening.set()
            self._leave(visitor, [job for job in self.jobs.values() if job is not known])
            known.waiting.add(visitor)
            return known

    def leave(self, fingerprint: str, visitor: str) -> None:
        """``visitor`` no longer waits for this plan."""
        with self.lock:
            if job := self.jobs.get(fingerprint):
                self._leave(visitor, [job])

    def open(self, case: str) -> None:
        """Open a case while nobody waits, so that its next plan comes quickly."""
        now = time.monotonic()
        with self.lock:
            if self.opens and now - self.opened.get(case, -AGAIN) >= AGAIN:
                self.opened[case] = now
                lane = self._lane(case)
                lane.put(partial(self._open, case, lane), later=True)

    def ahead(self, job: Job) -> int:
        """How many jobs stand before this one in its lane; what was stopped is as good as gone."""
        before = (j for j in self._unfinished() if j.lane is job.lane and j.created < job.created and not j.cancelled.is_set())
        return sum(1 for _ in before) if job.started is None else 0

    def get(self, fingerprint: str) -> Job | None:
        """The job of ``fingerprint``, at work or ended; none where it was stopped because nobody waited: who comes back asks anew."""
        with self.lock:
            job = self.jobs.get(fingerprint)
            return None if job is None or (job.cancelled.is_set() and not job.waiting) else job

    def folder(self, fingerprint: str) -> Path:
        """Where the plan of ``fingerprint`` stands. Another version of the planner may plan otherwise, so it counts."""
        if not fingerprint.isalnum():
            raise ValueError(fingerprint)
        return self.root / __version__ / fingerprint

    def plan(self, fingerprint: str) -> Results | None:
        """The stored plan of ``fingerprint``."""
        return self.load(self.folder(fingerprint))

    def load(self, folder: Path) -> Results | None:
        """A run's folder, read once as long as it stays the same; None where there is none that can be read."""
        try:
            written = (folder / "summary.json").stat().st_mtime_ns
            known = self.loaded.get(str(folder))
            if known is None or known[0] != written:
                known = self.loaded[str(folder)] = (written, load(folder).results)
                for old in list(self.loaded)[:-32]:
                    self.loaded.pop(old, None)
            return known[1]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError):
            log.exception("the run in %s cannot be read", folder)
            return None

    def _leave(self, visitor: str, left: Iterable[Job]) -> None:
        for job in left:
            if not job.finished and visitor in job.waiting:
                job.waiting.discard(visitor)
                if not job.waiting:
                    job.cancel()

    def _forget(self) -> None:
        for old in [f for f, j in self.jobs.items() if j.finished][:-REMEMBERED]:
            del self.jobs[old]

    def _lane(self, case: str) -> Lane:
        """The lane of a case: where it was before, else where least is to be done."""
        if case not in self.homes:
            busy, cases = Counter(j.lane for j in self._unfinished()), Counter(self.homes.values())
            self.homes[case] = min(self.lanes, key=lambda lane: (busy[lane], cases[lane]))
            for old in list(self.homes)[:-REMEMBERED]:
                del self.homes[old]
        return self.homes[case]

    def _unfinished(self) -> list[Job]:
        """Jobs that are at work or waiting."""
        return [j for j in list(self.jobs.values()) if not j.finished]

    def _do(self, job: Job, worker: Worker) -> None:
        job.started = time.monotonic()
        try:
            if not job.cancelled.is_set():
                (self.make or partial(self._made, worker))(job, self.folder(job.fingerprint))
                if not job.waiting and job.cancelled.is_set():  # stopped on its way by nobody's wish to see it
                    shutil.rmtree(self.folder(job.fingerprint), ignore_errors=True)
                self._tidy()
        except PlannerError as error:
            job.error = error
        except Exception as error:  # the thread must live on: the page says that, the log says what
            log.exception("job %s of case %s failed", job.fingerprint[:8], job.case)
            job.error = error
        finally:
            job.ended = time.monotonic()
            job.over.set()

    def _open(self, case: str, lane: Lane) -> None:
        """Open a case; once a plan of another one is waited for in its lane, that comes first."""
        with self.lock:
            lane.at, lane.opening = case, threading.Event()
            if any(j.lane is lane and j.case != case for j in self._unfinished()):
                lane.opening.set()
        try:
            (self.warm or lane.worker.warm)(case, cancelled=lane.opening)
            self.hot.add(case)
        except Stopped:
            lane.put(partial(self._open, case, lane), later=True)
        except Exception:  # whoever asks for its plan is told why
            log.warning("the case %s could not be opened ahead", case, exc_info=True)
        finally:
            with self.lock:
                lane.opening = None

    def _made(self, worker: Worker, job: Job, folder: Path) -> None:
        worker.make(
            job.case,
            job.changes,
            folder,
            hear=job.hear,
            cancelled=job.cancelled,
            before=job.before,
            forced=job.forced,
            wanted=lambda: bool(job.waiting),
        )

    def _tidy(self) -> None:
        """Only the latest plans stay."""
        kept = sorted((p for p in (self.root / __version__).iterdir() if p.name != STARTS), key=_written, reverse=True)
        for old in kept[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def _written(folder: Path) -> float:
    """When a folder was written; one that another lane has just moved or removed is new."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def starts(root: Path) -> Path:
    """Where it is kept what opens cases quickly, in the folder ``root`` of plans."""
    return root / __version__ / STARTS


def cache() -> Path:
    """Where plans are kept between sessions: PLANNER_CACHE, or the platform's cache folder; a temporary one if neither can be written."""
    home = Path.home()
    places = {"win32": os.environ.get("LOCALAPPDATA", str(home / "AppData/Local")), "darwin": str(home / "Library/Caches")}
    usual = Path(places.get(sys.platform, os.environ.get("XDG_CACHE_HOME") or str(home / ".cache"))) / "zero-carbon-factory-planner"
    folder = Path(os.environ.get("PLANNER_CACHE") or usual)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="planner-"))
