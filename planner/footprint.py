"""Footprint 产品足迹: what a unit of the product emits at the site, and with what was emitted to make what the site buys.

From the account alone. Gate to gate is the enterprise's account over the delivered product; cradle to gate adds what bought goods
and intermediates emitted elsewhere, as far as there is a factor: each says how good it is, and what has none is named.
Everything goes to the product; nothing is shared out to by-products.
"""

from collections.abc import Mapping

import pandas as pd

UPSTREAM = ("intermediate", "goods")
NONE = "not quantified"
COLUMNS = ["year", "view", "part", "carrier", "t", "per_unit", "quality"]


def footprint(tables: Mapping[str, pd.DataFrame], product: str) -> pd.DataFrame:
    """t per unit of the product: one row a year, view and part - gate (all of the site), upstream (a carrier each), total; quality:
    how far the factors are to be trusted, of a total the worst that is in it."""
    lines, totals, delivered = tables["account"], tables["account_totals"], tables["delivered"]
    made = delivered[delivered["carrier"] == product].groupby("year")["amount"].sum()
    gate = totals[(totals["boundary"] == "enterprise") & (totals["role"] == "account")].set_index(["view", "year"])["t"]
    rows: list[tuple[object, ...]] = []
    for y in sorted(int(v) for v in lines["year"].unique()):
        amount = float(made.get(y, 0.0))
        here = lines[lines["year"] == y]
        for view in ("location", "market") if amount else ():
            own = here[here["view"].isin(["", view])]
            site = float(gate.get((view, y), 0.0))
            counted = own[(own["scope"].isin([1, 2])) & ~own["item"].isin(["biogenic", "removal"]) & (own["t"] != 0)]
            rows.append((y, view, "gate", "", site, site / amount, worst(counted)))
            bought = own[own["item"].isin(UPSTREAM) & (own["quantity"] == "bought")]
            for carrier, of in bought.groupby("carrier", sort=False):
                t = float(of["t"].sum())
                rows.append((y, view, "upstream", str(carrier), t, t / amount, worst(of)))
            whole = site + float(bought["t"].sum())
            rows.append((y, view, "total", "", whole, whole / amount, worst(pd.concat([counted, bought]))))
    return pd.DataFrame(rows, columns=COLUMNS)


def worst(lines: pd.DataFrame) -> str:
    """The least trusted factor among lines; what has none comes last of all."""
    if (lines["made_of"] == NONE).any():
        return NONE
    order = ("estimate", "derived", "secondary", "peer_reviewed", "official")
    return next((c for c in order if (lines["confidence"] == c).any()), "")
