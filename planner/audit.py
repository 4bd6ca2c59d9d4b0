"""Audit 审计: a plan recomputed outside the model, in plain arithmetic; a plan that does not add up is refused.

It reads Plant, Year and the tables of a Solution and shares no code with the model or its translation, so that an error
in either shows. Numbers are canonical: carriers in their unit per hour or thousands of it a year, CO2 in kt, money in MCNY.

Letters of axes: a asset, y year, s step, k market, n billing months, c carrier, j measure on a host, q view, g cap, p cost part;
those of trade stand in planner.audit_trade.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.solution import Solution
from planner import audit_backup, audit_caps, audit_investing, audit_money, audit_rebuild, audit_shift, audit_stores, audit_trade, audit_units
from planner.account.ledger import account
from planner.account.planned import Done, activities
from planner.audit_money import MOST_FAULTS, Array, Axes, Ledger
from planner.plant import Asset, Plant
from planner.year import Year

NONNEGATIVE = {  # table -> its axes
    "capacity.size": "ay", "capacity.built": "ay", "capacity.units": "ay", "capacity.retired": "ay", "capacity.scrapped": "ay",
    "capacity.renewed": "a", "capacity.relined": "a", "converter.activity": "ay", "converter.output": "ays", "measure.activity": "jy",
    "measure.saved": "jcy", "store.level": "ays", "store.charge": "ays", "store.discharge": "ays", "emissions.outsourced": "y",
    "cap.over": "gy", "dues.owed": "y", "physical.beside": "cys",
} | audit_trade.TABLES | audit_units.TABLES | audit_stores.TABLES | audit_shift.TABLES | audit_backup.TABLES | audit_rebuild.TABLES  # fmt: skip
SIGNED = {
    "emissions.by_source": "ay", "emissions.direct": "y", "emissions.energy": "qy", "cap.counted": "gy",
    "cost.running": "py", "cost.investing": "ay", "cost.credited": "a",
}  # fmt: skip
MISSED = {
    "balance.step_balance": "cys",
    "balance.year_balance": "cy",
    "market.amount_limit": "ky",
    "market.amount_least": "ky",
    "cap.cap_limit": "gy",
    "green.self_use": "ly",
    "green.load_share": "ly",
    "green.export_share": "ly",
} | audit_backup.MISSED  # rule -> axes of what it may lack
DECIDED = (
    "capacity.built",
    "capacity.units",
    "capacity.retired",
    "capacity.scrapped",
    "capacity.renewed",
    "capacity.relined",
)  # tables of investing alone
OPERATED = {name: axes for name, axes in (NONNEGATIVE | SIGNED).items() if name not in DECIDED and not name.startswith("cost.")}  # tables of running


@dataclass(frozen=True)
class Audit:
    """Whether a plan adds up.

    largest_residual: of all checks, relative to each balance's throughput (or 1 canonical unit where that is more);
    faults: one sentence each, what, where, by how much; checks: columns check, count, largest_residual, passed.
    """

    passed: bool
    largest_residual: float
    faults: tuple[str, ...]
    checks: pd.DataFrame


def audit(plant: Plant, year: Year, solution: Solution) -> Audit:
    """Recompute the plan ``solution`` of ``plant`` in ``year``; ``passed`` only when every check holds."""
    ledger = Ledger()
    if solution.cost is None or not solution.tables:
        ledger.refuse("tables", f"there is no plan to audit, the solve ended {solution.status!r}")
        return _verdict(ledger)
    plan = _Plan(plant, year, solution, ledger)
    for check in (_sizes, _decisions, audit_rebuild.decided, *OPERATION, _money):
        check(plan, ledger)
    audit_investing.audit(plant, solution, plan.tables, ledger)
    return _verdict(ledger)


def operated(plant: Plant, year: Year, solution: Solution, missed: Mapping[str, pd.DataFrame]) -> tuple[Audit, Mapping[str, Array]]:
    """Recompute how a plant of given sizes was run, and its cost parts (years,), MCNY. Investment is not looked at.

    missed: rule -> what was declared to lack of it (+) or to be too much (-), indexed as in MISSED; it must explain every rest.
    """
    ledger = Ledger()
    plan = _Plan(plant, year, solution, ledger, missed, OPERATED)
    for check in OPERATION:
        check(plan, ledger)
    return _verdict(ledger), _parts(plan)


def _verdict(ledger: Ledger) -> Audit:
    checks = ledger.checks()
    return Audit(bool(checks["passed"].all()), float(checks["largest_residual"].max()), tuple(ledger.faults), checks)


class _Plan:
    """The tables of a plan as arrays (what a table leaves out is 0) and what follows from them and the plant alone."""

    def __init__(
        self,
        plant: Plant,
        year: Year,
        solution: Solution,
        ledger: Ledger,
        missed: Mapping[str, pd.DataFrame] | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        self.plant, self.year, self.solution, self.cost = plant, year, solution, solution.cost or 0.0
        self.assets, self.markets, days = tuple(plant.assets.values()), tuple(plant.markets.values()), year.days
        self.pairs = tuple((a.name, h) for a in self.assets if a.kind == "measure" for h in a.hosts)
        self.parts = (
            "fixed",
            "variable",
            *audit_trade.parts(plant),
            *audit_units.parts(plant),
            *audit_shift.parts(plant),
            *audit_backup.parts(plant),
            "carbon price",
            *audit_caps.parts(plant),
        )
        self.axes: dict[str, Sequence[object]] = {
            "a": tuple(plant.assets), "y": plant.horizon.years, "s": days.steps, "k": tuple(plant.markets), "n": tuple(days.months), "c": tuple(plant.carriers),
            "j": self.pairs, "q": tuple(dict.fromkeys(q for q, _ in plant.grid_factor)), "g": tuple(plant.caps), "p": self.parts,
        } | audit_trade.axes(plant, year) | audit_stores.axes(plant, year) | audit_backup.axes(plant) | audit_rebuild.axes(plant)  # fmt: skip
        self.tables = {name: self._dense(name, axes, solution.tables.get(name), ledger) for name, axes in (known or NONNEGATIVE | SIGNED).items()}
        self.missed = {name: np.zeros([len(self.axes[letter]) for letter in axes]) for name, axes in MISSED.items()}
        self.missed |= {name: self._dense(name, MISSED[name], table, ledger) for name, table in (missed or {}).items()}
        self.kilohours = days.hours * days.weight / 1e3
        self._converters()
        self._markets()
        self._account()

    def _converters(self) -> None:
        """What every asset makes and uses, by hour and by year, and which measure stands on which host."""
        plant, steps = self.plant, len(self.year.days.steps)
        self.ratio = np.array([[a.ratio.get(c, 0.0) for c in plant.carriers] for a in self.assets]).reshape(len(self.assets), len(plant.carriers))
        order = {name: n for n, name in enumerate(plant.assets)}
        self.measure = np.array([order[p] for p, _ in self.pairs], dtype=int)  # asset of each measure on a host, and of its host
        self.host = np.array([order[h] for _, h in self.pairs], dtype=int)
        self.flat, self.flexible = (
            np.array([a.kind == "converter" and a.operation == o for a in self.assets], dtype=bool) for o in ("flat", "flexible")
        )
        self.kept = np.array([a.kind == "store" for a in self.assets], dtype=bool)
        self.shape = np.array([self._profile(a) for a in self.assets]).reshape(len(self.assets), steps)
        self.runs = np.array([audit_rebuild.open_days(self, a) for a in self.assets]).reshape(len(self.assets), len(plant.horizon.years), steps)
        kept = self.shape[:, None, :] * self.runs  # what renewals leave of each asset's year
        made = kept @ self.kilohours
        self.usable = made / np.where(self.flat, self.shape @ self.kilohours, 1.0)[:, None]
        per_year = kept / np.where(self.flat[:, None] & (made > 0), made, 1.0)[:, :, None]  # hourly flow per k-unit a year, 1/kh
        moved, of_measures, of_savings = audit_rebuild.moved(self)
        self.hourly = self["converter.output"] + np.where(self.flat[:, None, None], per_year, 0.0) * self["converter.activity"][:, :, None] + moved
        self.yearly = self["converter.activity"] + self["converter.output"] @ self.kilohours
        self.host_shape = per_year[self.host]
        self.covered = self["measure.activity"][:, :, None] * self.host_shape + of_measures  # host activity covered by a measure, hour by hour
        self.spared = np.einsum("jcy,jys->cys", self["measure.saved"], self.host_shape) + of_savings

    def _markets(self) -> None:
        """What every market trades in a year; of what is traded in steps, the sum of its steps."""
        plant = self.plant
        self.sign = np.array([1.0 if k.buys else -1.0 for k in self.markets])
        self.stepped = np.array([plant.carriers[k.carrier] == "step" for k in self.markets], dtype=bool)
        self.traded = np.where(self.stepped[:, None], self["market.flow"] @ self.kilohours, self["market.amount"])  # k-unit a year

    def _account(self) -> None:
        """The account of what is done: direct emissions by asset and year, what passes through them, purchased energy by view, outsourced; kt."""

        def of(axes: str, values: Array) -> dict[tuple[Any, ...], float]:
            cells = zip(product(*self.of(axes)), values.ravel().tolist(), strict=True)
            return {tuple(e for k in key for e in (k if isinstance(k, tuple) else (k,))): v for key, v in cells if v}

        converts = np.array(self.flat | self.flexible)[:, None]
        did = Done(of("ay", self.yearly * converts), of("jy", self["measure.activity"]), of("jcy", self["measure.saved"]), of("ky", self.traded))
        lines = account(self.plant, activities(self.plant, did)).lines
        lines = lines.assign(through=lines["t"].abs())

        def table(mine: pd.Series, rows: Sequence[object], by: str, column: str = "t") -> Array:
            wide = lines[mine].pivot_table(index=by, columns="year", values=column, aggfunc="sum", fill_value=0.0)
            return np.asarray(wide.reindex(index=list(rows), columns=list(self.plant.horizon.years), fill_value=0.0), dtype=np.float64) / 1e3

        direct = (lines["scope"] == 1) & ~lines["item"].isin(["biogenic", "removal"])
        self.direct, self.direct_through = (table(direct, self.axes["a"], "process", c) for c in ("t", "through"))
        bought = lines["item"].isin(["power_bought", "heat_bought"])
        heat = table(bought & (lines["view"] == ""), ["heat_bought"], "item")
        self.energy = table(bought, self.axes["q"], "view") + heat
        self.outsourced = table(lines["item"] == "intermediate", ["intermediate"], "item")[0]

    def __getitem__(self, table: str) -> Array:
        return self.tables[table]

    def of(self, axes: str) -> Axes:
        """Labels of the axes named by letters."""
        return [self.axes[letter] for letter in axes]

    def _profile(self, a: Asset) -> Array:
        return self.year.days.profiles[a.profile] if a.profile and a.profile != "flat" else np.ones(len(self.year.days.steps))

    def _dense(self, name: str, axes: str, table: pd.DataFrame | None, ledger: Ledger) -> Array:
        labels = self.of(axes)
        dense = np.zeros([len(axis) for axis in labels])
        if table is None:
            ledger.refuse("tables", f"{name} is missing")
            return dense
        if not len(table):
            return dense
        index, values = table.drop(columns="value"), table["value"].to_numpy(dtype=float)
        if index.shape[1] != len(axes) + axes.count("j"):
            ledger.refuse("tables", f"{name} has {index.shape[1]} index columns instead of {len(axes) + axes.count('j')}")
            return dense
        places = _places(index, axes, labels)
        known = (places >= 0).all(axis=0)
        for row in index[~known][:MOST_FAULTS].itertuples(index=False, name=None):
            ledger.refuse("tables", f"{name} has a value for {' '.join(map(str, row))}, which the plant does not know")
        if twice := int(known.sum()) - len(np.unique(np.ravel_multi_index(tuple(places[:, known]), dense.shape))):
            ledger.refuse("tables", f"{name} has {twice} indices twice")
        ledger.equal("tables", [[f"values of {name} that are no numbers"]], np.array([float((~np.isfinite(values)).sum())]), np.zeros(1))
        if name in NONNEGATIVE:
            ledger.at_most("no negative values", [[f"the least of {name}, negated,"]], np.array([-values.min(initial=0.0)]), np.zeros(1))
        dense[tuple(places[:, known])] = values[known]
        return dense


def _places(index: pd.DataFrame, axes: str, labels: Axes) -> npt.NDArray[np.intp]:
    """(axes, rows): the place of every row on every axis, -1 where it has none; a measure on a host takes two columns."""
    columns = iter(index[c] for c in index.columns)
    places = []
    for letter, axis in zip(axes, labels, strict=True):
        column = pd.Index(next(columns))
        if letter == "j":
            column = pd.MultiIndex.from_arrays([column, pd.Index(next(columns))])
            places.append(pd.MultiIndex.from_tuples(axis or [("", "")]).get_indexer(column))  # type: ignore[arg-type]
        else:
            places.append(pd.Index(list(axis), dtype=object).get_indexer(column.astype(object)))
    return np.array(places)


# Capacity -------------------------------------------------------------------------------------------------------


def _sizes(plan: _Plan, ledger: Ledger) -> None:
    """What runs is what stood at the start and still lives, what was renewed and what was built and still lives."""
    years = np.array(plan.axes["y"])
    built, renewed, gone = plan["capacity.built"], plan["capacity.renewed"], plan["capacity.retired"].cumsum(axis=1)
    size = np.zeros(built.shape)
    for a, asset in enumerate(plan.assets):
        begins, ends = asset.in_service or years[0], asset.end_year or years[-1]
        size[a] = np.where((begins <= years) & (years <= ends), asset.size - gone[a], 0.0)
        size[a] += (built[a, :, None] * ((years[:, None] <= years) & (years < years[:, None] + asset.lifetime))).sum(axis=0)
        if asset.end_year is not None and renewed[a]:
            again = asset.end_year + 1
            size[a] += renewed[a] * ((again <= years) & (years < again + asset.renewal_lifetime))
    ledger.equal("sizes", plan.of("ay"), plan["capacity.size"], size)


def _decisions(plan: _Plan, ledger: Ledger) -> None:
    """What is built, retired and renewed may be, when it is, in whole units, in its place and on its area."""
    plant, years, assets = plan.plant, np.array(plan.axes["y"]), plan.assets
    built, retired, renewed, size = (plan[f"capacity.{t}"] for t in ("built", "retired", "renewed", "size"))
    first = np.array([max(a.first_service, plant.decide_from + a.lead_years) for a in assets])
    ledger.at_most("lead times", plan.of("ay"), np.where((years < first[:, None]) & ~_taken(plant, "build"), built, 0.0), 0.0)
    lifetime = np.array([a.lifetime for a in assets])[:, None, None]
    runs = (years[:, None] <= years) & (years < years[:, None] + lifetime)  # asset, in-service year, year
    ledger.at_most("build limits", plan.of("ay"), np.einsum("av,avy->ay", built, runs), np.array([a.max_size for a in assets])[:, None])
    last = np.array([a.end_year or plant.horizon.last for a in assets])
    may = np.array([a.may_retire for a in assets], dtype=bool)[:, None] & (years >= plant.decide_from) & (years <= last[:, None])
    may |= _taken(plant, "retire")
    converted = np.array([any(h == a for _, h in plant.rules.converts) for a in plant.assets], dtype=bool)[:, None]
    may |= converted & (years <= last[:, None] + 1)  # see audit_investing
    stood = np.array([a.size for a in assets])
    ledger.at_most("retirement", plan.of("a"), retired.sum(axis=1), stood)
    ledger.at_most("retirement", plan.of("ay"), np.where(may, 0.0, retired), 0.0)
    again = [a.renewal_investment is not None and a.end_year is not None and a.end_year + 1 in plant.horizon.years for a in assets]
    ledger.at_most("renewal", plan.of("a"), renewed, np.where(again, stood - retired.sum(axis=1), 0.0))
    _whole(plan, ledger)
    for place in dict.fromkeys(a.replaces for a in assets if a.replaces):
        taken = size[[place in (a.name, a.replaces) for a in assets]].sum(axis=0)
        ledger.at_most("places", [[f"the place of {place} in {y}" for y in years]], taken, plant.assets[place].size)
    for area, available in plant.areas.items():
        used = np.array([a.area_per_size if a.area == area else 0.0 for a in assets]) @ size
        ledger.at_most("areas", [[f"{area} in {y}" for y in years]], used, available, "1000 m2")


def _taken(plant: Plant, action: str) -> npt.NDArray[np.bool_]:
    """(assets, years): whether such a decision was taken before."""
    return np.array([[(action, a, y) in plant.decisions for y in plant.horizon.years] for a in plant.assets], dtype=bool).reshape(
        len(plant.assets), len(plant.horizon.years)
    )


def _whole(plan: _Plan, ledger: Ledger) -> None:
    """What comes in whole units is built, retired and renewed whole."""
    rows = np.array([a for a, asset in enumerate(plan.assets) if asset.module], dtype=int)
    unit = np.array([plan.assets[a].module or 1.0 for a in rows])
    names = [plan.assets[a].name for a in rows]
    for sizes, count in (("built", "units"), ("retired", "scrapped"), ("renewed", "relined")):
        units = np.array(plan[f"capacity.{sizes}"][rows].T / unit).T
        axes = [[f"{name} {sizes}" for name in names], plan.axes["y"]][: units.ndim]
        ledger.equal("whole units", axes, units, np.round(units), np.ones(units.shape), "units")
        counted = plan[f"capacity.{count}"][rows]
        if count == "scrapped":  # counted from the start to the last year in which it may be retired
            units, counted = units.cumsum(axis=1), np.maximum.accumulate(counted, axis=1)
        ledger.equal("whole units", axes, units, counted, np.ones(units.shape), "units")


# Running --------------------------------------------------------------------------------------------------------


def _running(plan: _Plan, ledger: Ledger) -> None:
    """Converters do no more than what is available of their size."""
    size, available = plan["capacity.size"], np.array([a.availability for a in plan.assets])
    ledger.at_most("activities", plan.of("ay"), plan["converter.activity"], (plan.flat * available)[:, None] * plan.usable * size, "k-unit")
    share = ((plan.flexible * available)[:, None] * plan.shape)[:, None, :] * plan.runs
    ledger.at_most("outputs", plan.of("ays"), plan["converter.output"], share * size[:, :, None], "unit/h")


def _stores(plan: _Plan, ledger: Ledger) -> None:
    """Stores end a day as they began it, within size and power; no level passes between days of different weight."""
    days, rows = plan.year.days, np.flatnonzero(plan.kept & ~audit_stores.linked(plan.plant))
    stores, size = [plan.assets[a] for a in rows], plan["capacity.size"] * plan.kept[:, None]
    axes, before = [[s.name for s in stores], *plan.of("ys")], np.array([days.steps.index(s) for s in days.previous], dtype=int)
    level, charge, discharge = (plan[f"store.{t}"] for t in ("level", "charge", "discharge"))

    def column(values: Iterable[float]) -> Array:
        return np.array(list(values), dtype=float)[:, None, None]

    left = column(1 - s.standing_loss for s in stores) ** days.hours * level[rows][:, :, before]
    gained, lost = column(s.charge_efficiency for s in stores) * charge[rows], discharge[rows] / column(s.discharge_efficiency for s in stores)
    expected = left + days.hours * (gained - lost)
    ledger.equal("store balances", axes, level[rows], expected, np.maximum(left, level[rows]) + days.hours * (gained + lost), "unit")
    crossing = (days.weight != days.weight[before]) | (np.sort(before) != np.arange(len(before)))
    ledger.equal("store days", [[f"a level carried into step {s}" for s in days.steps]], crossing.astype(float), np.zeros(len(before)))
    ledger.at_most("store levels", plan.of("ays"), level, size[:, :, None], "unit")
    power = np.array([audit_backup.power(plan, a) if kept else 0.0 * size[a] for a, kept in enumerate(plan.kept)]).reshape(size.shape)[:, :, None]
    for t, rate in (("charge", charge), ("discharge", discharge)):
        ledger.at_most("store power", [[f"{t} of {a}" for a in plan.plant.assets], *plan.of("ys")], rate, power, "unit/h")


def _measures(plan: _Plan, ledger: Ledger) -> None:
    """Measures cover no more than was built of them and their share of the host; a shared potential serves once."""
    size, covered = plan["capacity.size"], plan["measure.activity"]
    host = plan.yearly[plan.host] if plan.pairs else covered
    for a in dict.fromkeys(plan.measure):
        mine, asset = covered[plan.measure == a], plan.assets[a]
        reach, names = np.ones(1), [asset.name]
        if asset.per_site:  # one site covers every host, whatever it may grow to; any other size is shared by the hosts
            reach = np.array([plan.plant.assets[h].size + plan.plant.assets[h].max_size for h in asset.hosts])
            names = [f"{asset.name} on {h}" for h in asset.hosts]
        done = mine if asset.per_site else mine.sum(axis=0, keepdims=True)
        ledger.at_most("measure sizes", [names, plan.axes["y"]], done, np.outer(reach, size[a]), "k-unit")
    uptake = np.array([plan.plant.assets[m].uptake for m, _ in plan.pairs]).reshape(-1, 1)
    ledger.at_most("measure hosts", plan.of("jy"), covered, uptake * host, "k-unit")
    shared = [(plan.plant.assets[m].potential, h) for m, h in plan.pairs]
    for name, h in dict.fromkeys(q for q in shared if q[0]):
        rows = np.array([q == (name, h) for q in shared])
        ledger.at_most("potentials", [[f"{name} of {h} in {y}" for y in plan.axes["y"]]], covered[rows].sum(axis=0), host[rows][0], "k-unit")


def _savings(plan: _Plan, ledger: Ledger) -> None:
    """A saving is a share of what is covered, and of what earlier savings leave: asset by asset, site-wide ones last."""
    saved, limit = plan["measure.saved"], np.zeros(plan["measure.saved"].shape)
    use = np.maximum(-plan.ratio, 0.0)
    remaining = use[:, :, None] * plan.yearly[:, None, :]
    for j in sorted(range(len(plan.pairs)), key=lambda j: plan.assets[plan.measure[j]].per_site):
        measure, h = plan.assets[plan.measure[j]], plan.host[j]
        share = np.array([measure.saving.get(c, 0.0) for c in plan.plant.carriers])[:, None]
        covered = use[h][:, None] * plan["measure.activity"][j]
        limit[j] = share * np.minimum(covered, measure.uptake * np.maximum(remaining[h], 0.0))
        remaining[h] -= saved[j]
    ledger.at_most("savings", plan.of("jcy"), saved, limit, "k-unit")


# Balances -------------------------------------------------------------------------------------------------------


def _balances(plan: _Plan, ledger: Ledger) -> None:
    """What is made or bought is used, sold or kept: in every step or over the year."""
    plant, covered, saved, names = plan.plant, plan["measure.activity"], plan["measure.saved"], np.array(plan.axes["c"])
    moved = plan["store.discharge"] - plan["store.charge"]
    converts, keeps = plan.ratio * (plan.flat | plan.flexible)[:, None], (plan.ratio != 0) * plan.kept[:, None] * 1.0
    changes, one = plan.ratio[plan.measure], np.eye(len(names))
    trades = plan.sign[:, None] * one[[list(names).index(k.carrier) for k in plan.markets]]
    stepped, yearly = (np.array([b == balance for b in plant.carriers.values()]) for balance in ("step", "year"))

    flows = (
        (converts, plan.hourly),
        (changes, plan.covered),
        (one, plan.spared + audit_shift.moved(plan) + audit_backup.unserved(plan)),
        (keeps, moved),
        (trades, plan["market.flow"]),
    )
    net, through = _net(flows, stepped)
    load = np.array([_load(plan, c) for c in names[stepped]]).reshape(net.shape) - plan.missed["balance.step_balance"][stepped]
    ledger.equal("step balances", [names[stepped].tolist(), *plan.of("ys")], net, load, (through + load) / 2, "unit/h")

    amounts = (plan.yearly, covered, saved.sum(axis=0) + plan["shed.waived"], moved @ plan.kilohours, plan.traded)
    net, through = _net([(m, amount[:, :, None]) for (m, _), amount in zip(flows, amounts, strict=True)], yearly)
    demand = np.array([[[plant.demand.get((c, y), 0.0)] for y in plant.horizon.years] for c in names[yearly]]).reshape(net.shape)
    demand = demand - plan.missed["balance.year_balance"][yearly][:, :, None]
    ledger.equal("year balances", [names[yearly].tolist(), plan.axes["y"], [""]], net, demand, (through + demand) / 2, "k-unit")
    for c in dict.fromkeys(c for (c, _), v in plant.demand.items() if v and plant.carriers.get(c) not in ("step", "year")):
        ledger.refuse("year balances", f"{c} is to be delivered but has no balance, so nobody delivers it")


def _net(flows: Iterable[tuple[Array, Array]], carriers: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """(carriers, years, steps): the net and the absolute sum of matrix (x, carriers) times flow (x, years, steps)."""
    sums = [(np.einsum("xc,xys->cys", m[:, carriers], f), np.einsum("xc,xys->cys", np.abs(m[:, carriers]), np.abs(f))) for m, f in flows]
    return np.sum([net for net, _ in sums], axis=0), np.sum([total for _, total in sums], axis=0)


def _load(plan: _Plan, carrier: str) -> Array:
    """(years, steps): fixed use of a carrier balanced in steps, unit/h, in the shape of its profile."""
    profile, years = plan.plant.demand_profile.get(carrier), plan.plant.horizon.years
    shape = plan.year.days.profiles[profile] if profile and profile != "flat" else np.ones(len(plan.kilohours))
    return np.outer([plan.plant.demand.get((carrier, y), 0.0) for y in years], shape / (shape @ plan.kilohours))


# Account --------------------------------------------------------------------------------------------------------


def _emissions(plan: _Plan, ledger: Ledger) -> None:
    """The plan emits what its account says: by source, by the carbon that crosses the fence, purchased energy in both views, elsewhere."""
    plant, years = plan.plant, plan.axes["y"]
    ledger.equal("emissions by source", plan.of("ay"), plan["emissions.by_source"], plan.direct, plan.direct_through, "kt")
    site = [[f"direct emissions in {y}" for y in years]]
    ledger.equal("direct emissions", site, plan["emissions.direct"], plan.direct.sum(axis=0), plan.direct_through.sum(axis=0) / 2, "kt")
    kept, through = audit_money.carbon_boundary(plant, plan.traded)
    ledger.equal("carbon boundary", site, plan["emissions.direct"], kept, through, "kt")
    ledger.equal("purchased energy", plan.of("qy"), plan["emissions.energy"], plan.energy, unit="kt")
    elsewhere = [[f"emissions of bought intermediates in {y}" for y in years]]
    ledger.equal("outsourced", elsewhere, plan["emissions.outsourced"], plan.outsourced, unit="kt")


def _money(plan: _Plan, ledger: Ledger) -> None:
    """Every cost part and year, the investment as paid, the value left at the end, and their sum in today's money."""
    plant, built, renewed = plan.plant, plan["capacity.built"], plan["capacity.renewed"]
    parts = _parts(plan)
    parts["fixed"] = parts["fixed"] + audit_investing.extra_fixed_cost(plant, built, plan["capacity.retired"])
    running = np.array([parts[part] for part in plan.parts])
    ledger.equal("running costs", plan.of("py"), plan["cost.running"], running, unit="MCNY")
    invested, left = audit_money.investments(plant, built, renewed), audit_money.left_at_the_end(plant, built, renewed)
    left = left + audit_investing.value_on_hosts(plant, plan.solution)
    ledger.equal("investment", plan.of("ay"), plan["cost.investing"], invested, unit="MCNY")
    ledger.equal("value left", plan.of("a"), plan["cost.credited"], left, unit="MCNY")
    start, end = audit_money.discounts(plant.horizon)
    total = (invested @ start).sum() + (running @ end).sum() - left.sum()
    ledger.equal("discounted cost", [["the cost of the plan"]], np.array([plan.cost]), np.array([total]), unit="MCNY")


def _parts(plan: _Plan) -> dict[str, Array]:
    """Cost part -> (years,): MCNY paid at the year's end."""
    done = plan.yearly + plan["store.discharge"] @ plan.kilohours
    np.add.at(done, plan.measure, plan["measure.activity"])
    priced = plan.direct.sum(axis=0) + plan.energy[list(plan.axes["q"]).index("location")] + plan.outsourced
    running = audit_money.running(plan.plant, plan["capacity.size"], done, priced)
    return running | audit_trade.costs(plan) | audit_units.costs(plan) | audit_shift.costs(plan) | audit_backup.costs(plan) | audit_caps.costs(plan)


OPERATION = (
    _running, audit_units.check, _stores, audit_stores.check, _measures, _savings, audit_rebuild.check, audit_shift.check, audit_backup.check, audit_trade.check, _balances, _emissions, audit_caps.check,
)  # fmt: skip
