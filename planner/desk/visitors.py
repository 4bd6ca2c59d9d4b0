"""Visitors 访客: a workspace of their own for everybody who opens the pages, and how much may stand in it.

A visitor is known by a secret: a random name that only their browser keeps, or, where people sign in, the identity they
signed in with. The folder bears a hash of it, so that neither a link nor a listing of folders tells how to come in.
"""

import hashlib
import os
import re
import secrets
import sys
from pathlib import Path

from planner.errors import CaseError, Finding
from planner.workspace import keep
from planner.workspace.keep import Workspace

CASES, SCENARIOS = 20, 60  # of one visitor
LARGEST = 60_000_000  # bytes of one visitor's folder
ALL = 5_000_000_000  # bytes of all of them
LONGEST = 60  # signs of a title


def root() -> Path:
    """Where workspaces are kept: PLANNER_WORKSPACES, or the platform's folder for data."""
    home = Path.home()
    places = {"win32": os.environ.get("LOCALAPPDATA", str(home / "AppData/Local")), "darwin": str(home / "Library/Application Support")}
    usual = Path(places.get(sys.platform, os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")))
    return Path(os.environ.get("PLANNER_WORKSPACES") or usual / "zero-carbon-factory-planner/workspaces")


def known_as(secret: str) -> str:
    """What a visitor with this secret is called here."""
    return hashlib.sha256(f"visitor {secret}".encode()).hexdigest()[:32]


def workspace(who: str) -> Workspace:
    """The workspace of a visitor; nothing is in it before something was kept. Raises KeyError for what is no visitor's name."""
    if not re.fullmatch("[0-9a-f]{32}", who):
        raise KeyError(who)
    return Workspace(root() / who)


def open_for(who: str, kind: str) -> Workspace:
    """The workspace, there to be written to, while there is room for one more of ``kind``. Raises CaseError."""
    place = workspace(who)
    try:
        if not (place.folder / "index.csv").is_file():
            place.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep.create(place.folder)
    except OSError as error:
        what = f"the workspaces cannot be written ({error.strerror})"
        raise CaseError([Finding("workspace", what, "a folder that may be written to, named by PLANNER_WORKSPACES")]) from error
    number, most = {"case": (len(place.cases()), CASES), "scenario": (len(place.scenarios()), SCENARIOS)}[kind]
    if number >= most:
        raise CaseError([Finding("workspace", f"{number} are kept already", f"at most {most}; delete some first")])
    if (size := _size(place.folder)) > LARGEST:
        raise CaseError([Finding("workspace", f"{size / 1e6:.0f} MB are kept already", f"at most {LARGEST / 1e6:.0f} MB; delete some first")])
    if _size(root()) > ALL:
        raise CaseError([Finding("workspace", "all workspaces together are full", "ask whoever runs the server to make room")])
    return place


def title(text: str) -> str:
    """A title as people give it, fit to be shown and stored. Raises CaseError."""
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise CaseError([Finding("title", f"a title of {len(plain)} signs", f"1 to {LONGEST} signs that can be shown")])
    return plain


def free(taken: set[str], text: str, kind: str) -> str:
    """A name for the workspace out of a title, that no folder bears, nor has borne: plans are kept by where a case stood."""
    stem = re.sub("[^a-z0-9]+", "_", text.lower()).strip("_")[:30] or kind
    return next(name for name in iter(lambda: f"{stem}_{secrets.token_hex(2)}", "") if name not in taken)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
