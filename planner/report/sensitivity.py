"""Sensitivity 敏感性一章: what would change the plan, from the studies that were written into the run; no chapter where none was."""

from planner.language import say
from planner.report.chapters import section
from planner.report.material import Material
from planner.report.parts import Section, Table
from planner.views import View, breakeven, regret, robust, screening, spread, tornado

OF: tuple[tuple[str, View], ...] = (
    ("tornado", tornado), ("screening", screening), ("breakeven", breakeven), ("spread", spread), ("regret", regret), ("robust", robust),
)  # fmt: skip


def of(m: Material, language: str) -> list[Section]:
    """The tables of the views, each under the question it answers."""
    there = [view for name, view in OF if name in m.results.tables]
    if not there:
        return []
    tables = [Table(say(view.TITLE, language), view.table(m.results, language)) for view in there]
    return [section("sensitivity", language, [say(view.QUESTION, language) for view in there], [], tables)]
