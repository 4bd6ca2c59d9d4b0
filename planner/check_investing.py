"""Check of investing 投资检查: rules, cost curves, replacements and ends of life that make no sense."""

from collections.abc import Iterator
from itertools import pairwise

from planner.calendar import DAYS
from planner.case import Case
from planner.errors import Finding
from planner.plant import Asset, Plant

MOST_WINDOWS = 3  # stretches of days on which projects stop one host: each doubles the parts it may have


def choices_can_be_made(case: Case, plant: Plant) -> Iterator[Finding]:
    """What excludes or limits is something one may build, or renew within the horizon; what shares a size may be built."""
    rows = {(row["rule"], row["asset"]): row["where"] for row in case.tables["rules"]}
    years = plant.horizon.years
    for name, (members, _) in plant.rules.at_most.items():
        for a in (plant.assets[m] for m in members):
            renewed = a.renewal_investment is not None and a.end_year is not None and a.end_year + 1 in years
            if not a.max_size and not renewed:
                yield Finding(rows[name, a.name], f"{a.name!r} can be neither built nor renewed in the horizon", "an option, or a unit to be renewed")
    for name, (members, size) in plant.rules.together.items():
        stands = sum(plant.assets[m].size for m in members)
        if stands > size:
            yield Finding(rows[name, members[0]], f"rule {name!r} allows {size:g}, but {stands:g} stands there already", "at least what stands")


def projects_have_a_price(case: Case, plant: Plant) -> Iterator[Finding]:
    """A smallest size is within the largest; a cost curve rises, its first size is the smallest and its last covers the largest."""
    curves = {row["asset"]: row["where"] for row in reversed(case.tables["scale"])}
    for a in plant.assets.values():
        row = str(case.by_name["assets"][a.name]["where"])
        if a.min_size and not a.max_size:
            yield Finding(row, f"{a.name!r} has a smallest size but cannot be built", "a min_size for candidates only")
        elif a.min_size > a.max_size:
            yield Finding(row, f"min_size of {a.name!r} is above its largest size", f"at most {a.max_size * a.scale:g}")
        passed = plant.decide_from > plant.horizon.first  # planned again later: some offers are over
        if a.latest_service is not None and a.max_size and a.latest_service < a.first_service and not passed:
            yield Finding(row, f"{a.name!r} can first run in {a.first_service}, after its latest_year {a.latest_service}", "a later year, or none")
        if a.project_investment and a.hosts and not a.min_size and not a.curve:
            yield Finding(row, f"measure {a.name!r} has a project_investment and no smallest size", "a min_size above 0")
        if not a.curve:
            continue
        sizes, where = [s for s, _ in a.curve], curves[a.name]
        if a.min_size:
            yield Finding(row, f"{a.name!r} has a min_size and a cost curve", "one of them: a curve begins at the smallest size")
        if any(t <= s for s, t in pairwise(sizes)):
            yield Finding(where, f"the sizes of the curve of {a.name!r} do not rise", "points in the order of their sizes")
        elif any(t * q < s * p for (s, p), (t, q) in pairwise(a.curve)):
            yield Finding(where, f"on the curve of {a.name!r} a larger one costs less", "a cost that rises with the size")
        if sizes[0] <= 0:
            yield Finding(where, f"the curve of {a.name!r} begins at 0", "the smallest size, above 0")
        if sizes[-1] < a.max_size:
            yield Finding(where, f"the curve of {a.name!r} ends below its largest size", f"a point at {a.max_size * a.scale:g} or above")


def replacements_can_take_over(case: Case, plant: Plant) -> Iterator[Finding]:
    """What replaces an old unit is another asset, counted in the same unit; what is replaced stands today."""
    for a in plant.assets.values():
        row = str(case.by_name["assets"][a.name]["where"])
        if a.replaced_by and a.status != "operating":
            yield Finding(row, f"{a.name!r} is {a.status} and has replaced_by", "replaced_by for operating units only")
        for heir in (plant.assets[n] for n in a.replaced_by if n in plant.assets):
            if heir.name == a.name:
                yield Finding(row, f"{a.name!r} is its own replacement", "another asset")
            elif (heir.unit, heir.scale) != (a.unit, a.scale):
                yield Finding(
                    row, f"{a.name!r} is counted in {a.unit}, its replacement {heir.name!r} in {heir.unit}", "replacements in the same unit"
                )
        if a.overlap_years and not a.replaced_by:
            yield Finding(row, f"{a.name!r} has overlap_years and no replacement", "replaced_by, or no overlap_years")


