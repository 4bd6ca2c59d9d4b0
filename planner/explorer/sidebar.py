"""Sidebar 侧栏: language, factory, what was changed, and on the page where one plays the levers."""

import streamlit as st

from planner.case import cases
from planner.desk import choice as choices
from planner.desk.choice import Choice
from planner.explorer import levers, session
from planner.explorer.text import plain, title
from planner.language import LANGUAGES, say


def draw(*, play: bool = False) -> None:
    """Draw it."""
    language = session.language()
    with st.sidebar:
        st.session_state["language widget"] = language
        st.segmented_control(
            say("side.language", language), list(LANGUAGES), format_func=lambda code: LANGUAGES[code], key="language widget", required=True, label_visibility="collapsed", on_change=_speak,
        )  # fmt: skip
        st.session_state["case widget"] = st.session_state["case"]
        st.selectbox(say("side.case", language), list(cases()), format_func=lambda name: title(name, language), key="case widget", on_change=_pick)
        now = session.choice()
        if now.values:
            st.markdown(f"**{say('side.changed', language)}**")
            st.markdown("\n".join(f"- {plain(levers.words(now, code, language))}" for code, _ in now.values))
            st.button(say("side.reset", language), key="reset", width="stretch", on_click=session.put, args=(Choice(now.case),))
        if play:
            levers.draw(now, language)
        session.keep()


def _pick() -> None:
    case = st.session_state["case widget"]
    session.put(choices.chosen(case, st.session_state["values"].get(case, {})))


def _speak() -> None:
    st.session_state["language"] = st.session_state["language widget"]
