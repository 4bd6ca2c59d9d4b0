"""Command line 命令行: ``planner COMMAND``; the commands themselves stand in ``planner/commands/``.

Exit codes: 0 a plan, 2 the case is wrong, 3 no plan exists, 4 the solver or the audit failed. With ``--json`` standard
output holds exactly one JSON object; everything for people goes to standard error.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from planner import __version__, terminal, terminal_why
from planner.commands import COMMANDS
from planner.commands.shared import print_json
from planner.errors import CaseError, NoPlanExists, PlannerError
from planner.language import LANGUAGES, say
from planner.why.told import told

WRONG_CASE, NO_PLAN, FAILED = 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = _parser().parse_args(arguments)
    wide = {} if sys.stdout.isatty() else {"width": 140}
    out, err = Console(**wide), Console(stderr=True, **wide)  # type: ignore[arg-type]
    try:
        return int(args.run(args, out, err))
    except CaseError as error:
        _fail(args, {"status": "wrong case", "findings": [vars(f) for f in error.findings]})
        terminal.findings(err, error, args.language)
        return WRONG_CASE
    except NoPlanExists as error:
        _fail(args, {"status": "infeasible", **told(error)})
        terminal_why.no_plan(err, error, args.language)
        return NO_PLAN
    except PlannerError as error:
        _fail(args, {"status": "failed", "reason": str(error)})
        err.print(str(error), style="bold red", markup=False)
        return FAILED
    except KeyboardInterrupt:
        err.print(say("terminal.stopped", args.language))
        return FAILED


def _fail(args: argparse.Namespace, record: dict[str, Any]) -> None:
    if args.json:
        print_json({"case": getattr(args, "case", ""), **record})


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="planner", description="Plans a factory's way to zero carbon. 零碳工厂规划器")
    whole.add_argument("--version", action="version", version=__version__)
    commands = whole.add_subparsers(required=True, metavar="command")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lang", dest="language", choices=list(LANGUAGES), default="en", help="language of tables and messages")
    shared.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    with_case = argparse.ArgumentParser(add_help=False, parents=[shared])
    with_case.add_argument("case", help="name of a shipped case, or the path of a case folder")
    with_case.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a number of the case, e.g. caps.total.2030=0.6")
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2].rstrip("_")  # type: ignore[attr-defined]
        parser = commands.add_parser(name, parents=[with_case if command.TAKES_CASE else shared], help=command.HELP, description=command.HELP)
        command.arguments(parser)
        parser.set_defaults(run=command.run)
    return whole


if __name__ == "__main__":
    sys.exit(main())
