"""Choice: what excludes, limits or needs each other."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

YEARS = (2026, 2027)


def roofs(*names, need=10.0, years=(2026,), largest=6.0, prices=(0.0, 0.0, 0.0), **numbers):
    """A use of power, a grid at 1, and options of at most ``largest`` each."""
    x = trade(factory(years=years, step_carriers=("power",), load={("power", y, "s0"): need for y in years}, **numbers), "grid", "power", 1.0)
    for name, price in zip(names, prices, strict=False):
        x = candidate(works(x, name, flexible=True, power=1), name, price=price, max_size=largest)
    return x


def test_two_exclusive_options_are_never_both_built():
    """Proves: either of two free sources of 6 serves, not both: 10 - 6 = 4 bought. Both 0; none 10."""
    x = replace(roofs("a", "b"), at_most={"one": ("a", "b")}, choice_count={"one": 1})
    solution = plan(x)
    assert solution.cost == approx(4)
    assert min(solution.value("capacity.built")[a, 2026] for a in ("a", "b")) == approx(0)


def test_exclusion_holds_over_all_years():
    """Proves: a in 2026 excludes b in 2027 too. a may only run in 2026, b only from 2027, each saves 6: 20 - 6 = 14. By year alone 8."""
    x = replace(roofs("a", "b", years=YEARS), at_most={"one": ("a", "b")}, choice_count={"one": 1})
    x = replace(
        x, builds=(("a", 2026), ("b", 2027)), vintages={("a", 2026): (2026,), ("a", 2027): (), ("b", 2026): (), ("b", 2027): (2027,)},
    )  # fmt: skip
    assert plan(x).cost == approx(14)


def test_half_an_option_is_an_option():
    """Proves: roofs that carry 5 of each make two halves of two options of 10; one of them gives 5, and 5 are bought. Two halves would give 10."""
    x = replace(roofs("a", "b", largest=10.0), at_most={"one": ("a", "b")}, choice_count={"one": 1}, area={"a": "ra", "b": "rb"})
    x = replace(x, area_per_size={"a": 1.0, "b": 1.0}, area_limit={"ra": 5.0, "rb": 5.0})
    assert plan(x).cost == approx(5)


def test_at_most_two_of_three():
    """Proves: two of three sources of 3 are built: 10 - 6 = 4. All three 1, one 7."""
    x = replace(roofs("a", "b", "c", largest=3.0), at_most={"two": ("a", "b", "c")}, choice_count={"two": 2})
    assert plan(x).cost == approx(4)


def test_a_renewal_is_a_choice_too():
    """Proves: in 2027 the old unit of 10 is renewed for 1, or 6 of the new come for nothing and 4 are bought.

    Renewed 1, or at five times the price the new and 4; together 6 of the new and 4 renewed at 0.5: 2.
    """
    x = existing(roofs("new", "old", years=YEARS), "old", 10.0, until=2026, renewals={"old": 2027}, renewed_alive={("old", 2027): 1.0})
    x = replace(x, builds=(("new", 2027),), vintages={("new", 2027): (2027,)}, renewal_investment={"old": 0.1}, renewal_credit={"old": 0.0})
    free, x = replace(x, renewal_investment={"old": 0.5}), replace(x, at_most={"one": ("new", "old")}, choice_count={"one": 1})
    assert plan(x).cost == approx(1)
    assert plan(replace(x, renewal_investment={"old": 0.5})).cost == approx(4)
    assert plan(free).cost == approx(2)  # without the rule, built on purpose


@pytest.mark.parametrize(("price", "cost"), [(0.5, 7.0), (2.0, 10.0)])
def test_what_needs_another_is_not_built_without_it(price, cost):
    """Proves: each size of a free source needs one of another that gives nothing: at 0.5 all 6 pay, 3 + 4 = 7; at 2 none does, 10. Without the need 4."""
    x = candidate(roofs("a"), "needed", price=price, max_size=6.0)
    assert plan(replace(x, needs={("a", "needed"): 1.0})).cost == approx(cost)


def test_a_prerequisite_is_never_later():
    """Proves: the needed may only come in 2027, so a waits for it: 10 + 4. Once built at any time 4 + 4, by the year after 20."""
    x = candidate(roofs("a", years=YEARS), "needed", price=0.0, max_size=6.0, from_year=2027)
    solution = plan(replace(x, needs={("a", "needed"): 1.0}))
    assert solution.cost == approx(14)
    assert solution.value("capacity.size")["a", 2026] == approx(0)


def test_a_prerequisite_must_stay():
    """Proves: 6 of the needed cost 1 and live one year; the source needs them in both: 2 x 1 + 2 x 4 = 10. Needed only when it is built 1 + 8 = 9."""
    x = candidate(roofs("a", years=YEARS), "needed", price=1 / 6, max_size=6.0, life=1)
    assert plan(replace(x, needs={("a", "needed"): 1.0})).cost == approx(10)


def test_each_size_may_need_another_amount():
    """Proves: each of a needs 2 of the needed, of which 6 may be built: 3 of a, 7 bought. One for one 4, ignored 4."""
    x = candidate(roofs("a"), "needed", price=0.0, max_size=6.0)
    assert plan(replace(x, needs={("a", "needed"): 0.5})).cost == approx(7)


def test_whole_units_that_need_a_whole_unit():
    """Proves: one control room for 3 lets all 6 of the source run: 3 + 4 = 7. Half a room for half of them 1.5 + 7, or no need of it 4."""
    x = candidate(roofs("a", largest=6.0), "room", price=3.0, max_size=1.0, module=1.0)
    solution = plan(replace(x, needs={("a", "room"): 6.0}))
    assert solution.cost == approx(7)
    assert solution.value("capacity.units")["room", 2026] == approx(1)


def test_vintages_share_one_size():
    """Proves: two vintages of one option share 6: 10 - 6 = 4, though each alone may have 6. Unshared 0."""
    assert plan(replace(roofs("early", "late"), together={"both": ("early", "late")}, together_limit={"both": 6.0})).cost == approx(4)


def test_a_limit_nobody_reaches_changes_nothing():
    """Proves: two of two, and a shared 1000, leave the free plan of 0."""
    x = replace(roofs("a", "b"), at_most={"two": ("a", "b")}, choice_count={"two": 2}, together={"all": ("a", "b")}, together_limit={"all": 1e3})
    assert plan(x).cost == approx(0)


def test_what_must_be_adopted_is_there_in_the_end_however_dear():
    """Proves: 2 of a source at 3 each must be in service in 2027, and each saves a purchase of 1 a year from when it runs.

    Built for 2027 (both years cost the same, built early it saves twice): 6 + 8 + 8 = 22. Left alone 20; the whole largest size of
    6 built 18 + 4 + 4 = 26.
    """
    x = roofs("a", years=YEARS, prices=(3.0,))
    assert plan(x).cost == approx(20)
    solution = plan(replace(x, required={"a": 2.0}))
    assert solution.cost == approx(22)
    assert solution.value("capacity.size")["a", 2027] == approx(2)


def test_what_ends_before_the_last_year_was_not_adopted():
    """Proves: of a source that lives one year, 2 must stand in 2027: built for 2027 at 3 each, 10 + 6 + 8 = 24. Adopted in any year 24 as well, but then none would stand in the last."""
    x = candidate(roofs(years=YEARS), "a", price=3.0, max_size=6.0, life=1)
    x = replace(works(x, "a", flexible=True, power=1), required={"a": 2.0})
    solution = plan(x)
    assert solution.cost == approx(24)
    assert solution.value("capacity.size")["a", 2027] == approx(2)
