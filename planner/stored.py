"""Stored 存档: a run read back from its folder, without model or solver."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.results import Results
from planner.tables import nearest

RUNS = DATA / "runs"  # those that are shipped, by the names of their cases


@dataclass(frozen=True)
class Stored:
    """A run read back from its folder: the same summary and tables, without model or solver."""

    folder: Path
    results: Results

    @property
    def summary(self) -> Mapping[str, Any]:
        """The run's single numbers, those of its results."""
        return self.results.summary


class Tables(Mapping[str, pd.DataFrame]):
    """The tables of a run as its folder held them when it was read, each made out when it is first asked for: a page shows a few of dozens."""

    def __init__(self, folder: Path) -> None:
        self._said = {p.stem: p.read_bytes() for p in sorted(folder.glob("*.csv"))}
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = _table(BytesIO(self._said[name]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


def find(name: str | Path) -> Path:
    """The folder of a run: a path, or the name of a shipped case whose plan is shipped. Raises CaseError."""
    shipped = {p.parent.name: p.parent for p in sorted(RUNS.glob("*/summary.json"))}
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
    return Stored(folder, Results(summary, Tables(folder), folder))


def _table(said: BytesIO) -> pd.DataFrame:
    """A table as it was written: numbers stay numbers where some are missing, and a missing text is an empty one."""
    table = pd.read_csv(said, keep_default_na=False)
    for column in table.columns:
        if pd.api.types.is_string_dtype(table[column]):
            given = table[column] != ""
            numbers = pd.to_numeric(table[column].where(given), errors="coerce")
            if given.any() and numbers[given].notna().all():
                table[column] = numbers
    return table
