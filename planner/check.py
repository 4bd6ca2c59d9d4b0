"""Check 检查: what a case says may be readable and still make no sense; every rule is one function, all findings come at once."""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite

from planner import check_backup, check_investing, check_trade, shapes
from planner.case import KEYS, Case
from planner.errors import CaseError, Finding
from planner.plant import Plant
from planner.tables import nearest
from planner.year import Year

Rule = Callable[[Case, Plant], Iterator[Finding]]


def check(case: Case, plant: Plant, earlier: Sequence[Finding] = ()) -> None:
    """Apply all rules; where ``earlier`` stages left something out, a rule may trip over it and stays silent. Raises CaseError."""
    findings: list[Finding] = []
    for rule in RULES:
        try:
            findings.extend(rule(case, plant))
        except (KeyError, StopIteration):
            if not earlier:
                raise
    if findings:
        raise CaseError(findings)


def sources_are_known(case: Case, plant: Plant) -> Iterator[Finding]:
    """Every source named by a value is in the sources table."""
    known = {row["id"] for row in case.tables["sources"]}
    for rows in case.tables.values():
        for row in rows:
            if row.get("source") and row["source"] not in known:
                yield Finding(row["where"], f"source {row['source']!r} is unknown", nearest(row["source"], known))


def rows_are_said_once(case: Case, plant: Plant) -> Iterator[Finding]:
    """No row speaks of the same thing, in the same year, as an earlier one."""
    several = ("profiles",)  # bands of hours are rows of one month
    for table, keys in {**KEYS, "hosts": ("asset", "host")}.items():
        seen: dict[tuple[object, ...], str] = {}
        for row in case.tables[table] if table not in several else ():
            name = tuple(row[k] for k in (*keys, *({"province"} & row.keys() - set(keys))))  # a limit may hold in one province alone
            if name in seen:
                said = ", ".join(str(n) for n in name if n is not None)
                yield Finding(row["where"], f"{keys[0]} {said!r} was told already in {seen[name]}", "one row for each " + " and ".join(keys))
            seen.setdefault(name, row["where"])


def carriers_have_both_sides(case: Case, plant: Plant) -> Iterator[Finding]:
    """A carrier somebody uses is made or bought somewhere, and one that is made can go somewhere."""
    made: set[str] = set()
    used: set[str] = set()
    for asset in plant.assets.values():
        made |= {c for c, r in asset.ratio.items() if r > 0} if asset.kind == "converter" else set()
        used |= {c for c, r in asset.ratio.items() if r < 0}
    made |= {m.carrier for m in plant.markets.values() if m.buys}
    used |= {m.carrier for m in plant.markets.values() if not m.buys} | {c for (c, _), v in plant.demand.items() if v}
    made_by_measures = {c for a in plant.assets.values() if a.kind == "measure" for c, r in a.ratio.items() if r > 0}
    where = f"{case.folder.name}/assets.csv"
    for c in sorted(used - made - made_by_measures):
        users = [a.name for a in plant.assets.values() if a.ratio.get(c, 0) < 0 and a.kind == "converter"]
        users += ["a demand"] if any(d == c and v for (d, _), v in plant.demand.items()) else []
        if plant.carriers.get(c) in ("step", "year") and users:  # a market for what nobody makes is only idle
            yield Finding(where, f"carrier {c!r} is used by {users[0]!r} but nothing supplies it", "a converter or a market that supplies it")
    for c in sorted((made | made_by_measures) - used):
        if plant.carriers.get(c) in ("step", "year") and not any(m.carrier == c and m.buys for m in plant.markets.values()):
            makers = [a.name for a in plant.assets.values() if a.ratio.get(c, 0) > 0]
            yield Finding(where, f"carrier {c!r} is made by {makers[0]!r} but has nowhere to go", "a user, a market or a vent")


def carbon_does_not_appear(case: Case, plant: Plant) -> Iterator[Finding]:
    """No converter lets out more carbon in its products than it takes in."""
    for asset in plant.assets.values():
        if asset.kind == "converter":
            left = -sum(r * plant.carbon.get(c, 0.0) for c, r in asset.ratio.items())
            if left < -1e-6:
                yield Finding(
                    _row(case, asset.name),
                    f"converter {asset.name!r} makes {-left:.4f} t CO2 worth of carbon per activity out of nothing",
                    "carbon in at least carbon out",
                )


