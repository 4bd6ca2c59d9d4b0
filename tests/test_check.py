"""A case that is broken in one place is refused there: file, row, what is wrong and what is allowed - and all places at once."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import faults_of_backup
import pytest

from planner import case, check, check_trade, cli, plant, run, translate
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.plant import Plant
from planner.year import Year

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


@pytest.fixture
def cells(tmp_path: Path) -> Broken:
    return Broken("battery", tmp_path / "cells")


@pytest.fixture
def steel(tmp_path: Path) -> Broken:
    return Broken("steel", tmp_path / "works")


def test_an_unbroken_copy_has_nothing_wrong(cells: Broken, steel: Broken) -> None:
    """Proves: what the tests below find is what they broke."""
    assert cells.findings() == steel.findings() == ()


# Tables ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "key", "column", "text", "what", "allowed"), [
    ("assets", {"asset": "mixing"}, "size", "many", "size (size today, 现有规模) is 'many', which is not a number", "a number, at least 0"),
    ("assets", {"asset": "mixing"}, "size", "-1", "size (size today, 现有规模) is -1", "a number, at least 0"),
    ("assets", {"asset": "mixing"}, "size", "inf", "size (size today, 现有规模) is inf, which is not a finite number", "a number, at least 0"),
    ("assets", {"asset": "mixing"}, "status", "running", "status (what it is today, 状态) is 'running'", "one of operating, committed, candidate"),
    ("assets", {"asset": "mixing"}, "technology", "", "technology (technology, 技术) is missing", "a name of lower-case letters, digits and _"),
    ("assets", {"asset": "mixing"}, "technology", "Mixing!", "technology (technology, 技术) is 'Mixing!', which is not a name", "a name of lower-case letters, digits and _"),
    ("assets", {"asset": "mixing"}, "in_service", "2021.5", "in_service (first year of operation, 投运年) is 2021.5, which is not a whole year", "a year, at least 1950, at most 2100, a"),
    ("caps", {"cap": "total", "year": "2030"}, "share", "50 %", "share (limit as a share of the base year, 相对基准年比例) is '50 %', which is not a number", "a number, at least 0, at most 10, share"),
    ("demands", {"carrier": "battery_cell"}, "unit", "", "unit (unit, 单位) is missing", "a text"),
    ("market_values", {"market": "nmp_supply"}, "vat_rate", "13", "vat_rate (value added tax contained in the value, 所含增值税率) is 13", "a number, at least 0, at most 0.3, share"),
])  # fmt: skip
def test_a_cell_that_is_wrong(cells: Broken, table: str, key: dict[str, str], column: str, text: str, what: str, allowed: str) -> None:
    """Proves: file, row, the column in both languages, the text, what is allowed. A reader that skips the row would plan without it."""
    where = cells.set(table, key, **{column: text})
    assert Finding(where, what, allowed) in cells.findings()


def test_a_faulty_cell_blames_nobody_else(cells: Broken) -> None:
    """Proves: an asset whose size cannot be read is still there for those who name it: one fault, one finding."""
    where = cells.set("assets", {"asset": "coating_drying"}, in_service="soon")
    assert [f.where for f in cells.findings()] == [where]


def test_columns_that_are_wrong(cells: Broken) -> None:
    file = cells.folder / "demands.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("value", "amount", 1), encoding="utf-8")
    found = cells.findings()
    assert [(f.where, f.what) for f in found[:2]] == [
        ("cells/demands.csv", "column 'amount' is unknown"),
        ("cells/demands.csv", "column 'value' is missing"),
    ]
    assert found[1].allowed == "a number, at least 0"


def test_a_row_that_is_too_long(cells: Broken) -> None:
    """Proves: a comma inside a remark without quotes is found, not read as another column."""
    with (cells.folder / "areas.csv").open("a", encoding="utf-8") as file:
        file.write("yard,100,m2,own_estimate,estimate,Yard, behind the gate,院子\n")
    assert Finding("cells/areas.csv row 4", "the row has 8 cells, the header 7", "as many cells as columns") in cells.findings()


# Names, units, limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "key", "column", "text", "what", "allowed"), [
    ("assets", {"asset": "mixing"}, "technology", "mixin", "technology 'mixin' is unknown", "perhaps mixing"),
    ("assets", {"asset": "nmp_mvr"}, "host", "nmp_purifying", "host 'nmp_purifying' is unknown", "perhaps nmp_purification"),
    ("hosts", {"asset": "dew_point", "host": "dry_room"}, "host", "dry_rom", "host 'dry_rom' is unknown", "perhaps dry_room"),
    ("overrides", {"asset": "chillers"}, "asset", "chiller", "asset 'chiller' is unknown", "perhaps chillers"),
    ("overrides", {"asset": "chillers"}, "parameter", "unitsize", "parameter 'unitsize' is unknown", "perhaps unit_size"),
    ("market_values", {"market": "nmp_supply"}, "market", "nmp_suply", "market 'nmp_suply' is unknown", "perhaps nmp_supply"),
    ("markets", {"market": "gas"}, "carrier", "natural_gaz", "carrier 'natural_gaz' is unknown", "perhaps natural_gas"),
    ("demands", {"carrier": "battery_cell"}, "carrier", "batery_cell", "carrier 'batery_cell' is unknown", "perhaps battery_cell"),
    ("market_values", {"market": "gas", "parameter": "price"}, "province_parameter", "gas_price", "province 'jiangsu' has no 'gas_price'", "natural_gas_price"),
    ("demands", {"carrier": "battery_cell"}, "unit", "t/a", "unit 't/a' cannot be read as 'MWh/year'", "a unit of MWh/year"),
    ("demands", {"carrier": "battery_cell"}, "unit", "GHw/a", "unit 'GHw/a' is unknown", "a unit of MWh/year"),
    ("assets", {"asset": "chillers"}, "unit", "MWh", "unit 'MWh' cannot be read as 'MW'", "a unit of MW"),
    ("market_values", {"market": "nmp_supply"}, "currency_year", "", "the price year of money is missing", "currency_year, a year"),
    ("market_values", {"market": "nmp_supply"}, "unit", "t", "unit 't' cannot be read as 'CNY/t'", "a unit of CNY/t"),
    ("assets", {"asset": "roof_pv"}, "max_size", "", "a candidate has no max_size and no max_units", "a largest size or number of units above 0"),
    ("assets", {"asset": "nmp_mvr"}, "host", "", "a measure has no host", "the asset it acts on, or rows in hosts.csv"),
    ("caps", {"cap": "total", "year": "2030"}, "share", "", "the cap has no limit", "a share of the base year, or a value with a unit"),
])  # fmt: skip
def test_a_number_that_cannot_be_resolved(cells: Broken, table: str, key: dict[str, str], column: str, text: str, what: str, allowed: str) -> None:
    """Proves: each unknown name, wrong unit and missing number is found where it stands, with the nearest name or the right unit."""
    where = cells.set(table, key, **{column: text})
    assert [allowed in f.allowed for f in cells.findings() if (f.where, f.what) == (where, what)] == [True]


@pytest.mark.parametrize(("asset", "parameter", "value", "unit", "what", "allowed"), [
    ("battery_4h", "charge_efficiency", "1.2", "share", "charge_efficiency (充能效率) is 1.2", "at least 0.01 and at most 1"),
    ("battery_4h", "discharge_efficiency", "0", "share", "discharge_efficiency (放能效率) is 0", "at least 0.01 and at most 1"),
    ("battery_4h", "investment", "-900", "CNY/kWh", "investment (单位投资) is ", "at least 0"),
    ("battery_4h", "fixed_cost", "-0.02", "1/a", "fixed_cost (固定运维费) is -0.02", "at least 0"),
    ("battery_4h", "lifetime", "0", "year", "lifetime (使用寿命) is 0", "at least 1 and at most 100"),
    ("battery_4h", "lead_time", "-1", "month", "lead_time (建设周期) is -1", "at least 0 and at most 120"),
    ("mixing", "availability", "105", "percent", "availability (可用率) is 1.05", "at least 0 and at most 1"),
])  # fmt: skip
def test_a_number_out_of_its_limits(cells: Broken, asset: str, parameter: str, value: str, unit: str, what: str, allowed: str) -> None:
    """Proves: limits hold in the unit the program counts in, money too. A battery of 120 % would run the works for nothing."""
    where = cells.override(asset, parameter, value, unit, currency_year="2026")
    found = [f for f in cells.findings() if f.where == where]
    assert len(found) == 1 and found[0].what.startswith(what) and found[0].allowed == allowed


def test_limits_hold_in_every_year_and_for_savings(cells: Broken) -> None:
    """Proves: a fault in 2030 alone is found, and a saving of more than all. A look at the first year alone passes both."""
    for year, price in (("2026", "900"), ("2030", "-900")):
        where = cells.override("battery_4h", "investment", price, "CNY/kWh", year=year, currency_year="2026")
    saving = cells.override("led", "saving", "1.4", "share", carrier="electricity")
    found = {f.where: f.what for f in cells.findings()}
    assert any("investment" in what for what in found.values())
    assert found[saving] == "saving (节约率) is 1.4"
    assert where.startswith("cells/overrides.csv")


def test_a_value_for_every_year_beside_values_of_single_years(cells: Broken) -> None:
    cells.override("battery_4h", "investment", "900", "CNY/kWh", currency_year="2026")
    where = cells.override("battery_4h", "investment", "800", "CNY/kWh", year="2030", currency_year="2026")
    found = cells.findings()
    assert [f.what for f in found] == ["a value for every year stands beside values of single years"]
    assert found[0].where != where and found[0].allowed == "one or the other"


def test_a_flow_given_twice(cells: Broken) -> None:
    where = cells.override("gas_boilers", "flow", "-3.8", "GJ/MWh", carrier="natural_gas")
    found = [f for f in cells.findings() if f.where == where and f.what == "flow is given twice"]
    assert len(found) == 1
    assert found[0].allowed.startswith("one value; a later vintage is an asset of its own")


def test_a_share_needs_the_base_year(cells: Broken) -> None:
    file = cells.folder / "case.toml"
    file.write_text("\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("emissions")), encoding="utf-8")
    found = [f for f in cells.findings() if f.what == "a share needs the base year's amount"]
    assert [f.where for f in found] == [f"cells/caps.csv row {n}" for n in range(2, 7)]


# The rules of check.py ------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_every_rule_trips_where_it_is_broken(cells: Broken, fault: Callable[[Broken], tuple[str, str, str]]) -> None:
    """Proves: each rule says file (and row), what and what is allowed. Without it the model is infeasible or has free money or carbon."""
    where, what, allowed = fault(cells)
    found = [f for f in cells.findings() if f.what == what]
    assert [f.where for f in found] == [where]
    assert allowed in found[0].allowed


def test_every_rule_is_tripped_by_some_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: no rule of check.py stands there without a case it refuses."""
    tripped = set()

    def named(rule: check.Rule) -> check.Rule:
        def listening(*given: object) -> Iterator[Finding]:
            for finding in rule(*given):  # type: ignore[arg-type]
                tripped.add(rule.__name__)
                yield finding

        return listening

    rules = {rule.__name__ for rule in check.RULES if rule.__module__ == check.__name__}
    monkeypatch.setattr(check, "RULES", tuple(named(rule) for rule in check.RULES))
    for n, fault in enumerate(FAULTS):
        broken = Broken("battery", tmp_path / str(n) / "cells")
        fault(broken)
        broken.findings()
    assert rules <= tripped


