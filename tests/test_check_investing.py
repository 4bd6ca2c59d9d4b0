"""Rules, cost curves, replacements and ends of life that make no sense are refused where they stand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from test_check import Broken

from planner import check, check_investing
from planner.errors import Finding
from planner.language import translated

Fault = Callable[[Broken], tuple[str, str, str]]
SAID = {"source": "own_estimate", "confidence": "estimate"}


@pytest.fixture
def cells(tmp_path: Path) -> Broken:
    return Broken("battery", tmp_path / "cells")


def rule(b: Broken, kind: str, asset: str, **more: str) -> str:
    return b.add("rules", rule="new", kind=kind, asset=asset, **more)


def unknown_asset(b: Broken) -> tuple[str, str, str]:
    return rule(b, "exclusive", "laser_line"), "asset 'laser_line' is unknown", "laser_lines"


def unknown_need(b: Broken) -> tuple[str, str, str]:
    return rule(b, "requires", "led", needs="management"), "needs 'management' is unknown", "energy_management"


def need_without_a_need(b: Broken) -> tuple[str, str, str]:
    return rule(b, "requires", "led"), "a rule of the kind requires lacks `needs`", "what an asset needs"


def exclusive_with_a_need(b: Broken) -> tuple[str, str, str]:
    return rule(b, "exclusive", "led", needs="yield"), "a rule of the kind exclusive has `needs`", "what an asset needs"


def exclusive_of_one(b: Broken) -> tuple[str, str, str]:
    return rule(b, "exclusive", "led"), "rule 'new' allows 1 of 1 assets", "a whole number below the number of its assets"


def exclusive_of_two(b: Broken) -> tuple[str, str, str]:
    rule(b, "exclusive", "led")
    return rule(b, "exclusive", "yield", value="2"), "exclusive rule 'new' has a value", "one of its assets at most"


def half_an_option(b: Broken) -> tuple[str, str, str]:
    where = rule(b, "at_most", "led", value="1.5")
    rule(b, "at_most", "yield")
    return where, "rule 'new' allows 1.5 of 2 assets", "a whole number"


def no_number(b: Broken) -> tuple[str, str, str]:
    where = rule(b, "at_most", "led")
    rule(b, "at_most", "yield")
    return where, "rule 'new' has 0 values", "a value in one of its rows"


def two_kinds(b: Broken) -> tuple[str, str, str]:
    rule(b, "exclusive", "led")
    return rule(b, "together", "roof_pv", value="3"), "rule 'new' is exclusive and together", "one kind a rule"


def a_need_of_nothing(b: Broken) -> tuple[str, str, str]:
    return rule(b, "requires", "formation_shift", needs="yield", value="0", unit="site/MWh"), "rule 'new' needs 0 sizes for each", "above 0"


def sizes_of_two_units(b: Broken) -> tuple[str, str, str]:
    where = rule(b, "together", "roof_pv", value="10")
    rule(b, "together", "battery_2h")
    return where, "rule 'new' adds sizes in MW and MWh", "one unit"


def nothing_to_choose(b: Broken) -> tuple[str, str, str]:
    where = rule(b, "exclusive", "mixing")
    rule(b, "exclusive", "led")
    return where, "'mixing' can be neither built nor renewed in the horizon", "an option"


def more_stands_than_may(b: Broken) -> tuple[str, str, str]:
    where = rule(b, "together", "gas_boilers", value="50")
    rule(b, "together", "biomass")
    return where, "rule 'new' allows 50, but 60 stands there already", "at least what stands"


def smallest_above_largest(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "roof_pv"}, min_size="50"), "min_size of 'roof_pv' is above its largest size", "at most 40"


def smallest_of_what_stands(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "mixing"}, min_size="5"), "'mixing' has a smallest size but cannot be built", "candidates only"


def too_late(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "direct_wind"}, latest_year="2027")
    return where, "'direct_wind' can first run in 2029, after its latest_year 2027", "a later year"


def fixed_cost_of_a_measure(b: Broken) -> tuple[str, str, str]:
    b.override("led", "project_investment", "100000", "CNY", currency_year="2026")
    return b.place("assets", asset="led"), "measure 'led' has a project_investment and no smallest size", "a min_size above 0"


def points(b: Broken, *pairs: tuple[str, str], asset: str = "roof_pv") -> str:
    file = b.folder / "scale.csv"
    lines = ["asset,size,unit,share,source,confidence,note", *(f"{asset},{size},MW,{share},own_estimate,estimate," for size, share in pairs)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "cells/scale.csv row 2"


def curve_of_one(b: Broken) -> tuple[str, str, str]:
    return points(b, ("40", "1")), "a cost curve has one point", "two or more sizes"


def curve_of_nobody(b: Broken) -> tuple[str, str, str]:
    return points(b, ("1", "1"), asset="rooof_pv"), "asset 'rooof_pv' is unknown", "roof_pv"


def curve_out_of_order(b: Broken) -> tuple[str, str, str]:
    return points(b, ("20", "1"), ("10", "1"), ("40", "1")), "the sizes of the curve of 'roof_pv' do not rise", "order of their sizes"


def curve_that_falls(b: Broken) -> tuple[str, str, str]:
    return points(b, ("10", "1"), ("40", "0.2")), "on the curve of 'roof_pv' a larger one costs less", "rises with the size"


def curve_from_nothing(b: Broken) -> tuple[str, str, str]:
    return points(b, ("0", "1"), ("40", "1")), "the curve of 'roof_pv' begins at 0", "above 0"


def curve_too_short(b: Broken) -> tuple[str, str, str]:
    return points(b, ("10", "1"), ("20", "1")), "the curve of 'roof_pv' ends below its largest size", "40"


def curve_and_smallest(b: Broken) -> tuple[str, str, str]:
    points(b, ("10", "1"), ("40", "1"))
    return b.set("assets", {"asset": "roof_pv"}, min_size="5"), "'roof_pv' has a min_size and a cost curve", "one of them"


def replaced_by_nobody(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "chillers"}, replaced_by="chiller_high"), "replaced_by 'chiller_high' is unknown", "chillers_high"


def replaced_by_itself(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "chillers"}, replaced_by="chillers"), "'chillers' is its own replacement", "another asset"


def replaced_in_another_unit(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "chillers"}, replaced_by="chillers_high; cold_store")
    return where, "'chillers' is counted in MW, its replacement 'cold_store' in MWh", "the same unit"


def option_that_is_replaced(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "roof_pv"}, replaced_by="carport_pv"), "'roof_pv' is candidate and has replaced_by", "operating units only"


def overlap_with_nobody(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "chillers"}, overlap_years="1"), "'chillers' has overlap_years and no replacement", "replaced_by"


def end_without_a_sequel(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "mixing"}, end_year="2028")
    return where, "'mixing' ends with 2028, and neither a renewal nor a replacement is known", "may_retire yes"


def end_with_a_closed_sequel(b: Broken) -> tuple[str, str, str]:
    b.set("assets", {"asset": "chillers_high"}, max_size="0")
    where = b.set("assets", {"asset": "chillers"}, end_year="2028", replaced_by="chillers_high")
    return where, "'chillers' ends with 2028, and neither a renewal nor a replacement is known", "may_retire yes"


def age_of_nobody(b: Broken) -> tuple[str, str, str]:
    return b.set("assets", {"asset": "gas_boilers"}, in_service=""), "'gas_boilers' grows dearer with age and has no in_service", "a year"


def life_by_year(b: Broken) -> tuple[str, str, str]:
    b.override("roof_pv", "lifetime", "30", "year", year="2030")
    where = b.override("roof_pv", "lifetime", "25", "year", year="2026")
    first = where.rpartition(" ")[0] + f" {int(where.rpartition(' ')[2]) - 1}"
    return first, "lifetime differs from year to year, which only investments and costs may", "a later vintage is an asset of its own"


def share_by_year(b: Broken) -> tuple[str, str, str]:
    where = b.override("roof_pv", "fixed_cost", "0.02", "1/a", year="2026")
    b.override("roof_pv", "fixed_cost", "0.01", "1/a", year="2030")
    return where, "fixed_cost is a share of the investment that differs from year to year", "one share"


def budget(b: Broken, **cells: str) -> str:
    return b.add(
        "budgets", **({"budget": "purse", "counts": "yearly", "nominal": "no", "value": "1", "unit": "CNY", "currency_year": "2026"} | cells)
    )


def budget_in_tonnes(b: Broken) -> tuple[str, str, str]:
    return budget(b, unit="t"), "unit 't' cannot be read as 'CNY'", "a unit of CNY"


def budget_twice(b: Broken) -> tuple[str, str, str]:
    budget(b)
    return budget(b, year="2028"), "budget 'purse' has two limits in 2028", "one limit a year"


def budget_of_two_kinds(b: Broken) -> tuple[str, str, str]:
    budget(b, year="2027")
    return budget(b, year="2028", nominal="yes"), "budget 'purse' counts in two ways", "one way a budget"


def budget_of_no_money(b: Broken) -> tuple[str, str, str]:
    return budget(b, counts="discounted", nominal="yes"), "budget 'purse' is discounted and nominal", "real money"


def pace(b: Broken, technology: str, value: str, unit: str, **cells: str) -> str:
    return b.add("paces", technology=technology, value=value, unit=unit, **SAID, **cells)


def pace_of_nobody(b: Broken) -> tuple[str, str, str]:
    return pace(b, "pv_roof", "5", "MW"), "technology 'pv_roof' is unknown", "pv_rooftop"


def pace_of_half_units(b: Broken) -> tuple[str, str, str]:
    return pace(b, "pv_rooftop", "5", "unit"), "'pv_rooftop' is not built in whole units", "an amount in MW"


def pace_twice(b: Broken) -> tuple[str, str, str]:
    pace(b, "pv_rooftop", "5", "MW")
    return pace(b, "pv_rooftop", "6", "MW", year="2028"), "the pace of 'pv_rooftop' has two limits in 2028", "one limit a year"


def pace_in_two_units(b: Broken) -> tuple[str, str, str]:
    pace(b, "pv_rooftop", "5", "MW", year="2027")
    return pace(b, "pv_rooftop", "6000", "kW", year="2028"), "the pace of 'pv_rooftop' is given in two ways", "one unit"


def outage_of_what_may_grow(b: Broken) -> tuple[str, str, str]:
    where = b.set("assets", {"asset": "bf1"}, max_size="3000000")
    return where, "'bf1' has an outage for its renewal and may be built as well", "an asset of its own for what is new"


def line_in_two_ways(b: Broken) -> tuple[str, str, str]:
    return rule(b, "converts", "staged_rotors", needs="dry_room"), "'staged_rotors' converts 'dry_room' and replaces 'dry_room'", "either of them"


def line_of_a_store(b: Broken) -> tuple[str, str, str]:
    where = rule(b, "converts", "electrode_boilers", needs="lighting", value="1", unit="(MWh/a)/MW")
    return where, "'electrode_boilers' converts 'lighting' and has no unit_size", "whole units"


def line_of_another_unit(b: Broken) -> tuple[str, str, str]:
    return (
        rule(b, "converts", "electrode_boilers", needs="lighting"),
        "'electrode_boilers' is sized in MW, 'lighting' in MWh/a",
        "a value in (MWh/a)/(MW)",
    )


def rebuild(b: Broken, asset: str, month: str) -> str:
    for parameter, value in (("rebuild_outage", "2"), ("rebuild_month", month)):
        b.override(asset, parameter, value, "month")
    return b.place("assets", asset=asset)


def rebuild_into_the_year_it_runs(b: Broken) -> tuple[str, str, str]:
    where = rebuild(b, "nir_zones", "12")
    return where, "the rebuild_outage of 'nir_zones' goes on in the year in which it runs", "an outage that ends with the year"


def rebuild_of_a_whole_site(b: Broken) -> tuple[str, str, str]:
    return rebuild(b, "fan_drives", "3"), "'fan_drives' has a rebuild_outage and 3 hosts", "sized like it"


FAULTS: tuple[Fault, ...] = (
    unknown_asset, unknown_need, need_without_a_need, exclusive_with_a_need, exclusive_of_one, exclusive_of_two, half_an_option, no_number, two_kinds,
    a_need_of_nothing, sizes_of_two_units, nothing_to_choose, more_stands_than_may, smallest_above_largest, smallest_of_what_stands, too_late,
    fixed_cost_of_a_measure, curve_of_one, curve_of_nobody, curve_out_of_order, curve_that_falls, curve_from_nothing, curve_too_short, curve_and_smallest,
    replaced_by_nobody, replaced_by_itself, replaced_in_another_unit, option_that_is_replaced, overlap_with_nobody, end_without_a_sequel,
    end_with_a_closed_sequel, age_of_nobody, life_by_year, share_by_year, budget_in_tonnes, budget_twice, budget_of_two_kinds, budget_of_no_money,
    pace_of_nobody, pace_of_half_units, pace_twice, pace_in_two_units,
    line_in_two_ways, line_of_a_store, line_of_another_unit, rebuild_into_the_year_it_runs, rebuild_of_a_whole_site,
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_every_fault_is_found_where_it_stands(cells: Broken, fault: Fault) -> None:
    """Proves: file, row, what and what is allowed; without the finding the case would be planned as something else."""
    where, what, allowed = fault(cells)
    found = [f for f in cells.findings() if f.what == what]
    assert [f.where for f in found] == [where], cells.findings()
    assert allowed in found[0].allowed


def test_every_rule_is_tripped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: no rule of check_investing.py stands there without a case it refuses."""
    tripped = set()

    def named(rule: check.Rule) -> check.Rule:
        def listening(*given: object) -> list[Finding]:
            found = list(rule(*given))  # type: ignore[arg-type]
            tripped.update([rule.__name__] if found else [])
            return found

        return listening  # type: ignore[return-value]

    monkeypatch.setattr(check, "RULES", tuple(named(rule) for rule in check_investing.RULES))
    faults = (
        more_stands_than_may,
        curve_too_short,
        overlap_with_nobody,
        end_without_a_sequel,
        outage_of_what_may_grow,
        line_in_two_ways,
        rebuild_of_a_whole_site,
    )
    for n, fault in enumerate(faults):
        broken = Broken("steel" if fault is outage_of_what_may_grow else "battery", tmp_path / str(n) / "cells")
        fault(broken)
        broken.findings()
    assert tripped == {rule.__name__ for rule in check_investing.RULES}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_every_fault_is_said_in_chinese(cells: Broken, fault: Fault) -> None:
    """Proves: no finding of investing reaches a Chinese reader in English; names and columns of tables stay as they are."""
    _, what, _ = fault(cells)
    found = next(f for f in cells.findings() if f.what == what)
    assert translated(what, "zh") != what
    for part in found.allowed.split(", "):
        assert translated(part, "zh") != part or part in ("latest_year", "no_case"), part
