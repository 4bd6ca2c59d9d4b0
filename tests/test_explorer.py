"""The explorer without a browser and without a solver: pages as functions, jobs that answer at once, links that lie."""

import ast
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_views import by_hand

from planner.errors import CaseError, Finding, NoPlanExists, PlanRefused, SolverFailed, Unreachable
from planner.explorer import ask, jobs, show, state
from planner.explorer.jobs import Busy, Job, JobManager
from planner.language import LANGUAGES, say
from planner.plan import Phase, Progress
from planner.results import Results

CODE = Path(ask.__file__).parent
CAP = "caps.total.2030.share"
SLIDER = f"steel:{CAP}"


def store(job: Job, folder: Path, **summary: Any) -> None:
    """A finished job: results by hand in its folder, as `run.write` leaves them."""
    results = by_hand(fingerprint=job.fingerprint, changes=[f"{k}={v}" for k, v in job.changes], **summary)
    folder.mkdir(parents=True)
    for name, table in results.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(results.summary), encoding="utf-8")


def fails(error: Exception) -> Callable[[Job, Path], None]:
    """A job that answers the case as shipped and fails with any change."""

    def make(job: Job, folder: Path) -> None:
        if job.changes:
            raise error
        store(job, folder)

    return make


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A job manager of this test alone, and no shipped runs."""
    one = JobManager(tmp_path / "cache", store)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    st.cache_resource.clear()
    yield one


def opened(**query: str | list[str]) -> AppTest:
    """The page, opened by a link, once its first plan is there."""

    def script() -> None:
        from planner.explorer import plan

        plan.page()

    app = AppTest.from_function(script, default_timeout=60)
    for key, value in ({"lang": "en"} | query).items():
        app.query_params[key] = value
    return settled(app)


def settled(app: AppTest) -> AppTest:
    """The page after what was just done and after its jobs have ended (timers do not fire here)."""
    app.run()
    for _ in range(200):
        if all(job.finished for job in ask.manager().jobs.values()):
            break
        time.sleep(0.02)
    app.run()
    assert not app.exception
    return app


def link(app: AppTest) -> dict[str, list[str]]:
    """The parameters of the page's own link."""
    return {k: [v] if isinstance(v, str) else v for k, v in app.query_params.items()}


def words(app: AppTest) -> str:
    kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info", "text")
    return "\n".join(str(e.value) for kind in kinds for e in getattr(app, kind))


# -- the page ------------------------------------------------------------------------------------------------------


def test_the_first_opening_makes_the_plan_and_shows_the_answer(desk: JobManager) -> None:
    app = opened()
    assert [m.value for m in app.metric] == ["−500 M CNY", "400 kt CO₂/yr", "1.2 bn CNY", "0.4%"]
    assert [s.value for s in app.subheader] == ["Emissions", "Roadmap", "Costs", "Electricity of a day", "What this rests on"]
    assert "emits 40% less" in words(app) and "Rooftop PV" in words(app) and "ERA5" in words(app)
    charts = app.get("plotly_chart")
    assert len(charts) == 4 and all(c.proto.alt and c.proto.theme == "" for c in charts)
    assert "kt CO₂/yr" in [a["text"] for a in json.loads(charts[0].proto.spec)["layout"]["annotations"]]
    assert len(app.get("download_button")) == 4 and len(app.dataframe) == 4
    assert len(desk.jobs) == 1 and not app.warning and not app.error
    assert app.button(key="solve").disabled, "nothing new to ask for"


def test_the_page_speaks_chinese_and_keeps_everything_else(desk: JobManager) -> None:
    app = opened(set=[f"{CAP}=0.6"])
    app.segmented_control(key="language").set_value("zh")
    settled(app)
    assert [s.value for s in app.subheader] == ["排放", "路线图", "成本", "典型日用电", "依据与局限"]
    assert app.metric[2].value == "12.00亿元" and app.slider(key=SLIDER).value == 60 and "光伏出力" in words(app)
    assert link(app) == {"case": ["steel"], "lang": ["zh"], "set": [f"{CAP}=0.6"]}
    english = [line for line in words(app).splitlines() if re.search(r"[a-z]{4,} [a-z]{4,} [a-z]{4,}", line)]
    assert not english, english


def test_a_moved_lever_leaves_the_old_plan_and_says_so_until_it_is_solved(desk: JobManager) -> None:
    app = opened()
    app.slider(key=SLIDER).set_value(60.0)
    settled(app)
    assert len(desk.jobs) == 1, "moving a lever solves nothing"
    assert "Shown is the previous plan" in app.warning[0].value and "cap 2030 60%" in app.warning[0].value
    assert len(app.metric) == 4 and not app.button(key="solve").disabled
    app.button(key="solve").click()
    settled(app)
    assert [job.changes for job in desk.jobs.values()] == [(), ((CAP, "0.6"),)] and not app.warning
    assert "1 changed" in words(app)
    assert app.button(key="solve").disabled, "what is solved is not asked for again"
    app.button(key="reset").click()
    settled(app)
    assert "as shipped" in words(app) and len(desk.jobs) == 2 and app.slider(key=SLIDER).value == 70


