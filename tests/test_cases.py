"""The shipped cases: today's account is the known plant's, and a plan under the shipped caps keeps them, adds up and costs what it must."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest
from conftest import planned, prepared
from pytest import approx

from models.solution import Solution
from planner import case, reconcile, results, translate, variants
from planner.dictionary import DATA
from planner.language import LANGUAGES
from planner.plan import Work
from planner.plant import Plant
from planner.run import Ready, Run, load, prepare
from planner.studies import start
from planner.views import VIEWS, studies
from planner.views.missing import absent

Change = tuple[str, str]
each_case = pytest.mark.parametrize("name", ["battery", "steel"])  # their variants: test_variants_shipped.py; the computing centre: test_computing.py
BASE_FACTOR = {"steel": "0.6516", "battery": "0.5827"}  # t/MWh, province, 2023
CRUDE_STEEL = 5.00e6  # t/a
CELLS = 20e3  # MWh/a


@cache
def today(name: str, *changes: Change) -> tuple[Ready, Solution]:
    """Operation as today with every option off."""
    ready = prepared(name, ("options", "off"), *changes)
    return ready, reconcile.as_today(translate.inputs(ready.plant, ready.year), report=lambda _: True)


def account(name: str, *changes: Change, year: int = 2026) -> Mapping[tuple[str, str], float]:
    """(scope, view) -> t of operation as today."""
    ready, solution = today(name, *changes)
    table = results.emissions(ready.plant, solution)
    return table[table["year"] == year].set_index(["scope", "view"])["t"].to_dict()


def bought(name: str, carrier: str, year: int = 2026) -> float:
    """Amount of a carrier bought as today, its own unit a year."""
    ready, solution = today(name)
    amount = solution.value("market.amount")
    return (
        sum(v for (k, y), v in amount.items() if y == year and ready.plant.markets[str(k)].buys and ready.plant.markets[str(k)].carrier == carrier)
        * 1e3
    )


# Today's account ------------------------------------------------------------------------------------------------------------


def test_the_cell_plant_uses_what_its_source_says() -> None:
    """Proves: 16.088 kWh of power and 18.921 kWh of gas per kWh of cells (Degen and Schütte 2022, low) x 20 GWh are 321.76 and 378.42 GWh."""
    assert bought("battery", "electricity") / 1e3 == approx(16.088 * 20, rel=0.02)
    assert bought("battery", "electricity") / 1e3 == approx(322, rel=0.02)
    assert bought("battery", "natural_gas") / 3.6e3 == approx(18.921 * 20, rel=0.02)
    assert bought("battery", "natural_gas") / 3.6e3 == approx(378, rel=0.02)


def test_the_cell_plant_emits_what_its_energy_does() -> None:
    """Proves: 378.42 GWh x 3.6 x 0.0561 t/GJ are 76.4 kt; with 321.76 GWh at the national 0.5306 t/MWh 247.1 kt, 12.4 kg per kWh of cells."""
    national = account("battery", ("site.grid_factor", "0.5306"))
    assert national["direct", ""] == approx(18.921 * CELLS * 3.6 * 0.0561, rel=0.02)
    assert national["direct", ""] == approx(76.4e3, rel=0.02)
    assert national["total", "location"] == approx(18.921 * CELLS * 3.6 * 0.0561 + 16.088 * CELLS * 0.5306, rel=0.02)
    assert national["total", "location"] == approx(247e3, rel=0.02)
    assert national["total", "location"] / CELLS == approx(12.4, rel=0.02)


def test_the_steel_works_emits_what_such_works_do() -> None:
    """Proves: 1.80-1.95 t of direct CO2 per t of crude steel by carbon balance, and 0-0.15 MWh bought: the gases make nearly all power.

    Gas given a factor of its own on top of the coal it came from would say above 2.5; a works without its power plant buys 0.4 MWh.
    """
    ready, solution = today("steel")
    made = results.yearly_activity(ready.plant, solution, ready.year)
    slab = sum(
        ready.plant.assets[a].ratio.get("slab", 0.0) * v
        for (a, y), v in made.items()
        if y == 2026 and ready.plant.assets[a].ratio.get("slab", 0.0) > 0
    )
    assert slab * 1e3 == approx(CRUDE_STEEL, rel=0.001)
    assert 1.80 <= account("steel")["direct", ""] / CRUDE_STEEL <= 1.95
    assert 0.0 <= bought("steel", "electricity") / CRUDE_STEEL <= 0.15


@each_case
def test_the_base_year_is_the_model_s_own_account(name: str) -> None:
    """Proves: the amount the caps are shares of is operation as today at the grid factor of the base year, within 0.5 %.

    A base year of another system boundary would make every cap a few percent looser or tighter than it says.
    """
    total = account(name, ("site.grid_factor", BASE_FACTOR[name]))["total", "location"]
    assert total == approx(case.read(name)["base_year.emissions"], rel=0.005)


@each_case
def test_options_off_is_operation_as_today(name: str) -> None:
    """Proves: with no option left the free plan cannot save more than the retirement of idle units brings, and emits the same or less."""
    ready, frozen = today(name)
    assert ready.plant.candidates == ()
    work = Work(translate.inputs(ready.plant, ready.year), lambda _: True)
    free = work.best(variants.without_caps(work.compiled), "free plan", lambda cost, bound: cost - bound <= 1e-4 * cost, 60)
    assert free.cost is not None and frozen.cost is not None
    assert free.cost <= frozen.cost + 1e-6
    assert free.cost >= 0.97 * frozen.cost


# What may be done -----------------------------------------------------------------------------------------------------------


@each_case
def test_there_are_options_of_all_three_levers(name: str) -> None:
    """Proves: at least 20 candidates, and each of technology, structure and management has some."""
    plant = prepared(name).plant
    assert len(plant.candidates) >= 20
    assert {plant.assets[c].lever for c in plant.candidates} == {"technology", "structure", "management"}


# Plans under the shipped caps -----------------------------------------------------------------------------------------------


def test_the_shipped_caps_are_met(shipped: Run) -> None:
    """Proves: every cap of every year is a row, is met within 1e-6, and counts what the account says."""
    caps, emissions = shipped.results["caps"], shipped.results["emissions"]
    assert set(caps["year"]) == set(shipped.ready.plant.horizon.years)
    assert (caps["value"] <= caps["limit"] * (1 + 1e-6)).all()
    for row in caps.itertuples():
        of_year = emissions[(emissions["year"] == row.year) & (emissions["scope"] == "total") & (emissions["view"] == row.view)]
        assert row.value == approx(of_year["t"].iloc[0], rel=1e-9)


def test_the_plan_adds_up(shipped: Run) -> None:
    """Proves: the audit, which shares no code with the model, passes."""
    assert shipped.audit.faults == ()
    assert shipped.audit.passed
    assert shipped.audit.largest_residual <= 1e-6


def test_caps_cost_something_and_the_gap_is_proven(shipped: Run) -> None:
    """Proves: gap at most 1 % of what is decided; the plan costs more than the free one, less the gap of the latter; binding caps have a price."""
    p = shipped.planned
    assert 0 <= p.gap <= 0.01
    assert p.plan.bound <= p.plan.cost
    assert p.free.bound <= p.free.cost
    assert p.plan.cost >= p.free.bound - 1e-6
    assert p.plan.cost >= p.free.cost - 0.01 * p.decided
    caps = shipped.results["caps"]
    assert caps["binding"].any()
    assert (caps.loc[~caps["binding"], "shadow_price"].abs() < 1e-3).all()
    assert (caps["shadow_price"] > -1e-6).all()


def test_the_free_plan_would_break_the_caps(shipped: Run) -> None:
    """Proves: the shipped caps ask for something: the cheapest plan without them emits more than they allow in some year."""
    plant = shipped.ready.plant
    counted = shipped.planned.free.value("cap.counted")
    assert any(counted[g, y] > limit + 1e-6 for (g, y), limit in plant.cap_limit.items())


def carbon(plant: Plant, solution: Solution, year: int) -> dict[str, float]:
    """kt CO2 that enter and leave the site as carbon across its fence, from what markets and demands move."""
    amount = solution.value("market.amount")
    flows = {"in": 0.0, "products": 0.0, "captured": 0.0}
    for k, market in plant.markets.items():
        kind = "in" if market.buys else "captured" if market.role == "storage_sink" else "products"
        flows[kind] += amount[k, year] * plant.carbon.get(market.carrier, 0.0)
    flows["products"] += sum(v * plant.carbon.get(c, 0.0) for (c, y), v in plant.demand.items() if y == year)
    return flows


def test_carbon_in_is_carbon_out(shipped: Run) -> None:
    """Proves: carbon bought = carbon in products + captured + emitted, in every year, of the plan, the free plan and today, to 1e-6.

    A gas counted twice, a measure whose saving is not taken out of the account, or a leak in a balance shows as a difference.
    """
    plant = shipped.ready.plant
    for solution in (shipped.planned.plan, shipped.planned.free, shipped.planned.frozen):
        for y in plant.horizon.years:
            flows = carbon(plant, solution, y)
            assert flows["in"] == approx(flows["products"] + flows["captured"] + solution.value("emissions.direct")[y,], rel=1e-6)


def test_the_results_tell_the_same_carbon(shipped: Run) -> None:
    """Proves: `captured` and `carbon in products` of the table of emissions are those that crossed the fence."""
    table = shipped.results["emissions"].set_index(["year", "scope", "view"])["t"]
    for y in shipped.ready.plant.horizon.years:
        flows = carbon(shipped.ready.plant, shipped.planned.plan, y)
        assert table[y, "captured", ""] == approx(flows["captured"] * 1e3, abs=1e-3)
        assert table[y, "carbon in products", ""] == approx(flows["products"] * 1e3, abs=1e-3)


@pytest.mark.parametrize(("market", "amount", "rounding"), [
    ("slab_bought", 300.0, 0.0), ("coke_bought", 300.0, 0.0), ("breeze_bought", 100.0, 0.0), ("lime_bought", 100.0, 0.0), ("pellets_bought", 300.0, 0.006),
])  # fmt: skip
def test_buying_what_could_be_made_never_satisfies_a_cap(market: str, amount: float, rounding: float, prepare: Callable[..., Ready]) -> None:
    """Proves: with ``amount`` kt of an intermediate bought by force, the lowest that a cap can count does not fall.

    What is bought counts with what making it emits elsewhere: slab at 0 t on the account would be a way out of any cap, a works
    without furnaces - 300 kt of it would bring 560 kt. Pellets at 0.05 t/t are 0.005 t/t below their own making, by rounding.
    """
    ready = prepare("steel", ("options", "off"))
    embodied = ready.plant.embodied[ready.plant.markets[market].carrier]
    work = Work(translate.inputs(ready.plant, ready.year), lambda _: True)
    lowest = variants.least(variants.without_caps(work.compiled), "total", 2026)
    j = next(j for j in lowest.column("market.amount") if lowest.columns[j].replace("'", "").endswith(f"[{market},2026]"))
    reached = []
    for forced in (0.0, amount):
        lower, upper = lowest.lower.copy(), lowest.upper.copy()
        lower[j] = upper[j] = forced
        answer = work.solve(replace(lowest, lower=lower, upper=upper), "plan", relative_gap=1e-9, seconds=60)
        assert answer.cost is not None, f"{forced:.0f} kt of {market} cannot be bought"
        outsourced = work.read(answer).value("emissions.outsourced")[2026,]
        assert embodied > 0 and outsourced >= forced * embodied - 1e-6
        reached.append(answer.cost)
    assert reached[1] >= reached[0] - amount * rounding - 1e-6


def test_the_plans_of_other_provinces_differ() -> None:
    """Proves: cleaner power of Sichuan leaves the cell plant with fewer emissions as today, by the ratio of the grid factors."""
    here, there = account("battery"), account("battery", ("site.province", "sichuan"), ("markets.export.allowed", "no"))
    assert there["direct", ""] == approx(here["direct", ""])
    assert there["purchased electricity", "location"] / here["purchased electricity", "location"] == approx(0.1454 / 0.5417, rel=1e-3)


@pytest.mark.full
@each_case
def test_the_shipped_resolution_plans_too(name: str) -> None:
    """Proves: at the resolution of the case as shipped, too, there is a plan within 1 % that meets its caps and passes its audit."""
    made = planned(name, ("time.days", "2"), ("time.segments", "8"))
    assert made.planned.gap <= 0.01
    assert made.audit.passed
    caps = made.results["caps"]
    assert (caps["value"] <= caps["limit"] * (1 + 1e-6)).all()


@pytest.mark.parametrize("name", ["battery", "steel"])
def test_the_shipped_run_is_that_of_the_shipped_case(name: str) -> None:
    """Proves: the plan the page opens with was made from today's data. After a changed number the page would show an old plan."""
    assert load(DATA / "runs" / name).summary["fingerprint"] == case.read(name).fingerprint


