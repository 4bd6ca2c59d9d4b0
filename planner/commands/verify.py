"""``planner verify RUN``: a stored plan on all 8,760 hours of every year."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import holds, terminal
from planner import run as runs
from planner.commands.shared import print_json
from planner.results import rows_of

HELP = "run a stored plan on all 8,760 hours of every year"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The folder of a run."""
    parser.add_argument(
        "folder", type=Path, metavar="RUN", help="a folder written by `planner solve CASE --out FOLDER`; the verdict is written into it"
    )


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Planned beside what the whole year gives, and whether everything holds."""
    ready, plan = runs.reopen(args.folder)
    found = runs.verified(ready, plan, runs.load(args.folder).results, terminal.progress(err, args.language))
    runs.keep(args.folder, found)
    if args.json:
        print_json({"case": ready.case.name, **found.summary, **{name: rows_of(found[name]) for name in holds.TABLES}})
    else:
        terminal.whole_year(out, found, args.language)
    return 0
