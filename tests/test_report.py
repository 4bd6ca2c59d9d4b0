"""Reports of a stored run: every format opens, says what every report must say, and is written whole or not at all."""

import json
import re
import shutil
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Emu

from planner import cli, offsets, report, stored
from planner.errors import CaseError
from planner.language import LANGUAGES, fmt, texts
from planner.report import basis, book, chapters, choices, deck, exchange, keep, material, page, story, studies
from planner.report.material import Material
from planner.report.parts import Table, figure
from planner.results import Results

CARRIED = ("version", "gap", "check", "views", "estimates")


@cache
def of(name: str) -> Material:
    return material.of(name)


def summary(name: str) -> dict[str, object]:
    return dict(stored.load(stored.find(name)).summary)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def text_of(path: Path) -> str:
    """All text of a report, whatever its format."""
    if path.suffix == ".xlsx":
        return "\n".join(str(c) for s in load_workbook(path) for row in s.iter_rows(values_only=True) for c in row if c is not None)
    if path.suffix == ".docx":
        paper = Document(str(path))
        return "\n".join([p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells])
    if path.suffix == ".pptx":
        shapes = [s for slide in Presentation(str(path)).slides for s in slide.shapes]
        cells = [c.text for s in shapes if s.has_table for r in s.table.rows for c in r.cells]
        return "\n".join([s.text_frame.text for s in shapes if s.has_text_frame] + cells)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["xlsx", "pptx", "html", "docx"])
def test_every_report_carries_what_it_rests_on(kind: str, language: str, tmp_path: Path) -> None:
    """Proves: version, fingerprint, gap, whole-year check, both views, estimates, assumptions and sources stand in every format.

    A format that left the stamp or the assumptions out would miss their sentences.
    """
    text = text_of(report.write("battery", kind, tmp_path / f"r.{kind}", language))
    s = summary("battery")
    told = story.of(of("battery"), language)
    assert str(s["fingerprint"]) in text and told.sentence in text
    for key in CARRIED:
        assert texts()[f"report.stamp.{key}"][language] in text, key
    assert texts()["report.check.holds"][language] in text  # the shipped run was run on all hours
    assert fmt(s["estimated_share"], "share", language) in text  # type: ignore[arg-type]
    assert fmt(of("battery").total(2030, "market"), "emissions", language) in text
    assert "mee_grid_factors_2023" in text


def test_a_run_over_the_whole_year_says_whether_the_caps_hold() -> None:
    """Proves: `holds` in the summary decides the sentence, both ways."""
    for holds, key in ((True, "holds"), (False, "fails")):
        m = of("battery")
        checked = Material(type(m.results)({**m.results.summary, "holds": holds}, m.results.tables), m.case, m.plant)
        assert texts()[f"report.check.{key}"]["en"] in dict(story.stamp(checked, "en")).values()


@pytest.mark.parametrize("name", ["battery", "steel"])
def test_slides_hold_native_charts_and_no_text_runs_out_of_its_box(name: str, language: str, tmp_path: Path) -> None:
    """Proves: ten to fourteen slides (two of them where the run holds its studies), editable charts, every text measured to fit its shape, every shape on the slide."""
    slides = Presentation(str(report.write(name, "pptx", tmp_path / "r.pptx", language)))
    assert 10 <= len(slides.slides) <= 14
    assert sum(s.has_chart for slide in slides.slides for s in slide.shapes) >= 7
    for slide in slides.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= slides.slide_width
            bottom = shape.top + (sum(r.height for r in shape.table.rows) if shape.has_table else shape.height)
            assert bottom <= slides.slide_height
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                lines = sum(deck.lines_needed(p.text, Emu(shape.width).inches - 0.06, size) for p in shape.text_frame.paragraphs)
                assert lines * size * 1.2 / 72 <= Emu(shape.height).inches + 0.02, shape.text_frame.text


