"""``planner compare CASE CASE ...``: the same questions to several plans, side by side."""

import argparse

from rich.console import Console

from planner import compare, spread, terminal
from planner.commands.shared import changes, print_json, share
from planner.errors import CaseError, Finding
from planner.language import say
from planner.results import rows_of

HELP = "several cases or runs side by side, per unit of product and per tonne avoided"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to compare, and how exactly to solve what is not stored."""
    parser.add_argument("names", nargs="+", metavar="CASE", help="shipped cases, case folders or run folders; two or more")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change a number of every case, e.g. finance.discount_rate=0.08"
    )
    parser.add_argument("--variants", action="store_true", help="with the shipped variants of every shipped case named: one plant is not a sector")
    parser.add_argument("--reach", action="store_true", help="also find how low the emissions of 2027 and 2030 can be, whatever it costs")
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap of what must be solved first (0.01)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The answers as a table or as JSON, with raw numbers."""
    named = compare.with_variants(args.names) if args.variants else args.names
    if len(named) < 2:
        raise CaseError([Finding("compare", "there is nothing to compare with", "two or more cases or runs")])
    told = terminal.progress(err, args.language)
    plans = [compare.plan_of(name, changes(args), gap=args.gap, reach=args.reach, listen=told) for name in named]
    answers = compare.compare(plans)
    if args.json:
        record = [{"group": a.group, "question": a.question, "detail": a.detail, "unit": a.quantity, "values": list(a.values)} for a in answers]
        prints = [m.results.summary["fingerprint"] for m in plans]
        print_json({"cases": named, "fingerprints": prints, "answers": record, "sectors": rows_of(spread.spread(plans, answers))})
    else:
        titles = [str(m.case.settings.get(args.language) or m.case.name) for m in plans]
        out.print(terminal.compared(titles, answers, args.language))
        sectors = spread.table(plans, answers, args.language)
        if len(sectors):
            out.print(terminal.framed(say("compare.sectors", args.language), sectors))
        if alone := spread.alone(plans, args.language):
            out.print(alone, style="dim", highlight=False)
    return 0
