"""Alternatives 备选方案: how much of each thing plans nearly as good may use, and what the plans that differ most use of it."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.names import short

TITLE, QUESTION, SOURCE = "near.title", "near.question", "near.source"
SHOWN = 14  # assets, the widest ranges; all stand in the table
NAME_WIDTH = 30
PLANS = ("fossil", "heat", "hydrogen", "capture", "solar", "wind")  # colours: the best, then the alternatives
SYMBOLS = ("diamond", "circle", "square", "triangle-up", "cross", "star")


def table(results: Results, language: str) -> pd.DataFrame:
    """First what each plan costs, then one row an asset: its size in the last year in each plan, the least and the most."""
    frame, plans = results.tables.get("ranges"), results.tables.get("alternatives")
    if frame is None or plans is None:
        return missing(language, "alternatives")
    numbers = _columns(frame)
    heads = [_plan(n, language) for n in range(len(numbers))]
    rows: list[list[str]] = []
    for key, quantity in (
        ("cost_cny", "money"),
        ("extra_share", "share"),
        ("investment_cny", "money"),
        ("emissions_last_t", "emissions"),
        ("differs", "share"),
    ):
        rows.append([say(f"near.{key}", language), *(fmt(float(v), quantity, language) for v in plans[key].astype(float)), "", ""])
    for row in frame.to_dict("records"):
        sizes = [fmt(float(row[c]), str(row["unit"]), language) for c in (*numbers, "least", "most")]
        rows.append([str(row[language]), *sizes])
    return pd.DataFrame(rows, columns=[say("near.asset", language), *heads, say("near.least", language), say("near.most", language)])


def plans(results: Results, language: str) -> list[tuple[str, str]]:
    """The alternatives that can be opened: how each is called, and its folder within the run."""
    frame = results.tables.get("alternatives")
    if frame is None:
        return []
    rows = frame[frame["folder"].astype(str) != ""]
    words = [
        f"{_plan(int(n), language)} · {fmt(float(cny), 'money_change', language)}" for n, cny in zip(rows["plan"], rows["extra_cny"], strict=True)
    ]
    return list(zip(words, rows["folder"].astype(str), strict=True))


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A bar from the least to the most of each asset as a share of its largest size; marks are plans."""
    frame = results.tables.get("ranges")
    if frame is None:
        return missing(language, "alternatives", dark)
    wide = frame[pd.to_numeric(frame["open"], errors="coerce") > 0].head(SHOWN)[::-1]
    names = [short(str(n), NAME_WIDTH) for n in wide[language]]
    part = {c: pd.to_numeric(wide[c], errors="coerce") / pd.to_numeric(wide["largest"], errors="coerce") for c in (*_columns(wide), "least", "most")}
    made = theme.figure(dark, theme.HEIGHT, unit=say("near.axis", language), legend=True)
    made.add_bar(
        y=names, base=part["least"], x=part["most"] - part["least"], width=0.55, orientation="h", name=say("near.bar", language),
        marker={"color": theme.colour("residual", dark), "line": {"width": 0}}, hovertemplate="%{base:.0%} – %{x:.0%}<extra>%{y}</extra>",
    )  # fmt: skip
    for n, column in enumerate(_columns(wide)):
        marker = {
            "symbol": SYMBOLS[n % len(SYMBOLS)],
            "size": 9,
            "color": theme.colour(PLANS[n % len(PLANS)], dark),
            "line": {"width": 1, "color": theme.PAPER[dark]},
        }
        made.add_scatter(
            y=names,
            x=part[column],
            mode="markers",
            name=_plan(n, language),
            marker=marker,
            hovertemplate=f"%{{x:.0%}}<extra>%{{y}} · {_plan(n, language)}</extra>",
        )
    made.update_layout(barmode="overlay")
    made.update_xaxes(showgrid=True, tickformat=".0%", range=[-0.02, 1.02])
    made.update_yaxes(showgrid=False)
    return made


def _columns(frame: pd.DataFrame) -> list[str]:
    return [str(c) for c in frame if str(c).startswith("plan_")]


def _plan(n: int, language: str) -> str:
    return say("near.best", language) if n == 0 else say("near.plan", language, number=n)
