"""Products: what is sold beside what must be delivered - between a least and a largest amount, at a price, of several grades - and intensities by product."""

from dataclasses import replace
from typing import Any

import pytest
import tiny
from pytest import approx
from test_audit import YEARS, asset, failed, market
from test_outage import ironworks, months

from models.solution import Solution
from planner import case, plan, plant, results, translate
from planner.audit import audit
from planner.check_trade import amounts_can_be_kept
from planner.errors import CaseError
from planner.plant import Plant
from planner.rules import Rules
from planner.targets import Target


def mill(*, price: float = 5.0, least: float = 0.0, limit: float = 80.0, delivered: float = 0.0, target: dict[str, Any] | None = None) -> Plant:
    """A mill of 100 rolls coil of iron bought at 3, at 1 a piece; each carries 2 of carbon away of 3 in its iron. Coil is sold at ``price``."""
    works = ironworks()
    sale = replace(market("coil sale", "coil", price, buys=False, limit=limit), least=dict.fromkeys(YEARS, least))
    rolls = asset("mill", size=100.0, in_service=2000, ratio={"iron": -1.0, "coil": 1.0}, variable_cost=1.0)
    given = {"name": "per coil", "measure": "emissions", "scope": "direct", "view": "location", "per": "product", "product": "coil", "unit": "t/t"}
    targets = {"per coil": Target(**given | target)} if target else {}
    return replace(
        works, assets={"mill": rolls}, markets={m.name: m for m in (sale, market("bought iron", "iron", 3.0))}, rules=Rules(), product="coil",
        carriers={"iron": "year", "coil": "year"}, units={"iron": "t", "coil": "t"}, demand={("coil", y): delivered for y in YEARS if delivered}, demand_profile={"coil": None},
        carbon={"iron": 3.0, "coil": 2.0}, targets=targets, caps={g: t.counts for g, t in targets.items()},
        cap_limit={(g, y): v for g, t in targets.items() for y, v in t.limit.items()},
    )  # fmt: skip


def solved(works: Plant) -> Solution:
    solution = tiny.plan(translate.inputs(works, months()))
    if solution.cost is not None:
        assert audit(works, months(), solution).faults == ()
    return solution


def sold(solution: Solution, name: str = "coil sale") -> list[float]:
    return [solution.value("market.amount")[name, y] for y in YEARS]


def test_output_is_decided_between_its_least_and_its_most() -> None:
    """Proves: with a margin of 1 all 80 are sold, with a loss of 1 the 30 that were promised, and nothing where nothing was."""
    assert sold(solved(mill(price=5.0, least=30.0))) == approx([80.0] * 5)
    assert sold(solved(mill(price=3.0, least=30.0))) == approx([30.0] * 5)
    assert sold(solved(mill(price=3.0))) == approx([0.0] * 5, abs=1e-9)


def test_what_is_sold_comes_on_top_of_what_is_delivered() -> None:
    """Proves: of a mill of 100, 90 are delivered and 10 sold. A sale that met the delivery would sell 80."""
    assert sold(solved(mill(delivered=90.0))) == approx([10.0] * 5)


def test_revenue_is_a_cost_part_and_the_margin_the_whole() -> None:
    """Proves: 80 at 5 are 400 of revenue, a part of its own below 0; with 320 of cost, 80 a year are earned."""
    solution = solved(mill())
    assert solution.value("cost.running")["coil sale", 2026] == approx(-400.0)
    works = mill()
    assert solution.cost == approx(-80.0 * sum(works.horizon.at_end(y) for y in YEARS))


def test_a_better_grade_may_be_sold_as_the_plain_one() -> None:
    """Proves: of 100 the 40 of the better grade bring 7; the rest goes as plain at 5, though only the better one is rolled.

    A grade that could not be sold as the other would leave the mill at 40.
    """
    works = mill(limit=1000.0)
    down = asset("regraded", size=1000.0, ratio={"fine coil": -1.0, "coil": 1.0})
    fine = replace(works.assets["mill"], ratio={"iron": -1.0, "fine coil": 1.0})
    works = replace(
        works, assets={"mill": fine, "regraded": down}, carriers={**works.carriers, "fine coil": "year"}, carbon={**works.carbon, "fine coil": 2.0},
        markets={**works.markets, "fine sale": market("fine sale", "fine coil", 7.0, buys=False, limit=40.0)},
    )  # fmt: skip
    solution = solved(works)
    assert sold(solution) == approx([60.0] * 5)
    assert sold(solution, "fine sale") == approx([40.0] * 5)


