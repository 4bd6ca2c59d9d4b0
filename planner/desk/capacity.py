"""Capacity 产能: what the equipment of a case that stands today makes of a product in a year - what utilisation is a share of."""

from planner.case import Case
from planner.tables import Row
from planner.units import UnitError, factor


def capacity_of(case: Case, carrier: str, unit: str) -> float:
    """What the equipment that stands makes of a carrier in a year, in ``unit``; 0 where nothing does, or it is sized in something else."""
    made = 0.0
    for asset in (a for a in case.tables["assets"] if a["status"] == "operating"):
        flow, usable = (_of_asset(case, asset, *named) for named in (("flow", carrier), ("availability", None)))
        if flow is not None and flow["value"] > 0:
            made += asset["size"] * flow["value"] * _amount(asset["unit"], flow["unit"], unit) * (usable["value"] if usable else 1.0)
    return made


def _of_asset(case: Case, asset: Row, parameter: str, carrier: str | None) -> Row | None:
    """The row that says a parameter of an asset: its own, else its technology's."""
    for table, key, name in (("overrides", "asset", asset["asset"]), ("technology_values", "technology", asset["technology"])):
        for row in case.tables[table]:
            if (row[key], row["parameter"], row["carrier"]) == (name, parameter, carrier):
                return row
    return None


def _amount(size: str, flow: str, unit: str) -> float:
    """What a size of one and a flow of one make a year; read off the words where they say it (t/a, t/t: t/a), else by the library of units."""
    if (f"{flow.partition('/')[2]}/a", f"{flow.partition('/')[0]}/a") == (size, unit):
        return 1.0
    try:
        return factor(f"({size})*({flow})", unit)
    except UnitError:  # a finding elsewhere
        return 0.0
