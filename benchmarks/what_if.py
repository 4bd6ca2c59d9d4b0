"""What-if: from a moved lever to its audited plan, on a case kept hot, against a cold plan of the same change.

Every change moves one lever of the case as the pages offer it, drawn with a fixed seed, and is compared with the plan
before it, as for one visitor. Cold plans of some of the changes are made in between, so that both meet the same machine.
"""

import statistics
import time

import numpy as np

from benchmarks.apart import Row
from planner import run
from planner.desk import choice as choices
from planner.desk.levers import Changes
from planner.errors import NoPlanExists
from planner.stored import RUNS
from planner.studies import start
from planner.warm import Session

CASES = ("battery", "steel")
NUMBER, COLD = 40, 5  # changes of a kind; of them planned cold as well
KINDS = {  # kind -> kinds of levers, how far they move, must and aim in seconds
    "cap": (("cap",), (0.97, 1.1), 3.0, 0.5),
    "price": (("carbon_price", "electricity_price", "market_price", "price_level", "investment"), (0.8, 1.2), 5.0, 1.0),
}
CARBON = (10.0, 120.0)  # CNY/t, where there is no price to move by a share


def measure(quick: bool) -> list[Row]:
    """The slowest twentieth of the changes, and warm against cold. quick: the battery case, few changes, and one of them cold."""
    rows: list[Row] = []
    for case in CASES[:1] if quick else CASES:
        with Session(run.prepare(case)) as session:
            session.begin(shipped=RUNS / case / start.NAME)  # as the pages begin
            session.map()
            for kind in KINDS:
                number, cold = (5, int(kind == "cap")) if quick else (NUMBER, COLD)
                rows += _measured(case, session, kind, number, cold)
    return rows


def drawn(case: str, kind: str, number: int) -> list[Changes]:
    """Random changes of one lever each; the same ones every time."""
    kinds, (low, high), *_ = KINDS[kind]
    rng = np.random.default_rng(number + len(case))
    levers = [lever for lever in choices.levers_by_code(case).values() if lever.kind in kinds]
    found: list[Changes] = []
    while len(found) < number:
        lever = levers[rng.integers(len(levers))]
        own = float(lever.default)
        value = own * rng.uniform(low, high) if own else rng.uniform(*CARBON)
        if (moved := lever.value(lever.text(value))) != lever.default:
            found.append(lever.changes(moved))
    return found


def _measured(case: str, session: Session, kind: str, number: int, cold: int) -> list[Row]:
    _, _, must, aim = KINDS[kind]
    warm, ratios, none, recompiled, before = [], [], 0, 0, session.ready.case.fingerprint
    for n, changes in enumerate(drawn(case, kind, number)):
        began = time.perf_counter()
        try:
            done = session.answer(session.changed(changes), before=before)
        except NoPlanExists:
            none += 1
            continue
        warm.append(time.perf_counter() - began)
        recompiled += int(done.planned.statistics["recompiled"])
        before = done.ready.case.fingerprint
        if cold and n % (number // cold) == 0:
            began = time.perf_counter()
            run.solve(run.prepare(case, changes))
            ratios.append(warm[-1] / (time.perf_counter() - began))
    told = f"of {len(warm)} changes, median {statistics.median(warm):.2f} s, {recompiled} compiled anew, {none} without a plan"
    name = f"what-if after a {kind} change, {case}"
    rows = [Row(f"{name}, 95th percentile", float(np.percentile(warm, 95)), "s", must, aim, told)]
    if ratios:
        rows.append(Row(f"{name} / cold plan of it", statistics.median(ratios), "-", note=f"median of {len(ratios)}"))
    return rows
