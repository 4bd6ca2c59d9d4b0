"""What commands share: changes of a case, JSON on standard output, checked arguments."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.console import Console

from planner import run
from planner.case import Case
from planner.errors import CaseError, Finding
from planner.language import say, translated

if TYPE_CHECKING:
    from planner.intake.onto import Onto


def changes(args: argparse.Namespace) -> list[tuple[str, str]]:
    """The ``--set key=value`` of a command. Raises CaseError for one without a value."""
    bad = [c for c in args.set if "=" not in c]
    if bad:
        raise CaseError([Finding(f"--set {c}", "it has no value", "key=value") for c in bad])
    return [(key.strip(), text.strip()) for key, _, text in (c.partition("=") for c in args.set)]


def ready(args: argparse.Namespace) -> run.Ready:
    """The case of a command with its changes, ready to be solved."""
    return run.prepare(args.case, changes(args))


def print_json(record: dict[str, Any]) -> None:
    """One JSON object on standard output."""

    def plain(value: Any) -> Any:
        return value.item() if isinstance(value, np.generic) else str(value)

    sys.stdout.write(json.dumps(record, ensure_ascii=False, default=plain) + "\n")


def told_of_a_case(args: argparse.Namespace, out: Console, made: "Onto") -> int:
    """Say that a new case was made, where it is, and what was found on the way."""
    read = made.ready.case
    if args.json:
        print_json({"case": read.name, "folder": str(made.folder), "said": list(made.said), "fingerprint": read.fingerprint})
        return 0
    out.print(say("intake.made", args.language, case=read.name, folder=made.folder), highlight=False)
    for line in made.said:
        out.print(f"  {translated(line, args.language)}", style="dim", highlight=False, markup=False)
    return 0


def share(text: str) -> float:
    """An argument from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return value


def new_folder(folder: Path | None) -> None:
    """Refuse, before the work and not after it, to write over what is not a run. Raises CaseError."""
    if folder and folder.exists() and not (folder / "summary.json").is_file():
        raise CaseError([Finding(f"--out {folder}", "it exists and is not a run", "a new folder, or that of an earlier run")])


def into_run(folder: Path | None, case: Case, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables into the folder of a run of the same case, where the page finds them. Raises CaseError for another's."""
    if folder is None:
        return
    kept = folder / "summary.json"
    theirs = json.loads(kept.read_text(encoding="utf-8")).get("fingerprint") if kept.is_file() else None
    if theirs != case.fingerprint:
        what = "it is no run" if theirs is None else "it is the run of another case, or of other numbers"
        raise CaseError([Finding(f"--run {folder}", what, f"the folder of `planner solve {case.name} --out FOLDER` with the same changes")])
    keep_tables(folder, tables)


def keep_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables into the folder of a run, each whole or not at all."""
    for name, table in tables.items():
        made = folder / f".{name}.part"
        table.to_csv(made, index=False, lineterminator="\n", float_format="%.12g")
        made.replace(folder / f"{name}.csv")
    if tables and (folder / "summary.json").is_file():
        os.utime(folder / "summary.json")  # pages that have the run open look at its time
