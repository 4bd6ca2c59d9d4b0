"""Inputs 数据: every number of a case as one row - what it is, its value, unit, range, source and how far to trust it.

Made from the data dictionary alone: a table or column that is added there is here without a line of code. A number is
edited under its dotted name, as ``--set`` says it; what no dotted name reaches (several rows of one name, tables without
names) is shown and can be changed in the workbook.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from planner.case import KEYS, SETTINGS, VALUE, Case, _matching
from planner.desk import choice as choices
from planner.desk.choice import NUMBERS, Choice
from planner.desk.levers import Changes, name_of
from planner.dictionary import Column
from planner.errors import CaseError, Finding
from planner.exchange import settings
from planner.exchange.sheets import Sheet, sheets
from planner.language import LANGUAGES, say, texts
from planner.tables import Row, parse

FACTORY = "settings"  # the topic of the numbers that stand in no table
LEFT = ("sources",)  # tables of no numbers
WEAK = ("estimate",)
MAIN = frozenset({"value", *VALUE.values()})  # the columns whose source and confidence a row tells


@dataclass(frozen=True)
class Cell:
    """One number: its dotted name, topic (a sheet of the workbook), words, text, unit, origin.

    before: the text it has in the case as it stands, None where it is the same; where: file and row; locked: no dotted
    name reaches it alone.
    """

    key: str
    topic: str
    words: Mapping[str, str]
    column: Column
    text: str
    unit: str = ""
    limits: tuple[float | None, float | None] = (None, None)
    source: str = ""
    confidence: str = ""
    note: str = ""
    before: str | None = None
    where: str = ""
    locked: bool = False

    @property
    def changed(self) -> bool:
        """It says something else than the case as it stands."""
        return self.before is not None

    @property
    def plain(self) -> bool:
        """It is empty, or beside the main number and as every other: nothing one would look for first."""
        beside = self.column.name not in MAIN and self.topic != FACTORY and self.column.name != "size"
        return not self.text or (beside and self.text == self.column.default)


def cells(choice: Choice) -> tuple[Cell, ...]:
    """Every number of a choice, topic by topic, with what was changed marked. Raises CaseError."""
    return _cells(choice, choices.shipped(choice.case).fingerprint)


def topics(found: Sequence[Cell]) -> dict[str, int]:
    """The topics in their order, with how many numbers each has; those without any are left out."""
    numbers: dict[str, int] = {}
    for cell in found:
        numbers[cell.topic] = numbers.get(cell.topic, 0) + (not cell.plain)
    return {topic: number for topic, number in numbers.items() if number}


def search(
    found: Sequence[Cell], words: str = "", topic: str = "", *, changed: bool = False, weak: bool = False, everything: bool = False
) -> list[Cell]:
    """The numbers of a topic (of all where empty) that hold all ``words`` in any language, their name, source or remark.

    changed: only what differs from the case; weak: only what rests on estimates; everything: what is empty or usual, too.
    """
    asked = words.lower().split()
    return [
        cell for cell in found
        if (not topic or cell.topic == topic)
        and (not cell.plain or cell.changed or everything)
        and (not changed or cell.changed)
        and (not weak or (cell.confidence in WEAK and cell.column.name in MAIN))
        and (not asked or all(one in " ".join((cell.key, *cell.words.values(), cell.source, cell.note)).lower() for one in asked))
    ]  # fmt: skip


def fault(cell: Cell, text: str) -> Finding | None:
    """What is wrong with a text for a number, and what is allowed; None where nothing is."""
    low, high = cell.limits
    try:
        value = parse(cell.column, text)
    except ValueError as error:
        return Finding(cell.key, f"{cell.column.name} {error}", cell.column.sentence())
    if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        limits = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else "", cell.unit]
        return Finding(cell.key, f"{cell.column.name} is {value:g}", ", ".join(["a number", *(one for one in limits if one)]))
    return None


def edited(choice: Choice, cell: Cell, text: str) -> Choice:
    """The choice with another text for a number, taken back where it is the case's own again. Raises CaseError with what is wrong."""
    text = text.strip()
    if cell.locked:
        raise CaseError([Finding(cell.key, "it has no name of its own", "a change in the workbook")])
    if wrong := fault(cell, text):
        raise CaseError([wrong])
    said = dict(choice.edits)
    if cell.before is not None and _same(cell, text, cell.before) and cell.key in said:
        return choice.without([cell.key])
    return choice if _same(cell, text, cell.text) else choice.edited(cell.key, text)


