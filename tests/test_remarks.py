"""What an account warns of stands wherever its plan is read: terminal, pages and every report, in both languages."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pptx import Presentation
from results_by_hand import by_hand
from rich.console import Console

from planner import case as cases
from planner import disclosure, offsets, stored, terminal
from planner.language import LANGUAGES, fmt, say
from planner.report import deck, material, page, story
from planner.report.material import Material
from planner.results import Results
from planner.views import names

BOTH = pytest.mark.parametrize("language", LANGUAGES)
WARNED: list[dict[str, Any]] = [
    {"year": y, "remark": "electrified", "saved_t": 76.4e3, "added_t": 187.6e3} for y in (2028, 2029, 2030)
] + [{"year": 2030, "remark": "cap_on_paper", "cap": "green", "proven_t": 5e4, "physical_share": 0.25}]  # fmt: skip


def warned(name: str = "battery") -> Material:
    """A shipped run whose account warns."""
    m = material.of(name)
    return replace(m, results=Results({**m.results.summary, "remarks": WARNED}, m.results.tables))


@BOTH
def test_a_remark_is_told_once_with_its_years(language: str) -> None:
    """Proves: three years of one kind are one sentence, of the last, that names the others; each figure keeps its unit."""
    first, second = disclosure.told(WARNED, language)
    assert first.startswith("2030") and "2028" in first and "2029" in first
    assert {"en": "188 kt", "zh": "18.8万吨"}[language] in first
    assert "25" in second and "green" in second and "2029" not in second
    assert disclosure.told([], language) == []


@BOTH
def test_reports_warn(language: str, tmp_path: Path) -> None:
    """Proves: page and slides hold both sentences, and the slide's text still fits its box; a report that left them out would miss them."""
    told = story.of(warned(), language)
    sentences = disclosure.told(WARNED, language)
    assert [s for s in told.sections["emissions"].sentences if s in sentences] == sentences
    assert all(s in page.html(told) for s in sentences)
    deck.write(told, tmp_path / "r.pptx")
    slides = Presentation(str(tmp_path / "r.pptx")).slides
    text = [s for slide in slides for s in slide.shapes if s.has_text_frame and sentences[0] in s.text_frame.text]
    assert len(text) == 1
    size = text[0].text_frame.paragraphs[0].runs[0].font.size.pt
    lines = sum(deck.lines_needed(p.text, text[0].width.inches - 0.06, size) for p in text[0].text_frame.paragraphs)
    assert lines * size * 1.2 / 72 <= text[0].height.inches + 0.02


@BOTH
def test_the_terminal_warns_in_the_language_asked_for(language: str) -> None:
    """Proves: `solve` ends with the warnings and with the notes of the run, both in the reader's language."""
    out = io.StringIO()
    m = warned()
    record = {"seconds": {"total": 1.0}, "audit": {"largest_residual": 0.0}, "solver": {"rows": 1, "columns": 1}}
    terminal.plan(Console(file=out, width=600), m.results, record, language)
    for sentence in disclosure.told(WARNED, language):
        assert sentence in out.getvalue()
    assert ("is a synthetic year" in out.getvalue()) is (language == "en")
    assert "gas_boilers" not in out.getvalue() and {"en": "Grid power", "zh": "电网"}[language] in out.getvalue()


# The page of the account ----------------------------------------------------------------------------------------------------


def disclosed(language: str, **more: pd.DataFrame) -> str:
    run = stored.load(stored.find("battery")).results
    return disclosure.markdown(disclosure.page(cases.read("battery"), {**run.tables, **more}, (), language))


