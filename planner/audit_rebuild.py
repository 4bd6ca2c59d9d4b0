"""Audit of rebuilds 改造停产审计: what stands still while a project on it is built, from the plant and the days alone.

A part of a host is named by the days on which it stands still, such as ``59-90`` or ``59-90 and 200-215`` (days of the year,
the last one not counted); the part ``runs`` does not. Letters of axes: P part, else as in planner.audit.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from planner.audit_money import Array, Ledger
from planner.plant import Asset, Plant

RUNS = "runs"
TABLES = {"rebuild.size": "ayP", "rebuild.activity": "ayP", "rebuild.covered": "jyP", "rebuild.saved": "jcyP"}


def stopped(plant: Plant, a: Asset) -> Iterator[tuple[str, float]]:
    """What stands still while an asset is built, and how much of it per size."""
    if a.rebuild_outage:
        yield from ((h, 1.0) for h in a.hosts)
        yield from ((h, per) for (name, h), per in plant.rules.converts.items() if name == a.name)


def window(a: Asset) -> str:
    """The days on which its host stands still."""
    return f"{a.rebuild_begins}-{a.rebuild_begins + a.rebuild_outage}"


def axes(plant: Plant) -> dict[str, tuple[str, ...]]:
    """Every part that a host can have."""
    windows: dict[str, set[str]] = {}
    for a in plant.assets.values():
        for h, _ in stopped(plant, a):
            windows.setdefault(h, set()).add(window(a))
    parts = {" and ".join(o): None for days in windows.values() for n in range(1, len(days) + 1) for o in combinations(sorted(days), n)}
    return {"P": (*parts, RUNS) if parts else ()}


def _days(part: str) -> list[tuple[int, int]]:
    return [(int(first), int(last)) for first, last in (days.split("-") for days in part.split(" and "))] if part != RUNS else []


def open_days(plan: Any, a: Asset, part: str = RUNS) -> Array:
    """(years, steps): share of the days a step's day stands for on which a part of an asset does not stand still, for its renewal or a project."""
    first, days = plan.plant.horizon.first, plan.year.days
    there = np.ones((len(plan.axes["y"]) + 1, 365))
    if a.kind == "converter" and a.end_year is not None and a.renewal_investment is not None:
        begins = (a.end_year + 1 - first) * 365 + a.renewal_begins
        there.ravel()[max(begins, 0) : max(begins + a.renewal_outage, 0)] = 0.0
    for begin, end in _days(part):
        there[:, begin:end] = 0.0
    share = {d: there[:-1, list(days.days[d])].mean(axis=1) if d in days.days else np.ones(len(there) - 1) for d in dict.fromkeys(days.day)}
    return np.array([share[d] for d in days.day]).T


def left(plan: Any, n: int, part: str) -> tuple[Array, Array]:
    """Of flat asset ``n`` as a part: (years,) the share of its year's amount that the days allow, (years, steps) its flow per amount, 1/kh."""
    flow = plan.shape[n] * open_days(plan, plan.assets[n], part)
    made = flow @ plan.kilohours
    return made / (plan.shape[n] @ plan.kilohours), flow / np.where(made > 0, made, 1.0)[:, None]


def moved(plan: Any) -> tuple[Array, Array, Array]:
    """What standing still moves from day to day: of assets (a, y, s), of what measures cover (j, y, s) and of what is saved (c, y, s)."""
    years, steps = len(plan.axes["y"]), len(plan.axes["s"])
    of_assets, of_measures = np.zeros((len(plan.assets), years, steps)), np.zeros((len(plan.pairs), years, steps))
    of_savings = np.zeros((len(plan.axes["c"]), years, steps))
    for n in map(int, np.flatnonzero(plan["rebuild.size"].any(axis=(1, 2)))):
        _, runs = left(plan, n, RUNS)
        for o, part in enumerate(plan.axes["P"]):
            shift = left(plan, n, part)[1] - runs
            of_assets[n] += plan["rebuild.activity"][n, :, o, None] * shift
            for j in np.flatnonzero(plan.host == n):
                of_measures[j] += plan["rebuild.covered"][j, :, o, None] * shift
                of_savings += plan["rebuild.saved"][j, :, :, o, None] * shift
    return of_assets, of_measures, of_savings


def check(plan: Any, ledger: Ledger) -> None:
    """The parts of a host are all of it, and none does more than its days allow; measures are where their host is."""
    if not plan.axes["P"]:
        return
    size, activity, covered, saved = (plan[table] for table in TABLES)
    parted = size.any(axis=2)  # asset, year
    stepped = np.array([b == "step" for b in plan.plant.carriers.values()])
    ledger.equal("parts of hosts", plan.of("ay"), size.sum(axis=2), np.where(parted, plan["capacity.size"], 0.0), unit="size")
    ledger.equal("parts of hosts", plan.of("ay"), activity.sum(axis=2), np.where(parted, plan["converter.activity"], 0.0), unit="k-unit")
    for n in map(int, np.flatnonzero((size.any(axis=2) | activity.any(axis=2)).any(axis=1))):
        usable = plan.assets[n].availability * np.array([left(plan, n, part)[0] for part in plan.axes["P"]]).T
        ledger.at_most(
            "standstills", [[f"{plan.assets[n].name} in {y}" for y in plan.axes["y"]], plan.axes["P"]], activity[n], usable * size[n], "k-unit"
        )
    for j, (m, h) in enumerate(plan.pairs):
        here, measure = parted[plan.host[j]], plan.plant.assets[m]
        use = np.where(stepped, np.maximum(-plan.ratio[plan.host[j]], 0.0) * [measure.saving.get(c, 0.0) for c in plan.axes["c"]], 0.0)
        where = [[f"{m} on {h} in {y}" for y in plan.axes["y"]]]
        if (plan.ratio[plan.measure[j]][stepped] != 0).any() or use.any():
            ledger.equal("measures on parts", where, covered[j].sum(axis=1), np.where(here, plan["measure.activity"][j], 0.0), unit="k-unit")
        ledger.at_most("measures on parts", [*where, plan.axes["P"]], covered[j], measure.uptake * activity[plan.host[j]], "k-unit")
        for c in np.flatnonzero(use > 0):
            ledger.equal("savings on parts", where, saved[j, c].sum(axis=1), np.where(here, plan["measure.saved"][j, c], 0.0), unit="k-unit")
        ledger.at_most("savings on parts", [plan.axes["c"], *where, plan.axes["P"]], saved[j], use[:, None, None] * covered[j], "k-unit")


def decided(plan: Any, ledger: Ledger) -> None:
    """In the year before a project runs as much of its host stands still as is rebuilt, on its days and on no others."""
    order, years = {name: n for n, name in enumerate(plan.plant.assets)}, plan.axes["y"]
    still: dict[tuple[str, str], list[Array]] = {}
    for a in plan.assets:
        for h, per in stopped(plan.plant, a):
            rebuilt = per * np.append(plan["capacity.built"][order[a.name], 1:], 0.0)
            still.setdefault((h, window(a)), []).append(rebuilt)
    for (h, days), projects in still.items():
        inside = np.array([days in part.split(" and ") for part in plan.axes["P"]])
        stands, where = plan["rebuild.size"][order[h]][:, inside].sum(axis=1), [[f"{h} on {days} in {y}" for y in years]]
        for one in projects:
            ledger.at_most("rebuilt standing still", where, one, stands, "size")
        ledger.at_most("rebuilt standing still", where, stands, np.sum(projects, axis=0), "size")
