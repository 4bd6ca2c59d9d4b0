"""Several plans side by side: what differs first, shares that add up, and a gate's figure beside the whole product's."""

import json
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from planner import case, cli, compare, run, spread, stored
from planner.compare import Answer
from planner.errors import CaseError
from planner.language import LANGUAGES, texts
from planner.reachable import reachable
from planner.report import material
from planner.report.material import Material
from planner.results import Results
from planner.run import Ready


def without_front(m: Material) -> Material:
    """A shipped plan as if nobody had asked what each depth of cut costs."""
    return replace(m, results=Results(m.results.summary, {name: table for name, table in m.results.tables.items() if name != "front"}))


PLANS = [without_front(material.of(name)) for name in ("steel", "battery")]


def answers(group: str = "") -> list[Answer]:
    return [a for a in compare.compare(PLANS) if group in ("", a.group)]


def one(question: str, detail: str = "") -> Answer:
    return next(a for a in answers() if a.question == question and a.detail == detail)


def test_conditions_stand_first_and_those_that_differ_before_all() -> None:
    """Proves: rate and province differ between the shipped cases and lead; the money's year is alike and follows."""
    found = answers()
    conditions = [a for a in found if a.group == "conditions"]
    assert found[: len(conditions)] == conditions
    assert [a.same for a in conditions] == sorted(a.same for a in conditions)
    assert not one("rate").same and not one("province").same and one("price_year").same


def test_where_the_cut_comes_from_adds_up() -> None:
    """Proves: scopes make the whole cut; levers and what cannot be told apart make it too."""
    for n in range(2):
        assert sum(float(a.values[n] or 0.0) for a in answers("origin") if a.question == "scope") == pytest.approx(1.0)
        assert sum(float(a.values[n] or 0.0) for a in answers("origin") if a.question in ("lever", "together")) == pytest.approx(1.0)


def test_figures_by_hand_from_the_stored_tables() -> None:
    """By hand: cost per tonne is (plan - as today) over the tonnes of all years; per product, last year's tonnes over its units."""
    for n, m in enumerate(PLANS):
        s, e, f = m.results.summary, m.results["emissions"], m.results["frozen_emissions"]
        total = [t.loc[(t["scope"] == "total") & (t["view"] == "location"), "t"].sum() for t in (f, e)]
        assert one("cost_tonne").values[n] == pytest.approx((s["objective_cny"] - s["frozen_cny"]) / (total[0] - total[1]))
        delivered = {"steel": 4748338, "battery": 20000}[s["case"]]
        assert one("per_product", "2030").values[n] == pytest.approx(s["emissions_last_t"] / delivered)
        assert one("investment_product").values[n] == pytest.approx(s["investment_cny"] / delivered)


def test_nobody_mistakes_the_gate_for_the_product() -> None:
    """Proves: about 12 kg/kWh of the cell plant stand beside 85.06 of the whole cell, with its source; steel has no such row."""
    gate = one("gate_today").values
    assert gate[0] is None and str(gate[1]).endswith("kg/kWh") and 11 < float(str(gate[1]).split()[0]) < 14
    assert one("whole").values == (None, "85.06 kg/kWh") and one("source").values[1] == "gotion_2023"
    assert "gotion_2023" in {r["id"] for r in case.read("battery").tables["sources"]}


def changed(m: Material, settings: dict[str, object] | None = None, tables: dict[str, pd.DataFrame] | None = None) -> Material:
    """A plan of which other settings of the case, or more tables, are known."""
    results = Results(m.results.summary, {**m.results.tables, **(tables or {})})
    return replace(m, case=replace(m.case, settings={**m.case.settings, **(settings or {})}), results=results)


def test_a_year_outside_a_plan_and_an_unknown_price_stay_empty() -> None:
    """Proves: nothing is made up: where a case names no product price, the share of output and tonnes per output are missing; with one of
    3,000 CNY/t they are investment over 4.75 Mt x 3,000 CNY, and tonnes over as many 10,000 CNY.
    """
    bare, priced = (changed(PLANS[0], {"product.price": p}) for p in (None, 3000.0))
    said = {a.question + a.detail: a.values for a in compare.compare([bare, priced])}
    assert said["output"][0] is None and said["per_output2030"][0] is None
    worth = 4748338 * 3000
    assert said["output"][1] == pytest.approx(bare.results.summary["investment_cny"] / worth)
    assert said["per_output2030"][1] == pytest.approx(bare.results.summary["emissions_last_t"] / worth * 1e4)
    assert compare._when(2040, lambda m, y: 1.0)(PLANS[0]) is None