def test_text_is_made_smaller_until_it_fits() -> None:
    """By hand: 100 small letters at 20 pt take 100 x 20 x 0.56 = 1120 pt, 1120/288 -> 4 lines of 4 inches, 104 pt or 1.44 in.

    In 0.8 inches they fit at 14.5 pt: 812 pt, 3 lines, 56.6 pt; at 15 pt 840/288 -> 3 lines are 58.5 pt > 57.6.
    """
    assert deck.lines_needed("x" * 100, 4.0, 20) == 4
    assert deck.size_for(["x" * 100], 4.0, 0.8, 20) == 14.5
    assert deck.lines_needed("中" * 50, 4.0, 20) == 4  # a Chinese character is as wide as two letters


def test_the_page_asks_nothing_of_a_network(language: str) -> None:
    """Proves: no script, no picture, style or font from elsewhere; addresses of sources are text."""
    html = page.html(story.of(of("battery"), language))
    assert not re.search(r"<(script|link|img|iframe|object)|url\(|@import|src=|(?<!a )href=[\"']?http", html)
    assert html.count("<svg") >= 7 and len(html) < 5e6


def test_words_are_not_broken_on_the_page() -> None:
    """Proves: only an address or a code, longer than any word, may be broken; a column of short words keeps its width when printed."""
    assert page._cell("Technology build") == "<td>Technology build</td>"
    assert page._cell("x" * 25) == f"<td class=l>{'x' * 25}</td>"
    assert page.STYLE.count("overflow-wrap:anywhere") == 1 and "td.l{overflow-wrap:anywhere}" in page.STYLE


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    """Proves: what begins like a formula is a text cell in the workbook."""
    told = story.of(of("battery"), "en")
    bad = pd.DataFrame({"a": ["=1+1", "+2", "-3", "@x"]})
    raw = type(told)(**{**vars(told), "raw": {"bad": bad}})
    book.write(raw, tmp_path / "b.xlsx")
    sheet = load_workbook(tmp_path / "b.xlsx")["_bad"]
    assert [(c.value, c.data_type) for c in sheet["A"][1:]] == [(v, "s") for v in bad["a"]]


def test_the_workbook_has_native_charts_and_every_table(tmp_path: Path) -> None:
    """Proves: the tables of the run come back number by number, and charts refer to cells."""
    made = load_workbook(report.write("battery", "xlsx", tmp_path / "r.xlsx", "en"))
    kept = stored.load(stored.find("battery")).results
    assert {f"_{t}" for t in kept.tables} <= set(made.sheetnames)
    rows = list(made["_emissions"].iter_rows(min_row=2, values_only=True))
    assert [r[3] for r in rows] == pytest.approx(list(kept["emissions"]["t"]))
    assert sum(len(s._charts) for s in made) >= 6


@pytest.mark.parametrize("name", ["battery", "steel"])
def test_the_exchange_table_keeps_the_rules_of_its_format(name: str, tmp_path: Path) -> None:
    """Proves: five index columns and years, no doubled row, no empty level, one unit a variable, totals as in the run."""
    path = report.write(name, "iamc", tmp_path / "r.csv", "en")
    table = pd.read_csv(path)
    assert list(table.columns) == ["model", "scenario", "region", "variable", "unit", "2026", "2027", "2028", "2029", "2030"]
    assert not table.duplicated(["model", "scenario", "region", "variable"]).any()
    assert table[["model", "scenario", "region", "variable", "unit"]].notna().all(axis=None)
    assert all(level == level.strip() != "" for v in table["variable"] for level in v.split("|"))
    assert table[[str(y) for y in range(2026, 2031)]].map(lambda v: isinstance(v, float)).all(axis=None)
    row = table[(table["variable"] == "Emissions|CO2|Total|Location") & (table["scenario"] == f"{name} plan")]
    assert row["2030"].item() == pytest.approx(of(name).total(2030))


