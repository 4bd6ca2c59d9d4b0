"""Emission factors 排放因子: what a unit of a carrier and of grid power emits, resolved from catalogue, province and nation."""

from planner.connection import THOUSAND, Reader
from planner.tables import Row, nearest

CO2_OF_CARBON = 44 / 12


def factors(look: Reader) -> dict[str, dict[str, float]]:
    """Parameter -> carrier -> t (energy: GJ) per unit; carbon as given, or of heating value, carbon content and oxidation.

    A greenhouse gas other than CO2 counts, where it is let out, with its warming potential.
    """
    targets = {"energy": "GJ/{}", "carbon_content": "t/TJ", "oxidation": "share", "heating_value": None, "energy_equivalent": "GJ/{}"}
    factors: dict[str, dict[str, float]] = {
        p: {} for p in ("carbon", "carbon_biogenic", "embodied", "energy", "energy_equivalent", "carbon_content", "oxidation")
    }
    for row in look.case.tables["factors"]:
        target = targets.get(row["parameter"], "t/{}")
        if look.known(row, "carrier", look.carriers) and target:
            factors[row["parameter"]][row["carrier"]] = look.canonical(row, target.format(str(look.carriers[row["carrier"]]["unit"])))
    for row in look.case.tables["factors"]:
        c = row["carrier"]
        if row["parameter"] == "carbon_content" and c in factors["energy"]:
            if c in factors["carbon"]:
                look.note(row, f"{c!r} has both a carbon factor and a carbon content", "one or the other")
            burnt = factors["oxidation"].get(c, 1.0)
            factors["carbon"][c] = factors["energy"][c] * factors["carbon_content"][c] / THOUSAND * burnt * CO2_OF_CARBON
        elif row["parameter"] == "carbon_content":
            look.note(row, f"{c!r} has a carbon content but no heating value", "a row `energy`")
    warming = {r["gas"]: r["value"] for r in look.case.tables["gases"] if r["report"] == look.case["account.warming_potentials"]}
    for c, carrier in look.carriers.items():
        if carrier["gas"] != "co2":
            factors["carbon"][c] = warming[carrier["gas"]] * look.canonical({"value": 1.0, "unit": carrier["unit"], "where": carrier["where"]}, "t")
    return factors


def grid_rows(look: Reader) -> dict[str, tuple[Row, ...]]:
    """View -> the rows of its factor; none where the case gives its own.

    Location: the average of the province, its region or the nation; market: what is left when traded non-fossil power
    is taken out, or the strict choice, power of fossil fuel only.
    """
    province = look.case["site.province"]
    region = look.case.by_name["provinces"].get(province, {}).get("grid_region", "")
    place = {"province": province, "region": region, "nation": "china"}[look.case["account.location_factor"]]
    market = {"residual": "residual_factor", "fossil": "fossil_factor"}[look.case["account.market_factor"]]
    location = () if look.case["site.grid_factor"] else tuple(look.province.get((place, "grid_factor"), ()))
    return {"location": location, "market": tuple(look.province.get(("china", market), ()))}


def grid_factors(look: Reader) -> dict[tuple[str, int], float]:
    """(view, year) -> t/MWh of power from the grid; in the market view of power without proof, less the share apportioned."""
    province, own = look.case["site.province"], float(look.case["site.grid_factor"])
    where = {"where": f"{look.case.folder.name}/case.toml"}
    if province not in look.case.by_name["provinces"]:
        look.note(where, f"site.province is {province!r}", nearest(province, look.case.by_name["provinces"]))
        return {}
    rows = grid_rows(look)
    location = dict.fromkeys(look.horizon.years, own) if own else look.by_year(list(rows["location"]), "t/MWh")
    market = look.by_year(list(rows["market"]), "t/MWh")
    for name, values in (("grid_factor", location), ("residual_factor", market)):
        if not values:
            look.note(where, f"province {province!r} has no {name}", "a row in provinces/values.csv, or site.grid_factor")
    fossil = 1.0 - float(look.case["account.apportioned_share"]) * (look.case["account.market_factor"] == "fossil")
    return {("location", y): v for y, v in location.items()} | {("market", y): v * fossil for y, v in market.items()}
