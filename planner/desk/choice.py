"""Choice 选择: a case, the numbers edited and the levers moved in it, as plain text that a link can carry and nobody need trust.

A link holds exactly a choice, so it reproduces a study. What comes from a link is not trusted: a case is a shipped one or
one of the visitor's own by name, only levers and numbers can be set, levers are held within their ranges, and whatever was
not usable is named. No path, no code and no object ever comes out of a link.

Edits make the case that levers play on: what a lever multiplies is the number as edited, and a number edited under a lever
that had moved it takes the lever's numbers along as edits. So a number on a page is always the one that is planned with.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planner.case import KEYS, SETTINGS, VALUE, Case, cases, read
from planner.desk import visitors
from planner.desk.levers import ADOPTED, CLOSED, OWN_SET, SETS, Changes, Lever, Value, levers_of
from planner.dictionary import DATA, dictionary
from planner.errors import CaseError, Finding
from planner.language import LANGUAGES

FIRST = "steel"  # the case that opens when a link names none
PLACE = "site.province"
BRING = (PLACE, *SETS)  # levers that bring other numbers for others: what is "as shipped" follows them
LONGEST = 60  # signs of what a link said that are repeated to the reader
MOST = 300  # edits a choice may hold; more of them are a case of its own
OWN = "own."  # how a link names a case of the visitor's own
NUMBERS = ("number", "whole", "year", "choice")  # kinds of columns that can be edited


@dataclass(frozen=True)
class Choice:
    """A case and what differs from it: numbers edited (dotted name, text), levers moved (code, value as the page shows it)."""

    case: str
    values: tuple[tuple[str, Value], ...] = ()
    edits: Changes = ()

    @property
    def levers(self) -> Mapping[str, Lever]:
        """All levers of this choice by code, with the numbers of the place and the targets chosen, and as edited."""
        return levers_by_code(self.case, self.brought, self.edits)

    @property
    def brought(self) -> Changes:
        """What is chosen of the levers that bring other numbers for others."""
        return _brought(dict(self.values))

    @property
    def changes(self) -> Changes:
        """What it changes in the case, as ``--set`` says it; first what replaces numbers, then edits, then levers, whose say on one number is joined."""
        levers = self.levers
        first = [change for code, value in self.values if code in BRING for change in levers[code].changes(value)]
        moved: dict[str, str] = {}
        for code, value in self.values:
            for key, text in levers[code].changes(value) if code not in BRING else ():
                moved[key] = levers[code].joined(key, moved[key], text) if key in moved else text
        return (*first, *self.edits, *moved.items())

    @property
    def number(self) -> int:
        """How many levers and numbers differ."""
        return len(self.values) + len(self.edits)

    def but(self, **values: Value) -> "Choice":
        """The same with these levers moved too. Another set of targets takes the place of what was moved and edited of the one before."""
        gone = {table for code in values for table in SETS.get(code, ())}
        levers = self.levers
        kept = {c: v for c, v in self.values if c not in values and not any(key.partition(".")[0] in gone for key, _ in levers[c].keys)}
        return chosen(self.case, kept | values, tuple((k, t) for k, t in self.edits if k.partition(".")[0] not in gone))

    def edited(self, key: str, text: str) -> "Choice":
        """The same with one number said by hand. Raises CaseError where it cannot be, naming what is allowed.

        A lever that moves this number is taken back, and what it made of other numbers becomes edits, too.
        """
        said, kept, levers = dict(self.edits), dict(self.values), self.levers
        for code, value in self.values:
            mine = dict(levers[code].changes(value)) if code not in BRING else {}
            if any(_covers(change, key) for change in mine):
                said |= mine
                del kept[code]
        said[key] = text
        if len(said) > MOST:
            raise CaseError(
                [Finding(key, f"{len(said)} numbers are changed", f"at most {MOST}; save what you have as a case of your own and go on from there")]
            )
        new = Choice(self.case, tuple(kept.items()), tuple(said.items()))
        findings: list[Finding] = []
        try:
            read(folder(self.case), new.changes, findings)
        except (LookupError, ValueError):  # a number that leaves, say, no year to plan
            findings = [Finding(key, f"{key} = {text} does not fit the rest of the case", "a number with which the case makes sense")]
        if findings:
            raise CaseError(findings)
        return new

    def without(self, keys: Sequence[str]) -> "Choice":
        """The same without these edits."""
        return chosen(self.case, dict(self.values), tuple((k, t) for k, t in self.edits if k not in keys))


def chosen(case: str, values: Mapping[str, Value], edits: Changes = ()) -> Choice:
    """A choice that names only what differs from the case, in the order of the levers; an option stands in one list, the one named last."""
    levers = levers_by_code(case, _brought(values), edits)
    values = _one_list(values, levers)
    own = str(shipped(case)[PLACE])
    differs = [(c, values[c]) for c, v in levers.items() if c in values and v.text(values[c]) != (own if c == PLACE else v.text(v.default))]
    return Choice(case, tuple(differs), edits)


def _one_list(values: Mapping[str, Value], levers: Mapping[str, Lever]) -> Mapping[str, Value]:
    """The values with no option both closed and adopted: what the last list named holds is taken off the other."""
    said = dict(values)
    for one in reversed([c for c in values if c in (CLOSED, ADOPTED) and c in levers]):
        other = ADOPTED if one == CLOSED else CLOSED
        here, there = (str(said.get(c, levers[c].default)).split(",") for c in (one, other))
        if any(name and name in here for name in there):
            said[other] = ",".join(name for name in there if name not in here)
    return said


def _brought(values: Mapping[str, Value]) -> Changes:
    """The values of the levers that bring other numbers for others."""
    return tuple((code, str(values[code])) for code in BRING if code in values)


def folder(name: str) -> Path:
    """Where a case stands: a shipped one, or a visitor's own (`visitor/name`). Raises KeyError."""
    who, _, own = name.rpartition("/")
    return visitors.workspace(who).cases()[own] if who else cases()[name]


