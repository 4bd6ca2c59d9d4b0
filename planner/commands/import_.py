"""``planner import FILE``: a workbook becomes a case, after everything in it was checked."""

import argparse
from pathlib import Path

from rich.console import Console

from planner.commands.shared import print_json
from planner.errors import CaseError
from planner.exchange import importing, marked
from planner.language import say

HELP = "make a case of a workbook; everything that is wrong is said at once"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to read and where to put the case."""
    parser.add_argument("file", type=Path, help="the workbook, as `planner template` or `planner export` wrote it")
    parser.add_argument("--out", type=Path, help="the case's new folder (the workbook's name, beside it)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The case, or all findings, which also stand as comments in a copy of the workbook."""
    folder = args.out or args.file.with_suffix("")
    try:
        made = importing.from_book(args.file, folder)
    except CaseError as error:
        if any("!" in finding.where for finding in error.findings):
            err.print(say("book.marked", args.language, file=marked.mark(args.file, error.findings, args.language)), highlight=False)
        raise
    plant = made.ready.plant
    counts = {"assets": len(plant.assets), "options": len(plant.candidates)}
    if args.json:
        print_json(
            {"case": made.ready.case.name, "folder": str(made.folder), **counts, "left": list(made.left), "fingerprint": made.ready.case.fingerprint}
        )
        return 0
    out.print(say("book.imported", args.language, case=made.ready.case.name, folder=made.folder, **counts), highlight=False)
    if made.left:
        out.print(say("book.left", args.language, sheets=", ".join(made.left)), style="dim", highlight=False)
    return 0
