"""``planner sensitivity CASE``: every assumption with a range at its ends, the plan fixed and made anew; with ``--global`` many at once."""

import argparse
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from rich.console import Console

from planner import case, terminal_risk, terminal_studies
from planner.commands import study
from planner.commands.shared import changes, into_run, print_json, share
from planner.results import rows_of
from planner.risk import ranges, screening, tornado
from planner.risk.plans import MISSED, Effort, Plans
from planner.studies.many import Where

HELP = "which assumptions would change cost and plan: each at the ends of its range, the plan fixed and made anew"
TAKES_CASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which assumptions, which ranges, which plans."""
    ranged(parser)
    parser.add_argument("--plan", choices=("both", "fixed", "anew"), default="both", help="the plan's decisions kept, all made anew, or both (both)")
    parser.add_argument(
        "--global",
        choices=screening.METHODS,
        dest="all",
        help="all assumptions at once instead: elementary effects (morris) or shares of the variance (sobol)",
    )
    parser.add_argument("--samples", type=int, default=8, help="trajectories of morris, or sobol's power of two (8)")
    parser.add_argument("--seed", type=int, default=1, help="number that draws them (1)")
    effort(parser, "CASE-sensitivity")


def ranged(parser: argparse.ArgumentParser) -> None:
    """Which assumptions move, and how far."""
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="assumptions by code, such as investment.* (all)")
    parser.add_argument("--ranges", type=Path, help="own ranges, a table like data/ranges.csv; its rules go first")


def effort(parser: argparse.ArgumentParser, name: str) -> None:
    """How exactly, where, and into which folders."""
    parser.add_argument("--gap", type=share, default=0.01, help="proven gap of each plan, as a share of what it decides (0.01)")
    parser.add_argument("--seconds", type=float, default=300.0, help="longest time for one search (300)")
    parser.add_argument("--missed", type=float, default=MISSED, help=f"price of what targets are missed by, CNY per t, tce or MWh ({MISSED:g})")
    parser.add_argument("--out", type=Path, help=f"folder of the study (studies/{name}); what stands there already is not planned again")
    parser.add_argument("--run", type=Path, dest="folder", help="write the tables into this run's folder too, where pages and reports find them")
    study.where(parser)


def asked(args: argparse.Namespace, name: str, err: Console) -> Effort:
    """The effort that was asked for."""
    folder = args.out or Path("studies") / name
    return Effort(folder, Where(args.workers, args.cluster), args.gap, args.seconds, args.missed, terminal_studies.progress(err, args.language))


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One row an assumption, way and end, the widest swing first."""
    read = case.read(args.case, changes(args))
    plans = Plans(args.case, changes(args), asked(args, f"{read.name}-sensitivity", err))
    moved = ranges.of(plans.case, args.ranges, args.only)
    if args.all:
        way = "anew" if args.plan == "both" else args.plan
        indices = screening.of(plans, moved, args.all, args.samples, args.seed, way)
        keep(plans.effort.folder, {"screening": indices})
        into_run(args.folder, read, {"screening": indices})
        if args.json:
            print_json({"case": read.name, "folder": str(plans.effort.folder), "time": plans.time, "screening": rows_of(indices)})
        else:
            out.print(terminal_risk.screening(indices, args.language))
            terminal_risk.about(out, plans, args.language)
        return 0
    found = tornado.of(plans, moved, ("fixed", "anew") if args.plan == "both" else (args.plan,))
    keep(plans.effort.folder, {"tornado": found})
    into_run(args.folder, read, {"tornado": found})
    if args.json:
        print_json({"case": read.name, "folder": str(plans.effort.folder), "time": plans.time, "tornado": rows_of(found)})
    else:
        out.print(terminal_risk.tornado(found, plans.case, args.language))
        terminal_risk.about(out, plans, args.language)
    return 0


def keep(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Put tables into the folder of a study."""
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", float_format="%.12g")
