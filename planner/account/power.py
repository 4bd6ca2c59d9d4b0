"""Green power 绿电认可: how much of the electricity is recognised as non-fossil, by which of the three routes.

Rules of the guide to non-fossil power consumption (发改能源〔2026〕622号): physical supply is what the site generates and uses
itself, trades and cancelled certificates count up to what is drawn from the grid, certificates only for the year in which
their power was generated and up to the ceiling of the place (those of other provinces: of the exchanges), what charges a store counts as drawn from the grid, and a share of
the rest may be apportioned by the province. Without proof nothing is recognised.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.account.activity import Activity


@dataclass(frozen=True)
class Green:
    """A year's electricity at the site, MWh.

    used: all that was used; drawn: bought, and own non-fossil power that charged a store; physical, traded, certified,
    apportioned: recognised; unrecognised: claimed beyond proof, vintage, ceiling or the drawn amount; rest: of what was drawn, not
    recognised.
    """

    year: int
    used: float
    drawn: float
    physical: float
    traded: float
    certified: float
    apportioned: float
    unrecognised: float
    rest: float

    @property
    def physical_share(self) -> float:
        """Of all electricity used."""
        return self.physical / self.used if self.used else 0.0

    @property
    def share(self) -> float:
        """Recognised by any route, of all electricity used."""
        return (self.physical + self.traded + self.certified + self.apportioned) / self.used if self.used else 0.0


def recognise(
    year: int,
    rows: Iterable[Activity],
    *,
    power: Iterable[str] = ("electricity",),
    ceiling: float = 1.0,
    elsewhere: float | None = None,
    apportioned: float = 0.0,
) -> Green:
    """Recognise the non-fossil power of ``year``.

    rows: activity of every kind, of which those about carriers in ``power`` count; ceiling: most certificates that count, share of
    the drawn amount; elsewhere: the same for certificates of other provinces, none: they share the first; apportioned: share of what no
    trade and no certificate covers.
    """
    electricity = set(power)
    mine = [a for a in rows if a.year == year and a.carrier in electricity]

    def total(*quantities: str) -> float:
        return sum(a.amount for a in mine if a.quantity in quantities)

    charged, claimed = total("charged"), total("traded", "certificate")
    physical = max(total("generated") - total("exported", "kept") - charged, 0.0)
    drawn = total("bought") + charged
    proven = [a for a in mine if a.evidence and a.vintage in (None, year)]
    traded = min(sum(a.amount for a in proven if a.quantity == "traded"), drawn)
    far = sum(a.amount for a in proven if a.quantity == "certificate" and a.origin == "elsewhere")
    near = sum(a.amount for a in proven if a.quantity == "certificate") - far
    within = min(near + far, ceiling * drawn) if elsewhere is None else min(near, ceiling * drawn) + min(far, elsewhere * drawn)
    certified = min(within, drawn - traded)
    shared = apportioned * (drawn - traded - certified)
    used = total("bought") + total("made", "generated") - total("sold")
    return Green(year, used, drawn, physical, traded, certified, shared, claimed - traded - certified, drawn - traded - certified - shared)
