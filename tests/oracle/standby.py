"""Standby: what goes unserved, what stands ready, and what a loss may take - written down a second time."""

from collections.abc import Mapping

import numpy as np

from oracle.programme import Sum, total
from oracle.sizes import Sizes
from planner.calendar import TypicalDays
from planner.plant import Asset


class Standby(Sizes):
    """Adds the rows of backup to a factory."""

    days: TypicalDays
    steps: range
    hours: list[float]

    def spread(self, name: str | None, runs: np.ndarray | float = 1.0) -> np.ndarray:
        raise NotImplementedError

    def profile(self, name: str | None) -> np.ndarray:
        raise NotImplementedError

    def open(self, a: Asset, y: int) -> np.ndarray:
        raise NotImplementedError

    def use(self, a: Asset, c: str, y: int) -> list[Sum]:
        """What a flat process uses of a carrier in an hour of each step, less what measures save of it."""
        saved = [self.p.of("saved", m.name, a.name, c, y) for m in self.plant.assets.values() if a.name in m.hosts and c in m.saving]
        return [(self.p.of("done", a.name, y) * -a.ratio[c] - total(saved)) * float(v) for v in self.spread(a.profile, self.open(a, y))]

    def unserved(self, y: int, net: Mapping[str, list[Sum]]) -> None:
        """Use that is shed, and fixed use that is cut, at their prices."""
        p, standby = self.p, self.plant.standby
        for a in self.plant.assets.values():
            for c, share in a.sheddable.items():
                for s, use in enumerate(self.use(a, c, y)):
                    shed = p.of("shed", a.name, c, y, s)
                    p.most(shed, use * share)
                    net[c][s] = net[c][s] + shed
                    self.pay(shed * (self.hours[s] * a.shed_cost[y]), y)
        for c, share in standby.share.items():
            if self.plant.carriers[c] == "step":
                for s, v in enumerate(self.spread(self.plant.demand_profile.get(c))):
                    cut = p.of("cut", c, y, s)
                    p.most(cut, share * self.plant.demand[c, y] * float(v))
                    net[c][s] = net[c][s] + cut
                    self.pay(cut * (self.hours[s] * standby.price[c, y]), y)

    def waived(self, c: str, y: int) -> Sum:
        """What of a year's delivery falls short."""
        standby = self.plant.standby
        if c not in standby.share:
            return Sum()
        short = self.p.of("waived", c, y)
        self.p.most(short, standby.share[c] * self.plant.demand[c, y])
        self.pay(short * standby.price[c, y], y)
        return short

    def passes(self, s: int) -> float:
        """What the connection carries in a step; nothing in those of an island, which are as they are in the calendar."""
        name = self.days.day[s]
        begins = float(sum(self.days.hours[n] for n in self.steps if self.days.day[n] == name and n < s))
        ends = begins + float(self.days.hours[s])
        alone = any((i.day,) == self.days.days[name] and i.hours[0] < ends and begins < i.hours[1] for i in self.plant.standby.islands)
        return 0.0 if alone else self.plant.connection

    def power(self, a: Asset, y: int) -> Sum:
        """The power of a store."""
        own = [q.name for q in self.plant.assets.values() if q.power_of == a.name]
        return total([self.size(q, y) for q in own]) if own else self.size(a.name, y) * (1 / a.duration)

    def reserves(self) -> None:
        """After every loss, in every step, what is left carries what is critical."""
        for name, rule in self.plant.standby.reserves.items():
            for y in self.years:
                for s in self.steps:
                    self._carried(name, rule.carrier, rule.loss, rule.hours, y, s)

    def _carried(self, name: str, c: str, loss: str, hours: float, y: int, s: int) -> None:
        p, gives, gone = self.p, dict[str, Sum](), dict[str, Sum]()
        before = self.days.steps.index(self.days.previous[s])
        for a in self.plant.assets.values():
            if a.firm and a.kind == "store" and c in a.ratio:
                ready = p.of("ready", name, a.name, y, s)
                p.most(ready, self.power(a, y) * a.firm)
                p.most(ready * hours, p.of("kept", a.name, y, before) * a.discharge_efficiency)
                gives[a.name] = gone[a.name] = ready
            elif a.firm and a.kind == "converter" and a.ratio.get(c, 0.0) > 0:
                each = a.firm * a.ratio[c] * a.availability * float((self.profile(a.profile) * self.open(a, y))[s])
                gives[a.name] = self.size(a.name, y) * each
                if a.module and (a.max_size or a.may_retire or a.end_year):
                    raise ValueError("units that come and go are not tried here")
                gone[a.name] = Sum({(): a.module * each}) if a.module else gives[a.name]
        standby = self.plant.standby
        need = Sum({(): standby.critical.get(c, 0.0) * self.plant.demand.get((c, y), 0.0) * float(self.spread(self.plant.demand_profile.get(c))[s])})
        need = need + total([self.use(a, c, y)[s] * a.critical[c] for a in self.plant.assets.values() if c in a.critical])
        if loss == "connection":
            p.most(need, total(list(gives.values())))
        for taken in gone.values() if loss == "unit" else ():
            p.most(need, total(list(gives.values())) - taken + (self.passes(s) if c == "electricity" else 0.0))
