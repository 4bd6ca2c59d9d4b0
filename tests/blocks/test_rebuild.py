"""Rebuild: on the days of a standstill a host makes and uses nothing, nor does what hangs on it, and nothing stands still without a project."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works

YEARS = (2026, 2027)
STEPS = ("s0", "s1", "s2", "s3")
DEAR = [1, 5, 1, 1]  # what replaces the furnace costs most on the days of the standstill


def ironworks(*stops, size=4.0, gas=1.0, **prices):
    """A furnace of ``size`` makes iron and gas for all that is needed, 4 a year in four steps. Iron is bought at 10, gas at 5 in s1, else at 1.

    ``stops``: (measure, size built, step): for 2027 it is built, and the furnace stands still in that step of 2026.
    """
    x = factory(steps=4, years=YEARS, step_carriers=("gas", "power"), year_carriers=("iron",), demand=dict.fromkeys([("iron", y) for y in YEARS], size),
                load={("gas", y, s): size / 4 * gas for y in YEARS for s in STEPS})  # fmt: skip
    x = existing(works(x, "furnace", iron=1, gas=gas), "furnace", size)
    x = trade(trade(x, "iron net", "iron", 10), "gas net", "gas", prices.get("gas net", DEAR))
    x = trade(trade(x, "grid", "power", DEAR), "export", "power", [0, 4, 0, 0], sells=True)
    windows = dict.fromkeys(w for _, _, w in stops)
    for name, built, _ in stops:
        x = candidate(retrofit(x, name, "furnace"), name, price=0.0, from_year=2027, max_size=size)
        x = replace(x, built_already={**x.built_already, (name, 2027): built})
    names = list(windows)
    parts = {" and ".join(o): o for o in ((), *((w,) for w in names), *([tuple(names)] if len(names) > 1 else []))}
    left = {o: [s for s in STEPS if s not in still] for o, still in parts.items()}
    return replace(
        x, stops={(name, 2027): ("furnace", 2026, w) for name, _, w in stops}, stopped={name: 1.0 for name, _, _ in stops},
        parts={("furnace", 2026, o or "runs"): still for o, still in parts.items()} if stops else {},
        part_usable={("furnace", 2026, o): len(left[o]) / 4 for o in parts if o},
        part_shape={("furnace", y, o, s): (s in left[o]) / len(left[o]) - 1 / 4 for o in parts if o for y in YEARS for s in STEPS},
    )  # fmt: skip


def test_lost_production_appears_on_the_days_of_the_standstill():
    """Proves: 1 of iron at 10 and the gas of s1 at 5 are bought: 15. A loss spread over the year buys a quarter of the gas in every step: 12; no loss 0."""
    assert plan(ironworks()).cost == approx(0)
    solution = plan(ironworks(("new top", 4.0, "s1")))
    assert solution.cost == approx(15)
    assert solution.value("converter.activity")["furnace", 2026] == approx(3)
    assert [solution.value("market.flow")["gas net", 2026, s] for s in STEPS] == approx([0, 1, 0, 0], abs=1e-9)


def test_a_host_of_many_units_is_rebuilt_in_shares():
    """Proves: half of it rebuilt, half of it stands still: 7.5. A yes or no for the whole host would cost 15."""
    assert plan(ironworks(("new top", 2.0, "s1"))).cost == approx(7.5)


def test_two_projects_on_the_same_days_stop_their_host_once():
    """Proves: two on the days of s1 cost 15 together; one in s1 and one in s2 leave 2 of 4: 20 of iron, 5 + 1 of gas, 26. Days counted twice would cost 30 for the first."""
    assert plan(ironworks(("new top", 4.0, "s1"), ("new stoves", 4.0, "s1"))).cost == approx(15)
    assert plan(ironworks(("new top", 4.0, "s1"), ("new stoves", 4.0, "s2"))).cost == approx(26)


def test_nothing_stands_still_without_a_project():
    """Proves: where gas is burdensome in s1 - its sale costs 4 - the furnace runs on all the same: it would like to stop and may not.

    Half of it is rebuilt on s2, so there is a part that stands still then; none does so in s1.
    """
    x = ironworks(("new top", 2.0, "s2"), ("new stoves", 0.0, "s1"))
    x = trade(replace(x, load={}), "flare", "gas", [0, -4, 0, 0], sells=True)
    solution = plan(x)
    assert solution.value("market.flow")["flare", 2026, "s1"] == approx(1)
    assert solution.value("rebuild.size")["furnace", 2026, "s1"] == approx(0)
    assert solution.cost == approx(5 + 4 + 4)  # half of s2's iron is bought; 4 for the gas of s1 in each year


def test_what_hangs_on_the_host_stands_still_with_it():
    """Proves: a turbine on the furnace makes 1 of power a step, sold at 4 in s1 and at nothing else: 4 in 2027, and none in 2026.

    A turbine that ran on would earn 4 in 2026 too, one whose year is only shorter 3.
    """
    x = retrofit(ironworks(("new top", 4.0, "s1")), "turbine", "furnace", power=1.0)
    solution = plan(existing(x, "turbine", 4.0))
    assert solution.cost == approx(15 - 4)
    assert solution.value("market.flow")["export", 2026, "s1"] == approx(0)


def test_what_is_not_used_is_not_saved():
    """Proves: the furnace uses 1 of power a step, of which a drive saves half: 1.5 in 2026 beside the 15, and 0.5 x 8 in 2027.

    Were a quarter of the year's saving booked in s1 as before, 0.375 of power would come out of it there.
    """
    x = works(ironworks(("new top", 4.0, "s1")), "furnace", power=-1)
    x = replace(x, shape={("furnace", s): 1 / 4 for s in STEPS}, flat=("furnace",))
    x = existing(retrofit(x, "drive", "furnace", saving={"power": 0.5}), "drive", 4.0)
    solution = plan(x)
    assert solution.cost == approx(15 + 1.5 + 4)
    assert solution.value("market.flow")["grid", 2026, "s1"] == approx(0)


def test_a_project_is_left_out_when_its_standstill_costs_more_than_it_brings():
    """Proves: a new top that brings 20 in 2027 is worth a loss of 15, total -5; at a price of gas of 15 in s1 the loss is 25 and it is left out: 0, not -20."""
    for gas, total in ((DEAR, -5.0), ([1, 15, 1, 1], 0.0)):
        x = ironworks(("new top", 4.0, "s1"), **{"gas net": gas})
        assert plan(replace(x, built_already={}, fixed_cost={("new top", 2027): -20.0 / 4})).cost == approx(total)
