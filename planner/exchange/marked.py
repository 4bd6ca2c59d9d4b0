"""Marked copy 批注副本: a workbook with every finding as a comment in its cell, and all of them on a sheet in front."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from planner.errors import Finding
from planner.exchange import book_in
from planner.exchange.book_out import HEAD, put, save
from planner.exchange.sheets import FOUND, title
from planner.language import say, spoken

WRONG = PatternFill("solid", fgColor="F8CBAD")


def mark(path: Path, findings: Sequence[Finding], language: str) -> Path:
    """Write the copy beside ``path``, under a name that is free, and return it. Raises CaseError when there is nothing to copy."""
    book = book_in.load(path, results=False)
    said: dict[tuple[str, str], list[str]] = {}
    front = book.create_sheet(title(FOUND, language), 0)
    front.column_dimensions["A"].width, front.column_dimensions["B"].width = 40, 120
    for n, head in enumerate(("where", "what"), start=1):
        cell = put(front.cell(1, n), say(f"book.{head}", language))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    for row, finding in enumerate(findings, start=2):
        sheet, _, cell = finding.where.rpartition("!")
        sentence = spoken(finding, language)
        where = put(front.cell(row, 1), finding.where)
        put(front.cell(row, 2), sentence.removeprefix(finding.where).lstrip(":： ")).alignment = Alignment(wrap_text=True, vertical="top")
        if sheet in book.sheetnames:
            first = cell.partition(":")[0]
            said.setdefault((sheet, first), []).append(sentence)
            where.hyperlink = f"#'{sheet}'!{first}"
            where.font = Font(color="1F5C4A", underline="single")
    for (sheet, cell), sentences in said.items():
        wrong = book[sheet][cell]
        earlier = [wrong.comment.text] if wrong.comment else []
        wrong.comment = Comment("\n".join([*sentences, *earlier]), "planner", width=400, height=60 * len(sentences) + 60 * len(earlier))
        wrong.fill = WRONG
    return save(book, _free(path))


def _free(path: Path) -> Path:
    """A name beside ``path`` that nobody has taken."""
    number = 1
    while (found := path.with_name(f"{path.stem}-findings{f'-{number}' if number > 1 else ''}.xlsx")).exists():
        number += 1
    return found
