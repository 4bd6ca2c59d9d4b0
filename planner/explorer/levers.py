"""Levers 参数控件: the widgets that move a choice. Their keys and values are codes, so a change of language keeps them."""

from collections.abc import Mapping
from itertools import groupby

import streamlit as st

from planner.desk import choice as choices
from planner.desk import inputs
from planner.desk.choice import Choice
from planner.desk.levers import Level, Lever, Named, Names, Utilisation, Value
from planner.explorer import session
from planner.explorer.text import plain
from planner.language import say
from planner.presets import presets
from planner.views.names import unit, with_unit

OPEN = ("caps",)  # groups that are not folded at first


def draw(now: Choice, language: str) -> None:
    """All levers of a case, group by group."""
    moved, known, own = dict(now.values), now.levers, _shipped(now)
    for group, of in groupby(known.values(), key=lambda lever: lever.group):
        changed = [code for code in moved if known[code].group == group]
        label = say(f"group.{group}", language) + (f" ({len(changed)})" if changed else "")
        key, kept = f"group-{group}", f"group-{group} kept"  # another page forgets what its widgets held
        session.set_widget(key, st.session_state.get(key, st.session_state.get(kept, group in OPEN)), label)
        with st.expander(label, key=key, on_change="rerun") as folder:
            st.session_state[kept] = folder.open
            if not folder.open:  # what is not looked at is not drawn
                continue
            levers = list(of)
            for lever in levers:
                if lever.main:
                    _lever(now, lever, own, moved, language)
            if rest := [lever for lever in levers if not lever.main]:
                _more(now, group, rest, own, moved, language)


def words(now: Choice, code: str, language: str) -> str:
    """A moved lever in words: `Cap 2030: 60% (as shipped: 70%)`."""
    lever, value = now.levers[code], dict(now.values)[code]
    default = _shipped(now).get(code, lever).default
    return say("side.lever", language, label=lever.labels[language], value=shown(lever, value, language), default=shown(lever, default, language))


def told(now: Choice, language: str, most: int = 1000) -> list[str]:
    """All that a choice changes, in words: levers moved, then numbers edited; of these only the first are named."""
    said = [words(now, code, language) for code, _ in now.values]
    named = {cell.key: cell for cell in inputs.cells(now)} if now.edits else {}
    for key, text in now.edits:
        cell = named.get(key)
        label, amount = (cell.words[language], cell.unit) if cell else (key, "")
        before = text if cell is None or cell.before is None else cell.before
        value, default = (with_unit(_number(cell, one), amount, language) if one else say("side.none", language) for one in (text, before))
        said.append(say("side.lever", language, label=label, value=value, default=default))
    return said if len(said) <= most else [*said[:most], say("notes.and_more", language, number=len(said) - most)]


def shown(lever: Lever, value: Value, language: str) -> str:
    """A value of a lever as text, with its unit."""
    if isinstance(lever, Names):
        names = [(lever.choices or {})[n][language] for n in str(value).split(",") if n]
        return say("list.and", language).join(names) or say("side.none", language)
    if lever.choices is not None:
        return lever.choices[str(value)][language]
    if lever.kind == "decide_from":
        return f"{value:.0f}"
    return f"{value:g}%" if lever.unit == "%" else with_unit(f"{value:,.7g}", lever.unit, language)


def _number(cell: inputs.Cell | None, text: str) -> str:
    """The text of a number as people read it: 2,000,000."""
    return f"{float(text):,.9g}" if cell is not None and cell.column.type in ("number", "whole") else text


def _more(now: Choice, group: str, rest: list[Lever], own: Mapping[str, Lever], moved: dict[str, Value], language: str) -> None:
    """Levers one asks for: those picked or moved are drawn."""
    key = f"{now.case}:more {group}"
    codes = {lever.code: lever for lever in rest}
    picked = [c for c in st.session_state.get(f"{key}:picked", []) if c in codes]
    st.session_state[key] = list(dict.fromkeys([*picked, *(c for c in moved if c in codes)]))
    st.multiselect(
        say(f"group.{group}.more", language), list(codes), format_func=lambda c: codes[c].labels[language], key=key, on_change=_picked, args=(key, tuple(codes)),
        placeholder=say("side.choose", language),
    )  # fmt: skip
    for code in st.session_state[key]:
        _lever(now, codes[code], own, moved, language)


