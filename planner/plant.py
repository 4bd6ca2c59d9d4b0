"""Plant 工厂: a case in canonical units - every asset, carrier, market and cap with the numbers the program counts in.

Canonical: carriers in their own unit per hour, or thousands of it a year; CO2 in kt; money in real MCNY of the base year
without recoverable VAT. All conversion of units, currencies, price years and taxes happens here and nowhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil, inf

from planner import carbon_market, connection, emission_factors, markets, offsets, shapes, standby, targets
from planner.asset import THOUSAND as THOUSAND
from planner.asset import Asset as Asset
from planner.asset import ByYear
from planner.calendar import DAYS
from planner.carbon_market import Border
from planner.carbon_market import Market as Allowances
from planner.case import Case
from planner.connection import Connection
from planner.decisions import Taken
from planner.decisions import resolve as resolve_decisions
from planner.errors import CaseError, Finding
from planner.markets import Market
from planner.money import Conversion, Horizon, interpolate, real_rate
from planner.offsets import Terms
from planner.rules import Rules
from planner.rules import resolve as resolve_rules
from planner.standby import Standby
from planner.tables import Row, nearest
from planner.targets import Target
from planner.units import UnitError, currency, factor

MILLION = 1e6


@dataclass(frozen=True)
class Plant:
    """A whole factory in canonical units."""

    name: str
    horizon: Horizon
    decide_from: int
    assets: Mapping[str, Asset]
    carriers: Mapping[str, str]  # carrier -> balance: step, year or none
    units: Mapping[str, str]
    carbon: Mapping[str, float]
    carbon_biogenic: Mapping[str, float]
    embodied: Mapping[str, float]  # bought intermediates only
    markets: Mapping[str, Market]
    demand: Mapping[tuple[str, int], float]
    demand_profile: Mapping[str, str | None]
    areas: Mapping[str, float]
    grid_factor: Mapping[tuple[str, int], float]  # (view, year) -> kt/GWh
    caps: Mapping[str, tuple[str, str]]  # cap -> scope, view; or what it counts instead of emissions
    cap_limit: Mapping[tuple[str, int], float]  # kt, ktce, GWh
    carbon_price: float  # MCNY/kt
    connection: float  # MW
    elsewhere: tuple[str, ...] = ()  # markets and options whose limits are known for other provinces only: nothing of them is available here
    tie: Connection = field(default_factory=Connection)
    standby: Standby = field(default_factory=Standby)
    rows: Mapping[str, tuple[Row, ...]] = field(repr=False, default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    decisions: Taken = field(default_factory=dict)  # what was decided before and stands
    groups: Mapping[str, str] = field(default_factory=dict)  # carrier -> fuel, material, heat, ...
    gases: Mapping[str, str] = field(default_factory=dict)  # carrier -> greenhouse gas it is when let out; absent: co2
    upstream: Mapping[str, float] = field(default_factory=dict)  # carrier -> CO2 of making it elsewhere, whoever could make it
    grid_rows: Mapping[str, tuple[Row, ...]] = field(
        repr=False, compare=False, default_factory=dict
    )  # view -> rows its factor comes from; none: the case's own
    apportioned: float = 0.0  # share of power without proof that counts as non-fossil in the market view
    certificate_ceiling: float = 1.0  # most certificates that count, share of the power drawn from the grid
    certificate_ceiling_elsewhere: float | None = None  # the same for those of other provinces in an account; none: all are under one
    sector: str = ""
    product: str = ""  # carrier
    targets: Mapping[str, Target] = field(default_factory=dict)  # cap -> all that is known of it; absent: an amount of emissions
    base_factor: float = 0.0  # the grid's location factor as known of the base year, kt/GWh
    offsets: Terms | None = None
    market: Allowances | None = None  # the national carbon market, where the plant is in it
    border: Border | None = None

    @property
    def shared(self) -> float:
        """Share of power without proof that is apportioned as non-fossil; nothing where the factor is not that of fossil power alone."""
        return self.apportioned if any(r["parameter"] == "fossil_factor" for r in self.grid_rows.get("market", ())) else 0.0

    def without_fossil(self, asset: Asset) -> bool:
        """Whether a converter makes power of nothing that carries fossil carbon: sun, wind, or biogenic fuel alone."""
        fuels = [c for c, r in asset.ratio.items() if r < 0 and c != "electricity"]
        makes = asset.kind == "converter" and asset.ratio.get("electricity", 0.0) > 0
        return makes and all(self.carbon_biogenic.get(c, 0.0) > 0 and not self.carbon.get(c) for c in fuels)

    def stopped_by(self, a: Asset) -> tuple[tuple[str, float], ...]:
        """What stands still while an asset is built, and how much of it per size: the host of a measure, or what is converted."""
        made_of = [(h, per) for (name, h), per in self.rules.converts.items() if name == a.name and h in self.assets]
        return (*((h, 1.0) for h in a.hosts), *made_of) if a.rebuild_outage else ()

    @property
    def powers(self) -> dict[str, tuple[str, ...]]:
        """Store -> the assets whose size is its power; stores whose power follows from their size have none."""
        stores = dict.fromkeys(a.power_of for a in self.assets.values() if a.power_of)
        return {s: tuple(a.name for a in self.assets.values() if a.power_of == s) for s in stores}

    @property
    def candidates(self) -> tuple[str, ...]:
        """Options: assets that may be built."""
        return tuple(a.name for a in self.assets.values() if a.status == "candidate")


def resolve(case: Case, found: list[Finding] | None = None) -> Plant:
    """Resolve every number of ``case``; raises CaseError with all that could not be resolved.

    With a list ``found`` the findings go there, and what could be resolved is handed on.
    """
    findings: list[Finding] = [] if found is None else found
    plant = _Resolver(case, findings).plant()
    if findings and found is None:
        raise CaseError(findings)
    return plant


class _Resolver:
    """Looks numbers up (override, then catalogue), converts them, and notes what is wrong."""

    def __init__(self, case: Case, findings: list[Finding]) -> None:
        self.case, self.findings = case, findings
        self.technologies = case.by_name["technologies"]
        self.carriers = case.by_name["carriers"]
        self.parameters = case.by_name["parameters"]
        money = case.tables["money"]
        self.conversion = Conversion(
            base_year=int(case["finance.base_year"]),
            rate={r["currency"]: r["value"] for r in money if r["parameter"] == "rate"},
            index={(r["currency"], r["year"]): r["value"] for r in money if r["parameter"] == "index"},
        )
        rate = case["finance.discount_rate"]
        if case["finance.discount_rate_kind"] == "nominal":
            rate = real_rate(rate, case["finance.inflation"])
        self.horizon = Horizon(
            int(case["horizon.first_year"]), int(case["horizon.last_year"]), rate, case["finance.end_of_horizon"], int(case["finance.tail_years"])
        )
        self.values: dict[str, dict[tuple[str, str | None], list[Row]]] = {}
        for row in case.tables["technology_values"]:
            self._known(row, "technology", self.technologies)
            self._known(row, "parameter", self.parameters)
            if row["carrier"]:
                self._known(row, "carrier", self.carriers)
            self.values.setdefault(row["technology"], {}).setdefault((row["parameter"], row["carrier"]), []).append(row)
        self.overrides: dict[str, dict[tuple[str, str | None], list[Row]]] = {}
        for row in case.tables["overrides"]:
            self._known(row, "asset", case.by_name["assets"])
            self._known(row, "parameter", self.parameters)
            self.overrides.setdefault(row["asset"], {}).setdefault((row["parameter"], row["carrier"]), []).append(row)
        self.curves: dict[str, list[Row]] = {}
        for row in case.tables["scale"]:
            if self._known(row, "asset", case.by_name["assets"]):
                self.curves.setdefault(row["asset"], []).append(row)
        self.province: dict[tuple[str, str], list[Row]] = {}
        for row in case.tables["province_values"]:
            self.province.setdefault((row["province"], row["parameter"]), []).append(row)
        regional = {p for q, p in self.province if q != "china"}
        self.national = {p for q, p in self.province if q == "china"} - regional  # one price for the whole country
        self.elsewhere: list[str] = []

    # -- looking up ---------------------------------------------------------------------------------------------

    def _known(self, row: Row, column: str, known: Iterable[str]) -> bool:
        if row[column] in known:
            return True
        self._note(row, f"{column} {row[column]!r} is unknown", nearest(str(row[column]), known))
        return False

    def _note(self, row: Row, what: str, allowed: str) -> None:
        self.findings.append(Finding(row["where"], what, allowed))

    note, known = _note, _known

    def here(self, rows: list[Row]) -> list[Row]:
        """Rows that hold in the site's province; one that names no province holds everywhere."""
        for row in rows:
            if row["province"]:
                self._known(row, "province", self.case.by_name["provinces"])
        return [r for r in rows if r["province"] in (None, self.case["site.province"])]

    def canonical(self, row: Row, target: str) -> float:
        """A row's number in ``target`` units (money: CNY of the base year). 0 with a finding when it has no such unit."""
        try:
            money = currency(row["unit"] or "")
            plain = target.replace("CNY", money) if money else target
            converted: float = row["value"] * factor(row["unit"] or "", plain)
            if money:
                year = row.get("currency_year")
                if year is None:
                    self._note(row, "the price year of money is missing", "currency_year, a year")
                    year = self.conversion.base_year
                converted *= self.conversion.to_base(row["unit"], year, row.get("vat_rate") or 0.0, row.get("location_factor") or 1.0)
            return converted
        except UnitError as error:
            self._note(row, str(error), f"a unit of {target}")
            return 0.0

    def by_year(self, rows: list[Row], target: str) -> dict[int, float]:
        """Values for every planned year: constant, or linear between the years given."""
        every = [r for r in rows if r["year"] is None]
        points = sorted((r["year"], self.canonical(r, target)) for r in rows if r["year"] is not None)
        if every and not points:
            constant = self.canonical(every[-1], target)
            return dict.fromkeys(self.horizon.years, constant)
        if every:
            self._note(every[-1], "a value for every year stands beside values of single years", "one or the other")
        return {y: interpolate(points, y) for y in self.horizon.years} if points else {}

    def rows_of(self, asset: Row) -> dict[tuple[str, str | None], list[Row]]:
        """Rows of an asset's parameters: the technology's, replaced where the case overrides them."""
        return self.values.get(asset["technology"], {}) | self.overrides.get(asset["asset"], {})

    # -- resolving ----------------------------------------------------------------------------------------------

    def plant(self) -> Plant:
        """All of it."""
        case, tables = self.case, self.case.tables
        assets = {row["asset"]: self.asset(row) for row in tables["assets"] if self._known(row, "technology", self.technologies)}
        assets = {name: a for name, a in assets.items() if a.status != "candidate" or a.max_size > 0}  # a closed option is no option
        assets = {name: replace(a, hosts=tuple(h for h in a.hosts if h in assets)) for name, a in assets.items()}
        factors = emission_factors.factors(self)
        demand, profile = self.demands()
        wanted = targets.resolve(self, factors, demand)
        national, border = carbon_market.resolve(self, demand)
        bought = {c: v for c, v in factors["embodied"].items() if self.carriers[c]["intermediate"] == "yes"}
        return Plant(
            name=case.name, horizon=self.horizon, decide_from=int(case["horizon.decide_from"]), assets=assets,
            carriers={c: r["balance"] for c, r in self.carriers.items()}, units={c: r["unit"] for c, r in self.carriers.items()},
            carbon=factors["carbon"], carbon_biogenic=factors["carbon_biogenic"], embodied=bought,
            markets=markets.resolve(self), demand=demand, demand_profile=profile,
            areas={r["area"]: self.canonical(r, "m2") / THOUSAND for r in tables["areas"]},
            grid_factor=emission_factors.grid_factors(self), elsewhere=tuple(self.elsewhere), targets=wanted, base_factor=targets.base_factor(self), offsets=offsets.resolve(self), market=national, border=border,
            caps={g: t.counts for g, t in wanted.items()}, cap_limit={(g, y): v for g, t in wanted.items() for y, v in t.limit.items()},
            carbon_price=float(case["finance.carbon_price"]) / THOUSAND, connection=float(case["site.connection"]), tie=connection.resolve(self), standby=standby.resolve(self), rows=tables,
            decisions=resolve_decisions(tables["decisions"], assets, self.horizon, self.canonical, self._note),
            rules=resolve_rules(case, assets, self.horizon, self.canonical, self._note),
            groups={c: r["group"] for c, r in self.carriers.items()}, gases={c: r["gas"] for c, r in self.carriers.items() if r["gas"] != "co2"},
            upstream=factors["embodied"], grid_rows=emission_factors.grid_rows(self), apportioned=float(case["account.apportioned_share"]),
            certificate_ceiling=float(case["account.certificate_ceiling"]), certificate_ceiling_elsewhere=case.settings.get("account.certificate_ceiling_elsewhere"), sector=str(case.settings.get("sector", "")), product=str(case["product.carrier"]),
        )  # fmt: skip

    def _unit(self, carrier: str) -> str:
        return str(self.carriers[carrier]["unit"]) if carrier in self.carriers else "share"

    def asset(self, row: Row) -> Asset:
        """One asset; see Asset for units."""
        technology = self.technologies[row["technology"]]
        rows = self.rows_of(row)
        per_site = technology["size_unit"] == "site"
        store = technology["kind"] == "store"
        scale = 1.0 if technology["operation"] == "flexible" or per_site or store else THOUSAND  # as Asset.scale
        size_unit, activity = technology["size_unit"], technology["activity_unit"]

        def number(parameter: str, target: str, default: float) -> float:
            found = self.by_year(rows.get((parameter, None), []), target)
            self._within(parameter, rows.get((parameter, None)), found.values())
            if len(set(found.values())) > 1:
                allowed = "one value; a later vintage is an asset of its own (earliest_year, latest_year, overrides)"
                self._note(rows[parameter, None][0], f"{parameter} differs from year to year, which only investments and costs may", allowed)
            return next(iter(found.values())) if found else default

        def money(parameter: str, target: str, per: float) -> dict[int, float]:
            found = rows.get((parameter, None), [])
            values = self.by_year(found, target)
            self._within(parameter, found, values.values())
            return {y: v * per / MILLION for y, v in values.items()}

        def per_use(parameter: str) -> str:
            return f"CNY/{next((self._unit(c) for p, c in rows if p == parameter and c), 'MWh')}"

        def shares(parameter: str) -> dict[str, float]:
            return {c: self.single(found, "share") for (p, c), found in rows.items() if p == parameter and c}

        def size(value: float | None) -> float:
            return self.canonical({"value": value, "unit": row["unit"] or size_unit, "where": row["where"]}, size_unit) / scale if value else 0.0

        investment = money("investment", f"CNY/({size_unit})", scale)
        module = number("unit_size", size_unit, 0.0) / scale or None
        largest = size(row["max_size"]) if row["max_units"] is None else row["max_units"] * (module or 1.0)
        lead, permit = number("lead_time", "month", 0.0), number("permit_time", "month", 0.0)
        lead_years = ceil((lead + permit) / 12 - 1e-9)
        fixed, vintage = self.fixed_cost(rows, investment, size_unit, scale)
        renewal = money("renewal_investment", f"CNY/({size_unit})", scale)
        if row["status"] == "candidate" and row["max_size"] is None and row["max_units"] is None and row["allowed"] != "no":
            self._note(row, "a candidate has no max_size and no max_units", "a largest size or number of units above 0")

        def outage(what: str) -> tuple[int, int]:
            """Days of a standstill, and the day of the year on which they begin."""
            found = rows.get((f"{what}_outage", None), [])
            days = round(number(f"{what}_outage", "month", 0.0) * DAYS / 12)
            if days and not rows.get((f"{what}_month", None)):
                self._note(
                    found[0], f"the {what}_outage of {row['asset']!r} has no month", f"a row {what}_month: the month in which it begins, 1 to 12"
                )
            return days, date(2025, int(number(f"{what}_month", "month", 1.0)), 1).timetuple().tm_yday - 1

        (renewal_outage, renewal_begins), (rebuild_outage, rebuild_begins) = outage("renewal"), outage("rebuild")
        allowed = row["allowed"] != "no"
        if allowed and row["status"] == "candidate" and not self.here([row]):
            allowed = False
            self.elsewhere.append(row["asset"])
        return Asset(
            name=row["asset"], technology=row["technology"], kind=technology["kind"], operation=technology["operation"], lever=technology["lever"],
            status=row["status"], unit=size_unit, activity_unit=activity, per_site=per_site, hosts=self.hosts(row), replaces=row["replaces"],
            potential=row["potential"], area=row["area"], profile=self.shape(technology), size=size(row["size"]), in_service=row["in_service"],
            end_year=row["end_year"], may_retire=row["may_retire"] == "yes", max_size=largest if allowed else 0.0, module=module,
            first_service=max(int(self.case["horizon.decide_from"]) + lead_years, row["earliest_year"] or 0), lead_years=lead_years,
            lifetime=number("lifetime", "year", 20.0),
            ratio={
                c: flow for (p, c), found in rows.items() if p == "flow" and c and (flow := self.single(found, f"{self._unit(c)}/({activity})"))
            },  # an override by 0 takes a flow away
            saving=shares("saving"),
            uptake=number("uptake", "share", 1.0), availability=number("availability", "share", 1.0),
            investment=investment, fixed_cost=fixed,
            variable_cost=money("variable_cost", f"CNY/({activity})", THOUSAND),
            renewal_investment=renewal.get((row["end_year"] or 0) + 1, next(iter(renewal.values()))) if renewal else None,
            renewal_outage=renewal_outage, renewal_begins=renewal_begins, renewal_lifetime=number("renewal_lifetime", "year", 15.0),
            rebuild_outage=rebuild_outage, rebuild_begins=rebuild_begins, book_value=next(iter(money("book_value", f"CNY/({size_unit})", scale).values()), None),
            area_per_size=number("area", f"m2/({size_unit})", 0.0) * scale / THOUSAND,
            charge_efficiency=number("charge_efficiency", "share", 1.0), discharge_efficiency=number("discharge_efficiency", "share", 1.0),
            standing_loss=number("standing_loss", "1/h", 0.0), duration=number("duration", "h", 1.0),
            estimated=any(r["confidence"] == "estimate" for r in rows.get(("investment", None), [])),
            latest_service=row["latest_year"], min_size=size(row["min_size"]), project_investment=money("project_investment", "CNY", 1.0),
            curve=self.curve(row, size_unit, scale),
            vintage_cost=vintage, ageing=number("ageing", "1/year", 0.0), overlap_years=int(row["overlap_years"] or 0),
            replaced_by=self.replacements(row), line=row["line"],
            minimum_load=number("minimum_load", "share", 0.0), ramp=number("ramp", "1/h", inf),
            start_cost=money("start_cost", f"CNY/({size_unit})", scale * THOUSAND),
            shiftable=shares("shiftable"), sheddable=shares("sheddable"), critical=shares("critical"),
            shift_window=number("shift_window", "h", 0.0),
            shift_cost=money("shift_cost", per_use("shiftable"), THOUSAND),
            shed_cost=money("shed_cost", per_use("sheddable"), THOUSAND), firm=number("firm", "share", 0.0),
            power_of=row["host"] if technology["kind"] == "power" else None,
        )  # fmt: skip

    def single(self, rows: list[Row], target: str) -> float:
        """A number that does not change over the years."""
        if len(rows) > 1:
            self._note(
                rows[1],
                f"{rows[1]['parameter']} is given twice",
                "one value; a later vintage is an asset of its own (earliest_year, latest_year, overrides)",
            )
        value = self.canonical(rows[0], target)
        self._within(rows[0]["parameter"], rows, [value])
        return value

    def _within(self, parameter: str, rows: list[Row] | None, values: Iterable[float]) -> None:
        rule = self.parameters.get(parameter)
        if not rule or not rows:
            return
        for value in values:
            if (rule["min"] is not None and value < rule["min"]) or (rule["max"] is not None and value > rule["max"]):
                limits = [
                    f"at least {rule['min']:g}" if rule["min"] is not None else "",
                    f"at most {rule['max']:g}" if rule["max"] is not None else "",
                ]
                self._note(rows[0], f"{parameter} ({rule['zh']}) is {value:g}", " and ".join(t for t in limits if t))

    def fixed_cost(
        self, rows: dict[tuple[str, str | None], list[Row]], investment: ByYear, size_unit: str, scale: float
    ) -> tuple[dict[int, float], dict[int, float]]:
        """Yearly cost per size, and what it is more or less for what goes into service in a year.

        An amount of money, by year; or a share of the investment - of its own year for what is new, of today's for what stands.
        """
        found = rows.get(("fixed_cost", None), [])
        share = bool(found) and currency(found[0]["unit"] or "share") is None
        values = self.by_year(found, "1/year" if share else f"CNY/({size_unit})/year")
        self._within("fixed_cost", found, values.values())
        if not share:
            return {y: v * scale / MILLION for y, v in values.items()}, {}
        if len(set(values.values())) > 1:
            self._note(found[0], "fixed_cost is a share of the investment that differs from year to year", "one share, or amounts of money by year")
        part, today = next(iter(values.values()), 0.0), investment.get(self.horizon.first, 0.0)
        return dict.fromkeys(values, part * today), {v: part * (cost - today) for v, cost in investment.items() if cost != today}

    def hosts(self, row: Row) -> tuple[str, ...]:
        """The assets a measure acts on: its host, or those listed for it; the host of a power is its store, which it does not act on."""
        if self.technologies[row["technology"]]["kind"] == "power":
            return ()
        listed = [r for r in self.case.tables["hosts"] if r["asset"] == row["asset"]]
        names = [row["host"]] if row["host"] else [r["host"] for r in listed if self._known(r, "host", self.case.by_name["assets"])]
        if row["host"]:
            self._known(row, "host", self.case.by_name["assets"])
        if self.technologies[row["technology"]]["kind"] == "measure" and not names:
            self._note(row, "a measure has no host", "the asset it acts on, or rows in hosts.csv")
        return tuple(names)

    def curve(self, row: Row, size_unit: str, scale: float) -> tuple[tuple[float, float], ...]:
        """Points of an asset's cost curve: size, and the cost of a size there over its investment; two or more."""
        found = self.curves.get(row["asset"], [])
        if len(found) == 1:
            self._note(found[0], "a cost curve has one point", "two or more sizes")
            return ()
        return tuple(
            (self.canonical({"value": r["size"], "unit": r["unit"] or size_unit, "where": r["where"]}, size_unit) / scale, r["share"]) for r in found
        )

    def shape(self, technology: Row) -> str | None:
        """The shape of what an asset does: its technology's own, or else the works' where it cannot choose its hours."""
        runs_flat = technology["kind"] == "converter" and technology["operation"] == "flat"
        return shapes.own(self.case, technology["profile"]) if runs_flat else technology["profile"]

    def replacements(self, row: Row) -> tuple[str, ...]:
        """The assets that must be in service before this one goes."""
        names = tuple(name.strip() for name in (row["replaced_by"] or "").split(";") if name.strip())
        for name in names:
            self._known(row | {"replaced_by": name}, "replaced_by", self.case.by_name["assets"])
        return names

    def of_province(self, row: Row) -> list[Row]:
        """Rows of a province's parameter; what the province lacks is a finding, never borrowed from the nation."""
        province = "china" if row["province_parameter"] in self.national else self.case["site.province"]
        found = self.province.get((province, row["province_parameter"]), [])
        if not found:
            have = [p for q, p in self.province if q == province]
            self._note(
                row,
                f"province {province!r} has no {row['province_parameter']!r}",
                nearest(row["province_parameter"], have) + ", or a value of your own",
            )
        return found

    def demands(self) -> tuple[dict[tuple[str, int], float], dict[str, str | None]]:
        """What must be delivered, thousand units a year, and the shape of what is balanced in steps."""
        grouped: dict[str, list[Row]] = {}
        for row in self.case.tables["demands"]:
            if self._known(row, "carrier", self.carriers):
                grouped.setdefault(row["carrier"], []).append(row)
        demand = {(c, y): v / THOUSAND for c, rows in grouped.items() for y, v in self.by_year(rows, f"{self._unit(c)}/year").items()}
        return demand, {c: shapes.own(self.case, rows[0]["profile"]) for c, rows in grouped.items()}