def test_another_factory_is_one_choice_away_and_comes_back_as_it_was(desk: JobManager) -> None:
    app = opened(set=[f"{CAP}=0.6"])
    app.selectbox(key="case").set_value("battery")
    settled(app)
    assert "Jiangsu" in app.title[0].value and link(app) == {"case": ["battery"], "lang": ["en"]}
    app.selectbox(key="case").set_value("steel")
    settled(app)
    assert app.slider(key=SLIDER).value == 60


def test_work_in_progress_shows_its_phase_its_gap_and_a_stop(desk: JobManager) -> None:
    go, reached = threading.Event(), threading.Event()

    def slow(job: Job, folder: Path) -> None:
        if job.changes:
            assert job.hear(Progress("plan", 3.0, 50_000.0, 49_900.0))
            reached.set()
            while job.hear(Progress("plan", 4.0, 50_000.0, 49_900.0)):
                go.wait(0.02)
            store(job, folder, status="feasible", gap_cny=1e8)
        else:
            store(job, folder)

    desk.make = slow
    app = opened()
    app.slider(key=SLIDER).set_value(60.0)
    app.run()
    app.button(key="solve").click()
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


def test_caps_that_cannot_be_met_say_what_can_and_a_button_goes_there(desk: JobManager) -> None:
    desk.make = fails(NoPlanExists("no", [Unreachable("total", 2030, 474e3, (3.6e6, 3.671e6), None)]))
    app = opened(set=[f"{CAP}=0.05"])  # no plan at all is stored: the link's own is made
    assert "asked for at most 474 kt CO₂/yr; the lowest reachable is 3,671 kt CO₂/yr, which is 3,197 kt CO₂/yr more" in app.error[0].value
    app.button(key="adopt").click()
    settled(app)
    base = state.shipped("steel").settings["base_year.emissions"]
    reached = app.slider(key=SLIDER).value
    assert 3.671e6 <= reached / 100 * base < 3.671e6 + 0.0011 * base and link(app)["set"] == [f"{CAP}={reached / 100:.9g}"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CaseError([Finding("steel/case.toml", "there is no price zone 'x'", "y")]), "These settings do not fit the factory"),
        (NoPlanExists("no plan meets all caps together, though each could be met alone; relax one of them"), "each could be met alone"),
        (SolverFailed("the solver ended without a plan"), "The solver gave no plan"),
        (PlanRefused(["heat: 3 MW"]), "did not pass its audit"),
        (RuntimeError("secret /path"), "noted in the server's log"),
    ],
)  # fmt: skip
def test_errors_are_pages_without_traces(desk: JobManager, error: Exception, said: str) -> None:
    desk.make = fails(error)
    app = opened()
    app.slider(key=SLIDER).set_value(60.0)
    app.run()
    app.button(key="solve").click()
    settled(app)
    assert said in app.error[0].value and "Traceback" not in words(app) and "secret" not in words(app)
    assert len(app.metric) == 4, "the previous plan stays on screen"
    if isinstance(error, CaseError):
        assert list(app.dataframe[0].value.iloc[0]) == ["there is no price zone 'x'", "y", "steel/case.toml"]


def test_a_shipped_run_is_shown_at_once_and_an_old_one_says_so(desk: JobManager, tmp_path: Path) -> None:
    def never(job: Job, folder: Path) -> None:
        raise AssertionError("nothing is solved at the first opening")

    store(Job(state.shipped("steel").fingerprint, "steel", ()), tmp_path / "runs" / "steel")
    desk.make = never
    app = opened()
    assert len(app.metric) == 4 and not app.warning and not desk.jobs
    desk.make = store
    store(Job("0" * 64, "battery", ()), tmp_path / "runs" / "battery")
    app = opened(case="battery")
    assert "made with earlier numbers" in app.warning[0].value and not app.button(key="solve").disabled and not desk.jobs
    app.button(key="solve").click()
    settled(app)
    assert not app.warning and len(desk.jobs) == 1


def test_a_link_cannot_open_a_path_or_set_what_is_no_lever(desk: JobManager) -> None:
    app = opened(
        case="../../etc", lang="en", set=["site.pv_file=/etc/passwd", f"{CAP}=7", f"{CAP}=nan", "finance.carbon_price=a", "site.province=atlantis"]
    )
    said = app.warning[0].value.replace("\\", "")
    assert all(one in said for one in ("case=../../etc", "site.pv_file=/etc/passwd", f"{CAP}=7 → 1", "share=nan", "carbon_price=a", "atlantis"))
    assert link(app) == {"case": ["steel"], "lang": ["en"], "set": [f"{CAP}=1"]}
    assert all(key != "site.pv_file" for job in desk.jobs.values() for key, _ in job.changes)


