"""Emissions 排放: what is emitted each year, by scope, under the caps and against operation as today."""

import numpy as np
import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import theme

TITLE, QUESTION, SOURCE = "emissions.title", "emissions.question", "emissions.source"
PARTS = ("direct", "purchased electricity", "outsourced intermediates")
CAP = "cap."
WIDE = 4  # signs: a longer number is turned to stay within its bar


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year: the scopes, their total, operation as today, and each cap."""
    amounts = _amounts(results)
    unit = _scale(results, language)
    return pd.DataFrame(
        {say("column.year", language): amounts.index.to_numpy()}
        | {f"{_label(results, str(c), language)} ({unit.unit})": (amounts[c] / unit.per).round(3).to_numpy() for c in amounts}
    )


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """Stacked bars by scope; caps as ticks, operation as today as a dotted line, the base year as a bar beside them."""
    amounts, unit = _amounts(results), _scale(results, language)
    made = theme.figure(dark, theme.HEIGHT, unit=unit.unit, legend=False)
    base = results.summary.get("base_emissions_t")
    years = [str(y) for y in amounts.index]
    places = list(range(len(years)))
    top = 1.1 * float(max(np.nanmax(amounts.to_numpy()), base or 0.0)) / unit.per

    def hover(label: str) -> dict[str, object]:
        return {"name": label, "customdata": years, "hovertemplate": f"%{{y:,.1f}} {unit.unit}<extra>%{{customdata}} · {label}</extra>"}

    if base:
        label = say("emissions.base", language)
        made.add_bar(x=[-1], y=[base / unit.per], marker_color=theme.colour("residual", dark), **hover(label) | {"customdata": [""]})
        _total(made, -1, base, top, unit, theme.INK[dark], theme.INK[dark])
    shown = [p for p in PARTS if amounts[p].abs().max() > 1e-3 * amounts["total"].abs().max()]
    for part in shown:
        edge = {"width": 1, "color": theme.PAPER[dark]}
        made.add_bar(
            x=places, y=amounts[part] / unit.per, marker={"color": theme.colour(part, dark), "line": edge}, **hover(_label(results, part, language))
        )
    line = {"color": theme.FAINT[dark], "dash": "dot", "width": 2}
    made.add_scatter(x=places, y=amounts["frozen"] / unit.per, mode="lines", line=line, **hover(_label(results, "frozen", language)))
    for cap in _caps(results):
        tick = {"symbol": "line-ew", "size": 30, "line": {"width": 3, "color": theme.LIMIT[dark]}}
        line = {"color": theme.LIMIT[dark], "width": 1, "dash": "dash"}
        made.add_scatter(x=places, y=amounts[cap] / unit.per, mode="lines+markers", marker=tick, line=line, **hover(_label(results, cap, language)))
    for place, total in zip(places, amounts["total"], strict=True):
        _total(made, place, float(total), top, unit, theme.PAPER[dark], theme.INK[dark])
    low = min(0.0, float(amounts[list(PARTS)].clip(upper=0).sum(axis=1).min()) / unit.per * 1.1)
    made.update_layout(barmode="relative", bargap=0.22, margin_r=108)
    ticks, first = ([-1], [say("emissions.base.short", language)]) if base else ([], [])
    made.update_xaxes(tickvals=ticks + places, ticktext=first + years, range=[min(ticks + places) - 0.5, len(years) - 0.5])
    made.update_yaxes(range=[low, top], tickformat=",.0f" if top >= 10 else ",.3~g")
    theme.side_labels(made, _labels(results, amounts, shown, unit, language, dark), top - low)
    return made


def _total(made: go.Figure, place: int, total: float, top: float, unit: Scale, ink: str, above: str) -> None:
    """The height of a bar, written at its foot, clear of the caps; above a bar too short to write on."""
    inside, text = total / unit.per > 0.2 * top, unit.number(total)
    font = {"size": 11, "color": ink if inside else above}
    height, angle = (0.0, -90 if len(text) > WIDE else 0) if inside else (total / unit.per, 0)
    made.add_annotation(text=f"<b>{text}</b>", x=place, y=height, yanchor="bottom", yshift=3, showarrow=False, font=font, textangle=angle)


def _labels(results: Results, amounts: pd.DataFrame, shown: list[str], unit: Scale, language: str, dark: bool) -> list[tuple[float, str, str]]:
    """What stands right of the last bar: each part at its middle, each line at its end."""
    last = amounts.iloc[-1] / unit.per
    labels, floor = [], 0.0
    for part in shown:
        labels.append((floor + last[part] / 2, _label(results, part, language), theme.readable(part, dark)))
        floor += last[part]
    labels.append((float(last["frozen"]), _label(results, "frozen", language), theme.FAINT[dark]))
    return labels + [(float(last[cap]), _label(results, cap, language), theme.LIMIT[dark]) for cap in _caps(results) if pd.notna(last[cap])]


def _amounts(results: Results) -> pd.DataFrame:
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
