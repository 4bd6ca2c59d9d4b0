"""Tornado 敏感性: which assumption, at the ends of its range, changes the cost most - with the plan kept and with the plan made anew."""

import math
from collections.abc import Mapping

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale, span
from planner.results import Results
from planner.views import names, theme
from planner.views.missing import missing

TITLE, QUESTION, SOURCE = "tornado.title", "tornado.question", "tornado.source"
NOISE = 1e-3  # of the largest change of emissions: less is none
SHOWN = 10  # bars of a chart; all stand in the table
LONGEST = 30  # letters of a label


def table(results: Results, language: str) -> pd.DataFrame:
    """One row an assumption, way and end; changes as the proven gaps bracket them."""
    frame = results.tables.get("tornado")
    if frame is None:
        return missing(language, "sensitivity")
    return told(frame, {}, language, results)


def told(frame: pd.DataFrame, named: Mapping[str, str], language: str, results: Results | None = None) -> pd.DataFrame:
    """The table with its words; ``named``: assets, where no results name them."""
    change = numbers(frame, "least_cny", "most_cny", "emissions_change_t", "missed_cny")
    noise = NOISE * change["emissions_change_t"].abs().max()

    def assets(listed: object) -> str:
        return say("list.and", language).join(
            names.name(results, a, language) if results else named.get(a, a) for a in str(listed or "").split() if a != "nan"
        )

    rows = [
        (
            r[language], at(r["value"], r["unit"], language), _trust(r["confidence"], language), say(f"risk.{r['plan']}", language),
            span(c["least_cny"], c["most_cny"], "money_change", language) if r["status"] in ("optimal", "feasible") else ended(r["status"], r["plan"], language),
            fmt(0.0 if abs(c["emissions_change_t"]) < noise else c["emissions_change_t"], "emissions_sum_change", language), short_of(r["missed"], language), assets(r["entered"]), assets(r["left"]),
        )
        for r, c in zip(frame.to_dict("records"), change.to_dict("records"), strict=True)
    ]  # fmt: skip
    heads = ("assumption", "value", "confidence", "plan", "change", "emissions", "missed", "entered", "left")
    return pd.DataFrame(rows, columns=[say(f"risk.{h}", language) for h in heads])


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """Bars from the case's own cost to that at either end, made anew; the marks beside them are the same plan kept."""
    frame = results.tables.get("tornado")
    if frame is None:
        return missing(language, "sensitivity", dark)
    frame = frame.assign(**numbers(frame, "change_cny", "least_cny", "most_cny"))
    order = list(dict.fromkeys(frame["assumption"]))[:SHOWN][::-1]
    unit = scale([frame["change_cny"].abs().max()], "money", language)
    label = {r["assumption"]: names.short(str(r[language]), LONGEST) for r in frame.to_dict("records")}
    made = theme.figure(dark, theme.HEIGHT + 60, unit=say("tornado.axis", language, unit=unit.unit), legend=True)
    ways = [w for w in ("anew", "fixed") if (frame["plan"] == w).any()]
    for end, colour in (("low", "wind"), ("high", "heat")):
        for way in ways:
            part = frame[(frame["plan"] == way) & (frame["end"] == end)].set_index("assumption").reindex(order)
            value = part["change_cny"] / unit.per
            said = [f"{a} · {at(v, u, language)}" for a, v, u in zip(part.index, part["value"], part["unit"], strict=True)]
            common = {
                "y": [label[a] for a in order],
                "x": value,
                "name": f"{say(f'risk.{end}', language)} · {say(f'risk.{way}', language)}",
                "customdata": said,
            }
            hover = "%{customdata}<br>%{x:.3g}<extra></extra>"
            if way == ways[0]:
                made.add_bar(orientation="h", marker={"color": theme.colour(colour, dark)}, hovertemplate=hover, **common)
            else:
                made.add_scatter(mode="markers", marker={"symbol": "line-ns", "size": 14, "line": {"width": 3, "color": theme.INK[dark] if end == "low" else theme.LIMIT[dark]}}, hovertemplate=hover, **common)  # fmt: skip
    most = (frame["change_cny"].abs().max() or 1.0) / unit.per
    for way in ways:
        none = frame[(frame["plan"] == way) & (frame["status"] == "infeasible") & frame["assumption"].isin(order)]
        if len(none):
            said = [f"{a} · {at(v, u, language)}" for a, v, u in zip(none[language], none["value"], none["unit"], strict=True)]
            made.add_scatter(
                mode="markers", x=[-most if end == "low" else most for end in none["end"]], y=[label[a] for a in none["assumption"]], customdata=said,
                marker={"symbol": "x", "size": 10, "color": theme.LIMIT[dark]}, name=f"{ended('infeasible', way, language)} · {say(f'risk.{way}', language)}",
                hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
    made.update_layout(barmode="overlay")
    made.update_xaxes(zeroline=True, zerolinecolor=theme.FAINT[dark], showgrid=True)
    return made


def numbers(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Columns as numbers: a stored table's empty cells are texts."""
    return pd.DataFrame({c: pd.to_numeric(frame[c], errors="coerce") for c in columns})


def at(value: object, unit: object, language: str) -> str:
    """A value as its lever shows it."""
    number = float(str(value) or "nan")
    return "–" if math.isnan(number) else names.with_unit(f"{number:,.4g}", str(unit), language)


def ended(status: str, way: str, language: str) -> str:
    """Why a point has no cost: a kept plan cannot be run where one made anew would not exist."""
    return say("risk.cannot_run" if (status, way) == ("infeasible", "fixed") else f"study.{status}", language)


def short_of(missed: object, language: str) -> str:
    """By how much targets are missed: `total 2030: 14.7 t`."""
    if not isinstance(missed, str) or not missed:
        return ""
    said = []
    for target, amount, unit in (one.split(" ", 2) for one in missed.split(", ")):
        cap, _, year = target.rpartition(".")
        said.append(f"{cap.replace('_', ' ')} {year}: {fmt(float(amount), names.unit(unit, language), language)}")
    return say("list.and", language).join(said)


def _trust(confidence: object, language: str) -> str:
    return say(f"account.confidence.{confidence}", language) if isinstance(confidence, str) and confidence else say("risk.unstated", language)
