"""Run 运行: the whole way from a case to an audited plan, and the folder that keeps it with the case it came from."""

import csv
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from models.solution import Solution
from planner import __version__, audit, case, check, given, holds, plan, plant, results, translate, whole_year, year
from planner.account import tables as accounts
from planner.case import Case
from planner.errors import CaseError, Finding, NoPlanExists, PlanRefused
from planner.plan import Planned, Progress
from planner.plant import MILLION, Plant
from planner.results import Results
from planner.stored import Stored, load
from planner.year import Year

__all__ = ["Ready", "Run", "Stored", "keep", "load", "prepare", "record", "reopen", "solve", "verified", "write"]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Ready:
    """A case that was read, checked and translated, ready to be solved."""

    case: Case
    plant: Plant
    year: Year
    seconds: float


@dataclass(frozen=True)
class Run:
    """A plan that passed its audit. seconds: read, build, solve, audit, total."""

    ready: Ready
    planned: Planned
    results: Results
    audit: audit.Audit
    seconds: Mapping[str, float]


def prepare(name: str | Path, changes: Sequence[tuple[str, str]] = ()) -> Ready:
    """Read, check and resolve a case. Raises CaseError with the findings of all stages, as far as they can still run."""
    began = time.perf_counter()
    findings: list[Finding] = []
    read = case.read(name, changes, findings)
    resolved = _stage(findings, plant.resolve, read, findings)
    if resolved:
        _stage(findings, check.check, read, resolved, tuple(findings))
        _stage(findings, accounts.of_activity, read, resolved)
        made = _stage(findings, year.of, read, resolved)
        if made:
            _stage(findings, check.check_year, read, resolved, made)
        if made and not findings:
            return Ready(read, resolved, made, time.perf_counter() - began)
    raise CaseError(findings)


def _stage(findings: list[Finding], stage: Callable[..., Made], *given: Any) -> Made | None:
    """Run one stage and collect its findings; what it trips over after earlier findings is theirs to explain."""
    try:
        return stage(*given)
    except CaseError as error:
        findings.extend(error.findings)
    except Exception:
        if not findings:
            raise
    return None


def solve(ready: Ready, *, gap: float = 0.01, seconds: float = 600.0, listen: Callable[[Progress], bool] = lambda _: True) -> Run:
    """Plan, audit and evaluate. Raises CaseError, NoPlanExists, SolverFailed, Stopped or PlanRefused."""

    def make() -> Planned:
        x = translate.inputs(ready.plant, ready.year)
        return plan.in_own_process(plan.make, x, patience=4 * seconds + 60, listen=listen, gap=gap, seconds=seconds)

    return evaluated(ready, make)


def evaluated(ready: Ready, make: Callable[[], Planned], hours: bool = False, listen: Callable[[Progress], bool] = lambda _: True) -> Run:
    """The plan that ``make`` makes of ``ready``, audited and evaluated, with ``hours`` on the whole year. Raises SolverFailed or PlanRefused."""
    began = time.perf_counter()
    try:
        planned = make()
    except NoPlanExists as error:
        error.asked = (ready.case, ready.plant)
        raise
    solved = time.perf_counter()
    audited = audit.audit(ready.plant, ready.year, planned.plan)
    if not audited.passed:
        raise PlanRefused(audited.faults)
    evaluated = results.of(ready.case, ready.plant, ready.year, planned)
    done = time.perf_counter()
    if hours:
        evaluated = verified(ready, planned.plan, evaluated, listen)
    checked = time.perf_counter()
    build = planned.seconds.get("build", 0.0) + planned.seconds.get("compile", 0.0)
    spent = {"read": ready.seconds, "build": build, "solve": solved - began - build, "audit": done - solved, "total": ready.seconds + checked - began}
    spent |= {"whole_year": checked - done} if hours else {}
    return Run(ready, planned, evaluated, audited, spent)


def verified(ready: Ready, planned: Solution, evaluated: Results, listen: Callable[[Progress], bool] = lambda _: True) -> Results:
    """The results of a plan with what the whole year says of it. Raises SolverFailed or PlanRefused."""
    found = holds.verdict(ready.plant, ready.year, planned, whole_year.run(ready.plant, ready.year, planned, listen=listen))
    return Results({**evaluated.summary, **found.summary}, {**evaluated.tables, **found.tables})


