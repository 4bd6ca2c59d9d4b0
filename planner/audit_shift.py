"""Audit of use that waits 移峰复算: no more than may wait, caught up in time, from the plant and its flows alone."""

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.plant import Plant

Array = npt.NDArray[np.float64]
TABLES = {"shift.later": "acys", "shift.caught": "acys", "shift.backlog": "acys"}  # letters: see planner.audit
WAITING = "waiting"


def parts(plant: Plant) -> tuple[str, ...]:
    """Cost parts of use that waits."""
    return (WAITING,) if any(v for a in plant.assets.values() if a.shiftable for v in a.shift_cost.values()) else ()


def moved(plan: Any) -> Array:
    """(carriers, years, steps): use put off less use caught up, unit/h."""
    return np.asarray((plan["shift.later"] - plan["shift.caught"]).sum(axis=0))


def check(plan: Any, ledger: Any) -> None:
    """What waits is a share of what is used after savings, and at no time older than its window."""
    days, kept = plan.year.days, plan["shift.backlog"]
    order = {s: n for n, s in enumerate(days.steps)}
    before = np.array([order[s] for s in days.previous], dtype=int)
    moves = plan["shift.later"].any(axis=(2, 3)) | plan["shift.caught"].any(axis=(2, 3))
    for a, asset in enumerate(plan.assets):
        for c, carrier in enumerate(plan.axes["c"]):
            share = asset.shiftable.get(carrier, 0.0)
            if not share and not moves[a, c]:
                continue
            later, caught, waits = plan["shift.later"][a, c], plan["shift.caught"][a, c], kept[a, c]
            here = [[f"{carrier} of {asset.name} in {y}" for y in plan.axes["y"]], plan.axes["s"]]
            mine = plan.host == a
            use = -plan.ratio[a, c] * plan.hourly[a] - np.einsum("jy,jys->ys", plan["measure.saved"][mine, c], plan.host_shape[mine])
            for flow in (later, caught):
                ledger.at_most("use that waits", here, flow, share * use, "unit/h", np.abs(use))
            ledger.equal(
                "use caught up", here, waits, waits[:, before] + days.hours * (later - caught), np.maximum(waits, days.hours * later), "unit"
            )
            ledger.at_most(
                "use caught up in time", here, waits, _young(plan, later, asset.shift_window), "unit", np.maximum(waits, days.hours * later)
            )


def _young(plan: Any, later: Array, window: float) -> Array:
    """(years, steps): what was put off in the window before the end of each step; the day goes round."""
    days, found = plan.year.days, np.zeros(later.shape)
    for day in dict.fromkeys(days.day):
        here = np.flatnonzero([name == day for name in days.day])
        ends, amounts = np.cumsum(days.hours[here]), days.hours[here] * later[:, here]
        times = np.concatenate([[-ends[-1]], ends - ends[-1], ends])  # yesterday and today
        for y, amount in enumerate(amounts):
            put_off = np.concatenate([[0.0], np.cumsum(np.concatenate([amount, amount]))])
            found[y, here] = np.interp(ends, times, put_off) - np.interp(ends - min(window, ends[-1]), times, put_off)
    return found


def costs(plan: Any) -> dict[str, Array]:
    """Cost part -> (years,), MCNY: every amount put off."""
    if not parts(plan.plant):
        return {}
    price = np.array([[a.shift_cost.get(y, 0.0) for y in plan.axes["y"]] for a in plan.assets])
    return {WAITING: np.einsum("ay,acys,s->y", price, plan["shift.later"], plan.kilohours)}