def ends_of_life_are_decided(case: Case, plant: Plant) -> Iterator[Finding]:
    """A unit that reaches its end of life in the horizon can be renewed or replaced, or the plan may do without it."""
    for a in plant.assets.values():
        if (
            a.size
            and _ends(a, plant)
            and a.renewal_investment is None
            and not (a.may_retire and not a.replaced_by)
            and not any(h in plant.assets for h in a.replaced_by)
        ):
            what = f"{a.name!r} ends with {a.end_year}, and neither a renewal nor a replacement is known"
            yield Finding(
                str(case.by_name["assets"][a.name]["where"]), what, "a renewal_investment, replaced_by, or may_retire yes: the plan may do without it"
            )
        if a.ageing and a.size and a.in_service is None:
            yield Finding(str(case.by_name["assets"][a.name]["where"]), f"{a.name!r} grows dearer with age and has no in_service", "a year")


def outages_are_of_one_unit(case: Case, plant: Plant) -> Iterator[Finding]:
    """What stands still for its renewal is a converter, and nothing new runs under its name meanwhile."""
    for a in plant.assets.values():
        if a.renewal_outage and a.renewal_investment is not None and _ends(a, plant):
            row = str(case.by_name["assets"][a.name]["where"])
            if a.kind != "converter":
                yield Finding(row, f"{a.name!r} has an outage for its renewal and is a {a.kind}", "renewal_outage for converters only")
            elif a.max_size:
                yield Finding(row, f"{a.name!r} has an outage for its renewal and may be built as well", "an asset of its own for what is new")


def rebuilds_are_of_old_units(case: Case, plant: Plant) -> Iterator[Finding]:
    """What stands still while something is built on it is a unit of today that runs flat, and the days are those of the year before."""
    windows: dict[str, set[tuple[int, int]]] = {}
    for a in plant.assets.values():
        row = str(case.by_name["assets"][a.name]["where"])
        stopped = [plant.assets[h] for h, _ in plant.stopped_by(a)]
        if a.rebuild_outage and (len(stopped) != 1 or a.per_site):
            yield Finding(
                row,
                f"{a.name!r} has a rebuild_outage and {len(stopped)} hosts",
                "a measure on one host that is sized like it, or a conversion",
            )
        if a.rebuild_outage and a.lead_years < 1:
            yield Finding(row, f"{a.name!r} has a rebuild_outage and no time in which it is built", "a lead_time of a month or more")
        if a.rebuild_begins + a.rebuild_outage > DAYS:
            yield Finding(row, f"the rebuild_outage of {a.name!r} goes on in the year in which it runs", "an outage that ends with the year")
        for h in stopped:
            windows.setdefault(h.name, set()).add((a.rebuild_begins, a.rebuild_outage))
            if (h.kind, h.operation) != ("converter", "flat") or not h.size or h.max_size:
                yield Finding(
                    row,
                    f"{h.name!r}, which stands still while {a.name!r} is built, is no flat converter of today alone",
                    "a converter of today that runs flat and may not be built as well",
                )
            elif any((*h.shiftable.values(), *h.sheddable.values(), *h.critical.values())):
                yield Finding(
                    row,
                    f"{h.name!r} stands still while {a.name!r} is built, and its use may wait, be shed or not fail",
                    "no `shiftable`, `sheddable` or `critical` of such a host",
                )
            if len(windows[h.name]) > MOST_WINDOWS:
                yield Finding(row, f"projects on {h.name!r} stop it on {len(windows[h.name])} different stretches of days", f"at most {MOST_WINDOWS}")


def conversions_are_whole(case: Case, plant: Plant) -> Iterator[Finding]:
    """What becomes something else is a converter of today, whole units of it, and becomes a converter."""
    rows = {(row["asset"], row["needs"]): row["where"] for row in case.tables["rules"] if row["kind"] == "converts"}
    for (name, host), per in plant.rules.converts.items():
        if host not in plant.assets:
            continue
        a, h, where = plant.assets[name], plant.assets[host], str(rows[name, host])
        if not (a.kind == h.kind == "converter" and a.max_size and h.size):
            yield Finding(
                where, f"{name!r} is a {a.status} {a.kind} and {host!r} a {h.status} {h.kind}", "a converter that may be built, and one that stands"
            )
        elif a.module is None:
            yield Finding(where, f"{name!r} converts {host!r} and has no unit_size", "whole units")
        elif h.module and abs(a.module * per / h.module - round(a.module * per / h.module)) > 1e-6:
            yield Finding(where, f"a unit of {name!r} takes {a.module * per / h.module:.3f} units of {host!r}", "whole units of the host")
        if a.replaces:
            yield Finding(where, f"{name!r} converts {host!r} and replaces {a.replaces!r}", "either of them")
        if sum(one == name for one, _ in plant.rules.converts) > 1:
            yield Finding(where, f"{name!r} is made of more than one host", "an asset of its own for each host")


def _ends(a: Asset, plant: Plant) -> bool:
    return a.end_year is not None and plant.horizon.first <= a.end_year + 1 <= plant.horizon.last


RULES = (
    choices_can_be_made, projects_have_a_price, replacements_can_take_over, ends_of_life_are_decided, outages_are_of_one_unit,
    rebuilds_are_of_old_units, conversions_are_whole,
)  # fmt: skip
