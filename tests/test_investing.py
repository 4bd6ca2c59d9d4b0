"""Investing: what a plant says about its projects, replacements and limits, as the mathematics counts it; and what a plan takes of its limits."""

from dataclasses import replace

import pytest
from pytest import approx
from test_audit import PLANT, RULES, YEAR, YEARS, asset, honest
from tiny import candidate, existing, factory, trade, works
from tiny import plan as solved

from planner import investing, limits, plan, translate
from planner.errors import NoPlanExists
from planner.plant import Plant
from planner.rules import Budget, Pace

NOW = 2026


def plant(*assets, **changes) -> Plant:
    return replace(PLANT, assets={a.name: a for a in assets}, **changes)


def inputs(p):
    return investing.inputs(p, investing.builds(p))


# What is left of a retrofit -------------------------------------------------------------------------------------------------


def worth(first, life, *, rate=0.08, end=2031):
    """Annuities of 1 over ``life`` that are still to come at ``end``, in money of 2026."""
    annuity = rate / (1 - (1 + rate) ** -life)
    left = first + life - end
    return sum(annuity * (1 + rate) ** -(end - NOW + n) for n in range(1, left + 1))


def retrofit(**given):
    return asset("saver", kind="measure", hosts=("furnace",), max_size=100.0, investment=2.0, **given)


def test_a_retrofit_lives_as_long_as_the_part_that_carries_it():
    """Proves: on a furnace that stands until 2033 a retrofit of 20 years for 2027 is worth 7 years of which 3 are left; renewed in 2029 16, 12 left."""
    stands = inputs(plant(asset("furnace", size=100.0, end_year=2033), retrofit()))
    assert stands["lasting"]["saver", 2027, "furnace", "stood"] == approx(worth(2027, 7))
    renewed = inputs(plant(asset("furnace", size=100.0, end_year=2028, renewal_investment=1.0, renewal_lifetime=14.0), retrofit()))
    assert set(renewed["lasting"]) == {("saver", v, "furnace", "renewed") for v in YEARS}
    assert renewed["lasting"]["saver", 2027, "furnace", "renewed"] == approx(worth(2027, 16))


def test_a_retrofit_on_a_unit_that_ends_with_the_horizon_leaves_nothing():
    """Proves: neither on a unit whose life ends in the last year, nor on one whose renewal nobody can decide in the horizon."""
    assert inputs(plant(asset("furnace", size=100.0, end_year=2030, renewal_investment=1.0), retrofit()))["lasting"] == {}


def test_a_retrofit_on_a_new_unit_ends_with_it():
    """Proves: a furnace of 8 years built for 2028 is gone in 2036: what is put on it in 2029 lives 7 years. By its own life of 20 it would be worth more."""
    found = inputs(plant(asset("furnace", max_size=100.0, lifetime=8.0), retrofit()))["lasting"]
    assert found["saver", 2029, "furnace", "built 2028"] == approx(worth(2029, 7))
    assert ("saver", 2030, "furnace", "built 2026") in found
    short = inputs(plant(asset("furnace", max_size=100.0, lifetime=4.0), retrofit()))["lasting"]
    assert {q[3] for q in short} == {"built 2028", "built 2029", "built 2030"}


def test_a_phantom_credit_buys_nothing():
    """Proves: nothing is left of a retrofit on a furnace that the plan retires early, though its technical life would leave much.

    The furnace of the small works costs 50 MCNY a size and year and goes at once; a saver on it is not bought and not credited.
    """
    furnace = replace(PLANT.assets["furnace"], fixed_cost=dict.fromkeys(YEARS, 50.0), end_year=2040, replaced_by=())
    saver = replace(PLANT.assets["saver"], max_size=50.0, investment=dict.fromkeys(YEARS, 1e-6), min_size=0.0)
    p = replace(
        PLANT, assets={**PLANT.assets, "furnace": furnace, "saver": saver, "mill": replace(PLANT.assets["mill"], end_year=None)}, cap_limit={}
    )
    p = replace(p, markets={**p.markets, "bought_iron": replace(p.markets["bought_iron"], limit={})}, rules=replace(RULES, budgets=(), paces=()))
    solution = solved(translate.inputs(p, YEAR))
    assert solution.value("capacity.size")["furnace", 2030] == approx(0)
    assert solution.value("cost.credited")[("saver",)] == approx(0)


