"""The computing centre: today's account, and a plan in which everything of the microgrid is used - islands, reserves, shedding, waiting, starts."""

import pytest
from conftest import planned, prepared
from pytest import approx

from planner import reconcile, results, translate
from planner.rule_curve import rule_curve
from planner.run import Run

IT, PUE, FACTOR = 157680.0, 1.5, 0.6516  # MWh/a, -, t/MWh of Hebei in 2023


@pytest.fixture(scope="module")
def plan() -> Run:
    return planned("computing")


def test_its_base_year_is_it_energy_times_its_effectiveness() -> None:
    """Proves: 157.68 GWh of IT at a power usage effectiveness of 1.5 are 236.5 GWh, at 0.6516 t/MWh 154.1 kt; within 0.5 % with six hours of diesel."""
    ready = prepared("computing", ("options", "off"), ("site.grid_factor", str(FACTOR)), ("horizon.last_year", "2026"))
    solution = reconcile.as_today(translate.inputs(ready.plant, ready.year), report=lambda _: True)
    table = results.emissions(ready.plant, solution).set_index(["year", "scope", "view"])["t"]
    assert table[2026, "total", "location"] == approx(IT * PUE * FACTOR, rel=0.005) == approx(ready.case["base_year.emissions"], rel=0.005)


@pytest.mark.full
def test_its_plan_adds_up_and_keeps_its_caps(plan: Run) -> None:
    assert plan.audit.faults == ()
    caps = plan.results["caps"].dropna(subset=["limit"])
    assert (caps["value"] <= caps["limit"] * (1 + 1e-6)).all()


@pytest.mark.full
def test_nothing_passes_the_fence_while_it_is_an_island(plan: Run) -> None:
    """Proves: on 19 April from 9 to 15 h nothing is bought or sold; engines run at 30 % or more, or not at all, and batches stop at a price."""
    days, value = plan.ready.year.days, plan.planned.plan.value
    gone = [s for n, s in enumerate(days.steps) if days.days[days.day[n]] == (108,) and 9 <= n - days.day.index(days.day[n]) < 15]
    assert len(gone) == 6
    assert all(v == approx(0, abs=1e-9) for (_, _, s), v in value("market.flow").items() if s in gone)
    running = [(v, value("converter.output")["gensets", y, s]) for (a, y, s), v in value("commitment.running").items() if a == "gensets"]
    assert all(made == approx(0, abs=1e-6) or made >= 0.3 * on - 1e-6 for on, made in running)
    assert any(made > 1 for _, made in running)
    assert plan.results["unserved"]["amount"].sum() > 0


@pytest.mark.full
def test_reserves_are_kept_and_told(plan: Run) -> None:
    """Proves: both reserves are told for every year, none is short, and the power that may not fail grows with the batches."""
    told = plan.results["limits"].query("kind == 'reserve'").set_index(["name", "year"])
    assert len(told) == 10
    assert (told["value"] <= told["limit"] + 1e-6).all()
    need = told.loc["emergency_power", "value"]
    assert need.loc[2030] > need.loc[2027] > 0.9 * 0.45 * 9


@pytest.mark.full
def test_energy_and_power_of_its_battery_are_sized_apart(plan: Run) -> None:
    size = plan.planned.plan.value("capacity.size")
    energy, power = (max(size[a, y] for y in plan.ready.plant.horizon.years) for a in ("battery_energy", "battery_power"))
    assert energy > 0 and power > 0
    flow = plan.planned.plan.value("store.charge")
    assert max(v for (a, *_), v in flow.items() if a == "battery_energy") <= power + 1e-6


@pytest.mark.full
def test_winter_cold_is_kept_for_summer(plan: Run) -> None:
    """Proves: a pit is built; it is fullest when the free coolers stop and emptiest when they begin again, so summer's cold is winter's."""
    value = plan.planned.plan.value
    size = value("capacity.size")["cold_pit", 2030]
    assert size > 100
    kept = rule_curve(plan.ready.plant, plan.ready.year.days, plan.planned.plan)["cold_pit", 2030]
    assert max(kept[3:6]) > 0.8 * size and min(kept[8:11]) < 0.2 * size


@pytest.mark.full
def test_the_programme_keeps_its_budget_in_todays_money(plan: Run) -> None:
    """Proves: all that is paid, each year at today's value, is what the budget of 420 MCNY is told to count; in plain sums it would be more."""
    horizon, paid = plan.ready.plant.horizon, plan.planned.plan.value("cost.investing")
    today = sum(v * horizon.at_start(y) for (_, y), v in paid.items())
    told = plan.results["limits"].query("kind == 'discounted budget'").iloc[0]
    assert told["value"] == approx(today * 1e6, rel=1e-6) and told["value"] <= told["limit"] == approx(420e6)
    assert today < sum(paid.values())
