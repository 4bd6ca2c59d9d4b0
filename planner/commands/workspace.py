"""``planner workspace FOLDER ...``: cases, scenarios as a tree of named changes, and runs, with an index."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.tree import Tree

from planner import run as runs
from planner import terminal
from planner.commands.shared import changes, print_json, share
from planner.errors import CaseError, Finding
from planner.language import fmt, say
from planner.workspace import keep
from planner.workspace.keep import Workspace

HELP = "a folder of cases, scenarios and runs with an index"
TAKES_CASE = False
DO = ("list", "new", "add", "scenario", "run")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and what is done there."""
    parser.add_argument("folder", type=Path, help="the workspace")
    parser.add_argument(
        "do", nargs="?", choices=DO, default="list", help="list (default); new; add CASE; scenario NAME --of PARENT --set ...; run NAME"
    )
    parser.add_argument("name", nargs="?", default="", help="the case to add, the scenario to make, or what is to be planned")
    parser.add_argument("--as", dest="called", default="", help="add: the case's name here")
    parser.add_argument("--of", default="", help="scenario: the case or scenario it changes")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="scenario: a change")
    parser.add_argument("--gap", type=share, default=0.01, help="run: proven gap to stop at (0.01)")
    parser.add_argument("--seconds", type=float, default=600.0, help="run: longest time for one solve (600)")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Do it, then show what stands there."""
    if args.do in ("add", "scenario", "run") and not args.name:
        raise CaseError([Finding(f"workspace {args.do}", "no name was given", "the case to add, the scenario to make, or what is to be planned")])
    for given, meant in ((args.set or args.of, "scenario"), (args.called, "add")):
        if given and args.do != meant:
            raise CaseError([Finding(f"workspace {args.do}", f"it takes no option of {meant}", f"`planner workspace FOLDER {meant} NAME ...`")])
    place = keep.create(args.folder) if args.do == "new" else keep.find(args.folder)
    made: Path | None = None
    if args.do == "add":
        made = place.add(args.name, args.called)
    elif args.do == "scenario":
        made = place.branch(args.name, args.of, changes(args))
    elif args.do == "run":
        root, changed = place.resolved(args.name)
        listen = terminal.progress(err, args.language)
        made = place.keep(runs.solve(runs.prepare(root, changed), gap=args.gap, seconds=args.seconds, listen=listen), args.name, args.gap)
    rows = place.index()
    if args.json:
        print_json({"workspace": str(place.folder), "made": str(made or ""), "rows": rows})
        return 0
    if made:
        out.print(say("workspace.made", args.language, path=made), highlight=False)
    out.print(_tree(place, rows, args.language))
    return 0


def _tree(place: Workspace, rows: list[dict[str, object]], language: str) -> Tree:
    """Cases, below them scenarios, below each its runs."""
    tree = Tree(str(place.folder))
    nodes: dict[str, Tree] = {}
    left = [r for r in rows if r["kind"] != "run"]
    while left:
        ready = [r for r in left if not r["of"] or r["of"] in nodes]
        for row in ready or left:
            above = nodes.get(str(row["of"]), tree)
            wrong = f" ({say('workspace.wrong', language)})" if row["fingerprint"] == "wrong" else ""
            nodes[str(row["name"])] = above.add(f"{row['name']}{wrong}")
        left = [r for r in left if r["name"] not in nodes]
    for row in rows:
        if row["kind"] == "run":
            cost = fmt(float(str(row["objective_cny"])), "money", language)
            nodes.get(str(row["of"]), tree).add(f"{row['name']}: {cost}, {row['status']}, {row['version']}, {row['made']}", style="dim")
    return tree
