"""Flows, operation and cash flow: pictures that add up, on results written by hand."""

from dataclasses import replace

import pandas as pd
import pytest
from results_by_hand import by_hand

from planner import case as cases
from planner.language import LANGUAGES, say
from planner.results import Results
from planner.views import cash_flow, flows, operation
from planner.views.names import labelled, name

BOTH = pytest.mark.parametrize("code", LANGUAGES)


def results(**tables: pd.DataFrame) -> Results:
    """The factory by hand: 10 t of coal (20 GJ/t) give 100 GJ of gas, which a plant makes into 10 MWh; 5 MWh are bought, 15 used; scrap holds no energy."""
    one = by_hand()
    balance = [
        (2030, "coal", "coal_bought", 10.0, "t"), (2030, "coal", "kiln", -10.0, "t"), (2030, "gas", "kiln", 100.0, "GJ"), (2030, "gas", "plant", -100.0, "GJ"),
        (2030, "electricity", "plant", 10.0, "MWh"), (2030, "electricity", "grid", 5.0, "MWh"), (2030, "electricity", "demand", -15.0, "MWh"),
        (2030, "scrap", "scrap_bought", 7.0, "t"), (2029, "electricity", "grid", 1.0, "MWh"),
    ]  # fmt: skip
    made = {
        "balance": pd.DataFrame(balance, columns=["year", "carrier", "item", "amount", "unit"]),
        "energy": pd.DataFrame([("coal", 20.0), ("gas", 1.0), ("electricity", 3.6)], columns=["carrier", "gj"]),
    }
    return replace(one, tables={**one.tables, **made, **tables})


def test_energy_goes_from_who_brings_it_over_the_carrier_to_who_uses_it() -> None:
    """Coal 200 GJ, gas 100, electricity 36 + 18; a kiln that uses coal and gives gas stands on both sides."""
    assert sorted(flows.energy(results(), 2030)) == sorted([
        ((0, "coal_bought"), (1, "coal"), 200.0), ((1, "coal"), (2, "kiln"), 200.0), ((0, "kiln"), (1, "gas"), 100.0), ((1, "gas"), (2, "plant"), 100.0),
        ((0, "plant"), (1, "electricity"), 36.0), ((0, "grid"), (1, "electricity"), 18.0), ((1, "electricity"), (2, "demand"), 54.0),
    ])  # fmt: skip
    assert flows.years(results()) == [2029, 2030]
    first = flows.table(results(), "en", 2029).iloc[0]
    assert (first["Amount a year"], first["Unit"]) == (0.004, "TJ"), "3.6 GJ"


def test_carbon_leaves_every_scope_as_it_came() -> None:
    """600 kt from the kiln are 550 kt emitted and 50 kt captured; 50 kt of purchased power go through, in the view of the place."""
    bands = flows.carbon(results(), 2030)
    assert ((1, "direct"), (2, "away:capture"), 50e3) in bands and ((1, "direct"), (2, "air"), 550e3) in bands
    for scope in ("direct", "purchased electricity"):
        assert sum(v for _, b, v in bands if b == (1, scope)) == sum(v for a, _, v in bands if a == (1, scope)) > 0
    assert sum(v for _, b, v in bands if b == (2, "air")) == 600e3, "the total of the emissions table"


def test_small_flows_are_merged_and_nothing_is_lost() -> None:
    """30 sources of 10 to 300 kt and 50 kt of purchased power: nine with a name, one node for the rest, the same sum; a rest that is taken away stays apart."""
    many = pd.DataFrame([(2030, f"s{n}", 1e4 * n) for n in range(1, 31)] + [(2030, f"m{n}", -1e4) for n in range(20)], columns=["year", "asset", "t"])
    bands = flows.carbon(results(sources=many), 2030)
    fewer = flows.merged(bands)
    left = {a for a, _, _ in fewer if a[0] == 0}
    assert len(left) == flows.SIDE + 1 and (0, "other") in left and (0, "s30") in left and (0, "s21") not in left
    assert (2, "away:other") in {b for _, b, _ in fewer} and (2, "other") not in {b for _, b, _ in fewer}
    assert sum(v for _, _, v in fewer) == pytest.approx(sum(v for _, _, v in bands))


