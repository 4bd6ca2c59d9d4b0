"""Workbook in 导入: the cells of a workbook as the text of a case's files; every fault with its sheet and cell."""

import datetime
import io
import math
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.case import OWN, SETTINGS
from planner.dictionary import Column, dictionary
from planner.errors import CaseError, Finding
from planner.exchange import guard, settings
from planner.exchange.book_out import FIRST_ROW
from planner.exchange.sheets import FOUND, LISTS, OPTIONS, READ_ME, REPORT, SETTING_COLUMNS, name_of, table_of, title
from planner.tables import nearest

MOST_ROWS, MOST_COLUMNS, MOST_SIGNS = 20_000, 200, 4_000
RUNS = re.compile(r"[=@\t\r]|[+-](?![\d.,\s])")  # how a text begins that a spreadsheet would take for a formula


@dataclass(frozen=True)
class Place:
    """Where a row of a file stood: its sheet and row, and the letter of each column."""

    sheet: str
    row: int
    letters: Mapping[str, str]

    def cell(self, column: str = "") -> str:
        """Sheet and cell of a column, or of the row's first cell."""
        return f"{self.sheet}!{self.letters.get(column) or next(iter(self.letters.values()), 'A')}{self.row}"


@dataclass
class Read:
    """A workbook that was read: rows of each file with the places where they stood, settings, findings, sheets left out."""

    rows: dict[str, list[tuple[Place, dict[str, str]]]] = field(default_factory=dict)  # file of the case -> its rows, column -> text
    toml: str | None = None
    settings: dict[str, Place] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)  # file of the case -> title of (the first of) its sheets
    findings: list[Finding] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)  # titles of all sheets


