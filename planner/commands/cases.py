"""``planner cases``: the shipped cases."""

import argparse

from rich.console import Console

from planner import case
from planner.commands.shared import print_json

HELP = "list the shipped cases"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Name and title of each."""
    found = [{"case": name, **{k: case.read(name).settings.get(k, "") for k in ("en", "zh", "sector")}} for name in case.cases()]
    if args.json:
        print_json({"cases": found})
    else:
        for one in found:
            out.print(f"{one['case']:10} {one[args.language]}", highlight=False)
    return 0
