"""The audit of trade passes honest plans with every kind of contract and bill, and refuses those made wrong by one number."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tiny
from test_audit import Mutation, added, asset, both, days_with, failed, scaled

from models.solution import Solution
from planner import audit_trade, translate
from planner.audit import audit
from planner.calendar import TypicalDays
from planner.connection import Connection, DemandRule, Line
from planner.markets import Market
from planner.money import Horizon
from planner.plant import Plant
from planner.year import Year

YEARS = (2026, 2027)
EVERY = tuple(range(1, 13))


def by_year(value: float) -> dict[int, float]:
    return dict.fromkeys(YEARS, value)


def market(name: str, carrier: str, price: float | None, *, buys: bool = True, role: str = "supply", **more: Any) -> Market:
    return Market(name, carrier, buys, role, {} if price is None else by_year(price), more.pop("limit", {}), **more)


# A melting shop under a direct line, with a contract for wind, a pledge for gas, and scrap that grows dearer ------------

ASSETS = (
    asset("shop", size=100.0, profile="season", ratio={"scrap": -1.1, "gas": -0.2, "electricity": -0.5, "steel": 1.0}),
    asset("sun", operation="flexible", profile="pv", size=14.0, ratio={"electricity": 0.98}, line="line"),
    asset("battery", kind="store", operation="flexible", size=10.0, ratio={"electricity": 1.0}, charge_efficiency=0.9, duration=2.0),
)
MARKETS = (
    market("grid", "electricity", None, role="grid"), market("export", "electricity", 0.35, buys=False),
    market("farm", "electricity", 0.3, role="green_power", profile="wind", contract=by_year(5.0), take_share=0.9, delivery=by_year(0.02)),
    market("traded", "electricity", None, role="green_power", premium=by_year(-0.001), limit=by_year(9.0)),
    market("yard", "scrap", None, tiers=((by_year(1.0), by_year(60.0)), (by_year(1.4), by_year(30.0)), (by_year(2.0), {}))),
    market("gas", "gas", 2.0, take={2026: 25.0}), market("proofs", "green", 0.001, role="certificate", limit=by_year(1.0)),
)  # fmt: skip
LINE = Line(("sun",), 0.5, {2026: 0.3, 2027: 0.35}, 0.4)
CHINA = Connection(
    transformer=24.0, export_limit=12.0, billings=("metered", "contract", "capacity"), contract_floor=0.4, contract_headroom=1.05, contract_penalty=2.0, lines={"line": LINE}
)  # fmt: skip
ELSEWHERE = Connection(
    export_limit=12.0, lines={"line": LINE},
    rules=(
        DemandRule("rate", "rate", EVERY, 0.02), DemandRule("rate", "rate", (1, 2, 3, 4, 5, 6), 0.05, above=4.0), DemandRule("rate", "rate", (7, 8, 9, 10, 11, 12), 0.06, above=4.0),
        DemandRule("ratchet", "ratchet", (1, 2), 0.9, lookback=8), DemandRule("event", "evening", (1,), 0.1, hours=(18.0, 21.0)),
    ),
)  # fmt: skip
PLANT = Plant(
    name="shop", horizon=Horizon(2026, 2027, 0.05), decide_from=2026, assets={a.name: a for a in ASSETS},
    carriers={"scrap": "year", "gas": "year", "steel": "year", "electricity": "step", "green": "none"}, units={}, carbon={"gas": 0.05}, carbon_biogenic={}, embodied={},
    markets={m.name: m for m in MARKETS}, demand={("steel", 2026): 90.0, ("steel", 2027): 95.0}, demand_profile={"steel": None}, areas={},
    grid_factor={(view, y): f for view, f in (("location", 0.5), ("market", 0.7)) for y in YEARS}, caps={}, cap_limit={}, carbon_price=0.02, connection=20.0,
)  # fmt: skip
DAYS = TypicalDays(
    steps=tuple(f"m{m}d1s{n}" for m in ("01", "04") for n in range(4)), day=("m01d1",) * 4 + ("m04d1",) * 4, group=("m01",) * 4 + ("m04",) * 4,
    hours=np.array([7.0, 5.0, 6.0, 6.0] * 2), weight=np.array([90.0] * 4 + [275.0] * 4),
    previous=tuple(f"m{m}d1s{n}" for m in ("01", "04") for n in (3, 0, 1, 2)),
    profiles={
        "price": np.array([0.25, 0.6, 0.5, 0.95, 0.3, 0.6, 0.3, 1.1]), "pv": np.array([0.0, 0.3, 0.5, 0.0, 0.0, 0.4, 0.7, 0.05]),
        "wind": np.array([0.4, 0.3, 0.1, 0.5, 0.3, 0.1, 0.1, 0.4]), "season": np.array([1.4] * 4 + [0.9] * 4),
    },
    days={"m01d1": tuple(range(90)), "m04d1": tuple(range(90, 365))}, months={"m01": 3, "m04": 9},
)  # fmt: skip
YEAR = Year(hourly=pd.DataFrame(), days=DAYS, demand_charge=0.04, notes=(), network=0.05, capacity_charge=0.02)
TIES = {
    "china": CHINA,
    "contract": replace(CHINA, billings=("contract",), contract_floor=0.1),
    "capacity": replace(CHINA, billings=("capacity",)),
    "elsewhere": ELSEWHERE,
}


@cache
def honest(tie: str) -> tuple[Plant, Solution]:
    plant = replace(PLANT, tie=TIES[tie])
    solution = tiny.plan(translate.inputs(plant, YEAR))
    assert solution.status == "optimal"
    return plant, solution


@pytest.mark.parametrize("tie", TIES)
def test_an_honest_plan_passes(tie: str) -> None:
    plant, solution = honest(tie)
    found = audit(plant, YEAR, solution)
    assert found.passed, found.faults


def test_the_plans_use_everything_that_is_audited() -> None:
    used = {name for tie in TIES for name, table in honest(tie)[1].tables.items() if table["value"].abs().max() > 1e-6}
    assert {*audit_trade.TABLES, "green.made", "green.total"} <= used


def market_with(name: str, **changes: Any) -> Mutation:
    return lambda plant, year, solution: (replace(plant, markets={**plant.markets, name: replace(plant.markets[name], **changes)}), year, solution)


def tie_with(**changes: Any) -> Mutation:
    return lambda plant, year, solution: (replace(plant, tie=replace(plant.tie, **changes)), year, solution)


def year_with(**changes: Any) -> Mutation:
    return lambda plant, year, solution: (plant, replace(year, **changes), solution)


MUTATIONS: dict[str, tuple[str, Mutation, str]] = {
    "more at the cheapest step": ("china", both(added("market.part", 5.0, "yard", "step 1", 2026), added("market.part", -5.0, "yard", "step 3", 2026)), "price steps"),
    "a step of price forgotten": ("china", scaled("market.part", 0.5, "yard", "step 2"), "price steps"),
    "a step of price 1 % dearer": ("china", market_with("yard", tiers=((by_year(1.0), by_year(60.0)), (by_year(1.414), by_year(30.0)), (by_year(2.0), {}))), "running costs"),
    "a pledge not paid": ("china", scaled("market.missed", 0.0, "gas"), "pledges"),
    "a pledge at another price": ("china", market_with("gas", price=by_year(2.1)), "running costs"),
    "a pledge of a contract not paid": ("china", market_with("farm", take_share=1.2), "pledges"),
    "a contract larger than offered": ("china", market_with("farm", contract=by_year(1.0)), "contracts"),
    "a contract that shrinks": ("china", scaled("contract.size", 0.5, "farm", 2027), "contracts"),
    "wind where there is none": ("china", days_with(profiles={**DAYS.profiles, "wind": DAYS.profiles["wind"] * 0.9}), "contracts"),
    "the network for nothing": ("china", year_with(network=0.0), "running costs"),
    "a premium forgotten": ("china", market_with("traded", premium={}), "running costs"),
    "delivery forgotten": ("china", market_with("farm", delivery={}), "running costs"),
    "hydrogen both ways": ("china", market_with("export", carrier="electricity", buys=True), "step balances"),
    "more sold than the line takes": ("china", tie_with(export_limit=1.0), "connection"),
    "a peak of the grid's own purchase alone": ("contract", scaled("demand.peak", 0.8, "grid"), "peaks"),
    "demand that nobody bills": ("contract", scaled("demand.billed", 0.5, "grid"), "peaks"),
    "billed by halves": ("china", scaled("demand.chosen", 0.5, "grid"), "billing"),
    "billed a way that is not offered": ("china", tie_with(billings=("contract", "capacity")), "billing"),
    "a contract too small for its demand": ("contract", scaled("demand.contract", 0.5), "billing"),
    "excess forgotten": ("contract", scaled("demand.excess", 0.0, count=2), "billing"),
    "a contract under its floor": ("contract", tie_with(contract_floor=0.9), "billing"),
    "excess at the single price": ("contract", tie_with(contract_penalty=1.0), "running costs"),
    "transformers for nothing": ("capacity", year_with(capacity_charge=0.0), "running costs"),
    "more transformers": ("capacity", tie_with(transformer=30.0), "running costs"),
    "a bill too low": ("elsewhere", scaled("demand.paid", 0.5, count=2), "bills"),
    "a ratchet forgotten": ("elsewhere", tie_with(rules=tuple(replace(r, value=1.0) if r.item == "ratchet" else r for r in ELSEWHERE.rules)), "bills"),
    "another rate": ("elsewhere", tie_with(rules=tuple(replace(r, value=0.05) if r.above and 7 in r.months else r for r in ELSEWHERE.rules)), "running costs"),
    "a system peak slept through": ("elsewhere", scaled("demand.coincident", 0.5, count=2), "system peaks"),
    "a system peak at other hours": ("elsewhere", tie_with(rules=tuple(replace(r, hours=(0.0, 24.0), months=EVERY) if r.item == "event" else r for r in ELSEWHERE.rules)), "system peaks"),
    "too little self-use": ("china", tie_with(lines={"line": replace(LINE, self_use_min=0.97)}), "direct lines"),
    "too small a share of the load": ("china", tie_with(lines={"line": replace(LINE, load_share_min=by_year(0.9))}), "direct lines"),
    "too much sold": ("china", tie_with(lines={"line": replace(LINE, export_max=0.01)}), "direct lines"),
    "used and sold twice": ("china", scaled("green.exported", 3.0), "green split"),
    "charged and called load": ("china", added("green.used", 3.0, "line", 2026, "m04d1s2"), "green split"),
    "green power without proof": ("china", market_with("traded", role="supply"), "running costs"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_wrong_plan_is_refused_in_the_check_that_says_so(name: str) -> None:
    tie, mutate, check = MUTATIONS[name]
    plant, solution = honest(tie)
    found = audit(*mutate(plant, YEAR, solution))
    assert not found.passed
    assert check in failed(found)


def test_every_check_of_trade_has_a_plan_it_refuses() -> None:
    own = {"price steps", "contracts", "pledges", "billing", "bills", "system peaks", "direct lines", "green split"}
    assert own <= {check for _, _, check in MUTATIONS.values()}
    assert own == {c for tie in TIES for c in audit(honest(tie)[0], YEAR, honest(tie)[1]).checks["check"]} & own
