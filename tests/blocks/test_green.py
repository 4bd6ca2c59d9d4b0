"""Green power: what a direct line's plants make goes into the load, a store, the grid or nowhere, in shares that are ruled."""

from dataclasses import replace

from pytest import approx
from tiny import candidate, existing, factory, plan, trade, works

Y, Z = 2026, 2027
RULES = {"self_use": 0.0, "load_share": 0.0, "export": 1.0}


def line(load, sun, *, grid=10.0, export=None, price=1.0, largest=100.0, store=0.0, years=(Y,), rules=None, **numbers):
    """A use by step, a sunny plant over a direct line that may be built at ``price`` per size, a grid, a sale and a store."""
    rule = RULES | (rules or {})
    x = factory(
        steps=len(sun), years=years, step_carriers=("power",), load={("power", y, f"s{n}"): v for y in years for n, v in enumerate(load)}, **numbers
    )
    x = candidate(works(x, "pv", flexible=True, power=1), "pv", price=price, max_size=largest)
    x = replace(x, availability={("pv", s): v for s, v in zip(x.steps, sun, strict=True)})
    x = trade(x, "grid", "power", grid)
    if export is not None:
        x = trade(x, "export", "power", export, sells=True)
    if store:
        x = existing(x, "battery", store, stores={"battery": "power"}, store_hours={"battery": 1.0})
    return replace(
        x, green={"line": ("power", ("pv",))}, could_make={("line", "pv"): sum(x.duration[s] * v for s, v in zip(x.steps, sun, strict=True))}, self_use_min={"line": rule["self_use"]}, load_share_min={("line", y): rule["load_share"] for y in years},
        export_max={"line": rule["export"]}, most_used={("line", y): 1e3 for y in years},
    )  # fmt: skip


def test_without_binding_rules_the_line_is_as_large_as_pays():
    """Proves: a size of 4 saves 4 x 10 in the sun and costs 4: 4 + 40 in the dark = 44. Without the line 80."""
    assert plan(line([4.0, 4.0], [1.0, 0.0])).cost == approx(44)


def test_most_of_what_could_be_made_is_used():
    """Proves: the second hour uses 1 only; a size of 4 could make 8 and uses 5, 62.5 %. At least 80 %: size K makes 2 K, min(K, 4) + 1 >= 1.6 K: K = 1.667.

    1.667 + (2.333 + 0) x 10 = 25. Shares of what is made rather than of what could be: curtail 3 and keep a size of 4, cost 4.
    """
    x = line([4.0, 1.0], [1.0, 1.0], rules={"self_use": 0.8})
    assert plan(x).cost == approx(5 / 3 + 70 / 3)


def test_a_line_that_runs_carries_its_share_of_the_load_or_is_not_built():
    """Proves: of 8 used 30 % are 2.4; at most 2 can be built: no line, 80. A rule that binds without a line has no plan; without the rule 2 + 20 + 40 = 62."""
    assert plan(line([4.0, 4.0], [1.0, 0.0], largest=2.0, rules={"load_share": 0.3})).cost == approx(80)
    assert plan(line([4.0, 4.0], [1.0, 0.0], largest=3.0, rules={"load_share": 0.3})).cost == approx(3 + 10 + 40)


def test_a_line_is_built_larger_than_pays_or_not_at_all():
    """Proves: power at 1 and sun at 0.9 in a dark year: K gives 0.5 K. 30 % of 8 need K = 4.8 at 0.9: 4.32 + 5.6 = 9.92 > 8: not built. At 0.4: 1.92 + 5.6 = 7.52."""
    assert plan(line([4.0, 4.0], [0.5, 0.0], grid=1.0, price=0.9, rules={"load_share": 0.3})).cost == approx(8)
    assert plan(line([4.0, 4.0], [0.5, 0.0], grid=1.0, price=0.49, largest=4.8, rules={"load_share": 0.3})).cost == approx(4.8 * 0.49 + 5.6)


