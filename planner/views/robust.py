"""Robust 稳健决策: what is decided alike in nearly all futures, what can wait, and what the rest hangs on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, span
from planner.results import Results
from planner.views import names, theme
from planner.views.missing import missing
from planner.views.tornado import numbers

TITLE, QUESTION, SOURCE = "robust.title", "robust.question", "robust.source"
COLOUR = {"now": "electricity", "later": "wind", "depends": "solar", "no": "storage"}
SHOWN, USUAL, BAR = 40, 14, 20  # bars of a chart (all stand in the table), those for which the usual height is enough, pixels of one more
LONGEST = 28


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a decision, the surest first."""
    frame = results.tables.get("robust")
    return missing(language, "uncertainty") if frame is None else told(frame, language)


def told(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The table with its words."""
    figures = numbers(frame, "share", "size_low", "size_high")
    rows = []
    for r, f in zip(frame.to_dict("records"), figures.to_dict("records"), strict=True):
        years = f"{r['decide']}" if r["decide"] == r["decide_latest"] else f"{r['decide']}–{r['decide_latest']}"
        rows.append((
            r[language], say(f"action.{r['action']}", language), fmt(f["share"], "share", language), verdict(r, language), years,
            span(f["size_low"], f["size_high"], str(r["unit"]), language),
        ))  # fmt: skip
    heads = ("decision", "action", "share", "verdict", "decided", "size")
    return pd.DataFrame(rows, columns=[say(f"robust.{h}", language) for h in heads])


def verdict(row: Mapping[Any, Any], language: str) -> str:
    """The verdict as a sentence: do now, decide in 2028, only above 15-17 CNY/GJ, only in certain futures."""
    kind, driver = str(row["verdict"]), row.get(f"driver_{language}")
    if kind != "depends":
        return say(f"robust.{kind}", language, year=row["decide"])
    if isinstance(driver, str) and driver:
        ends = [float(str(row[k])) for k in ("threshold_low", "threshold_high")]
        told = say(
            f"robust.{row['side']}",
            language,
            driver=driver,
            span=span(ends[0], ends[1], names.unit(str(row["driver_unit"] or ""), language), language),
        )
        return told + say("robust.rightly", language, share=fmt(float(str(row["told_rightly"])), "share", language))
    futures = row.get(f"futures_{language}")
    return say("robust.only", language, futures=futures) if isinstance(futures, str) and futures else say("robust.depends", language)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A bar a decision: the share of the futures that take it."""
    frame = results.tables.get("robust")
    if frame is None:
        return missing(language, "uncertainty", dark)
    frame = frame.assign(**numbers(frame, "share")).head(SHOWN).iloc[::-1]
    height = theme.HEIGHT + 60 + BAR * max(0, len(frame) - USUAL)
    made = theme.figure(dark, height, unit=say("robust.axis", language), legend=True)
    action = {a: "" if a == "build" else f" · {say(f'action.{a}', language)}" for a in frame["action"].unique()}
    label = [names.short(str(r[language]), LONGEST + 12) + action[r["action"]] for r in frame.to_dict("records")]
    for kind, colour in COLOUR.items():
        value = [r["share"] * 100 if r["verdict"] == kind else None for r in frame.to_dict("records")]
        if any(v is not None for v in value):
            made.add_bar(orientation="h", y=label, x=value, name=say(f"robust.{kind}.short", language), marker={"color": theme.colour(colour, dark)}, hovertemplate="%{x:.0f} %")  # fmt: skip
    made.update_layout(barmode="overlay")
    made.update_xaxes(range=[0, 100], showgrid=True)
    return made
