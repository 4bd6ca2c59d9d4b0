"""MACC and wedges by hand: two figures a measure that must not be mixed up, and parts that add up exactly."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
from pytest import approx

from models.solution import Solution
from planner import run, stored
from planner.run import Ready
from planner.why import macc, measures, wedges
from planner.why.partial import Apart, Ran

Y = 2026


class Named(dict[str, str]):
    settings: dict[str, float | None]

    def label(self, name: str, code: str) -> str:
        return f"{name} {code}"


def ran(cost: float, here: float, elsewhere: float = 0.0) -> Ran:
    return Ran(cost, {Y: here + elsewhere}, {Y: here}, {Y: elsewhere})


def two() -> Apart:
    """The boiler of test_partial: savings of 10 %, alone 2 kt, last 1.8 kt, on average 1.9; money -2 and +1 alone, -1.5 and +1.5 last.

    Operation as today lets out 21.5 kt; a third measure saves nothing.
    """
    nothing, everything = ran(50.0, 20.0), ran(49.5, 16.2)
    alone = {"lagging": ran(48.0, 18.0), "economiser": ran(51.0, 18.0), "meter": ran(50.1, 20.0)}
    without = {"lagging": ran(51.0, 18.0), "economiser": ran(48.0, 18.0), "meter": ran(49.4, 16.2)}
    attributed = {("lagging", Y): 1.9, ("economiser", Y): 1.9, ("meter", Y): 0.0}
    return Apart(("lagging", "economiser", "meter"), ran(50.5, 21.5, 0.2), nothing, everything, alone, without, attributed)


def ready(output: float | None = 10.0) -> Ready:
    horizon = SimpleNamespace(first=Y, last=Y, years=(Y,))
    settings = {"base_year.year": 2025, "base_year.output": output, "base_year.emissions": 20e3}
    case = Named({"product.carrier": "heat"})
    case.settings = settings
    row = {"year": 2023, "source": "published", "value": 0.5}
    plant = SimpleNamespace(
        horizon=horizon, demand={("heat", Y): 0.011}, base_factor=0.5, grid_rows={"location": (row,)},
        assets={n: SimpleNamespace(lever="management" if n == "meter" else "technology") for n in two().measures},
    )  # fmt: skip
    return cast(Ready, SimpleNamespace(case=case, plant=plant))


def cut(**offsets: Any) -> dict[str, pd.DataFrame]:
    """The plan leaves 16.9 kt of 20; its power, 10 GWh, is cleaner by 0.1 kt/GWh; certificates take 2 kt out of a market view of 17.5."""
    row = {"year": Y, "base_t": 20e3, "left_t": 16.9e3, "grid_t": 1e3, "instruments_t": 2e3, "market_left_t": 17.5e3}
    return {"reduction": pd.DataFrame([row]), **({"offset_years": pd.DataFrame([{"year": Y, **offsets}])} if offsets else {})}


def plan() -> Solution:
    return Solution("optimal", 1.0, 1.0, {"emissions.outsourced": pd.DataFrame({"i0": [Y], "value": [0.5]})})


def test_added_first_and_left_out_are_two_figures() -> None:
    """Proves: a tonne of the lagging earns 1,000 CNY alone (2 MCNY for 2 kt) and 833 last (1.5 for 1.8); what saves nothing has no price."""
    table = macc.table(ready(), two()).set_index("measure")
    assert table.loc["lagging", ["first_t", "last_t", "first_cny_per_t", "last_cny_per_t"]].tolist() == approx([2e3, 1.8e3, -1e3, -1.5e6 / 1.8e3])
    assert table.loc["economiser", ["first_cny", "last_cny", "first_cny_per_t", "last_cny_per_t"]].tolist() == approx(
        [1e6, 1.5e6, 500.0, 1.5e6 / 1.8e3]
    )
    assert table.loc["meter", "first_remark"] == "saves no emissions" and pd.isna(table.loc["meter", "last_cny_per_t"])


def test_the_parts_add_up_from_the_base_year_to_what_is_left() -> None:
    """Proves: 20 kt, output of 11 instead of 10 +2; today's works let out 21.5 and buy 0.2 kt of others, so -0.3; grid -1; 0.3 kt more at
    suppliers; two savings -1.9 each; the rest to 16.9 kt, -0.3, is how it is run. Savings added up alone (-4) would not leave 16.9.
    """
    table = wedges.table(ready(), plan(), two(), cut()).set_index(["part", "item"])["t"]
    expected = {"base": 20e3, "output": 2e3, "standing": -300.0, "grid": -1e3, "moved": 300.0, "running": -300.0, "left": 16.9e3}
    assert {k: table[k, ""] for k in expected} == approx(expected)
    assert table["measure", "lagging"] == approx(-1.9e3)
    assert sum(table[part].sum() for part in ("base", *wedges.CHANGES)) == approx(table["left", ""], abs=1e-9)
    assert table["left", ""] + table["view", ""] + table["instruments", ""] == approx(table["market", ""], abs=1e-9)


def test_offsets_stand_below_the_line() -> None:
    """Proves: 1 kt of credits changes no part above what is left; 15.9 kt remain."""
    rows = wedges.table(ready(), plan(), two(), cut(offset_t=1e3, remains_t=15.9e3))
    table = rows.set_index(["part", "item"])["t"]
    assert (table["offset", ""], table["remains", ""], table["left", ""]) == (-1e3, 15.9e3, 16.9e3)
    assert set(rows["base_year"]) == {2025} and set(rows["factor_year"]) == {2023} and set(rows["factor"]) == {0.5}


def test_a_case_that_does_not_say_what_was_made_has_no_wedge_of_output() -> None:
    table = wedges.table(ready(None), plan(), two(), cut()).set_index(["part", "item"])["t"]
    assert (table["output", ""], table["standing", ""]) == approx((0.0, 1.7e3))


@pytest.mark.full
@pytest.mark.parametrize("name", ["steel", "battery"])
def test_the_wedges_of_the_shipped_plans_add_up(name: str) -> None:
    """Proves: on both shipped plans base and changes are what is left to 1e-9 of the base year, in every year; measures do nothing before their first year."""
    folder = stored.find(name)
    case, made = run.reopen(folder)
    tables = measures.evaluate(case, made, stored.load(folder).results.tables)
    for y, of in tables["wedges"].groupby("year"):
        summed = of.loc[of["part"].isin(["base", *wedges.CHANGES]), "t"].sum()
        left = of.loc[of["part"] == "left", "t"].iloc[0]
        assert abs(summed - left) < 1e-9 * of.loc[of["part"] == "base", "t"].iloc[0], y
        saved = of.loc[of["part"] == "measure", "t"].abs().sum()
        assert (saved < 1e-3 * left) == (y == case.plant.horizon.first)
    assert (tables["macc"]["last_t"] > 0).sum() > 15