def whole(choice: Choice) -> tuple[Finding, ...]:
    """What the case as a whole says of a choice: rows that contradict each other, references to nothing, years out of order."""
    return _whole(choice.case, choice.changes, choices.shipped(choice.case).fingerprint)


def placed(findings: Sequence[Finding], found: Sequence[Cell]) -> list[tuple[Cell | None, Finding]]:
    """Findings of the whole case at the numbers they speak of: by the change or the row they name."""
    by_key = {cell.key: cell for cell in found}
    by_row: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        by_row[cell.where].append(cell)
    told = []
    for finding in findings:
        key = finding.where.removeprefix("--set ").partition("=")[0]
        row = by_row.get(finding.where, [])
        named = next((c for c in row if c.column.name == re.split(r"\W", finding.what, maxsplit=1)[0]), row[0] if row else None)
        told.append((by_key.get(key) or named or next((c for c in found if c.topic == FACTORY and c.key in finding.what), None), finding))
    return told


# -- how they are found ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _cells(choice: Choice, stamp: str) -> tuple[Cell, ...]:
    found = _of(choice.case, choice.changes, stamp)
    if not choice.number:
        return found
    before = {cell.key: cell.text for cell in _of(choice.case, (), stamp) if not cell.locked}
    return tuple(_compared(cell, before) for cell in found)


@lru_cache(maxsize=32)
def _of(name: str, changes: Changes, stamp: str) -> tuple[Cell, ...]:
    case = choices.case_of(name, changes)
    return (*_settings(case), *(cell for sheet in sheets(case) if sheet.table not in LEFT for cell in _table(case, sheet)))


@lru_cache(maxsize=64)
def _whole(name: str, changes: Changes, stamp: str) -> tuple[Finding, ...]:
    from planner import check, plant  # whoever opens another page need not load the units

    try:
        case = choices.case_of(name, changes)
        check.check(case, plant.resolve(case))
    except CaseError as error:
        return error.findings
    return ()


def _compared(cell: Cell, before: Mapping[str, str]) -> Cell:
    """The cell with the text it had before, if that is another; a row split into years had one text for all."""
    old = before.get(cell.key)
    if old is None:
        old = before.get(re.sub(r"\.(19|20)\d\d(?=\.)", "", cell.key, count=1))
    return cell if old is None or _same(cell, old, cell.text) else replace(cell, before=old)


def _settings(case: Case) -> list[Cell]:
    """The numbers of case.toml with the remarks that stand there."""
    notes, where = settings.remarks(case.files["case.toml"]), f"{case.folder.name}/case.toml"
    return [
        Cell(
            key, FACTORY, {"en": c.en[:1].upper() + c.en[1:], "zh": c.zh}, c, _text(case.settings.get(key)), "" if c.type == "year" else c.unit,
            (c.lowest, c.highest), note=notes.get(key, ""), where=where,
        )
        for key, c in SETTINGS.items() if c.type in NUMBERS
    ]  # fmt: skip


