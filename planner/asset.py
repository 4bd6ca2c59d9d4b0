"""Asset 设备: one piece of equipment or one option, with the numbers the program counts in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

THOUSAND = 1e3
ByYear = Mapping[int, float]


@dataclass(frozen=True)
class Asset:
    """One piece of equipment or one option, resolved from catalogue and overrides.

    size, max_size, module: thousands of the activity unit a year (flat converters, measures), activity unit per hour
    (flexible converters), carrier unit (stores) or sites; ratio: carrier -> per activity; money per size, by year.
    """

    name: str
    technology: str
    kind: str
    operation: str
    lever: str
    status: str
    unit: str
    activity_unit: str
    per_site: bool
    hosts: tuple[str, ...]
    replaces: str | None
    potential: str | None
    area: str | None
    profile: str | None
    size: float
    in_service: int | None
    end_year: int | None
    may_retire: bool
    max_size: float
    module: float | None
    first_service: int  # earliest year a new one can run
    lead_years: int
    lifetime: float
    ratio: Mapping[str, float]
    saving: Mapping[str, float]
    uptake: float
    availability: float
    investment: ByYear
    fixed_cost: ByYear
    variable_cost: ByYear
    renewal_investment: float | None
    renewal_outage: int  # days on which it stands still for that
    renewal_begins: int  # the day of the year, 0 to 364, on which the outage begins
    renewal_lifetime: float
    area_per_size: float  # 1000 m2
    charge_efficiency: float
    discharge_efficiency: float
    standing_loss: float
    duration: float
    estimated: bool  # its investment rests on an estimate
    line: str | None = None  # direct line it feeds
    latest_service: int | None = None  # last year a new one can go into service
    min_size: float = 0.0  # of what is built at a time
    curve: tuple[tuple[float, float], ...] = ()  # size, and the cost of a size there over `investment`
    project_investment: ByYear = field(default_factory=dict)  # MCNY for building at all, whatever the size
    vintage_cost: ByYear = field(default_factory=dict)  # in-service year -> what `fixed_cost` is more or less, MCNY per size
    ageing: float = 0.0  # yearly rise of the fixed cost of what stands
    replaced_by: tuple[str, ...] = ()
    book_value: float | None = None  # MCNY per size at the start of the first planned year
    rebuild_outage: int = 0  # days on which its host stands still while it is built, in the year before it runs
    rebuild_begins: int = 0  # the day of that year, 0 to 364, on which they begin
    overlap_years: int = 0
    minimum_load: float = 0.0  # least share of what runs; below it a unit stands still
    ramp: float = inf  # 1/h, share of the size by which it changes in an hour
    start_cost: ByYear = field(default_factory=dict)  # MCNY per size and thousand starts
    shiftable: Mapping[str, float] = field(default_factory=dict)  # carrier -> share of its use that may wait
    shift_window: float = 0.0  # h, by when it is caught up
    shift_cost: ByYear = field(default_factory=dict)  # MCNY per k-unit put off
    sheddable: Mapping[str, float] = field(default_factory=dict)  # carrier -> share of its use that may go unserved
    shed_cost: ByYear = field(default_factory=dict)  # MCNY per k-unit of that
    critical: Mapping[str, float] = field(default_factory=dict)  # carrier -> share of its use that must not fail
    firm: float = 0.0  # share of its power that counts as standing ready
    power_of: str | None = None  # the store whose power it is

    @property
    def scale(self) -> float:
        """Size units in a canonical size: a thousand for what is counted by the year."""
        return 1.0 if self.per_site or self.operation == "flexible" or self.kind == "store" else THOUSAND

    @property
    def linked(self) -> bool:
        """It is a store that keeps from day to day of the year."""
        return self.kind == "store" and self.operation == "seasonal"

    def spent(self, year: int, size: float) -> float:
        """MCNY for building ``size`` at once for service in ``year``: linear between the points of its curve."""
        if size <= 0:
            return 0.0
        cost = [(s, s * share * self.investment.get(year, 0.0)) for s, share in self.curve] or [(0.0, 0.0), (1.0, self.investment.get(year, 0.0))]
        (s0, c0), (s1, c1) = next((pair for pair in pairwise(cost) if size <= pair[1][0]), (cost[-2], cost[-1]))
        return self.project_investment.get(year, 0.0) + c0 + (c1 - c0) / (s1 - s0) * (size - s0)