def hosts_run_flat(case: Case, plant: Plant) -> Iterator[Finding]:
    """A measure acts on a converter that runs flat."""
    for asset in plant.assets.values():
        for host in asset.hosts if asset.kind == "measure" else ():
            h = plant.assets[host]
            if h.kind != "converter" or h.operation != "flat":
                yield Finding(_row(case, asset.name), f"host {host!r} of {asset.name!r} is a {h.operation} {h.kind}", "a flat converter")
        unused = [c for c in asset.saving if not any(plant.assets[h].ratio.get(c, 0.0) < 0 for h in asset.hosts)]
        site_wide = len(asset.hosts) > 1 and len(unused) < len(asset.saving)  # it saves what each host happens to use
        for c in () if site_wide else unused:
            if asset.hosts:
                yield Finding(_row(case, asset.name), f"{asset.name!r} saves {c!r}, which none of its hosts uses", "a carrier its host uses")


def hosts_exist(case: Case, plant: Plant) -> Iterator[Finding]:
    """Whoever is named in the table of hosts is there."""
    for row in case.tables["hosts"]:
        for column in ("asset", "host"):
            if row[column] not in case.by_name["assets"]:
                yield Finding(row["where"], f"{column} {row[column]!r} is unknown", nearest(row[column], case.by_name["assets"]))


def replacements_exist(case: Case, plant: Plant) -> Iterator[Finding]:
    """What takes a place, a roof or a profile names one that is there."""
    profiles = shapes.names(case)
    for asset in plant.assets.values():
        if asset.replaces and asset.replaces not in plant.assets:
            yield Finding(_row(case, asset.name), f"replaces {asset.replaces!r} is unknown", nearest(asset.replaces, plant.assets))
        if asset.area and asset.area not in plant.areas:
            yield Finding(_row(case, asset.name), f"area {asset.area!r} is unknown", nearest(asset.area, plant.areas))
        if asset.profile and asset.profile not in profiles:
            yield Finding(_row(case, asset.name), f"profile {asset.profile!r} is unknown", nearest(asset.profile, profiles))
        if asset.kind == "store" and len(asset.ratio) != 1:
            yield Finding(_row(case, asset.name), f"store {asset.name!r} keeps {len(asset.ratio)} carriers", "exactly one `flow` row")
    for carrier, profile in plant.demand_profile.items():
        if profile and profile not in profiles:
            yield Finding(f"{case.folder.name}/demands.csv", f"profile {profile!r} of {carrier!r} is unknown", nearest(profile, profiles))


def hours_are_complete(case: Case, plant: Plant) -> Iterator[Finding]:
    """A shape that is given hour by hour is given for the whole year."""
    yield from shapes.incomplete(case)


def only_stores_are_seasonal(case: Case, plant: Plant) -> Iterator[Finding]:
    """A converter or measure keeps nothing from day to day."""
    for asset in plant.assets.values():
        if asset.operation == "seasonal" and asset.kind != "store":
            yield Finding(_row(case, asset.name), f"{asset.name!r} is a seasonal {asset.kind}", "a seasonal store, or operation flat or flexible")


def what_waits_is_used(case: Case, plant: Plant) -> Iterator[Finding]:
    """Only what a flat process uses step by step may wait, and within a window."""
    for asset in plant.assets.values():
        for c in asset.shiftable:
            flat = asset.kind == "converter" and asset.operation == "flat"
            if not flat or asset.ratio.get(c, 0.0) >= 0 or plant.carriers[c] != "step" or asset.shift_window <= 0:
                allowed = "a flat converter that uses the carrier, balanced by step, and a shift_window above 0"
                yield Finding(_row(case, asset.name), f"{c!r} of {asset.name!r} cannot wait", allowed)


def units_are_flexible(case: Case, plant: Plant) -> Iterator[Finding]:
    """Only what follows the hour has a least load, starts or a ramp."""
    for asset in plant.assets.values():
        given = {"minimum_load": asset.minimum_load > 0, "start_cost": any(asset.start_cost.values()), "ramp": isfinite(asset.ramp)}
        if (asset.kind, asset.operation) != ("converter", "flexible"):
            for parameter in (name for name, there in given.items() if there):
                what = f"{parameter} of {asset.name!r} means nothing: it is a {asset.operation} {asset.kind}"
                yield Finding(_row(case, asset.name), what, "a flexible converter")


