"""Gate 关口: a meter shows the whole works, the case its parts; what has no shape of its own takes the part of the meter the others leave."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner import shapes
from planner.case import Case
from planner.errors import CaseError, Finding
from planner.plant import THOUSAND, Plant

Array = npt.NDArray[np.float64]
ELECTRICITY = "electricity"


@dataclass(frozen=True)
class Gate:
    """The shape (8760,) of what would run flat, and what has to be said about it."""

    load: Array
    said: tuple[str, ...]


def uses(plant: Plant) -> dict[str, float]:
    """Power that today's equipment and demands use in a year at their sizes, GWh, by the shape they follow; the rest by `load`."""
    found: dict[str, float] = {}
    for a in plant.assets.values():
        if a.kind == "converter" and a.status == "operating" and a.operation == "flat":
            found[_named(a.profile)] = found.get(_named(a.profile), 0.0) + max(-a.ratio.get(ELECTRICITY, 0.0) * a.size, 0.0)
    amount = plant.demand.get((ELECTRICITY, plant.horizon.first), 0.0)
    name = _named(plant.demand_profile.get(ELECTRICITY))
    found[name] = found.get(name, 0.0) + amount
    return {name: use for name, use in found.items() if use > 0}


def fitted(case: Case, plant: Plant, power: Array, name: str) -> Gate:
    """``power`` (kW, 8760) of the whole works as the shape of what would run flat. Raises CaseError where everything has one.

    meter = sum of share * shape; the shares are those of today's use, so load = (meter - the others) / its own share.
    """
    use = uses(plant)
    whole = sum(use.values())
    mine = use.get(shapes.LOAD, 0.0)
    if not mine:
        raise CaseError([Finding(name, "everything in the case that uses power has a shape of its own", "the shape this meter belongs to, by --for")])
    given = shapes.of_use(case)
    others = sum((use[n] / whole * given[n] for n in use if n != shapes.LOAD), start=np.zeros(len(power)))
    left = power / power.mean() - others
    load = np.maximum(left, 0.0)
    if not load.any():
        raise CaseError([Finding(name, "the meter leaves nothing to what has no shape of its own", "a meter of the whole works")])
    load = load / load.mean()
    reproduced = others + mine / whole * load
    missed = float(np.abs(reproduced - power / power.mean()).mean() / 2)
    said = [
        f"the meter shows {_mwh(power.sum() / THOUSAND)}, the equipment of the case uses {_mwh(whole * THOUSAND)} a year: only the shape is taken"
    ]
    if len(use) > 1:
        said.append(
            f"{mine / whole:.0%} of the power follows the meter, the rest keeps its own shapes; {missed:.1%} of the energy falls into other hours than metered"
        )
    highest = float(reproduced.max()) * whole * THOUSAND / len(power)
    if plant.connection and highest > plant.connection:
        said.append(f"at the size of the case the highest hour draws {highest:,.0f} MW, its connection has {plant.connection:,.0f} MW")
    made = [a.name for a in plant.assets.values() if a.status == "operating" and a.kind == "converter" and a.ratio.get(ELECTRICITY, 0.0) > 0]
    if made:
        said.append(f"the works makes power itself ({', '.join(made)}): the meter must show what is used, not what is bought")
    return Gate(load, tuple(said))


def _named(profile: str | None) -> str:
    return shapes.LOAD if profile in (None, shapes.FLAT) else profile


def _mwh(value: float) -> str:
    return f"{value:,.0f} MWh"
