"""Works 对账建模: a works' own verified report, energy balance and gas balance become the numbers of its case - closed first, then met, the rest told.

Closed: where more of a carrier is reported as used than as made, all its figures move by weighted least squares, the less
trusted ones the most. Met: a figure per what the named assets make themselves is their coefficient; an amount of an
intermediate made is met by those who use it; power bought by what nothing else is reported of. What is the outcome of many
coefficients (emissions of a process, process energy) is compared and never fitted.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from models.solution import Solution
from planner import case, plan, reconcile, run, translate
from planner.case import Case
from planner.dictionary import dictionary
from planner.errors import CaseError, Finding
from planner.exchange import importing
from planner.intake import made, text
from planner.plan import Listen
from planner.plant import THOUSAND, Plant
from planner.tables import Row

REPORTS = ("emission_report", "energy_balance", "gas_balance")
SPREAD = {"official": 0.01, "peer_reviewed": 0.02, "secondary": 0.03, "derived": 0.05, "estimate": 0.1}  # standard deviation, share of the figure
NEAR, ROUNDS = 1e-3, 5  # a figure is met within; rounds of operation as today
LARGEST = 4.0  # times by which a coefficient may move before a unit is doubted
SOURCE = "own_report"
COLUMNS = ["report", "item", "before", "after", "plant", "unit", "remainder", "met"]

Key = tuple[str, str]  # asset, carrier


@dataclass(frozen=True)
class Works:
    """A case that meets its works' report: its folder, ready, every figure before and after, what was said."""

    folder: Path
    ready: run.Ready
    table: pd.DataFrame  # see COLUMNS
    said: tuple[str, ...]


def calibrate(name: str, folder: Path, report: Path | None = None, changes: Sequence[tuple[str, str]] = (), listen: Listen = lambda _: True) -> Works:
    """A new case whose coefficients meet the report. Raises CaseError; ``folder`` is then not there."""
    importing.new_place(folder)
    read = case.read(name, changes)
    files = made.written(read, {}, {})
    if report is not None:
        files = {n: words for n, words in files.items() if not n.startswith("reconcile/")} | _reports(report)
    sources = [r for r in read.tables["sources"] if r["where"].startswith(f"{read.folder.name}/") and r["id"] != SOURCE]
    files["sources.csv"] = made.text("sources", [*sources, {"id": SOURCE, "title": "Verified report, energy balance and gas balance of the works", "publisher": "reported by the user"}])  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / folder.name
        ready = _prepared(place, files)
        rows = reconcile.reported(ready.case, ready.plant)
        rows, said = closed(rows)
        target = {n: row["value"] for n, (_, row) in enumerate(rows)}
        before: list[float] = []
        flows: dict[Key, float] = {}
        limited: dict[Key, str] = {}
        for _ in range(ROUNDS):
            frozen = plan.in_own_process(reconcile.as_today, translate.inputs(ready.plant, ready.year), patience=300.0, listen=listen)
            found = [reconcile.modelled(ready.plant, frozen, ready.year, row) for _, row in rows]
            before = before or found
            handles = [handle(ready.plant, row, [r for _, r in rows]) for _, row in rows]
            missed = [n for n, keys in enumerate(handles) if keys and abs(found[n] - target[n]) > NEAR * abs(target[n])]
            if all(set(handles[n]) <= limited.keys() for n in missed):
                break
            for n in missed:
                flows |= _moved(ready.plant, frozen, rows[n][1], handles[n], found[n], target[n])
            limited |= _within_carbon(ready.plant, flows)
            files["overrides.csv"] = _overrides(ready.case, ready.plant, flows)
            ready = _prepared(place, files)
        emitted = _base_year(ready, frozen, rows)
        files["case.toml"] = made.written(ready.case, {"base_year.emissions": emitted}, {})["case.toml"]
        ready = _prepared(place, files)
        importing.put(place, folder)
    table = [
        (report_of, row["item"], one, two, row["value"], row["unit"], 1 - two / row["value"] if row["value"] else None, "yes" if keys and n not in missed else "no" if keys else "outcome")
        for n, ((report_of, row), one, two, keys) in enumerate(zip(rows, before, found, handles, strict=True))
    ]  # fmt: skip
    said += [
        f"{len(flows)} coefficients were set, {sum(bool(k) for k in handles)} of {len(rows)} figures can be met by them",
        f"base year: {emitted:,.0f} t of CO2",
    ]
    said += list(limited.values()) + [f"not met: {rows[n][1]['item']}" for n in missed]
    return Works(folder, run.prepare(folder), pd.DataFrame(table, columns=COLUMNS), tuple(said))


