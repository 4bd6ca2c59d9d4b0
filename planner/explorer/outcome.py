"""Outcome 求解状态: what stands between the question and the plan on screen - work in progress, errors, an older plan."""

from itertools import count
from typing import Literal

import pandas as pd
import streamlit as st

from planner.desk.jobs import Busy, Job
from planner.errors import CaseError, NoPlanExists, PlannerError, PlanRefused, SolverFailed, Stopped
from planner.explorer import levers, no_plan, session
from planner.explorer.ask import Asked, solve_now
from planner.explorer.text import plain
from planner.language import fmt, say, translated
from planner.plant import MILLION

EVERY = 0.25  # s between looks at a job
LOOKED = 0.5  # s that a look lasts, so that its end is seen when it comes
TOLD = 12  # changes that are named


def notice(asked: Asked) -> None:
    """Everything a reader must know before reading the plan below."""
    language = asked.language
    if unusable := st.session_state.get("unusable"):
        st.warning(say("notice.link", language, what=plain(", ".join(unusable))))
    if asked.solving and asked.job:
        progress(asked.job, asked.ahead, language, first=asked.shown is None)
    elif asked.error is not None and not isinstance(asked.error, Stopped):
        _error(asked, asked.error)
    elif asked.job and asked.job.cancelled.is_set() and not asked.exact:
        st.info(f"**{say('stopped.title', language)}** {say('stopped.text', language)}")
    _older(asked)
    if asked.exact and asked.shown and asked.shown.summary["status"] != "optimal":
        st.info(say("early.text", language, money=fmt(asked.shown.summary["gap_cny"], "money", language)))
    if asked.open:
        again: Literal["primary", "secondary"] = "secondary" if isinstance(asked.error, NoPlanExists) else "primary"  # the way out comes first
        st.button(say("notice.solve", language), key="solve", type=again, on_click=solve_now, shortcut="Ctrl+Enter")


def _older(asked: Asked) -> None:
    """A line that says so when the plan shown is not the one asked for."""
    if asked.shown is None or asked.exact:
        return
    language = asked.language
    if asked.solving:
        st.caption(f"**{say('stale.title', language)}.** {say('stale.solving', language)}")
    elif not asked.choice.number:
        st.warning(say("stale.reset" if asked.shown.summary.get("changes") else "stale.shipped", language))
    elif asked.error is None:
        changes = levers.told(asked.choice, language, TOLD)
        st.warning(f"**{say('stale.title', language)}.** {say('stale.text', language, changes=plain(say('list.items', language).join(changes)))}")
    else:
        st.caption(f"**{say('stale.title', language)}.**")


def progress(job: Job, ahead: int, language: str, *, first: bool) -> None:
    """How far a job is, and the button that stops it; looked at until it ends."""
    if first:
        st.info(say("solving.first", language))

    looks = count()

    @st.fragment(run_every=EVERY)
    def poll() -> None:
        if job.finished:
            session.again()
        text = say("solving.text", language, phase=say(f"solving.{job.phase}", language), seconds=fmt(job.seconds, "duration", language))
        left, right = st.columns([3, 1], vertical_alignment="center")
        waiting = [say("solving.ahead", language, number=ahead)] if ahead and job.started is None else []
        left.progress(min(job.fraction, 1.0), text=" · ".join([text, *waiting, *_found(job, language)]))
        stopping = job.cancelled.is_set()
        right.button(
            say("solving.stopping" if stopping else "solving.cancel", language), on_click=job.cancel, disabled=stopping, key="cancel", width="stretch"
        )
        if next(looks) and session.wait(job.over, LOOKED):  # the first look lets the page below be drawn
            session.again()

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
    language = asked.language
    if isinstance(error, Busy):
        st.warning(say("solving.busy", language, number=error.args[0]))
    elif asked.job is not None and asked.job.cancelled.is_set():
        st.info(f"**{say('stopped.title', language)}.** {say('stopped.text', language)}")
    elif isinstance(error, CaseError):
        _findings(error, language)
    elif isinstance(error, NoPlanExists):
        no_plan.draw(asked, error)
    else:
        failed(asked, error)


def _findings(error: CaseError, language: str) -> None:
    st.error(f"**{say('error.case', language)}.** {say('error.case.text', language, number=len(error.findings))}")
    rows = [(translated(f.what, language), translated(f.allowed, language), f.where) for f in error.findings]
    st.dataframe(pd.DataFrame(rows, columns=[say(f"error.case.{c}", language) for c in ("what", "allowed", "where")]), hide_index=True)


def failed(asked: Asked, error: Exception) -> None:
    """The solver, the audit or the program: a sentence and what was said, never a trace."""
    language = asked.language
    kind = "solver" if isinstance(error, SolverFailed) else "refused" if isinstance(error, PlanRefused) else "unknown"
    code = asked.job.fingerprint[:8] if asked.job else "-"
    st.error(f"**{say(f'error.{kind}', language)}.** {say(f'error.{kind}.text', language, code=code)}")
    if isinstance(error, PlannerError):
        with st.expander(say("error.details", language)):
            st.text(str(error))
