"""Reachable 可达: the lowest emissions of a year that a plant can reach, whatever it costs, with all caps dropped."""

from collections.abc import Sequence

import pandas as pd

from models.inputs import Inputs
from planner import plan, translate, variants
from planner.plan import Listen, Work
from planner.plant import THOUSAND
from planner.run import Ready
from planner.targets import plain

COLUMNS = ["year", "cap", "proven_t", "reached_t"]
GAP, SECONDS = 0.005, 60.0  # of each search: proven gap as a share of the amount, longest time


def reachable(ready: Ready, years: Sequence[int], listen: Listen = lambda _: True) -> pd.DataFrame:
    """One row a year: the lowest amount a plan was found for, and what no plan can be below, t, as the first yearly cap on emissions counts.

    Every year has a plan of its own: what is lowest in 2030 need not be so in 2027. Empty for a plant without such a cap.
    """
    caps = plain(ready.plant.targets, ready.plant.caps)
    wanted = tuple(y for y in years if y in ready.plant.horizon.years)
    if not caps or not wanted:
        return pd.DataFrame(columns=COLUMNS)
    x = translate.inputs(ready.plant, ready.year)
    found = plan.in_own_process(lowest, x, patience=len(wanted) * 2 * SECONDS + 60, listen=listen, cap=caps[0], years=wanted)
    return pd.DataFrame([(y, caps[0], bound * THOUSAND, cost * THOUSAND) for y, bound, cost in found], columns=COLUMNS)


def lowest(x: Inputs, *, cap: str, years: Sequence[int], report: Listen) -> list[tuple[int, float, float]]:
    """The job: year, proven bound and amount found, kt; a year for which nothing was found in time is left out."""
    work = Work(x, report)
    free = variants.without_caps(work.compiled)
    found = []
    for y in years:
        answer = work.solve(variants.least(free, cap, y), "options", relative_gap=GAP, seconds=SECONDS)
        if answer.cost is not None and answer.bound is not None:
            found.append((y, answer.bound, answer.cost))
    return found
