"""Session 会话: what one visitor has chosen - language, case, levers, history - as the one truth that widgets and link follow.

The first run of a session reads the link, then what the browser remembers (two cookies: the language, and a random name
for the visitor, which whoever signed in needs not), then the browser's own language. Widgets are views: their callbacks
write here, and here they read.
"""

import re
import secrets
import threading
import time
from pathlib import Path
from typing import NoReturn

import streamlit as st

from planner.desk import choice as choices
from planner.desk import visitors
from planner.desk.choice import Choice
from planner.desk.history import History
from planner.desk.levers import Value
from planner.errors import CaseError
from planner.explorer import signed
from planner.language import LANGUAGES

LANGUAGE, VISITOR = "planner_language", "planner_visitor"  # cookies
LOOK = 0.05  # s between looks at what is waited for
LATE = 1.0  # s in which a message of the browser may still bring the link from before
DOCUMENT = {"en": "en", "zh": "zh-CN"}  # so that browsers hyphenate, read aloud and pick glyphs in the right language


def start() -> None:
    """Seed the session from link and cookies, once; later the session is the truth and the link follows it, unless the browser went back or forth."""
    if "values" in st.session_state:
        _walk()
        return
    kept = {name: str(text) for name, text in (st.context.cookies or {}).items()}
    visitor = kept.get(VISITOR, "")
    secret = signed.identity() or (visitor if re.fullmatch("[0-9a-f]{32}", visitor) else secrets.token_hex(16))
    asked, language, unusable = choices.from_url({k: st.query_params.get_all(k) for k in st.query_params}, visitors.known_as(secret))
    st.session_state.update(
        {
            "language": language or spoken(),
            "case": asked.case,
            "values": {asked.case: dict(asked.values)},
            "edits": {asked.case: asked.edits},
            "history": {},
            "unusable": unusable,
            "visitor": secret,
        }
    )
    history().note(asked)


def _walk() -> None:
    """Follow the browser to another link of this session. A link that a widget's own message brought along is only late."""
    state, link = st.session_state, {k: st.query_params.get_all(k) for k in st.query_params}
    acted, (written, when) = state.pop("acted", False), state.get("link", ({}, 0.0))
    if acted or not link or link == written or time.monotonic() - when < LATE:
        return
    there, code, unusable = choices.from_url(link, visitor())
    put(there)
    state.update({"unusable": unusable, "language": code or language()})


def spoken() -> str:
    """The language a visitor is met in: the link's, the one this browser remembers, else the browser's own; Chinese where nothing says."""
    if st.query_params.get("lang") in LANGUAGES:
        return str(st.query_params["lang"])
    kept = {name: str(text) for name, text in (st.context.cookies or {}).items()}
    if kept.get(LANGUAGE) in LANGUAGES:
        return kept[LANGUAGE]
    return "zh" if (st.context.locale or "zh").lower().startswith("zh") else "en"


def language() -> str:
    """The language of this session."""
    return str(st.session_state["language"])


def visitor() -> str:
    """Whose session this is, by the name of their workspace; what only their browser knows stays with it."""
    return visitors.known_as(str(st.session_state["visitor"]))


def phone() -> bool:
    """Whether this browser says that its screen is small."""
    return "Mobi" in str(st.context.headers.get("User-Agent", ""))


def choice() -> Choice:
    """What is chosen now; the first case where the chosen one is gone or cannot be read any more."""
    case = str(st.session_state["case"])
    try:
        return of(case)
    except (CaseError, KeyError):
        if case == choices.default_case():
            raise
        st.session_state["unusable"] = [case.rpartition("/")[2]]
        st.session_state["case"] = choices.default_case()
        return of(choices.default_case())


def of(case: str) -> Choice:
    """What is chosen in a case, chosen now or not. Raises CaseError, KeyError."""
    return choices.chosen(case, st.session_state["values"].get(case, {}), st.session_state["edits"].get(case, ()))


def history(case: str | None = None) -> History:
    """The choices made in a case, to undo and redo."""
    found: History = st.session_state["history"].setdefault(case or st.session_state["case"], History())
    return found


def put(new: Choice) -> None:
    """Choose something else: the widgets and the link follow."""
    st.session_state.update({"case": new.case, "acted": True})
    st.session_state["values"][new.case] = dict(new.values)
    st.session_state["edits"][new.case] = new.edits
    st.session_state["unusable"] = []
    history(new.case).note(new)


def move(code: str, value: Value) -> None:
    """Move one lever of the case chosen."""
    put(choice().but(**{code: value}))


def again() -> NoReturn:
    """Draw the page once more, for a reason of its own: the link that comes along is the one its last message brought, and may be from before."""
    st.session_state["acted"] = True
    st.rerun()


def set_widget(key: str, value: object, form: object = None) -> None:
    """Let a widget stand at a value. Written only where it stands elsewhere, or where the widget takes another form and forgets what it held:
    what is written is sent to the page and takes back what was pressed since."""
    if st.session_state.get(key) != value or st.session_state.get(f"{key} form") != form:
        st.session_state.update({key: value, f"{key} form": form})


def wait(over: threading.Event, seconds: float) -> bool:
    """Whether it was over within so many seconds. What is pressed meanwhile is heard at once: a look at the session's state gives way to it."""
    until = time.monotonic() + seconds
    while not over.wait(LOOK) and time.monotonic() < until:
        st.session_state.get("case")
    return over.is_set()


def spoken_key(key: str) -> str:
    """The key of a select box whose choices are words: one a language, or it goes on showing the word it had. What it held goes along."""
    state, now = st.session_state, f"{key} {language()}"
    before = next((f"{key} {code}" for code in LANGUAGES if f"{key} {code}" in state), now)
    if now not in state and before in state:
        state[now] = state[before]
    return now


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
    if st.session_state.get("link", ({}, 0.0))[0] != wanted:
        st.session_state["link"] = wanted, time.monotonic()
    st.session_state.pop("acted", None)
    st.html(Path(__file__).with_name("style.css"))
    lasting = "path=/; max-age=31536000; samesite=lax"
    known = "" if signed.identity() else f"document.cookie='{VISITOR}={st.session_state['visitor']}; {lasting}';"
    st.html(
        f"<script>document.documentElement.lang='{DOCUMENT[code]}';{known}document.cookie='{LANGUAGE}={code}; {lasting}'</script>",
        unsafe_allow_javascript=True,
    )


def _stand(there: Choice) -> None:
    st.session_state["acted"] = True
    st.session_state["values"][there.case] = dict(there.values)
    st.session_state["edits"][there.case] = there.edits