def test_a_store_that_loses_carbon(steel: Broken) -> None:
    """Proves: what carries no carbon may be lost; a gas that does, and is balanced over the year, has no place in a store."""
    where = steel.place("assets", asset="battery_2h")
    for row in steel.rows("overrides"):
        assert row["asset"] != "battery_2h"
    steel.override("hydrogen_tank", "standing_loss", "0.01", "1/h")
    assert steel.findings() == ()  # hydrogen carries no carbon
    steel.override("battery_2h", "flow", "1", "GJ/MWh", carrier="cog")
    steel.override("battery_2h", "flow", "0", "MWh/MWh", carrier="electricity")
    assert Finding(where, "store 'battery_2h' keeps 'cog', which is balanced over the year", "a carrier balanced by step") in steel.findings()


def test_power_sold_dearer_than_bought_is_kept_apart_step_by_step() -> None:
    """Proves: where a sale pays more than power costs, each such step buys or sells; elsewhere no rule is needed. Without it: free money."""
    dear = run.prepare(
        "battery",
        [
            ("market_values.export.price", "450"),
            ("market_values.export.price.unit", "CNY/MWh"),
            ("market_values.export.price.currency_year", "2026"),
            ("markets.wind_contract.allowed", "no"),
        ],
    )
    x = translate.inputs(dear.plant, dear.year)
    cheap = [s for s, price in zip(dear.year.days.steps, dear.year.days.profiles["price"], strict=True) if price <= 0.45 / 1.13]
    assert 0 < len(cheap) < len(x.steps)
    assert set(x.one_way) == {("electricity", y, s) for y in x.years for s in cheap}
    assert translate.inputs(*_plain()).one_way == ()


