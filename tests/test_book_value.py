"""Book value: what is written off when a unit goes before its end; told, and in no sum of the plan."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
from pytest import approx
from test_audit import asset
from test_outage import ironworks, months
from tiny import plan as solved

from models.solution import Solution
from planner import book_value, translate
from planner.results import Results
from planner.views.roadmap import written_off

CASE = SimpleNamespace(label=lambda name, language: f"{name} ({language})")


def test_the_price_of_a_new_one_falls_in_equal_parts_over_its_life() -> None:
    """Proves: 20 a size, in service since 2010, until the end of 2029: in 2026 four of twenty years are left, 4; in 2028 2; after its end nothing."""
    old = asset("old", size=10.0, in_service=2010, end_year=2029, investment=20.0)
    assert [book_value.per_size(old, y, 2026)[0] for y in (2026, 2028, 2030, 2031)] == approx([4.0, 2.0, 0.0, 0.0])
    assert book_value.per_size(replace(old, end_year=None, lifetime=40.0), 2026, 2026) == (approx(20 * 24 / 40), "new")


def test_a_given_book_value_is_that_of_the_first_year() -> None:
    """Proves: 6 a size in 2026 are gone by the end of 2029: 3 in 2028. Counted from when it first ran, it would be 6 x 2 / 20 = 0.6."""
    old = asset("old", size=10.0, in_service=2010, end_year=2029, investment=20.0)
    assert book_value.per_size(replace(old, book_value=6.0), 2028, 2026) == (approx(3.0), "book")


def test_what_nobody_knows_is_said_to_be_unknown() -> None:
    assert book_value.per_size(asset("old", size=10.0, in_service=2010, end_year=2029), 2027, 2026) == (0.0, "unknown")
    assert book_value.per_size(asset("old", size=10.0, investment=20.0), 2027, 2026) == (0.0, "unknown")


def test_a_loss_is_told_and_moves_nothing() -> None:
    """Proves: a furnace that costs 9 a size and year to keep goes at once, 365 x 4 are written off; the plan costs the same whatever is in the books."""
    costs = []
    for value in (None, 4.0):
        works = ironworks(end_year=2035, may_retire=True, fixed_cost=9.0, renewal_investment=None, book_value=value)
        solution: Solution = solved(translate.inputs(works, months()))
        costs.append(solution.cost)
        found = book_value.losses(CASE, works, solution)  # type: ignore[arg-type]
    assert costs[0] == approx(costs[1])
    assert found[["year", "asset", "size", "cny", "basis"]].to_numpy().tolist() == [[2026, "furnace", approx(365e3), approx(365 * 4 * 1e6), "book"]]


def test_losses_are_told_in_both_languages() -> None:
    rows = [(2028, "bf2", "Furnace 2", "2号高炉", 2.4e6, "t/a", 5e8, "book"), (2028, "old", "Old", "旧", 1.0, "t/a", 0.0, "unknown")]
    told = Results({}, {"book_losses": pd.DataFrame(rows, columns=book_value.COLUMNS)})
    english, chinese = written_off(told, "en"), written_off(told, "zh")
    assert english is not None and chinese is not None
    assert english.iloc[0].tolist()[:2] == ["2028", "Furnace 2"] and english.iloc[1].tolist()[3:] == ["–", "not known"]
    assert chinese.iloc[1].tolist()[3:] == ["–", "未知"] and chinese.iloc[0].tolist()[1] == "2号高炉"
    assert written_off(Results({}, {}), "en") is None
