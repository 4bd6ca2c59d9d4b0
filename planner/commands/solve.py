"""``planner solve CASE``: the least-cost plan under the caps."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import enriching, terminal, terminal_why
from planner import run as runs
from planner.commands.shared import changes, new_folder, print_json, share
from planner.language import say

HELP = "find the least-cost plan under the caps"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, how exact, how long."""
    parser.add_argument("--out", type=Path, help="write the run to this folder")
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap to stop at, as a share of what the plan decides (0.01)")
    parser.add_argument("--days", type=int, help="representative days per season beside its peak day")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest time for one solve (600)")
    parser.add_argument(
        "--whole-year", action="store_true", help="run the plan on all 8,760 hours of every year, and plan again with what it missed, until it holds"
    )
    parser.add_argument("--timing", action="store_true", help="show where the time went")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The plan on screen or as JSON, and in a folder if asked."""
    asked = changes(args)
    new_folder(args.out)
    if args.days is not None:
        asked.append(("time.days", str(args.days)))
    listen = terminal.progress(err, args.language)
    make = enriching.solve if args.whole_year else runs.solve
    done = make(runs.prepare(args.case, asked), gap=args.gap, seconds=args.seconds, listen=listen)
    folder = runs.write(done, args.out) if args.out else None
    record = runs.record(done)
    if args.json:
        print_json(record)
        return 0
    terminal.plan(out, done.results, record, args.language)
    out.print(terminal_why.worth(done.results, args.language))
    if args.timing:
        out.print({**record["seconds"], **record["solver"]})
    if folder:
        out.print(say("terminal.written", args.language, folder=folder), highlight=False)
    return 0
