"""Measures 逐项措施: the measures of a plan looked at one by one, as two tables - MACC and wedges - from one set of runs."""

from collections.abc import Mapping

import pandas as pd

from models.solution import Solution
from planner import translate
from planner.process import Listen, in_own_process
from planner.run import Ready
from planner.why import macc, partial, wedges

PATIENCE = 7200.0  # s


def evaluate(ready: Ready, plan: Solution, tables: Mapping[str, pd.DataFrame], listen: Listen = lambda _: True) -> dict[str, pd.DataFrame]:
    """macc and wedges of ``plan``; ``tables``: of its run. Raises SolverFailed, Stopped."""
    x = translate.inputs(ready.plant, ready.year)
    apart = in_own_process(partial.apart, x, patience=PATIENCE, listen=listen, plan=plan, base_factor=ready.plant.base_factor)
    return {"macc": macc.table(ready, apart), "wedges": wedges.table(ready, plan, apart, tables)}
