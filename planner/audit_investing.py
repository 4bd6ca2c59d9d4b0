"""Audit of investing 投资审计: smallest sizes, rules, replacements, budgets and what is left, recomputed from plant and plan alone.

Sizes are canonical, money in MCNY. Arrays are (assets, years) in the order of the plant; nothing is shared with the model
or its translation.
"""

from collections.abc import Mapping

import numpy as np

from models.solution import Solution
from planner import audit_money
from planner.audit_money import WHOLE, Array, Ledger
from planner.plant import Asset, Plant


def audit(plant: Plant, solution: Solution, tables: Mapping[str, Array], ledger: Ledger) -> None:
    """Check every rule a case gives on its investments; ``tables``: dense, by name."""
    built, retired, renewed, size = (tables[f"capacity.{t}"] for t in ("built", "retired", "renewed", "size"))
    _smallest_sizes(plant, built, ledger)
    _choices(plant, built, retired, renewed, size, ledger)
    _conversions(plant, built, retired, ledger)
    _succession(plant, solution, built, retired, renewed, ledger)
    _lasting(plant, solution, built, retired, renewed, ledger)
    _limits(plant, built, renewed, size, ledger)
    _decided(plant, built, retired, renewed, ledger)


def _smallest_sizes(plant: Plant, built: Array, ledger: Ledger) -> None:
    """What is built at a time is at least the smallest size, and not after its last year; what must be renewed is."""
    assets, years = tuple(plant.assets.values()), np.array(plant.horizon.years)
    least = np.array([a.curve[0][0] if a.curve else a.min_size for a in assets])[:, None]
    built_at_all = built > WHOLE * np.maximum([[a.max_size] for a in assets], 1e-9)
    ledger.at_most("smallest sizes", [list(plant.assets), years.tolist()], np.where(built_at_all, least, 0.0), np.where(built_at_all, built, np.inf))
    last = np.array([a.latest_service or plant.horizon.last for a in assets])[:, None]
    ledger.at_most("latest years", [list(plant.assets), years.tolist()], np.where(years > last, built, 0.0), 0.0)


def _choices(plant: Plant, built: Array, retired: Array, renewed: Array, size: Array, ledger: Ledger) -> None:
    """No more are chosen than may be, nothing runs beyond what it needs, shared sizes are kept, and what must be adopted is there."""
    order, years = {name: n for n, name in enumerate(plant.assets)}, list(plant.horizon.years)
    largest = np.array([max(a.max_size, a.size) for a in plant.assets.values()])
    chosen = built.sum(axis=1) + renewed > WHOLE * np.maximum(largest, 1e-9)
    for name, (members, count) in plant.rules.at_most.items():
        taken = float(sum(chosen[order[m]] for m in members))
        ledger.at_most("choices", [[f"options chosen of {name}"]], np.array([taken]), float(count))
    for (needy, h), allowed in plant.rules.needs.items():
        most = allowed * size[order[h]] if h in order else np.zeros(len(years))
        ledger.at_most("prerequisites", [[f"{needy}, which needs {h}, in {y}" for y in years]], size[order[needy]], most)
    for name, (members, most_together) in plant.rules.together.items():
        together = np.sum([size[order[m]] for m in members], axis=0)
        ledger.at_most("shared sizes", [[f"{name} in {y}" for y in years]], together, most_together)
    required = np.array([plant.rules.required.get(a, 0.0) for a in order])
    ledger.at_most("options that must be adopted", [list(order)], required, size[:, -1])
    due = [_due(a, plant) for a in plant.assets.values()]
    stood = np.where(due, [a.size for a in plant.assets.values()] - retired.sum(axis=1), 0.0)  # but for what became something else
    ledger.at_most("renewals that are due", [list(plant.assets)], stood, np.where(due, renewed, np.inf))


def _conversions(plant: Plant, built: Array, retired: Array, ledger: Ledger) -> None:
    """What begins by conversion is what of its host leaves in that year, and what may not go otherwise leaves for nothing else."""
    order, years = {name: n for n, name in enumerate(plant.assets)}, np.array(plant.horizon.years)
    for h in dict.fromkeys(h for _, h in plant.rules.converts):
        begins = sum((per * built[order[a]] for (a, g), per in plant.rules.converts.items() if g == h and a in order), np.zeros(len(years)))
        leaves, host = (retired[order[h]], plant.assets[h]) if h in order else (np.zeros(len(years)), None)
        where = [[f"{h} in {y}" for y in years]]
        ledger.at_most("conversions", where, begins, leaves)
        taken = np.array([("retire", h, int(y)) in plant.decisions for y in years])
        alone = ~taken & np.array([host is not None and not (host.may_retire and y <= (host.end_year or y)) for y in years])
        ledger.at_most("conversions", where, np.where(alone, leaves, 0.0), begins)


