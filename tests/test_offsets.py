"""Offsets: behind the plant's own reduction, cheapest first, up to their limits, and outside the plan; and what the cut is made of."""

from dataclasses import replace

import pytest
from pytest import approx
from test_audit import PLANT, YEAR, honest

from planner import case as cases
from planner import plant as plants
from planner import results, translate
from planner.account.planned import account_of
from planner.errors import CaseError
from planner.offsets import Offset, Terms, settle
from planner.reduction import reduction

EVERY = {2029: 1.0, 2030: 1.0}
KINDS = (
    Offset("abroad", "cross_border", "example", dict.fromkeys(EVERY, 150.0), {}),
    Offset("home", "national", "example", dict.fromkeys(EVERY, 95.0), dict.fromkeys(EVERY, 60.0)),
)
TERMS = Terms(base=1000.0, floor=0.3, limit=0.1, kinds=KINDS)


def test_nothing_is_offset_before_the_floor_is_reached() -> None:
    """Proves: 20 % of own reduction are below the floor of 30 %: nothing in 2029. In 2030 (35 %) a tenth of the base year, 100 of 600 t:

    60 at 95 and 40 at 150: 11700 CNY, 500 t remain. Dearest first it would cost 15000; without the floor 2029 would have 100 as well.
    """
    bought, years = settle(TERMS, {2029: 800.0, 2030: 600.0}, {2029: 200.0, 2030: 350.0})
    assert years["may"].tolist() == [False, True]
    assert years["offset_t"].tolist() == approx([0, 100])
    assert years["remains_t"].tolist() == approx([800, 500])
    assert years["cny"].tolist() == approx([0, 11700])
    assert bought[bought["year"] == 2030].set_index("offset")["t"].to_dict() == approx({"home": 60, "abroad": 40})


def test_no_more_is_offset_than_is_left() -> None:
    """Proves: 30 t left are offset with 30 at 95, though 100 were allowed."""
    _, years = settle(TERMS, {2030: 30.0}, {2030: 970.0})
    assert years[["offset_t", "remains_t", "cny"]].iloc[0].tolist() == approx([30, 0, 2850])


def test_offsets_never_reach_the_model() -> None:
    """Proves: the numbers the model sees are the same with offsets and without, at whatever price: no cap can be met by them."""
    assert translate.inputs(replace(PLANT, offsets=TERMS), YEAR) == translate.inputs(PLANT, YEAR)


def test_the_cut_is_own_reduction_and_grid() -> None:
    """Proves: base year less what is left is own reduction plus what the cleaner grid brings on the power drawn, (0.6 - 0.5) t a MWh."""
    plant = replace(PLANT, base_factor=0.6)
    made = account_of(plant, YEAR, honest())
    table = reduction(plant, made, 2e6).set_index("year")
    drawn = honest().value("market.amount")["grid", 2030] * 1e3
    assert table.loc[2030, "grid_t"] == approx(0.1 * drawn)
    assert table.loc[2030, "own_t"] + table.loc[2030, "grid_t"] == approx(2e6 - table.loc[2030, "left_t"])
    assert table.loc[2030, "left_t"] == approx(honest().value("cap.counted")["total", 2030] * 1e3)
    assert table.loc[2030, "instruments_t"] == approx(0.7 * honest().value("market.amount")["proofs", 2030] * 1e3)
    assert results.offsets(plant, reduction(plant, made, 2e6)) == {}


def test_offsets_ask_for_their_floor_and_their_limit() -> None:
    """Proves: a case with offsets and no floor is wrong; there is no rule to fall back on."""
    with pytest.raises(CaseError) as caught:
        plants.resolve(cases.read("battery", [("targets", "residual_offset"), ("offset.floor", "1.5")]))
    assert any("offset.floor" in f.what for f in caught.value.findings)
    terms = plants.resolve(cases.read("battery", [("targets", "residual_offset"), ("offset.floor", "0.5"), ("offsets.national", "120")])).offsets
    assert terms is not None
    assert (terms.floor, terms.limit) == (0.5, 0.1)
    assert {k.name: k.price[2030] for k in terms.kinds} == {"national": 120.0, "cross_border": 150.0}
