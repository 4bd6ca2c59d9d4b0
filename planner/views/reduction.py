"""Reduction 减排构成: what of the base year is left, and how much of the cut is the plant's own and how much the grid's."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing

TITLE, QUESTION, SOURCE = "reduction.title", "reduction.question", "reduction.source"
PARTS = {"left_t": "fossil", "own_t": "hydrogen", "grid_t": "electricity"}  # stacked up to the base year
TONNES = ("base_t", "left_t", "own_t", "grid_t", "instruments_t", "market_left_t")
SHARES = ("left_share", "physical_share", "green_share")


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year: tonnes of the base year, left, own, of the grid; beside them what instruments take out of the market view; shares."""
    frame = results.tables.get("reduction")
    if frame is None or not len(frame):
        return missing(language, "solve")
    unit = scale([float(v) for v in frame["base_t"]], "carbon", language)
    columns: dict[str, object] = {say("reduction.year", language): [str(int(y)) for y in frame["year"]]}
    columns |= {f"{say(f'reduction.{c}', language)} ({unit.unit})": (frame[c].astype(float) / unit.per).round(2) for c in TONNES}
    columns |= {say(f"reduction.{c}", language): [fmt(float(v), "share", language) for v in frame[c]] for c in SHARES}
    return pd.DataFrame(columns)


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """A bar a year, up to the base year where nothing rises: left, cut by the plant, cut by the cleaner grid; below zero what rose."""
    frame = results.tables.get("reduction")
    if frame is None or not len(frame):
        return missing(language, "solve", dark)
    unit = scale([float(v) for v in frame["base_t"]], "carbon", language)
    made, years = theme.figure(dark, theme.HEIGHT, unit=unit.unit), [str(int(y)) for y in frame["year"]]
    for column, shade in PARTS.items():
        label = say(f"reduction.{column}", language)
        made.add_bar(
            x=years, y=frame[column].astype(float) / unit.per, name=label, marker={"color": theme.colour(shade, dark), "line": {"width": 0}},
            hovertemplate=f"%{{y:,.4g}} {unit.unit}<extra>%{{x}} · {label}</extra>",
        )  # fmt: skip
    base = float(frame["base_t"].iloc[0]) / unit.per
    made.add_scatter(
        x=years, y=[base] * len(years), mode="lines", name=say("reduction.base_t", language), line={"color": theme.LIMIT[dark], "dash": "dot", "width": 2},
        hovertemplate=f"%{{y:,.4g}} {unit.unit}<extra>{say('reduction.base_t', language)}</extra>",
    )  # fmt: skip
    made.update_layout(barmode="relative")
    return made