def _picked(key: str, codes: tuple[str, ...]) -> None:
    """What is taken off the list goes back to the case's own number."""
    picked = st.session_state[f"{key}:picked"] = list(st.session_state[key])
    now = session.choice()
    if any(code in codes and code not in picked for code, _ in now.values):
        session.put(Choice(now.case, tuple((c, v) for c, v in now.values if c not in codes or c in picked), now.edits))


def _lever(now: Choice, lever: Lever, own: Mapping[str, Lever], moved: dict[str, Value], language: str) -> None:
    key, value = f"{now.case}:{lever.code}", moved.get(lever.code, lever.default)
    label, said = lever.labels[language], _help(now, lever, own.get(lever.code, lever), language)
    if isinstance(lever, Names):
        session.set_widget(key, [n for n in str(value).split(",") if n])
        st.multiselect(
            label, list(lever.choices or {}), format_func=lambda c: (lever.choices or {})[c][language], key=key, help=said, on_change=_moved, args=(key, lever.code),
            placeholder=say("side.choose", language),
        )  # fmt: skip
    elif lever.choices is not None:
        choices, key = lever.choices, session.spoken_key(key)
        session.set_widget(key, value)
        st.selectbox(label, list(choices), format_func=lambda c: choices[c][language], key=key, help=said, on_change=_moved, args=(key, lever.code))
        if found := presets().get(str(value)) if isinstance(lever, Named) else None:
            named = {"name": getattr(found, language), "status": say(f"status.{found.status}", language), "note": found.note[language]}
            st.caption(plain(say("side.set", language, **named)))
    else:
        whole = float(lever.step).is_integer() and float(value).is_integer() and float(lever.low).is_integer()
        number = int if whole else float
        form = "%d" if lever.kind == "decide_from" else "%g%%" if lever.unit == "%" else "%g"
        session.set_widget(key, number(value), (lever.low, lever.high, lever.step))
        if lever.unit not in ("", "%"):
            label = say("side.with_unit", language, label=label, unit=unit(lever.unit, language))
        st.slider(
            label,
            number(lever.low),
            number(lever.high),
            step=number(lever.step),
            format=form,
            key=key,
            help=said,
            on_change=_moved,
            args=(key, lever.code),
        )


def _moved(key: str, code: str) -> None:
    value = st.session_state[key]
    session.move(code, ",".join(value) if isinstance(value, list) else value if isinstance(value, str) else float(value))


def _shipped(now: Choice) -> Mapping[str, Lever]:
    """The levers with the numbers of the case as it stands, whatever was edited since."""
    return choices.levers_by_code(now.case, now.brought) if now.edits else now.levers


def _whole(lever: Level, now: Choice) -> float:
    """The number that 100 % of a lever is, with the utilisation chosen."""
    key, base = lever.keys[0]
    said = [dict(known.changes(value)) for code, value in now.values if isinstance(known := now.levers[code], Utilisation)]
    return next((float(one[key]) for one in said if key in one), base)


def _help(now: Choice, lever: Lever, own: Lever, language: str) -> str:
    """What stands in the case, whether it is a multiple, and how far to trust it."""
    said = [say("side.as_shipped", language, value=shown(lever, own.default, language))]
    if isinstance(lever, Names):
        said.append(say("side.one_list", language))
    if isinstance(lever, Utilisation):
        said.append(say("side.utilisation", language, value=with_unit(f"{lever.most:,.7g}", lever.of, language)))
    elif isinstance(lever, Level) and len({base for _, base in lever.keys}) == 1:
        whole = _whole(lever, now)
        said.append(say("side.level", language, value=with_unit(f"{whole:,.7g}", lever.of, language)))
        if lever.most:
            said.append(say("side.utilised", language, share=f"{100 * whole / lever.most:.3g}%"))
    if lever.confidence:
        said.append(say("side.confidence", language, confidence=say(f"confidence.{lever.confidence}", language)))
    return " · ".join(said)
