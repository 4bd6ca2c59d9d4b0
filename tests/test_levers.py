"""Levers: differences lead to the same problem as compiling anew, number by number; what they cannot reach is compiled."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from conftest import prepared
from tiny import candidate, factory, trade, works

from models.build import build
from models.compiled import Compiled, compile_matrix
from models.example import example
from models.inputs import Inputs
from planner import levers, translate
from planner.levers import FIELDS, OPEN, Levers


def learned(x: Inputs) -> Levers:
    known = Levers()
    known.open(x)
    while known.learn():
        pass
    return known


@cache
def whole() -> Levers:
    """The example, every feature on, mapped once."""
    return learned(example())


def moved(x: Inputs, seed: int, fields: tuple[str, ...] = FIELDS, share: float = 1.0) -> Inputs:
    """``x`` with about a ``share`` of the numbers of ``fields`` changed by up to half."""
    rng = np.random.default_rng(seed)

    def other(values: Mapping[Any, float]) -> dict[Any, float]:
        return {k: v * rng.uniform(0.5, 1.5) if rng.random() < share else v for k, v in values.items()}

    return replace(x, **{name: other(getattr(x, name)) for name in fields})


def same(a: Compiled, b: Compiled) -> None:
    """Cell by cell, to rounding."""
    assert a.rows == b.rows
    assert a.columns == b.columns
    assert abs(a.matrix - b.matrix).max() <= 1e-12
    assert abs(a.sums - b.sums).max() <= 1e-12 * max(1.0, abs(b.sums).max())
    assert a.offset == pytest.approx(b.offset, rel=1e-12, abs=1e-12)
    for name in ("cost", "row_lower", "row_upper", "lower", "upper", "constants", "weights"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-12, atol=1e-12)
    assert np.array_equal(a.whole, b.whole)


def test_every_lever_of_the_example_is_mapped() -> None:
    """Proves: no field is left to recompiling because its numbers could not be told apart. The example has every feature on."""
    known = whole()
    assert {name for name in FIELDS if getattr(example(), name)} <= set(known.known[0].maps)


@pytest.mark.parametrize("field", FIELDS)
def test_one_lever_alone_gives_what_compiling_gives(field: str) -> None:
    """Proves: each lever moved alone, the differences end at the recompiled problem. A number missed or counted twice shows."""
    x = example()
    y = moved(x, 1, (field,))
    assert not getattr(x, field) or y != x
    opened = whole().open(y)
    assert not opened.recompiled
    same(opened.compiled, compile_matrix(build(y)))


@pytest.mark.parametrize("seed", range(8))
def test_all_levers_together_give_what_compiling_gives(seed: int) -> None:
    """Proves: levers that multiply each other - the discount and every price - agree as well. A map that is linear in all at once does not."""
    x = example()
    known = whole()
    for step in range(3):
        y = moved(x, 10 * seed + step, share=0.5)
        opened = known.open(y)
        assert not opened.recompiled
        same(opened.compiled, compile_matrix(build(y)))
    same(known.open(x).compiled, compile_matrix(build(x)))


@pytest.mark.parametrize(
    ("case", "lever"),
    [  # the discounted budget of the computing centre follows the discount by compiling alone
        ("battery", ("finance.discount_rate", "0.05")),
        pytest.param("steel", ("finance.discount_rate", "0.05"), marks=pytest.mark.full),
        pytest.param("computing", ("finance.carbon_price", "80"), marks=pytest.mark.full),
    ],
)
def test_the_shipped_cases_are_mapped(case: str, lever: tuple[str, str]) -> None:
    """Proves: the same on a whole works, through the changes people make, discount rate and cap and price at once."""
    ready, changed = (prepared(case, *c) for c in ((), (lever, ("caps.total.2030.share", "0.61"))))
    x, y = (translate.inputs(r.plant, r.year) for r in (ready, changed))
    opened = learned(x).open(y)
    assert not opened.recompiled
    same(opened.compiled, compile_matrix(build(y)))


@pytest.mark.full
def test_output_is_mapped_and_another_set_of_targets_is_compiled() -> None:
    """Proves: 80 % of the cells of every year is reached by differences; a set of targets with caps of its own, hard or at a price, is
    noticed as another problem, and its output then moves by differences, too."""
    cells = tuple((f"demands.battery_cell.{y}.value", "16000") for y in range(2026, 2031))
    known = learned(translate.inputs(prepared("battery").plant, prepared("battery").year))
    for changes, anew in ((cells, False), ((("targets", "linear"),), True), ((("targets", "tranche_2030"),), True)):
        ready = prepared("battery", *changes)
        y = translate.inputs(ready.plant, ready.year)
        opened = known.open(y)
        assert opened.recompiled is anew, changes
        same(opened.compiled, compile_matrix(build(y)))
    while known.learn():
        pass
    ready = prepared("battery", ("targets", "linear"), *cells)
    y = translate.inputs(ready.plant, ready.year)
    opened = known.open(y)
    assert not opened.recompiled
    same(opened.compiled, compile_matrix(build(y)))


def heat(price: float = 1.0, **more: Any) -> Inputs:
    x = works(trade(factory(year_carriers=("gas", "heat"), demand={("heat", 2026): 5.0}, **more), "well", "gas", price), "kiln", heat=1.0, gas=-1.0)
    return candidate(x, "kiln", price=2.0)


def test_a_price_of_nothing_may_become_one() -> None:
    """Proves: a lever that stands at 0 has a place in the map. Numbers at 0 have none in a sparse matrix."""
    x = replace(heat(0.0), investment={("kiln", 2026): 0.0})
    y = replace(heat(3.0), investment={("kiln", 2026): 7.0})
    opened = learned(x).open(y)
    assert not opened.recompiled
    same(opened.compiled, compile_matrix(build(y)))


def test_what_is_no_lever_is_compiled() -> None:
    x = heat()
    known = learned(x)
    for y in (
        replace(x, max_size={"kiln": 3.0}),
        replace(x, ratio={**x.ratio, ("kiln", "gas"): -2.0}),
        replace(x, market_limit={("well", 2026): 4.0}),
    ):
        opened = known.open(y)
        assert opened.recompiled
        same(opened.compiled, compile_matrix(build(y)))
    back = known.open(x)
    assert not back.recompiled  # the latest problems stay open
    same(back.compiled, compile_matrix(build(x)))


def test_a_lever_that_bends_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: where a rule squares a price, no map is made for it, and the answer is still right. The other levers keep theirs."""

    def squared(x: Inputs) -> Any:
        return build(replace(x, price={k: v * v + x.investment["kiln", 2026] for k, v in x.price.items()}))

    monkeypatch.setattr(levers, "build", squared)
    x = heat(2.0)
    known = learned(x)
    assert "price" not in known.known[0].maps  # nor anything that meets it
    assert {"demand", "discount_end"} <= set(known.known[0].maps)
    y = heat(3.0)
    opened = known.open(y)
    assert opened.recompiled
    same(opened.compiled, compile_matrix(squared(y)))


