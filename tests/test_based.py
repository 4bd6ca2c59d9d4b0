"""A case that names another as its base: what it takes over, replaces and leaves out, and that a run keeps all of it."""

import shutil
from pathlib import Path

import pytest

from planner import case
from planner.errors import CaseError
from planner.intake import made
from planner.workspace import keep

TOML = 'base = "battery"\nname = "mine"\n[without]\nassets = ["led"]\n[site]\nconnection = 70\n'
OWN = {
    "areas.csv": "area,value,unit,source,confidence,en,zh\nroof,1000,m2,own_estimate,estimate,Roof,屋顶\nyard,5,m2,own_estimate,estimate,Yard,场地\n",
    "demands.csv": "carrier,year,value,unit,profile,source,confidence,note\nbattery_cell,2026,100,MWh/a,,own_estimate,estimate,\nbattery_cell,2030,200,MWh/a,,own_estimate,estimate,\n",
}  # fmt: skip


def variant(folder: Path, toml: str = TOML) -> Path:
    folder.mkdir(parents=True)
    for name, text in {"case.toml": toml, **OWN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_what_is_said_replaces_what_the_base_says_of_the_name(tmp_path: Path) -> None:
    """Proves: settings one by one; of a table, all rows of a name (two years for one row), in the base's place; new names at the end;
    what is left out is gone; everything else is the base's.

    Rows put beside those of the base would deliver 20,100 MWh in 2026; a table taken whole would have lost the car park.
    """
    base, mine = case.read("battery"), case.read(variant(tmp_path / "mine"))
    assert mine["site.connection"] == 70 and mine["site.province"] == base["site.province"] and mine.name == "mine"
    assert [(r["area"], r["value"]) for r in mine.tables["areas"]] == [("roof", 1000), ("carport", 40000), ("yard", 5)]
    assert [(r["year"], r["value"]) for r in mine.tables["demands"]] == [(2026, 100), (2030, 200)]
    assert [r["asset"] for r in mine.tables["assets"]] == [r["asset"] for r in base.tables["assets"] if r["asset"] != "led"]
    assert mine.tables["markets"] == base.tables["markets"] and mine.homes == ("mine", "battery")


def test_a_case_that_changes_nothing_is_its_base(tmp_path: Path) -> None:
    """Proves: the fingerprint speaks of numbers alone: a folder that only names its base has the base's, a single other number has not."""
    (tmp_path / "same").mkdir()
    (tmp_path / "same" / "case.toml").write_text('base = "battery"\n', encoding="utf-8")
    assert case.read(tmp_path / "same").fingerprint == case.read("battery").fingerprint != case.read(variant(tmp_path / "mine")).fingerprint


def test_what_a_run_keeps_is_read_without_the_shipped_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: a case written from its files alone, as runs, studies and workspaces do, is the same case where nothing is shipped."""
    here = case.read(variant(tmp_path / "mine"))
    there = tmp_path / "kept"
    for name, text in here.files.items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text(text, encoding="utf-8")
    place = keep.create(tmp_path / "place")
    place.add(tmp_path / "mine", "added")
    monkeypatch.setattr(case, "cases", dict)
    assert case.read(there).fingerprint == here.fingerprint == place.read("added").fingerprint
    shutil.rmtree(there / "base")
    with pytest.raises(CaseError):
        case.read(there)


def test_a_case_made_of_a_variant_stands_alone(tmp_path: Path) -> None:
    """Proves: what meters and bills make of a variant holds every row itself, with and without changes on top, and says the same."""
    for changes in ((), (("finance.carbon_price", "90"),)):
        here = case.read(variant(tmp_path / f"mine{len(changes)}"), changes)
        there = tmp_path / f"alone{len(changes)}"
        there.mkdir()
        for name, text in made.written(here, {}, {}).items():
            (there / name).write_text(text, encoding="utf-8")
        alone = case.read(there)
        assert (alone.fingerprint, alone.homes) == (here.fingerprint, (there.name,))


@pytest.mark.parametrize(("toml", "said"), [
    ('base = "batery"\n', "there is no base called 'batery'"), ('[without]\nassets = ["led"]\n', "and none is named"),
    ('base = "battery"\n[without]\nassets = ["leds"]\n', "which the base has not"), ('base = "battery"\n[without]\nasset = ["led"]\n', "names no table"),
    ('base = "battery"\n[without]\nassets = "led"\n', "names in brackets"), ('base = "battery"\n[site]\nconnection = -1\n', "site.connection is -1"),
])  # fmt: skip
def test_what_cannot_be_is_said(toml: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        case.read(variant(tmp_path / "mine", toml))
    assert any(said in f"{f.where} {f.what} {f.allowed}" for f in caught.value.findings)
