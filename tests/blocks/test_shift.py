"""Shift: what may wait, for how long, and what waiting costs."""

from dataclasses import replace

from pytest import approx
from tiny import existing, factory, plan, retrofit, trade, works

Y = 2026


def mill(*price, share=0.3, window=24.0, hours=1.0, cost=0.0):
    """A mill that uses 10 of power in every step, of which ``share`` may wait, beside a grid at ``price``."""
    length = {f"s{n}": hours for n in range(len(price))}
    total = 10.0 * hours * len(price)
    x = factory(steps=len(price), step_carriers=("power",), year_carriers=("iron",), demand={("iron", Y): total}, hours=length, duration=length)
    x = existing(works(x, "mill", iron=1, power=-1), "mill", 1e3)
    return replace(
        trade(x, "grid", "power", list(price)), shiftable={("mill", "power"): share}, shift_window={"mill": window},
        shift_cost={("mill", Y): cost} if cost else {},
    )  # fmt: skip


def test_dear_hours_wait_for_cheap_ones():
    """Proves: 3 of 10 wait from a price of 5 for one of 1: 80 - 3 x 4 = 68. All of it 40, none 80."""
    assert plan(mill(1, 5, 1, 1)).cost == approx(68)
    assert plan(mill(1, 5, 1, 1, share=0.0)).cost == approx(80)


def test_what_waits_is_caught_up_within_its_window():
    """Proves: of two dear hours both wait two hours: 120 - 2 x 3 x 4 = 96. Within one hour the second takes over the first's: 120 - 12 = 108."""
    assert plan(mill(5, 5, 1, 1, window=2.0)).cost == approx(96)
    assert plan(mill(5, 5, 1, 1, window=1.0)).cost == approx(108)


def test_waiting_goes_round_with_the_day():
    """Proves: the last hour's use waits for the first: 68. A day that may leave work undone would pay 80 - 15 = 65."""
    assert plan(mill(1, 1, 1, 5)).cost == approx(68)


def test_waiting_has_its_price():
    """Proves: at 3 a unit 4 are still worth it, 68 + 9 = 77; at 5 nothing waits: 80."""
    assert plan(mill(1, 5, 1, 1, cost=3.0)).cost == approx(77)
    assert plan(mill(1, 5, 1, 1, cost=5.0)).cost == approx(80)


def test_a_window_counts_hours_and_not_steps():
    """Proves: in steps of two hours, one hour of what is put off may still wait at the end: 3 of 6, 160 - 3 x 4 = 148. Counted by steps 136."""
    assert plan(mill(1, 5, 1, 1, hours=2.0, window=1.0)).cost == approx(148)
    assert plan(mill(1, 5, 1, 1, hours=2.0, window=2.0)).cost == approx(136)


def test_catching_up_has_its_limit_too():
    """Proves: of three dear hours 9 could wait, but the one cheap hour takes 3 on top: 160 - 3 x 4 = 148. Without that limit 124."""
    assert plan(mill(5, 5, 5, 1)).cost == approx(148)


def test_what_is_saved_cannot_wait():
    """Proves: half of the power is saved, 1.5 of the other 5 wait: 40 - 1.5 x 4 = 34. A share of what it used before 28."""
    x = retrofit(existing(mill(1, 5, 1, 1), "saver", 1e3), "saver", "mill", saving={"power": 0.5})
    assert plan(x).cost == approx(34)
