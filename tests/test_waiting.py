"""While a plan is made: progress is shown, levers and pages answer, a stop is heard, a process that hears nothing is ended, and two visitors both get theirs.

How long each takes is measured by ``benchmarks visitors`` and ``explorer``; here is whether it happens at all, on a machine however busy.
"""

import os
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from apps import CAP, SLIDER, link, opened, settled, store, words
from test_desk import coarse

from planner import run
from planner.desk import worker
from planner.desk.jobs import Job, JobManager
from planner.desk.worker import Worker
from planner.errors import SolverFailed
from planner.language import say
from planner.plan import Progress
from planner.process import begin

HANGS = 60.0  # s after which something that should have ended has not
TIMES = 20  # repetitions of two visitors at once


def until(true: Any, what: str) -> None:
    """Wait for it. Raises AssertionError where it never comes."""
    end = time.monotonic() + HANGS
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


# Processes in the place of the one that plans ---------------------------------------------------------------------------


def deaf(pipe: Connection, *_: Any) -> None:
    """Takes a request and hears nothing more."""
    begin()
    pipe.recv()
    pipe.send(("progress", Progress("plan", 0.0)))
    time.sleep(600)


def quick(pipe: Connection, *_: Any) -> None:
    """Stores at once a plan by hand of what it is asked, whose folder it names; says three times how far it is."""
    begin()
    while True:
        request = pipe.recv()
        if isinstance(request, str):  # stop or drop, of what is done
            continue
        name, changes, _before, folder, _forced = request
        for seconds in range(3):
            pipe.send(("progress", Progress("plan", float(seconds))))
        store(Job(Path(folder).name, name, changes), Path(folder), asked=[list(change) for change in changes])
        pipe.send(("done", None))


# -- progress and stop ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.full)])
def test_progress_moves_on_and_a_stop_is_acknowledged_before_the_work_has_ended(desk: JobManager, language: str) -> None:
    """Proves: each look at the page says where the work is then; once stop is pressed the button says that it stops and takes no second press,
    though the search is still on its way. A page that waits for the end would look dead meanwhile."""
    steps, go = [threading.Event() for _ in range(2)], threading.Event()

    def slow(job: Job, folder: Path) -> None:
        if job.changes:
            job.hear(Progress("frozen operation", 1.0))
            steps[0].set()
            go.wait(HANGS)
            job.hear(Progress("plan", 2.0, 50_000.0, 49_900.0))
            steps[1].set()
            job.cancelled.wait(HANGS)
            ended.wait(HANGS)
        store(job, folder, status="feasible" if job.changes else "optimal", gap_cny=1e8)

    ended = threading.Event()
    desk.make = slow
    app = opened("play", lang=language)
    app.slider(key=SLIDER).set_value(60)
    app.run()
    assert steps[0].wait(HANGS)
    app.run()
    assert say("solving.frozen operation", language) in app.get("progress")[0].proto.text
    go.set()
    assert steps[1].wait(HANGS)
    app.run()
    assert say("solving.plan", language) in app.get("progress")[0].proto.text
    app.button(key="cancel").click()
    app.run()
    stop = app.button(key="cancel")
    assert stop.disabled and stop.label == say("solving.stopping", language) and not list(desk.jobs.values())[-1].finished
    ended.set()
    settled(app)
    assert not app.get("progress") and len(app.metric) == 4


