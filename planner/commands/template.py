"""``planner template SECTOR FILE``: the workbook of a sector, filled with its reference plant."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import case
from planner.commands.shared import print_json
from planner.errors import CaseError, Finding
from planner.exchange import book_out
from planner.language import say

HELP = "write a sector's workbook, filled with its reference plant, to put your own factory in"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which sector, and where to write."""
    parser.add_argument("sector", help="a sector with a shipped case, e.g. steel")
    parser.add_argument("file", type=Path, help="the workbook to write, a new .xlsx file")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The workbook, in the language asked for."""
    written = book_out.write(reference(args.sector), args.file, args.language)
    if args.json:
        print_json({"sector": args.sector, "file": str(written)})
    else:
        out.print(say("book.written", args.language, file=written), highlight=False)
    return 0


def reference(sector: str) -> case.Case:
    """The shipped case of a sector, by its own name or the sector's. Raises CaseError where none is shipped."""
    found = {name: case.read(name) for name in case.cases()}
    for name, one in found.items():
        if sector in (name, one.settings.get("sector")):
            return one
    raise CaseError(
        [Finding(sector, "no case of this sector is shipped, so there is no plant to fill its workbook with", "one of " + ", ".join(found))]
    )
