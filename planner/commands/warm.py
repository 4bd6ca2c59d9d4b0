"""``planner warm CASE``: plan a case once and keep where its next plans begin, so that pages answer their first lever in seconds."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import terminal
from planner.commands.shared import into_run, print_json, ready
from planner.desk import jobs
from planner.desk.solver import start_of
from planner.errors import NoPlanExists
from planner.language import say
from planner.studies import start
from planner.warm import Session

HELP = "plan a case once and keep where its next plans begin: pages answer their first lever in seconds"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to keep it."""
    parser.add_argument("--run", type=Path, dest="folder", help="this run's folder, which may be shipped with it (where pages keep their plans)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One file; what is there already and of this very problem stays."""
    case = ready(args)
    into_run(args.folder, case.case, {})
    kept = args.folder / start.NAME if args.folder else start_of(jobs.starts(jobs.cache()), case.case.fingerprint)
    with Session(case) as session:
        session.begin(kept, listen=terminal.progress(err, args.language), deep=True)
    if not kept.is_file():
        raise NoPlanExists(f"no plan of {case.case.name} was found to begin from; `planner solve {case.case.name}` says why")
    if args.json:
        print_json({"case": case.case.name, "start": str(kept)})
    else:
        out.print(say("warm.kept", args.language, case=case.case.name, file=kept), highlight=False)
    return 0
