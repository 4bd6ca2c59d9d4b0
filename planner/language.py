"""Language 语言: every sentence of the pages in every language, and the one place where a number becomes text.

The sentences stand in ``locale/*.csv``, one row a sentence and one column a language; the scales of numbers in
``locale/quantities.csv``. Plain tables and not gettext catalogues: another language is another column, missing cells are
seen at a glance (and by a test), and nothing has to be compiled before an installed package can speak - a .mo file that
nobody built is a page that silently falls back to English. Plural forms, gettext's one advantage, are needed by neither.

A number never appears without its unit, because the number itself changes with the language: 10 kt are 1万吨.
"""

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planner.errors import Finding

LOCALE = Path(__file__).parent / "locale"
QUANTITIES = "quantities.csv"
LANGUAGES = {"en": "English", "zh": "中文"}  # code -> its own name, the only one its readers look for
MISSING = "–"
CLOSE = 1e-3  # of a value: two that are nearer are told as one
ROUNDING = 1e-9  # of any unit: what a solver leaves of nothing is told as nothing
SIGNIFICANT = 3


@dataclass(frozen=True)
class Scale:
    """How a quantity is written from a magnitude on: divided by ``per``, with fixed ``decimals`` or three digits that count."""

    at_least: float
    per: float
    decimals: int | None
    unit: str
    signed: bool = False

    def number(self, value: float, decimals: int | None = None) -> str:
        """The number alone, for labels whose axis carries the unit."""
        scaled = value / self.per
        if decimals is None:
            decimals = self.decimals
        shown = f"{scaled:,.{decimals}f}" if decimals is not None else _significant(scaled)
        if not re.search("[1-9]", shown):
            return shown.lstrip("-")
        return shown.replace("-", "−") if scaled < 0 else ("+" if self.signed else "") + shown

    def text(self, value: float) -> str:
        """Number and unit; Latin units stand apart, Chinese units and % stick to the number."""
        gap = " " if self.unit[:1].isascii() and self.unit[:1].isalpha() else ""
        return f"{self.number(value)}{gap}{self.unit}"


def fmt(value: float | None, quantity: str, language: str) -> str:
    """``value`` as text with its unit. quantity: a name of quantities.csv, or a plain unit (written as it is).

    >>> fmt(753_521_000, "money", "en"), fmt(753_521_000, "money", "zh"), fmt(-3e-11, "emissions", "en")
    ('754 M CNY', '7.54亿元', '0 t CO₂/yr')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    value = 0.0 if abs(value) < ROUNDING else value
    return scale([value], quantity, language).text(value)


def span(low: float | None, high: float | None, quantity: str, language: str) -> str:
    """A value known to lie between two, with the digits that their distance deserves: no more than its first, or its second where that is below 3.

    >>> span(12.7, 16.4, "CNY/kg", "en"), span(1.24e9, 1.25e9, "money", "en"), span(-8.1, -6.9, "t", "en"), span(0.416032, 0.416041, "MW", "en")
    ('13–16 CNY/kg', '1.240–1.250 bn CNY', '−8.1 … −6.9 t', '0.416 MW')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    of = scale([low, high], quantity, language)
    width = abs(high - low) / of.per
    if width < CLOSE * max(abs(low), abs(high), 1e-30) / of.per:
        return of.text((low + high) / 2)
    step = math.floor(math.log10(width)) - (width / 10 ** math.floor(math.log10(width)) < 3)
    texts = [of.number(round(v / of.per / 10.0**step) * 10.0**step * of.per, max(0, -step)) for v in (low, high)]
    if texts[0] == texts[1]:
        return of.text(low)
    gap = " " if of.unit[:1].isascii() and of.unit[:1].isalpha() else ""
    return (" … " if low < 0 or of.signed else "–").join(texts) + gap + of.unit


def scale(values: Iterable[float], quantity: str, language: str) -> Scale:
    """The one scale that suits all ``values``: a chart, its labels and its table never mix two."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    steps = _quantities().get((quantity, language)) or (Scale(0.0, 1.0, None, quantity),)
    return next((s for s in reversed(steps) if largest >= s.at_least), steps[0])


def say(key: str, language: str, **values: object) -> str:
    """The sentence ``key`` in ``language``, its {places} filled. A key or language that does not exist is a KeyError."""
    sentence = texts()[key][language]
    return sentence.format_map(values) if values else sentence


def translated(sentence: str, language: str) -> str:
    """A sentence the program wrote in English, in another language where texts.csv knows its pattern (keys ``said.``)."""
    for key, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            return texts()[key][language].format_map({k: translated(v, language) for k, v in found.groupdict().items()})
    return sentence


def spoken(finding: Finding, language: str) -> str:
    """A finding as a sentence: where, what, what is allowed."""
    parts = [finding.what, *finding.allowed.split(", ")]
    what, *allowed = (translated(part, language) if language != "en" else part for part in parts)
    return say("finding", language, where=finding.where, what=what, allowed=say("finding.comma", language).join(allowed))


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Mapping[str, str]]:
    """Key -> language -> sentence: the pages' and the terminal's."""
    rows: list[dict[str, str]] = []
    for path in sorted(LOCALE.glob("*.csv")):
        if path.name != QUANTITIES:
            with path.open(encoding="utf-8", newline="") as file:
                rows += csv.DictReader(file)
    return {row["key"]: {code: row[code] for code in LANGUAGES} for row in rows}


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    said = ((key, words["en"]) for key, words in texts().items() if key.startswith("said."))
    return tuple((key, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(en)))) for key, en in said)


@lru_cache(maxsize=1)
def _quantities() -> Mapping[tuple[str, str], tuple[Scale, ...]]:
    found: dict[tuple[str, str], list[Scale]] = {}
    with (LOCALE / QUANTITIES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            decimals = int(row["decimals"]) if row["decimals"] else None
            one = Scale(float(row["at_least"]), float(row["per"]), decimals, row["unit"], row["signed"] == "yes")
            found.setdefault((row["quantity"], row["language"]), []).append(one)
    return {k: tuple(sorted(v, key=lambda s: s.at_least)) for k, v in found.items()}


def _significant(value: float) -> str:
    """Three digits that count, no trailing zeros, and never a digit less before the point."""
    if value == 0:
        return "0"
    decimals = max(0, SIGNIFICANT - 1 - math.floor(math.log10(abs(value)) + 1e-12))
    shown = f"{value:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
