"""Kept 留存: what a visitor keeps - cases of their own, and scenarios as a tree of named changes - and how a choice becomes one of them.

A scenario stands in the workspace as the changes it makes (so that ``planner workspace`` and ``--set`` understand it) and
as the link of its choice (so that levers come back as levers). A shipped case is copied in with its first scenario: what
is kept does not change when the program's own cases do.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from planner import case as cases
from planner.desk import choice as choices
from planner.desk import visitors
from planner.desk.choice import Choice
from planner.desk.levers import Changes
from planner.errors import CaseError, Finding
from planner.workspace.keep import Workspace


@dataclass(frozen=True)
class Kept:
    """A case (depth 0) or a scenario in the tree: its name in the workspace, its title, on what it rests, how many numbers it changes."""

    name: str
    title: str
    depth: int
    of: str = ""
    changes: int = 0

    @property
    def scenario(self) -> bool:
        """It changes another one."""
        return bool(self.of)


def cases_of(who: str) -> list[str]:
    """The visitor's own cases, as a choice names them; copies of shipped ones are those."""
    return [f"{who}/{name}" for name in visitors.workspace(who).cases() if not _copied(who, name)]


def tree(who: str, language: str) -> list[Kept]:
    """All that is kept, every scenario below what it rests on. What cannot be read stands there by its name."""
    place = visitors.workspace(who)
    below: dict[str, list[str]] = {}
    for name in place.scenarios():
        below.setdefault(_own(place, name)[0], []).append(name)
    found: list[Kept] = []

    def add(name: str, depth: int) -> None:
        title = place.told(name).get("title", name) if depth else _title(who, name, language)
        of, changes = _own(place, name) if depth else ("", ())
        found.append(Kept(name, title, depth, of, len(changes)))
        for child in below.get(name, ()):
            if child not in {k.name for k in found}:
                add(child, depth + 1)

    for name in place.cases():
        if below.get(name) or not _copied(who, name):
            add(name, 0)
    return found


def save(who: str, title: str, choice: Choice, language: str, opened: str = "") -> str:
    """Keep a choice as a scenario: below the one that was opened, if it still makes all its changes, else below its case. Raises CaseError."""
    title = visitors.title(title)
    if not choice.number:
        raise CaseError([Finding(title, "nothing is changed", "a lever or a number that differs from the case")])
    place = visitors.open_for(who, "scenario")
    if title in {k.title for k in tree(who, language) if k.scenario}:
        raise CaseError([Finding(title, "a scenario is called so already", "another title; nothing is overwritten")])
    name = visitors.free({*place.cases(), *place.scenarios()}, title, "scenario")
    root = _root(place, choice)
    parent, changes = root, choice.changes
    if opened in place.scenarios():
        case, before = place.resolved(opened)
        rest = tuple(change for change in choice.changes if change not in before)
        if rest and case == place.cases()[root] and cases.read(case, (*before, *rest)).fingerprint == cases.read(case, choice.changes).fingerprint:
            parent, changes = opened, rest
    link = {k: v for k, v in choices.to_url(choice, language).items() if k in ("set", "edit")}
    place.branch(name, parent, changes, title=title, link=urlencode(link, doseq=True))
    return name


def opened(who: str, name: str) -> tuple[Choice, list[str]]:
    """The choice of a case or scenario that is kept, and what of it is no longer usable. Raises CaseError."""
    place = visitors.workspace(who)
    folder, changes = place.resolved(name)
    case = folder.name if _copied(who, folder.name) else f"{who}/{folder.name}"
    if name not in place.scenarios():
        return choices.chosen(case, {}), []
    as_link = choices.OWN + folder.name if "/" in case else case
    link = parse_qs(place.told(name).get("link", ""))
    choice, _, unusable = choices.from_url({**link, "case": [as_link]}, who)
    if link and (unusable or _same(place, name, choice)):
        return choice, unusable
    edits = {"case": [as_link], "edit": [f"{key}={text}" for key, text in changes if key not in choices.BRING]}
    moved = [f"{key}={text}" for key, text in changes if key in choices.BRING]
    again, _, lost = choices.from_url(edits | ({"set": moved} if moved else {}), who)
    return again, lost


def rename(who: str, name: str, title: str) -> None:
    """Give a scenario another title. Raises CaseError."""
    visitors.workspace(who).retitle(name, visitors.title(title))


def remove(who: str, name: str) -> None:
    """Take a case or scenario away. Raises CaseError where others rest on it."""
    visitors.workspace(who).remove(name)


def folder_for(who: str, title: str) -> Path:
    """Where a new case of the visitor's may stand. Raises CaseError where there is no room, or the title is none."""
    title = visitors.title(title)
    place = visitors.open_for(who, "case")
    return place.folder / "cases" / visitors.free({*place.cases(), *place.scenarios()}, title, "factory")


def added(who: str, folder: Path) -> Choice:
    """A case that was put there, noted in the index, as a choice."""
    visitors.workspace(who).index()
    return choices.chosen(f"{who}/{folder.name}", {})


def _root(place: Workspace, choice: Choice) -> str:
    """The case of a choice by its name in the workspace; a shipped one is copied in where it is not there yet, or is another by now."""
    own = choice.case.rpartition("/")[2]
    if "/" in choice.case:
        return own
    today = choices.shipped(own).fingerprint
    alike = (n for n in place.cases() if (n == own or n.startswith(f"{own}_")) and place.read(n).fingerprint == today)
    found = next(alike, "")
    if not found:
        found = own if own not in {*place.cases(), *place.scenarios()} else visitors.free({*place.cases(), *place.scenarios()}, own, "factory")
        place.add(own, found)
    return found


def _same(place: Workspace, name: str, choice: Choice) -> bool:
    """Whether a choice is the case that a scenario's changes make."""
    try:
        return place.read(name).fingerprint == choices.case_of(choice.case, choice.changes).fingerprint
    except CaseError:
        return False


def _copied(who: str, name: str) -> bool:
    """Whether a case kept is a shipped one as it is today."""
    try:
        return name in cases.cases() and choices.shipped(f"{who}/{name}").fingerprint == choices.shipped(name).fingerprint
    except CaseError:
        return False


def _title(who: str, name: str, language: str) -> str:
    try:
        return str(choices.shipped(f"{who}/{name}").settings.get(language) or name)
    except CaseError:
        return name


def _own(place: Workspace, name: str) -> tuple[str, Changes]:
    """What a scenario rests on and changes; nothing where its file cannot be read."""
    try:
        return place.own(name)
    except CaseError:
        return "", ()