def whole_units_fit(case: Case, plant: Plant) -> Iterator[Finding]:
    """What is retired or renewed in whole units stands there in whole units."""
    for asset in plant.assets.values():
        if asset.module and asset.size and abs(asset.size / asset.module - round(asset.size / asset.module)) > 1e-6:
            yield Finding(
                _row(case, asset.name), f"size of {asset.name!r} is {asset.size / asset.module:.3f} units", "a whole number of its unit_size"
            )


def measures_are_sized(case: Case, plant: Plant) -> Iterator[Finding]:
    """A measure on several hosts is sized by the site; one sized by its host has one."""
    for asset in plant.assets.values():
        if asset.kind == "measure" and len(asset.hosts) > 1 and not asset.per_site:
            yield Finding(
                _row(case, asset.name), f"measure {asset.name!r} has {len(asset.hosts)} hosts and is sized in {asset.unit}", "size_unit site"
            )


def balances_are_kept(case: Case, plant: Plant) -> Iterator[Finding]:
    """What is demanded or stored has a balance, and a store loses no carbon; the grid is where power is bought."""
    for carrier in dict.fromkeys(c for c, _ in plant.demand):
        if plant.carriers[carrier] == "none":
            yield Finding(
                f"{case.folder.name}/demands.csv", f"carrier {carrier!r} is demanded but never balanced", "a carrier balanced by step or year"
            )
    for asset in plant.assets.values():
        if asset.kind == "store":
            lossy = asset.standing_loss > 0 or asset.charge_efficiency < 1 or asset.discharge_efficiency < 1
            for c in asset.ratio:
                if plant.carriers[c] != "step":
                    yield Finding(
                        _row(case, asset.name), f"store {asset.name!r} keeps {c!r}, which is balanced over the year", "a carrier balanced by step"
                    )
                elif lossy and plant.carbon.get(c):
                    yield Finding(_row(case, asset.name), f"store {asset.name!r} loses {c!r}, which carries carbon", "a store without losses")
    for market in plant.markets.values():
        if market.role == "certificate" and plant.carriers[market.carrier] != "none":
            yield Finding(
                f"{case.folder.name}/markets.csv",
                f"certificates of {market.name!r} are balanced by {plant.carriers[market.carrier]}",
                "a carrier with balance none",
            )
        if market.role == "grid" and not market.buys:
            yield Finding(f"{case.folder.name}/markets.csv", f"market {market.name!r} has the role grid and sells", "direction buy")


def horizon_is_a_horizon(case: Case, plant: Plant) -> Iterator[Finding]:
    """The years follow each other and decisions fall into them."""
    first, last = plant.horizon.first, plant.horizon.last
    if not first <= last <= first + 30:
        yield Finding(f"{case.folder.name}/case.toml", f"the horizon runs from {first} to {last}", "a last year 0 to 30 years after the first")
    if not first <= plant.decide_from <= last + 1:  # a year after the last: all is decided, and only run
        yield Finding(f"{case.folder.name}/case.toml", f"horizon.decide_from is {plant.decide_from}", f"a year from {first} to {last + 1}")


def the_account_can_be_made(case: Case, plant: Plant) -> Iterator[Finding]:
    """What is told of the account has an effect, and its sector is one of the guideline's."""
    where = f"{case.folder.name}/case.toml"
    if plant.apportioned and case["account.market_factor"] != "fossil":
        yield Finding(where, "account.apportioned_share acts on power of fossil fuel only", "0, or account.market_factor=fossil")
    known = [row["sector"] for row in case.tables["sectors"]]
    if plant.sector and plant.sector not in known:
        yield Finding(where, f"sector is {plant.sector!r}", nearest(plant.sector, known))


def check_year(case: Case, plant: Plant, year: Year) -> None:
    """What only shows with the tariff. Raises CaseError."""
    if findings := list(check_trade.check_connection(case, plant, year)):
        raise CaseError(findings)


RULES: tuple[Rule, ...] = (
    sources_are_known, rows_are_said_once, carriers_have_both_sides, carbon_does_not_appear, hosts_exist, hosts_run_flat, replacements_exist, only_stores_are_seasonal, what_waits_is_used, units_are_flexible, whole_units_fit, measures_are_sized, balances_are_kept, horizon_is_a_horizon,
    hours_are_complete,
    *check_trade.RULES,
    *check_investing.RULES,
    *check_backup.RULES,
    the_account_can_be_made,
)  # fmt: skip


def _row(case: Case, asset: str) -> str:
    return str(case.by_name["assets"][asset]["where"])
