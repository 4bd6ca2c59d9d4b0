"""Market: limits, steps of price, what is pledged, the connection, and one way at a time."""

from dataclasses import replace

from pytest import approx
from tiny import existing, factory, plan, trade, works

Y = 2026


def use(*load, **numbers):
    return factory(steps=len(load), step_carriers=("power",), load={("power", Y, f"s{n}"): v for n, v in enumerate(load)}, **numbers)


def scrap(demand):
    return factory(year_carriers=("scrap",), demand={("scrap", Y): demand})


def test_a_market_has_a_yearly_limit():
    """Proves: what the market does not have cannot be bought: there is no plan for 31 of 30. Without the limit 31."""
    assert plan(trade(scrap(30.0), "near", "scrap", 1.0, limit=30.0)).cost == approx(30)
    assert plan(trade(scrap(31.0), "near", "scrap", 1.0, limit=30.0)).status == "infeasible"


def test_scarce_supply_rises_in_steps():
    """Proves: 30 at 1, the rest at 2: 30 + 140 = 170. At the first price alone 100, at the last 200, at the mean 150."""
    x = trade(trade(scrap(100.0), "near", "scrap", 1.0, limit=30.0), "far", "scrap", 2.0)
    assert plan(x).cost == approx(170)


def test_a_yearly_limit_counts_weighted_steps():
    """Proves: a use of 2 stands for 3 + 1 thousand hours, 8 in all; 6 at 1 and 2 at 10: 26. Counted by step (4 of 6) 8."""
    x = use(2.0, 2.0, duration={"s0": 3.0, "s1": 1.0})
    assert plan(trade(trade(x, "green", "power", 1.0, limit=6.0), "grid", "power", 10.0)).cost == approx(26)


def test_the_connection_limits_every_step():
    """Proves: 6 pass the fence, 3 come from the diesel at 10: 5 + 6 + 30 = 41. Without the connection 14; limited over the year 14."""
    x = trade(use(5.0, 9.0), "grid", "power", 1.0, fence={"purchases": ("grid",)}, connection={("purchases", s): 6.0 for s in ("s0", "s1")})
    assert plan(trade(x, "diesel", "power", 10.0)).cost == approx(41)


def test_an_island_buys_nothing():
    """Proves: in the hour without the connection all 9 come from the diesel at 10: 5 + 90 = 95. With the connection of the other hour 5 + 6 + 30."""
    x = trade(use(5.0, 9.0), "grid", "power", 1.0, fence={"purchases": ("grid",)}, connection={("purchases", "s0"): 6.0, ("purchases", "s1"): 0.0})
    assert plan(trade(x, "diesel", "power", 10.0)).cost == approx(95)


def test_all_purchases_share_the_connection():
    """Proves: 8 of green power and the grid's pass one connection of 6; of 5 and 9 used 3 come from the diesel: 5 + 6 + 30 = 41. A connection each 14."""
    x = trade(trade(use(5.0, 9.0), "green", "power", 1.0, limit=8.0), "grid", "power", 1.0)
    x = replace(x, fence={"purchases": ("green", "grid")}, connection={("purchases", s): 6.0 for s in ("s0", "s1")})
    assert plan(trade(x, "diesel", "power", 10.0)).cost == approx(41)


def sunny(**numbers):
    x = existing(works(use(4.0), "pv", flexible=True, power=1), "pv", 10.0)
    return trade(trade(x, "grid", "power", 1.0), "export", "power", 0.3, sells=True, **numbers)


def test_what_is_not_used_is_sold():
    """Proves: 10 made, 4 used, 6 sold at 0.3: -1.8. Without sales 0, all sold and bought back +1."""
    assert plan(sunny()).cost == approx(-1.8)


def test_sales_have_their_limits():
    """Proves: 2 may be sold in a year, or 1 an hour: -0.6 and -0.3; the rest of the sun is left. Unlimited -1.8."""
    assert plan(sunny(limit=2.0)).cost == approx(-0.6)
    assert plan(sunny(fence={"sales": ("export",)}, connection={("sales", "s0"): 1.0})).cost == approx(-0.3)


