"""``planner why RUN``: everything that explains a stored plan - measures, prices of caps, financing, alternatives, abatement - into its folder."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console

from planner import run as runs
from planner import stored, terminal
from planner.commands import abatement, study
from planner.commands.shared import keep_tables, print_json, share
from planner.language import say
from planner.plan import Listen
from planner.results import rows_of
from planner.studies import front, many
from planner.why import alternatives, cap_price, financing, measures

HELP = "everything that explains a stored plan, into its folder: measures, prices, financing, alternatives, abatement"
TAKES_CASE = False
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Asked:
    """A run, and how exact and where its explanations are made."""

    folder: Path
    ready: runs.Ready
    args: argparse.Namespace
    listen: Listen


def arguments(parser: argparse.ArgumentParser) -> None:
    """The run, which explanations, how exact, where."""
    parser.add_argument("folder", type=Path, metavar="RUN", help="a folder written by `planner solve CASE --out FOLDER`; all is written into it")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="only these, given one by one (all)")
    parser.add_argument("--again", action="store_true", help="make again what stands in the folder already")
    parser.add_argument("--within", type=float, default=2.0, help="per cent that an alternative may cost more, of what the plan decides about (2)")
    parser.add_argument("--number", type=int, default=3, help="most alternatives (3)")
    parser.add_argument("--points", type=int, default=12, help="most plans of the abatement curve (12)")
    parser.add_argument("--gap", type=share, default=0.005, help="proven gap of each plan, as a share of what it decides (0.005)")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest time for one search (600)")
    study.where(parser)


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """One part after the other; each is in the folder as soon as it is made, so that what was stopped goes on where it was."""
    folder = stored.find(args.folder)
    asked = Asked(folder, runs.reopen(folder)[0], args, terminal.progress(err, args.language))
    made: dict[str, pd.DataFrame] = {}
    for name, (tables, make) in PARTS.items():
        if args.only and name not in args.only:
            continue
        kept = stored.load(folder).results.tables
        if args.again or any(table not in kept for table in tables):
            found = make(asked)
            keep_tables(folder, found)
        else:
            found = {table: kept[table] for table in tables}
        made |= found
        if not args.json:
            out.print(say("why.part", args.language, part=say(f"why.part.{name}", args.language), folder=folder), highlight=False)
    if args.json:
        print_json({"case": asked.ready.case.name, "folder": str(folder), **{name: rows_of(table) for name, table in made.items()}})
    return 0


def _measures(a: Asked) -> Tables:
    return measures.evaluate(a.ready, runs.reopen(a.folder)[1], stored.load(a.folder).results.tables, a.listen)


def _financing(a: Asked) -> Tables:
    return {"financing": financing.evaluate(a.ready, a.listen)}


def _prices(a: Asked) -> Tables:
    return {"prices": cap_price.evaluate(a.ready, gap=a.args.gap, seconds=a.args.seconds, listen=a.listen)}


def _alternatives(a: Asked) -> Tables:
    made = alternatives.evaluate(a.ready, within=a.args.within / 100, number=a.args.number, gap=a.args.gap, seconds=a.args.seconds, listen=a.listen)
    alternatives.write(made, a.folder / "alternatives")
    return made.tables


def _abatement(a: Asked) -> Tables:
    where = many.Where(a.args.workers, a.args.cluster)
    changes = a.ready.case.changes
    with many.of_case(a.folder / "case", changes, a.folder / abatement.INSIDE, where, gap=a.args.gap, seconds=a.args.seconds) as plans:
        return {"front": front.of(plans, a.ready.case, None, a.args.points, f"{abatement.INSIDE}/")}


PARTS: Mapping[str, tuple[tuple[str, ...], Callable[[Asked], Tables]]] = {
    "measures": (("macc", "wedges"), _measures),
    "financing": (("financing",), _financing),
    "prices": (("prices",), _prices),
    "alternatives": (("alternatives", "ranges"), _alternatives),
    "abatement": (("front",), _abatement),
}
