"""The smallest factory: inputs written by hand, so that every answer is arithmetic."""

from dataclasses import replace
from typing import Any

from models.build import build
from models.compiled import compile_matrix
from models.inputs import Inputs
from models.solution import Solution, prices_of, tables_of
from planner import highs

EMPTY: dict[str, Any] = {name: {} for name in Inputs.__dataclass_fields__} | {
    "step_carriers": (), "year_carriers": (), "assets": (), "builds": (), "retirements": (), "flat": (), "flexible": (),
    "hosted": (), "replaceable": (), "buys": (), "sells": (), "grid": (), "certificates": (), "one_way": (), "bundled": (), "heat": (),
    "seasonal": (), "day_order": (), "cap_sums": (), "losses": (), "physical": (), "clean": (), "converted_only": (),
}  # fmt: skip


def factory(*, steps: int = 1, years: tuple[int, ...] = (2026,), **numbers: Any) -> Inputs:
    """One day of ``steps`` steps that stands for the year, no interest; everything else as given."""
    names = tuple(f"s{n}" for n in range(steps))
    base: dict[str, Any] = EMPTY | {
        "name": "tiny",
        "years": years,
        "steps": names,
        "previous": {s: names[n - 1] for n, s in enumerate(names)},
        "hours": dict.fromkeys(names, 1.0),
        "duration": dict.fromkeys(names, 1.0),
        "billing": dict.fromkeys(names, "all"),
        "months": {"all": 12.0},
        "discount_start": dict.fromkeys(years, 1.0),
        "discount_end": dict.fromkeys(years, 1.0),
        "grid_factor": {(view, y): 0.5 for view in ("location", "market") for y in years},
    }
    return Inputs(**(base | numbers))


def candidate(x: Inputs, asset: str, *, price: float, life: int = 99, from_year: int | None = None, **more: Any) -> Inputs:
    """Let ``asset`` be built in every year, paid at the start of its first year, without value at the end."""
    years = [y for y in x.years if y >= (from_year or x.years[0])]
    return replace(
        x,
        assets=tuple(dict.fromkeys((*x.assets, asset))),
        builds=x.builds + tuple((asset, y) for y in years),
        vintages=dict(x.vintages) | {(asset, y): tuple(v for v in years if v <= y < v + life) for y in x.years},
        max_size=dict(x.max_size) | {asset: more.pop("max_size", 1e3)},
        investment=dict(x.investment) | {(asset, y): price for y in years},
        paid=dict(x.paid) | {(asset, y, y): 1.0 for y in years},
        credit=dict(x.credit) | {(asset, y): 0.0 for y in years},
        module=dict(x.module) | ({asset: more.pop("module")} if "module" in more else {}),
        **more,
    )


def existing(x: Inputs, asset: str, size: float, *, until: int | None = None, **more: Any) -> Inputs:
    """Let ``asset`` stand at the start with ``size``, until the end of ``until``."""
    alive = {(asset, y): 1.0 for y in x.years if until is None or y <= until}
    return replace(
        x,
        assets=tuple(dict.fromkeys((*x.assets, asset))),
        existing=dict(x.existing) | {asset: size},
        alive=dict(x.alive) | alive,
        **more,
    )


def plan(x: Inputs) -> Solution:
    """Solve exactly; fail loudly when there is no plan."""
    m = build(x)
    compiled = compile_matrix(m)
    answer = highs.solve(compiled, relative_gap=0.0)
    if answer.values is None:
        return Solution(status=answer.ending)
    fixed = highs.solve(highs.with_fixed_wholes(compiled, answer.values))
    assert fixed.duals is not None
    return Solution(
        status=answer.ending, cost=answer.cost, bound=answer.bound,
        tables=tables_of(m, compiled, answer.values), prices=prices_of(compiled, fixed.duals, m),
    )  # fmt: skip


def trade(x: Inputs, market: str, carrier: str, price: Any, *, sells: bool = False, limit: float | None = None, **more: Any) -> Inputs:
    """Buy (or sell) ``carrier`` on ``market`` at ``price``: one number, or one a step."""
    side, hourly = "sells" if sells else "buys", carrier in x.step_carriers
    of_step = dict(zip(x.steps, price if isinstance(price, (list, tuple)) else [price] * len(x.steps), strict=True))
    return replace(
        x,
        markets=dict(x.markets) | {market: carrier},
        price=dict(x.price) | ({} if hourly else {(market, y): price for y in x.years}),
        step_price=dict(x.step_price) | ({(market, y, s): p for y in x.years for s, p in of_step.items()} if hourly else {}),
        market_limit=dict(x.market_limit) | ({(market, y): limit for y in x.years} if limit is not None else {}),
        **{side: (*getattr(x, side), market)},
        **more,
    )


def works(x: Inputs, converter: str, *, flexible: bool = False, cost: float = 0.0, **ratio: float) -> Inputs:
    """Give ``converter`` what it makes (+) and uses (-) per activity; flat ones run all year at one level."""
    side, year = "flexible" if flexible else "flat", sum(x.duration.values())
    return replace(
        x,
        assets=tuple(dict.fromkeys((*x.assets, converter))),
        ratio=dict(x.ratio) | {(converter, c): r for c, r in ratio.items()},
        shape=dict(x.shape) | ({} if flexible else {(converter, s): 1 / year for s in x.steps}),
        variable_cost=dict(x.variable_cost) | ({(converter, y): cost for y in x.years} if cost else {}),
        **{side: (*getattr(x, side), converter)},
    )


def retrofit(
    x: Inputs, measure: str, *hosts: str, saving: dict[str, float] | None = None, uptake: float = 1.0, reach: float = 1.0, **changes: float
) -> Inputs:
    """Put ``measure`` on its ``hosts``: shares it saves (after the measures already there), and changes per activity."""
    saved = {(measure, h, c): share for h in hosts for c, share in (saving or {}).items()}
    return replace(
        x,
        assets=tuple(dict.fromkeys((*x.assets, measure))),
        hosted=x.hosted + tuple((measure, h) for h in hosts),
        coverage=dict(x.coverage) | {(measure, h): reach for h in hosts},
        uptake=dict(x.uptake) | {measure: uptake},
        saving=dict(x.saving) | saved,
        before=dict(x.before) | {(p, h, c): tuple(q for q, g, d in x.saving if (g, d) == (h, c)) for p, h, c in saved},
        ratio=dict(x.ratio) | {(measure, c): r for c, r in changes.items()},
        replaceable=tuple(dict.fromkeys((*x.replaceable, *((h, c) for h in hosts for c in changes if x.ratio.get((h, c), 0) < 0)))),
    )
