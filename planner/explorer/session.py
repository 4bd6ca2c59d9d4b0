"""Session 会话: what one visitor has chosen - language, case, levers, history - as the one truth that widgets and link follow.

The first run of a session reads the link, then what the browser remembers (two cookies: the language, and a random name
for the visitor), then the browser's own language. Widgets are views: their callbacks write here, and here they read.
"""

import secrets
from pathlib import Path

import streamlit as st

from planner.desk import choice as choices
from planner.desk.choice import Choice
from planner.desk.history import History
from planner.desk.levers import Value
from planner.language import LANGUAGES

LANGUAGE, VISITOR = "planner_language", "planner_visitor"  # cookies
DOCUMENT = {"en": "en", "zh": "zh-CN"}  # so that browsers hyphenate, read aloud and pick glyphs in the right language


def start() -> None:
    """Seed the session from link and cookies, once; later the session is the truth and the link follows it."""
    if "values" in st.session_state:
        return
    asked, language, unusable = choices.from_url({k: st.query_params.get_all(k) for k in st.query_params})
    kept = {name: str(text) for name, text in (st.context.cookies or {}).items()}
    remembered = kept.get(LANGUAGE) if kept.get(LANGUAGE) in LANGUAGES else None
    locale = (st.context.locale or "zh").lower()
    visitor = kept.get(VISITOR, "")
    st.session_state.update(
        {
            "language": language or remembered or ("zh" if locale.startswith("zh") else "en"),
            "case": asked.case,
            "values": {asked.case: dict(asked.values)},
            "history": {},
            "unusable": unusable,
            "visitor": visitor if visitor.isalnum() and len(visitor) <= 64 else secrets.token_hex(16),
        }
    )
    history().note(asked)


def language() -> str:
    """The language of this session."""
    return str(st.session_state["language"])


def visitor() -> str:
    """Whose session this is: a random name that the browser keeps."""
    return str(st.session_state["visitor"])


def choice() -> Choice:
    """What is chosen now."""
    case = str(st.session_state["case"])
    return choices.chosen(case, st.session_state["values"].get(case, {}))


def history(case: str | None = None) -> History:
    """The choices made in a case, to undo and redo."""
    found: History = st.session_state["history"].setdefault(case or st.session_state["case"], History())
    return found


def put(new: Choice) -> None:
    """Choose something else: the widgets and the link follow."""
    st.session_state["case"] = new.case
    st.session_state["values"][new.case] = dict(new.values)
    st.session_state["unusable"] = []
    history(new.case).note(new)


def move(code: str, value: Value) -> None:
    """Move one lever of the case chosen."""
    now = choice()
    put(choices.chosen(now.case, dict(now.values) | {code: value}))


def undo() -> None:
    """Back to the choice before."""
    _stand(history().undo())


def redo() -> None:
    """Forth again."""
    _stand(history().redo())


def keep() -> None:
    """Let link, browser and page's language follow the session."""
    now, code = choice(), language()
    wanted = choices.to_url(now, code)
    if {k: st.query_params.get_all(k) for k in st.query_params} != wanted:
        st.query_params.from_dict(wanted)
    st.html(Path(__file__).with_name("style.css"))
    lasting = "path=/; max-age=31536000; samesite=lax"
    st.html(
        f"<script>document.documentElement.lang='{DOCUMENT[code]}';document.cookie='{LANGUAGE}={code}; {lasting}';"
        f"document.cookie='{VISITOR}={visitor()}; {lasting}'</script>",
        unsafe_allow_javascript=True,
    )


def _stand(there: Choice) -> None:
    st.session_state["values"][there.case] = dict(there.values)
