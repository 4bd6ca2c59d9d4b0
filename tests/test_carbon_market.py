"""The national market and a border: what the rows of a case mean, and that the audit sees a bill that is too small."""

from dataclasses import replace

import pytest
import tiny
from conftest import planned
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


@pytest.mark.parametrize(("name", "changes", "word"), [
    ("steel", [("base_year.direct", "25999")], "from 26,000 t on"), ("steel", [("account.national_market", "outside")], "does not cover this plant"),
    ("steel_eaf", [], "does not cover this plant"),
])  # fmt: skip
def test_only_a_covered_plant_is_on_the_market(name: str, changes: list[tuple[str, str]], word: str) -> None:
    """Proves: a sector alone is not enough: below 26,000 t of direct emissions, or outside the perimeter (short route), a plant has no allowances.

    At 26,000 t, or where the case says that it is covered, it has.
    """
    with pytest.raises(CaseError) as caught:
        plants.resolve(cases.read(name, [("targets", "carbon_market"), *changes]))
    assert [word in f"{f.what} {f.allowed}" for f in caught.value.findings] == [True]
    for allowed in ([("base_year.direct", "26000")], [("account.national_market", "covered")]):
        assert plants.resolve(
            cases.read(name, [("targets", "carbon_market"), *allowed, *([("account.national_market", "covered")] if name == "steel_eaf" else [])])
        ).market


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


# Whole plans of the steel works, by hand arithmetic -------------------------------------------------------------------------


@pytest.mark.full
def test_the_works_on_the_national_market() -> None:
    """Proves: 9,039,132 t of base-year direct emissions are free until 2027, less 3, 6 and 10 % after; what is emitted beyond costs the year's
    price (98, 111.5, 125, 142.5, 160 CNY/t), what is left over earns it, and 5 % of all are surrendered as credits at 94.83.

    A market that took the plan's total, purchased power included, would be 4 % off; one without credits 17 MCNY off in 2030.
    """
    made = planned("steel", ("targets", "carbon_market"))
    assert made.audit.passed, made.audit.faults
    e, c = made.results["emissions"], made.results["costs"]
    direct = e[e["scope"] == "direct"].set_index("year")["t"]
    paid = c[c["part"] == "carbon market"].set_index("year")["cny"]
    price = {2026: 98.0, 2027: 111.5, 2028: 125.0, 2029: 142.5, 2030: 160.0}
    tightened = {2026: 0.0, 2027: 0.0, 2028: 0.03, 2029: 0.06, 2030: 0.1}
    for y, p in price.items():
        free = 9039132 * (1 - tightened[y])
        assert paid[y] == approx(p * (direct[y] - free) - 0.05 * (p - 94.83) * direct[y], rel=1e-5, abs=1e3)


@pytest.mark.full
@pytest.mark.parametrize("name", ["border_actual", "border_default"])
def test_the_works_at_the_border(name: str) -> None:
    """Proves: 100,000 of 4,748,338 t are exported at 75.36 EUR x 7.8 CNY: by actual values the site's direct emissions a tonne less the free
    share of 1.37 t/t (0.975 falling to 0.515); by default values 3.187 t/t and its mark-up, whatever the plan does - 202 MCNY in 2030.
    """
    made = planned("steel", ("targets", name))
    assert made.audit.passed, made.audit.faults
    e, c = made.results["emissions"], made.results["costs"]
    direct = e[e["scope"] == "direct"].set_index("year")["t"]
    paid = c[c["part"] == "border"].set_index("year")["cny"]
    factor = {2026: 0.975, 2027: 0.95, 2028: 0.9, 2029: 0.775, 2030: 0.515}
    mark_up = {2026: 1.1, 2027: 1.2, 2028: 1.3, 2029: 1.3, 2030: 1.3}
    for y, f in factor.items():
        embodied = direct[y] / 4748338 if name == "border_actual" else 3.187 * mark_up[y]
        assert paid[y] == approx(max(embodied - f * 1.37, 0) * 100000 * 75.36 * 7.8, rel=1e-5)
    assert name == "border_actual" or paid[2030] == approx(202061939, rel=1e-6)
