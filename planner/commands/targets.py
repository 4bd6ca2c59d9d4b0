"""``planner targets``: named sets of targets, and how official each is."""

import argparse

from rich.console import Console

from planner import presets
from planner.commands.shared import print_json
from planner.errors import CaseError, Finding
from planner.language import say
from planner.tables import nearest
from planner.terminal import titled

HELP = "list the named sets of targets and how official each is; --set targets=NAME plans with one"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """One set alone."""
    parser.add_argument("name", nargs="?", help="show the rows of this set")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Name, status, what is official of it and what is not; the rows of one."""
    known = presets.presets()
    if args.name and args.name not in known:
        raise CaseError([Finding(args.name, "there are no such targets", nearest(args.name, known))])
    shown = [known[args.name]] if args.name else list(known.values())
    record = [
        {"targets": p.name, "status": p.status, "en": p.en, "zh": p.zh, "note_en": p.note["en"], "note_zh": p.note["zh"], "source": p.source, "settings": dict(p.settings), **p.tables([])}
        for p in shown
    ]  # fmt: skip
    if args.json:
        print_json({"targets": record})
        return 0
    for p in shown:
        title = p.zh if args.language == "zh" else p.en
        out.print(f"[bold]{p.name}[/bold] ({say(f'status.{p.status}', args.language)}): {title}\n  {p.note[args.language]}", highlight=False)
    for table, rows in presets.presets()[args.name].tables([]).items() if args.name else ():
        columns = [c for c in rows[0] if c not in ("where", "note") and any(r[c] is not None for r in rows)] if rows else []
        made = titled(say(f"targets.table.{table}", args.language), *columns)
        for row in rows:
            made.add_row(*("" if row[c] is None else str(row[c]) for c in columns))
        out.print(made)
    return 0
