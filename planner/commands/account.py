"""``planner account CASE`` or ``planner account RUN``: the carbon account of metered activity, or of a plan."""

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from planner import case as cases
from planner import disclosure, stored, terminal
from planner.account import tables as accounts
from planner.commands.shared import changes, print_json, ready
from planner.errors import CaseError, Finding
from planner.language import say
from planner.results import rows_of

HELP = "the carbon account of a case's activity data, or of a run"
TAKES_CASE = True
FORMATS = (".md", ".html", ".csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write the page or the lines."""
    parser.add_argument("--out", type=Path, help="write the page (.md, .html) or every line (.csv) to this file")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Totals by boundary, sources, electricity and remarks; the whole page in a file."""
    if args.out and args.out.suffix not in FORMATS:
        raise CaseError([Finding(f"--out {args.out}", f"a page cannot be a {args.out.suffix or 'file without suffix'}", ", ".join(FORMATS))])
    case, tables, remarks = of_run(Path(args.case), args) if (Path(args.case) / "summary.json").is_file() else of_case(args)
    blocks = disclosure.page(case, tables, remarks, args.language)
    if args.out:
        if args.out.suffix == ".csv":
            tables["account"].to_csv(args.out, index=False, lineterminator="\n", float_format="%.9g")
        else:
            text = disclosure.markdown(blocks) if args.out.suffix == ".md" else disclosure.html(blocks, args.language)
            args.out.write_text(text, encoding="utf-8")
    if args.json:
        print_json({"case": case.name, "remarks": list(remarks), **{name: rows_of(table) for name, table in tables.items()}})
        return 0
    terminal.blocks(out, blocks)
    if args.out:
        out.print(say("book.written", args.language, file=args.out), highlight=False)
    return 0


Told = tuple[cases.Case, Mapping[str, pd.DataFrame], list[dict[str, Any]]]


def of_case(args: argparse.Namespace) -> Told:
    """The account of a case's activity data. Raises CaseError when it has none."""
    read = ready(args)
    made = accounts.of_activity(read.case, read.plant)
    if made is None:
        where = f"{read.case.folder.name}/activity.csv"
        raise CaseError([Finding(where, "the case has no activity data", "a table of what was used, made, bought and sold, or a run")])
    return read.case, accounts.tables(read.plant, made), accounts.told(read.plant, read.case.settings, made)


def of_run(folder: Path, args: argparse.Namespace) -> Told:
    """The account a run was stored with, beside its base year's. Raises CaseError for a run without one."""
    if changes(args):
        raise CaseError([Finding(f"--set {args.set[0]}", "a run is what it is", "no change; solve the case again")])
    found = stored.load(folder)
    if "account" not in found.results.tables:
        raise CaseError([Finding(str(folder), "the run was stored without its account", "a run of this version: solve the case again")])
    with (folder / "case" / "changes.csv").open(encoding="utf-8", newline="") as file:
        _, *made = csv.reader(file)
    case = cases.read(folder / "case", [(key, text) for key, text in made])
    return case, found.results.tables, list(found.summary["remarks"])
