"""Sidebar 侧栏: the widgets that choose case, language and levers. Their keys are codes, so a change of language keeps them."""

import streamlit as st

from planner.case import cases
from planner.explorer import state
from planner.explorer.state import Choice, Lever
from planner.language import LANGUAGES, fmt, say


def choose() -> tuple[Choice, bool]:
    """Draw the sidebar; what is chosen, and whether a new plan is asked for."""
    state.start()
    language = str(st.session_state["language"])
    with st.sidebar:
        st.session_state["language"] = language  # set before the widget exists, so that it is never without
        st.segmented_control(
            say("side.language", language),
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            key="language",
            required=True,
            label_visibility="collapsed",
        )
        names = list(cases())
        st.session_state["case"] = case = str(st.session_state["case"])
        st.selectbox(say("side.case", language), names, format_func=lambda name: title(name, language), key="case")
        levers = state.levers_of(state.shipped(case))
        values = _levers(case, levers, language)
        choice = state.chosen(case, language, values)
        pressed = st.button(
            say("side.solve", language),
            key="solve",
            type="primary",
            width="stretch",
            help=say("side.solve.help", language),
            disabled=not wanted(),
        )
        if choice.values:
            st.button(say("side.reset", language), key="reset", width="stretch", on_click=put, args=(case, {v.key: v.shipped for v in levers}))
        else:
            st.caption(say("side.unchanged", language))
    state.keep(choice)
    return choice, pressed


def put(case: str, values: dict[str, float | str]) -> None:
    """Set levers from a button (a callback, so it happens before the widgets are drawn)."""
    for key, value in values.items():
        st.session_state[f"{case}:{key}"] = value


def wanted() -> bool:
    """Whether there is something to solve, as the page found when it was last drawn."""
    return bool(st.session_state.get("wanted"))


def title(name: str, language: str) -> str:
    """The name of a shipped case in words."""
    return str(state.shipped(name).settings.get(language) or name)


def _levers(case: str, levers: tuple[Lever, ...], language: str) -> dict[str, float | str]:
    base = state.shipped(case).settings.get("base_year.emissions")
    known = st.session_state["values"].get(case, {})
    for lever in levers:
        st.session_state.setdefault(f"{case}:{lever.key}", known.get(lever.key, lever.shipped))
    if any(lever.group == "cap" for lever in levers):
        st.markdown(f"**{say('side.caps', language, base=fmt(base, 'emissions', language))}**")
    values = {lever.key: _lever(case, lever, language) for lever in levers if lever.group == "cap"}
    st.markdown(f"**{say('side.prices', language)}**")
    return values | {lever.key: _lever(case, lever, language) for lever in levers if lever.group != "cap"}


def _lever(case: str, lever: Lever, language: str) -> float | str:
    key = f"{case}:{lever.key}"
    if isinstance(lever.shipped, str):
        return str(st.selectbox(say("side.province", language), list(state.provinces()), format_func=lambda p: province(p, language), key=key))
    hint = fmt(lever.shipped * lever.per, "share", language) if lever.per == 0.01 else f"{lever.shipped:g}"
    rate = state.shipped(case)["finance.discount_rate_kind"]
    kind = "discount_rate_real" if (lever.group, rate) == ("discount_rate", "real") else lever.group
    form = "%g%%" if lever.per == 0.01 else "%g"
    label, said = say(f"side.{kind}", language, year=lever.year), say("side.as_shipped", language, value=hint)
    return float(st.slider(label, 0.0, lever.highest, step=lever.step, format=form, key=key, help=said))


def province(code: str, language: str) -> str:
    """The name of a province."""
    row = state.shipped(next(iter(cases()))).by_name["provinces"][code]
    return str(row[language] or code)
