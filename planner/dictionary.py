"""The data dictionary: what every column of every table means, its unit, type, limits, default and names."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).parent
DATA = PACKAGE / "data" if (PACKAGE / "data").is_dir() else PACKAGE.parent / "data"


@dataclass(frozen=True)
class Column:
    """One column: its type, limits, default and labels; ``allowed`` lists the words of a choice."""

    table: str
    name: str
    type: str
    required: bool
    default: str
    lowest: float | None
    highest: float | None
    allowed: tuple[str, ...]
    unit: str
    en: str
    zh: str

    def sentence(self) -> str:
        """What is allowed in this column, in words."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        kinds = {
            "number": "a number",
            "year": "a year",
            "whole": "a whole number",
            "name": "a name of lower-case letters, digits and _",
            "text": "a text",
        }
        limits = [f"at least {self.lowest:.9g}" if self.lowest is not None else "", f"at most {self.highest:.9g}" if self.highest is not None else ""]
        return ", ".join(t for t in (kinds[self.type], *limits, self.unit) if t)


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, Mapping[str, Column]]:
    """Table -> column -> what it means."""
    tables: dict[str, dict[str, Column]] = {}
    with (DATA / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], {})[row["column"]] = Column(
                table=row["table"],
                name=row["column"],
                type=row["type"],
                required=row["required"] == "yes",
                default=row["default"],
                lowest=float(row["min"]) if row["min"] else None,
                highest=float(row["max"]) if row["max"] else None,
                allowed=tuple(row["allowed"].split()),
                unit=row["unit"],
                en=row["en"],
                zh=row["zh"],
            )
    return tables
