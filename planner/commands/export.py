"""``planner export CASE FILE``: a case as one workbook, without loss."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import case
from planner.commands.shared import changes, print_json
from planner.exchange import book_out
from planner.language import say

HELP = "write a case as an Excel workbook"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write."""
    parser.add_argument("file", type=Path, help="the workbook to write, a new .xlsx file")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The workbook, in the language asked for."""
    written = book_out.write(case.read(args.case, changes(args)), args.file, args.language)
    if args.json:
        print_json({"case": args.case, "file": str(written)})
    else:
        out.print(say("book.written", args.language, file=written), highlight=False)
    return 0