# Prices of projects ---------------------------------------------------------------------------------------------------------


def test_a_curve_becomes_pieces():
    """Proves: 20 at 1.2, 60 at 1.05, 200 at 1 times 2.5 a size cost 60, 157.5 and 500; a largest size of 130 ends the second piece there."""
    roof = asset("roof", max_size=130.0, investment=2.5, curve=((20.0, 1.2), (60.0, 1.05), (200.0, 1.0)))
    found = inputs(plant(roof))
    assert found["piece"] == {("roof", 1): (20.0, 60.0), ("roof", 2): (60.0, 130.0)}
    assert found["piece_slope"]["roof", 2028, 1] == approx((157.5 - 60) / 40)
    assert found["piece_start"]["roof", 2028, 1] == approx(60 - 20 * (157.5 - 60) / 40)
    assert found["piece_slope"]["roof", 2028, 2] == approx((500 - 157.5) / 140)
    assert found["investment"] == {}
    assert [roof.spent(2028, s) for s in (0.0, 20.0, 40.0, 130.0)] == approx([0, 60, 60 + 20 * (157.5 - 60) / 40, 157.5 + 70 * (500 - 157.5) / 140])


def test_the_dearest_size_is_that_of_the_smallest_project():
    """Proves: 1 for a project and 0.25 a size, at least 2: 0.75 a size at most. Without the fixed part 0.25."""
    cheap = asset("roof", max_size=10.0, min_size=2.0, investment=0.25, project_investment=dict.fromkeys(YEARS, 1.0))
    assert investing.most_per_size(cheap, 2027) == approx(0.75)


def test_an_old_unit_grows_dearer():
    """Proves: 2 a size, 3 % more each year since 2016: in 2028 2 x (1.03^12 - 1) more. A new one nothing."""
    old = asset("old", size=10.0, in_service=2016, fixed_cost=2.0, ageing=0.03)
    assert inputs(plant(old))["aged_cost"]["old", 2028] == approx(2 * (1.03**12 - 1))
    assert inputs(plant(asset("new", max_size=10.0, fixed_cost=2.0, ageing=0.03)))["aged_cost"] == {}


def test_a_renewal_is_due_where_a_unit_may_not_go():
    """Proves: what may neither retire nor be replaced must be renewed; what may, need not."""
    ends = {"size": 10.0, "end_year": 2028, "renewal_investment": 1.0}
    assets = (
        asset("kept", **ends),
        asset("free", may_retire=True, **ends),
        asset("followed", replaced_by=("kept",), **ends),
        asset("long", size=1.0, end_year=2040),
    )
    assert inputs(plant(*assets))["due"] == ("kept",)


def test_what_needs_a_closed_option_cannot_be_built():
    """Proves: an option whose prerequisite is not offered has no year; ignored it could be built in all."""
    p = plant(asset("solar", max_size=5.0), rules=replace(RULES, needs={("solar", "line"): 1.0}, at_most={}, together={}, budgets=(), paces=()))
    assert investing.builds(p) == ()


def test_a_vintage_has_its_years():
    """Proves: from its lead time on and until its latest year."""
    assert investing.builds(plant(asset("early", max_size=1.0, lead_years=1, latest_service=2028))) == (("early", 2027), ("early", 2028))


# Limits ---------------------------------------------------------------------------------------------------------------------