@pytest.mark.skipif(find_spec("pyam") is None, reason="pyam is not installed")
def test_pyam_reads_the_exchange_table(tmp_path: Path) -> None:
    import pyam

    made = pyam.IamDataFrame(report.write("battery", "iamc", tmp_path / "r.csv", "en"))
    assert made.scenario == ["battery as today", "battery plan"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_table_as_plain_files(kind: str, tmp_path: Path) -> None:
    """Proves: each table of the run is a file that reads back with its numbers, beside what the report carries."""
    folder = report.write("steel", kind, tmp_path / "t", "zh")
    read = pd.read_csv if kind == "csv" else pd.read_parquet
    kept = stored.load(stored.find("steel")).results
    assert {f.stem for f in folder.iterdir()} == {*kept.tables, "about", "assumptions", "cited"} | {"energy"}
    assert read(folder / f"balance.{kind}")["amount"].sum() == pytest.approx(kept["balance"]["amount"].sum())


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    """Proves: a name that is taken is refused and left as it was; a writer that fails leaves nothing behind."""
    (tmp_path / "r.html").write_text("mine")
    with pytest.raises(CaseError, match="there already"):
        report.write("battery", "html", tmp_path / "r.html", "en")
    assert (tmp_path / "r.html").read_text() == "mine"

    def fails(path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("broke")

    with pytest.raises(RuntimeError):
        keep.whole(tmp_path / "new", fails)
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]


def test_the_command_says_what_it_wrote_and_what_it_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: exit code 0 with the file's name, 2 for a run that is not there."""
    assert cli.main(["report", "battery", "--format", "iamc", "--out", str(tmp_path / "r.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(tmp_path / "r.csv")
    assert cli.main(["report", "nowhere", "--format", "iamc", "--out", str(tmp_path / "s.csv"), "--lang", "zh"]) == 2
    assert "没有这个运行结果" in capsys.readouterr().err and not (tmp_path / "s.csv").exists()


def test_a_run_of_other_numbers_says_so(tmp_path: Path) -> None:
    """Proves: a run whose case this version reads differently carries the warning; one that agrees does not."""
    folder = tmp_path / "run"
    shutil.copytree(stored.find("battery"), folder)
    kept = json.loads((folder / "summary.json").read_text())
    for fingerprint, warned in ((of("battery").case.fingerprint, False), ("0" * 64, True)):
        (folder / "summary.json").write_text(json.dumps(kept | {"fingerprint": fingerprint}))
        labels = [label for label, _ in story.stamp(material.of(folder), "en")]
        assert ("Today's data" in labels) is warned


def test_savings_of_a_project_by_hand() -> None:
    """By hand: 36 MW of roof PV make 41,263.2 MWh in 2030: x 0.1229 -> 5,068.6 tce (3.6/29.3076 each), and at the grid's

    0.4916 t/MWh 20,285 t. What saves heat works through a boiler: its energy is told, its tonnes are not.
    """
    m = of("battery")
    flows = m.results["balance"]
    made = flows[(flows["item"] == "roof_pv") & (flows["year"] == 2030)]["amount"].item()
    assert m.saved("roof_pv") == (pytest.approx(made * 3.6 / 29.3076), pytest.approx(made * 0.4916))
    tce, t = m.saved("oven_heat_recovery")
    assert tce is not None and tce > 0 and t is None
    assert m.saved("battery_4h") == (None, None)


def test_sums_of_the_chapters_close() -> None:
    """Proves: investment by lever adds up to the cash flow's, and electricity by origin to what the balance bought and made."""
    m = of("steel")
    flow = m.results["cash_flow"]
    assert m.investment.to_numpy().sum() == pytest.approx(flow.loc[flow["kind"] == "investment", "cny"].sum())
    flows = m.results["balance"]
    grid = flows[(flows["item"] == "grid") & (flows["carrier"] == "electricity")].groupby("year")["amount"].sum()
    assert m.electricity["grid"].to_dict() == pytest.approx(grid.to_dict())
    assert isinstance(story.of(m, "en").sections["projects"].tables[0], Table) and len(exchange.wide(m)) > 50


def test_numbers_of_tables_are_never_written_with_an_exponent() -> None:
    """Proves: 1,645,880 stays readable; six digits elsewhere; small numbers keep theirs."""
    assert [figure(v) for v in (1645877.4, 123456.7, 1234.5678, 0.05, -2.5e7)] == ["1,645,877", "123,457", "1,234.57", "0.05", "-25,000,000"]


def test_a_cap_that_was_planned_lower_is_told_with_its_price() -> None:
    """Proves: where the whole year had a cap planned lower, it does not bind and yet has a price: no slide says that no cap binds."""
    m = of("steel")
    caps = m.results["caps"].assign(binding=False, shadow_price=[0.0, 0.0, 0.0, 447.5, 1121.0])
    said = chapters.caps(replace(m, results=Results(m.results.summary, {**m.results.tables, "caps": caps})), "en").sentences
    assert texts()["report.caps.none"]["en"] not in said
    assert sum("planned" in s and "lower" in s for s in said) == 2
    none = chapters.caps(replace(m, results=Results(m.results.summary, {**m.results.tables, "caps": caps[:0]})), "zh")
    assert none.sentences == (texts()["report.caps.without"]["zh"],) and not none.charts


def test_a_study_that_the_run_holds_stands_in_its_reports(language: str) -> None:
    """Proves: a front in the run makes rows of the alternatives, and a view's table stands among the studies; what is missing says how.

    A report that knew studies by name would not show a view it was not told of.
    """
    m = of("battery")
    bare = {name: table for name, table in m.results.tables.items() if name not in ("front", "financing")}
    m = replace(m, results=Results(m.results.summary, bare))
    front = pd.DataFrame({"cap": ["total"] * 2, "year": [2030] * 2, "limit_t": [None, 9e4], "cost_cny": [9.9e8, 1.1e9], "emissions_t": [1.4e5, 9e4]})
    held = replace(m, results=Results(m.results.summary, {**m.results.tables, "front": front}))
    rows = [len(choices.alternatives(one, language).tables[0].frame) for one in (m, held)]
    assert rows == [3, 4]
    view = type("new", (), {"__name__": "planner.views.new", "TITLE": "front.title", "table": staticmethod(lambda results, code: front)})
    monkeyed = (*studies.VIEWS, view)
    before = studies.of(m, language)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studies, "VIEWS", monkeyed)
        after = studies.of(m, language)
    assert len(after.tables) == len(before.tables) + 1 and len(before.tables) >= 3
    assert any("planner financing" in s for s in before.sentences)


def test_an_offset_plan_stands_in_the_chapter_of_the_residual(language: str) -> None:
    """Proves: credits that the case lists are told by year and kind, and the sentence that none is bought is gone.

    By hand: 20 kt at 94.83 CNY/t are 1.8966 MCNY, 189.7 in units of 10,000.
    """
    m = of("battery")
    years = pd.DataFrame([(2030, 263915.3, 131958.0, 0.45, 0.4, True, 26391.5, 20000.0, 111958.0, 1896600.0)], columns=offsets.YEARS)
    kinds = pd.DataFrame([(2030, "national", "ccer", "official", 20000.0, 94.83, 1896600.0)], columns=offsets.COLUMNS)
    held = replace(m, results=Results(m.results.summary, {**m.results.tables, "offset_years": years, "offsets": kinds}))
    told, without = basis.residual(held, language), basis.residual(m, language)
    assert len(told.tables) == len(without.tables) + 2
    assert told.tables[1].frame.iloc[0, -3:].tolist() == [20000, 111958, 189.7]
    assert told.tables[2].frame.iloc[0].tolist()[3:] == [20000, 94.83, 189.7]
    assert told.sentences[1] != without.sentences[1]
