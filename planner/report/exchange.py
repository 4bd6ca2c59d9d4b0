"""Exchange tables 交换表: the IAMC wide table of the modelling community, and every table of a run as CSV or Parquet."""

import csv
from pathlib import Path

import pandas as pd

from planner import __version__
from planner.report.material import Material
from planner.report.parts import Story
from planner.views import names

MODEL = "Zero-carbon factory planner"
ABOUT = "about"


def iamc(m: Material, path: Path) -> None:
    """Write model, scenario, region, variable, unit and one column a year, as CSV."""
    wide(m).to_csv(path, index=False, lineterminator="\n", float_format="%.9g")


def wide(m: Material) -> pd.DataFrame:
    """The IAMC table of a run: scenario `plan` and, where the run has it, `as today`; one row a variable, always in English.

    Names are levels parted by `|`; units are plain text; money is that of the base year.
    """
    summary, changed = m.results.summary, " changed" if m.results.summary["changes"] else ""
    money = f"CNY_{int(m.case['finance.base_year'])}"
    rows: list[tuple[str, str, str, int, float]] = []
    for table, scenario in (("emissions", "plan"), ("frozen_emissions", "as today")):
        for r in m.results[table].to_dict("records"):
            levels = ["Emissions", "CO2", _said(r["scope"]), *([_said(r["view"])] if r["view"] else [])]
            rows.append((scenario, "|".join(levels), "t CO2/yr", int(r["year"]), float(r["t"])))
    for table, scenario in (("costs", "plan"), ("frozen_costs", "as today")):
        rows += [
            (scenario, f"Cost|{_name(m, r['part'])}", f"{money}/yr", int(r["year"]), float(r["cny"])) for r in m.results[table].to_dict("records")
        ]
    for r in m.results["caps"].to_dict("records"):
        rows.append(("plan", f"Cap|CO2|{_said(r['name'])}|Limit", "t CO2/yr", int(r["year"]), float(r["limit"])))
        rows.append(("plan", f"Cap|CO2|{_said(r['name'])}|Price", f"{money}/t CO2", int(r["year"]), float(r["shadow_price"])))
    rows += [("plan", f"Investment|{_said(str(v))}", f"{money}/yr", y, float(m.investment[v][y])) for v in m.investment for y in m.years]
    rows += [("plan", f"Electricity|{_said(str(k))}", "MWh/yr", y, float(m.electricity[k][y])) for k in m.electricity for y in m.years]
    rows += [
        ("plan", f"Energy Bought|{_name(m, r['carrier'])}", f"{r['unit']}/yr", y, float(r[y]))
        for r in m.purchases.to_dict("records")
        for y in m.years
    ]
    rows += [("plan", "Energy Bought", "tce/yr", y, float(m.coal_equivalent[y])) for y in m.years]
    product = _name(m, m.case["product.carrier"])
    rows += [("plan", f"Production|{product}", f"{m.case['product.unit']}/yr", y, float(m.product[y])) for y in m.years]
    for p in m.results["roadmap"].to_dict("records"):
        rows.append(("plan", f"Capacity {_said(p['action'])}|{_name(m, p['asset'])}", str(p["unit"]), int(p["year"]), float(p["size"])))
    long = pd.DataFrame(rows, columns=["scenario", "variable", "unit", "year", "value"])
    made = (
        long.pivot_table(index=["scenario", "variable", "unit"], columns="year", values="value", aggfunc="sum")
        .reindex(columns=list(m.years))
        .reset_index()
    )
    made["scenario"] = f"{summary['case']}{changed} " + made["scenario"]
    made.insert(0, "model", f"{MODEL} {summary.get('version', __version__)}")
    made.insert(2, "region", f"China|{_said(m.case['site.province'])}")
    return made.rename_axis(columns=None)


def tables(story: Story, path: Path, kind: str) -> None:
    """Write every table of the run into the folder ``path`` as CSV or Parquet, with what every report carries as table `about`."""
    about = pd.DataFrame([("title", story.title), ("sentence", story.sentence), *story.stamp], columns=["what", "text"])
    assumed = {t: story.sections[s].tables[n].frame for t, s, n in (("assumptions", "assumptions", 0), ("cited", "assumptions", 1))}
    for name, frame in {**story.raw, **assumed, ABOUT: about}.items():
        if kind == "csv":
            frame.to_csv(path / f"{name}.csv", index=False, lineterminator="\n", float_format="%.9g", quoting=csv.QUOTE_MINIMAL, encoding="utf-8-sig")
        else:
            plain = frame.astype({c: str for c in frame if frame[c].map(type).nunique() > 1})
            plain.to_parquet(path / f"{name}.parquet", index=False)


def _said(code: object) -> str:
    """A code as a level of a variable's name: no sign that parts levels."""
    return str(code).replace("_", " ").replace("|", "/").strip().title()


def _name(m: Material, code: object) -> str:
    return names.name(m.results, str(code), "en").replace("|", "/").strip()
