"""Choice 选择: a case and the levers moved in it, as plain text that a link can carry and nobody need trust.

A link holds exactly a choice, so it reproduces a study. What comes from a link is not trusted: a case is one of the
shipped ones by name, only levers can be set, numbers are held within their ranges, and whatever was not usable is named.
No path, no code and no object ever comes out of a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planner.case import Case, cases, read
from planner.desk.levers import Changes, Lever, Value, levers_of
from planner.dictionary import DATA
from planner.language import LANGUAGES

FIRST = "steel"  # the case that opens when a link names none
PLACE = "site.province"  # the lever that brings other numbers for others: what is "as shipped" follows it
LONGEST = 60  # signs of what a link said that are repeated to the reader


@dataclass(frozen=True)
class Choice:
    """A case and the levers that differ from it: (code, value as the page shows it), in the order of the levers."""

    case: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def levers(self) -> Mapping[str, Lever]:
        """All levers of this choice by code, with the numbers of the place chosen."""
        return levers_by_code(self.case, str(dict(self.values).get(PLACE, "")))

    @property
    def changes(self) -> Changes:
        """What it changes in the case, as ``--set`` says it; the place first, since it replaces numbers that others change."""
        levers = self.levers
        moved = sorted(self.values, key=lambda moved: moved[0] != PLACE)
        return tuple(change for code, value in moved for change in levers[code].changes(value))

    def but(self, **values: Value) -> "Choice":
        """The same with these levers moved too."""
        return chosen(self.case, dict(self.values) | values)


def chosen(case: str, values: Mapping[str, Value]) -> Choice:
    """A choice that names only what differs from the case, in the order of the levers."""
    levers = levers_by_code(case, str(values.get(PLACE, "")))
    own = str(shipped(case)[PLACE])
    differs = [(c, values[c]) for c, v in levers.items() if c in values and v.text(values[c]) != (own if c == PLACE else v.text(v.default))]
    return Choice(case, tuple(differs))


def shipped(name: str) -> Case:
    """A case as it is shipped. Raises CaseError where it cannot be read, KeyError where there is none of that name."""
    return case_of(name, ())


def case_of(name: str, changes: Changes) -> Case:
    """A shipped case with changes, read anew only after a file changed. Raises CaseError, KeyError."""
    return _read(name, changes, _stamp(cases()[name]))


def levers_by_code(name: str, province: str = "") -> Mapping[str, Lever]:
    """The levers of a shipped case, placed in ``province`` (its own where that is empty)."""
    return _levers(name, province, _stamp(cases()[name]))


def default_case() -> str:
    """The case that opens first."""
    names = list(cases())
    return FIRST if FIRST in names else names[0]


def from_url(query: Mapping[str, Sequence[str]]) -> tuple[Choice, str | None, list[str]]:
    """What a link asks for: choice, language (None where it names none), and what of it could not be used."""
    unusable: list[str] = []
    case = _one(query, "case", list(cases()), unusable) or default_case()
    language = _one(query, "lang", list(LANGUAGES), unusable)
    said = dict(one.partition("=")[::2] for one in query.get("set", ()))
    values: dict[str, Value] = {}
    for code, text in sorted(said.items(), key=lambda one: one[0] != PLACE):
        levers = levers_by_code(case, str(values.get(PLACE, "")))
        try:
            values[code] = levers[code].value(text)
        except (KeyError, ValueError):
            unusable.append(f"{code}={text}"[:LONGEST])
            continue
        if levers[code].text(values[code]) != text:
            unusable.append(f"{f'{code}={text}'[:LONGEST]} → {levers[code].text(values[code])}")
    return chosen(case, values), language, unusable


def to_url(choice: Choice, language: str) -> dict[str, list[str]]:
    """A choice as a link's parameters; ``from_url`` reads it back."""
    levers = choice.levers
    said = [f"{code}={levers[code].text(value)}" for code, value in choice.values]
    return {"case": [choice.case], "lang": [language]} | ({"set": said} if said else {})


def _one(query: Mapping[str, Sequence[str]], key: str, allowed: Sequence[str], unusable: list[str]) -> str | None:
    said = next(iter(query.get(key, ())), None)
    if said is not None and said not in allowed:
        unusable.append(f"{key}={said}"[:LONGEST])
        return None
    return said


def _stamp(folder: Path) -> int:
    """When a file of the shipped cases - one may be the base of another - or of the shared data was last written."""
    places = (folder.parent, *(p for p in DATA.iterdir() if p.name not in ("cases", "runs")))
    files = (f for place in places for f in ([place] if place.is_file() else place.rglob("*")))
    return max(f.stat().st_mtime_ns for f in files)


@lru_cache(maxsize=64)
def _read(name: str, changes: Changes, stamp: int) -> Case:
    return read(name, changes)


@lru_cache(maxsize=64)
def _levers(name: str, province: str, stamp: int) -> Mapping[str, Lever]:
    own = str(_read(name, (), stamp)[PLACE])
    return {lever.code: lever for lever in levers_of(_read(name, ((PLACE, province),) if province and province != own else (), stamp))}
