"""Build 建模: the blocks in the order one would explain a factory, and the model made of them."""

from pyomo.common.gc_manager import PauseGC
from pyomo.environ import ConcreteModel

from models import (
    balance,
    budget,
    cap,
    capacity,
    choice,
    commitment,
    contract,
    conversion,
    converter,
    cost,
    demand,
    dues,
    emissions,
    frame,
    green,
    lasting,
    market,
    measure,
    physical,
    rebuild,
    reserve,
    scale,
    season,
    shed,
    shift,
    store,
    succession,
    taken,
)
from models.inputs import Inputs

BLOCKS = (
    capacity, scale, choice, succession, conversion, taken, converter, commitment, measure, rebuild, shift, shed, lasting, store, season, market, contract, demand, reserve, green,
)  # fmt: skip


def build(x: Inputs) -> ConcreteModel:
    """Return the factory's model: what may be done, what it emits, and what it costs."""
    with PauseGC():  # nothing of a model under construction is garbage; looking for some takes longer than building
        m = frame.new(x)
        for block in BLOCKS:
            block.add(m, x)
        balance.close(m, x, BLOCKS)
        physical.add(m, x)
        emissions.add(m, x)
        cap.add(m, x)
        dues.add(m, x)
        cost.close(m, x, (*BLOCKS, emissions, cap, dues))
        budget.add(m, x)
    return m
