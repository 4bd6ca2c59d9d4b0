"""Report 报告: a stored run as a file people read, print, edit or exchange. FORMATS names them all."""

from pathlib import Path

from planner.report import book, deck, exchange, keep, material, page, paper, story

FORMATS = ("xlsx", "pptx", "html", "docx", "iamc", "csv", "parquet")
PAGES = {"xlsx": book.write, "pptx": deck.write, "html": page.write, "docx": paper.write}


def write(run: str | Path, kind: str, path: Path, language: str) -> Path:
    """Write the report of a stored run, whole or not at all. Raises CaseError when there is no such run or ``path`` is taken."""
    found = material.of(run)
    if kind == "iamc":
        return keep.whole(path, lambda file: exchange.iamc(found, file))
    told = story.of(found, language)
    if kind in PAGES:
        return keep.whole(path, lambda file: PAGES[kind](told, file))
    return keep.whole(path, lambda folder: exchange.tables(told, folder, kind), folder=True)
