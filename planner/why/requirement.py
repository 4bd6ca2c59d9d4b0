"""Requirement 要求: which rows of a compiled model are limits of the user, and by what each may give way.

A limit is found by the name of its rule. Several rows may be one requirement: the area of a roof is one number, though
it holds in every year. Every rule that is not a kind here is physics and never gives way; a test holds the two lists.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from models.compiled import Compiled
from models.inputs import Inputs
from planner.why.reasons import Index, Requirement

AIM, FACT = 1.0, 10.0  # what a relative step weighs: an aim gives way before a fact
LIMITS, SIZES, DELIVERIES = 0, 1, 2  # ranks: what is questioned first; the next only if the plant cannot run at all
UNIT = 1.0  # scale of a limit that is nothing, where no other of its kind is more

Applies = Callable[[Inputs, Index], bool]


@dataclass(frozen=True)
class Kind:
    """One kind of requirement.

    rule: the constraint that keeps it; each: positions of the rule's index that make one requirement; side: what gives
    way - the right-hand side upwards or downwards (``row``), the share of what must be delivered (``delivery``), or the
    end of a life (``life``).
    """

    name: str
    rule: str
    each: tuple[int, ...]
    rank: int = LIMITS
    weight: float = FACT
    side: str = "row"


KINDS = (
    Kind("cap", "cap.cap_limit", (0, 1), weight=AIM),
    Kind("market limit", "market.amount_limit", (0, 1)),
    Kind("least amount", "market.amount_least", (0, 1), weight=AIM),
    Kind("connection", "market.connection_limit", (0,)),
    Kind("area", "capacity.area_limit", (0,)),
    Kind("budget", "budget.budget_limit", (0, 1), weight=AIM),
    Kind("pace", "budget.pace_limit", (0, 1), weight=AIM),
    Kind("rule", "choice.choice_limit", (0,)),
    Kind("prerequisite", "choice.prerequisite", (0, 1)),
    Kind("shared size", "choice.shared_limit", (0,)),
    Kind("adoption", "choice.adopted", (0,), weight=AIM),
    Kind("contract", "contract.contract_limit", (0, 1)),
    Kind("price step", "market.part_limit", (0, 1, 2)),
    Kind("reserve", "reserve.covered", (0,)),
    Kind("self-use share", "green.self_use", (0, 1)),
    Kind("load share", "green.load_share", (0, 1)),
    Kind("export share", "green.export_share", (0, 1)),
    Kind("replacement", "succession.gap_is_filled", (0,)),
    Kind("renewal", "capacity.renewal_due", (0,)),
    Kind("life", "capacity.size_definition", (0,), side="life"),
    Kind("largest size", "capacity.build_limit", (0,), rank=SIZES),
    Kind("delivery", "balance.year_balance", (0, 1), rank=DELIVERIES, side="delivery"),
    Kind("load", "balance.step_balance", (0, 1), rank=DELIVERIES, side="delivery"),
)
PHYSICS = (
    "capacity.module_definition", "capacity.scrap_definition", "capacity.reline_definition", "capacity.retirement_limit", "capacity.renewal_limit",
    "capacity.place_limit", "converter.activity_limit", "converter.output_limit", "commitment.whole_units", "commitment.off", "commitment.all_of_it",
    "commitment.running_limit", "commitment.least_load", "commitment.most_load", "commitment.start", "commitment.rise", "commitment.fall", "shift.later_limit", "shift.caught_limit",
    "shift.backlog_balance", "shift.window", "season.swing_first", "season.swing_later", "season.highest_swing", "season.lowest_swing", "season.next_day",
    "season.day_full", "season.day_empty", "season.last_full", "season.last_empty", "measure.size_limit", "measure.host_limit", "measure.saving_limit",
    "measure.remaining_limit", "measure.use_limit", "measure.potential_limit", "conversion.conversion_limit", "conversion.converted_alone",
    "rebuild.size_sum", "rebuild.activity_sum", "rebuild.covered_sum", "rebuild.saved_sum", "rebuild.stop_least", "rebuild.stop_most", "rebuild.part_limit",
    "rebuild.covered_limit", "rebuild.saved_limit", "store.level_balance", "store.level_limit", "store.charge_limit", "store.charge_power", "store.discharge_power",
    "shed.shed_limit", "shed.cut_limit", "shed.waived_limit", "reserve.ready_power", "reserve.ready_energy", "reserve.unit_stands",
    "store.discharge_limit", "market.amount_definition", "market.part_definition", "market.purchase_limit", "market.sale_limit", "market.take_or_pay",
    "choice.build_needs_choice", "choice.renewal_needs_choice", "succession.replacement_limit", "taken.build_taken", "taken.retirement_taken", "taken.renewal_taken", "scale.least_size", "scale.most_size",
    "scale.part_definition", "scale.piece_choice", "lasting.new_limit", "lasting.project_limit", "lasting.renewed_limit", "lasting.stood_limit",
    "contract.contract_kept", "contract.delivery_limit", "contract.take_of_contract", "demand.band_limit", "demand.billing_definition", "demand.choice",
    "demand.choice_limit", "demand.call_limit", "demand.coincident_limit", "demand.contract_demand", "demand.contract_floor", "demand.metered_demand", "demand.peak_limit",
    "demand.ratchet_demand", "green.charge_limit", "green.export_limit", "green.running_limit", "green.split_limit", "green.use_limit",
    "emissions.source_definition", "emissions.release_limit", "emissions.ceiling_limit",
    "emissions.direct_definition", "emissions.energy_definition", "emissions.outsourced_definition", "emissions.certificate_limit",
    "cap.counted_definition", "physical.load_limit", "dues.owed_definition",
)  # fmt: skip


@dataclass(frozen=True)
class Elastic:
    """A requirement and how it gives way: one new column ``step`` in these rows, at most ``most``, with a price.

    price: what one unit of the step weighs; opens: columns whose upper bound is part of the limit.
    """

    requirement: Requirement
    rank: int
    rows: tuple[int, ...]
    coefficients: tuple[float, ...]
    most: float
    price: float
    opens: tuple[int, ...] = ()


def requirements(x: Inputs, p: Compiled) -> tuple[Elastic, ...]:
    """Every requirement of the model, in the order of KINDS; what is unlimited is none."""
    by_rule: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(p.rows):
        by_rule[name.partition("[")[0]].append(i)
    sides = {"row": _row, "delivery": _delivery, "life": _life}
    found: list[Elastic] = []
    for kind in KINDS:
        grouped: dict[Index, list[int]] = defaultdict(list)
        for i in by_rule[kind.rule]:
            index = index_of(p.rows[i])
            grouped[tuple(index[n] for n in kind.each)].append(i)
        made = [e for index, rows in grouped.items() for e in sides[kind.side](kind, x, p, index, rows)]
        found += _weighed(kind, made)
    return tuple(found)


def index_of(name: str) -> Index:
    """The index of a row or column such as ``cap.cap_limit[total,2026]``."""
    inner = name.partition("[")[2].rstrip("]")
    return tuple(int(part) if part.strip().isdigit() else part.strip().strip("'") for part in inner.split(",")) if inner else ()


def _weighed(kind: Kind, made: list[Elastic]) -> Iterator[Elastic]:
    """Prices per step: a step as large as the limit weighs the kind's weight; a limit of nothing is measured by the largest of its kind."""
    largest = max((abs(e.requirement.limit) for e in made), default=0.0) or UNIT
    for e in made:
        scale = e.price * (abs(e.requirement.limit) or largest) if kind.side == "row" else e.price
        yield Elastic(e.requirement, e.rank, e.rows, e.coefficients, e.most, kind.weight / scale, e.opens)