def test_budgets_count_what_they_say():
    """Proves: a yearly one its year, a cumulative one all until then, a discounted one today's money, a nominal one money of the year."""
    level = {y: 1.015 ** (y - NOW) for y in YEARS}
    budgets = (
        Budget("yearly", "yearly", {2028: 5.0}, level), Budget("until", "cumulative", {2027: 5.0}, dict.fromkeys(YEARS, 1.0)),
        Budget("today", "discounted", {2027: 5.0}, dict.fromkeys(YEARS, 1.0)),
    )  # fmt: skip
    found = inputs(plant(asset("roof", max_size=1.0), rules=replace(RULES, budgets=budgets, paces=(), at_most={}, needs={}, together={})))
    assert found["budget_weight"] == approx({
        ("yearly", 2028, 2028): 1.015**2, ("until", 2027, 2026): 1.0, ("until", 2027, 2027): 1.0, ("today", 2027, 2026): 1.0, ("today", 2027, 2027): 1 / 1.08,
    })  # fmt: skip


def test_the_limits_table_says_what_binds():
    """Proves: what the plan of the small works takes of each limit, by hand from its own tables, and that a pace taken in full binds."""
    tight = replace(RULES, paces=(Pace("solar", False, {2027: 30.0}, 0.0),))
    p = replace(PLANT, rules=tight)
    solution = solved(translate.inputs(p, YEAR))
    table = limits.limits(p, solution).set_index(["name", "year"])
    assert table.loc[("solar", 2027), "value"] == approx(30e3 / 1e3)
    assert table.loc[("solar", 2027), "binding"]
    assert not table.loc[("purse", 2026), "binding"]
    paid = sum(v for (_, y), v in solution.value("cost.investing").items() if y == 2026)
    assert table.loc[("purse", 2026), "value"] == approx(paid * 1e6)
    assert table.loc[("heat", 2030), "value"] == 3


def test_every_limit_of_a_case_is_in_the_table():
    table = limits.limits(PLANT, honest())
    assert set(table["name"]) == {"purse", "chest", "solar", "heat", "power"}
    assert len(table[table["name"] == "solar"]) == len(YEARS)


# Conflicts ------------------------------------------------------------------------------------------------------------------


def blamed(x) -> set[tuple[str, str | int]]:
    """Kinds and names of all that is named as a reason for having no plan."""
    with pytest.raises(NoPlanExists) as refused:
        plan.make(x, gap=0.01, seconds=60, report=lambda _: True)
    return {(r.kind, r.index[0]) for conflict in refused.value.reasons.conflicts for r in conflict.members}


def ending(**numbers):
    """A use of power, a grid, and an old unit that ends with 2026."""
    x = factory(years=(2026, 2027), step_carriers=("power",), load={("power", y, "s0"): 10.0 for y in (2026, 2027)})
    x = existing(works(trade(x, "grid", "power", 1.0), "old", flexible=True, power=1), "old", 10.0, until=2026)
    return replace(x, **numbers)


def test_an_end_of_life_without_a_successor_is_named():
    """Proves: the new comes in 2028, after the old ended in 2026: the unit is named. Silently gone there would be a plan."""
    x = candidate(works(ending(), "new", flexible=True, power=1), "new", price=1.0)
    x = replace(x, replaced_by={"old": ("new",)}, overlap={"old": 1}, builds=(("new", 2027),), vintages={("new", 2027): (2027,)})
    assert blamed(x) == {("replacement", "old")}


def test_a_budget_too_small_for_what_is_due_is_named():
    x = ending(renewals={"old": 2027}, renewed_alive={("old", 2027): 1.0}, renewal_investment={"old": 1.0}, renewal_credit={"old": 0.0}, due=("old",))
    x = replace(x, budget={("purse", 2027): 5.0}, budget_weight={("purse", 2027, 2027): 1.0})
    assert blamed(x) == {("renewal", "old"), ("budget", "purse")}


def test_a_factory_that_cannot_deliver_blames_no_rule():
    x = replace(ending(), market_limit={("grid", 2027): 0.0})
    with pytest.raises(NoPlanExists, match="cannot even run as today"):
        plan.make(x, gap=0.01, seconds=60, report=lambda _: True)
