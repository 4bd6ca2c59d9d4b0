"""Several futures in one plan: two futures solved by hand; the expected cost, the value at risk, and what each way would get wrong."""

from dataclasses import replace

import numpy as np
import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

from models.build import build
from models.compiled import Compiled, compile_matrix
from models.futures import EXPECTED, Risk, at_risk, joined
from models.inputs import Inputs
from planner import highs

Y = 2026
FIELD = "capacity.built[field,2026]"


def heat(gas: float, demand: float = 100.0, most: float = 60.0) -> Inputs:
    """100 of heat, 1 a unit of gas at ``gas``; a field at 1.0 a unit saves the gas of what it makes, 60 at most."""
    x = factory(year_carriers=("heat", "gas"), demand={("heat", Y): demand})
    x = existing(works(trade(x, "gas_grid", "gas", gas), "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)
    return candidate(works(x, "field", heat=1.0), "field", price=1.0, max_size=most)


CHEAP, DEAR = 0.6, 1.8  # of gas: alone the first future builds no field (60), the second all of it (40 x 1.8 + 60 = 132)


def compiled(gas: float) -> Compiled:
    return compile_matrix(build(heat(gas)))


def solved(chances: tuple[float, ...], risk: Risk = EXPECTED, gas: tuple[float, ...] = (CHEAP, DEAR)):
    """The size of the field, the cost of every future, and the objective."""
    problems = [compiled(price) for price in gas]
    both = joined(problems, chances, {FIELD}, risk)
    answer = highs.solve(both.problem)
    assert answer.values is not None and answer.cost is not None
    costs = [float(p.cost @ both.of(f, answer.values) + p.offset) for f, p in enumerate(problems)]
    fields = {round(float(both.of(f, answer.values)[p.columns.index(FIELD)]), 6) for f, p in enumerate(problems)}
    assert len(fields) == 1, "one decision, not one a future"
    return fields.pop(), costs, answer.cost


def test_expected_cost_of_two_futures() -> None:
    """Proves: with chances 0.7 and 0.3 a unit of the field saves 0.7 x 0.6 + 0.3 x 1.8 = 0.96 of gas and costs 1: it is not built, 0.7 x 60 + 0.3 x 180 = 96.
    With 0.6 and 0.4 it saves 1.08: 60 are built, 0.6 x (60 + 24) + 0.4 x (60 + 72) = 103.2.

    The plan of each future alone would build nothing or 60 at both chances; a problem that counted the shared investment once a
    future, or weighed it by no chance, would never build.
    """
    assert solved((0.7, 0.3)) == (approx(0.0), approx([60.0, 180.0]), approx(96.0))
    assert solved((0.6, 0.4)) == (approx(60.0), approx([84.0, 132.0]), approx(103.2))


def test_the_value_of_planning_for_both() -> None:
    """Proves: 40 or 160 of heat, as likely, gas at 1.6. For the mean of 100 the field is built with 100; of what it has beyond 40 half is of no use,
    0.5 x 1.6 = 0.8 a unit, so the plan for both builds 40 and costs 40 + 0.5 x 120 x 1.6 = 136. The plan for the mean costs 100 + 0.5 x 60 x 1.6 = 148
    on average: the stochastic solution is worth 12. Who knew the future first would pay 0.5 x 40 + 0.5 x 160 = 100: knowing is worth 36.

    A problem that gave each future a field of its own would answer 100; one that shared how the field runs, too, could not serve 40.
    """
    low, mean, high = (heat(1.6, demand, most=200.0) for demand in (40.0, 100.0, 160.0))
    both = joined([compile_matrix(build(x)) for x in (low, high)], (0.5, 0.5), {FIELD}).problem
    answer = highs.solve(both)
    assert answer.cost == approx(136.0)
    size = plan(mean).value("capacity.built")["field", Y]
    assert size == approx(100.0)
    held = replace(both, lower=both.lower.copy(), upper=both.upper.copy())
    held.lower[both.columns.index(FIELD)] = held.upper[both.columns.index(FIELD)] = size
    assert highs.solve(held).cost == approx(148.0)
    assert 0.5 * plan(low).cost + 0.5 * plan(high).cost == approx(100.0)  # type: ignore[operator]


def test_the_dearest_futures_weigh_more() -> None:
    """Proves: at chances 0.7 and 0.3, CVaR at 0.5 is the mean of the dearest half: 0.6 of the dear future and 0.4 of the cheap one. A unit of the field saves
    0.6 x 1.8 + 0.4 x 0.6 = 1.32 of it: 60 are built, CVaR 0.6 x 132 + 0.4 x 84 = 112.8. Half expected cost, half CVaR: (0.96 + 1.32) / 2 = 1.14 still builds.
    A tenth of CVaR: 0.9 x 0.96 + 0.1 x 1.32 = 0.996 does not.
    """
    size, costs, objective = solved((0.7, 0.3), Risk(1.0, 0.5))
    assert (size, objective) == (approx(60.0), approx(112.8))
    assert at_risk(costs, (0.7, 0.3), 0.5) == approx(112.8)
    size, costs, objective = solved((0.7, 0.3), Risk(0.5, 0.5))
    assert (size, objective) == (approx(60.0), approx(0.5 * (0.7 * 84 + 0.3 * 132) + 0.5 * 112.8))
    assert solved((0.7, 0.3), Risk(0.1, 0.5))[0] == approx(0.0)


def test_the_worst_case_is_the_last_of_the_risk() -> None:
    """Proves: at a level of 1 less the smallest chance the objective is the dearest future itself, 132; at level 0 the expected cost."""
    assert solved((0.9, 0.1), Risk(1.0, 0.9))[2] == approx(132.0)
    assert solved((0.7, 0.3), Risk(1.0, 0.0))[2] == approx(96.0)


def test_one_future_for_certain_is_the_plan_itself() -> None:
    """Proves: with chance 1, and with a second future of chance 0 that may do otherwise, the plan of the first comes out to the last digit."""
    alone = plan(heat(DEAR)).cost
    assert solved((1.0,), gas=(DEAR,))[2] == approx(alone, abs=1e-9)
    assert solved((1.0, 0.0), gas=(DEAR, CHEAP))[2] == approx(alone, abs=1e-9)
    problem = compiled(DEAR)
    both = joined([problem], [1.0], set()).problem
    assert both.columns == tuple(f"{c}@0" for c in problem.columns)
    assert abs(both.matrix - problem.matrix).max() == 0 and np.array_equal(both.cost, problem.cost) and both.offset == problem.offset


def test_what_one_future_cannot_build_none_builds() -> None:
    """Proves: a field that one future closes (bound 0, or no column at all) is not built for the other; 40 where one future has room for 40."""
    problems = [compiled(DEAR), compiled(DEAR)]
    at = problems[1].columns.index(FIELD)
    for most in (0.0, 40.0):
        upper = problems[1].upper.copy()
        upper[at] = most
        both = joined([problems[0], replace(problems[1], upper=upper)], [0.5, 0.5], {FIELD})
        values = highs.solve(both.problem).values
        assert values is not None and both.of(0, values)[at] == approx(most)
    none = compile_matrix(build(existing(works(trade(factory(year_carriers=("heat", "gas"), demand={("heat", Y): 100.0}), "gas_grid", "gas", DEAR), "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)))  # fmt: skip
    both = joined([problems[0], none], [0.5, 0.5], {FIELD})
    values = highs.solve(both.problem).values
    assert values is not None and both.of(0, values)[at] == approx(0.0)


@pytest.mark.parametrize(("level", "risk"), [(0.0, 2.0), (0.5, 3.0), (0.8, 3.0)])
def test_value_at_risk_by_its_definition(level: float, risk: float) -> None:
    """Proves: of 1 (chance 0.5) and 3 (chance 0.5) the dearest half is 3."""
    assert at_risk([1.0, 3.0], [0.5, 0.5], level) == approx(risk)
