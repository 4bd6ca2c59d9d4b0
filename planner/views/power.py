"""Power 用电: where the electricity of a representative day comes from and where it goes, step by step."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import say
from planner.results import Results
from planner.views import theme
from planner.views.names import kind, name

TITLE, QUESTION, SOURCE = "power.title", "power.question", "power.source"
KINDS = ("grid", "solar", "wind", "storage", "processes", "heat", "cold", "hydrogen", "export", "other")  # from the axis outwards
SMALL = 1e-3  # of the largest flow: below this a kind is not drawn


def years(results: Results) -> list[int]:
    """The years that have a day to show."""
    return sorted(int(y) for y in results["operation"]["year"].unique())


def days(results: Results) -> list[str]:
    """The representative days, in the order of the year."""
    return sorted(str(d) for d in results["operation"]["day"].unique())


def usual(results: Results) -> str:
    """The day that stands for the most days of the year."""
    days = results["operation"].groupby("day")["weight"].first()
    return str(days.idxmax()) if len(days) else ""


def day_label(results: Results, day: str, language: str) -> str:
    """A representative day in words: the month its group begins with and how many days it stands for."""
    operation = results["operation"]
    weight = operation.loc[operation["day"] == day, "weight"].iloc[0]
    return say("power.day", language, month=say(f"month.{int(day[1:3])}", language), number=day.split("d")[-1], days=f"{weight:.0f}")


def table(results: Results, language: str, year: int | None = None, day: str | None = None) -> pd.DataFrame:
    """One row a step and one column an item, MW: into the site positive, out of it or used negative."""
    rows = _rows(results, year, day)
    wide = rows.pivot_table(index=["start", "hours"], columns="item", values="mw", aggfunc="sum")
    wide = wide.loc[:, wide.abs().max() > SMALL].rename(columns=lambda item: f"{name(results, item, language)} (MW)").round(3)
    heads = {"start": say("power.start", language), "hours": say("power.hours", language)}
    return wide.reset_index().rename(columns=heads).rename_axis(columns=None)


def chart(results: Results, language: str, dark: bool = False, year: int | None = None, day: str | None = None) -> go.Figure:
    """Stacked steps of the day: supply above zero, use below; each step as wide as its hours."""
    rows = _rows(results, year, day)
    wide = rows.assign(kind=rows["item"].map(kind)).pivot_table(index=["start", "hours"], columns="kind", values="mw", aggfunc="sum").fillna(0.0)
    made = theme.figure(dark, theme.HEIGHT, unit=say("power.axis", language))
    start, hours = wide.index.get_level_values("start"), wide.index.get_level_values("hours")
    said = [f"{int(a):02d}:00–{int(a + h):02d}:00" for a, h in wide.index]
    largest = float(wide.abs().to_numpy().max()) if wide.size else 0.0
    for one in KINDS:
        if one in wide and wide[one].abs().max() > SMALL * largest:
            made.add_bar(
                x=start, y=wide[one], width=hours, offset=0, name=say(f"kind.{one}", language), marker={"color": theme.colour(one, dark), "line": {"width": 0}},
                customdata=said, hovertemplate="%{y:,.1f} MW<extra>%{customdata} · %{fullData.name}</extra>",
            )  # fmt: skip
    made.update_layout(barmode="relative", bargap=0, margin_b=72)
    made.update_xaxes(range=[0, 24], tickvals=list(range(0, 25, 4)), ticktext=[f"{h:02d}:00" for h in range(0, 25, 4)])
    made.update_yaxes(zeroline=True, zerolinecolor=theme.INK[dark], zerolinewidth=1.5, tickformat=",~g")
    return made


def _rows(results: Results, year: int | None, day: str | None) -> pd.DataFrame:
    """The operation of one day with the hour at which each step starts."""
    operation = results["operation"]
    year, day = year or max(years(results), default=0), day or usual(results)
    rows = operation[(operation["year"] == year) & (operation["day"] == day)].copy()
    steps = rows.drop_duplicates("step").sort_values("step")
    starts = dict(zip(steps["step"], steps["hours"].cumsum() - steps["hours"], strict=True))
    return rows.assign(start=rows["step"].map(starts).astype(float))
