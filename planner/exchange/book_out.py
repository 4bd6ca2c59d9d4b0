"""Workbook out 导出: a case as one Excel workbook, with meanings, units, limits, drop-downs and sources, in either language."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from planner import __version__
from planner.case import SETTINGS, Case
from planner.dictionary import Column
from planner.errors import CaseError, Finding
from planner.exchange import settings
from planner.exchange.sheets import LISTS, READ_ME, SETTING_COLUMNS, Sheet, choices, sheets, title
from planner.language import fmt, say

FIRST_ROW = 4  # of the data; above it the names, the headings and the units
SPARE_ROWS = 200  # below the data, ready to be filled in
HEAD, SMALL = PatternFill("solid", fgColor="1F5C4A"), PatternFill("solid", fgColor="E8EFEC")
INPUT = PatternFill("solid", fgColor="FFF9DB")
WIDE = ("note", "reason", "title", "url", "en", "zh")


def write(case: Case, path: Path, language: str) -> Path:
    """Write ``case`` as a workbook to ``path``, whole or not at all. Raises CaseError when the file is there or cannot be written."""
    return save(workbook(case, language), path)


def save(book: Workbook, path: Path) -> Path:
    """Write a workbook to a new file, whole or not at all. Raises CaseError."""
    content = io.BytesIO()
    book.save(content)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            try:
                file.write(content.getvalue())
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise CaseError([Finding(str(path), "the file is there already", "a new name; nothing is overwritten")]) from None
    except OSError as error:
        raise CaseError([Finding(str(path), f"the file cannot be written ({error.strerror})", "a folder that may be written to")]) from error
    return path


def workbook(case: Case, language: str) -> Workbook:
    """The whole workbook of a case."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    all_sheets = sheets(case)
    _read_me(book, case, all_sheets, language)
    lists = _lists(case)
    _settings(book, case, lists, language)
    for sheet in all_sheets:
        _table(book, sheet, lists, language)
    page = book.create_sheet(title(LISTS, language))
    page.sheet_state = "hidden"
    for n, (name, words) in enumerate(lists.items(), start=1):
        for row, word in enumerate([name, *words], start=1):
            put(page.cell(row, n), word)
    for page in book.worksheets:
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return book


