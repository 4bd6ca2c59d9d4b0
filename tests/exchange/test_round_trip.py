"""A case goes into a workbook and comes back as it was."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COARSE
from openpyxl import load_workbook

from planner import case, cli, run
from planner.case import Case
from planner.errors import CaseError
from planner.exchange import book_in, book_out, importing, settings, sheets
from planner.language import LANGUAGES

Printed = pytest.CaptureFixture[str]


def said(one: Case) -> dict[str, object]:
    """Everything a case says, without the places where it stands."""
    return {"settings": dict(one.settings)} | {t: [sheets.plain(r) for r in rows] for t, rows in one.tables.items()}


@pytest.mark.parametrize(("name", "language"), [
    *((name, language) for name in ("battery", "steel") for language in LANGUAGES), ("steel_eaf", "zh"),
    pytest.param("battery_sichuan", "en", marks=pytest.mark.full), pytest.param("battery_steam", "en", marks=pytest.mark.full),
])  # fmt: skip
def test_a_case_comes_back_field_by_field(name: str, language: str, tmp_path: Path) -> None:
    """Proves: every setting, row and report of a shipped case survives the way through a workbook, in both languages; a variant comes
    back as a case that stands alone and says the same.

    A workbook that lost an empty cell's default, the order of the assets or the 17th digit of a number would differ.
    """
    there = case.read(name)
    made = importing.from_book(book_out.write(there, tmp_path / "b.xlsx", language), tmp_path / "back")
    here = made.ready.case
    assert said(here) == said(there)
    assert here.fingerprint == there.fingerprint
    assert bool(sheets.reports(here)) == (len(there.homes) == 1) and [[sheets.plain(r) for r in rows] for _, rows in sheets.reports(here)] == [
        [sheets.plain(r) for r in rows] for _, rows in sheets.reports(there)
    ]
    assert settings.remarks_of(here) == settings.remarks_of(there)
    assert made.left == ()


def test_what_was_changed_is_exported_as_changed(tmp_path: Path) -> None:
    """Proves: a change of a case, also of a number that all cases share, is part of its workbook and becomes the case's own.

    A version that exported the files and not the case would import the number before the change.
    """
    changes = [
        ("caps.total.2030", "0.42"), ("finance.carbon_price", "90"), ("site.grid_factor", "0"), ("factors.natural_gas.carbon_content", "15"), ("money.EUR.rate", "7.9"),
        ("technology_values.battery_2h.investment", "900"), ("options", "off"),
    ]  # fmt: skip
    there = case.read("battery", changes)
    here = importing.from_book(book_out.write(there, tmp_path / "b.xlsx", "en"), tmp_path / "back").ready.case
    assert here.fingerprint == there.fingerprint != case.read("battery").fingerprint
    own = {p.name for p in here.folder.glob("*.csv")} - {f"{t}.csv" for t in case.OWN}
    assert own == {"factors.csv", "money.csv", "technology_values.csv"}
    assert {r["carrier"] for r in case.read_table("factors", [here.folder / "factors.csv"], [])} == {"natural_gas"}


def test_a_case_may_speak_for_itself(tmp_path: Path) -> None:
    """Proves: a tariff and a source of one's own, typed into the workbook, are read; the program's own tables stay its own."""
    book = book_out.workbook(case.read("battery"), "en")
    tariff, source = book["Tariff (tariffs)"], book["Sources (sources)"]
    heads = [c.value for c in tariff[1]]
    for row in tariff.iter_rows(min_row=book_out.FIRST_ROW):
        if (row[heads.index("item")].value, row[heads.index("band")].value) == ("energy", "peak"):
            row[heads.index("value")].value, row[heads.index("source")].value = 1.5, "our_contract"
    for n, text in enumerate(("our_contract", "Supply contract of 2026", "Our works"), start=1):
        source.cell(source.max_row + (n == 1), n, text)
    made = importing.from_book(book_out.save(book, tmp_path / "b.xlsx"), tmp_path / "back")
    assert {p.stem for p in made.folder.glob("*.csv")} - set(case.OWN) == {"tariffs", "sources"}
    assert made.ready.year.hourly["price"].max() == pytest.approx(1.5 / 1.13, abs=0.1) != run.prepare("battery").year.hourly["price"].max()
    assert [r["id"] for r in case.read_table("sources", [made.folder / "sources.csv"], [])] == ["our_contract"]


def test_columns_may_be_moved_and_sheets_renamed_in_front(tmp_path: Path) -> None:
    """Proves: columns are found by their names, sheets by what stands in brackets, in any order."""
    book = book_out.workbook(case.read("battery"), "zh")
    page = book["目标 (caps)"]
    page.move_range(f"A1:A{page.max_row}", cols=20)
    page.title = "Unsere Ziele (caps)"
    book.move_sheet(page, -5)
    book.create_sheet("my notes").append(["anything"])
    made = importing.from_book(book_out.save(book, tmp_path / "b.xlsx"), tmp_path / "back")
    assert made.ready.case.fingerprint == case.read("battery").fingerprint
    assert made.left == ("my notes",)


def test_every_heading_says_what_is_allowed(tmp_path: Path) -> None:
    """Proves: each column of each table has a heading in the language asked for, a comment, and a drop-down where the dictionary lists words."""
    for language in LANGUAGES:
        book = book_out.workbook(case.read("steel"), language)
        for sheet in sheets.sheets(case.read("steel")):
            page = book[sheets.title(sheet.name, language)]
            assert [c.value for c in page[1]] == list(sheet.columns)
            rules = {str(r.sqref).split(":")[0].rstrip("0123456789"): r for r in page.data_validations.dataValidation}
            for cell, column in zip(page[2], sheet.columns.values(), strict=True):
                assert str(cell.value).startswith(book_out.label(column, language))
                assert cell.comment is not None and column.en in cell.comment.text and column.zh in cell.comment.text
                if column.allowed:
                    assert rules[cell.column_letter].formula1 == '"' + ",".join(column.allowed) + '"'
            assert len(page.title) <= 31


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    """Proves: a note that begins with = is written as text; a writer that let it through would run it on opening."""
    folder = tmp_path / "plant"
    for name, text in case.read("battery").files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("Share of the base year.", "=1+1"), encoding="utf-8")
    page = load_workbook(book_out.write(case.read(folder), tmp_path / "b.xlsx", "en"))["Targets (caps)"]
    assert [c.data_type for row in page.iter_rows() for c in row if c.value == "=1+1"] == ["s"]


# The commands ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sector", "name"), [("steel", "steel"), ("lithium_battery", "battery"), ("computing", "computing")])
def test_the_template_of_a_sector_can_be_planned_unchanged(sector: str, name: str, tmp_path: Path, capsys: Printed) -> None:
    book, folder = tmp_path / "my.xlsx", tmp_path / "mine"
    assert cli.main(["template", sector, str(book), "--lang", "zh"]) == 0
    assert cli.main(["import", str(book), "--out", str(folder), "--json"]) == 0
    assert case.read(folder).fingerprint == case.read(name).fingerprint
    assert case.read(name).fingerprint in capsys.readouterr().out


def test_a_sector_without_a_case_is_refused(tmp_path: Path, capsys: Printed) -> None:
    assert cli.main(["template", "cement", str(tmp_path / "b.xlsx")]) == cli.WRONG_CASE
    assert "no case of this sector is shipped" in (said_there := capsys.readouterr().err) and "one of battery, " in said_there
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Proves: neither a workbook nor a case that is there is replaced by another one."""
    book, folder = tmp_path / "my.xlsx", tmp_path / "mine"
    assert cli.main(["export", "battery", str(book)]) == 0
    before = book.read_bytes()
    assert cli.main(["export", "steel", str(book)]) == cli.WRONG_CASE
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    assert cli.main(["import", str(book), "--out", str(folder)]) == cli.WRONG_CASE
    assert book.read_bytes() == before and [p.name for p in folder.iterdir()] == ["mine.txt"]


