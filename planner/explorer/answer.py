"""The answer 结论: what the factory should do, in one sentence, four numbers and two pictures - the first screen."""

import streamlit as st

from planner.desk.levers import Value
from planner.explorer import levers, outcome, session, show, sidebar
from planner.explorer.ask import Asked, ask
from planner.language import say
from planner.views import emissions, roadmap

WIDE = (2, 3)  # shares of the page: the wedge, the roadmap


def page() -> None:
    """Show the plan of what is chosen."""
    sidebar.draw()
    asked, dark = ask(), st.context.theme.type == "dark"
    show.header(asked)
    outcome.notice(asked)
    if asked.shown is None:
        return
    show.headline(asked.shown, asked.language)
    _questions(asked)
    for place, view in zip(st.columns(WIDE), (emissions, roadmap), strict=True):
        with place:
            show.card(view, asked.shown, asked.language, dark)
    show.remarks(asked.shown, asked.language)
    show.notes(asked.shown, asked.language)


def _questions(asked: Asked) -> None:
    """Questions one may ask next: each moves one lever and opens the page where one plays."""
    language, known = asked.language, asked.choice.levers
    last = max((lever for lever in known.values() if lever.kind == "cap"), key=lambda lever: lever.year or 0, default=None)
    offers: list[tuple[str, Value]] = [("electricity_price", 120.0), ("finance.carbon_price", 100.0)]
    if last is not None:
        offers.insert(0, (last.code, max(float(dict(asked.choice.values).get(last.code, last.default)) - 5, last.low)))
    with st.container(horizontal=True, vertical_alignment="center", key="questions"):
        st.markdown(say("answer.try", language), width="content")
        for code, value in offers:
            if code in known:
                lever = known[code]
                text = say(f"answer.try.{lever.kind}", language, year=lever.year, value=levers.shown(lever, value, language))
                if st.button(text, key=f"try-{lever.kind}", type="tertiary"):
                    session.move(code, value)
                    st.switch_page(st.session_state["pages"]["page.play"])
