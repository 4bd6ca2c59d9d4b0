"""``planner options CASE``: each option alone."""

import argparse

from rich.console import Console

from planner import options, terminal
from planner.commands.shared import print_json, ready
from planner.results import rows_of

HELP = "each option alone against doing nothing"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Investment, saving, payback, lifetime NPV and CNY per tonne of each."""
    case = ready(args)
    table = options.evaluate(case.case, case.plant, case.year, terminal.progress(err, args.language))
    if args.json:
        print_json({"case": case.case.name, "options": rows_of(table)})
    else:
        out.print(terminal.options(table, args.language))
    return 0
