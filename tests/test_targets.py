"""Targets of every kind: what a row means, what the plan does about it, and that the audit sees a plan that does not keep it."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import tiny
from pytest import approx
from test_audit import PLANT, YEAR, edited, failed

from models.solution import Solution
from planner import case as cases
from planner import plant as plants
from planner import results, translate
from planner.account.planned import account_of
from planner.audit import audit
from planner.errors import CaseError
from planner.plant import Plant
from planner.targets import TCE, Target

LAST = 2030
HEAT = {"coal": 0.7, "electricity": 0.123}


def asked(*targets: Target) -> Plant:
    """The audit's small works with these targets and no other."""
    wanted = {t.name: t for t in targets}
    return replace(
        PLANT,
        targets=wanted,
        caps={g: t.counts for g, t in wanted.items()},
        cap_limit={(g, y): v for g, t in wanted.items() for y, v in t.limit.items()},
    )


KINDS: dict[str, Target] = {
    "purchased power": Target("wire", "emissions", "purchased", "location", limit={LAST: 45.0}),
    "energy, calorific": Target("tce", "energy", "direct_energy", "location", basis="calorific", unit="tce", limit={LAST: 220.0}, weight=HEAT),
    "a sum of years": Target("sum", "emissions", "direct", "location", sums=True, limit={LAST: 4600.0}),
    "a share of green power": Target("green", "green_share", "direct_energy", "location", unit="share", limit={LAST: 0.0}, share={LAST: 0.6}),
    "a physical share": Target("own", "physical_share", "direct_energy", "location", unit="share", limit={LAST: 0.0}, share={LAST: 0.15}),
    "own reduction": Target("cut", "own_reduction", "direct_energy", "location", unit="share", limit={LAST: 700.0}, base=1100.0, base_factor=0.6),
    "at a price": Target("soft", "emissions", "direct", "location", limit={LAST: 400.0}, price={LAST: 0.01}),
}  # fmt: skip


@cache
def planned(kind: str) -> tuple[Plant, Solution]:
    plant = asked(KINDS[kind])
    solution = tiny.plan(translate.inputs(plant, YEAR))
    assert solution.status == "optimal"
    return plant, solution


@pytest.mark.parametrize("kind", KINDS)
def test_the_audit_passes_a_plan_that_keeps_a_target(kind: str) -> None:
    """Proves: what the model counts is what the audit recounts from the plant and the plan; and the target binds (or is passed for money)."""
    plant, solution = planned(kind)
    found = audit(plant, YEAR, solution)
    assert found.passed, found.faults
    (name,) = plant.caps
    counted = solution.value("cap.counted")[name, LAST]
    over = solution.value("cap.over").get((name, LAST), 0.0)
    assert counted - over <= plant.cap_limit[name, LAST] + 1e-6
    assert (over > 1) == (kind == "at a price")


@pytest.mark.parametrize("kind", KINDS)
def test_the_audit_refuses_a_target_that_counts_less(kind: str) -> None:
    """Proves: a plan whose count is 1 % off is refused by name."""
    plant, solution = planned(kind)
    name = next(iter(plant.caps))

    def off(table):  # type: ignore[no-untyped-def]
        table.loc[table["i1"] == LAST, "value"] += 0.01 * max(abs(solution.value("cap.counted")[name, LAST]), 100.0)

    assert "caps counted" in failed(audit(plant, YEAR, edited(solution, "cap.counted", off)))


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "at a price"])
def test_the_audit_refuses_a_target_that_is_missed(kind: str) -> None:
    """Proves: the same plan under a target a tenth below what it counts (a share: 0.2 more) is refused, though it counts right."""
    plant, solution = planned(kind)
    target = next(iter(plant.targets.values()))
    tighter = replace(target, limit={LAST: 0.9 * solution.value("cap.counted")[target.name, LAST]})
    if target.share:
        tighter = replace(target, share={LAST: target.share[LAST] + 0.2})
    bad = failed(audit(asked(tighter), YEAR, solution))
    assert bad & {"caps met", "caps counted"}


def test_the_audit_refuses_physical_power_that_was_not_made() -> None:
    plant, solution = planned("a physical share")

    def more(table):  # type: ignore[no-untyped-def]
        table["value"] -= 5.0

    assert {"physical supply", "caps counted"} <= failed(audit(plant, YEAR, edited(solution, "physical.beside", more)))


def test_what_is_passed_must_be_paid() -> None:
    """Proves: a hard limit that is passed, and a price that is not paid, are refused."""
    plant, solution = planned("at a price")
    hard = asked(replace(KINDS["at a price"], price={}))
    assert {"caps passed"} <= failed(audit(hard, YEAR, solution))

    def free(table):  # type: ignore[no-untyped-def]
        table.loc[table["i0"] == "soft passed", "value"] = 0.0

    assert "running costs" in failed(audit(plant, YEAR, edited(solution, "cost.running", free)))


