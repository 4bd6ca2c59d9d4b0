"""Why not 为何未选: an option forced into the plan, and what that changes - cost, emissions, what leaves."""

from dataclasses import replace

import streamlit as st

from planner.desk import choice as choices
from planner.desk import forcing
from planner.desk.forcing import Option
from planner.desk.jobs import Busy, Job
from planner.errors import NoPlanExists, Stopped
from planner.explorer import ask, outcome, play, session, show, sidebar
from planner.explorer.ask import Asked
from planner.explorer.text import plain
from planner.language import fmt, say
from planner.results import Results
from planner.views import emissions, roadmap
from planner.views.names import labelled
from planner.views.names import unit as unit_of


def page() -> None:
    """Pick an option and a size; the plan with it stands beside the plan without."""
    sidebar.draw()
    asked = ask.ask()
    show.header(asked)
    outcome.notice(asked)
    if asked.shown is None:
        return
    if not asked.exact:
        st.caption(say("forced.first", asked.language))
        return
    found = _picked(asked, asked.shown)
    if found is not None:
        _answer(asked, *found)


def _picked(asked: Asked, shown: Results) -> tuple[Option, float] | None:
    """The option and the size that are asked about; None where there is nothing to ask about."""
    language, now = asked.language, asked.choice
    known = {o.asset: o for o in forcing.options(now.case, now.changes)}
    if not known:
        st.info(say("forced.nothing", language))
        return None
    taken = _taken(shown)

    def words(name: str) -> str:
        of = known[name]
        size = fmt(taken[name], of.unit, language) if name in taken else say("forced.not_taken", language)
        return say("forced.option", language, name=of.labels[language], size=size)

    with st.container(border=True, key="card-forced"):
        st.subheader(say("forced.title", language), anchor=False)
        st.markdown(f":gray[{say('forced.question', language)}]")
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        names = sorted(known, key=lambda name: name in taken)  # what was not chosen comes first
        option = known[left.selectbox(say("forced.which", language), names, format_func=words, key=session.spoken_key(f"{now.case}:forced"))]
        unit = say("side.with_unit", language, label=say("forced.size", language), unit=unit_of(option.unit, language))
        start = max(option.small, min(taken.get(option.asset, 0.0) + option.small, option.largest))
        size = right.number_input(
            unit, 0.0, float(option.largest), float(start), step=float(option.small), key=f"{now.case}:forced:{option.asset}", format="%.6g",
            help=say("forced.size.help", language, most=fmt(option.largest, option.unit, language)),
        )  # fmt: skip
        st.caption(say("forced.source", language))
    return option, float(size)


def _taken(results: Results) -> dict[str, float]:
    """What the plan builds of each option, everyday units."""
    road = results["roadmap"]
    rows = road[road["action"].isin(["build", "committed"])]
    return {str(a): float(v) for a, v in rows.groupby("asset")["size"].sum().items()}


def _answer(asked: Asked, option: Option, size: float) -> None:
    """The plan with it, where it is there; else the work on it, why there is none, or the button that asks for it."""
    language, now, desk = asked.language, asked.choice, ask.manager()
    case = choices.case_of(now.case, now.changes)
    name = forcing.name_of(case.fingerprint, option.asset, size)
    job = desk.get(name)
    solving = job is not None and not job.finished
    found = desk.plan(name)
    if found is not None:
        said = {"name": option.labels[language], "size": fmt(size, option.unit, language)}
        st.markdown(f"#### {plain(say('forced.result', language, **said))}")
        there = replace(asked, shown=labelled(found, case), before=asked.shown)
        play.changed(there)
        for place, view in zip(st.columns([2, 3]), (emissions, roadmap), strict=True):
            with place:
                show.card(view, labelled(found, case), language, st.context.theme.type == "dark", before=asked.shown)
        return
    if job and solving:
        outcome.progress(job, desk.ahead(job), language, first=False)
        return
    if job is not None and job.error is not None:
        _error(asked, job)
    st.button(say("forced.ask", language), key="force", type="primary", on_click=_ask, args=(name, asked, (option.asset, size)))
    if waiting := st.session_state.pop("forced busy", 0):
        st.warning(say("solving.busy", language, number=waiting))


def _ask(name: str, asked: Asked, wanted: tuple[str, float]) -> None:
    try:
        ask.manager().submit(name, choices.told(asked.choice.case), asked.choice.changes, session.visitor(), forced=wanted)
    except Busy as busy:
        st.session_state["forced busy"] = busy.args[0]


def _error(asked: Asked, job: Job) -> None:
    """Why there is no plan with it."""
    if isinstance(job.error, NoPlanExists):
        st.error(say("forced.impossible", asked.language))
    elif isinstance(job.error, Stopped):
        st.info(f"**{say('stopped.title', asked.language)}** {say('stopped.text', asked.language)}")
    elif job.error is not None:
        outcome.failed(replace(asked, job=job), job.error)
