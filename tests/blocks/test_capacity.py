"""Capacity: what stands, is built, renewed, replaced and retired."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

YEARS = (2026, 2027)


def roof(need=10.0, years=YEARS, price=1.0, **numbers):
    """A use of power in every year, a grid at ``price``, and solar units that cost nothing to run."""
    x = factory(years=years, step_carriers=("power",), load={("power", y, "s0"): need for y in years}, **numbers)
    return works(works(trade(x, "grid", "power", price), "pv", flexible=True, power=1), "pv_b", flexible=True, power=1)


def test_some_things_are_only_built_whole():
    """Proves: a need of 70 takes three units of 30 at 1 a size: 90. Without whole units 70."""
    x = candidate(roof(70.0, (2026,), price=99.0), "pv", price=1.0, module=30.0)
    solution = plan(x)
    assert solution.cost == approx(90)
    assert solution.value("capacity.units")["pv", 2026] == approx(3)


def test_no_more_is_built_than_may_be():
    """Proves: 6 of 10 may be built in all years together: 4 x 1 in both years = 8. A limit a year would leave 4, none 0."""
    assert plan(candidate(roof(), "pv", price=0.0, max_size=6.0)).cost == approx(8)


def test_nothing_runs_in_the_year_it_is_ordered():
    """Proves: ordered in 2026, run from 2027: power of 2026 is bought, 10 x 1 = 10. Without a lead time 0."""
    solution = plan(candidate(roof(), "pv", price=0.0, from_year=2027))
    assert solution.cost == approx(10)
    assert solution.value("capacity.size")["pv", 2026] == approx(0)


def test_what_is_built_lives_as_long_as_its_life():
    """Proves: a life of one year ends after it: built twice, 2 x 10 x 0.4 = 8. Living on 4."""
    assert plan(candidate(roof(), "pv", price=0.4, life=1)).cost == approx(8)


def test_end_of_life_without_renewal_removes_the_size():
    """Proves: what ends with 2026 is gone in 2027: 10 x 1 = 10 bought. Running on 0."""
    solution = plan(existing(roof(), "pv", 10.0, until=2026))
    assert solution.cost == approx(10)
    assert solution.value("capacity.size")["pv", 2027] == approx(0)


def renewable(price=0.1, **numbers):
    x = existing(roof(years=(2026, 2027, 2028)), "pv", 10.0, until=2026)
    return replace(
        x, renewals={"pv": 2027}, renewal_investment={"pv": price}, renewal_credit={"pv": 0.0},
        renewed_alive={("pv", 2027): 1.0, ("pv", 2028): 1.0}, **numbers,
    )  # fmt: skip


def test_a_renewal_brings_the_size_back():
    """Proves: renewed at 0.1 x 10 = 1, and in service again. Without renewal 20."""
    solution = plan(renewable())
    assert solution.cost == approx(1)
    assert [solution.value("capacity.size")["pv", y] for y in (2026, 2027, 2028)] == approx([10, 10, 10])


def test_renewal_is_a_choice():
    """Proves: a renewal dearer than two years of power (3 > 2) is not bought: 20. Forced: 30."""
    assert plan(renewable(price=3.0)).cost == approx(20)


def test_what_is_built_whole_is_renewed_whole():
    """Proves: one of two units of 5 cannot be renewed by half. 7 are needed: 2 x 5 x 0.1 = 1. Without 0.7."""
    x = replace(renewable(module={"pv": 5.0}), load={("power", y, "s0"): 7.0 for y in (2026, 2027, 2028)})
    assert plan(x).cost == approx(1.0)


def test_retirement_comes_before_renewal():
    """Proves: what was retired cannot be renewed. In 2026 standing costs 5 a size, 50 in all, and power is 10 a year.

    Retired at once: 10 + 10 + 10 = 30. Renewed all the same (for 1): 10 + 1 + 2.5 = 13.5. Kept: 50 + 3.5 = 53.5.
    """
    x = renewable(retirements=(("pv", 2026),), fixed_cost={("pv", 2026): 5.0})
    assert plan(x).cost == approx(30)


def standing(cost_2026, cost_2027):
    return existing(roof(), "pv", 10.0, retirements=tuple(("pv", y) for y in YEARS), fixed_cost={("pv", 2026): cost_2026, ("pv", 2027): cost_2027})


def test_retirement_saves_the_fixed_cost():
    """Proves: 2 a size for standing is more than 1 for power: 10 + 10 = 20. Without retirement 40."""
    assert plan(standing(2.0, 2.0)).cost == approx(20)


def test_retirement_is_for_good():
    """Proves: standing costs 1.5 in 2026 and nothing in 2027; kept 15 + 0 = 15. Coming back in 2027 would give 10 + 0 = 10."""
    assert plan(standing(1.5, 0.0)).cost == approx(15)


def test_retirement_counts_from_its_year_on():
    """Proves: standing costs nothing in 2026 and 3 in 2027; retired in 2027: 0 + 10 = 10. Retired from the start 20, never 30."""
    solution = plan(standing(0.0, 3.0))
    assert solution.cost == approx(10)
    assert solution.value("capacity.retired")["pv", 2027] == approx(10)


def test_what_is_built_whole_is_retired_whole():
    """Proves: of two units of 5 one is not enough for 7, so both stand: 10 x 0.5 = 5 (or 5 x 0.5 + 2 x 1 = 4.5, which is cheaper).

    By halves 7 x 0.5 = 3.5.
    """
    x = existing(roof(7.0, (2026,)), "pv", 10.0, retirements=(("pv", 2026),), fixed_cost={("pv", 2026): 0.5}, module={"pv": 5.0})
    assert plan(x).cost == approx(4.5)


def test_units_retired_are_counted_from_the_start():
    """Proves: of three units of 5 one is enough for 4 in 2026 at 1 a size (two gone), and none is needed in 2027: 5 + 0 = 5, gone 2, then 3.

    Counted by year the model would say 2, then 1; forgetting those of 2026, retire 3 x 5 more than stand in 2027.
    """
    x = existing(roof(), "pv", 15.0, retirements=(("pv", 2026), ("pv", 2027)), fixed_cost={("pv", y): 1.0 for y in YEARS}, module={"pv": 5.0})
    solution = plan(replace(x, load={("power", 2026, "s0"): 4.0, ("power", 2027, "s0"): 0.0}, step_price=dict.fromkeys(x.step_price, 99.0)))
    assert solution.cost == approx(5)
    assert [solution.value("capacity.scrapped")["pv", y] for y in YEARS] == [approx(2), approx(3)]
    assert [solution.value("capacity.retired")["pv", y] for y in YEARS] == [approx(10), approx(5)]


def test_a_conversion_shares_the_place_of_its_host():
    """Proves: the old unit and what takes its place are never more than the place. Old power costs 3, new 1, the grid 100.

    15 are needed, the place holds 10: 10 x 1 + 5 x 100 = 510 and the old one is gone. Side by side 10 x 1 + 5 x 3 = 25.
    """
    x = roof(15.0, (2026,), price=100.0)
    x = existing(x, "pv", 10.0, retirements=(("pv", 2026),), variable_cost={("pv", 2026): 3.0, ("pv_b", 2026): 1.0}, replaces={"pv_b": "pv"})
    solution = plan(candidate(x, "pv_b", price=0.0))
    assert solution.cost == approx(510)
    assert solution.value("capacity.size")["pv", 2026] == approx(0)


def test_a_conversion_that_may_not_push_its_host_out_waits():
    """Proves: as long as the old unit may not retire, nothing takes its place: 10 x 3 + 5 x 100 = 530. Side by side 25."""
    x = existing(roof(15.0, (2026,), price=100.0), "pv", 10.0, variable_cost={("pv", 2026): 3.0}, replaces={"pv_b": "pv"})
    assert plan(candidate(x, "pv_b", price=0.0)).cost == approx(530)


def test_a_roof_is_shared():
    """Proves: 12 of roof carry 4 of the wide and 4 of the narrow kind at most (2 x 4 + 1 x 4): all narrow 12, limited to 4 by its maker.

    4 narrow + 8 / 2 = 4 wide: 20 - 8 = 12 bought. A roof each: 4 + 6 = 10 made, 10 bought. No roof limit: 0.
    """
    x = roof(20.0, (2026,), area={"pv": "roof", "pv_b": "roof"}, area_per_size={"pv": 2.0, "pv_b": 1.0}, area_limit={"roof": 12.0})
    assert plan(candidate(candidate(x, "pv", price=0.0), "pv_b", price=0.0, max_size=4.0)).cost == approx(12)
