"""``planner cases``: the shipped cases, and of which one a variant says only what differs."""

import argparse

from rich.console import Console

from planner import case
from planner.commands.shared import print_json
from planner.language import say

HELP = "list the shipped cases"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Name and title of each."""
    read = {name: case.read(name) for name in case.cases()}
    found = [
        {"case": name, **{k: one.settings.get(k, "") for k in ("en", "zh", "sector")}, "base": next(iter(one.homes[1:]), "")}
        for name, one in read.items()
    ]
    if args.json:
        print_json({"cases": found})
    else:
        for one in found:
            note = say("cases.variant", args.language, base=one["base"]) if one["base"] else ""
            out.print(f"{one['case']:16} {one[args.language]}{note}", highlight=False)
    return 0
