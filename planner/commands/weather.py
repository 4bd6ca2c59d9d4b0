"""``planner weather CASE FILE --out FOLDER``: a weather file replaces the synthetic year of a case."""

import argparse
from pathlib import Path

from rich.console import Console

from planner.commands.shared import changes, told_of_a_case
from planner.intake import onto

HELP = "a weather file (EPW, PVGIS or CSV) replaces the synthetic year of a case"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which weather, and where the new case goes."""
    parser.add_argument("file", type=Path, help="EPW, PVGIS hourly CSV, or a table with the columns pv and wind")
    parser.add_argument("--out", type=Path, required=True, help="the new case's folder")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The new case, and what the weather gives."""
    return told_of_a_case(args, out, onto.weather(args.case, args.file, args.out, changes(args)))
