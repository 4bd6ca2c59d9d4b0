"""Whole year 全年校核: what was planned on representative days beside what all hours give, and whether it holds."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say
from planner.results import Results
from planner.views import theme
from planner.views.names import name
from planner.why.reasons import written_as

TITLE, QUESTION, SOURCE = "whole_year.title", "whole_year.question", "whole_year.source"
BARS = {"cost": "electricity", "emissions": "fossil", "peak": "heat"}  # -> colour
HEADS = ("year", "item", "planned", "found", "change", "limit", "holds")


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year and quantity: planned, whole year, change, limit, and whether it holds; each number with its unit."""
    rows = []
    records: list[dict[str, Any]] = results.tables["whole_year"].to_dict("records") if "whole_year" in results.tables else []  # type: ignore[assignment]
    for row in records:
        item = say(f"whole_year.of.{row['quantity']}", language, item=name(results, str(row["item"]), language))
        change = row["difference"] / abs(row["planned"]) if row["planned"] else None
        numbers = [amount(row, column, language) for column in ("planned", "whole_year")]
        held = {"True": say("yes", language), "False": say("no", language)}.get(str(row["holds"]), "")
        rows.append((row["year"], item, *numbers, fmt(change, "change", language), amount(row, "limit", language), held))
    return pd.DataFrame(rows, columns=[say(f"whole_year.{head}", language) for head in HEADS])


def amount(row: Mapping[str, Any], column: str, language: str) -> str:
    """A number of the table in words; nothing where there is none."""
    if str(row[column]) in ("", "nan", "None"):
        return ""
    quantity = {"cost": "money/a", "emissions": "emissions"}.get(row["quantity"]) or written_as(row["quantity"], row["unit"])
    return fmt(float(row[column]), quantity, language)


def synthetic(results: Results, language: str) -> str:
    """What of the year's hours nobody measured."""
    return say("list.and", language).join(say(f"synthetic.{kind}", language) for kind in results.summary["synthetic"])


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """For every year, by how much running cost, emissions and the highest peak differ from the plan."""
    made = theme.figure(dark, theme.HEIGHT, unit=say("whole_year.axis", language), legend=True)
    changes = _changes(results)
    for bar, shade in BARS.items():
        label = say(f"whole_year.bar.{bar}", language)
        hover = f"%{{y:+.2f}}%<extra>%{{x}} · {label}</extra>"
        made.add_bar(x=changes.index.astype(str), y=100 * changes[bar], name=label, marker_color=theme.colour(shade, dark), hovertemplate=hover)
    made.update_layout(barmode="group")
    made.update_xaxes(type="category")
    made.update_yaxes(ticksuffix="%", zeroline=True, zerolinecolor=theme.FAINT[dark])
    middle = {"x": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    if changes.empty:
        made.add_annotation(text=say("whole_year.none", language), y=0.5, font={"color": theme.FAINT[dark]}, **middle)
    else:
        held = bool(results.summary["holds"])
        ink = theme.INK[dark] if held else theme.LIMIT[dark]
        told = say(f"whole_year.{'yes' if held else 'not'}", language, synthetic=synthetic(results, language))
        made.add_annotation(text=f"<b>{told}</b>", y=0.98, yanchor="top", font={"color": ink}, **middle)
    return made


def _changes(results: Results) -> pd.DataFrame:
    """Years x (cost, emissions, peak): share by which the whole year differs; empty where it was not run."""
    if "whole_year" not in results.tables:
        return pd.DataFrame(columns=list(BARS))
    frame = results["whole_year"]
    of = {
        "cost": (frame["quantity"] == "cost") & (frame["item"] == "running"),
        "emissions": (frame["quantity"] == "emissions") & ~frame["item"].str.contains("market"),
    }
    sums = {bar: frame[rows].groupby("year")[["planned", "whole_year"]].sum() for bar, rows in of.items()}
    changes = pd.DataFrame({bar: both["whole_year"] / both["planned"] - 1 for bar, both in sums.items()})
    changes["peak"] = results["peaks"].groupby("year")["excess"].max() if len(results["peaks"]) else 0.0
    return changes