def _decided(plant: Plant, built: Array, retired: Array, renewed: Array, ledger: Ledger) -> None:
    """What was decided before stands as it was decided."""
    order, first = {name: n for n, name in enumerate(plant.assets)}, plant.horizon.first
    for (action, a, y), size in plant.decisions.items():
        found = renewed[order[a]] if action == "renew" else (built if action == "build" else retired)[order[a], y - first]
        ledger.equal("decisions taken before", [[f"{action} {a} in {y}"]], np.array([found]), np.array([size]))


def _due(a: Asset, plant: Plant) -> bool:
    """Whether a unit reaches its end of life in the horizon and has to be renewed: it may not go, and nothing replaces it."""
    ends = a.end_year is not None and a.end_year + 1 in plant.horizon.years
    return bool(a.size) and ends and a.renewal_investment is not None and not a.may_retire and not a.replaced_by


def _succession(plant: Plant, solution: Solution, built: Array, retired: Array, renewed: Array, ledger: Ledger) -> None:
    """What of an old unit is gone has replacements that have run for the stated years; each of them counts once."""
    old = [a for a in plant.assets.values() if a.replaced_by]
    if not old:
        return
    heirs = {h.name: [a for a in h.replaced_by if a in plant.assets] for h in old}  # those whose option is open
    order, years = {name: n for n, name in enumerate(plant.assets)}, np.array(plant.horizon.years)
    table = solution.value("succession.stands_in") if "succession.stands_in" in solution.tables else {}
    stands_in = {(h.name, heir): np.array([table.get((h.name, heir, int(y)), 0.0) for y in years]) for h in old for heir in heirs[h.name]}
    for h in old:
        there = _stands(h, years, retired[order[h.name]])
        again = (h.end_year or years[-1]) + 1
        there = there + renewed[order[h.name]] * ((again <= years) & (years < again + h.renewal_lifetime))
        made_up = np.sum([stands_in[h.name, heir] for heir in heirs[h.name]], axis=0) if heirs[h.name] else 0.0
        ledger.at_most("new before old", [[f"what is gone of {h.name} in {y}" for y in years]], h.size - there, np.asarray(made_up))
    for heir in dict.fromkeys(a for h in old for a in heirs[h.name]):
        asset, n = plant.assets[heir], order[heir]
        for wait in dict.fromkeys(h.overlap_years for h in old if heir in heirs[h.name]):
            ready = (years[:, None] + wait <= years) & (years < years[:, None] + asset.lifetime)  # in-service year, year
            able = (built[n][:, None] * ready).sum(axis=0)
            able += np.where((asset.in_service or -np.inf) <= years - wait, _stands(asset, years, retired[n]), 0.0)
            claimed = np.sum([stands_in[h.name, heir] for h in old if heir in heirs[h.name] and h.overlap_years >= wait], axis=0)
            ledger.at_most("new before old", [[f"{heir} after {wait} years in {y}" for y in years]], claimed, able)


def _stands(a: Asset, years: "np.ndarray[tuple[int], np.dtype[np.int_]]", retired: Array) -> Array:
    """(years,): what stood at the start, lives and was not retired."""
    begins, ends = a.in_service or years[0], a.end_year or years[-1]
    return np.where((begins <= years) & (years <= ends), a.size - retired.cumsum(), 0.0)


def extra_fixed_cost(plant: Plant, built: Array, retired: Array) -> Array:
    """(years,): MCNY that what stands costs more for its age, and what is new more or less for its vintage."""
    years, extra = np.array(plant.horizon.years), np.zeros(len(plant.horizon.years))
    for n, a in enumerate(plant.assets.values()):
        if a.ageing and a.in_service is not None:
            fixed = np.array([a.fixed_cost.get(int(y), 0.0) for y in years])
            extra += fixed * (np.power(1 + a.ageing, np.maximum(years - a.in_service, 0)) - 1) * _stands(a, years, retired[n])
        for v, more in a.vintage_cost.items():
            if v in plant.horizon.years:
                extra += more * built[n, v - years[0]] * ((v <= years) & (years < v + a.lifetime))
    return extra


