"""``planner prices CASE``: what each cap and limit costs, in three figures that are not the same."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import terminal, terminal_why
from planner.commands.shared import into_run, print_json, ready, share
from planner.results import rows_of
from planner.why import cap_price

HELP = "what each cap and limit costs: duals, the relaxation's, and planned again tighter"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """How exact, how long, what, and where to keep it."""
    parser.add_argument("--gap", type=share, default=0.005, help="proven gap of each plan, as a share of what it decides (0.005)")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest time for one plan (600)")
    parser.add_argument("--sizes", action="store_true", help="plan again under smaller largest sizes too")
    parser.add_argument("--run", type=Path, dest="folder", help="write the table into this run's folder, where the page finds it")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One row a limit."""
    case = ready(args)
    table = cap_price.evaluate(case, gap=args.gap, seconds=args.seconds, sizes=args.sizes, listen=terminal.progress(err, args.language))
    into_run(args.folder, case.case, {"prices": table})
    if args.json:
        print_json({"case": case.case.name, "prices": rows_of(table)})
    else:
        out.print(terminal_why.prices(table, args.language))
    return 0
