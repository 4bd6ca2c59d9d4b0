"""``planner start FILE --province P --out FOLDER``: a case of a factory of which only a meter or twelve bills are known."""

import argparse
from pathlib import Path

from rich.console import Console

from planner.commands.bills import with_shifts
from planner.commands.shared import told_of_a_case
from planner.intake import start
from planner.tariff import VOLTAGES

HELP = "a case of a factory of which only a meter's file or twelve bills are known"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is known, where the works stands, and where the new case goes."""
    parser.add_argument("file", type=Path, help="readings of a year, or twelve bills with --bills")
    parser.add_argument("--out", type=Path, required=True, help="the new case's folder")
    parser.add_argument("--bills", action="store_true", help="the file holds twelve bills: month, kWh, if known demand kW, bands, gas m3 or GJ")
    parser.add_argument("--province", required=True, help="brings tariff, grid factor, gas price and weather")
    parser.add_argument("--voltage", choices=VOLTAGES, default="10kv", help="voltage of the connection (10kv)")
    parser.add_argument("--roof", type=float, default=0.0, metavar="M2", help="usable roof for solar power, m2 (none)")
    parser.add_argument("--unit", default="", help="unit of the readings where no heading tells it")
    parser.add_argument("--column", default="", help="heading of the column that holds the readings, where several may")
    with_shifts(parser)


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The new case, and what was found in the file."""
    place = (args.file, args.out, args.province, args.voltage, args.roof)
    made = start.of_bills(*place, args.shifts, args.workdays, args.base) if args.bills else start.of_meter(*place, args.unit, args.column)
    return told_of_a_case(args, out, made)