def _plain() -> tuple[Plant, Year]:
    ready = run.prepare("battery")
    return ready.plant, ready.year


def test_a_zone_without_capacity_charge_cannot_bill_by_it() -> None:
    """Proves: a way of billing that has no charge is refused. Without it, transformers would cost nothing."""
    ready = run.prepare("battery", [("site.demand_billing", "metered capacity")])
    assert not list(check_trade.check_connection(ready.case, ready.plant, ready.year))
    (found,) = check_trade.check_connection(ready.case, ready.plant, replace(ready.year, capacity_charge=None))
    assert "no capacity charge" in found.what


@pytest.mark.parametrize("setting, value, what", [
    ("site.demand_billing", "metered daily", "site.demand_billing names 'daily'"), ("site.transformer", "0", "a choice of demand billing needs the transformers"),
    ("lines.green_line.self_use_min.parameter", "export_max", "line 'green_line' has no self_use_min"),
])  # fmt: skip
def test_a_connection_that_is_told_wrongly(setting: str, value: str, what: str) -> None:
    with pytest.raises(CaseError) as refused:
        run.prepare("battery", [("site.demand_billing", "metered contract capacity"), (setting, value)])
    assert any(f.what == what for f in refused.value.findings)


# All at once ----------------------------------------------------------------------------------------------------------------


