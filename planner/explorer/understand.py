"""Understand 解读: one question at a time, each answered by a view of the plan."""

import streamlit as st

from planner.explorer import opened, outcome, session, show, sidebar
from planner.explorer.ask import ask
from planner.language import say
from planner.views import VIEWS


def page() -> None:
    """The questions at the left, the answer beside them."""
    sidebar.draw()
    language, dark = session.language(), st.context.theme.type == "dark"
    asked = ask()
    show.header(asked)
    outcome.notice(asked)
    if asked.shown is None:
        return
    views = {view.TITLE: view for view in VIEWS}
    left, right = st.columns([1, 3])
    with left:
        st.session_state["question widget"] = st.session_state.get("question", next(iter(views)))
        picked = st.radio(
            say("understand.question", language), list(views), key="question widget", format_func=lambda t: say(t, language), on_change=_pick,
        )  # fmt: skip
    with right:
        show.card(views[picked], asked.shown, language, dark)
        opened.draw(views[picked], asked.shown, language, dark)


def _pick() -> None:
    st.session_state["question"] = st.session_state["question widget"]
