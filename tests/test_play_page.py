"""The page where one plays, without a browser and without a solver: levers, what they changed, work in progress, a second tab."""

import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from apps import CAP, SLIDER, cheaper, link, opened, settled, store, words
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from planner.desk import choice as choices
from planner.desk.jobs import Job, JobManager
from planner.errors import Stopped
from planner.explorer import ask, outcome, session
from planner.language import say
from planner.plan import Progress
from planner.results import Results


def test_the_plan_follows_a_lever_and_says_what_entered_and_left(desk: JobManager) -> None:
    desk.make = cheaper
    app = opened("play")
    assert "Move a lever" in words(app) and app.button(key="undo").disabled
    app.slider(key=SLIDER).set_value(60)
    settled(app)
    assert [job.changes for job in desk.jobs.values()] == [(), ((CAP, "0.6"),)]
    assert [(m.value, m.delta) for m in app.metric] == [
        ("8.5 bn CNY", "−1 bn CNY"),
        ("500 kt CO₂/yr", "−100 kt CO₂/yr"),
        ("1.2 bn CNY", "0 CNY"),
        ("0.4%", ""),
    ]
    assert "before: 9.5 bn CNY" in words(app)
    assert "**Entered** Ground PV, 80 MW from 2027" in words(app) and "**Left** Rooftop PV, 80 MW from 2027" in words(app)
    assert "**Moved** New kiln, 2,400 kt/yr from 2029 (before: 2,400 kt/yr from 2028)" in words(app)
    wedge, road = (json.loads(c.proto.spec) for c in app.get("plotly_chart"))
    assert "Plan before" in [t.get("name") for t in wedge["data"]]
    assert road["layout"]["yaxis"]["ticktext"] == ["<b>＋</b> Ground PV", "<b>↔</b> New kiln"]


def test_a_folded_group_of_levers_is_drawn_once_it_is_unfolded_and_stays_so(desk: JobManager) -> None:
    """Of a case's levers those of the caps are there at first. A page that draws all of them is slower by what nobody looks at."""
    app = opened("play", folded=True)
    drawn = {s.key for s in app.slider}
    assert SLIDER in drawn and {choices.levers_by_code("steel")[key.partition(":")[2]].group for key in drawn} == {"caps"}
    app.session_state["group-money"] = True
    settled(app)
    assert "steel:finance.discount_rate" in {s.key for s in app.slider}
    del app.session_state["group-money"]  # as another page, which does not draw it, leaves it
    settled(app)
    assert "steel:finance.discount_rate" in {s.key for s in app.slider}


def test_undo_and_redo_walk_through_what_was_tried_and_solve_nothing_twice(desk: JobManager) -> None:
    app = opened("play")
    for value in (60, 50):
        app.slider(key=SLIDER).set_value(value)
        settled(app)
    app.button(key="undo").click()
    settled(app)
    assert app.slider(key=SLIDER).value == 60 and link(app)["set"] == [f"{CAP}=0.6"]
    app.button(key="undo").click()
    settled(app)
    assert app.slider(key=SLIDER).value == 70 and "set" not in link(app) and app.button(key="undo").disabled
    app.button(key="redo").click()
    app.run()
    app.button(key="redo").click()
    settled(app)
    assert app.slider(key=SLIDER).value == 50 and app.button(key="redo").disabled and len(desk.jobs) == 3


def test_levers_wait_for_the_button_when_the_plan_is_not_to_follow(desk: JobManager) -> None:
    app = opened("play")
    app.toggle(key="follow widget").set_value(False)
    app.slider(key=SLIDER).set_value(60)
    settled(app)
    assert len(desk.jobs) == 1, "moving a lever solves nothing"
    assert "Shown is the previous plan" in app.warning[0].value and "Cap 2030: 60% (as shipped: 70%)" in words(app)
    assert len(app.metric) == 4
    app.button(key="solve").click()
    settled(app)
    assert len(desk.jobs) == 2 and not app.warning and not [b for b in app.button if b.key == "solve"]


def test_all_kinds_of_levers_reach_the_case(desk: JobManager) -> None:
    app = opened("play")
    app.selectbox(key="steel:site.province en").set_value("hubei")
    app.run()
    app.multiselect(key="steel:closed").set_value(["wind_direct"])
    app.run()
    app.multiselect(key="steel:more technologies").set_value(["investment.pv_rooftop"])
    app.run()
    app.slider(key="steel:investment.pv_rooftop").set_value(50)
    app.run()
    app.slider(key="steel:demands.hot_rolled_coil.2030.value").set_value(90)
    app.run()
    app.selectbox(key="steel:caps.total.view en").set_value("market")
    settled(app)
    said = [
        "caps.total.view=market",
        "demands.hot_rolled_coil.2030.value=0.9",
        "site.province=hubei",
        "closed=wind_direct",
        "investment.pv_rooftop=0.5",
    ]
    assert link(app)["set"] == said
    changes = dict(list(desk.jobs.values())[-1].changes)
    assert changes["assets.wind_direct.allowed"] == "no" and changes["technology_values.pv_rooftop.investment.value"] == "1400000", (
        "half of 2.8 million"
    )
    assert changes["site.province"] == "hubei" and float(changes["demands.hot_rolled_coil.2030.value"]) == pytest.approx(0.9 * 4748338)
    app.multiselect(key="steel:more technologies").set_value([])
    settled(app)
    assert link(app)["set"] == said[:-1], "what is taken off the list goes back to the catalogue's number"