def told(name: str) -> str:
    """A case by what the planner finds it by: a shipped one's name, else its folder. Raises KeyError."""
    return str(folder(name)) if "/" in name else name


def shipped(name: str) -> Case:
    """A case as it stands in its files. Raises CaseError where it cannot be read, KeyError where there is none of that name."""
    return case_of(name, ())


def case_of(name: str, changes: Changes) -> Case:
    """A case with changes, read anew only after a file changed. Raises CaseError, KeyError."""
    return _read(name, changes, stamp(name))


def levers_by_code(name: str, brought: Changes = (), edits: Changes = ()) -> Mapping[str, Lever]:
    """The levers of a case with the place and the targets ``brought``, else its own, its numbers as edited."""
    return _levers(name, brought, edits, stamp(name))


def bringing(name: str, key: str, text: str) -> str:
    """The lever that says a change of the place or of a set, by its code: of two kinds of sets the one that has it."""
    known = levers_by_code(name)
    return next((code for code in SETS if key == "targets" and code in known and text in (known[code].choices or ())), key)


def default_case() -> str:
    """The case that opens first."""
    names = list(cases())
    return FIRST if FIRST in names else names[0]


def from_url(query: Mapping[str, Sequence[str]], who: str = "") -> tuple[Choice, str | None, list[str]]:
    """What a link asks for: choice, language (None where it names none), and what of it could not be used. ``who``: the visitor."""
    unusable: list[str] = []
    known = {name: name for name in cases()} | {OWN + name: f"{who}/{name}" for name in (visitors.workspace(who).cases() if who else ())}
    case = known.get(_one(query, "case", list(known), unusable) or "", "") or default_case()
    try:
        shipped(case)
    except CaseError:
        unusable.append(case.rpartition("/")[2][:LONGEST])
        case = default_case()
    language = _one(query, "lang", list(LANGUAGES), unusable)
    said = dict(one.partition("=")[::2] for one in query.get("set", ()))
    given = {key: text for key, _, text in (one.partition("=") for one in query.get("edit", ()))}
    known_first = levers_by_code(case, (), _edits(case, given, (), []))
    brought = _brought({c: said[c] for c in BRING if c in known_first and said.get(c) in (known_first[c].choices or ())})
    edits = _edits(case, given, brought, unusable)
    levers = levers_by_code(case, brought, edits)
    values: dict[str, Value] = {}
    for code, text in said.items():
        try:
            values[code] = levers[code].value(text)
        except (KeyError, ValueError):
            unusable.append(f"{code}={text}"[:LONGEST])
            continue
        if levers[code].text(values[code]) != text:
            unusable.append(f"{f'{code}={text}'[:LONGEST]} → {levers[code].text(values[code])}")
    if (one := _one_list(values, levers)) != values:
        unusable += [f"{c}={values[c]}"[:LONGEST] for c in values if values[c] != one[c]]
    return chosen(case, values, edits), language, unusable


