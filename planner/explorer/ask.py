"""Ask 求解请求: which plan answers a choice, which one is shown until it is there, and which one it is compared with."""

import logging
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from planner.desk import choice as choices
from planner.desk import jobs
from planner.desk.choice import Choice
from planner.desk.jobs import Busy, Job, JobManager
from planner.errors import CaseError, PlannerError
from planner.explorer import session
from planner.language import say
from planner.results import Results
from planner.stored import RUNS
from planner.views.names import labelled

SOON, SHORTLY = 2.5, 0.3  # s that a page waits for a plan of a case that is open, and of another, before it is drawn without
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A choice and where it stands.

    shown: the plan on screen; exact: it is the plan of this choice; before: the plan it is compared with; job: the solve
    of this choice, at work or ended; solving: it was at work when its plan was looked for, so a page that is without looks again;
    ahead: jobs that come first; error: why there is none.
    """

    choice: Choice
    language: str
    shown: Results | None
    exact: bool
    before: Results | None
    job: Job | None
    solving: bool
    ahead: int
    error: Exception | None

    @property
    def open(self) -> bool:
        """There is something left to solve: no plan of this choice yet, or one that was stopped early."""
        return not self.solving and not (self.exact and self.shown is not None and self.shown.summary["status"] == "optimal")


@st.cache_resource(show_spinner=False)
def manager() -> JobManager:
    """The one job manager of this process."""
    return JobManager(jobs.cache())


def ask(*, follow: bool = False) -> Asked:
    """Find the plan of what is chosen. It is made when asked for, when ``follow`` says so, or when nothing else could be shown."""
    now, desk, language = session.choice(), manager(), session.language()
    pressed = bool(st.session_state.pop("solve now", False))
    try:
        case = choices.case_of(now.case, now.changes)
    except CaseError as wrong:
        return Asked(now, language, _last(now, desk), False, None, None, False, 0, wrong)
    fingerprint = case.fingerprint
    job = desk.get(fingerprint)
    solving = job is not None and not job.finished
    exact = None if pressed else stored(desk, now.case, fingerprint)
    before = _before(now, desk, fingerprint)
    shown = exact or _last(now, desk)
    error: Exception | None = None
    if pressed or (exact is None and job is None and (follow or shown is None)):
        try:
            last = str(before.summary.get("fingerprint", "")) if before else ""
            job = desk.submit(fingerprint, choices.told(now.case), now.changes, session.visitor(), last)
            st.session_state["waiting for"] = fingerprint
            if not desk.ahead(job):
                with st.spinner(say("solving.soon", language)):  # what was on screen stays; what else would be drawn would only slow it
                    session.wait(job.over, SOON if choices.told(now.case) in desk.hot else SHORTLY)
            solving = not job.finished
            exact = None if solving else stored(desk, now.case, fingerprint)
            shown = exact or shown
        except Busy as busy:
            error = busy
    if follow:  # levers are at hand
        desk.open(choices.told(now.case))
        if st.session_state.get("waiting for", fingerprint) != fingerprint:  # a lever went on to a plan that is known, or at work for somebody else
            desk.leave(st.session_state.pop("waiting for"), session.visitor())
    if exact is not None:
        st.session_state.setdefault("shown", {})[now.case] = fingerprint
    if job is not None and not solving and exact is None:
        error = job.error
    ahead = desk.ahead(job) if job else 0
    return Asked(now, language, labelled(shown, case) if shown else None, exact is not None, before if exact else None, job, solving, ahead, error)


def solve_now() -> None:
    """A button's callback: the next look at the page asks for the plan."""
    st.session_state["solve now"] = True


def stored(desk: JobManager, name: str, fingerprint: str) -> Results | None:
    """The plan with this fingerprint, made here or shipped."""
    return desk.plan(fingerprint) or next((r for r in [shipped_run(desk, name)] if r and r.summary.get("fingerprint") == fingerprint), None)


def shipped_run(desk: JobManager, name: str) -> Results | None:
    """The run that is shipped with a case. ``name`` is the name of a shipped case, never more of a path."""
    return desk.load(runs() / name) if name.isidentifier() else None


def runs() -> Path:
    """Where `planner solve CASE --out` put the runs that are shipped."""
    return RUNS


def _before(now: Choice, desk: JobManager, fingerprint: str) -> Results | None:
    """The latest plan of the history before this choice, else the case's own; None for the case's own plan itself."""
    for past in (*session.history().before, Choice(now.case)):
        try:
            found = choices.case_of(past.case, past.changes).fingerprint
        except PlannerError:
            continue
        if found != fingerprint and (results := stored(desk, past.case, found)) is not None:
            return results
    return None


def _last(now: Choice, desk: JobManager) -> Results | None:
    """What was shown last for this case, else its plan as shipped, else an older one of it."""
    last = st.session_state.get("shown", {}).get(now.case)
    try:
        today = choices.shipped(now.case).fingerprint
    except PlannerError:
        log.warning("the shipped case %s cannot be read", now.case)
        today = ""
    found = (stored(desk, now.case, f) for f in (last, today) if f)
    return next((r for r in found if r is not None), None) or shipped_run(desk, now.case)
