"""The explorer without a browser and without a solver: pages as functions, jobs that answer at once, links that lie."""

import ast
import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from apps import CAP, SLIDER, fails, link, opened, settled, store, words
from streamlit.testing.v1 import AppTest

from planner.desk import choice as choices
from planner.desk.jobs import Job, JobManager
from planner.errors import CaseError, Finding, NoPlanExists, PlanRefused, SolverFailed, Unreachable
from planner.explorer import PAGES, ask, show, text
from planner.language import LANGUAGES, LOCALE, say
from planner.views import GROUPS

CODE = Path(ask.__file__).parent


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
        app.segmented_control(key=f"look-{view.TITLE.partition('.')[0]}").set_value("table")
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
