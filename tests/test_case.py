"""Reading a case: settings, tables and changes by name; what nobody knows is refused with what it may have been."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from planner import case, run
from planner.case import DEFAULTS, Case
from planner.errors import CaseError, Finding
from planner.tables import nearest

Change = tuple[str, str]


def wrong(name: str | Path, *changes: Change, stage: Callable[..., object] = case.read) -> tuple[Finding, ...]:
    """The findings of a case that must not pass."""
    with pytest.raises(CaseError) as refused:
        stage(name, changes)
    return refused.value.findings


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The cell plant in a folder of its own."""
    return Path(shutil.copytree(case.find("battery"), tmp_path / "plant"))


def edited(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


# Reading -------------------------------------------------------------------------------------------------------------------


def test_a_case_is_found_by_name_and_by_path(copy: Path) -> None:
    """Proves: the copy says what the shipped case says, and every file of it is kept for the run."""
    there, here = case.read("battery"), case.read(copy)
    assert here.fingerprint == there.fingerprint
    assert here.folder == copy
    assert {"case.toml", "assets.csv", "reconcile/energy_balance.csv"} <= set(here.files)


def test_a_case_nobody_knows_is_refused_with_the_nearest() -> None:
    (found,) = wrong("batery")
    assert str(found).startswith("batery: there is no such case; allowed: a folder with case.toml, or perhaps battery or battery_")


def test_defaults_stand_where_the_case_says_nothing(copy: Path) -> None:
    """Proves: an empty case.toml is all defaults; the shipped one differs only where it speaks."""
    (copy / "case.toml").write_text("", encoding="utf-8")
    assert dict(case.read(copy).settings) == DEFAULTS
    shipped = case.read("battery")
    assert shipped["finance.discount_rate"] == 0.10
    assert shipped["finance.end_of_horizon"] == DEFAULTS["finance.end_of_horizon"]


def test_a_byte_order_mark_and_chinese_are_read(copy: Path) -> None:
    """Proves: what Excel saves as UTF-8 is read; a broken version would not know the first column of the table."""
    file = copy / "markets.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert case.read(copy).by_name["markets"]["gas"]["zh"] == "管道天然气"


def test_a_table_in_another_encoding_is_a_finding(copy: Path) -> None:
    """Proves: GBK, what Excel saves by default in China, is named as such; a broken version ends in a traceback."""
    file = copy / "markets.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("gbk"))
    found = [f for f in wrong(copy) if f.where == "plant/markets.csv"]
    assert len(found) == 1 and "cannot be read" in found[0].what and found[0].allowed == "a table of text in UTF-8"


def test_a_case_that_is_not_toml_is_a_finding(copy: Path) -> None:
    (copy / "case.toml").write_text("name = battery", encoding="utf-8")
    assert any("is not TOML" in f.what and f.where == "plant/case.toml" for f in wrong(copy))


@pytest.mark.parametrize(("old", "new", "what", "allowed"), [
    ('province = "jiangsu"', 'provinze = "jiangsu"', "site.provinze is unknown", "perhaps site.province"),
    ("discount_rate = 0.10", 'discount_rate = "ten"', "finance.discount_rate is 'ten', which is not a number", "a number from -0.5 to 1"),
    ("discount_rate = 0.10", "discount_rate = true", "finance.discount_rate is True, which is not a number", "a number from -0.5 to 1"),
    ("discount_rate = 0.10", "discount_rate = 7", "finance.discount_rate is 7", "a number from -0.5 to 1"),
    ("discount_rate = 0.10", "discount_rate = nan", "finance.discount_rate is nan, which is not a number", "a number from -0.5 to 1"),
    ('discount_rate_kind = "nominal"', 'discount_rate_kind = "nominell"', "finance.discount_rate_kind is 'nominell'", "one of nominal, real"),
    ("last_year = 2030", "last_year = 2029.5", "horizon.last_year is 2029.5", "a whole number from 2000 to 2100"),
    ('voltage = "110kv"', "voltage = 110", "site.voltage is 110, which is not a text", "a text"),
    ("emissions = 263915.3", 'emissions = "264 kt"', "base_year.emissions is '264 kt', which is not a number", "a number"),
])  # fmt: skip
def test_a_setting_that_is_wrong_is_a_finding(copy: Path, old: str, new: str, what: str, allowed: str) -> None:
    """Proves: file, setting and what is allowed. A misspelt setting that is passed over would plan with the default, and nobody would know."""
    edited(copy / "case.toml", old, new)
    assert [f.allowed.startswith(allowed) for f in wrong(copy) if (f.where, f.what) == ("plant/case.toml", what)] == [True]


# Changes -------------------------------------------------------------------------------------------------------------------


def read(*changes: Change) -> Case:
    return case.read("battery", changes)


@pytest.mark.parametrize(("key", "text", "value"), [
    ("site.connection", "80.5", 80.5), ("site.connection", "75", 75.0), ("finance.discount_rate", "0", 0.0), ("horizon.last_year", "2028", 2028),
    ("base_year.emissions", "1e5", 1e5), ("site.voltage", "220kv", "220kv"), ("finance.end_of_horizon", "straight_line", "straight_line"),
])  # fmt: skip
def test_a_setting_is_changed(key: str, text: str, value: object) -> None:
    """Proves: the setting's kind counts, not how the file writes it - `connection = 80` must take 80.5 and not become 80."""
    assert read((key, text))[key] == value
    assert isinstance(read(("horizon.last_year", "2028.0"))["horizon.last_year"], int)


@pytest.mark.parametrize(("key", "table", "row", "column", "value"), [
    ("caps.total.2030", "caps", ("total", 2030), "share", 0.4), ("caps.total.2030.share", "caps", ("total", 2030), "share", 0.4),
    ("caps.total.2030.value", "caps", ("total", 2030), "value", 0.4), ("assets.roof_pv", "assets", ("roof_pv",), "max_size", 0.4),
    ("assets.mixing.size", "assets", ("mixing",), "size", 0.4), ("demands.battery_cell", "demands", ("battery_cell",), "value", 0.4),
    ("areas.roof", "areas", ("roof",), "value", 0.4), ("market_values.nmp_supply.price", "market_values", ("nmp_supply", "price"), "value", 0.4),
    ("overrides.gas_boilers.flow.natural_gas", "overrides", ("gas_boilers", "flow", "natural_gas"), "value", 0.4),
    ("technology_values.battery_2h.investment", "technology_values", ("battery_2h", "investment"), "value", 0.4),
    ("province_values.jiangsu.grid_factor.2030", "province_values", ("jiangsu", "grid_factor", 2030), "value", 0.4),
    ("factors.natural_gas.carbon_content", "factors", ("natural_gas", "carbon_content"), "value", 0.4), ("money.EUR.rate", "money", ("EUR", "rate"), "value", 0.4),
])  # fmt: skip
def test_a_cell_is_changed_and_nothing_else(key: str, table: str, row: tuple[object, ...], column: str, value: float) -> None:
    """Proves: exactly the named row changes. A loose match would change a whole table and say nothing."""
    before, after = read().tables, read((key, str(value))).tables
    assert [t for t in before if before[t] != after[t]] == [table]
    changed = [new for old, new in zip(before[table], after[table], strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][column] == value
    assert tuple(changed[0][k] for k in case.KEYS[table] if changed[0][k] is not None)[: len(row)] == row


def test_a_key_that_is_left_out_means_all_rows() -> None:
    """Proves: `caps.total=0.9` is every year; a share takes the place of an amount and an amount that of a share."""
    assert {r["share"] for r in read(("caps.total", "0.9")).tables["caps"] if r["cap"] == "total"} == {0.9}
    amount = next(r for r in read(("caps.total.2030.value", "5e4")).tables["caps"] if (r["cap"], r["year"]) == ("total", 2030))
    assert (amount["share"], amount["value"], amount["unit"]) == (None, 5e4, "t")
    own = next(r for r in read(("market_values.gas.price", "70")).tables["market_values"] if r["market"] == "gas")
    assert (own["value"], own["province_parameter"]) == (70.0, None)


def test_options_off_closes_every_candidate() -> None:
    plant = run.prepare("battery", [("options", "off")]).plant
    assert plant.candidates == ()
    assert len(plant.assets) == sum(r["status"] == "operating" for r in read().tables["assets"])


def test_the_last_of_two_changes_counts() -> None:
    caps = read(("caps.total.2030", "0.4"), ("caps.total.2030", "0.3")).tables["caps"]
    assert [r["share"] for r in caps if (r["cap"], r["year"]) == ("total", 2030)] == [0.3]


@pytest.mark.parametrize(("key", "text", "what", "allowed"), [
    ("caps.totl.2030", "0.4", "no row of caps is called 'totl.2030'", "perhaps caps.total.2030"),
    ("caps.total.2031", "0.4", "no row of caps is called 'total.2031'", "perhaps caps.total.2030"),
    ("cap.total.2030", "0.4", "the case has no number called 'cap.total.2030'", "one of "),
    ("finance.discont_rate", "0.1", "the case has no number called 'finance.discont_rate'", "perhaps finance.discount_rate"),
    ("Site.Province", "hebei", "the case has no number called 'Site.Province'", "perhaps site.province"),
    ("assets.roof_pw", "9", "no row of assets is called 'roof_pw'", "perhaps assets.roof_pv"),
    ("caps.total.2030", "half", "share is 'half', which is not a number", "a number, at least 0, at most 10, share"),
    ("caps.total.2030", "nan", "share is nan, which is not a finite number", "a number, at least 0, at most 10, share"),
    ("caps.total.2030", "-0.1", "share is -0.1", "a number, at least 0, at most 10, share"),
    ("assets.roof_pv.status", "maybe", "status is 'maybe'", "one of operating, committed, candidate"),
    ("time.days", "0", "time.days is 0", "a whole number from 1 to 28"), ("time.days", "1.5", "time.days is 1.5", "a whole number from 1 to 28"),
    ("site.connection", "inf", "site.connection is 'inf', which is not a number", "a number from 0 to 1e+06"),
    ("finance.discount_rate_kind", "Real", "finance.discount_rate_kind is 'Real'", "one of nominal, real"),
    ("options", "on", "options is 'on'", "off"),
])  # fmt: skip
def test_a_change_that_means_nothing_is_refused(key: str, text: str, what: str, allowed: str) -> None:
    """Proves: every such change is a finding with the nearest name. A misspelt cap that is passed over is a plan without it."""
    found = wrong("battery", (key, text))
    assert [(f.where, f.what) for f in found] == [(f"--set {key}={text}", what)]
    assert found[0].allowed.startswith(allowed)


def test_all_wrong_changes_are_named_at_once() -> None:
    found = wrong("battery", ("caps.totl", "1"), ("time.days", "x"), ("horizon.lastyear", "2030"), ("caps.total.2030", "0.4"))
    assert [f.where for f in found] == ["--set caps.totl=1", "--set time.days=x", "--set horizon.lastyear=2030"]


def test_the_nearest_name_does_not_depend_on_case() -> None:
    """Proves: SICHUAN is near sichuan; letters compared as they stand would offer `anhui`."""
    assert nearest("SICHUAN", ["anhui", "sichuan", "xinjiang"]).startswith("perhaps sichuan")
    assert nearest("q", ["anhui"]) == "one of anhui"
    assert nearest("q", []) == "nothing, the table is empty"


# Another province ----------------------------------------------------------------------------------------------------------


def test_a_province_brings_its_own_tariff_factor_and_prices(prepare: Callable[..., run.Ready]) -> None:
    """Proves: one change moves the works. A version that keeps the case's zone would pay Jiangsu's tariff in Sichuan."""
    home, there = prepare("battery"), prepare("battery", ("site.province", "sichuan"), ("markets.export.allowed", "no"))
    assert there.plant.grid_factor["location", 2030] == 0.1319
    assert there.plant.markets["gas"].price[2030] == pytest.approx(66.78 / 1.09 / 1e3)
    assert abs(there.year.hourly["price"].mean() / home.year.hourly["price"].mean() - 1) > 0.01
    assert not there.year.hourly["pv"].equals(home.year.hourly["pv"])
    zone = prepare("battery", ("site.province", "sichuan"), ("site.zone", "sichuan"), ("markets.export.allowed", "no"))
    assert zone.year.hourly.equals(there.year.hourly)


def test_limits_of_resources_move_with_the_province(prepare: Callable[..., run.Ready]) -> None:
    """Proves: what one province can supply is not borrowed by another: it is nothing until a limit is given, and the page says so.

    A version that kept the limits of Hebei would sell a works in Shandong the scrap and the coastal wind of Tangshan.
    """
    away = ("site.province", "shandong")
    home, there = prepare("steel"), prepare("steel", away)
    given = prepare("steel", away, ("market_values.scrap_local.limit", "700000"), ("assets.wind_direct.max_size", "150"))
    assert home.plant.elsewhere == () and not any("nothing available here" in note for note in home.year.notes)
    assert home.plant.markets["scrap_local"].limit[2030] == 1000 and "wind_direct" in home.plant.assets
    assert there.plant.markets["scrap_local"].limit == dict.fromkeys(there.plant.horizon.years, 0.0) and "wind_direct" not in there.plant.assets
    assert there.plant.markets["scrap_far"].limit == home.plant.markets["scrap_far"].limit  # a limit of no province holds everywhere
    assert [note for note in there.year.notes if note.endswith(", ".join(there.plant.elsewhere))] and "scrap_local" in there.plant.elsewhere
    assert given.plant.markets["scrap_local"].limit[2030] == 700 and given.plant.assets["wind_direct"].max_size == 150
    assert not {"scrap_local", "wind_direct"} & set(given.plant.elsewhere)
    assert prepare("battery", ("site.province", "henan"), ("markets.export.allowed", "no")).plant.markets["biomass_fuel"].limit[2026] == 200


@pytest.mark.parametrize("name", ["steel", "battery"])
def test_a_province_far_away_can_be_planned(name: str, prepare: Callable[..., run.Ready]) -> None:
    """Proves: Xinjiang has all a works needs, or what it lacks is said at once; estimates of its tariff are noted."""
    voltage = "220kv" if name == "steel" else "110kv"
    ready = prepare(name, ("site.province", "xinjiang"), ("site.voltage", voltage))
    assert ready.plant.grid_factor["location", 2026] == 0.5598
    assert any("estimate" in note for note in ready.year.notes)


def test_what_a_province_lacks_is_named_at_once(said: Callable[[Sequence[object]], str]) -> None:
    """Proves: no province is filled up from another one or the nation: all bands without a price are named in one go."""
    found = wrong("battery", ("site.province", "yunnan"), stage=run.prepare)
    assert [f.what for f in found if "zone" in f.what] == [f"zone 'yunnan' has no energy price of band {b}" for b in ("flat", "peak", "valley")]
    assert "no price zone 'jilin'" in said(wrong("battery", ("site.province", "jilin"), stage=run.prepare))


@pytest.mark.parametrize("province", ["Sichuan", "SICHUAN", "sichan"])
def test_a_province_nobody_knows_is_refused_with_all_that_follows(province: str, said: Callable[[Sequence[object]], str]) -> None:
    """Proves: name, tariff, weather and prices are named together, with the province that was meant."""
    text = said(wrong("battery", ("site.province", province), stage=run.prepare))
    for part in (
        f"site.province is {province!r}; allowed: perhaps sichuan",
        "no 'natural_gas_price'",
        "no price zone",
        "no pv statistics",
        "no wind statistics",
    ):
        assert part in text


def test_a_weather_file_that_is_not_there_is_a_finding() -> None:
    """Proves: exit code 2 with the setting, not a traceback."""
    found = wrong("battery", ("site.pv_file", "/nowhere/sun.epw"), stage=run.prepare)
    assert [f.where for f in found] == ["battery/case.toml"] and "site.pv_file" in found[0].what


# The fingerprint -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [
    ("caps.total.2030", "0.4999"), ("finance.discount_rate", "0.1001"), ("assets.mixing.size", "20001"), ("demands.battery_cell", "20001"),
    ("technology_values.battery_4h.lifetime", "15.5"), ("province_values.jiangsu.grid_factor.2030", "0.49"), ("tariffs.jiangsu.energy.peak", "1.23456"),
    ("time.segments", "9"), ("site.province", "hebei"), ("options", "off"), ("money.USD.rate", "7.1234"), ("profiles.dry_room_air.7", "1.26"),
])  # fmt: skip
def test_any_number_changes_the_fingerprint(change: Change) -> None:
    """Proves: a stored plan is never shown for a case that differs by a number."""
    assert read(change).fingerprint != read().fingerprint


