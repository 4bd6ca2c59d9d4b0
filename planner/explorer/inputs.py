"""Inputs 数据: every number of the case with unit, range, source and confidence; what is edited here is planned with everywhere."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from planner.desk import choice as choices
from planner.desk import inputs
from planner.desk.choice import Choice
from planner.desk.inputs import Cell
from planner.dictionary import dictionary
from planner.errors import CaseError, Finding
from planner.explorer import outcome, session, show, sidebar
from planner.explorer.ask import ask
from planner.explorer.text import plain, told
from planner.language import say, spoken, translated
from planner.views.names import unit

FILTERS = ("changed", "weak", "everything")
MOST = 400  # rows drawn at once
COLUMNS = ("mark", "what", "value", "unit", "before", "fault", "allowed", "confidence", "source", "note", "key")
WIDTHS = {
    "mark": 36,
    "what": 320,
    "value": 110,
    "unit": 90,
    "before": 100,
    "fault": 300,
    "allowed": 170,
    "confidence": 90,
    "source": 230,
    "note": 320,
    "key": 300,
}
NARROW = {"what": 190, "value": 100}  # on a phone number and value stand beside each other
CHANGED, WRONG = "●", "✗"


def page() -> None:
    """Pick a topic or search, edit; what is wrong stands beside the number and above the table."""
    _take()
    sidebar.draw()
    asked, language = ask(), session.language()
    show.header(asked)
    try:
        found = inputs.cells(asked.choice)
    except CaseError:
        outcome.notice(asked)
        return
    refused = _refused(asked.choice.case)
    wrong = _wrong(asked.choice, found, refused)
    if not refused:
        outcome.notice(asked)
    _faults(wrong, {cell.key: cell for cell in found}, language)
    _tools(found, wrong, language)
    picked = _picked(found, wrong)
    if not picked:
        st.info(say("inputs.none", language))
        return
    if len(picked) > MOST:
        st.caption(say("inputs.many", language, number=len(picked), most=MOST))
    _editor(asked.choice, picked[:MOST], wrong, refused, language)


def _tools(found: Sequence[Cell], wrong: dict[str, Finding], language: str) -> None:
    """Topic, search, filters, undo and redo, and what there is in numbers."""
    topics = inputs.topics(found)
    changed = {cell.topic for cell in found if cell.changed}
    state, history = st.session_state, session.history()
    labels = {topic: f"{_topic(topic, language)} ({number}{' ' + CHANGED if topic in changed else ''})" for topic, number in topics.items()}
    everywhere = say("inputs.everywhere", language)
    topic_key = session.spoken_key("inputs topic widget")
    state[topic_key] = state.get("inputs topic") if state.get("inputs topic") in labels or state.get("inputs topic") == "" else next(iter(labels))
    with st.container(horizontal=True, vertical_alignment="bottom", key="inputs-tools"):
        st.selectbox(
            say("inputs.topic", language), ["", *labels], format_func=lambda topic: labels.get(topic, everywhere), key=topic_key, width=300,
            on_change=_remember, args=("inputs topic", topic_key),
        )  # fmt: skip
        state["inputs words widget"] = state.get("inputs words", "")
        st.text_input(
            say("inputs.search", language), key="inputs words widget", placeholder=say("inputs.search.hint", language), width=260,
            on_change=_remember, args=("inputs words",),
        )  # fmt: skip
        state["inputs filters widget"] = state.get("inputs filters", [])
        st.pills(
            say("inputs.filters", language), list(FILTERS), format_func=lambda name: say(f"inputs.filter.{name}", language), selection_mode="multi",
            key="inputs filters widget", on_change=_remember, args=("inputs filters",),
        )  # fmt: skip
        st.button(say("play.undo", language), key="undo", on_click=session.undo, disabled=not history.can_undo)
        st.button(say("play.redo", language), key="redo", on_click=session.redo, disabled=not history.can_redo)


def _picked(found: Sequence[Cell], wrong: dict[str, Finding]) -> list[Cell]:
    """What the filters leave; a search looks everywhere, and so does the look at what was changed. What is wrong stays in sight."""
    state = st.session_state
    filters, words = state.get("inputs filters", []), state.get("inputs words", "")
    topic = "" if words.strip() or "changed" in filters else state[session.spoken_key("inputs topic widget")]
    picked = inputs.search(found, words, topic, **{name: name in filters for name in FILTERS})
    keys = {cell.key for cell in picked}
    return [cell for cell in found if cell.key in keys or (cell.key in wrong and not words and topic in ("", cell.topic))]


def _editor(choice: Choice, picked: Sequence[Cell], wrong: dict[str, Finding], refused: dict[str, str], language: str) -> None:
    """The table. Its own memory is by position, so it is another table whenever rows or numbers come from elsewhere."""
    keys = tuple(cell.key for cell in picked)
    state = st.session_state
    if state.get("inputs rows") != (keys, language) or state.get("inputs seen") != choice:
        state.update({"inputs rows": (keys, language), "inputs seen": choice, "inputs table": state.get("inputs table", 0) + 1})
    key = f"inputs table {state['inputs table']}"
    sources = choices.case_of(choice.case, choice.changes).by_name["sources"]
    rows = pd.DataFrame([_row(cell, wrong.get(cell.key), refused.get(cell.key), sources, language) for cell in picked], columns=list(COLUMNS))
    shown = [c for c in COLUMNS if (c != "before" or any(cell.changed for cell in picked)) and (c != "fault" or any(k in wrong for k in keys))]
    numbers, widths = ("value", "before"), WIDTHS | (NARROW if session.phone() else {})
    config = {
        c: st.column_config.TextColumn(
            say(f"inputs.column.{c}", language), width=widths[c], disabled=c != "value", alignment="right" if c in numbers else "left",
            help=say("inputs.column.value.help", language) if c == "value" else None,
        )
        for c in shown
    }  # fmt: skip
    st.data_editor(
        rows, key=key, column_order=shown, column_config=config, hide_index=True, num_rows="fixed", height=min(640, 38 + 35 * len(rows)),
        alt=say("inputs.table", language),
    )  # fmt: skip


def _row(cell: Cell, fault: Finding | None, typed: str | None, sources: Any, language: str) -> list[str]:
    """A number as a row of the table."""
    mark = WRONG if fault else CHANGED if cell.changed else ""
    said = told(CaseError([fault]), language) if fault else ""
    source = str(sources.get(cell.source, {}).get("title") or cell.source)
    confidence = say(f"report.confidence.{cell.confidence}", language) if cell.confidence else ""
    value = cell.text if typed is None else typed
    return [
        mark,
        cell.words[language],
        value,
        unit(cell.unit, language),
        cell.before or "",
        said,
        allowed(cell, language),
        confidence,
        source,
        cell.note,
        cell.key,
    ]


def allowed(cell: Cell, language: str) -> str:
    """What may stand there, in words."""
    if cell.locked:
        return say("inputs.locked", language)
    if cell.column.allowed:
        return say("allow.one_of", language, words=", ".join(cell.column.allowed))
    low, high = (None if limit is None else f"{limit:g}" if cell.column.type == "year" else f"{limit:,.9g}" for limit in cell.limits)
    if low is not None and high is not None:
        return f"{low} – {high}"
    parts = [say("allow.least", language, limit=low)] if low is not None else []
    parts += [say("allow.most", language, limit=high)] if high is not None else []
    return "".join(parts) or say(f"allow.{cell.column.type}", language)


def _take() -> None:
    """What was typed becomes a change of the choice, or stays beside the number with what is wrong about it."""
    state, now = st.session_state, session.choice()
    typed = state.get(f"inputs table {state.get('inputs table', 0)}", {}).get("edited_rows", {})
    if not typed or state.get("inputs seen") != now:  # numbers came from elsewhere since: it is another table by now
        return
    keys, known, refused = state["inputs rows"][0], {cell.key: cell for cell in inputs.cells(now)}, _refused(now.case)
    there = now
    for position, row in typed.items():
        key, text = keys[int(position)], row.get("value") or ""
        if "value" not in row or key not in known:
            continue
        try:
            new = inputs.edited(there, known[key], text)
        except CaseError as error:
            refused[key] = text
            state.setdefault("inputs why", {})[key] = error.findings[0]
            continue
        refused.pop(key, None)
        if new != there:
            there, known = new, {cell.key: cell for cell in inputs.cells(new)}
    if there != now:
        session.put(there)
    state["inputs seen"] = there  # the table holds it already


def _refused(case: str) -> dict[str, str]:
    """What was typed and cannot be, by the number's name."""
    found: dict[str, str] = st.session_state.setdefault("inputs refused", {}).setdefault(case, {})
    return found


