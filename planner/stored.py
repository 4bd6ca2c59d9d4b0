"""Stored 存档: a run read back from its folder, without model or solver."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.results import Results
from planner.tables import nearest


@dataclass(frozen=True)
class Stored:
    """A run read back from its folder: the same summary and tables, without model or solver."""

    folder: Path
    results: Results

    @property
    def summary(self) -> Mapping[str, Any]:
        """The run's single numbers, those of its results."""
        return self.results.summary


def find(name: str | Path) -> Path:
    """The folder of a run: a path, or the name of a shipped case whose plan is shipped. Raises CaseError."""
    shipped = {p.parent.name: p.parent for p in sorted((DATA / "runs").glob("*/summary.json"))}
    folder = Path(name) if (Path(name) / "summary.json").is_file() else shipped.get(str(name), Path(name))
    if not (folder / "summary.json").is_file():
        raise CaseError([Finding(str(name), "there is no such run", "a folder written by solve --out, or " + nearest(str(name), shipped))])
    return folder


def stated(folder: Path) -> list[tuple[str, str]]:
    """The changes (key, value) a stored run was made with."""
    with (folder / "case" / "changes.csv").open(encoding="utf-8", newline="") as file:
        return [(row["key"], row["value"]) for row in csv.DictReader(file)]


def load(folder: Path) -> Stored:
    """Read a run's summary and tables back."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return Stored(folder, Results(summary, {p.stem: _table(p) for p in sorted(folder.glob("*.csv"))}, folder))


def _table(path: Path) -> pd.DataFrame:
    """A table as it was written: numbers stay numbers where some are missing, and a missing text is an empty one."""
    table = pd.read_csv(path, keep_default_na=False)
    for column in table.columns:
        if pd.api.types.is_string_dtype(table[column]):
            given = table[column] != ""
            numbers = pd.to_numeric(table[column].where(given), errors="coerce")
            if given.any() and numbers[given].notna().all():
                table[column] = numbers
    return table
