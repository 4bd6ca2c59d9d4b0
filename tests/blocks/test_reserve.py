"""Reserve: what is left when the connection or a unit is lost carries what may not fail."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works


def site(*, critical=0.5, hours=2.0, lost=("connection",), steps=2, prices=1.0, **more):
    """4 of power in every step, of which a share may not fail; a grid that is never short."""
    x = factory(steps=steps, step_carriers=("power",), load={("power", 2026, f"s{n}"): 4.0 for n in range(steps)})
    x = replace(
        x,
        reserves={"backup": "power"},
        reserve_hours={"backup": hours},
        losses=tuple(("backup", name) for name in lost),
        critical_load={"power": critical},
    )
    return replace(trade(x, "grid", "power", prices), **more)


def engine(x, name, *, price=10.0, firm=0.8, available=(), fuel=100.0, **more):
    """A candidate that makes power too dear to run, and counts with its firm share."""
    x = works(candidate(x, name, price=price, **more), name, flexible=True, cost=fuel, power=1.0)
    availability = dict(x.availability) | {(name, s): v for s, v in zip(x.steps, available, strict=False)}
    return replace(x, availability=availability, firm=dict(x.firm) | {("backup", name): firm})


def tank(x, name, *, size=None, price=1.0, full=1.0, **numbers):
    """A store of power that backs the site: a candidate, or one that stands."""
    x = candidate(x, name, price=price) if size is None else existing(x, name, size)
    given = {"store_hours": full} | numbers
    x = replace(x, stores=dict(x.stores) | {name: "power"}, firm=dict(x.firm) | {("backup", name): 1.0})
    return replace(x, **{key: dict(getattr(x, key)) | {name: v} for key, v in given.items()})


def test_an_engine_is_built_for_what_may_not_fail():
    """Proves: half of 4 must be there without the grid; an engine counts with 0.8 of its size: 2 / 0.8 x 10 = 25, and 8 for grid power.

    Without the reserve 8, for all of the use 58, with the whole engine 28.
    """
    done = plan(engine(site(), "diesel"))
    assert done.cost == approx(33)
    assert done.value("converter.output")["diesel", 2026, "s0"] == approx(0)  # it stands by


def test_sun_counts_with_what_shines_in_the_step():
    """Proves: solar power of 100 at no cost gives 0 in the first step and 50 in the second: the engine is needed for the first: 33."""
    x = engine(engine(site(), "diesel"), "sun", price=0.0, firm=1.0, available=(0.0, 0.5), max_size=100.0)
    assert plan(x).cost == approx(33)


def test_a_store_holds_out_for_the_stated_hours():
    """Proves: 2 for 2 h at a discharging efficiency of 0.8 are 5 kept at 1 each: 5 + 8 = 13. By power alone 2, without the efficiency 4, for one hour 2.5."""
    assert plan(tank(site(), "battery", discharge_efficiency=0.8)).cost == approx(13)


def test_what_is_kept_for_the_reserve_is_not_sold_twice():
    """Proves: a store of 5 that always keeps 2 moves 3 of the 4 from the hour at 10 to the one at 1: 4 + 3 + 10 = 17. Sold twice: 8."""
    x = tank(site(hours=1.0, prices=[1.0, 10.0]), "battery", size=5.0)
    assert plan(x).cost == approx(17)
    assert plan(replace(x, critical_load={})).cost == approx(8)


def test_a_store_gives_no_more_than_its_power():
    """Proves: a store of 4 h at full power gives 2 only with a size of 8: 8 + 8 = 16. By what it keeps 2: 10."""
    assert plan(tank(site(hours=1.0), "battery", full=4.0)).cost == approx(16)


def test_power_of_its_own_stands_ready():
    """Proves: 2 of power at 3 and 4 of energy at 1: 6 + 4 + 8 = 18; power taken from the energy 12, energy from the power 14."""
    x = tank(site(), "battery")
    x = candidate(replace(x, store_hours={}, store_power={"battery": ("inverter",)}), "inverter", price=3.0)
    assert plan(x).cost == approx(18)


def test_one_whole_unit_may_be_lost():
    """Proves: all 4 may not fail, 1 comes through the connection, units give 2 at 10 each. One lost, two left: 3 units, 60 (+ 8).

    Without the loss 2 units do. Where none stands none is lost: with 4 through the connection nothing is built.
    """
    x = engine(site(critical=1.0, lost=("diesel",), fence={"purchases": ("grid",)}), "diesel", firm=1.0, module=2.0, max_size=10.0)
    tie = {("purchases", s): 4.0 for s in x.steps}
    assert plan(replace(x, connection=tie)).cost == approx(8)
    x = replace(trade(replace(x, fence={"purchases": ("grid",), "far": ("far",)}), "far", "power", 1.0), connection=tie)
    weak = replace(x, fence={"purchases": ("grid",)}, connection={("purchases", s): 1.0 for s in x.steps})
    assert plan(weak).cost == approx(3 * 2 * 10 + 8)
    assert plan(replace(weak, losses=(("backup", "connection"),))).cost == approx(2 * 2 * 10 + 8)


def test_any_single_source_may_be_lost():
    """Proves: two engines at 10 and 12, each for all of the 2: 20 + 24 + 8 = 52. Losing the cheap one alone 24 + 8, none 20 + 8."""
    x = engine(engine(site(lost=("cheap", "dear")), "cheap", firm=1.0), "dear", firm=1.0, price=12.0)
    assert plan(replace(x, fence={"purchases": ("grid",)}, connection={("purchases", s): 0.0 for s in x.steps}, load={})).cost == approx(0)
    x = trade(x, "far", "power", 1.0)
    weak = replace(x, fence={"purchases": ("grid",)}, connection={("purchases", s): 0.0 for s in x.steps})
    assert plan(weak).cost == approx(52)


def test_a_process_is_carried_after_its_savings():
    """Proves: a mill of 4 that must not fail uses 2 after its drives: an engine of 2 / 0.8 at 10: 25 + 2 x 2. Before savings 50 + 4."""
    x = factory(steps=2, step_carriers=("power",), year_carriers=("yarn",), demand={("yarn", 2026): 8.0})
    x = existing(retrofit(existing(works(x, "mill", yarn=1.0, power=-1.0), "mill", 100.0), "drives", "mill", saving={"power": 0.5}), "drives", 100.0)
    x = replace(trade(x, "grid", "power", 1.0), reserves={"backup": "power"}, reserve_hours={"backup": 2.0}, losses=(("backup", "connection"),))
    assert plan(engine(replace(x, critical={("mill", "power"): 1.0}), "diesel")).cost == approx(29)


def test_where_the_loss_takes_all_there_is_no_plan():
    """Proves: the only engine may be lost, or only the sun stands ready and does not shine: nothing could carry the 2, and that is an answer, not an error.

    At a connection of 4 the grid carries them after the engine is gone, and the site pays for its use alone: 8.
    """
    assert plan(engine(site(lost=("diesel",)), "diesel")).status == "infeasible"
    assert plan(engine(site(), "sun", available=(0.0, 0.0))).status == "infeasible"
    tied = engine(site(lost=("diesel",)), "diesel")
    tied = replace(tied, fence={"purchases": ("grid",)}, connection={("purchases", s): 4.0 for s in tied.steps})
    assert plan(tied).cost == approx(8)
