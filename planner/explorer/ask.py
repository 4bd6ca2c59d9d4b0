"""Ask 求解请求: which plan answers a choice, and which one is shown until it is there."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.case import Case
from planner.dictionary import DATA
from planner.errors import CaseError, PlannerError
from planner.explorer import jobs, state
from planner.explorer.jobs import Busy, Job, JobManager
from planner.explorer.state import Choice
from planner.results import Results

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A choice and where it stands.

    shown: the plan on screen; exact: it is the plan of this choice; job: the solve of this choice, at work or ended;
    error: why there is none.
    """

    choice: Choice
    shown: Results | None
    exact: bool
    job: Job | None
    error: Exception | None

    @property
    def solving(self) -> bool:
        """The plan of this choice is being made."""
        return self.job is not None and not self.job.finished


@st.cache_resource(show_spinner=False)
def manager() -> JobManager:
    """The one job manager of this process."""
    return JobManager(jobs.cache())


def ask(choice: Choice, pressed: bool) -> Asked:
    """Find the plan of ``choice``, or start making it when that is wanted or nothing at all could be shown."""
    desk = manager()
    try:
        case = state.case_of(choice.case, choice.changes)
    except CaseError as wrong:
        return Asked(choice, _previous(choice, desk), False, None, wrong)
    fingerprint = case.fingerprint
    exact = None if pressed else stored(desk, choice.case, fingerprint)
    shown = exact or _previous(choice, desk)
    job = desk.get(fingerprint)
    error: Exception | None = None
    if pressed or (shown is None and job is None):
        try:
            job = desk.submit(fingerprint, choice.case, choice.changes)
        except Busy as busy:
            error = busy
    if exact is not None:
        st.session_state.setdefault("shown", {})[choice.case] = fingerprint
    if job is not None and job.finished and exact is None:
        error = job.error
    return Asked(choice, _labelled(shown, case) if shown else None, exact is not None, job, error)


def stored(desk: JobManager, name: str, fingerprint: str) -> Results | None:
    """The plan with this fingerprint, made here or shipped."""
    return desk.plan(fingerprint) or next((r for r in [shipped_run(desk, name)] if r and r.summary.get("fingerprint") == fingerprint), None)


def shipped_run(desk: JobManager, name: str) -> Results | None:
    """The run that is shipped with a case. ``name`` is the name of a shipped case, never more of a path."""
    return desk.load(runs() / name) if name.isidentifier() else None


def runs() -> Path:
    """Where `planner solve CASE --out` put the runs that are shipped."""
    return DATA / "runs"


def _previous(choice: Choice, desk: JobManager) -> Results | None:
    """What was shown last for this case, else its plan as shipped, else an older one of it."""
    last = st.session_state.get("shown", {}).get(choice.case)
    try:
        today = state.shipped(choice.case).fingerprint
    except PlannerError:
        log.warning("the shipped case %s cannot be read", choice.case)
        today = ""
    found = (stored(desk, choice.case, f) for f in (last, today) if f)
    return next((r for r in found if r is not None), None) or shipped_run(desk, choice.case)


def _labelled(results: Results, case: Case) -> Results:
    """Results with the labels of the case's assets, markets and carriers, where the run brought none."""
    if "labels" in results.tables:
        return results
    rows = [(a, case.label(a, "en"), case.label(a, "zh")) for a in case.by_name["assets"]]
    carriers = case.by_name["carriers"]
    for market, row in case.by_name["markets"].items():
        carrier = carriers.get(row["carrier"], {})
        rows.append((market, row["en"] or carrier.get("en") or market, row["zh"] or carrier.get("zh") or market))
    rows += [(c, row["en"] or c, row["zh"] or c) for c, row in carriers.items() if c not in case.by_name["markets"]]
    return replace(results, tables={**results.tables, "labels": pd.DataFrame(rows, columns=["name", "en", "zh"])})