def closed(rows: Sequence[tuple[str, Row]]) -> tuple[list[tuple[str, Row]], list[str]]:
    """Rows in which no more of a carrier is used than made, where both are reported on the same basis; and what was moved."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for n, (_, row) in enumerate(rows):
        if row["quantity"] in ("use", "make") and row["value"] > 0:
            groups.setdefault((row["carrier"], row["per"] or "", row["unit"]), []).append(n)
    result, said = list(rows), []
    for (carrier, _, unit), members in groups.items():
        sign = {n: 1.0 if rows[n][1]["quantity"] == "make" else -1.0 for n in members}
        left = sum(sign[n] * rows[n][1]["value"] for n in members)
        if left >= 0 or 1.0 not in sign.values():
            continue
        variance = {n: (SPREAD[rows[n][1]["confidence"]] * rows[n][1]["value"]) ** 2 for n in members}
        for n in members:
            value = rows[n][1]["value"] - sign[n] * left * variance[n] / sum(variance.values())
            said.append(f"{rows[n][1]['item']}: {rows[n][1]['value']:,.6g} becomes {value:,.6g} {unit}, more {carrier} was used than made")
            result[n] = (rows[n][0], rows[n][1] | {"value": value})
    return result, said


def handle(plant: Plant, row: Row, rows: Sequence[Row]) -> tuple[Key, ...]:
    """The coefficients that meet a reported figure; none for what is the outcome of many."""
    carrier, quantity = row["carrier"], row["quantity"]
    names = [n.strip() for n in (row["assets"] or "").split(";") if n.strip()]
    operating = [a for a in plant.assets.values() if a.kind == "converter" and a.status == "operating"]
    if quantity == "bought" and carrier == "electricity" and not row["per"]:
        told = {n.strip() for r in rows if r["quantity"] == "use" and r["carrier"] == carrier for n in (r["assets"] or "").split(";")}
        twice = [r for r in rows if r["quantity"] == "bought" and r["carrier"] == carrier]
        return (
            tuple((a.name, carrier) for a in operating if a.operation == "flat" and a.ratio.get(carrier, 0.0) < 0 and a.name not in told)
            if twice[0] is row
            else ()
        )
    if quantity not in ("use", "make") or not names:
        return ()
    sign = 1.0 if quantity == "make" else -1.0
    own = tuple((n, carrier) for n in names if sign * plant.assets[n].ratio.get(carrier, 0.0) > 0)
    makers = row["per"] and all(plant.assets[n].ratio.get(row["per"], 0.0) > 0 for n, _ in own)
    if quantity == "use" or (makers and row["per"] != carrier):
        return own
    return tuple((a.name, carrier) for a in operating if a.operation == "flat" and a.ratio.get(carrier, 0.0) < 0)


def _moved(plant: Plant, frozen: Solution, row: Row, keys: Sequence[Key], model: float, target: float) -> dict[Key, float]:
    """The coefficients of a figure times what it lacks. Raises CaseError where a unit must be wrong."""
    if row["quantity"] == "bought":
        activity = {a: v for (a, y), v in frozen.value("converter.activity").items() if y == plant.horizon.first}
        use = sum(-plant.assets[a].ratio[c] * activity.get(a, 0.0) for a, c in keys) * THOUSAND
        times = 1 + (target - model) / use if use else 0.0
    else:
        times = target / model if model else 0.0
    if not 1 / LARGEST <= times <= LARGEST:
        what = f"value is {row['value']:g} {row['unit']}, {times:,.3g} times what the case makes of it"
        raise CaseError(
            [Finding(row["where"], what, f"a figure within {LARGEST:g} times the case's; look at the unit, or at the equipment's own numbers")]
        )
    return {(a, c): plant.assets[a].ratio[c] * times for a, c in keys}


def _within_carbon(plant: Plant, flows: dict[Key, float]) -> dict[Key, str]:
    """Hold what was set, in place, to the carbon that enters an asset: it cannot leave in more gas than there is; a sentence for each."""
    limited: dict[Key, str] = {}
    for asset, carrier in list(flows):
        a, carbon = plant.assets[asset], plant.carbon.get(carrier, 0.0)
        ratio = {**a.ratio, **{c: v for (name, c), v in flows.items() if name == asset}}
        left = -sum(r * plant.carbon.get(c, 0.0) for c, r in ratio.items())
        if left < 0 and ratio[carrier] > 0 and carbon > 0:
            most = ratio[carrier] + left / carbon
            if most > 0:
                flows[asset, carrier] = most * (1 - 1e-6)
                limited[asset, carrier] = (
                    f"{asset}: the carbon that enters it allows at most {most:,.4g} {plant.units[carrier]} of {carrier} per {a.activity_unit}"
                )
    return limited


def _overrides(read: Case, plant: Plant, flows: Mapping[Key, float]) -> str:
    """The case's own values with the coefficients that were set."""
    kept = [r for r in read.tables["overrides"] if r["parameter"] != "flow" or (r["asset"], r["carrier"]) not in flows]
    said = [
        {"asset": a, "parameter": "flow", "carrier": c, "value": f"{value:.9g}", "unit": f"{plant.units[c]}/{plant.assets[a].activity_unit}", "vat_rate": 0, "location_factor": 1,
         "source": SOURCE, "confidence": "derived", "reason": "Set so that operation as today meets the works' own report."}
        for (a, c), value in flows.items()
    ]  # fmt: skip
    return made.text("overrides", [*kept, *said])


