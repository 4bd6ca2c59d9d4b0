"""Several plans side by side: what differs first, shares that add up, and a gate's figure beside the whole product's."""

import json

import pytest

from planner import case, cli, compare, run, stored
from planner.compare import Answer
from planner.errors import CaseError
from planner.language import LANGUAGES, texts
from planner.report import material

PLANS = [material.of("steel"), material.of("battery")]


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


def test_a_year_outside_a_plan_and_an_unknown_price_stay_empty() -> None:
    """Proves: nothing is made up: the cases name no product price, so the share of output is missing."""
    assert one("output").values == (None, None)
    assert compare._when(2040, lambda m, y: 1.0)(PLANS[0]) is None


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
    with pytest.raises(CaseError):
        compare.plan_of("nowhere")
