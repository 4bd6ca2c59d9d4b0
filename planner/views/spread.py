"""Spread 不确定性: what cost and emissions come to when all assumptions move at once, with the plan kept and made anew."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.tornado import numbers

TITLE, QUESTION, SOURCE = "spread.title", "spread.question", "spread.source"
POINTS = ("p5", "p25", "p50", "p75", "p95")
SHOWN = {"cost_cny": "money", "change_cny": "money_change", "emissions_last_t": "emissions", "missed_cny": "money"}  # figure -> quantity


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a way and figure: quantiles, and how often nothing is missed."""
    frame = results.tables.get("spread")
    return missing(language, "uncertainty") if frame is None else told(frame, language)


def told(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The table with its words."""
    found = numbers(frame, *POINTS, "targets_kept", "samples", "with_plan")
    rows = [
        (
            say(f"spread.{r['figure']}", language), say(f"risk.{r['plan']}", language), *(fmt(f[p], SHOWN[r["figure"]], language) for p in POINTS),
            fmt(f["targets_kept"], "share", language), f"{f['with_plan']:.0f} / {f['samples']:.0f}",
        )
        for r, f in zip(frame.to_dict("records"), found.to_dict("records"), strict=True) if r["figure"] in SHOWN
    ]  # fmt: skip
    heads = [
        say("spread.figure", language),
        say("risk.plan", language),
        *(f"{p[1:]} %" for p in POINTS),
        say("spread.kept", language),
        say("spread.samples", language),
    ]
    return pd.DataFrame(rows, columns=heads)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A box a way: the middle half of the changes of the cost, the lines from the lowest to the highest twentieth."""
    frame = results.tables.get("spread")
    if frame is None:
        return missing(language, "uncertainty", dark)
    part = frame[frame["figure"] == "change_cny"]
    found = numbers(part, *POINTS)
    unit = scale(found.abs().to_numpy().ravel(), "money", language)
    made = theme.figure(dark, theme.HEIGHT, unit=say("tornado.axis", language, unit=unit.unit), legend=False)
    counts = numbers(part, "with_plan", "samples").to_numpy()
    for way, values, (planned, drawn), colour in zip(part["plan"], (found / unit.per).to_numpy(), counts, ("heat", "electricity"), strict=False):
        made.add_box(
            y=[say(f"risk.{way}", language) + ("" if planned == drawn else f" ({planned:.0f}/{drawn:.0f})")], q1=[values[1]], median=[values[2]], q3=[values[3]], lowerfence=[values[0]], upperfence=[values[4]],
            orientation="h", name=say(f"risk.{way}", language), line={"color": theme.colour(colour, dark)}, fillcolor=theme.PAPER[dark],
        )  # fmt: skip
    made.update_xaxes(showgrid=True, zeroline=True, zerolinecolor=theme.FAINT[dark])
    return made
