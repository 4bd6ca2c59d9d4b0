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

    green = {a.name for a in plant.assets.values() if plant.without_fossil(a)}
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
        if market.carrier == plant.product and not market.buys:  # beside what must be delivered
            note(y, k, "delivered", market.carrier, amount)
        if market.role == "green_power":  # it comes with its proof
            note(y, k, "traded", market.carrier, amount, vintage=y)
    for quantity, amounts in (("exported", d.exported), ("kept", d.kept)):
        for y, amount in amounts.items():
            note(y, "site", quantity, "electricity", amount)
    for (c, y), amount in plant.demand.items():
        note(y, "demand", "delivered", c, amount)
    return found


def done(plant: Plant, year: "Year", plan: "Solution") -> Done:
    """What ``plan`` does, summed over the steps of each year.

    Stores do not tell where their power comes from. What charges them counts as drawn from the grid, so of each step's own
    non-fossil power what the load takes is physical, what is left charges stores, and what is left then is exported.
    """
    kilohours = dict(zip(year.days.steps, year.days.hours * year.days.weight / THOUSAND, strict=True))
    converted = {(str(a), int(y)): v for (a, y), v in plan.value("converter.activity").items()}
    made: dict[tuple[int, str], float] = {}
    green = {a.name: a.ratio["electricity"] for a in plant.assets.values() if plant.without_fossil(a)}
    for (a, y, s), v in plan.value("converter.output").items():
        converted[a, y] = converted.get((a, y), 0.0) + v * kilohours[s]
        if a in green:
            made[y, s] = made.get((y, s), 0.0) + v * green[a]
    for (a, y), v in plan.value("converter.activity").items():
        if a in green and plant.assets[a].operation == "flat":
            for s, shape in _shape(plant.assets[a], year, kilohours).items():
                made[y, s] = made.get((y, s), 0.0) + v * shape * green[a]
    charged, load = _charged(plant, plan), _load(plant, year, plan, kilohours) if made else {}
    kept: dict[int, float] = {}
    exported: dict[int, float] = {}
    for (y, s), v in made.items():
        left = v - min(v, max(load.get((y, s), 0.0), 0.0))
        stored = min(charged.get((y, s), 0.0), left)
        kept[y] = kept.get(y, 0.0) + stored * kilohours[s]
        exported[y] = exported.get(y, 0.0) + (left - stored) * kilohours[s]
    return Done(
        converted=converted, covered={(m, h, y): v for (m, h, y), v in plan.value("measure.activity").items()},
        saved={(m, h, c, y): v for (m, h, c, y), v in plan.value("measure.saved").items()},
        traded={(k, y): v for (k, y), v in plan.value("market.amount").items()}, exported=exported, kept=kept,
    )  # fmt: skip


def _shape(asset: Asset, year: "Year", kilohours: Mapping[str, float]) -> dict[str, float]:
    """Step -> hourly flow per thousand units a year of what runs flat, 1/kh."""
    known = asset.profile is not None and asset.profile != "flat"
    heights = {s: float(year.days.profiles[asset.profile][n]) if known and asset.profile else 1.0 for n, s in enumerate(kilohours)}
    total = sum(heights[s] * k for s, k in kilohours.items())
    return {s: v / total for s, v in heights.items()}


def _charged(plant: Plant, plan: "Solution") -> dict[tuple[int, str], float]:
    """(year, step) -> power into stores of electricity, MW."""
    found: dict[tuple[int, str], float] = {}
    for (a, y, s), v in plan.value("store.charge").items():
        if "electricity" in plant.assets[a].ratio:
            found[y, s] = found.get((y, s), 0.0) + v
    return found


def _load(plant: Plant, year: "Year", plan: "Solution", kilohours: Mapping[str, float]) -> dict[tuple[int, str], float]:
    """(year, step) -> power the site uses beside what it puts into stores, MW: made, bought and taken from stores, less sold and stored."""
    found: dict[tuple[int, str], float] = {}

    def note(y: int, s: str, v: float) -> None:
        found[y, s] = found.get((y, s), 0.0) + v

    power = {a.name: max(a.ratio.get("electricity", 0.0), 0.0) for a in plant.assets.values() if a.kind != "store"}
    for (a, y, s), v in plan.value("converter.output").items():
        note(y, s, power[a] * v)
    flat = [(a, y, a, v) for (a, y), v in plan.value("converter.activity").items()]
    flat += [(m, y, h, v) for (m, h, y), v in plan.value("measure.activity").items()]
    for a, y, host, v in flat:
        if power[a] * v and plant.assets[host].operation == "flat":
            for s, shape in _shape(plant.assets[host], year, kilohours).items():
                note(y, s, power[a] * v * shape)
    for (k, y, s), v in plan.value("market.flow").items():
        if plant.markets[k].carrier == "electricity":
            note(y, s, v if plant.markets[k].buys else -v)
    for table, sign in (("store.discharge", 1.0), ("store.charge", -1.0)):
        for (a, y, s), v in plan.value(table).items():
            if "electricity" in plant.assets[a].ratio:
                note(y, s, sign * v)
    return found
