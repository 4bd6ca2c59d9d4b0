"""Sets of targets, utilisation and the two lists of options as levers: what they change, what they replace, what a link says of them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from apps import CAP, link, opened, settled, words
from streamlit.testing.v1 import AppTest

from planner import case as cases
from planner import check, plant, presets
from planner.case import Case
from planner.desk import capacity, kept, visitors
from planner.desk import choice as choices
from planner.desk.choice import Choice
from planner.desk.jobs import JobManager
from planner.desk.levers import OWN_SET, SETS, levers_of
from planner.errors import CaseError
from planner.language import say

LINEAR = (("targets", "linear"),)


def resolves(name: str, preset: str) -> bool:
    """Whether the planner takes a set in the place of a case's own targets."""
    try:
        found = cases.read(name, [("targets", preset)])
        check.check(found, plant.resolve(found))
    except CaseError:
        return False
    return True


# -- sets of targets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", cases.cases())
def test_every_set_that_a_case_can_take_is_offered_and_no_other(name: str) -> None:
    """Proves: what the page reads off the rows of a set is what resolving it says, set by set; a set that ends in findings is no choice."""
    levers = choices.levers_by_code(name)
    offered = {one for code in SETS if code in levers for one in levers[code].choices or {}} - {OWN_SET}
    assert offered == {p for p in presets.presets() if resolves(name, p)}
    assert "linear" in offered


def test_a_set_brings_its_own_caps_as_levers() -> None:
    """Proves: with the straight line chosen the levers stand at its caps and move from there; a lever of the case's own set is none of it."""
    there = Choice("battery").but(targets="linear")
    levers = there.levers
    assert [levers[f"caps.total.{y}.share"].default for y in range(2026, 2031)] == [100, 87.5, 75, 62.5, 50]
    assert "caps.physical.2030.share" not in levers and there.changes == LINEAR and there.number == 1
    moved = there.but(**{CAP: 40.0})
    assert moved.changes == (*LINEAR, (CAP, "0.4")), "the set first, then what is moved in it"
    read = choices.case_of("battery", moved.changes)
    assert [row["share"] for row in read.tables["caps"]] == [1, 0.875, 0.75, 0.625, 0.4]


def test_targets_of_every_kind_given_as_a_share_are_levers() -> None:
    """An intensity of the dual control and the own reduction before offsets move by their own number; a cap on the site's emissions stays `Cap`."""
    dual, offset = (Choice("battery").but(targets=name).levers for name in ("dual_control", "residual_offset"))
    assert dual["caps.intensity.2030.share"].default == 83 and dual["caps.intensity.2030.share"].labels["zh"] == "2030年单位增加值碳排放"
    assert dual[CAP].labels["en"] == "Cap 2030" and dual[CAP].default == 100
    assert offset["caps.own.2030.share"].changes(40.0) == (("caps.own.2030.share", "0.4"),)
    shares = Choice("battery").but(targets="unofficial_check").levers
    assert CAP not in shares and shares["caps.recognised.2030.share"].labels["en"] == "Least share of green power, 2030"
    own = choices.shipped("battery")
    rows = tuple({**row, "per": "product", "cap": "per_cell"} for row in own.tables["caps"][:1])
    made = {lever.code: lever.labels["en"] for lever in levers_of(replace(own, tables={**own.tables, "caps": rows}))}
    assert made["caps.per_cell.2026.share"] == "CO₂ per unit of product, 2026"


def test_a_scenario_with_a_set_comes_back_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: kept, the set is a lever again and the terminal reads the same case; told as changes alone (``--set``), it is as well."""
    monkeypatch.setenv("PLANNER_WORKSPACES", str(tmp_path))
    ann = visitors.known_as("a" * 32)
    there = Choice("steel").but(targets="dual_control", scheme="carbon_market", **{"utilisation.hot_rolled_coil": 80.0})
    name = kept.save(ann, "dual", there, "en")
    assert kept.opened(ann, name) == (there, [])
    place = visitors.workspace(ann)
    assert place.read(name).fingerprint == choices.case_of("steel", there.changes).fingerprint
    place.branch("by_hand", next(iter(place.cases())), (("targets", "linear"), ("targets", "carbon_market")))
    assert kept.opened(ann, "by_hand") == (Choice("steel").but(targets="linear", scheme="carbon_market"), [])


def test_another_set_takes_the_place_of_what_was_moved_in_the_one_before() -> None:
    """Proves: a cap moved or edited by hand goes with its set; prices, outputs and other edits stay. Else the new set's own path would not be seen."""
    now = Choice("battery").edited("caps.total.2028.share", "0.8").edited("site.connection", "90").but(**{CAP: 40.0, "finance.carbon_price": 100.0})
    there = now.but(targets="tranche_2030")
    assert there.values == (("targets", "tranche_2030"), ("finance.carbon_price", 100.0)) and there.edits == (("site.connection", "90"),)
    assert there.levers[CAP].default == 10
    assert there.but(targets=OWN_SET).values == (("finance.carbon_price", 100.0),)


