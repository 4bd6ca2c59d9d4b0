"""Views 视图: charts and tables as pure functions of Results, for the page, the report and the terminal alike.

A view is a module with TITLE, QUESTION and SOURCE (keys of locale/texts.csv) and the two functions of ``View``. A new
chart is one file here and one name in GROUPS.
"""

from typing import Protocol

import pandas as pd
from plotly.graph_objects import Figure

from planner.results import Results
from planner.views import (
    abatement,
    alternatives,
    backup,
    breakeven,
    cash_flow,
    costs,
    emissions,
    financing,
    flows,
    footprint,
    front,
    macc,
    operation,
    power,
    prices,
    reduction,
    regret,
    roadmap,
    robust,
    screening,
    spread,
    studies,
    tornado,
    whole_year,
    worth,
)


class View(Protocol):
    """What every view module offers. QUESTION is what the chart answers, SOURCE where its numbers come from."""

    TITLE: str
    QUESTION: str
    SOURCE: str

    def table(self, results: Results, language: str) -> pd.DataFrame:
        """The numbers of the chart, units in the heads of the columns."""

    def chart(self, results: Results, language: str, dark: bool = False) -> Figure:
        """The picture."""


GROUPS: dict[str, tuple[View, ...]] = {  # the kind of question (key `understand.NAME`) -> its views
    "emissions": (emissions, reduction, footprint, macc, abatement, front),
    "works": (roadmap, flows, power, operation, backup, whole_year),
    "money": (costs, cash_flow, worth, prices, financing),
    "otherwise": (alternatives, studies),
    "sure": (tornado, screening, breakeven, spread, regret, robust),
}
VIEWS: tuple[View, ...] = tuple(view for views in GROUPS.values() for view in views)
