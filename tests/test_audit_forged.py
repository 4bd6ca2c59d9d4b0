"""A wrong translation makes a wrong plan that is consistent in itself; the audit, which shares no code with it, refuses it."""

from dataclasses import replace
from typing import Any

import pytest
import tiny
from test_audit import PLANT, YEAR, failed

from models.inputs import Inputs
from planner import translate
from planner.audit import audit


def forged(x: Inputs, name: str) -> Inputs:
    """Inputs as a careless translation would make them."""
    last = max(x.years)
    wrong: dict[str, Any] = {
        "discount a year early": {"discount_end": {y: PLANT.horizon.at_start(y) for y in x.years}},
        "steps that weigh too much": {"duration": {s: v * (1.1 if s == x.steps[0] else 1.0) for s, v in x.duration.items()}},
        "one day of the store": {"previous": {s: x.steps[n - 1] for n, s in enumerate(x.steps)}},
        "savings doubled": {"saving": {q: 2 * v for q, v in x.saving.items()}},
        "savings side by side": {"before": dict.fromkeys(x.before, ())},
        "heat for everybody": {"potential": {}},
        "captured carbon counted twice": {"carbon": {**x.carbon, "captured_co2": 2.0}},
        "coal with too little carbon": {"carbon": {c: v * (0.97 if c == "coal" else 1) for c, v in x.carbon.items()}},
        "bought iron is clean": {"embodied": {}},
        "a cap that counts less": {"cap_counts": {g: ("direct", view) for g, (_, view) in x.cap_counts.items()}},
        "a misspelt year": {"cap_limit": {(g, y): v for (g, y), v in x.cap_limit.items() if y != last}},
        "peaks of the wrong month": {"billing": dict.fromkeys(x.steps, "m01")},
        "half furnaces": {"module": {a: v / 2 for a, v in x.module.items()}},
        "paid when it runs": {"paid": {(a, v, y): 1.0 for a, v in x.builds for y in x.years if y == v}},
        "retrofits outlive their hosts": {"lasting": {q: min(0.9, 2 * v) for q, v in x.lasting.items()}},
        "one curve for all": {"piece_start": dict.fromkeys(x.piece_start, 0.0)},
        "the new when it pleases": {"replaced_by": {}},
        "no age": {"aged_cost": {}},
        "too much is left": {"credit": {q: 2 * v for q, v in x.credit.items()}},
        "nothing wears out": {"vintages": {(a, y): tuple(v for b, v in x.builds if a == b and v <= y) for a, y in x.vintages}},
        "power at a discount": {"step_price": {q: 0.9 * v for q, v in x.step_price.items()}},
        "a free connection": {"connection": {}},
        "carbon for nothing": {"carbon_price": {}},
        "certificates of tomorrow": {"grid_factor": dict.fromkeys(x.grid_factor, 0.5)},
    }[name]  # fmt: skip
    return replace(x, **wrong)


FORGERIES = {
    "discount a year early": "discounted cost",
    "steps that weigh too much": "trade amounts",
    "one day of the store": "store balances",
    "savings doubled": "savings",
    "savings side by side": "savings",
    "heat for everybody": "potentials",
    "captured carbon counted twice": "carbon boundary",
    "coal with too little carbon": "carbon boundary",
    "bought iron is clean": "outsourced",
    "a cap that counts less": "caps counted",
    "a misspelt year": "caps met",
    "peaks of the wrong month": "peaks",
    "half furnaces": "whole units",
    "paid when it runs": "investment",
    "retrofits outlive their hosts": "value left",
    "one curve for all": "investment",
    "the new when it pleases": "new before old",
    "no age": "running costs",
    "too much is left": "value left",
    "nothing wears out": "sizes",
    "power at a discount": "running costs",
    "a free connection": "connection",
    "carbon for nothing": "running costs",
    "certificates of tomorrow": "purchased energy",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_wrong_translation_shows_in_its_plan(name: str) -> None:
    solution = tiny.plan(forged(translate.inputs(PLANT, YEAR), name))
    assert solution.status == "optimal"
    assert FORGERIES[name] in failed(audit(PLANT, YEAR, solution))