@BOTH
def test_offsets_stand_apart_on_the_page(language: str) -> None:
    """Proves: credits of a plan are told by year and kind with price and status, apart from the totals, which stay; without any it says so.

    A page that only said "offsets are listed apart" would list none.
    """
    years = pd.DataFrame([(2030, 263915.3, 131958.0, 0.45, 0.4, True, 26391.5, 20000.0, 111958.0, 1896600.0)], columns=offsets.YEARS)
    kinds = pd.DataFrame([(2030, "ccer", "national", "example", 20000.0, 94.83, 1896600.0)], columns=offsets.COLUMNS)
    without, held = disclosed(language), disclosed(language, offset_years=years, offsets=kinds)
    assert {"en": "the case lists no credits", "zh": "案例未列出抵销信用"}[language] in without
    for word in ("20,000", "111,958", "94.83", {"en": "national credits", "zh": "国内自愿减排量"}[language], "45.0%", "40.0%"):
        assert word in held and (word not in without or word == "45.0%"), word
    totals = [text.split("## ")[3] for text in (without, held)]
    assert totals[0] == totals[1]


@BOTH
def test_the_page_calls_things_by_their_names(language: str) -> None:
    """Proves: processes, regions and what a factor is made of are words of the language, and every factor has a year and a region."""
    run = stored.load(stored.find("steel")).results
    blocks = disclosure.page(cases.read("steel"), run.tables, (), language)
    grids = {b.heads[0]: b for b in blocks if isinstance(b, disclosure.Grid)}
    *_, processes = (b for b in blocks if isinstance(b, disclosure.Grid) and b.heads[0] == say("account.unit", language))
    assert {"en": "Blast furnace 2", "zh": "2号高炉"}[language] in {row[0] for row in processes.rows}
    factors = grids[say("account.column.what", language)].rows
    own = next(r for r in factors if r[1].startswith("0.6516"))
    assert own[2:5] == {"en": ("average factor", "2023", "Hebei"), "zh": ("平均因子", "2023", "河北")}[language]
    undated = [r[0] for r in factors if "–" in (r[3], r[4]) and r[5] not in ("own_estimate", "–")]
    assert not undated, undated


def test_roundings_of_a_solver_are_nothing() -> None:
    """Proves: 2e-12 MWh that a plan left unrecognised, and a base year met to 1e-9, are 0 MWh and no minus nought."""
    run = stored.load(stored.find("battery")).results
    green, totals = run["green_power"].assign(unrecognised=2e-12), run["account_totals"].copy()
    totals.loc[totals["year"] == 2025, "t"] *= 1 - 1e-9
    text = disclosed("en", green_power=green, account_totals=totals)
    assert "0.000000" not in text and "−0.0%" not in text
    assert (fmt(-2.91e-11, "emissions", "en"), fmt(2e-12, "energy", "zh"), fmt(1e-6, "share", "en")) == ("0 t CO₂/yr", "0兆瓦时", "0.0001%")


@BOTH
def test_gases_are_told_apart(language: str) -> None:
    """Proves: 2 t of NF3 at 16,100 are 32,200 t beside the CO2 of the site; where there is CO2 alone there is no such table."""
    lines = stored.load(stored.find("battery")).results["account"]
    gas = lines[(lines["scope"] == 1) & (lines["year"] == 2030)].iloc[[0]].assign(gas="nf3", carrier="nf3", item="other_gas", t=32200.0, amount=2.0)
    heading = {"en": "Let out at the site by gas", "zh": "厂内排放（分气体）"}[language]
    with_gas = disclosed(language, account=pd.concat([lines, gas], ignore_index=True))
    assert heading not in disclosed(language) and heading in with_gas
    row = next(line for line in with_gas.splitlines() if line.startswith("| NF3"))
    assert row.endswith("32,200 |")


def test_every_cost_part_of_carbon_has_a_name() -> None:
    """Proves: what passes a priced target, the national market, a border, starts and shed load are words in Chinese: no code stands in a bill."""
    labelled = names.labelled(by_hand(), cases.read("battery", [("targets", "tranche_2027")]))
    for part in ("total passed", "carbon market", "border", "carbon price", "starts", "waiting", "unserved"):
        assert not names.name(labelled, part, "zh").isascii(), part
