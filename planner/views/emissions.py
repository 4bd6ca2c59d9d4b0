"""Emissions 排放: what is left and what is avoided each year, against running on as today and under the caps."""

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
    amounts = amounts_of(results)
    unit = _scale(results, language)
    return pd.DataFrame(
        {say("column.year", language): amounts.index.to_numpy()}
        | {f"{_label(results, str(c), language)} ({unit.unit})": (amounts[c] / unit.per).round(3).to_numpy() for c in amounts}
    )


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A wedge: areas of what is left by scope, hatched above it what is avoided; caps dashed, running on as today dotted.

    before: another plan, whose total is drawn as a thin line.
    """
    amounts, unit = amounts_of(results), _scale(results, language)
    made = theme.figure(dark, theme.LOW, unit=unit.unit, legend=False)
    years = list(amounts.index)
    lines = amounts[["total", "frozen", *_caps(results)]].to_numpy()
    top = 1.1 * float(np.nanmax(lines)) / unit.per

    def hover(label: str) -> dict[str, object]:
        return {"name": label, "hovertemplate": f"%{{y:,.1f}} {unit.unit}<extra>%{{x}} · {label}</extra>"}

    shown = [p for p in PARTS if amounts[p].abs().max() > 1e-3 * amounts["total"].abs().max()]
    edge = {"width": 1, "color": theme.PAPER[dark]}
    for part in shown:
        made.add_scatter(
            x=years,
            y=amounts[part] / unit.per,
            stackgroup="left",
            line=edge,
            fillcolor=theme.colour(part, dark),
            **hover(_label(results, part, language)),
        )
    avoided = (amounts["frozen"] - amounts["total"]).clip(lower=0)
    ink = theme.colour("avoided", dark)
    made.add_scatter(
        x=years, y=avoided / unit.per, stackgroup="left", line={"width": 0, "color": ink}, fillcolor="rgba(0,0,0,0)",
        fillpattern={"shape": "/", "fgcolor": ink, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.35}, **hover(say("emissions.avoided", language)),
    )  # fmt: skip
    dotted = {"color": theme.FAINT[dark], "dash": "dot", "width": 2}
    made.add_scatter(x=years, y=amounts["frozen"] / unit.per, mode="lines", line=dotted, **hover(_label(results, "frozen", language)))
    for cap in _caps(results):
        line = {"color": theme.LIMIT[dark], "width": 2, "dash": "dash"}
        mark = {"symbol": "line-ew", "size": 14, "line": {"width": 3, "color": theme.LIMIT[dark]}}
        made.add_scatter(x=years, y=amounts[cap] / unit.per, mode="lines+markers", line=line, marker=mark, **hover(_label(results, cap, language)))
    if before is not None:
        line = {"color": theme.INK[dark], "width": 1.5, "dash": "dashdot"}
        was = amounts_of(before)["total"].reindex(amounts.index)
        made.add_scatter(x=years, y=was / unit.per, mode="lines", line=line, **hover(say("emissions.before", language)))
    _totals(made, amounts["total"] / unit.per, unit, dark)
    low = min(0.0, float(amounts[list(PARTS)].clip(upper=0).sum(axis=1).min()) / unit.per * 1.1)
    made.update_layout(margin={"r": 118, "l": 16, "t": 26})
    made.update_xaxes(tickvals=years, range=[years[0] - 0.12, years[-1]])
    made.update_yaxes(range=[low, top], tickformat=",.0f" if top >= 10 else ",.3~g")
    theme.side_labels(made, _labels(results, amounts, shown, unit, language, dark), top - low)
    return made


def _totals(made: go.Figure, totals: pd.Series, unit: Scale, dark: bool) -> None:
    """What is left in the first and the last year, in figures on the edge of the areas."""
    for place, anchor in ((0, "left"), (-1, "right")):
        year, height = totals.index[place], float(totals.iloc[place])
        made.add_annotation(
            text=f"<b>{unit.number(height * unit.per)}</b>", x=year, y=height, xanchor=anchor, yanchor="top", xshift=4 if place == 0 else -4, yshift=-6,
            showarrow=False, font={"size": theme.LABEL_SIZE, "color": theme.INK[dark]}, bgcolor=theme.PAPER[dark], borderpad=2,
        )  # fmt: skip


def _labels(results: Results, amounts: pd.DataFrame, shown: list[str], unit: Scale, language: str, dark: bool) -> list[tuple[float, str, str]]:
    """What stands right of the last year: each area at its middle, each line at its end."""
    last = amounts.iloc[-1] / unit.per
    labels, floor = [], 0.0
    for part in shown:
        labels.append((floor + last[part] / 2, _label(results, part, language), theme.readable(part, dark)))
        floor += last[part]
    if last["frozen"] > 1.02 * floor:
        labels.append(((floor + last["frozen"]) / 2, say("emissions.avoided.amount", language, amount=unit.number(float(amounts["frozen"].iloc[-1] - amounts["total"].iloc[-1]))), theme.readable("avoided", dark)))  # fmt: skip
    labels.append((float(last["frozen"]), _label(results, "frozen", language), theme.FAINT[dark]))
    return labels + [(float(last[cap]), _label(results, cap, language), theme.LIMIT[dark]) for cap in _caps(results) if pd.notna(last[cap])]


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


def _label(results: Results, column: str, language: str) -> str:
    if column.startswith(CAP):
        alone = len(_caps(results)) == 1
        return say("emissions.cap", language) if alone else say("emissions.cap.named", language, name=column.removeprefix(CAP).replace("_", " "))
    return say(f"emissions.{column}", language)
