"""The mathematics of a factory's plan 工厂规划的数学模型.

One file is one idea: its Pyomo block, its rules and what it contributes to the whole. Read them in the order
one would explain a factory:

    inputs      the numbers the mathematics may know
    frame       years, steps and carriers that every block shares
    capacity    what is there, built, renewed and retired
    scale       what a project costs by its size
    choice      what excludes, limits or needs each other
    succession  old units go only after their replacement
    converter   what turns carriers into carriers
    measure     retrofits of a named host
    lasting     what of a retrofit outlives the horizon with its host
    store       what is kept for later
    market      what is bought and sold across the fence
    contract    power that is bought ahead
    demand      what the highest purchase of a month costs
    green       where the factory's own wind and solar power goes
    balance     what is made is used
    physical    non-fossil power used as it is made, where a target asks
    emissions   what is emitted here, and elsewhere on the factory's behalf
    cap         targets: what may be emitted or used at most, which shares are reached
    dues        what the carbon market and a border ask for direct emissions
    cost        what it all costs, today
    budget      how much may be invested and built
    build       the list of blocks, and the model made of them
    compiled    the model as a sparse matrix, ready for a solver
    solution    values, bounds and prices as plain tables
    formulation the page that is printed from the built model

Nothing here reads a file, knows a screen or imports the planner.

Units: carriers are counted in their own unit (t, MWh, GJ) - per hour in a step, in thousands of it a year (kt, GWh,
TJ); CO2 in kt, money in million CNY of the base year, durations in thousand hours a year. A flow per hour times a
duration is thus an amount a year, and no rule contains a conversion.
"""