def _base_year(ready: run.Ready, frozen: Solution, rows: Sequence[tuple[str, Row]]) -> float:
    """What was emitted in the base year, t: as reported, or operation as today with the grid's latest factor up to then."""
    reported = [r["value"] for _, r in rows if r["quantity"] == "account" and not r["per"] and r["unit"] == "t"]
    if reported:
        return float(reported[0])
    read, first = ready.case, ready.plant.horizon.first
    known = [
        r
        for r in read.tables["province_values"]
        if r["province"] == read["site.province"] and r["parameter"] == "grid_factor" and r["year"] <= read["base_year.year"]
    ]
    then = max(known, key=lambda r: r["year"])["value"] if known else ready.plant.grid_factor["location", first]
    power = frozen.value("emissions.energy")["location", first] / ready.plant.grid_factor["location", first] * then
    return round((frozen.value("emissions.direct")[(first,)] + power) * THOUSAND, 1)


def _prepared(place: Path, files: Mapping[str, str]) -> run.Ready:
    for name, words in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(words, encoding="utf-8", newline="")
    return run.prepare(place)


def _reports(folder: Path) -> dict[str, str]:
    """The files of a report in a folder, whatever their encoding. Raises CaseError."""
    columns = ", ".join(dictionary()["report"])
    found = {f"reconcile/{p.name}": text.decoded(text.content(p), p.name)[0].lstrip("\ufeff") for p in sorted(folder.glob("*.csv"))}
    if not found:
        what = "there is no report in it"
        raise CaseError([Finding(str(folder), what, f"a folder with {', '.join(f'{r}.csv' for r in REPORTS)}; columns {columns}")])
    return found