def test_a_negative_price_is_a_price():
    """Proves: power at -1 is bought where it can be used, 4 x -1 = -4, and no more than can be used (nothing wastes it). Ignored 0."""
    assert plan(trade(use(4.0), "grid", "power", -1.0)).cost == approx(-4)


def tiers(x, market, *steps):
    """Give ``market`` a price in steps: (price, width) each, None for a step without end."""
    names = [f"t{n}" for n in range(len(steps))]
    return replace(
        x,
        price={q: v for q, v in x.price.items() if q[0] != market},
        tier_price={(market, j, y): p for j, (p, _) in zip(names, steps, strict=True) for y in x.years},
        tier_width={(market, j, y): w for j, (_, w) in zip(names, steps, strict=True) for y in x.years if w is not None},
    )


def test_one_market_rises_in_steps_of_its_amount():
    """Proves: of 100 the first 30 cost 1, the next 50 cost 2, the last 20 cost 4: 30 + 100 + 80 = 210. All at the last price 400, at the first 100."""
    x = tiers(trade(scrap(100.0), "yard", "scrap", 0.0), "yard", (1.0, 30.0), (2.0, 50.0), (4.0, None))
    assert plan(x).cost == approx(210)


def test_steps_of_price_start_anew_every_year():
    """Proves: 40 in each of two years are 30 x 1 + 10 x 2 each: 100. One curve over both years: 30 + 50 x 2 = 130."""
    x = factory(years=(2026, 2027), year_carriers=("scrap",), demand={("scrap", 2026): 40.0, ("scrap", 2027): 40.0})
    assert plan(tiers(trade(x, "yard", "scrap", 0.0), "yard", (1.0, 30.0), (2.0, None))).cost == approx(100)


def test_the_last_step_of_price_may_end():
    """Proves: 30 + 50 is all there is: 81 has no plan. Where only the first step ends, 30 + 51 x 2 = 132."""
    x = tiers(trade(scrap(81.0), "yard", "scrap", 0.0), "yard", (1.0, 30.0), (2.0, 50.0))
    assert plan(x).status == "infeasible"


def test_a_sale_falls_in_steps():
    """Proves: 10 must go; 4 are sold at 3, the rest at 1: -(12 + 6) = -18. All at the first price -30, at the last -10."""
    x = factory(year_carriers=("slag",), demand={("slag", Y): -10.0})
    assert plan(tiers(trade(x, "kiln", "slag", 0.0, sells=True), "kiln", (3.0, 4.0), (1.0, None))).cost == approx(-18)


def test_steps_of_the_amount_come_on_top_of_the_price_of_the_hour():
    """Proves: 2 at 1 and 2 at 5 by the hour, the first 3 of the year free of a surcharge of 10: 2 + 10 + 10 = 22. Without the steps 12."""
    x = trade(use(2.0, 2.0), "grid", "power", [1.0, 5.0])
    assert plan(tiers(x, "grid", (0.0, 3.0), (10.0, None))).cost == approx(22)


def test_take_or_pay_is_paid():
    """Proves: 40 pledged at 2, 25 needed: 80 paid. Without the pledge 50. Pledged beyond what is cheaper elsewhere, it is used up: see below."""
    x = replace(trade(scrap(25.0), "gas", "scrap", 2.0), take={("gas", Y): 40.0}, take_price={("gas", Y): 2.0})
    assert plan(x).cost == approx(80)
    assert plan(x).value("market.missed")["gas", Y] == approx(15)


def test_what_is_paid_anyway_is_taken_first():
    """Proves: 40 pledged at 2, 60 needed, elsewhere at 1: 80 + 20 = 100. Who forgets the pledge buys all elsewhere, 60; who sees it as a price 80 + 40."""
    x = replace(trade(trade(scrap(60.0), "gas", "scrap", 2.0), "spot", "scrap", 1.0), take={("gas", Y): 40.0}, take_price={("gas", Y): 2.0})
    assert plan(x).cost == approx(100)