def _wrong(choice: Choice, found: Sequence[Cell], refused: dict[str, str]) -> dict[str, Finding]:
    """What is wrong, by the number's name: what was typed and refused, then what the case as a whole says of itself."""
    known = {cell.key: cell for cell in found}
    why = st.session_state.get("inputs why", {})
    wrong: dict[str, Finding] = {}
    for key, text in list(refused.items()):
        if key not in known:
            del refused[key]
        elif fault := inputs.fault(known[key], text) or why.get(key):
            wrong[key] = fault
    if choice.number:
        for cell, finding in inputs.placed(inputs.whole(choice), found):
            wrong.setdefault(cell.key if cell else finding.where, finding)
    return wrong


def _faults(wrong: dict[str, Finding], known: dict[str, Cell], language: str) -> None:
    """All of them above the table, each by what the number is called; while any cannot be used, why nothing is solved, and a way back."""
    if not wrong:
        return
    refused = _refused(session.choice().case)
    named = [replace(f, where=known[key].words[language]) if key in known else f for key, f in wrong.items()]
    heads = [f"**{say('inputs.wrong', language, number=len(wrong))}**", *([say("inputs.blocked", language, number=len(refused))] if refused else [])]
    st.error("\n".join([" ".join(heads), "", *(f"- {plain(spoken(f, language))}" for f in named)]))
    if refused:
        st.button(say("inputs.forget", language), key="inputs forget", on_click=_forget)


def _forget() -> None:
    _refused(session.choice().case).clear()
    st.session_state["inputs seen"] = None


def _remember(name: str, key: str = "") -> None:
    st.session_state[name] = st.session_state[key or f"{name} widget"]


def _topic(topic: str, language: str) -> str:
    """The title of a topic, as the workbook's sheets are called."""
    name, _, part = topic.partition(".")
    column = dictionary()["tables"].get(name)
    title = getattr(column, language) if column else translated(name, language)
    return f"{title} · {part.replace('_', ' ')}" if part else title