def record(run: Run) -> dict[str, Any]:
    """A run as one JSON object, the one `--json` prints."""
    tables = run.results.tables
    return {
        **run.results.summary,
        "seconds": {k: round(v, 3) for k, v in run.seconds.items()},
        "solver": {k: round(v, 3) for k, v in run.planned.seconds.items()} | dict(run.planned.statistics),
        "roadmap": tables["roadmap"].to_dict("records"),
        "emissions": tables["emissions"].to_dict("records"),
        "caps": tables["caps"].to_dict("records"),
        "targets": results.rows_of(tables["targets"]),
        "limits": tables["limits"].to_dict("records"),
        "costs": tables["costs"].to_dict("records"),
        **{
            name: results.rows_of(tables[name])
            for name in (*holds.TABLES, "rounds", "all_hours", "worth", "reduction", "offsets", "offset_years", "book_losses")
            if name in tables
        },
        "audit": {"passed": run.audit.passed, "largest_residual": run.audit.largest_residual},
        "version": __version__,
    }


def reopen(folder: Path) -> tuple[Ready, Solution]:
    """The case of a run's folder, ready, and its plan, to be run again. Raises CaseError, also where there is no run."""
    if not (folder / "summary.json").is_file():
        raise CaseError([Finding(str(folder), "there is no run in it", "a folder written by `planner solve CASE --out FOLDER`")])
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    with (folder / "case" / "changes.csv").open(encoding="utf-8", newline="") as file:
        changes = [(key, value) for key, value in list(csv.reader(file))[1:]]

    def tables(kind: str) -> dict[str, pd.DataFrame]:
        return {p.stem: pd.read_csv(p, keep_default_na=False) for p in sorted((folder / kind).glob("*.csv"))}

    cost, bound = summary["objective_cny"] / MILLION, summary["bound_cny"] / MILLION
    return prepare(folder / "case", changes), Solution(summary["status"], cost, bound, tables("solution"), tables("prices"))


def keep(folder: Path, found: Results) -> None:
    """Put the verdict of the whole year into a run's folder, whole or not at all."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    added = {k: v for k, v in found.summary.items() if k not in summary or k.startswith("whole_year") or k == "holds"}
    added |= {name: results.rows_of(found.tables[name]) for name in holds.TABLES}
    with _replacing(folder) as made:
        shutil.copytree(folder, made, dirs_exist_ok=True)
        (made / "summary.json").write_text(_json(summary | added), encoding="utf-8")
        for name in holds.TABLES:
            _table(found.tables[name], made / f"{name}.csv")


def write(run: Run, folder: Path) -> Path:
    """Write the run to ``folder``, whole or not at all; an earlier run there is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _replacing(folder) as made:
        _write(run, made)
    return folder


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of the run in ``folder`` once it is written."""
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield made
        if folder.exists():
            if not (folder / "summary.json").is_file():
                raise FileExistsError(f"{folder} exists and is not a run; choose another --out")
            shutil.rmtree(folder)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write(run: Run, folder: Path) -> None:
    (folder / "summary.json").write_text(_json(record(run)), encoding="utf-8")
    for name, table in run.results.tables.items():
        _table(table, folder / f"{name}.csv")
    _table(run.audit.checks, folder / "audit.csv")
    for kind, kept in (("solution", run.planned.plan.tables), ("prices", run.planned.plan.prices)):
        for name, values in kept.items():
            (folder / kind).mkdir(exist_ok=True)
            _table(values, folder / kind / f"{name}.csv", "%.12g")
    for name, text in run.ready.case.files.items():
        target = folder / "case" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (folder / given.NAME).write_bytes(given.packed())
    with (folder / "case" / "changes.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("key", "value"), *run.ready.case.changes])


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1, default=float) + "\n"


def _table(table: pd.DataFrame, path: Path, form: str = "%.9g") -> None:
    """Write a table, its numbers in a ``form``; pandas takes twice as long for the same, and a page waits for it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(zip(*(_said(column, form) for _, column in table.items()), strict=True))


def _said(column: "pd.Series[Any]", form: str) -> list[Any]:
    """The values of a column as they are written; nothing for what is missing, the one value that is not itself."""
    form = form if pd.api.types.is_float_dtype(column) else ""
    return ["" if v != v else form % v if form else v for v in column.tolist()]
