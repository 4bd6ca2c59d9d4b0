"""What a plan is worth: returns and paybacks that can be checked with a pencil, and sums that must be the model's."""

import pandas as pd
import pytest
from pytest import approx

from models.solution import Solution
from planner.money import Horizon
from planner.run import Run
from planner.why import worth

H = Horizon(2026, 2027, 0.05)


def solution(invested: tuple[float, float], run: tuple[float, float], left: float = 0.0, horizon: Horizon = H) -> Solution:
    years = list(horizon.years)
    tables = {
        "cost.investing": pd.DataFrame({"i0": "a", "i1": years, "value": invested}), "cost.running": pd.DataFrame({"i0": "p", "i1": years, "value": run}),
        "cost.credited": pd.DataFrame({"i0": ["a"], "value": [left]}),
    }  # fmt: skip
    cost = (
        sum(v * horizon.at_start(y) for v, y in zip(invested, years, strict=True))
        + sum(v * horizon.at_end(y) for v, y in zip(run, years, strict=True))
        - left
    )
    return Solution("optimal", cost, cost, tables)


TODAY = solution((0.0, 0.0), (100.0, 100.0))


def test_a_return_and_a_payback_by_hand() -> None:
    """Proves: 100 today for 60 a year, twice: 13.066 % (100 = 60/1.13066 + 60/1.13066^2); paid back after 1 + 40/60 years; worth 11.56 at 5 %."""
    found = worth.worth(H, solution((100.0, 0.0), (40.0, 40.0)), TODAY)
    assert found.irr == approx(0.130662, abs=1e-6)
    assert found.payback == approx(1 + 40 / 60)
    assert found.npv == approx(60 / 1.05 + 60 / 1.05**2 - 100)
    assert found.invested == 100.0


def test_what_is_left_is_received_at_the_end() -> None:
    """Proves: 100 today for 10 a year and 100 left after two years is 10 %; what is left is not a running saving, so payback takes ten years."""
    left = 100.0 * 1.05**-2
    found = worth.worth(H, solution((100.0, 0.0), (90.0, 90.0), left), TODAY)
    assert found.irr == approx(0.10)
    assert found.payback == approx(10.0)


def test_the_tail_repeats_the_last_year() -> None:
    """Proves: with two more years the same 100 for 60 a year is paid four times: NPV is 60 times the four-year factor less 100."""
    h = Horizon(2026, 2027, 0.05, tail_years=2)
    plan, today = solution((100.0, 0.0), (40.0, 40.0), horizon=h), solution((0.0, 0.0), (100.0, 100.0), horizon=h)
    found = worth.worth(h, plan, today)
    assert found.npv == approx(60 * (1 - 1.05**-4) / 0.05 - 100)
    assert worth.present_value(found.irr or 0.0, worth.flows(h, today, plan)) == approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("plan", "irr", "payback", "remark"),
    [
        (solution((0.0, 0.0), (100.0, 100.0)), None, 0.0, "nothing to return"),
        (solution((0.0, 0.0), (90.0, 90.0)), None, 0.0, "saves from the first year"),
        (solution((50.0, 0.0), (110.0, 110.0)), None, None, "never earns"),
    ],
)
def test_where_there_is_no_return_it_is_said_why(plan: Solution, irr: None, payback: float | None, remark: str) -> None:
    """Proves: no rate is invented where the flows have none, or several."""
    found = worth.worth(H, plan, TODAY)
    assert (found.irr, found.remark) == (irr, remark)


def test_several_rates_are_none() -> None:
    """Proves: -100, +230, -132 is worth nothing at 10 % and at 20 %; what comes first and is paid later is a loan and no return."""
    assert worth.present_value(0.1, [(0, -100), (1, 230), (2, -132)]) == approx(0.0) == worth.present_value(0.2, [(0, -100), (1, 230), (2, -132)])
    assert worth.irr([(0, -100), (1, 230), (2, -132)]) == (None, "no single rate: the flows change sign more than once")
    assert worth.irr([(0, 10), (1, -12)]) == (None, "earns first and spends later")


def test_the_worth_of_a_plan_is_the_difference_of_the_model_s_costs(shipped: Run) -> None:
    """Proves: the flows, discounted, are the difference of the two objectives to 1e-6; by part and year they add up to it as well."""
    h, planned = shipped.ready.plant.horizon, shipped.planned
    for name, reference in (("frozen", planned.frozen), ("free", planned.free)):
        found = worth.worth(h, planned.plan, reference)
        assert worth.present_value(h.rate, worth.flows(h, reference, planned.plan)) == approx(found.npv, rel=1e-6, abs=1e-6)
        parts = shipped.results["worth_parts"]
        parts = parts[parts["reference"] == name]
        assert parts["today_cny"].sum() == approx(found.extra * 1e6, rel=1e-6, abs=1.0)
        assert (parts["plan_cny"] - parts["reference_cny"]).tolist() == approx(parts["difference_cny"].tolist())
    assert list(shipped.results["worth"]["reference"]) == ["frozen", "free"]
