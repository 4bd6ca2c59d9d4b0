"""Readiness: every line has a figure, a rule with its status, and no verdict; footprints say how good their factors are."""

import re
from pathlib import Path

import pandas as pd
import pytest
from pytest import approx
from test_audit import PLANT, YEAR, honest

from planner import case as cases
from planner import readiness
from planner.account.planned import account_of
from planner.account.tables import tables as account_tables
from planner.dictionary import DATA
from planner.disclosure import Grid, html
from planner.errors import CaseError
from planner.footprint import NONE, footprint
from planner.language import LANGUAGES
from planner.results import Results
from planner.tables import read_table

BASE = 263915.3


def told(**more: pd.DataFrame) -> tuple[cases.Case, Results]:
    """The battery plant with a plan of numbers written by hand: 150 kt left of 263.9, 60 kt of power drawn less dirty."""
    case = cases.read("battery")
    cut = pd.DataFrame([{"year": 2030, "base_t": BASE, "left_t": 150000.0, "left_share": 150000 / BASE, "cut_t": BASE - 150000, "own_t": BASE - 190000, "grid_t": 40000.0,
                         "instruments_t": 5000.0, "market_left_t": 160000.0, "physical_share": 0.14, "green_share": 0.3}])  # fmt: skip
    rows = [("direct", "", 10000.0), ("total", "location", 150000.0), ("captured", "", 0.0)]
    emissions = pd.DataFrame([(2030, *r) for r in rows], columns=["year", "scope", "view", "t"])
    frozen = pd.DataFrame([(2030, "direct", "", 76000.0)], columns=["year", "scope", "view", "t"])
    road = pd.DataFrame([("roof_pv", "build", 36.0, "MW", "technology", "Roof PV", "屋顶光伏"), ("ecms", "build", 1.0, "site", "management", "EMS", "能碳管理")],
                        columns=["asset", "action", "size", "unit", "lever", "en", "zh"])  # fmt: skip
    line = {"process": "site", "carrier": "electricity", "gas": "co2", "unit": "MWh", "source": "", "factor_year": 2023, "region": "", "made_of": ""}
    account = pd.DataFrame([
        {"year": 2030, "quantity": "bought", "item": "power_bought", "scope": 2, "view": "location", "amount": 1.0, "factor": 1.0, "t": 140000.0, "confidence": "official", **line},
        {"year": 2030, "quantity": "used", "item": "fuel", "scope": 1, "view": "", "amount": 1.0, "factor": 1.0, "t": 10000.0, "confidence": "derived", **line},
        {"year": 2030, "quantity": "bought", "item": "goods", "scope": 3, "view": "", "amount": 1.0, "factor": 0.0, "t": 0.0, "confidence": "", **line, "carrier": "nmp", "made_of": NONE},
    ])  # fmt: skip
    totals = pd.DataFrame(
        [("enterprise", 2030, v, "account", 0, "", 150000.0) for v in ("location", "market")],
        columns=["boundary", "year", "view", "role", "scope", "item", "t"],
    )
    delivered = pd.DataFrame([("battery_cell", 2030, 20000.0, "MWh")], columns=["carrier", "year", "amount", "unit"])
    found = {
        "reduction": cut,
        "emissions": emissions,
        "frozen_emissions": frozen,
        "roadmap": road,
        "account": account,
        "account_totals": totals,
        "delivered": delivered,
    }
    return case, Results({"last_year": 2030, "emissions_last_t": 150000.0}, found | more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_a_figure_and_a_rule_with_its_status(language: str) -> None:
    """Proves: all six paths and the selection are there, in the language asked for, and no line says ready, passed, eligible or a score."""
    case, results = told()
    lines = readiness.lines(case, results, language)
    assert {line.path for line in lines} == set(readiness.PATHS)
    assert all(line.figure and line.rule and line.status for line in lines)
    words = " ".join(f"{line.what} {line.figure} {line.rule}" for line in lines)
    assert not re.search(r"passed|eligible|score|qualif|达标|合格|得分|readiness\\.", words)
    figures = {line.line: line.figure for line in lines}
    assert figures["physical"].startswith("14")
    assert "0.0075" in figures["footprint"] or "7.5" in figures["footprint"]
    assert figures["direct"].startswith(("-86.8", "−86.8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_every_line_with_its_source_and_no_verdict(language: str) -> None:
    """Proves: headline first, then that it is no verdict, seven tables; every line stands in one of them with the evidence as the user said; then every source with its title."""
    case, results = told()
    blocks = readiness.page(case, results, language, {"disclosed": "no"})
    grids = [b for b in blocks if isinstance(b, Grid)]
    assert len(grids) == len(readiness.PATHS) + 1
    lines = readiness.lines(case, results, language, {"disclosed": "no"})
    *paths, cited = grids
    assert sum(len(g.rows) for g in paths) == len(lines) and all(row[-1] for g in paths for row in g.rows)
    assert {line.what if line.title else line.source for line in lines} == {row[0] for row in cited.rows}
    assert grids[6].rows[-1][5] == readiness.evidence(lines[-1], language) != grids[6].rows[0][5]
    text = html(blocks, language)
    assert readiness.headline(case, results, language).split()[0] in text and "readiness." not in text


def test_derived_activity_is_not_called_metered() -> None:
    """Proves: the shipped rows are derived from a published plant, and so it is said."""
    case, results = told()
    figure = next(line.figure for line in readiness.lines(case, results, "en") if line.line == "metered")
    assert figure == f"2025: {len(case.tables['activity'])} rows of activity, {len(case.tables['activity'])} of them derived or estimated"


def test_what_is_unofficial_is_not_told_as_a_rule() -> None:
    """Proves: thresholds of self-assessment files stand as unofficial, and every official line names a source that is known."""
    sources = cases.read("battery").by_name["sources"]
    for row in read_table("readiness", [DATA / "readiness.csv"], []):
        assert row["source"] in sources if row["source"] else row["title"] and row["url"]
        assert row["source"] != "own_convention" or row["status"] == "unknown"  # a local or official rule has a source of its own
        assert row["figure"] in readiness.FIGURES
        if "%" in row["rule_en"] and row["status"] == "official":
            assert "17 %" in row["rule_en"]


def test_the_headline_parts_the_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: 150 kt left are 56.8 % of the base year; the cut of 114 kt is 73.9 own and 40 of the grid; instruments stand apart."""
    case, results = told()
    said = readiness.headline(case, results, "en")
    for part in ("150 kt", "56.8%", "114 kt", "73.9 kt", "40 kt", "5 kt", "market view alone"):
        assert part in said


def test_evidence_is_what_the_user_says() -> None:
    case, results = told()
    held = {line.line: line.held for line in readiness.lines(case, results, "en", {"metered": "yes", "disclosed": "no"})}
    assert (held["metered"], held["disclosed"], held["digital"]) == ("yes", "no", "")
    with pytest.raises(CaseError, match="metred"):
        readiness.lines(case, results, "en", {"metred": "yes"})
    with pytest.raises(CaseError, match="yes or no"):
        readiness.lines(case, results, "en", {"metered": "perhaps"})


def test_evidence_may_stand_in_the_case(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "battery"
    shutil.copytree(DATA / "cases" / "battery", folder)
    (folder / "evidence.csv").write_text("line,held\nmetered,yes\n", encoding="utf-8")
    _, results = told()
    case = cases.read(folder)
    assert {line.line: line.held for line in readiness.lines(case, results, "en")}["metered"] == "yes"
    assert case.fingerprint == cases.read("battery").fingerprint


# Footprints -----------------------------------------------------------------------------------------------------------------


def test_a_footprint_is_the_account_over_the_product() -> None:
    """Proves: gate to gate is the enterprise's account over what is delivered; with 2 t/t of bought iron on top it is cradle to gate; an unknown good is named."""
    boundaries = cases.read("steel").tables["boundaries"]
    plant = PLANT.__class__(**{**PLANT.__dict__, "rows": {"boundaries": boundaries}, "upstream": {"iron": 2.0}})
    found = footprint(account_tables(plant, account_of(plant, YEAR, honest())), "coil")
    here = found[(found["year"] == 2030) & (found["view"] == "location")]
    gate, total = (float(here.loc[here["part"] == p, "per_unit"].iloc[0]) for p in ("gate", "total"))
    amount = honest().value("market.amount")
    emitted = honest().value("emissions.direct")[2030,] + honest().value("emissions.energy")["location", 2030]
    sold = amount["export", 2030] * 0.5
    assert gate == approx((emitted - sold) / 800, rel=1e-6)
    assert total - gate == approx(2.0 * amount["bought_iron", 2030] / 800, abs=1e-9)
    assert here.loc[here["part"] == "total", "quality"].iloc[0] == NONE  # coal and ore have no factor upstream


def test_a_product_that_is_not_delivered_has_no_footprint() -> None:
    _, results = told()
    assert len(footprint(results.tables, "steel")) == 0
    assert len(footprint(results.tables, "battery_cell"))
