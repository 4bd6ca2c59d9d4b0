"""Reconcile 对账: a plant's own verified report beside the model, process by process; what is left unexplained is said.

The report stands in the case's folder ``reconcile`` as small tables. Each row names what it reports (quantity, carrier,
assets) and per what (nothing, or a carrier that is made). Nothing is scaled to fit: the last column is the remainder.
"""

from collections.abc import Iterable

import pandas as pd

from models.inputs import Inputs
from models.solution import Solution
from planner import plan, results, translate, variants
from planner.case import Case
from planner.errors import CaseError, Finding, NoPlanExists
from planner.plan import Listen, Work
from planner.plant import THOUSAND, Plant
from planner.tables import Row, nearest, read_table
from planner.units import UnitError, factor
from planner.year import Year

COLUMNS = ["report", "item", "model", "plant", "unit", "remainder", "confidence", "note"]
BASE = {"direct": "t", "purchased": "t", "product_carbon": "t", "account": "t", "energy": "GJ"}


def reconcile(case: Case, plant: Plant, year: Year, listen: Listen = lambda _: True) -> pd.DataFrame:
    """Every reported figure beside the model's, operation as today in the first year; see COLUMNS.

    remainder: what the model does not explain, as a share of the reported figure.
    """
    rows = reported(case, plant)
    frozen = plan.in_own_process(as_today, translate.inputs(plant, year), patience=300.0, listen=listen)
    table = []
    for report, row in rows:
        model = modelled(plant, frozen, year, row)
        table.append(
            (
                report,
                row["item"],
                model,
                row["value"],
                row["unit"],
                1 - model / row["value"] if row["value"] else None,
                row["confidence"],
                row["note"],
            )
        )
    return pd.DataFrame(table, columns=COLUMNS)


def reported(case: Case, plant: Plant) -> list[tuple[str, Row]]:
    """The rows of the plant's own report, by the table they stand in. Raises CaseError."""
    findings: list[Finding] = []
    rows = [(path.stem, row) for path in sorted((case.folder / "reconcile").glob("*.csv")) for row in read_table("report", [path], findings)]
    if not rows and not findings:
        findings.append(Finding(f"{case.folder.name}/reconcile", "the case has no report to reconcile with", "tables in its folder reconcile"))
    for _, row in rows:
        findings.extend(_unknown(plant, row))
    if findings:
        raise CaseError(findings)
    return rows


def as_today(x: Inputs, *, report: Listen) -> Solution:
    """The job: operation as today, nothing built or retired but what must be renewed."""
    work = Work(x, report)
    closed = variants.without_certificates(variants.with_only(variants.without_caps(work.compiled), ()), x.certificates)
    answer = work.solve(closed, "frozen operation")
    if answer.values is None:
        raise NoPlanExists(f"the factory cannot run as today: frozen operation is {answer.ending}")
    return work.read(answer)


def modelled(plant: Plant, frozen: Solution, year: Year, row: Row) -> float:
    """The model's figure for one reported row, in the row's unit."""
    y = plant.horizon.first
    names = _names(row)
    done = {a: v for (a, when), v in results.yearly_activity(plant, frozen, year).items() if when == y}
    quantity, carrier = row["quantity"], row["carrier"]
    if quantity == "purchased":
        amount = frozen.value("emissions.energy")["location", y]
    elif quantity == "product_carbon":
        table = results.emissions(plant, frozen)
        amount = -float(table.loc[(table["year"] == y) & (table["scope"] == "carbon in products"), "t"].iloc[0]) / THOUSAND
    elif quantity == "account":
        amount = frozen.value("emissions.direct")[(y,)] + frozen.value("emissions.energy")["location", y]
    elif quantity == "direct":
        by_source = frozen.value("emissions.by_source")
        amount = sum(by_source[a, y] for a in names or done)
    elif quantity == "energy":
        energy = {r["carrier"]: r["value"] for r in plant.rows["factors"] if r["parameter"] == "energy"}
        amount = sum(-r * done[a] * energy.get(c, 0.0) for a in names for c, r in plant.assets[a].ratio.items())
    elif quantity == "bought":
        amount = sum(
            v
            for (k, when), v in frozen.value("market.amount").items()
            if when == y and plant.markets[str(k)].carrier == carrier and plant.markets[str(k)].buys
        )
    else:
        sign = -1 if quantity == "use" else 1
        amount = sum(sign * plant.assets[a].ratio.get(carrier, 0.0) * done[a] for a in names)
    unit = BASE.get(quantity) or plant.units[carrier]
    if row["per"]:
        made = sum(max(plant.assets[a].ratio.get(row["per"], 0.0), 0.0) * v for a, v in done.items())
        return amount / made * factor(f"{unit}/{plant.units[row['per']]}", row["unit"])
    return amount * THOUSAND * factor(unit, row["unit"])


def _names(row: Row) -> list[str]:
    return [n.strip() for n in (row["assets"] or "").split(";") if n.strip()]


def _unknown(plant: Plant, row: Row) -> Iterable[Finding]:
    for name in _names(row):
        if name not in plant.assets:
            yield Finding(row["where"], f"asset {name!r} is unknown", nearest(name, plant.assets))
    for column in ("carrier", "per"):
        if row[column] and row[column] not in plant.units:
            yield Finding(row["where"], f"{column} {row[column]!r} is unknown", nearest(row[column], plant.units))
    if row["quantity"] in ("use", "make", "bought") and not row["carrier"]:
        yield Finding(row["where"], f"quantity {row['quantity']!r} needs a carrier", "the carrier that is counted")
        return
    unit = BASE.get(row["quantity"]) or plant.units.get(row["carrier"], "")
    try:
        factor(f"{unit}/{plant.units[row['per']]}" if row["per"] in plant.units else unit, row["unit"])
    except UnitError as error:
        yield Finding(row["where"], str(error), f"a unit of {unit}")
