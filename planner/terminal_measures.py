"""Terminal of measures 终端措施: measures one by one, wedges and plans nearly as good, as text for people."""

import pandas as pd
from rich.table import Table

from planner.language import fmt, say
from planner.results import Results, rows_of
from planner.terminal import titled
from planner.views import reduction


def macc(frame: pd.DataFrame, language: str) -> Table:
    """One row a measure, added first beside left out."""
    heads = [f"{say(f'macc.{way}', language)}: {say(f'options.{head}', language)}" for way in ("first", "last") for head in ("saved", "cost_per_t")]
    table = titled(say("macc.title", language), say("macc.measure", language), *heads)
    for row in rows_of(frame.sort_values("last_cny_per_t", na_position="last")):
        cells = []
        for way in ("first", "last"):
            remark = row[f"{way}_remark"]
            cells += [
                fmt(row[f"{way}_t"], "carbon", language),
                say(f"macc.{remark}", language) if remark else fmt(row[f"{way}_cny_per_t"], "unit_cost", language),
            ]
        table.add_row(str(row[language]), *cells)
    table.caption = say("macc.note", language)
    return table


def wedges(frame: pd.DataFrame, language: str) -> Table:
    """From the base year to what is left, and what stands below the line."""
    rows = reduction.table(Results({}, {"wedges": frame}), language)
    table = titled(say("wedges.title", language), *map(str, rows.columns))
    for cells in rows.itertuples(index=False):
        table.add_row(str(cells[0]), *(f"{v:,.2f}" for v in cells[1:]))
    table.caption = say("wedges.note", language)
    return table
