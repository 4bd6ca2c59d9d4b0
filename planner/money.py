"""Money: the one place where currencies, price years, taxes and time are turned into real CNY of the base year.

Conventions. All cash flows are real CNY of the base year without recoverable VAT. A project that runs from year v on
is paid in equal parts at the starts of the years v-L+1 ... v, where L is its lead time in whole years (at the start of v
when L is 0). Running costs are paid at the end of their year. What outlives the horizon leaves a credit at its end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from planner.units import currency

HorizonRule = Literal["annuity", "straight_line"]


def real_rate(nominal: float, inflation: float) -> float:
    """Real discount rate, 1/a (Fisher 1930): (1 + nominal) / (1 + inflation) - 1.

    >>> round(real_rate(0.07, 0.015), 6)
    0.054187
    """
    return (1 + nominal) / (1 + inflation) - 1


def annuity_factor(rate: float, years: float) -> float:
    """Yearly payment that repays 1 over ``years`` at ``rate`` (capital recovery factor), 1/a; 1/n without interest.

    >>> round(annuity_factor(0.08, 20), 9)
    0.101852209
    >>> annuity_factor(0.0, 20)
    0.05
    """
    return 1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years)


def present_value(rate: float, years: float) -> float:
    """Today's value of 1 paid at the end of each of ``years`` years.

    >>> round(present_value(0.08, 20), 9)
    9.818147407
    """
    return 1 / annuity_factor(rate, years) if years else 0.0


@dataclass(frozen=True)
class Conversion:
    """Exchange rates (CNY per unit at the base year) and price indices by (currency, year), each from data/money.csv."""

    base_year: int
    rate: Mapping[str, float]
    index: Mapping[tuple[str, int], float]

    def to_base(self, unit: str, price_year: int, vat_rate: float, location_factor: float) -> float:
        """Factor from a quoted amount in ``unit`` to real base-year CNY: index, exchange rate, less VAT, Chinese level."""
        money = currency(unit)
        if money is None:
            return 1.0
        level = self.index_of(money, self.base_year) / self.index_of(money, price_year)
        return self.rate.get(money, 1.0) * level * location_factor / (1 + vat_rate)

    def index_of(self, money: str, year: int) -> float:
        """Price level of a currency in a year, linear between the years given and constant outside them."""
        known = sorted((y, level) for (m, y), level in self.index.items() if m == money)
        return interpolate(known, year)


@dataclass(frozen=True)
class Horizon:
    """The years that are planned and how their money is compared with today's (the start of the first year)."""

    first: int
    last: int
    rate: float
    rule: HorizonRule = "annuity"
    tail_years: int = 0

    @property
    def years(self) -> tuple[int, ...]:
        """All planned years."""
        return tuple(range(self.first, self.last + 1))

    def at_start(self, year: int) -> float:
        """Today's value of 1 paid at the start of ``year``."""
        return float((1 + self.rate) ** -(year - self.first))

    def at_end(self, year: int) -> float:
        """Today's value of 1 paid at the end of ``year``; the last year also stands for the tail that repeats it."""
        repeats = 1 + self.tail_years if year == self.last else 1
        return sum(self.at_start(year + n + 1) for n in range(repeats))

    def payments(self, first_service: int, lead_years: int) -> dict[int, float]:
        """Year -> share of an investment paid at its start."""
        years = range(first_service - max(lead_years, 1) + 1, first_service + 1)
        return {year: 1 / len(years) for year in years}

    def credit(self, first_service: int, life: float) -> float:
        """Today's value, per 1 invested, of what is left of an asset when the horizon (and its tail) ends.

        annuity: the present value of the annuities still to come; straight_line: the share of its life still to come,
        valued at the horizon's end.
        """
        end = self.last + self.tail_years + 1
        left = first_service + life - end
        if left <= 0:
            return 0.0
        if self.rule == "straight_line":
            return left / life * self.at_start(end)
        return annuity_factor(self.rate, life) * present_value(self.rate, left) * self.at_start(end)


def interpolate(points: Sequence[tuple[int, float]], year: int) -> float:
    """Value at ``year``: linear between the years given, constant outside them; ``points`` sorted by year, not empty."""
    before = [p for p in points if p[0] <= year]
    after = [p for p in points if p[0] >= year]
    if not before or not after:
        return (before or after)[-1 if before else 0][1]
    (y0, v0), (y1, v1) = before[-1], after[0]
    return v0 if y1 == y0 else v0 + (v1 - v0) * (year - y0) / (y1 - y0)
