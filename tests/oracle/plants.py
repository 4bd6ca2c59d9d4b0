"""Plants: small random factories for the oracle, each with features switched on at random, small enough to try every decision."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from oracle.days import APART, year_of
from oracle.factory import written
from oracle.programme import MOST
from planner.markets import Market
from planner.money import Horizon
from planner.plant import Asset, Plant
from planner.rules import Budget, Pace, least_adopted
from planner.standby import Island, Reserve
from planner.targets import Target
from planner.year import Year

FIRST = 2026
Feature = Callable[[Plant, Random], Plant]
NOTHING: dict[str, Any] = {
    "lever": "technology", "unit": "t/a", "activity_unit": "t", "per_site": False, "hosts": (), "replaces": None, "potential": None, "area": None,
    "profile": None, "size": 0.0, "in_service": None, "end_year": None, "may_retire": False, "max_size": 0.0, "module": None, "lead_years": 0,
    "lifetime": 20.0, "ratio": {}, "saving": {}, "uptake": 1.0, "availability": 1.0, "renewal_investment": None, "renewal_outage": 0, "renewal_begins": 0,
    "renewal_lifetime": 15.0, "area_per_size": 0.0, "charge_efficiency": 1.0, "discharge_efficiency": 1.0, "standing_loss": 0.0, "duration": 1.0,
    "estimated": False, "first_service": FIRST,
}  # fmt: skip


def small(seed: int) -> tuple[Plant, Year, tuple[str, ...]]:
    """A factory, its year, and the features it has; those that leave too many decisions to try are taken away again."""
    draw = Random(seed)
    years = tuple(range(FIRST, FIRST + draw.choice((1, 2, 3, 3))))
    features = [name for name in FEATURES if draw.random() < 0.45]
    while True:
        plant = _base(years, Random(seed))
        for name in features:
            plant = FEATURES[name](plant, Random(f"{seed} {name}"))
        year = year_of(Random(seed), bool(plant.standby.islands))
        if written(plant, year).decisions <= MOST:
            return plant, year, tuple(features)
        features.remove(draw.choice([name for name in features if name in WHOLE]))


def _number(draw: Random, low: float, high: float) -> float:
    return round(draw.uniform(low, high), 3)


def asset(plant: Plant, name: str, kind: str = "converter", operation: str = "flat", **given: Any) -> Plant:
    """The plant with one more asset; costs by year are one number or one a year."""
    years = plant.horizon.years
    costs = ("investment", "fixed_cost", "variable_cost", "project_investment")
    money = {
        k: v if isinstance(v := given.pop(k, 0.0), Mapping) else dict.fromkeys(years, v) if v or k != "project_investment" else {} for k in costs
    }
    status = "candidate" if given.get("max_size") else "operating"
    found = Asset(**NOTHING | {"name": name, "technology": name, "kind": kind, "operation": operation, "status": status} | money | given)
    return replace(plant, assets={**plant.assets, name: found})


def changed(plant: Plant, name: str, **given: Any) -> Plant:
    """The plant with something else about one asset; without it as it was."""
    return replace(plant, assets={**plant.assets, name: replace(plant.assets[name], **given)}) if name in plant.assets else plant


def market(plant: Plant, name: str, carrier: str, price: float, *, buys: bool = True, role: str = "supply", **given: Any) -> Plant:
    years = plant.horizon.years
    found = Market(name, carrier, buys, role, {} if role == "grid" else dict.fromkeys(years, price), given.pop("limit", {}), **given)
    return replace(plant, markets={**plant.markets, name: found})


def _base(years: tuple[int, ...], draw: Random) -> Plant:
    """A furnace on gas that makes iron, a boiler that makes heat, and everything to be bought, iron too."""
    horizon = Horizon(FIRST, years[-1], draw.choice((0.0, 0.05, 0.08)), draw.choice(("annuity", "straight_line")), draw.choice((0, 0, 2)))
    plant = Plant(
        name="small", horizon=horizon, decide_from=FIRST, assets={}, units={}, carbon={"gas": 0.2, "captured_co2": 1.0}, carbon_biogenic={},
        carriers={"gas": "year", "iron": "year", "steam": "step", "electricity": "step", "captured_co2": "year", "green": "none"}, embodied={"iron": 0.7},
        markets={}, demand={("iron", y): 100.0 for y in years} | {("steam", y): 40.0 for y in years} | {("electricity", y): 30.0 for y in years},
        demand_profile={"iron": None, "steam": "shift", "electricity": None}, areas={}, caps={}, cap_limit={}, carbon_price=0.0, connection=0.0,
        grid_factor={(view, y): f for view, f in (("location", 0.5), ("market", 0.6)) for y in years}, groups={"steam": "heat"},
    )  # fmt: skip
    plant = asset(
        plant, "furnace", size=100.0, in_service=2010, ratio={"gas": -2.0, "electricity": -0.3, "iron": 1.0}, fixed_cost=_number(draw, 0.1, 0.6),
        variable_cost=0.05, profile="shift",
    )  # fmt: skip
    plant = asset(plant, "boiler", operation="flexible", size=12.0, ratio={"gas": -1.1, "steam": 1.0})
    plant = market(market(plant, "grid", "electricity", 0.0, role="grid"), "gas", "gas", _number(draw, 0.2, 0.5))
    return market(plant, "bought iron", "iron", _number(draw, 1.5, 3.0))


# Features: old units ---------------------------------------------------------------------------------------------------------


def retires(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "furnace", may_retire=True)


def ends(plant: Plant, draw: Random) -> Plant:
    last = draw.choice(plant.horizon.years) - draw.choice((0, 1))
    given = {
        "renewal_investment": draw.choice((_number(draw, 0.2, 3.0), 20.0 if plant.assets["furnace"].may_retire else 0.5)),
        "renewal_lifetime": draw.choice((1.0, 15.0)),
    }
    given |= {"renewal_outage": draw.choice((0, 91, 91, 200, 500)), "renewal_begins": draw.choice((0, 150, 300))}
    return changed(plant, "furnace", end_year=last, **given)


def boiler_ends(plant: Plant, draw: Random) -> Plant:
    """A flexible unit that stands still on some days, while steam can be bought or pumped."""
    given = {"renewal_investment": 1.0, "renewal_outage": draw.choice((30, 120)), "renewal_begins": draw.choice((0, 250))}
    return changed(steam(plant, draw), "boiler", end_year=plant.horizon.years[0] - 1, **given)


def ages(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "furnace", ageing=0.03)


def whole_old(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "furnace", module=draw.choice((50.0, 100.0)))


def two_old(plant: Plant, draw: Random) -> Plant:
    """A second, smaller furnace that wastes more."""
    waste = {"gas": -2.5, "electricity": -0.3, "iron": 1.0}
    end = draw.choice((None, plant.horizon.years[0]))
    return asset(plant, "old furnace", size=30.0, may_retire=True, ratio=waste, fixed_cost=0.4, end_year=end)


# Features: new units ---------------------------------------------------------------------------------------------------------


def arc(plant: Plant, draw: Random) -> Plant:
    price = _number(draw, 0.5, 4.0)
    cost = {y: price * (1 - 0.06 * n) for n, y in enumerate(plant.horizon.years)}
    lead = draw.choice((0, 1, 2))
    return asset(
        plant, "arc", max_size=draw.choice((60.0, 120.0)), ratio={"electricity": -0.9, "iron": 1.0}, investment=cost, lead_years=lead, first_service=FIRST + lead,
        lifetime=draw.choice((1.0, 2.0, 20.0)), fixed_cost=0.05, availability=0.95,
    )  # fmt: skip


def in_its_place(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "arc", replaces="furnace")


def new_before_old(plant: Plant, draw: Random) -> Plant:
    for name in ("furnace", "old furnace") if "arc" in plant.assets else ():
        plant = changed(plant, name, replaced_by=("arc",), overlap_years=draw.choice((0, 1)))
    return plant


def whole_new(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "arc", module=60.0)


def least(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "arc", min_size=30.0)


def curve(plant: Plant, draw: Random) -> Plant:
    return changed(
        plant, "arc", min_size=0.0, curve=draw.choice((((20.0, 1.5), (60.0, 1.1), (150.0, 1.0)), ((20.0, 1.5), (60.0, 1.0), (150.0, 1.3))))
    )


def begun(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "arc", project_investment=dict.fromkeys(plant.horizon.years, _number(draw, 5, 40)))


def vintages(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "arc", vintage_cost={y: 0.02 * n - 0.01 for n, y in enumerate(plant.horizon.years)})


def latest(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "arc", latest_service=plant.horizon.years[(len(plant.horizon.years) - 1) // 2])


def sun(plant: Plant, draw: Random) -> Plant:
    plant = replace(plant, areas={"roof": 50.0})
    given = {"area": "roof", "area_per_size": 4.0, "lifetime": draw.choice((2.0, 20.0))}
    return asset(
        plant,
        "sun",
        operation="flexible",
        profile="pv",
        max_size=20.0,
        ratio={"electricity": 1.0},
        investment=_number(draw, 0.3, 3.0),
        fixed_cost=0.02,
        **given,
    )


def battery(plant: Plant, draw: Random) -> Plant:
    return asset(
        plant, "battery", kind="store", operation="flexible", max_size=30.0, ratio={"electricity": 1.0}, investment=_number(draw, 0.05, 0.6), duration=draw.choice((2.0, 40.0)),
        charge_efficiency=0.95, discharge_efficiency=0.9, standing_loss=0.001, variable_cost=0.002,
    )  # fmt: skip


def pump(plant: Plant, draw: Random) -> Plant:
    lead = draw.choice((0, 2))
    given = {"area": "roof", "area_per_size": 2.0} if plant.areas else {}
    given |= {"lead_years": lead, "first_service": FIRST + lead}
    return asset(
        plant, "pump", operation="flexible", max_size=8.0, ratio={"electricity": -0.35, "steam": 1.0}, investment=_number(draw, 0.2, 2.0), **given
    )


# Features: measures ----------------------------------------------------------------------------------------------------------


def saver(plant: Plant, draw: Random) -> Plant:
    return asset(
        plant, "saver", "measure", hosts=("furnace",), max_size=80.0, saving={"gas": 0.1}, investment=_number(draw, 0.02, 0.4), lead_years=1,
        first_service=FIRST + 1, uptake=0.9, lifetime=draw.choice((3.0, 20.0)),
    )  # fmt: skip


def saver_by_the_piece(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "saver", min_size=20.0, project_investment=dict.fromkeys(plant.horizon.years, 1.0))


def tuner(plant: Plant, draw: Random) -> Plant:
    hosts = tuple(h for h in ("furnace", "arc") if h in plant.assets)
    return asset(
        plant, "tuner", "measure", hosts=hosts, per_site=True, max_size=1.0, saving={"gas": 0.05, "electricity": 0.04}, uptake=0.8,
        investment=_number(draw, 0.5, 8.0), fixed_cost=0.1,
    )  # fmt: skip


def tuner_whole(plant: Plant, draw: Random) -> Plant:
    return changed(plant, "tuner", module=1.0)


def recovery(plant: Plant, draw: Random) -> Plant:
    """Two ways to use one exhaust: power, and the steam that the furnace needs, or more than that."""
    plant = changed(plant, "furnace", ratio={**plant.assets["furnace"].ratio, "steam": -0.2})
    for name, more in (("turbine", {"electricity": 0.1}), ("preheater", {"steam": draw.choice((0.1, 0.3))})):
        plant = asset(
            plant, name, "measure", hosts=("furnace",), max_size=100.0, potential="exhaust", ratio=more, investment=_number(draw, 0.02, 0.4)
        )
    return plant


def capture(plant: Plant, draw: Random) -> Plant:
    plant = market(plant, "well", "captured_co2", -_number(draw, 0.05, 0.3), buys=False, role="storage_sink")
    given = {"ratio": {"captured_co2": draw.choice((0.36, 0.44)), "electricity": -0.1, "steam": -0.1}, "variable_cost": 0.02}
    return asset(plant, "capture", "measure", hosts=("furnace",), max_size=100.0, investment=_number(draw, 0.1, 0.5), **given)


# Features: rules -------------------------------------------------------------------------------------------------------------


def _offered(plant: Plant) -> list[str]:
    return [a.name for a in plant.assets.values() if a.max_size > 0]


def excludes(plant: Plant, draw: Random) -> Plant:
    names = _offered(plant)
    if plant.assets["furnace"].renewal_investment is not None and plant.assets["furnace"].end_year in plant.horizon.years[:-1]:
        names = ["furnace", *names]
    if len(names) < 2:
        return plant
    members = tuple(draw.sample(names, min(len(names), draw.choice((2, 3)))))
    return replace(plant, rules=replace(plant.rules, at_most={"either": (members, 1)}))


def needs(plant: Plant, draw: Random) -> Plant:
    names = _offered(plant)
    if len(names) < 2:
        return plant
    one, other = draw.sample(names, 2)
    found = {(one, other): plant.assets[one].max_size / plant.assets[other].max_size}
    return replace(plant, rules=replace(plant.rules, needs=found))


def together(plant: Plant, draw: Random) -> Plant:
    found = {"shared": (("arc", "furnace"), 115.0)} if "arc" in plant.assets else {}
    return replace(plant, rules=replace(plant.rules, together=found))


def required(plant: Plant, draw: Random) -> Plant:
    name = draw.choice(_offered(plant) or [""])
    least = {name: least_adopted(plant.assets[name])} if name else {}
    return replace(plant, rules=replace(plant.rules, required=least))


def budgets(plant: Plant, draw: Random) -> Plant:
    years = plant.horizon.years
    counts = draw.choice(("yearly", "cumulative", "discounted"))
    level = {y: 1.02 ** (y - FIRST) if counts == "yearly" else 1.0 for y in years}
    limit = {y: _number(draw, 20, 300) for y in (years if counts == "yearly" else years[-1:])}
    return replace(plant, rules=replace(plant.rules, budgets=(Budget("purse", counts, limit, level),)))


def paces(plant: Plant, draw: Random) -> Plant:
    names = [n for n in ("sun", "arc", "saver") if n in plant.assets]
    found = [Pace(n, False, dict.fromkeys(plant.horizon.years, plant.assets[n].max_size * 0.4), draw.choice((0.0, 0.5))) for n in names]
    return replace(plant, rules=replace(plant.rules, paces=tuple(found)))


# Features: markets and account -----------------------------------------------------------------------------------------------


def limited(plant: Plant, draw: Random) -> Plant:
    iron = plant.markets["bought iron"]
    return replace(plant, markets={**plant.markets, "bought iron": replace(iron, limit=dict.fromkeys(plant.horizon.years, 60.0))})


def tiers(plant: Plant, draw: Random) -> Plant:
    years, gas = plant.horizon.years, plant.markets["gas"]
    steps = ((dict.fromkeys(years, 0.0), dict.fromkeys(years, 150.0)), (dict.fromkeys(years, 0.3), {}))
    return replace(plant, markets={**plant.markets, "gas": replace(gas, tiers=steps)})


def pledged(plant: Plant, draw: Random) -> Plant:
    years, gas = plant.horizon.years, plant.markets["gas"]
    return replace(plant, markets={**plant.markets, "gas": replace(gas, take=dict.fromkeys(years, 120.0), take_price=dict.fromkeys(years, 0.15))})


def sells(plant: Plant, draw: Random) -> Plant:
    return market(plant, "export", "electricity", draw.choice((0.1, 0.35)), buys=False)


def proofs(plant: Plant, draw: Random) -> Plant:
    plant = market(plant, "proofs", "green", _number(draw, 0.005, 0.05), role="certificate")
    return replace(plant, certificate_ceiling=draw.choice((1.0, 0.5)))


def green_power(plant: Plant, draw: Random) -> Plant:
    premium = dict.fromkeys(plant.horizon.years, 0.03)
    return market(plant, "green power", "electricity", 0.0, role="green_power", premium=premium, limit=dict.fromkeys(plant.horizon.years, 40.0))


def steam(plant: Plant, draw: Random) -> Plant:
    plant = replace(plant, embodied={**plant.embodied, "steam": 0.3})
    return market(plant, "steam", "steam", _number(draw, 0.2, 0.8))


# Features: backup ------------------------------------------------------------------------------------------------------------


def sheds(plant: Plant, draw: Random) -> Plant:
    cost = dict.fromkeys(plant.horizon.years, _number(draw, 0.2, 1.5))
    return changed(plant, "furnace", sheddable={"electricity": draw.choice((0.2, 0.5))}, shed_cost=cost)


def unserved(plant: Plant, draw: Random) -> Plant:
    share = {"electricity": 0.1, "steam": 0.2, "iron": draw.choice((0.05, 0.3))}
    price = {c: _number(draw, 0.3, 3.0) for c in share}
    return replace(plant, standby=replace(plant.standby, share=share, price={(c, y): price[c] for c in share for y in plant.horizon.years}))


def powered(plant: Plant, draw: Random) -> Plant:
    if "battery" not in plant.assets:
        return plant
    given = {"max_size": draw.choice((3.0, 20.0)), "investment": _number(draw, 0.02, 0.5), "lifetime": draw.choice((2.0, 20.0))}
    return asset(plant, "inverter", kind="power", operation="flexible", power_of="battery", **given)


def backup(plant: Plant, draw: Random) -> Plant:
    """Without the connection a part of the power is carried by engines, sun and a battery."""
    plant = asset(
        plant, "engine", operation="flexible", max_size=10.0, ratio={"gas": -2.5, "electricity": 1.0}, investment=_number(draw, 0.5, 3.0), firm=0.9
    )
    plant = changed(changed(plant, "battery", firm=1.0), "sun", firm=1.0)
    reserves = {**plant.standby.reserves, "dark": Reserve("electricity", "connection", draw.choice((0.5, 4.0)))}
    plant = changed(plant, "furnace", critical={"electricity": draw.choice((0.1, 0.4))})
    return replace(plant, standby=replace(plant.standby, reserves=reserves, critical={**plant.standby.critical, "electricity": 0.2}))


def spare(plant: Plant, draw: Random) -> Plant:
    """Any boiler, or one of three small ones, may fail."""
    plant = asset(
        plant,
        "spare boilers",
        operation="flexible",
        size=draw.choice((2.0, 4.0)),
        ratio={"gas": -1.3, "steam": 1.0},
        firm=1.0,
        module=draw.choice((0.5, None)),
    )
    plant = changed(changed(plant, "boiler", firm=draw.choice((0.5, 1.0))), "pump", firm=0.9)
    reserves = {**plant.standby.reserves, "warm": Reserve("steam", "unit", 1.0)}
    return replace(plant, standby=replace(plant.standby, reserves=reserves, critical={**plant.standby.critical, "steam": draw.choice((0.15, 0.3))}))


def islanded(plant: Plant, draw: Random) -> Plant:
    """For the first or the last hours of a day nothing passes the connection; an old engine can carry that."""
    hours = draw.choice(((0.0, 9.0), (9.0, 24.0)))
    plant = asset(plant, "old engine", operation="flexible", size=draw.choice((4.0, 20.0)), ratio={"gas": -3.0, "electricity": 1.0}, firm=0.8)
    plant = replace(plant, connection=plant.connection or 20.0)
    return replace(plant, standby=replace(plant.standby, islands=(Island(APART, hours),)))


def connected(plant: Plant, draw: Random) -> Plant:
    return replace(plant, connection=_number(draw, 10, 20))


def priced(plant: Plant, draw: Random) -> Plant:
    return replace(plant, carbon_price=_number(draw, 0.05, 0.6))


def capped(plant: Plant, draw: Random) -> Plant:
    """One or two caps between a tenth more than everything emits today and a quarter less; what certificates lower, half."""
    kinds = {"site": ("direct", "location", 49.0), "wide": ("direct_energy", "location", 79.0), "proven": ("direct_energy", "market", 85.0)}
    for name in sorted({*draw.sample(sorted(kinds), 1), *(["proven"] if "proofs" in plant.markets else [])}):
        scope, view, today = kinds[name]
        limit = {(name, plant.horizon.years[-1]): today * _number(draw, 0.45 if name == "proven" else 0.75, 1.1)}
        plant = replace(plant, caps={**plant.caps, name: (scope, view)}, cap_limit={**plant.cap_limit, **limit})
    return plant


def decided(plant: Plant, draw: Random) -> Plant:
    """Some sun was ordered before, for the last year, and a retirement was not."""
    found = {("build", "sun", plant.horizon.years[-1]): 5.0} if "sun" in plant.assets else {}
    gone = {("retire", "old furnace", plant.horizon.years[0]): 0.0} if "old furnace" in plant.assets else {}
    return replace(plant, decisions=found | gone)


def sold(plant: Plant, draw: Random) -> Plant:
    """Iron is sold beside what must be delivered: at least some of it, and no more than the market takes."""
    years = plant.horizon.years
    given = {"least": dict.fromkeys(years, draw.choice((0.0, 0.0, 5.0))), "limit": dict.fromkeys(years, 20.0)}
    plant = market(plant, "iron sale", "iron", _number(draw, 0.4, 2.4), buys=False, **given)
    return changed(plant, "furnace", size=draw.choice((100.0, 150.0, 150.0))) if not plant.assets["furnace"].module else plant


def per_product(plant: Plant, draw: Random) -> Plant:
    """What a unit of iron, delivered or sold, may emit in the last year; where iron is sold, hardly more than it does."""
    y, each = plant.horizon.years[-1], 0.49 * _number(draw, 0.95, 1.1 if "iron sale" in plant.markets else 1.4)
    target = Target(
        "per iron", "emissions", "direct", "location", per="product", wanted={y: each}, limit={y: 100.0 * each}, divisor={y: 100e3}, product="iron"
    )
    return replace(
        plant,
        targets={"per iron": target},
        caps={**plant.caps, "per iron": ("direct", "location")},
        cap_limit={**plant.cap_limit, ("per iron", y): 100.0 * each},
    )


# Features: rebuilds ----------------------------------------------------------------------------------------------------------


def converts(plant: Plant, draw: Random) -> Plant:
    """An electric furnace may be made of the old one, before its life ends or then, where a renewal would be due and dear."""
    if draw.random() < 0.25:
        end = {"end_year": plant.horizon.years[-1] - 1, "renewal_investment": 1.5, "may_retire": False, "replaced_by": ()}
        plant = changed(plant, "furnace", **end)
    plant = replace(changed(plant, "arc", replaces=None), rules=replace(plant.rules, converts={("arc", "furnace"): draw.choice((1.0, 0.5))}))
    return plant if "arc" in plant.assets else replace(plant, rules=replace(plant.rules, converts={}))


def stops(plant: Plant, draw: Random) -> Plant:
    """The furnace stands still while measures on it are built, or while it becomes an electric one."""
    for name in ("saver", "turbine", "arc"):
        if name in plant.assets and (name != "arc" or plant.rules.converts):
            given = {
                "rebuild_outage": draw.choice((30, 120)),
                "rebuild_begins": draw.choice((0, 150, 190)),
                "lead_years": 1,
                "first_service": FIRST + 1,
            }
            plant = changed(plant, name, **given)
    return plant


FEATURES: dict[str, Feature] = {
    f.__name__: f
    for f in (
        retires, ends, boiler_ends, ages, whole_old, two_old, arc, in_its_place, new_before_old, whole_new, least, curve, begun, vintages, latest, sun, battery, pump,
        saver, saver_by_the_piece, tuner, tuner_whole, recovery, capture, excludes, needs, together, budgets, paces, limited, tiers, pledged, sells, proofs,
        green_power, steam, connected, priced, capped, decided,
        converts, stops, sheds, unserved, powered, backup, spare, sold, per_product, required, islanded,
    )
}  # fmt: skip
WHOLE = {"whole_old", "whole_new", "least", "curve", "begun", "saver_by_the_piece", "tuner_whole", "excludes", "sells"}
