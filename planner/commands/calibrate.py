"""``planner calibrate CASE --out FOLDER``: a works' own report, energy balance and gas balance become the numbers of its case."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import terminal
from planner.commands.shared import changes, print_json
from planner.intake import works
from planner.language import say, translated
from planner.results import rows_of

HELP = "a works' verified report, energy balance and gas balance, reconciled, become the numbers of its case"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the report stands and where the new case goes."""
    parser.add_argument(
        "--report", type=Path, help="folder with emission_report.csv, energy_balance.csv, gas_balance.csv (the case's own, or its workbook's sheets)"
    )
    parser.add_argument("--out", type=Path, required=True, help="the new case's folder")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Every figure before and after, what was set and what is left."""
    done = works.calibrate(args.case, args.out, args.report, changes(args), terminal.progress(err, args.language))
    if args.json:
        read = done.ready.case
        print_json(
            {"case": read.name, "folder": str(done.folder), "rows": rows_of(done.table), "said": list(done.said), "fingerprint": read.fingerprint}
        )
        return 0
    out.print(terminal.calibrated(done.table, args.language))
    out.print(say("intake.made", args.language, case=done.ready.case.name, folder=done.folder), highlight=False)
    for line in done.said:
        out.print(f"  {translated(line, args.language)}", style="dim", highlight=False, markup=False)
    return 0
