"""Season: what one day leaves another may use, once a day and never by weight."""

from dataclasses import replace

from pytest import approx
from test_store import warehouse
from tiny import plan


def year(load, price, order, *, size=1e3, **numbers):
    """Two typical days of two steps each, A and B, in the given order of the year's days; a day's steps weigh what it stands for."""
    x = warehouse(load, price, size=size, **numbers)
    day_of = dict(zip(x.steps, "AABB", strict=True))
    weight = {s: float(order.count(day_of[s])) for s in x.steps}
    previous = {"s0": "s1", "s1": "s0", "s2": "s3", "s3": "s2"}
    return replace(x, seasonal=("battery",), day_order=tuple(order), day_of=day_of, duration=weight, previous=previous)


def test_what_a_day_leaves_the_next_may_use():
    """Proves: A is cheap and B dear, by turns: 10 are bought on A for B, 2 x 10 x 1 = 20. Stores that end every day as they began pay 2,000."""
    x = year([0, 0, 0, 10], [1, 1, 100, 100], "ABAB")
    assert plan(x).cost == approx(20)
    assert plan(replace(x, seasonal=())).cost == approx(2000)


def test_energy_is_passed_on_once_a_day_and_not_by_weight():
    """Proves: one cheap day A fills for nine days B of 10 each: 90 are bought, on one day, at 1: 90.

    A chain of typical days would buy 10 on A and use them nine times: 10. By weights on A alone nothing would be needed on the other days.
    """
    x = year([0, 0, 0, 10], [1, 1, 100, 100], "ABBBBBBBBB")
    done = plan(x)
    assert done.cost == approx(90)
    begin = done.value("season.begin")
    assert begin["battery", 2026, 2] - begin["battery", 2026, 1] == approx(90)  # when the first B begins, and when A does


def test_the_store_holds_what_its_largest_day_asks_for():
    """Proves: a store of 40 lasts for four of the nine days; what a typical day takes, every day of it takes alike: 40 / 9 a day.

    40 x 1 + (90 - 40) x 100 = 5,040. A store whose days had no order would need to hold no more than 10.
    """
    assert plan(year([0, 0, 0, 10], [1, 1, 100, 100], "ABBBBBBBBB", size=40)).cost == approx(5040)


def test_the_order_of_days_decides_what_a_store_must_hold():
    """Proves: in turns a store of 10 does, 5 x 10 = 50; five days A and then five days B need 50, of 10 it gives each B 2: 10 + 40 x 100."""
    load, price = [0, 0, 0, 10], [1, 1, 100, 100]
    assert plan(year(load, price, "ABABABABAB", size=10)).cost == approx(50)
    assert plan(year(load, price, "AAAAABBBBB", size=10)).cost == approx(4010)
    assert plan(year(load, price, "AAAAABBBBB", size=50)).cost == approx(50)


def test_a_level_loses_every_hour_of_the_year():
    """Proves: kept over a whole day of two hours at 10 % an hour: bought in A's last hour, used in B's last: 10 / 0.9 / 0.9.

    The swing of B needs 10 from what B began with, after two hours: 10 / 0.81 = 12.346 a pair of days. Without loss 10.
    """
    x = year([0, 0, 0, 10], [1000, 1, 1000, 1000], "AB", standing_loss=0.1)
    assert plan(x).cost == approx(10 / 0.81)


def test_the_year_ends_as_it_began():
    """Proves: B first, then A: what B uses was left by the year's last day, bought there: 10. A store that began full would be free."""
    x = year([0, 0, 0, 10], [1, 1, 100, 100], "BA")
    assert plan(x).cost == approx(10)


def test_within_a_day_it_is_a_store_like_any_other():
    """Proves: one typical day alone: 72 at 0.9 in and 0.8 out cost 100, as in a store cyclic by day. Free of efficiency 72."""
    x = warehouse([0, 72], [1, 1000], charge_efficiency=0.9, discharge_efficiency=0.8)
    x = replace(x, seasonal=("battery",), day_order=("A",), day_of=dict.fromkeys(x.steps, "A"))
    assert plan(x).cost == approx(100)
