"""Break-even 临界值: the value of a number at which a technology enters or leaves the plan, as an interval.

At every value tried the plan is made with the technology allowed and with it closed. Worth having is proven where every
plan without it costs more than the plan found (the bound without it lies above). The interval runs from the last value at which that is
proven to the first at which the plan found does without: in between the plans differ by less than their gaps.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.case import Case
from planner.desk.levers import Lever
from planner.errors import CaseError, Finding
from planner.risk.plans import Plans
from planner.risk.ranges import GRADES
from planner.studies.front import sizes
from planner.studies.point import Changes

COLUMNS = [
    "asset", "en", "zh", "number", "number_en", "number_zh", "unit", "base", "from", "to", "status", "side", "low", "high", "amounts_low", "amounts_high",
    "confidence_number", "confidence_asset", "weakest", "plans",
]  # fmt: skip
STEPS = 8  # halvings at most, for each end
PART = 0.02  # of the range asked for: an interval this narrow is narrow enough
SMALL = 1e-6


@dataclass(frozen=True)
class Tried:
    """A value and what is known there: worth having (proven), in the plan found."""

    value: float
    proven: bool
    built: bool


Ask = Callable[[Sequence[float]], Sequence[Tried]]


def bracketed(ask: Ask, start: float, end: float) -> tuple[str, float | None, float | None, str]:
    """Status, the last value proven in and the first out as (low, high), and the side on which the technology is in.

    status: ``found``; ``always in`` or ``always out`` between both ends; ``undecided`` where the gaps hide it.
    """
    first, last = ask([start, end])
    if first.proven == last.proven and first.built == last.built:
        return ("always in" if first.proven else "undecided" if first.built else "always out"), None, None, ""
    if (first.proven and not last.built) or (first.built and not last.built):
        inside, outside = first, last
    elif not first.built:
        inside, outside = last, first
    else:  # built at both ends, proven at one
        return "undecided", None, None, ""
    side = "below" if inside.value < outside.value else "above"
    near = abs(end - start) * PART
    surely, out = (inside.value if inside.proven else None), outside.value
    low = inside.value
    for _ in range(STEPS):  # the first value at which the plan does without
        if abs(out - low) <= near:
            break
        [tried] = ask([(low + out) / 2])
        if tried.built:
            low = tried.value
            surely = tried.value if tried.proven else surely
        else:
            out = tried.value
    if surely is not None:  # the last at which it is proven
        beyond = out
        for _ in range(STEPS):
            if abs(beyond - surely) <= near:
                break
            [tried] = ask([(surely + beyond) / 2])
            surely, beyond = (tried.value, beyond) if tried.proven else (surely, tried.value)
    ends = sorted((surely if surely is not None else inside.value, out))
    return ("found" if surely is not None else "undecided"), ends[0], ends[1], side


def of(plans: Plans, number: Lever, start: float, end: float, assets: Iterable[str] = ()) -> pd.DataFrame:
    """One row an asset: where it enters or leaves as ``number`` moves from start to end (as the lever shows it); see COLUMNS.

    assets: those asked about; none: all that the plan at one end builds and that at the other does not. Raises CaseError.
    """
    many = plans.anew()
    options = [r["asset"] for r in plans.case.tables["assets"] if r["status"] == "candidate"]
    unknown = [a for a in assets if a not in options]
    if unknown:
        raise CaseError([Finding(f"--asset {a}", "is no option of the case", "one of " + ", ".join(options[:12]) + ", ...") for a in unknown])
    count = 0
    with many:

        def planned(points: Sequence[Changes]) -> list[tuple[float | None, float | None, dict[str, float]]]:
            nonlocal count
            count += len(points)
            found = []
            for changes, record in zip(points, many.plan(points), strict=True):
                there = "objective_cny" in record
                found.append((record.get("objective_cny"), record.get("bound_cny"), sizes(many.store.place(changes)) if there else {}))
            return found

        def tried(asset: str, values: Sequence[float]) -> list[Tried]:
            pairs = [(number.changes(v), (*number.changes(v), (f"assets.{asset}.allowed", "no"))) for v in values]
            made = planned([p for pair in pairs for p in pair])
            return [
                Tried(v, _dearer(made[2 * n + 1][1], made[2 * n][0]), asset in made[2 * n][2]) for n, v in enumerate(values)
            ]  # fmt: skip

        (*_, low), (*_, high) = planned([number.changes(start), number.changes(end)])
        asked = list(assets) or [a for a in options if (a in low) != (a in high)]
        rows = []
        for asset in asked:
            before = count
            status, at_low, at_high, side = bracketed(lambda values, a=asset: tried(a, values), start, end)  # type: ignore[misc]
            rows.append(_row(plans.case, number, asset, (start, end), status, side, at_low, at_high, count - before))
    return pd.DataFrame(rows, columns=COLUMNS)


def _dearer(bound_without: float | None, cost_with: float | None) -> bool:
    """Whether doing without is proven to cost more; no plan without it at all is that, too."""
    if cost_with is None:
        return False
    return bound_without is None or bound_without > cost_with + SMALL * abs(cost_with)


def _row(
    read: Case, number: Lever, asset: str, ends: tuple[float, float], status: str, side: str, low: float | None, high: float | None, plans: int
) -> dict[str, Any]:
    technology = read.by_name["assets"][asset]["technology"]
    grades = [r["confidence"] for r in read.tables["technology_values"] if r["technology"] == technology]
    grades += [r["confidence"] for r in read.tables["overrides"] if r["asset"] == asset]
    worst = max(grades, key=GRADES.index, default="estimate")
    own = number.confidence or "estimate"
    return {
        "asset": asset, "en": read.label(asset, "en"), "zh": read.label(asset, "zh"), "number": number.code, "number_en": number.labels["en"],
        "number_zh": number.labels["zh"], "unit": number.unit, "base": number.default, "from": ends[0], "to": ends[1], "status": status, "side": side,
        "low": low, "high": high, "amounts_low": amounts(number, low), "amounts_high": amounts(number, high), "confidence_number": number.confidence,
        "confidence_asset": worst, "weakest": max((worst, own), key=GRADES.index), "plans": plans,
    }  # fmt: skip


def amounts(number: Lever, value: float | None) -> str:
    """Where a level moves several numbers: what each of them is then, such as ``2026: 18750, 2030: 15000 CNY/t``."""
    of = getattr(number, "of", "")
    if value is None or not of:
        return ""
    said = []
    for key, text in number.changes(value):
        parts = [p for p in key.split(".") if p.isdigit()]
        said.append(f"{parts[-1]}: {float(text):.4g}" if parts else f"{float(text):.4g}")
    return ", ".join(said) + f" {of}" if len(said) <= 6 else ""
