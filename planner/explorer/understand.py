"""Understand 解读: one question at a time, each answered by a view of the plan."""

import streamlit as st

from planner.explorer import opened, outcome, session, show, sidebar
from planner.explorer.ask import ask
from planner.language import say
from planner.views import GROUPS, VIEWS


def page() -> None:
    """Kinds of questions above, the questions of one kind at the left, the answer beside them; only this one is drawn."""
    sidebar.draw()
    language, dark = session.language(), st.context.theme.type == "dark"
    asked = ask()
    show.header(asked)
    outcome.notice(asked)
    if asked.shown is None:
        return
    at = st.session_state.get("question", VIEWS[0].TITLE)
    group = next(name for name, of in GROUPS.items() if at in {view.TITLE for view in of})
    views = {view.TITLE: view for view in GROUPS[group]}
    session.set_widget("group widget", group)
    session.set_widget("question widget", at)
    st.segmented_control(
        say("understand.question", language), list(GROUPS), key="group widget", format_func=lambda g: say(f"understand.{g}", language), on_change=_turn,
        label_visibility="collapsed",
    )  # fmt: skip
    left, right = st.columns([1, 3])
    with left:
        picked = st.radio(
            say("understand.question", language), list(views), key="question widget", format_func=lambda t: say(t, language), on_change=_pick,
            captions=[say(view.QUESTION, language) for view in views.values()],
        )  # fmt: skip
    with right:
        show.card(views[picked], asked.shown, language, dark)
        opened.draw(views[picked], asked.shown, language, dark)


def _pick() -> None:
    st.session_state["question"] = st.session_state["question widget"]


def _turn() -> None:
    """Another kind of question: its first; the one that is chosen cannot be taken back."""
    if group := st.session_state["group widget"]:
        st.session_state["question"] = GROUPS[group][0].TITLE
