"""MACC 措施减排成本曲线: each measure of a plan beside its tonnes and cost - added first to the works of today, and left out of the plan.

Neither is the abatement curve of the model (`planner abatement`), which plans anew at every step. Added first counts what
others would save as well; left out counts only what nobody else saves. The two differ by how far measures get in each
other's way, or help each other; neither column can be added up.
"""

import pandas as pd

from planner.money import Horizon
from planner.plant import MILLION, THOUSAND
from planner.run import Ready
from planner.why.partial import Apart, Ran

COLUMNS = [
    "measure", "en", "zh", "lever",
    *(f"{way}_{figure}" for way in ("first", "last") for figure in ("cny", "t", "year_t", "cny_per_t", "remark")), "year",
]  # fmt: skip
SMALL = 1.0  # t over all years: less is nothing
NOTHING, LESS = "saves no emissions", "emits more"


def table(ready: Ready, apart: Apart) -> pd.DataFrame:
    """One row a measure, in the order of the case. cny: today's money over all years; t: tonnes of all years together, not discounted;
    year_t: of the last year; cny_per_t: one over the other, negative where the measure earns."""
    rows = []
    for name in apart.measures:
        asset = ready.plant.assets[name]
        row: dict[str, object] = {"measure": name, "en": ready.case.label(name, "en"), "zh": ready.case.label(name, "zh"), "lever": asset.lever}
        row |= _figures("first", apart.nothing, apart.alone[name], ready.plant.horizon)
        row |= _figures("last", apart.without[name], apart.all, ready.plant.horizon)
        rows.append(row | {"year": ready.plant.horizon.last})
    return pd.DataFrame(rows, columns=COLUMNS)


def _figures(way: str, before: Ran, after: Ran, horizon: Horizon) -> dict[str, object]:
    dearer = (after.cost - before.cost) * MILLION
    saved = {y: (before.emitted[y] - after.emitted[y]) * THOUSAND for y in horizon.years}
    total = sum(saved.values())
    return {
        f"{way}_cny": dearer, f"{way}_t": total, f"{way}_year_t": saved[horizon.last], f"{way}_cny_per_t": dearer / total if total > SMALL else None,
        f"{way}_remark": "" if total > SMALL else LESS if total < -SMALL else NOTHING,
    }  # fmt: skip