def test_one_plant_is_no_sector() -> None:
    """Proves: of three plants of a sector that cut 10, 20 and 60 % the low, middle and high are those; a mean would say 30. What depends on
    a plant's size is left out, and a sector with one plant is named.
    """
    trio = [PLANS[1]] * 3
    answers = [Answer("reached", "cut_base", (0.1, 0.6, 0.2), "share", "2030"), Answer("money", "investment", (1.0, 2.0, 3.0), "money")]
    (row,) = spread.spread(trio, answers).to_dict("records")
    assert (row["sector"], row["plants"], row["low"], row["middle"], row["high"]) == ("lithium_battery", 3, 0.1, 0.2, 0.6)
    assert spread.table(trio, answers, "zh").iloc[0].tolist()[2:] == ["10%", "20%", "60%"]
    assert spread.alone(trio, "en") == "" and not len(spread.spread(PLANS, compare.compare(PLANS)))
    assert "Iron and steel" in spread.alone(PLANS, "en") and "锂电池" in spread.alone(PLANS, "zh")
    assert compare.with_variants(["steel", "battery"]) == ["steel", "steel_eaf", "battery", "battery_sichuan", "battery_steam"]


def test_what_can_be_reached_and_what_depth_costs_come_from_tables_of_the_run() -> None:
    """Proves, by hand: 47,483.38 t reached are 0.01 t/t; of a base of 9,473,269 t a plan at 7.5 Mt is the first 20 % deep: its step costs 300
    CNY/t, and 900 MCNY over 6 Mt of all years are 150 on average; 60 % is out of reach. Plans without such tables leave the lines out.
    """
    reach = pd.DataFrame({"year": [2030], "cap": ["total"], "proven_t": [1.0], "reached_t": [47483.38]})
    front = pd.DataFrame({
        "emissions_t": [9.0e6, 7.5e6, 5.0e6], "emissions_all_t": [46e6, 40e6, 30e6], "extra_cny": [0.0, 9e8, 9e9], "step_found": [None, 300.0, 800.0],
    })  # fmt: skip
    said = {a.question + a.detail: a.values for a in compare.compare([changed(PLANS[0], tables={"reach": reach, "front": front}), PLANS[1]])}
    assert said["reach_product2030"] == (pytest.approx(0.01), None) and said["reach_product2027"] == (None, None)
    assert said["depth_step20%"] == (300.0, None) and said["depth_mean20%"][0] == pytest.approx(150.0)
    assert said["depth_step60%"] == (None, None)
    assert not {"reach_cut2030", "depth_step20%"} & {a.question + a.detail for a in answers()}


@pytest.mark.full  # two searches of the cell plant
def test_the_lowest_that_can_be_reached_is_below_every_plan(prepare: Callable[..., Ready]) -> None:
    """Proves: what is reached lies above its proven bound and below what the plan under caps emits, in both years."""
    found = reachable(prepare("battery"), compare.MILESTONES).set_index("year")
    for y in compare.MILESTONES:
        assert found.loc[y, "proven_t"] <= found.loc[y, "reached_t"] <= PLANS[1].total(y) * 1.001
    assert found.loc[2030, "reached_t"] < 0.9 * PLANS[1].total(2030)


def test_every_question_has_its_words() -> None:
    assert all(texts()[f"compare.{key}"][code] for a in answers() for key in (a.group, a.question) for code in LANGUAGES)


def test_a_stored_plan_is_used_while_it_is_today_s_and_else_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: the shipped run answers only while its fingerprint is the case's; otherwise the case is solved."""
    kept = stored.load(stored.find("battery"))

    def solves(*_: object, **__: object) -> None:
        raise InterruptedError

    monkeypatch.setattr(run, "solve", solves)
    here = case.read("battery").fingerprint
    for fingerprint, solved in ((here, False), ("0" * 64, True)):
        summary = dict(kept.summary) | {"fingerprint": fingerprint}
        monkeypatch.setattr(stored, "load", lambda folder, s=summary: stored.Stored(folder, type(kept.results)(s, kept.results.tables)))
        if solved:
            with pytest.raises(InterruptedError):
                compare.plan_of("battery")
        else:
            assert compare.plan_of("battery").results.summary["case"] == "battery"


def test_the_command_prints_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: run folders are compared without solving; one name alone is refused."""
    folders = [str(stored.find(n)) for n in ("steel", "battery")]
    assert cli.main(["compare", *folders, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["answers"][0]["group"] == "conditions" and len(said["fingerprints"]) == 2
    assert cli.main(["compare", *folders, "--lang", "zh"]) == 0
    assert "条件" in capsys.readouterr().out
    assert cli.main(["compare", folders[0]]) == 2
    assert cli.main(["compare", *folders, "--set", "finance.carbon_price=100"]) == 2
    with pytest.raises(CaseError):
        compare.plan_of("nowhere")
