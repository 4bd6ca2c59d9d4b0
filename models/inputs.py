"""Inputs 输入: every number the mathematics may know, in canonical units, on named indices.

Letters: a asset, i converter, h host, m measure, s step, k market, c carrier, y year, v year of first operation,
n billing months, l land or roof, g cap. "k-unit" is a thousand of the carrier's own unit (kt, GWh, TJ).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Years = tuple[int, ...]
Names = tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """One factory over one horizon; frozen, plain and able to cross a process boundary."""

    # -- time -----------------------------------------------------------------------------------------------------
    years: Years
    steps: Names
    previous: Mapping[str, str]  # step -> the step before it, cyclic within its day
    hours: Mapping[str, float]  # step -> its length, h
    duration: Mapping[str, float]  # step -> thousand hours a year it stands for, kh
    billing: Mapping[str, str]  # step -> billing months it belongs to
    months: Mapping[str, float]  # billing months -> how many they are

    # -- carriers -------------------------------------------------------------------------------------------------
    step_carriers: Names
    year_carriers: Names
    load: Mapping[tuple[str, int, str], float]  # (c, y, s) -> fixed use, unit/h
    demand: Mapping[tuple[str, int], float]  # (c, y) -> required amount, k-unit/a
    carbon: Mapping[str, float]  # c -> fossil CO2 if all its carbon is released, kt/k-unit
    embodied: Mapping[str, float]  # c -> CO2 of making it elsewhere, kt/k-unit; bought intermediates only

    # -- capacity: sizes are k-unit/a for flat converters and measures, unit/h for flexible ones, unit for stores ---
    assets: Names
    existing: Mapping[str, float]  # a -> size that stands at the start
    alive: Mapping[tuple[str, int], float]  # (a, y) -> 1 while what stands at the start may run
    builds: tuple[tuple[str, int], ...]  # (a, v): a may go into service in v
    vintages: Mapping[tuple[str, int], Years]  # (a, y) -> in-service years whose units still run in y
    module: Mapping[str, float]  # a -> size of one whole unit; absent: any size
    max_size: Mapping[str, float]  # a -> largest size that may be added
    retirements: tuple[tuple[str, int], ...]  # (a, y): a may be retired at the start of y
    renewals: Mapping[str, int]  # a -> first year after its end of life, in which it may be renewed
    renewed_share: Mapping[tuple[str, int], float]  # (a, y) -> share of y a renewed unit is available
    replaces: Mapping[str, str]  # a -> existing asset whose place it takes for good
    area: Mapping[str, str]  # a -> roof or land it needs
    area_per_size: Mapping[str, float]  # a -> 1000 m2 per size
    area_limit: Mapping[str, float]  # l -> 1000 m2

    # -- converters -----------------------------------------------------------------------------------------------
    flat: Names  # one activity a year
    flexible: Names  # one activity a step
    ratio: Mapping[tuple[str, str], float]  # (i or m, c) -> made (+) or used (-) per activity
    usable: Mapping[str, float]  # flat i -> usable share of its size
    availability: Mapping[tuple[str, str], float]  # (flexible i, s) -> available share of its size
    shape: Mapping[tuple[str, str], float]  # (flat i, s) -> 1/kh: hourly flow per k-unit of yearly activity

    # -- measures -------------------------------------------------------------------------------------------------
    hosted: tuple[tuple[str, str], ...]  # (m, h)
    coverage: Mapping[tuple[str, str], float]  # (m, h) -> host activity covered per size of the measure
    uptake: Mapping[str, float]  # m -> largest share of the host's activity
    saving: Mapping[tuple[str, str, str], float]  # (m, h, c) -> share of the host's remaining use that is saved
    before: Mapping[tuple[str, str, str], Names]  # (m, h, c) -> measures that save first
    replaceable: tuple[tuple[str, str], ...]  # (h, c): measures that give back c replace the host's use of it, and no more
    potential: Mapping[str, tuple[tuple[str, str], ...]]  # name -> (m, h) that share one potential of h

    # -- stores ---------------------------------------------------------------------------------------------------
    stores: Mapping[str, str]  # a -> carrier it keeps
    charge_efficiency: Mapping[str, float]
    discharge_efficiency: Mapping[str, float]
    standing_loss: Mapping[str, float]  # 1/h
    store_hours: Mapping[str, float]  # h at full power

    # -- markets --------------------------------------------------------------------------------------------------
    markets: Mapping[str, str]  # k -> carrier
    buys: Names
    sells: Names
    grid: Names  # markets whose purchases count as purchased electricity
    certificates: Names  # markets that sell proof of green power, not power
    price: Mapping[tuple[str, int], float]  # (k, y) yearly carriers: MCNY/k-unit (for sales: income)
    step_price: Mapping[tuple[str, int, str], float]  # (k, y, s) step carriers: MCNY/k-unit
    market_limit: Mapping[tuple[str, int], float]  # (k, y) -> k-unit/a
    fence: Mapping[str, Names]  # f -> markets that share one connection, such as all purchases of power
    connection: Mapping[str, float]  # f -> unit/h
    demand_charge: Mapping[tuple[str, int], float]  # (k, y) -> MCNY per unit/h and month

    # -- account --------------------------------------------------------------------------------------------------
    grid_factor: Mapping[tuple[str, int], float]  # (view, y) -> kt/GWh; location: average, market: residual
    cap_counts: Mapping[str, tuple[str, str]]  # g -> (scope, view)
    cap_limit: Mapping[tuple[str, int], float]  # (g, y) -> kt/a
    carbon_price: Mapping[int, float]  # y -> MCNY/kt on direct, purchased (location) and outsourced emissions

    # -- money ----------------------------------------------------------------------------------------------------
    investment: Mapping[tuple[str, int], float]  # (a, v) -> MCNY per size
    renewal_investment: Mapping[str, float]  # a -> MCNY per size
    paid: Mapping[tuple[str, int, int], float]  # (a, v, y) -> share of the investment for v paid at the start of y
    credit: Mapping[tuple[str, int], float]  # (a, v) -> value left at the horizon's end, today's MCNY per size
    renewal_credit: Mapping[str, float]  # a -> the same for a renewal
    fixed_cost: Mapping[tuple[str, int], float]  # (a, y) -> MCNY per size and year
    variable_cost: Mapping[tuple[str, int], float]  # (a, y) -> MCNY per activity (k-unit)
    discount_start: Mapping[int, float]  # y -> today's value of 1 paid at the start of y
    discount_end: Mapping[int, float]  # y -> today's value of 1 paid at the end of y (the last year: tail included)

    name: str = field(default="factory")
