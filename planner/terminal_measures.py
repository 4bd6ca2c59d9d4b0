"""Terminal of measures 终端措施: measures one by one, wedges and plans nearly as good, as text for people."""

import pandas as pd
from rich.table import Table

from planner.case import Case
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


def alternatives(frame: pd.DataFrame, case: Case, language: str) -> Table:
    """The best plan and those that differ most from it."""
    first = rows_of(frame)[0]
    said = {k: fmt(first[f"{k}_cny"], "money", language) for k in ("decided", "limit")}
    heads = ("plan", "extra_cny", "extra_share", "investment_cny", "emissions_last_t", "differs", "entered", "left", "folder")
    title = say("near.plans", language, within=fmt(first["within"], "share", language), **said)
    table = titled(title, *(say("near.title" if h == "plan" else f"near.{h}", language) for h in heads))
    for row in rows_of(frame):
        table.add_row(
            say("near.plan", language, number=row["plan"]) if row["plan"] else say("near.best", language), fmt(row["extra_cny"], "money_change", language),
            fmt(row["extra_share"], "share", language), fmt(row["investment_cny"], "money", language), fmt(row["emissions_last_t"], "emissions", language),
            fmt(row["differs"], "share", language), *(", ".join(case.label(a, language) for a in row[k].split()) for k in ("entered", "left")), row["folder"],
        )  # fmt: skip
    return table


def ranges(frame: pd.DataFrame, language: str) -> Table:
    """The least and most of each asset whose size is open, and what each plan takes of it."""
    plans = [str(c) for c in frame if str(c).startswith("plan_")]
    names = [say("near.plan", language, number=n) if n else say("near.best", language) for n in range(len(plans))]
    table = titled(say("near.question", language), say("near.asset", language), say("near.least", language), say("near.most", language), *names)
    for row in rows_of(frame[frame["open"] > 0]):
        table.add_row(str(row[language]), *(fmt(row[c], row["unit"], language) for c in ("least", "most", *plans)))
    table.caption = say("near.note", language)
    return table
