"""Change 变化: one plan beside another - what entered, what left, what moved, and the figures before and after."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from planner.language import fmt, say
from planner.results import Results

KINDS = ("entered", "left", "moved", "retires", "stays")  # in the order they are told
BUILDS = ("build", "renew", "committed")
SAME = 0.02  # sizes closer than this are one size: a plan is only known within its gap


@dataclass(frozen=True)
class Part:
    """What a plan makes of an asset: size of all years, the first of them, investment."""

    en: str
    zh: str
    unit: str
    size: float
    year: int
    investment: float


@dataclass(frozen=True)
class Step:
    """One asset that differs: what happened to it, and what each plan makes of it, None where it is not there."""

    asset: str
    kind: str
    before: Part | None
    after: Part | None

    @property
    def told(self) -> Part:
        """The later plan's, or what it no longer has."""
        part = self.after or self.before
        assert part is not None
        return part

    def name(self, language: str) -> str:
        """The asset's name."""
        return self.told.zh if language == "zh" else self.told.en

    def words(self, language: str) -> str:
        """The step as a phrase: `Electric truck, 200 vehicles from 2027 (before: 2028)`."""
        said = [say("change.size", language, size=fmt(p.size, p.unit, language), year=p.year) if p else "" for p in (self.before, self.after)]
        return say(f"change.step.{'both' if all(said) else 'one'}", language, name=self.name(language), now=said[1] or said[0], before=said[0])


@dataclass(frozen=True)
class Figure:
    """One number of both plans in words; better: whether the difference is welcome (None where that is no question or not certain)."""

    label: str
    before: str
    after: str
    difference: str
    better: bool | None
    note: str = ""


def steps(before: Results, after: Results) -> tuple[Step, ...]:
    """What differs: first what entered, then what left, what moved, and what retires or stays otherwise; largest money first."""
    found = [
        *_differing(_sums(before, BUILDS), _sums(after, BUILDS), ("entered", "left", "moved")),
        *_differing(_sums(before, ("retire",)), _sums(after, ("retire",)), ("retires", "stays", "")),
    ]
    return tuple(sorted(found, key=lambda s: (KINDS.index(s.kind), -max(p.investment for p in (s.before, s.after) if p))))


def figures(before: Results, after: Results, language: str) -> tuple[Figure, ...]:
    """Cost, emissions, investment and gap of both plans."""
    year = after.summary["last_year"]
    kinds = (
        ("objective_cny", "money", "money_change"),
        ("emissions_last_t", "emissions", "emissions_change"),
        ("investment_cny", "money", "money_change"),
    )
    found = []
    for key, quantity, change in kinds:
        old, new = float(before.summary[key]), float(after.summary[key])
        certain = key != "objective_cny" or abs(new - old) > before.summary["gap_cny"] + after.summary["gap_cny"]
        note = "" if certain or new == old else say("change.within_gap", language)
        better = None if key == "investment_cny" or new == old or not certain else new < old
        label, shown = say(f"change.{key}", language, year=year), [fmt(v, quantity, language) for v in (old, new)]
        found.append(Figure(label, shown[0], shown[1], fmt(new - old, change, language), better, note))
    old_gap, new_gap = (fmt(r.summary["gap"], "share", language) for r in (before, after))
    return (*found, Figure(say("headline.gap", language), old_gap, new_gap, "", None))


def table(before: Results, after: Results, language: str) -> pd.DataFrame:
    """One row a step, with size, year and investment of both plans."""
    rows = []
    for step in steps(before, after):
        both = [
            (fmt(p.size, p.unit, language), str(p.year), fmt(p.investment, "money", language)) if p else ("",) * 3 for p in (step.before, step.after)
        ]
        rows.append((say(f"change.{step.kind}", language), step.name(language), *both[0], *both[1]))
    heads = ["kind", "asset", *(f"{c}.{w}" for w in ("before", "after") for c in ("size", "year", "investment"))]
    return pd.DataFrame(rows, columns=[say(f"change.column.{h}", language) for h in heads])


def _differing(old: dict[str, Part], new: dict[str, Part], kinds: tuple[str, str, str]) -> Iterable[Step]:
    for asset in dict.fromkeys((*new, *old)):
        a, b = old.get(asset), new.get(asset)
        same = a is not None and b is not None and a.year == b.year and abs(a.size - b.size) <= SAME * max(abs(a.size), abs(b.size))
        kind = kinds[0] if a is None else kinds[1] if b is None else kinds[2]
        if kind and not same:
            yield Step(asset, kind, a, b)


def _sums(results: Results, actions: tuple[str, ...]) -> dict[str, Part]:
    """Asset -> what a plan makes of it by these actions, in the order of their years."""
    road = results["roadmap"]
    rows = road[road["action"].isin(actions)].sort_values("year")
    found: dict[str, Part] = {}
    for asset, *one in zip(*(rows[c].tolist() for c in ("asset", "en", "zh", "unit", "size", "year", "investment_cny")), strict=True):
        known = found.get(asset)
        now = Part(*one)
        found[asset] = replace(known, size=known.size + now.size, investment=known.investment + now.investment) if known else now
    return found
