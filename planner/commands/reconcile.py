"""``planner reconcile CASE``: a plant's own verified report beside the model."""

import argparse

from rich.console import Console

from planner import reconcile, terminal
from planner.commands.shared import print_json, ready
from planner.results import rows_of

HELP = "a plant's own verified report beside the model"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Process by process, with the unexplained remainder."""
    case = ready(args)
    table = reconcile.reconcile(case.case, case.plant, case.year, terminal.progress(err, args.language))
    if args.json:
        print_json({"case": case.case.name, "rows": rows_of(table)})
    else:
        out.print(terminal.reconciled(table, args.language))
    return 0