def test_frozen_operation_sells_what_pays_with_what_stands() -> None:
    """Proves: with what stands 100 are sold, with a second mill 150; what is decided is its margin, not the 200 MCNY a year of iron and rolling for 50 more."""
    works = mill(limit=150.0)
    more = asset("mill 2", max_size=50.0, ratio={"iron": -1.0, "coil": 1.0}, investment=0.5, variable_cost=1.0)
    made = plan.make(translate.inputs(replace(works, assets={**works.assets, "mill 2": more}), months()), gap=1e-4, seconds=30, report=lambda _: True)
    assert sold(made.frozen) == approx([100.0] * 5)
    assert sold(made.plan) == approx([150.0] * 5)
    assert made.decided == approx((made.frozen.cost or 0.0) - (made.free.cost or 0.0))


# Intensities -----------------------------------------------------------------------------------------------------------------


def test_an_intensity_counts_what_is_sold_of_its_product() -> None:
    """Proves: each coil lets out 1 t. At 1 t per coil all 80 may be sold, at 0.9 none; as an amount for the 0 delivered nothing ever could."""
    loose, tight = ({"wanted": dict.fromkeys(YEARS, v), "limit": dict.fromkeys(YEARS, 0.0)} for v in (1.0, 0.9))
    assert sold(solved(mill(target=loose))) == approx([80.0] * 5)
    assert sold(solved(mill(target=tight))) == approx([0.0] * 5, abs=1e-9)


def test_delivered_and_sold_share_one_denominator() -> None:
    """Proves: 20 delivered and 60 sold let out 80; the intensity told is 1.0, not 80 / 20."""
    target = {"wanted": dict.fromkeys(YEARS, 1.5), "limit": dict.fromkeys(YEARS, 0.03 * 1000), "divisor": dict.fromkeys(YEARS, 20e3)}
    works = mill(delivered=20.0, limit=60.0, target=target)
    solution = solved(works)
    found = results.targets(works, solution, results.account_of(works, months(), solution))
    assert found["value"].tolist() == approx([1.0] * 5)
    assert found["limit"].tolist() == approx([1.5] * 5)
    assert not found["binding"].any()
    assert results.account_of(works, months(), solution).delivered["coil", 2026] == approx(80e3)


def test_a_forged_plan_that_sells_too_little_or_emits_too_much_is_refused() -> None:
    works = mill(least=30.0, target={"wanted": dict.fromkeys(YEARS, 1.0), "limit": dict.fromkeys(YEARS, 0.0)})
    solution = solved(works)
    promised = replace(works.markets["coil sale"], least=dict.fromkeys(YEARS, 90.0), limit={})
    assert "least amounts" in failed(audit(replace(works, markets={**works.markets, "coil sale": promised}), months(), solution))
    strict = replace(works, targets={"per coil": replace(works.targets["per coil"], wanted=dict.fromkeys(YEARS, 0.9))})
    assert "caps met" in failed(audit(strict, months(), solution))


# What a case may say ---------------------------------------------------------------------------------------------------------


def caps(*rows: dict[str, Any]) -> Plant:
    """The steel works with further targets."""
    read = case.read("steel")
    blank = {
        "measure": "emissions",
        "scope": "direct",
        "view": "location",
        "basis": "equivalent",
        "counts": "yearly",
        "per": "product",
        "where": "here",
        "year": 2030,
    }
    extra = tuple({**dict.fromkeys(read.tables["caps"][0]), "cap": "x", **blank, **row} for row in rows)
    return plant.resolve(replace(read, tables={**read.tables, "caps": read.tables["caps"] + extra}))


def test_an_intensity_names_its_product() -> None:
    """Proves: 2 t per t of slag sold allow 2 kt for each kt sold and nothing else; 2 t per t of coil allow 2 x 4748 kt."""
    slag = caps({"value": 2.0, "carrier": "bf_slag"})
    assert slag.cap_limit["x", 2030] == 0.0
    assert translate.caps.inputs(slag)["cap_output"]["x", "slag_sale", 2030] == approx(2.0)
    coil = caps({"value": 2.0})
    assert coil.cap_limit["x", 2030] == approx(2 * 4748.338)
    assert not any(g == "x" for g, _, _ in translate.caps.inputs(coil)["cap_output"])


def test_an_intensity_of_what_nobody_gets_is_a_finding() -> None:
    with pytest.raises(CaseError, match="a carrier that demands"):
        caps({"value": 2.0, "carrier": "liquid_steel"})
    with pytest.raises(CaseError, match="names the product"):
        caps({"value": 2.0, "per": "site", "carrier": "bf_slag"})


def test_a_promise_is_within_its_limit() -> None:
    """Proves: 90 of at most 80 is a finding, and so is selling the product beside free allowances that go by what is delivered."""
    read = case.read("steel")
    assert "must trade more than its limit" in " ".join(map(str, amounts_can_be_kept(read, mill(least=90.0))))
    assert list(amounts_can_be_kept(read, mill(least=80.0))) == []
    market_works = replace(mill(), market=plant.Allowances({}, {}, {}, {}))
    assert "goes by the delivered amount" in " ".join(map(str, amounts_can_be_kept(read, market_works)))
