"""``planner alternatives CASE``: plans nearly as good as the best that differ most, and how much of each thing they may use."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import terminal, terminal_measures
from planner.commands.shared import into_run, keep_tables, print_json, ready, share
from planner.language import say
from planner.results import rows_of
from planner.why import alternatives

HELP = "plans nearly as good as the best that differ most, and the least and most of each thing"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """How near, how many, how exact, where."""
    parser.add_argument("--within", type=_percent, default=0.02, help="per cent that a plan may cost more, of what the best plan decides about (2)")
    parser.add_argument("--number", type=int, default=3, help="most alternatives (3)")
    parser.add_argument("--gap", type=share, default=0.005, help="proven gap of the best plan, as a share of what it decides (0.005)")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest time for one search (600)")
    parser.add_argument("--out", type=Path, help="folder of the tables and of each alternative's run (studies/CASE-alternatives)")
    parser.add_argument("--run", type=Path, dest="folder", help="write all of it into this run's folder, where the page finds it")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Two tables: one row a plan, one row an asset."""
    case = ready(args)
    into_run(args.folder, case.case, {})
    made = alternatives.evaluate(
        case, within=args.within, number=args.number, gap=args.gap, seconds=args.seconds, listen=terminal.progress(err, args.language)
    )
    folder = args.folder or args.out or Path("studies") / f"{case.case.name}-alternatives"
    folder.mkdir(parents=True, exist_ok=True)
    alternatives.write(made, folder / "alternatives")
    keep_tables(folder, made.tables)
    if args.json:
        print_json({"case": case.case.name, "folder": str(folder), **{name: rows_of(table) for name, table in made.tables.items()}})
        return 0
    for table in (
        terminal_measures.alternatives(made.tables["alternatives"], case.case, args.language),
        terminal_measures.ranges(made.tables["ranges"], args.language),
    ):
        out.print(table)
    out.print(say("near.written", args.language, folder=folder), highlight=False)
    return 0


def _percent(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not per cent from 0 to 1000")
    return value / 100
