"""Sales 销售价: what a good is sold for stays at or below what it is bought for, however its purchase moves.

A range lowers the price of a purchase alone; sold dearer than that, the good would be free money, and the case is refused.
Nobody would pay it, so the sale follows.
"""

from planner import case as cases
from planner import plant
from planner.case import Case
from planner.check_trade import marginal, pairs
from planner.desk.levers import name_of
from planner.errors import CaseError
from planner.studies.point import Changes

BELOW = 1 - 1e-6  # of the purchase's price: a number written down is rounded


def following(case: Case, changes: Changes) -> Changes:
    """The changes of ``case``, with lower prices of sales where a purchase would be cheaper; as they are where they make no case."""
    try:
        changed = cases.read(case.folder, (*case.changes, *changes))
        resolved = plant.resolve(changed)
    except CaseError:  # whoever plans it says what is wrong
        return changes
    share: dict[str, float] = {}
    for sale, purchase in pairs(resolved):
        paid = ((marginal(purchase, y, min), marginal(sale, y, max)) for y in resolved.horizon.years)
        share[sale.name] = min(share.get(sale.name, 1.0), *(bought / sold for bought, sold in paid if sold > 0), 1.0)
    rows = [r for r in changed.tables["market_values"] if r["parameter"] == "price" and r["value"] and share.get(r["market"], 1.0) < 1.0]
    return (*changes, *((name_of("market_values", r), format(r["value"] * share[r["market"]] * BELOW, ".9g")) for r in rows))
