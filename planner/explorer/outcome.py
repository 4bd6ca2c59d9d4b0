"""Outcome 求解状态: what stands between the question and the plan on screen - work in progress, errors, an older plan."""

import math

import pandas as pd
import streamlit as st

from planner.errors import CaseError, NoPlanExists, PlannerError, PlanRefused, SolverFailed
from planner.explorer import sidebar, state
from planner.explorer.ask import Asked
from planner.explorer.jobs import Busy, Job
from planner.explorer.show import plain
from planner.language import fmt, say, translated
from planner.plant import MILLION

EVERY = 0.5  # s between looks at a job


def notice(asked: Asked) -> None:
    """Everything a reader must know before reading the plan below."""
    language = asked.choice.language
    if unusable := st.session_state.get("unusable"):
        st.warning(say("notice.link", language, what=plain(", ".join(unusable))))
    if asked.solving and asked.job:
        _progress(asked.job, language, first=asked.shown is None)
    elif asked.error is not None:
        _error(asked, asked.error)
    elif asked.job and asked.job.cancelled.is_set() and not asked.exact:
        st.info(f"**{say('stopped.title', language)}** {say('stopped.text', language)}")
    _older(asked)
    if asked.exact and asked.shown and asked.shown.summary["status"] != "optimal":
        st.info(say("early.text", language, money=fmt(asked.shown.summary["gap_cny"], "money", language)))
    solved = asked.exact and asked.shown is not None and asked.shown.summary["status"] == "optimal"
    if (wanted := not asked.solving and not solved) != sidebar.wanted():  # the button stands above; draw it again as it now should be
        st.session_state["wanted"] = wanted
        st.rerun()


def _older(asked: Asked) -> None:
    """A line that says so when the plan shown is not the one asked for."""
    if asked.shown is None or asked.exact:
        return
    language, button = asked.choice.language, say("side.solve", asked.choice.language)
    if asked.solving:
        st.caption(f"**{say('stale.title', language)}.** {say('stale.solving', language)}")
    elif not asked.choice.values:
        st.warning(say("stale.shipped", language, button=button))
    elif asked.error is None:
        st.warning(f"**{say('stale.title', language)}.** {say('stale.text', language, changes=_changes(asked), button=button)}")
    else:
        st.caption(f"**{say('stale.title', language)}.**")


def _changes(asked: Asked) -> str:
    """The changed levers in words: `cap 2030 60%`."""
    language = asked.choice.language
    said = []
    levers = {lever.key: lever for lever in state.levers_of(state.shipped(asked.choice.case))}
    for key, value in asked.choice.values:
        lever = levers[key]
        shown = sidebar.province(value, language) if isinstance(value, str) else f"{value:g}"
        said.append(say(f"change.{lever.group}", language, year=lever.year, value=shown))
    return plain(say("list.items", language).join(said))


def _progress(job: Job, language: str, *, first: bool) -> None:
    if first:
        st.info(say("solving.first", language))

    @st.fragment(run_every=EVERY)
    def poll() -> None:
        if job.finished:
            st.rerun()
        text = say("solving.text", language, phase=say(f"solving.{job.phase}", language), seconds=fmt(job.seconds, "duration", language))
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.progress(min(job.fraction, 1.0), text=" · ".join([text, *_found(job, language)]))
        stopping = job.cancelled.is_set()
        right.button(
            say("solving.stopping" if stopping else "solving.cancel", language), on_click=job.cancel, disabled=stopping, key="cancel", width="stretch"
        )

    poll()


def _found(job: Job, language: str) -> list[str]:
    """How good the best plan so far is, in money."""
    progress = job.progress
    if progress is None or progress.cost is None or progress.phase != "plan":
        return []
    cost = fmt(progress.cost * MILLION, "money", language)
    if progress.bound is None:
        return [say("solving.found.cost", language, cost=cost)]
    gap = fmt(max(progress.cost - progress.bound, 0.0) * MILLION, "money", language)
    return [say("solving.found", language, cost=cost, gap=gap)]


def _error(asked: Asked, error: Exception) -> None:
    language = asked.choice.language
    if isinstance(error, Busy):
        st.warning(say("solving.busy", language, number=error.args[0]))
    elif asked.job is not None and asked.job.cancelled.is_set():
        st.info(f"**{say('stopped.title', language)}.** {say('stopped.text', language)}")
    elif isinstance(error, CaseError):
        _findings(error, language)
    elif isinstance(error, NoPlanExists):
        _none(asked, error)
    else:
        _failed(asked, error)


def _findings(error: CaseError, language: str) -> None:
    st.error(f"**{say('error.case', language)}.** {say('error.case.text', language, number=len(error.findings))}")
    rows = [(translated(f.what, language), translated(f.allowed, language), f.where) for f in error.findings]
    st.dataframe(pd.DataFrame(rows, columns=[say(f"error.case.{c}", language) for c in ("what", "allowed", "where")]), hide_index=True)


def _none(asked: Asked, error: NoPlanExists) -> None:
    """Which caps cannot be met, how near one can get, and a button that goes there."""
    language, case = asked.choice.language, asked.choice.case
    said = []
    for u in error.unreachable:
        lowest = (u.lowest_together or u.lowest_alone)[1]
        amounts = {k: fmt(v, "emissions", language) for k, v in {"limit": u.limit, "lowest": lowest, "missing": lowest - u.limit}.items()}
        said.append("- " + say("error.none.cap", language, year=u.year, **amounts))
    st.error("\n".join([f"**{say('error.none', language)}.**", "", *(said or [plain(translated(str(error), language))])]))
    base = state.shipped(case).settings.get("base_year.emissions")
    levers = {lever.key for lever in state.levers_of(state.shipped(case))}
    nearest: dict[str, float | str] = {}
    for u in error.unreachable:
        key = f"caps.{u.cap}.{u.year}.share"
        if base and key in levers:
            nearest[key] = math.ceil((u.lowest_together or u.lowest_alone)[1] / base * 1000) / 10  # up, or it would be missed again
    if nearest:
        shares = say("list.items", language).join(
            say("error.none.adopt.one", language, year=k.split(".")[2], share=f"{v:g}%") for k, v in nearest.items()
        )
        st.button(say("error.none.adopt", language, caps=shares), key="adopt", type="primary", on_click=sidebar.put, args=(case, nearest))


def _failed(asked: Asked, error: Exception) -> None:
    """The solver, the audit or the program: a sentence and what was said, never a trace."""
    language = asked.choice.language
    kind = "solver" if isinstance(error, SolverFailed) else "refused" if isinstance(error, PlanRefused) else "unknown"
    code = asked.job.fingerprint[:8] if asked.job else "-"
    st.error(f"**{say(f'error.{kind}', language)}.** {say(f'error.{kind}.text', language, code=code)}")
    if isinstance(error, PlannerError):
        with st.expander(say("error.details", language)):
            st.text(str(error))
