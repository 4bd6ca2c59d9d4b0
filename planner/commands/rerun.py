"""``planner rerun RUN``: a stored run made again from its folder, and whether this version gives the same answer."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import run as runs
from planner import terminal
from planner.commands.shared import print_json, share
from planner.exchange import importing
from planner.language import fmt, say
from planner.workspace import again

HELP = "make a stored run again from its folder and say whether the answer is the same"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, with which data, how exact."""
    parser.add_argument("name", metavar="RUN", type=Path, help="a folder written by `planner solve --out`, or the name of a shipped case")
    parser.add_argument("--its-data", action="store_true", help="with the program's data as they were when the run was made")
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap to stop at (0.01)")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest time for one solve (600)")
    parser.add_argument("--out", type=Path, help="write the new run to this folder")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Then and now; what of the program's data changed; what is decided differently."""
    if args.out:
        importing.new_place(args.out)
    made = again.rerun(args.name, gap=args.gap, seconds=args.seconds, its_data=args.its_data, listen=terminal.progress(err, args.language))
    if args.out:
        runs.write(made.done, args.out)
    if args.json:
        said = {"same": made.same, "same_case": made.same_case, "agrees": made.agrees, "then": made.then, "now": made.now, "data": made.data}
        print_json({"case": made.done.ready.case.name, **said, "differs": list(made.differs)})
        return 0
    out.print(say("rerun.same" if made.same else "rerun.case" if made.agrees else "rerun.other", args.language), style="bold", highlight=False)
    for when, one in (("then", made.then), ("now", made.now)):
        cost, bound = (fmt(one[k], "money", args.language) for k in ("objective_cny", "bound_cny"))
        out.print("  " + say(f"rerun.{when}", args.language, version=one["version"], cost=cost, bound=bound), highlight=False)
    if made.data is None or made.data:
        out.print("  " + say("rerun.data" if made.data else "rerun.no_data", args.language, tables=", ".join(made.data or ())), highlight=False)
    for line in made.differs[:20]:
        out.print(f"  · {line}", highlight=False, markup=False)
    return 0
