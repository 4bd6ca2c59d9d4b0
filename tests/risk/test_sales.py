"""What a good is sold for follows what it is bought for."""

from pytest import approx

from planner import case, run
from planner.risk.sales import following


def test_a_sale_follows_a_purchase_that_becomes_cheaper() -> None:
    """Proves: the works buys breeze at 1,100 CNY/t and sells at 950, both rising alike. Bought at 1,000 nothing follows; bought at 770 it is sold at 770, where
    the case alone is refused as free money. Far scrap at 70 %: its first 2,500 are 1,750, so what is sold at 1,900 is sold at that.
    """
    steel = case.read("steel")
    assert following(steel, ()) == ()
    cheaper = (("market_values.breeze_bought.price", "1000"),)
    assert following(steel, cheaper) == cheaper
    changed = (("market_values.breeze_bought.price", "770"), ("market_values.scrap_far.price.1.value", "1750"))
    followed = dict(following(steel, changed)[2:])
    assert {k: float(v) for k, v in followed.items()} == {
        "market_values.breeze_sale.price.value": approx(770, rel=1e-5), "market_values.scrap_sale.price.value": approx(1750, rel=1e-5),
    }  # fmt: skip
    assert run.prepare("steel", following(steel, changed))
