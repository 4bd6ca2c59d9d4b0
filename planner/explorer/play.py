"""Play 试算: move a lever and see what the plan does - what entered, what left, cost and emissions before and after."""

from typing import Literal

import streamlit as st

from planner.explorer import outcome, session, show, sidebar
from planner.explorer.ask import Asked, ask
from planner.explorer.text import plain
from planner.language import say
from planner.views import change, emissions, roadmap

Colour = Literal["gray", "green", "red"]
TOLD = 4  # steps of a kind that are named, the rest are counted and stand in the table


def page() -> None:
    """Levers at the side, the answer and its change beside them."""
    sidebar.draw(play=True)
    language, dark = session.language(), st.context.theme.type == "dark"
    st.session_state.setdefault("follow", True)
    asked = ask(follow=bool(st.session_state["follow"]))
    show.header(asked)
    _tools(language)
    outcome.notice(asked)
    if asked.shown is None:
        return
    changed(asked)
    for place, view in zip(st.columns([2, 3]), (emissions, roadmap), strict=True):
        with place:
            show.card(view, asked.shown, language, dark, before=asked.before)


def _tools(language: str) -> None:
    """Undo, redo, and whether the plan follows the levers."""
    history = session.history()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(say("play.undo", language), key="undo", on_click=session.undo, disabled=not history.can_undo)
        st.button(say("play.redo", language), key="redo", on_click=session.redo, disabled=not history.can_redo)
        st.toggle(
            say("play.follow", language),
            key="follow widget",
            value=st.session_state["follow"],
            on_change=_follow,
            help=say("play.follow.help", language),
        )


def _follow() -> None:
    st.session_state["follow"] = st.session_state["follow widget"]


def _figure(figure: change.Figure) -> None:
    """The number with its difference: green where that is welcome, red where not, grey where it is no question."""
    if not figure.difference:
        st.metric(figure.label, figure.after)
        return
    colour: Colour = "gray" if figure.better is None else "green" if figure.better else "red"
    st.metric(figure.label, figure.after, figure.difference, delta_color=colour, delta_arrow="down" if figure.difference.startswith("−") else "up")


def changed(asked: Asked) -> None:
    """The figures of this plan beside those of the one before, and which projects differ."""
    language, now, before = asked.language, asked.shown, asked.before
    assert now is not None
    with st.container(key="numbers"):
        for place, figure in zip(st.columns(4), change.figures(before or now, now, language), strict=True):
            with place.container(border=True, height="stretch", gap=None):
                if before is None:
                    st.metric(figure.label, figure.after)
                else:
                    _figure(figure)
                    st.caption(plain(figure.note or say("play.before", language, value=figure.before)))
    if before is None:
        st.caption(say("play.start", language))
        return
    steps = show.once(change.steps, before, after=now)
    with st.container(border=True, key="card-change", gap="xsmall"):
        st.markdown(f"**{say('play.changed', language)}**")
        said = []
        for kind in change.KINDS:
            of = [s for s in steps if s.kind == kind]
            if of:
                words = [plain(s.words(language)) for s in of[:TOLD]]
                if len(of) > TOLD:
                    words.append(say("notes.and_more", language, number=len(of) - TOLD))
                said.append(f"- **{say(f'change.{kind}', language)}** {say('list.items', language).join(words)}")
        st.markdown("\n".join(said) or say("play.same", language))
        if steps:
            with st.expander(say("play.all", language), key=f"all-{language}", on_change="rerun") as whole:
                if whole.open:
                    show.table("change", lambda: change.table(before, now, language), language)
