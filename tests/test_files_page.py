"""The page of files, without a browser: any plan as a report, workbooks out, and a workbook in with its findings by cell."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from apps import link, opened, settled, store, words
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest
from test_kept import AtOnce

from planner import case, paperwork
from planner.desk import choice as choices
from planner.desk import kept, visitors
from planner.desk.jobs import Job, JobManager
from planner.dictionary import DATA
from planner.exchange import book_out
from planner.explorer import ask, files, papers
from planner.language import say
from planner.report import FORMATS


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """The shipped runs, jobs whose plan is the shipped one with another fingerprint, an office that does everything at once."""

    def make(job: Job, folder: Path) -> None:
        store(job, folder)
        copytree(DATA / "runs" / job.case, folder, dirs_exist_ok=True)

    one, office = JobManager(tmp_path / "cache", make), AtOnce()
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(papers, "office", lambda: office)
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PLANNER_WORKSPACES", str(tmp_path / "workspaces"))
    yield one


@pytest.fixture(scope="module")
def book() -> bytes:
    """The workbook of the cell plant."""
    return paperwork.workbook("battery", (), "en")


@pytest.mark.parametrize(("kind", "code"), [("iamc", "zh"), *(pytest.param(k, "en", marks=pytest.mark.full) for k in FORMATS if k != "iamc")])
def test_a_plan_becomes_a_file_in_the_language_of_the_page(kind: str, code: str) -> None:
    app = opened("files", case="battery", lang=code)
    assert app.radio(key="report kind").options == [say(f"files.format.{k}", code) for k in files.REPORTS] and set(files.REPORTS) == set(FORMATS)
    app.radio(key="report kind").set_value(kind)
    app.run()
    app.button(key="report make").click()
    settled(app)
    assert app.get("download_button")[0].label == say("files.download", code) and not app.error
    made = list(papers.place().rglob(f"*-{kind}-{code}.{files.REPORTS[kind][0]}"))
    assert len(made) == 1 and made[0].stat().st_size > 1000
    if kind == "csv":
        with zipfile.ZipFile(made[0]) as packed:
            assert "roadmap.csv" in packed.namelist()
    again = opened("files", case="battery", lang=code)
    again.radio(key="report kind").set_value(kind)
    settled(again)
    assert "report make" not in {b.key for b in again.button}, "it is there for everybody"


def test_a_plan_without_its_case_and_a_report_that_fails_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    store(Job("0" * 64, "battery", ()), tmp_path / "runs" / "battery")
    assert say("files.no_plan", "en") in words(opened("files", case="battery"))
    monkeypatch.undo()

    def fails(*_: object) -> None:
        raise RuntimeError("secret /path")

    office = AtOnce()
    monkeypatch.setattr(papers, "office", lambda: office)
    monkeypatch.setattr(papers, "place", lambda: tmp_path / "papers")
    monkeypatch.setattr(paperwork, "report", fails)
    app = opened("files", case="battery")
    app.button(key="report make").click()
    settled(app)
    assert app.error[0].value == say("paper.failed", "en") and "secret" not in words(app)


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=f"book {app.session_state['uploads']}").set_value((name, content, "application/x"))
    app.run()
    app.button(key="upload take").click()
    return settled(app)


@pytest.mark.parametrize("code", ["zh", pytest.param("en", marks=pytest.mark.full)])
def test_a_damaged_workbook_is_told_by_sheet_and_cell_and_nothing_is_taken_in(book: bytes, code: str) -> None:
    damaged = load_workbook(io.BytesIO(book))
    damaged.remove(next(page for page in damaged.worksheets if page.title.endswith("(settings)")))
    demands = next(page for page in damaged.worksheets if page.title.endswith("(demands)"))
    column = next(n for n in range(1, 9) if demands.cell(1, n).value == "value")
    demands.cell(4, column).value = "20,000"
    content = io.BytesIO()
    damaged.save(content)
    app = upload(opened("files", case="battery", lang=code), "factory.xlsx", content.getvalue())
    found = app.dataframe[0].value
    assert len(found) == 2 and demands.cell(4, column).coordinate in set(found.iloc[:, 1])
    assert say("files.findings", code, number=2) in words(app) and link(app)["case"] == ["battery"]
    assert say("files.marked", code) in [b.label for b in app.get("download_button")]
    assert kept.tree(visitors.known_as(app.session_state["visitor"]), code) == []


@pytest.mark.full
@pytest.mark.parametrize("name", ["", "bomb"])
def test_what_is_no_workbook_is_refused(name: str) -> None:
    app = upload(opened("files", case="battery"), "factory.xlsx", b"PK" + b"0" * 1000 if name else b"hello")
    assert "Nothing was taken in" in words(app) and len(app.dataframe[0].value) == 1


@pytest.mark.full
def test_a_workbook_becomes_a_case_that_every_page_can_use(book: bytes) -> None:
    app = upload(opened("files", case="battery", lang="zh"), "我的工厂.xlsx", book)
    assert link(app)["case"][0].startswith("own.factory_") and app.title[0].value == "我的工厂"
    mine = choices.shipped(app.session_state["case"])
    own = choices.shipped("battery")
    assert {t: len(rows) for t, rows in mine.tables.items()} == {t: len(rows) for t, rows in own.tables.items()}
    assert "我的工厂" in app.selectbox(key="case widget zh").options and "已导入并选中" in app.success[0].value


@pytest.mark.full
def test_an_upload_may_name_no_file_of_the_server(tmp_path: Path) -> None:
    """A workbook that asks for the weather in /etc/passwd is refused at its cell, before anything opens that file."""
    path = book_out.write(case.read("battery", [("site.pv_file", "/etc/passwd")]), tmp_path / "room" / "book.xlsx", "en")
    taken = paperwork.taken_in(path, {}, "mine", tmp_path / "mine", "en")
    assert [f.what for f in taken.findings] == ["site.pv_file names a file"] and taken.findings[0].where.endswith("C17") and taken.marked
    assert not (tmp_path / "mine").exists() and not (tmp_path / "room").exists()
