"""Rebuilds and conversions of a plant: from its data to a plan that passes the audit, and to one that is refused when made wrong."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import tiny
from pytest import approx
from test_audit import YEARS, asset, failed, market, measure
from test_outage import MONTHS, ironworks, months
from test_whole_year import checked, site, year_of

from models.inputs import Inputs
from models.solution import Solution
from planner import case, check_investing, plant, translate
from planner.audit import audit
from planner.errors import CaseError
from planner.money import Horizon
from planner.plant import Plant
from planner.rules import Rules

APRIL = {"rebuild_outage": 30, "rebuild_begins": 90}


def furnace(*retrofits, module=365.0, renewal=False, **decisions):
    """The furnace of the outages, 1 of iron and gas a day, with retrofits that are ordered for 2028 and cost nothing."""
    lasting = {} if renewal else {"end_year": None, "renewal_investment": None}
    factory = ironworks(**lasting)
    assets = {a.name: replace(a, max_size=365.0, module=module, status="candidate", lead_years=1, first_service=2027) for a in retrofits}
    built = {("build", name, 2028): size for name, size in (decisions or dict.fromkeys(assets, 365.0)).items()}
    return replace(factory, assets={**factory.assets, **assets}, decisions=built)


def solved(works: Plant) -> Solution:
    solution = tiny.plan(translate.inputs(works, months()))
    assert solution.status == "optimal"
    assert audit(works, months(), solution).faults == ()
    return solution


def bought(solution, market="bought iron"):
    return [solution.value("market.amount")[market, y] for y in YEARS]


def test_the_host_stands_still_in_the_year_before_the_project_runs():
    """Proves: a new top for 2028 takes the 30 days of April 2027 away, iron and gas with them. A loss in the year it runs would show in 2028."""
    solution = solved(furnace(measure("top", "furnace", **APRIL)))
    assert bought(solution) == approx([0, 30, 0, 0, 0], abs=1e-6)
    months_bought = {
        (y, m) for (k, y, s), v in solution.value("market.flow").items() for m in MONTHS if k == "gas net" and v > 1e-6 and s == f"m{m:02d}s0"
    }
    assert months_bought == {(2027, 4)}


def test_a_project_in_the_days_of_a_renewal_costs_no_production():
    """Proves: the furnace is out for 61 days from March 2028 anyway; a top for 2029 built in April stands still with it: 61 days, not 91."""
    works = furnace(measure("top", "furnace", **APRIL), renewal=True)
    works = replace(works, decisions={("build", "top", 2029): 365.0})
    assert bought(solved(works)) == approx([0, 0, 61, 0, 0], abs=1e-6)
    late = replace(works, assets={**works.assets, "top": replace(works.assets["top"], rebuild_begins=120)})
    assert bought(solved(late)) == approx([0, 0, 91, 0, 0], abs=1e-6)


def test_projects_of_a_year_share_their_days():
    """Proves: 30 days of April and 10 of July are 40; two in April are 30; April and 30 days from the 15th of it are 45."""
    other = {"rebuild_outage": 30, "rebuild_begins": 90}
    for change, lost in (({"rebuild_begins": 181, "rebuild_outage": 10}, 40), ({}, 30), ({"rebuild_begins": 105}, 45)):
        both = furnace(measure("top", "furnace", **APRIL), measure("stoves", "furnace", **other | change))
        assert bought(solved(both))[1] == approx(lost)


def test_what_hangs_on_the_host_is_out_with_it():
    """Proves: a turbine that makes gas of the furnace's heat, and one that saves it, are out in April as well: the load of 2 a day is bought whole.

    365 of gas are needed on top; the furnace makes 1 and the turbine 1 a day. Were its year spread as before, 30/365 of it would come in April.
    """
    works = furnace(measure("top", "furnace", **APRIL), top=365.0)
    works = replace(works, demand={q: 2 * v if q[0] == "gas" else v for q, v in works.demand.items()})
    turbine = asset("turbine", kind="measure", hosts=("furnace",), size=365.0, ratio={"gas": 1.0})
    solution = solved(replace(works, assets={**works.assets, "turbine": turbine}))
    assert bought(solution, "gas net") == approx([0, 60, 0, 0, 0], abs=1e-6)
    assert solution.value("market.flow")["gas net", 2027, "m04s0"] == approx(2 * 365 / 8.76)


def test_a_conversion_stops_what_it_converts():
    """Proves: half of the works becomes an electric furnace for 2028: on 30 days of 2027 half of it is out, 15 of iron, and after that half of the gas is gone."""
    works = furnace()
    arc = asset("arc", max_size=365.0, module=182.5, lead_years=1, ratio={"ore": -1.0, "iron": 1.0}, **APRIL)
    works = replace(
        works, assets={**works.assets, "arc": arc}, rules=Rules(converts={("arc", "furnace"): 1.0}), decisions={("build", "arc", 2028): 182.5}
    )
    solution = solved(works)
    assert bought(solution) == approx([0, 15, 0, 0, 0], abs=1e-6)
    assert bought(solution, "gas net") == approx([0, 15, 182.5, 182.5, 182.5])


@pytest.mark.full
def test_the_whole_year_tells_the_days_of_a_standstill_from_others() -> None:
    """Proves: of 1 MW of heat, 30 days of April 2026 are bought, 720 MWh, planned as on all hours: a third of the typical day, and whole days of the year."""
    boiler = asset("boiler", size=8.76, ratio={"gas": -1.0, "heat": 1.0})
    top = measure("top", "boiler", max_size=8.76, module=8.76, lead_years=1, **APRIL)
    markets = tuple(replace(market(name, c, p), price=dict.fromkeys((2026, 2027), p)) for name, c, p in (("steam", "heat", 0.2), ("gas", "gas", 0.1)))
    horizon = {"horizon": Horizon(2026, 2027, 0.0), "grid_factor": {(view, y): 0.5 for view in ("location", "market") for y in (2026, 2027)}}
    works, profiles = site(
        boiler, top, markets=markets, load=np.ones(8760), demand={("heat", y): 8.76 for y in (2026, 2027)}, caps={}, cap_limit={}, carbon_price=0.0, connection=0.0, **horizon,
    )  # fmt: skip
    found, verdict = checked(replace(works, decisions={("build", "top", 2027): 8.76}), year_of(profiles))
    assert found.value("market.amount")["steam", 2026] == approx(0.72)
    assert verdict.holds
    table = verdict.tables["whole_year"]
    told = table[(table["quantity"] == "market") & (table["item"] == "steam")].set_index("year")
    assert told["whole_year"].tolist() == approx([720.0, 0.0], abs=1e-4)


# Plans made wrong ------------------------------------------------------------------------------------------------------------


@cache
def both() -> tuple[Plant, Solution]:
    """A furnace that is rebuilt, and half of a second one that becomes an electric furnace."""
    works = furnace(measure("top", "furnace", **APRIL), top=365.0)
    saver = asset("saver", kind="measure", hosts=("furnace",), size=365.0, ratio={"gas": 0.2})
    old = asset("old", size=365.0, ratio={"ore": -1.0, "iron": 1.0})
    arc = asset("arc", max_size=365.0, module=182.5, ratio={"ore": -1.0, "iron": 1.0})
    works = replace(works, demand={q: v * 2 for q, v in works.demand.items()})
    works = replace(
        works, assets={**works.assets, "saver": saver, "old": old, "arc": arc}, rules=Rules(converts={("arc", "old"): 1.0}),
        decisions={**works.decisions, ("build", "arc", 2028): 182.5},
    )  # fmt: skip
    return works, solved(works)


def drop(table: str) -> Callable[[Solution], Solution]:
    return lambda solution: replace(solution, tables={**solution.tables, table: solution.tables[table].iloc[:0]})


def times(table: str, factor: float) -> Callable[[Solution], Solution]:
    def mutate(solution: Solution) -> Solution:
        return replace(solution, tables={**solution.tables, table: solution.tables[table].assign(value=lambda t: t["value"] * factor)})

    return mutate


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        (drop("rebuild.size"), "rebuilt standing still"),
        (drop("rebuild.activity"), "parts of hosts"),
        (drop("rebuild.covered"), "measures on parts"),
        (times("rebuild.size", 0.9), "rebuilt standing still"),
        (times("rebuild.size", 1.1), "parts of hosts"),
        (times("capacity.retired", 0.0), "conversions"),
        (times("capacity.retired", 2.0), "conversions"),
    ],
)
def test_a_forged_plan_is_refused(wrong: Callable[[Solution], Solution], check: str) -> None:
    works, solution = both()
    assert check in failed(audit(works, months(), wrong(solution)))


@pytest.mark.parametrize(
    ("name", "check"),
    [("stops", "rebuilt standing still"), ("part_shape", "step balances"), ("part_usable", "standstills"), ("converts", "conversions")],
)
def test_a_wrong_translation_shows_in_its_plan(name: str, check: str) -> None:
    """Proves: a translation that forgets the standstill, its days, its loss or the conversion makes plans that do not add up."""
    works, _ = both()
    x: Inputs = translate.inputs(works, months())
    forged: dict[str, dict[str, Any]] = {
        "stops": {"stops": {}, "parts": {}, "part_usable": {}, "part_shape": {}, "stopped": {}},
        "part_shape": {"part_shape": dict.fromkeys(x.part_shape, 0.0)},
        "part_usable": {"part_usable": dict.fromkeys(x.part_usable, 1.0)},
        "converts": {"converts": {}, "converted_only": (), "retirements": ()},
    }
    assert check in failed(audit(works, months(), tiny.plan(replace(x, **forged[name]))))


# What a case may say ---------------------------------------------------------------------------------------------------------


WORKS = case.read("steel")


def findings(*changes: tuple[str, str], rows=()) -> str:
    """What is said of the steel works with a project that stops furnace 1 for a month, changed."""
    given = (("rebuild_outage", 1, "month"), ("rebuild_month", 3, "month"))
    values = [{"technology": "bf_benchmark", "parameter": p, "value": v, "unit": u} for p, v, u in given]
    blank = dict.fromkeys(WORKS.tables["technology_values"][0])
    added = tuple(
        {**blank, "vat_rate": 0.0, "location_factor": 1.0, "source": "own_estimate", "confidence": "estimate", "where": "here", **row}
        for row in (*values, *rows)
    )
    read = replace(WORKS, tables={**WORKS.tables, "technology_values": WORKS.tables["technology_values"] + added})
    found: list[Any] = []
    works = plant.resolve(read, found)
    works = replace(works, assets={n: replace(a, **dict(changes)) if n == "upgrade_bf1" else a for n, a in works.assets.items()})
    return " ".join(map(str, (*found, *check_investing.rebuilds_are_of_old_units(read, works))))


def test_a_rebuild_has_one_host_time_and_days_of_its_year():
    """Proves: as given nothing is wrong; a site-wide measure, one built at once, and an outage from December on for two months are findings."""
    assert findings() == ""
    assert "sized like it" in findings(("per_site", True))
    assert "no time in which it is built" in findings(("lead_years", 0))
    assert "goes on in the year in which it runs" in findings(("rebuild_begins", 340))
    assert "no flat converter of today alone" in findings(("hosts", ("power_bfg",)), ("kind", "measure")) + findings(("hosts", ("eaf_scrap",)))


def test_a_standstill_of_a_host_has_a_month():
    with pytest.raises(CaseError, match="has no month"):
        plant.resolve(replace(WORKS, tables={**WORKS.tables, "technology_values": tuple(
            {**row, "parameter": "rebuild_outage"} if (row["technology"], row["parameter"]) == ("dry_trt", "lead_time") else row
            for row in WORKS.tables["technology_values"]
        )}))  # fmt: skip


def converting(value: float | None = None, *, needs: str = "coating_drying", **changes: Any) -> str:
    """What is said of the battery plant where new lines are made of the coating lines of today."""
    read = case.read("battery")
    row = {
        **dict.fromkeys(read.tables["rules"][0]),
        "rule": "lines",
        "kind": "converts",
        "asset": "laser_lines",
        "needs": needs,
        "value": value,
        "where": "here",
    }
    kept = tuple(r for r in read.tables["rules"] if r["kind"] != "converts")
    read = replace(read, tables={**read.tables, "rules": (*kept, row)})
    found: list[Any] = []
    works = plant.resolve(read, found)
    lines = replace(works.assets["laser_lines"], replaces=None, **changes)
    works = replace(works, assets={**works.assets, "laser_lines": lines})
    return " ".join(map(str, (*found, *check_investing.conversions_are_whole(read, works))))


def test_a_conversion_is_of_whole_units_of_one_host():
    """Proves: as given nothing is wrong; without a unit, of a store, at no size of the host, or of an unknown one are findings."""
    assert converting() == ""
    assert "has no unit_size" in converting(module=None)
    assert "a converter that may be built" in converting(kind="measure")
    assert "needs 0 sizes for each" in converting(0.0)
    assert "unknown" in converting(needs="coating")
