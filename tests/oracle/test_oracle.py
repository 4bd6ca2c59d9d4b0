"""The oracle agrees with the planner: random factories, every whole-number decision tried, both exact.

A factory without a plan counts as well: both must say that there is none.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from models.build import build
from models.compiled import compile_matrix
from oracle.factory import least_cost, written
from oracle.plants import FEATURES, small
from oracle.programme import Programme
from planner import highs, translate

QUICK = (*range(40), 271)  # 271 once found conversions in years in which their host could not leave
ALL = tuple(n for n in range(340) if n not in QUICK)
EXACT = 1e-6  # of the cost, or of a million CNY where that is more


@cache
def foreseen(seed: int) -> float | None:
    """The oracle's answer."""
    plant, year, _ = small(seed)
    return least_cost(plant, year)


def planned(seed: int) -> float | None:
    """The planner's answer, its whole numbers exact."""
    plant, year, _ = small(seed)
    compiled = compile_matrix(build(translate.inputs(plant, year)))
    answer = highs.solve(compiled, relative_gap=0.0)
    if answer.values is None:
        return None
    return highs.solve(highs.with_fixed_wholes(compiled, answer.values)).cost


def agree(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= EXACT * max(1.0, abs(other))


def check(seed: int) -> None:
    found, expected = planned(seed), foreseen(seed)
    assert agree(found, expected), f"seed {seed}: the planner says {found}, the oracle {expected}; features {', '.join(small(seed)[2])}"


@pytest.mark.parametrize("seed", QUICK)
def test_the_oracle_agrees(seed: int) -> None:
    check(seed)


@pytest.mark.full
@pytest.mark.parametrize("seed", ALL)
def test_the_oracle_agrees_with_many(seed: int) -> None:
    check(seed)


def test_the_random_factories_are_worth_asking() -> None:
    """Proves: among the quick seeds every feature stands somewhere, half have a plan, and most have whole numbers to decide."""
    assert {name for seed in QUICK for name in small(seed)[2]} == set(FEATURES)
    assert sum(foreseen(seed) is not None for seed in QUICK) >= 20
    assert sum(written(*small(seed)[:2]).decisions > 1 for seed in QUICK) >= 25


def test_the_programme_tries_every_decision() -> None:
    """Proves: 3 x and 5 for a switch that makes x at most 4, x + y at least 6, y at 2.5: without the switch 15, with it 5 + 12 + 5 = 22; at y 5 the switch pays: 27 < 30."""

    def least(price: float) -> float | None:
        p = Programme()
        p.decided({("switch",): 0.0}, {("switch",): 1.0})
        p.most(p.of("x"), p.of("switch") * 4.0)
        p.most(6.0, p.of("x") + p.of("y"))
        p.cost = p.of("x") * 3.0 + p.of("y") * price + p.of("switch") * 5.0
        return p.least()

    assert least(2.5) == pytest.approx(15)
    assert least(5.0) == pytest.approx(27)


def test_the_oracle_knows_nothing_of_the_model() -> None:
    """Proves: it imports no model, and of the planner only what plants, markets, days and rules are."""
    plain = {f"planner.{name}" for name in ("plant", "year", "markets", "money", "rules", "calendar", "standby", "targets")}
    for name in ("factory", "standby", "sizes", "plants", "days", "programme"):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert {m for m in named if m.split(".")[0] in ("models", "planner")} <= plain
