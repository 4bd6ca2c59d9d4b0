"""Tables of text become rows of checked values; everything that is wrong is found at once, with file and row."""

import csv
import difflib
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from planner.dictionary import Column, dictionary
from planner.errors import Finding

Row = dict[str, Any]  # column -> str, float, int or None; "where" -> file and row, for messages

NAME = re.compile(r"[a-z0-9][a-z0-9_]*")


def read_table(table: str, files: Iterable[Path], findings: list[Finding]) -> tuple[Row, ...]:
    """Read all ``files`` of one table; faults are appended to ``findings`` and their rows left out."""
    rows: list[Row] = []
    for path in files:
        rows.extend(_read_file(table, path, findings))
    return tuple(rows)


def nearest(name: str, known: Iterable[str]) -> str:
    """What is allowed, for a name nobody knows: the nearest known ones first."""
    known = sorted(set(known))
    close = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    if close:
        return "perhaps " + " or ".join(close)
    return "one of " + ", ".join(known[:12]) + (", ..." if len(known) > 12 else "") if known else "nothing, the table is empty"


def parse(column: Column, text: str) -> Any:
    """One cell as a value; raises ValueError with what is wrong in words."""
    text = text.strip() or column.default
    if not text:
        if column.required:
            raise ValueError("is missing")
        return None
    if column.allowed:
        if text not in column.allowed:
            raise ValueError(f"is {text!r}")
        return text
    if column.type in ("number", "year", "whole"):
        return _number(column, text)
    if column.type == "name" and not NAME.fullmatch(text):
        raise ValueError(f"is {text!r}, which is not a name")
    return text


def _number(column: Column, text: str) -> float | int:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"is {text!r}, which is not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"is {text}, which is not a finite number")
    if (column.lowest is not None and number < column.lowest) or (column.highest is not None and number > column.highest):
        raise ValueError(f"is {number:g}")
    if column.type in ("year", "whole"):
        if number != int(number):
            raise ValueError(f"is {number:g}, which is not a whole {'year' if column.type == 'year' else 'number'}")
        return int(number)
    return number


def _read_file(table: str, path: Path, findings: list[Finding]) -> list[Row]:
    columns = dictionary()[table]
    where = f"{path.parent.name}/{path.name}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as error:
        findings.append(Finding(where, f"the file cannot be read ({error})", "a table of text in UTF-8"))
        return []
    header = [h.strip() for h in lines[0]] if lines else []
    for name in header:
        if name not in columns:
            findings.append(Finding(where, f"column {name!r} is unknown", nearest(name, columns)))
    for name, column in columns.items():
        if column.required and name not in header:
            findings.append(Finding(where, f"column {name!r} is missing", column.sentence()))
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            row = _read_row(columns, header, cells, f"{where} row {number}", findings)
            if row is not None:
                rows.append(row)
    return rows


def _read_row(columns: Any, header: list[str], cells: list[str], where: str, findings: list[Finding]) -> Row | None:
    if len(cells) > len(header):
        findings.append(Finding(where, f"the row has {len(cells)} cells, the header {len(header)}", "as many cells as columns"))
        return None
    given = dict(zip(header, cells, strict=False))
    row: Row = {"where": where}
    faults = 0
    for name, column in columns.items():
        try:
            row[name] = parse(column, given.get(name, ""))
        except ValueError as error:
            findings.append(Finding(where, f"{name} ({column.en}, {column.zh}) {error}", column.sentence()))
            faults += column.required  # a row that can be named stays, or those who name it would be blamed too
            row[name] = None if column.required else parse(column, "")
    return None if faults else row
