"""Checks of backup 保供检查: what goes unserved, what must not fail, and who stands ready mean something."""

from collections.abc import Callable, Iterator

from planner.case import Case
from planner.errors import Finding
from planner.plant import Plant
from planner.tables import nearest

Rule = Callable[[Case, Plant], Iterator[Finding]]


def _row(case: Case, asset: str) -> str:
    return str(case.by_name["assets"][asset]["where"])


def powers_have_a_store(case: Case, plant: Plant) -> Iterator[Finding]:
    """A power of its own belongs to a store, keeps and makes nothing itself, and is there when the store is."""
    stores = [a.name for a in plant.assets.values() if a.kind == "store"]
    for a in plant.assets.values():
        if a.kind == "power":
            if a.power_of not in stores:
                yield Finding(
                    _row(case, a.name), f"the power {a.name!r} belongs to {a.power_of!r}", "host: a store; " + nearest(str(a.power_of), stores)
                )
            if a.operation != "flexible" or a.ratio:
                yield Finding(
                    _row(case, a.name), f"the power {a.name!r} is {a.operation} or makes something", "operation flexible, and no `flow` rows"
                )


def only_processes_shed(case: Case, plant: Plant) -> Iterator[Finding]:
    """What goes unserved or must not fail is what a flat process uses step by step; what carries carbon is used or not, and priced."""
    for a in plant.assets.values():
        flat = a.kind == "converter" and a.operation == "flat"
        for parameter, shares in (("sheddable", a.sheddable), ("critical", a.critical)):
            for c, v in shares.items():
                if v and (not flat or a.ratio.get(c, 0.0) >= 0 or plant.carriers[c] != "step" or plant.carbon.get(c)):
                    yield Finding(
                        _row(case, a.name),
                        f"{c!r} of {a.name!r} cannot be {parameter}",
                        "a flat converter that uses the carrier, balanced by step and without carbon",
                    )
        for c, v in a.sheddable.items():
            if v + a.shiftable.get(c, 0.0) > 1 + 1e-9:
                yield Finding(
                    _row(case, a.name),
                    f"{v + a.shiftable[c]:.0%} of {c!r} of {a.name!r} may be shed or wait",
                    "shares of sheddable and shiftable of at most 1 together",
                )
        if any(a.sheddable.values()) and not all(a.shed_cost.get(y, 0.0) > 0 for y in plant.horizon.years):
            yield Finding(_row(case, a.name), f"what {a.name!r} sheds costs nothing", "a shed_cost above 0")


def only_units_stand_ready(case: Case, plant: Plant) -> Iterator[Finding]:
    """Firm is what follows the hour, or a store that ends its day as it began it."""
    for a in plant.assets.values():
        if a.firm > 0 and (a.kind not in ("converter", "store") or a.operation != "flexible"):
            yield Finding(
                _row(case, a.name),
                f"firm of {a.name!r} means nothing: it is a {a.operation} {a.kind}",
                "a flexible converter, or a store that is not seasonal",
            )


def unserved_has_a_price(case: Case, plant: Plant) -> Iterator[Finding]:
    """What may go unserved is demanded, has a price, and is no measure of anything else."""
    where, standby = f"{case.folder.name}/unserved.csv", plant.standby
    for c in dict.fromkeys((*standby.share, *standby.critical, *(c for c, _ in standby.price))):
        if not any(d == c and v for (d, _), v in plant.demand.items()):
            yield Finding(where, f"{c!r} is not demanded, so none of it goes unserved", "a carrier of demands.csv")
    for c, share in standby.share.items():
        if share and not all(standby.price.get((c, y), 0.0) > 0 for y in plant.horizon.years):
            yield Finding(where, f"{c!r} may go unserved for nothing", "a row `price` above 0")
        if share and plant.carbon.get(c):
            yield Finding(where, f"{c!r} carries carbon and cannot go unserved", "a carrier without carbon")
        if share and c == case.settings.get("product.carrier") and (any(t.per == "product" for t in plant.targets.values()) or plant.border):
            yield Finding(where, f"{c!r} is what targets per product or a border count by", "another carrier, or targets of the site")
    for c, share in standby.critical.items():
        if share and plant.carriers[c] != "step":
            yield Finding(where, f"{c!r} is balanced over the year and cannot be critical", "a carrier balanced by step")


def reserves_can_be_kept(case: Case, plant: Plant) -> Iterator[Finding]:
    """A reserve is about a carrier of the step, and somebody stands ready for it."""
    where = f"{case.folder.name}/reserves.csv"
    for name, reserve in plant.standby.reserves.items():
        c = reserve.carrier
        if plant.carriers[c] != "step":
            yield Finding(where, f"reserve {name!r} is about {c!r}, which is balanced over the year", "a carrier balanced by step")
        elif not any(a.firm > 0 and c in a.ratio for a in plant.assets.values()):
            yield Finding(where, f"nobody stands ready for reserve {name!r}", f"an asset that makes or keeps {c!r} with a `firm` share above 0")
        if not plant.standby.critical.get(c) and not any(a.critical.get(c) for a in plant.assets.values()):
            yield Finding(where, f"nothing is critical for reserve {name!r}", f"a `critical` share of a process that uses {c!r}, or of its demand")
    if len({r["reserve"] for r in case.tables["reserves"]}) < len(case.tables["reserves"]):
        yield Finding(where, "a reserve is given twice", "one row a reserve")


def islands_are_tied(case: Case, plant: Plant) -> Iterator[Finding]:
    """Only a connection of known size can be gone, and its hours follow each other."""
    where = f"{case.folder.name}/islands.csv"
    if plant.standby.islands and not plant.connection:
        yield Finding(where, "the site is an island for hours, but its connection has no size", "site.connection in MW")
    for island in plant.standby.islands:
        if island.hours[0] >= island.hours[1]:
            yield Finding(where, f"an island from {island.hours[0]:g} to {island.hours[1]:g} h has no hours", "hour_from below hour_to")


RULES: tuple[Rule, ...] = (
    powers_have_a_store,
    only_processes_shed,
    only_units_stand_ready,
    unserved_has_a_price,
    reserves_can_be_kept,
    islands_are_tied,
)
