"""``planner import FILE``: a workbook becomes a case, after everything in it was checked."""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from planner import case
from planner.commands.bills import with_shifts
from planner.commands.shared import print_json
from planner.errors import CaseError, Finding
from planner.exchange import importing, marked
from planner.exchange.importing import Imported
from planner.intake import onto
from planner.language import say, translated

HELP = "make a case of a workbook; everything that is wrong is said at once"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to read and where to put the case."""
    parser.add_argument("file", type=Path, help="the workbook, as `planner template` or `planner export` wrote it")
    parser.add_argument("--out", type=Path, help="the case's new folder (the workbook's name, beside it)")
    parser.add_argument("--meter", type=Path, help="readings of a year (CSV) instead of the load shape; see `planner meter`")
    parser.add_argument("--bills", type=Path, help="twelve bills (CSV) instead of the load shape; see `planner bills`")
    parser.add_argument("--weather", type=Path, help="a weather file (EPW, PVGIS, CSV) instead of the synthetic year")
    parser.add_argument("--unit", default="", help="unit of the meter's readings where no heading tells it")
    with_shifts(parser)


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The case, or all findings, which also stand as comments in a copy of the workbook."""
    folder = args.out or args.file.with_suffix("")
    try:
        made = _imported(args, folder)
    except CaseError as error:
        if any("!" in finding.where for finding in error.findings):
            err.print(say("book.marked", args.language, file=marked.mark(args.file, error.findings, args.language)), highlight=False)
        raise
    plant = made.ready.plant
    counts = {"assets": len(plant.assets), "options": len(plant.candidates)}
    if args.json:
        said = {"left": list(made.left), "said": list(made.said), "fingerprint": made.ready.case.fingerprint}
        print_json({"case": made.ready.case.name, "folder": str(made.folder), **counts, **said})
        return 0
    out.print(say("book.imported", args.language, case=made.ready.case.name, folder=made.folder, **counts), highlight=False)
    for line in made.said:
        out.print(f"  {translated(line, args.language)}", style="dim", highlight=False, markup=False)
    if made.left:
        out.print(say("book.left", args.language, sheets=", ".join(made.left)), style="dim", highlight=False)
    return 0


def _imported(args: argparse.Namespace, folder: Path) -> Imported:
    """The case of the workbook, with what was measured put onto it. Raises CaseError."""
    if not (args.meter or args.bills or args.weather):
        return importing.from_book(args.file, folder)
    if args.meter and args.bills:
        raise CaseError([Finding("--bills", "a meter gives the shape of the load already", "a meter or bills, not both")])
    importing.new_place(folder)
    with tempfile.TemporaryDirectory() as scratch:
        made = importing.from_book(args.file, Path(scratch) / folder.name)
        read = case.read(made.folder)
        given = [onto.of_meter(read, args.meter, args.unit)] if args.meter else []
        given += [onto.of_bills(read, args.bills, args.shifts, args.workdays, args.base)] if args.bills else []
        given += onto.of_weather(read, args.weather) if args.weather else []
        done = onto.put(read, folder, given)
    return replace(made, folder=done.folder, ready=done.ready, said=done.said)
