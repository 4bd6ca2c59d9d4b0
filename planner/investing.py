"""Investing 投资: what may be built at what price, what excludes and replaces what, and what is left - as the mathematics counts it."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Any

from planner.plant import Asset, Plant

Builds = tuple[tuple[str, int], ...]


def inputs(plant: Plant, projects: Builds) -> dict[str, Any]:
    """Fields of Inputs that speak of investing; ``projects``: (asset, in-service year)."""
    assets, horizon = plant.assets, plant.horizon
    scaled = {a: pieces(assets[a]) for a, _ in projects if pieces(assets[a])}
    cells = [(a, v, n, piece) for a, v in projects for n, piece in enumerate(scaled.get(a, ()), start=1)]
    return {
        "due": tuple(a.name for a in assets.values() if renewable(a, horizon.years) and not a.may_retire and not a.replaced_by),
        "investment": {(a, v): assets[a].investment.get(v, 0.0) for a, v in projects if a not in scaled},
        "piece": {(a, n): piece for a, found in scaled.items() for n, piece in enumerate(found, start=1)},
        "piece_slope": {(a, v, n): _slope(assets[a], v, piece) for a, v, n, piece in cells},
        "piece_start": {(a, v, n): _start(assets[a], v, piece) for a, v, n, piece in cells},
        "vintage_cost": {(a, v): more for a, v in projects if (more := assets[a].vintage_cost.get(v, 0.0))},
        "aged_cost": {(a.name, y): more for a in assets.values() for y in horizon.years if (more := aged_cost(a, y))},
        "credit": {(a, v): horizon.credit(v, assets[a].lifetime) for a, v in projects if not assets[a].hosts},
        **_rules(plant, projects),
        **_succession(plant),
        **_lasting(plant, projects),
        **_taken(plant),
        **_limits(plant),
    }


def builds(plant: Plant) -> Builds:
    """What may go into service when: within its years, only if all that it needs can be there, and of a host only while it stands."""
    until = {a: (plant.assets[h].end_year or plant.horizon.last) + 1 for a, h in plant.rules.converts if h in plant.assets}
    closed = {a for a, h in (*plant.rules.needs, *plant.rules.converts) if h not in plant.assets}
    offered = [a for a in plant.assets.values() if a.max_size > 0 and a.name not in closed]
    return tuple(
        (a.name, v)
        for a in offered
        for v in plant.horizon.years
        if a.first_service <= v <= min(a.latest_service or v, until.get(a.name, v)) or ("build", a.name, v) in plant.decisions
    )


def retirements(plant: Plant, projects: Builds) -> Builds:
    """(asset, year): of what stands some may go - early, or by becoming something else."""
    begins = converted(plant, projects)
    known = ((a, y) for a in plant.assets.values() for y in plant.horizon.years)
    return tuple((a.name, y) for a, y in known if goes_early(plant, a, y) or ("retire", a.name, y) in plant.decisions or (a.name, y) in begins)


def goes_early(plant: Plant, a: Asset, y: int) -> bool:
    """Whether some of an asset may be retired in a year, at the latest in its last."""
    return a.may_retire and plant.decide_from <= y <= (a.end_year or y)


def converted(plant: Plant, projects: Builds) -> dict[tuple[str, int], None]:
    """(host, year): something else may begin in place of a host that stands, at the latest when its life ends."""
    hosts = {a: plant.assets[h] for a, h in plant.rules.converts if h in plant.assets}
    return dict.fromkeys((hosts[a].name, v) for a, v in projects if a in hosts and v <= (hosts[a].end_year or v) + 1)


def pieces(asset: Asset) -> tuple[tuple[float, float], ...]:
    """Sizes where the pieces of an asset's cost curve begin and end; none when every size costs the same and any may be built."""
    if asset.curve:
        ends = [min(size, asset.max_size) for size, _ in asset.curve]
        return tuple((low, high) for low, high in pairwise(ends) if high > low or low == asset.max_size == ends[0])
    return ((asset.min_size, asset.max_size),) if asset.min_size or asset.project_investment else ()


def _slope(asset: Asset, v: int, piece: tuple[float, float]) -> float:
    """What each further size in a piece costs, MCNY."""
    low, high = piece
    if asset.curve:
        inside = (low + high) / 2
        return (asset.spent(v, high) - asset.spent(v, inside)) / (high - inside) if high > inside else 0.0
    return asset.investment.get(v, 0.0)


def _start(asset: Asset, v: int, piece: tuple[float, float]) -> float:
    """What being in a piece costs beside its sizes, MCNY."""
    return asset.spent(v, piece[1]) - _slope(asset, v, piece) * piece[1] if asset.curve else asset.project_investment.get(v, 0.0)


