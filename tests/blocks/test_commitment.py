"""Commitment: a least load is kept or the unit stands still, a start is paid once, a ramp binds."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

Y = 2026


def use(*load, **numbers):
    return factory(steps=len(load), step_carriers=("power",), load={("power", Y, f"s{n}"): v for n, v in enumerate(load)}, **numbers)


def engine(*load, size=10.0, hours=1.0, **numbers):
    """An engine whose power costs 1, beside a grid at 3."""
    steps = {f"s{n}": hours for n in range(len(load))}
    x = works(use(*load, hours=steps, duration=steps), "engine", flexible=True, cost=1.0, power=1)
    return replace(trade(existing(x, "engine", size), "grid", "power", 3.0), **numbers)


def test_a_least_load_is_kept_or_the_unit_stands_still():
    """Proves: 10 at half load make 8, but not 2: those come from the grid, 8 + 6 = 14. At any level 10, with half a unit on 10."""
    assert plan(engine(8.0, 2.0)).cost == approx(10)
    done = plan(engine(8.0, 2.0, minimum_load={"engine": 0.5}))
    assert done.cost == approx(14)
    assert done.value("commitment.running")["engine", Y, "s1"] == approx(0)


def test_whole_units_run_one_by_one():
    """Proves: of two units of 5 one runs at 3, above its least load of 0.6 x 5: 3. As one unit of 10 both stand still: 9."""
    assert plan(engine(3.0, minimum_load={"engine": 0.6}, module={"engine": 5.0})).cost == approx(3)
    assert plan(engine(3.0, minimum_load={"engine": 0.6})).cost == approx(9)


def test_a_unit_is_built_for_the_load_it_can_keep():
    """Proves: at 1.6 a size 4 are built, which run at 4 and at 2: 6.4 + 6 + 12 = 24.4.

    Of 8 only the first step is made: 12.8 + 8 + 6 = 26.8. With a part of the unit running 8 would do for 22.8.
    """
    x = trade(candidate(works(use(8.0, 2.0), "engine", flexible=True, cost=1.0, power=1), "engine", price=1.6, max_size=20.0), "grid", "power", 3.0)
    done = plan(replace(x, minimum_load={"engine": 0.5}))
    assert done.cost == approx(24.4)
    assert done.value("capacity.size")["engine", Y] == approx(4)
    assert plan(replace(x, minimum_load={"engine": 0.5}, investment={("engine", Y): 0.1})).cost == approx(14.8)


def test_a_start_is_paid_once_and_the_day_goes_round():
    """Proves: the engine rests in the third step and runs through the others, over midnight: one start, 15 + 0.7 x 10 = 22.

    With a start at midnight 29, with one in every step it runs 36.
    """
    start = {"minimum_load": {"engine": 0.5}, "start_cost": {("engine", Y): 0.7}}
    assert plan(engine(5.0, 5.0, 0.0, 5.0, **start)).cost == approx(22)
    assert plan(engine(5.0, 5.0, 5.0, 5.0, **start)).cost == approx(20)  # what never stops never starts


def test_a_start_is_counted_by_days_and_not_by_hours():
    """Proves: the same day in steps of two hours costs twice the power and one start: 30 + 7 = 37. A start an hour 44."""
    start = {"minimum_load": {"engine": 0.5}, "start_cost": {("engine", Y): 0.7}}
    assert plan(engine(5.0, 5.0, 0.0, 5.0, hours=2.0, **start)).cost == approx(37)


def test_a_start_may_cost_more_than_it_saves():
    """Proves: at 3 a size a start costs 30 for 5 x 2 saved: the grid supplies, 15. A start without a price 5."""
    start = {"minimum_load": {"engine": 0.5}, "start_cost": {("engine", Y): 3.0}}
    assert plan(engine(5.0, 0.0, **start)).cost == approx(15)


def test_a_ramp_binds_both_ways():
    """Proves: 10 change by 3 an hour: of 2 and 8 the engine makes 2 and 5, the grid 3: 2 + 5 + 9 = 16. Without a ramp 10.

    Of 2, 8 and 8 it makes 2, 5 and 5, as the day ends where it began: 12 + 18 = 30; with a rise alone 2, 5 and 8: 24.
    """
    assert plan(engine(2.0, 8.0, ramp={"engine": 0.3})).cost == approx(16)
    assert plan(engine(2.0, 8.0, 8.0, ramp={"engine": 0.3})).cost == approx(30)


def test_a_ramp_counts_hours_and_not_steps():
    """Proves: in steps of two hours 10 change by 6, enough for 2 and 8: 2 x 10 = 20. Counted by steps 32."""
    assert plan(engine(2.0, 8.0, hours=2.0, ramp={"engine": 0.3})).cost == approx(20)


def test_starting_reaches_the_least_load_at_once():
    """Proves: from rest to 4 at once and 1 more by ramp, 5 in all: 5. With a ramp from nothing it never starts: 15."""
    assert plan(engine(0.0, 5.0, minimum_load={"engine": 0.4}, ramp={"engine": 0.1})).cost == approx(5)


def test_nothing_is_added_where_nothing_is_asked():
    """Proves: a plant without such data has no whole number and no row of this block."""
    assert {name: len(t) for name, t in plan(engine(8.0, 2.0)).tables.items() if name.startswith("commitment")} == {
        "commitment.running": 0, "commitment.count": 0, "commitment.on": 0, "commitment.started": 0,
    }  # fmt: skip
