"""Per value added, national levels, premiums: small figures by hand, and that none of them changes a plan's fingerprint."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from pytest import approx
from test_audit import PLANT

from planner import case, cli, premium
from planner.language import LANGUAGES
from planner.process_energy import process_energy, reached
from planner.report import material, yardstick
from planner.results import Results

RUN = Results({"discount_rate_real": 0.25, "first_year": 2026, "objective_cny": 5200.0, "frozen_cny": 1100.0, "free_cny": 4688.0}, {})


def test_the_premium_that_pays_for_a_plan() -> None:
    """Proves: 1000 units paid for at the end of 2026 and of 2027 are worth 800 + 640 = 1440 today at 25 %: an extra cost of 4100 CNY asks for
    2.847 CNY a unit, of 512 CNY for 0.356. Undiscounted it would be 2.05, paid at the start of the year 2.28.
    """
    found = premium.break_even(RUN, {2026: 1000.0, 2027: 1000.0}).set_index("reference")
    assert found.loc["frozen", "extra_cny"] == approx(4100) and found.loc["frozen", "premium"] == approx(4100 / 1440)
    assert found.loc["free", "premium"] == approx(512 / 1440)


def test_a_premium_is_earned_where_the_footprint_is_low_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: at 1.5 and 1.3 t/t a premium below 1.4 t/t is earned in the second year alone: 50 x 640 = 32,000 CNY of today; the rest of the
    extra cost stays. A premium that asks for nothing is earned in both: for cells 3.4 CNY/kWh are 3400 CNY/MWh.
    """
    feet = pd.DataFrame({"year": [2026, 2027], "view": "location", "part": "total", "per_unit": [1.5, 1.3]})
    monkeypatch.setattr(premium, "footprint", lambda tables, product: feet)
    run = Results(RUN.summary, {"account": feet})
    low = premium.stated(run, {2026: 1000.0, 2027: 1000.0}, "hot_rolled_coil", "t").iloc[0]
    assert (low["years"], low["worth_cny"], low["left_cny"]) == ("2027", approx(50 * 640), approx(4100 - 32000))
    cells = premium.stated(run, {2026: 1000.0, 2027: 1000.0}, "battery_cell", "MWh").iloc[0]
    assert cells["years"] == "2026 2027" and cells["worth_cny"] == approx(3400 * 1440)


def test_process_energy_is_what_goes_in_less_what_comes_out() -> None:
    """Proves: a furnace that takes 14 tce of coke and gives 4 tce of gas for 25 t of hot metal uses 400 kgce/t, and a retrofit on it that
    saves 1 tce makes it 360: level 1 (361) is reached. Gas that was not taken off would make it 560.
    """
    host = replace(PLANT.assets["furnace"], technology="blast_furnace")
    saver = replace(host, name="saver", kind="measure", technology="upgrade", hosts=("furnace",))
    plant = replace(PLANT, assets={"furnace": host, "saver": saver}, units={"hot_metal": "t", "coke": "t", "gas": "GJ"})
    rows = [("coke", "furnace", -20.0), ("gas", "furnace", 200.0), ("hot_metal", "furnace", 25.0)]
    balance = pd.DataFrame([(2026, *r, "") for r in rows], columns=["year", "carrier", "item", "amount", "unit"])
    content = {"coke": 0.7, "gas": 0.02}
    assert process_energy(balance, plant, content)["per_unit"].tolist() == [approx(400)]
    balance.loc[len(balance)] = [2026, "gas", "saver", 50.0, ""]
    (row,) = process_energy(balance, plant, content).to_dict("records")
    assert row["per_unit"] == approx(360) and reached(row["per_unit"], row) == "level_1"
    assert [reached(v, row) for v in (365.0, 415.0, 415.1)] == ["level_2", "level_3", "none"]


def test_what_only_reports_tell_leaves_a_plan_as_it_was() -> None:
    """Proves: price and value added change no fingerprint, so no stored plan becomes old; with a target per value added they do."""
    told = [("product.price", "9"), ("product.value_added", "9"), ("base_year.value_added", "9")]
    assert case.read("battery", told).fingerprint == case.read("battery").fingerprint
    dual = ("targets", "dual_control")
    assert case.read("battery", [dual, told[1]]).fingerprint != case.read("battery", [dual]).fingerprint


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["battery", "steel"])
def test_the_chapter_states_value_added_where_a_case_gives_it(name: str, language: str) -> None:
    """Proves: by hand, energy and tonnes of the last year over price-less value added; without it the chapter says what is missing."""
    m = material.of(name)
    given = replace(m, case=replace(m.case, settings=dict(case.read(name).settings)))
    (first, *_) = yardstick.intensity(given, language).tables
    ten = float(m.product[m.last]) * float(given.case["product.value_added"]) / 1e4
    last = first.frame.iloc[-1].tolist()
    assert last[2] == approx(float(m.coal_equivalent[m.last]) / ten, abs=1e-3)
    assert last[3] == approx(float(m.coal_equivalent_grid[m.last]) / ten, abs=1e-3) != last[2]
    assert last[4] == approx(m.total(m.last) / ten, abs=1e-3)
    bare = replace(m, case=replace(m.case, settings={**m.case.settings, "product.value_added": 0.0}))
    assert len(yardstick.intensity(bare, language).tables) == len(yardstick.intensity(given, language).tables) - 1


def test_the_command_tells_break_even_and_a_premium_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: at the break-even premium nothing is left of the extra cost."""
    assert cli.main(["premium", "steel", "--json"]) == 0
    even = json.loads(capsys.readouterr().out)["break_even"][0]["premium"]
    assert cli.main(["premium", "steel", "--json", "--at", str(even)]) == 0
    assert json.loads(capsys.readouterr().out)["asked"]["left_cny"] == approx(0, abs=1)
    assert cli.main(["premium", "steel", "--at", "80", "--lang", "zh"]) == 0
    assert "80 CNY/t" in capsys.readouterr().out
