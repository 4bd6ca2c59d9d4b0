"""Front 前沿: cost against emissions, every point a plan of its own that can be opened."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing

TITLE, QUESTION, SOURCE = "front.title", "front.question", "front.source"
KILO = 1000.0


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a plan, the one without caps first."""
    frame = results.tables.get("front")
    if frame is None:
        return missing(language, "abatement")
    year = int(frame["year"].iloc[0])
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    unit = scale([numbers["extra_cny"].abs().max()], "money", language)
    return pd.DataFrame({
        f"{say('front.emitted', language, year=year)} (kt/a)": (numbers["emissions_t"] / KILO).round(2),
        f"{say('front.cumulative', language)} (kt)": (numbers["emissions_all_t"] / KILO).round(1),
        f"{say('front.extra', language)} ({unit.unit})": (numbers["extra_cny"] / unit.per).round(3),
        say("front.step", language): numbers["step_found"].round(0),
        "≥": numbers["step_low"].round(0),
        "≤": numbers["step_high"].round(0),
        say("front.all", language): numbers["step_all"].round(0),
        say("front.entered", language): frame["entered"].fillna(""),
        say("front.left", language): frame["left"].fillna(""),
        say("front.folder", language): frame["folder"],
    })  # fmt: skip


def plans(results: Results, language: str) -> list[tuple[str, str]]:
    """The plans of the front that can be opened: how each is called, and its folder within the run."""
    frame = results.tables.get("front")
    if frame is None:
        return []
    words = [
        f"{fmt(float(t), 'emissions', language)} · {fmt(float(cny), 'money_change', language)}"
        for t, cny in zip(frame["emissions_t"], frame["extra_cny"], strict=True)
    ]
    return list(zip(words, frame["folder"].astype(str), strict=True))


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """Extra cost over emissions of the cap's year; below each plan, how cheap another could be at most."""
    frame = results.tables.get("front")
    if frame is None:
        return missing(language, "abatement", dark)
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    unit = scale([numbers["extra_cny"].abs().max()], "money", language)
    emitted, extra = numbers["emissions_t"] / KILO, numbers["extra_cny"] / unit.per
    made = theme.figure(dark, theme.HEIGHT, unit=say("front.axis", language, unit=unit.unit), legend=True)
    made.add_scatter(
        x=emitted, y=extra, mode="lines+markers", name=say("front.plans", language), customdata=frame["folder"],
        line={"color": theme.colour("electricity", dark)}, hovertemplate="%{x:.1f} kt/a<br>%{y:.3g}<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    lowest = (numbers["bound_cny"] - numbers["cost_cny"].iloc[0]) / unit.per
    made.add_scatter(
        x=emitted, y=lowest, mode="lines", name=say("front.bounds", language), line={"color": theme.FAINT[dark], "dash": "dot"}
    )  # fmt: skip
    made.update_xaxes(title=f"{say('front.emitted', language, year=int(frame['year'].iloc[0]))} (kt/a)", autorange="reversed")
    return made
