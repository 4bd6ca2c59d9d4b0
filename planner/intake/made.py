"""Made 成案: a case and what was measured become a new case in a folder of its own, whole or not at all."""

import csv
import hashlib
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planner import based, run, shapes
from planner.case import OWN, SHARED, Case
from planner.dictionary import dictionary
from planner.exchange import importing, settings, sheets

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """A shape by hours (8760,) and where it comes from: the id and title of its source, how far to trust it, what was said."""

    name: str
    values: Array
    confidence: str
    title: str
    year: int | None
    said: Sequence[str] = ()
    file: Path | None = None
    publisher: str = "measured by the user"

    @property
    def source(self) -> str:
        """The id of its source."""
        return f"own_{self.name}"


def make(case: Case, given: Sequence[Shape], folder: Path, settled: Mapping[str, Any] | None = None, rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> run.Ready:  # fmt: skip
    """A new case in ``folder``: ``case`` as changed, with the shapes; ``settled``: settings, ``rows``: whole tables said anew. Raises CaseError."""
    importing.new_place(folder)
    files = written(case, settled or {}, rows or {})
    names = {s.name for s in given}
    hours = [r for r in case.tables["hours"] if r["profile"] not in names] + [r for s in given for r in _days(s)]
    bands = [r for r in case.tables["profiles"] if r["profile"] not in names]
    own = [r for r in sheets.own_rows(case, "sources") if r["id"] not in {s.source for s in given}] + [_source(s) for s in given]
    for table, said in (("hours", hours), ("profiles", bands), ("sources", own)):
        files[f"{table}.csv"] = text(table, said) if said else ""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / folder.name
        for name, content in files.items():
            if content:
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_text(content, encoding="utf-8", newline="")
        run.prepare(made)
        importing.put(made, folder)
    return run.prepare(folder)


def written(case: Case, settled: Mapping[str, Any], rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    """The files of a case: as they stood where nothing was changed, else as the case says now, and then without its base."""
    files = {name: content for name, content in case.files.items() if name != "changes.csv" and not name.startswith(f"{based.FOLDER}/")}
    whole = case.changes or len(case.homes) > 1
    if whole or settled:
        said = settings.said(case) | dict(settled)
        files["case.toml"] = settings.toml(said, settings.remarks_of(case))
    if whole:
        files |= {f"{t}.csv": text(t, case.tables[t]) for t in OWN if case.tables[t] or f"{t}.csv" in files}
        files |= {f"{t}.csv": text(t, own) for t in SHARED if (own := sheets.own_rows(case, t))}
    return files | {f"{t}.csv": text(t, said) for t, said in rows.items()}


def text(table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of a table as the text of its file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dictionary()[table]), restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return out.getvalue()


def _days(shape: Shape) -> list[dict[str, Any]]:
    days = shape.values.reshape(-1, len(shapes.COLUMNS))
    return [
        {"profile": shape.name, "day": n, "source": shape.source, "confidence": shape.confidence}
        | {c: f"{v:.6g}" for c, v in zip(shapes.COLUMNS, day, strict=True)}
        for n, day in enumerate(days, start=1)
    ]


def _source(shape: Shape) -> dict[str, Any]:
    mark = f"SHA-256 {hashlib.sha256(shape.file.read_bytes()).hexdigest()[:16]}. " if shape.file else ""
    return {"id": shape.source, "title": shape.title, "publisher": shape.publisher, "year": shape.year, "note": mark + ". ".join(shape.said)}