def test_work_in_progress_shows_its_phase_its_gap_and_a_stop(desk: JobManager) -> None:
    reached = threading.Event()

    def slow(job: Job, folder: Path) -> None:
        if not job.changes:
            return store(job, folder)
        job.hear(Progress("plan", 3.0, 50_000.0, 49_900.0))
        reached.set()
        job.cancelled.wait(30)
        return store(job, folder, status="feasible", gap_cny=1e8)

    desk.make = slow
    app = opened("play")
    app.slider(key=SLIDER).set_value(60)
    app.run()
    assert reached.wait(10)
    app.run()
    shown = app.get("progress")[0].proto.text
    assert "Cheapest plan under the caps" in shown and "best so far 50 bn CNY, at most 100 M CNY" in shown
    assert len(app.metric) == 4, "the previous plan stays on screen"
    app.button(key="cancel").click()
    settled(app)
    assert "stopped early: a better one could save at most 100 M CNY" in words(app) and not app.get("progress")
    assert not app.button(key="solve").disabled, "it may be solved to the end"


def test_a_lever_moved_past_a_value_can_come_back_to_it(desk: JobManager) -> None:
    """Proves: what was left on the way because the lever went on is planned when the lever comes back; nobody had stopped it."""
    hasty = threading.Event()

    def slow(job: Job, folder: Path) -> None:
        if job.changes and not hasty.is_set():
            job.cancelled.wait(30)
            raise Stopped("nobody waits for this plan any more")
        store(job, folder)

    desk.make = slow
    app = opened("play")
    for share in (62, 61):
        app.slider(key=SLIDER).set_value(share)
        app.run()
    hasty.set()
    app.slider(key=SLIDER).set_value(62)
    settled(app)
    assert "Stopped before a plan was found" not in words(app) and desk.plan(choices.case_of("steel", ((CAP, "0.62"),)).fingerprint) is not None


def test_a_lever_that_goes_on_to_a_known_plan_leaves_what_was_begun_on_its_way(desk: JobManager) -> None:
    """Proves: nobody waits for the plan in between, so its solve ends and takes no time from the page. A page that only left it for a new solve let it run."""
    on_its_way = threading.Event()

    def slow(job: Job, folder: Path) -> None:
        if job.changes:
            on_its_way.set()
            job.cancelled.wait(30)
            raise Stopped("nobody waits for this plan any more")
        store(job, folder)

    desk.make = slow
    app = opened("play")
    app.slider(key=SLIDER).set_value(62)
    app.run()
    assert on_its_way.wait(10)
    app.slider(key=SLIDER).set_value(70)
    app.run()
    (left,) = (job for job in desk.jobs.values() if job.changes)
    assert left.cancelled.is_set() and not app.get("progress") and "set" not in link(app)


def test_a_plan_that_comes_while_the_page_looks_for_it_is_seen(desk: JobManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the plan is looked for a moment before it is there, and its job has ended a moment later: the page goes on looking. A page that saw the end of
    the job and not its plan would stand still, the plan before on it, for ever.
    """
    go, meanwhile, look = threading.Event(), threading.Event(), ask.stored

    def slow(job: Job, folder: Path) -> None:
        if job.changes:
            go.wait(30)
        store(job, folder)

    def just_before(manager: JobManager, name: str, fingerprint: str) -> Results | None:
        found, job = look(manager, name, fingerprint), manager.jobs.get(fingerprint)
        if meanwhile.is_set() and job is not None and not job.finished:
            go.set()
            assert job.over.wait(30)
        return found

    monkeypatch.setattr(ask, "stored", just_before)
    desk.make = slow
    app = opened("play")
    app.slider(key=SLIDER).set_value(60)
    app.run()
    assert app.get("progress")
    meanwhile.set()
    app.run()
    assert go.is_set() and not app.get("progress") and link(app)["set"] == [f"{CAP}=0.6"] and say("stale.title", "en") not in words(app)


def test_a_look_that_brings_the_link_from_before_does_not_take_a_lever_back(desk: JobManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the page looks whether a plan is there, by a message the browser sent before it heard of the new link, and draws itself again: the lever stays
    where it was put. A page that took that link for the browser's way back would take the lever back and never show the plan.
    """
    draw = outcome.progress

    def looked_at_its_end(job: Job, *args: Any, **more: Any) -> None:
        assert job.over.wait(30)
        get_script_run_ctx().query_string = before
        draw(job, *args, **more)

    app = opened("play")
    before = urlencode(app.query_params, doseq=True)
    monkeypatch.setattr(session, "LATE", 0.0)
    monkeypatch.setattr(ask, "SHORTLY", 0.0)
    monkeypatch.setattr(outcome, "progress", looked_at_its_end)
    monkeypatch.setattr(desk, "make", lambda job, folder: (time.sleep(0.3), store(job, folder))[1])
    app.slider(key=SLIDER).set_value(60)
    app.run()
    assert app.slider(key=SLIDER).value == 60 and link(app)["set"] == [f"{CAP}=0.6"] and say("stale.title", "en") not in words(app)


def test_a_second_tab_sees_the_same_job_and_its_end(desk: JobManager) -> None:
    go = threading.Event()

    def slow(job: Job, folder: Path) -> None:
        if job.changes:
            go.wait(30)
        store(job, folder)

    desk.make = slow
    first = opened("play")
    first.slider(key=SLIDER).set_value(60)
    first.run()

    def script() -> None:
        from planner.explorer import play, session

        session.start()
        play.page()

    second = AppTest.from_function(script, default_timeout=60)
    second.query_params.update({"lang": "zh", "set": f"{CAP}=0.6"})
    second.run()
    assert second.get("progress") and sum(bool(j.changes) for j in desk.jobs.values()) == 1, "one job for two tabs"
    go.set()
    settled(second)
    assert not second.get("progress") and "1项改动" in words(second)
