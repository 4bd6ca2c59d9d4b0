"""Every kind of damaged workbook ends in a sentence with place, fault and what is allowed; nothing is written, nothing is touched."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from conftest import prepared
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner import calendar, case, cli
from planner.dictionary import dictionary
from planner.exchange import book_in, book_out, guard, importing, marked, sheets
from planner.language import spoken

SHOWN = {"technology_values", "technologies", "factors", "carriers", "province_values", "sources", "tariffs", "tariff_hours"}


def column(table: str, name: str) -> str:
    """The letter of a column of a sheet."""
    return get_column_letter(list(dictionary()[table]).index(name) + 1)


EN, ZH, NOTE, SIZE, UNIT = (column("assets", name) for name in ("en", "zh", "note", "size", "unit"))
LAST = 4 + len(case.read("battery").tables["caps"])  # the row below the caps
YEAR, SHARE, OF_CAP = (column("caps", name) for name in ("year", "share", "unit"))
FACTORY, GOODS, ASSETS, OPTIONS = "Factory (settings)", "Product and services (demands)", "Equipment (assets)", "Options (options)"
PRICES, CAPS, AREAS, HOSTS, MARKETS = "Prices (market_values)", "Targets (caps)", "Roofs and land (areas)", "Site-wide measures (hosts)", "Purchases and sales (markets)"  # fmt: skip
OWN, SHAPES = "Own values (overrides)", "Load shapes (profiles)"
Damage = Callable[[Workbook], object]


@cache
def sound() -> bytes:
    """The cell plant's workbook without what need not be there: the program's own tables, drop-downs, and comments."""
    book = book_out.workbook(case.read("battery"), "en")
    for name in book.sheetnames:
        if book_in.name_of(name) in SHOWN:
            del book[name]
            continue
        book[name].data_validations.dataValidation = []
        book[name].conditional_formatting = ConditionalFormattingList()
        for cell in (c for row in book[name].iter_rows() for c in row if c.comment):
            cell.comment = None
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def letter(page: Worksheet, column: str) -> str:
    """The letter of a column by its name."""
    return next(c.column_letter for c in page[1] if c.value == column)


def put(sheet: str, column: str, value: object, row: int = 4) -> Damage:
    """Write a value into a cell."""

    def damage(book: Workbook) -> None:
        cell = book[sheet][f"{letter(book[sheet], column)}{row}"]
        cell.value = value
        if isinstance(value, str) and not value.startswith(("#", "=B", "=[", "=1")):
            cell.data_type = "s"

    return damage


def setting(key: str, value: object) -> Damage:
    """Write a setting."""

    def damage(book: Workbook) -> None:
        next(row for row in book[FACTORY].iter_rows() if row[0].value == key)[2].value = value

    return damage


def again(sheet: str, row: int = 4, **changed: object) -> Damage:
    """Say a row a second time, below the others."""

    def damage(book: Workbook) -> None:
        page = book[sheet]
        last = max(r for r in range(4, page.max_row + 1) if page.cell(r, 1).value is not None) + 1
        for cell in page[row]:
            page.cell(last, cell.column, changed.get(str(page.cell(1, cell.column).value), cell.value))

    return damage


def rename(old: str, new: str) -> Damage:
    def damage(book: Workbook) -> None:
        book[old].title = new

    return damage


def copied(book: Workbook) -> None:
    book.copy_worksheet(book[CAPS]).title = "Targets (caps) (2)"


def shown_as(sheet: str, column: str, form: str) -> Damage:
    def damage(book: Workbook) -> None:
        book[sheet][f"{letter(book[sheet], column)}4"].number_format = form

    return damage


def cleared(sheet: str) -> Damage:
    return lambda book: book[sheet].delete_rows(4, 400)


# name of the damage -> what is done to the book, where it is found, what is said
CELLS: dict[str, tuple[Damage, str, str]] = {
    # sheets
    "missing sheet": (lambda b: b.remove(b[ASSETS]), "b.xlsx", "there is no sheet 'Equipment (assets)'"),
    "missing settings": (lambda b: b.remove(b[FACTORY]), "b.xlsx", "there is no sheet 'Factory (settings)'"),
    "renamed sheet": (rename(CAPS, "Tragets"), "b.xlsx", "there is no sheet 'Targets (caps)'"),
    "copied sheet": (copied, "Targets (caps) (2)", "a second sheet of 'caps'"),
    "sheet twice": (lambda b: b.create_sheet("caps"), "caps", "two sheets of 'caps'"),
    "merged data": (lambda b: b[CAPS].merge_cells("A4:A6"), f"{CAPS}!A4:A6", "merged cells"),
    "merged headings": (lambda b: b[CAPS].merge_cells("A2:C2"), f"{CAPS}!A2:C2", "merged cells"),
    "unknown column": (lambda b: b[CAPS].cell(1, 1, "limit_name"), f"{CAPS}!A1", "column 'limit_name' is unknown"),
    "missing column": (lambda b: b[CAPS].delete_cols(1), f"{CAPS}!A1", "column 'cap' (cap, 上限) is missing"),
    "column twice": (lambda b: b[CAPS].cell(1, 2, "cap"), f"{CAPS}!B1", "column 'cap' stands here a second time"),
    "column without a name": (put(CAPS, "share", None, 1), f"{CAPS}!{SHARE}1", "the column holds values and has no name"),
    "first row deleted": (lambda b: b[CAPS].delete_rows(1), f"{CAPS}!A1", "column 'Cap *' is unknown"),
    "headings deleted": (lambda b: b[CAPS].delete_rows(2), f"{CAPS}!A3", "this row holds data"),
    "too many columns": (lambda b: b[CAPS].cell(5, 600, 1), CAPS, "600 columns"),
    "too many rows": (lambda b: b[CAPS].cell(30_000, 1, "total"), CAPS, "30000 rows"),
    "no equipment": (cleared(ASSETS), ASSETS, "nothing supplies it"),
    # numbers
    "text number": (put(ASSETS, "size", "20000"), f"{ASSETS}!{SIZE}4", "the text '20000', not a number"),
    "thousands separator": (put(ASSETS, "size", "20,000"), f"{ASSETS}!{SIZE}4", "the text '20,000', not a number"),
    "full-width digits": (put(ASSETS, "size", "２００００"), f"{ASSETS}!{SIZE}4", "not a number"),
    "number with unit": (put(ASSETS, "size", "20000 MWh/a"), f"{ASSETS}!{SIZE}4", "the text '20000 MWh/a', not a number"),
    "words for a number": (put(ASSETS, "size", "not known"), f"{ASSETS}!{SIZE}4", "the text 'not known', not a number"),
    "negative": (put(ASSETS, "size", -20000), f"{ASSETS}!{SIZE}4", "is -20000"),
    "percent as 95": (put(CAPS, "share", 95), f"{CAPS}!{SHARE}4", "95 % was meant, which is 0.95"),
    "percent as text": (put(CAPS, "share", "95%"), f"{CAPS}!{SHARE}4", "the text '95%', not a number"),
    "value added tax of 13": (put(PRICES, "vat_rate", 13, 7), f"{PRICES}!", "13 % was meant, which is 0.13"),
    "percentage of a size": (shown_as(SHAPES, "hour_to", "0%"), f"{SHAPES}!D4", "shown as a percentage"),
    "truth for a number": (put(ASSETS, "size", True), f"{ASSETS}!{SIZE}4", "size is TRUE"),
    "date for a number": (put(ASSETS, "size", date(2026, 3, 1)), f"{ASSETS}!{SIZE}4", "a date or time (2026-03-01"),
    "unit that measures something else": (put(ASSETS, "unit", "t/a"), f"{ASSETS}!{UNIT}4", "cannot be read as"),
    "unknown unit": (put(ASSETS, "unit", "Stück/a"), f"{ASSETS}!", "is unknown"),
    "no unit": (put(GOODS, "unit", None), f"{GOODS}!D4", "is missing"),
    "no price year": (put(PRICES, "currency_year", None, 11), f"{PRICES}!", "the price year of money is missing"),
    # years
    "year of another century": (put(CAPS, "year", 1926), f"{CAPS}!{YEAR}4", "is 1926"),
    "half a year": (put(CAPS, "year", 2026.5), f"{CAPS}!{YEAR}4", "not a whole year"),
    "year with its sign": (put(CAPS, "year", "2026年"), f"{CAPS}!{YEAR}4", "the text '2026年', not a number"),
    "date for a year": (put(CAPS, "year", date(2026, 12, 31)), f"{CAPS}!{YEAR}4", "a date or time (2026-12-31"),
    "duplicated year": (again(CAPS), f"{CAPS}!A{LAST}", f"told already in {CAPS}!A4"),
    "year twice with another number": (again(CAPS, share=0.5), f"{CAPS}!A{LAST}", f"told already in {CAPS}!A4"),
    "every year beside one year": (again(GOODS, year=2027), f"{GOODS}!", "beside values of single years"),
    # formulas
    "division by zero": (put(ASSETS, "size", "#DIV/0!"), f"{ASSETS}!{SIZE}4", "size is the error #DIV/0!"),
    "reference lost": (put(CAPS, "share", "#REF!"), f"{CAPS}!{SHARE}4", "share is the error #REF!"),
    "not available": (put(CAPS, "unit", "#N/A"), f"{CAPS}!{OF_CAP}4", "unit is the error #N/A"),
    "formula never calculated": (put(ASSETS, "size", "=1+1"), f"{ASSETS}!{SIZE}4", "a formula without a result"),
    "formula of another file": (put(ASSETS, "size", "=[1]Sheet1!A1"), f"{ASSETS}!{SIZE}4", "taken from another file"),
    "formula injection": (put(ASSETS, "note", "=cmd|'/C calc'!A0"), f"{ASSETS}!{NOTE}4", "would run as a formula"),
    "injection by plus": (put(ASSETS, "note", "+SUM(1+1)*cmd|' /C calc'!A0"), f"{ASSETS}!{NOTE}4", "would run as a formula"),
    "injection by at": (put(ASSETS, "en", "@SUM(A1)"), f"{ASSETS}!{EN}4", "would run as a formula"),
    "injection by minus": (put(ASSETS, "zh", "-cmd|'/C calc'!A0"), f"{ASSETS}!{ZH}4", "would run as a formula"),
    # names
    "name twice": (again(ASSETS), f"{ASSETS}!A", f"told already in {ASSETS}!A4"),
    "name with a capital": (put(ASSETS, "asset", "Mixing line"), f"{ASSETS}!A4", "is not a name"),
    "Chinese name": (put(ASSETS, "asset", "混料"), f"{ASSETS}!A4", "is not a name"),
    "name missing": (put(ASSETS, "asset", None), f"{ASSETS}!A4", "is missing"),
    "unknown technology": (put(ASSETS, "technology", "magic"), f"{ASSETS}!B4", "technology 'magic' is unknown"),
    "unknown carrier": (put(GOODS, "carrier", "batterycell"), f"{GOODS}!A4", "carrier 'batterycell' is unknown"),
    "unknown host": (put(OPTIONS, "host", "nobody"), f"{OPTIONS}!", "'nobody'"),
    "unknown area": (put(OPTIONS, "area", "moon"), f"{OPTIONS}!", "area 'moon' is unknown"),
    "unknown source": (put(GOODS, "source", "hearsay"), f"{GOODS}!F4", "source 'hearsay' is unknown"),
    "unknown profile": (put(GOODS, "profile", "wavy"), GOODS, "profile 'wavy'"),
    "unknown word": (put(ASSETS, "status", "existing"), f"{ASSETS}!C4", "is 'existing'"),
    "confidence of one's own": (put(AREAS, "confidence", "sure"), f"{AREAS}!E4", "is 'sure'"),
    "market of nobody": (put(PRICES, "market", "bazaar"), f"{PRICES}!", "'bazaar'"),
    "measure of nobody": (put(HOSTS, "asset", "nothing"), f"{HOSTS}!", "'nothing'"),
    "truth for a word": (put(MARKETS, "allowed", True), f"{MARKETS}!{column('markets', 'allowed')}4", "allowed is TRUE"),
    "essay for a note": (put(ASSETS, "note", "x" * 5_000), f"{ASSETS}!{NOTE}4", "a text of 5000 signs"),
    "option without a limit": (put(OPTIONS, "max_size", None), f"{OPTIONS}!", "no max_size and no max_units"),
    "cap without a limit": (put(CAPS, "share", None), f"{CAPS}!A4", "the cap has no limit"),
    # settings
    "unknown setting": (lambda b: b[FACTORY].cell(4, 1, "nmae"), f"{FACTORY}!A4", "setting 'nmae' is unknown"),
    "setting twice": (lambda b: b[FACTORY].cell(5, 1, "name"), f"{FACTORY}!A5", "stands here a second time"),
    "discount rate of 7": (setting("finance.discount_rate", 7), f"{FACTORY}!C", "7 % was meant, which is 0.07"),
    "text for a rate": (setting("finance.discount_rate", "seven"), f"{FACTORY}!C", "the text 'seven', not a number"),
    "years the wrong way round": (setting("horizon.last_year", 2020), f"{FACTORY}!C", "the horizon runs from 2026 to 2020"),
    "unknown province": (setting("site.province", "Kiangsu"), f"{FACTORY}!C", "site.province is 'Kiangsu'"),
    "no base year": (setting("base_year.emissions", None), f"{CAPS}!", "a share needs the base year's amount"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Representative days are clustered once: no damage of this page changes them, and they are what takes long."""
    days = prepared("battery").year.days
    monkeypatch.setattr(calendar, "typical_days", lambda *given, **named: days)


