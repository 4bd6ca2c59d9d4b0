"""What can go wrong, as one tree; every error says where, what, and what is allowed.

PlannerError
├── CaseError       the case is wrong: carries all findings at once (exit code 2)
├── NoPlanExists    the case is right but asks too much: what, which year, what can be reached (exit code 3)
├── SolverFailed    the solver ended without an answer: what was reached (exit code 4)
├── Stopped         somebody asked to stop before there was a plan (exit code 4)
└── PlanRefused     the audit found a plan that does not add up (exit code 4)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planner.why.reasons import Reasons, written_as


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a case: where it is (file and row), what is wrong, what is allowed."""

    where: str
    what: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; allowed: {self.allowed}."


class PlannerError(Exception):
    """Anything the planner says no to."""


class CaseError(PlannerError):
    """The case is wrong; ``findings`` holds everything that was found, in the order of the files."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(dict.fromkeys(findings))
        super().__init__("\n".join(str(f) for f in self.findings))

    def __reduce__(self) -> tuple[type["CaseError"], tuple[object, ...]]:
        """Findings, not the sentence, cross to another process."""
        return CaseError, (self.findings,)


@dataclass(frozen=True)
class Unreachable:
    """A cap of a year: its limit, and the lowest amount reachable in that year.

    lowest_alone: with all other caps dropped; lowest_together: with them kept, those that cannot be kept at the nearest
    plan's (None: not known in time); each as (proven bound, attained value) in t.
    """

    cap: str
    year: int
    limit: float
    lowest_alone: tuple[float, float]
    lowest_together: tuple[float, float] | None


class NoPlanExists(PlannerError):
    """No plan meets every requirement; ``sentence`` says it in words.

    unreachable: the caps that cannot be met, even alone; reachable: the lowest of every capped year; reasons: the
    requirements that contradict each other, and the nearest plan; asked: the case and plant it was asked of, by whose
    names they can be told.
    """

    asked: tuple[Any, Any] | None = None

    def __init__(
        self, sentence: str, unreachable: Sequence[Unreachable] = (), reasons: Reasons | None = None, reachable: Sequence[Unreachable] = ()
    ) -> None:
        self.unreachable, self.reasons, self.reachable = tuple(unreachable), reasons, tuple(reachable)
        super().__init__(sentence)

    def unit(self, cap: str) -> str:
        """What amounts of a cap are told in."""
        target = self.asked[1].targets.get(cap) if self.asked else None
        return written_as("cap", target.amount if target else "t")


class SolverFailed(PlannerError):
    """The solver gave no usable answer."""


class Stopped(PlannerError):
    """Somebody asked to stop before any plan was found; the sentence says how far the work was."""


class PlanRefused(PlannerError):
    """The audit recomputed the plan and it does not add up; ``faults`` says where and by how much."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("the plan does not add up and is refused:\n" + "\n".join(faults))

    def __reduce__(self) -> tuple[type["PlanRefused"], tuple[object, ...]]:
        """Faults, not the sentence, cross to another process."""
        return PlanRefused, (self.faults,)
