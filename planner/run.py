"""Run 运行: the whole way from a case to an audited plan, and the folder that keeps it with the case it came from."""

import csv
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from planner import __version__, audit, case, check, plan, plant, results, translate, year
from planner.case import Case
from planner.errors import CaseError, Finding, PlanRefused
from planner.plan import Planned, Progress
from planner.plant import Plant
from planner.results import Results
from planner.stored import Stored, load
from planner.year import Year

__all__ = ["Ready", "Run", "Stored", "load", "prepare", "record", "solve", "write"]
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
    """Plan, audit and evaluate. Raises NoPlanExists, SolverFailed or PlanRefused."""
    began = time.perf_counter()
    x = translate.inputs(ready.plant, ready.year)
    planned = plan.in_own_process(plan.make, x, patience=4 * seconds + 60, listen=listen, gap=gap, seconds=seconds)
    solved = time.perf_counter()
    audited = audit.audit(ready.plant, ready.year, planned.plan)
    if not audited.passed:
        raise PlanRefused(audited.faults)
    evaluated = results.of(ready.case, ready.plant, ready.year, planned)
    done = time.perf_counter()
    build = planned.seconds.get("build", 0.0) + planned.seconds.get("compile", 0.0)
    spent = {"read": ready.seconds, "build": build, "solve": solved - began - build, "audit": done - solved, "total": ready.seconds + done - began}
    return Run(ready, planned, evaluated, audited, spent)


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
        "costs": tables["costs"].to_dict("records"),
        "audit": {"passed": run.audit.passed, "largest_residual": run.audit.largest_residual},
        "version": __version__,
    }


def write(run: Run, folder: Path) -> Path:
    """Write the run to ``folder``, whole or not at all; an earlier run there is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(run, made)
        if folder.exists():
            if not (folder / "summary.json").is_file():
                raise FileExistsError(f"{folder} exists and is not a run; choose another --out")
            shutil.rmtree(folder)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _write(run: Run, folder: Path) -> None:
    (folder / "summary.json").write_text(json.dumps(record(run), ensure_ascii=False, indent=1, default=float) + "\n", encoding="utf-8")
    for name, table in run.results.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", float_format="%.9g")
    run.audit.checks.to_csv(folder / "audit.csv", index=False, lineterminator="\n")
    for name, values in run.planned.plan.tables.items():
        (folder / "solution").mkdir(exist_ok=True)
        values.to_csv(folder / "solution" / f"{name}.csv", index=False, lineterminator="\n", float_format="%.12g")
    for name, text in run.ready.case.files.items():
        target = folder / "case" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    with (folder / "case" / "changes.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("key", "value"), *run.ready.case.changes])
