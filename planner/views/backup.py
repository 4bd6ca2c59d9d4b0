"""Backup 保供: what stands ready after the worst loss beside what must not fail, hours without the grid, and what goes unserved at its price."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say
from planner.results import Results
from planner.views import theme
from planner.views.names import kind, name

TITLE, QUESTION, SOURCE = "backup.title", "backup.question", "backup.source"
HEADS = ("year", "what", "amount", "beside", "hours", "cost")
SHADES = ("electricity", "capture", "heat", "hydrogen")  # of the reserves, in their order
UNSERVED = "unserved"
SPLIT = (0.56, 0.66)  # of the width: the reserves, the island


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year and reserve (critical; what is left after the worst loss), part of an island's power, and use that goes unserved."""
    rows = [
        (r["year"], say("backup.reserve", language, item=name(results, r["name"], language)), fmt(r["value"], r["unit"], language), fmt(r["limit"], r["unit"], language), "", "")
        for r in _reserves(results)
    ]  # fmt: skip
    rows += [
        (r["year"], say("backup.island", language, item=_of_island(results, r["item"], language)), fmt(r["mwh"], "MWh", language), "", f"{r['hours']:g}", "")
        for r in _rows(results, "islands")
    ]  # fmt: skip
    rows += [
        (r["year"], say("backup.unserved", language, item=name(results, r["item"], language)), fmt(r["amount"], r["unit"], language), "", f"{r['hours']:g}",
         fmt(r["cny"], "money", language)) for r in _rows(results, "unserved")
    ]  # fmt: skip
    if not rows:
        rows = [("", say("backup.none", language), "", "", "", "")]
    return pd.DataFrame(rows, columns=[say(f"backup.{head}", language) for head in HEADS])


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """Left for every year what is critical as a share of what is left after the worst loss; right what carries the hours without the grid."""
    made = theme.figure(dark, theme.HEIGHT, unit=say("backup.axis", language))
    theme.second(made, dark, split=SPLIT, unit=say("backup.axis.island", language))
    reserves = pd.DataFrame(_reserves(results), columns=["year", "name", "limit", "value", "unit"])
    for (code, part), shade in zip(reserves.groupby("name", sort=False), SHADES, strict=False):
        label = name(results, str(code), language)
        said = [f"{fmt(v, u, language)} / {fmt(m, u, language)}" for v, m, u in part[["value", "limit", "unit"]].itertuples(index=False)]
        made.add_bar(
            x=part["year"].astype(str), y=100 * part["value"] / part["limit"], name=label, marker_color=theme.colour(shade, dark), customdata=said,
            hovertemplate="%{x} · %{y:.0f}% · %{customdata}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    island = pd.DataFrame(_rows(results, "islands"), columns=["year", "item", "mwh", "hours"])
    island = island[island["mwh"] > 0]
    for code, part in island.groupby("item", sort=False):
        of = str(code)
        shade = theme.LIMIT[dark] if of == UNSERVED else theme.colour("fossil" if kind(of) == "other" else kind(of), dark)
        made.add_bar(
            x=part["year"].astype(str), y=part["mwh"], name=_of_island(results, of, language), marker_color=shade, xaxis="x2", yaxis="y2", offsetgroup="island",
            hovertemplate="%{x} · %{y:,.1f} MWh<extra>%{fullData.name}</extra>", base=_below(island, part),
        )  # fmt: skip
    for empty, rows, at in (("backup.no_reserve", reserves, SPLIT[0] / 2), ("backup.no_island", island, (SPLIT[1] + 1) / 2)):
        if rows.empty:
            faint = {"color": theme.FAINT[dark]}
            made.add_annotation(text=say(empty, language), x=at, y=0.5, xref="paper", yref="paper", xanchor="center", showarrow=False, font=faint)
    if not made.data:
        made.add_bar(x=[], y=[], showlegend=False)
    made.update_layout(barmode="group")
    made.update_xaxes(type="category")
    made.update_yaxes(rangemode="tozero")
    made.update_layout(yaxis_ticksuffix="%")
    if len(reserves):
        made.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=100, y1=100, line={"color": theme.LIMIT[dark], "width": 1.5})
    return made


def _rows(results: Results, table: str) -> list[Mapping[str, Any]]:
    """A table of the run; nothing where the run has none."""
    return results.tables[table].to_dict("records") if table in results.tables else []  # type: ignore[return-value]


def _reserves(results: Results) -> list[dict[str, Any]]:
    """Reserves among what limits a plan: name, year, what is left after the worst loss (limit), what is critical (value), unit."""
    return [{k: r[k] for k in ("year", "name", "limit", "value", "unit")} for r in _rows(results, "limits") if r["kind"] == "reserve"]


def _of_island(results: Results, item: str, language: str) -> str:
    return say("backup.stopped", language) if item == UNSERVED else name(results, item, language)


def _below(island: pd.DataFrame, part: pd.DataFrame) -> list[float]:
    """On what a part of an island's bar stands: the parts before it in its year."""
    order = list(dict.fromkeys(island["item"]))
    before = island[island["item"].isin(order[: order.index(part["item"].iloc[0])])]
    return [float(before.loc[before["year"] == y, "mwh"].sum()) for y in part["year"]]
