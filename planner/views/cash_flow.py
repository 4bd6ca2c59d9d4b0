"""Cash flow 现金流: what is paid in each year and for what, and how it adds up to the total cost in today's money."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import costs, theme
from planner.views.names import name

TITLE, QUESTION, SOURCE = "cash_flow.title", "cash_flow.question", "cash_flow.source"
LEFT = "value left (today's money)"  # the kind of what assets are still worth after the last year
PARTS = 6  # the largest have a colour of their own, the rest is "other"
TICKS = 5  # years that are named under the running sum
SPLIT = (0.54, 0.63)  # of the width: by year, added up


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year and part: paid, its discount factor, in today's money, and today's money added up so far."""
    flow = results["cash_flow"]
    rows = flow.assign(part=_parts(flow)).groupby(["year", "part", "discount_factor"], as_index=False, sort=False)[["cny", "today_cny"]].sum()
    rows = rows.assign(last=rows["part"] == LEFT).sort_values(["year", "last"], kind="stable")
    unit = _scale(results, language)
    made = pd.DataFrame(
        {
            "year": rows["year"], "part": [_label(results, str(p), language) for p in rows["part"]], "paid": (rows["cny"] / unit.per).round(4),
            "factor": rows["discount_factor"].round(6), "today": (rows["today_cny"] / unit.per).round(4), "sum": (rows["today_cny"].cumsum() / unit.per).round(4),
        }
    )  # fmt: skip
    return made.set_axis([say(f"cash_flow.{head}", language, unit=unit.unit) for head in made.columns], axis="columns").reset_index(drop=True)


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """Left payments by year and part, as paid; right their running sum, as paid and discounted, less the value left."""
    unit = _scale(results, language)
    paid, added = by_part(results), sums(results)
    years, last = [str(y) for y in added.index], say("cash_flow.end", language)
    made = theme.figure(dark, theme.HEIGHT, unit=say("cash_flow.axis", language, unit=unit.unit))
    theme.second(made, dark, split=SPLIT, unit=say("cash_flow.axis.sum", language, unit=unit.unit))
    places = list(range(len(years)))
    for part, shade in costs.colours(list(paid.columns)).items():
        label = _label(results, part, language)
        made.add_bar(
            x=places, y=paid[part] / unit.per, name=label, marker={"color": theme.colour(shade, dark), "line": {"width": 1, "color": theme.PAPER[dark]}},
            customdata=years, hovertemplate=f"%{{y:,.3f}} {unit.unit}<extra>%{{customdata}} · {label}</extra>",
        )  # fmt: skip
    lines = (("paid", [*added["paid"]], "dot", theme.FAINT[dark]), ("today", [*added["today"], total(results)], "solid", theme.INK[dark]))
    for line, values, dash, ink in lines:
        label = say(f"cash_flow.line.{line}", language)
        made.add_scatter(
            x=list(range(len(values))), y=[v / unit.per for v in values], mode="lines+markers", name=label, line={"color": ink, "dash": dash, "width": 2}, xaxis="x2", yaxis="y2",
            customdata=[*years, last], hovertemplate=f"%{{y:,.3f}} {unit.unit}<extra>%{{customdata}} · {label}</extra>",
        )  # fmt: skip
    made.add_annotation(
        text=f"<b>{unit.number(total(results))}</b>",
        x=len(years),
        y=total(results) / unit.per,
        xref="x2",
        yref="y2",
        yanchor="top",
        yshift=-8,
        showarrow=False,
    )
    every = places[:: max(1, round(len(places) / TICKS))]
    made.update_layout(
        barmode="relative",
        xaxis={"tickvals": places, "ticktext": years},
        xaxis2={"tickvals": [*every, len(years)], "ticktext": [*(years[n] for n in every), last], "range": [-0.4, len(years) + 0.5]},
    )
    made.update_yaxes(zeroline=True, zerolinecolor=theme.FAINT[dark], zerolinewidth=1.5, tickformat=",~g", rangemode="tozero")
    return made


def by_part(results: Results) -> pd.DataFrame:
    """Years x parts, CNY as paid: investment, the largest running costs, and the rest as `other`."""
    flow = results["cash_flow"]
    flow = flow.assign(part=_parts(flow))
    wide = flow[flow["part"] != LEFT].pivot_table(index="year", columns="part", values="cny", aggfunc="sum").reindex(_years(results)).fillna(0.0)
    wide = costs.one_electricity(results, wide)
    size = wide.abs().sum().sort_values(ascending=False)
    kept = list(
        size.index if len(size) <= PARTS + 1 else dict.fromkeys([*size.index[:PARTS], *(["investment"] if "investment" in size.index else [])])
    )
    rest = [p for p in size.index if p not in kept]
    made = wide[kept].copy()
    if rest:
        made["other"] = wide[rest].sum(axis=1)
    return made


def sums(results: Results) -> pd.DataFrame:
    """Years x (paid, today), CNY: what has been paid so far, and the same in today's money; without the value left."""
    flow = results["cash_flow"]
    by_year = flow[flow["kind"] != LEFT].groupby("year")[["cny", "today_cny"]].sum().reindex(_years(results)).fillna(0.0)
    return by_year.cumsum().set_axis(["paid", "today"], axis="columns")


def total(results: Results) -> float:
    """Everything in today's money less the value left: the total cost that the plan makes smallest, CNY."""
    return float(results["cash_flow"]["today_cny"].sum())


def _years(results: Results) -> list[int]:
    return list(range(int(results.summary["first_year"]), int(results.summary["last_year"]) + 1))


def _parts(flow: pd.DataFrame) -> pd.Series:
    """Investment and value left are one part each, running costs are told apart."""
    return flow["item"].where(flow["kind"].isin(["running", "steering"]), flow["kind"])


def _label(results: Results, part: str, language: str) -> str:
    if part == "other":
        return say("other", language)
    return say("cash_flow.left", language) if part == LEFT else name(results, part, language)


def _scale(results: Results, language: str) -> Scale:
    return scale([*sums(results).to_numpy().ravel(), total(results)], "money", language)