def _table(case: Case, sheet: Sheet) -> list[Cell]:
    """The numbers of a sheet, row by row."""
    table, keys = sheet.table, KEYS.get(sheet.table, ())
    several: dict[Any, list[Row]] = defaultdict(list)
    for row in case.tables.get(table, ()) if keys else ():
        several[row[keys[0]]].append(row)
    columns = [c for c in sheet.columns.values() if c.type in NUMBERS and c.name not in (*keys, "confidence")]
    found = []
    for number, row in enumerate(sheet.rows, start=1):
        name = name_of(table, row, "")[:-1] if keys else sheet.name
        same = tuple(several[row[keys[0]]]) if keys else ()
        locked = not keys or (len(same) > 1 and len(_matching(same, keys, name.split(".")[1:])) != 1)
        name += f" {number}" if locked else ""
        words = _words(case, sheet, row)
        for column in columns:
            main = column.name == VALUE.get(table, "value") or not column.unit
            found.append(Cell(
                f"{name}.{column.name}", sheet.name, _with_column(words, column, VALUE.get(table, "value")), column, _text(row[column.name]),
                _unit(row, column), _limits(case, row, column) if main else (None, None), str(row.get("source") or ""), str(row.get("confidence") or ""),
                str(row.get("note") or row.get("reason") or ""), where=row["where"], locked=locked,
            ))  # fmt: skip
    return found


def _words(case: Case, sheet: Sheet, row: Row) -> dict[str, str]:
    """What a row is about, by the names of the things its first columns name."""
    keys = KEYS.get(sheet.table) or tuple(
        c for c in sheet.columns if c in ("asset", "technology", "zone", "carrier", "item", "months", "band", "quantity")
    )
    said: dict[str, str] = {}
    for code in LANGUAGES:
        parts = [str(row[code])] if row.get(code) else []
        parts += [_name(case, sheet.table, key, row[key], code) for key in (keys[1:] if parts else keys) if row.get(key) is not None]
        said[code] = " · ".join(dict.fromkeys(parts))
    return said


def _name(case: Case, table: str, column: str, value: Any, code: str) -> str:
    """What a name is called in a language: the label of the thing it names, else itself in words."""
    if column in ("asset", "needs", "process") and value in case.by_name["assets"]:
        return case.label(value, code)
    kind = {
        "technology": "technologies",
        "carrier": "carriers",
        "market": "markets",
        "province": "provinces",
        "parameter": "parameters",
        "area": "areas",
    }.get(column)
    row = case.by_name[kind].get(value, {}) if kind else {}
    if kind == "markets" and not row.get(code):
        row = case.by_name["carriers"].get(str(row.get("carrier")), {})
    if row.get(code):
        return str(row[code])
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return say(f"inputs.word.{text}", code) if f"inputs.word.{text}" in texts() else text.replace("_", " ")


def _with_column(words: Mapping[str, str], column: Column, main: str) -> dict[str, str]:
    """The words of a row and, for all but its main number, those of the column."""
    if column.name == main:
        return dict(words)
    return {code: f"{words[code]} · {getattr(column, code).partition(';')[0]}" for code in LANGUAGES}


def _unit(row: Row, column: Column) -> str:
    """The unit of a number: the column's, else the one its row gives; whole numbers and choices have none."""
    if column.unit or column.type != "number" or column.name in ("max_units", "hour_from", "hour_to"):
        return "" if column.type == "year" else column.unit
    return str(row.get("unit") or "")


def _limits(case: Case, row: Row, column: Column) -> tuple[float | None, float | None]:
    """The range of a number: the dictionary's; of a parameter the one of its definition, where zero is zero in any unit."""
    known = case.by_name["parameters"].get(str(row.get("parameter")), {})
    if column.name != "value" or not known:
        return column.lowest, column.highest
    same = str(row.get("unit") or "") == known["target"]
    return known["min"] if same or known["min"] == 0 else column.lowest, known["max"] if same else column.highest


def _text(value: Any) -> str:
    """A value as its cell shows it, and as it can be typed again without loss."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def _same(cell: Cell, one: str, other: str) -> bool:
    """Whether two texts mean the same: 0.60 and 0.6 do."""
    try:
        return bool(parse(cell.column, one) == parse(cell.column, other))
    except ValueError:
        return one == other
