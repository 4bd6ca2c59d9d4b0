"""The plant built in PyPSA 1.4: every (year, day) an investment period, every year of building a component of its own."""

import logging
import time
import warnings

import numpy as np
import pandas as pd
import pypsa

from benchmarks.plant import CARRIERS, CONVERTERS, GAS_FACTOR, GAS_PRICE, GRID_FACTOR, HOURS_OF_DAY, LARGEST, STORES, THOUSAND, UNIT, Plant
from planner import highs

NAME, VERSION = "PyPSA", pypsa.__version__
ALWAYS = 10**7  # of a lifetime in periods
logging.getLogger("pypsa").setLevel(logging.ERROR)
logging.getLogger("linopy").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", category=FutureWarning, module="pypsa")


def solve(plant: Plant, gap: float) -> tuple[float, float]:
    """Cost, MCNY, and seconds from the plant's description to the answer."""
    began = time.perf_counter()
    n = network(plant)
    n.optimize(
        multi_investment_periods=True, solver_name="highs", io_api="direct", log_to_console=False,
        include_objective_constant=False, solver_options={"threads": highs.THREADS, "mip_rel_gap": gap, "mip_abs_gap": 1e-6, "output_flag": False},
    )  # fmt: skip
    return float(n.objective), time.perf_counter() - began


def network(p: Plant) -> pypsa.Network:
    """The network: links and generators are sized by what they draw, so prices are turned to it."""
    periods = [_period(y, d) for y in p.years for d in range(p.days)]
    weight = {_period(y, d): p.discount(y) for y in p.years for d in range(p.days)}
    n = pypsa.Network(snapshots=pd.MultiIndex.from_product([periods, range(HOURS_OF_DAY)]))
    n.investment_periods = periods
    n.investment_period_weightings = pd.DataFrame({"years": 1.0, "objective": pd.Series(weight)}, index=periods)
    n.snapshot_weightings["objective"] = n.snapshot_weightings["generators"] = p.weight
    n.snapshot_weightings["stores"] = 1.0
    over = {name: pd.Series(np.tile(values, len(p.years)), index=n.snapshots) for name, values in p.hours.items()}
    n.add("Carrier", "gas", co2_emissions=GAS_FACTOR / THOUSAND)  # kt/MWh
    n.add("Carrier", "grid", co2_emissions=GRID_FACTOR / THOUSAND)
    n.add("Bus", [*CARRIERS, "gas"])
    for carrier in CARRIERS:
        n.add("Load", f"load_{carrier}", bus=carrier, p_set=over[carrier])
    big = 10 * sum(c.stands for c in CONVERTERS.values())
    n.add("Generator", "fuel", bus="gas", carrier="gas", p_nom=big, marginal_cost=GAS_PRICE / THOUSAND, build_year=0, lifetime=ALWAYS)
    n.add("Generator", "grid", bus="power", carrier="grid", p_nom=big, marginal_cost=over["price"] / THOUSAND, build_year=0, lifetime=ALWAYS)
    for name, c in CONVERTERS.items():
        if c.stands:
            _converter(n, name, name, {"p_nom": c.stands * next(iter(c.used.values())), "build_year": 0, "lifetime": ALWAYS}, over)
    for name, price in p.catalogue().items():
        kind = name.split(".")[0]
        for year in p.years:
            active = sum(weight[q] for q in periods if q >= _period(year, 0))  # PyPSA pays capital in every active period, by its weight
            sized = {
                "p_nom_extendable": True, "p_nom_max": LARGEST, "capital_cost": p.investment(price, year) / active,
                "build_year": _period(year, 0), "lifetime": ALWAYS,
            } | ({"p_nom_mod": UNIT} if p.whole else {})  # fmt: skip
            if kind in STORES:
                s = STORES[kind]
                power = {k: v / s.hours for k, v in sized.items() if k in ("p_nom_max", "p_nom_mod")} | {
                    "capital_cost": sized["capital_cost"] * s.hours
                }
                n.add(
                    "StorageUnit", f"{name} {year}", bus=s.carrier, max_hours=s.hours, efficiency_store=s.efficiency,
                    efficiency_dispatch=s.efficiency, cyclic_state_of_charge=True, cyclic_state_of_charge_per_period=True, **(sized | power),
                )  # fmt: skip
            else:
                _converter(n, f"{name} {year}", kind, sized, over)
    if p.cap:
        n.add("GlobalConstraint", "cap", type="primary_energy", carrier_attribute="co2_emissions", sense="<=", constant=p.cap)
    return n


def _converter(n: pypsa.Network, name: str, kind: str, sized: dict[str, float], over: dict[str, pd.Series]) -> None:
    c = CONVERTERS[kind]
    if not c.used:
        n.add("Generator", name, bus="power", carrier=kind, p_max_pu=over[c.profile], **sized)
        return
    (source, used), made = next(iter(c.used.items())), list(c.made.items())
    drawn = {k: v * used for k, v in sized.items() if k in ("p_nom_max", "p_nom_mod")}
    if "capital_cost" in sized:
        drawn["capital_cost"] = sized["capital_cost"] / used
    buses = {f"bus{i}": carrier for i, (carrier, _) in enumerate(made, 1)}
    efficiencies = {"efficiency" if i == 1 else f"efficiency{i}": amount / used for i, (_, amount) in enumerate(made, 1)}
    n.add("Link", name, bus0=source, **buses, **efficiencies, **(sized | drawn))


def _period(year: int, day: int) -> int:
    return 1000 * year + day
