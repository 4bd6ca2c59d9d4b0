"""Compare 对比: plans side by side, factories or scenarios of one, with what differs in their conditions before all else."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from planner.case import cases
from planner.desk import choice as choices
from planner.desk import kept
from planner.desk.choice import Choice
from planner.errors import PlannerError
from planner.explorer import ask, levers, outcome, session, show, sidebar
from planner.explorer.text import plain, title
from planner.language import say
from planner.stored import stated

if TYPE_CHECKING:  # whoever opens another page need not load the model, which reading a whole case does
    from planner.compare import Answer
    from planner.report.material import Material

TOLD = 3  # changes a scenario is called by


@dataclass(frozen=True)
class Plan:
    """A plan at hand: the folder of its run and what it is called."""

    folder: Path
    name: str


def page() -> None:
    """Choose plans; read the conditions that differ, then what is reached, from where, at what cost and with what energy."""
    sidebar.draw()
    language = session.language()
    asked = ask.ask()
    show.header(asked)
    outcome.notice(asked)
    known = at_hand(language)
    if len(known) < 2:
        st.info(say("compare.few", language))
        return
    kept = [key for key in st.session_state.get("compared", ()) if key in known]
    session.set_widget("compare widget", kept or list(known)[:2])
    picked = st.multiselect(
        say("compare.which", language), list(known), format_func=lambda key: known[key].name, key="compare widget", on_change=_pick, placeholder=""
    )
    if len(picked) < 2:
        st.info(say("compare.few", language))
        return
    _answers([known[key] for key in picked], language)


def at_hand(language: str) -> Mapping[str, Plan]:
    """Run folder -> plan: the shipped cases in their order, what is kept, then what was tried in this session, the latest first."""
    found: dict[str, Plan] = {}

    def note(folder: Path, name: str) -> None:
        if (folder / "summary.json").is_file() and (folder / "case").is_dir():
            found.setdefault(str(folder), Plan(folder, name))

    for name in sorted(cases(), key=lambda case: (case != choices.default_case(), case)):
        note(ask.runs() / name, title(name, language))
    who = session.visitor()
    above: list[str] = []
    for one in kept.tree(who, language):
        above = [*above[: one.depth], one.title]
        try:
            there, _ = kept.opened(who, one.name)
        except (PlannerError, KeyError):
            continue
        if (folder := _folder(there)) is not None:
            note(folder, " · ".join([title(there.case, language), *above[1:]]))
    for past in reversed([step for one in st.session_state["history"].values() for step in one.steps]):
        if (folder := _folder(past)) is not None:
            note(folder, " · ".join([title(past.case, language), *levers.told(past, language, TOLD)]))
    return found


def _folder(past: Choice) -> Path | None:
    """Where the plan of a choice would stand; None for the case as shipped, while its run is shipped, and for what cannot be read."""
    if not past.number and (ask.runs() / past.case / "summary.json").is_file():
        return None
    try:
        return ask.manager().folder(choices.case_of(past.case, past.changes).fingerprint)
    except PlannerError:
        return None


def _answers(plans: list[Plan], language: str) -> None:
    from planner.compare import compare

    read = [_material(str(p.folder), (p.folder / "summary.json").stat().st_mtime_ns) for p in plans]
    answers = compare(read)
    differing = sum(a.group == "conditions" and not a.same for a in answers)
    (st.warning if differing else st.success)(say("compare.differing" if differing else "compare.alike", language, number=differing))
    for plan in plans:
        if _stale(plan):
            st.caption(plain(say("compare.stale", language, name=plan.name)))
    for group, some in groupby(answers, key=lambda a: a.group):
        own = list(some)
        with st.container(border=True, gap="xsmall", key=f"card-compare-{group}"):
            st.subheader(say(f"compare.{group}", language), anchor=False)
            rows = table([p.name for p in plans], own, language)
            st.dataframe(
                rows,
                hide_index=True,
                height="content",
                column_config={say("compare.question", language): st.column_config.Column(width=330)},
                alt=say(f"compare.{group}", language),
            )
            st.download_button(
                say("view.download", language),
                show.csv_of(rows),
                f"compare-{group}.csv",
                "text/csv",
                key=f"download-compare-{group}",
                on_click="ignore",
            )
    _sectors(read, answers, language)


def _sectors(plans: "list[Material]", answers: "list[Answer]", language: str) -> None:
    """Low, middle and high of every sector with several plants; which have one only."""
    from planner import spread

    rows = spread.table(plans, answers, language)
    if len(rows):
        with st.container(border=True, gap="xsmall", key="card-compare-sectors"):
            st.subheader(say("compare.sectors", language), anchor=False)
            wide = {say("compare.question", language): st.column_config.Column(width=330)}
            st.dataframe(rows, hide_index=True, height="content", column_config=wide, alt=say("compare.sectors", language))
    if alone := spread.alone(plans, language):
        st.caption(plain(alone))


def table(names: list[str], answers: "list[Answer]", language: str) -> pd.DataFrame:
    """One row a question, one column a plan; conditions say whether they are the same."""
    from planner.compare import cells, label

    heads = [name if names.count(name) == 1 else f"{name} ({n + 1})" for n, name in enumerate(names)]
    rows = pd.DataFrame([[label(a, language), *cells(a, language)] for a in answers], columns=[say("compare.question", language), *heads])
    if answers[0].group == "conditions":
        rows.insert(1, say("compare.mark", language), [say("compare.same" if a.same else "compare.differs", language) for a in answers])
    return rows


@st.cache_resource(show_spinner=False, max_entries=16)
def _material(folder: str, written: int) -> "Material":
    """A run with its case, read once as long as it stays the same."""
    from planner.report import material

    return material.of(folder)


def _stale(plan: Plan) -> bool:
    """A shipped run that is not the plan of today's numbers."""
    if plan.folder.parent != ask.runs() or stated(plan.folder):
        return False
    results = ask.shipped_run(ask.manager(), plan.folder.name)
    return results is not None and results.summary["fingerprint"] != choices.shipped(plan.folder.name).fingerprint


def _pick() -> None:
    st.session_state["compared"] = list(st.session_state["compare widget"])
