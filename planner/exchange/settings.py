"""Settings 设置: case.toml as rows of a sheet and back, with the remarks that stand in it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from planner.based import FOLDER
from planner.case import DEFAULTS, SETTINGS, Case


def said(case: Case) -> dict[str, Any]:
    """What the case says itself: settings that stand in its file or differ from the default."""
    written = {key for text in _texts(case) for key in _keys(text)}
    return {k: case.settings[k] for k in SETTINGS if k in case.settings and (k in written or case.settings[k] != DEFAULTS.get(k))}


def remarks_of(case: Case) -> dict[str, str]:
    """Comments of a case by the setting they belong to; where it has a base, the base's own too, and what is said of the base is said of the name."""
    found = {"name" if key == FOLDER else key: remark for text in _texts(case) for key, remark in remarks(text).items()}
    return {key: remark for key, remark in found.items() if key in SETTINGS}


def _texts(case: Case) -> list[str]:
    return [case.files.get(name, "") for name in (f"{FOLDER}/case.toml", "case.toml")]


def remarks(text: str) -> dict[str, str]:
    """Comments of a case.toml by the key they belong to: the line's own, and those above it (below the section's last key)."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    section, last = "", ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            found.setdefault(last, []).extend(waiting)
            waiting, section, last = [], line.strip("[] ") + ".", ""
        elif line.startswith("#"):
            waiting.append(line.lstrip("# "))
        elif line:
            last = section + line.partition("=")[0].strip()
            tail = re.sub(r'^[^="]*=\s*("(\\.|[^"\\])*"|[^#]*)', "", line).strip()
            found.setdefault(last, []).extend([*waiting, *([tail.lstrip("# ")] if tail else [])])
            waiting = []
    found.setdefault(last, []).extend(waiting)
    return {key: " ".join(lines) for key, lines in found.items() if key and lines}


def toml(values: Mapping[str, Any], notes: Mapping[str, str]) -> str:
    """Settings as the text of a case.toml, remarks above their keys."""
    sections: dict[str, list[str]] = {"": []}
    for key, value in values.items():
        section, _, name = key.rpartition(".")
        lines = sections.setdefault(section, [])
        lines += ["# " + " ".join(notes[key].split())] if notes.get(key) else []
        lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    blocks = ["\n".join(lines) if not name else "\n".join([f"[{name}]", *lines]) for name, lines in sections.items() if lines]
    return "\n\n".join(blocks) + "\n"


def _keys(text: str) -> set[str]:
    section, keys = "", set()
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ") + "."
        elif line and not line.startswith("#"):
            keys.add(section + line.partition("=")[0].strip())
    return keys
