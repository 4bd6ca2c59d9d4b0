"""State 状态: what the user chose - a case, a language, a few changed numbers - as plain text in session and URL.

The link holds exactly that, so a link reproduces a study. What comes from a link is not trusted: a case is one of the
shipped ones by name, only the levers of the page can be set, numbers are held within their limits, and whatever was not
usable is named. No path, no code and no object ever comes out of a URL.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from planner.case import Case, cases, read
from planner.language import LANGUAGES

Changes = tuple[tuple[str, str], ...]
HIGHEST_CARBON_PRICE = 500.0  # CNY/t
HIGHEST_RATE = 15.0  # %


@dataclass(frozen=True)
class Lever:
    """One number (or name) a page can change. ``per``: what one unit on the page is in the case, 0.01 for percent."""

    key: str
    group: str  # cap, carbon_price, discount_rate or province
    shipped: float | str
    per: float = 1.0
    highest: float = 0.0
    step: float = 1.0
    year: int | None = None

    def text(self, value: float | str) -> str:
        """The value as a change of the case says it."""
        return value if isinstance(value, str) else f"{value * self.per:.9g}"

    def value(self, text: str) -> float | str:
        """The value on the page, within its limits. Raises ValueError for what is no value at all."""
        if isinstance(self.shipped, str):
            if text not in provinces():
                raise ValueError(text)
            return text
        number = float(text) / self.per
        if not math.isfinite(number):
            raise ValueError(text)
        return round(min(max(number, 0.0), self.highest), 6)


@dataclass(frozen=True)
class Choice:
    """What is asked for. values: lever -> value, only where it differs from the shipped one."""

    case: str
    language: str
    values: tuple[tuple[str, float | str], ...] = ()

    @property
    def changes(self) -> Changes:
        """The changes of the case. Another province brings its own price zone."""
        levers = {lever.key: lever for lever in levers_of(shipped(self.case))}
        made = [(key, levers[key].text(value)) for key, value in self.values]
        zones = [("site.zone", provinces()[text]) for key, text in made if key == "site.province"]
        return (*made, *zones)


def levers_of(case: Case) -> tuple[Lever, ...]:
    """The levers of a case: the shares of its first cap by year, carbon price, discount rate, province."""
    base, first = case.settings.get("base_year.emissions"), next((row["cap"] for row in case.tables["caps"]), None)
    found = []
    for row in case.tables["caps"]:
        inside = case["horizon.first_year"] <= (row["year"] or 0) <= case["horizon.last_year"]
        if row["cap"] == first and inside and base and row["share"] is not None:
            percent = round(row["share"] * 100, 6)
            found.append(Lever(f"caps.{first}.{row['year']}.share", "cap", percent, 0.01, max(100.0, math.ceil(percent)), 1.0, row["year"]))
    price, rate = float(case["finance.carbon_price"]), round(float(case["finance.discount_rate"]) * 100, 6)
    found.append(Lever("finance.carbon_price", "carbon_price", price, 1.0, max(HIGHEST_CARBON_PRICE, price), 10.0))
    found.append(Lever("finance.discount_rate", "discount_rate", rate, 0.01, max(HIGHEST_RATE, rate), 0.5))
    found.append(Lever("site.province", "province", str(case["site.province"])))
    return tuple(found)


@st.cache_resource(show_spinner=False, max_entries=64, ttl=300)
def case_of(name: str, changes: Changes) -> Case:
    """A shipped case with changes; read once. Raises CaseError."""
    if name not in cases():
        raise KeyError(name)
    return read(name, changes)


def shipped(name: str) -> Case:
    """A case as it is shipped."""
    return case_of(name, ())


def provinces() -> Mapping[str, str]:
    """Province -> its usual price zone."""
    case = shipped(next(iter(cases())))
    return {str(row["province"]): str(row["zone"]) for row in case.tables["provinces"]}


def from_url(query: Mapping[str, Sequence[str]], language: str) -> tuple[Choice, list[str]]:
    """What a link asks for, and what of it could not be used. ``language``: where the link names none."""
    unusable: list[str] = []
    names = list(cases())
    case = _one(query, "case", names, "steel" if "steel" in names else names[0], unusable)
    language = _one(query, "lang", list(LANGUAGES), language, unusable)
    levers = {lever.key: lever for lever in levers_of(shipped(case))}
    values: dict[str, float | str] = {}
    for said in query.get("set", ()):
        key, _, text = said.partition("=")
        try:
            values[key] = levers[key].value(text)
        except (KeyError, ValueError):
            unusable.append(said[:60])
            continue
        if levers[key].text(values[key]) != text:
            unusable.append(f"{said[:60]} → {levers[key].text(values[key])}")
    return chosen(case, language, values), unusable


def to_url(choice: Choice) -> dict[str, list[str]]:
    """A choice as a link's parameters; ``from_url`` reads it back."""
    levers = {lever.key: lever for lever in levers_of(shipped(choice.case))}
    said = [f"{key}={levers[key].text(value)}" for key, value in choice.values]
    return {"case": [choice.case], "lang": [choice.language]} | ({"set": said} if said else {})


def chosen(case: str, language: str, values: Mapping[str, float | str]) -> Choice:
    """A choice that names only what differs from the shipped case, in the order of the levers."""
    differs = [(v.key, values[v.key]) for v in levers_of(shipped(case)) if v.key in values and v.text(values[v.key]) != v.text(v.shipped)]
    return Choice(case, language, tuple(differs))


def start() -> None:
    """Seed the session from the link, once; later the session is the truth and the link follows it."""
    if "case" in st.session_state:
        return
    locale = st.context.locale or "zh"
    choice, unusable = from_url({k: st.query_params.get_all(k) for k in st.query_params}, "zh" if locale.lower().startswith("zh") else "en")
    st.session_state.update({"case": choice.case, "language": choice.language, "values": {choice.case: dict(choice.values)}, "unusable": unusable})


def language() -> str:
    """The language of this session."""
    start()
    return str(st.session_state["language"])


def keep(choice: Choice) -> None:
    """Remember a choice: its case's values in the session (widgets that are not drawn forget), all of it in the link."""
    st.session_state["values"][choice.case] = dict(choice.values)
    wanted = to_url(choice)
    if {k: st.query_params.get_all(k) for k in st.query_params} != wanted:
        st.query_params.from_dict(wanted)


def _one(query: Mapping[str, Sequence[str]], key: str, allowed: Sequence[str], default: str, unusable: list[str]) -> str:
    said = next(iter(query.get(key, ())), default)
    if said not in allowed:
        unusable.append(f"{key}={said[:40]}")
        return default
    return said
