"""Results of a small factory written by hand, with a table for every view."""

import pandas as pd

from planner.results import Results
from planner.risk import breakeven, robust, tornado

YEARS = range(2026, 2031)

OF_RISK = {
    "screening": pd.DataFrame(
        [("gas", "Gas price", "燃气价格", "CNY/GJ", 70.0, 140.0, "morris", "anew", 40, 1, 1e8, 1e7, 2e7)],
        columns=["assumption", "en", "zh", "unit", "low", "high", "method", "plan", "points", "seed", "effect_cny", "effect_95_cny", "spread_cny"],
    ),
    "spread": pd.DataFrame(
        [(way, figure, 1e8, 5e7, 8e7, 1e8, 1.2e8, 1.5e8, 60, 60, 0.9) for way in ("fixed", "anew") for figure in ("cost_cny", "change_cny")],
        columns=["plan", "figure", "mean", "p5", "p25", "p50", "p75", "p95", "samples", "with_plan", "targets_kept"],
    ),
    "robust": pd.DataFrame(
        [("kiln", "New kiln", "新窑", "build", 0.5, "depends", 2027, 2028, 2028, 2029, 4.0, 5.0, "MW", "gas", "Gas price", "燃气价格", "CNY/GJ", "above", 98.0, 102.0, 0.95, "", ""),
         ("roof_pv", "Rooftop PV", "屋顶光伏", "build", 1.0, "now", 2026, 2026, 2027, 2027, 40.0, 40.0, "MW", *[None] * 8, "", "")],
        columns=robust.COLUMNS,
    ),
    "regret": pd.DataFrame(
        [("best for dear", "cheap", "cheap fuel", "燃料便宜", 0.6, 4.8e8, 4e8, 0.8e8, 0.9e8, "", 0.0, "points/a"), ("best for dear", "dear", "dear fuel", "燃料贵", 0.4, 7.2e8, 7.2e8, 0.0, 1e7, "total.2030 5 t", 1e4, "points/b")],
        columns=["plan", "future", "en", "zh", "chance", "cost_cny", "best_cny", "regret_cny", "regret_most_cny", "missed", "missed_cny", "folder"],
    ),
    "futures": pd.DataFrame(
        [("best for dear", 5.7e8, 7.2e8, 7.2e8, 0.8e8, "cheap", 4e7, 0.9, 0.0, None, True, True)],
        columns=["plan", "expected_cny", "worst_cny", "at_risk_cny", "largest_regret_cny", "in_future", "knowing_cny", "level", "weight", "bound_cny", "minimax", "expected_least"],
    ),
    "breakeven": pd.DataFrame(
        [("kiln", "New kiln", "新窑", "gas", "Gas price", "燃气价格", "CNY/GJ", 100.0, 50.0, 200.0, "found", "above", 98.0, 102.0, "", "", "secondary", "estimate", "estimate", 20),
         ("pump", "Pump", "泵", "gas", "Gas price", "燃气价格", "CNY/GJ", 100.0, 50.0, 200.0, "always in", "", None, None, "", "", "secondary", "estimate", "estimate", 4)],
        columns=breakeven.COLUMNS,
    ),
}  # fmt: skip


def points_by_hand() -> pd.DataFrame:
    """A base, a named change, a grid of 2 caps and 3 prices with one point without a plan, and four samples of one price."""
    grid = [(cap, price) for cap in ("0.4", "0.5") for price in ("0", "50", "100")]
    changed = [(None, None), (None, "300"), *grid, *((None, p) for p in ("10", "20", "30"))]
    rows = [
        (f"p{n}", cap, price, *(("infeasible", None, None, None, None) if (cap, price) == ("0.4", "100") else ("optimal", 9e9 + n * 1e8, 1e9, 6e5, f"points/{n}")))
        for n, (cap, price) in enumerate(changed)
    ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["point", "caps.total.2030", "finance.carbon_price", "status", "objective_cny", "investment_cny", "emissions_2030_t", "folder"]
    )


