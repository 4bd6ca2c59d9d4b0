"""A group of factories: sums by year are the sums, and the order follows its figures."""

import json
from dataclasses import replace

import pytest

from planner import cli, group
from planner.dictionary import DATA
from planner.errors import CaseError
from planner.report import material
from planner.report.material import Material
from planner.results import Results

PLANS = [material.of("steel"), material.of("battery")]


def with_summary(plan: Material, **summary: float) -> Material:
    """The plan with other sums."""
    return replace(plan, results=Results({**plan.results.summary, **summary}, plan.results.tables))


def test_sums_are_the_sums_and_investment_is_the_plans() -> None:
    """Proves: each question's last row adds the others; the years of investment make what each plan says it takes."""
    table = group.by_year(PLANS)
    for _, rows in table.groupby("question"):
        years = rows.drop(columns=["question", "factory"]).to_numpy(dtype=float)
        assert years[-1] == pytest.approx(years[:-1].sum(axis=0))
    for plan in PLANS:
        row = table[(table["question"] == "investment") & (table["factory"] == plan.case.name)]
        assert row.drop(columns=["question", "factory"]).to_numpy(dtype=float).sum() == pytest.approx(
            plan.results.summary["investment_cny"], rel=1e-6
        )
        tonnes = table[(table["question"] == "emissions") & (table["factory"] == plan.case.name)][plan.last].iloc[0]
        assert tonnes == pytest.approx(plan.results.summary["emissions_last_t"])


def test_who_goes_first() -> None:
    """Proves by hand: of two that save, 9 before 5 MCNY, whatever a tonne brings; of two that cost, the cheaper tonne first. Sorted by
    cost per tonne alone, the plant that saves 5 on few tonnes would lead."""
    steel, battery = PLANS
    base = {"frozen_cny": 0.0}
    plans = [with_summary(p, objective_cny=c * 1e6, **base) for p, c in ((steel, -9), (battery, -5), (battery, 7), (steel, 8))]
    found = group.order(plans)
    assert list(found["factory"]) == ["steel (1)", "battery (2)", "steel (4)", "battery (3)"]
    assert found["per_tonne"].iloc[1] < found["per_tonne"].iloc[0] and list(found["extra"]) == [-9e6, -5e6, 8e6, 7e6]


def test_one_factory_is_no_group_and_years_must_agree() -> None:
    with pytest.raises(CaseError, match="no group of one"):
        group.by_year(PLANS[:1])


def test_the_command_shows_both_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: the stored runs of two factories become both tables in Chinese, and raw numbers as JSON."""
    runs = [str(DATA / "runs" / name) for name in ("steel", "battery")]
    assert cli.main(["group", *runs, "--lang", "zh"]) == 0
    assert "实施顺序" in capsys.readouterr().out
    assert cli.main(["group", *runs, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {r["question"] for r in said["years"]} == set(group.QUESTIONS) and [r["rank"] for r in said["order"]] == [1, 2]
