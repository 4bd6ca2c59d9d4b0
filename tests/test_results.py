"""Results: the tables people read say what the plan says, in everyday units, and every sum closes."""

import pandas as pd
import pytest
from pytest import approx

from planner import results, translate
from planner.account.ledger import LINES
from planner.account.tables import GREEN
from planner.plan import newly_spent
from planner.plant import MILLION, THOUSAND
from planner.run import Run

COLUMNS = {
    "roadmap": ["year", "decision_year", "asset", "en", "zh", "technology", "lever", "action", "size", "unit", "investment_cny", "estimated"],
    "emissions": ["year", "scope", "view", "t"], "sources": ["year", "asset", "t"], "costs": ["year", "part", "cny"], "frozen_emissions": ["year", "scope", "view", "t"],
    "caps": ["name", "year", "scope", "view", "limit", "value", "unit", "binding", "shadow_price"],
    "limits": ["name", "kind", "year", "limit", "value", "unit", "binding"], "frozen_costs": ["year", "part", "cny"],
    "cash_flow": ["item", "year", "kind", "cny", "discount_factor", "today_cny"], "balance": ["year", "carrier", "item", "amount", "unit"],
    "operation": ["year", "step", "item", "mw", "day", "hours", "weight"], "account": LINES, "green_power": GREEN,
    "worth": ["reference", "cost_cny", "reference_cny", "extra_cny", "invested_cny", "npv_cny", "irr", "payback_years", "remark"],
    "reduction": [
        "year", "base_t", "left_t", "left_share", "cut_t", "own_t", "grid_t", "instruments_t", "market_left_t", "physical_share", "green_share",
    ],
    "targets": [
        "name", "year", "scope", "view", "limit", "value", "unit", "binding", "shadow_price", "measure", "per", "cumulative", "over", "over_unit", "price", "plain",
    ],
    "book_losses": ["year", "asset", "en", "zh", "size", "unit", "cny", "basis"],
    "worth_parts": ["reference", "year", "part", "plan_cny", "reference_cny", "difference_cny", "today_cny"],
    "account_totals": ["boundary", "year", "view", "role", "scope", "item", "t"], "delivered": ["carrier", "year", "amount", "unit"],
}  # fmt: skip


def test_the_tables_have_their_columns(shipped: Run) -> None:
    """Proves: a column that is renamed or lost breaks here and not on a page."""
    assert {name: list(table.columns) for name, table in shipped.results.tables.items()} == COLUMNS
    for name, table in shipped.results.tables.items():
        assert len(table), f"{name} is empty"
        known = table.drop(columns=["irr", "payback_years"], errors="ignore")  # what never pays back has neither
        assert not known.isna().any().any(), f"{name} has empty cells"


# Money ----------------------------------------------------------------------------------------------------------------------


def test_the_cash_flow_sums_to_the_objective(shipped: Run) -> None:
    """Proves: every payment times its discount factor sums to the objective, to 1e-6. A payment left out or discounted a year late shows."""
    flow = shipped.results["cash_flow"]
    assert flow["today_cny"].sum() == approx(shipped.results.summary["objective_cny"], rel=1e-6)
    assert (flow["cny"] * flow["discount_factor"]).sum() == approx(flow["today_cny"].sum(), rel=1e-12)


def test_the_discount_factors_are_those_of_the_rate(shipped: Run) -> None:
    """Proves: investment at the start of its year, running cost at its end, what is left in today's money: 1/(1+r)^n by hand."""
    rate, first = shipped.results.summary["discount_rate_real"], shipped.ready.plant.horizon.first
    powers = {"investment": 0, "running": 1}
    for row in shipped.results["cash_flow"].itertuples():
        n = row.year - first + powers[row.kind] if row.kind in powers else 0
        assert row.discount_factor == approx((1 + rate) ** -n, rel=1e-12)


def test_the_cost_parts_are_the_cash_flow(shipped: Run) -> None:
    """Proves: parts by year and payments by item are the same money: running parts one by one, investment by year."""
    flow, costs = shipped.results["cash_flow"], shipped.results["costs"]
    running = costs[costs["part"] != "investment"]
    paid = flow[flow["kind"] == "running"].groupby(["item", "year"])["cny"].sum()
    for row in running.itertuples():
        assert row.cny == approx(paid.get((row.part, row.year), 0.0), abs=1e-3)
    invested = flow[flow["kind"] == "investment"].groupby("year")["cny"].sum()
    for row in costs[costs["part"] == "investment"].itertuples():
        assert row.cny == approx(invested.get(row.year, 0.0), abs=1e-3)


