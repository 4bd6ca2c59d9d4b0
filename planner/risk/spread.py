"""Spread 不确定性: Monte Carlo over the ranges of all assumptions at once, with the plan kept and made anew.

Every assumption is drawn evenly over its range and independently of the others, as Latin hypercubes spread them (McKay,
Beckman and Conover 1979): what little is known of the numbers does not bear a finer shape.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.risk import robust
from planner.risk.plans import Plans
from planner.risk.ranges import Assumption
from planner.risk.robust import Seen
from planner.risk.tornado import against
from planner.studies.file import spread_out
from planner.studies.point import Changes

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FIGURES = ("cost_cny", "change_cny", "emissions_last_t", "emissions_all_t", "missed_cny")


def drawn(assumptions: Sequence[Assumption], points: int, seed: int, method: str = "latin") -> list[dict[str, float]]:
    """Values of every assumption by code, the same for the same seed."""
    unit = spread_out(method, len(assumptions), points, seed)
    return [{a.code: float(format(a.at(float(u)), ".9g")) for a, u in zip(assumptions, row, strict=True)} for row in unit]


def changes(assumptions: Sequence[Assumption], values: dict[str, float]) -> Changes:
    """What the values change in the case."""
    return tuple(c for a in assumptions for c in a.changes(values[a.code]))


def of(plans: Plans, assumptions: Sequence[Assumption], points: int, seed: int, ways: Sequence[str] = ("fixed", "anew")) -> dict[str, pd.DataFrame]:
    """samples: one row a draw and way; spread: quantiles of each figure by way; robust: decisions over the plans made anew.

    CNY in today's money with what is missed at its price, t. Raises NoPlanExists, CaseError.
    """
    here = plans.base()
    values = drawn(assumptions, points, seed)
    asked = [changes(assumptions, v) for v in values]
    rows: list[dict[str, Any]] = []
    seen: list[Seen] = []
    for way in ways:
        (base, place), *found = plans.ask(plans.fixed(here) if way == "fixed" else plans.anew(), [(), *asked])
        for n, (drawn_values, (record, folder)) in enumerate(zip(values, found, strict=True), start=1):
            said = against(base, record, place, folder)
            emitted = record.get("emissions_t", {})
            last = list(emitted.values())[-1] if emitted else None
            rows.append({
                "sample": n, "plan": way, **drawn_values, "cost_cny": record.get("objective_cny"), "emissions_last_t": last,
                "emissions_all_t": sum(emitted.values()) if emitted else None, **said,
            })  # fmt: skip
            if way == "anew" and emitted:
                seen.append(Seen(str(n), 1.0, folder, drawn_values))
    samples = pd.DataFrame(rows)
    return {"samples": samples, "spread": quantiles(samples), **({"robust": robust.of(seen, assumptions)} if seen else {})}


def quantiles(samples: pd.DataFrame) -> pd.DataFrame:
    """Quantiles of every figure by way, and how often there is a plan and nothing is missed; draws that contradict themselves are no futures."""
    rows = []
    for way, part in samples[samples["status"] != "wrong case"].groupby("plan", sort=False):
        there = part[part["cost_cny"].notna()]
        kept = float((there["missed"] == "").sum()) / len(part)
        for figure in FIGURES:
            numbers = there[figure].astype(float).to_numpy() if figure in there else np.zeros(0)
            found = np.quantile(numbers, QUANTILES) if len(numbers) else [None] * len(QUANTILES)
            mean = float(numbers.mean()) if len(numbers) else None
            rows.append({"plan": way, "figure": figure, "mean": mean, **{f"p{q * 100:.0f}": v for q, v in zip(QUANTILES, found, strict=True)},
                         "samples": len(part), "with_plan": len(there), "targets_kept": kept})  # fmt: skip
    return pd.DataFrame(rows)
