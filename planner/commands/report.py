"""``planner report RUN``: a stored run as a workbook, slides, a page, a paper or plain tables."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import report
from planner.commands.shared import print_json
from planner.language import say

HELP = "write the report of a stored run: Excel, PowerPoint, HTML, Word or tables"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, which format, where to."""
    parser.add_argument("name", metavar="RUN", help="a folder written by `planner solve --out`, or the name of a shipped case")
    parser.add_argument("--format", choices=list(report.FORMATS), required=True, help="csv and parquet write a folder of tables")
    parser.add_argument("--out", type=Path, required=True, help="the file to write; nothing is overwritten")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The report in the language asked for, whole or not at all."""
    written = report.write(args.name, args.format, args.out, args.language)
    if args.json:
        print_json({"run": args.name, "format": args.format, "file": str(written)})
    else:
        out.print(say("report.written", args.language, file=written), highlight=False)
    return 0
