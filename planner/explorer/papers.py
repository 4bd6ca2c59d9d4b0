"""Papers 文件办理: the office's work as pages show it - a bar while it is done, a file when it is there, a sentence when it failed."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from planner.desk import jobs
from planner.desk.jobs import Busy
from planner.desk.office import Office, Paper
from planner.errors import CaseError
from planner.explorer import session
from planner.explorer.text import plain
from planner.language import say, spoken

EVERY = 0.5  # s between looks
log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def office() -> Office:
    """The one office of this process."""
    return Office()


def place() -> Path:
    """Where reports are kept; they can be made again at any time."""
    return jobs.cache() / "papers"


def asked(key: str, language: str, work: Callable[..., Any], *args: Any) -> None:
    """Ask for a paper, made anew where it is gone; too many waiting is said."""
    known = office().get(key)
    if known is not None and known.done:
        office().forget(key)
    try:
        office().ask(key, work, *args)
    except Busy as busy:
        st.toast(say("solving.busy", language, number=busy.args[0]))


def bar(paper: Paper, text: str) -> None:
    """A bar until it is done; the page draws itself again then."""

    @st.fragment(run_every=EVERY)
    def poll() -> None:
        if paper.done:
            session.again()
        st.progress(min(paper.fraction, 0.98), text=text)

    poll()


def failed(error: BaseException | None, language: str) -> None:
    """Why there is none, without a trace."""
    if isinstance(error, CaseError):
        st.error("\n".join(f"- {plain(spoken(f, language))}" for f in error.findings))
    elif error is not None:
        log.error("a paper failed", exc_info=error)
        st.error(say("paper.failed", language))
