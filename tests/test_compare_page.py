"""The page that compares, without a browser: shipped plans side by side, what differs first, and what is at hand."""

from pathlib import Path
from shutil import copytree

import pytest
from apps import opened, settled, store, words

from planner.desk.jobs import Job, JobManager
from planner.dictionary import DATA
from planner.explorer import ask
from planner.language import LANGUAGES, say


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JobManager:
    """The shipped runs, and jobs whose plan is the shipped one with another fingerprint."""

    def make(job: Job, folder: Path) -> None:
        store(job, folder)
        copytree(DATA / "runs" / job.case, folder, dirs_exist_ok=True)

    one = JobManager(tmp_path / "cache", make)
    monkeypatch.setattr(ask, "manager", lambda: one)
    return one


@pytest.mark.parametrize("code", LANGUAGES)
def test_steel_stands_against_batteries_with_what_differs_first(desk: JobManager, code: str) -> None:
    app = opened("compare", lang=code)
    assert [Path(v).name for v in app.multiselect(key="compare widget").value] == ["steel", "battery"]
    conditions = app.dataframe[0].value
    marks = conditions.iloc[:, 1].tolist()
    assert marks == sorted(marks, key=lambda m: m == say("compare.same", code)) and marks[0] == say("compare.differs", code)
    boundary = conditions[conditions.iloc[:, 0] == say("compare.boundary", code)].iloc[0, 2]
    assert boundary == say("compare.boundary.direct_energy", code), "in words, no code"
    assert str(marks.count(say("compare.differs", code))) in app.warning[-1].value
    assert [s.value for s in app.subheader] == [
        say(f"compare.{g}", code) for g in ("conditions", "reached", "origin", "money", "depth", "energy", "footprint")
    ]
    assert len(app.get("download_button")) == len(app.dataframe) == 7 and all(len(d.value.columns) == 3 for d in app.dataframe[1:])


def test_one_plan_alone_is_not_compared_and_a_scenario_of_the_session_can_be(desk: JobManager) -> None:
    app = opened("compare", set=["finance.carbon_price=100"])
    app.button(key="solve").click()
    settled(app)
    choose = app.multiselect(key="compare widget")
    assert len(choose.options) == 4 and "Internal carbon price: 100 CNY/t" in choose.options[-1]
    choose.set_value(choose.value[:1])
    settled(app)
    assert say("compare.few", "en") in words(app) and not app.dataframe


def test_a_scenario_that_was_kept_is_at_hand_once_it_is_planned(desk: JobManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_WORKSPACES", str(tmp_path / "workspaces"))
    app = opened("compare", set=["finance.carbon_price=100"])
    app.text_input(key="keep title").set_value("dear carbon")
    app.button(key="keep save").click()
    settled(app)
    assert not [name for name in app.multiselect(key="compare widget").options if "dear carbon" in name], "it has no plan yet"
    app.button(key="solve").click()
    settled(app)
    assert [name for name in app.multiselect(key="compare widget").options if "dear carbon" in name] == [
        "Integrated steel works, 5 Mt/a, Tangshan · dear carbon"
    ]
