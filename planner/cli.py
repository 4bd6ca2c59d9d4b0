"""Command line 命令行: ``planner cases | check | solve | options | reconcile | explore``.

Exit codes: 0 a plan, 2 the case is wrong, 3 no plan exists, 4 the solver or the audit failed. With ``--json`` standard
output holds exactly one JSON object; everything for people goes to standard error.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from planner import __version__, case, options, reconcile, run, terminal
from planner.errors import CaseError, Finding, NoPlanExists, PlannerError
from planner.language import LANGUAGES, say

WRONG_CASE, NO_PLAN, FAILED = 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = _parser().parse_args(arguments)
    wide = {} if sys.stdout.isatty() else {"width": 140}
    out, err = Console(**wide), Console(stderr=True, **wide)  # type: ignore[arg-type]
    try:
        return int(args.command(args, out, err))
    except CaseError as error:
        _fail(args, {"status": "wrong case", "findings": [vars(f) for f in error.findings]})
        terminal.findings(err, error, args.language)
        return WRONG_CASE
    except NoPlanExists as error:
        _fail(args, {"status": "infeasible", "reason": str(error), "unreachable": [vars(u) for u in error.unreachable]})
        terminal.no_plan(err, error, args.language)
        return NO_PLAN
    except PlannerError as error:
        _fail(args, {"status": "failed", "reason": str(error)})
        err.print(str(error), style="bold red", markup=False)
        return FAILED
    except KeyboardInterrupt:
        err.print(say("terminal.stopped", args.language))
        return FAILED


def _cases(args: argparse.Namespace, out: Console, err: Console) -> int:
    found = [{"case": name, **{k: case.read(name).settings.get(k, "") for k in ("en", "zh", "sector")}} for name in case.cases()]
    if args.json:
        _print({"cases": found})
    else:
        for one in found:
            out.print(f"{one['case']:10} {one[args.language]}", highlight=False)
    return 0


def _check(args: argparse.Namespace, out: Console, err: Console) -> int:
    ready = run.prepare(args.case, _changes(args))
    counts = {
        "assets": len(ready.plant.assets),
        "options": len(ready.plant.candidates),
        "carriers": len(ready.plant.carriers),
        "markets": len(ready.plant.markets),
    }
    if args.json:
        _print({"case": ready.case.name, "status": "ok", **counts, "notes": list(ready.year.notes), "fingerprint": ready.case.fingerprint})
    else:
        out.print(say("terminal.checked", args.language, case=ready.case.name, **counts), highlight=False)
        for note in ready.year.notes:
            out.print(f"  · {note}", style="dim", highlight=False)
    return 0


def _solve(args: argparse.Namespace, out: Console, err: Console) -> int:
    changes = _changes(args)
    if args.out and args.out.exists() and not (args.out / "summary.json").is_file():  # before the work, not after it
        raise CaseError([Finding(f"--out {args.out}", "it exists and is not a run", "a new folder, or that of an earlier run")])
    if args.days is not None:
        changes.append(("time.days", str(args.days)))
    ready = run.prepare(args.case, changes)
    done = run.solve(ready, gap=args.gap, seconds=args.seconds, listen=terminal.progress(err, args.language))
    folder = run.write(done, args.out) if args.out else None
    record = run.record(done)
    if args.json:
        _print(record)
        return 0
    terminal.plan(out, done.results, record, args.language)
    if args.timing:
        out.print({**record["seconds"], **record["solver"]})
    if folder:
        out.print(say("terminal.written", args.language, folder=folder), highlight=False)
    return 0


def _options(args: argparse.Namespace, out: Console, err: Console) -> int:
    ready = run.prepare(args.case, _changes(args))
    table = options.evaluate(ready.case, ready.plant, ready.year, terminal.progress(err, args.language))
    if args.json:
        _print({"case": ready.case.name, "options": table.astype(object).where(table.notna(), None).to_dict("records")})
    else:
        out.print(terminal.options(table, args.language))
    return 0


def _reconcile(args: argparse.Namespace, out: Console, err: Console) -> int:
    ready = run.prepare(args.case, _changes(args))
    table = reconcile.reconcile(ready.case, ready.plant, ready.year, terminal.progress(err, args.language))
    if args.json:
        _print({"case": ready.case.name, "rows": table.astype(object).where(table.notna(), None).to_dict("records")})
    else:
        out.print(terminal.reconciled(table, args.language))
    return 0


def _explore(args: argparse.Namespace, out: Console, err: Console) -> int:
    here = Path(__file__).parent
    app = next(p for p in (here / "app.py", here.parent / "app.py") if p.is_file())
    os.chdir(app.parent)  # Streamlit reads .streamlit/config.toml from there
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(args.port), "--server.address", args.host]
    os.execv(sys.executable, command)


def _changes(args: argparse.Namespace) -> list[tuple[str, str]]:
    bad = [c for c in args.set if "=" not in c]
    if bad:
        raise CaseError([Finding(f"--set {c}", "it has no value", "key=value") for c in bad])
    return [(key.strip(), text.strip()) for key, _, text in (c.partition("=") for c in args.set)]


def _fail(args: argparse.Namespace, record: dict[str, Any]) -> None:
    if getattr(args, "json", False):
        _print({"case": getattr(args, "case", ""), **record})


def _print(record: dict[str, Any]) -> None:
    def plain(value: Any) -> Any:
        return value.item() if isinstance(value, np.generic) else str(value)

    sys.stdout.write(json.dumps(record, ensure_ascii=False, default=plain) + "\n")


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return share


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="planner", description="Plans a factory's way to zero carbon. 零碳工厂规划器")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lang", dest="language", choices=list(LANGUAGES), default="en", help="language of tables and messages")
    shared.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    with_case = argparse.ArgumentParser(add_help=False, parents=[shared])
    with_case.add_argument("case", help="name of a shipped case, or the path of a case folder")
    with_case.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a number of the case, e.g. caps.total.2030=0.6")

    def command(name: str, run_it: Any, parent: argparse.ArgumentParser, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[parent], help=text, description=text)
        made.set_defaults(command=run_it)
        return made

    command("cases", _cases, shared, "list the shipped cases")
    command("check", _check, with_case, "read and check a case; all findings at once")
    solve = command("solve", _solve, with_case, "find the least-cost plan under the caps")
    solve.add_argument("--out", type=Path, help="write the run to this folder")
    solve.add_argument("--gap", type=_share, default=0.01, help="proven gap to stop at, as a share of what the plan decides (0.01)")
    solve.add_argument("--days", type=int, help="representative days per season beside its peak day")
    solve.add_argument("--seconds", type=float, default=600.0, help="longest time for one solve (600)")
    solve.add_argument("--timing", action="store_true", help="show where the time went")
    command("options", _options, with_case, "each option alone against doing nothing")
    command("reconcile", _reconcile, with_case, "a plant's own verified report beside the model")
    explore = command("explore", _explore, shared, "open the explorer in a browser")
    explore.add_argument("--port", type=int, default=8501)
    explore.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets others in")
    return parser


if __name__ == "__main__":
    sys.exit(main())
