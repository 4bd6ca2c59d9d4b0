"""Opened 打开方案: a plan among many - a point of the front, an alternative - opened as the whole plan it is."""

from pathlib import Path

import streamlit as st

from planner.explorer import show
from planner.explorer.ask import manager
from planner.language import say
from planner.results import Results
from planner.views import View, emissions, roadmap


def draw(view: View, results: Results, language: str, dark: bool) -> None:
    """A choice of the plans that ``view`` names, where the run holds them, and the answer of the one that was chosen."""
    named = getattr(view, "plans", None)
    known = {label: place for label, folder in named(results, language) if (place := _place(results, folder))} if named else {}
    if not known:
        return
    chosen = st.selectbox(
        say("opened.choose", language), list(known), index=None, key=f"opened-{view.TITLE}", placeholder=say("opened.none", language)
    )
    found = manager().load(known[chosen]) if chosen else None
    if found is None:
        return
    if "labels" not in found.tables and "labels" in results.tables:
        found = Results(found.summary, {**found.tables, "labels": results["labels"], "energy": results["energy"]}, found.folder)
    show.headline(found, language)
    for one in (emissions, roadmap):
        show.card(one, found, language, dark)


def _place(results: Results, folder: str) -> Path | None:
    """The run in ``folder`` of these results; None where there is none, or where it would lie outside."""
    if results.folder is None or not folder:
        return None
    home, place = results.folder.resolve(), (results.folder / folder).resolve()
    return place if place.is_relative_to(home) and (place / "summary.json").is_file() else None
