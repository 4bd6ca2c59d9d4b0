"""Presets 目标预设: named sets of targets that can take the place of a case's own, each saying how official it is.

A preset is a folder of ``data/presets``: ``preset.toml`` says what it is, ``caps.csv``, ``offsets.csv`` and ``carbon_market.csv`` are tables as a case
has them. Status: official - a rule of the state says so; local - of a province or city; unofficial - circulates, is no rule;
example - the program's own, to be replaced.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planner.dictionary import DATA
from planner.errors import Finding
from planner.tables import Row, read_table

STATUS = ("official", "local", "unofficial", "example")
TABLES = ("caps", "offsets", "carbon_market")


@dataclass(frozen=True)
class Preset:
    """A named set of targets: what it is in both languages, what of it is official, and the rows and settings it brings."""

    name: str
    status: str
    en: str
    zh: str
    note: Mapping[str, str]
    source: str
    settings: Mapping[str, Any]
    folder: Path
    sectors: tuple[str, ...] = ()  # for which its numbers are made; empty: for all

    @property
    def brings(self) -> tuple[str, ...]:
        """The tables it has."""
        return tuple(t for t in TABLES if (self.folder / f"{t}.csv").is_file())

    def tables(self, findings: list[Finding]) -> dict[str, tuple[Row, ...]]:
        """The tables it brings, which replace the case's."""
        return {t: read_table(t, [self.folder / f"{t}.csv"], findings) for t in self.brings}


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by name."""
    return {path.parent.name: _preset(path) for path in sorted((DATA / "presets").glob("*/preset.toml"))}


def _preset(path: Path) -> Preset:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    settings = {f"{section}.{key}": value for section, of in said.items() if isinstance(of, dict) for key, value in of.items()}
    return Preset(
        name=path.parent.name, status=said["status"], en=said["en"], zh=said["zh"], note={"en": said["note_en"], "zh": said["note_zh"]},
        source=said["source"], settings=settings, folder=path.parent, sectors=tuple(said.get("sectors", ())),
    )  # fmt: skip
