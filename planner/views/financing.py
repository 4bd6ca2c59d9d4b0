"""Financing 融资: what each project alone is worth to the site, paid for by own money, by a contract on its saving, or by a power purchase."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.names import short

TITLE, QUESTION, SOURCE = "finance.title", "finance.question", "finance.source"
WAYS = {"own": "electricity", "contract": "hydrogen", "purchase": "solar"}
SHOWN = 12  # projects, the ones worth most or costing most; all stand in the table
NAME_WIDTH = 30


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a project and way."""
    frame = results.tables.get("financing")
    if frame is None:
        return missing(language, "financing")
    money = {"finance.site": "site_investment_cny", "finance.saving": "first_saving_cny", "options.npv": "npv_cny"}
    numbers = frame[[*money.values(), "share_paid", "price_cny_per_mwh", "irr", "payback_years", "cny_per_t"]].apply(pd.to_numeric, errors="coerce")
    unit = scale(numbers[list(money.values())].abs().max(), "money", language)
    columns: dict[str, object] = {
        say("options.option", language): frame[language],
        say("finance.way", language): [say(f"finance.{w}", language) for w in frame["way"]],
    }
    columns |= {f"{say(head, language)} ({unit.unit})": (numbers[c] / unit.per).round(3) for head, c in money.items()}
    columns[say("finance.share", language)] = [fmt(v, "share", language) for v in numbers["share_paid"]]
    columns[say("finance.price", language)] = [fmt(v / 1000, "power_price", language) for v in numbers["price_cny_per_mwh"]]
    columns[say("worth.irr", language)] = [fmt(v, "share", language) for v in numbers["irr"]]
    columns[say("options.payback", language)] = numbers["payback_years"].round(1)
    columns[say("options.cost_per_t", language)] = [fmt(v, "unit_cost", language) for v in numbers["cny_per_t"]]
    columns[say("options.remark", language)] = [say(f"finance.{r}", language) if isinstance(r, str) and r else "" for r in frame["remark"]]
    return pd.DataFrame(columns)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """Net present value for the site, a bar a way, the projects with the largest figures first."""
    frame = results.tables.get("financing")
    if frame is None:
        return missing(language, "financing", dark)
    worth = frame.assign(npv=pd.to_numeric(frame["npv_cny"], errors="coerce")).pivot_table(index="option", columns="way", values="npv")
    worth = worth.reindex(worth.abs().max(axis=1).sort_values(ascending=False).index[:SHOWN])[::-1]
    labels = dict(zip(frame["option"], frame[language], strict=True))
    unit = scale(worth.abs().max(), "money", language)
    made = theme.figure(dark, theme.HEIGHT, unit=say("finance.axis", language, unit=unit.unit), legend=True)
    for way, kind in WAYS.items():
        if way in worth:
            made.add_bar(
                y=[short(str(labels[o]), NAME_WIDTH) for o in worth.index], x=worth[way] / unit.per, orientation="h", name=say(f"finance.{way}", language),
                marker={"color": theme.colour(kind, dark)},
            )  # fmt: skip
    made.update_layout(barmode="group", bargap=0.2)
    made.update_xaxes(showgrid=True, zeroline=True, zerolinecolor=theme.FAINT[dark])
    made.update_yaxes(showgrid=False)
    return made
