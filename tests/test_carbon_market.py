"""The national market and a border: what the rows of a case mean, and that the audit sees a bill that is too small."""

from dataclasses import replace

import pytest
import tiny
from pytest import approx
from test_audit import PLANT, YEAR, edited, failed

from planner import case as cases
from planner import plant as plants
from planner import translate
from planner.audit import audit
from planner.carbon_market import Border, Market
from planner.errors import CaseError
from planner.plant import Plant

BASE = ("base_year.direct", "8000000")


def steel(*changes: tuple[str, str]) -> Plant:
    return plants.resolve(cases.read("steel", list(changes)))


def test_grandfathering_tightening_and_credits() -> None:
    """Proves: 8 Mt less 10 % are 7200 kt for free in 2030; 160 CNY/t are 0.16 MCNY/kt; 5 % credits at 94.83 save 0.05 x 65.17 CNY/t."""
    market = steel(("targets", "carbon_market"), BASE).market
    assert market is not None
    assert (market.free[2026], market.free[2030]) == approx((8000.0, 7200.0))
    assert market.price[2030] == approx(0.16)
    assert market.gain(2030) == approx(0.05 * 0.06517)


def test_a_border_by_actual_and_by_default_values() -> None:
    """Proves: 7208 by default at 75.36 EUR: 3.187 x 1.3 - 0.515 x 1.37 = 3.4375 t/t in 2030, 259 EUR a tonne, as the fact base works it out."""
    border = steel(("targets", "border_default")).border
    assert border is not None
    per_tonne = border.fixed(2030) / border.exported[2030]
    assert per_tonne == approx(3.187 * 1.3 - 0.515 * 1.37)
    assert per_tonne * 75.36 == approx(259, abs=0.5)
    actual = steel(("targets", "border_actual")).border
    assert actual is not None
    assert not actual.default
    assert actual.fixed(2030) == 0


@pytest.mark.parametrize(("name", "changes", "word"), [
    ("battery", [("targets", "carbon_market"), BASE], "does not cover"), ("steel", [("targets", "carbon_market"), ("base_year.direct", "0")], "base_year.direct"),
    ("steel", [("targets", "border_actual"), ("carbon_market.border.exports", "9000000")], "more is exported"),
])  # fmt: skip
def test_what_is_wrong_is_said(name: str, changes: list[tuple[str, str]], word: str) -> None:
    """Proves: a sector that is not covered has no market, grandfathering needs its base, and no more is exported than is made."""
    with pytest.raises(CaseError) as caught:
        plants.resolve(cases.read(name, changes))
    assert any(word in f"{f.what} {f.allowed}" for f in caught.value.findings)


def dues() -> Plant:
    years = PLANT.horizon.years
    every = dict.fromkeys(years, 0.05)
    market = Market(price=every, free=dict.fromkeys(years, 300.0), credit_price=dict.fromkeys(years, 0.03), credit_limit=dict.fromkeys(years, 0.05))
    border = Border(
        price=dict.fromkeys(years, 0.4),
        exported=dict.fromkeys(years, 80.0),
        delivered=dict.fromkeys(years, 800.0),
        free=dict.fromkeys(years, 0.2),
        default={2026: 1.5},
    )
    return replace(PLANT, market=market, border=border)


def test_the_audit_recomputes_both_bills() -> None:
    """Proves: model and audit agree on market and border (actual and default); a bill 1 % too small is refused."""
    plant = dues()
    solution = tiny.plan(translate.inputs(plant, YEAR))
    found = audit(plant, YEAR, solution)
    assert found.passed, found.faults
    paid = solution.value("cost.running")
    assert paid["border", 2026] == approx(0.4 * 80 * 1.3)
    direct = solution.value("emissions.direct")[2030,]
    assert paid["carbon market", 2030] == approx(0.05 * (direct - 300) - 0.02 * 0.05 * direct)
    assert paid["border", 2030] == approx(max(0.4 * (0.1 * direct - 16), 0))
    for part in ("carbon market", "border"):

        def less(table, part=part):  # type: ignore[no-untyped-def]
            table.loc[table["i0"] == part, "value"] *= 0.99

        assert "running costs" in failed(audit(plant, YEAR, edited(solution, "cost.running", less)))
