"""Terminal of risk 终端风险: what would change the plan, as text for people."""

from collections.abc import Mapping

import pandas as pd
from rich.console import Console
from rich.table import Table

from planner.case import Case
from planner.language import say
from planner.risk.plans import Plans
from planner.terminal import titled
from planner.views import tornado as swings

SHOWN = 30  # rows on a screen; all stand in the table


def tornado(frame: pd.DataFrame, read: Case, language: str) -> Table:
    """The widest swings."""
    return _table(swings.told(frame.head(2 * SHOWN), named(read, language), language), say("tornado.title", language))


def about(out: Console, plans: Plans, language: str) -> None:
    """What the figures rest on, and where they stand."""
    e = plans.effort
    out.print(
        say("risk.about", language, days=plans.time["days"], segments=plans.time["segments"], gap=f"{e.gap:.2%}", missed=f"{e.missed:,.0f}"),
        style="dim",
    )
    out.print(say("risk.written", language, folder=e.folder), highlight=False)


def named(read: Case, language: str) -> Mapping[str, str]:
    """Labels of the assets of a case."""
    return {r["asset"]: read.label(r["asset"], language) for r in read.tables["assets"]}


def _table(frame: pd.DataFrame, title: str) -> Table:
    made = titled(title, *map(str, frame.columns))
    for row in frame.itertuples(index=False):
        made.add_row(*map(str, row))
    return made
