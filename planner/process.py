"""Process 进程: work in a process of its own, spoken to through a pipe.

A solver in a process of its own can be stopped at any moment, cannot take the caller down with it, and never shares a
process with another solve. It is given one request after the other and sends back progress, then one answer each.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from planner.errors import PlannerError, SolverFailed

if TYPE_CHECKING:  # not on Windows
    from multiprocessing.context import ForkServerContext, SpawnContext

Phase = Literal[
    "build", "frozen operation", "free plan", "plan", "prices", "lowest reachable", "options", "whole year", "measures", "alternatives", "all hours"
]
Answered = TypeVar("Answered")
GRACE = 1.0  # s for a process to end by itself
BREATH = 1.5  # s after an answer before time between requests is used: whoever asked is busy with it now, and comes first
OUT_OF_MEMORY = 12  # exit code, as the system's error of that name (ENOMEM)
USUAL = 8 * 2**30  # bytes of memory of a machine, where the system does not tell
MEMORY_LIMIT = 8 * 2**30  # bytes of address space for the solver's process
LOADED = ["planner.run", "planner.warm", "planner.whole_year"]  # what they need; loading it takes two seconds, once


@dataclass(frozen=True)
class Progress:
    """Where a solve stands: cost and bound in MCNY, where known."""

    phase: Phase
    seconds: float
    cost: float | None = None
    bound: float | None = None


Listen = Callable[[Progress], bool]


def context() -> "ForkServerContext | SpawnContext":
    """How processes begin: forked off a server that has done nothing but load the solver, where that is safe; anew elsewhere."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(LOADED)
    return made


def begin() -> None:
    """What a process does first: it keeps below its memory, leaves Ctrl-C to its caller, and ends when that is gone."""
    limit_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller hears it, and asks for the best plan
    caller = multiprocessing.parent_process()
    assert caller is not None
    threading.Thread(target=_end_after, args=(caller,), daemon=True).start()


def _end_after(caller: Any) -> None:
    caller.join()
    os._exit(1)  # nobody is left to hear an answer, and a solver does not look up


class Desk(Protocol):
    """What sits in the process: answers requests, and may use the time between them."""

    def answer(self, report: Listen, request: Any) -> Any:
        """The answer to one request. What it raises of PlannerError reaches the caller; anything else ends the process."""

    def idle(self) -> bool:
        """Do one short piece of work nobody waits for; False when there is none."""


class Worker:
    """A process with a desk in it. It starts at the first request, and again after it died or was ended."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self.desk = desk
        self._process: Any = None
        self._pipe: Connection | None = None

    def ask(self, request: Any, *, patience: float, listen: Listen = lambda _: True) -> Any:
        """Send a request and wait for its answer; ``listen`` hears every progress and stops the work by False.

        Raises what the desk raises of PlannerError, and SolverFailed when the process dies or is not done after
        ``patience`` seconds. Stopped work keeps the best it has.
        """
        if not self.alive:
            self._start()
        assert self._pipe is not None
        try:
            self._pipe.send(("ask", request))
            kind, content = _converse(self._pipe, self._process, listen, patience)
        except BaseException:
            self.close()
            raise
        if kind == "failed":
            raise content
        return content

    @property
    def alive(self) -> bool:
        """A process is there."""
        return self._pipe is not None and bool(self._process.is_alive())

    @property
    def memory(self) -> int:
        """Bytes the process holds in memory; 0 where there is none or the system does not tell."""
        if not self.alive:
            return 0
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            return 0

    def close(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
            self._process.join(GRACE)  # it hears that nobody listens, and tidies up
            if self._process.is_alive():
                self._process.terminate()
                self._process.join()

    def _start(self) -> None:
        self.close()
        anew = context()
        here, there = anew.Pipe()
        self._process = anew.Process(target=_serve, args=(there, self.desk), daemon=True)
        self._process.start()
        self._pipe = here
        there.close()


def in_own_process(job: Callable[..., Answered], x: Any, *, patience: float, listen: Listen = lambda _: True, **arguments: Any) -> Answered:
    """Run ``job(x, report=..., **arguments)`` in a process of its own; see Worker.ask."""
    worker = Worker(_Once)
    try:
        return worker.ask((job, x, arguments), patience=patience, listen=listen)  # type: ignore[no-any-return]
    finally:
        worker.close()


class _Once:
    """The desk of a single job."""

    def answer(self, report: Listen, request: Any) -> Any:
        job, x, arguments = request
        return job(x, report=report, **arguments)

    def idle(self) -> bool:
        return False


def _converse(here: Connection, process: Any, listen: Listen, patience: float) -> tuple[str, Any]:
    began = time.monotonic()
    while True:
        try:
            if not here.poll(0.2):
                if time.monotonic() - began > patience:
                    raise SolverFailed(f"the solver did not stop within {patience:.0f} s and was ended")
                continue
            kind, content = here.recv()
            if kind == "progress" and not listen(content):
                _stop(here)
        except KeyboardInterrupt:  # Ctrl-C keeps the best plan found
            _stop(here)
            continue
        except (EOFError, ConnectionError):
            process.join(5)
            raise SolverFailed(f"the solver's process ended early (exit code {process.exitcode}); {_why(process.exitcode)}") from None
        if kind != "progress":
            return kind, content


def _why(code: int | None) -> str:
    """What probably ended a process: Python ends with 1 and has said why; the system kills with a signal what holds too much."""
    if code == 1:
        return 'what it said stands above; a script makes its plans below `if __name__ == "__main__":`, for the process loads it once more'
    return "it may have run out of memory"


def _stop(here: Connection) -> None:
    with suppress(OSError):  # a worker that is gone already may have left its answer behind
        here.send(("stop", None))


def _serve(pipe: Connection, make: Callable[[], Desk]) -> None:
    begin()
    desk, more, breath = make(), True, 0.0
    stopped = False

    def report(progress: Progress) -> bool:
        nonlocal stopped
        stopped = stopped or (pipe.poll() and pipe.recv()[0] == "stop")
        pipe.send(("progress", progress))
        return not stopped

    with suppress(EOFError, BrokenPipeError):  # nobody is there any more
        while True:
            while more and not pipe.poll(breath):
                more, breath = desk.idle(), 0.0
            kind, request = pipe.recv()
            if kind == "ask":  # a stop that comes after the answer means nothing
                stopped = False
                try:
                    answer = ("done", desk.answer(report, request))
                except PlannerError as error:
                    answer = ("failed", error)
                except MemoryError:
                    os._exit(OUT_OF_MEMORY)  # what it holds is gone with it
                pipe.send(answer)
                more, breath = True, BREATH


def memory() -> int:
    """Bytes of memory of the machine."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return USUAL


def limit_memory() -> None:
    """Keep this process below MEMORY_LIMIT, where the system can."""
    try:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except (ImportError, ValueError, OSError):
        pass
