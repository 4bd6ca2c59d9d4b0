"""``planner breakeven CASE NUMBER``: at which value of a number technologies enter or leave the plan, as an interval that the gaps leave open."""

import argparse

from rich.console import Console

from planner import case, terminal_risk
from planner.commands import sensitivity
from planner.commands.shared import changes, into_run, print_json
from planner.errors import CaseError, Finding
from planner.results import rows_of
from planner.risk import breakeven, ranges
from planner.risk.plans import Plans

HELP = "the value of a number (a price, an investment, the carbon price) at which technologies enter or leave the plan, as an interval"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which number, between which values, for which technologies."""
    parser.add_argument("number", help="what moves, as in the tornado: market_values.gas.price, investment.pv_rooftop, finance.carbon_price, ...")
    parser.add_argument("--from", type=float, dest="start", help="lowest value, as the pages show it (the lowest they offer)")
    parser.add_argument("--to", type=float, dest="end", help="highest value (the highest they offer)")
    parser.add_argument("--asset", action="append", default=[], help="option asked about; may be given again (all that differ between both ends)")
    sensitivity.effort(parser, "CASE-breakeven")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One row an option: where it enters or leaves."""
    read = case.read(args.case, changes(args))
    plans = Plans(args.case, changes(args), sensitivity.asked(args, f"{read.name}-breakeven", err))
    number = ranges.named(plans.case, args.number)
    start, end = (number.low if args.start is None else args.start), (number.high if args.end is None else args.end)
    if start >= end:
        raise CaseError(
            [
                Finding(
                    f"--from {start:g} --to {end:g}", "the first is not below the second", f"{number.low:g} to {number.high:g} {number.unit}".strip()
                )
            ]
        )
    found = breakeven.of(plans, number, start, end, args.asset)
    sensitivity.keep(plans.effort.folder, {"breakeven": found})
    into_run(args.folder, read, {"breakeven": found})
    if args.json:
        print_json({"case": read.name, "folder": str(plans.effort.folder), "time": plans.time, "breakeven": rows_of(found)})
    else:
        out.print(terminal_risk.breakeven(found, args.language))
        terminal_risk.about(out, plans, args.language)
    return 0