@pytest.mark.parametrize("kind", ["a share of green power", "a physical share"])
def test_a_share_is_told_as_the_account_has_it(kind: str) -> None:
    """Proves: the table of targets says the share of the account, which is at least what is asked for."""
    plant, solution = planned(kind)
    made = account_of(plant, YEAR, solution)
    row = results.targets(plant, solution, made).iloc[0]
    green = next(g for g in made.green if g.year == LAST)
    assert row["value"] == approx(green.share if kind == "a share of green power" else green.physical_share)
    assert row["value"] >= row["limit"] - 1e-6
    assert row["unit"] == "share"


# Rows of a case -------------------------------------------------------------------------------------------------------------


def battery(tmp_path: Path, *rows: str, **settings: str) -> Plant:
    """The battery plant with these rows of caps.csv (cap,measure,scope,view,per,basis,counts,year,share,value,unit,price)."""
    import shutil

    folder = tmp_path / "battery"
    shutil.copytree(cases.DATA / "cases" / "battery", folder)
    head = "cap,measure,scope,view,per,basis,counts,year,share,value,unit,price"
    (folder / "caps.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return plants.resolve(cases.read(folder, [(key.replace("__", "."), value) for key, value in settings.items()]))


def test_an_intensity_is_its_limit_times_the_output(tmp_path: Path) -> None:
    """Proves: 10 kg CO2/kWh of cells at 20 GWh a year are 200 kt; read as an amount it would be nothing."""
    plant = battery(tmp_path, "per,,,,product,,,2030,,10,kg/kWh,")
    made = plant.demand["battery_cell", LAST] * 1e3
    assert plant.cap_limit["per", LAST] == approx(10 * made / 1e3)
    assert plant.targets["per"].unit == "t/MWh"
    assert plant.targets["per"].said(plant.cap_limit["per", LAST], LAST) == approx(10)


def test_value_added_and_the_base_year(tmp_path: Path) -> None:
    """Proves: 83 % of the base year's emissions per value added, with 300000 MWh then, 100000 CNY a MWh, and output as planned."""
    settings = {"base_year__value_added": "3e10", "product__value_added": "100000"}
    plant = battery(tmp_path, "dual,,,,value_added,,,2030,0.83,,,", **settings)
    made = plant.demand["battery_cell", LAST] * 1e3
    assert plant.cap_limit["dual", LAST] * 1e3 == approx(0.83 * 263915.3 / 3e10 * 100000 * made)


def test_energy_by_equivalent_and_calorific_value(tmp_path: Path) -> None:
    """Proves: electricity is 0.2856 or 3.6/29.3076 = 0.1228 tce/MWh, gas 1/29.3076 tce/GJ in both; of fossil energy power is none."""
    plant = battery(tmp_path, "a,energy,,,,equivalent,,2030,,1e6,tce,", "b,energy,,,,calorific,,2030,,1e6,,", "c,fossil_energy,,,,,,2030,,1e6,GJ,")
    a, b, c = (plant.targets[g] for g in "abc")
    assert a.weight["electricity"] == approx(0.2856)
    assert b.weight["electricity"] == approx(3.6 / TCE)
    assert a.weight["natural_gas"] == b.weight["natural_gas"] == c.weight["natural_gas"] == approx(1 / TCE)
    assert "electricity" not in c.weight
    assert plant.cap_limit["c", LAST] == approx(1e6 / TCE / 1e3)


def test_a_price_makes_it_soft(tmp_path: Path) -> None:
    assert battery(tmp_path, "soft,,,,,,,2030,0.5,,,300").targets["soft"].price == {LAST: approx(0.3)}


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "a misspelt measure": (("a,emission,,,,,,2030,0.5,,,",), "emission"),
    "a misspelt scope": (("a,,dirct,,,,,2030,0.5,,,",), "dirct"),
    "a share without a base year": (("a,,purchased,,,,,2030,0.5,,,",), "base_year.purchased"),
    "a unit of something else": (("a,energy,,,,,,2030,,5,t,",), "tce"),
    "no limit": (("a,,,,,,,2030,,,,",), "no limit"),
    "one name for two kinds": (("a,,,,,,,2029,0.5,,,", "a,,,market,,,,2030,0.5,,,"), "view of a"),
    "an intensity without value added": (("a,,,,value_added,,,2030,,1,t/CNY,",), "product.value_added"),
    "a share above 1": (("a,green_share,,,,,,2030,1.5,,,",), "at most 1"),
    "a share per product": (("a,green_share,,,product,,,2030,0.5,,,",), "share already"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said(what: str, tmp_path: Path) -> None:
    rows, word = WRONG[what]
    with pytest.raises(CaseError) as caught:
        battery(tmp_path, *rows, product__value_added="0")  # as if nothing were known of it
    assert any(word in f"{f.what} {f.allowed}" for f in caught.value.findings), caught.value.findings
    assert all("caps.csv" in f.where for f in caught.value.findings)
