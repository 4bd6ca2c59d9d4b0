"""History 历史: the choices of a study one after the other, to go back and forth between."""

from dataclasses import dataclass, field

from planner.desk.choice import Choice

KEPT = 200


@dataclass
class History:
    """What was chosen, oldest first; ``at`` is where one stands."""

    steps: list[Choice] = field(default_factory=list)
    at: int = -1

    def note(self, choice: Choice) -> None:
        """Stand at ``choice``; what had been undone is forgotten once something else is chosen."""
        if self.at >= 0 and self.steps[self.at] == choice:
            return
        self.steps = [*self.steps[: self.at + 1], choice][-KEPT:]
        self.at = len(self.steps) - 1

    @property
    def before(self) -> tuple[Choice, ...]:
        """The choices before this one, the latest first."""
        return tuple(reversed(self.steps[: self.at])) if self.at > 0 else ()

    @property
    def can_undo(self) -> bool:
        """There is something to go back to."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Something was undone."""
        return self.at < len(self.steps) - 1

    def undo(self) -> Choice:
        """One step back."""
        self.at = max(self.at - 1, 0)
        return self.steps[self.at]

    def redo(self) -> Choice:
        """One step forth."""
        self.at = min(self.at + 1, len(self.steps) - 1)
        return self.steps[self.at]
