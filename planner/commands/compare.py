"""``planner compare CASE CASE ...``: the same questions to several plans, side by side."""

import argparse

from rich.console import Console

from planner import compare, terminal
from planner.commands.shared import print_json, share
from planner.errors import CaseError, Finding

HELP = "several cases or runs side by side, per unit of product and per tonne avoided"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to compare, and how exactly to solve what is not stored."""
    parser.add_argument("names", nargs="+", metavar="CASE", help="shipped cases, case folders or run folders; two or more")
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap of what must be solved first (0.01)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The answers as a table or as JSON, with raw numbers."""
    if len(args.names) < 2:
        raise CaseError([Finding("compare", "there is nothing to compare with", "two or more cases or runs")])
    plans = [compare.plan_of(name, gap=args.gap, listen=terminal.progress(err, args.language)) for name in args.names]
    answers = compare.compare(plans)
    if args.json:
        record = [{"group": a.group, "question": a.question, "detail": a.detail, "unit": a.quantity, "values": list(a.values)} for a in answers]
        print_json({"cases": args.names, "fingerprints": [m.results.summary["fingerprint"] for m in plans], "answers": record})
    else:
        titles = [str(m.case.settings.get(args.language) or m.case.name) for m in plans]
        out.print(terminal.compared(titles, answers, args.language))
    return 0
