"""Published results, reproduced with the planner's own mathematics."""

from dataclasses import replace

import pytest
from pytest import approx
from tiny import candidate, existing, factory, plan, retrofit, trade, works

from planner.money import Horizon, annuity_factor

Y = 2026

# Case 2: hot rolled coil by hydrogen reduction, Verpoort et al. 2024 (Nature Energy), base case, medium prices -------------

USABLE = {"shaft": 0.95, "eaf": 0.95, "caster": 0.95, "rolling": 0.95, "electrolyser": 0.5}
CAPEX = {"shaft": 348.8519106, "eaf": 255.1562208, "caster": 43.83639, "rolling": 103.3, "electrolyser": 83.2111992}  # EUR/(t coil a)
FIXED = {"shaft": 13.51026108, "eaf": 25.96116744, "electrolyser": 3.55945342}  # EUR/(t coil a) a year
POWER = {"shaft": 0.6248115, "eaf": 0.8039377, "caster": 0.017415567, "rolling": 0.50902, "electrolyser": 2.89474857}  # MWh/t coil
MADE = {  # t (hydrogen: MWh) per t of coil
    "shaft": ("dri", 1.0877827), "eaf": ("steel", 1.086696), "caster": ("slab", 1.053), "rolling": ("coil", 1.0), "electrolyser": ("hydrogen", 2.051558),
}  # fmt: skip
USED = {
    "shaft": {"hydrogen": 2.051558, "ore": 1.5707582, "gas": 0.52202692},
    "eaf": {
        "dri": 1.0877827, "scrap": 0.20114743, "alloys": 0.011953656, "graphite": 0.002309229, "lime": 0.0543348, "nitrogen": 0.543348,
        "oxygen": 0.28232362, "coal": 0.19951739, "gas": 0.23548702,
    },
    "caster": {"steel": 1.086696}, "rolling": {"slab": 1.053}, "electrolyser": {"water": 0.58469408},
}  # fmt: skip
PRICES = {  # EUR/t, EUR/MWh; ore with its freight
    "ore": 130 + 10, "scrap": 180, "alloys": 1720, "graphite": 4000, "lime": 100, "nitrogen": 100, "oxygen": 100, "water": 10,
    "gas": 45, "coal": 4 * 3.6, "power": 90, "cheap_power": 70,
}  # fmt: skip


def coil():
    horizon = Horizon(Y, Y, 0.05, "annuity")
    carriers = (*PRICES, *(made for made, _ in MADE.values()))
    x = factory(
        year_carriers=carriers, demand={("coil", Y): 1.0}, usable=USABLE, discount_end={Y: horizon.at_end(Y)},
        fixed_cost={(unit, Y): cost / MADE[unit][1] for unit, cost in FIXED.items()},
    )  # fmt: skip
    for carrier, price in PRICES.items():
        x = trade(x, f"{carrier}_trade", carrier, price)
    for unit, (made, amount) in MADE.items():
        power = "cheap_power" if unit == "electrolyser" else "power"
        flows = {made: 1.0, power: -POWER[unit] / amount} | {c: -v / amount for c, v in USED[unit].items()}
        x = candidate(works(x, unit, **flows), unit, price=CAPEX[unit] / amount)
    return replace(x, credit={(unit, Y): horizon.credit(Y, 18) for unit in MADE})


