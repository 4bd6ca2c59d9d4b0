"""Sizes: what stands, is renewed, retired and built in each year, at what price and under which rules - written down a second time."""

from itertools import pairwise

import numpy as np

from oracle.programme import Programme, Sum, total
from planner.plant import Asset, Plant


class Sizes:
    """A plant, its years, and the programme it is written into; every method adds the rows of one subject."""

    plant: Plant
    years: tuple[int, ...]
    offered: dict[str, list[int]]
    p: Programme

    # -- time and money ------------------------------------------------------------------------------------------

    def today(self, year: float) -> float:
        """Today's value of 1 at the start of a year."""
        return float((1 + self.plant.horizon.rate) ** (self.plant.horizon.first - year))

    def pay(self, what: Sum, year: int) -> None:
        """Pay at the end of a year; the last also stands for the tail."""
        tail = self.plant.horizon.tail_years if year == self.years[-1] else 0
        self.p.cost = self.p.cost + what * sum(self.today(year + 1 + n) for n in range(tail + 1))

    def left(self, year: int, life: float) -> float:
        """Today's value of what is left at the end of 1 paid for service from a year on, summed year by year."""
        horizon = self.plant.horizon
        end = self.years[-1] + horizon.tail_years + 1
        if horizon.rule == "straight_line":
            return max(year + life - end, 0) / life * self.today(end)
        yearly = 1 / sum((1 + horizon.rate) ** -n for n in range(1, int(life) + 1))
        return sum(yearly * self.today(y + 1) for y in range(end, year + int(life)))

    # -- sizes ---------------------------------------------------------------------------------------------------

    def _may_run(self, a: Asset, v: int) -> bool:
        closed = any(one == a.name and needed not in self.plant.assets for one, needed in self.plant.rules.needs)
        first = max(a.first_service, self.plant.decide_from + a.lead_years)
        taken = ("build", a.name, v) in self.plant.decisions
        return a.max_size > 0 and not closed and (taken or first <= v <= (a.latest_service or v))

    def retirable(self, a: Asset) -> list[int]:
        taken = [y for action, name, y in self.plant.decisions if (action, name) == ("retire", a.name)]
        return [y for y in self.years if y in taken or self.may_go(a, y) or self.becoming(a, y)]

    def may_go(self, a: Asset, y: int) -> bool:
        return a.may_retire and self.plant.decide_from <= y <= (a.end_year or y)

    def becoming(self, h: Asset, y: int) -> list[tuple[Asset, float]]:
        """What a host can become in a year, and how much of it a size takes."""
        in_time = h.end_year is None or y <= h.end_year + 1
        made = [(self.plant.assets[a], per) for (a, g), per in self.plant.rules.converts.items() if g == h.name]
        return [(a, per) for a, per in made if in_time and y in self.offered[a.name]]

    def renewed_in(self, a: Asset) -> int | None:
        """The year in which a unit would be renewed."""
        again = (a.end_year or 0) + 1
        return again if a.renewal_investment is not None and a.end_year is not None and again in self.years else None

    def stands(self, a: Asset, y: int) -> Sum:
        """What stood at the start, lives and is not retired."""
        if not a.size or not (a.in_service or y) <= y <= (a.end_year or y):
            return Sum()
        return a.size - total([self.p.of("retired", a.name, v) for v in self.retirable(a) if v <= y])

    def renewed(self, a: Asset, y: int) -> Sum:
        """What was renewed and lives."""
        again = self.renewed_in(a)
        return self.p.of("renewed", a.name) if again and again <= y < again + a.renewal_lifetime else Sum()

    def new(self, a: Asset, y: int, ripe: int = 0) -> Sum:
        """What was built, lives, and has run for some years."""
        return total([self.p.of("built", a.name, v) for v in self.offered[a.name] if v + ripe <= y < v + a.lifetime])

    def size(self, name: str, y: int) -> Sum:
        a = self.plant.assets[name]
        return self.stands(a, y) + self.renewed(a, y) + self.new(a, y)

    def sizes(self) -> None:
        p = self.p
        for (action, name, year), size in self.plant.decisions.items():
            p.same(p.of("renewed", name) if action == "renew" else p.of({"build": "built", "retire": "retired"}[action], name, year), size)
        for a in self.plant.assets.values():
            gone = total([p.of("retired", a.name, y) for y in self.retirable(a)])
            if gone:
                p.most(gone, a.size)
            if self.renewed_in(a):
                p.most(p.of("renewed", a.name), a.size - gone)
                if not a.may_retire and not a.replaced_by:
                    p.most(a.size - gone, p.of("renewed", a.name))
            if a.module:
                whole = [("built", a.name, v) for v in self.offered[a.name]]
                for key in whole:
                    p.decided(*({key: n * a.module} for n in range(int(a.max_size / a.module + 1e-9) + 1)))
                stood = [("retired", a.name, y) for y in self.retirable(a)] + ([("renewed", a.name)] if self.renewed_in(a) else [])
                for key in stood:
                    p.decided(*({key: n * a.module} for n in range(int(a.size / a.module + 1e-9) + 1)))
            for y in self.years:
                if new := self.new(a, y):
                    p.most(new, a.max_size)
        for h in {h for _, h in self.plant.rules.converts}:
            for y in self.years:
                host = self.plant.assets[h]
                begins = total([p.of("built", a.name, y) * per for a, per in self.becoming(host, y)])
                if begins and self.may_go(host, y):
                    p.most(begins, p.of("retired", h, y))
                elif begins:
                    p.same(begins, p.of("retired", h, y))
                else:  # nothing is made of what is not there any more
                    p.same(total([p.of("built", a, y) for a, g in self.plant.rules.converts if g == h and y in self.offered[a]]), 0.0)
        for h in {a.replaces for a in self.plant.assets.values() if a.replaces}:
            takers = [a.name for a in self.plant.assets.values() if a.replaces == h]
            for y in self.years:
                p.most(total([self.size(n, y) for n in (h, *takers)]), self.plant.assets[h].size)
        for area, available in self.plant.areas.items():
            users = [a for a in self.plant.assets.values() if a.area == area]
            for y in self.years:
                p.most(total([self.size(a.name, y) * a.area_per_size for a in users]), available)

    # -- prices of projects --------------------------------------------------------------------------------------

    def points(self, a: Asset, v: int) -> list[tuple[float, float]]:
        """Size and cost of the points between which a project's cost is straight; none where a size costs what it costs."""
        price = a.investment.get(v, 0.0)
        if a.curve:
            sizes, money = zip(*((s, s * share * price) for s, share in a.curve), strict=True)
            ends = [s for s in sizes if s < a.max_size] + [min(a.max_size, sizes[-1])]
            return [(s, float(np.interp(s, sizes, money)) + a.project_investment.get(v, 0.0)) for s in ends]
        if a.min_size or a.project_investment:
            return [(s, s * price + a.project_investment.get(v, 0.0)) for s in (a.min_size, a.max_size)]
        return []

    def prices(self) -> None:
        """What is spent on each project, when it is paid, and what of it is left at the end."""
        p, self.spent = self.p, dict[tuple[str, int], Sum]()
        self.paid: dict[int, Sum] = {y: Sum() for y in self.years}
        for a in self.plant.assets.values():
            for v in self.offered[a.name]:
                built, points = p.of("built", a.name, v), self.points(a, v)
                self.spent[a.name, v] = built * a.investment.get(v, 0.0)
                if points:
                    self.spent[a.name, v] = self._on_the_curve(a, v, points)
                parts = [y for y in self.years if v - max(a.lead_years, 1) < y <= v]
                for y in parts:
                    self.paid[y] = self.paid[y] + self.spent[a.name, v] * (1 / max(a.lead_years, 1))
                if not a.hosts:
                    p.cost = p.cost - self.spent[a.name, v] * self.left(v, a.lifetime)
            if again := self.renewed_in(a):
                money = p.of("renewed", a.name) * (a.renewal_investment or 0.0)
                self.paid[again] = self.paid[again] + money
                p.cost = p.cost - money * self.left(again, a.renewal_lifetime)
            for y in self.years:
                fixed, age = a.fixed_cost.get(y, 0.0), max(0, y - (a.in_service or y))
                self.pay(self.size(a.name, y) * fixed, y)
                self.pay(self.stands(a, y) * (fixed * ((1 + a.ageing) ** age - 1)), y)
                for v in self.offered[a.name]:
                    if v <= y < v + a.lifetime:
                        self.pay(p.of("built", a.name, v) * a.vintage_cost.get(v, 0.0), y)
        for y, money in self.paid.items():
            p.cost = p.cost + money * self.today(y)

    def _on_the_curve(self, a: Asset, v: int, points: list[tuple[float, float]]) -> Sum:
        """A project lies between two points of its curve - their weights add up to 1 - or is not there."""
        p = self.p
        segments = list(pairwise(points))
        on = [("on the curve", a.name, v, n) for n in range(len(segments))]
        p.decided(*({key: float(key == chosen) for key in on} for chosen in (None, *on)))
        money, built = Sum(), Sum()
        for key, ((s0, c0), (s1, c1)) in zip(on, segments, strict=True):
            lower, upper = p.of("weight", *key, 0), p.of("weight", *key, 1)
            p.same(lower + upper, p.of(*key))
            built, money = built + lower * s0 + upper * s1, money + lower * c0 + upper * c1
        p.same(p.of("built", a.name, v), built)
        return money

    # -- rules ---------------------------------------------------------------------------------------------------

    def rules(self) -> None:
        p, rules = self.p, self.plant.rules
        for members, count in rules.at_most.values():
            for y in self.years:
                for m in members:
                    p.most(self.new(self.plant.assets[m], y), p.of("chosen", m) * self.plant.assets[m].max_size)
            for m in members:
                if self.renewed_in(self.plant.assets[m]):
                    p.most(p.of("renewed", m), p.of("chosen", m) * self.plant.assets[m].size)
            p.most(total([p.of("chosen", m) for m in members]), count)
        for m in dict.fromkeys(m for members, _ in rules.at_most.values() for m in members):
            p.decided({("chosen", m): 0.0}, {("chosen", m): 1.0})
        for (one, needed), each in rules.needs.items():
            for y in self.years if needed in self.plant.assets else ():
                p.most(self.size(one, y), self.size(needed, y) * each)
        for name, least in rules.required.items():
            p.most(least, self.size(name, self.years[-1]))
        for members, most in rules.together.values():
            for y in self.years:
                p.most(total([self.size(m, y) for m in members]), most)
        for budget in rules.budgets:
            for y, limit in budget.limit.items():
                counted = [d for d in self.years if d == y or (d < y and budget.counts != "yearly")]
                money = [self.paid[d] * budget.level[d] * (self.today(d) if budget.counts == "discounted" else 1.0) for d in counted]
                p.most(total(money), limit)
        for pace in rules.paces:
            kind = [a for a in self.plant.assets.values() if a.technology == pace.technology]
            for y, limit in pace.limit.items():
                count = {a.name: 1 / (a.module or 1.0) if pace.in_units else 1.0 for a in kind}
                added = total([p.of("built", a.name, y) * count[a.name] for a in kind if y in self.offered[a.name]])
                before = total([(self.size(a.name, y - 1) if y > self.years[0] else Sum({(): a.size})) * count[a.name] for a in kind])
                p.most(added, limit + before * pace.growth)

    def replacements(self) -> None:
        """What is gone of an old unit is made up for by what has run long enough; nothing makes up twice."""
        p, assets = self.p, self.plant.assets
        old = [a for a in assets.values() if a.replaced_by]
        for y in self.years:
            for h in old:
                heirs = [a for a in h.replaced_by if a in assets]
                gone = h.size - self.stands(h, y) - self.renewed(h, y)
                p.most(gone, total([p.of("stands in", h.name, a, y) for a in heirs]))
            for heir in dict.fromkeys(a for h in old for a in h.replaced_by if a in assets):
                served = [h for h in old if heir in h.replaced_by]
                for wait in {h.overlap_years for h in served}:
                    a = assets[heir]
                    ripe = self.stands(a, y) if (a.in_service or -1e9) + wait <= y else Sum()
                    p.most(total([p.of("stands in", h.name, heir, y) for h in served if h.overlap_years >= wait]), ripe + self.new(a, y, wait))
