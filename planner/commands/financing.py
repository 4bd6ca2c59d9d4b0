"""``planner financing CASE``: each project alone, paid for by own money, by a contract on its saving, or by a power purchase."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import terminal, terminal_why
from planner.commands.shared import into_run, print_json, ready
from planner.results import rows_of
from planner.why import financing

HELP = "each project alone: own money, energy-performance contract, power purchase"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to keep it."""
    parser.add_argument("--run", type=Path, dest="folder", help="write the table into this run's folder, where the page finds it")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One row a project and way."""
    case = ready(args)
    table = financing.evaluate(case, terminal.progress(err, args.language))
    into_run(args.folder, case.case, {"financing": table})
    if args.json:
        print_json({"case": case.case.name, "financing": rows_of(table)})
    else:
        out.print(terminal_why.financing(table, args.language))
    return 0
