"""Alternatives on whole cases, and the command that makes everything that explains a plan."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import prepared
from pytest import approx
from results_by_hand import by_hand
from test_opened import kept

from planner import cli, stored
from planner.commands import why
from planner.plant import MILLION
from planner.why import alternatives


@pytest.mark.full
@pytest.mark.parametrize("name", ["steel", "battery"])
def test_alternatives_of_the_shipped_cases_are_whole_plans(name: str, tmp_path: Path) -> None:
    """Proves: at coarse time each alternative passes its audit, costs no more than the limit and the gap, lies in the ranges, and opens as a run."""
    made = alternatives.evaluate(prepared(name), within=0.02, number=2)
    table, ranges = made.tables["alternatives"], made.tables["ranges"]
    assert len(table) >= 2
    for one in made.runs:
        assert one.audit.passed
    assert (table["cost_cny"] <= table["limit_cny"] * (1 + 1e-6)).all()
    for column in (c for c in ranges if c.startswith("plan_")):
        room = 0.02 * ranges["largest"]
        assert ((ranges[column] >= ranges["least"] - room) & (ranges[column] <= ranges["most"] + room)).all(), column
    alternatives.write(made, tmp_path / "alternatives")
    opened = stored.load(tmp_path / "alternatives" / "1")
    assert opened.summary["objective_cny"] == approx(table.loc[1, "cost_cny"])
    assert any(note.startswith("alternative 1") for note in opened.summary["notes"])
    assert table.loc[0, "decided_cny"] > MILLION


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A run by hand without MACC, and what was made; the makers are stand-ins."""
    results = by_hand()
    folder = kept(tmp_path / "run", type(results)(results.summary, {k: v for k, v in results.tables.items() if k != "macc"}))
    made: list[str] = []

    def maker(name: str, tables: tuple[str, ...]) -> Any:
        def make(_: object) -> dict[str, pd.DataFrame]:
            made.append(name)
            return {t: pd.DataFrame({"measure": ["kiln"]}) for t in tables}

        return make

    monkeypatch.setattr(why, "PARTS", {name: (tables, maker(name, tables)) for name, (tables, _) in why.PARTS.items()})
    monkeypatch.setattr(why.runs, "reopen", lambda _: (SimpleNamespace(case=SimpleNamespace(name="steel")), None))
    return folder, made


def test_what_stands_in_a_run_is_not_made_again(asked: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: of a run that lacks MACC and wedges alone, only the measures are made; they stand in its folder; asked for again, all of it is."""
    folder, made = asked
    assert cli.main(["why", str(folder), "--json"]) == 0
    assert made == ["measures"]
    told = json.loads(capsys.readouterr().out)
    assert told["macc"] == [{"measure": "kiln"}] and set(told) >= {"macc", "wedges", "financing", "prices", "alternatives", "ranges", "front"}
    assert "macc" in stored.load(folder).results.tables
    assert cli.main(["why", str(folder), "--only", "prices", "--again", "--lang", "zh"]) == 0
    assert made == ["measures", "prices"] and "上限的代价" in capsys.readouterr().out