def test_hot_rolled_coil_of_hydrogen_costs_what_was_published():
    """Proves: 925.83 EUR/t of capital 81.88, power 378.59, fixed 48.67, materials and freight 379.76, fuels 36.96.

    The one-year model pays a share of the capital equal to the annuity 0.0855 of 18 years at 5 %: without the credit at the
    horizon's end capital would be 1,005 and the coil 1,849; without the utilisation of 0.95 and 0.5 capital 71 and fixed cost 43.
    """
    solution = plan(coil())
    worth = 1.05  # the objective is today's money, the published cost that of the year's end
    assert annuity_factor(0.05, 18) == approx(0.0855462, abs=1e-7)
    assert solution.cost * worth == approx(925.83, abs=0.1)
    running = {part: v for (part, _), v in solution.value("cost.running").items()}
    assert running["fixed"] == approx(48.67, abs=0.01)
    assert running["power_trade"] + running["cheap_power_trade"] == approx(378.59, abs=0.05)
    assert running["gas_trade"] + running["coal_trade"] == approx(36.963, abs=0.01)
    assert running["ore_trade"] == approx(1.5707582 * 140, abs=0.01)
    assert sum(running[f"{c}_trade"] for c in list(PRICES)[:8]) == approx(364.047 + 15.71, abs=0.02)
    net = sum(solution.value("cost.investing").values()) - sum(solution.value("cost.credited").values())
    assert net * worth == approx(81.88, abs=0.01)


# Case 6: the carbon of steel routes, MPP steel model, as disclosed ---------------------------------------------------------

CARBON = {"bfg": 0.260, "cog": 0.044, "bofg": 0.1919, "thermal_coal": 0.095, "gas": 0.055}  # t CO2/GJ
ROUTES = {  # GJ/t of bfg, cog, bofg, thermal coal, gas; process t/t; captured t/t; published t/t
    "average BF-BOF": (7.1861, 2.7966, 0.816, 2.0626, 0.3325, 0.0715, 0, 2.4338),
    "best BF-BOF": (5.2326, 1.5879, 0.816, 1.3517, 0.2339, 0.0660, 0, 1.7942),
    "best BF-BOF, hydrogen injection": (3.9990, 1.5879, 0.816, 1.3517, 0.2339, 0.0660, 0, 1.4735),
    "best BF-BOF, bio injection": (3.9990, 1.5879, 0.816, 1.3517, 0.2339, -0.7260, 0, 0.6815),
    "best BF-BOF, capture": (5.2326, 1.3423, 0.816, 0.3135, 0.2401, 0.0660, 1.4310, 0.2541),
    "gas DRI-EAF": (0, 0, 0, 0, 14.0008, 0.0816, 0, 0.8516),
    "DRI-EAF, half hydrogen": (0, 0, 0, 0, 11.0309, 0.0816, 0, 0.6883),
    "DRI-EAF, capture": (0, 0, 0, 0, 14.0008, 0.0816, 0.7665, 0.0852),
    "smelting reduction": (0, 0, 0.816, 10.7518, 0.0612, 0.0230, 0, 1.2043),
    "DRI-melter-BOF": (0, 0, 0.800, 0, 12.5326, 0.0230, 0, 0.8658),
    "scrap EAF": (0, 0, 0, 0, 1.4831, 0.0816, 0, 0.1632),
}  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_the_carbon_of_steel_routes(route):
    """Proves: carbon in with the gases, coal, gas and stone, less what is captured, is what is emitted - on every route, to 2e-4.

    Carbon of the process enters as stone (a credit leaves with it, negative); capture is a measure whose CO2 is sold. Without the
    measure's carbon the two routes with capture emit 1.685 and 0.852.
    """
    *fuels, process, captured, published = ROUTES[route]
    x = factory(year_carriers=("steel", "stone", "co2", *CARBON), demand={("steel", Y): 1.0}, carbon=CARBON | {"stone": 1.0, "co2": 1.0})
    for carrier in CARBON:
        x = trade(x, f"{carrier}_trade", carrier, 0.0)
    x = trade(trade(x, "stone_trade", "stone", 0.0, sells=process < 0), "co2_sale", "co2", -0.001, sells=True)
    flows = {c: -v for c, v in zip(CARBON, fuels, strict=True)}
    x = existing(works(x, "route", steel=1.0, stone=-process, **flows), "route", 1.0)
    x = replace(existing(retrofit(x, "capture", "route", co2=captured), "capture", 1.0), demand={("steel", Y): 1.0, ("co2", Y): captured})
    assert plan(x).value("emissions.direct")[Y,] == approx(published, abs=2e-4)


