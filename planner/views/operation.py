"""Operation 运行: electricity through the mean day of every season, and what the seasons sum up to in a year.

A season is a group of months that the representative days of a run were chosen from: four of three months, or twelve of
one. Its mean day weighs every representative day by the days it stands for.
"""

import numpy as np
import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.names import kind
from planner.views.power import KINDS, SMALL, years

TITLE, QUESTION, SOURCE = "operation.title", "operation.question", "operation.source"
SEASONS = {"01": "winter", "03": "spring", "06": "summer", "09": "autumn"}  # first month -> name, where there are these four
HOURS = 24
SPLIT = (0.66, 0.74)  # of the width: the days, the year


def table(results: Results, language: str, year: int | None = None) -> pd.DataFrame:
    """One row a season and kind: MWh of the year, mean MW; into the site positive, out of it or used negative."""
    seen = _rows(results, year)
    days = seen.drop_duplicates("day").groupby("season")["weight"].sum()
    summed = seen.groupby(["season", "kind"])["mwh"].sum()
    names = season_names(results, language)
    rows = [
        (names[str(season)], int(days[season]), say(f"kind.{one}", language), round(float(summed[season, one]), 1), round(float(summed[season, one]) / days[season] / HOURS, 3))
        for season in days.index for one in KINDS if (season, one) in summed.index and abs(summed[season, one]) > 0
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[say(f"operation.{head}", language) for head in ("season", "days", "kind", "year.amount", "mean")])


def chart(results: Results, language: str, dark: bool = False, year: int | None = None) -> go.Figure:
    """Left the mean day of each season, hour by hour; right each season's sum."""
    shown = year or max(years(results), default=0)
    hourly, sums = mean_days(results, shown), by_season(results, shown)
    names = season_names(results, language)
    unit = _scale(sums, language)
    made = theme.figure(dark, theme.HEIGHT, unit=say("operation.axis", language, year=shown))
    theme.second(made, dark, split=SPLIT, unit=say("operation.axis.year", language, unit=unit.unit))
    seasons = list(names)
    largest = float(hourly.abs().to_numpy().max()) if hourly.size else 0.0
    for one in KINDS:
        if one not in hourly or hourly[one].abs().max() <= SMALL * largest:
            continue
        label, look = say(f"kind.{one}", language), {"color": theme.colour(one, dark), "line": {"width": 0}}
        said = [f"{names[s]} {h:02d}:00–{h + 1:02d}:00" for s, h in hourly.index]
        made.add_bar(
            x=[HOURS * seasons.index(s) + h for s, h in hourly.index], y=hourly[one], width=1, offset=0, name=label, legendgroup=one, marker=look, customdata=said,
            hovertemplate="%{y:,.1f} MW<extra>%{customdata} · %{fullData.name}</extra>",
        )  # fmt: skip
        made.add_bar(
            x=list(range(len(seasons))), y=sums[one] / unit.per, width=0.7, name=label, legendgroup=one, showlegend=False, marker=look, xaxis="x2", yaxis="y2",
            customdata=list(names.values()), hovertemplate="%{y:,.1f} " + unit.unit + "<extra>%{customdata} · %{fullData.name}</extra>",
        )  # fmt: skip
    made.update_layout(barmode="relative", bargap=0, margin_b=72)
    middles = [HOURS * (n + 0.5) for n in range(len(seasons))]
    words = {"ticktext": list(names.values()), "tickfont": {"size": 12 if len(seasons) < 6 else 10}}
    made.update_layout(
        xaxis={"range": [0, HOURS * len(seasons)], "tickvals": middles, **words}, xaxis2={"tickvals": list(range(len(seasons))), **words}
    )
    for n in range(1, len(seasons)):
        made.add_vline(x=HOURS * n, line={"color": theme.LINE[dark], "width": 1})
    made.update_yaxes(zeroline=True, zerolinecolor=theme.INK[dark], zerolinewidth=1.5, tickformat=",~g")
    return made


def mean_days(results: Results, year: int) -> pd.DataFrame:
    """(season, hour) x kind, MW: the mean of the season's days, each counted as often as it stands for one."""
    seen = _rows(results, year)
    found = []
    for (season, _), rows in seen.groupby(["season", "day"]):
        wide = rows.pivot_table(index="step", columns="kind", values="mw", aggfunc="sum")
        ends = rows.drop_duplicates("step").sort_values("step")["hours"].cumsum().to_numpy()
        hourly = wide.iloc[np.searchsorted(ends, np.arange(HOURS) + 0.5)].reset_index(drop=True)  # the step that holds the middle of the hour
        found.append((str(season), float(rows["weight"].iloc[0]), hourly))
    means: dict[str, pd.DataFrame] = {}
    for season in dict.fromkeys(s for s, _, _ in found):
        own = [(w, h) for s, w, h in found if s == season]
        means[season] = pd.concat([w * h for w, h in own]).groupby(level=0).sum() / sum(w for w, _ in own)
    return pd.concat(means, names=["season", "hour"]) if means else pd.DataFrame()


def by_season(results: Results, year: int) -> pd.DataFrame:
    """Season x kind, MWh in the year."""
    return _rows(results, year).pivot_table(index="season", columns="kind", values="mwh", aggfunc="sum").fillna(0.0)


def season_names(results: Results, language: str) -> dict[str, str]:
    """First month (two digits) -> the season's name, in the order of the year."""
    firsts = sorted({str(day)[1:3] for day in results["operation"]["day"]})
    four = set(firsts) == set(SEASONS)
    return {first: say(f"operation.{SEASONS[first]}" if four else f"month.{int(first)}", language) for first in firsts}


def _rows(results: Results, year: int | None) -> pd.DataFrame:
    """The operation of one year with season, kind, and MWh that a step stands for."""
    operation = results["operation"]
    rows = operation[operation["year"] == (year or max(years(results), default=0))]
    return rows.assign(season=rows["day"].astype(str).str[1:3], kind=rows["item"].map(kind), mwh=rows["mw"] * rows["hours"] * rows["weight"])


def _scale(sums: pd.DataFrame, language: str) -> Scale:
    above, below = sums.clip(lower=0).sum(axis=1), sums.clip(upper=0).sum(axis=1)
    return scale([float(above.max()), float(below.min())], "energy", language)