def load(path: Path, *, results: bool) -> Workbook:
    """The workbook of a file that passed the guard, with formulas or their results. Raises CaseError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about features that are not read
            return load_workbook(io.BytesIO(path.read_bytes()), data_only=results, keep_links=False)
    except Exception as error:  # a damaged part ends in any of a dozen kinds of errors, depending on where it is damaged
        what = f"the workbook cannot be read ({type(error).__name__}: {error})"
        raise CaseError([Finding(path.name, what[:300], guard.WORKBOOK)]) from error


def read(path: Path) -> Read:
    """Read a whole workbook. Raises CaseError when it cannot be opened; everything else is among its findings."""
    guard.check(path)
    values, formulas = load(path, results=True), load(path, results=False)
    done = Read(order=list(values.sheetnames))
    pages: dict[str, Worksheet] = {}
    for page in values.worksheets:
        name = name_of(page.title)
        if name in (READ_ME, LISTS, FOUND):
            continue
        if name is None or (name != "settings" and table_of(name) is None):
            copied = next((n for n in _names() if f"({n})" in page.title), None)
            if copied:
                done.findings.append(Finding(page.title, f"this looks like a second sheet of {copied!r}", "one sheet for each table"))
            done.left.append(page.title)
        elif name in pages:
            done.findings.append(Finding(page.title, f"there are two sheets of {name!r}", "one sheet for each table"))
        else:
            pages[name] = page
    for name in _names():
        if name not in pages:
            near = f"; {nearest(title(name, 'en'), done.left)}" if done.left else ""
            what = f"there is no sheet {title(name, 'en')!r} ({title(name, 'zh')!r})"
            done.findings.append(Finding(path.name, what, f"a sheet of this name, empty below its headings when there is nothing{near}"))
    for name in sorted(pages, key=lambda n: n == OPTIONS):  # the options follow the equipment, in whatever order the sheets stand
        below = _Page(pages[name], formulas[pages[name].title], done)
        if name == "settings":
            _read_settings(below)
        else:
            _read_table(below, name)
    return done


def _names() -> tuple[str, ...]:
    return ("settings", *OWN, OPTIONS)


class _Page:
    """One sheet: its values beside its formulas, and where findings go."""

    def __init__(self, values: Worksheet, formulas: Worksheet, done: Read) -> None:
        self.values, self.formulas, self.done = values, formulas, done
        self.title = values.title

    def note(self, cell: str, what: str, allowed: str) -> None:
        """A finding in a cell."""
        self.done.findings.append(Finding(f"{self.title}!{cell}" if cell else self.title, what, allowed))

    def columns(self, known: Iterable[str], labels: Mapping[str, Column]) -> dict[str, int]:
        """Column name -> number, from the first row."""
        found: dict[str, int] = {}
        known = list(known)
        for area in self.values.merged_cells.ranges:
            self.note(str(area.coord), "merged cells", "one value in each cell: unmerge them")
        if self.values.max_row > MOST_ROWS or self.values.max_column > MOST_COLUMNS:
            what = f"the sheet has {self.values.max_row} rows and {self.values.max_column} columns"
            self.note("", what, f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns")
            return {}
        for n in range(1, self.values.max_column + 1):
            name, letter = self.values.cell(1, n).value, get_column_letter(n)
            if name in known and name not in found:
                found[str(name)] = n
            elif name in found:
                self.note(f"{letter}1", f"column {name!r} stands here a second time", "each column once")
            elif name is not None:
                self.note(f"{letter}1", f"column {str(name)[:40]!r} is unknown", nearest(str(name), known))
            elif any(self.values.cell(row, n).value is not None for row in range(2, self.values.max_row + 1)):
                self.note(f"{letter}1", "the column holds values and has no name", "a name in row 1: " + nearest("", list(known)))
        for name, column in labels.items():
            if name not in found and column.required:
                self.note("A1", f"column {name!r} ({column.en}, {column.zh}) is missing", "the names of all columns in row 1")
        return found

    def text(self, row: int, n: int, column: Column) -> str:
        """A cell as the text of a table; a finding and an empty text where it cannot be one."""
        cell, formula = self.values.cell(row, n), self.formulas.cell(row, n)
        where, value = cell.coordinate, cell.value
        if formula.data_type == "f":
            code = formula.value if isinstance(formula.value, str) else getattr(formula.value, "text", "") or ""
            if "[" in code or "|" in code:
                return self._bad(where, f"{column.name} is taken from another file ({code[:60]})", "the value itself")
            if value is None:
                return self._bad(where, f"{column.name} is a formula without a result ({code[:60]})", "its value, or a workbook that was calculated")
        if value is None:
            return ""
        if cell.data_type == "e":
            return self._bad(where, f"{column.name} is the error {value}", column.sentence())
        if isinstance(value, bool):
            return self._bad(where, f"{column.name} is {str(value).upper()}", column.sentence())
        if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
            return self._bad(where, f"{column.name} is a date or time ({value})", column.sentence() + ", not formatted as a date")
        if isinstance(value, (int, float)):
            return self._number(where, value, column, str(cell.number_format))
        return self._words(where, str(value), column)

    def _number(self, where: str, value: float, column: Column, shown: str) -> str:
        if not math.isfinite(value):
            return self._bad(where, f"{column.name} is {value}, which is not a finite number", column.sentence())
        if "%" in shown and column.type in ("number", "year", "whole") and column.unit not in ("share", ""):
            return self._bad(where, f"{column.name} is shown as a percentage ({value:.4g})", column.sentence() + ", shown as a plain number")
        if column.type == "number" and column.highest is not None and column.unit == "share" and column.highest < value <= 100:
            return self._bad(where, f"{column.name} is {value:g}; perhaps {value:g} % was meant, which is {value / 100:g}", column.sentence())
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))

    def _words(self, where: str, value: str, column: Column) -> str:
        text = value.strip()
        if column.type in ("number", "year", "whole") and text:
            return self._bad(
                where, f"{column.name} is the text {text[:40]!r}, not a number", column.sentence() + ", without unit, separators or quotation mark"
            )
        if RUNS.match(text):
            return self._bad(
                where, f"{column.name} is a text that would run as a formula ({text[:40]!r})", "a text that begins with a letter or a digit"
            )
        if len(text) > MOST_SIGNS:
            return self._bad(where, f"{column.name} is a text of {len(text)} signs", f"at most {MOST_SIGNS}")
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            return self._bad(where, f"{column.name} holds signs that cannot be shown", "a plain text")
        return text

    def _bad(self, where: str, what: str, allowed: str) -> str:
        self.note(where, what, allowed)
        return ""


def _read_table(page: _Page, name: str) -> None:
    table = table_of(name)
    assert table is not None
    columns = dictionary()[table]
    file = f"reconcile/{name.partition('.')[2] or REPORT}.csv" if table == REPORT else f"{table}.csv"
    page.done.sheets.setdefault(file, page.title)
    found = page.columns(columns, columns)
    mine = page.done.rows.setdefault(file, [])
    letters = {c: get_column_letter(n) for c, n in found.items()}
    early = next(
        (n for c, n in found.items() if columns[c].required and page.values.cell(FIRST_ROW - 1, n).value not in (None, columns[c].unit)), None
    )
    if early:
        page.note(f"{get_column_letter(early)}{FIRST_ROW - 1}", "this row holds data, but units stand here", f"data from row {FIRST_ROW} on")
    for number in range(FIRST_ROW, page.values.max_row + 1 if found else 0):
        row = {c: page.text(number, n, columns[c]) for c, n in found.items()}
        if any(row.values()):
            mine.append((Place(page.title, number, letters), row))


def _read_settings(page: _Page) -> None:
    page.done.sheets["case.toml"] = page.title
    heads = {name: Column("", name, "text", True, "", None, None, (), "", name, name) for name in SETTING_COLUMNS}
    found = page.columns([*SETTING_COLUMNS, "meaning", "unit", "allowed", "default"], heads)
    if not set(SETTING_COLUMNS) <= set(found):
        return
    letters = {"value": get_column_letter(found["value"])}
    given: dict[str, Any] = {}
    notes: dict[str, str] = {}
    for number in range(FIRST_ROW, page.values.max_row + 1):
        key = page.text(number, found["key"], heads["key"])
        if key not in SETTINGS:
            if key or page.values.cell(number, found["value"]).value is not None:
                page.note(f"{get_column_letter(found['key'])}{number}", f"setting {key!r} is unknown", nearest(key, SETTINGS))
            continue
        if key in page.done.settings:
            page.note(f"{get_column_letter(found['key'])}{number}", f"setting {key!r} stands here a second time", "each setting once")
            continue
        page.done.settings[key] = Place(page.title, number, letters)
        text = page.text(number, found["value"], SETTINGS[key])
        notes[key] = page.text(number, found["note"], heads["note"])
        if text:
            numeric = SETTINGS[key].type in ("number", "year", "whole")
            given[key] = (
                float(text) if SETTINGS[key].type == "number" else (int(text) if text.lstrip("-").isdigit() else float(text)) if numeric else text
            )
    page.done.toml = settings.toml({k: given[k] for k in SETTINGS if k in given}, notes)
