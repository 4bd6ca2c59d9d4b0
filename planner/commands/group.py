"""``planner group CASE CASE ...``: several factories by year with their sums, and who goes first."""

import argparse

from rich.console import Console

from planner import compare, group, terminal
from planner.commands.shared import print_json, share
from planner.results import rows_of

HELP = "a group of factories: investment, CO2, tce and green power by year with sums, and who goes first"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which factories, and how exactly to solve what is not stored."""
    parser.add_argument("names", nargs="+", metavar="CASE", help="shipped cases, case folders or run folders; two or more, for the same years")
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap of what must be solved first (0.01)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Both tables, on screen or as JSON with raw numbers."""
    plans = [compare.plan_of(name, gap=args.gap, listen=terminal.progress(err, args.language)) for name in args.names]
    years, order = group.by_year(plans), group.order(plans)
    if args.json:
        print_json({"cases": args.names, "years": rows_of(years.rename(columns=str)), "order": rows_of(order)})
        return 0
    out.print(terminal.group_years(years, args.language))
    out.print(terminal.group_order(order, args.language))
    return 0
