"""Presets: every one can be read, says how official it is, and takes the place of a case's own targets."""

import pytest
from test_cli import one_object

from planner import case as cases
from planner import cli
from planner import plant as plants
from planner.errors import CaseError
from planner.presets import STATUS, presets

GIVEN = [("base_year.direct", "8e6"), ("base_year.value_added", "3e10"), ("product.value_added", "100000")]


@pytest.mark.parametrize("name", presets())
def test_a_preset_replaces_the_targets_of_a_case(name: str) -> None:
    """Proves: the case has the preset's targets and none of its own, each with a limit in the horizon; its sources are known."""
    preset, found = presets()[name], []
    rows = preset.tables(found).get("caps", ())
    factory = "steel" if name.startswith(("carbon", "border")) else "battery"
    plant = plants.resolve(cases.read(factory, [("targets", name), *GIVEN]))
    assert not found
    assert set(plant.targets) == {row["cap"] for row in rows} or not rows
    assert all(t.limit for t in plant.targets.values())
    assert preset.status in STATUS
    assert preset.source in {r["id"] for r in plant.rows["sources"]}


@pytest.mark.parametrize("name", presets())
def test_what_is_not_official_says_so_in_both_languages(name: str) -> None:
    """Proves: no preset passes for a rule it is not: official ones say what of them is an example, the others that they are examples or no rule."""
    preset = presets()[name]
    assert any(word in preset.note["en"] for word in ("example", "Example", "no rule"))
    assert any(word in preset.note["zh"] for word in ("示例", "并非规定"))


def test_a_later_change_moves_a_preset() -> None:
    plant = plants.resolve(cases.read("battery", [("targets", "linear"), ("caps.total.2030", "0.9")]))
    assert plant.cap_limit["total", 2030] * 1e3 == pytest.approx(0.9 * 263915.3)


def test_a_border_of_steel_is_not_put_around_cells() -> None:
    """Proves: one sentence names the sector; without it the units t/t and t/MWh would be blamed, row by row."""
    with pytest.raises(CaseError) as caught:
        cases.read("battery", [("targets", "border_actual")])
    assert [f.what for f in caught.value.findings] == ["its numbers are made for other sectors than 'lithium_battery'"]
    assert cases.read("steel_eaf", [("targets", "border_default")]).tables["carbon_market"]


def test_a_name_that_is_not_known_is_an_error() -> None:
    with pytest.raises(CaseError, match="linear"):
        cases.read("battery", [("targets", "linaer")])
    assert cli.main(["targets", "linaer"]) == 2


def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["targets", "--json"]) == 0
    told = one_object(capsys.readouterr().out)["targets"]
    assert {t["targets"] for t in told} == set(presets())
    assert cli.main(["targets", "residual_offset", "--lang", "zh"]) == 0
    assert "示例" in capsys.readouterr().out
