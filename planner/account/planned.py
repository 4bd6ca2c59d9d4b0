"""Planned 规划活动: what a plan does, as activity data, from the plant and the plan's tables alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.account.activity import Activity
from planner.account.ledger import Account, account
from planner.plant import THOUSAND, Asset, Plant

if TYPE_CHECKING:  # whoever only reads results need not load the model
    from models.solution import Solution
    from planner.year import Year

NOTHING = 1e-9  # thousands of the unit: what a solver leaves of nothing


@dataclass(frozen=True)
class Done:
    """What is done in every year, thousands of the unit: activity of converters (asset, year), of measures on hosts (measure,
    host, year), what they save (measure, host, carrier, year), what is traded (market, year); of the power that the site makes
    without fossil fuel, what is exported and what is kept in stores (year)."""

    converted: Mapping[tuple[str, int], float]
    covered: Mapping[tuple[str, str, int], float]
    saved: Mapping[tuple[str, str, str, int], float]
    traded: Mapping[tuple[str, int], float]
    exported: Mapping[int, float] = field(default_factory=dict)
    kept: Mapping[int, float] = field(default_factory=dict)


def account_of(plant: Plant, year: "Year", plan: "Solution") -> Account:
    """The account of a plan."""
    return account(plant, activities(plant, done(plant, year, plan)))


def activities(plant: Plant, d: Done) -> list[Activity]:
    """A plan's activity data: every flow that carries carbon, everything that crosses the fence, the power made without fossil fuel."""
    found: list[Activity] = []

    def note(year: int, process: str, quantity: str, carrier: str, amount: float, **more: int) -> None:
        if abs(amount) > NOTHING:
            found.append(Activity(year, process, quantity, carrier, amount * THOUSAND, **more))  # type: ignore[arg-type]

    def flows(process: str, year: int, ratio: Mapping[str, float], amount: float) -> None:
        for c, r in ratio.items():
            if c in plant.carbon or c in plant.carbon_biogenic:
                note(year, process, "made" if r > 0 else "used", c, abs(r) * amount)

    green = {a.name for a in plant.assets.values() if without_fossil(plant, a)}
    for (a, y), amount in d.converted.items():
        ratio = plant.assets[a].ratio
        flows(a, y, ratio, amount)
        power = ratio.get("electricity", 0.0)
        if power > 0:
            note(y, a, "generated" if a in green else "made", "electricity", power * amount)
    for (m, _, y), amount in d.covered.items():
        flows(m, y, plant.assets[m].ratio, amount)
        power = plant.assets[m].ratio.get("electricity", 0.0)
        note(y, m, "made", "electricity", power * amount if power > 0 else 0.0)
    for (m, _, c, y), amount in d.saved.items():
        if c in plant.carbon or c in plant.carbon_biogenic:
            note(y, m, "made", c, amount)
    for (k, y), amount in d.traded.items():
        market = plant.markets[k]
        if market.role == "certificate":
            note(y, k, "certificate", "electricity", amount, vintage=y)
        else:
            note(y, k, "bought" if market.buys else "sold", market.carrier, amount)
        if market.role == "green_power":  # it comes with its proof
            note(y, k, "traded", market.carrier, amount, vintage=y)
    for quantity, amounts in (("exported", d.exported), ("kept", d.kept)):
        for y, amount in amounts.items():
            note(y, "site", quantity, "electricity", amount)
    for (c, y), amount in plant.demand.items():
        note(y, "demand", "delivered", c, amount)
    return found


def without_fossil(plant: Plant, asset: Asset) -> bool:
    """Whether a converter makes power of nothing that carries fossil carbon: sun, wind, or biogenic fuel alone."""
    fuels = [c for c, r in asset.ratio.items() if r < 0 and c != "electricity"]
    makes = asset.kind == "converter" and asset.ratio.get("electricity", 0.0) > 0
    return makes and all(plant.carbon_biogenic.get(c, 0.0) > 0 and not plant.carbon.get(c) for c in fuels)


def done(plant: Plant, year: "Year", plan: "Solution") -> Done:
    """What ``plan`` does, summed over the steps of each year.

    Stores do not tell where their power comes from. Of each step's own non-fossil power, what charges them and what is exported
    is taken away first, so that what is called physical was certainly used as it was made.
    """
    kilohours = dict(zip(year.days.steps, year.days.hours * year.days.weight / THOUSAND, strict=True))
    converted = {(str(a), int(y)): v for (a, y), v in plan.value("converter.activity").items()}
    made: dict[tuple[int, str], float] = {}
    green = {a.name: a.ratio["electricity"] for a in plant.assets.values() if without_fossil(plant, a)}
    for (a, y, s), v in plan.value("converter.output").items():
        converted[a, y] = converted.get((a, y), 0.0) + v * kilohours[s]
        if a in green:
            made[y, s] = made.get((y, s), 0.0) + v * green[a]
    charged, sold = _charged(plant, plan), _sold(plant, plan)
    kept: dict[int, float] = {}
    exported: dict[int, float] = {}
    for (y, s), v in made.items():
        stored = min(charged.get((y, s), 0.0), v)
        kept[y] = kept.get(y, 0.0) + stored * kilohours[s]
        exported[y] = exported.get(y, 0.0) + min(sold.get((y, s), 0.0), v - stored) * kilohours[s]
    return Done(
        converted=converted, covered={(m, h, y): v for (m, h, y), v in plan.value("measure.activity").items()},
        saved={(m, h, c, y): v for (m, h, c, y), v in plan.value("measure.saved").items()},
        traded={(k, y): v for (k, y), v in plan.value("market.amount").items()}, exported=exported, kept=kept,
    )  # fmt: skip


def _charged(plant: Plant, plan: "Solution") -> dict[tuple[int, str], float]:
    """(year, step) -> power into stores of electricity, MW."""
    found: dict[tuple[int, str], float] = {}
    for (a, y, s), v in plan.value("store.charge").items():
        if "electricity" in plant.assets[a].ratio:
            found[y, s] = found.get((y, s), 0.0) + v
    return found


def _sold(plant: Plant, plan: "Solution") -> dict[tuple[int, str], float]:
    """(year, step) -> power sold, MW."""
    found: dict[tuple[int, str], float] = {}
    for (k, y, s), v in plan.value("market.flow").items():
        if plant.markets[k].carrier == "electricity" and not plant.markets[k].buys:
            found[y, s] = found.get((y, s), 0.0) + v
    return found
