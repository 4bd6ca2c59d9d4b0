"""Terminal of studies 终端研究: tables of many plans, as text for people."""

from collections.abc import Callable, Mapping

import pandas as pd
from rich.console import Console
from rich.table import Table

from planner.language import fmt, say
from planner.results import rows_of
from planner.terminal import titled

MONEY = ("objective_cny", "gap_cny", "investment_cny")
SHOWN = 40  # points on a screen; all stand in the table


def progress(console: Console, language: str) -> Callable[[int, int, str], None]:
    """A listener that rewrites one line on a terminal, and stays silent elsewhere."""

    def done(number: int, of: int, status: str) -> None:
        if console.is_terminal:
            text = say("study.progress", language, number=number, of=of, status=say(f"study.{status}", language))
            console.print(text.ljust(console.width - 1)[: console.width - 1], end="\r", highlight=False)

    return done


def points(frame: pd.DataFrame, title: str, language: str) -> Table:
    """The first points of a study."""
    keys = list(frame.columns[1 : frame.columns.get_loc("status")])
    per, unit = (1e6, "M CNY") if language == "en" else (1e4, "万元")
    last = [c for c in frame.columns if c.startswith("emissions_") and c != "emissions_all_t"][-1:]
    heads = ["study.status", "study.cost", "study.open", "study.invested", "study.emitted"]
    table = titled(
        title, say("study.point", language), *keys, *(say(h, language, unit=unit, year=last[0].split("_")[1] if last else "") for h in heads)
    )
    for row in rows_of(frame.head(SHOWN)):
        status = say(f"study.{row['status']}", language) + (f" ({say('study.stopped', language)})" if row["stopped"] else "")
        table.add_row(
            row["point"], *("–" if row[k] is None else str(row[k]) for k in keys), status,
            *("–" if row[k] is None else f"{row[k] / per:,.1f}" for k in MONEY), fmt(row[last[0]] if last else None, "emissions", language),
        )  # fmt: skip
    if len(frame) > SHOWN:
        table.caption = say("study.more", language, more=len(frame) - SHOWN)
    return table


def front(frame: pd.DataFrame, named: Mapping[str, str], language: str) -> Table:
    """The steps from the plan without caps to the lowest reachable."""
    year = int(frame["year"].iloc[0])
    heads = ("front.emitted", "front.extra", "front.step", "front.all", "front.entered", "front.left", "front.folder")
    table = titled(say("front.title", language), *(say(h, language, year=year) for h in heads))
    for row in rows_of(frame):
        step = "–" if row["step_found"] is None else f"{row['step_found']:,.0f} ({row['step_low']:,.0f}–{row['step_high']:,.0f})"
        table.add_row(
            fmt(row["emissions_t"], "emissions", language), fmt(row["extra_cny"], "money_change", language), step,
            "–" if row["step_all"] is None else f"{row['step_all']:,.0f}", *(_names(row[k], named) for k in ("entered", "left")), row["folder"],
        )  # fmt: skip
    table.caption = say("front.note", language)
    return table


def _names(assets: str | None, named: Mapping[str, str]) -> str:
    return ", ".join(named.get(a, a) for a in (assets or "").split())
