"""``planner premium RUN``: what a premium for the low-carbon product would have to be to pay for the plan, and what stated ones are worth."""

import argparse

from rich.console import Console

from planner import premium
from planner.commands.shared import print_json
from planner.language import fmt, say
from planner.report import material, yardstick
from planner.results import rows_of
from planner.terminal import framed

HELP = "the premium per unit of product that would pay for the plan, and what stated premiums are worth"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, and a premium of one's own."""
    parser.add_argument("name", metavar="RUN", help="a folder written by `planner solve --out`, or the name of a shipped case")
    parser.add_argument(
        "--at", type=float, metavar="CNY", help="tell the plan's cost with this premium, CNY per unit of product, earned on all of it"
    )


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Break-even premiums and stated ones; with ``--at`` the cost that is left."""
    m = material.of(args.name)
    made, unit = {y: float(m.product[y]) for y in m.years}, str(m.case["product.unit"])
    even, said = premium.break_even(m.results, made), premium.stated(m.results, made, str(m.case["product.carrier"]), unit)
    extra = float(m.results.summary["objective_cny"] - m.results.summary["frozen_cny"])
    left = None if args.at is None else extra - args.at * sum(premium.output(m.results, made).values())
    if args.json:
        record = {"case": m.case.name, "unit": f"CNY/{unit}", "break_even": rows_of(even), "stated": rows_of(said)}
        print_json(record | ({} if left is None else {"asked": {"premium": args.at, "left_cny": left}}))
        return 0
    section = yardstick.premium(m, args.language)
    out.print(f"[bold]{section.title}[/bold]", *section.sentences, sep="\n", highlight=False)
    for table in section.tables:
        out.print(framed(table.title, table.frame))
    if left is not None:
        cost = fmt(left, "money_change", args.language)
        out.print(say("premium.net", args.language, premium=f"{args.at:,.4g}", unit=f"CNY/{unit}", left=cost), highlight=False)
    return 0