@BOTH
def test_the_picture_of_flows_holds_both_and_says_when_nothing_flows(code: str) -> None:
    drawn = flows.chart(results(), code, year=2030)
    assert [round(sum(t.link.value), 6) for t in drawn.data] == [0.708, {"en": 1300, "zh": 130}[code]], "in and out: 0.354 TJ; 650 kt"
    assert all(0 < y < 1 for t in drawn.data for y in t.node.y) and len(drawn.data[0].node.label) == 4 + 3 + 3
    none = flows.chart(results(sources=results()["sources"].iloc[:0], emissions=results()["emissions"].iloc[:0]), code, year=2030)
    assert say("flows.none", code) in none.layout.annotations[1].text and len(none.data) == 1


def test_a_case_brings_the_energy_of_its_carriers_and_tells_a_carrier_from_a_plant_of_its_name() -> None:
    """Coke 28.435 GJ/t by its factor, steam and heat by their amount; biomass is a fuel and a boiler in the battery case."""
    steel, battery = (labelled(by_hand(), cases.read(n)) for n in ("steel", "battery"))
    energy = dict(zip(steel["energy"]["carrier"], steel["energy"]["gj"], strict=True))
    assert (energy["coke"], energy["works_steam"], energy["electricity"]) == (28.435, 1.0, 3.6) and "slab" not in energy
    assert name(battery, "biomass", "en") != name(battery, "biomass", "en", carrier=True)


def test_the_mean_day_weighs_each_day_by_the_days_it_stands_for() -> None:
    """Spring: 60 days at 10 MW and 30 days at 40 MW from noon on are 20 MW after noon, and 10 x 24 x 60 + (10 x 12 + 40 x 12) x 30 MWh."""
    rows = [(2030, f"m{m}d1s00", "grid", 10.0, f"m{m}d1", 24.0, 60) for m in ("01", "03", "06", "09")]
    rows += [(2030, "m03d2s00", "grid", 10.0, "m03d2", 12.0, 30), (2030, "m03d2s01", "grid", 40.0, "m03d2", 12.0, 30)]
    rows += [(y, s, "processes", -mw, d, h, w) for y, s, _, mw, d, h, w in rows]
    one = results(operation=pd.DataFrame(rows, columns=["year", "step", "item", "mw", "day", "hours", "weight"]))
    mean = operation.mean_days(one, 2030)["grid"]
    assert [mean[("03", h)] for h in (0, 11, 12, 23)] == [10, 10, 20, 20] and len(mean) == 4 * 24
    table = operation.table(one, "en")
    spring = table[(table["Season"] == "Mar–May") & (table["Kind"] == "Grid")].iloc[0]
    assert (spring["Days"], spring["Sum of the year (MWh)"]) == (90, 14_400 + 18_000) and spring["Mean (MW)"] == 15
    drawn = operation.chart(one, "zh")
    assert [t.text for t in drawn.layout.annotations] == ["MW，2030年各季平均日", "万千瓦时，各季合计"]
    assert sum(drawn.data[0].y) == pytest.approx(3 * 240 + 360) and list(drawn.layout.xaxis2.ticktext) == ["12–2月", "3–5月", "6–8月", "9–11月"]


def test_a_run_by_months_names_its_months() -> None:
    assert list(operation.season_names(by_hand(), "en").values()) == ["January", "July"]


def test_cash_flow_adds_up_to_the_total_cost() -> None:
    """100 M invested in 2027 (factor 0.9), 50 M a year of coal (1.0, 0.9, 0.8, 0.7, 0.6 of it), 30 M left: 90 + 200 - 30 = 260 M today."""
    rows = [("kiln", 2027, "investment", 100e6, 0.9)] + [("coal", y, "running", 50e6, 1 - (y - 2026) / 10) for y in range(2026, 2031)]
    flow = pd.DataFrame([*rows, ("kiln", 2030, cash_flow.LEFT, -30e6, 1.0)], columns=["item", "year", "kind", "cny", "discount_factor"])
    one = results(cash_flow=flow.assign(today_cny=flow["cny"] * flow["discount_factor"]))
    drawn = {t.name: [round(float(v), 6) for v in t.y] for t in cash_flow.chart(one, "en").data}
    assert drawn["coal"] == [50] * 5 and drawn["Investment"] == [0, 100, 0, 0, 0]
    assert drawn["Added up, as paid"] == [50, 200, 250, 300, 350] and drawn["Added up, in today's money"] == [50, 185, 225, 260, 290, 260]
    table = cash_flow.table(one, "zh")
    assert table["累计折现值（亿元）"].iloc[-1] == 2.6 and table["项目"].iloc[-1] == "期末余值" and len(table) == 7
