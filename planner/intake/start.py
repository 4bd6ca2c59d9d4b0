"""Start 起步: a factory of which only the meter or twelve bills are known becomes a case: its power, the heat of its gas, roof, store and trade.

What the equipment is nobody has told; so the case has demands of power and heat and no processes, and says so. It is the
beginning of a case: a sector's workbook (`planner template`) has its processes.
"""

from pathlib import Path

from planner import case, shapes, year
from planner.case import Case
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.exchange import importing
from planner.intake import bills as billed
from planner.intake import made
from planner.intake import meter as metered
from planner.intake.made import Shape
from planner.intake.onto import Onto
from planner.tables import nearest

CASE = DATA / "starts" / "metered"
NO_GAS = ("gas_boilers", "electrode_boilers")  # what stands there for gas alone
BOILERS, GAS = 3.891892, 0.0561  # GJ of gas for a MWh of heat (the case's own override), t of CO2 for a GJ of gas
PV_ROOF = 2.5e-4  # MW that a square metre could carry at the most; the area a module takes binds before
SPARE = 1.25  # size of the boilers over the highest hour


def of_meter(file: Path, folder: Path, province: str, voltage: str, roof: float, unit: str = "", column: str = "") -> Onto:
    """A case of a meter's year. Raises CaseError; ``folder`` is then not there."""
    importing.new_place(folder)
    found = metered.read(file, unit, column)
    shape = Shape(shapes.LOAD, found.power, "measured", f"{file.name}: meter of the site, {found.year}", found.year, found.said, file)
    return _made(shape, 0.0, folder, province, voltage, roof)


def of_bills(file: Path, folder: Path, province: str, voltage: str, roof: float, shifts: int = 3, workdays: int = 7, base: float = 0.3) -> Onto:
    """A case of twelve bills, of power and of gas where there is any. Raises CaseError; ``folder`` is then not there."""
    importing.new_place(folder)
    found = billed.read(file)
    bands = year.tariff_of(_case(province, voltage)).bands
    power, said = billed.fitted(found, bands, shifts, workdays, base)
    gas = 0.0 if found.gas is None else float(found.gas.sum())
    title = f"{file.name}: twelve bills from {found.year}, hours estimated"
    return _made(Shape(shapes.LOAD, power, "estimate", title, found.year, said, file, "bills of the user"), gas, folder, province, voltage, roof)


def _case(province: str, voltage: str) -> Case:
    read = case.read(CASE, [("site.province", province), ("site.voltage", voltage)])
    if province not in read.by_name["provinces"]:
        raise CaseError([Finding(f"--province {province}", "there is no such province", nearest(province, read.by_name["provinces"]))])
    return read


def _made(shape: Shape, gas: float, folder: Path, province: str, voltage: str, roof: float) -> Onto:
    """The case of a load in kW and a year's gas in GJ."""
    read, power, highest = _case(province, voltage), float(shape.values.sum()) / 1000, float(shape.values.max()) / 1000
    heat = gas / BOILERS
    boilers = SPARE * heat * float(shape.values.max() / shape.values.sum())
    amounts = {"electricity": power, "heat_200": heat}
    told = {"source": shape.source, "confidence": "derived" if shape.confidence == "measured" else "estimate"}
    demands = [r | told | {"value": f"{amounts[r['carrier']]:.9g}"} for r in read.tables["demands"] if amounts[r["carrier"]]]
    sizes = {"gas_boilers": boilers, "electrode_boilers": boilers, "battery_2h": 2 * highest, "roof_pv": roof * PV_ROOF}
    assets = []
    for row in read.tables["assets"]:
        column = "size" if row["status"] == "operating" else "max_size"
        if (gas or row["asset"] not in NO_GAS) and (roof or row["asset"] != "roof_pv"):
            assets.append(row | {column: f"{sizes[row['asset']]:.4g}"})
    rows = {
        "demands": demands,
        "assets": assets,
        "areas": [r | {"value": f"{roof:g}"} for r in read.tables["areas"]] if roof else [],
        "overrides": [r for r in read.tables["overrides"] if gas],
        "markets": [r for r in read.tables["markets"] if gas or r["market"] != "gas"],
        "market_values": [r for r in read.tables["market_values"] if gas or r["market"] != "gas"],
    }
    emitted = power * _factor(read) + gas * GAS
    settled = {
        "name": _name(folder),
        "en": f"{shape.title.partition(':')[0]}, known by its meter",
        "zh": f"{shape.title.partition(':')[0]}（按计量建立）",
        "base_year.emissions": round(emitted, 1),
    }
    ready = made.make(read, [shape], folder, settled, rows)
    said = [f"{power:,.0f} MWh of power with at most {highest:,.2f} MW, {heat:,.0f} MWh of heat from gas; {emitted:,.0f} t of CO2 in the base year"]
    said += [] if roof else ["no roof was given (--roof), so solar power has no place"]
    return Onto(
        folder, ready, (*shape.said, *said, "the equipment is not known: the plan decides about supply alone, its targets are those of the base year")
    )


def _factor(read: Case) -> float:
    """The grid's latest factor up to the base year, t/MWh."""
    rows = [
        r
        for r in read.tables["province_values"]
        if r["province"] == read["site.province"] and r["parameter"] == "grid_factor" and r["year"] <= read["base_year.year"]
    ]
    return float(max(rows, key=lambda r: r["year"])["value"])


def _name(folder: Path) -> str:
    name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in folder.name.lower()).strip("_")
    return name or "metered"
