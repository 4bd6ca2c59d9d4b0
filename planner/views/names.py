"""Names 名称: how the items of result tables are called on a page."""

import re
from unicodedata import east_asian_width

import pandas as pd

from planner.case import Case
from planner.language import say, texts
from planner.results import Results
from planner.units import factor

GJ_OF_MWH = 3.6
# What an item is, by its code: the colours of theme.py and the groups of the day's electricity. First match counts.
KINDS = (
    ("storage", r"battery|_store$|tank|load_shift|_shift$"),
    ("solar", r"(^|_)pv($|_)"),
    ("wind", r"wind"),
    ("hydrogen", r"electrolyser|hydrogen"),
    ("cold", r"chiller|absorption|cold"),
    ("heat", r"heat_pump|boiler|biomass|steam|heat"),
    ("export", r"export"),
    ("grid", r"^grid$"),
    ("processes", r"^processes$"),
)


def name(results: Results, code: str, language: str, *, carrier: bool = False) -> str:
    """The label of an asset, market or cost part: the run's own, else the catalogue of texts, else the code in words.

    carrier: the code is a carrier's, whose label is meant where an asset is called alike; carriers stand last in labels.
    """
    labels = results.tables.get("labels")
    if labels is not None and (found := labels.loc[labels["name"] == code, language].tolist()) and found[0]:
        return str(found[-1 if carrier else 0])
    road = results["roadmap"]
    if found := road.loc[road["asset"] == code, language].tolist():
        return str(found[0])
    key = f"name.{code}"
    return say(key, language) if key in texts() else code.replace("_", " ")


def labelled(results: Results, case: Case) -> Results:
    """Results with the labels of the case's assets, markets and carriers, and a unit of a carrier in GJ, where the run brought none."""
    if "labels" in results.tables:
        return results
    rows = [(a, case.label(a, "en"), case.label(a, "zh")) for a in case.by_name["assets"]]
    carriers = case.by_name["carriers"]
    for market, row in case.by_name["markets"].items():
        carrier = carriers.get(row["carrier"], {})
        rows.append((market, row["en"] or carrier.get("en") or market, row["zh"] or carrier.get("zh") or market))
    rows += [(c, row["en"] or c, row["zh"] or c) for c, row in carriers.items() if c not in case.by_name["markets"]]
    for cap in dict.fromkeys(row["cap"] for row in case.tables["caps"] if row["price"] is not None):
        en, zh = (say("name.passed", code, name=cap.replace("_", " ")) for code in ("en", "zh"))
        rows.append((f"{cap} passed", en, zh))
    labels = pd.DataFrame(rows, columns=["name", "en", "zh"])
    energy = pd.DataFrame(list(_energy(case).items()), columns=["carrier", "gj"])
    return results.with_more({"labels": labels, "energy": energy})


def _energy(case: Case) -> dict[str, float]:
    """Carrier -> GJ in one of its units: by its heating value, heat and cold by their amount; others carry no energy."""
    carriers, sized = case.by_name["carriers"], {"GJ": 1.0, "MWh": GJ_OF_MWH}
    content = {c: sized[row["unit"]] for c, row in carriers.items() if row["group"] in ("heat", "cold") and row["unit"] in sized}
    for row in case.tables["factors"]:
        if row["parameter"] == "energy" and row["carrier"] in carriers:
            own = f"GJ/{carriers[row['carrier']]['unit']}"
            content[row["carrier"]] = row["value"] * (1.0 if row["unit"] == own else factor(row["unit"], own))
    return content


def kind(code: str) -> str:
    """What an item of the electricity balance is: solar, wind, storage, ...; other where nothing fits."""
    return next((k for k, pattern in KINDS if re.search(pattern, code)), "other")


def width(label: str) -> int:
    """How wide a label is in small letters: a Chinese character is as wide as two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in label)


def short(label: str, widest: int) -> str:
    """A label, cut where it is wider than ``widest`` small letters."""
    while width(label) > widest:
        label = label.rstrip("…")[:-1].rstrip() + "…"
    return label


def unit(code: str, language: str) -> str:
    """A unit such as ``CNY/(t/a)`` as readers of a language write it: 元/（吨/年）."""
    return re.sub(r"[A-Za-z]\w*", lambda found: say(f"unit.{found[0]}", language) if f"unit.{found[0]}" in texts() else found[0], code)


def with_unit(number: str, code: str, language: str) -> str:
    """A number with its unit; Chinese units stick to it."""
    words = unit(code, language)
    return f"{number} {words}".strip() if words[:1].isascii() else f"{number}{words}"
