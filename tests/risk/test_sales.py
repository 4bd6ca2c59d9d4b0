"""What a good is sold for follows what it is bought for."""

from pathlib import Path

import pytest
from pytest import approx
from small import SmallPlans, folder, here

from models.futures import Risk
from planner import case, run
from planner.risk import common
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


@pytest.mark.parametrize("price", ["0", "-50"])
def test_what_is_given_away_or_paid_for_to_be_rid_of_stays_so(price: str) -> None:
    """Proves: a good sold for nothing, or for less, is below any purchase; a share of such a price would divide by nothing or turn its sign."""
    changed = (("market_values.breeze_bought.price", "770"), ("market_values.breeze_sale.price", price))
    assert following(case.read("steel"), changed) == changed


def test_the_plan_for_all_futures_follows_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: fuel is bought at 10 CNY/GJ and sold at 9. A future that buys it at 8 sells it at 8, and 100,000 MWh at 4 GJ cost 3.2 MCNY in it and 4 in the
    other; where the sale stayed, that future would be refused as free money, and no plan for both be made.
    """

    here(monkeypatch)
    made = folder(tmp_path)
    for name, row in (("markets", "out,fuel,sell,supply,Fuel sold,燃料外销"), ("market_values", "out,price,9,CNY/GJ,2026,own_estimate,secondary")):
        with (made / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    plans = SmallPlans(tmp_path, ("caps.total.share", "9"))
    found = common.plan(plans, [(0.5, ()), (0.5, (("market_values.fuel.price", "8"),))], Risk(), 2026, 0.0)
    assert [s.cost for s in found.solutions] == approx([4.0, 3.2], rel=1e-5)
