"""The page of numbers: every number of a case as one row, edited under its name, refused with a reason, kept in link and history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apps import CAP, link, opened, settled, store, words

from planner import case
from planner.case import SETTINGS
from planner.desk import choice as choices
from planner.desk import inputs
from planner.desk.choice import Choice
from planner.desk.jobs import JobManager
from planner.desk.levers import Names
from planner.dictionary import dictionary
from planner.errors import CaseError, Finding
from planner.exchange.sheets import sheets
from planner.explorer import ask
from planner.language import LANGUAGES, say

STEEL = Choice("steel")
FURNACE = "overrides.drives.investment.value"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A job manager of this test alone, no shipped runs, and workspaces of its own."""
    one = JobManager(tmp_path / "cache", store)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    monkeypatch.setenv("PLANNER_WORKSPACES", str(tmp_path / "workspaces"))
    yield one


def cell(key: str, choice: Choice = STEEL) -> inputs.Cell:
    return next(c for c in inputs.cells(choice) if c.key == key)


# -- the numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [pytest.param("steel", marks=pytest.mark.full), "battery"])
def test_every_number_of_a_case_is_one_row_that_says_what_the_case_says(name: str) -> None:
    """Counted over the workbook's sheets, not over the code that is tested; a column left out, or a row, would be missed here."""
    found, own = inputs.cells(Choice(name)), choices.shipped(name)
    assert len({c.key for c in found}) == len(found)
    for sheet in sheets(own):
        numbers = [c for c in sheet.columns.values() if c.type in choices.NUMBERS and c.name not in (*case.KEYS.get(sheet.table, ()), "confidence")]
        said = [str(float(row[c.name])) if isinstance(row[c.name], (int, float)) else str(row[c.name] or "") for row in sheet.rows for c in numbers]
        mine = [c for c in found if c.topic == sheet.name]
        assert sheet.table == "sources" or [str(float(c.text)) if c.column.type != "choice" and c.text else c.text for c in mine] == said, sheet.name
    assert {c.key for c in found if c.topic == "settings"} == {k for k, c in SETTINGS.items() if c.type in choices.NUMBERS}
    assert all(c.words[code] for c in found for code in LANGUAGES)
    money = [c for c in found if c.topic == "technology_values" and c.key.endswith(".investment.value")]
    assert len(money) > 20 and all(c.unit and c.source and c.confidence and c.limits[0] == 0 for c in money)


@pytest.mark.parametrize("tables", [pytest.param(99, marks=pytest.mark.full), 3])
def test_a_number_is_edited_under_its_name_and_only_that_number_moves(tables: int) -> None:
    """For one row of every table with names: the case with the edit differs in that cell and in nothing else."""
    own = {c.key: c.text for c in inputs.cells(STEEL)}
    seen: set[str] = set()
    for c in inputs.cells(STEEL):
        if c.locked or c.topic in seen or len(seen) == tables or c.column.type != "number" or not c.text or inputs.fault(c, "0.5"):
            continue
        seen.add(c.topic)
        new = inputs.edited(STEEL, c, "0.5")
        assert new.edits == ((c.key, "0.5"),)
        moved = {k.key: k.text for k in inputs.cells(new)}
        assert {k for k in own.keys() | moved.keys() if own.get(k) != moved.get(k)} - {c.key} <= _beside(c), c.key
        assert cell(c.key, new).before == own[c.key] and cell(c.key, new).text == "0.5"
    assert len(seen) == 3 or len(seen) >= 12