def _row(kind: Kind, x: Inputs, p: Compiled, index: Index, rows: list[int]) -> Iterator[Elastic]:
    limited = [i for i in rows if np.isfinite(p.row_upper[i]) or np.isfinite(p.row_lower[i])]
    if limited:
        up = bool(np.isfinite(p.row_upper[limited[0]]))
        bounds = (p.row_upper if up else p.row_lower)[limited]
        limit = float(bounds.max())
        if kind.name == "connection":  # hours in which the site is an island are no question of its size
            limited = [i for i, bound in zip(limited, bounds, strict=True) if bound == limit]
        opens = tuple(j for j in p.column("capacity.units") if index_of(p.columns[j])[0] == index[0]) if kind.name == "largest size" else ()
        yield Elastic(Requirement(kind.name, index, limit), kind.rank, tuple(limited), (-1.0 if up else 1.0,) * len(limited), np.inf, 1.0, opens)


def _delivery(kind: Kind, x: Inputs, p: Compiled, index: Index, rows: list[int]) -> Iterator[Elastic]:
    """What need not be delivered, as a share of it: net supply + share x amount = amount."""
    due = [i for i in rows if p.row_lower[i] != 0]
    if due:
        carrier, year = str(index[0]), int(index[1])
        of_step = [x.load.get((carrier, year, s), 0.0) * x.duration[s] for s in x.steps]
        amount = x.demand.get((carrier, year), 0.0) if kind.name == "delivery" else sum(of_step)
        yield Elastic(Requirement(kind.name, index, amount), kind.rank, tuple(due), tuple(float(p.row_lower[i]) for i in due), 1.0, 1.0)


def _life(kind: Kind, x: Inputs, p: Compiled, index: Index, rows: list[int]) -> Iterator[Elastic]:
    """Equipment past its end that runs on: in the years after it, as much as stood there may be in service still."""
    asset = str(index[0])
    lived = [y for y in x.years if x.alive.get((asset, y))]
    over = {int(index_of(p.rows[i])[1]): i for i in rows}
    past = [over[y] for y in x.years if not x.alive.get((asset, y)) and y in over and (not lived or y > lived[-1])]
    if x.existing.get(asset) and past and (lived or asset in x.renewals):
        end = lived[-1] if lived else x.years[0] - 1
        coefficients = tuple(-float(p.matrix[i, _size(p, asset, i)]) for i in past)
        yield Elastic(Requirement(kind.name, (asset,), float(end)), kind.rank, tuple(past), coefficients, x.existing[asset], x.existing[asset])


def _size(p: Compiled, asset: str, row: int) -> int:
    year = index_of(p.rows[row])[1]
    return next(j for j in p.column("capacity.size") if index_of(p.columns[j]) == (asset, year))
