"""Based 变体: a case that names another as its base and says only what differs - a variant of a shipped plant, say.

``base = "battery"`` in ``case.toml`` names a shipped case; under ``[without]`` stand, table by table, the names that are not taken
over. A setting replaces the base's, and what a table says of a name replaces all that the base says of it, in its place. A run
keeps the base in the folder ``base`` of its case, which is then read instead of the shipped one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.dictionary import dictionary
from planner.errors import Finding
from planner.tables import Row, nearest

FOLDER = "base"
WITHOUT = "without."


@dataclass(frozen=True)
class Base:
    """What a case says of its base. folder: where the base stands; without: table -> names not taken over; where: for messages."""

    folder: Path
    where: str
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def merged(self, table: str, below: tuple[Row, ...], own: tuple[Row, ...], findings: list[Finding]) -> tuple[Row, ...]:
        """The rows of the base without what is left out, what is said anew in its place, and what is new at the end."""
        key = next(iter(dictionary()[table]))
        left_out = self.without.get(table, ())
        known = {str(row[key]) for row in below}
        findings += [
            Finding(self.where, f"without.{table} names {n!r}, which the base has not", nearest(n, known)) for n in left_out if n not in known
        ]
        said: dict[Any, list[Row]] = {}
        for row in own:
            said.setdefault(row[key], []).append(row)
        replaced, found = set(said), list[Row]()
        for row in below:
            if row[key] in replaced:
                found += said.pop(row[key], [])  # with the first row of the name; the others are gone
            elif str(row[key]) not in left_out:
                found.append(row)
        return (*found, *(row for rows in said.values() for row in rows))


def taken(folder: Path, flat: dict[str, Any], shipped: Mapping[str, Path], findings: list[Finding]) -> Base | None:
    """The base that the settings of a case name, taken out of them; None where they name none."""
    where = f"{folder.name}/case.toml"
    name = flat.pop(FOLDER, None)
    without = {key.removeprefix(WITHOUT): flat.pop(key) for key in [k for k in flat if k.startswith(WITHOUT)]}
    if name is None:
        findings += [Finding(where, f"without.{table} leaves out of a base, and none is named", 'base = "NAME"') for table in without]
        return None
    kept = folder / FOLDER
    home = kept if (kept / "case.toml").is_file() else shipped.get(str(name))
    if home is None or home.resolve() == folder.resolve():
        findings.append(Finding(where, f"there is no base called {name!r}", nearest(str(name), shipped.keys() - {folder.name})))
        return None
    names: dict[str, tuple[str, ...]] = {}
    for table, said in without.items():
        if table not in dictionary():
            findings.append(Finding(where, f"without.{table} names no table", nearest(table, dictionary())))
        elif not isinstance(said, list) or not all(isinstance(n, str) for n in said):
            findings.append(Finding(where, f"without.{table} is {said!r}", 'names in brackets, ["a", "b"]'))
        else:
            names[table] = tuple(said)
    return Base(home.resolve(), where, names)
