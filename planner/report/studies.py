"""Studies 专题: what was studied of a run beside its plan - every view that no other chapter tells, as a table; what was not made says how.

A new view stands here by itself as soon as it is one of VIEWS.
"""

from planner.language import say
from planner.report.chapters import section
from planner.report.material import Material
from planner.report.parts import Section, Table
from planner.views import VIEWS
from planner.views.missing import absent

TOLD = ("emissions", "roadmap", "costs", "power", "operation", "cash_flow", "prices", "front", "abatement", "alternatives")  # by other chapters


def of(m: Material, language: str) -> Section:
    """The tables that the run holds, and how to make the others."""
    tables, waiting = [], []
    for view in VIEWS:
        if str(view.__name__).rpartition(".")[2] not in TOLD:  # type: ignore[attr-defined]
            frame, title = view.table(m.results, language), say(view.TITLE, language)
            if text := absent(frame, language):
                waiting.append(say("report.studies.waiting", language, title=title, how=text))
            elif len(frame):
                tables.append(Table(title, frame))
    return section("studies", language, [say("report.studies.about", language), *waiting], [], tables)
