"""MACC 逐项措施: each measure of the plan as a bar, as wide as what it saves and as high as a tonne costs - added first, and left out."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.names import short
from planner.views.roadmap import LEVERS

TITLE, QUESTION, SOURCE = "macc.title", "macc.question", "macc.source"
WAYS = ("first", "last")
SPLIT = (0.46, 0.54)  # of the width: where the first plot ends and the second begins
NAMED, NAME_WIDTH = 0.15, 26  # share of a plot from which on a bar is named, small letters of its name
SEEN = 0.01  # share of a plot: the axis need not reach the price of a bar that is narrower


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a measure, the cheapest tonne left out first."""
    frame = results.tables.get("macc")
    if frame is None:
        return missing(language, "measures")
    figures = [f"{way}_{figure}" for way in WAYS for figure in ("t", "cny", "cny_per_t")]
    frame = frame.assign(**{c: pd.to_numeric(frame[c], errors="coerce") for c in figures})
    frame = frame.sort_values("last_cny_per_t", na_position="last")
    mass = scale(frame[[f"{w}_t" for w in WAYS]].abs().to_numpy().ravel(), "carbon", language)
    money = scale(frame[[f"{w}_cny" for w in WAYS]].abs().to_numpy().ravel(), "money", language)
    columns: dict[str, object] = {
        say("macc.measure", language): frame[language],
        say("column.lever", language): [_lever(v, language) for v in frame["lever"]],
    }
    for way in WAYS:
        word = say(f"macc.{way}", language)
        columns[say("macc.head_t", language, way=word, unit=mass.unit)] = (frame[f"{way}_t"] / mass.per).round(2)
        columns[say("macc.head_cny", language, way=word, unit=money.unit)] = (frame[f"{way}_cny"] / money.per).round(2)
        columns[say("macc.head_per_t", language, way=word)] = [
            say(f"macc.{remark}", language) if isinstance(remark, str) and remark else f"{v:,.0f}"
            for v, remark in zip(frame[f"{way}_cny_per_t"], frame[f"{way}_remark"], strict=True)
        ]
    return pd.DataFrame(columns).reset_index(drop=True)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """Two plots, each sorted by its own price: added first at the left, left out at the right. Colours are levers."""
    frame = results.tables.get("macc")
    if frame is None:
        return missing(language, "measures", dark)
    made = theme.figure(dark, theme.HEIGHT, unit=say("macc.axis", language), legend=True)
    theme.second(made, dark, split=SPLIT, unit="")
    numbers = {w: pd.DataFrame({c: pd.to_numeric(frame[f"{w}_{c}"], errors="coerce") for c in ("t", "cny_per_t")}).dropna() for w in WAYS}
    unit = scale([float(n["t"].sum()) for n in numbers.values()], "carbon", language)
    prices = pd.concat([n.loc[n["t"] >= SEEN * n["t"].sum(), "cny_per_t"] for n in numbers.values()])
    shown: set[str] = set()
    for place, way in zip(("", "2"), WAYS, strict=True):
        _bars(made, frame, numbers[way].sort_values("cny_per_t"), unit, place, language, dark, shown)
        made.update_layout({f"xaxis{place}": {"title": say("macc.saved", language, way=say(f"macc.{way}", language), unit=unit.unit)}})
    if len(prices):
        low, high = min(0.0, float(prices.min())), max(0.0, float(prices.max()))
        edge = 0.1 * (high - low or 1.0)
        for axis in ("yaxis", "yaxis2"):
            made.update_layout(
                {axis: {"range": [low - edge, high + edge], "zeroline": True, "zerolinecolor": theme.FAINT[dark], "tickformat": ",.0f"}}
            )
    return made


def _bars(made: go.Figure, frame: pd.DataFrame, numbers: pd.DataFrame, unit: Scale, place: str, language: str, dark: bool, shown: set[str]) -> None:
    """One plot: bars side by side in the order of their price, the wide ones named."""
    width = numbers["t"] / unit.per
    middle = width.cumsum() - width / 2
    total = float(width.sum()) or 1.0
    for lever in (*LEVERS, "other"):
        mine = [i for i in numbers.index if (frame.loc[i, "lever"] if frame.loc[i, "lever"] in LEVERS else "other") == lever]
        if not mine:
            continue
        names = frame.loc[mine, language].astype(str)
        made.add_bar(
            x=middle[mine], y=numbers.loc[mine, "cny_per_t"], width=width[mine], name=_lever(lever, language), legendgroup=lever, showlegend=lever not in shown,
            xaxis=f"x{place}", yaxis=f"y{place}", marker={"color": theme.colour(lever, dark), "line": {"width": 1, "color": theme.PAPER[dark]}},
            customdata=list(zip(names, width[mine], strict=True)), hovertemplate=f"%{{customdata[0]}}<br>%{{y:,.0f}}<br>%{{customdata[1]:,.3g}} {unit.unit}<extra></extra>",
        )  # fmt: skip
        shown.add(lever)
    for i in numbers.index[width > NAMED * total]:
        price = float(numbers.loc[i, "cny_per_t"])
        made.add_annotation(
            text=short(str(frame.loc[i, language]), NAME_WIDTH), x=middle[i], y=max(price, 0.0), xref=f"x{place}", yref=f"y{place}", yanchor="bottom", yshift=2,
            showarrow=False, font={"size": theme.LABEL_SIZE, "color": theme.INK[dark]},
        )  # fmt: skip


def _lever(lever: object, language: str) -> str:
    return say(f"lever.{lever}", language) if lever in LEVERS else say("other", language)
