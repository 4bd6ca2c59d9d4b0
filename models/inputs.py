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
    due: Names  # a that must be renewed: it reaches its end in the horizon and may not go
    renewed_alive: Mapping[tuple[str, int], float]  # (a, y) -> 1 while what was renewed may run
    replaces: Mapping[str, str]  # a -> existing asset whose place it takes for good
    area: Mapping[str, str]  # a -> roof or land it needs
    area_per_size: Mapping[str, float]  # a -> 1000 m2 per size
    area_limit: Mapping[str, float]  # l -> 1000 m2

    # -- rules of investing ---------------------------------------------------------------------------------------
    piece: Mapping[tuple[str, int], tuple[float, float]]  # (a, n) -> sizes where piece n of its cost curve begins and ends
    at_most: Mapping[str, Names]  # rule -> assets of which only so many may be chosen
    choice_count: Mapping[str, int]  # rule -> how many
    needs: Mapping[tuple[str, str], float]  # (a, h) -> size of a in service that each size of h in service allows
    together: Mapping[str, Names]  # rule -> assets that share a size
    together_limit: Mapping[str, float]  # rule -> that size
    required: Mapping[str, float]  # a -> size that must be in service in the last year
    replaced_by: Mapping[str, Names]  # h -> assets whose size in service must make up for what of h is gone
    overlap: Mapping[str, int]  # h -> years they must have run before
    seasoned: tuple[tuple[str, int, int], ...]  # (a, k, y): what of a stood at the start has run k years in y
    converts: Mapping[tuple[str, str], float]  # (a, h) -> size of h that leaves for good per size of a that is built
    converted_only: tuple[tuple[str, int], ...]  # (h, y): what of h leaves in y is converted, nothing else
    built_already: Mapping[tuple[str, int], float]  # (a, v) -> size of a project that was decided before
    retired_already: Mapping[tuple[str, int], float]  # (a, y) -> the same of a retirement
    renewed_already: Mapping[str, float]  # a -> the same of a renewal
    budget: Mapping[tuple[str, int], float]  # (b, y) -> MCNY that may be invested
    budget_weight: Mapping[tuple[str, int, int], float]  # (b, y, y') -> what 1 paid in y' counts
    pace: Mapping[tuple[str, int], float]  # (t, y) -> size, or units, of a kind that may go into service
    growth: Mapping[tuple[str, int], float]  # (t, y) -> share of what stood a year before, on top
    pace_count: Mapping[tuple[str, str], float]  # (t, a) -> 1, or units per size

    # -- converters -----------------------------------------------------------------------------------------------
    flat: Names  # one activity a year
    flexible: Names  # one activity a step
    ratio: Mapping[tuple[str, str], float]  # (i or m, c) -> made (+) or used (-) per activity
    usable: Mapping[str, float]  # flat i -> usable share of its size
    availability: Mapping[tuple[str, str], float]  # (flexible i, s) -> available share of its size
    minimum_load: Mapping[str, float]  # flexible i -> least share of what runs; absent: any level
    start_cost: Mapping[tuple[str, int], float]  # (flexible i, y) -> MCNY per size and thousand starts
    ramp: Mapping[str, float]  # flexible i -> 1/h, share of the size by which it changes in an hour
    shape: Mapping[tuple[str, str], float]  # (flat i, s) -> 1/kh: hourly flow per k-unit of yearly activity
    # where an outage falls into the horizon, the same three by year: what its days leave of them
    dated_usable: Mapping[tuple[str, int], float]  # (flat i, y)
    dated_availability: Mapping[tuple[str, int, str], float]  # (flexible i, y, s)
    dated_shape: Mapping[tuple[str, int, str], float]  # (flat i, y, s)

    # -- measures -------------------------------------------------------------------------------------------------
    hosted: tuple[tuple[str, str], ...]  # (m, h)
    coverage: Mapping[tuple[str, str], float]  # (m, h) -> host activity covered per size of the measure
    uptake: Mapping[str, float]  # m -> largest share of the host's activity
    saving: Mapping[tuple[str, str, str], float]  # (m, h, c) -> share of the host's remaining use that is saved
    before: Mapping[tuple[str, str, str], Names]  # (m, h, c) -> measures that save first
    replaceable: tuple[tuple[str, str], ...]  # (h, c): measures that give back c replace the host's use of it, and no more
    potential: Mapping[str, tuple[tuple[str, str], ...]]  # name -> (m, h) that share one potential of h

    # -- standstill of hosts while projects on them are built -------------------------------------------------------
    stops: Mapping[tuple[str, int], tuple[str, int, str]]  # (a, v) -> host, year and days w on which it stands still for the project
    stopped: Mapping[str, float]  # a -> size of the host that stands still per size built
    parts: Mapping[tuple[str, int, str], Names]  # (h, y, o) -> days w on which part o of a host stands still; none: it runs
    part_usable: Mapping[tuple[str, int, str], float]  # (h, y, o) -> usable share of a part that stands still on some days
    part_shape: Mapping[tuple[str, int, str, str], float]  # (h, y, o, s) -> 1/kh: what that adds to the shape of the host

    # -- use that may wait ----------------------------------------------------------------------------------------
    shiftable: Mapping[tuple[str, str], float]  # (flat i, c) -> share of its use of step carrier c that may wait
    shift_window: Mapping[str, float]  # i -> h, by when it is caught up
    shift_cost: Mapping[tuple[str, int], float]  # (i, y) -> MCNY/k-unit put off

    # -- use that may go unserved ---------------------------------------------------------------------------------
    sheddable: Mapping[tuple[str, str], float]  # (flat i, c) -> share of its use of step carrier c that may be shed
    shed_cost: Mapping[tuple[str, int], float]  # (i, y) -> MCNY/k-unit shed
    unserved_share: Mapping[str, float]  # c -> share of the fixed use, or of what is to be delivered in a year, that may go unserved
    unserved_cost: Mapping[tuple[str, int], float]  # (c, y) -> MCNY/k-unit not served

    # -- reserve: what is left when something is lost must carry what is critical -----------------------------------
    reserves: Mapping[str, str]  # r -> step carrier
    reserve_hours: Mapping[str, float]  # r -> h for which stores must hold out
    losses: tuple[tuple[str, str], ...]  # (r, l): what may be lost - "connection", or one of the assets that back r up
    critical: Mapping[tuple[str, str], float]  # (flat i, c) -> share of its use that must not fail
    critical_load: Mapping[str, float]  # c -> the same of the fixed use
    firm: Mapping[tuple[str, str], float]  # (r, a) -> share of its power that a flexible converter or a store counts with

    # -- stores ---------------------------------------------------------------------------------------------------
    stores: Mapping[str, str]  # a -> carrier it keeps
    charge_efficiency: Mapping[str, float]
    discharge_efficiency: Mapping[str, float]
    standing_loss: Mapping[str, float]  # 1/h
    store_hours: Mapping[str, float]  # h at full power; of stores whose power is no size of its own
    store_power: Mapping[str, Names]  # store -> assets whose size is its power, unit/h
    seasonal: Names  # stores that keep from day to day of the year
    day_order: Names  # day of the year -> typical day that stands for it; only where stores are seasonal
    day_of: Mapping[str, str]  # step -> its typical day; likewise

    # -- markets --------------------------------------------------------------------------------------------------
    markets: Mapping[str, str]  # k -> carrier
    buys: Names
    sells: Names
    grid: Names  # markets whose purchases count as purchased electricity, bundled ones among them
    certificates: Names  # markets that sell proof of green power, not power
    heat: Names  # markets whose purchases count as purchased heat
    price: Mapping[tuple[str, int], float]  # (k, y) yearly carriers: MCNY/k-unit (for sales: income)
    step_price: Mapping[tuple[str, int, str], float]  # (k, y, s) step carriers: MCNY/k-unit
    market_limit: Mapping[tuple[str, int], float]  # (k, y) -> k-unit/a
    market_least: Mapping[tuple[str, int], float]  # (k, y) -> k-unit/a that must be traded
    fence: Mapping[str, Names]  # f -> markets that share one connection, such as all purchases of power
    connection: Mapping[tuple[str, str], float]  # (f, s) -> unit/h; 0 while the site is an island
    tier_price: Mapping[tuple[str, str, int], float]  # (k, j, y) -> MCNY/k-unit at step j of the price, on top of price and step_price
    tier_width: Mapping[tuple[str, str, int], float]  # (k, j, y) -> k-unit/a at that step; absent: without end
    take: Mapping[tuple[str, int], float]  # (k, y) -> k-unit/a that are paid even if not taken
    take_price: Mapping[tuple[str, int], float]  # (k, y) -> MCNY/k-unit of what is paid and not taken
    one_way: tuple[tuple[str, int, str], ...]  # (c, y, s) in which a sale could pay for a purchase: one or the other
    most_bought: Mapping[tuple[str, int, str], float]  # (c, y, s), all steps of such a year -> unit/h, more is never of use
    most_sold: Mapping[tuple[str, int, str], float]

    # -- contracts: markets whose size is signed; the seller's plant delivers in its own shape ---------------------
    contract_limit: Mapping[tuple[str, int], float]  # (k, y) -> unit/h that can be signed for y; absent: not in force
    contract_profile: Mapping[tuple[str, str], float]  # (k, s) -> delivered share of the size
    contract_made: Mapping[str, float]  # k -> k-unit/a that is made per size
    contract_take: Mapping[str, float]  # k -> share of what is made that is paid even if not taken

    # -- demand charge --------------------------------------------------------------------------------------------
    demand_charge: Mapping[tuple[str, int], float]  # (k, y) -> MCNY per unit/h and month; k names the connection
    metered: Mapping[str, Names]  # k -> markets whose purchases pass its meter; absent: its own alone
    demand_options: Mapping[str, Names]  # k -> metered, contract, capacity: ways to be billed, one of them is chosen; absent: metered
    demand_limit: Mapping[str, float]  # k with options -> unit/h, most that passes the transformers
    bills: Mapping[str, tuple[str, float]]  # i -> its billing months, and how many months have it; empty: one a group of months
    ratchet: Mapping[tuple[str, str, str], float]  # (k, i, n) -> bill i carries at least this share of the peak of n
    demand_rate: Mapping[tuple[str, str, str], float]  # (k, i, j) -> times the charge, on bill i at step j of demand; absent: 1
    demand_width: Mapping[tuple[str, str], float]  # (k, j) -> unit/h; absent: without end
    contract_price: Mapping[tuple[str, int], float]  # (k, y) -> MCNY per contracted unit/h and month
    excess_price: Mapping[tuple[str, int], float]  # (k, y) -> the same above the contract and its headroom
    contract_floor: Mapping[str, float]  # k -> unit/h, smallest contract
    contract_headroom: Mapping[str, float]  # k -> demand without excess, per contract
    capacity_fee: Mapping[tuple[str, int], float]  # (k, y) -> MCNY a month for the transformers, whatever is bought
    events: Mapping[tuple[str, str, str], float]  # (k, e, s) -> 1 in the steps of a system peak; absent: 0
    event_price: Mapping[tuple[str, str, int], float]  # (k, e, y) -> MCNY per unit/h of the highest purchase in it

    # -- green power ----------------------------------------------------------------------------------------------
    green: Mapping[str, tuple[str, Names]]  # g -> carrier, and the flexible converters whose output is split by use
    could_make: Mapping[tuple[str, str], float]  # (g, a) -> k-unit/a that a could make per size
    self_use_min: Mapping[str, float]  # direct line g -> least share used at once of what could be made in the year
    load_share_min: Mapping[tuple[str, int], float]  # (g, y) -> least share of all the site uses, where the line runs
    export_max: Mapping[str, float]  # g -> largest share sold of what could be made
    most_used: Mapping[tuple[str, int], float]  # (g, y) -> k-unit, no year can use more
    bundled: Names  # markets of grid power that comes with its own proof

    # -- account --------------------------------------------------------------------------------------------------
    grid_factor: Mapping[tuple[str, int], float]  # (view, y) -> kt/GWh; location: average, market: residual
    certificate_ceiling: Mapping[int, float]  # y -> most certificates that count, share of the power drawn from the grid; absent: all of it
    cap_counts: Mapping[str, tuple[str, str]]  # g -> (scope, view); of what counts no emissions: what it counts instead
    cap_limit: Mapping[tuple[str, int], float]  # (g, y) -> kt/a, ktce/a; GWh missing, of a share
    cap_market: Mapping[tuple[str, str, int], float]  # (g, k, y) -> counted per unit traded: tce of energy, - for what proves a share
    cap_output: Mapping[tuple[str, str, int], float]  # (g, k, y) -> by what each k-unit sold raises the limit of an intensity
    cap_share: Mapping[tuple[str, int], float]  # (g, y) -> share of the power used that must be non-fossil
    cap_sums: Names  # g that count all years until the one of the limit
    cap_price: Mapping[tuple[str, int], float]  # (g, y) -> MCNY per k-unit above the limit; absent: the limit is hard
    physical: tuple[tuple[str, int], ...]  # (c, y) in which a share asks for what is supplied physically
    clean: Names  # converters that make power without fossil fuel
    allowance_price: Mapping[int, float]  # y -> MCNY/kt of direct emissions on the national market; absent: not in it
    allowance: Mapping[int, float]  # y -> kt given for free
    credit_gain: Mapping[int, float]  # y -> MCNY per kt emitted that credits save
    border_share: Mapping[int, float]  # y -> exported share of the output, where a border asks for actual emissions
    border_free: Mapping[int, float]  # y -> kt of the exports that are free
    border_price: Mapping[int, float]  # y -> MCNY/kt
    border_fixed: Mapping[int, float]  # y -> MCNY owed by default values, whatever is done
    carbon_price: Mapping[int, float]  # y -> MCNY/kt on direct, purchased (location) and outsourced emissions

    # -- money ----------------------------------------------------------------------------------------------------
    investment: Mapping[tuple[str, int], float]  # (a, v) -> MCNY per size; nothing where pieces say it
    piece_slope: Mapping[tuple[str, int, int], float]  # (a, v, n) -> MCNY per further size in piece n
    piece_start: Mapping[tuple[str, int, int], float]  # (a, v, n) -> MCNY for being in piece n at all
    renewal_investment: Mapping[str, float]  # a -> MCNY per size
    paid: Mapping[tuple[str, int, int], float]  # (a, v, y) -> share of the investment for v paid at the start of y
    credit: Mapping[tuple[str, int], float]  # (a, v) -> today's value left at the horizon's end per 1 invested; measures: see lasting
    lasting: Mapping[tuple[str, int, str, str], float]  # (m, v, h, q) -> the same on part q of h: "stood", "renewed" or "built 2026"
    dearest: Mapping[tuple[str, int], float]  # (m, v) -> highest MCNY a size of m can cost
    renewal_credit: Mapping[str, float]  # a -> today's MCNY left per size renewed
    fixed_cost: Mapping[tuple[str, int], float]  # (a, y) -> MCNY per size and year
    aged_cost: Mapping[tuple[str, int], float]  # (a, y) -> MCNY more per size of what stood at the start, for its age
    vintage_cost: Mapping[tuple[str, int], float]  # (a, v) -> MCNY more (or less) a year per size built for v
    variable_cost: Mapping[tuple[str, int], float]  # (a, y) -> MCNY per activity (k-unit)
    discount_start: Mapping[int, float]  # y -> today's value of 1 paid at the start of y
    discount_end: Mapping[int, float]  # y -> today's value of 1 paid at the end of y (the last year: tail included)

    name: str = field(default="factory")
