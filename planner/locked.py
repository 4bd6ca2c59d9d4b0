"""Locked 锁定: planning again after a year has passed - what an earlier run decided until then stands, and no more can be decided for then."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.solution import Solution
from planner import case, stored
from planner import run as runs
from planner.plant import Plant

COLUMNS = ("asset", "action", "year", "size", "unit", "note")
Changes = Sequence[tuple[str, str]]


def taken(plant: Plant, plan: Solution, until: int) -> list[tuple[str, str, int, float, str, str]]:
    """The decisions of a plan that are taken by the end of year ``until``: COLUMNS.

    A project is decided its lead time before it runs, a retirement in its year, a renewal - or to do without it - in the last year of the old life.
    """
    rows = []
    note = f"decided by the end of {until}"

    def add(name: str, action: str, year: int, size: float) -> None:
        asset = plant.assets[name]
        rows.append((name, action, year, size * asset.scale, asset.unit, note))

    for (name, v), size in plan.value("capacity.built").items():
        if v - plant.assets[name].lead_years <= until and size > 1e-9 * max(plant.assets[name].max_size, 1e-3):
            add(name, "build", v, size)
    for (name, y), size in plan.value("capacity.retired").items():
        if y <= until and size > 1e-9 * max(plant.assets[name].size, 1e-3):
            add(name, "retire", y, size)
    for (name,), size in plan.value("capacity.renewed").items():
        end = plant.assets[name].end_year
        if end is not None and end <= until:
            add(name, "renew", end + 1, size)
    return rows


@contextmanager
def again(name: str | Path, changes: Changes, run: str | Path, until: int) -> Iterator[runs.Ready]:
    """The case ``name``, ready to be planned from the year after ``until`` on, with what ``run`` decided by then. Raises CaseError."""
    ready, plan = runs.reopen(stored.find(run))
    folder = case.find(str(name)).resolve()
    with tempfile.TemporaryDirectory() as place:
        here = Path(place) / folder.name
        shutil.copytree(folder, here)
        path = here / "decisions.csv"
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        path.write_text(beside(text, taken(ready.plant, plan, until)), encoding="utf-8", newline="")
        yield runs.prepare(here, [*changes, ("horizon.decide_from", str(until + 1))])


def beside(text: str, rows: Sequence[tuple[str, str, int, float, str, str]]) -> str:
    """A table of decisions with those of ``rows`` beside what ``text`` holds already; what is told there of the same is kept."""
    old = list(csv.DictReader(io.StringIO(text)))
    said = {(row["asset"], row["action"], row["year"]) for row in old}
    new = [dict(zip(COLUMNS, row, strict=True)) for row in rows if (row[0], row[1], str(row[2])) not in said]
    columns = list(dict.fromkeys([*(old[0] if old else ()), *COLUMNS]))
    made = io.StringIO()
    writer = csv.DictWriter(made, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*old, *new])
    return made.getvalue()
