"""The audit passes an honest plan, and refuses every plan that was made wrong by one number - in the check that says so."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tiny

from models.solution import Solution
from planner import audit_trade, translate
from planner.audit import Audit, audit
from planner.calendar import TypicalDays
from planner.money import Horizon
from planner.plant import Asset, Market, Plant
from planner.rules import Budget, Pace, Rules
from planner.year import Year

YEARS = (2026, 2027, 2028, 2029, 2030)
Case = tuple[Plant, Year, Solution]
Mutation = Callable[[Plant, Year, Solution], Case]


# A small works: a furnace that ends in 2028, its measures, an arc furnace in its place, a mill, solar power, a battery -----


def asset(name: str, kind: str = "converter", operation: str = "flat", **given: Any) -> Asset:
    numbers: dict[str, Any] = {
        "technology": name, "lever": "technology", "status": "candidate" if given.get("max_size") else "operating", "unit": "t/a", "activity_unit": "t",
        "per_site": False, "hosts": (), "replaces": None, "potential": None, "area": None, "profile": None, "size": 0.0, "in_service": None,
        "end_year": None, "may_retire": False, "max_size": 0.0, "module": None, "lead_years": 0, "lifetime": 20.0, "ratio": {}, "saving": {},
        "uptake": 1.0, "availability": 1.0, "renewal_investment": None, "renewal_outage": 0, "renewal_begins": 0, "renewal_lifetime": 15.0, "area_per_size": 0.0,
        "charge_efficiency": 1.0, "discharge_efficiency": 1.0, "standing_loss": 0.0, "duration": 1.0, "estimated": False,
    }  # fmt: skip
    money = {k: dict.fromkeys(YEARS, given.pop(k, 0.0)) for k in ("investment", "fixed_cost", "variable_cost")}
    numbers |= given
    return Asset(name=name, kind=kind, operation=operation, first_service=2026 + numbers["lead_years"], **money, **numbers)


def measure(name: str, *hosts: str, **given: Any) -> Asset:
    return asset(name, kind="measure", hosts=hosts, **given)


ASSETS = (
    asset(
        "furnace", size=1000.0, module=250.0, in_service=2006, end_year=2028, may_retire=True, ageing=0.02, replaced_by=("arc", "spare"), availability=0.95, ratio={"coal": -0.5, "ore": -1.5, "electricity": -0.1, "iron": 1.0},
        renewal_investment=0.8, renewal_outage=91, renewal_begins=60, fixed_cost=0.05, variable_cost=0.1,
    ),
    asset("spare", size=100.0, module=50.0, end_year=2040, may_retire=True, ratio={"coal": -0.8, "ore": -1.5, "iron": 1.0}, fixed_cost=0.1),
    asset("arc", max_size=500.0, module=250.0, lead_years=3, replaces="furnace", ratio={"scrap": -1.1, "electricity": -0.5, "iron": 1.0}, investment=1.0, fixed_cost=0.02, profile="shift"),
    asset("mill", size=1000.0, end_year=2027, renewal_investment=0.02, ratio={"iron": -1.02, "electricity": -0.1, "coil": 1.0}, variable_cost=0.01),
    asset("solar", operation="flexible", profile="pv", max_size=200.0, lead_years=1, area="roof", area_per_size=5.0, ratio={"electricity": 1.0}, investment=2.5, fixed_cost=0.02,
          curve=((20.0, 1.2), (60.0, 1.05), (200.0, 1.0)), vintage_cost={2027: -0.001, 2028: -0.002, 2029: -0.003, 2030: -0.004}),
    asset("battery", kind="store", operation="flexible", max_size=200.0, ratio={"electricity": 1.0}, investment=0.5, lifetime=4.0, variable_cost=0.001,
          charge_efficiency=0.95, discharge_efficiency=0.94, standing_loss=0.001, duration=2.0),
    measure("saver", "furnace", max_size=800.0, min_size=100.0, lead_years=1, saving={"coal": 0.05}, investment=0.02, variable_cost=0.001),
    measure("tuner", "furnace", "mill", per_site=True, max_size=1.0, module=1.0, saving={"coal": 0.04, "electricity": 0.05}, uptake=0.9, investment=2.0),
    measure("heat_a", "furnace", max_size=400.0, potential="gas", ratio={"electricity": 0.03}, investment=0.03, project_investment=dict.fromkeys(YEARS, 0.5), min_size=50.0),
    measure("heat_b", "furnace", max_size=1000.0, potential="gas", ratio={"electricity": 0.02}, investment=0.03),
    measure("capture", "furnace", max_size=1000.0, lead_years=2, uptake=0.5, ratio={"captured_co2": 0.6, "electricity": -0.08}, investment=0.3),
)  # fmt: skip


def market(name: str, carrier: str, price: float, *, buys: bool = True, role: str = "supply", limit: float | None = None) -> Market:
    return Market(
        name, carrier, buys, role, {} if role == "grid" else dict.fromkeys(YEARS, price), {} if limit is None else dict.fromkeys(YEARS, limit)
    )


MARKETS = (
    market("grid", "electricity", 0.0, role="grid"), market("export", "electricity", 0.2, buys=False), market("coal", "coal", 0.8), market("ore", "ore", 0.7),
    market("scrap", "scrap", 1.3, limit=300.0), market("bought_iron", "iron", 1.68, limit=150.0), market("proofs", "green", 0.01, role="certificate"),
    market("well", "captured_co2", -0.25, buys=False, role="storage_sink"),
)  # fmt: skip

RULES = Rules(
    at_most={"heat": (("heat_a", "heat_b", "saver"), 3)}, needs={("capture", "tuner"): 1000.0}, together={"power": (("solar", "battery"), 400.0)},
    budgets=(Budget("purse", "yearly", {2026: 900.0, 2030: 900.0}, dict.fromkeys(YEARS, 1.0)), Budget("chest", "discounted", {2030: 2000.0}, dict.fromkeys(YEARS, 1.0))),
    paces=(Pace("solar", False, dict.fromkeys(YEARS, 150.0), 0.5),),
)  # fmt: skip

PLANT = Plant(
    name="works", horizon=Horizon(2026, 2030, 0.08), decide_from=2026, assets={a.name: a for a in ASSETS},
    carriers={"coal": "year", "ore": "year", "scrap": "year", "iron": "year", "coil": "year", "captured_co2": "year", "electricity": "step", "green": "none"},
    units={}, carbon={"coal": 2.5, "scrap": 0.05, "iron": 0.05, "coil": 0.05, "captured_co2": 1.0}, carbon_biogenic={}, embodied={"iron": 2.0},
    markets={m.name: m for m in MARKETS}, demand={("coil", y): 800.0 for y in YEARS} | {("electricity", y): 20.0 for y in YEARS},
    demand_profile={"coil": None, "electricity": "shift"}, areas={"roof": 600.0},
    grid_factor={(view, y): f for view, f in (("location", 0.5), ("market", 0.7)) for y in YEARS},
    caps={"total": ("direct_energy", "location"), "green": ("direct_energy", "market"), "stack": ("direct", "location")},
    cap_limit={("total", 2029): 1000.0, ("total", 2030): 580.0, ("green", 2030): 560.0, ("stack", 2030): 1500.0}, carbon_price=0.02, connection=40.0, rules=RULES,
)  # fmt: skip

DAYS = TypicalDays(
    steps=tuple(f"m{m}d1s{n}" for m in ("01", "07") for n in range(4)), day=("m01d1",) * 4 + ("m07d1",) * 4, group=("m01",) * 4 + ("m07",) * 4,
    hours=np.array([7.0, 5.0, 6.0, 6.0] * 2), weight=np.array([200.0] * 4 + [165.0] * 4),
    previous=tuple(f"m{m}d1s{n}" for m in ("01", "07") for n in (3, 0, 1, 2)),
    profiles={
        "price": np.array([0.25, 0.6, 0.5, 0.95, 0.3, 0.6, 0.5, 1.1]), "pv": np.array([0.0, 0.4, 0.3, 0.0, 0.0, 0.6, 0.5, 0.05]),
        "shift": np.array([0.8, 1.2, 1.1, 0.9] * 2),
    },
    days={"m01d1": tuple(range(200)), "m07d1": tuple(range(200, 365))}, months={"m01": 6, "m07": 6},
)  # fmt: skip
YEAR = Year(hourly=pd.DataFrame(), days=DAYS, demand_charge=0.03, notes=())


@cache
def honest() -> Solution:
    solution = tiny.plan(translate.inputs(PLANT, YEAR))
    assert solution.status == "optimal"
    return solution


def failed(found: Audit) -> set[str]:
    return set(found.checks.loc[~found.checks["passed"], "check"])


# Making plans wrong ---------------------------------------------------------------------------------------------


def edited(solution: Solution, name: str, edit: Callable[[pd.DataFrame], pd.DataFrame | None]) -> Solution:
    table = solution.tables[name].copy()
    changed = edit(table)
    return replace(solution, tables={**solution.tables, name: table if changed is None else changed})


def scaled(name: str, factor: float, *index: Any, count: int = 1) -> Mutation:
    """The largest values of a table (at the index that is given, None: any) times a factor."""

    def mutate(plant: Plant, year: Year, solution: Solution) -> Case:
        def edit(table: pd.DataFrame) -> None:
            here = np.logical_and.reduce([np.ones(len(table), dtype=bool), *(table[f"i{n}"] == i for n, i in enumerate(index) if i is not None)])
            largest = table.loc[here, "value"].abs().nlargest(count)
            assert largest.min() > 1e-3, f"{name} {index} is not used by this plan, the mutation would be void"
            table.loc[largest.index, "value"] *= factor

        return plant, year, edited(solution, name, edit)

    return mutate


def added(name: str, amount: float, *index: Any) -> Mutation:
    """An amount more at one index, in a new row where there is none."""

    def mutate(plant: Plant, year: Year, solution: Solution) -> Case:
        def edit(table: pd.DataFrame) -> pd.DataFrame:
            here = np.logical_and.reduce([table[f"i{n}"] == i for n, i in enumerate(index)])
            table.loc[here, "value"] += amount
            more = pd.DataFrame([(*index, amount)], columns=table.columns)
            return table if here.any() else pd.concat([table.astype(more.dtypes.to_dict()), more], ignore_index=True)

        return plant, year, edited(solution, name, edit)

    return mutate


def both(*mutations: Mutation) -> Mutation:
    def mutate(plant: Plant, year: Year, solution: Solution) -> Case:
        for each in mutations:
            plant, year, solution = each(plant, year, solution)
        return plant, year, solution

    return mutate


def plant_with(**changes: Any) -> Mutation:
    return lambda plant, year, solution: (replace(plant, **changes), year, solution)


def asset_with(name: str, **changes: Any) -> Mutation:
    return lambda plant, year, solution: (replace(plant, assets={**plant.assets, name: replace(plant.assets[name], **changes)}), year, solution)


def rules_with(**changes: Any) -> Mutation:
    return plant_with(rules=replace(RULES, **changes))


def days_with(**changes: Any) -> Mutation:
    return lambda plant, year, solution: (plant, replace(year, days=replace(year.days, **changes)), solution)


def cost_times(factor: float) -> Mutation:
    return lambda plant, year, solution: (plant, year, replace(solution, cost=(solution.cost or 0.0) * factor))


def captured_twice(plant: Plant, year: Year, solution: Solution) -> Case:
    stored = solution.value("market.amount")["well", 2030]
    assert stored > 1
    twice = both(added("emissions.direct", -stored, 2030), added("emissions.by_source", -stored, "capture", 2030))
    return twice(plant, year, solution)


def savings_that_do_not_compound(plant: Plant, year: Year, solution: Solution) -> Case:
    done = solution.value("converter.activity")["furnace", 2028]
    before = solution.value("measure.saved")["tuner", "furnace", "coal", 2028]
    assert solution.value("measure.saved")["saver", "furnace", "coal", 2028] > 0
    return added("measure.saved", 0.04 * 0.9 * 0.5 * done - before, "tuner", "furnace", "coal", 2028)(plant, year, solution)


def bought_and_sold(plant: Plant, year: Year, solution: Solution) -> Case:
    """Ten megawatts bought and sold in the same step: every balance still holds."""
    kilohours = float(DAYS.hours[0] * DAYS.weight[0] / 1e3)
    ways = [both(added("market.flow", 10.0, k, 2026, "m01d1s0"), added("market.amount", 10.0 * kilohours, k, 2026)) for k in ("grid", "export")]
    return both(*ways)(plant, year, solution)


def paid_at_once(plant: Plant, year: Year, solution: Solution) -> Case:
    parts = {y: v for (a, y), v in solution.value("cost.investing").items() if a == "arc" and v > 0}
    first, last = min(parts), max(parts)
    assert first < last
    return both(added("cost.investing", -parts[first], "arc", first), added("cost.investing", parts[first], "arc", last))(plant, year, solution)  # type: ignore[arg-type]


def a_year_early(plant: Plant, year: Year, solution: Solution) -> Case:
    """The arc furnace runs, and is paid, one year before its lead time allows."""
    built, unit = solution.value("capacity.built"), solution.value("capacity.units")
    assert built["arc", 2029] > 0
    moved = [
        both(added(t, v["arc", 2029], "arc", 2028), added(t, -v["arc", 2029], "arc", 2029))
        for t, v in (("capacity.built", built), ("capacity.units", unit))
    ]
    return both(*moved, added("capacity.size", built["arc", 2029], "arc", 2028))(plant, year, solution)


def without_table(plant: Plant, year: Year, solution: Solution) -> Case:
    return plant, year, replace(solution, tables={k: v for k, v in solution.tables.items() if k != "store.level"})


def twice_in_the_table(plant: Plant, year: Year, solution: Solution) -> Case:
    return plant, year, edited(solution, "market.amount", lambda t: pd.concat([t, t.iloc[:1]], ignore_index=True))


MUTATIONS: dict[str, tuple[Mutation, str]] = {
    "a value of an unknown asset": (added("capacity.size", 1.0, "ghost", 2026), "tables"),
    "a table is missing": (without_table, "tables"),
    "an index comes twice": (twice_in_the_table, "tables"),
    "a value is no number": (scaled("demand.peak", np.nan), "tables"),
    "a sale is negative": (added("market.flow", -1.0, "export", 2026, "m01d1s0"), "no negative values"),
    "solar power 1 % too high": (scaled("converter.output", 1.01, "solar"), "step balances"),
    "flat use of power 1 % too low": (scaled("converter.activity", 0.99, "mill", 2027), "step balances"),
    "charging that comes from nowhere": (scaled("store.charge", 0.99), "step balances"),
    "ore 1 % short": (scaled("market.amount", 0.99, "ore", 2026), "year balances"),
    "more is to be delivered": (plant_with(demand={**PLANT.demand, ("coil", 2028): 808.0}), "year balances"),
    "a demand that is balanced nowhere": (plant_with(demand={**PLANT.demand, ("green", 2028): 10.0}), "year balances"),
    "a size 1 % too large": (scaled("capacity.size", 1.01, "mill", 2026), "sizes"),
    "a furnace that outlives its end": (added("capacity.size", 250.0, "furnace", 2029), "sizes"),
    "a renewal wears out": (asset_with("furnace", renewal_lifetime=1.0), "sizes"),
    "a battery wears out": (asset_with("battery", lifetime=2.0), "sizes"),
    "a capacity before its lead time": (a_year_early, "lead times"),
    "a lead time grows": (asset_with("arc", lead_years=4), "lead times"),
    "half a unit": (both(scaled("capacity.built", 1.5, "arc"), scaled("capacity.units", 1.5, "arc")), "whole units"),
    "units and size disagree": (scaled("capacity.units", 2.0, "arc"), "whole units"),
    "more is built than may be": (asset_with("saver", max_size=500.0), "build limits"),
    "more retired than stood": (added("capacity.retired", 1500.0, "furnace", 2028), "retirement"),
    "retired though it may not": (both(added("capacity.retired", 500.0, "furnace", 2028), asset_with("furnace", may_retire=False)), "retirement"),
    "renewed more than stood": (scaled("capacity.renewed", 3.0, "furnace"), "renewal"),
    "a project below its smallest size": (asset_with("capture", min_size=200.0), "smallest sizes"),
    "built after its last year": (asset_with("solar", latest_service=2026), "latest years"),
    "one option too many": (rules_with(at_most={"heat": (("heat_a", "heat_b", "saver"), 2)}), "choices"),
    "without what it needs": (rules_with(needs={("capture", "tuner"): 0.1}), "prerequisites"),
    "a shared size exceeded": (rules_with(together={"power": (("solar", "battery"), 20.0)}), "shared sizes"),
    "what must be adopted is not": (rules_with(required={"battery": 1000.0}), "options that must be adopted"),
    "an end of life that nobody renews": (asset_with("furnace", may_retire=False, replaced_by=()), "renewals that are due"),
    "the new not before the old": (asset_with("furnace", overlap_years=3), "new before old"),
    "one replacement for two": (scaled("succession.stands_in", 3.0), "new before old"),
    "a budget exceeded": (rules_with(budgets=(Budget("purse", "yearly", {2029: 1.0}, dict.fromkeys(YEARS, 1.0)),)), "budgets"),
    "a budget of today's money": (rules_with(budgets=(Budget("chest", "cumulative", {2030: 10.0}, dict.fromkeys(YEARS, 1.0)),)), "budgets"),
    "built too fast": (rules_with(paces=(Pace("solar", False, dict.fromkeys(YEARS, 1.0), 0.0),)), "paces"),
    "a retrofit worth more than its host carries": (scaled("lasting.lives_on", 1.5), "value on hosts"),
    "an old unit for the price of a new one": (asset_with("furnace", ageing=0.0), "running costs"),
    "an old vintage for the price of a new one": (asset_with("solar", vintage_cost={}), "running costs"),
    "a price without its curve": (asset_with("solar", curve=((20.0, 1.1), (200.0, 1.0))), "investment"),
    "a project that costs nothing to begin": (asset_with("heat_a", project_investment={}), "investment"),
    "two units in one place": (asset_with("solar", replaces="arc"), "places"),
    "a roof too small": (plant_with(areas={"roof": 100.0}), "areas"),
    "a furnace less available": (asset_with("furnace", availability=0.5), "activities"),
    "less sun": (days_with(profiles={**DAYS.profiles, "pv": DAYS.profiles["pv"] * 0.9}), "outputs"),
    "a level not cyclic": (scaled("store.level", 0.9), "store balances"),
    "a store without losses": (asset_with("battery", charge_efficiency=1.0), "store balances"),
    "a level carried into another day": (days_with(previous=(DAYS.steps[-1], *DAYS.steps[:-1])), "store days"),
    "a store overfull": (scaled("store.level", 1.5, "battery", 2028), "store levels"),
    "a store too quick": (asset_with("battery", duration=12.0), "store power"),
    "a measure larger than built": (scaled("measure.activity", 1.2, "heat_a"), "measure sizes"),
    "a site-wide measure half built": (scaled("capacity.size", 0.5, "tuner", count=5), "measure sizes"),
    "a measure beyond its share of the host": (asset_with("capture", uptake=0.2), "measure hosts"),
    "heat used twice": (asset_with("saver", potential="gas"), "potentials"),
    "a saving doubled": (scaled("measure.saved", 2.0, "saver"), "savings"),
    "savings that do not compound": (savings_that_do_not_compound, "savings"),
    "a year's trade unlike its steps": (scaled("market.amount", 1.01, "grid"), "trade amounts"),
    "a market exhausted": (plant_with(markets={**PLANT.markets, "scrap": replace(PLANT.markets["scrap"], limit=dict.fromkeys(YEARS, 10.0))}), "market limits"),
    "a thinner connection": (plant_with(connection=20.0), "connection"),
    "power bought and sold at once": (bought_and_sold, "one way at a time"),
    "a peak too low": (scaled("demand.peak", 0.9), "peaks"),
    "more certificates than power": (scaled("market.amount", 100.0, "proofs"), "certificates"),
    "a source 1 % cleaner": (scaled("emissions.by_source", 0.99, "furnace"), "emissions by source"),
    "a sum unlike its sources": (scaled("emissions.direct", 0.99), "direct emissions"),
    "captured carbon counted twice": (captured_twice, "carbon boundary"),
    "carbon that vanishes in a product": (plant_with(carbon={**PLANT.carbon, "coil": 0.02}), "carbon boundary"),
    "certificates in no view": (scaled("emissions.energy", 1.05, "market", 2030), "purchased energy"),
    "a cleaner grid": (scaled("emissions.energy", 0.9, "location"), "purchased energy"),
    "bought iron without a past": (scaled("emissions.outsourced", 0.0), "outsourced"),
    "a cap that looks away": (scaled("cap.counted", 0.95, "total", 2030), "caps counted"),
    "a cap in an unknown scope": (plant_with(caps={**PLANT.caps, "stack": ("scope 1", "location")}), "caps counted"),
    "a cap exceeded": (plant_with(cap_limit={**PLANT.cap_limit, ("total", 2030): 570.0}), "caps met"),
    "a limit of no cap": (plant_with(cap_limit={**PLANT.cap_limit, ("totl", 2030): 10.0}), "caps met"),
    **{
        f"{part} 1 % cheaper": (scaled("cost.running", 0.99, part), "running costs")
        for part in ("fixed", "variable", "carbon price", "grid", "coal", "grid demand charge", "well", "proofs")
    },
    "an investment paid at once": (paid_at_once, "investment"),
    "a renewal for less": (scaled("cost.investing", 0.9, "furnace"), "investment"),
    "a value left 1 % higher": (scaled("cost.credited", 1.01), "value left"),
    "another rule at the end": (plant_with(horizon=replace(PLANT.horizon, rule="straight_line")), "value left"),
    "a cost discounted by a year more": (cost_times(1 / 1.08), "discounted cost"),
    "another interest": (plant_with(horizon=replace(PLANT.horizon, rate=0.079)), "discounted cost"),
    "a tail forgotten": (plant_with(horizon=replace(PLANT.horizon, tail_years=1)), "discounted cost"),
}  # fmt: skip


def test_an_honest_plan_passes() -> None:
    found = audit(PLANT, YEAR, honest())
    assert found.passed, found.faults
    assert found.faults == ()
    assert found.largest_residual < 1e-6
    assert list(found.checks.columns) == ["check", "count", "largest_residual", "passed"]
    assert (found.checks["count"] > 0).all()


def test_the_plan_uses_everything_that_is_audited() -> None:
    tables = honest().tables
    idle = {name for name, table in tables.items() if not table["value"].abs().max() > 1e-6}
    elsewhere = (
        "green.",
        "physical.",
        "cap.over",
        "dues.",
        "commitment.",
        "shift.",
        "season.",
        "shed.",
        "reserve.",
        "rebuild.",
    )  # and what is traded: test_audit_trade.py, _units.py, _stores.py, _backup.py, _rebuild.py, test_targets.py
    assert {name for name in idle if name not in audit_trade.TABLES and not name.startswith(elsewhere)} == set()
    for name in ("measure.activity", "capacity.built"):
        used = tables[name].loc[tables[name]["value"] > 1e-6, "i0"]
        assert set(used) == set(tables[name]["i0"])


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_wrong_plan_is_refused_in_the_check_that_says_so(name: str) -> None:
    mutate, check = MUTATIONS[name]
    found = audit(*mutate(PLANT, YEAR, honest()))
    assert not found.passed
    assert check in failed(found)
    assert found.largest_residual > 1e-6
    told = [fault for fault in found.faults if fault.startswith(f"{check}: ")]
    assert told
    assert {f.partition(":")[0] for f in found.faults} == failed(found)


def test_every_check_has_a_plan_it_refuses() -> None:
    """Those of contracts, bills and green power have theirs in test_audit_trade.py, of further targets in test_targets.py, of backup in test_audit_backup.py."""
    elsewhere = {"pledges", "billing", "bills", "caps passed", "physical supply", "use unserved"}
    assert set(audit(PLANT, YEAR, honest()).checks["check"]) - elsewhere == {check for _, check in MUTATIONS.values()}


def test_a_fault_says_what_where_and_by_how_much() -> None:
    size = honest().value("capacity.size")["mill", 2026]
    found = audit(*added("capacity.size", 10.0, "mill", 2026)(PLANT, YEAR, honest()))
    assert f"sizes: mill 2026 is {size + 10:.9g} instead of {size:.9g}, off by 10 (9.9e-03 relative)" in found.faults


def test_many_faults_of_one_check_are_counted_not_listed() -> None:
    found = audit(*scaled("market.flow", 1.01, "grid", count=15)(PLANT, YEAR, honest()))
    told = [fault for fault in found.faults if fault.startswith("step balances")]
    assert len(told) == 6
    assert told[-1] == "step balances: 10 more like these"


@pytest.mark.parametrize("off, passes", [(1e-9, True), (0.9e-6, True), (1.2e-6, False)])
def test_the_tolerance_is_a_millionth_of_the_throughput(off: float, passes: bool) -> None:
    mutate = scaled("emissions.outsourced", 1 + off)
    assert honest().tables["emissions.outsourced"]["value"].max() > 1  # below 1 kt the absolute floor would act
    assert ("outsourced" not in failed(audit(*mutate(PLANT, YEAR, honest())))) is passes


# Odd plans --------------------------------------------------------------------------------------------------------


def test_no_plan_is_no_pass() -> None:
    found = audit(PLANT, YEAR, Solution(status="infeasible"))
    assert not found.passed
    assert found.faults == ("tables: there is no plan to audit, the solve ended 'infeasible'",)


@pytest.mark.parametrize("rule, rate, tail", [("annuity", 0.0, 0), ("straight_line", 0.05, 0), ("annuity", 0.06, 3)])
def test_honest_plans_pass_under_every_rule_of_the_horizon(rule: Any, rate: float, tail: int) -> None:
    plant = replace(PLANT, horizon=Horizon(2026, 2030, rate, rule, tail))
    found = audit(plant, YEAR, tiny.plan(translate.inputs(plant, YEAR)))
    assert found.passed, found.faults


def test_a_plant_without_measures_stores_caps_and_certificates_passes() -> None:
    """Tables without a row have no index columns."""
    bare = replace(PLANT, assets={n: PLANT.assets[n] for n in ("furnace", "mill", "solar")}, caps={}, cap_limit={}, carbon_price=0.0, connection=0.0, areas={"roof": 600.0}, rules=Rules())  # fmt: skip
    bare = replace(bare, markets={n: m for n, m in PLANT.markets.items() if n in ("grid", "coal", "ore", "bought_iron")})
    solution = tiny.plan(translate.inputs(bare, YEAR))
    assert list(solution.tables["measure.saved"].columns) == ["value"]
    found = audit(bare, YEAR, solution)
    assert found.passed, found.faults


def test_a_large_plan_is_audited_in_less_than_a_second() -> None:
    """100 steps, 5 years, 60 assets: idle, so that no solve is needed; nothing the audit does depends on the values."""
    steps = tuple(f"d{n:02d}s{i}" for n in range(20) for i in range(5))
    days = TypicalDays(
        steps=steps, day=tuple(s[:3] for s in steps), group=("m01",) * 100, hours=np.full(100, 4.8), weight=np.full(100, 18.25),
        previous=tuple(f"{s[:4]}{(int(s[4]) - 1) % 5}" for s in steps), profiles={k: np.resize(v, 100) for k, v in DAYS.profiles.items()},
        days={}, months={"m01": 12},
    )  # fmt: skip
    names = [(f"{a.name}_{n}", a, n) for n in range(6) for a in ASSETS]
    many = {
        name: replace(
            a, name=name, size=0.0, fixed_cost={}, hosts=tuple(f"{h}_{n}" for h in a.hosts), replaces=f"furnace_{n}" if a.replaces else None
        )
        for name, a, n in names
    }
    plant = replace(PLANT, assets=many, demand={}, cap_limit={}, rules=Rules())
    cyclic = [(a, y, s) for a in many for y in YEARS for s in steps]
    yearly = [(a, y) for a in many for y in YEARS]
    flows = [(k, y, s) for k in ("grid", "export") for y in YEARS for s in steps]
    index: dict[str, list[tuple[Any, ...]]] = {name: [] for name in honest().tables}
    index |= {"converter.output": cyclic, "store.level": cyclic, "store.charge": cyclic, "store.discharge": cyclic, "market.flow": flows}
    index |= {"capacity.size": yearly, "capacity.built": yearly, "converter.activity": yearly}
    tables = {
        name: pd.DataFrame(rows, columns=[f"i{n}" for n in range(len(rows[0]) if rows else 0)]).assign(value=0.0) for name, rows in index.items()
    }
    began = time.process_time()
    found = audit(plant, Year(pd.DataFrame(), days, 0.03, ()), Solution("optimal", cost=0.0, tables=tables))
    assert time.process_time() - began < 1.0
    assert found.passed, found.faults
