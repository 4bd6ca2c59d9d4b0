"""Footprint 产品足迹: a unit of the product by year - at the site, and in what the site buys, as far as there are factors."""

import pandas as pd
from plotly import graph_objects as go

from planner import footprint
from planner.language import say
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing
from planner.views.names import name

TITLE, QUESTION, SOURCE = "footprint.title", "footprint.question", "footprint.source"
VIEW = "location"
SMALL = 1e-9


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a year and part: t per unit of the product, and how far its factors are to be trusted."""
    frame = _rows(results)
    if not len(frame):
        return missing(language, "solve")
    labels = [_label(results, part, carrier, language) for part, carrier in zip(frame["part"], frame["carrier"], strict=True)]
    quality = [say(f"footprint.quality.{q or 'none'}", language) for q in frame["quality"]]
    heads = {"year": frame["year"].astype(str), "part": labels, "per_unit": frame["per_unit"].round(6), "quality": quality}
    return pd.DataFrame({say(f"footprint.{k}", language): v for k, v in heads.items()})


def chart(results: Results, language: str, dark: bool = False) -> go.Figure:
    """Stacked by year: the site, then every bought good that has a factor; the name says which have none."""
    frame = _rows(results)
    if not len(frame):
        return missing(language, "solve", dark)
    made = theme.figure(dark, theme.HEIGHT, unit=say("footprint.axis", language))
    shades = ["efficiency", "heat", "storage", "solar", "wind", "capture", "hydrogen"]
    parts = frame[(frame["part"] != "total") & ((frame["per_unit"].abs() > SMALL) | (frame["part"] == "gate"))]
    for n, ((part, carrier), of) in enumerate(parts.groupby(["part", "carrier"], sort=False)):
        label = _label(results, str(part), str(carrier), language)
        shade = "electricity" if part == "gate" else shades[(n - 1) % len(shades)]
        made.add_bar(
            x=of["year"].astype(str), y=of["per_unit"], name=label, marker={"color": theme.colour(shade, dark), "line": {"width": 0}},
            hovertemplate=f"%{{y:,.4g}}<extra>%{{x}} · {label}</extra>",
        )  # fmt: skip
    made.update_layout(barmode="relative")
    return made


def _rows(results: Results) -> pd.DataFrame:
    """The footprint of what is delivered most, in the location view."""
    if any(t not in results.tables for t in ("account", "account_totals", "delivered")) or not len(results["delivered"]):
        return pd.DataFrame(columns=footprint.COLUMNS)
    product = str(results["delivered"].groupby("carrier", sort=False)["amount"].sum().index[0])
    found = footprint.footprint(results.tables, product)
    return found[found["view"] == VIEW].reset_index(drop=True)


def _label(results: Results, part: str, carrier: str, language: str) -> str:
    return name(results, carrier, language, carrier=True) if part == "upstream" else say(f"footprint.{part}", language)
