"""``planner readiness RUN``: the guideline's selection logic and six paths, with the figures of a plan and the evidence held."""

import argparse
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from planner import case as cases
from planner import disclosure, readiness, stored
from planner.commands.shared import print_json
from planner.errors import CaseError, Finding
from planner.language import say
from planner.terminal import titled
from planner.views.names import labelled

HELP = "walk through the guideline's six paths: figure, rule with date and status, evidence; no verdict"
TAKES_CASE = False
FORMATS = (".html", ".md")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, and what evidence is held."""
    parser.add_argument("name", metavar="RUN", help="a folder written by `planner solve --out`, or the name of a shipped case")
    parser.add_argument(
        "--evidence",
        action="append",
        default=[],
        metavar="LINE=yes|no",
        help="evidence held for a line, may be repeated; beside evidence.csv of the case",
    )
    parser.add_argument("--out", type=Path, help="write it as a page (.html, .md) to this file")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """The headline and every line."""
    if args.out and args.out.suffix not in FORMATS:
        raise CaseError([Finding(f"--out {args.out}", f"a page cannot be a {args.out.suffix or 'file without suffix'}", ", ".join(FORMATS))])
    folder = stored.find(args.name)
    case, results = cases.read(folder / "case", stored.stated(folder)), stored.load(folder).results
    if "reduction" not in results.tables or "account" not in results.tables:
        raise CaseError(
            [Finding(str(folder), "the run was stored without its account or what its cut is made of", "a run of this version: solve the case again")]
        )
    results = labelled(results, case)
    said = readiness.headline(case, results, args.language)
    held = readiness.read_evidence(args.evidence)
    lines = readiness.lines(case, results, args.language, held)
    if args.out:
        blocks = readiness.page(case, results, args.language, held)
        text = disclosure.markdown(blocks) if args.out.suffix == ".md" else disclosure.html(blocks, args.language)
        args.out.write_text(text, encoding="utf-8")
    if args.json:
        print_json({"case": case.name, "headline": said, "lines": [asdict(line) for line in lines]})
        return 0
    out.print(f"[bold]{said}[/bold]\n{say('readiness.no_verdict', args.language)}\n", highlight=False)
    heads = tuple(say(f"readiness.column.{h}", args.language) for h in ("line", "what", "figure", "rule", "date", "status", "held"))
    for path in readiness.PATHS:
        table = titled(say(f"readiness.path.{path}", args.language), *heads)
        for one in lines:
            if one.path == path:
                status, evidence = say(f"status.{one.status}", args.language), readiness.evidence(one, args.language)
                table.add_row(one.line, one.what, one.figure, one.rule, one.date, status, evidence)
        out.print(table)
    if args.out:
        out.print(say("book.written", args.language, file=args.out), highlight=False)
    return 0