def test_faults_of_every_stage_are_reported_at_once(cells: Broken, capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: a misspelt name, a negative investment, an efficiency above 1, a missing unit, a text for a number, a carrier nobody
    supplies, a misspelt setting and a zone without a tariff are eight findings of one run, with exit code 2.

    A reader that stops after its first stage names three of them, and the user comes back four times.
    """
    misspelt = cells.set("hosts", {"asset": "dew_point", "host": "dry_room"}, host="dry_rom")
    negative = cells.override("battery_4h", "investment", "-900", "CNY/kWh", currency_year="2026")
    above = cells.override("brick_store", "discharge_efficiency", "1.1", "share")
    unit = cells.override("roof_pv", "lifetime", "20", "")
    text = cells.set("areas", {"area": "carport"}, value="forty thousand")
    cells.without("markets", market="gas")
    cells.write("market_values", [row for row in cells.rows("market_values") if row["market"] != "gas"])
    file = cells.folder / "case.toml"
    toml = file.read_text(encoding="utf-8").replace("decide_from", "decide_form").replace('zone = "jiangsu"', 'zone = "jiangzu"')
    file.write_text(toml, encoding="utf-8")
    expected = {
        (misspelt, "host 'dry_rom' is unknown"), (negative, "investment (单位投资)"), (above, "discharge_efficiency (放能效率) is 1.1"),
        (unit, "unit (unit, 单位) is missing"), (text, "value (area, 面积) is 'forty thousand', which is not a number"),
        ("cells/assets.csv", "carrier 'natural_gas' is used by 'gas_boilers' but nothing supplies it"),
        ("cells/case.toml", "horizon.decide_form is unknown"), ("cells/case.toml", "there is no price zone 'jiangzu'"),
    }  # fmt: skip
    assert cli.main(["check", str(cells.folder), "--json"]) == 2
    printed = capsys.readouterr()
    record = json.loads(printed.out)
    assert record["status"] == "wrong case"
    found = {(f["where"], f["what"]) for f in record["findings"]}
    for where, what in expected:
        assert any(w == where and t.startswith(what) for w, t in found), f"{where}: {what} is not among {sorted(found)}"
    assert all(f["allowed"] for f in record["findings"])
    for where, _ in expected:
        assert where in printed.err.replace("\n", "")
