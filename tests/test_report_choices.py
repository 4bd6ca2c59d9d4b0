"""Chapters of energy flows, depth of cut and near alternatives: what the pages draw stands on slides as native charts, or in words how to make it."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pytest import approx

from planner.language import LANGUAGES, say
from planner.report import choices, deck, flowing, material, page, story
from planner.report.material import Material
from planner.results import Results
from planner.studies.front import COLUMNS as FRONT
from planner.views import flows
from planner.why.alternatives import COLUMNS as PLANS

BOTH = pytest.mark.parametrize("language", LANGUAGES)
BASE = 263915.3  # t, of the battery case


@cache
def of(name: str) -> Material:
    return material.of(name)


def bare(m: Material) -> Material:
    """The run without the studies that may have been made of it."""
    kept = {n: t for n, t in m.results.tables.items() if n not in ("front", "alternatives", "ranges")}
    return replace(m, results=Results(m.results.summary, kept))


def studied(m: Material) -> Material:
    """The run with a front of three plans and one alternative, written by hand."""
    front = pd.DataFrame(
        [("total", 2030, None, 0.8 * BASE, 1e6, 1.0e9, 1.0e9, 0.0, None, None, None, None, "", "", False, "abatement/points/a"),
         ("total", 2030, 0.5 * BASE, 0.5 * BASE, 8e5, 1.1e9, 1.09e9, 1e8, 1100.0, 1263.0, 1300.0, 500.0, "heat_pump", "", False, "abatement/points/b"),
         ("total", 2030, 0.2 * BASE, 0.2 * BASE, 6e5, 1.5e9, 1.49e9, 5e8, 5000.0, 5052.0, 5100.0, 2000.0, "biomass", "heat_pump", False, "abatement/points/c")],
        columns=FRONT,
    )  # fmt: skip
    plans = pd.DataFrame(
        [(0, 1.1e9, 0.0, 0.0, 3e8, 1.3e5, 8e5, 0.0, "", "", 1.102e9, 1e8, 0.02, ""),
         (1, 1.102e9, 2e6, 0.02, 2e8, 1.3e5, 8e5, 0.4, "wind_direct", "heat_pump", 1.102e9, 1e8, 0.02, "alternatives/1")],
        columns=PLANS,
    )  # fmt: skip
    ranges = pd.DataFrame(
        [("heat_pump", "Heat pump", "热泵", "technology", "MW", 20.0, 0.0, 15.0, 12.0, 0.0, 0.75)],
        columns=["asset", "en", "zh", "lever", "unit", "largest", "least", "most", "plan_0", "plan_1", "open"],
    )
    return replace(m, results=Results(m.results.summary, {**m.results.tables, "front": front, "alternatives": plans, "ranges": ranges}))


@BOTH
@pytest.mark.parametrize("name", ["steel", "battery"])
def test_energy_flows_are_those_of_the_picture(name: str, language: str) -> None:
    """Proves: every band of the explorer's picture is a piece of a bar: both charts add up to it, carrier by carrier, fuels, gases and heat included.

    A slide that showed electricity alone would miss nine tenths of the works' energy.
    """
    m = of(name)
    bands = flows.energy(m.results, m.last)
    brings, uses = flowing.charts(m, language)
    for chart, column in ((brings, 0), (uses, 2)):
        drawn = sum(v or 0.0 for s in chart.series for v in s.values)
        assert drawn == approx(sum(v for a, b, v in bands if column in (a[0], b[0])) / 1e3, rel=1e-4)
        assert len({s.colour for s in chart.series}) == len(chart.series) == len({s.label for s in chart.series})
    sums = [float(row[1].replace(",", "")) for row in flowing.told(m, language)]
    assert sum(sums) == approx(flowing.total(m), rel=1e-3) and len(sums) == len(brings.categories)
    assert flowing.total(m) == approx(sum(v or 0.0 for s in brings.series for v in s.values), rel=1e-4)
    assert brings.categories == uses.categories
    power = brings.categories.index(flows.label(m.results, (1, "electricity"), language))
    column = [s.values[power] or 0.0 for s in brings.series]
    assert sum(column) < {"steel": 0.2, "battery": 0.9}[name] * flowing.total(m)
    bought = m.results["balance"]
    grid = bought[(bought["item"] == "grid") & (bought["carrier"] == "electricity") & (bought["year"] == m.last)]["amount"].sum()
    if name == "battery":  # in the works its own power plants make nearly all, and the grid is among the rest
        assert any(v == approx(grid * 3.6 / 1e3, rel=1e-4) for v in column), "the grid's power, MWh in TJ"


@BOTH
def test_slides_of_flows_depth_and_alternatives_are_native(language: str, tmp_path: Path) -> None:
    """Proves: bars of flows, columns of the two costs of depth and the table of near plans are on slides of their own; without the studies the
    slide of alternatives names both commands, and there is no empty slide."""
    count = {}
    for made, m in (("with", studied(of("battery"))), ("without", bare(of("battery")))):
        deck.write(story.of(m, language), tmp_path / f"{made}.pptx")
        slides = Presentation(str(tmp_path / f"{made}.pptx")).slides
        titles = [s.shapes.title.text_frame.text for s in slides]
        count[made] = len(titles)
        charts = {t: [s.chart for s in slide.shapes if s.has_chart] for t, slide in zip(titles, slides, strict=True)}
        bars = [c for c in charts[say("report.energy", language)] if c.chart_type == XL_CHART_TYPE.BAR_STACKED]
        assert len(bars) == 2 and len(list(bars[0].plots[0].categories)) >= 5
        words = " ".join(s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame)
        for key in ("depth", "near"):
            assert (say(f"report.{key}", language) in titles) is (made == "with")
        for command in ("planner abatement", "planner alternatives"):
            assert (command in words) is (made == "without"), command
    assert count["with"] == count["without"] + 2 <= 14


@BOTH
def test_depth_of_cut_by_hand(language: str) -> None:
    """By hand: 20, 50 and 80 % below the base year; the last costs 500 M CNY more than the first and each of its tonnes 5,052 CNY a t/a."""
    told = choices.depth(studied(of("battery")), language)
    extra, step = told.charts
    assert extra.categories == step.categories == ("-20%", "-50%", "-80%")
    per = {"en": 1e6, "zh": 1e8}[language]
    assert [v * per for v in extra.series[0].values if v is not None] == approx([0, 1e8, 5e8])
    assert step.series[0].values == (None, 1263.0, 5052.0)
    assert "80%" in told.sentences[0] and "abatement/points" not in told.tables[0].frame.to_string()
    assert {"en": "M CNY", "zh": "亿元"}[language] == extra.unit


@BOTH
def test_near_plans_stand_in_reports(language: str) -> None:
    """Proves: the table of near plans is the pages' own, with what "near" means; the page draws the flows as lying bars."""
    told = choices.near(studied(of("battery")), language)
    assert "2%" in told.sentences[0].replace(".0", "") and len(told.tables[0].frame) == 6
    html = page.html(story.of(studied(of("battery")), language))
    assert say("report.depth.step", language, year=2030) in html and say("report.energy.uses", language, year=2030) in html
