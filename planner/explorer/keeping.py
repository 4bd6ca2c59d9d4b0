"""Keeping 保存: a button, wherever something was changed, that keeps it as a scenario under a title."""

import streamlit as st

from planner.desk import kept
from planner.desk.choice import Choice
from planner.errors import CaseError
from planner.explorer import session
from planner.explorer.text import plain, told
from planner.language import say


def draw(now: Choice, language: str) -> None:
    """A popover with one field; what went wrong stays beside it."""
    with st.popover(say("keep.scenario", language), key="keep"):
        st.text_input(say("keep.title", language), key="keep title", max_chars=60, placeholder=say("keep.example", language))
        st.button(say("keep.save", language), key="keep save", type="primary", on_click=_keep, args=(now, language))
        if wrong := st.session_state.get("keep wrong"):
            st.error(plain(wrong))
    if done := st.session_state.pop("keep done", None):
        st.toast(say("keep.done", language, title=plain(done)))


def _keep(now: Choice, language: str) -> None:
    title = str(st.session_state.get("keep title", ""))
    try:
        name = kept.save(session.visitor(), title, now, language, st.session_state.get("opened", ""))
    except CaseError as error:
        st.session_state["keep wrong"] = told(error, language)
        return
    st.session_state.update({"opened": name, "keep wrong": "", "keep done": title, "keep title": ""})
