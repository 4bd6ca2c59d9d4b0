"""Keep 存放: what stands in a workspace - cases, scenarios as a tree of named changes, runs - and the index that says so.

cases/NAME/           a case, copied in
scenarios/NAME.toml   parent = a case or a scenario; changes = [["caps.total.2030", "0.6"], ...]; title and link where a page made it
runs/NAME-001/        a run of a case or scenario, with origin.json: of what, by which version
index.csv             all of it, one a row, written whole after every change; it can be made again from the folders
"""

import csv
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner import __version__, based, case
from planner.case import Case
from planner.errors import CaseError, Finding
from planner.tables import NAME, nearest

if TYPE_CHECKING:  # pages list what is kept without the solver and its libraries
    from planner.run import Run

INDEX = ("kind", "name", "of", "made", "version", "fingerprint", "status", "objective_cny", "gap")
TOLD = ("title", "link")  # what a scenario may say beside its changes
Changes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Workspace:
    """A workspace in ``folder``."""

    folder: Path

    def cases(self) -> dict[str, Path]:
        """Cases by name."""
        return {p.parent.name: p.parent for p in sorted((self.folder / "cases").glob("*/case.toml"))}

    def scenarios(self) -> dict[str, Path]:
        """Scenarios by name."""
        return {p.stem: p for p in sorted((self.folder / "scenarios").glob("*.toml"))}

    def runs(self) -> dict[str, Path]:
        """Runs by name."""
        return {p.parent.name: p.parent for p in sorted((self.folder / "runs").glob("*/summary.json"))}

    def add(self, source: str | Path, name: str = "") -> Path:
        """Copy a case in, with its base, after it was read. Raises CaseError."""
        read = case.read(source)
        name = name or read.folder.name
        self._free(name)
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(shutil.copytree(read.folder, Path(scratch) / name))
            for file, text in read.files.items():
                if file.startswith(f"{based.FOLDER}/"):
                    (made / file).parent.mkdir(parents=True, exist_ok=True)
                    (made / file).write_text(text, encoding="utf-8")
            from planner.exchange import importing

            importing.put(made, self.folder / "cases" / name)
        self.index()
        return self.folder / "cases" / name

    def branch(self, name: str, parent: str, changes: Sequence[tuple[str, str]], **told: str) -> Path:
        """A scenario: named changes of a case or of another scenario; they must fit. ``told``: title and link. Raises CaseError."""
        self._free(name)
        root, before = self.resolved(parent)
        if not changes:
            raise CaseError([Finding(f"scenario {name}", "it changes nothing", "at least one --set key=value")])
        case.read(root, [*before, *changes])
        path = self.folder / "scenarios" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_written(parent, changes, told))
        self.index()
        return path

    def own(self, name: str) -> tuple[str, Changes]:
        """What a scenario rests on, and what it changes there. Raises CaseError."""
        parent, changes = _scenario(self.scenarios()[name])
        return parent, tuple(changes)

    def told(self, name: str) -> dict[str, str]:
        """What else is said of a scenario: its title and link. Raises CaseError."""
        said = tomllib.loads(self.scenarios()[name].read_text(encoding="utf-8"))
        return {k: str(said[k]) for k in TOLD if k in said}

    def retitle(self, name: str, title: str) -> None:
        """Give a scenario another title; its name, by which others rest on it, stays. Raises CaseError."""
        parent, changes = _scenario(self.scenarios()[name])
        content = _written(parent, changes, self.told(name) | {"title": title})
        handle, made = tempfile.mkstemp(prefix=".scenario-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        Path(made).replace(self.scenarios()[name])

    def remove(self, name: str) -> None:
        """Take a case or scenario away; its runs stay. Raises CaseError where scenarios rest on it, and where there is none."""
        resting = [n for n, p in self.scenarios().items() if _parent(p) == name]
        if resting:
            what = f"{len(resting)} scenarios rest on it"
            raise CaseError([Finding(name, what, "a case or scenario on which none rests: " + ", ".join(resting) + " first")])
        if name in self.scenarios():
            self.scenarios()[name].unlink()
        elif name in self.cases():
            shutil.rmtree(self.cases()[name])
        else:
            raise CaseError([Finding(name, f"there is no case or scenario {name!r}", nearest(name, {*self.cases(), *self.scenarios()}))])
        self.index()

    def resolved(self, name: str) -> tuple[Path, Changes]:
        """The case at the root of a case's or scenario's name, and all changes from there on. Raises CaseError."""
        chain: list[str] = []
        changes: list[tuple[str, str]] = []
        scenarios, known = self.scenarios(), self.cases()
        while name not in known:
            where = f"scenarios/{chain[-1]}.toml" if chain else str(self.folder)
            if name in chain:
                raise CaseError([Finding(where, f"scenario {name!r} is its own parent", "a case, or a scenario above it")])
            if name not in scenarios:
                raise CaseError([Finding(where, f"there is no case or scenario {name!r}", nearest(name, {*known, *scenarios}))])
            chain.append(name)
            parent, own = _scenario(scenarios[name])
            changes = [*own, *changes]
            name = parent
        return known[name], tuple(changes)

    def read(self, name: str) -> Case:
        """A case or scenario, with all its changes. Raises CaseError."""
        root, changes = self.resolved(name)
        return case.read(root, changes)

    def keep(self, done: "Run", of: str, gap: float) -> Path:
        """Put a run beside the earlier ones of the same name; none is replaced."""
        number = 1 + max((int(n.rpartition("-")[2]) for n in self.runs() if n.rpartition("-")[0] == of), default=0)
        while (folder := self.folder / "runs" / f"{of}-{number:03d}").exists():
            number += 1
        from planner import run

        run.write(done, folder)
        chain = {"of": of, "changes": [list(c) for c in self.resolved(of)[1]], "gap": gap, "made": _now(), "version": __version__}
        (folder / "origin.json").write_text(json.dumps(chain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.index()
        return folder

    def rows(self) -> list[dict[str, Any]]:
        """What stands in the workspace, read from its folders; a run whose case says something else today is `changed since`."""
        data = max(p.stat().st_mtime_ns for t in case.SHARED for p in case.files_of(t))
        prints = {name: self._fingerprint(name, data) for name in (*self.cases(), *self.scenarios())}
        said: list[dict[str, Any]] = [{"kind": "case", "name": n, "of": "", "fingerprint": prints[n]} for n in self.cases()]
        said += [{"kind": "scenario", "name": n, "of": _parent(p), "fingerprint": prints[n]} for n, p in self.scenarios().items()]
        for name, folder in self.runs().items():
            summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
            origin = json.loads((folder / "origin.json").read_text(encoding="utf-8")) if (folder / "origin.json").is_file() else {}
            of = origin.get("of", "")
            status = str(summary["status"]) + (
                "" if prints.get(of) == summary.get("fingerprint") else ", changed since" if of in prints else ", its case is gone"
            )
            said.append(
                {"kind": "run", "name": name, "of": of, "made": origin.get("made", ""), "version": summary.get("version", ""), "fingerprint": summary.get("fingerprint", ""),
                 "status": status, "objective_cny": summary["objective_cny"], "gap": summary["gap"]}
            )  # fmt: skip
        return said

    def index(self) -> list[dict[str, Any]]:
        """Write the index, whole, and return its rows."""
        rows = self.rows()
        handle, made = tempfile.mkstemp(prefix=".index-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, INDEX, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        Path(made).replace(self.folder / "index.csv")
        return rows

    def _fingerprint(self, name: str, data: int) -> str:
        try:
            root, changes = self.resolved(name)
            return _print(root, changes, max(data, *(p.stat().st_mtime_ns for p in root.rglob("*"))))
        except CaseError:
            return "wrong"

    def _free(self, name: str) -> None:
        """Refuse a name that cannot be a folder's, or is taken by a case or scenario. Raises CaseError."""
        if not NAME.fullmatch(name):
            raise CaseError([Finding(name, "it cannot be a name here", "a name of lower-case letters, digits and _")])
        if name in self.cases() or name in self.scenarios() or (self.folder / "cases" / name).exists():
            raise CaseError([Finding(name, "it is there already", "a new name; nothing is overwritten")])


@lru_cache(maxsize=512)
def _print(root: Path, changes: Changes, stamp: int) -> str:
    """The fingerprint of a case with changes, read once as long as no file changes."""
    return case.read(root, changes).fingerprint


def create(folder: Path) -> Workspace:
    """A new workspace. Raises CaseError for a folder that holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError([Finding(str(folder), "it is there already", "a new or empty folder; nothing is overwritten")])
    for part in ("cases", "scenarios", "runs"):
        (folder / part).mkdir(parents=True)
    made = Workspace(folder)
    made.index()
    return made


def find(folder: Path) -> Workspace:
    """The workspace in a folder. Raises CaseError."""
    if not (folder / "index.csv").is_file():
        raise CaseError([Finding(str(folder), "there is no workspace in it", "a folder made by `planner workspace FOLDER new`")])
    return Workspace(folder)


def _scenario(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """Parent and changes of a scenario's file. Raises CaseError."""
    where = f"scenarios/{path.name}"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError([Finding(where, f"the file is not TOML ({error})", "parent and changes")]) from error
    changes = said.get("changes")
    if not isinstance(said.get("parent"), str) or not isinstance(changes, list) or any(not isinstance(c, list) or len(c) != 2 for c in changes):
        raise CaseError([Finding(where, "it holds no scenario", 'parent = "NAME" and changes = [["key", "value"], ...]')])
    return said["parent"], [(str(k), str(v)) for k, v in changes]


def _written(parent: str, changes: Sequence[tuple[str, str]], told: Mapping[str, str]) -> str:
    """A scenario as the text of its file; a text of JSON is one of TOML."""
    lines = [*(f"{k} = {json.dumps(told[k], ensure_ascii=False)}" for k in TOLD if told.get(k)), f"parent = {json.dumps(parent)}", "changes = ["]
    lines += [f"  [{json.dumps(k, ensure_ascii=False)}, {json.dumps(v, ensure_ascii=False)}]," for k, v in changes]
    return "\n".join([*lines, "]", ""])


def _parent(path: Path) -> str:
    """The parent a scenario names; nothing where its file cannot be read, which is told by those who ask for the scenario."""
    try:
        return _scenario(path)[0]
    except CaseError:
        return ""


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
