"""Sidebar 侧栏: language, factory, what was changed, and on the page where one plays the levers."""

import streamlit as st

from planner.case import cases
from planner.desk import kept
from planner.desk.choice import Choice
from planner.explorer import keeping, levers, session, signed
from planner.explorer.text import plain, title
from planner.language import LANGUAGES, say

SHOWN = 8  # changes that are named, the rest are counted


def draw(*, play: bool = False) -> None:
    """Draw it."""
    language = session.language()
    with st.sidebar:
        session.set_widget("language widget", language)
        st.segmented_control(
            say("side.language", language), list(LANGUAGES), format_func=lambda code: LANGUAGES[code], key="language widget", required=True, label_visibility="collapsed", on_change=_speak,
        )  # fmt: skip
        now = session.choice()
        session.set_widget(key := session.spoken_key("case widget"), now.case)
        known = [*cases(), *kept.cases_of(session.visitor())]
        st.selectbox(say("side.case", language), known, format_func=lambda name: title(name, language), key=key, on_change=_pick, args=(key,))
        with st.container(key="changes"):  # there even if empty: what comes after it keeps its place, and the slider that moves its focus
            if now.number:
                _changes(now, language)
        if play:
            levers.draw(now, language)
        signed.out(language)
        session.keep()


def _changes(now: Choice, language: str) -> None:
    st.markdown(f"**{say('side.changed', language)}**")
    st.markdown("\n".join(f"- {plain(one)}" for one in levers.told(now, language, SHOWN)))
    with st.container(horizontal=True):
        keeping.draw(now, language)
        st.button(say("side.reset", language), key="reset", on_click=session.put, args=(Choice(now.case),))


def _pick(key: str) -> None:
    session.put(session.of(st.session_state[key]))


def _speak() -> None:
    st.session_state.update({"language": st.session_state["language widget"], "acted": True})
