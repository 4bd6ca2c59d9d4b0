"""Every number of the data has a unit and a source, and every table says what its columns mean."""

import csv
import tomllib
from functools import cache
from pathlib import Path

import pytest

from planner.dictionary import DATA, dictionary
from planner.tables import Row, read_table
from planner.units import UnitError, factor

NOT_TABLES = {"dictionary"}
FILES = [p for p in sorted(DATA.rglob("*.csv")) if p.stem not in NOT_TABLES and DATA / "runs" not in p.parents]  # a run is an answer, not data
OF_PROVINCES = {"values": "province_values", "tariff_hours": "tariff_hours", "tariffs": "tariffs", "provinces": "provinces"}
MADE_OF_MANY = ("sources", "carriers", "factors", "technologies", "technology_values", "weather")


def table_of(path: Path) -> str:
    """The table a file belongs to: its folder's name, or its own."""
    folder = path.parent.name
    if folder in MADE_OF_MANY:
        return folder
    if folder == "provinces":
        return OF_PROVINCES[path.stem]
    return "report" if folder == "reconcile" else path.stem


@cache
def rows(path: Path) -> tuple[Row, ...]:
    return read_table(table_of(path), [path], [])


@cache
def all_rows(table: str) -> tuple[Row, ...]:
    return tuple(row for path in FILES if table_of(path) == table for row in rows(path))


def names(table: str, column: str) -> set[str]:
    return {row[column] for row in all_rows(table)}


def ids(paths: list[Path]) -> list[str]:
    return [p.relative_to(DATA).as_posix() for p in paths]


each_file = pytest.mark.parametrize("path", FILES, ids=ids(FILES))


@each_file
def test_a_table_is_read_without_findings(path: Path) -> None:
    findings: list = []
    found = read_table(table_of(path), [path], findings)
    assert [str(f) for f in findings] == []
    assert found


@each_file
def test_every_value_has_a_unit_and_a_source(path: Path) -> None:
    columns = dictionary()[table_of(path)]
    if "value" not in columns:
        return
    for row in rows(path):
        for column in {"unit", "source", "confidence"} & set(columns) if row["value"] is not None else ():
            assert row[column], f"{row['where']}: no {column}"


@each_file
def test_every_source_is_known(path: Path) -> None:
    unknown = {row["source"] for row in rows(path) if row.get("source")} - names("sources", "id")
    assert unknown == set()


@each_file
def test_every_unit_is_one(path: Path) -> None:
    """A unit that pint cannot read would only be found when somebody uses the row."""
    wrong = set()
    for unit in {row["unit"] for row in rows(path) if row.get("unit")}:
        try:
            factor(unit, unit)
        except UnitError:
            wrong.add(unit)
    assert wrong == set()


def test_every_source_has_one_meaning() -> None:
    """An identifier may stand in two files when it means the same work there."""
    titles: dict[str, set[str]] = {}
    for row in all_rows("sources"):
        titles.setdefault(row["id"], set()).add(row["title"])
    assert {name: found for name, found in titles.items() if len(found) > 1} == {}


@pytest.mark.parametrize("table", ["sources", "carriers", "technologies", "parameters", "provinces"])
def test_names_are_unique(table: str) -> None:
    """Within a file, and - but for sources, which several parts may cite - among all files of a table."""
    column = next(iter(dictionary()[table]))
    groups = [rows(p) for p in FILES if table_of(p) == table] if table == "sources" else [all_rows(table)]
    for group in groups:
        found = [row[column] for row in group]
        assert sorted({n for n in found if found.count(n) > 1}) == []


def test_every_parameter_technology_and_carrier_is_known() -> None:
    for row in (*all_rows("technology_values"), *all_rows("overrides")):
        assert row["parameter"] in names("parameters", "parameter"), f"{row['where']}: {row['parameter']}"
        assert row["carrier"] is None or row["carrier"] in names("carriers", "carrier"), f"{row['where']}: {row['carrier']}"
    for table in ("technology_values", "assets"):
        for row in all_rows(table):
            assert row["technology"] in names("technologies", "technology"), f"{row['where']}: {row['technology']}"
    for row in all_rows("factors"):
        assert row["carrier"] in names("carriers", "carrier"), f"{row['where']}: {row['carrier']}"


def test_every_parameter_is_used_or_gone() -> None:
    used = {row["parameter"] for row in (*all_rows("technology_values"), *all_rows("overrides"))}
    assert names("parameters", "parameter") - used == set()


def test_every_technology_is_labelled_in_both_languages() -> None:
    for table in ("technologies", "carriers", "parameters", "provinces"):
        assert [row["where"] for row in all_rows(table) if not (row["en"] and row["zh"])] == []


def test_the_dictionary_knows_itself() -> None:
    with (DATA / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        where = f"{line['table']}.{line['column']}"
        assert line["type"] in ("name", "text", "number", "year", "whole", "choice"), where
        assert line["en"] and line["zh"], where
        assert bool(line["allowed"]) is (line["type"] == "choice"), where
    assert {table_of(p) for p in FILES} <= set(dictionary())


@pytest.mark.parametrize("path", sorted(DATA.glob("cases/*/case.toml")), ids=lambda p: p.parent.name)
def test_every_case_is_toml(path: Path) -> None:
    assert tomllib.loads(path.read_text(encoding="utf-8-sig"))["name"]