def by_hand(**summary: object) -> Results:
    """A factory that emits 1,000 kt today and 600 kt in 2030, saves coal, and spends 1.2 bn CNY, a quarter of it estimated."""
    emitted = [(y, s, v, t) for y, direct in zip(YEARS, (900e3, 900e3, 800e3, 700e3, 550e3), strict=True) for s, v, t in (
        ("direct", "", direct), ("purchased electricity", "location", 50e3), ("purchased electricity", "market", 60e3), ("outsourced intermediates", "", 0.0),
        ("total", "location", direct + 50e3), ("total", "market", direct + 60e3), ("captured", "", 0.0),
    )]  # fmt: skip
    frozen = [
        (y, s, v, t)
        for y in YEARS
        for s, v, t in (("direct", "", 900e3), ("purchased electricity", "location", 100e3), ("total", "location", 1e6), ("total", "market", 1.01e6))
    ]
    road = [
        (2028, 2026, "kiln", "New kiln", "新窑", "kiln", "technology", "build", 2_400_000.0, "t/a", 900e6, False),
        (2027, 2026, "roof_pv", "Rooftop PV", "屋顶光伏", "pv_rooftop", "structure", "build", 60.0, "MW", 200e6, True),
        (2029, 2028, "roof_pv", "Rooftop PV", "屋顶光伏", "pv_rooftop", "structure", "build", 20.0, "MW", 100e6, True),
        (2028, 2028, "old_kiln", "Old kiln", "旧窑", "kiln", "technology", "retire", 2_400_000.0, "t/a", 0.0, False),
    ]  # fmt: skip
    parts = {"coal": (500e6, 200e6), "grid": (80e6, 40e6), "grid demand charge": (20e6, 10e6), "fixed": (100e6, 110e6), "idle": (0.0, 0.0)}
    cost = {n: [(y, p, v[n] if y > 2027 else v[0]) for y in YEARS for p, v in parts.items()] for n in (0, 1)}
    spent = [(y, "investment", 600e6 if y in (2027, 2028) else 0.0) for y in YEARS]
    step = [("m01d1s00", "m01d1", 8.0, 300), ("m01d1s01", "m01d1", 16.0, 300), ("m07d1s00", "m07d1", 24.0, 65)]
    flows = {"grid": 60.0, "roof_pv": 20.0, "battery_2h": -10.0, "processes": -70.0, "power_export": 0.0}
    operation = [(y, s, i, mw, d, h, w) for y in (2026, 2030) for s, d, h, w in step for i, mw in flows.items()]
    tables = {
        "roadmap": pd.DataFrame(road, columns=["year", "decision_year", "asset", "en", "zh", "technology", "lever", "action", "size", "unit", "investment_cny", "estimated"]),
        "emissions": pd.DataFrame(emitted, columns=["year", "scope", "view", "t"]),
        "frozen_emissions": pd.DataFrame(frozen, columns=["year", "scope", "view", "t"]),
        "caps": pd.DataFrame(
            [("total", y, "direct_energy", "location", 1e6 - 1e5 * n, 1.0, "t", False, 0.0) for n, y in enumerate(YEARS)],
            columns=["name", "year", "scope", "view", "limit", "value", "unit", "binding", "shadow_price"],
        ),
        "costs": pd.DataFrame(cost[1] + spent, columns=["year", "part", "cny"]),
        "frozen_costs": pd.DataFrame(cost[0], columns=["year", "part", "cny"]),
        "cash_flow": pd.DataFrame([("kiln", 2030, "value left (today's money)", -4e8, 1.0, -4e8)], columns=["item", "year", "kind", "cny", "discount_factor", "today_cny"]),
        "balance": pd.DataFrame([(2030, "electricity", "grid", 5e5, "MWh"), (2030, "coal", "coal", 1e6, "t")], columns=["year", "carrier", "item", "amount", "unit"]),
        "sources": pd.DataFrame([(2030, "kiln", 600e3), (2030, "capture", -50e3)], columns=["year", "asset", "t"]),
        "whole_year": pd.DataFrame(
            [(y, q, i, u, 100.0, found, found - 100.0, limit, held) for y in YEARS for q, i, u, found, limit, held in (
                ("cost", "running", "CNY", 101.0, None, None), ("emissions", "direct", "t", 100.5, None, None), ("emissions", "purchased electricity (location)", "t", 103.0, None, None),
                ("emissions", "purchased electricity (market)", "t", 150.0, None, None), ("cap", "total", "t", 100.5, 100.0, y != 2030), ("unserved", "heat", "MWh", 0.0, 0.0, True),
            )], columns=["year", "quantity", "item", "unit", "planned", "whole_year", "difference", "limit", "holds"],
        ),
        "peaks": pd.DataFrame([(y, m, "grid", "MW", 50.0, 50.0 + m, m / 50.0, 1, 12) for y in YEARS for m in (1, 7)], columns=["year", "month", "market", "unit", "planned", "metered", "excess", "day", "hour"]),
        "reduction": pd.DataFrame(
            [(y, 1e6, t, t / 1e6, 1e6 - t, 0.9e6 - t, 1e5, 2e4, t, 0.1, 0.2) for y, t in zip(YEARS, (950e3, 950e3, 850e3, 750e3, 600e3), strict=True)],
            columns=["year", "base_t", "left_t", "left_share", "cut_t", "own_t", "grid_t", "instruments_t", "market_left_t", "physical_share", "green_share"],
        ),
        "account": pd.DataFrame(
            [(y, "used", "fuel", "coal", 1, "", 950e3, "derived", "") for y in YEARS] + [(y, "bought", "goods", "ore", 3, "", 5e4, "estimate", "") for y in YEARS],
            columns=["year", "quantity", "item", "carrier", "scope", "view", "t", "confidence", "made_of"],
        ),
        "account_totals": pd.DataFrame([("enterprise", y, "location", "account", 950e3) for y in YEARS], columns=["boundary", "year", "view", "role", "t"]),
        "delivered": pd.DataFrame([("clinker", y, 2e6, "t") for y in YEARS], columns=["carrier", "year", "amount", "unit"]),
        "worth": pd.DataFrame(
            [("frozen", 9.5e9, 10e9, -5e8, 1.2e9, 5e8, 0.14, 3.4, ""), ("free", 9.5e9, 9e9, 5e8, 4e8, -5e8, None, None, "never earns")],
            columns=["reference", "cost_cny", "reference_cny", "extra_cny", "invested_cny", "npv_cny", "irr", "payback_years", "remark"],
        ),
        "worth_parts": pd.DataFrame(
            [("frozen", 2030, p, 1e9, 1e9 - v, v, v) for p, v in (("coal", -9e8), ("investment", 1e9), ("grid", -2e8), ("value left (today's money)", -4e8))],
            columns=["reference", "year", "part", "plan_cny", "reference_cny", "difference_cny", "today_cny"],
        ),
        "financing": pd.DataFrame(
            [("kiln", "New kiln", "新窑", "technology", "own", 9e8, 0.0, 2e8, None, None, None, 5e8, 0.2, 4.5, -300.0, ""),
             ("kiln", "New kiln", "新窑", "technology", "contract", 0.0, 9e8, None, None, None, None, None, None, None, None, "the saving does not pay a contract"),
             ("roof_pv", "Rooftop PV", "屋顶光伏", "structure", "purchase", 0.0, 2e8, 1e7, None, 25.0, 310.0, 1e8, None, None, -90.0, "")],
            columns=["option", "en", "zh", "lever", "way", "site_investment_cny", "provider_investment_cny", "first_saving_cny", "share_paid", "years",
                     "price_cny_per_mwh", "npv_cny", "irr", "payback_years", "cny_per_t", "remark"],
        ),
        "prices": pd.DataFrame(
            [("cap", "total", 2030, "cap total 2030 (600 kt)", "2030年上限total", 6e5, 6e5, "t", True, "year", 900.0, 300.0, 420.0, 500.0, 600.0, 700.0, 600.0, 700.0, 800.0, "corner"),
             ("cap", "total", 2029, "cap total 2029 (700 kt)", "2029年上限total", 7e5, 6e5, "t", False, "year", 0.0, 0.0, 0.0, *[0.0] * 6, "")],
            columns=["kind", "name", "year", "en", "zh", "limit", "used", "unit", "binds", "money", "fixed_less", "fixed_more", "relaxed",
                     *(f"replanned_{s}_{p}" for s in (5, 10) for p in ("low", "found", "high")), "remark"],
        ),
        "front": pd.DataFrame(
            [("total", 2030, None, 7e5, 36e5, 9e9, 8.99e9, 0.0, None, None, None, None, None, None, False, "points/a"),
             ("total", 2030, 6e5, 6e5, 34e5, 9.2e9, 9.19e9, 2e8, 1900.0, 2000.0, 2100.0, 1000.0, "kiln", "", False, "points/b")],
            columns=["cap", "year", "limit_t", "emissions_t", "emissions_all_t", "cost_cny", "bound_cny", "extra_cny", "step_low", "step_found", "step_high",
                     "step_all", "entered", "left", "stopped", "folder"],
        ),
        "tornado": pd.DataFrame(
            [("finance.carbon_price", "carbon_price", "Carbon price", "碳价", "CNY/t", 0.0, 0.0, 150.0, "", "own_estimate", "estimate", way, "high", 150.0, "optimal",
              False, change, change - 1e6, change + 1e6, 0.0, "", -2e5, entered, "", "points/a") for way, change, entered in (("fixed", 2.1e8, ""), ("anew", 2e8, "kiln"))],
            columns=tornado.COLUMNS,
        ),
        **OF_RISK,
        "operation": pd.DataFrame(operation, columns=["year", "step", "item", "mw", "day", "hours", "weight"]),
        "alternatives": pd.DataFrame(
            [(0, 9.5e9, 0.0, 0.0, 1.2e9, 6e5, 4e6, 0.0, "", "", 9.52e9, 1e9, 0.02, ""), (1, 9.515e9, 15e6, 0.015, 9e8, 6e5, 41e5, 0.6, "ground_pv", "roof_pv", 9.52e9, 1e9, 0.02, "alternatives/1")],
            columns=["plan", "cost_cny", "extra_cny", "extra_share", "investment_cny", "emissions_last_t", "emissions_all_t", "differs", "entered", "left",
                     "limit_cny", "decided_cny", "within", "folder"],
        ),
        "ranges": pd.DataFrame(
            [("roof_pv", "Rooftop PV", "屋顶光伏", "structure", "MW", 80.0, 0.0, 80.0, 80.0, 0.0, 1.0), ("kiln", "New kiln", "新窑", "technology", "t/a", 4.8e6, 2.4e6, 3e6, 2.4e6, 3e6, 0.125),
             ("old_kiln", "Old kiln", "旧窑", "technology", "t/a", 2.4e6, 0.0, 0.0, 0.0, 0.0, 0.0)],
            columns=["asset", "en", "zh", "lever", "unit", "largest", "least", "most", "plan_0", "plan_1", "open"],
        ),
        "points": points_by_hand(),
        "macc": pd.DataFrame(
            [("kiln", "New kiln", "新窑", "technology", 2e8, 8e5, 3e5, 250.0, "", 3e8, 1e6, 3.5e5, 300.0, "", 2030),
             ("roof_pv", "Rooftop PV", "屋顶光伏", "structure", -1e7, 1e5, 3e4, -100.0, "", -1e6, 0.0, 0.0, None, "saves no emissions", 2030)],
            columns=["measure", "en", "zh", "lever", *(f"{w}_{f}" for w in ("first", "last") for f in ("cny", "t", "year_t", "cny_per_t", "remark")), "year"],
        ),
    }  # fmt: skip
    numbers = {
        "case": "steel", "status": "optimal", "objective_cny": 9.5e9, "bound_cny": 9.49e9, "gap": 0.004, "gap_cny": 4e6, "decided_cny": 1e9, "frozen_cny": 10e9,
        "free_cny": 9e9, "investment_cny": 1.2e9, "estimated_share": 0.25, "first_year": 2026, "last_year": 2030, "emissions_frozen_t": 1e6, "emissions_last_t": 6e5,
        "base_emissions_t": 1.05e6, "discount_rate_real": 0.054, "holds": False, "synthetic": ["pv", "load"], "fingerprint": "f" * 64, "changes": [], "version": "0",
        "notes": ["pv is a synthetic year in the statistics of the province (ERA5 2020), not a measurement"],
    }  # fmt: skip
    return Results(numbers | summary, tables)