def test_the_load_share_rises_with_the_years():
    """Proves: 2.4 of 8 are enough in the first year, the second asks for 35 %, 2.8. With at most 2.6 the line stands a year too long: no line, 160."""
    x = line([4.0, 4.0], [1.0, 0.0], largest=2.6, years=(Y, Z), rules={"load_share": 0.3})
    assert plan(x).cost == approx(2.6 + 2 * (14 + 40))
    assert plan(replace(x, load_share_min={("line", Y): 0.3, ("line", Z): 0.35})).cost == approx(160)


def test_little_is_sold_of_what_could_be_made():
    """Proves: 5 are used, the rest could be sold at 3. At most 20 % of 10 K' ... K made, 0.2 K sold: K - 0.2 K <= 5 or the rest is left: sun at 1 earns 0.6 a size.

    At most 50 are built: 10 sold, 5 used: 50 - 30 = 20 > building 6.25: 6.25 - 3.75 = 2.5. Without the rule 50 - 135 = -85.
    """
    x = line([5.0], [1.0], export=3.0, largest=50.0, rules={"export": 0.2})
    assert plan(x).cost == approx(6.25 - 1.25 * 3)


def test_exports_of_another_roof_are_not_the_lines():
    """Proves: an own roof of 10 sells 10 at 3 while the line carries the use of 5: 5 - 30 = -25. Counted as the line's, 10 > 20 % of 5: less could be sold."""
    x = line([5.0], [1.0], export=3.0, largest=5.0, rules={"export": 0.0})
    x = existing(works(x, "roof", flexible=True, power=1), "roof", 10.0)
    assert plan(x).cost == approx(5 - 30)


def test_what_is_charged_is_no_self_use():
    """Proves: no load in the sun, 4 in the dark, a store between. All is charged, nothing used at once: with 60 % self-use nothing is built, 40.

    A count that follows the power through the store: 4 built, 4.
    """
    x = line([0.0, 4.0], [1.0, 0.0], store=10.0, rules={"self_use": 0.6})
    assert plan(x).cost == approx(40)
    found = plan(line([0.0, 4.0], [1.0, 0.0], store=10.0))
    assert found.cost == approx(4)
    assert found.value("green.used")["line", Y, "s0"] == approx(0)


def test_a_store_cannot_pass_its_charge_off_as_load():
    """Proves: 1 used and 3 charged in the sun: 1 of 4 is used at once. 60 % allow a size of 1 / 0.6 = 1.667 of which 0.667 is charged: 1.667 + 33.33 = 35.

    Charging counted as load: 4 built, 4.
    """
    assert plan(line([1.0, 4.0], [1.0, 0.0], store=10.0, rules={"self_use": 0.6})).cost == approx(5 / 3 + (4 - 2 / 3) * 10)


def test_shares_count_weighted_hours():
    """Proves: the sunny hour stands for three thousand hours of 4, the dark for one: 3 K of 16 used is 30 % at K = 1.6. Unweighted 2.4 of 8 at K = 2.4 has no plan with 1.7."""
    x = line([4.0, 4.0], [1.0, 0.0], largest=1.7, rules={"load_share": 0.3}, duration={"s0": 3.0, "s1": 1.0})
    assert plan(x).cost == approx(1.7 + (16 - 5.1) * 10)


def test_own_power_counts_as_use_and_sold_power_does_not():
    """Proves: a roof of 4 and a grid of 4 make a use of 8, 2 of the roof are sold: 6 used, 30 % are 1.8. Without the roof's power 1.2, without the sale 2.4."""
    x = line([4.0, 2.0], [1.0, 0.0], export=0.5, largest=1.8, price=0.1, rules={"load_share": 0.3})
    x = existing(works(x, "roof", flexible=True, power=1), "roof", 4.0, availability=dict(x.availability) | {("roof", "s0"): 0.0})
    found = plan(x)
    assert found.value("green.used")["line", Y, "s0"] == approx(1.8)
    assert found.value("green.running")["line", Y] == approx(1)
    assert plan(replace(x, max_size=dict(x.max_size) | {"pv": 1.7})).value("green.running")["line", Y] == approx(0)
