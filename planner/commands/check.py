"""``planner check CASE``: everything that is wrong with a case, at once."""

import argparse

from rich.console import Console

from planner.commands.shared import print_json, ready
from planner.language import say

HELP = "read and check a case; all findings at once"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """What the case holds, and what rests on estimates."""
    checked = ready(args)
    plant = checked.plant
    counts = {"assets": len(plant.assets), "options": len(plant.candidates), "carriers": len(plant.carriers), "markets": len(plant.markets)}
    if args.json:
        print_json({"case": checked.case.name, "status": "ok", **counts, "notes": list(checked.year.notes), "fingerprint": checked.case.fingerprint})
    else:
        out.print(say("terminal.checked", args.language, case=checked.case.name, **counts), highlight=False)
        for note in checked.year.notes:
            out.print(f"  · {note}", style="dim", highlight=False)
    return 0
