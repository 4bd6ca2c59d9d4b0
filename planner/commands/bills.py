"""``planner bills CASE FILE --out FOLDER``: twelve monthly bills become the load shape of a case, an estimate."""

import argparse
from pathlib import Path

from rich.console import Console

from planner.commands.shared import changes, share, told_of_a_case
from planner.intake import bills, onto

HELP = "twelve monthly bills (CSV) become the load shape of a case: an estimate, and called so"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """What was billed, how the works runs, and where the new case goes."""
    parser.add_argument("file", type=Path, help="twelve lines: month, kWh; if known demand in kW, energy by tariff band")
    parser.add_argument("--out", type=Path, required=True, help="the new case's folder")
    with_shifts(parser)


def with_shifts(parser: argparse.ArgumentParser) -> None:
    """How the hours of a month are told apart."""
    parser.add_argument("--shifts", type=int, choices=sorted(bills.SHIFTS), default=3, help="shifts a day (3)")
    parser.add_argument("--workdays", type=int, choices=range(1, 8), default=7, help="working days a week (7)")
    parser.add_argument("--base", type=share, default=0.3, help="power outside the shifts as a share of that within, where no bill tells it (0.3)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The new case, and what was assumed."""
    made = onto.bills(args.case, args.file, args.out, changes(args), shifts=args.shifts, workdays=args.workdays, base=args.base)
    return told_of_a_case(args, out, made)
