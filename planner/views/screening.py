"""Screening 全局敏感性: which assumptions matter when all move at once - elementary effects or shares of the variance."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import names, theme
from planner.views.missing import missing
from planner.views.tornado import numbers

TITLE, QUESTION, SOURCE = "screening.title", "screening.question", "screening.source"
SHOWN = 12
LONGEST = 30


def table(results: Results, language: str) -> pd.DataFrame:
    """One row an assumption, the most important first."""
    frame = results.tables.get("screening")
    return missing(language, "sensitivity --global morris") if frame is None else told(frame, language)


def told(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The table with its words."""
    morris = str(frame["method"].iloc[0]) == "morris"
    found = numbers(frame, *(("effect_cny", "effect_95_cny", "spread_cny") if morris else ("first", "first_95", "total", "total_95")))
    rows = []
    for r, f in zip(frame.to_dict("records"), found.to_dict("records"), strict=True):
        if morris:
            cells = [fmt(f["effect_cny"], "money", language), fmt(f["effect_95_cny"], "money", language), fmt(f["spread_cny"], "money", language)]
        else:
            cells = [f"{f[k]:.2f} ± {f[f'{k}_95']:.2f}" for k in ("first", "total")]
        rows.append((r[language], names.with_unit(f"{float(r['low']):,.4g}–{float(r['high']):,.4g}", r["unit"], language), *cells))
    heads = ("effect", "effect_95", "spread") if morris else ("first", "total")
    return pd.DataFrame(
        rows, columns=[say("risk.assumption", language), say("screening.range", language), *(say(f"screening.{h}", language) for h in heads)]
    )


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A bar an assumption with its interval."""
    frame = results.tables.get("screening")
    if frame is None:
        return missing(language, "sensitivity --global morris", dark)
    morris = str(frame["method"].iloc[0]) == "morris"
    main, error = ("effect_cny", "effect_95_cny") if morris else ("total", "total_95")
    shown = frame.assign(**numbers(frame, main, error)).head(SHOWN).iloc[::-1]
    unit = scale([shown[main].abs().max()], "money", language) if morris else None
    per = unit.per if unit else 1.0
    axis = say("screening.axis.morris", language, unit=unit.unit) if unit else say("screening.axis.sobol", language)
    made = theme.figure(dark, theme.HEIGHT + 60, unit=axis, legend=False)
    made.add_bar(
        orientation="h", y=[names.short(str(t), LONGEST) for t in shown[language]], x=shown[main] / per, marker={"color": theme.colour("electricity", dark)},
        error_x={"type": "data", "array": shown[error] / per, "color": theme.INK[dark], "thickness": 1.5}, hovertemplate="%{x:.3g}<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(showgrid=True)
    return made
