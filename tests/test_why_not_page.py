"""Why not, as a page: any option can be forced, in the job process, and what changes stands beside it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from apps import cheaper, opened, settled, store, words
from streamlit.testing.v1 import AppTest

from planner.desk import forcing
from planner.desk.jobs import Job, JobManager
from planner.errors import NoPlanExists
from planner.explorer import ask
from planner.why.forced import IMPOSSIBLE


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """Jobs that answer at once; what is forced costs 1 bn CNY less here (by hand), and has ground PV for the roof."""

    def make(job: Job, folder: Path) -> None:
        if job.forced and job.forced[1] > 100:
            raise NoPlanExists(IMPOSSIBLE)
        if job.forced:
            cheaper(Job(job.fingerprint, job.case, (("forced", "yes"),)), folder)
        else:
            store(job, folder)

    one = JobManager(tmp_path / "cache", make)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    yield one


def pick(app: AppTest, size: float) -> AppTest:
    app.selectbox(key=f"steel:forced {app.session_state['language']}").set_value("wind_direct")
    app.run()
    app.number_input(key="steel:forced:wind_direct").set_value(size)
    app.run()
    app.button(key="force").click()
    return settled(app)


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("With at least 60 MW", "**Entered** Ground PV", "**Left** Rooftop PV", "before: 9.5 bn CNY")),
    ("zh", ("至少60 MW时，与原方案相比", "地面光伏", "之前：95.00亿元")),
])  # fmt: skip
def test_an_option_is_forced_and_the_difference_told(desk: JobManager, language: str, said: tuple[str, ...]) -> None:
    """Proves: the job names option and size, the plan on the other pages stays what it was, and the same question is asked once."""
    app = pick(opened("why_not", lang=language), 60.0)
    assert all(one in words(app) for one in said), words(app)
    assert [job.forced for job in desk.jobs.values()] == [None, ("wind_direct", 60.0)] and len(app.metric) == 4
    app.run()
    assert len(desk.jobs) == 2
    case, job = list(desk.jobs.values())
    assert job.fingerprint == forcing.name_of(case.fingerprint, "wind_direct", 60.0)
    assert ask.manager().plan(case.fingerprint).summary["objective_cny"] == 9.5e9  # type: ignore[union-attr]


def test_what_no_plan_can_have_is_said(desk: JobManager) -> None:
    app = pick(opened("why_not"), 120.0)
    assert "No plan has so much of it in service" in app.error[0].value and app.button(key="force")


def test_the_work_shows_its_progress_and_stops(desk: JobManager) -> None:
    going, answer = threading.Event(), desk.make

    def slow(job: Job, folder: Path) -> None:
        if job.forced:
            going.set()
            job.cancelled.wait(30)
        answer(job, folder)

    app = opened("why_not")
    desk.make = slow
    app.selectbox(key="steel:forced en").set_value("wind_direct")
    app.run()
    app.button(key="force").click()
    app.run()
    assert going.wait(10)
    app.run()
    assert app.get("progress") and not [b for b in app.button if b.key == "force"]
    app.button(key="cancel").click()
    settled(app)
    assert not app.get("progress")


def test_options_are_those_of_the_case_as_chosen() -> None:
    """Proves: what is closed is no option, and sizes stand in everyday units."""
    known = {o.asset: o for o in forcing.options("battery", ())}
    shut = next(iter(known))
    assert shut not in {o.asset for o in forcing.options("battery", ((f"assets.{shut}.allowed", "no"),))}
    assert all(0 < o.small <= o.largest for o in known.values())
    assert (known["biomass"].small, known["led"].small) == (2, 600), "the smallest size that can be built, else a tenth of 6,000 MWh/a"


def test_the_option_picked_stays_when_the_language_is_switched(desk: JobManager) -> None:
    """Proves: a select box has a key a language, so that it shows the words of that language, and what was picked goes along, there and back."""
    app = opened("why_not")
    app.selectbox(key="steel:forced en").set_value("wind_direct")
    app.run()
    for language in ("zh", "en"):
        app.segmented_control(key="language widget").set_value(language)
        settled(app)
        assert app.selectbox(key=f"steel:forced {language}").value == "wind_direct"
