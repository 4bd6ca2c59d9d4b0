"""Paperwork 文书作业: what the office does - reports of plans, workbooks out and in, cases of one's own. Runs in its process.

Files are read and written where the desk says, never where an upload says: a case that comes from a visitor may name no
file of this computer.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planner import case
from planner.desk.levers import Changes
from planner.errors import CaseError, Finding

KEPT = 300  # reports that stay, the latest; each can be made again


@dataclass(frozen=True)
class Taken:
    """What came of an upload: the case's folder, or findings and the workbook with them in its cells; what was left out and assumed."""

    folder: Path | None = None
    findings: tuple[Finding, ...] = ()
    marked: bytes | None = None
    left: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def report(run: Path, kind: str, language: str, path: Path) -> Path:
    """The report of a stored run at ``path``; a folder of tables as one zip. Raises CaseError."""
    from planner import report as reports

    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        made = reports.write(run, kind, Path(scratch) / "made" / f"plan.{kind}", language)
        if made.is_dir():
            made = Path(shutil.make_archive(str(Path(scratch) / "tables"), "zip", made))
        made.replace(path)
    for old in sorted((p for p in path.parent.iterdir() if p.is_file()), key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def workbook(name: str, changes: Changes, language: str) -> bytes:
    """A case with changes as a workbook. Raises CaseError."""
    from planner.exchange import book_out

    with tempfile.TemporaryDirectory() as scratch:
        return book_out.write(case.read(name, changes), Path(scratch) / "case.xlsx", language).read_bytes()


def own_case(name: str, changes: Changes, title: str, folder: Path) -> Path:
    """A case with its changes written into it, under a title of its own, at ``folder``. Raises CaseError."""
    from planner.intake import made

    made.make(case.read(name, changes), (), folder, {"name": folder.name, "en": title, "zh": title})
    return folder


def taken_in(book: Path, beside: Mapping[str, Path], title: str, folder: Path, language: str) -> Taken:
    """A workbook, and what was measured beside it, as a case called ``title`` at ``folder``; nothing is there where anything is wrong.

    The files stand in a folder of their own, which is gone afterwards.
    """
    from planner.exchange import importing, marked, settings
    from planner.intake import onto

    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = importing.from_book(book, Path(scratch) / folder.name, closed=True)
            read = case.read(made.folder)
            said = settings.said(read) | {"name": folder.name, "en": title, "zh": title}
            text = settings.toml({k: said[k] for k in case.SETTINGS if k in said}, settings.remarks(read.files["case.toml"]))
            (made.folder / "case.toml").write_text(text, encoding="utf-8", newline="")
            read = case.read(made.folder)
            given = [onto.of_meter(read, beside["meter"])] if "meter" in beside else []
            given += [onto.of_bills(read, beside["bills"], 3, 7, 0.3)] if "bills" in beside else []
            given += onto.of_weather(read, beside["weather"]) if "weather" in beside else []
            if not given:
                importing.put(made.folder, folder)
                return Taken(folder, left=made.left)
            return Taken(folder, left=made.left, said=onto.put(read, folder, given).said)
    except CaseError as error:
        copy = None
        if any("!" in finding.where for finding in error.findings):
            copy = marked.mark(book, error.findings, language).read_bytes()
        return Taken(findings=error.findings, marked=copy)
    finally:
        shutil.rmtree(book.parent, ignore_errors=True)
