"""No plan exists, as a page: what is reached, what contradicts what, and the nearest plan adopted with one click and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apps import fails, link, opened, settled, store, words

from planner import plant
from planner.desk import choice as choices
from planner.desk.choice import Choice
from planner.desk.jobs import Job, JobManager
from planner.desk.nearest import way_out
from planner.errors import NoPlanExists, Unreachable
from planner.explorer import ask
from planner.language import say
from planner.views import no_plan
from planner.why.none import _sentence
from planner.why.reasons import Conflict, Nearest, Reasons, Requirement
from planner.why.told import told

CAP, ROOF = "caps.total.2030.share", "areas.roof.value"
ASKED = {CAP: 1.0}


def none(*, eased: dict[Requirement, float] | None = None, edits: tuple[tuple[str, str], ...] = ()) -> NoPlanExists:
    """The cell plant's cap of 1 % (2.64 kt) and its roof contradict each other: the cap would have to be 60 kt, or the roof 90,000 m2 more.

    The nearest plan: 60 kt, where nothing else is said.
    """
    case = choices.case_of("battery", (*edits, (CAP, "0.01")))
    base = case["base_year.emissions"]
    cap, roof = Requirement("cap", ("total", 2030), 0.01 * base / 1000), Requirement("area", ("roof",), 180.0)
    there = {cap: 60.0 - cap.limit} if eased is None else eased
    conflict = Conflict((cap, roof), True, {cap: 60.0 - cap.limit, roof: 90.0})
    reached = Unreachable("total", 2030, 0.01 * base, (57e3, 58e3), (59e3, 60e3))
    error = NoPlanExists("no plan", [reached], Reasons((conflict,), True, Nearest(there, 500.0, 480.0)), [reached])
    error.asked = (case, plant.resolve(case))
    return error


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """Jobs that have no plan at a cap of 1 %, and one at any other."""
    error = none()

    def make(job: Job, folder: Path) -> None:
        (fails(error) if dict(job.changes).get(CAP) == "0.01" else store)(job, folder)

    one = JobManager(tmp_path / "cache", make)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    yield one


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("No plan exists for these settings", "the lowest reachable is 60 kt CO₂/yr", "Nearest plan", "exists and costs 500 M CNY")),
    ("zh", ("这些设定下没有可行方案", "可达到的最低值为6万吨CO₂/年", "最近可行方案", "成本5.00亿元")),
])  # fmt: skip
def test_the_page_says_what_contradicts_what_and_what_each_would_have_to_be(desk: JobManager, language: str, said: tuple[str, ...]) -> None:
    app = opened("understand", case="battery", lang=language, set=[f"{CAP}=0.01"])
    spoken = words(app)
    assert all(one in spoken for one in said), spoken
    conflicts, reach = (frame.value for frame in app.dataframe[:2])
    assert (list(conflicts.iloc[:, 0]) == [1, 1] and "roof" in conflicts.iloc[1, 1]) or "屋顶" in conflicts.iloc[1, 1]
    assert list(conflicts.iloc[:, 2]) == (["60 kt CO₂/yr", "270,000 m²"] if language == "en" else ["6万吨CO₂/年", "27万平方米"])
    assert list(conflicts.iloc[:, 3]) == (["60 kt CO₂/yr", "as it is"] if language == "en" else ["6万吨CO₂/年", "不变"])
    assert list(reach.iloc[0, 1:4]) == (["2.64 kt CO₂/yr", "58 kt CO₂/yr", "60 kt CO₂/yr"] if language == "en" else list(reach.iloc[0, 1:4]))


def test_the_nearest_plan_is_adopted_with_one_click_and_taken_back(desk: JobManager) -> None:
    """Proves: what was chosen besides (a carbon price) stays; the cap is rounded up to a tenth of a per cent, never below what is needed."""
    app = opened("play", case="battery", set=[f"{CAP}=0.01", "finance.carbon_price=100"])
    app.button(key="adopt").click()
    settled(app)
    base = choices.shipped("battery")["base_year.emissions"]
    (share,) = (float(one.partition("=")[2]) for one in link(app)["set"] if one.startswith(CAP))
    assert 60e3 <= share * base < 60e3 + 0.0011 * base
    assert "finance.carbon_price=100" in link(app)["set"]
    assert not app.error and len(app.metric) == 4, "that plan is solved and shown"
    app.button(key="undo").click()
    settled(app)
    assert f"{CAP}=0.01" in link(app)["set"] and app.button(key="adopt")


def test_what_is_no_lever_becomes_an_edited_number() -> None:
    """Proves: a roof of 180,000 + 90,000 m2 is said as the number the case holds; deliveries name their column; levers that moved stay."""
    error = none()
    _, roof = error.reasons.conflicts[0].members  # type: ignore[union-attr]
    delivery = Requirement("delivery", ("battery_cell", 2028), 20.0)
    way = way_out(choices.chosen("battery", ASKED), none(eased={roof: 90.0, delivery: 0.25}))
    assert way.there is not None and way.there.values == ((CAP, 1.0),)
    assert dict(way.there.edits).keys() == {ROOF, "demands.battery_cell.value"}
    changed = choices.case_of("battery", way.there.changes)
    assert plant.resolve(changed).areas["roof"] == pytest.approx(270.0)
    assert [r["value"] for r in changed.tables["demands"] if r["carrier"] == "battery_cell"] == [pytest.approx(15000.0)]


def test_what_no_single_number_says_is_named_and_not_offered() -> None:
    rule = Requirement("rule", ("one_boiler",), 1.0)
    cap = none().reasons.conflicts[0].members[0]  # type: ignore[union-attr]
    now = choices.chosen("battery", ASKED)
    way = way_out(now, none(eased={cap: 57.0, rule: 1.0}))
    assert way.there is None and way.by_hand == (rule,)
    unknown = NoPlanExists("no", [], Reasons((), False, None))
    unknown.asked = none().asked
    assert way_out(now, unknown).there is None
    assert way_out(now, NoPlanExists("no")).there is None


def test_a_cap_beyond_its_lever_is_an_edit() -> None:
    """Proves: 150 % of the base year is more than the lever can say, so the number itself is said."""
    now = choices.chosen("battery", ASKED)
    base = choices.shipped("battery")["base_year.emissions"] / 1000
    cap = none().reasons.conflicts[0].members[0]  # type: ignore[union-attr]
    way = way_out(now, none(eased={cap: 1.5 * base - cap.limit}))
    assert way.there is not None and not way.there.values and float(dict(way.there.edits)[CAP]) == pytest.approx(1.5, abs=1e-3)
    assert isinstance(way.there, Choice)


def test_a_cap_that_contradicts_nothing_else_is_not_said_to_be_reachable_alone() -> None:
    """Proves: where time did not suffice for the lowest that can be reached, the sentence does not claim what the conflict refutes."""
    cap, other = Requirement("cap", ("total", 2030), 1.0), Requirement("cap", ("total", 2028), 2.0)
    assert _sentence([], Reasons((Conflict((cap,), True),), True, None)) == "no plan meets all requirements together: cap total 2030"
    assert "each could be met alone" in _sentence([], Reasons((Conflict((cap, other), True),), True, None))


def test_a_year_whose_lowest_was_not_found_in_time_is_said_to_be_missing() -> None:
    late, why = say("why.reach.late", "en"), told(none())
    assert late not in no_plan.notes(why, "en") and late in no_plan.notes({**why, "reachable": []}, "en")
