"""What visitors keep: scenarios as a tree, cases of their own, each visitor for themselves; and the page that shows it."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from apps import CAP, link, opened, settled, store, words

from planner.desk import choice as choices
from planner.desk import kept, visitors
from planner.desk.choice import Choice
from planner.desk.jobs import JobManager
from planner.desk.office import Office, Paper
from planner.errors import CaseError
from planner.explorer import ask, papers
from planner.language import say
from planner.workspace import keep

ANN, BOB = (visitors.known_as(name) for name in ("ann", "bob"))
TIGHT = choices.chosen("battery", {CAP: 60.0})
DEAR = TIGHT.but(electricity_price=120.0).edited("finance.inflation", "0.02")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A job manager and workspaces of this test alone, and no shipped runs."""
    one = JobManager(tmp_path / "cache", store)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    monkeypatch.setenv("PLANNER_WORKSPACES", str(tmp_path / "workspaces"))
    yield one


class AtOnce(Office):
    """An office that does everything at once, in this process."""

    def _submit(self, work, *args):  # type: ignore[no-untyped-def]
        from concurrent.futures import Future

        future: Future[object] = Future()
        try:
            future.set_result(work(*args))
        except Exception as error:
            future.set_exception(error)
        return future


# -- keeping -------------------------------------------------------------------------------------------------------


def test_a_scenario_comes_back_as_the_levers_and_numbers_it_was(desk: JobManager) -> None:
    name = kept.save(ANN, "  上限60%, dear   power ", DEAR, "zh")
    assert kept.opened(ANN, name) == (DEAR, []), "a lever comes back as a lever, not as the numbers it moved"
    assert [(k.title, k.depth, k.changes) for k in kept.tree(ANN, "en")] == [
        (choices.shipped("battery").settings["en"], 0, 0),
        ("上限60%, dear power", 1, len(DEAR.changes)),
    ]
    place = visitors.workspace(ANN)
    assert place.read(name).fingerprint == choices.case_of("battery", DEAR.changes).fingerprint, "the terminal reads the same case"
    assert [row["kind"] for row in keep.find(place.folder).rows()] == ["case", "scenario"]


@pytest.mark.full
def test_what_rests_on_the_scenario_opened_tells_only_what_is_new() -> None:
    first = kept.save(ANN, "tight", TIGHT, "en")
    second = kept.save(ANN, "tight and dear", DEAR, "en", opened=first)
    parent, changes = visitors.workspace(ANN).own(second)
    assert parent == first and (CAP, "0.6") not in changes and ("finance.inflation", "0.02") in changes
    assert kept.opened(ANN, second) == (DEAR, [])
    loose = kept.save(ANN, "another cap", choices.chosen("battery", {CAP: 80.0}).edited("finance.inflation", "0.02"), "en", opened=second)
    assert (
        visitors.workspace(ANN).resolved(loose)[1] == (("finance.inflation", "0.02"), (CAP, "0.8")) or visitors.workspace(ANN).own(loose)[0] == second
    )
    assert visitors.workspace(ANN).read(loose)["finance.inflation"] == 0.02 and kept.opened(ANN, loose)[0].levers[CAP].default == 50
    assert [(k.title, k.depth) for k in kept.tree(ANN, "en")][1:] == [("another cap", 1), ("tight", 1), ("tight and dear", 2)]


def test_visitors_do_not_see_each_other_and_a_link_is_no_key() -> None:
    kept.save(ANN, "mine", TIGHT, "en")
    assert kept.tree(BOB, "en") == [] and not visitors.workspace(BOB).folder.exists(), "looking makes no folder"
    with pytest.raises(CaseError):
        kept.opened(BOB, "battery")
    folder = kept.folder_for(ANN, "My works")
    visitors.workspace(ANN).add("battery", folder.name)
    mine = kept.added(ANN, folder)
    assert (
        mine.case == f"{ANN}/{folder.name}" and folder.name.startswith("my_works_") and kept.cases_of(ANN) == [mine.case] and kept.cases_of(BOB) == []
    )
    there = choices.to_url(mine.but(**{CAP: 60.0}), "en")
    assert there["case"] == [f"own.{folder.name}"] and ANN not in str(there)
    assert choices.from_url(there, ANN)[0].case == mine.case and choices.from_url(there, ANN)[2] == []
    assert choices.from_url(there, BOB)[0].case == "steel" and choices.from_url(there, BOB)[2][0] == f"case=own.{folder.name}"
    assert choices.from_url({"case": [mine.case]}, BOB)[0].case == "steel", "nor by the folder's name"
    for name in ("../ann", "", ANN.upper(), "x" * 32):
        with pytest.raises(KeyError):
            visitors.workspace(name)


@pytest.mark.full
@pytest.mark.parametrize(
    ("title", "what"),
    [("", "a title of 0 signs"), ("x" * 61, "a title of 61 signs"), ("a\u202eb", "a title of 3 signs"), ("mine", "is called so already")],
)
def test_titles_that_cannot_be_are_refused(title: str, what: str) -> None:
    kept.save(ANN, "mine", TIGHT, "en")
    with pytest.raises(CaseError, match=what):
        kept.save(ANN, title, DEAR, "en")
    name = kept.save(ANN, '../../etc/"passwd"\\', DEAR, "en")
    assert (visitors.workspace(ANN).folder / "scenarios" / f"{name}.toml").is_file() and kept.opened(ANN, name)[0] == DEAR
    with pytest.raises(CaseError, match="nothing is changed"):
        kept.save(ANN, "nothing", Choice("battery"), "en")


