"""Regret 后悔值: plans against futures - what each costs more than the best there, and which plan has the smallest largest regret."""

from collections.abc import Mapping

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.tornado import numbers, short_of

TITLE, QUESTION, SOURCE = "regret.title", "regret.question", "regret.source"
COLOURS = ("electricity", "heat", "solar", "hydrogen", "wind", "capture", "efficiency", "storage")


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a plan, the smallest largest regret first; a column a future."""
    if "regret" not in results.tables or "futures" not in results.tables:
        return missing(language, "futures")
    return told(results.tables["regret"], results.tables["futures"], language)


def told(regret: pd.DataFrame, judged: pd.DataFrame, language: str) -> pd.DataFrame:
    """The table with its words."""
    amounts = numbers(regret, "regret_cny", "missed_cny").assign(plan=regret["plan"], future=regret["future"], missed=regret["missed"])
    figures = numbers(judged, "expected_cny", "worst_cny", "at_risk_cny", "largest_regret_cny", "knowing_cny")
    called = dict(zip(regret["future"], regret[language], strict=True))
    rows = []
    for (_, j), f in zip(judged.iterrows(), figures.to_dict("records"), strict=True):
        of = amounts[amounts["plan"] == j["plan"]]
        cells = [
            fmt(r["regret_cny"], "money", language) + (f" ({missed})" if (missed := short_of(r["missed"], language)) else "")
            for r in of.to_dict("records")
        ]
        marks = [say(f"regret.{k}", language) for k in ("minimax", "expected_least") if str(j[k]) == "True"]
        said = [fmt(f[k], "money", language) for k in ("largest_regret_cny", "expected_cny", "worst_cny", "at_risk_cny", "knowing_cny")]
        rows.append((name(j["plan"], called, language), *cells, *said, say("list.and", language).join(marks)))
    level = float(judged["level"].iloc[0])
    heads = [say(f"regret.{k}", language, level=f"{level:.0%}") for k in ("largest", "expected", "worst", "at_risk", "knowing", "mark")]
    return pd.DataFrame(rows, columns=[say("risk.plan", language), *called.values(), *heads])


def name(plan: object, called: Mapping[str, str], language: str) -> str:
    """A plan's name in words; ``called``: what the futures are called."""
    text = str(plan)
    if text.startswith("best for "):
        return say("regret.best_for", language, future=called[text.removeprefix("best for ")])
    return say("regret.together" if text == "all futures" else "regret.mean", language)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A group of bars a plan: its regret in every future."""
    if "regret" not in results.tables or "futures" not in results.tables:
        return missing(language, "futures", dark)
    frame = results.tables["regret"]
    frame = frame.assign(**numbers(frame, "regret_cny"))
    unit = scale([frame["regret_cny"].abs().max()], "money", language)
    plans = list(results.tables["futures"]["plan"])
    made = theme.figure(dark, theme.HEIGHT, unit=say("regret.axis", language, unit=unit.unit), legend=True)
    called = dict(zip(frame["future"], frame[language], strict=True))
    for n, (future, part) in enumerate(frame.groupby("future", sort=False)):
        value = part.set_index("plan")["regret_cny"].reindex(plans) / unit.per
        made.add_bar(x=[name(p, called, language) for p in plans], y=value, name=called[future], marker={"color": theme.colour(COLOURS[n % len(COLOURS)], dark)}, hovertemplate="%{y:.3g}")  # fmt: skip
    made.update_layout(barmode="group")
    return made
