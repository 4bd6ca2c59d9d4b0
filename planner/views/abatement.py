"""Abatement 减排曲线: what the next tonne costs as the cap of a year falls, and which technologies enter at each step."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import say
from planner.results import Results
from planner.views import front, theme
from planner.views.missing import missing

plans = front.plans
TITLE, QUESTION, SOURCE = "abate.title", "abate.question", "front.source"


def table(results: Results, language: str) -> pd.DataFrame:
    """The steps, as in the front."""
    return front.table(results, language)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """One bar a step, as wide as what it saves and as high as a tonne costs, with the interval that the gaps leave."""
    frame = results.tables.get("front")
    if frame is None:
        return missing(language, "abatement", dark)
    year = int(frame["year"].iloc[0])
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    less = (numbers["emissions_t"].iloc[0] - numbers["emissions_t"]) / front.KILO
    steps = numbers.index[1:]
    low, found, high = (numbers.loc[steps, f"step_{part}"] for part in ("low", "found", "high"))
    width = less.diff().loc[steps]
    made = theme.figure(dark, theme.HEIGHT, unit=say("abate.axis", language, year=year), legend=False)
    made.add_bar(
        x=less.loc[steps] - width / 2, y=found, width=width, marker={"color": theme.colour("electricity", dark), "line": {"width": 1, "color": theme.PAPER[dark]}},
        error_y={"type": "data", "symmetric": False, "array": high - found, "arrayminus": found - low, "color": theme.INK[dark], "thickness": 1.5},
        customdata=frame.loc[steps, "entered"].fillna(""), hovertemplate="%{y:,.0f}<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(title=say("abate.less", language, year=year))
    return made