def dear_sale(load, sun, *, buy=1.0, sell=3.0, **numbers):
    """A roof, a use, and a sale that pays more than power costs."""
    x = existing(works(use(*load), "pv", flexible=True, power=1), "pv", 10.0, availability={("pv", f"s{n}"): v for n, v in enumerate(sun)})
    x = trade(trade(x, "grid", "power", buy), "export", "power", sell, sells=True)
    steps = [("power", Y, s) for s in x.steps]
    return replace(x, one_way=tuple(steps), most_bought=dict.fromkeys(steps, 20.0), most_sold=dict.fromkeys(steps, 10.0), **numbers)


def test_buying_and_selling_at_once_never_pays():
    """Proves: of 10 made 6 stay, 4 are sold at 3: -12. Both at once: all 10 sold, 6 bought at 1: 6 - 30 = -24, or more if the grid's own power is sold."""
    assert plan(dear_sale([6.0], [1.0])).cost == approx(-12)


def test_a_step_that_buys_sells_nothing():
    """Proves: at night 6 are bought and nothing sold: 6; at noon -12: together -6. Power passed through the fence at night: another -2 x 10."""
    x = dear_sale([6.0, 6.0], [0.0, 1.0])
    found = plan(x)
    assert found.cost == approx(-6)
    flow = found.value("market.flow")
    assert all(min(flow["grid", Y, s], flow["export", Y, s]) == approx(0) for s in x.steps)


def test_where_a_sale_does_not_pay_no_binary_is_needed():
    """Proves: below the purchase price the same answer comes without the rule: 10 made, 6 used, 4 sold at 0.3: -1.2."""
    x = replace(dear_sale([6.0], [1.0], sell=0.3), one_way=(), most_bought={}, most_sold={})
    assert plan(x).cost == approx(-1.2)


def test_what_cannot_be_sold_is_curtailed():
    """Proves: 10 made, 4 used, 1 may be sold: 5 are left in the sun, 0.3 earned. A balance that must sell has no plan; unlimited -1.8."""
    x = sunny(fence={"sales": ("export",)}, connection={("sales", "s0"): 1.0})
    found = plan(x)
    assert found.cost == approx(-0.3)
    assert found.value("converter.output")["pv", Y, "s0"] == approx(5)


def test_hydrogen_is_bought_and_sold_in_steps():
    """Proves: 3 are needed by night, 5 made by noon; bought at 20, sold at 12: 60 - 60 = 0. Netted over the day (2 sold): -24."""
    x = factory(steps=2, step_carriers=("hydrogen",), load={("hydrogen", Y, "s0"): 3.0})
    x = existing(works(x, "electrolyser", flexible=True, hydrogen=1), "electrolyser", 5.0, availability={("electrolyser", "s0"): 0.0})
    x = trade(trade(x, "pipe", "hydrogen", 20.0), "filling", "hydrogen", 12.0, sells=True)
    assert plan(x).cost == approx(0)


def test_steam_is_sold_from_waste_heat_and_bought_beyond_it():
    """Proves: waste heat gives 4 in every step; uses of 2 and 7: 2 sold at 1, 3 bought at 5: 13. Netted over the day: 1 bought, 5."""
    x = factory(steps=2, step_carriers=("steam",), load={("steam", Y, "s0"): 2.0, ("steam", Y, "s1"): 7.0})
    x = existing(works(x, "boiler", flexible=True, steam=1), "boiler", 4.0)
    assert plan(trade(trade(x, "network", "steam", 5.0), "neighbour", "steam", 1.0, sells=True)).cost == approx(13)


def test_what_was_promised_is_traded_at_any_price():
    """Proves: 3 of 10 must be sold though each loses 1: the mill makes 3, cost 3. Without the least amount nothing is made; with a profit of 1 all 10 are, -10."""
    for price, cost in ((1.0, 3.0), (3.0, -10.0)):
        x = existing(works(factory(year_carriers=("iron",)), "mill", iron=1, cost=2.0), "mill", 10.0)
        x = trade(x, "iron sale", "iron", price, sells=True, market_least={("iron sale", 2026): 3.0})
        assert plan(x).cost == approx(cost)
        assert plan(x).value("market.amount")["iron sale", 2026] == approx(3.0 if price < 2 else 10.0)
