"""The explorer without a browser and without a solver: pages as functions, jobs that answer at once, links that lie."""

import ast
import csv
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest
from test_desk import CAP, fails, store

from planner.desk import choice as choices
from planner.desk import levers
from planner.desk.jobs import Job, JobManager
from planner.errors import CaseError, Finding, NoPlanExists, PlanRefused, SolverFailed, Stopped, Unreachable
from planner.explorer import PAGES, ask, outcome, session, show, text
from planner.language import LANGUAGES, LOCALE, say
from planner.plan import Progress
from planner.results import Results
from planner.views import GROUPS

CODE = Path(ask.__file__).parent
SLIDER = f"steel:{CAP}"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A job manager of this test alone, and no shipped runs."""
    one = JobManager(tmp_path / "cache", store)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    yield one


def opened(page: str = "answer", folded: bool = False, **query: str | list[str]) -> AppTest:
    """A page, opened by a link, once its first plan is there, with all its groups of levers unfolded, or ``folded`` as a visitor meets them."""

    def script(page: str) -> None:
        from planner.explorer import PAGES, session

        session.start()
        PAGES[f"page.{page}"]()

    app = AppTest.from_function(script, default_timeout=60, args=(page,))
    for group in () if folded else levers.GROUPS:
        app.session_state[f"group-{group}"] = True
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
    return "\n".join(str(e.value) for kind in kinds for e in getattr(app, kind)).replace("\\", "")


# -- the answer ----------------------------------------------------------------------------------------------------


def test_the_first_opening_makes_the_plan_and_shows_the_answer(desk: JobManager) -> None:
    app = opened()
    assert [m.value for m in app.metric] == ["−500 M CNY", "400 kt CO₂/yr", "1.2 bn CNY", "0.4%"]
    assert [s.value for s in app.subheader] == ["Emissions", "Roadmap", "What this rests on"]
    assert "emits 40% less" in words(app) and "25% of it rests on estimates" in words(app) and "ERA5" in words(app)
    assert "A cap 5% tighter in 2030 costs nothing" in words(app)
    charts = app.get("plotly_chart")
    assert len(charts) == 2 and all(c.proto.alt and c.proto.theme == "" for c in charts)
    assert "kt CO₂/yr" in [a["text"] for a in json.loads(charts[0].proto.spec)["layout"]["annotations"]]
    assert len(app.dataframe) == 0, "a table is drawn when somebody looks at it"
    assert len(desk.jobs) == 1 and not app.warning and not app.error and not [b for b in app.button if b.key == "solve"]


@pytest.mark.parametrize("page", [key.removeprefix("page.") for key in PAGES])
def test_every_page_speaks_chinese_and_keeps_everything_else(desk: JobManager, page: str) -> None:
    app = opened(page, set=[f"{CAP}=0.6"])
    app.segmented_control(key="language widget").set_value("zh")
    settled(app)
    assert link(app) == {"case": ["steel"], "lang": ["zh"], "set": [f"{CAP}=0.6"]}
    assert "唐山500万吨长流程钢厂" in words(app) and "2030年上限：60%（初始值70%）" in words(app)
    spoken = words(app) + "\n".join(str(b.label) for b in (*app.button, *app.metric, *app.selectbox, *app.slider, *app.multiselect, *app.radio))
    english = [line for line in spoken.splitlines() if re.search(r"[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}", line)]
    assert not english, english


def test_what_the_account_warns_of_stands_under_the_answer(desk: JobManager) -> None:
    """A plan that electrifies heat on a coal grid: the answer says that emissions rise in the location view."""
    rises = [{"year": 2030, "remark": "electrified", "saved_t": 76.4e3, "added_t": 187.6e3}]
    desk.make = lambda job, folder: store(job, folder, remarks=rises)
    for language, words_of in (("en", "in the location view emissions rise"), ("zh", "基于位置的排放反而上升")):
        assert [words_of in w.value for w in opened(lang=language).warning] == [True]


def test_a_question_is_one_click_and_opens_the_page_where_one_plays(desk: JobManager) -> None:
    app = AppTest.from_file(str(CODE.parent.parent / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    settled(app)
    app.button(key="try-cap").click()
    settled(app)
    assert link(app)["set"] == [f"{CAP}=0.65"] and app.slider(key=SLIDER).value == 65, "five points below the 70 % of the case"
    assert [job.changes for job in desk.jobs.values()] == [(), ((CAP, "0.65"),)]


def test_another_factory_is_one_choice_away_and_comes_back_as_it_was(desk: JobManager) -> None:
    app = opened(set=[f"{CAP}=0.6"])
    app.selectbox(key="case widget en").set_value("battery")
    settled(app)
    assert "Jiangsu" in app.title[0].value and link(app) == {"case": ["battery"], "lang": ["en"]}
    app.selectbox(key="case widget en").set_value("steel")
    settled(app)
    assert link(app)["set"] == [f"{CAP}=0.6"]
    app.button(key="reset").click()
    settled(app)
    assert "set" not in link(app) and "still has the settings that were taken back" in words(app)
    app.button(key="solve").click()
    settled(app)
    assert "as shipped" in words(app) and not app.warning


def test_a_shipped_run_is_shown_at_once_and_an_old_one_says_so(desk: JobManager, tmp_path: Path) -> None:
    def never(job: Job, folder: Path) -> None:
        raise AssertionError("nothing is solved at the first opening")

    store(Job(choices.shipped("steel").fingerprint, "steel", ()), tmp_path / "runs" / "steel")
    desk.make = never
    app = opened()
    assert len(app.metric) == 4 and not app.warning and not desk.jobs
    desk.make = store
    store(Job("0" * 64, "battery", ()), tmp_path / "runs" / "battery")
    app = opened(case="battery")
    assert "made with earlier numbers" in app.warning[0].value and not desk.jobs
    app.button(key="solve").click()
    settled(app)
    assert not app.warning and len(desk.jobs) == 1


def test_a_link_cannot_open_a_path_or_set_what_is_no_lever(desk: JobManager) -> None:
    app = opened(
        case="../../etc", lang="en", set=["site.pv_file=/etc/passwd", f"{CAP}=7", f"{CAP}=nan", "finance.carbon_price=a", "site.province=atlantis"]
    )
    said = app.warning[0].value.replace("\\", "")
    assert all(one in said for one in ("case=../../etc", "site.pv_file=/etc/passwd", "share=nan", "carbon_price=a", "atlantis"))
    assert link(app) == {"case": ["steel"], "lang": ["en"]}
    assert all(key != "site.pv_file" for job in desk.jobs.values() for key, _ in job.changes)


# -- play ----------------------------------------------------------------------------------------------------------


def cheaper(job: Job, folder: Path) -> None:
    """With any change: 1 bn CNY cheaper, no roof, 100 MW of ground instead, and a kiln one year later."""
    store(job, folder)
    if job.changes:
        road = pd.read_csv(folder / "roadmap.csv")
        road.loc[road["asset"] == "roof_pv", ["asset", "en", "zh"]] = ["ground_pv", "Ground PV", "地面光伏"]
        road.loc[(road["asset"] == "kiln"), "year"] = 2029
        road.to_csv(folder / "roadmap.csv", index=False)
        summary = json.loads((folder / "summary.json").read_text())
        (folder / "summary.json").write_text(json.dumps(summary | {"objective_cny": 8.5e9, "emissions_last_t": 5e5}))


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


def test_caps_that_cannot_be_met_say_what_can_and_a_button_goes_there(desk: JobManager) -> None:
    desk.make = fails(NoPlanExists("no", [Unreachable("total", 2030, 474e3, (3.6e6, 3.671e6), None)]))
    app = opened("play", set=[f"{CAP}=0.05"])
    assert "asked for at most 474 kt CO₂/yr; the lowest reachable is 3,671 kt CO₂/yr, which is 3,197 kt CO₂/yr more" in app.error[0].value
    app.button(key="adopt").click()
    settled(app)
    base = choices.shipped("steel").settings["base_year.emissions"]
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
    app = opened("play")
    app.slider(key=SLIDER).set_value(60)
    settled(app)
    assert said in app.error[0].value and "Traceback" not in words(app) and "secret" not in words(app)
    assert len(app.metric) == 4 and len(desk.jobs) == 2, "the previous plan stays on screen, and what failed is not tried again by itself"
    if isinstance(error, CaseError):
        assert list(app.dataframe[0].value.iloc[0]) == ["there is no price zone 'x'", "y", "steel/case.toml"]


# -- understand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_view_answers_its_question_with_chart_table_source_and_download(desk: JobManager, code: str) -> None:
    app = opened("understand", lang=code)
    for group, view in ((name, view) for name, of in GROUPS.items() for view in of):
        if app.segmented_control(key="group widget").value != group:
            app.segmented_control(key="group widget").set_value(group)
            settled(app)
            assert list(app.radio(key="question widget").options) == [say(view.TITLE, code) for view in GROUPS[group]]
        app.radio(key="question widget").set_value(view.TITLE)
        settled(app)
        assert [s.value for s in app.subheader] == [say(view.TITLE, code)] and say(view.SOURCE, code)[:30] in words(app)
        assert len(app.get("plotly_chart")) == 1 and len(app.dataframe) == 0
        app.session_state[f"tabs-{view.TITLE.partition('.')[0]}-{code}"] = say("view.table", code)
        settled(app)
        assert len(app.get("plotly_chart")) == 0 and len(app.dataframe) == 1 and len(app.get("download_button")) == 1


# -- the house -----------------------------------------------------------------------------------------------------


def test_the_entry_script_runs_and_stays_silent_in_the_solvers_process(desk: JobManager) -> None:
    root = CODE.parent.parent
    if not (root / "app.py").is_file():
        pytest.skip("app.py is not beside the package (installed elsewhere)")
    app = settled(AppTest.from_file(str(root / "app.py"), default_timeout=60))
    assert len(app.metric) == 4
    tree = ast.parse((root / "app.py").read_text(encoding="utf-8"))
    assert [type(node) for node in tree.body] == [ast.Expr, ast.If], "a docstring and the guard: spawned processes read this file"


def test_text_from_data_is_no_markup_and_no_formula() -> None:
    assert text.plain("<b>*x*</b> [a](b) $1") == r"\<b\>\*x\*\</b\> \[a\]\(b\) \$1"
    table = pd.DataFrame({"a": ["=1+1", "+x", "fine", "−5%"], "b": [-1.0, 2.0, 3.0, 4.0]})
    assert show.csv_of(table).decode("utf-8-sig") == "a,b\n'=1+1,-1.0\n'+x,2.0\nfine,3.0\n−5%,4.0\n"


def test_pages_hold_no_sentence_of_their_own() -> None:
    for file in CODE.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
        docs = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, kinds)}
        said = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value not in docs]
        assert not [s for s in said if re.search("[一-鿿]", s)], file


def test_no_sentence_loses_its_end_to_a_comma() -> None:
    """Proves: every row of the sentences has the cells of its head; an unquoted comma would put half a sentence where the Chinese stands."""
    for file in LOCALE.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            head, *cells = list(csv.reader(rows))
        assert not [row for row in cells if len(row) != len(head)], file.name
