"""Worth 价值: what the plan costs and earns, against running on as today and against the plan without caps."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.names import name

TITLE, QUESTION, SOURCE = "worth.title", "worth.question", "worth.source"
PARTS = 9  # bars; the rest is one


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a reference: extra cost, extra investment, net present value, return, payback."""
    frame = results.tables.get("worth")
    if frame is None:
        return missing(language, "solve")
    unit = scale([*frame["extra_cny"], *frame["invested_cny"]], "money", language)
    heads = {"extra": "extra_cny", "invested": "invested_cny", "npv": "npv_cny"}
    columns: dict[str, object] = {say("worth.reference", language): [say(f"worth.{r}", language) for r in frame["reference"]]}
    columns |= {f"{say(f'worth.{h}', language)} ({unit.unit})": (frame[c] / unit.per).round(3) for h, c in heads.items()}
    columns[say("worth.irr", language)] = [fmt(_number(v), "share", language) for v in frame["irr"]]
    columns[say("worth.payback", language)] = [
        say("worth.years", language, years=f"{v:.1f}") if (v := _number(p)) is not None else "–" for p in frame["payback_years"]
    ]
    columns[say("worth.remark", language)] = [say(f"worth.{r}", language) if isinstance(r, str) and r else "" for r in frame["remark"]]
    return pd.DataFrame(columns)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """From the bill as today to the bill of the plan, part by part in today's money; the first and last bar are the totals' difference to it."""
    if "worth_parts" not in results.tables:
        return missing(language, "solve", dark)
    steps = _steps(results)
    unit = scale(list(steps.cumsum()) + list(steps), "money_change", language)
    made = theme.figure(dark, theme.HEIGHT, unit=unit.unit, legend=False)
    labels = [say("other", language) if part == "other" else name(results, str(part), language) for part in steps.index]
    made.add_waterfall(
        x=[*labels, say("costs.net", language)], y=[*(steps / unit.per), 0.0], measure=["relative"] * len(steps) + ["total"],
        text=[*(unit.number(float(v)) for v in steps), unit.number(float(steps.sum()))], textposition="outside", cliponaxis=False,
        increasing={"marker": {"color": theme.colour("heat", dark)}}, decreasing={"marker": {"color": theme.colour("hydrogen", dark)}},
        totals={"marker": {"color": theme.colour("fossil", dark)}}, connector={"line": {"color": theme.FAINT[dark], "width": 1}}, name=say("worth.frozen", language),
    )  # fmt: skip
    made.update_xaxes(automargin=True, tickangle=-30)
    return made


def _steps(results: Results) -> "pd.Series[float]":
    """Cost part -> what the plan pays more than as today over the horizon, today's CNY; the largest first, the rest as ``other``."""
    parts = results["worth_parts"]
    summed = parts[parts["reference"] == "frozen"].groupby("part")["today_cny"].sum()
    summed = summed.reindex(summed.abs().sort_values(ascending=False).index)
    if len(summed) > PARTS + 1:
        summed = pd.concat([summed[:PARTS], pd.Series({"other": float(summed[PARTS:].sum())})])
    return summed[summed.abs() > 0]


def _number(value: object) -> float | None:
    number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    return None if pd.isna(number) else float(number)
