"""Stored 存档: a run read back from its folder, without model or solver."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.results import Results


@dataclass(frozen=True)
class Stored:
    """A run read back from its folder: the same summary and tables, without model or solver."""

    folder: Path
    results: Results

    @property
    def summary(self) -> Mapping[str, Any]:
        """The run's single numbers, those of its results."""
        return self.results.summary


def load(folder: Path) -> Stored:
    """Read a run's summary and tables back."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    tables = {p.stem: pd.read_csv(p, keep_default_na=False) for p in sorted(folder.glob("*.csv"))}
    return Stored(folder, Results(summary, tables))