def test_a_technology_of_others_does_not_change_the_fingerprint(copy: Path) -> None:
    """Proves: a row added to the catalogue for another sector leaves every stored plan that of its case."""
    there = case.read(copy)
    row = next(r for r in there.tables["technology_values"] if r["technology"] == "battery_4h")
    more = {**there.tables, "technology_values": (*there.tables["technology_values"], {**row, "technology": "nobody's"})}
    assert replace(there, tables=more).fingerprint == there.fingerprint


def test_order_and_spelling_do_not_change_the_fingerprint(copy: Path) -> None:
    """Proves: the same numbers are the same case - in another order of changes, columns or rows, or set to what they are.

    A fingerprint that counts where a number stands would plan the same case again after every click.
    """
    one, two = ("caps.total.2030", "0.4"), ("finance.discount_rate", "0.09")
    assert read(one, two).fingerprint == read(two, one).fingerprint != read(one).fingerprint
    assert read(("caps.total.2030", "0.50"), ("site.connection", "80.0")).fingerprint == read().fingerprint
    lines = (copy / "caps.csv").read_text(encoding="utf-8").splitlines()
    (copy / "caps.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    rows = [line.split(",") for line in (copy / "hosts.csv").read_text(encoding="utf-8").splitlines()]
    (copy / "hosts.csv").write_text("\n".join(",".join(reversed(row)) for row in rows), encoding="utf-8")
    assert case.read(copy).fingerprint == read().fingerprint
