"""``planner uncertainty CASE``: Monte Carlo over all ranges at once, the plan kept and made anew, and which decisions hold in nearly all draws."""

import argparse

from rich.console import Console

from planner import case, terminal_risk
from planner.commands import sensitivity
from planner.commands.shared import changes, into_run, print_json
from planner.results import rows_of
from planner.risk import ranges, spread
from planner.risk.plans import Plans

HELP = "Monte Carlo over all ranges at once: cost and emissions with the plan kept and made anew, and decisions that hold in nearly all draws"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many draws, which assumptions, which plans."""
    parser.add_argument("--samples", type=int, default=60, help="draws, as Latin hypercubes spread them (60)")
    parser.add_argument("--seed", type=int, default=1, help="number that draws them (1)")
    parser.add_argument("--plan", choices=("both", "fixed", "anew"), default="both", help="the plan's decisions kept, all made anew, or both (both)")
    sensitivity.ranged(parser)
    sensitivity.effort(parser, "CASE-uncertainty")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Quantiles by way, and the table of decisions."""
    read = case.read(args.case, changes(args))
    plans = Plans(args.case, changes(args), sensitivity.asked(args, f"{read.name}-uncertainty", err))
    moved = ranges.of(plans.case, args.ranges, args.only)
    found = spread.of(plans, moved, args.samples, args.seed, ("fixed", "anew") if args.plan == "both" else (args.plan,))
    sensitivity.keep(plans.effort.folder, found)
    into_run(args.folder, read, found)
    if args.json:
        print_json(
            {
                "case": read.name,
                "folder": str(plans.effort.folder),
                "time": plans.time,
                "seed": args.seed,
                **{n: rows_of(t) for n, t in found.items()},
            }
        )
    else:
        out.print(terminal_risk.spread(found["spread"], args.language))
        if "robust" in found:
            out.print(terminal_risk.robust(found["robust"], args.language))
        terminal_risk.about(out, plans, args.language)
    return 0
