"""Parts 部件: what a report is made of before it is a file - numbers as text, sentences, tables and charts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from planner.views.headline import Number
from planner.views.roadmap import Line


def figure(value: float, digits: int = 6) -> str:
    """A number of a table in so many digits, large ones whole and with separators, never with an exponent."""
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:,.{digits}g}"


@dataclass(frozen=True)
class Series:
    """One row of values of a chart; what is missing is None."""

    label: str
    values: tuple[float | None, ...]
    colour: str  # #rrggbb


@dataclass(frozen=True)
class Chart:
    """A chart. kind: by year or another order, stacked (columns that add up, also below zero) or lines; bars (lying, that add up) by name."""

    kind: str
    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Table:
    """A table with its title."""

    title: str
    frame: pd.DataFrame


@dataclass(frozen=True)
class Section:
    """One chapter: what it says first, then its charts and tables."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Story:
    """A whole report in one language, ready to be written in any format."""

    language: str
    title: str
    subtitle: str
    sentence: str
    numbers: tuple[Number, ...]
    lines: tuple[Line, ...]  # of the roadmap
    years: tuple[int, ...]
    sections: Mapping[str, Section]
    stamp: tuple[tuple[str, str], ...]  # what every report carries: label, value
    raw: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # every table of the run as it is kept

    @property
    def stamp_line(self) -> str:
        """Version and fingerprint in one line, for the foot of every page."""
        return self.stamp[0][1]