def test_a_market_chosen_leaves_the_targets_and_has_a_price_to_move() -> None:
    """98 CNY/t in 2026, half more: 147. The caps are the case's, and a set of targets chosen beside it holds as well."""
    there = Choice("steel").but(**{CAP: 60.0}).but(scheme="carbon_market").but(**{"scheme_price.national": 150.0})
    assert there.changes[:2] == (("targets", "carbon_market"), (CAP, "0.6"))
    assert dict(there.changes)["carbon_market.national.price.2026.value"] == "147"
    both = there.but(targets="linear")
    read = choices.case_of("steel", both.changes)
    assert [t for t in both.changes if t[0] == "targets"] == [("targets", "linear"), ("targets", "carbon_market")]
    assert read.tables["carbon_market"] and [row["share"] for row in read.tables["caps"]] == [1, 0.875, 0.75, 0.625, 0.5]
    assert "scheme_price.national" not in both.but(scheme=OWN_SET).levers


def test_a_link_holds_a_set_and_names_what_is_none() -> None:
    for there in (
        Choice("battery").but(targets="unofficial_check").but(**{"caps.physical.2030.share": 20.0}),
        Choice("battery").but(targets="linear").edited("caps.total.2029.share", "0.6"),
        Choice("steel").but(targets="dual_control", scheme="border_actual", **{"site.province": "hubei"}),
    ):
        assert choices.from_url(choices.to_url(there, "en")) == (there, "en", [])
    choice, _, unusable = choices.from_url({"case": ["battery"], "set": ["targets=border_actual", "targets=x"]})
    assert (choice, unusable) == (Choice("battery"), ["targets=x"])
    choice, _, unusable = choices.from_url({"case": ["battery"], "set": ["targets=linear", "caps.physical.2030.share=0.2"]})
    assert choice == Choice("battery").but(targets="linear") and unusable == ["caps.physical.2030.share=0.2"]


@pytest.mark.parametrize(("language", "said"), [("en", "Set of targets: Straight line to half in 2030 (as shipped: As the case says)"), ("zh", "目标预设：直线降至2030年一半（初始值按案例设定）")])  # fmt: skip
def test_a_set_is_chosen_on_the_page_told_undone_and_done_again(desk: JobManager, language: str, said: str) -> None:
    app = opened("play", lang=language, case="battery")
    assert app.selectbox(key=f"battery:targets {language}").value == OWN_SET
    app.selectbox(key=f"battery:targets {language}").set_value("linear")
    settled(app)
    assert link(app)["set"] == ["targets=linear"] and said in words(app)
    assert presets.presets()["linear"].note[language] in words(app), "what of it is official stands below it"
    assert [job.changes for job in desk.jobs.values()] == [(), LINEAR] and app.slider(key=f"battery:{CAP}").value == 50
    app.button(key="undo").click()
    settled(app)
    assert "set" not in link(app) and said not in words(app) and app.selectbox(key=f"battery:targets {language}").value == OWN_SET
    app.button(key="redo").click()
    settled(app)
    assert link(app)["set"] == ["targets=linear"] and app.selectbox(key=f"battery:targets {language}").value == "linear"


# -- utilisation ---------------------------------------------------------------------------------------------------


def test_utilisation_moves_all_years_and_a_year_s_output_moves_on_top() -> None:
    """4,748,338 t of a mill of 5,000,000 t/a are 95.0 %. At 80 % every year delivers 4,000,000 t; 2028 at 90 % of that 3,600,000.

    A lever that replaces what another one says would deliver 4,273,504 t in 2028: 90 % of the case's own.
    """
    lever = choices.levers_by_code("steel")["utilisation.hot_rolled_coil"]
    assert (lever.default, lever.low, lever.high, lever.unit, lever.changes(lever.default)) == (95, 40, 100, "%", ())
    there = Choice("steel").but(**{lever.code: 80.0, "demands.hot_rolled_coil.2028.value": 90.0})
    assert [text for _, text in there.changes] == ["4000000", "4000000", "3600000", "4000000", "4000000"]
    resolved = plant.resolve(choices.case_of("steel", there.changes))
    assert [resolved.demand["hot_rolled_coil", y] for y in range(2026, 2031)] == pytest.approx([4000, 4000, 3600, 4000, 4000])
    by_hand = there.edited("demands.hot_rolled_coil.2029.value", "4100000")
    assert [text for _, text in sorted(dict(by_hand.changes).items())] == ["4000000", "4000000", "3600000", "4100000", "4000000"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "100% is 16,000 MWh/yr · a utilisation of 80%"), pytest.param("zh", "100%对应16,000兆瓦时/年 · 即产能利用率80%", marks=pytest.mark.full)],
)
def test_a_year_s_output_says_what_utilisation_it_is(desk: JobManager, language: str, said: str) -> None:
    """80 % of 20,000 MWh a year: the levers of the years multiply 16,000 from there on, and say so."""
    app = opened("play", lang=language, case="battery")
    app.slider(key="battery:utilisation.battery_cell").set_value(80)
    settled(app)
    assert link(app)["set"] == ["utilisation.battery_cell=0.8"]
    assert said in app.slider(key="battery:demands.battery_cell.2028.value").help