@pytest.mark.full  # begins processes
def test_a_process_that_does_not_hear_the_stop_is_gone_and_the_next_plan_has_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: after its time of grace the process is ended and nothing of it runs on; whoever asks next is answered."""
    monkeypatch.setattr(worker, "GRACE", 0.2)
    monkeypatch.setattr(worker, "_serve", deaf)
    one, stop, pids = Worker(), threading.Event(), list[int]()
    try:
        with pytest.raises(SolverFailed, match="its process was ended"):
            one.make("battery", (), tmp_path / "a", hear=lambda _: (pids.append(one.process.pid), stop.set()), cancelled=stop)
        with pytest.raises(ProcessLookupError):
            os.kill(pids[0], 0)
        monkeypatch.setattr(worker, "_serve", quick)
        one.make("battery", ((CAP, "0.6"),), tmp_path / "b", hear=lambda _: None, cancelled=threading.Event())
        assert run.load(tmp_path / "b").summary["asked"] == [[CAP, "0.6"]] and one.process.pid != pids[0]
    finally:
        one.end()


# -- levers and pages ----------------------------------------------------------------------------------------------------


def test_levers_and_language_answer_while_a_plan_is_made(desk: JobManager) -> None:
    """Proves: while a plan is on its way the page takes a lever, an undo and the other language; what follows a lever waits behind it or takes its place."""
    go = threading.Event()

    def slow(job: Job, folder: Path) -> None:
        while job.changes and not (go.wait(0.01) or job.cancelled.is_set()):
            pass
        store(job, folder)

    desk.make = slow
    app = opened("play")
    app.slider(key=SLIDER).set_value(60)
    app.run()
    first = list(desk.jobs.values())[-1]
    assert app.get("progress") and not first.finished
    app.toggle(key="follow widget").set_value(False)
    app.run()
    app.slider(key=SLIDER).set_value(55)
    app.run()
    assert link(app)["set"] == [f"{CAP}=0.55"] and not first.finished, "nothing new is asked for, and the first goes on"
    app.button(key="undo").click()
    app.run()
    app.segmented_control(key="language widget").set_value("zh")
    app.run()
    assert link(app) == {"case": ["steel"], "lang": ["zh"], "set": [f"{CAP}=0.6"]} and app.get("progress")
    app.toggle(key="follow widget").set_value(True)
    app.run()
    app.slider(key=SLIDER).set_value(50)
    app.run()
    until(lambda: first.finished, "the plan nobody waits for any more goes on")
    assert app.slider(key=SLIDER).value == 50 and first.cancelled.is_set()
    go.set()
    settled(app)
    assert not app.get("progress") and say("side.changed", "zh") in words(app) and desk.plan(first.fingerprint) is None


# -- two visitors --------------------------------------------------------------------------------------------------------


def both(manager: JobManager, case: str, shares: tuple[float, float]) -> list[Job]:
    """Two visitors ask at the same moment, each for a cap of their own; both have ended."""
    gate, made = threading.Barrier(2), dict[int, Job]()

    def ask(visitor: int) -> None:
        changes = ((CAP, f"{shares[visitor]:.4g}"),)
        gate.wait(HANGS)
        made[visitor] = manager.submit(f"{visitor}x{1e4 * shares[visitor]:.0f}", case, changes, f"visitor {visitor}")

    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGS)
    found = [made[n] for n in range(2)]
    for job in found:
        assert job.over.wait(5 * HANGS), "a plan never ends"
    return found


@pytest.mark.full  # begins processes
def test_two_visitors_at_once_both_get_their_own_plan_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: through queue, thread, pipe and process, twenty times over, nobody hangs and nobody gets the other's answer. The process answers at once."""
    monkeypatch.setattr(worker, "_serve", quick)
    manager = JobManager(tmp_path)
    try:
        for n in range(TIMES):
            for job, share in zip(both(manager, "computing", shares := (0.5 + n / 1000, 0.8 - n / 1000)), shares, strict=True):
                found = manager.plan(job.fingerprint)
                assert job.error is None and found is not None and found.summary["asked"] == [[CAP, f"{share:.4g}"]]
        assert all(job.finished for job in manager.jobs.values()) and [
            lane.worker.process.is_alive() for lane in manager.lanes if lane.worker.process
        ] == [True]
    finally:
        for lane in manager.lanes:
            lane.worker.end()


@pytest.mark.full
def test_two_visitors_at_once_both_get_their_plan_from_the_solver(tmp_path: Path) -> None:
    """The same with the real solver on a hot case: each plan is audited, keeps its own cap, and none of them hangs."""
    manager, battery = JobManager(tmp_path / "cache"), coarse("battery", tmp_path)
    try:
        for n in range(TIMES):
            for job, share in zip(both(manager, battery, shares := (0.5 + n / 1000, 0.8 - n / 1000)), shares, strict=True):
                found = manager.plan(job.fingerprint)
                assert job.error is None and found is not None and found.summary["audit"]["passed"]
                caps = found["caps"]
                limit = caps[(caps["name"] == "total") & (caps["year"] == 2030)]["limit"].iloc[0]
                assert limit == pytest.approx(share * 263915.3, rel=1e-6) and found.summary["emissions_last_t"] <= limit * (1 + 1e-6)
    finally:
        for lane in manager.lanes:
            lane.worker.end()
