"""Terminal of risk 终端风险: what would change the plan, as text for people."""

from collections.abc import Mapping

import pandas as pd
from rich.console import Console
from rich.table import Table

from planner.case import Case
from planner.language import say
from planner.risk.plans import Plans
from planner.terminal import titled
from planner.views import breakeven as values
from planner.views import regret as regrets
from planner.views import robust as decisions
from planner.views import screening as indices
from planner.views import spread as quantiles
from planner.views import tornado as swings

SHOWN = 30  # rows on a screen; all stand in the table
LABEL = 36  # letters of a line of the first column


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
    made.columns[0].no_wrap, made.columns[0].max_width = False, LABEL
    for row in frame.itertuples(index=False):
        made.add_row(*map(str, row))
    return made


def screening(frame: pd.DataFrame, language: str) -> Table:
    """The assumptions that matter most."""
    made = _table(indices.told(frame.head(SHOWN), language), say("screening.title", language))
    first = frame.iloc[0]
    made.caption = say("screening.about", language, points=first["points"], seed=first["seed"], plan=say(f"risk.{first['plan']}", language))
    return made


def breakeven(frame: pd.DataFrame, language: str) -> Table:
    """Where technologies enter or leave."""
    return _table(values.told(frame, language), say("breakeven.title", language))


def spread(frame: pd.DataFrame, language: str) -> Table:
    """Quantiles by way."""
    return _table(quantiles.told(frame, language), say("spread.title", language))


def robust(frame: pd.DataFrame, language: str) -> Table:
    """Decisions, the surest first."""
    return _table(decisions.told(frame, language), say("robust.title", language))


def regret(frame: pd.DataFrame, judged: pd.DataFrame, title: str, language: str) -> Table:
    """Plans by futures."""
    return _table(regrets.told(frame, judged, language), title)
