"""Variants of one compiled problem: caps dropped, options closed, another aim - changes of bounds and costs, not models."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_matrix, vstack

from models.compiled import Compiled

DECISIONS = ("capacity.built", "capacity.retired", "capacity.units", "capacity.scrapped", "contract.size")
OF_PLANS = (
    "succession.gap_is_filled",
    "budget.budget_limit",
    "budget.pace_limit",
    "reserve.covered",
    "choice.choice_limit",
    "choice.adopted",
    "taken.build_taken",
    "taken.retirement_taken",
    "taken.renewal_taken",
)  # rules of a plan, not of what stands


def name_of(column: str) -> str:
    """The asset a column such as ``capacity.built[bf1,2028]`` is about."""
    return column.partition("[")[2].partition(",")[0].rstrip("]").strip("'")


def without_caps(p: Compiled, keep: Collection[tuple[str, int]] = ()) -> Compiled:
    """The same problem with no cap, or with the caps of ``keep`` (cap, year) only."""
    upper = p.row_upper.copy()
    for i in p.row("cap.cap_limit"):
        cap, _, year = p.rows[i].partition("[")[2].rstrip("]").partition(",")
        if (cap.strip("'"), int(year)) not in keep:
            upper[i] = np.inf
    return replace(p, row_upper=upper)


def without_rows(p: Compiled, rows: Collection[int]) -> Compiled:
    """The same problem without some of its rows."""
    row_lower, row_upper = p.row_lower.copy(), p.row_upper.copy()
    row_lower[list(rows)], row_upper[list(rows)] = -np.inf, np.inf
    return replace(p, row_lower=row_lower, row_upper=row_upper)


def with_only(p: Compiled, options: Collection[str]) -> Compiled:
    """The same problem in which nothing but ``options`` is built or retired; unavoidable renewals stay open.

    What only a plan has to keep - budgets, paces, choices, reserves, new before old - is not asked of it: what ends just ends.
    """
    p = without_rows(p, [i for component in OF_PLANS for i in p.row(component)])
    lower, upper = p.lower.copy(), p.upper.copy()
    for component in DECISIONS:
        for j in p.column(component):
            if name_of(p.columns[j]) not in options:
                lower[j] = upper[j] = 0.0
    return replace(p, lower=lower, upper=upper)


def with_all_built(p: Compiled, option: str, size: float) -> Compiled:
    """The same problem in which ``option`` is built with at least ``size`` in its first possible year."""
    lower = p.lower.copy()
    first = next(j for j in p.column("capacity.built") if name_of(p.columns[j]) == option)
    lower[first] = size
    return replace(p, lower=lower)


def with_at_least(p: Compiled, option: str, size: float, year: int) -> Compiled:
    """The same problem in which at least ``size`` of ``option`` is in service in ``year``; when it is built stays open."""
    at = next(j for j in p.column("capacity.size") if p.columns[j].partition("[")[2].rstrip("]").replace("'", "") == f"{option},{year}")
    lower = p.lower.copy()
    lower[at] = max(lower[at], size)
    return replace(p, lower=lower)


def counting_at_most(p: Compiled, cap: str, year: int, amount: float) -> Compiled:
    """The same problem in which what ``cap`` counts in ``year`` stays below ``amount``, kt."""
    upper = p.upper.copy()
    upper[_counted(p, cap, year)] = amount
    return replace(p, upper=upper)


def costing_at_most(p: Compiled, amount: float) -> Compiled:
    """The same problem in which a plan costs at most ``amount``, today's MCNY: one more row, ``near.cost``, the last."""
    row = csc_matrix(p.cost.reshape(1, -1))
    matrix = csc_matrix(vstack([p.matrix, row]))
    lower, upper = np.append(p.row_lower, -np.inf), np.append(p.row_upper, amount - p.offset)
    return replace(p, rows=(*p.rows, "near.cost"), matrix=matrix, row_lower=lower, row_upper=upper)


def without_certificates(p: Compiled, markets: Collection[str]) -> Compiled:
    """The same problem with nothing traded on ``markets``."""
    upper = p.upper.copy()
    for j in p.column("market.amount"):
        if name_of(p.columns[j]) in markets:
            upper[j] = 0.0
    return replace(p, upper=upper)


def least(p: Compiled, cap: str, year: int) -> Compiled:
    """The same problem with another aim: the lowest amount that ``cap`` counts in ``year``, kt."""
    cost = np.zeros_like(p.cost)
    cost[_counted(p, cap, year)] = 1.0
    return replace(p, cost=cost, offset=0.0)


def _counted(p: Compiled, cap: str, year: int) -> int:
    return next(j for j in p.column("cap.counted") if p.columns[j].partition("[")[2].rstrip("]").replace("'", "") == f"{cap},{year}")
