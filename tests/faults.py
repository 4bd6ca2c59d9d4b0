"""Ways to say a case wrongly, each with where it stands, what is said of it, and what is allowed; see test_check."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import faults_of_backup

from planner import case, check, plant
from planner.dictionary import DATA
from planner.errors import CaseError, Finding

Rows = list[dict[str, str]]


class Broken:
    """A copy of a shipped case that can be broken cell by cell."""

    def __init__(self, name: str, folder: Path) -> None:
        self.folder = Path(shutil.copytree(case.find(name), folder))

    def rows(self, table: str) -> Rows:
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: Rows) -> None:
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def place(self, table: str, **key: str) -> str:
        """File and row as a finding names them; the header is row 1."""
        at = [n for n, row in enumerate(self.rows(table), start=2) if all(row[k] == v for k, v in key.items())]
        assert len(at) == 1, f"{key} stands {len(at)} times in {table}"
        return f"{self.folder.name}/{table}.csv row {at[0]}"

    def set(self, table: str, key: dict[str, str], **cells: str) -> str:
        """Change cells of one row and say where it stands."""
        where = self.place(table, **key)
        rows = self.rows(table)
        rows[int(where.split()[-1]) - 2] |= cells
        self.write(table, rows)
        return where

    def without(self, table: str, **key: str) -> None:
        """Leave out one row."""
        gone = int(self.place(table, **key).split()[-1]) - 2
        self.write(table, [row for n, row in enumerate(self.rows(table)) if n != gone])

    def add(self, table: str, **cells: str) -> str:
        rows = self.rows(table)
        self.write(table, [*rows, dict.fromkeys(rows[0], "") | cells])
        return f"{self.folder.name}/{table}.csv row {len(rows) + 2}"

    def override(self, asset: str, parameter: str, value: str, unit: str, **more: str) -> str:
        return self.add(
            "overrides", asset=asset, parameter=parameter, value=value, unit=unit, source="own_estimate", confidence="estimate", reason="test", **more
        )

    def findings(self) -> tuple[Finding, ...]:
        """All that reading, resolving and checking find; the year of hours is left out where nothing asks for it."""
        found: list[Finding] = []
        read = case.read(self.folder, (), found)
        resolved = plant.resolve(read, found)
        try:
            check.check(read, resolved, tuple(found))
        except CaseError as error:
            found.extend(error.findings)
        return CaseError(found).findings


def unknown_source(b: Broken) -> tuple[str, str, str]:
    return b.set("areas", {"area": "roof"}, source="own_estimat"), "source 'own_estimat' is unknown", "own_estimate"


def nobody_supplies(b: Broken) -> tuple[str, str, str]:
    b.without("markets", market="gas")
    b.write("market_values", [row for row in b.rows("market_values") if row["market"] != "gas"])
    return "cells/assets.csv", "carrier 'natural_gas' is used by 'gas_boilers' but nothing supplies it", "a converter or a market that supplies it"


def nowhere_to_go(b: Broken) -> tuple[str, str, str]:
    b.set("demands", {"carrier": "battery_cell"}, value="0")
    return "cells/assets.csv", "carrier 'battery_cell' is made by 'formation_aging' but has nowhere to go", "a user, a market or a vent"


def carbon_from_nothing(b: Broken) -> tuple[str, str, str]:
    b.override("mixing", "flow", "1", "GJ/MWh", carrier="natural_gas")
    return (
        b.place("assets", asset="mixing"),
        "converter 'mixing' makes 0.0561 t CO2 worth of carbon per activity out of nothing",
        "carbon in at least carbon out",
    )


def host_is_flexible(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "nmp_mvr"}, host="gas_boilers")
    return where, "host 'gas_boilers' of 'nmp_mvr' is a flexible converter", "a flat converter"


def host_saves_nothing(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "oven_heat_recovery"}, host="calendering")
    return where, "'oven_heat_recovery' saves 'heat_150', which none of its hosts uses", "a carrier its host uses"


def replaces_nobody(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "laser_lines"}, replaces="coating_dryer"), "replaces 'coating_dryer' is unknown", "coating_drying"


def area_of_nobody(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "roof_pv"}, area="rooof"), "area 'rooof' is unknown", "roof"


def profile_of_nobody(b: Broken) -> tuple[str, str, str]:
    b.set("demands", {"carrier": "battery_cell"}, profile="shifts")
    return "cells/demands.csv", "profile 'shifts' of 'battery_cell' is unknown", "one of dry_room_air, dry_room_cooling, flat, pv, wind"


def store_of_two(b: Broken) -> tuple[str, str, str]:
    b.override("battery_4h", "flow", "1", "MWh/MWh", carrier="cold")
    return b.place("assets", asset="battery_4h"), "store 'battery_4h' keeps 2 carriers", "exactly one `flow` row"


def part_of_a_unit(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "chillers"}, size="25"), "size of 'chillers' is 4.167 units", "a whole number of its unit_size"


def seasonal_mixer(b: Broken) -> tuple[str, str, str]:
    place = b.place("assets", asset="mixing")
    shared = next(p for p in (DATA / "technologies").glob("*.csv") if "\nmixing," in p.read_text(encoding="utf-8"))
    with shared.open(encoding="utf-8", newline="") as file:
        b.write("technologies", [row | {"operation": "seasonal"} for row in csv.DictReader(file) if row["technology"] == "mixing"])
    return place, "'mixing' is a seasonal converter", "a seasonal store, or operation flat or flexible"


def wait_without_a_window(b: Broken) -> tuple[str, str, str]:
    where = b.place("assets", asset="mixing")
    b.override("mixing", "shiftable", "0.2", "share", carrier="electricity")
    return where, "'electricity' of 'mixing' cannot wait", "a flat converter that uses the carrier, balanced by step, and a shift_window above 0"


def flat_unit_that_starts(b: Broken) -> tuple[str, str, str]:
    where = b.place("assets", asset="mixing")
    b.override("mixing", "minimum_load", "0.5", "share")
    return where, "minimum_load of 'mixing' means nothing: it is a flat converter", "a flexible converter"


def measure_on_many(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "nmp_mvr"}, host="")
    b.add("hosts", asset="nmp_mvr", host="nmp_purification")
    b.add("hosts", asset="nmp_mvr", host="dry_room")
    return where, "measure 'nmp_mvr' has 2 hosts and is sized in t/a", "size_unit site"


def never_balanced(b: Broken) -> tuple[str, str, str]:
    b.add("demands", carrier="green_attribute", value="5", unit="MWh/a", source="own_estimate", confidence="estimate")
    return "cells/demands.csv", "carrier 'green_attribute' is demanded but never balanced", "a carrier balanced by step or year"


def grid_that_sells(b: Broken) -> tuple[str, str, str]:
    b.set("markets", {"market": "export"}, role="grid")
    return "cells/markets.csv", "market 'export' has the role grid and sells", "direction buy"


def sale_that_pays(b: Broken) -> tuple[str, str, str]:
    b.add("markets", market="nmp_sale", carrier="nmp", direction="sell")
    b.add("market_values", market="nmp_sale", parameter="price", value="12000", unit="CNY/t", currency_year="2026", vat_rate="0.13")
    return "cells/market_values.csv", "'nmp_sale' pays more than 'nmp_supply' costs in 2026", "a lower price of sales"


def a_curve_that_falls(b: Broken) -> tuple[str, str, str]:
    for row in b.rows("market_values"):
        if row["market"] == "biomass_fuel" and row["parameter"] == "price" and row["tier"] == "2":
            b.set("market_values", {"market": "biomass_fuel", "parameter": "price", "tier": "2"}, value="50")
    return "cells/market_values.csv", "step 2 of 'biomass_fuel' falls below step 1 in 2026", "prices that rise with what is bought"


def a_pledge_of_the_grid(b: Broken) -> tuple[str, str, str]:
    b.add("market_values", market="grid", parameter="take", value="1000", unit="MWh/a")
    return "cells/market_values.csv", "'grid' is pledged and has the price of the grid", "a purchase with a price of its own"


def a_contract_without_a_shape(b: Broken) -> tuple[str, str, str]:
    b.set("markets", {"market": "wind_contract"}, profile="")
    return "cells/markets.csv", "market 'wind_contract' has a contract and no profile", "a profile such as wind"


def a_line_fed_by_a_boiler(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "biomass"}, line="green_line")
    return where, "'biomass' on line 'green_line' is a flexible converter", "a flexible converter that makes electricity"


def market_without_price(b: Broken) -> tuple[str, str, str]:
    return b.add("markets", market="nmp_sale", carrier="nmp", direction="sell"), "the market has no price", "a row `price` in market_values.csv"


def said_twice(b: Broken) -> tuple[str, str, str]:
    first = b.place("caps", cap="total", year="2028")
    return b.add("caps", cap="total", year="2028", share="0.5"), f"cap 'total, 2028' was told already in {first}", "one row for each cap and year"


def host_of_nobody(b: Broken) -> tuple[str, str, str]:
    return b.add("hosts", asset="energy_management", host="mixer"), "host 'mixer' is unknown", "perhaps mixing"


def no_horizon(b: Broken) -> tuple[str, str, str]:
    file = b.folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("last_year = 2030", "last_year = 2025"), encoding="utf-8")
    return "cells/case.toml", "the horizon runs from 2026 to 2025", "a last year 0 to 30 years after the first"


def no_decision(b: Broken) -> tuple[str, str, str]:
    file = b.folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("decide_from = 2026", "decide_from = 2032"), encoding="utf-8")
    return "cells/case.toml", "horizon.decide_from is 2032", "a year from 2026 to 2031"


def sector_of_nobody(b: Broken) -> tuple[str, str, str]:
    file = b.folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('sector = "lithium_battery"', 'sector = "lithium_batteries"'), encoding="utf-8")
    return "cells/case.toml", "sector is 'lithium_batteries'", "lithium_battery"


def half_a_year(b: Broken) -> tuple[str, str, str]:
    hours = {f"h{h:02d}": "1" for h in range(24)}
    b.write("hours", [{"profile": "load", "day": str(day), **hours, "source": "own_estimate", "confidence": "estimate"} for day in range(1, 181)])
    return "cells/hours.csv", "185 days of 'load' are missing, the first is day 181", "days 1 to 365"


FAULTS: tuple[Callable[[Broken], tuple[str, str, str]], ...] = (
    unknown_source, nobody_supplies, nowhere_to_go, carbon_from_nothing, host_is_flexible, host_saves_nothing, replaces_nobody, area_of_nobody, profile_of_nobody,
    store_of_two, part_of_a_unit, seasonal_mixer, wait_without_a_window, flat_unit_that_starts, measure_on_many, never_balanced, grid_that_sells, sale_that_pays, a_curve_that_falls, a_pledge_of_the_grid, a_contract_without_a_shape, a_line_fed_by_a_boiler, market_without_price, said_twice, host_of_nobody, no_horizon, no_decision, sector_of_nobody, half_a_year, *faults_of_backup.FAULTS,
)  # fmt: skip
