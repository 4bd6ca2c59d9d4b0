"""Costs 成本: which parts of the bill the plan changes each year, against operation as today."""

from dataclasses import replace

import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.names import name

TITLE, QUESTION, SOURCE = "costs.title", "costs.question", "costs.source"
PARTS = 7  # the largest changes have a colour of their own, the rest is "other"
ELECTRICITY = "electricity"
FREE = ("fossil", "heat", "solar", "hydrogen", "wind", "efficiency")  # colours for materials, in the order of their size


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year and cost part: the plan, operation as today, and the difference."""
    plan, frozen = _wide(results, "costs"), _wide(results, "frozen_costs")
    unit = _scale(plan - frozen, language)
    long = pd.DataFrame({"plan": plan.stack(), "frozen": frozen.stack()})
    long = long[long.abs().groupby(level="part").transform("sum").sum(axis=1) > 0]
    long["difference"] = long["plan"] - long["frozen"]
    long = (long / unit.per).round(3).reset_index()
    long["part"] = [name(results, str(part), language) for part in long["part"]]
    return long.set_axis([say(f"column.{c}", language, unit=unit.unit) for c in ("year", "part", "plan", "frozen", "difference")], axis="columns")


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """Stacked differences by part - above zero the plan spends more, below it saves - and their sum as a diamond."""
    change = changes(results)
    unit = _scale(change, language)
    years = [str(y) for y in change.index]
    places = list(range(len(years)))
    made = theme.figure(dark, theme.HEIGHT, unit=say("costs.axis", language, unit=unit.unit), legend=True)

    def hover(label: str) -> dict[str, object]:
        return {"name": label, "customdata": years, "hovertemplate": f"%{{y:+,.2f}} {unit.unit}<extra>%{{customdata}} · {label}</extra>"}

    for part, kind in colours(list(change.columns)).items():
        label = say("other", language) if part == "other" else name(results, part, language)
        edge = {"width": 1, "color": theme.PAPER[dark]}
        made.add_bar(
            x=places, y=(change[part] / unit.per).where(change[part] != 0), marker={"color": theme.colour(kind, dark), "line": edge}, **hover(label)
        )
    net = change.sum(axis=1)
    diamond = {"symbol": "diamond", "size": 10, "color": theme.PAPER[dark], "line": {"width": 2, "color": theme.INK[dark]}}
    made.add_scatter(x=places, y=net / unit.per, mode="markers", marker=diamond, **hover(say("costs.net", language)))
    above, below = change.clip(lower=0).sum(axis=1) / unit.per, change.clip(upper=0).sum(axis=1) / unit.per
    signed = replace(unit, signed=True)
    for place, total, height in zip(places, net, above, strict=True):
        made.add_annotation(
            text=f"<b>{signed.number(float(total))}</b>", x=place, y=max(height, total / unit.per), yanchor="bottom", yshift=7, showarrow=False
        )
    span = float(above.max() - below.min()) or 1.0
    made.update_layout(barmode="relative")
    made.update_xaxes(tickvals=places, ticktext=years)
    made.update_yaxes(
        range=[float(below.min()) - 0.05 * span, float(above.max()) + 0.16 * span],
        zeroline=True,
        zerolinecolor=theme.FAINT[dark],
        zerolinewidth=1.5,
        tickformat=",~g",
    )
    return made


def credited(results: Results, language: str) -> str:
    """What the investment is still worth after the last year, which the chart by years cannot show."""
    flow = results["cash_flow"]
    left = -float(flow.loc[flow["kind"].str.startswith("value left"), "today_cny"].sum())
    return say("costs.credited", language, money=fmt(left, "money", language))


def changes(results: Results) -> pd.DataFrame:
    """Years x parts, CNY: investment, electricity, the largest others, and the rest as `other`."""
    change = one_electricity(results, _wide(results, "costs") - _wide(results, "frozen_costs"))
    size = change.abs().sum().sort_values(ascending=False)
    size = size[size > 1e-4 * size.sum()]
    kept = list(size.index[:PARTS]) if len(size) > PARTS + 1 else list(size.index)
    rest = [p for p in size.index if p not in kept]
    made = change[kept].copy()
    if rest:
        made["other"] = change[rest].sum(axis=1)
    return made


def one_electricity(results: Results, change: pd.DataFrame) -> pd.DataFrame:
    """Purchase, demand charge and sale of electricity are one thing to whoever pays."""
    flows = results["balance"]
    power = {str(i) for i in flows.loc[flows["carrier"] == ELECTRICITY, "item"]} | {"grid", "grid demand charge"}
    return change.rename(columns=dict.fromkeys(power, ELECTRICITY)).T.groupby(level=0).sum().T


def colours(parts: list[str]) -> dict[str, str]:
    """Part -> kind of colour: its own meaning, else the next that is free."""
    own = {p: p for p in parts if p in (ELECTRICITY, *theme.MEANING)}
    own |= {p: "storage" for p in parts if p == "fixed"}
    rest = [p for p in parts if p not in own]
    free = [c for c in (*FREE, "storage") if c not in {theme.MEANING.get(p, p) for p in own}]
    found = own | dict(zip(rest, free, strict=False))
    return {p: found.get(p, "residual") for p in parts}


def _wide(results: Results, table: str) -> pd.DataFrame:
    """Years x cost parts, CNY; both tables with the parts of either."""
    every = [*results["costs"]["part"], *results["frozen_costs"]["part"]]
    wide = results[table].pivot_table(index="year", columns="part", values="cny", aggfunc="sum")
    return wide.reindex(columns=list(dict.fromkeys(every))).fillna(0.0).rename_axis(columns="part")


def _scale(change: pd.DataFrame, language: str) -> Scale:
    above, below = change.clip(lower=0).sum(axis=1), change.clip(upper=0).sum(axis=1)
    return scale([float(above.max()), float(below.min())], "money/a", language)
