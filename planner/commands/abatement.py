"""``planner abatement CASE``: cost against emissions - the front of plans, and what the next tonne costs at each of its steps."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import case, terminal_studies
from planner.commands import study
from planner.commands.shared import changes, into_run, print_json, share
from planner.results import rows_of
from planner.studies import front, many

HELP = "cost against emissions: plans from no cap to the lowest reachable, what enters at each step, what a tonne costs"
TAKES_CASE = True
INSIDE = "front"  # folder of the plans within a run


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which cap, how many plans, how exact, where."""
    parser.add_argument("--year", type=int, help="year of the cap that is swept (its last)")
    parser.add_argument("--points", type=int, default=12, help="most plans to be made (12)")
    parser.add_argument("--gap", type=share, default=0.005, help="proven gap of each plan, as a share of what it decides (0.005)")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest time for one search (600)")
    parser.add_argument(
        "--out", type=Path, help="folder of the study (RUN/front, else studies/CASE-abatement); what stands there already is not planned again"
    )
    parser.add_argument(
        "--run", type=Path, dest="folder", help="write the table and the plans into this run's folder, where the page finds and opens them"
    )
    study.where(parser)


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One row a plan, the one without caps first."""
    read = case.read(args.case, changes(args))
    into_run(args.folder, read, {})
    inside = args.folder is not None and args.out is None
    folder = args.folder / INSIDE if inside else args.out or Path("studies") / f"{read.name}-abatement"
    told = terminal_studies.progress(err, args.language)
    plans = many.of_case(args.case, changes(args), folder, many.Where(args.workers, args.cluster), gap=args.gap, seconds=args.seconds, done=told)
    with plans:
        found = front.of(plans, read, args.year, args.points, f"{INSIDE}/" if inside else "")
    found.to_csv(folder / "front.csv", index=False, lineterminator="\n", float_format="%.12g")
    named = {r["asset"]: read.label(r["asset"], args.language) for r in read.tables["assets"]}
    into_run(args.folder, read, {"front": found})
    if args.json:
        print_json({"case": read.name, "folder": str(folder), "front": rows_of(found)})
    else:
        out.print(terminal_studies.front(found, named, args.language))
    return 0
