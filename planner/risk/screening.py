"""Screening 全局敏感性: all assumptions at once - elementary effects (Morris 1991) or variance shares (Sobol 2001, Saltelli 2010), by SALib.

The figure is the cost in today's money, what is missed at its price included. Sample and bootstrap come from one seed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import CaseError, Finding, SolverFailed
from planner.risk.plans import Plans
from planner.risk.ranges import Assumption, table
from planner.risk.spread import changes

METHODS = ("morris", "sobol")
LEVELS = 4  # of Morris' grid


def of(plans: Plans, assumptions: Sequence[Assumption], method: str, samples: int, seed: int, way: str = "anew") -> pd.DataFrame:
    """One row an assumption, the most important first. CNY in today's money, of the way ``fixed`` or ``anew``.

    morris: effect (mean of the absolute elementary effects over the whole range), effect_95 (its confidence), spread (their standard
    deviation: interaction or bend); samples + 1 plans times the assumptions. sobol: first, total (shares of the variance) and
    their 95 % intervals; a power of two as samples, times the assumptions + 2. Raises CaseError, NoPlanExists, SolverFailed.
    """
    problem = {"num_vars": len(assumptions), "names": [a.code for a in assumptions], "bounds": [[a.low, a.high] for a in assumptions]}
    points = _sample(problem, method, samples, seed)
    asked = [changes(assumptions, {a.code: float(format(v, ".9g")) for a, v in zip(assumptions, row, strict=True)}) for row in points]
    here = plans.base()
    found = plans.ask(plans.fixed(here) if way == "fixed" else plans.anew(), asked)
    costs = np.array([record.get("objective_cny", np.nan) for record, _ in found], dtype=float)
    if np.isnan(costs).any():
        raise SolverFailed(
            f"{int(np.isnan(costs).sum())} of {len(costs)} points have no plan, and an index needs all of them; narrow the ranges with --ranges or --only"
        )
    frame = pd.DataFrame(table(assumptions)).assign(
        method=method, plan=way, points=len(points), seed=seed, **_indices(problem, method, points, costs, seed)
    )
    done: pd.DataFrame = frame.sort_values("effect_cny" if method == "morris" else "total", ascending=False, kind="stable", ignore_index=True)
    return done


def _salib(part: str) -> Any:
    try:
        from importlib import import_module

        return import_module(f"SALib.{part}")
    except ImportError:
        raise CaseError([Finding("--global", "SALib is not installed", "pip install 'zero-carbon-factory-planner[sensitivity]'")]) from None


def _sample(problem: dict[str, Any], method: str, samples: int, seed: int) -> "np.ndarray[Any, np.dtype[np.float64]]":
    if method == "morris":
        return np.asarray(_salib("sample.morris").sample(problem, samples, num_levels=LEVELS, seed=seed), dtype=float)
    if samples < 2 or samples & (samples - 1):
        raise CaseError([Finding(f"--samples {samples}", "Sobol's points come in powers of two", "such as 16, 64 or 256")])
    return np.asarray(_salib("sample.sobol").sample(problem, samples, calc_second_order=False, seed=seed), dtype=float)


def _indices(
    problem: dict[str, Any], method: str, points: "np.ndarray[Any, np.dtype[np.float64]]", costs: "np.ndarray[Any, np.dtype[np.float64]]", seed: int
) -> dict[str, Any]:
    if method == "morris":
        made = _salib("analyze.morris").analyze(problem, points, costs, num_levels=LEVELS, seed=seed)
        return {
            "effect_cny": np.asarray(made["mu_star"], dtype=float),
            "effect_95_cny": np.asarray(made["mu_star_conf"], dtype=float),
            "spread_cny": np.asarray(made["sigma"], dtype=float),
        }
    made = _salib("analyze.sobol").analyze(problem, costs, calc_second_order=False, seed=seed)
    return {"first": made["S1"], "first_95": made["S1_conf"], "total": made["ST"], "total_95": made["ST_conf"]}
