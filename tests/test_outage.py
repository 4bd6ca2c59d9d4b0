"""Outages: on the days on which a unit stands still for its renewal, what it makes is missing, and on no others."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from test_audit import PLANT, YEARS, asset, market
from tiny import plan as solved

from planner import case, check_investing, outage, plant, translate
from planner.audit import audit
from planner.calendar import MONTH_OF_DAY, TypicalDays
from planner.errors import CaseError
from planner.rules import Rules
from planner.year import Year

SPRING = (3, 4)
MONTHS = tuple(range(1, 13))


def months(*, hours: float = 24.0) -> Year:
    """A day of one step for each month, at a price of 1."""
    names = tuple(f"m{m:02d}" for m in MONTHS)
    days = {n: tuple(int(d) for d in np.flatnonzero(m == MONTH_OF_DAY)) for n, m in zip(names, MONTHS, strict=True)}
    typical = TypicalDays(
        steps=tuple(f"{n}s0" for n in names), day=names, group=names, hours=np.full(12, hours), weight=np.array([float(len(d)) for d in days.values()]),
        previous=tuple(f"{n}s0" for n in names), profiles={"price": np.ones(12)}, days=days, months=dict.fromkeys(names, 1),
    )  # fmt: skip
    return Year(hourly=pd.DataFrame(), days=typical, demand_charge=0.0, notes=())


def ironworks(**given):
    """A furnace that makes iron and, with it, all the gas that a mill burns; gas can be bought at 1, iron at 3. It is renewed in 2028, out from 1 March for 61 days."""
    renewal = {"end_year": 2027, "renewal_investment": 0.01, "renewal_outage": 61, "renewal_begins": 59}
    furnace = asset("furnace", size=365.0, in_service=2000, ratio={"ore": -1.0, "iron": 1.0, "gas": 1.0}, **renewal | given)
    markets = (market("ore", "ore", 0.5), market("gas net", "gas", 1.0), market("bought iron", "iron", 3.0))
    return replace(
        PLANT, assets={"furnace": furnace}, markets={m.name: m for m in markets}, rules=Rules(), caps={}, cap_limit={}, carbon={}, embodied={}, carbon_price=0.0,
        carriers={"ore": "year", "iron": "year", "gas": "step"}, demand={(c, y): 365.0 for c in ("iron", "gas") for y in YEARS},
        demand_profile={"iron": None, "gas": None}, connection=0.0,
    )  # fmt: skip


def test_lost_production_appears_exactly_in_the_days_of_the_outage():
    """Proves: gas of March and April 2028, 61 of the year's 365, is bought in March and April and in no other month, and 61 of iron with it.

    A standstill spread over the year would buy a sixth of the gas in every month. In the years before and after nothing is bought.
    """
    factory, year = ironworks(), months()
    solution = solved(translate.inputs(factory, year))
    hourly = 365.0 / 8.76
    for y in YEARS:
        for s, m in zip(year.days.steps, MONTHS, strict=True):
            assert solution.value("market.flow")["gas net", y, s] == approx(hourly if y == 2028 and m in SPRING else 0.0, abs=1e-6), (y, m)
    amount = solution.value("market.amount")
    assert [amount["bought iron", y] for y in YEARS] == approx([0, 0, 61, 0, 0], abs=1e-6)
    assert [amount["gas net", y] for y in YEARS] == approx([0, 0, 61, 0, 0], abs=1e-6)
    assert audit(factory, year, solution).faults == ()


def test_an_outage_that_begins_late_ends_in_the_next_year():
    """Proves: 61 days from 1 December 2028 are 31 of that year and 30 of January 2029. Cut off at the year's end, 31 in all."""
    factory, year = ironworks(renewal_begins=334), months()
    solution = solved(translate.inputs(factory, year))
    assert [solution.value("market.amount")["bought iron", y] for y in YEARS] == approx([0, 0, 31, 30, 0], abs=1e-6)
    assert solution.value("market.flow")["gas net", 2029, "m01s0"] == approx(365 / 8.76 * 30 / 31)
    assert audit(factory, year, solution).faults == ()


