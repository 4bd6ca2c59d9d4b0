"""Options 选项: what each project does alone, against operation as today - a plausibility check before any plan.

Each option is looked at in the last year of the horizon, once built as far as it may be and used for what it can save:
first the lowest emissions it reaches alone, then the lowest cost of reaching them. An option that saves no emissions is
built in full and run at least cost. Measures interact, so these figures do not add up; the plan knows how they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from models.compiled import Compiled
from models.inputs import Inputs
from models.solution import Solution
from planner import investing, plan, results, translate, variants
from planner.case import Case
from planner.money import annuity_factor, present_value
from planner.plan import Listen, Progress, Work
from planner.plant import MILLION, THOUSAND, Asset, Plant
from planner.year import Year

LOCATION, MARKET = "location", "market"
COLUMNS = [
    "option",
    "en",
    "zh",
    "lever",
    "size",
    "unit",
    "investment_cny",
    "yearly_saving_cny",
    "payback_years",
    "lifetime_npv_cny",
    "saved_t",
    "cny_per_t",
    "remark",
]


@dataclass(frozen=True)
class Alone:
    """One option built alone: size and money in canonical units (MCNY, kt), against frozen operation of the same year."""

    size: float
    saving: float  # MCNY/a of running cost
    saved: float  # kt/a, location view (market view for certificates)


def evaluate(case: Case, plant: Plant, year: Year, listen: Listen = lambda _: True) -> pd.DataFrame:
    """One row an option, in the order of the case; see COLUMNS. CNY are real, of the base year."""
    steady = one_year(plant)
    x = replace(translate.inputs(steady, year), cap_counts={LOCATION: ("direct_energy", LOCATION), MARKET: ("direct_energy", MARKET)}, cap_limit={})
    alone = plan.in_own_process(each_alone, x, patience=900.0, listen=listen)
    rows = [_row(case, steady, name, alone.get(name)) for name in plant.candidates if plant.assets[name].max_size > 0]
    rows += [_certificate(case, name, alone[name]) for name in x.certificates if name in alone]
    return pd.DataFrame(rows, columns=COLUMNS)


def one_year(plant: Plant) -> Plant:
    """The same plant in the last year alone: what had to be renewed before has been."""
    last = plant.horizon.last
    assets = {
        a.name: replace(a, end_year=None) if a.end_year is not None and a.end_year < last and a.renewal_investment is not None else a
        for a in plant.assets.values()
    }
    return replace(plant, assets=assets, horizon=replace(plant.horizon, first=last))


def each_alone(x: Inputs, *, report: Listen) -> Mapping[str, Alone]:
    """The job: every option alone. An option that cannot run at all, or not without others, is left out or saves nothing.

    Equipment that stands there can be run for lower emissions too; that is no option's merit, so each is compared with
    what the works of today would emit and cost when run for the lowest emissions.
    """
    work = Work(x, report)
    year = x.years[-1]
    unproven = variants.without_certificates(work.compiled, x.bundled)  # a contract on green power would leave certificates nothing to do
    closed = variants.without_certificates(unproven, x.certificates)
    base = {view: _best(work, variants.with_only(closed, ()), view, year) for view in (LOCATION, MARKET)}
    found = {}
    names = list(dict.fromkeys(a for a, _ in x.builds)) + list(x.certificates)
    for n, name in enumerate(names):
        if not report(Progress("options", n / len(names))):
            break
        view = MARKET if name in x.certificates else LOCATION
        problem = variants.with_only(
            unproven if name in x.certificates else closed, {name, x.replaces.get(name, name), *(h for a, h in x.converts if a == name)}
        )
        today, lowest = base[view], _best(work, problem, view, year)
        if today is None or lowest is None:
            continue
        saved = today[0] - lowest[0]
        if saved <= 1e-7 * abs(today[0]):  # it saves no emissions by itself: build it in full and run at least cost
            built = variants.with_all_built(problem, name, x.module.get(name, x.max_size[name]))
            lowest, today = _cheapest(work, built, view, year), _cheapest(work, variants.with_only(closed, ()), view, year)
            if lowest is None or today is None:
                continue
        size = sum(v for (a, _), v in lowest[1].value("capacity.built").items() if a == name)
        found[name] = Alone(size, _bill(today[1]) - _bill(lowest[1]), today[0] - lowest[0])
    return found


def _best(work: Work, problem: Compiled, view: str, year: int) -> tuple[float, Solution] | None:
    """The lowest emissions, kt, and the cheapest way to reach them (within a millionth)."""
    lowest = work.solve(variants.least(problem, view, year), "options", seconds=30)
    if lowest.cost is None:
        return None
    return _cheapest(work, variants.counting_at_most(problem, view, year, lowest.cost + 1e-6 * abs(lowest.cost)), view, year)


def _cheapest(work: Work, problem: Compiled, view: str, year: int) -> tuple[float, Solution] | None:
    solution = work.read(work.solve(problem, "options", seconds=30))
    return (solution.value("cap.counted")[view, year], solution) if solution.tables else None


def _bill(solution: Solution) -> float:
    return sum(solution.value("cost.running").values())


def _row(case: Case, plant: Plant, name: str, alone: Alone | None) -> dict[str, object]:
    asset = plant.assets[name]
    row: dict[str, object] = {"option": name, "en": case.label(name, "en"), "zh": case.label(name, "zh"), "lever": asset.lever, "unit": asset.unit}
    if alone is None or alone.size <= results.SMALL:
        return row | {"remark": "cannot run without other options"}
    return row | _figures(asset, plant, alone)


def _figures(asset: Asset, plant: Plant, alone: Alone) -> dict[str, object]:
    last = plant.horizon.last
    invested = asset.spent(last, alone.size)
    life = served(plant, asset, last)
    rate = plant.horizon.rate
    yearly = alone.saving - invested * annuity_factor(rate, life)
    idle = abs(alone.saved) < 1e-3 and alone.saving <= 0
    return {
        "size": alone.size * asset.scale, "investment_cny": invested * MILLION, "yearly_saving_cny": alone.saving * MILLION,
        "payback_years": invested / alone.saving if alone.saving > 0 else None,
        "lifetime_npv_cny": (alone.saving * present_value(rate, life) - invested) * MILLION, "saved_t": alone.saved * THOUSAND,
        "cny_per_t": -yearly * MILLION / (alone.saved * THOUSAND) if alone.saved > 1e-3 else None,
        "remark": "pays only together with other options" if idle else "",
    }  # fmt: skip


def served(plant: Plant, asset: Asset, first_service: int) -> float:
    """Years that an option serves: its own life, and on one host no longer than what stands there, renewed or not."""
    hosts = [plant.assets[n] for n in asset.hosts] if len(asset.hosts) == 1 else []
    ends = [h.end_year + 1 + (h.renewal_lifetime if investing.renewable(h, plant.horizon.years) else 0) for h in hosts if h.end_year]
    return max(1.0, min([asset.lifetime, *(end - first_service for end in ends)]))


def _certificate(case: Case, name: str, alone: Alone) -> dict[str, object]:
    market = case.by_name["markets"][name]
    return {
        "option": name, "en": market["en"], "zh": market["zh"], "lever": "structure", "unit": "", "investment_cny": 0.0,
        "yearly_saving_cny": alone.saving * MILLION, "lifetime_npv_cny": None, "saved_t": alone.saved * THOUSAND,
        "cny_per_t": -alone.saving * MILLION / (alone.saved * THOUSAND) if alone.saved > 1e-6 else None, "remark": "market view only",
    }  # fmt: skip
