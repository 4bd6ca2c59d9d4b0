"""Emissions 排放: what is left and what is avoided each year, against running on as today and under the caps."""

from typing import Any

import numpy as np
import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import theme

TITLE, QUESTION, SOURCE = "emissions.title", "emissions.question", "emissions.source"
PARTS = ("direct", "purchased electricity", "purchased heat", "outsourced intermediates")
CAP = "cap."


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year: the scopes, their total, operation as today, and each cap."""
    amounts, unit, caps = amounts_of(results), _scale(results, language), _caps(results)
    return pd.DataFrame(
        {say("column.year", language): amounts.index.to_numpy()}
        | {f"{_label(str(c), language, caps)} ({unit.unit})": (amounts[c] / unit.per).round(3).to_numpy() for c in amounts}
    )


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A wedge: areas of what is left by scope, hatched above it what is avoided; caps dashed, running on as today dotted.

    before: another plan, whose total is drawn as a thin line.
    """
    amounts, unit, caps = amounts_of(results), _scale(results, language), _caps(results)
    years, heights = [int(year) for year in amounts.index], amounts / unit.per

    def trace(values: pd.Series, label: str, **drawn: Any) -> theme.Drawing:
        said = {"name": label, "hovertemplate": f"%{{y:,.1f}} {unit.unit}<extra>%{{x}} · {label}</extra>"}
        return {"type": "scatter", "x": years, "y": [float(v) for v in values], **said, **drawn}

    shown = [p for p in PARTS if amounts[p].abs().max() > 1e-3 * amounts["total"].abs().max()]
    ink, edge = theme.colour("avoided", dark), {"width": 1, "color": theme.PAPER[dark]}
    traces = [trace(heights[part], _label(part, language, caps), stackgroup="left", line=edge, fillcolor=theme.colour(part, dark)) for part in shown]
    hatched = {"shape": "/", "fgcolor": ink, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.35, "fgopacity": 0.5}
    avoided, bare = (heights["frozen"] - heights["total"]).clip(lower=0), {"width": 0, "color": ink}
    traces.append(trace(avoided, say("emissions.avoided", language), stackgroup="left", line=bare, fillcolor="rgba(0,0,0,0)", fillpattern=hatched))
    dotted = {"color": theme.FAINT[dark], "dash": "dot", "width": 2}
    traces.append(trace(heights["frozen"], _label("frozen", language, caps), mode="lines", line=dotted))
    for cap in caps:
        dashed = {"color": theme.LIMIT[dark], "width": 2, "dash": "dash"}
        mark = {"symbol": "line-ew", "size": 14, "line": {"width": 3, "color": theme.LIMIT[dark]}}
        traces.append(trace(heights[cap], _label(cap, language, caps), mode="lines+markers", line=dashed, marker=mark))
    if before is not None:
        was = amounts_of(before)["total"].reindex(amounts.index) / unit.per
        thin = {"color": theme.INK[dark], "width": 1.5, "dash": "dashdot"}
        traces.append(trace(was, say("emissions.before", language), mode="lines", line=thin))
    top = 1.1 * float(np.nanmax(heights[["total", "frozen", *caps]].to_numpy()))
    low = min(0.0, 1.1 * float(heights[list(PARTS)].clip(upper=0).sum(axis=1).min()))
    form, ends = (",.0f", [f"{low:,.0f}", f"{top:,.0f}"]) if top >= 10 else (",.3~g", ["-0.025"])
    labels = theme.side_labels(_labels(heights.iloc[-1], shown, caps, unit, language, dark), top - low)
    return theme.figure(
        dark, theme.LOW, traces, unit=unit.unit, legend=False, measured=False,
        margin={"r": 118, "l": 11 + theme.room(ends), "t": 26, "b": 26}, xaxis={"tickvals": years, "range": [years[0] - 0.12, years[-1]]},
        yaxis={"range": [low, top], "tickformat": form}, annotations=[*_totals(heights["total"], unit, dark), *labels],
    )  # fmt: skip


def _totals(heights: pd.Series, unit: Scale, dark: bool) -> list[theme.Drawing]:
    """What is left in the first and the last year, in figures on the edge of the areas."""
    return [
        {
            "text": f"<b>{unit.number(float(heights.iloc[place]) * unit.per)}</b>", "x": int(heights.index[place]), "y": float(heights.iloc[place]),
            "xanchor": anchor, "yanchor": "top", "xshift": 4 if place == 0 else -4, "yshift": -6, "showarrow": False,
            "font": {"size": theme.LABEL_SIZE, "color": theme.INK[dark]}, "bgcolor": theme.PAPER[dark], "borderpad": 2,
        }
        for place, anchor in ((0, "left"), (-1, "right"))
    ]  # fmt: skip


def _labels(last: pd.Series, shown: list[str], caps: list[str], unit: Scale, language: str, dark: bool) -> list[tuple[float, str, str]]:
    """What stands right of the last year: each area at its middle, each line at its end."""
    labels, floor = [], 0.0
    for part in shown:
        labels.append((floor + last[part] / 2, _label(part, language, caps), theme.readable(part, dark)))
        floor += last[part]
    if last["frozen"] > 1.02 * floor:
        avoided = unit.number(float(last["frozen"] - last["total"]) * unit.per)
        said = say("emissions.avoided.amount", language, amount=avoided)
        labels.append(((floor + last["frozen"]) / 2, said, theme.readable("avoided", dark)))
    labels.append((float(last["frozen"]), _label("frozen", language, caps), theme.FAINT[dark]))
    return labels + [(float(last[cap]), _label(cap, language, caps), theme.LIMIT[dark]) for cap in caps if pd.notna(last[cap])]


def amounts_of(results: Results) -> pd.DataFrame:
    """Years x (scopes, total, frozen, caps), t; in the view in which the first cap counts."""
    caps = results["caps"]
    view = str(caps["view"].iloc[0]) if len(caps) else "location"

    def of(table: str) -> pd.DataFrame:
        rows = results[table]
        return rows[rows["view"].isin(["", view])].pivot(index="year", columns="scope", values="t")

    wide = of("emissions")
    amounts = wide.reindex(columns=[*PARTS, "total"], fill_value=0.0).copy()
    amounts["frozen"] = of("frozen_emissions")["total"]
    for cap in _caps(results):
        amounts[cap] = caps[caps["name"] == cap.removeprefix(CAP)].set_index("year")["limit"].reindex(amounts.index)
    return amounts.rename_axis(columns=None)


def _caps(results: Results) -> list[str]:
    """The columns of the caps on tonnes; prefixed, since a cap may be called like a scope."""
    caps = results["caps"]
    return [CAP + str(c) for c in caps.loc[caps["unit"] == "t", "name"].unique()]


def _scale(results: Results, language: str) -> Scale:
    return scale([*results["emissions"]["t"], *results["frozen_emissions"]["t"]], "emissions", language)


def _label(column: str, language: str, caps: list[str]) -> str:
    if column.startswith(CAP):
        alone = len(caps) == 1
        return say("emissions.cap", language) if alone else say("emissions.cap.named", language, name=column.removeprefix(CAP).replace("_", " "))
    return say(f"emissions.{column}", language)
