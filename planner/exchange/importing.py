"""Importing 导入: a workbook becomes a case in a folder of its own - after everything in it was checked, or not at all."""

import csv
import re
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner import case, reconcile, run
from planner.case import SETTINGS, SHARED
from planner.dictionary import dictionary
from planner.errors import CaseError, Finding
from planner.exchange import book_in
from planner.exchange.book_in import Place, Read
from planner.exchange.sheets import REPORT, plain
from planner.tables import parse

FILES = ("site.pv_file", "site.wind_file")  # settings that name a file
Rows = Sequence[tuple[Place, dict[str, str]]]


@dataclass(frozen=True)
class Imported:
    """A case that was imported: its folder, the case ready to be planned, sheets that were not read."""

    folder: Path
    ready: run.Ready
    left: tuple[str, ...]
    said: tuple[str, ...] = ()  # about what was measured and put onto it


def from_book(path: Path, folder: Path, *, closed: bool = False) -> Imported:
    """Make a case of a workbook. Raises CaseError with every finding at its sheet and cell; ``folder`` is then untouched.

    closed: it comes from somebody else's computer, so it may name no file of this one.
    """
    new_place(folder)
    read = book_in.read(path)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / folder.name
        places = _write(read, made)
        named = [f for key in FILES for f in _file_named(key, read)] if closed else []
        read.findings += named
        if read.toml is not None and not named:
            seen = {f.where for f in read.findings}  # a cell that could not be read is empty by now: what follows from that is no news
            read.findings += [f for f in (_placed(g, places, read, path) for g in _wrong_with(made)) if f.where not in seen]
        if read.findings:
            order = {title: n for n, title in enumerate([path.name, *read.order])}
            raise CaseError(sorted(dict.fromkeys(read.findings), key=lambda f: (order.get(f.where.partition("!")[0], -1), _row_of(f))))
        put(made, folder)
    return Imported(folder, run.prepare(folder), tuple(read.left))


def _file_named(key: str, read: Read) -> list[Finding]:
    """A finding where a setting names a file."""
    section, _, name = key.partition(".")
    if not tomllib.loads(read.toml or "").get(section, {}).get(name):
        return []
    return [Finding(read.settings[key].cell("value"), f"{key} names a file", "an empty cell; bring the weather file along with the workbook")]


def put(made: Path, folder: Path) -> Path:
    """Bring a finished case to its place, whole or not at all. Raises CaseError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            whole = Path(beside) / folder.name
            for file in sorted(p for p in made.rglob("*") if p.is_file()):
                target = whole / file.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
            new_place(folder)
            whole.rename(folder)
    except OSError as error:
        raise CaseError([Finding(str(folder), f"the folder cannot be written ({error.strerror})", "a folder that may be written to")]) from error
    return folder


def new_place(folder: Path) -> None:
    """Refuse a folder that is there. Raises CaseError."""
    if folder.exists() or not folder.name:
        raise CaseError([Finding(f"--out {folder}", "it is there already", "a new folder; nothing is overwritten")])


def _write(read: Read, folder: Path) -> dict[tuple[str, int], Place]:
    """Write the files of a case; where each row of each file stood in the workbook."""
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text(read.toml or "", encoding="utf-8", newline="")
    places: dict[tuple[str, int], Place] = {}
    for file, rows in read.rows.items():
        table = REPORT if file.startswith("reconcile/") else file.removesuffix(".csv")
        kept = _own(table, rows) if table in SHARED else rows
        if kept:
            target = folder / file
            target.parent.mkdir(exist_ok=True)
            with target.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, list(dictionary()[table]), restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(row for _, row in kept)
            places |= {(file, n): place for n, (place, _) in enumerate(kept, start=2)}
    return places


def _own(table: str, rows: Rows) -> Rows:
    """Of a shared table, the names of which the workbook says something else than the program: what is the same stays the program's."""
    columns = dictionary()[table]
    key = next(iter(columns))
    here: dict[Any, list[Any]] = {}
    there: dict[Any, list[Any]] = {}
    for _, row in rows:
        here.setdefault(row.get(key, ""), []).append(_typed(table, row))
    for known in case.shared(table, []):
        there.setdefault(known[key], []).append(plain(known))
    own = {
        name for name, said in here.items()
        if not set(said) <= set(there.get(name, ())) or (table != "sources" and len(said) != len(there[name]))  # several parts may cite one source
    }  # fmt: skip
    return [(place, row) for place, row in rows if row.get(key, "") in own]


def _typed(table: str, row: dict[str, str]) -> Any:
    """A row as it would be read; one that cannot be read is nobody's equal."""
    try:
        return plain({name: parse(column, row.get(name, "")) for name, column in dictionary()[table].items()})
    except ValueError:
        return None


def _wrong_with(folder: Path) -> list[Finding]:
    """Everything that is wrong with a case and its reports."""
    try:
        ready = run.prepare(folder)
        if (folder / "reconcile").is_dir():
            reconcile.reported(ready.case, ready.plant)
    except CaseError as error:
        return list(error.findings)
    return []


def _placed(finding: Finding, places: dict[tuple[str, int], Place], read: Read, path: Path) -> Finding:
    """A finding about a file of the case, at the cell of the workbook that it came from."""
    found = re.fullmatch(r"(?:[^/]+/)?([^/]+?)(?: row (\d+))?", finding.where)
    file = found.group(1) if found else ""
    if finding.where.startswith("reconcile/"):
        file = f"reconcile/{file}"
    column = re.match(r"(\w+)", finding.what)
    if file == "case.toml":
        words = set(re.findall(r"[\w.]+", f"{finding.what} {finding.allowed}"))
        named = [k for k in SETTINGS if k in words] or [k for k in SETTINGS if words & set(k.split(".")[::-1][:2])]
        key = named[0] if named else ""
        where = read.settings[key].cell("value") if key in read.settings else read.sheets.get(file, path.name)
    elif found and found.group(2) and (place := places.get((file, int(found.group(2))))):
        where = place.cell(column.group(1) if column else "")
    else:
        where = read.sheets.get(file, path.name)
    return Finding(where, re.sub(r"[^\s/]+/([^\s/]+) row (\d+)", lambda m: _cell(places, m), finding.what), finding.allowed)


def _cell(places: dict[tuple[str, int], Place], named: re.Match[str]) -> str:
    place = places.get((named.group(1), int(named.group(2))))
    return place.cell() if place else named.group()


def _row_of(finding: Finding) -> tuple[int, str]:
    cell = finding.where.rpartition("!")[2]
    number = re.search(r"\d+$", cell)
    return (int(number.group()) if number else 0, cell)