@pytest.mark.parametrize("name", ["computing", *(pytest.param(name, marks=pytest.mark.full) for name in ("battery", "steel"))])
def test_what_opens_a_shipped_case_is_of_todays_problem(name: str) -> None:
    """Proves: the start beside the shipped run is not refused; after a changed model the first lever would take half a minute. `planner warm` makes it anew."""
    ready = prepare(name)
    compiled = Work(translate.inputs(ready.plant, ready.year), lambda _: True).compiled
    assert start.fits(start.load(DATA / "runs" / name / start.NAME), compiled)


@pytest.mark.parametrize(("name", "code"), [
    pytest.param(name, code, marks=[] if (name, code) in (("battery", "zh"), ("steel", "en")) else [pytest.mark.full])
    for name in ("battery", "steel") for code in LANGUAGES
])  # fmt: skip
def test_every_view_draws_what_ships_with_the_case(name: str, code: str) -> None:
    """Proves: what a study left beside the shipped run has the columns of today. A view that asks for another column would end the page where people look first."""
    results = load(DATA / "runs" / name).results
    for view in VIEWS:
        left_out = view is studies  # of one's own grid
        assert bool(absent(view.table(results, code), code)) == left_out, view.__name__
        assert bool(view.chart(results, code).data) != left_out, view.__name__
