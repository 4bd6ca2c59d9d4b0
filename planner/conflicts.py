"""Conflicts 矛盾: which rule of a case leaves no plan, when there is none even without caps."""

from collections.abc import Callable, Iterator

from models.compiled import Compiled
from planner import variants

SENTENCES = {  # component -> what it asks for; {name}: the unit, budget or rule whose rows these are
    "succession.gap_is_filled": "{name} reaches its end or must go, and what replaces it cannot have run long enough by then (replaced_by, overlap_years)",
    "capacity.renewal_due": "{name} reaches its end of life and may not go, but its renewal is not possible (may_retire, replaced_by)",
    "budget.budget_limit": "the budget {name} does not even pay for what cannot be avoided",
    "budget.pace_limit": "{name} cannot be built as fast as it is needed (paces)",
    "choice.choice_limit": "the rule {name} shuts out options that are all needed",
    "choice.prerequisite": "{name} needs what cannot be there in time (requires)",
    "choice.shared_limit": "the shared size {name} is too small",
}


def named(problem: Compiled, possible: Callable[[Compiled], bool]) -> str | None:
    """The first rule without which there is a plan, in words; or all of them together; None when the rules are not to blame."""
    groups = list(_groups(problem))
    for component, name, rows in groups:
        if possible(variants.without_rows(problem, rows)):
            return SENTENCES[component].format(name=name)
    if groups and possible(variants.without_rows(problem, [i for _, _, rows in groups for i in rows])):
        return "several rules together leave no plan: " + ", ".join(dict.fromkeys(f"{name} ({component})" for component, name, _ in groups))
    return None


def _groups(problem: Compiled) -> Iterator[tuple[str, str, list[int]]]:
    """Rows of each rule by the unit, budget or rule they are about."""
    for component in SENTENCES:
        by_name: dict[str, list[int]] = {}
        for i in problem.row(component):
            by_name.setdefault(variants.name_of(problem.rows[i]), []).append(i)
        yield from ((component, name, rows) for name, rows in by_name.items())