@pytest.mark.parametrize(("factors", "reached"), [(("demand",), True), (("demand", "discount_end"), False)])
def test_products_of_two_are_mapped_and_of_three_compiled(monkeypatch: pytest.MonkeyPatch, factors: tuple[str, ...], reached: bool) -> None:
    """Proves: a limit that is price times demand follows both at once, also from a start where one of them is 0; a third factor
    is noticed. A map that adds what each does alone misses the corner."""

    def product(x: Inputs) -> Any:
        limit = x.price["well", 2026]
        for name in factors:
            limit *= next(iter(getattr(x, name).values()))
        return build(replace(x, market_limit={("well", 2026): limit}))

    monkeypatch.setattr(levers, "build", product)
    x = replace(heat(), demand={("heat", 2026): 0.0})
    y = replace(heat(3.0), demand={("heat", 2026): 9.0}, discount_end={2026: 0.9})
    opened = learned(x).open(y)
    assert opened.recompiled is not reached
    same(opened.compiled, compile_matrix(product(y)))


def test_a_problem_compiled_anew_does_not_begin_the_map_again() -> None:
    """Proves: asked about before its map is made, the first problem goes on learning and answers then, for a carbon price where there was
    none, too. Were every such question a problem of its own, a busy session would compile for ever."""
    x = replace(example(), carbon_price=dict.fromkeys(example().years, 0.0))
    known = Levers()
    known.open(x)
    for seed in range(OPEN + 1):
        assert known.open(moved(x, seed, ("price",))).recompiled
    while known.learn():
        pass
    assert not known.open(moved(x, 99)).recompiled
    y = replace(x, carbon_price=dict.fromkeys(x.years, 0.03))
    opened = known.open(y)
    assert not opened.recompiled
    same(opened.compiled, compile_matrix(build(y)))
    assert not known.open(x).recompiled


def test_settled_levers_answer_the_same_whatever_was_opened_before() -> None:
    """Proves: the points of a study are the same to the last digit in any order; kept problems would be the nearer ones to begin from later."""
    x = replace(example(), carbon_price={})
    others = [moved(x, seed) for seed in range(3)] + [heat(float(size)) for size in range(OPEN + 1)]  # the last are of another works
    one, other = Levers(), Levers()
    for known, order in ((one, others), (other, others[::-1])):
        known.open(x)
        known.settle()
        for y in order:
            known.open(y)
    for y in (x, *others):
        a, b = one.open(y), other.open(y)
        assert a.recompiled == b.recompiled == (y in others[3:])
        assert all(
            np.array_equal(getattr(a.compiled, name), getattr(b.compiled, name)) for name in ("cost", "row_lower", "row_upper", "lower", "upper")
        )
        assert np.array_equal(a.compiled.matrix.data, b.compiled.matrix.data)
