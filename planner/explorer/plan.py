"""The plan 规划: pick a factory, move the caps, see what it takes - one page."""

import streamlit as st

from planner.explorer import outcome, show, sidebar
from planner.explorer.ask import ask

DOCUMENT = {  # so that browsers hyphenate, read aloud and pick glyphs in the right language
    "en": "<script>document.documentElement.lang='en'</script>",
    "zh": "<script>document.documentElement.lang='zh-CN'</script>",
}


def page() -> None:
    """Choose, ask, show."""
    choice, pressed = sidebar.choose()
    if pressed:
        st.session_state["unusable"] = []  # what the link said no longer matters
    asked = ask(choice, pressed)
    language, dark = choice.language, st.context.theme.type == "dark"
    st.html(DOCUMENT[language], unsafe_allow_javascript=True)
    show.header(asked)
    outcome.notice(asked)
    if asked.shown is None:
        return
    show.headline(asked.shown, language)
    show.cards(asked.shown, language, dark)
    show.notes(asked.shown, language)
