"""``planner meter CASE FILE --out FOLDER``: a meter's file replaces the load shape of a case."""

import argparse
from pathlib import Path

from rich.console import Console

from planner.commands.shared import changes, told_of_a_case
from planner.intake import onto

HELP = "a meter's file (CSV) replaces the load shape of a case; the new case keeps it"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """What was metered, and where the new case goes."""
    parser.add_argument("file", type=Path, help="readings of a year: 15 min or hourly, kW or kWh, one reading or one day a line")
    parser.add_argument("--out", type=Path, required=True, help="the new case's folder")
    parser.add_argument("--unit", default="", help="unit of the readings where no heading tells it: kWh, MWh, kW or MW")
    parser.add_argument("--column", default="", help="heading of the column that holds the readings, where several may")
    parser.add_argument("--for", dest="shape", default="", help="the shape this meter belongs to; without it, it is the meter of the whole works")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The new case, and what was found in the file."""
    made = onto.meter(args.case, args.file, args.out, changes(args), unit=args.unit, column=args.column, shape=args.shape)
    return told_of_a_case(args, out, made)
