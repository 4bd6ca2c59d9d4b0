"""Physical: what is used as it is made, step by step."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

Y = 2026


def site(share, *, sun=(10.0, 0.0), load=(4.0, 6.0), green=0.0, **numbers):
    """Two steps of load, 10 in all; solar power by step, the grid at 1, sales at 0; a share of it that must be physical."""
    x = factory(
        steps=2, step_carriers=("power",), load={("power", Y, s): v for s, v in zip(("s0", "s1"), load, strict=True)}, grid=("grid",),
        physical=(("power", Y),), clean=("sun",), cap_counts={"own": ("physical_share", "location")}, cap_limit={("own", Y): 0.0},
        cap_share={("own", Y): share}, **numbers,
    )  # fmt: skip
    x = trade(trade(x, "grid", "power", 1.0), "export", "power", 0.0, sells=True)
    x = works(x, "sun", flexible=True, power=1)
    x = replace(x, availability={("sun", s): v / 10 for s, v in zip(("s0", "s1"), sun, strict=True)})
    return candidate(x, "sun", price=green, max_size=10.0)


def test_only_what_the_load_takes_in_the_step_counts():
    """Proves: 10 of sun at noon meet 4 of load: 0.4 of 10 can be reached, 0.41 not. Counted over the year all 10 would be."""
    assert plan(site(0.4)).status == "optimal"
    assert plan(site(0.41)).status == "infeasible"


def test_no_more_counts_than_is_made():
    """Proves: sun in both steps, a size of 5 makes 5 and 2.5: 4 of load + 2.5 = 0.65 of 10. The load alone would say 1.0."""
    x = site(0.65, sun=(10.0, 5.0), green=1000.0)
    solution = plan(x)
    assert solution.value("capacity.size")["sun", Y] == approx(5.0)
    made, beside = solution.value("converter.output"), solution.value("physical.beside")
    assert [made["sun", Y, s] - beside["power", Y, s] for s in ("s0", "s1")] == approx([4.0, 2.5])


def test_what_was_stored_does_not_count():
    """Proves: a perfect store carries the noon's 6 over to the evening, so nothing is bought; physical are the 4 of noon all the same.

    0.41 has no plan. If what charges or leaves stores counted, 1.0 would be reached.
    """
    kept = {
        "stores": {"box": "power"},
        "charge_efficiency": {"box": 1.0},
        "discharge_efficiency": {"box": 1.0},
        "standing_loss": {"box": 0.0},
        "store_hours": {"box": 1.0},
    }
    x = existing(replace(site(0.4), **kept), "box", 10.0)
    solution = plan(x)
    assert solution.cost == approx(0)
    assert solution.value("physical.beside")["power", Y, "s0"] == approx(6.0)
    assert plan(replace(x, cap_share={("own", Y): 0.41})).status == "infeasible"


def test_charging_counts_as_bought():
    """Proves: sun of 4 at noon and a store filled at noon and emptied in the evening: the load takes the sun first, the store is filled with bought power.

    0.4 is reached though the store takes 6 in the same step. If what charges were taken from the sun first, nothing would be physical.
    """
    kept = {
        "stores": {"box": "power"},
        "charge_efficiency": {"box": 1.0},
        "discharge_efficiency": {"box": 1.0},
        "standing_loss": {"box": 0.0},
        "store_hours": {"box": 1.0},
    }
    x = existing(replace(site(0.4, sun=(4.0, 0.0)), **kept), "box", 10.0)
    x = replace(x, step_price={("grid", Y, "s0"): 1.0, ("grid", Y, "s1"): 5.0, ("export", Y, "s0"): 0.0, ("export", Y, "s1"): 0.0})
    solution = plan(x)
    assert solution.cost == approx(6.0)
    assert solution.value("store.charge")["box", Y, "s0"] == approx(6.0)


@pytest.mark.parametrize(("share", "bought"), [(0.5, 1.0), (0.9, 5.0)])
def test_certificates_close_a_recognised_share_only(share, bought):
    """Proves: of 10 the sun supplies 4; a recognised share of 0.5 takes 1 certificate, of 0.9 takes 5. A physical share of 0.5 has no plan."""
    x = replace(site(share), certificates=("proof",), cap_market={("own", "proof", Y): -1.0})
    x = trade(x, "proof", "attribute", 0.01)
    assert plan(x).value("market.amount")["proof", Y] == approx(bought)
    assert plan(replace(x, cap_market={})).status == "infeasible"