def findings_of(path: Path, folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(importing.CaseError) as refused:
        importing.from_book(path, folder)
    return [(f.where, f.what, f.allowed) for f in refused.value.findings]


@pytest.mark.parametrize("kind", CELLS)
def test_a_damaged_cell_is_named(kind: str, tmp_path: Path) -> None:
    """Proves: place and fault are said, what is allowed too; no case is made, the workbook stays as it was; in Chinese as well."""
    damage, where, what = CELLS[kind]
    book = load_workbook(io.BytesIO(sound()))
    damage(book)
    path, folder = tmp_path / "b.xlsx", tmp_path / "made"
    book.save(path)
    before = path.read_bytes()
    found = findings_of(path, folder)
    assert [f for f in found if f[0].startswith(where) and what in f[1] and f[2]], found
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["b.xlsx"]
    for finding in (importing.Finding(*f) for f in found):
        assert any("一" <= sign <= "鿿" for sign in spoken(finding, "zh").removeprefix(finding.where).partition("；允许：")[0]), finding


def package(*parts: tuple[str, bytes], without: str = "") -> bytes:
    """The sound workbook as a package with further or other parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound())) as there, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as here:
        new = dict(parts)
        for part in there.infolist():
            if part.filename not in new and part.filename != without:
                here.writestr(part, there.read(part))
        for name, text in parts:
            here.writestr(name, text)
    return content.getvalue()


def encrypted() -> bytes:
    """A package whose parts say that they are encrypted."""
    content = bytearray(package())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def spoilt() -> bytes:
    """A package of which some bytes were lost on the way."""
    content = bytearray(package())
    content[2_000:2_400] = bytes(400)
    return bytes(content)


BOMB = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty file": (lambda: b"", "the file is empty"),
    "old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the old kind (.xls), or one with a password"),
    "text": (lambda: b"asset,size\nmixing,3\n", "this is no workbook but text"),
    "web page": (lambda: b"<!doctype html><HTML><table></table>", "this is no workbook but a web page"),
    "PDF": (lambda: b"%PDF-1.7\n", "this is no workbook but a PDF"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "this is no workbook but something else"),
    "OpenDocument": (lambda: package(("mimetype", b"application/vnd.oasis"), without="xl/workbook.xml"), "an OpenDocument file"),
    "Word file": (lambda: package(("word/document.xml", b"<x/>"), without="xl/workbook.xml"), "a Word file"),
    "any package": (lambda: package(without="xl/workbook.xml"), "no Excel workbook but a package"),
    "half a file": (lambda: sound()[: len(sound()) // 2], "the file is damaged"),
    "bytes lost": (spoilt, "damaged"),
    "50 MB": (lambda: sound() + bytes(50_000_000), "the file has 50 MB"),
    "zip bomb": (lambda: package(("xl/media/image1.png", bytes(80_000_000))), "unpacked the file has"),
    "thousands of parts": (lambda: package(*((f"xl/media/{n}.png", b"") for n in range(2_100))), "parts"),
    "password": (encrypted, "the file is encrypted"),
    "macros": (lambda: package(("xl/vbaProject.bin", b"\x00")), "the workbook has macros"),
    "Excel 4 macros": (lambda: package(("xl/macrosheets/sheet1.xml", b"<x/>")), "the workbook has macros"),
    "controls": (lambda: package(("xl/activeX/activeX1.xml", b"<x/>")), "the workbook has controls"),
    "external links": (lambda: package(("xl/externalLinks/externalLink1.xml", b"<x/>")), "the workbook has links to other workbooks"),
    "embedded file": (lambda: package(("xl/embeddings/oleObject1.bin", b"\x00")), "the workbook has embedded files"),
    "data connection": (lambda: package(("xl/connections.xml", b"<x/>")), "connections to outside data"),
    "entity bomb": (lambda: package(("xl/worksheets/sheet1.xml", BOMB)), "declares a document type"),
    "broken sheet": (lambda: package(("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row>")), "the workbook cannot be read"),
    "broken list of sheets": (lambda: package(("xl/workbook.xml", b"<workbook/>")), ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_workbook_is_refused(kind: str, tmp_path: Path) -> None:
    """Proves: what could run, reach out, or fill the memory is refused before it is unpacked; the file stays as it was."""
    content, what = FILES[kind]
    path = tmp_path / "b.xlsx"
    path.write_bytes(content())
    found = findings_of(path, tmp_path / "made")
    assert all(where == "b.xlsx" and allowed for where, _, allowed in found)
    assert any(what in said for _, said, _ in found), found
    assert [p.name for p in tmp_path.iterdir()] == ["b.xlsx"]
    for finding in (importing.Finding(*f) for f in found):
        assert any("一" <= sign <= "鿿" for sign in spoken(finding, "zh").partition("；允许：")[0]), finding


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in findings_of(tmp_path / "no.xlsx", tmp_path / "made")[0][1]
    assert "a folder" in findings_of(tmp_path, tmp_path / "made")[0][1]


def test_there_are_enough_kinds_of_damage() -> None:
    assert len(CELLS) + len(FILES) >= 90 and guard.LARGEST < 50e6


# The copy with comments ------------------------------------------------------------------------------------------------------


def test_the_findings_stand_as_comments_in_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: each finding is a comment in its own cell of a copy and a line in front; the workbook itself stays as it was, and so do earlier copies."""
    book = load_workbook(io.BytesIO(sound()))
    CELLS["text number"][0](book)
    CELLS["duplicated year"][0](book)
    path = tmp_path / "b.xlsx"
    book.save(path)
    before = path.read_bytes()
    for copy in ("b-findings.xlsx", "b-findings-2.xlsx"):
        assert cli.main(["import", str(path), "--out", str(tmp_path / "made"), "--lang", "zh"]) == cli.WRONG_CASE
        assert copy in capsys.readouterr().err.replace("\n", "")
        seen = load_workbook(tmp_path / copy)
        assert "不是数字" in seen[ASSETS][f"{SIZE}4"].comment.text
        assert seen[CAPS][f"A{LAST}"].comment is not None
        front = seen[sheets.title(sheets.FOUND, "zh")]
        assert seen.sheetnames[0] == front.title and {front.cell(r, 1).value for r in range(2, front.max_row + 1)} >= {
            f"{ASSETS}!{SIZE}4",
            f"{CAPS}!A{LAST}",
        }
    assert path.read_bytes() == before and not (tmp_path / "made").exists()


def test_a_marked_copy_is_imported_again_once_it_is_mended(tmp_path: Path) -> None:
    """Proves: people work on in the copy they were handed."""
    book = load_workbook(io.BytesIO(sound()))
    CELLS["text number"][0](book)
    book.save(tmp_path / "b.xlsx")
    copy = marked.mark(tmp_path / "b.xlsx", [importing.Finding(f"{ASSETS}!{SIZE}4", "size is the text '20000', not a number", "a number")], "en")
    mended = load_workbook(copy)
    mended[ASSETS][f"{SIZE}4"] = 20000
    mended.save(tmp_path / "c.xlsx")
    assert importing.from_book(tmp_path / "c.xlsx", tmp_path / "made").ready.case.fingerprint == case.read("battery").fingerprint
