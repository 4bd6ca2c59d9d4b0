"""Robust 稳健决策: which decisions are the same in nearly all futures, which can wait, and what the others hang on.

Read from plans that are made anew in every future. A decision that nearly all of them take is called by the year in which it
must be taken; one that only some take, by the assumption that parts them best, where there are enough plans to say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.language import LANGUAGES, say
from planner.risk.ranges import Assumption

NEARLY = 0.9  # share of the futures that is nearly all; 1 less it is hardly any
ENOUGH = 20  # plans before one assumption is said to part them
PARTS = 0.8  # of the plans that the best threshold must tell rightly, and better than saying the commoner always
COLUMNS = [
    "asset", "en", "zh", "action", "share", "verdict", "decide", "decide_latest", "year", "year_latest", "size_low", "size_high", "unit",
    "driver", "driver_en", "driver_zh", "driver_unit", "side", "threshold_low", "threshold_high", "told_rightly", "futures_en", "futures_zh",
]  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A plan made in a future: its name, its chance, the folder of its run, the values of the assumptions there, and what the future is called."""

    name: str
    chance: float
    folder: Path
    values: Mapping[str, float]
    labels: Mapping[str, str] = field(default_factory=dict)


def of(seen: Sequence[Seen], assumptions: Sequence[Assumption] = ()) -> pd.DataFrame:
    """One row a decision, the surest first; see COLUMNS. share: of the chances; sizes and years: the range over the plans that take it.

    verdict: ``now`` (nearly all take it, in their first year of decisions), ``later`` (nearly all, not before ``decide``),
    ``depends``, ``no`` (hardly any). Renewals that cannot be avoided and ends of life are no decisions and are left out.
    """
    total = sum(s.chance for s in seen)
    rows: dict[tuple[str, str], list[tuple[Seen, dict[str, Any]]]] = {}
    first = min((int(read["decision_year"].min()) for s in seen if len(read := roads(s.folder))), default=0)
    for s in seen:
        road = roads(s.folder)
        for (asset, action), part in road.groupby(["asset", "action"]):
            taken = {
                "size": float(part["size"].sum()), "decide": int(part["decision_year"].min()), "year": int(part["year"].min()),
                "en": part["en"].iloc[0], "zh": part["zh"].iloc[0], "unit": part["unit"].iloc[0],
            }  # fmt: skip
            rows.setdefault((str(asset), str(action)), []).append((s, taken))
    table = [_row(asset, action, found, seen, total, first, assumptions) for (asset, action), found in rows.items()]
    order = {"now": 0, "later": 1, "depends": 2, "no": 3}
    table.sort(key=lambda r: (order[r["verdict"]], -r["share"], r["decide"], r["asset"]))
    return pd.DataFrame(table, columns=COLUMNS)


def roads(folder: Path) -> pd.DataFrame:
    """What a plan decides, read from its run."""
    road = pd.read_csv(folder / "roadmap.csv", keep_default_na=False)
    return road[road["action"].isin(["build", "retire", "renew"]) & (road["size"] > 0)]


def _row(
    asset: str,
    action: str,
    found: "list[tuple[Seen, dict[str, Any]]]",
    seen: Sequence[Seen],
    total: float,
    first: int,
    assumptions: Sequence[Assumption],
) -> dict[str, Any]:
    share = sum(s.chance for s, _ in found) / total
    of = [taken for _, taken in found]
    decide = min(t["decide"] for t in of)
    early = sum(s.chance for s, t in found if t["decide"] == first) / total
    verdict = "no" if share <= 1 - NEARLY else "depends" if share < NEARLY else "now" if early >= NEARLY else "later"
    few = {
        f"futures_{code}": say("list.and", code).join(s.labels.get(code, s.name) for s, _ in found) if len(seen) < ENOUGH else ""
        for code in LANGUAGES
    }
    row = {
        "asset": asset, "action": action, "share": share, "verdict": verdict, "decide": decide, "decide_latest": max(t["decide"] for t in of),
        "year": min(t["year"] for t in of), "year_latest": max(t["year"] for t in of), "size_low": min(t["size"] for t in of),
        "size_high": max(t["size"] for t in of), **{k: of[0][k] for k in ("en", "zh", "unit")}, **few,
    }  # fmt: skip
    return row | (_driver({id(s) for s, _ in found}, seen, assumptions) if verdict == "depends" and len(seen) >= ENOUGH else {})


def _driver(taking: set[int], seen: Sequence[Seen], assumptions: Sequence[Assumption]) -> dict[str, Any]:
    """The one assumption and threshold that part the plans with a decision from those without best; nothing where none does."""
    taken = np.array([id(s) in taking for s in seen])
    best: tuple[float, dict[str, Any]] = (max(PARTS, float(np.mean(taken)), float(np.mean(~taken))), {})
    for a in assumptions:
        values = np.array([s.values.get(a.code, a.base) for s in seen])
        order = np.argsort(values, kind="stable")
        sorted_values, sorted_taken = values[order], taken[order]
        below = np.concatenate([[0], np.cumsum(sorted_taken)])  # plans with it among the lowest n
        n = np.arange(len(seen) + 1)
        for side, right in (("above", (n - below) + (taken.sum() - below)), ("below", below + (len(seen) - n - (taken.sum() - below)))):
            cut = int(np.argmax(right[1:-1])) + 1
            rightly = float(right[cut]) / len(seen)
            if rightly > best[0] and sorted_values[cut - 1] < sorted_values[cut]:
                said = {"driver": a.code, "driver_en": a.labels["en"], "driver_zh": a.labels["zh"], "driver_unit": a.unit, "side": side}
                ends = {"threshold_low": float(sorted_values[cut - 1]), "threshold_high": float(sorted_values[cut]), "told_rightly": rightly}
                best = rightly, said | ends
    return best[1]
