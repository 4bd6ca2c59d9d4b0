"""Show 呈现: results on the page - headline, charts with their tables, and what they rest on."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from planner import __version__, disclosure
from planner.explorer import session
from planner.explorer.ask import Asked
from planner.explorer.text import plain, run_name, title
from planner.language import fmt, say, translated
from planner.results import Results
from planner.views import View, costs, flows, operation, power, roadmap
from planner.views import headline as answer

LOOKS = ("chart", "table")
DRAWN = ("before", "narrow")  # what only the chart of a view takes
MOST = 40  # charts and tables kept
MADE: OrderedDict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]] = OrderedDict()  # -> a chart or table, and what keeps its plans' records alive
LOCK = threading.Lock()
NAMED = 6  # estimates that are named, the rest are counted


def header(asked: Asked) -> None:
    """Whose plan this is, and the run it comes from."""
    language, results = asked.language, asked.shown
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        st.title(title(asked.choice.case, language), anchor=False, width="content")
        if results is not None:
            st.caption(_status(asked, results), width="content")


def headline(results: Results, language: str) -> None:
    """The sentence, the four numbers, and what a tighter cap costs."""
    with st.container(key="headline"):
        st.markdown(f"#### {plain(answer.sentence(results, language))}")
        with st.container(key="numbers"):
            for place, number in zip(st.columns(4, gap="xsmall"), answer.numbers(results, language), strict=True):
                with place.container(border=True, height="stretch", gap=None):
                    st.metric(number.label, number.value, help=number.help)
                    st.caption(plain(number.note))
        st.markdown(plain(answer.tighter(results, language)))


def remarks(results: Results, language: str) -> None:
    """What must be disclosed about this plan; nothing where nothing must."""
    if warnings := disclosure.told(results.summary.get("remarks", ()), language):
        st.warning("\n".join(f"- {plain(one)}" for one in warnings))


def card(view: View, results: Results, language: str, dark: bool, **options: Any) -> None:
    """A view in its frame: title, question, chart, table, source, downloads."""
    name = view.TITLE.partition(".")[0]
    with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{name}"):
        st.subheader(say(view.TITLE, language), anchor=False)
        st.markdown(f":gray[{say(view.QUESTION, language)}]")
        if name == "power":
            options |= _day(results, language)
        elif view in (flows, operation):
            options |= _year(view, results, language)
        elif view is roadmap:
            options |= {"narrow": session.phone()}
        drawn = st.segmented_control(
            say("view.look", language), LOOKS, format_func=lambda look: say(f"view.{look}", language), key=f"look-{name}", default="chart", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        if drawn == "chart":
            figure: Figure = once(view.chart, results, language, dark, **options)
            alt = f"{say(view.TITLE, language)}: {say(view.QUESTION, language)}"
            st.plotly_chart(figure, theme=None, key=f"chart-{name}", config=_config(name, language), alt=alt)
        else:
            table(name, lambda: once(view.table, results, language, **{k: v for k, v in options.items() if k not in DRAWN}), language)
        more = f" {costs.credited(results, language)}" if name == "costs" else ""
        st.caption(say(view.SOURCE, language) + more)


def once(make: Callable[..., Any], results: Results, *asked: Any, **options: Any) -> Any:
    """What a view makes of a stored plan, made once for all who look at it. A plan is known by the record it was read into, which is kept with it."""
    held = tuple(v.summary if isinstance(v, Results) else v for v in options.values())
    key = (make, id(results.summary), asked, *((name, id(v) if isinstance(v, dict) else v) for name, v in zip(options, held, strict=True)))
    with LOCK:
        if key in MADE:
            MADE.move_to_end(key)
            return MADE[key][0]
    made = make(results, *asked, **options)
    with LOCK:
        MADE[key] = made, (results.summary, *held)
        while len(MADE) > MOST:
            MADE.popitem(last=False)
    return made


def notes(results: Results, language: str) -> None:
    """What the plan rests on, open to the reader and not folded away."""
    s = results.summary
    road = results["roadmap"]
    weak = road[road["estimated"] & (road["investment_cny"] > 0)].groupby(language, sort=False)["investment_cny"].sum().sort_values(ascending=False)
    said = [translated(note, language) for note in s.get("notes", ())]
    if len(weak):
        names = [str(n) for n in weak.index[:NAMED]]
        if len(weak) > NAMED:
            names.append(say("notes.and_more", language, number=len(weak) - NAMED))
        said.insert(
            0, say("notes.estimates", language, share=fmt(s["estimated_share"], "share", language), names=say("list.and", language).join(names))
        )
    said.append(say("notes.rate", language, rate=fmt(s["discount_rate_real"], "share", language)))
    said.append(say("notes.run", language, run=run_name(results), version=s.get("version", __version__)))
    with st.container(border=True, key="notes"):
        st.subheader(say("notes.title", language), anchor=False)
        st.markdown("\n".join(f"- {plain(one)}" for one in said))


def csv_of(table: pd.DataFrame) -> bytes:
    """A table for spreadsheets: with the mark that makes them read Chinese, and no text that they would run as a formula."""

    def safe(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell

    return table.map(safe).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _status(asked: Asked, results: Results) -> str:
    language = asked.language
    changed = asked.choice.number if asked.exact else len(results.summary.get("changes", ()))
    changes = say("status.changes", language, number=changed) if changed else say("status.changes.none", language)
    status = say(f"status.{'optimal' if results.summary['status'] == 'optimal' else 'feasible'}", language)
    seconds = fmt(results.summary.get("seconds", {}).get("total"), "duration", language)
    gap = fmt(results.summary["gap"], "share", language)
    return say("status.line", language, status=status, changes=changes, run=run_name(results), gap=gap, seconds=seconds)


def _config(name: str, language: str) -> dict[str, Any]:
    """Only one button on a chart: its picture as a file, made in the browser."""
    words = {"Download plot as SVG": say("view.picture", language), "Download plot": say("view.picture", language)}
    return {
        "displaylogo": False, "displayModeBar": True, "modeBarButtons": [["toImage"]], "toImageButtonOptions": {"format": "svg", "filename": name},
        "locale": "zh-CN" if language == "zh" else "en-US", "locales": {"zh-CN": {"dictionary": words}, "en-US": {"dictionary": words}},
    }  # fmt: skip


def table(name: str, make: Callable[[], pd.DataFrame], language: str) -> None:
    """A table and the file to take it away."""
    rows = make()
    st.dataframe(rows, hide_index=True, height=min(380, 38 + 35 * len(rows)), alt=say(f"{name}.title", language))
    st.download_button(say("view.download", language), lambda: csv_of(rows), f"{name}.csv", "text/csv", key=f"download-{name}", on_click="ignore")


def _day(results: Results, language: str) -> dict[str, Any]:
    """The year and the day whose electricity is drawn."""
    years, days = power.years(results), power.days(results)
    left, right = st.columns([1, 2])
    year = left.selectbox(say("power.year", language), years, index=len(years) - 1, key="power-year", label_visibility="collapsed")
    day = right.selectbox(
        say("power.which", language), days, index=days.index(power.usual(results)), format_func=lambda d: power.day_label(results, d, language), key="power-day",
        label_visibility="collapsed",
    )  # fmt: skip
    return {"year": year, "day": day}


def _year(view: View, results: Results, language: str) -> dict[str, Any]:
    """The year a view of one year shows; the last at the start."""
    years = (flows if view is flows else power).years(results)
    name = view.TITLE.partition(".")[0]
    return {
        "year": st.selectbox(say("flows.year", language), years, index=len(years) - 1, key=f"{name}-year", width=160, label_visibility="collapsed")
    }
