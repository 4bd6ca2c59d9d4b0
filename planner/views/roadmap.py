"""Roadmap 路线图: what is decided when, when it runs, how large it is and what it costs - one line an asset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import change, theme
from planner.views.names import short, width

TITLE, QUESTION, SOURCE = "roadmap.title", "roadmap.question", "roadmap.source"
LEVERS = ("structure", "technology", "management")
BUILDS = ("build", "renew", "committed")
MARKS = {"entered": "＋", "moved": "↔"}
LINES = 13  # more than this nobody reads; the rest is one line together and every line is in the table
FEW = 9  # fewer lines than this are drawn no thicker
NAME_WIDTH, NARROW_WIDTH = 32, 24  # small letters
SIGN = 6  # px of a small letter; a Chinese character takes two


@dataclass(frozen=True)
class Line:
    """One line of the chart. steps: (decision year, in-service year, what happens then, in words); mark: how it differs from before."""

    label: str
    lever: str
    steps: tuple[tuple[int, int, str], ...]
    investment: float
    note: str
    mark: str = ""


def table(results: Results, language: str) -> pd.DataFrame:
    """Every action in the order of the years, with what rests on an estimate marked."""
    road = results["roadmap"]
    money = scale(road["investment_cny"], "money", language)
    columns = {
        "column.in_service": road["year"],
        "column.decision": road["decision_year"],
        "column.asset": road[language],
        "column.lever": [say(f"lever.{v}", language) for v in road["lever"]],
        "column.action": [say(f"action.{a}", language) for a in road["action"]],
        "column.size": [fmt(v, u, language) for v, u in zip(road["size"], road["unit"], strict=True)],
        "column.investment": (road["investment_cny"] / money.per).round(3),
        "column.estimated": [say("yes" if e else "no", language) for e in road["estimated"]],
    }
    return pd.DataFrame({say(k, language, unit=money.unit): v for k, v in columns.items()})


def written_off(results: Results, language: str) -> pd.DataFrame | None:
    """What goes before its time and is still in the books; nothing where nothing does, or in a run that does not know."""
    if "book_losses" not in results.tables:
        return None
    lost = results["book_losses"]
    known = lost["basis"] != "unknown"
    columns = {
        "column.year": lost["year"].astype(str),
        "column.asset": lost[language],
        "column.size": [fmt(v, u, language) for v, u in zip(lost["size"], lost["unit"], strict=True)],
        "column.written_off": [fmt(v, "money", language) if k else "–" for v, k in zip(lost["cny"], known, strict=True)],
        "column.book_basis": [say(f"book.{b}", language) for b in lost["basis"]],
    }
    return pd.DataFrame({say(k, language): v for k, v in columns.items()})


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None, narrow: bool = False) -> go.Figure:
    """A bar from decision to service (light) and on to the horizon's end (full), coloured by lever, largest money first.

    before: another plan; what entered or moved since then is marked in front of its name. narrow: for a phone, where names
    are cut shorter, years have two digits, and sizes and money stand in the table alone.
    """
    lines = lines_of(results, language, _marks(before, results))
    first = min([start for line in lines for start, _, _ in line.steps], default=int(results.summary["first_year"]))
    first, end = min(first, int(results.summary["first_year"])), int(results.summary["last_year"]) + 1
    made = theme.figure(dark, max(theme.LOW, (70 if narrow else 52) + 18 * len(lines)), legend=False)
    right = 34 if narrow else 14 + SIGN * max((width(line.note) for line in lines), default=20)
    for lever in [v for v in (*LEVERS, "other") if any(line.lever == v for line in lines)]:
        here = [(n, line) for n, line in enumerate(lines) if line.lever == lever]
        ink, label = theme.colour(lever, dark), say(f"lever.{lever}", language)
        waits = [(n, start, year - start, line) for n, line in here for start, year, _ in line.steps[:1] if year > start]
        runs = [(n, line.steps[0][1], end - line.steps[0][1], line) for n, line in here]
        _bars(made, waits, ink, label, faded=True)
        _bars(made, runs, ink, label, faded=False)
        added = [(n, year, what) for n, line in here for _, year, what in line.steps[1:]]
        made.add_scatter(
            x=[year for _, year, _ in added], y=[n for n, _, _ in added], text=[what for _, _, what in added], mode="markers",
            marker={"symbol": "triangle-right", "size": 9, "color": theme.PAPER[dark], "line": {"width": 1.5, "color": theme.INK[dark]}}, hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    _legend(made, [v for v in (*LEVERS, "other") if any(line.lever == v for line in lines)], right, language, dark, narrow)
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "yanchor": "middle", "showarrow": False}
    notes = [
        {"text": line.note, "y": n, "font": {"size": 11, "color": theme.FAINT[dark]}, **place} for n, line in enumerate(lines if not narrow else ())
    ]
    years = list(range(first, end))
    made.update_xaxes(
        range=[first, end], tickvals=[y + 0.5 for y in years], ticktext=[f"{y % 100:02}" if narrow else str(y) for y in years], side="top", ticks=""
    )
    rule = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": {"color": theme.LINE[dark], "width": 1}}
    widest = NARROW_WIDTH if narrow else NAME_WIDTH
    labels = [f"<b>{line.mark}</b> {short(line.label, widest - 2)}" if line.mark else short(line.label, widest) for line in lines]
    made.update_yaxes(
        range=[max(len(lines), FEW) - 0.4, -0.6],
        tickvals=list(range(len(lines))),
        ticktext=labels,
        tickfont={"color": theme.INK[dark], "size": 12},
        showgrid=False,
        ticklabelstandoff=6,
    )
    made.update_layout(
        barmode="overlay", bargap=0.3, margin={"r": right, "t": 22, "b": 48 if narrow else 30}, annotations=[*made.layout.annotations, *notes],
        shapes=[{"x0": year, "x1": year, **rule} for year in years[1:]],
    )  # one after the other they would each be checked again  # fmt: skip
    return made


def _marks(before: Results | None, results: Results) -> dict[str, str]:
    """Asset -> the sign of what entered or moved since ``before``."""
    return {s.asset: MARKS[s.kind] for s in change.steps(before, results) if s.kind in MARKS} if before is not None else {}


def lines_of(results: Results, language: str, marks: Mapping[str, str] = MappingProxyType({})) -> list[Line]:
    """The lines from top to bottom: by lever, then by year; what does not fit is one line at the end. What is marked comes in first."""
    road = results["roadmap"]
    road = road[road["action"].isin(BUILDS)]
    lines = [replace(_line(rows.sort_values("year"), language), mark=marks.get(str(a), "")) for a, rows in road.groupby("asset", sort=False)]
    lines.sort(key=lambda line: (not line.mark, -line.investment))
    few, rest = (lines, []) if len(lines) <= LINES + 1 else (lines[:LINES], lines[LINES:])
    place = {lever: n for n, lever in enumerate(LEVERS)}
    few.sort(key=lambda line: (place.get(line.lever, 9), line.steps[0][1], -line.investment))
    if rest:
        money = sum(line.investment for line in rest)
        starts, years = [s for line in rest for s, _, _ in line.steps], [y for line in rest for _, y, _ in line.steps]
        few.append(
            Line(say("roadmap.rest", language, number=len(rest)), "other", ((min(starts), min(years), ""),), money, fmt(money, "money", language))
        )
    return few


def _line(rows: pd.DataFrame, language: str) -> Line:
    steps = []
    for start, year, action, size, unit in zip(rows["decision_year"], rows["year"], rows["action"], rows["size"], rows["unit"], strict=True):
        text = fmt(size, unit, language)
        steps.append((int(start), int(year), say("roadmap.step", language, year=year, action=say(f"action.{action}", language), size=text)))
    unit, money = str(rows["unit"].iloc[0]), float(rows["investment_cny"].sum())
    sizes = fmt(float(rows["size"].sum()), unit, language)
    lever = str(rows["lever"].iloc[0])
    note = sizes if not money else f"{sizes} · {fmt(money, 'money', language)}"
    return Line(str(rows[language].iloc[0]), lever if lever in LEVERS else "other", tuple(steps), money, note)


def _bars(made: go.Figure, bars: list[tuple[int, int, int, Line]], ink: str, label: str, *, faded: bool) -> None:
    """One trace of bars (line, start, length, what): light and hatched while waiting, full in service."""
    said = ["<br>".join([f"<b>{line.label}</b>", *(what for _, _, what in line.steps if what), line.note]) for _, _, _, line in bars]
    pattern = {"shape": "/", "fgcolor": ink, "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.25} if faded else {}
    made.add_bar(
        y=[n for n, _, _, _ in bars], base=[start for _, start, _, _ in bars], x=[length for _, _, length, _ in bars], orientation="h", name=label,
        marker={"color": ink, "pattern": pattern, "line": {"width": 1 if faded else 0, "color": ink}}, customdata=said, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _legend(made: go.Figure, levers: list[str], right: int, language: str, dark: bool, narrow: bool) -> None:
    """The key as one line of text, two where it is narrow: plotly's own would be squeezed into the width of the bars."""
    signs = [(theme.colour(v, dark), "■", say(f"lever.{v}", language)) for v in levers]
    signs.append((theme.FAINT[dark], "▨", say("roadmap.waiting", language)))
    words = [f'<span style="color:{ink}">{sign}</span> {label}' for ink, sign, label in signs]
    rows = (words[:3], words[3:]) if narrow else (words,)
    made.add_annotation(
        text="<br>".join("&nbsp;&nbsp; ".join(row) for row in rows),
        align="right",
        x=1,
        xref="paper",
        xanchor="right",
        xshift=right - 8,
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-6,
        showarrow=False,
    )
