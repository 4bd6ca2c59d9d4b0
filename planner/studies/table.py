"""Table 研究表: the points of a study, one row each."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from planner.studies.file import Asked
from planner.studies.point import Record

FIGURES = ("objective_cny", "bound_cny", "gap_cny", "decided_cny", "frozen_cny", "free_cny", "investment_cny")


def of(points: Sequence[Asked], records: Sequence[Record], folders: Sequence[str]) -> pd.DataFrame:
    """One row a point: what it changes, how it ended, what it costs (CNY), what is emitted (t, location view), and where its run stands.

    stopped: the clock ended a search, so the plan may be another on another machine; its proven gap holds all the same.
    """
    keys = list(dict.fromkeys(key for p in points for key, _ in p.changes))
    years = sorted({y for r in records for y in r.get("emissions_t", {})})
    rows = []
    for point, record, folder in zip(points, records, folders, strict=True):
        emitted = record.get("emissions_t", {})
        rows.append({
            "point": point.name, **{k: dict(point.changes).get(k) for k in keys}, "status": record["status"], "stopped": bool(record.get("stopped", False)),
            **{k: record.get(k) for k in FIGURES}, **{f"emissions_{y}_t": emitted.get(y) for y in years},
            "emissions_all_t": sum(emitted.values()) if emitted else None, "folder": folder if emitted else None, "reason": record.get("reason", ""),
        })  # fmt: skip
    return pd.DataFrame(rows)


def write(table: pd.DataFrame, path: Path) -> None:
    """Keep the table, whole or not at all; equal plans give equal files."""
    made = path.with_suffix(".part")
    table.to_csv(made, index=False, lineterminator="\n", float_format="%.12g")
    made.replace(path)
