"""Plans 方案集: one case planned under many changes twice - every decision made anew, or those of one plan kept and only run.

Both are studies, so they run over processes or a cluster, go on after a crash, and every point opens as a plan. A plan is
fixed by writing its decisions into the case as taken before. What cannot be kept is told by how much: every target without a
price of its own gets one, dear enough that nothing that can be kept is missed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner import case, locked, run
from planner.case import Case
from planner.errors import NoPlanExists
from planner.risk import sales
from planner.studies.many import Done, Many, Where
from planner.studies.point import Base, Changes, Record

Taken = tuple[str, str, int, float, str, str]  # see locked.COLUMNS
COARSE = {"time.days": "1", "time.segments": "4"}  # one representative day a season beside its peak day, of four parts each
MISSED = 5000.0  # CNY per t, tce or MWh by which a target is missed: several times what the dearest measures of the shipped cases cost a tonne


@dataclass(frozen=True)
class Effort:
    """How, where and how exactly points are planned. gap, seconds: of each plan; missed: price of passing a target, CNY per t, tce or MWh."""

    folder: Path
    where: Where = field(default_factory=Where)
    gap: float = 0.01
    seconds: float = 300.0
    missed: float = MISSED
    done: Done = lambda *_: None


class Plans:
    """Plans of a case at coarse time, its targets at a price. Raises CaseError for a case that cannot be read."""

    def __init__(self, name: str | Path, changes: Sequence[tuple[str, str]], effort: Effort) -> None:
        said = dict(changes)
        own = [*changes, *((k, v) for k, v in COARSE.items() if k not in said)]
        plain = case.read(name, own)
        dear = [(f"caps.{r['cap']}.{r['year']}.price", f"{effort.missed:g}") for r in plain.tables["caps"] if r["price"] is None]
        self.case: Case = case.read(name, [*own, *dear])
        self.effort = effort

    @property
    def time(self) -> dict[str, int]:
        """How coarse time is."""
        return {"days": int(self.case["time.days"]), "segments": int(self.case["time.segments"])}

    def anew(self) -> Many:
        """Every decision made anew in every point."""
        return self._many(dict(self.case.files), self.case.changes, self.case.fingerprint)

    def fixed(self, kept: Path, until: int | None = None) -> Many:
        """The decisions of the plan in the folder ``kept`` stand: all of them, or those taken by the end of ``until``; the rest is made anew."""
        last = int(self.case["horizon.last_year"]) if until is None else until
        return self.keeping(self.decided(kept, last), last)

    def decided(self, kept: Path, until: int) -> list[Taken]:
        """What the plan in the folder ``kept`` decides by the end of ``until``."""
        ready, plan = run.reopen(kept)
        return locked.taken(ready.plant, plan, until)

    def keeping(self, decisions: Sequence[Taken], last: int) -> Many:
        """The decisions stand; what is decided after the year ``last`` is made anew in every point."""
        text = locked.beside(self.case.files.get("decisions.csv", ""), decisions)
        first = max(last + 1, int(self.case["horizon.decide_from"]))
        changes = (*self.case.changes, ("horizon.decide_from", str(first)))
        mark = hashlib.sha256(f"{self.case.fingerprint} {first}\n{text}".encode()).hexdigest()
        return self._many({**self.case.files, "decisions.csv": text}, changes, mark)

    def base(self) -> Path:
        """The folder of the plan of the case as it is. Raises NoPlanExists."""
        with self.anew() as many:
            record = many.plan([()])[0]
            if "objective_cny" not in record:
                raise NoPlanExists(f"the case itself has no plan: {record.get('reason') or record['status']}")
            return many.store.place(())

    def ask(self, many: Many, points: Sequence[Changes]) -> list[tuple[Record, Path]]:
        """The record of every point and the folder of its run; sales follow purchases, see ``sales.following``."""
        asked = [sales.following(self.case, p) for p in points]
        with many:
            records = many.plan(asked)
        return [(record, many.store.place(p)) for record, p in zip(records, asked, strict=True)]

    def _many(self, files: dict[str, str], changes: Changes, mark: str) -> Many:
        e = self.effort
        return Many(Base(self.case.folder.name, files, changes, e.gap, e.seconds), mark, e.folder, e.where, e.done)