@pytest.mark.full  # four plans
def test_the_same_plan_before_and_after(tmp_path: Path) -> None:
    """Proves: the program solves the imported case to the plan of the exported one; both are the same numbers, so the cost is the same."""
    sets = [part for key, value in COARSE for part in ("--set", f"{key}={value}")]
    assert cli.main(["export", "battery", str(tmp_path / "my.xlsx")]) == 0
    assert cli.main(["import", str(tmp_path / "my.xlsx"), "--out", str(tmp_path / "mine")]) == 0
    cost = []
    for name in ("battery", str(tmp_path / "mine")):
        out = tmp_path / f"run{len(cost)}"
        subprocess.run([sys.executable, "-m", "planner.cli", "solve", name, *sets, "--out", str(out)], check=True, capture_output=True, timeout=600)
        cost.append(run.load(out).summary)
    assert cost[0]["objective_cny"] == pytest.approx(cost[1]["objective_cny"], rel=1e-9)
    assert cost[0]["fingerprint"] == cost[1]["fingerprint"]


# What others add ------------------------------------------------------------------------------------------------------------


def test_every_table_of_a_case_has_a_sheet_and_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a table that is added to the dictionary and to the case is in the workbook, with a name in both languages."""
    one = case.read("battery")
    assert {s.table for s in sheets.sheets(one)} >= {*case.OWN, "report"}
    for sheet in sheets.sheets(one):
        assert sheet.name.partition(".")[0] in case.dictionary()["tables"], f"{sheet.name} has no row `tables` in the dictionary"


def test_no_sheet_is_called_as_a_table_is_not() -> None:
    for name in ("assets", "options", "report.gas_balance", "technology_values"):
        for language in LANGUAGES:
            assert sheets.name_of(sheets.title(name, language)) == name
    assert book_in.name_of("Sheet1") == "Sheet1" and sheets.table_of("Sheet1") is None
    assert sheets.name_of("my (own) notes") is None


def test_remarks_of_a_case_are_kept() -> None:
    """Proves: a comment above a key, beside it and at the section's end stays with that key."""
    text = '# first\nname = "a#b" # beside\n\n[site]\nprovince = "x"\n# below\n# the last\n[time]\ndays = 2\n'
    found = {"name": "first beside", "site.province": "below the last"}
    assert settings.remarks(text) == found
    assert settings.remarks(settings.toml({"name": "a#b", "site.province": "x", "time.days": 2}, found)) == found


def test_a_workbook_is_refused_whole(tmp_path: Path) -> None:
    """Proves: the first wrong sheet does not hide the second, and nothing is left behind."""
    book = book_out.workbook(case.read("battery"), "en")
    book["Targets (caps)"]["E4"] = "2026"
    book["Factory (settings)"]["C6"] = None
    book["Product and services (demands)"]["C4"] = -5
    with pytest.raises(CaseError) as refused:
        importing.from_book(book_out.save(book, tmp_path / "b.xlsx"), tmp_path / "back")
    assert len({f.where.partition("!")[0] for f in refused.value.findings}) >= 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.xlsx"]
