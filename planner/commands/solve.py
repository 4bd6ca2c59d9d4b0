"""``planner solve CASE``: the least-cost plan under the caps."""

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console

from planner import enriching, hourly, locked, terminal, terminal_why
from planner import run as runs
from planner.commands.shared import changes, new_folder, print_json, share
from planner.errors import CaseError, Finding
from planner.language import say
from planner.views import names

HELP = "find the least-cost plan under the caps"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, how exact, how long."""
    parser.add_argument("--out", type=Path, help="write the run to this folder")
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap to stop at, as a share of what the plan decides (0.01)")
    parser.add_argument("--days", type=int, help="representative days per season beside its peak day")
    parser.add_argument("--seconds", type=float, help="longest time for one solve (600), or for the search of --all-hours (1800)")
    parser.add_argument(
        "--whole-year", action="store_true", help="run the plan on all 8,760 hours of every year, and plan again with what it missed, until it holds"
    )
    parser.add_argument(
        "--all-hours",
        action="store_true",
        help="decide sizes on all 8,760 hours of every year, with a proven gap, from the plan on representative days",
    )
    parser.add_argument(
        "--locked", metavar="RUN", help="keep what an earlier run decided until the year of --locked-until; nothing else is decided for then"
    )
    parser.add_argument("--locked-until", type=int, metavar="YEAR", help="last year whose decisions have been taken")
    parser.add_argument("--timing", action="store_true", help="show where the time went")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The plan on screen or as JSON, and in a folder if asked."""
    asked = changes(args)
    if args.all_hours and (args.whole_year or args.out):
        other = "--whole-year" if args.whole_year else "--out"
        what = f"it is given with {other}: a plan decided on all hours was run on them already, and its hours are not kept"
        raise CaseError([Finding("--all-hours", what, "one of the two")])
    new_folder(args.out)
    if args.days is not None:
        asked.append(("time.days", str(args.days)))
    listen = terminal.progress(err, args.language)
    make = hourly.solve if args.all_hours else enriching.solve if args.whole_year else runs.solve
    with _ready(args, asked) as ready:
        done = make(ready, gap=args.gap, seconds=args.seconds or (hourly.SECONDS if args.all_hours else 600.0), listen=listen)
    folder = runs.write(done, args.out) if args.out else None
    record = runs.record(done)
    if args.json:
        print_json(record)
        return 0
    told = names.labelled(done.results, done.ready.case)
    terminal.plan(out, told, record, args.language)
    out.print(terminal_why.worth(told, args.language))
    if args.timing:
        out.print({**record["seconds"], **record["solver"]})
    if folder:
        out.print(say("terminal.written", args.language, folder=folder), highlight=False)
    return 0


def _ready(args: argparse.Namespace, asked: list[tuple[str, str]]) -> AbstractContextManager[runs.Ready]:
    """The case, with what an earlier run decided where that is asked for. Raises CaseError."""
    if (args.locked is None) != (args.locked_until is None):
        given, missing = ("--locked", "--locked-until YEAR") if args.locked_until is None else ("--locked-until", "--locked RUN")
        raise CaseError([Finding(given, f"it is given without {missing}", "both, or none")])
    return nullcontext(runs.prepare(args.case, asked)) if args.locked is None else locked.again(args.case, asked, args.locked, args.locked_until)
