"""Roadmap 路线图: what is decided when, when it runs, how large it is and what it costs - one line an asset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from planner.language import fmt, say, scale
from planner.results import Results
from planner.views import change, theme
from planner.views.names import short

TITLE, QUESTION, SOURCE = "roadmap.title", "roadmap.question", "roadmap.source"
LEVERS = ("structure", "technology", "management")
BUILDS = ("build", "renew", "committed")
MARKS = {"entered": "＋", "moved": "↔"}
LINES = 13  # more than this nobody reads; the rest is one line together and every line is in the table
FEW = 9  # fewer lines than this are drawn no thicker
NAME_WIDTH, NARROW_WIDTH = 32, 24  # small letters
NOTE_SIZE = 11


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
    right = 34 if narrow or not lines else 14 + theme.room((line.note for line in lines), NOTE_SIZE)
    levers = [v for v in (*LEVERS, "other") if any(line.lever == v for line in lines)]
    traces = []
    for lever in levers:
        here = [(n, line) for n, line in enumerate(lines) if line.lever == lever]
        ink, label = theme.colour(lever, dark), say(f"lever.{lever}", language)
        waits = [(n, start, year - start, line) for n, line in here for start, year, _ in line.steps[:1] if year > start]
        runs = [(n, line.steps[0][1], end - line.steps[0][1], line) for n, line in here]
        added = [(n, year, what) for n, line in here for _, year, what in line.steps[1:]]
        later = {
            "type": "scatter", "x": [year for _, year, _ in added], "y": [n for n, _, _ in added], "text": [what for _, _, what in added], "mode": "markers",
            "marker": {"symbol": "triangle-right", "size": 9, "color": theme.PAPER[dark], "line": {"width": 1.5, "color": theme.INK[dark]}}, "hovertemplate": "%{text}<extra></extra>",
        }  # fmt: skip
        traces += [_bars(waits, ink, label, faded=True), _bars(runs, ink, label, faded=False), later]
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "yanchor": "middle", "showarrow": False}
    note = {"font": {"size": NOTE_SIZE, "color": theme.FAINT[dark]}, **place}
    notes = [{"text": line.note, "y": n, **note} for n, line in enumerate(lines if not narrow else ())]
    widest, years = NARROW_WIDTH if narrow else NAME_WIDTH, list(range(first, end))
    names = [f"{line.mark} {short(line.label, widest - 2)}" if line.mark else short(line.label, widest) for line in lines]
    rule = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": {"color": theme.LINE[dark], "width": 1}}
    over = {"range": [first, end], "tickvals": [y + 0.5 for y in years], "ticktext": [f"{y % 100:02}" if narrow else str(y) for y in years]}
    beside = {
        "range": [max(len(lines), FEW) - 0.4, -0.6], "tickvals": list(range(len(lines))),
        "ticktext": [f"<b>{name[0]}</b>{name[1:]}" if line.mark else name for line, name in zip(lines, names, strict=True)],
        "tickfont": {"color": theme.INK[dark], "size": theme.LABEL_SIZE}, "showgrid": False, "ticklabelstandoff": 6,
    }  # fmt: skip
    return theme.figure(
        dark, max(theme.LOW, (70 if narrow else 52) + 18 * len(lines)), traces, legend=False, measured=False, barmode="overlay", bargap=0.3,
        margin={"l": 18 + theme.room(names), "r": right, "t": 28, "b": 48 if narrow else 30}, xaxis={**over, "side": "top", "ticks": ""}, yaxis=beside,
        annotations=[_legend(levers, right, language, dark, narrow), *notes], shapes=[{"x0": year, "x1": year, **rule} for year in years[1:]],
    )  # fmt: skip


def _marks(before: Results | None, results: Results) -> dict[str, str]:
    """Asset -> the sign of what entered or moved since ``before``."""
    return {s.asset: MARKS[s.kind] for s in change.steps(before, results) if s.kind in MARKS} if before is not None else {}


def lines_of(results: Results, language: str, marks: Mapping[str, str] = MappingProxyType({})) -> list[Line]:
    """The lines from top to bottom: by lever, then by year; what does not fit is one line at the end. What is marked comes in first."""
    road = results["roadmap"]
    road = road[road["action"].isin(BUILDS)]
    by_asset: dict[str, list[dict[Any, Any]]] = {}
    for row in road.to_dict("records"):  # a table of one asset's rows each would take as long as all the rest of the chart
        by_asset.setdefault(str(row["asset"]), []).append(row)
    lines = [replace(_line(sorted(rows, key=lambda row: row["year"]), language), mark=marks.get(asset, "")) for asset, rows in by_asset.items()]
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


def _line(rows: list[dict[Any, Any]], language: str) -> Line:
    steps = []
    for row in rows:
        said = say(
            "roadmap.step", language, year=row["year"], action=say(f"action.{row['action']}", language), size=fmt(row["size"], row["unit"], language)
        )
        steps.append((int(row["decision_year"]), int(row["year"]), said))
    first, money = rows[0], float(sum(row["investment_cny"] for row in rows))
    sizes = fmt(float(sum(row["size"] for row in rows)), first["unit"], language)
    note = sizes if not money else f"{sizes} · {fmt(money, 'money', language)}"
    return Line(str(first[language]), first["lever"] if first["lever"] in LEVERS else "other", tuple(steps), money, note)


def _bars(bars: list[tuple[int, int, int, Line]], ink: str, label: str, *, faded: bool) -> theme.Drawing:
    """One trace of bars (line, start, length, what): light and hatched while waiting, full in service."""
    said = ["<br>".join([f"<b>{line.label}</b>", *(what for _, _, what in line.steps if what), line.note]) for _, _, _, line in bars]
    pattern = {"shape": "/", "fgcolor": ink, "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.25, "fgopacity": 0.5} if faded else {}
    return {
        "type": "bar", "y": [n for n, _, _, _ in bars], "base": [start for _, start, _, _ in bars], "x": [length for _, _, length, _ in bars], "orientation": "h", "name": label,
        "marker": {"color": ink, "pattern": pattern, "line": {"width": 1 if faded else 0, "color": ink}}, "customdata": said, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _legend(levers: list[str], right: int, language: str, dark: bool, narrow: bool) -> theme.Drawing:
    """The key as one line of text, two where it is narrow: plotly's own would be squeezed into the width of the bars."""
    signs = [(theme.colour(v, dark), "■", say(f"lever.{v}", language)) for v in levers]
    signs.append((theme.FAINT[dark], "▨", say("roadmap.waiting", language)))
    words = [f'<span style="color:{ink}">{sign}</span> {label}' for ink, sign, label in signs]
    rows = (words[:3], words[3:]) if narrow else (words,)
    return {
        "text": "<br>".join("&nbsp;&nbsp; ".join(row) for row in rows), "align": "right", "showarrow": False,
        "x": 1, "xref": "paper", "xanchor": "right", "xshift": right - 8, "y": 0, "yref": "paper", "yanchor": "top", "yshift": -6,
    }  # fmt: skip
