"""Proofs of planner/intake/works.py: a works' own report becomes the numbers of its case; what contradicts itself is closed, what cannot be met is told."""

from pathlib import Path
from typing import Any

import pytest
from conftest import COARSE, prepared
from files import write

from planner import case, cli, reconcile
from planner.errors import CaseError
from planner.intake import works

HEAD = "item,assets,quantity,carrier,per,value,unit,source,confidence,note"
REPORT = [
    HEAD, "直接排放和购电,,account,,,250000,t,own_report,official,", "全厂用电,,bought,electricity,,330000,MWh,own_report,official,",
    "化成,formation_aging,use,electricity,,170000,MWh,own_report,official,", "锅炉用气,gas_boilers,use,natural_gas,,1300000,GJ,own_report,official,",
]  # fmt: skip


def row(quantity: str, value: float, confidence: str, assets: str = "a", carrier: str = "gas") -> tuple[str, dict[str, Any]]:
    return "r", {
        "item": f"{assets} {quantity}",
        "quantity": quantity,
        "assets": assets,
        "carrier": carrier,
        "per": None,
        "value": value,
        "unit": "GJ",
        "confidence": confidence,
        "where": "r row 2",
    }


def test_what_contradicts_itself_is_closed_by_least_squares() -> None:
    """Proves: 100 (+-1) made, 60 (+-6) and 50 (+-5) used. By hand: 10 too many over the variances 1 + 36 + 25 = 62: +0.161, -5.806, -4.032.

    Shares without variances would move all three by 3.3; a version that trusts everything alike would leave 110 used of 100.
    """
    rows, said = works.closed([row("make", 100, "official"), row("use", 60, "estimate"), row("use", 50, "estimate", "b")])
    assert [r["value"] for _, r in rows] == pytest.approx([100 + 10 / 62, 60 - 360 / 62, 50 - 250 / 62])
    assert len(said) == 3 and "more gas was used than made" in said[0]


def test_what_is_made_and_not_used_may_be_flared() -> None:
    """Proves: a balance that leaves something over contradicts nothing, and two units are no balance."""
    rows = [row("make", 100, "official"), row("use", 60, "estimate"), row("use", 90, "official", carrier="coke")]
    assert works.closed(rows) == (rows, [])


def test_which_figure_is_met_by_what() -> None:
    """Proves: gas per hot metal is the furnaces' own coefficient; coke per slab is met by those who burn coke; emissions of a process are an outcome."""
    ready = prepared("steel")
    rows = {r["item"]: r for _, r in reconcile.reported(ready.case, ready.plant)}
    met = {item: works.handle(ready.plant, r, list(rows.values())) for item, r in rows.items()}
    assert set(met["Blast furnace gas per t hot metal"]) == {("bf1", "bfg"), ("bf2", "bfg")}
    assert {a for a, _ in met["Coke per t crude steel"]} >= {"bf1", "bf2"} and "coke1" not in {a for a, _ in met["Coke per t crude steel"]}
    assert met["Scrap per t crude steel"] == (("bof", "scrap"),)
    assert met["Blast furnaces"] == met["Sinter, process energy"] == met["Direct emissions"] == ()


def test_a_report_becomes_a_case(tmp_path: Path) -> None:
    """Proves: operation as today of the new case meets every figure that coefficients can meet, the base year is the reported one, the files
    (here in GBK) are kept, and the case the report was put onto stays as it was."""
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "energy_balance.csv", REPORT, "gbk")
    before = case.read("battery").fingerprint
    done = works.calibrate("battery", tmp_path / "made", tmp_path / "in", COARSE)
    table = done.table.set_index("item")
    assert list(table["met"]) == ["outcome", "yes", "yes", "yes"] and table["remainder"].iloc[1:].abs().max() < 1e-3
    assert table["before"].iloc[2] == pytest.approx(161340, rel=0.05) and table["after"].iloc[2] == pytest.approx(170000, rel=1e-3)
    assert done.ready.case["base_year.emissions"] == 250000
    again = {r["item"]: r["remainder"] for r in reconcile.reconcile(done.ready.case, done.ready.plant, done.ready.year).to_dict("records")}
    assert max(abs(again[i]) for i in ("全厂用电", "化成", "锅炉用气")) < 1e-3
    assert {
        r["source"] for r in done.ready.case.tables["overrides"] if r["asset"] in ("formation_aging", "gas_boilers") and r["parameter"] == "flow"
    } == {"own_report"}
    assert case.read("battery").fingerprint == before


def test_gas_is_held_to_the_carbon_there_is(tmp_path: Path) -> None:
    """Proves: converter gas of 2 GJ per t of steel would carry more carbon than hot metal and scrap bring; what the carbon allows is set and told."""
    plant = prepared("steel").plant
    flows = {("bof", "bofg"): 2.0}
    said = works._within_carbon(plant, flows)
    ratio = {**plant.assets["bof"].ratio, "bofg": flows["bof", "bofg"]}
    assert 0.35 < flows["bof", "bofg"] < 2.0 and "allows at most" in said["bof", "bofg"]
    assert sum(r * plant.carbon.get(c, 0.0) for c, r in ratio.items()) == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([*REPORT[:3], REPORT[3].replace("170000", "170000000"), REPORT[4]], "1.05e+03 times what the case makes of it"),
        ([HEAD, REPORT[3].replace("MWh", "t")], "t"),
        ([HEAD, REPORT[3].replace("formation_aging", "formation")], "'formation' is unknown"),
        ([HEAD, REPORT[3].replace("170000", "many")], "not a number"),
        ([HEAD.replace("quantity", "kind"), *REPORT[1:]], "'quantity' is missing"),
        ([], "the file is empty"),
    ],
    ids=["a thousand times", "unit", "asset", "number", "column", "empty"],
)  # fmt: skip
def test_a_damaged_report_is_refused(lines: list[str], what: str, tmp_path: Path) -> None:
    """Proves: what cannot be meant is said with its place, and no case is made."""
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "energy_balance.csv", lines)
    with pytest.raises(CaseError) as error:
        works.calibrate("battery", tmp_path / "made", tmp_path / "in", COARSE)
    assert what in str(error.value) and not (tmp_path / "made").exists()


def test_a_folder_without_a_report_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert cli.main(["calibrate", "battery", "--report", str(tmp_path / "in"), "--out", str(tmp_path / "made")]) == cli.WRONG_CASE
    assert "there is no report in it" in capsys.readouterr().err and not (tmp_path / "made").exists()