# V5: energy of a cell plant by step, Degen and Schütte 2022, kWh per kWh of cells ------------------------------------------

STEPS = {  # electricity and gas heat, each low, average, high
    "mixing": ((0.096, 0.121, 0.192), (0, 0, 0)),
    "coating and drying": ((0.696, 0.854, 1.102), (8.701, 9.550, 10.151)),
    "calendering": ((0.502, 0.545, 0.640), (0, 0, 0)),
    "slitting": ((0.146, 0.164, 0.183), (0, 0, 0)),
    "final drying": ((0.041, 0.058, 0.082), (1.556, 1.631, 1.790)),
    "stacking": ((0.141, 0.224, 0.282), (0, 0, 0)),
    "assembly": ((2.913, 3.359, 3.759), (0, 0, 0)),
    "handling": ((1.781, 1.682, 2.473), (0, 0, 0)),
    "dry room": ((1.645, 1.410, 1.541), (8.194, 8.574, 8.927)),
    "formation": ((8.127, 9.541, 10.484), (0.470, 0.595, 0.799)),
}
SUMS = [(16.09, 18.92, 35.01), (17.96, 20.35, 38.31), (20.74, 21.67, 42.40)]


@pytest.mark.parametrize("column", [0, 1, 2])
def test_the_energy_of_a_cell_plant_sums(column):
    """Proves: the steps sum to 35.01, 38.31 and 42.40 kWh per kWh. The published total 41.48 is not reached: the average closes to 92.4 %."""
    power, gas = (sum(step[kind][column] for step in STEPS.values()) for kind in (0, 1))
    assert (power, gas, power + gas) == tuple(approx(v, abs=0.011) for v in SUMS[column])
    if column == 1:
        assert (power + gas) / 41.48 == approx(0.924, abs=1e-3)


def cells(boiler):
    """20 GWh of cells a year on the low column: heat from a gas boiler, or from an electric one of 0.99."""
    power, gas = (20 * sum(step[kind][0] for step in STEPS.values()) for kind in (0, 1))
    x = factory(
        step_carriers=("power",), year_carriers=("cell", "heat", "gas"), demand={("cell", Y): 20.0}, carbon={"gas": 0.202}, grid=("grid",),
        grid_factor={("location", Y): 0.5306, ("market", Y): 0.5306},
    )  # fmt: skip
    x = works(trade(trade(x, "grid", "power", 1.0), "gas_grid", "gas", 1.0), "plant", cell=1, power=-power / 20, heat=-0.925 * gas / 20)
    x = works(works(x, "gas_boiler", heat=1, gas=-1 / 0.925), "electric_boiler", heat=1, power=-1 / 0.99)
    return existing(existing(x, "plant", 20.0), boiler, 1e3)


def test_a_cell_plant_emits_what_its_energy_does():
    """Proves: 321.8 GWh of power and 378.4 of gas are 170.7 and 76.4 kt; plain electrification of the heat makes it 358.3, 111 more.

    A model that forgot the boilers' efficiencies would say 371.5.
    """
    solution = plan(cells("gas_boiler"))
    assert solution.value("market.amount")["grid", Y] == approx(321.8, abs=0.1)
    assert solution.value("market.amount")["gas_grid", Y] == approx(378.4, abs=0.1)
    assert solution.value("emissions.direct")[Y,] == approx(76.4, abs=0.1)
    assert solution.value("emissions.energy")["location", Y] == approx(170.7, abs=0.1)
    electric = plan(cells("electric_boiler"))
    assert electric.value("market.amount")["grid", Y] == approx(675.4, abs=0.1)
    assert electric.value("emissions.energy")["location", Y] == approx(358.3, abs=0.1)
    rise = sum(electric.value(t)[i] - solution.value(t)[i] for t, i in (("emissions.direct", (Y,)), ("emissions.energy", ("location", Y))))
    assert rise == approx(111, abs=0.5)
