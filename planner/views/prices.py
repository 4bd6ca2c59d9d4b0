"""Prices 上限的代价: what each cap costs - all planned again tighter, beside the prices at fixed decisions and of the relaxation."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import say
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing

TITLE, QUESTION, SOURCE = "price.title", "price.question", "price.source"
SHARES = {"5": "wind", "10": "electricity"}  # tightened by so many percent -> its colour
MARKS = {"fixed_less": ("triangle-down", "price.less"), "fixed_more": ("triangle-up", "price.more"), "relaxed": ("x-thin", "price.relaxed")}


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a limit that binds or would; prices in CNY per unit of the limit."""
    frame = results.tables.get("prices")
    if frame is None:
        return missing(language, "prices")
    frame = _telling(frame)
    columns: dict[str, object] = {say("price.limit", language): frame[language]}
    columns |= {say(label, language): frame[c] for c, (_, label) in MARKS.items()}
    for share in SHARES:
        columns |= {
            f"{say(f'price.tighter_{share}', language)} {mark}": frame[f"replanned_{share}_{part}"]
            for part, mark in (("low", "≥"), ("found", "="), ("high", "≤"))
        }
    columns[say("price.remark", language)] = [say(f"price.{r}", language) if isinstance(r, str) and r else "" for r in frame["remark"]]
    return pd.DataFrame(columns).reset_index(drop=True)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """Caps only: bars with the interval the gaps leave, marks for the two duals, CNY a tonne of the cap's year."""
    frame = results.tables.get("prices")
    if frame is None:
        return missing(language, "prices", dark)
    caps = frame[frame["kind"] == "cap"]
    places = [f"{n} {int(y)}" for n, y in zip(caps["name"], caps["year"], strict=True)]
    made = theme.figure(dark, theme.HEIGHT, unit=say("price.per", language, value="", unit="t").strip(), legend=True)
    for share, colour in SHARES.items():
        low, found, high = (_numbers(caps[f"replanned_{share}_{part}"]) for part in ("low", "found", "high"))
        made.add_bar(
            x=places, y=found, name=say(f"price.tighter_{share}", language), marker={"color": theme.colour(colour, dark)},
            error_y={"type": "data", "symmetric": False, "array": high - found, "arrayminus": found - low, "color": theme.INK[dark], "thickness": 1.5},
        )  # fmt: skip
    for column, (symbol, label) in MARKS.items():
        marker = {"symbol": symbol, "size": 10, "color": theme.PAPER[dark], "line": {"width": 2, "color": theme.INK[dark]}}
        made.add_scatter(x=places, y=_numbers(caps[column]), mode="markers", name=say(label, language), marker=marker)
    made.update_layout(barmode="group")
    return made


def _telling(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["binds"].astype(bool) | (_numbers(frame["replanned_10_high"]) > 0)]


def _numbers(column: "pd.Series[float]") -> "pd.Series[float]":
    return pd.to_numeric(column, errors="coerce")