def value_on_hosts(plant: Plant, solution: Solution) -> Array:
    """(assets,): today's MCNY left of retrofits on the parts of their hosts that the plan says they live on with."""
    order, value = {name: n for n, name in enumerate(plant.assets)}, np.zeros(len(plant.assets))
    for (m, v, h, part), lives in _lives_on(solution).items():
        measure, host = plant.assets[m], plant.assets[h]
        years = min(measure.lifetime, _gone(host, part) - v)
        if years > 0:
            value[order[m]] += lives * _dearest(measure, v) * audit_money.share_left(plant.horizon, v, years)
    return value


def _lasting(plant: Plant, solution: Solution, built: Array, retired: Array, renewed: Array, ledger: Ledger) -> None:
    """A retrofit is worth something only where its host is still there, and no more than was paid for it."""
    order, first = {name: n for n, name in enumerate(plant.assets)}, plant.horizon.first
    covered: dict[tuple[str, str, str], float] = {}
    worth: dict[tuple[str, int], float] = {}
    for (m, v, h, part), lives in _lives_on(solution).items():
        measure, host = plant.assets[m], plant.assets[h]
        reach = host.size + host.max_size if measure.per_site else 1.0
        covered[m, h, part] = covered.get((m, h, part), 0.0) + lives * reach
        worth[m, v] = worth.get((m, v), 0.0) + lives * _dearest(measure, v)
    for (m, h, part), amount in covered.items():
        n = order[h]
        left = plant.assets[h].size - retired[n].sum() if part == "stood" else renewed[n] if part == "renewed" else built[n, int(part[-4:]) - first]
        ledger.at_most("value on hosts", [[f"{m} on {h} ({part})"]], np.array([amount]), float(left))
    for (m, v), amount in worth.items():
        paid = audit_money.spent(plant.assets[m], v, built[order[m], v - first])
        ledger.at_most("value on hosts", [[f"{m} of {v}"]], np.array([amount]), paid, "MCNY")


def _lives_on(solution: Solution) -> Mapping[tuple[str, int, str, str], float]:
    found = solution.value("lasting.lives_on") if "lasting.lives_on" in solution.tables else {}
    return {q: v for q, v in found.items() if v}


def _gone(host: Asset, part: str) -> float:
    """The year in which a part of a host is no longer there."""
    end = np.inf if host.end_year is None else host.end_year + 1
    return end if part == "stood" else end + host.renewal_lifetime if part == "renewed" else int(part[-4:]) + host.lifetime


def _dearest(a: Asset, v: int) -> float:
    sizes = [s for s in (a.min_size, a.max_size, *(s for s, _ in a.curve)) if s > 0]
    return max(audit_money.spent(a, v, s) / s for s in sizes)


def _limits(plant: Plant, built: Array, renewed: Array, size: Array, ledger: Ledger) -> None:
    """Budgets hold by year, until a year and in today's money; nothing is built faster than it may be."""
    years = np.array(plant.horizon.years)
    invested = audit_money.investments(plant, built, renewed).sum(axis=0)
    today, _ = audit_money.discounts(plant.horizon)
    for b in plant.rules.budgets:
        paid = invested * np.array([b.level[int(y)] for y in years]) * (today if b.counts == "discounted" else 1.0)
        counted = paid if b.counts == "yearly" else paid.cumsum()
        limit = np.array([b.limit.get(int(y), np.inf) for y in years])
        ledger.at_most("budgets", [[f"{b.name} in {y}" for y in years]], counted, limit, "MCNY")
    for p in plant.rules.paces:
        kind = np.array([a.technology == p.technology for a in plant.assets.values()])
        unit = np.array([(a.module or 1.0) if p.in_units else 1.0 for a in plant.assets.values()])
        added, stands = (built[kind] / unit[kind, None]).sum(axis=0), (size[kind] / unit[kind, None]).sum(axis=0)
        before = np.array([(np.array([a.size for a in plant.assets.values()]) / unit)[kind].sum(), *stands[:-1]])
        most = np.array([p.limit.get(int(y), np.inf) for y in years]) + p.growth * before
        ledger.at_most("paces", [[f"{p.technology} in {y}" for y in years]], added, most)
