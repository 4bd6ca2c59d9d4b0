"""Again 重算: a stored run made again from its folder, and whether the answer is the same - for this version, these data, this machine."""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner import __version__, given, run, stored
from planner.plan import Progress

NEAR = 1e-9  # share of the cost within which two proofs cannot contradict each other


@dataclass(frozen=True)
class Again:
    """A run made again: what it says now, whether the old answer stands, and what differs."""

    done: run.Run
    same_case: bool
    agrees: bool  # neither plan is proven worse than the other
    then: dict[str, Any]  # version, objective_cny, bound_cny
    now: dict[str, Any]
    data: tuple[str, ...] | None  # shared tables that changed; None: the run keeps none
    differs: tuple[str, ...]  # decisions only one of the two has

    @property
    def same(self) -> bool:
        """The same case, and no answer proven worse."""
        return self.same_case and self.agrees


def rerun(
    folder: Path, *, gap: float = 0.01, seconds: float = 600.0, its_data: bool = False, listen: Callable[[Progress], bool] = lambda _: True
) -> Again:
    """Plan the case of a stored run again. ``its_data``: with the program's data of then, not of today. Raises CaseError."""
    kept = stored.find(folder)
    summary = json.loads((kept / "summary.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(shutil.copytree(kept / "case", Path(scratch) / str(summary["case"])))
        (place / "changes.csv").unlink()
        if its_data:
            given.unpack(kept, place)
        ready = run.prepare(place, stored.stated(kept))
        done = run.solve(ready, gap=gap, seconds=seconds, listen=listen)
    then = {"version": summary.get("version", ""), "objective_cny": summary["objective_cny"], "bound_cny": summary["bound_cny"]}
    now = {"version": __version__, "objective_cny": done.results.summary["objective_cny"], "bound_cny": done.results.summary["bound_cny"]}
    room = NEAR * max(abs(then["objective_cny"]), 1.0)
    agrees = now["bound_cny"] <= then["objective_cny"] + room and then["bound_cny"] <= now["objective_cny"] + room
    same = its_data or ready.case.fingerprint == summary.get("fingerprint")
    return Again(done, same, agrees, then, now, given.changed(kept), _differences(kept, done))


def _differences(folder: Path, done: run.Run) -> tuple[str, ...]:
    """Decisions of one plan that the other has not, or in another size (by more than a hundredth)."""
    tables = (stored.load(folder).results.tables["roadmap"], done.results.tables["roadmap"])
    then, now = ({(int(r["year"]), str(r["action"]), str(r["asset"])): float(r["size"]) for r in t.to_dict("records")} for t in tables)
    return tuple(
        f"{year} {action} {asset}: {then.get((year, action, asset), 0.0):,.4g} then, {now.get((year, action, asset), 0.0):,.4g} now"
        for year, action, asset in sorted(then.keys() | now.keys())
        if abs(then.get((year, action, asset), 0.0) - now.get((year, action, asset), 0.0))
        > 0.01 * max(abs(then.get((year, action, asset), 0.0)), 1e-6)
    )
