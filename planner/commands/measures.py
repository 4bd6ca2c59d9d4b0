"""``planner measures RUN``: what each measure of a plan saves and costs - added first, left out, and as its wedge from the base year."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import run as runs
from planner import stored, terminal, terminal_measures
from planner.commands.shared import keep_tables, print_json
from planner.results import rows_of
from planner.why import measures

HELP = "each measure of a stored plan: added first, left out, and its wedge from the base year"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The run."""
    parser.add_argument(
        "folder", type=Path, metavar="RUN", help="a folder written by `planner solve CASE --out FOLDER`; the tables are written into it"
    )


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Two tables: one row a measure, and one row a part of the way from the base year."""
    folder = stored.find(args.folder)
    ready, plan = runs.reopen(folder)
    found = measures.evaluate(ready, plan, stored.load(folder).results.tables, terminal.progress(err, args.language))
    keep_tables(folder, found)
    if args.json:
        print_json({"case": ready.case.name, **{name: rows_of(table) for name, table in found.items()}})
        return 0
    out.print(terminal_measures.macc(found["macc"], args.language))
    out.print(terminal_measures.wedges(found["wedges"], args.language))
    return 0
