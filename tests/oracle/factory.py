"""Factory: what a plant says, written down as a linear problem a second time - without the model, its inputs or its translation.

Where a rule can be said in another way than the model says it, it is: carbon is counted at the fence, what is left at the
end is a sum over its years, a cost curve is read off its points.
"""

from collections.abc import Mapping

import numpy as np

from oracle.programme import Programme, Sum, total
from oracle.standby import Standby
from planner.plant import Asset, Market, Plant
from planner.year import Year

THOUSAND = 1e3
Days = tuple[tuple[int, int], ...]  # stretches of days: the first, and how many


def least_cost(plant: Plant, year: Year) -> float | None:
    """The least discounted cost of a plant, MCNY; None where no plan exists."""
    return written(plant, year).least()


def written(plant: Plant, year: Year) -> Programme:
    """All of a plant's rules as one linear problem."""
    return Factory(plant, year).p


class Factory(Standby):
    """Writes a plant down; every method adds the rows of one subject."""

    def __init__(self, plant: Plant, year: Year) -> None:
        self.plant, self.days, self.year = plant, year.days, year
        self.years, self.p = plant.horizon.years, Programme()
        self.steps = range(len(self.days.steps))
        self.hours = [float(h * w) / THOUSAND for h, w in zip(self.days.hours, self.days.weight, strict=True)]  # kh a year
        self.offered = {n: [v for v in self.years if self._may_run(a, v)] for n, a in plant.assets.items()}
        self.sizes()
        self.prices()
        self.rules()
        self.replacements()
        self.measures()
        self.balances()
        self.trade()
        self.reserves()
        self.account()
        self.value_on_hosts()

    # -- measures ------------------------------------------------------------------------------------------------

    def pairs(self) -> list[tuple[Asset, Asset]]:
        return [(a, self.plant.assets[h]) for a in self.plant.assets.values() if a.kind == "measure" for h in a.hosts]

    def reach(self, m: Asset, h: Asset) -> float:
        return h.size + h.max_size if m.per_site else 1.0

    def savers(self, h: Asset, c: str) -> list[Asset]:
        """Measures that save a carrier on a host, in the order in which they act: those of the whole site last."""
        return sorted((m for m, g in self.pairs() if g is h and c in m.saving and h.ratio.get(c, 0.0) < 0), key=lambda m: m.per_site)

    def measures(self) -> None:
        p = self.p
        for y in self.years:
            for m, h in self.pairs():
                covered, host = p.of("covered", m.name, h.name, y), p.of("done", h.name, y)
                p.most(covered, self.size(m.name, y) * self.reach(m, h))
                p.most(covered, host * m.uptake)
            for h in {h.name: h for _, h in self.pairs()}.values():
                self._of_host(h, y)

    def _of_host(self, h: Asset, y: int) -> None:
        p, host = self.p, self.p.of("done", h.name, y)
        mine = [m for m, g in self.pairs() if g is h]
        for potential in {m.potential for m in mine if m.potential}:
            p.most(total([p.of("covered", m.name, h.name, y) for m in mine if m.potential == potential]), host)
        for c, r in h.ratio.items():
            use, earlier, left = -r, Sum(), 1.0
            for m in self.savers(h, c) if r < 0 else []:
                saved, covered = p.of("saved", m.name, h.name, c, y), p.of("covered", m.name, h.name, y)
                p.most(saved, covered * (m.saving[c] * use))
                rest = (host * use - earlier) * m.uptake - (host * m.uptake - covered) * (use * left)  # what is left of what is covered
                p.most(saved, rest * m.saving[c])
                earlier, left = earlier + saved, left * (1 - m.saving[c] * m.uptake)
            given = [(m, m.ratio[c]) for m in mine if m.ratio.get(c, 0.0) > 0]
            if r < 0 and given and c != "electricity":
                p.most(total([p.of("covered", m.name, h.name, y) * g for m, g in given]) + earlier, host * use)
        if any(self._carbon(m) or any(self.plant.carbon.get(c) for c in m.saving if h.ratio.get(c, 0.0) < 0) for m in mine):
            p.most(-1.0 * self._let_out(h, mine, y), 0.0)

    def _carbon(self, a: Asset) -> float:
        """Carbon in less carbon out per activity."""
        return -sum(r * self.plant.carbon.get(c, 0.0) for c, r in a.ratio.items())

    def _let_out(self, h: Asset, mine: list[Asset], y: int) -> Sum:
        p, out = self.p, self.p.of("done", h.name, y) * self._carbon(h)
        for m in mine:
            out = out + p.of("covered", m.name, h.name, y) * self._carbon(m)
            for c in m.saving:
                if h.ratio.get(c, 0.0) < 0:
                    out = out - p.of("saved", m.name, h.name, c, y) * self.plant.carbon.get(c, 0.0)
        return out

    # -- balances ------------------------------------------------------------------------------------------------

    def profile(self, name: str | None) -> np.ndarray:
        return self.days.profiles[name] if name and name != "flat" else np.ones(len(self.days.steps))

    def spread(self, name: str | None, runs: np.ndarray | float = 1.0) -> np.ndarray:
        """Share of a year's amount in an hour of each step, per thousand hours; all in the days on which it runs."""
        shape = self.profile(name) * runs
        return shape / (float(shape @ np.array(self.hours)) or 1.0)

    def open(self, a: Asset, y: int, also: Days = ()) -> np.ndarray:
        """Share of each step's days on which an asset does not stand still for its renewal, or ``also``, day by day."""
        begins = ((a.end_year or 0) + 1) * 365 + a.renewal_begins
        still = range(begins, begins + a.renewal_outage) if a.renewal_investment is not None and a.end_year is not None else range(0)
        out = {d for d in range(365) if y * 365 + d in still} | {d for first, length in also for d in range(first, first + length)}
        return np.array([sum(d not in out for d in self.days.days[name]) / len(self.days.days[name]) for name in self.days.day])

    # -- hosts that are rebuilt ----------------------------------------------------------------------------------

    def stopping(self, h: Asset, y: int) -> list[tuple[Asset, float, Days]]:
        """What stops a host in a year, because it will run in the next: how much of it a size stops, and on which days."""
        able = [(a, 1.0) for a in self.plant.assets.values() if h.name in a.hosts]
        able += [(self.plant.assets[a], per) for (a, g), per in self.plant.rules.converts.items() if g == h.name]
        return [(a, per, ((a.rebuild_begins, a.rebuild_outage),)) for a, per in able if a.rebuild_outage and y + 1 in self.offered[a.name]]

    def parts(self, h: Asset, y: int) -> dict[str, Days]:
        """The parts of a host in a year, each a unit of its own, and the days on which they stand still: none, some, others, both."""
        windows = dict.fromkeys(days for _, _, days in self.stopping(h, y))
        found: dict[str, Days] = {"": ()}
        for (window,) in windows:
            found |= {f"{name} {window}": (*days, window) for name, days in found.items()}
        return found

    def _divide(self, h: Asset, y: int) -> None:
        """A host is all its parts; of what is rebuilt on some days, as much stands still then."""
        p, parts = self.p, self.parts(h, y)
        for name, still in parts.items():
            left = float((self.spread(h.profile) * self.open(h, y, still)) @ np.array(self.hours))
            p.most(p.of("part done", h.name, y, name), p.of("part", h.name, y, name) * (h.availability * left))
        p.same(total([p.of("part", h.name, y, name) for name in parts]), self.size(h.name, y))
        p.same(total([p.of("part done", h.name, y, name) for name in parts]), p.of("done", h.name, y))
        by_days: dict[Days, list[Sum]] = {}
        for a, per, days in self.stopping(h, y):
            by_days.setdefault(days, []).append(p.of("built", a.name, y + 1) * per)
        for (window,), rebuilt in by_days.items():
            stands = total([p.of("part", h.name, y, name) for name, still in parts.items() if window in still])
            for one in rebuilt:
                p.most(one, stands)
            p.most(stands, total(rebuilt))

    def _on_part(self, m: Asset, h: Asset, y: int, part: str, shape: np.ndarray, net: dict[str, list[Sum]]) -> None:
        """What a measure changes on a part of its host."""
        p, whole = self.p, len(self.parts(h, y)) == 1
        covered = p.of("covered", m.name, h.name, y) if whole else p.of("covered", m.name, h.name, y, part)
        if not whole:
            p.most(covered, p.of("part done", h.name, y, part) * m.uptake)
            p.same(total([p.of("covered", m.name, h.name, y, o) for o in self.parts(h, y)]), p.of("covered", m.name, h.name, y))
        for c in dict.fromkeys((*m.ratio, *m.saving)):
            change = covered * m.ratio.get(c, 0.0)
            if c in m.saving and h.ratio.get(c, 0.0) < 0:
                saved = p.of("saved", m.name, h.name, c, y) if whole else p.of("saved", m.name, h.name, c, y, part)
                change = change + saved
                if not whole:
                    p.most(saved, covered * (m.saving[c] * -h.ratio[c]))
                    p.same(total([p.of("saved", m.name, h.name, c, y, o) for o in self.parts(h, y)]), p.of("saved", m.name, h.name, c, y))
            if c in net:
                net[c] = [flow + change * float(shape[s]) for s, flow in enumerate(net[c])]

    def balances(self) -> None:
        p, plant = self.p, self.plant
        every = [c for c, kind in plant.carriers.items() if kind in ("step", "year")]
        for y in self.years:
            net: dict[str, list[Sum]] = {c: [Sum()] * len(self.days.steps) for c in every}  # per hour of each step
            for a in plant.assets.values():
                if a.kind == "converter":
                    self._convert(a, y, net)
                elif a.kind == "store":
                    self._keep(a, y, net)
            for m, h in self.pairs():
                for part, still in self.parts(h, y).items():
                    self._on_part(m, h, y, part, self.spread(h.profile, self.open(h, y, still)), net)
                self.pay(p.of("covered", m.name, h.name, y) * m.variable_cost.get(y, 0.0), y)
            self.unserved(y, net)
            for k in plant.markets.values():
                if plant.carriers[k.carrier] == "step":
                    sign = 1.0 if k.buys else -1.0
                    net[k.carrier] = [flow + p.of("flow", k.name, y, s) * sign for s, flow in enumerate(net[k.carrier])]
            for c, flows in net.items():
                need = plant.demand.get((c, y), 0.0)
                if plant.carriers[c] == "step":
                    shape = self.spread(plant.demand_profile.get(c))
                    for s, flow in enumerate(flows):
                        p.same(flow, need * float(shape[s]))
                else:
                    traded = [self.amount(k, y) * (1.0 if k.buys else -1.0) for k in plant.markets.values() if k.carrier == c]
                    p.same(total([flow * self.hours[s] for s, flow in enumerate(flows)]) + total(traded) + self.waived(c, y), need)

    def _convert(self, a: Asset, y: int, net: Mapping[str, list[Sum]]) -> None:
        p = self.p
        if a.operation == "flat":
            done = p.of("done", a.name, y)
            runs = self.open(a, y)
            left = float((self.spread(a.profile) * runs) @ np.array(self.hours))  # of a year's amount
            p.most(done, self.size(a.name, y) * (a.availability * left))
            hourly = [done * float(v) for v in self.spread(a.profile, runs)]
            if len(self.parts(a, y)) > 1:
                self._divide(a, y)
                each = {o: self.spread(a.profile, self.open(a, y, still)) for o, still in self.parts(a, y).items()}
                hourly = [total([p.of("part done", a.name, y, o) * float(shape[s]) for o, shape in each.items()]) for s in self.steps]
        else:
            hourly = [p.of("output", a.name, y, s) for s in self.steps]
            for s, share in enumerate(self.profile(a.profile) * self.open(a, y)):
                p.most(hourly[s], self.size(a.name, y) * (a.availability * float(share)))
            done = total([flow * self.hours[s] for s, flow in enumerate(hourly)])
        self.pay(done * a.variable_cost.get(y, 0.0), y)
        for c, r in a.ratio.items():
            for s in self.steps if c in net else ():
                net[c][s] = net[c][s] + hourly[s] * r

    def _keep(self, a: Asset, y: int, net: Mapping[str, list[Sum]]) -> None:
        p, (carrier,), size = self.p, a.ratio, self.size(a.name, y)
        for s in self.steps:
            before = self.days.steps.index(self.days.previous[s])
            put, taken = p.of("put", a.name, y, s), p.of("taken", a.name, y, s)
            hours = float(self.days.hours[s])
            kept = p.of("kept", a.name, y, before) * (1 - a.standing_loss) ** hours
            p.same(p.of("kept", a.name, y, s), kept + put * (hours * a.charge_efficiency) - taken * (hours / a.discharge_efficiency))
            p.most(p.of("kept", a.name, y, s), size)
            p.most(put, self.power(a, y))
            p.most(taken, self.power(a, y))
            net[carrier][s] = net[carrier][s] + taken - put
            self.pay(taken * (self.hours[s] * a.variable_cost.get(y, 0.0)), y)

    # -- trade ---------------------------------------------------------------------------------------------------

    def amount(self, k: Market, y: int) -> Sum:
        """What a market trades in a year."""
        if self.plant.carriers[k.carrier] == "step":
            return total([self.p.of("flow", k.name, y, s) * self.hours[s] for s in self.steps])
        return self.p.of("amount", k.name, y)

    def trade(self) -> None:
        p, plant = self.p, self.plant
        for k in plant.markets.values():
            sign, hourly = (1.0 if k.buys else -1.0), plant.carriers[k.carrier] == "step"
            for y in self.years:
                amount = self.amount(k, y)
                if y in k.limit:
                    p.most(amount, k.limit[y])
                p.most(k.least.get(y, 0.0), amount)
                if k.tariffed:
                    price = [float(v) + k.premium.get(y, 0.0) for v in self.days.profiles["price"]]
                    self.pay(total([p.of("flow", k.name, y, s) * (self.hours[s] * price[s]) for s in self.steps]), y)
                else:
                    self.pay(amount * (sign * k.price.get(y, 0.0)), y)
                parts = [p.of("at a price", k.name, n, y) for n in range(len(k.tiers))]
                for part, (price_of, width) in zip(parts, k.tiers, strict=True):
                    self.pay(part * (sign * price_of[y]), y)
                    if y in width:
                        p.most(part, width[y])
                if parts:
                    p.same(total(parts), amount)
                if k.take.get(y):
                    p.most(k.take[y], amount + p.of("missed", k.name, y))
                    each = k.take_price.get(y, k.price[y] if k.price else k.tiers[0][0][y])
                    self.pay(p.of("missed", k.name, y) * each, y)
                if hourly and k.carrier == "electricity" and plant.connection:
                    for s in self.steps:
                        side = [q for q in plant.markets.values() if q.carrier == k.carrier and q.buys == k.buys]
                        p.most(total([p.of("flow", q.name, y, s) for q in side]), self.passes(s))
        self._one_way()
        self._peaks()

    def _one_way(self) -> None:
        """In a step power is bought or sold, never both; only where a sale pays as much as a purchase costs can that matter."""
        power = [k for k in self.plant.markets.values() if k.carrier == "electricity"]
        for y in self.years:
            for s in self.steps:
                price = {k.name: float(self.days.profiles["price"][s]) + k.premium.get(y, 0.0) if k.tariffed else k.price[y] for k in power}
                buys, sells = [k.name for k in power if k.buys], [k.name for k in power if not k.buys]
                if buys and sells and max(price[k] for k in sells) >= min(price[k] for k in buys):
                    self._exclusive(buys, sells, y, s)

    def _exclusive(self, buys: list[str], sells: list[str], y: int, s: int) -> None:
        keys = [[("flow", k, y, s) for k in side] for side in (sells, buys)]
        self.p.decided(*(dict.fromkeys(side, 0.0) for side in keys))

    def _peaks(self) -> None:
        p = self.p
        metered = [k.name for k in self.plant.markets.values() if k.role in ("grid", "green_power")]
        for y in self.years if any(k.role == "grid" for k in self.plant.markets.values()) else ():
            for group, months in self.days.months.items():
                for s in self.steps:
                    if self.days.group[s] == group:
                        p.most(total([p.of("flow", k, y, s) for k in metered]), p.of("peak", y, group))
                self.pay(p.of("peak", y, group) * (months * self.year.demand_charge), y)

    # -- account -------------------------------------------------------------------------------------------------

    def account(self) -> None:
        """Carbon that comes in through the fence and does not leave it is let out; power, heat and iron made elsewhere count there."""
        p, plant = self.p, self.plant
        for y in self.years:
            delivered = sum(v * plant.carbon.get(c, 0.0) for (c, d), v in plant.demand.items() if d == y)
            bought, direct = {k.name: self.amount(k, y) for k in plant.markets.values()}, Sum({(): -delivered})
            for k in plant.markets.values():
                if plant.carriers[k.carrier] != "none":
                    direct = direct + bought[k.name] * ((1.0 if k.buys else -1.0) * plant.carbon.get(k.carrier, 0.0))
            heat = [k for k in plant.markets.values() if k.buys and plant.groups.get(k.carrier) == "heat"]
            warm = total([bought[k.name] * plant.embodied.get(k.carrier, 0.0) for k in heat])
            made = [k for k in plant.markets.values() if k.buys and k not in heat and k.carrier in plant.embodied]
            elsewhere = total([bought[k.name] * plant.embodied[k.carrier] for k in made])
            role = {r: total([bought[k.name] for k in plant.markets.values() if k.role == r]) for r in ("grid", "green_power", "certificate")}
            drawn, proven = role["grid"] + role["green_power"], role["certificate"] + role["green_power"]
            if proven:
                p.most(proven, drawn)
            if role["certificate"] and plant.certificate_ceiling < 1:
                p.most(role["certificate"], drawn * plant.certificate_ceiling)
            energy = {"location": drawn * plant.grid_factor["location", y], "market": (drawn - proven) * plant.grid_factor["market", y]}
            for cap, (scope, view) in plant.caps.items():
                if (cap, y) in plant.cap_limit:
                    wider = energy[view] + warm + elsewhere if scope == "direct_energy" else Sum()
                    target = plant.targets.get(cap)
                    of = [bought[k.name] for k in plant.markets.values() if target and k.carrier == target.product and not k.buys]
                    each = target.wanted[y] if target else 0.0  # what every unit sold of the product may emit
                    p.most(direct + wider, plant.cap_limit[cap, y] + total(of) * each)
            self.pay((direct + energy["location"] + warm + elsewhere) * plant.carbon_price, y)

    def value_on_hosts(self) -> None:
        """A retrofit is worth something at the end on those parts of its hosts that are still there, and as long as they are."""
        p, room = self.p, dict[tuple[str, str, str], tuple[Sum, Sum]]()
        for m in (a for a in self.plant.assets.values() if a.kind == "measure"):
            for v in self.offered[m.name]:
                sizes = [s for s in (m.min_size, *(s for s, _ in m.curve), m.max_size) if s > 0]
                dearest = max(self._money(m, v, s) / s for s in sizes)
                kept = Sum()
                for h in (self.plant.assets[n] for n in m.hosts):
                    for part, gone, there in self._parts(h):
                        worth = self.left_on(m, v, gone)
                        if gone > v and worth > 0:
                            lives = p.of("lives on", m.name, v, h.name, part)
                            used, _ = room.get((m.name, h.name, part), (Sum(), there))
                            room[m.name, h.name, part] = used + lives * self.reach(m, h), there
                            kept = kept + lives * dearest
                            p.cost = p.cost - lives * (dearest * worth)
                if kept:
                    p.most(kept, self.spent[m.name, v])
        for used, there in room.values():
            p.most(used, there)

    def left_on(self, m: Asset, v: int, gone: float) -> float:
        return self.left(v, min(m.lifetime, gone - v)) if gone > v else 0.0

    def _money(self, a: Asset, v: int, size: float) -> float:
        price = a.investment.get(v, 0.0)
        if a.curve:
            sizes, money = zip(*((s, s * share * price) for s, share in a.curve), strict=True)
            if size > sizes[-1]:
                raise ValueError("a curve covers the largest size")
            return float(np.interp(size, sizes, money)) + a.project_investment.get(v, 0.0)
        return size * price + a.project_investment.get(v, 0.0)

    def _parts(self, h: Asset) -> list[tuple[str, float, Sum]]:
        """Parts of a host: name, the year in which it is gone, how large it is."""
        p, parts = self.p, list[tuple[str, float, Sum]]()
        gone = total([p.of("retired", h.name, y) for y in self.retirable(h)])
        if h.size:
            parts.append(("stood", 1e9 if h.end_year is None else h.end_year + 1, h.size - gone))
        if again := self.renewed_in(h):
            parts.append(("renewed", again + h.renewal_lifetime, p.of("renewed", h.name)))
        return parts + [(f"built {v}", v + h.lifetime, p.of("built", h.name, v)) for v in self.offered[h.name]]