def test_a_flexible_unit_stands_still_too():
    """Proves: a flexible furnace could make up for the two months in the others, were it larger; at its size it lacks 61 of gas in these months alone."""
    factory, year = ironworks(), months()
    flexible = replace(factory.assets["furnace"], operation="flexible", size=365.0 / 8.76)
    factory = replace(factory, assets={"furnace": flexible})
    solution = solved(translate.inputs(factory, year))
    bought = {(y, m) for (_, y, s), v in solution.value("market.flow").items() for m in MONTHS if v > 1e-6 and s == f"m{m:02d}s0"}
    assert bought == {(2028, m) for m in SPRING}
    assert audit(factory, year, solution).faults == ()


def test_a_typical_day_runs_for_the_share_of_its_days():
    """Proves: of the 91 days from 1 January, a day that stands for January to June (181 days) runs for 90 of 181, the other half of the year in full."""
    halves = replace(
        months().days, steps=("a", "b"), day=("a", "b"), days={"a": tuple(range(181)), "b": tuple(range(181, 365))}, hours=np.array([24.0, 24.0]),
        weight=np.array([181.0, 184.0]), profiles={"price": np.ones(2)},
    )  # fmt: skip
    furnace = ironworks(renewal_begins=0, renewal_outage=91).assets["furnace"]
    assert outage.running(furnace, 2028, halves).tolist() == approx([90 / 181, 1.0])
    assert outage.running(furnace, 2027, halves).tolist() == [1.0, 1.0]


def test_an_outage_over_the_whole_year_leaves_nothing():
    """Proves: 365 days from January: nothing is made in 2028, and nothing is divided by it."""
    factory, year = ironworks(renewal_begins=0, renewal_outage=365), months()
    solution = solved(translate.inputs(factory, year))
    assert solution.value("market.amount")["bought iron", 2028] == approx(365)


def test_without_an_outage_the_year_is_told_once():
    """Proves: no numbers by year where no outage falls into the horizon."""
    assert not any(outage.inputs(ironworks(renewal_outage=0), months().days).values())
    assert not any(outage.inputs(ironworks(end_year=2040), months().days).values())


def test_a_forged_plan_that_runs_through_its_outage_is_refused():
    """Proves: a plan that buys the gas of April in May does not add up: the audit knows the days itself."""
    factory, year = ironworks(), months()
    solution = solved(translate.inputs(factory, year))
    flow = solution.tables["market.flow"].copy()
    april, may = ((flow["i1"] == 2028) & (flow["i2"] == f"m{m:02d}s0") for m in (4, 5))
    moved = float(flow.loc[april, "value"].iloc[0])
    flow.loc[april, "value"] = 0.0
    flow = pd.concat([flow[~may], flow[april].assign(i2="m05s0", value=moved * 30 / 31)], ignore_index=True)
    assert "step balances" in " ".join(audit(factory, year, replace(solution, tables={**solution.tables, "market.flow": flow})).faults)


# What a case may say ---------------------------------------------------------------------------------------------------------


def findings(**given):
    """What the rule says of bf1 of the steel works, changed."""
    read = case.read("steel")
    works = plant.resolve(read)
    bf1 = replace(works.assets["bf1"], **given)
    return " ".join(map(str, check_investing.outages_are_of_one_unit(read, replace(works, assets={**works.assets, "bf1": bf1}))))


def test_only_a_converter_that_is_not_built_on_has_an_outage():
    """Proves: what stands still is a converter of its own; a store, or a furnace that may also be added to, would run on or stop as a whole."""
    assert findings() == ""
    assert "is a store" in findings(kind="store")
    assert "may be built as well" in findings(max_size=100.0)


def test_a_standstill_without_a_month_is_a_finding():
    read = case.read("steel")
    rows = tuple(r for r in read.tables["technology_values"] if r["parameter"] != "renewal_month")
    with pytest.raises(CaseError, match="has no month"):
        plant.resolve(replace(read, tables={**read.tables, "technology_values": rows}))


def test_the_reline_of_the_steel_works_begins_in_january():
    bf1 = plant.resolve(case.read("steel")).assets["bf1"]
    assert (bf1.renewal_begins, bf1.renewal_outage) == (0, 91)
    assert list(outage.days(bf1, 2028)) == list(range(91))
    autumn = plant.resolve(case.read("steel", [("technology_values.blast_furnace.renewal_month", "10")])).assets["bf1"]
    assert autumn.renewal_begins == 273
