"""Measures apart: two savings of 10 % on one boiler, so that alone, last and on average are arithmetic."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works

from models.inputs import Inputs
from models.solution import Solution
from planner.why import partial
from planner.why.partial import Apart

Y = 2026
TWO = {"lagging": (0.03, 0.1), "economiser": (0.06, 0.1)}  # MCNY a unit of 100, share of the gas that is saved


def boiler(cap: float | None = 17.0, savings: Mapping[str, tuple[float, float]] = TWO) -> Inputs:
    """100 of heat from 100 of gas (0.5 MCNY, 0.2 kt a unit): 50 MCNY and 20 kt; savings of its gas, each on what is left."""
    x = factory(
        year_carriers=("heat", "gas"), demand={("heat", Y): 100.0}, carbon={"gas": 0.2}, cap_counts={"total": ("direct", "location")},
        cap_limit={} if cap is None else {("total", Y): cap}, grid_factor={("location", Y): 0.5, ("market", Y): 0.5},
    )  # fmt: skip
    x = existing(works(trade(x, "gas_grid", "gas", 0.5), "boiler", heat=1.0, gas=-1.0), "boiler", 200.0)
    for name, (price, share) in savings.items():
        x = candidate(retrofit(x, name, "boiler", saving={"gas": share}), name, price=price, max_size=100.0, module=100.0)
    return x


def taken(x: Inputs, **more: bool) -> tuple[Solution, Apart]:
    found = plan(x)
    return found, partial.apart(x, report=lambda _: True, plan=found, base_factor=0.5, **more)


def test_two_savings_of_a_tenth_alone_last_and_on_average() -> None:
    """Proves: alone each saves 2 kt of 20, last 1.8 (a tenth of 18), on average 1.9; together 3.8. Whoever adds savings made alone says 4.

    Money: alone lagging costs 3 and saves 5 (gas 0.5 a unit): -2; last it saves 4.5: -1.5. The economiser +1 and +1.5.
    """
    found, apart = taken(boiler())
    assert found.value("emissions.direct")[(Y,)] == approx(16.2)
    assert apart.measures == ("lagging", "economiser")
    nothing, everything = apart.nothing, apart.all
    assert (nothing.cost, nothing.emitted[Y], everything.cost, everything.emitted[Y]) == approx((50.0, 20.0, 49.5, 16.2))
    for name, alone, last in (("lagging", -2.0, -1.5), ("economiser", 1.0, 1.5)):
        assert nothing.emitted[Y] - apart.alone[name].emitted[Y] == approx(2.0)
        assert apart.without[name].emitted[Y] - everything.emitted[Y] == approx(1.8)
        assert apart.alone[name].cost - nothing.cost == approx(alone)
        assert everything.cost - apart.without[name].cost == approx(last)
        assert apart.attributed[name, Y] == approx(1.9)


def test_three_savings_are_shared_out_whatever_their_order() -> None:
    """Proves: of 10, 10 and 20 % each is attributed its mean over all six orders, in whatever order the case lists them.

    A tenth: first 2 of 6 times (1), after the other tenth (0.9), after the fifth (0.8), last 2 times (0.72): 5.14 / 6 of 2 kt. The fifth:
    (2 + 0.9 + 0.9 + 2 x 0.81) / 6 of 4 kt. Together 20 (1 - 0.9 x 0.9 x 0.8) = 7.04 kt. One sequence alone would give the last 1.44, not 1.71.
    """
    savings = {"lagging": 0.1, "economiser": 0.1, "burner": 0.2}
    for names in permutations(savings):
        x = boiler(None, {name: (0.01, savings[name]) for name in names})
        apart = taken(x)[1]
        assert apart.measures == names
        assert [apart.attributed[n, Y] for n in savings] == approx([5.14 / 3, 5.14 / 3, 5.42 / 1.5])
        assert sum(apart.attributed.values()) == approx(7.04, abs=1e-9)


def test_a_measure_without_its_prerequisite_does_nothing() -> None:
    """Proves: the economiser needs the lagging; alone it is not there at all, and whoever leaves the lagging out loses both."""
    x = replace(boiler(), needs={("economiser", "lagging"): 1.0})
    apart = taken(x)[1]
    assert apart.alone["economiser"] == apart.nothing
    assert apart.without["lagging"] == apart.nothing
    assert sum(apart.attributed.values()) == approx(3.8)


def test_the_plans_own_price_of_its_cap_makes_it_run_clean() -> None:
    """Proves: biogas at 0.9 is burnt only under the cap of 17 kt, and at the price of that cap in every set of measures: nothing built, the works runs on it too.

    Run at plain least cost nobody would burn it, and its 4 kt less would be called the measure's.
    """
    x = replace(boiler(10.0, {"lagging": (0.01, 0.1)}), year_carriers=("heat", "gas", "biogas"))
    x = existing(works(trade(x, "bio", "biogas", 0.9, limit=60.0), "digester", heat=1.0, biogas=-1.0), "digester", 200.0)
    found, apart = taken(x)
    assert found.value("emissions.direct")[(Y,)] == approx(10.0)
    assert apart.nothing.emitted[Y] < 20.0 - 1e-6


def test_sequences_can_be_left_out() -> None:
    assert taken(boiler(), sequences=False)[1].attributed == {}
