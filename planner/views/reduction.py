"""Reduction 减排构成: from the base year to what is left - output, grid, suppliers, own measures - and below the line what is purchased.

The wedges of `planner why` where the run has them; else how much of the cut is the plant's own and how much the grid's.
"""

from typing import Any

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale, texts
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.roadmap import LEVERS

TITLE, QUESTION, SOURCE = "reduction.title", "reduction.question", "reduction.source"
PARTS = {"left_t": "fossil", "own_t": "hydrogen", "grid_t": "electricity"}  # stacked up to the base year
TONNES = ("base_t", "left_t", "own_t", "grid_t", "instruments_t", "market_left_t")
SHARES = ("left_share", "physical_share", "green_share")
WEDGES = {  # the same with wedges: own measures next to what is left, what is not the factory's doing outside
    "left": "fossil", "technology": "technology", "structure": "structure", "management": "management", "other": "heat", "running": "storage",
    "moved": "capture", "grid": "wind", "standing": "residual", "output": "efficiency",
}  # fmt: skip
BELOW = ("view", "instruments", "market", "offset", "remains")
MEASURE = "measure"


def table(results: Results, language: str) -> pd.DataFrame:
    """With wedges one row a part and measure and one column a year, adding up from the base year to what is left, then what stands below
    the line; without them one row a year. Shares of the cut stand in the chart's first version."""
    frame, wedges = results.tables.get("reduction"), results.tables.get("wedges")
    if wedges is not None and len(wedges):
        return _wedges(wedges, language)
    if frame is None or not len(frame):
        return missing(language, "solve")
    unit = scale([float(v) for v in frame["base_t"]], "carbon", language)
    columns: dict[str, object] = {say("reduction.year", language): [str(int(y)) for y in frame["year"]]}
    columns |= {f"{say(f'reduction.{c}', language)} ({unit.unit})": (frame[c].astype(float) / unit.per).round(2) for c in TONNES}
    columns |= {say(f"reduction.{c}", language): [fmt(float(v), "share", language) for v in frame[c]] for c in SHARES}
    return pd.DataFrame(columns)


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """A bar a year, up to the base year where nothing rises: what is left, and above it what took the rest away; below zero what rose."""
    frame, wedges = results.tables.get("reduction"), results.tables.get("wedges")
    if frame is None or not len(frame):
        return missing(language, "solve", dark)
    unit = scale([float(v) for v in frame["base_t"]], "carbon", language)
    made, years = theme.figure(dark, theme.HEIGHT, unit=unit.unit), [str(int(y)) for y in frame["year"]]
    heights = _heights(wedges) if wedges is not None and len(wedges) else frame[list(PARTS)].astype(float)
    for column, shade in (WEDGES if wedges is not None and len(wedges) else PARTS).items():
        if heights[column].abs().max() <= 0:
            continue
        label = _word(column, language)
        made.add_bar(
            x=years, y=heights[column] / unit.per, name=label, marker={"color": theme.colour(shade, dark), "line": {"width": 0}},
            hovertemplate=f"%{{y:,.4g}} {unit.unit}<extra>%{{x}} · {label}</extra>",
        )  # fmt: skip
    base = float(frame["base_t"].iloc[0]) / unit.per
    made.add_scatter(
        x=years, y=[base] * len(years), mode="lines", name=_vintage(wedges, language), line={"color": theme.LIMIT[dark], "dash": "dot", "width": 2},
        hovertemplate=f"%{{y:,.4g}} {unit.unit}<extra>{say('reduction.base_t', language)}</extra>",
    )  # fmt: skip
    made.update_layout(barmode="relative")
    return made


def _heights(wedges: pd.DataFrame) -> pd.DataFrame:
    """One row a year, t: what is left, and how much each part took away (below zero: added); measures by lever."""
    of_lever = wedges["lever"].where(wedges["lever"].isin(LEVERS), "other")
    named = wedges.assign(shown=of_lever.where(wedges["part"] == MEASURE, wedges["part"]), t=wedges["t"].astype(float))
    wide = named.pivot_table(index="year", columns="shown", values="t", aggfunc="sum").reindex(columns=list(WEDGES), fill_value=0.0).fillna(0.0)
    return (-wide).assign(left=wide["left"]).reset_index(drop=True)


def _wedges(wedges: pd.DataFrame, language: str) -> pd.DataFrame:
    """Parts in the order in which they add up, one column a year."""
    unit = scale([float(wedges["t"].astype(float).abs().max())], "carbon", language)
    wide = wedges.assign(t=wedges["t"].astype(float) / unit.per).pivot_table(index=["part", "item"], columns="year", values="t", sort=False)
    rows: list[dict[str, Any]] = wedges.drop_duplicates(["part", "item"]).to_dict("records")  # type: ignore[assignment]
    place = {lever: n for n, lever in enumerate(LEVERS)}

    def order(row: dict[str, Any]) -> tuple[int, int, float]:
        """Measures by lever, the largest first; all else as it stands."""
        of_measure = row["part"] == MEASURE
        group = 2 if row["part"] in (*BELOW, "left") else 1 if of_measure else 0
        return (
            group,
            place.get(row["lever"], len(LEVERS)) if of_measure else 0,
            float(wide.loc[(row["part"], row["item"])].iloc[-1]) if of_measure else 0.0,
        )

    rows.sort(key=order)
    labels = [_label(row, wedges, language) for row in rows]
    sums = wide.loc[[(row["part"], row["item"]) for row in rows]].round(3) + 0.0
    columns = {f"{y} ({unit.unit})": sums[y].to_numpy() for y in sums}
    return pd.DataFrame({say("reduction.part", language): labels} | columns)


def _label(row: dict[str, Any], wedges: pd.DataFrame, language: str) -> str:
    if row["part"] == "base":
        return _vintage(wedges, language)
    if row["part"] == MEASURE:
        return f"{_word(str(row['lever']), language)} · {row[language]}"
    text = _word(str(row["part"]), language)
    return say("reduction.below", language, part=text) if row["part"] in BELOW else text


def _word(column: str, language: str) -> str:
    key = f"lever.{column}" if column in LEVERS else f"reduction.{column}"
    return say(key, language) if key in texts() else say("other", language)


def _vintage(wedges: pd.DataFrame | None, language: str) -> str:
    """The base year, and the grid factor that own parts are counted with."""
    if wedges is None or not len(wedges):
        return say("reduction.base_t", language)
    first = wedges.iloc[0]
    year, vintage = (f"{float(first[c]):.0f}" if pd.notna(first[c]) and first[c] != "" else "–" for c in ("base_year", "factor_year"))
    return say("reduction.base", language, year=year, vintage=vintage, factor=f"{float(first['factor']):.4f}")