def aged_cost(asset: Asset, y: int) -> float:
    """What a size that stands costs more in year ``y`` than a new one, MCNY: its fixed cost rises with every year of age."""
    age = max(0, y - (asset.in_service or y))
    return asset.fixed_cost.get(y, 0.0) * ((1 + asset.ageing) ** age - 1) if asset.size else 0.0


def renewable(a: Asset, years: tuple[int, ...]) -> bool:
    """Whether a unit reaches its end of life within ``years`` and may be renewed then."""
    return a.renewal_investment is not None and a.end_year is not None and years[0] <= a.end_year + 1 <= years[-1]


def _rules(plant: Plant, projects: Builds) -> dict[str, Any]:
    rules = plant.rules
    return {
        "converts": {(a, h): per for (a, h), per in rules.converts.items() if h in plant.assets},
        "converted_only": tuple((h, y) for h, y in converted(plant, projects) if not goes_early(plant, plant.assets[h], y)),
        "at_most": {name: members for name, (members, _) in rules.at_most.items() if members},
        "choice_count": {name: count for name, (members, count) in rules.at_most.items() if members},
        "needs": {(a, h): per for (a, h), per in rules.needs.items() if h in plant.assets},
        "together": {name: members for name, (members, _) in rules.together.items() if members},
        "required": dict(rules.required),
        "together_limit": {name: size for name, (members, size) in rules.together.items() if members},
    }


def _taken(plant: Plant) -> dict[str, Any]:
    return {
        "built_already": {(a, v): size for (action, a, v), size in plant.decisions.items() if action == "build"},
        "retired_already": {(a, y): size for (action, a, y), size in plant.decisions.items() if action == "retire"},
        "renewed_already": {a: size for (action, a, _), size in plant.decisions.items() if action == "renew"},
    }


def _succession(plant: Plant) -> dict[str, Any]:
    old = [a for a in plant.assets.values() if a.replaced_by]
    heirs = {h.name: tuple(a for a in h.replaced_by if a in plant.assets) for h in old}
    waits = dict.fromkeys((heir, h.overlap_years) for h in old for heir in heirs[h.name])
    return {
        "replaced_by": heirs,
        "overlap": {a.name: a.overlap_years for a in old},
        "seasoned": tuple((a, k, y) for a, k in waits for y in plant.horizon.years if (plant.assets[a].in_service or -inf) <= y - k),
    }


def _lasting(plant: Plant, projects: Builds) -> dict[str, Any]:
    horizon, values, dearest = plant.horizon, {}, {}
    for name, v in projects:
        measure = plant.assets[name]
        for host in measure.hosts:
            for part, end in parts(plant, plant.assets[host], projects):
                left = horizon.credit(v, min(measure.lifetime, end - v)) if end > v else 0.0
                if left > 0:
                    values[name, v, host, part] = left
                    dearest[name, v] = most_per_size(measure, v)
    return {"lasting": values, "dearest": dearest}


def parts(plant: Plant, host: Asset, projects: Builds) -> Iterator[tuple[str, float]]:
    """The parts of a host and the years in which they are gone: what stands, what may be renewed, what may be built."""
    if host.size:
        yield "stood", host.end_year + 1 if host.end_year is not None else inf
    if renewable(host, plant.horizon.years) and host.end_year is not None:
        yield "renewed", host.end_year + 1 + host.renewal_lifetime
    for name, v in projects:
        if name == host.name:
            yield f"built {v}", v + host.lifetime


def most_per_size(asset: Asset, v: int) -> float:
    """The highest price of a size, MCNY: of the smallest project where a larger one is cheaper by the size."""
    points = [s for s in (asset.min_size, *(s for s, _ in asset.curve), asset.max_size) if s > 0]
    return max(asset.spent(v, s) / s for s in points)


def _limits(plant: Plant) -> dict[str, Any]:
    horizon, budgets, paces = plant.horizon, plant.rules.budgets, plant.rules.paces
    counted = {
        (b.name, y, d): b.level[d] * (horizon.at_start(d) if b.counts == "discounted" else 1.0)
        for b in budgets
        for y in b.limit
        for d in horizon.years
        if d == y or (d < y and b.counts != "yearly")
    }
    return {
        "budget": {(b.name, y): limit for b in budgets for y, limit in b.limit.items()},
        "budget_weight": counted,
        "pace": {(p.technology, y): limit for p in paces for y, limit in p.limit.items()},
        "growth": {(p.technology, y): p.growth for p in paces if p.growth for y in p.limit},
        "pace_count": {
            (p.technology, a.name): 1 / (a.module or 1.0) if p.in_units else 1.0
            for p in paces
            for a in plant.assets.values()
            if a.technology == p.technology
        },
    }
