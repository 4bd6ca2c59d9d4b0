"""A case that is broken in one place is refused there: file, row, what is wrong and what is allowed - and all places at once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from faults import FAULTS, Broken

from planner import check, check_trade, cli, run, translate
from planner.errors import CaseError, Finding
from planner.plant import Plant
from planner.year import Year


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