def to_url(choice: Choice, language: str) -> dict[str, list[str]]:
    """A choice as a link's parameters; ``from_url`` reads it back. A case of one's own is named, never carried."""
    levers = choice.levers
    said = [f"{code}={levers[code].text(value)}" for code, value in choice.values]
    edited = [f"{key}={text}" for key, text in choice.edits]
    who, _, own = choice.case.rpartition("/")
    case = OWN + own if who else choice.case
    return {"case": [case], "lang": [language]} | ({"set": said} if said else {}) | ({"edit": edited} if edited else {})


def editable(key: str) -> bool:
    """Whether a dotted name is one of a number or a choice, and not of a text, a path or a row's own name."""
    table, _, rest = key.partition(".")
    if table in KEYS:
        column = rest.rpartition(".")[2]
        found = dictionary()[table].get(column) or dictionary()[table].get(VALUE.get(table, "value"))
        return bool(found and found.type in NUMBERS and found.name not in (*KEYS[table], "confidence"))
    return key in SETTINGS and SETTINGS[key].type in NUMBERS


def _edits(case: str, given: Mapping[str, str], brought: Changes, unusable: list[str]) -> Changes:
    """The edits of a link that the case takes, with the place and the targets ``brought``; the others are named."""
    kept: dict[str, str] = {}
    for number, (key, text) in enumerate(given.items()):
        if editable(key) and number < MOST:
            kept[key] = text
        else:
            unusable.append(f"{key}={text}"[:LONGEST])
    findings: list[Finding] = []
    read(folder(case), (*_replacing(case, brought), *kept.items()), findings)
    wrong = {finding.where for finding in findings}
    usable = tuple((k, t) for k, t in kept.items() if f"--set {k}={t}" not in wrong)
    unusable += [f"{k}={t}"[:LONGEST] for k, t in kept.items() if (k, t) not in usable]
    try:
        levers_by_code(case, brought, usable)
    except (CaseError, LookupError, ValueError):
        unusable += [f"{k}={t}"[:LONGEST] for k, t in usable]
        return ()
    return usable


def _covers(change: str, key: str) -> bool:
    """Whether a change speaks of a number: by its own name, or by that of several rows."""
    (rows, column), (row, own) = ((name.rpartition(".")[::2]) for name in (change, key))
    return column == own and (row == rows or row.startswith(f"{rows}."))


def _one(query: Mapping[str, Sequence[str]], key: str, allowed: Sequence[str], unusable: list[str]) -> str | None:
    said = next(iter(query.get(key, ())), None)
    if said is not None and said not in allowed:
        unusable.append(f"{key}={said}"[:LONGEST])
        return None
    return said


def stamp(name: str) -> int:
    """When a file of the case, of the shipped cases - one may be the base of another - or of the shared data was last written."""
    own = folder(name).rglob("*") if "/" in name else ()  # a page asks twenty times: where a shipped case stands is no question then
    return max([_shared(int(time.monotonic())), *(f.stat().st_mtime_ns for f in own)])


@lru_cache(maxsize=1)
def _shared(second: int) -> int:
    """When a shipped file was last written, looked at once a second."""
    places = (p for p in DATA.iterdir() if p.name != "runs")
    return max(f.stat().st_mtime_ns for place in places for f in ([place] if place.is_file() else place.rglob("*")))


@lru_cache(maxsize=32)
def _read(name: str, changes: Changes, stamp: int) -> Case:
    return read(folder(name), changes)


@lru_cache(maxsize=32)
def _levers(name: str, brought: Changes, edits: Changes, stamp: int) -> Mapping[str, Lever]:
    return {lever.code: lever for lever in levers_of(_read(name, (*_replacing(name, brought), *edits), stamp))}


def _replacing(name: str, brought: Changes) -> Changes:
    """What the levers that bring other numbers change in the case: nothing where they stand at its own."""
    own = {PLACE: str(shipped(name)[PLACE])}
    return tuple(("targets" if code in SETS else code, text) for code, text in brought if text and text != own.get(code, OWN_SET))
