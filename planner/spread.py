"""Spread 区间: one plant is not a sector - low, middle and high of what several plants of a sector answer."""

from collections.abc import Sequence
from statistics import median

import pandas as pd

from planner.compare import Answer, label
from planner.language import fmt, say
from planner.report.material import Material

NORMALISED = (  # what may be set beside each other for plants of different size
    "cut_frozen", "cut_base", "per_product", "per_output", "reach_cut", "reach_product", "scope", "lever", "together", "investment_product",
    "investment_tonne", "cost_tonne", "last_tonne", "depth_step", "depth_mean", "output", "electric_share", "own_green_share", "tce_product",
)  # fmt: skip
COLUMNS = ["sector", "plants", "group", "question", "detail", "quantity", "low", "middle", "high"]


def spread(plans: Sequence[Material], answers: Sequence[Answer]) -> pd.DataFrame:
    """One row a sector and normalised question that at least two of its plants answer; see COLUMNS. middle: the median."""
    places: dict[str, list[int]] = {}
    for n, m in enumerate(plans):
        places.setdefault(str(m.case.settings.get("sector") or ""), []).append(n)
    rows = []
    for sector, mine in places.items():
        for a in answers if len(mine) > 1 else ():
            values = [v for n in mine if isinstance(v := a.values[n], float)]
            if a.question in NORMALISED and len(values) > 1:
                rows.append((sector, len(values), a.group, a.question, a.detail, a.quantity, min(values), median(values), max(values)))
    return pd.DataFrame(rows, columns=COLUMNS)


def table(plans: Sequence[Material], answers: Sequence[Answer], language: str) -> pd.DataFrame:
    """The same in words: sector, question, low, middle, high; empty where no sector has two plants."""
    names = {r["sector"]: r[language] for m in plans for r in m.case.tables["sectors"]}
    heads = [say(f"compare.{h}", language) for h in ("sector", "question", "low", "middle", "high")]
    rows = [
        [
            f"{names.get(r['sector'], r['sector'])} ({r['plants']})", label(Answer(r["group"], r["question"], (), "", r["detail"]), language),
            *(fmt(float(r[k]), r["quantity"], language) for k in ("low", "middle", "high")),
        ]
        for r in spread(plans, answers).to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=heads)


def alone(plans: Sequence[Material], language: str) -> str:
    """A sentence that names the sectors of which only one plant is compared; empty where there is none."""
    sectors = [str(m.case.settings.get("sector") or "") for m in plans]
    names = {r["sector"]: r[language] for m in plans for r in m.case.tables["sectors"]}
    single = [names.get(s, s) for s in dict.fromkeys(sectors) if s and sectors.count(s) == 1]
    return say("compare.alone", language, sectors=say("list.and", language).join(single)) if single else ""
