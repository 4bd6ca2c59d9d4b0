"""Audit of units 启停复算: least loads, whole units, starts and ramps, from the plant alone."""

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.plant import THOUSAND, Plant

Array = npt.NDArray[np.float64]
TABLES = {"commitment.running": "ays", "commitment.started": "ays"}  # letters: see planner.audit
STARTS = "starts"


def parts(plant: Plant) -> tuple[str, ...]:
    """Cost parts of units that run or stand still."""
    return (STARTS,) if any(v for a in plant.assets.values() for v in a.start_cost.values()) else ()


def check(plan: Any, ledger: Any) -> None:
    """A unit runs whole, between its least load and what is available, or stands still; what changes keeps its ramp."""
    days = plan.year.days
    before = np.array([days.steps.index(s) for s in days.previous], dtype=int)
    between = (days.hours + days.hours[before]) / 2
    output, running, started, size = plan["converter.output"], plan["commitment.running"], plan["commitment.started"], plan["capacity.size"]
    for a, asset in enumerate(plan.assets):
        here = [[f"{asset.name} in {y}" for y in plan.axes["y"]], plan.axes["s"]]
        held = np.broadcast_to(size[a][:, None], output[a].shape)
        if asset.minimum_load or any(asset.start_cost.values()):
            units = running[a] / (asset.module or np.where(held > 0, held, 1.0))
            ledger.equal("whole units", here, units, np.round(units), np.ones(units.shape), "units")
            ledger.at_most("units that run", here, running[a], held, "size")
            ledger.at_most("least loads", here, asset.minimum_load * running[a], output[a], "unit/h")
            ledger.at_most("loads of what runs", here, output[a], asset.availability * plan.shape[a] * plan.runs[a] * running[a], "unit/h")
            ledger.at_most("starts", here, running[a] - running[a][:, before], started[a], "size")
        if np.isfinite(asset.ramp):
            above = output[a] - asset.minimum_load * running[a]
            ledger.at_most("ramps", here, np.abs(above - above[:, before]), asset.ramp * between * held, "unit/h")


def costs(plan: Any) -> dict[str, Array]:
    """Cost part -> (years,), MCNY: every start in every day it happens."""
    if not parts(plan.plant):
        return {}
    days = plan.year.days.weight / THOUSAND
    price = np.array([[a.start_cost.get(y, 0.0) for y in plan.axes["y"]] for a in plan.assets])
    return {STARTS: np.einsum("ay,ays,s->y", price, plan["commitment.started"], days)}