def test_utilisation_counts_the_fullest_year_and_all_that_makes_the_product() -> None:
    """Halls of 100,000 and 105,000 MWh/a: 197,100 in 2030 are 96.1 %, 80 % are 164,000 in 2030 and 131,200 in 2026 (157,680 of 197,100)."""
    lever = choices.levers_by_code("computing")["utilisation.it_energy"]
    assert lever.default == 96.1
    assert lever.changes(80.0) == (("demands.it_energy.2026.value", "131200"), ("demands.it_energy.2030.value", "164000"))


def availability(case: Case, share: float) -> Case:
    """The case with a share of the hot mill's size usable."""
    row = {
        **case.tables["overrides"][0],
        "asset": "hot_mill",
        "parameter": "availability",
        "carrier": None,
        "year": None,
        "value": share,
        "unit": "share",
    }
    return replace(case, tables={**case.tables, "overrides": (*case.tables["overrides"], row)})


def test_what_equipment_makes_counts_what_of_it_is_usable_and_the_unit_of_its_size() -> None:
    """90 % of 5,000,000 t/a are 4,500,000; a megawatt that makes a MWh in each of its own makes 8,766 a year of 365.25 days; m2 make no tonnes."""
    own = choices.shipped("steel")
    assert [capacity.capacity_of(c, "hot_rolled_coil", "t/a") for c in (own, availability(own, 0.9))] == pytest.approx([5e6, 4.5e6])
    assert capacity.capacity_of(own, "hot_rolled_coil", "kt/a") == pytest.approx(5000)
    assert capacity._amount("MW", "MWh/MWh", "MWh/a") == pytest.approx(8766)
    assert capacity._amount("m2", "t/t", "t/a") == 0 and capacity.capacity_of(own, "coking_coal", "t/a") == 0


def test_levers_are_found_without_the_library_of_units() -> None:
    """Whoever opens a page waits for none of it: what equipment makes and which sets fit is read off the rows of every shipped case."""
    code = "import sys; from planner.case import cases; from planner.desk import choice; [choice.levers_by_code(n) for n in cases()]; print('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


# -- the two lists -------------------------------------------------------------------------------------------------


def test_an_option_stands_in_one_list() -> None:
    """Proves: named in one list it leaves the other, whichever was first, also where the case itself forces it; a link that says both is told so."""
    closed = Choice("battery").but(closed="led,biomass")
    must = closed.but(adopted="led")
    assert dict(must.values) == {"closed": "biomass", "adopted": "led"} and dict(must.changes)["assets.led.allowed"] == "must"
    assert must.but(closed="led,biomass") == closed
    forced = Choice("battery").edited("assets.led.allowed", "must")
    assert forced.levers["adopted"].default == "led"
    there = forced.but(closed="led")
    assert dict(there.values) == {"closed": "led", "adopted": ""} and dict(there.changes[1:]) == {"assets.led.allowed": "no"}
    assert next(r["allowed"] for r in choices.case_of("battery", there.changes).tables["assets"] if r["asset"] == "led") == "no"
    assert choices.from_url(choices.to_url(there, "en")) == (there, "en", [])
    choice, _, unusable = choices.from_url({"case": ["battery"], "set": ["closed=led,biomass", "adopted=led"]})
    assert choice == must and unusable == ["closed=led,biomass"]


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.full), "zh"])
def test_the_sidebar_takes_an_option_off_the_other_list_and_says_so(desk: JobManager, language: str) -> None:
    def lists(app: AppTest) -> list[list[str]]:
        return [app.multiselect(key=f"battery:{code}").value for code in ("closed", "adopted")]

    app = opened("play", lang=language, case="battery", set=["closed=led,biomass"])
    assert sorted(lists(app)[0]) == ["biomass", "led"] and lists(app)[1] == []
    assert all(say("side.one_list", language) in app.multiselect(key=f"battery:{code}").help for code in ("closed", "adopted"))
    app.multiselect(key="battery:adopted").set_value(["led"])
    settled(app)
    assert lists(app) == [["biomass"], ["led"]] and sorted(link(app)["set"]) == ["adopted=led", "closed=biomass"]
    app.multiselect(key="battery:closed").set_value(["biomass", "led"])
    settled(app)
    assert sorted(lists(app)[0]) == ["biomass", "led"] and lists(app)[1] == []
