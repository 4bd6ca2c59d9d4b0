"""No plan 无方案: what can be reached, which requirements contradict each other, and the nearest plan, one click away."""

import streamlit as st

from planner.desk.choice import Choice
from planner.desk.nearest import Way, way_out
from planner.errors import NoPlanExists
from planner.explorer import levers, session, show
from planner.explorer.ask import Asked, solve_now
from planner.explorer.text import plain
from planner.language import fmt, say, translated
from planner.views import no_plan
from planner.why.told import Words, told


def draw(asked: Asked, error: NoPlanExists) -> None:
    """The whole answer where there is no plan: it stands above the plan that was shown before."""
    language = asked.language
    with st.container(border=True, key="card-none", gap="small"):
        st.error("\n".join([f"**{say('error.none', language)}**", "", *_missed(error, language)]))
        why = told(error)
        if why.get("conflicts"):
            st.markdown(f"**{say('why.conflicts', language)}**")
            show.table("conflicts", lambda: no_plan.conflicts(why, language), language)
        if error.reachable:
            st.markdown(f"**{say('why.reach', language)}**")
            show.table("reach", lambda: no_plan.reach(error, language), language)
        if "conflicts" in why:
            st.caption("  \n".join(plain(note) for note in no_plan.notes(why, language)))
        _offer(asked, error, way_out(asked.choice, error))


def _missed(error: NoPlanExists, language: str) -> list[str]:
    """The caps that cannot be met, however alone; else what the planner says of it, where no contradiction is told below."""
    said = []
    for u in error.unreachable:
        lowest = (u.lowest_together or u.lowest_alone)[1]
        amounts = {k: fmt(v, error.unit(u.cap), language) for k, v in {"limit": u.limit, "lowest": lowest, "missing": lowest - u.limit}.items()}
        said.append("- " + say("error.none.cap", language, year=u.year, **amounts))
    known = error.reasons is not None and error.reasons.conflicts
    return said or ([] if known else [plain(translated(str(error), language))])


def _offer(asked: Asked, error: NoPlanExists, way: Way) -> None:
    """The nearest plan: what it changes, and the button that adopts it; or what has to be changed by hand."""
    language = asked.language
    if way.there is not None:
        mine = levers.told(asked.choice, language)
        changes = [one for one in levers.told(way.there, language) if one not in mine]
        st.markdown(f"**{say('why.nearest', language)}**: {plain(say('list.items', language).join(changes))}")
        st.button(
            say("error.none.adopt", language), key="adopt", type="primary", on_click=_adopt, args=(way.there,), help=say("error.none.undo", language)
        )
    elif way.by_hand and error.asked is not None:
        words = Words(*error.asked)
        names = say("list.items", language).join(words.name(r, language) for r in way.by_hand)
        st.markdown(plain(say("error.none.by_hand", language, names=names)))


def _adopt(there: Choice) -> None:
    session.put(there)
    solve_now()