def put(cell: Cell, value: Any) -> Cell:
    """A value into a cell; text stays text, whatever its first sign is."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    return cell


def allowed(column: Column, language: str) -> str:
    """What may stand in a column, in words."""
    if column.allowed:
        return say("allow.one_of", language, words=", ".join(column.allowed))
    parts = [say(f"allow.{column.type}", language)]
    parts += [say("allow.least", language, limit=f"{column.lowest:g}")] if column.lowest is not None else []
    parts += [say("allow.most", language, limit=f"{column.highest:g}")] if column.highest is not None else []
    return ("，" if language == "zh" else ", ").join([*parts, *([column.unit] if column.unit else [])])


def label(column: Column, language: str) -> str:
    """The heading of a column."""
    return column.zh if language == "zh" else column.en[:1].upper() + column.en[1:]


def explained(column: Column, language: str) -> str:
    """The comment of a heading: both names, what is allowed, what an empty cell means."""
    lines = [f"{column.en} / {column.zh}", allowed(column, language)]
    if column.default:
        lines.append(f"{say('book.default', language)}: {column.default}")
    elif column.required:
        lines.append(say("book.required", language))
    return "\n".join(lines)


def _read_me(book: Workbook, case: Case, all_sheets: Sequence[Sheet], language: str) -> None:
    page = book.create_sheet(title(READ_ME, language))
    page.sheet_view.showGridLines = False
    page.column_dimensions["A"].width, page.column_dimensions["B"].width, page.column_dimensions["C"].width = 42, 14, 70
    put(page["A1"], say("book.title", language, title=case.settings.get(language) or case.name)).font = Font(size=16, bold=True, color="1F5C4A")
    put(page["A3"], say("book.how", language)).font = Font(bold=True)
    for n in range(1, 8):
        cell = put(page.cell(3 + n, 1), f"{n}. " + say(f"book.how.{n}", language))
        page.merge_cells(start_row=3 + n, start_column=1, end_row=3 + n, end_column=3)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[3 + n].height = 31
    put(page["A12"], say("book.sheets", language)).font = Font(bold=True)
    for n, (name, rows) in enumerate([("settings", len(SETTINGS)), *((s.name, len(s.rows)) for s in all_sheets)], start=13):
        cell = put(page.cell(n, 1), title(name, language))
        cell.hyperlink = f"#'{cell.value}'!A1"
        cell.font = Font(color="1F5C4A", underline="single")
        put(page.cell(n, 2), fmt(rows, say("book.rows", language), language))
    stamp = say("book.stamp", language, case=case.name, version=__version__, fingerprint=case.fingerprint)
    put(page.cell(15 + len(all_sheets), 1), stamp).font = Font(italic=True, color="808080")


def _settings(book: Workbook, case: Case, lists: Mapping[str, Sequence[str]], language: str) -> None:
    page = book.create_sheet(title("settings", language))
    names = ("key", "meaning", "value", "unit", "allowed", "default", "note")
    _heads(page, [(n, say(f"book.{n}", language), "", "") for n in names], (24, 46, 26, 10, 36, 14, 70))
    given, notes = settings.said(case), settings.remarks_of(case)
    for number, (key, column) in enumerate(SETTINGS.items(), start=FIRST_ROW):
        cells = (key, label(column, language), given.get(key), column.unit, allowed(column, language), column.default, notes.get(key))
        for name, cell, value in zip(names, page.iter_cols(1, len(names), number, number), cells, strict=True):
            if value not in (None, ""):
                put(cell[0], value)
            cell[0].alignment = Alignment(wrap_text=name in ("meaning", "allowed", "note"), vertical="top")
            if name in SETTING_COLUMNS[1:]:
                cell[0].fill = INPUT
        rule = _rule(
            column, lists.get(key.rpartition(".")[2]), list(lists).index(key.rpartition(".")[2]) if key.rpartition(".")[2] in lists else 0, language
        )
        if rule:
            rule.add(f"C{number}")
            page.add_data_validation(rule)


def _table(book: Workbook, sheet: Sheet, lists: Mapping[str, Sequence[str]], language: str) -> None:
    page = book.create_sheet(title(sheet.name, language))
    columns = list(sheet.columns.values())
    heads = [(c.name, label(c, language) + (" *" if c.required and not c.default else ""), c.unit, explained(c, language)) for c in columns]
    widths = []
    for column in columns:
        longest = max([len(column.name), *(len(str(r[column.name])) for r in sheet.rows if r[column.name] is not None)])
        widths.append(min(max(longest + 2, 11), 60 if column.name in WIDE else 30))
    _heads(page, heads, widths)
    last = FIRST_ROW + len(sheet.rows) + SPARE_ROWS
    for number, row in enumerate(sheet.rows, start=FIRST_ROW):
        for n, column in enumerate(columns, start=1):
            cell = page.cell(number, n)
            if row[column.name] is not None:
                put(cell, row[column.name])
            cell.fill = INPUT
            if column.name in WIDE[:2]:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    order = list(lists)
    for n, column in enumerate(columns, start=1):
        rule = _rule(column, lists.get(column.name), order.index(column.name) if column.name in lists else 0, language)
        if rule:
            rule.add(f"{get_column_letter(n)}{FIRST_ROW}:{get_column_letter(n)}{last}")
            page.add_data_validation(rule)
    page.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{max(FIRST_ROW, FIRST_ROW - 1 + len(sheet.rows))}"


def _heads(page: Worksheet, heads: Sequence[tuple[str, str, str, str]], widths: Sequence[float]) -> None:
    """Names, headings and units in the first three rows; comments on the headings."""
    for n, ((name, heading, unit, comment), width) in enumerate(zip(heads, widths, strict=True), start=1):
        put(page.cell(1, n), name).font = Font(size=8, italic=True, color="808080")
        cell = put(page.cell(2, n), heading)
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), HEAD, Alignment(wrap_text=True, vertical="center")
        put(page.cell(3, n), unit or None).fill = SMALL
        if comment:
            cell.comment = Comment(comment, "planner", width=320, height=110)
        page.column_dimensions[get_column_letter(n)].width = width
    page.row_dimensions[2].height = 32
    page.freeze_panes = page.cell(FIRST_ROW, 2)
    page.print_title_rows = f"1:{FIRST_ROW - 1}"


def _rule(column: Column, words: Sequence[str] | None, place: int, language: str) -> DataValidation | None:
    """The drop-down or the limits of a column; None where anything goes."""
    rule: DataValidation | None = None
    if column.allowed:
        rule = DataValidation("list", formula1='"' + ",".join(column.allowed) + '"')
    elif words:  # a suggestion: a name may also be a new one
        letter = get_column_letter(place + 1)
        rule = DataValidation("list", formula1=f"'{title(LISTS, language)}'!${letter}$2:${letter}${len(words) + 1}", showErrorMessage=False)
    elif column.type in ("number", "year", "whole"):
        low, high = column.lowest, column.highest
        kind = "decimal" if column.type == "number" else "whole"
        if low is not None and high is not None:
            rule = DataValidation(kind, operator="between", formula1=f"{low:g}", formula2=f"{high:g}")
        elif low is not None:
            rule = DataValidation(kind, operator="greaterThanOrEqual", formula1=f"{low:g}")
        else:
            rule = DataValidation(kind, operator="between", formula1="-1E+15", formula2="1E+15")
    if rule is not None:
        rule.allow_blank = True
        rule.errorTitle, rule.error = say("book.refused", language), allowed(column, language)[:250]
    return rule


def _lists(case: Case) -> dict[str, list[str]]:
    return {name: words for name, words in choices(case).items() if words}
