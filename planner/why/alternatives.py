"""Alternatives 备选方案: plans nearly as good that differ most, each a whole audited run, and how much of each thing such plans may use."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner import run, translate
from planner.plant import MILLION
from planner.process import Listen, in_own_process
from planner.results import Results
from planner.run import Ready, Run
from planner.why.near import CLOSE, Near, near

PATIENCE = 4.0  # times the longest time for one search, and more for every size
HEAD = ["asset", "en", "zh", "lever", "unit", "largest", "least", "most"]
COLUMNS = [
    "plan", "cost_cny", "extra_cny", "extra_share", "investment_cny", "emissions_last_t", "emissions_all_t", "differs", "entered", "left", "limit_cny",
    "decided_cny", "within", "folder",
]  # fmt: skip


@dataclass(frozen=True)
class Alternatives:
    """tables: alternatives (one row a plan, the best first) and ranges (one row an asset, sizes of the last year in its unit, one column
    a plan); runs: the best plan and the alternatives, audited."""

    tables: Mapping[str, pd.DataFrame]
    runs: tuple[Run, ...]


def evaluate(
    ready: Ready, *, within: float, number: int, gap: float = 0.005, seconds: float = 600.0, listen: Listen = lambda _: True
) -> Alternatives:
    """Plans of ``ready`` that cost at most ``within`` more than the best, as a share of what that one decides about.

    Raises NoPlanExists, SolverFailed, Stopped, and PlanRefused where one does not pass its audit.
    """
    x = translate.inputs(ready.plant, ready.year)
    found = in_own_process(near, x, patience=100 * PATIENCE * seconds, listen=listen, within=within, number=number, gap=gap, seconds=seconds)
    runs = tuple(_run(ready, found, n, within) for n in range(len(found.plans)))
    return Alternatives({"alternatives": _plans(found, runs, within), "ranges": _ranges(ready, found)}, runs)


def write(made: Alternatives, folder: Path) -> None:
    """Each alternative as a run of its own in ``folder``: open it like any other; those of before are gone."""
    for before in folder.glob("[0-9]*") if folder.is_dir() else ():
        if (before / "summary.json").is_file():
            shutil.rmtree(before)
    for n, one in enumerate(made.runs[1:], start=1):
        run.write(one, folder / str(n))


def _run(ready: Ready, found: Near, n: int, within: float) -> Run:
    made = run.evaluated(ready, lambda: found.plans[n])
    if n == 0:
        return made
    note = f"alternative {n}: it may cost up to {within:.3g} of what the best plan decides about more, and differs from it as far as was found"
    summary: dict[str, Any] = {**made.results.summary, "notes": [*made.results.summary["notes"], note]}
    return replace(made, results=Results(summary, made.results.tables))


def _plans(found: Near, runs: tuple[Run, ...], within: float) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    best = _built(runs[0])
    for n, (one, differs) in enumerate(zip(runs, found.distance, strict=True)):
        s, total = one.results.summary, one.results["emissions"]
        counted = total.loc[(total["scope"] == "total") & (total["view"] == "location"), "t"]
        extra = s["objective_cny"] - runs[0].results.summary["objective_cny"]
        rows.append({
            "plan": n, "cost_cny": s["objective_cny"], "extra_cny": extra, "extra_share": extra / (found.decided * MILLION) if found.decided else 0.0,
            "investment_cny": s["investment_cny"], "emissions_last_t": s["emissions_last_t"], "emissions_all_t": float(counted.sum()), "differs": differs,
            "entered": " ".join(sorted(_built(one) - best)), "left": " ".join(sorted(best - _built(one))), "limit_cny": found.limit * MILLION,
            "decided_cny": found.decided * MILLION, "within": within, "folder": f"alternatives/{n}" if n else "",
        })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _built(one: Run) -> set[str]:
    """What a plan builds or renews."""
    road = one.results["roadmap"]
    return set(road.loc[road["action"].isin(["build", "renew"]), "asset"].astype(str))


def _ranges(ready: Ready, found: Near) -> pd.DataFrame:
    """Assets whose size is open come first, the widest range first."""
    plant, last = ready.plant, ready.plant.horizon.last
    sizes = [p.plan.value("capacity.size") for p in found.plans]
    rows: list[dict[str, Any]] = []
    for name, r in found.ranges.items():
        asset = plant.assets[name]
        largest = max(asset.size, asset.max_size)
        figures = {k: getattr(r, k) * asset.scale for k in ("least", "most")}
        head: dict[str, Any] = {
            "asset": name,
            "en": ready.case.label(name, "en"),
            "zh": ready.case.label(name, "zh"),
            "lever": asset.lever,
            "unit": asset.unit,
        }
        plans = {f"plan_{n}": of[name, last] * asset.scale for n, of in enumerate(sizes)}
        rows.append(head | {"largest": largest * asset.scale} | figures | plans | {"open": r.width / largest if largest else 0.0})
    table = pd.DataFrame(rows, columns=[*HEAD, *(f"plan_{n}" for n in range(len(sizes))), "open"])
    table["open"] = table["open"].where(table["open"] > CLOSE, 0.0)
    return table.sort_values("open", ascending=False, kind="stable", ignore_index=True)
