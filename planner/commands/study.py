"""``planner study FILE``: many plans at once, over processes or a cluster; a killed study goes on where it was."""

import argparse
from pathlib import Path

from rich.console import Console

from planner import case, terminal_studies
from planner.commands.shared import into_run, print_json
from planner.language import say
from planner.results import rows_of
from planner.studies import file, many, table

HELP = "many plans of one case from a study file: named changes, grids, samples"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, where its points are planned, and where they are kept."""
    parser.add_argument("file", help="a study file (TOML), or the name of a shipped study: " + ", ".join(file.shipped()))
    parser.add_argument("--out", type=Path, help="folder of the study (studies/NAME); what stands there already is not planned again")
    parser.add_argument(
        "--run", type=Path, dest="run_folder", help="write the table into the folder of a run of the same case too, where the page finds it"
    )
    where(parser)


def where(parser: argparse.ArgumentParser) -> None:
    """Where points are planned."""
    parser.add_argument("--workers", type=_count, default=1, help="processes of this machine, each with one solver thread (1)")
    parser.add_argument("--cluster", default="", help="address of a Dask scheduler instead, such as tcp://host:8786")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The table of points, on screen and in the folder."""
    study = file.read(args.file)
    folder = args.out or Path("studies") / study.name
    base = case.read(study.case, study.changes)
    into_run(args.run_folder, base, {})
    told = terminal_studies.progress(err, args.language)
    plans = many.of_case(
        study.case, study.changes, folder, many.Where(args.workers, args.cluster), gap=study.gap, seconds=study.seconds, done=told
    )  # fmt: skip
    asked = [p.changes for p in study.points]
    with plans:
        records = plans.plan(asked)
    found = table.of(study.points, records, [f"points/{plans.store.name(p)}" for p in asked])
    table.write(found, folder / "points.csv")
    into_run(args.run_folder, base, {"points": found})
    if args.json:
        print_json({"study": study.name, "folder": str(folder), "points": rows_of(found)})
        return 0
    out.print(terminal_studies.points(found, getattr(study, args.language), args.language))
    out.print(say("study.written", args.language, folder=folder), highlight=False)
    return 0


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes")
    return value