@pytest.mark.full
def test_there_is_a_limit_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "SCENARIOS", 1)
    kept.save(ANN, "one", TIGHT, "en")
    with pytest.raises(CaseError, match="1 are kept already"):
        kept.save(ANN, "two", DEAR, "en")
    monkeypatch.setattr(visitors, "SCENARIOS", 9)
    monkeypatch.setattr(visitors, "LARGEST", 10)
    with pytest.raises(CaseError, match="delete some first"):
        kept.save(ANN, "two", DEAR, "en")
    monkeypatch.setattr(visitors, "LARGEST", 1e9)
    monkeypatch.setattr(visitors, "ALL", 10)
    with pytest.raises(CaseError, match="full"):
        kept.save(BOB, "two", DEAR, "en")
    monkeypatch.setenv("PLANNER_WORKSPACES", "/dev/null/x")
    with pytest.raises(CaseError, match="cannot be written"):
        kept.save(BOB, "two", DEAR, "en")


@pytest.mark.full
def test_nothing_is_taken_away_from_under_another_and_titles_change_alone() -> None:
    first = kept.save(ANN, "tight", TIGHT, "en")
    second = kept.save(ANN, "dear", DEAR, "en", opened=first)
    with pytest.raises(CaseError, match="1 scenarios rest on it"):
        kept.remove(ANN, first)
    kept.rename(ANN, first, "tighter")
    assert [k.title for k in kept.tree(ANN, "en")][1:] == ["tighter", "dear"] and kept.opened(ANN, first) == (TIGHT, [])
    for name in (second, first, "battery"):
        kept.remove(ANN, name)
    assert kept.tree(ANN, "en") == []
    with pytest.raises(CaseError, match="there is no case or scenario"):
        kept.remove(ANN, "battery")


@pytest.mark.full
def test_a_scenario_whose_numbers_are_gone_says_which(tmp_path: Path) -> None:
    name = kept.save(ANN, "tight", TIGHT.edited("finance.inflation", "0.02"), "en")
    path = visitors.workspace(ANN).scenarios()[name]
    path.write_text(path.read_text().replace("finance.inflation", "finance.flation"))
    with pytest.raises(CaseError, match="flation"):
        visitors.workspace(ANN).read(name)
    there, lost = kept.opened(ANN, name)
    assert there == TIGHT and lost == ["finance.flation=0.02"]


# -- the page ------------------------------------------------------------------------------------------------------


def test_a_scenario_is_kept_opened_and_deleted_on_the_page(desk: JobManager) -> None:
    app = opened("scenarios", case="battery", set=[f"{CAP}=0.6"])
    assert say("scenarios.none", "en") in words(app)
    app.text_input(key="keep title").set_value("tight")
    app.button(key="keep save").click()
    settled(app)
    name = app.session_state["opened"]
    assert "**tight**" in words(app) and "not planned yet" in words(app)
    app.button(key="reset").click()
    settled(app)
    assert "set" not in link(app)
    app.button(key=f"open-{name}").click()
    settled(app)
    assert link(app)["set"] == [f"{CAP}=0.6"] and (CAP, "0.6") in [c for job in desk.jobs.values() for c in job.changes]
    assert "9.5 bn CNY" in words(app), "its plan was made and is told"
    app.text_input(key=f"title-{name}").set_value("")
    app.button(key=f"rename-{name}").click()
    app.run()
    assert "1 to 60 signs" in words(app)
    app.button(key=f"delete-{name}").click()
    settled(app)
    assert say("scenarios.none", "en") in words(app)


@pytest.mark.full
def test_what_is_chosen_becomes_a_case_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    one = AtOnce()
    monkeypatch.setattr(papers, "office", lambda: one)
    app = opened("scenarios", case="battery", set=[f"{CAP}=0.6"], edit=["finance.inflation=0.02"])
    app.text_input(key="own title").set_value("My plant")
    app.button(key="own make").click()
    settled(app)
    assert link(app)["case"][0].startswith("own.my_plant_") and "set" not in link(app) and app.title[0].value == "My plant"
    mine = choices.shipped(app.session_state["case"])
    assert mine["finance.inflation"] == 0.02 and next(r["share"] for r in mine.tables["caps"] if r["cap"] == "total" and r["year"] == 2030) == 0.6
    assert "My plant" in app.selectbox(key="case widget en").options


def test_a_paper_is_asked_for_once_and_a_process_that_died_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    office, made = AtOnce(), []
    assert [office.ask("a", made.append, 1), office.ask("a", made.append, 2)][0].done and made == [1]
    assert isinstance(office.ask("b", int, "x").error, ValueError) and office.ask("b", int, "3").result() == 3, "a failure may be tried again"
    office.forget("a")
    assert office.get("a") is None and isinstance(office.get("b"), Paper)


@pytest.mark.full
def test_papers_are_made_in_a_process_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # pages tested before leave their script there
    office = Office()
    try:
        first = office.ask("a", os.getpid).result(60)
        assert first != os.getpid() and office.ask("b", os.getpid).result(60) == first
        os.kill(first, signal.SIGKILL)
        with pytest.raises(Exception, match="terminated"):
            office.ask("c", os.getpid).result(60)
        assert office.ask("c", os.getpid).result(60) not in (first, os.getpid())
    finally:
        office.end()
