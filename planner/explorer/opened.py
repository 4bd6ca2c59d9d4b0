"""Opened 打开方案: a plan among many - a point of the front, an alternative - opened as the whole plan it is."""

from pathlib import Path

import streamlit as st

from planner.explorer import ask, show
from planner.language import say
from planner.results import Results
from planner.views import View, emissions, roadmap


def draw(view: View, results: Results, language: str, dark: bool) -> None:
    """A choice of the plans that ``view`` names, where the run holds them, and the answer of the one that was chosen."""
    known = places(view, results, language)
    if not known:
        return
    chosen = st.selectbox(
        say("opened.choose", language), list(known), index=None, key=f"opened-{view.TITLE}", placeholder=say("opened.none", language)
    )
    found = ask.manager().load(known[chosen]) if chosen else None
    if found is None:
        return
    named = {name: results[name] for name in ("labels", "energy") if name in results.tables}
    found = found.with_more(named)
    show.headline(found, language)
    show.remarks(found, language)
    for one in (emissions, roadmap):
        show.card(one, found, language, dark)


def places(view: View, results: Results, language: str) -> dict[str, Path]:
    """How a plan is called -> its folder, for those that are there; none outside of the run."""
    if results.folder is None or not hasattr(view, "plans"):
        return {}
    home, found = results.folder.resolve(), dict[str, Path]()
    for label, folder in view.plans(results, language):
        place = (home / folder).resolve()
        if folder and place.is_relative_to(home) and (place / "summary.json").is_file():
            found[label] = place
    return found
