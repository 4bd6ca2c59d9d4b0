"""Contract: power bought ahead from a plant elsewhere, through the grid."""

from dataclasses import replace

from pytest import approx
from tiny import factory, plan, trade

Y, Z = 2026, 2027


def wind(load, profile, *, price=1.0, network=0.5, grid=4.0, largest=100.0, take=1.0, years=(Y,), **numbers):
    """A site with ``load`` by step, a grid, and a wind farm's contract that is paid whether taken or not."""
    x = factory(
        steps=len(profile),
        years=years,
        step_carriers=("power",),
        load={("power", y, f"s{n}"): v for y in years for n, v in enumerate(load)},
        **numbers,
    )
    x = trade(trade(x, "grid", "power", grid), "farm", "power", network)
    return replace(
        x, grid=("grid", "farm"), bundled=("farm",), price={("farm", y): price for y in years}, take_price={("farm", y): price for y in years},
        contract_limit={("farm", y): largest for y in years}, contract_profile={("farm", s): v for s, v in zip(x.steps, profile, strict=True)},
        contract_made={"farm": sum(x.duration[s] * v for s, v in zip(x.steps, profile, strict=True))}, contract_take={"farm": take} if take else {},
    )  # fmt: skip


def test_a_contract_delivers_in_its_own_shape():
    """Proves: 2 and 2 are used, the wind blows 0.2 and 1. A size of 2 gives 0.4 and 2: (2.4 x (1 + 0.5)) + 1.6 x 4 = 10.

    Larger sizes waste the second hour: 1 more gives 0.2, paid 1.2 + 0.1, saves 0.8. Delivered as it is used: 4 x 1.5 = 6. No contract 16.
    """
    found = plan(wind([2.0, 2.0], [0.2, 1.0]))
    assert found.cost == approx(10)
    assert found.value("contract.size")["farm", Y] == approx(2)


def test_what_is_made_is_paid_even_if_not_taken():
    """Proves: where the grid costs 20, a size of 10 is signed: 12 made and paid, 4 taken through the network: 12 + 2 = 14. Paid as taken 6."""
    found = plan(wind([2.0, 2.0], [0.2, 1.0], grid=20.0))
    assert found.cost == approx(14)
    assert found.value("market.missed")["farm", Y] == approx(8)


def test_paid_as_taken_when_nothing_is_pledged():
    """Proves: with no pledge a contract of any size costs what is taken: 4 x 1.5 = 6."""
    assert plan(wind([2.0, 2.0], [0.2, 1.0], take=0.0)).cost == approx(6)


def test_a_contract_is_no_larger_than_offered():
    """Proves: a size of 1 gives 0.2 and 1: 1.2 x 1.5 + 2.8 x 4 = 13. Unlimited 10."""
    assert plan(wind([2.0, 2.0], [0.2, 1.0], largest=1.0)).cost == approx(13)


def test_a_signed_contract_runs_on():
    """Proves: 2 a year at 1.5, then only 1 is used: 3 + (2 paid, 1 through the network) 2.5 = 5.5; signing 1 costs 1.5 + 4 and 1.5 = 7. Ended at will 4.5."""
    x = wind([2.0], [1.0], years=(Y, Z))
    assert plan(replace(x, load=dict(x.load) | {("power", Z, "s0"): 1.0})).cost == approx(5.5)


def test_its_power_counts_at_the_grid_factor_of_the_location_and_not_in_the_market():
    """Proves: of 4 used 2.4 come by contract. Location 4 x 0.5 = 2, market 1.6 x 0.5 = 0.8. As own power the location would be 0.8."""
    emitted = plan(wind([2.0, 2.0], [0.2, 1.0])).value("emissions.energy")
    assert emitted["location", Y] == approx(2)
    assert emitted["market", Y] == approx(0.8)


def test_hours_weigh_what_a_contract_makes():
    """Proves: the windy hour stands for three thousand: 2 x (0.2 + 3) made, all taken: 6.4 x 1.5 + 1.6 x 4 = 16. Unweighted shares 10."""
    assert plan(wind([2.0, 2.0], [0.2, 1.0], duration={"s0": 1.0, "s1": 3.0})).cost == approx(16)