def test_what_markets_cost_is_amount_times_price(shipped: Run) -> None:
    """Proves: for what is traded over the year, the cost part is price x amount, less what is sold; in CNY, not millions or thousands of it."""
    plant, plan, costs = shipped.ready.plant, shipped.planned.plan, shipped.results["costs"].set_index(["part", "year"])["cny"]
    yearly = [m for m in plant.markets.values() if plant.carriers[m.carrier] == "year"]
    assert yearly
    for m in yearly:
        for y in plant.horizon.years:
            parts, amount = plan.value("market.part"), plan.value("market.amount")[m.name, y]
            bought = amount * m.price.get(y, 0.0) + sum(parts[m.name, f"step {n}", y] * price[y] for n, (price, _) in enumerate(m.tiers, 1))
            assert costs[m.name, y] == approx(bought * (1 if m.buys else -1) * MILLION, rel=1e-6, abs=1.0)


def test_the_road_pays_what_is_invested(shipped: Run) -> None:
    """Proves: the roadmap's investment is all that is ever paid for new things, over all years and payments."""
    flow = shipped.results["cash_flow"]
    road = shipped.results["roadmap"]
    assert road["investment_cny"].sum() == approx(flow.loc[flow["kind"] == "investment", "cny"].sum(), rel=1e-6)
    assert shipped.results.summary["investment_cny"] == approx(road["investment_cny"].sum())


def test_what_is_decided_is_what_was_compared(shipped: Run) -> None:
    """Proves: the summary's gap is cost less bound over what the plan decides: savings of the free plan, or what is newly spent."""
    p, s = shipped.planned, shipped.results.summary
    x = translate.inputs(shipped.ready.plant, shipped.ready.year)
    saved = p.frozen.cost - p.free.cost
    assert s["decided_cny"] == approx(max(saved, newly_spent(x, p.plan, p.frozen)) * MILLION)
    assert s["gap"] == approx((s["objective_cny"] - s["bound_cny"]) / s["decided_cny"], abs=1e-9)
    assert s["gap_cny"] == approx(s["objective_cny"] - s["bound_cny"], abs=1.0)


# The road -------------------------------------------------------------------------------------------------------------------


def test_the_road_says_when_what_and_how_much(shipped: Run) -> None:
    """Proves: every row names an asset, an action, a size within its limits, and a decision at least its lead time before it runs."""
    plant, road = shipped.ready.plant, shipped.results["roadmap"]
    assert set(road["action"]) <= {"build", "retire", "renew", "committed", "end of life"}
    assert list(road["year"]) == sorted(road["year"])
    for row in road.itertuples():
        asset = plant.assets[row.asset]
        assert row.en and row.zh and row.unit == asset.unit and row.lever == asset.lever
        if row.action == "build":
            assert asset.status == "candidate"
            assert row.decision_year == row.year - asset.lead_years >= plant.decide_from
            assert row.year >= asset.first_service
    builds = road[road["action"] == "build"]
    for asset, size in builds.groupby("asset")["size"].sum().items():
        one = plant.assets[str(asset)]
        scale = 1.0 if one.per_site or one.operation == "flexible" or one.kind == "store" else THOUSAND
        assert size <= one.max_size * scale * (1 + 1e-6)
        if one.module:
            units = builds.loc[builds["asset"] == asset, "size"] / (one.module * scale)
            assert ((units - units.round()).abs() < 1e-5).all()


def test_everything_built_is_on_the_road(shipped: Run) -> None:
    built = {(a, y) for (a, y), v in shipped.planned.plan.value("capacity.built").items() if v > 1e-3 * shipped.ready.plant.assets[str(a)].max_size}
    road = shipped.results["roadmap"]
    shown = set(zip(road.loc[road["action"] == "build", "asset"], road.loc[road["action"] == "build", "year"], strict=True))
    assert built
    assert built <= shown


# Balances -------------------------------------------------------------------------------------------------------------------


def test_every_carrier_sums_to_zero(shipped: Run) -> None:
    """Proves: made and bought is used and sold, for every carrier and year, to 1e-6 of its throughput - stores with their losses too.

    Certificates have no balance. A measure left out, a store of the wrong sign or a flow in another unit leaves a remainder.
    """
    balance = shipped.results["balance"]
    balance = balance[balance["carrier"].map(dict(shipped.ready.plant.carriers)) != "none"]
    sums = balance.groupby(["year", "carrier"])["amount"].agg(["sum", lambda v: v.abs().sum() / 2])
    sums.columns = pd.Index(["rest", "throughput"])
    assert len(sums) > 50
    assert (sums["rest"].abs() <= 1e-6 * sums["throughput"].clip(lower=1.0)).all(), sums[
        sums["rest"].abs() > 1e-6 * sums["throughput"].clip(lower=1.0)
    ]


