"""The plant built in oemof-solph 0.6: every year of building a component of its own, at work from its year on.

Days of a store are closed on themselves by its own balance, rewritten at the first step of each day.
"""

import logging
import time
import warnings

import numpy as np
import pandas as pd
import pyomo.environ as po
from oemof import solph
from oemof.solph import Bus, EnergySystem, Flow, Investment, Model
from oemof.solph.components import Converter, GenericStorage, Sink, Source

from benchmarks.plant import CARRIERS, CONVERTERS, GAS_FACTOR, GAS_PRICE, GRID_FACTOR, HOURS_OF_DAY, LARGEST, STORES, THOUSAND, UNIT, Plant
from planner import highs

NAME, VERSION = "oemof-solph", solph.__version__
logging.getLogger("pyomo").setLevel(logging.ERROR)


def solve(plant: Plant, gap: float) -> tuple[float, float]:
    """Cost, MCNY, and seconds from the plant's description to the answer."""
    began = time.perf_counter()
    logging.disable(logging.INFO)  # solph and Pyomo's interface tell every line of the solver's log
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        m = model(plant)
        m.solve(solver="highs", solve_kwargs={"tee": False}, cmdline_options={"threads": highs.THREADS, "mip_rel_gap": gap, "mip_abs_gap": 1e-6})
    return float(po.value(m.objective)), time.perf_counter() - began


def model(p: Plant) -> Model:
    """The energy system as a Pyomo model, with its days closed and its cap."""
    count = p.steps * len(p.years)
    es = EnergySystem(timeindex=pd.date_range("2026-01-01", periods=count + 1, freq="h"), infer_last_interval=False)
    over = {name: np.tile(values, len(p.years)) for name, values in p.hours.items()}
    bus = {carrier: Bus(label=carrier) for carrier in (*CARRIERS, "gas")}
    fuel = Source(label="fuel", outputs={bus["gas"]: Flow(variable_costs=GAS_PRICE / THOUSAND)})
    grid = Source(label="grid", outputs={bus["power"]: Flow(variable_costs=over["price"] / THOUSAND)})
    es.add(*bus.values(), fuel, grid)
    for carrier in CARRIERS:
        es.add(Sink(label=f"load_{carrier}", inputs={bus[carrier]: Flow(nominal_capacity=1, fix=over[carrier])}))
    for name, c in CONVERTERS.items():
        if c.stands:
            es.add(_converter(name, name, c.stands, np.ones(count), over, bus))
    first = np.repeat(p.years, p.steps)
    stores = []
    for name, price in p.catalogue().items():
        kind = name.split(".")[0]
        for year in p.years:
            size = Investment(ep_costs=p.investment(price, year), maximum=LARGEST)
            runs = (first >= year).astype(float)
            if kind in CONVERTERS:
                es.add(_converter(f"{name} {year}", kind, size, runs, over, bus))
                continue
            s = STORES[kind]
            stores.append(GenericStorage(
                label=f"{name} {year}", nominal_storage_capacity=size,
                inputs={bus[s.carrier]: Flow(nominal_capacity=Investment())}, outputs={bus[s.carrier]: Flow(nominal_capacity=Investment())},
                invest_relation_input_capacity=1 / s.hours, invest_relation_output_capacity=1 / s.hours, max_storage_level=np.append(runs, runs[-1]),
                inflow_conversion_factor=s.efficiency, outflow_conversion_factor=s.efficiency, balanced=False,
            ))  # fmt: skip
    es.add(*stores)
    weights = np.repeat([p.discount(y) for y in p.years], p.steps) * p.weight
    m = Model(es, objective_weighting=list(weights))
    _close_days(m, stores, p)
    if p.whole:
        _in_whole_units(m, stores)
    if p.cap:
        emitted = ((GAS_FACTOR, fuel, bus["gas"]), (GRID_FACTOR, grid, bus["power"]))
        m.cap = po.Constraint(expr=po.quicksum(f * p.weight / THOUSAND * m.flow[a, b, t] for f, a, b in emitted for t in m.TIMESTEPS) <= p.cap)
    return m


def _close_days(m: Model, stores: list[GenericStorage], p: Plant) -> None:
    """What a store holds when a day begins is what it holds when that day ends."""
    block = m.GenericInvestmentStorageBlock
    days = range(0, p.steps * len(p.years), HOURS_OF_DAY)

    def closed(m: Model, n: int, t: int) -> po.Constraint:
        s = stores[n]
        into, out = next(iter(s.inputs)), next(iter(s.outputs))
        gained = s.inflow_conversion_factor[t] * m.flow[into, s, t] - m.flow[s, out, t] / s.outflow_conversion_factor[t]
        return block.storage_content[s, t + 1] == block.storage_content[s, t + HOURS_OF_DAY] + gained

    for s in stores:
        for t in days:
            block.balance[s, 0, t].deactivate()
    m.closed_days = po.Constraint(range(len(stores)), days, rule=closed)


def _in_whole_units(m: Model, stores: list[GenericStorage]) -> None:
    """Whole units: oemof-solph has sizes between limits, so their numbers are variables of the Pyomo model it hands out."""
    flows = m.InvestmentFlowBlock.invest
    sizes = [flows[i] for i in flows if i[0] not in stores and i[1] not in stores] + list(m.GenericInvestmentStorageBlock.invest.values())
    m.units = po.Var(range(len(sizes)), within=po.NonNegativeIntegers)
    m.whole_units = po.Constraint(range(len(sizes)), rule=lambda m, n: sizes[n] == UNIT * m.units[n])


def _converter(
    name: str, kind: str, size: float | Investment, runs: np.ndarray, over: dict[str, np.ndarray], bus: dict[str, Bus]
) -> Converter | Source:
    c = CONVERTERS[kind]
    (main, _), *others = c.made.items()
    most = runs * over[c.profile] if c.profile else runs
    flow = Flow(nominal_capacity=size, maximum=most)
    if not c.used:
        return Source(label=name, outputs={bus[main]: flow})
    return Converter(
        label=name, inputs={bus[u]: Flow() for u in c.used}, outputs={bus[main]: flow, **{bus[o]: Flow() for o, _ in others}},
        conversion_factors={bus[carrier]: amount for carrier, amount in (*c.made.items(), *c.used.items())},
    )  # fmt: skip
