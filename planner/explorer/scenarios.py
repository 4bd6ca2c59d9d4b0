"""Scenarios 方案: what a visitor keeps, as a tree - open, rename, delete, take along - and cases of one's own made of it."""

import streamlit as st

from planner import paperwork
from planner.desk import choice as choices
from planner.desk import kept
from planner.desk.choice import Choice
from planner.desk.kept import Kept
from planner.errors import CaseError
from planner.explorer import ask, outcome, papers, session, show, sidebar
from planner.explorer.text import plain, told
from planner.language import fmt, say

INDENT = 28  # px a step of the tree


def page() -> None:
    """The tree, a line for each; what is chosen now can become a case of one's own."""
    sidebar.draw()
    asked, language, who = ask.ask(follow=bool(st.session_state.pop("follow once", False))), session.language(), session.visitor()
    show.header(asked)
    outcome.notice(asked)
    st.markdown(say("scenarios.about", language))
    if wrong := st.session_state.pop("scenarios wrong", None):
        st.error(plain(wrong))
    if lost := st.session_state.pop("scenarios lost", None):
        st.warning(say("scenarios.lost", language, what=plain(", ".join(lost))))
    tree = kept.tree(who, language)
    if not tree:
        st.info(say("scenarios.none", language))
    for one in tree:
        _line(one, language)
    _own_case(language)


def _line(one: Kept, language: str) -> None:
    """Title and figures at the left, what can be done at the right."""
    with st.container(border=not one.depth, key=f"kept-{one.name}"):
        st.html(f"<style>.st-key-kept-{one.name} {{ margin-left: {INDENT * one.depth}px; width: auto; }}</style>") if one.depth else None
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left, st.container(gap=None):
            st.markdown(f"**{plain(one.title)}**")
            st.caption(plain(_said(one, language)))
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            here = st.session_state.get("opened") == one.name
            st.button(
                say("scenarios.open", language), key=f"open-{one.name}", type="primary" if here else "secondary", on_click=_open, args=(one.name,)
            )
            with st.popover(say("scenarios.more", language), key=f"more-{one.name}"):
                _more(one, language)


def _more(one: Kept, language: str) -> None:
    who = session.visitor()
    if one.scenario:
        st.text_input(say("keep.title", language), value=one.title, key=f"title-{one.name}", max_chars=60)
        st.button(say("scenarios.rename", language), key=f"rename-{one.name}", on_click=_rename, args=(one.name, language))
    st.download_button(
        say("scenarios.workbook", language), lambda: _workbook(who, one.name, language), f"{one.name}.xlsx", key=f"book-{one.name}", on_click="ignore"
    )
    st.button(say("scenarios.delete", language), key=f"delete-{one.name}", on_click=_delete, args=(one.name, language))


def _said(one: Kept, language: str) -> str:
    """How many numbers it changes, and what its plan comes to, where there is one."""
    said = [say("scenarios.changes", language, number=one.changes)] if one.scenario else [say("scenarios.case", language)]
    try:
        there, _ = kept.opened(session.visitor(), one.name)
        plan = ask.stored(ask.manager(), there.case, choices.case_of(there.case, there.changes).fingerprint)
    except (CaseError, KeyError):
        return say("list.items", language).join([*said, say("scenarios.wrong", language)])
    if plan is None:
        said.append(say("scenarios.unplanned", language))
    else:
        said += [fmt(plan.summary["objective_cny"], "money", language), fmt(plan.summary["emissions_last_t"], "emissions", language)]
    return " · ".join(said)


def _workbook(who: str, name: str, language: str) -> bytes:
    """The workbook, made by the office while the page goes on."""
    there, _ = kept.opened(who, name)
    paper = papers.office().ask(f"{who} book {name} {language}", paperwork.workbook, choices.told(there.case), there.changes, language)
    content: bytes = paper.result(120)
    papers.office().forget(f"{who} book {name} {language}")
    return content


def _own_case(language: str) -> None:
    """What is chosen now, written into a case of one's own."""
    who, now = session.visitor(), session.choice()
    key = f"{who} own case"
    with st.container(border=True, key="card-own"):
        st.subheader(say("scenarios.own", language), anchor=False)
        st.markdown(say("scenarios.own.about", language))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(say("keep.title", language), key="own title", max_chars=60, width=360)
            st.button(say("scenarios.own.make", language), key="own make", on_click=_make, args=(now, language))
        paper = papers.office().get(key)
        if paper is None:
            return
        if not paper.done:
            papers.bar(paper, say("scenarios.own.busy", language))
            return
        papers.office().forget(key)
        if paper.error:
            papers.failed(paper.error, language)
            return
        session.put(kept.added(who, paper.result()))
        st.session_state["opened"] = ""
        session.again()


def _make(now: Choice, language: str) -> None:
    who, title = session.visitor(), st.session_state["own title"]
    try:
        folder = kept.folder_for(who, title)
    except CaseError as error:
        _told(error, language)
        return
    papers.asked(f"{who} own case", language, paperwork.own_case, choices.told(now.case), now.changes, " ".join(title.split()), folder)


def _open(name: str) -> None:
    try:
        there, lost = kept.opened(session.visitor(), name)
    except (CaseError, KeyError) as error:
        _told(error, session.language())
        return
    session.put(there)
    st.session_state.update({"opened": name, "scenarios lost": lost, "follow once": not lost})


def _rename(name: str, language: str) -> None:
    try:
        kept.rename(session.visitor(), name, st.session_state[f"title-{name}"])
    except (CaseError, KeyError) as error:
        _told(error, language)


def _delete(name: str, language: str) -> None:
    try:
        kept.remove(session.visitor(), name)
    except CaseError as error:
        _told(error, language)


def _told(error: Exception, language: str) -> None:
    st.session_state["scenarios wrong"] = told(error, language) if isinstance(error, CaseError) else say("scenarios.wrong", language)