def test_the_power_of_every_step_is_that_of_the_year(shipped: Run) -> None:
    """Proves: in every step what comes in goes out; steps x hours x weight of the grid are its amount of the year in the balance."""
    steps, balance = shipped.results["operation"], shipped.results["balance"]
    total = steps.groupby(["year", "step"])["mw"].sum()
    assert total.abs().max() < 1e-6
    assert (steps.groupby(["year", "item"]).apply(lambda g: (g["hours"] * g["weight"]).sum(), include_groups=False) <= 8760 + 1e-6).all()
    grid = steps[steps["item"] == "grid"]
    year = (grid["mw"] * grid["hours"] * grid["weight"]).groupby(grid["year"]).sum()
    shown = balance[(balance["carrier"] == "electricity") & (balance["item"] == "grid")].set_index("year")["amount"]
    for y, amount in shown.items():
        assert year[y] == approx(amount, rel=1e-6)


# Emissions ------------------------------------------------------------------------------------------------------------------


def test_scopes_sum_to_the_total(shipped: Run) -> None:
    """Proves: direct + purchased + outsourced is the total in both views, and the sources sum to direct."""
    table = shipped.results["emissions"].set_index(["year", "scope", "view"])["t"]
    sources = shipped.results["sources"].groupby("year")["t"].sum()
    for y in shipped.ready.plant.horizon.years:
        for view in ("location", "market"):
            parts = table[y, "direct", ""] + table[y, "purchased electricity", view] + table[y, "outsourced intermediates", ""]
            assert table[y, "total", view] == approx(parts)
        assert sources[y] == approx(table[y, "direct", ""], rel=1e-6)


def test_purchased_power_is_amount_times_factor(shipped: Run) -> None:
    """Proves: in the location view, MWh bought x the province's factor of that year; sold power is no credit."""
    table = shipped.results["emissions"].set_index(["year", "scope", "view"])["t"]
    balance = shipped.results["balance"].set_index(["year", "carrier", "item"])["amount"]
    for y in shipped.ready.plant.horizon.years:
        bought = sum(balance.get((y, "electricity", k), 0.0) for k, m in shipped.ready.plant.markets.items() if m.role in ("grid", "green_power"))
        assert table[y, "purchased electricity", "location"] == approx(bought * shipped.ready.plant.grid_factor["location", y], rel=1e-6, abs=1e-3)


def test_the_summary_tells_the_tables(shipped: Run) -> None:
    s, plant = shipped.results.summary, shipped.ready.plant
    last = shipped.results["emissions"]
    last = last[(last["year"] == plant.horizon.last) & (last["scope"] == "total") & (last["view"] == "location")]["t"].iloc[0]
    assert s["emissions_last_t"] == approx(last)
    assert s["emissions_last_t"] < s["emissions_frozen_t"]
    assert s["objective_cny"] == approx(shipped.planned.plan.cost * MILLION)
    assert 0 <= s["estimated_share"] <= 1
    assert s["fingerprint"] == shipped.ready.case.fingerprint
    assert s["changes"] == ["time.days=1", "time.segments=4"]
    assert s["base_emissions_t"] == shipped.ready.case["base_year.emissions"]


def test_frozen_operation_builds_nothing(shipped: Run) -> None:
    """Proves: what the plan is measured against has no new equipment and pays for nothing but renewals."""
    frozen = shipped.planned.frozen
    assert max(frozen.value("capacity.built").values(), default=0.0) == approx(0.0, abs=1e-9)
    road = results.roadmap(shipped.ready.case, shipped.ready.plant, frozen)
    assert set(road["action"]) <= {"renew", "end of life", "committed"}


MAY_BE_ABSENT = ["irr", "payback_years"]  # no rate makes some streams of money worth nothing, and some never come back


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_nothing_is_infinite(shipped: Run, table: str) -> None:
    numbers = shipped.results[table].select_dtypes("number")
    assert numbers.drop(columns=MAY_BE_ABSENT, errors="ignore").map(lambda v: abs(v) < 1e14).all().all()
    assert not numbers.map(lambda v: abs(v) >= 1e14).any().any()
