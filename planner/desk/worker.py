"""Worker 求解进程: plans made in a process of its own, which can be ended at any moment.

Reading a case, the solver and the audit load libraries and keep a processor busy; in a process of their own they neither
slow the pages nor take them along when they die. The process stays for the next plan and keeps cases hot. Whoever cancels
gets the best plan found so far; a process that does not listen, takes too long or dies is replaced.
"""

import atexit
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from planner.desk.levers import Changes
from planner.errors import PlannerError, SolverFailed
from planner.process import begin, context

if TYPE_CHECKING:  # the page's process does without the solver
    from planner.plan import Progress

MINUTE = 60.0  # s between looks at what nobody asked about for long
LOOK = 0.1  # s between looks at pipe and cancellation
GRACE = 15.0  # s a cancelled plan may take to be finished and audited
PATIENCE = 3600.0  # s for a plan, whatever happens
log = logging.getLogger(__name__)


class Worker:
    """A process that makes plans one after the other. Used by one thread. starts: where it keeps what opens a case quickly; workers: that share the machine."""

    def __init__(self, starts: Path | None = None, workers: int = 1) -> None:
        self.starts, self.workers = starts, workers
        self.process: Any = None
        self.pipe: Connection | None = None

    def make(
        self,
        case: str,
        changes: Changes,
        folder: Path,
        *,
        hear: "Callable[[Progress], object]",
        cancelled: Event,
        before: str = "",
        forced: tuple[str, float] | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Write the plan to ``folder``. before: fingerprint of the plan it is compared with. forced: an option, and how much of it there must be.

        A cancelled plan that is not ``wanted`` either is left where it stands. Raises PlannerError, and RuntimeError where the program itself failed.
        """
        self._ask((case, changes, before, str(folder), forced), hear, cancelled, wanted)

    def warm(self, case: str, *, cancelled: Event) -> None:
        """Open a case, so that its next plan comes quickly. Raises what ``make`` raises."""
        self._ask((case, None, "", "", None), lambda _: None, cancelled)

    def _ask(
        self,
        request: tuple[str, Changes | None, str, str, tuple[str, float] | None],
        hear: "Callable[[Progress], object]",
        cancelled: Event,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        pipe = self._open()
        began, told = time.monotonic(), 0.0
        try:
            pipe.send(request)
            while True:
                if cancelled.is_set() and not told:
                    told = time.monotonic()
                    pipe.send("stop" if wanted() else "drop")
                now = time.monotonic()
                if (told and now - told > GRACE) or now - began > PATIENCE:
                    raise SolverFailed(f"the plan was not finished after {now - began:.0f} s and its process was ended")
                if pipe.poll(LOOK):
                    kind, content = pipe.recv()
                    if kind == "progress":
                        hear(content)
                    elif kind == "done":
                        return
                    else:
                        break
        except (EOFError, OSError):
            self.end()
            raise SolverFailed("the process that made the plan ended early; it may have run out of memory") from None
        except SolverFailed:
            self.end()
            raise
        raise content

    def end(self) -> None:
        """End the process, and whatever it started with it."""
        if self.process is not None:
            self.process.kill()  # what it started ends with it
            self.process.join(5)
        if self.pipe is not None:
            self.pipe.close()
        self.process = self.pipe = None

    def _open(self) -> Connection:
        if self.pipe is None or not self.process.is_alive():
            self.end()
            anew = context()
            self.pipe, there = anew.Pipe()
            self.process = anew.Process(target=_serve, args=(there, self.starts, self.workers))
            self.process.start()
            there.close()
            atexit.unregister(self.end)
            atexit.register(self.end)
        return self.pipe


def _serve(pipe: Connection, starts: Path | None, workers: int) -> None:
    begin()
    from planner import run
    from planner.desk.solver import Solver

    solver, heard = Solver(starts, workers), ""

    def told() -> str:
        """What was said since the request: nothing; stop, and the best plan is wanted; or drop, and none is."""
        nonlocal heard
        heard = heard or (pipe.recv() if pipe.poll() else "")
        return heard

    def report(progress: "Progress") -> bool:
        pipe.send(("progress", progress))
        return not told()

    with suppress(EOFError, OSError):  # the page's process is gone
        while True:
            while not pipe.poll(MINUTE):
                solver.rest()
            request = pipe.recv()
            if isinstance(request, str):  # a stop that came after the plan was done
                continue
            case, changes, before, folder, forced = request
            heard = ""
            try:
                if changes is None:
                    solver.open(case, report)
                elif forced is None:
                    run.write(solver.plan(case, changes, before, report, lambda: told() != "drop"), Path(folder))
                else:
                    run.write(solver.forced(case, changes, forced, report), Path(folder))
                pipe.send(("done", None))
            except PlannerError as error:
                pipe.send(("failed", error))
            except Exception as error:
                log.exception("a plan of %s failed", case)
                pipe.send(("failed", RuntimeError(type(error).__name__)))
    solver.close()
