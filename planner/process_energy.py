"""Process energy 工序能耗: what a process takes in and gives off in energy per unit of what it makes, beside the national levels.

Calorific values, power at its own; gases, coke and power that a process gives off are taken off, as the standards do. A retrofit of
one process counts with it; site-wide ones (drives, energy management) belong to several and are left out.
"""

from collections.abc import Mapping

import pandas as pd

from planner.dictionary import DATA
from planner.plant import Plant
from planner.tables import read_table
from planner.units import factor

COLUMNS = ["technology", "carrier", "year", "made", "per_unit", "level_1", "level_2", "level_3", "unit", "source"]


def process_energy(balance: pd.DataFrame, plant: Plant, content: Mapping[str, float]) -> pd.DataFrame:
    """One row a process and year; see COLUMNS. balance: of a run (year, carrier, item, amount); content: tce per unit of a carrier;
    made: in the carrier's unit, per_unit in the level's. Empty for a plant without processes that have a level."""
    rows: list[tuple[object, ...]] = []
    for level in read_table("process_levels", [DATA / "process_levels.csv"], []):
        named = {a.name for a in plant.assets.values() if a.technology == level["technology"] and a.kind == "converter"}
        with_them = named | {a.name for a in plant.assets.values() if a.kind == "measure" and a.hosts and set(a.hosts) <= named}
        here = balance[balance["item"].isin(with_them)]
        for year, of in here.groupby("year"):
            made = float(of.loc[(of["carrier"] == level["carrier"]) & (of["amount"] > 0), "amount"].sum())
            if made <= 0:
                continue
            net = -float((of["amount"].astype(float) * of["carrier"].map(content).fillna(0.0)).sum())
            per = net / made * factor(f"tce/{plant.units[level['carrier']]}", level["unit"])
            levels = (level["level_1"], level["level_2"], level["level_3"], level["unit"], level["source"])
            rows.append((level["technology"], level["carrier"], int(str(year)), made, per, *levels))
    return pd.DataFrame(rows, columns=COLUMNS)


def reached(per_unit: float, row: Mapping[str, float]) -> str:
    """The best level that is met: level_1, level_2, level_3, or `none`."""
    return next((name for name in ("level_1", "level_2", "level_3") if per_unit <= row[name] * (1 + 1e-9)), "none")
