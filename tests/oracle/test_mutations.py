"""Whatever is done wrong in the model, the oracle notices: each mutation changes the answer of some random factory."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from pyomo.environ import Constraint, quicksum

from models import capacity, cost, emissions, lasting, measure, reserve, scale, store, succession
from oracle.test_oracle import agree, foreseen, planned
from planner import backup, investing, outage, translate
from planner.money import Horizon, annuity_factor, present_value

Mutation = Callable[[pytest.MonkeyPatch], None]
SEEDS = range(1000)


def no(block: str, rule: str) -> Mutation:
    """A rule of the model is lost."""
    return lambda patch: patch.setattr(import_module(f"models.{block}"), rule, lambda b, *i: Constraint.Skip)


def instead(module: Any, name: str, other: Any) -> Mutation:
    """A function does something else."""
    return lambda patch: patch.setattr(module, name, other)


def fields(module: Any, name: str, **edits: Callable[[Any], Any]) -> Mutation:
    """Numbers that a function hands to the model are others."""
    right = getattr(module, name)

    def wrong(*given: Any) -> Any:
        found = right(*given)
        return found | {key: edit(found[key]) for key, edit in edits.items()}

    return instead(module, name, wrong)


# Rules said wrong ------------------------------------------------------------------------------------------------------------


def _size(*, renewed: bool = True, gone: bool = True, life: bool = True) -> Callable[..., Any]:
    """What is in service, with a part of the sum forgotten."""

    def size_definition(b: Any, a: str, y: int) -> Any:
        lost = quicksum(b.retired[a, v] for v in b.retirement_years.get(a, ()) if v <= y) if gone else 0
        again = b.renewed_alive[a, y] * b.renewed[a] if renewed and a in b.RENEWALS else 0
        vintages = b.vintages.get((a, y), ()) if life else [v for q, v in b.BUILDS if q == a and v <= y]
        return b.size[a, y] == b.alive[a, y] * (b.existing[a] - lost) + again + quicksum(b.built[a, v] for v in vintages)

    return size_definition


def _gap(*, alive: bool) -> Callable[..., Any]:
    def gap_is_filled(b: Any, h: str, y: int) -> Any:
        c = b.model().capacity
        stands = capacity.standing(c, h, y) * (c.alive[h, y] if alive else 1) + (0 if alive else (c.renewed[h] if h in c.RENEWALS else 0))
        return c.existing[h] - stands <= quicksum(b.stands_in[h, a, y] for a in b.heirs[h])

    return gap_is_filled


def due_all_the_same(b: Any, a: str) -> Any:
    return b.renewed[a] >= b.existing[a]


def replacement_without_waiting(b: Any, a: str, k: int, y: int) -> Any:
    c = b.model().capacity
    old = c.alive[a, y] * capacity.standing(c, a, y) if (a, k, y) in b.seasoned else 0
    return quicksum(b.stands_in[h, a, y] for h in b.patient[a, k]) <= quicksum(c.built[a, v] for v in c.vintages.get((a, y), ())) + old


def savings_that_add_up(b: Any, p: str, h: str, c: str, y: int) -> Any:
    return b.saved[p, h, c, y] <= b.saving[p, h, c] * b.uptake[p, h] * b.use[h, c] * b.model().converter.activity[h, y]


def potential_for_each(b: Any, n: str, y: int) -> Any:
    host = b.potential[n][0][1]
    return quicksum(b.activity[p, h, y] for p, h in b.potential[n]) <= 2 * b.model().converter.activity[host, y]


def level_without_loss(b: Any, a: str, y: int, s: str) -> Any:
    m = b.model()
    gained = b.charge[a, y, s] - b.discharge[a, y, s]
    return b.level[a, y, s] == b.level[a, y, m.previous[s]] + m.hours[s] * gained


def level_without_hours(b: Any, a: str, y: int, s: str) -> Any:
    m = b.model()
    gained = b.charge_efficiency[a] * b.charge[a, y, s] - b.discharge[a, y, s] / b.discharge_efficiency[a]
    return b.level[a, y, s] == (1 - b.standing_loss[a]) ** m.hours[s] * b.level[a, y, m.previous[s]] + gained


def spent_without_the_start(b: Any, a: str, v: int) -> Any:
    pieces = quicksum(b.slope[a, v, n] * b.part[a, v, n] for n in b.of_project.get((a, v), ()))
    return b.price[a, v] * b.model().capacity.built[a, v] + pieces


def least_without_choice(b: Any, a: str, v: int, n: int) -> Any:
    return b.part[a, v, n] >= 0


def total_with_the_credit_paid(b: Any) -> Any:
    m = b.model()
    invested = quicksum(b.discount_start[y] * b.investing[a, y] for a in m.capacity.ASSETS for y in m.YEARS)
    run = quicksum(b.discount_end[y] * b.running[p, y] for p in b.PARTS for y in m.YEARS)
    return invested + run + quicksum(b.credited[a] for a in m.capacity.ASSETS)


def total_without_discount(b: Any) -> Any:
    m = b.model()
    invested = quicksum(b.investing[a, y] for a in m.capacity.ASSETS for y in m.YEARS)
    run = quicksum(b.discount_end[y] * b.running[p, y] for p in b.PARTS for y in m.YEARS)
    return invested + run - quicksum(b.credited[a] for a in m.capacity.ASSETS)


def investing_without_renewals(b: Any, a: str, y: int) -> Any:
    m = b.model()
    return quicksum(b.paid[a, v, y] * m.scale.spent[a, v] for q, v in m.capacity.BUILDS if q == a and (a, v, y) in b.paid)


def proofs_in_every_view(b: Any, q: str, y: int) -> Any:
    amount = b.model().market.amount
    proven = quicksum(amount[k, y] for k in b.certificates)
    heat = quicksum(b.embodied[k] * amount[k, y] for k in b.HEAT)
    return b.energy[q, y] == b.grid_factor[q, y] * (quicksum(amount[k, y] for k in b.grid) - proven) + heat


def heat_without_carbon(b: Any, q: str, y: int) -> Any:
    amount = b.model().market.amount
    proven = quicksum(amount[k, y] for k in b.certificates) if q == "market" else 0
    return b.energy[q, y] == b.grid_factor[q, y] * (quicksum(amount[k, y] for k in b.grid) - proven)


def value_twice(b: Any, a: str) -> Any:
    return 2 * quicksum(b.worth[a, v, h, q] * b.dearest[a, v] * b.lives_on[a, v, h, q] for v, h, q in b.of_measure.get(a, ()))


def stopped_in_the_year_it_runs(plant: Any, typical: Any, projects: Any, right: Any = outage.rebuilds) -> Any:
    """Projects stop their hosts when they run already, not while they are built."""
    late = right(plant, typical, [(a, v + 1) for a, v in projects if v + 1 in plant.horizon.years])
    return late | {"stops": {(a, v - 1): stop for (a, v), stop in late["stops"].items()}}


# Numbers that are wrong ------------------------------------------------------------------------------------------------------


def a_year_more(self: Horizon, first_service: int, life: float) -> float:
    end = self.last + self.tail_years + 1
    left = first_service + life - end + 1
    return annuity_factor(self.rate, life) * present_value(self.rate, left) * self.at_start(end) if left > 0 else 0.0


def nothing_left(self: Horizon, first_service: int, life: float) -> float:
    return 0.0


def paid_at_once(self: Horizon, first_service: int, lead_years: int) -> dict[int, float]:
    return {first_service - max(lead_years, 1) + 1: 1.0}


def paid_at_the_start(self: Horizon, year: int) -> float:
    return sum(self.at_start(year + n) for n in range((1 + self.tail_years) if year == self.last else 1))


def without_the_tail(self: Horizon, year: int) -> float:
    return self.at_start(year + 1)


def a_month_late(a: Any, y: int, right: Any = outage.days) -> range:
    found = right(a, y)
    return range(min(found.start + 30, 365), min(found.stop + 30, 365)) if found else found


def cut_off(a: Any, y: int, right: Any = outage.days) -> range:
    return right(a, y) if y == (a.end_year or 0) + 1 else range(0)


def dark_all_day(plant: Any, days: Any, right: Any = backup.tied) -> Any:
    here = right(plant, days)
    dark = {day for day, v in zip(days.day, here, strict=True) if v == 0}
    return np.array([0.0 if day in dark else 1.0 for day in days.day])


def built_when_ordered(plant: Any) -> Any:
    closed = {a for a, h in plant.rules.needs if h not in plant.assets}
    offered = [a for a in plant.assets.values() if a.max_size > 0 and a.name not in closed]
    return tuple((a.name, v) for a in offered for v in plant.horizon.years if v <= (a.latest_service or v))


def built_ever_after(plant: Any) -> Any:
    closed = {a for a, h in plant.rules.needs if h not in plant.assets}
    offered = [a for a in plant.assets.values() if a.max_size > 0 and a.name not in closed]
    return tuple((a.name, v) for a in offered for v in plant.horizon.years if a.first_service <= v)


def _changed_input(**edits: Callable[[Any], Any]) -> Mutation:
    """A field of the inputs as a whole is another."""
    from dataclasses import replace

    right = translate.inputs

    def wrong(plant: Any, year: Any) -> Any:
        x = right(plant, year)
        return replace(x, **{name: edit(getattr(x, name)) for name, edit in edits.items()})

    return instead(translate, "inputs", wrong)


def _without(found: Any) -> dict[Any, Any]:
    return {}


def _times(factor: float) -> Callable[[Any], Any]:
    return lambda found: {key: value * factor for key, value in found.items()}


MUTATIONS: dict[str, Mutation] = {
    # capacity
    "what was renewed is not in service": instead(capacity, "size_definition", _size(renewed=False)),
    "a renewal costs no time": fields(outage, "inputs", dated_usable=_without, dated_shape=_without, dated_availability=_without),
    "an outage is spread over the year": fields(outage, "inputs", dated_shape=_without),
    "a flexible unit has no outage": fields(outage, "inputs", dated_availability=_without),
    "an outage begins a month late": instead(outage, "days", a_month_late),
    "an outage ends with the year": instead(outage, "days", cut_off),
    "what was retired still runs": instead(capacity, "size_definition", _size(gone=False)),
    "what was built never ends": instead(capacity, "size_definition", _size(life=False)),
    "more is built than may be": no("capacity", "build_limit"),
    "parts of units are built": no("capacity", "module_definition"),
    "parts of units are retired": no("capacity", "scrap_definition"),
    "parts of units are renewed": no("capacity", "reline_definition"),
    "more is renewed than stands": no("capacity", "renewal_limit"),
    "what is due is not renewed": no("capacity", "renewal_due"),
    "two stand in one place": no("capacity", "place_limit"),
    "the roof has no end": no("capacity", "area_limit"),
    "age costs nothing": fields(investing, "inputs", aged_cost=_without),
    "a vintage costs what others do": fields(investing, "inputs", vintage_cost=_without),
    "a vintage costs the other way round": fields(investing, "inputs", vintage_cost=_times(-1)),
    # projects
    "a lead time is lost": instead(investing, "builds", built_when_ordered),
    "a latest year is lost": instead(investing, "builds", built_ever_after),
    "a project costs nothing to begin": instead(scale, "spent", spent_without_the_start),
    "no project is too small": instead(scale, "least_size", least_without_choice),
    "a project lies in two pieces": no("scale", "piece_choice"),
    "a piece has no end": no("scale", "most_size"),
    # rules
    "what excludes each other is built": no("choice", "choice_limit"),
    "what is not chosen is built": no("choice", "build_needs_choice"),
    "what is not chosen is renewed": no("choice", "renewal_needs_choice"),
    "a prerequisite is lost": no("choice", "prerequisite"),
    "a prerequisite allows twice as much": fields(investing, "inputs", needs=_times(2)),
    "a shared size is lost": no("choice", "shared_limit"),
    "what must be adopted is not": no("choice", "adopted"),
    "a budget is lost": no("budget", "budget_limit"),
    "a budget counts another money": fields(investing, "inputs", budget_weight=lambda found: dict.fromkeys(found, 1.0)),
    "a pace is lost": no("budget", "pace_limit"),
    "a pace does not grow": fields(investing, "inputs", growth=_without),
    "what was ordered is not built": no("taken", "build_taken"),
    "what was kept is retired": no("taken", "retirement_taken"),
    # new before old
    "the old goes before the new": no("succession", "gap_is_filled"),
    "an end of life needs no replacement": instead(succession, "gap_is_filled", _gap(alive=False)),
    "a renewal does not count as standing": instead(succession, "gap_is_filled", _gap(alive=True)),
    "one replacement makes up for everything": no("succession", "replacement_limit"),
    "a replacement need not have run": instead(succession, "replacement_limit", replacement_without_waiting),
    # conversions
    "nothing leaves for what begins": no("conversion", "conversion_limit"),
    "what may only be converted just goes": no("conversion", "converted_alone"),
    "a conversion takes half": fields(investing, "_rules", converts=_times(0.5)),
    "what is converted is renewed all the same": instead(capacity, "renewal_due", due_all_the_same),
    # rebuilds
    "nothing stands still": no("rebuild", "stop_least"),
    "anything may stand still": no("rebuild", "stop_most"),
    "a standstill costs no production": no("rebuild", "part_limit"),
    "a standstill is spread over the year": fields(outage, "rebuilds", part_shape=_times(0.0)),
    "a standstill comes a year late": instead(outage, "rebuilds", stopped_in_the_year_it_runs),
    "a conversion stops nothing": fields(outage, "rebuilds", stopped=_times(0.0)),
    "measures run on without their host": no("rebuild", "covered_limit"),
    "savings go on without their host": no("rebuild", "saved_limit"),
    # measures
    "a measure covers more than was built": no("measure", "size_limit"),
    "a measure covers more than its host": no("measure", "host_limit"),
    "savings add up": instead(measure, "remaining_limit", savings_that_add_up),
    "all is saved": no("measure", "saving_limit"),
    "more is given back than used": no("measure", "use_limit"),
    "one exhaust is used twice": instead(measure, "potential_limit", potential_for_each),
    "more carbon is captured than let out": no("emissions", "release_limit"),
    "a site-wide measure covers one size": _changed_input(coverage=lambda found: dict.fromkeys(found, 1.0)),
    "a measure fits all of its host": _changed_input(uptake=_without),
    # what is left
    "salvage is off by a year": instead(Horizon, "credit", a_year_more),
    "nothing is left": instead(Horizon, "credit", nothing_left),
    "what is left is paid, not credited": instead(cost, "total", total_with_the_credit_paid),
    "a retrofit outlives its host": no("lasting", "stood_limit"),
    "a retrofit lives on what is not renewed": no("lasting", "renewed_limit"),
    "a retrofit lives on what is not built": no("lasting", "new_limit"),
    "a retrofit is worth more than was paid": no("lasting", "project_limit"),
    "a retrofit is worth twice": instead(lasting, "value", value_twice),
    # money
    "investment is not discounted": instead(cost, "total", total_without_discount),
    "a renewal is free": instead(cost, "investing", investing_without_renewals),
    "investment is paid in one part": instead(Horizon, "payments", paid_at_once),
    "running is paid at the start": instead(Horizon, "at_end", paid_at_the_start),
    "the tail is lost": instead(Horizon, "at_end", without_the_tail),
    "a weight is dropped": _changed_input(duration=lambda found: dict.fromkeys(found, 8.76 / len(found))),
    # running
    "a flat unit runs beyond its size": no("converter", "activity_limit"),
    "a flexible unit runs beyond its size": no("converter", "output_limit"),
    "availability is lost": _changed_input(usable=_without),
    "a store gives all back": instead(store, "level_balance", level_without_loss),
    "a store forgets the hours": instead(store, "level_balance", level_without_hours),
    "a store has no end": no("store", "level_limit"),
    "a store is filled at once": no("store", "charge_limit"),
    "power of its own is lost": no("store", "charge_power"),
    "what is emptied has no power": no("store", "discharge_power"),
    # backup
    "all of a process is shed": no("shed", "shed_limit"),
    "all of the load is cut": no("shed", "cut_limit"),
    "nothing need be delivered": no("shed", "waived_limit"),
    "shedding costs nothing": _changed_input(shed_cost=_without),
    "unserved use costs nothing": _changed_input(unserved_cost=_without),
    "no reserve is kept": no("reserve", "covered"),
    "a store stands ready beyond its power": no("reserve", "ready_power"),
    "a store stands ready with nothing": no("reserve", "ready_energy"),
    "a process may fail": _changed_input(critical=_without),
    "the load may fail": _changed_input(critical_load=_without),
    "all of an engine is firm": _changed_input(firm=lambda found: dict.fromkeys(found, 1.0)),
    "nothing is lost": instead(reserve, "lost", lambda m, r, l, y, s: 0.0),
    "an island has the grid": instead(backup, "tied", lambda plant, days: np.ones(len(days.steps))),
    "an island lasts all day": instead(backup, "tied", dark_all_day),
    # markets
    "a market has no limit": no("market", "amount_limit"),
    "a promise is not kept": no("market", "amount_least"),
    "the cheap step has no end": no("market", "part_limit"),
    "a pledge is forgotten": no("market", "take_or_pay"),
    "the connection has no end": no("market", "connection_limit"),
    "power is bought to be sold": no("market", "sale_limit"),
    "a month has no peak": no("demand", "peak_limit"),
    # account
    "a cap is lost": no("cap", "cap_limit"),
    "what is sold may emit nothing": _changed_input(cap_output=_without),
    "certificates count at the location": instead(emissions, "energy_definition", proofs_in_every_view),
    "bought heat has no carbon": instead(emissions, "energy_definition", heat_without_carbon),
    "bought iron has no carbon": _changed_input(embodied=_without),
    "certificates without power": no("emissions", "certificate_limit"),
    "certificates without a ceiling": no("emissions", "ceiling_limit"),
    "carbon has no price": _changed_input(carbon_price=_without),
}  # fmt: skip
QUICK = (
    "a lead time is lost",
    "salvage is off by a year",
    "a prerequisite is lost",
    "savings add up",
    "a weight is dropped",
    "the old goes before the new",
    "no reserve is kept",
)


def caught(name: str, patch: pytest.MonkeyPatch) -> int | None:
    """The first factory whose answer the mutation changes."""
    MUTATIONS[name](patch)
    return next((seed for seed in SEEDS if not agree(planned(seed), foreseen(seed))), None)


@pytest.mark.parametrize("name", QUICK)
def test_a_mutation_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert caught(name, monkeypatch) is not None


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in MUTATIONS if name not in QUICK])
def test_every_mutation_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert caught(name, monkeypatch) is not None
