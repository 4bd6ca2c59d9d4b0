"""Group 集团: several factories by year with their sums, and who goes first, with the figures behind the order.

First those whose plan costs less than running on as today, the largest saving first; then by what a tonne costs. Cost per
tonne alone would put a small saving with few tonnes before a large one with many.
"""

from collections.abc import Callable, Sequence

import pandas as pd

from planner.errors import CaseError, Finding
from planner.report.material import Material

QUESTIONS: dict[str, tuple[str, Callable[[Material, int], float]]] = {  # name -> quantity in which it is written, and a year's figure
    "investment": ("money", lambda m, y: float(m.investment.sum(axis=1)[y])),
    "emissions": ("emissions", lambda m, y: m.total(y)),
    "avoided": ("emissions", lambda m, y: m.total(y, "location", "frozen_emissions") - m.total(y)),
    "tce": ("tce", lambda m, y: float(m.coal_equivalent[y])),
    "green": ("energy", lambda m, y: float(m.electricity["solar"][y] + m.electricity["wind"][y])),
}
SUM = "sum"


def by_year(plans: Sequence[Material]) -> pd.DataFrame:
    """question, factory (or `sum`), then one column a year. Raises CaseError for fewer than two plans, or plans of other years."""
    if len(plans) < 2:
        raise CaseError([Finding("group", "there is no group of one", "two or more cases or runs")])
    years = plans[0].years
    if odd := [m.case.name for m in plans if m.years != years]:
        raise CaseError([Finding("group", f"{odd[0]!r} is planned for other years", f"plans for {years[0]} to {years[-1]}")])
    rows: list[list[object]] = []
    for question, (_, of) in QUESTIONS.items():
        found = [[of(m, y) for y in years] for m in plans]
        rows += [[question, _title(plans, n), *values] for n, values in enumerate(found)]
        rows.append([question, SUM, *(sum(column) for column in zip(*found, strict=True))])
    return pd.DataFrame(rows, columns=["question", "factory", *years])


def order(plans: Sequence[Material]) -> pd.DataFrame:
    """Who goes first: rank, factory, investment, tonnes avoided over all years, extra cost (below 0: a saving), CNY a tonne."""
    rows = []
    for n, m in enumerate(plans):
        s = m.results.summary
        tonnes = sum(QUESTIONS["avoided"][1](m, y) for y in m.years)
        extra = float(s["objective_cny"] - s["frozen_cny"])
        rows.append((_title(plans, n), float(s["investment_cny"]), tonnes, extra, extra / tonnes if tonnes > 0 else None))

    def place(row: tuple[str, float, float, float, float | None]) -> tuple[int, float]:
        _, _, _, extra, per_tonne = row
        return (0, extra) if extra <= 0 else (2, extra) if per_tonne is None else (1, per_tonne)

    ranked = sorted(rows, key=place)
    return pd.DataFrame(
        [(n, *row) for n, row in enumerate(ranked, start=1)], columns=["rank", "factory", "investment", "avoided", "extra", "per_tonne"]
    )


def _title(plans: Sequence[Material], n: int) -> str:
    """The name of a plan's case; with its number where several are called so."""
    name = plans[n].case.name
    return name if sum(m.case.name == name for m in plans) == 1 else f"{name} ({n + 1})"