def _beside(c: inputs.Cell) -> set[str]:
    """A limit given as a share takes the place of one given as an amount, and the other way round."""
    return {c.key.replace(".share", ".value"), c.key.replace(".value", ".share")} if c.topic == "caps" else set()


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (FURNACE, "abc", "value is 'abc', which is not a number"),
        (FURNACE, "46,000,000", "value is '46,000,000', which is not a number"),
        (FURNACE, "-1", "value is -1"),
        (FURNACE, "nan", "value is nan, which is not a finite number"),
        (FURNACE, "", "value is missing"),
        (CAP, "12", "share is 12"),
        ("finance.tail_years", "1.5", "finance.tail_years is 1.5, which is not a whole number"),
        ("finance.end_of_horizon", "never", "finance.end_of_horizon is 'never'"),
        ("assets.bf1.may_retire", "perhaps", "may_retire is 'perhaps'"),
        ("horizon.first_year", "2040", "horizon.first_year = 2040 does not fit the rest of the case"),
        ("tariff_hours 1.from_hour", "3", "it has no name of its own"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(key: str, text: str, said: str) -> None:
    with pytest.raises(CaseError) as wrong:
        inputs.edited(STEEL, cell(key), text)
    assert [f.what for f in wrong.value.findings] == [said] and wrong.value.findings[0].where == key and wrong.value.findings[0].allowed


def test_the_same_number_again_is_no_change_and_the_old_one_takes_it_back() -> None:
    there = inputs.edited(STEEL, cell(CAP), "0.60")
    assert inputs.edited(there, cell(CAP, there), "0.6") == there
    assert inputs.edited(there, cell(CAP, there), "0.7") == STEEL


def test_levers_play_on_the_numbers_as_edited() -> None:
    """Power at 1 CNY/kWh in the peak instead of 0.8931: a level of 120 % makes 1.2 of it; edited after that, the lever's numbers stay."""
    peak = "tariffs.hebei_north.energy.peak.10kv.value"
    there = inputs.edited(STEEL, cell(peak), "1").but(electricity_price=120.0)
    assert cell(peak, there).text == "1.2" and cell(peak.replace("peak", "flat"), there).text == "0.74028", "0.6169 times 1.2"
    again = inputs.edited(there, cell(peak, there), "3")
    assert again.values == () and cell(peak, again).text == "3" and cell(peak.replace("peak", "flat"), again).text == "0.74028"
    capped = inputs.edited(STEEL.but(**{CAP: 60.0}), cell(CAP, STEEL.but(**{CAP: 60.0})), "0.55")
    assert capped.values == () and capped.levers[CAP].default == 55, "the lever stands where the number is"
    assert capped.but(**{CAP: 50.0}).changes == ((CAP, "0.55"), (CAP, "0.5"))


def test_a_link_carries_edits_and_names_what_it_cannot_set(monkeypatch: pytest.MonkeyPatch) -> None:
    there = inputs.edited(inputs.edited(STEEL, cell(FURNACE), "5e7"), cell("finance.inflation"), "0.02").but(**{CAP: 60.0})
    assert choices.from_url(choices.to_url(there, "zh")) == (there, "zh", [])
    said = [
        "site.pv_file=/etc/passwd",
        "site.province=x",
        "name=x",
        "assets.bf1.note=x",
        "assets.bf1.source=x",
        f"{FURNACE}=a",
        "no.such=1",
        "finance.inflation=0.02",
    ]
    choice, _, unusable = choices.from_url({"edit": said})
    assert choice.edits == (("finance.inflation", "0.02"),) and unusable == [*said[:5], said[6], said[5]]
    assert choices.from_url({"edit": ["horizon.first_year=2050"]})[0].edits == ()
    assert len(choices.from_url({"edit": [f"no.such{n}=1" for n in range(choices.MOST + 1)]})[2]) == choices.MOST + 1
    monkeypatch.setattr(choices, "MOST", 2)
    with pytest.raises(CaseError, match="save what you have as a case"):
        there.edited("finance.carbon_price", "1")


def test_a_number_that_holds_for_all_years_and_is_split_says_what_it_was() -> None:
    there = STEEL.edited("demands.hot_rolled_coil.2028.value", "4000000")
    found = {c.key: c for c in inputs.cells(there) if c.topic == "demands"}
    assert found["demands.hot_rolled_coil.2028.value"].before == "4748338" and not found["demands.hot_rolled_coil.2027.value"].changed
    assert [c.key for c in inputs.search(inputs.cells(there), changed=True)] == ["demands.hot_rolled_coil.2028.value"]


def test_search_and_filters_leave_what_was_asked_for() -> None:
    found = inputs.cells(STEEL)
    assert {c.key for c in inputs.search(found, "roof pv", "assets")} <= {c.key for c in found if c.topic == "assets"}
    assert any(c.key == "technology_values.pv_rooftop.investment.value" for c in inputs.search(found, "屋顶光伏 单位投资"))
    weak = inputs.search(found, topic="technology_values", weak=True)
    assert weak and all(c.confidence == "estimate" and c.column.name == "value" for c in weak)
    assert len(inputs.search(found, everything=True)) == len(found) > len(inputs.search(found)) == sum(inputs.topics(found).values())


def test_what_the_whole_case_says_stands_at_the_number_it_speaks_of() -> None:
    there = STEEL.edited("assets.bf1.overlap_years", "0").edited("caps.total.2030.measure", "green_share")
    told = inputs.placed(inputs.whole(there), inputs.cells(there))
    assert told and any(c is not None and c.key.startswith("caps.total.2030") for c, _ in told), told
    where = cell("assets.bf1.size").where
    assert inputs.placed([Finding(where, "size is odd", "x")], inputs.cells(STEEL))[0][0] == cell("assets.bf1.size")
    assert inputs.whole(STEEL) == ()


# -- the page ------------------------------------------------------------------------------------------------------


def typed(app: object, **texts: str) -> None:
    """Type into the table, by the number's name."""
    state = app.session_state  # type: ignore[attr-defined]
    keys, table = state["inputs rows"][0], f"inputs table {state['inputs table']}"
    state[table] = {"edited_rows": {keys.index(k): {"value": v} for k, v in texts.items()}, "added_rows": [], "deleted_rows": []}


def test_the_page_edits_marks_and_hands_the_change_to_every_other_page(desk: JobManager) -> None:
    app = opened("inputs")
    shown = app.dataframe[0].value
    assert "finance.discount_rate" in set(shown["key"]) and len(desk.jobs) == 1
    app.selectbox(key="inputs topic widget en").set_value("overrides")
    settled(app)
    typed(app, **{FURNACE: "50000000"})
    settled(app)
    assert link(app)["edit"] == [f"{FURNACE}=50000000"] and not app.error
    row = app.dataframe[0].value.set_index("key").loc[FURNACE]
    assert (row["mark"], row["value"], row["before"]) == ("●", "50000000", "46000000")
    assert "Efficient motors and variable-speed drives · investment per size: 50,000,000" in words(app) and "as shipped: 46,000,000" in words(app)
    app.button(key="solve").click()
    settled(app)
    assert [job.changes for job in desk.jobs.values()] == [(), ((FURNACE, "50000000"),)]
    app.button(key="undo").click()
    settled(app)
    assert "edit" not in link(app) and set(app.dataframe[0].value["mark"]) == {""}
    app.button(key="redo").click()
    settled(app)
    assert link(app)["edit"] == [f"{FURNACE}=50000000"]


@pytest.mark.parametrize("code", ["zh", pytest.param("en", marks=pytest.mark.full)])
def test_bad_input_stays_as_typed_says_why_and_blocks_the_solve(desk: JobManager, code: str) -> None:
    app = opened("inputs", lang=code, set=[f"{CAP}=0.6"])
    typed(app, **{"finance.inflation": "95%", "finance.carbon_price": "50"})
    settled(app)
    assert link(app)["edit"] == ["finance.carbon_price=50"], "what is right is taken"
    row = app.dataframe[0].value.set_index("key").loc["finance.inflation"]
    assert row["mark"] == "✗" and row["value"] == "95%" and row["fault"] and row["allowed"] == "-0.5 – 1"
    said = words(app)
    assert say("inputs.wrong", code, number=1) in said and "95%" in said and say("inputs.blocked", code, number=1) in said
    assert dictionary()["settings"]["finance.inflation"].zh in said if code == "zh" else "Inflation: finance.inflation is '95%'" in said
    assert not [b for b in app.button if b.key == "solve"], "nothing is solved around it"
    app.button(key="inputs forget").click()
    settled(app)
    assert not app.error and app.dataframe[0].value.set_index("key").loc["finance.inflation"]["value"] == "0.015"


def test_all_kinds_of_levers_have_a_number_on_the_page() -> None:
    keys = {c.key for c in inputs.cells(STEEL)}
    for lever in STEEL.levers.values():
        if not isinstance(lever, Names) and lever.kind not in ("province", "view", "output", "utilisation", "market_price"):
            assert {k for k, _ in lever.keys} <= keys, lever.code