def test_the_entry_script_runs_and_stays_silent_in_the_solvers_process(desk: JobManager) -> None:
    root = CODE.parent.parent
    if not (root / "app.py").is_file():
        pytest.skip("app.py is not beside the package (installed elsewhere)")
    app = settled(AppTest.from_file(str(root / "app.py"), default_timeout=60))
    assert len(app.metric) == 4
    tree = ast.parse((root / "app.py").read_text(encoding="utf-8"))
    assert [type(node) for node in tree.body] == [ast.Expr, ast.If], "a docstring and the guard: spawned processes read this file"


# -- state ---------------------------------------------------------------------------------------------------------


def test_a_choice_and_its_link_are_the_same_thing() -> None:
    choice = state.chosen("steel", "zh", {CAP: 60.0, "finance.discount_rate": 7.0, "site.province": "hubei"})
    assert choice.changes == ((CAP, "0.6"), ("site.province", "hubei"), ("site.zone", "hubei")), (
        "unchanged levers are no change; a province brings its zone"
    )
    again, unusable = state.from_url(state.to_url(choice), "en")
    assert again == choice and not unusable


def test_text_from_data_is_no_markup_and_no_formula() -> None:
    assert show.plain("<b>*x*</b> [a](b) $1") == r"\<b\>\*x\*\</b\> \[a\]\(b\) \$1"
    table = pd.DataFrame({"a": ["=1+1", "+x", "fine", "−5%"], "b": [-1.0, 2.0, 3.0, 4.0]})
    assert show.csv_of(table).decode("utf-8-sig") == "a,b\n'=1+1,-1.0\n'+x,2.0\nfine,3.0\n−5%,4.0\n"


def test_pages_hold_no_sentence_of_their_own() -> None:
    for file in CODE.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
        docs = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, kinds)}
        said = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value not in docs]
        assert not [s for s in said if re.search("[一-鿿]", s)], file


# -- jobs ----------------------------------------------------------------------------------------------------------


def test_the_same_question_is_one_job_and_the_queue_has_an_end(tmp_path: Path) -> None:
    go, running = threading.Event(), []

    def make(job: Job, folder: Path) -> None:
        running.append(job)
        assert sum(not j.finished and j.started is not None for j in list(desk.jobs.values())) == 1, "one at a time"
        go.wait(10)
        store(job, folder)

    desk = JobManager(tmp_path, make)
    first = desk.submit("a1", "steel", ())
    assert desk.submit("a1", "steel", ()) is first
    for n in range(jobs.LIMIT):
        desk.submit(f"b{n}", "steel", ())
    with pytest.raises(Busy):
        desk.submit("c", "steel", ())
    assert desk.submit("a1", "steel", ()) is first, "a known question is never refused"
    go.set()
    for job in list(desk.jobs.values()):
        while not job.finished:
            time.sleep(0.01)
    assert len(running) == jobs.LIMIT + 1 and desk.plan("a1") is not None and desk.plan("zz") is None
    assert desk.plan("a1") is desk.plan("a1"), "read once"
    with pytest.raises(ValueError):
        desk.folder("../a")


def test_a_stop_is_told_once_and_a_fault_does_not_end_the_worker(tmp_path: Path) -> None:
    job = Job("a", "steel", ())
    assert job.phase == "queued" and job.fraction == 0 and job.hear(Progress("build", 0.0))
    job.cancel()
    assert [job.hear(Progress("plan", 1.0)) for _ in range(3)] == [False, True, True]
    desk = JobManager(tmp_path, fails(RuntimeError("broken")))
    broken, whole = desk.submit("a1", "steel", (("x", "1"),)), desk.submit("b1", "steel", ())
    while not whole.finished:
        time.sleep(0.01)
    assert isinstance(broken.error, RuntimeError) and whole.error is None and desk.plan("b1") is not None
    job = replace(job, started=time.monotonic(), progress=Progress("plan", 1.0))
    assert jobs.SHARE["plan"] <= job.fraction < jobs.SHARE["prices"]


def test_plans_are_kept_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "here"))
    assert jobs.cache() == tmp_path / "here" and (tmp_path / "here").is_dir()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "file" / "x"))
    assert jobs.cache().is_dir(), "where nothing can be written, a temporary folder"


def test_a_broken_run_is_no_plan(tmp_path: Path) -> None:
    desk = JobManager(tmp_path, store)
    desk.folder("a1").mkdir(parents=True)
    (desk.folder("a1") / "summary.json").write_text("{")
    found: Results | None = desk.plan("a1")
    assert found is None


def test_every_phase_of_a_solve_has_words_and_a_place_on_the_bar() -> None:
    phases = get_args(Phase)
    assert all(say(f"solving.{phase}", code) for phase in (*phases, "queued", "read") for code in LANGUAGES)
    assert set(phases) | {"read"} == set(jobs.SHARE)
