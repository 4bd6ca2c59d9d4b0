"""Units at the edge: every number of the data becomes one in the unit the program counts in, or an error.

Pint knows the physics; currencies are dimensions of their own, because an exchange rate is a fact with a date and a
source (planner.money), not a unit. Nothing beyond reading ever sees a unit.
"""

from functools import lru_cache
from tokenize import TokenError
from typing import Any

CURRENCIES = ("CNY", "EUR", "USD", "JPY")
OWN = (
    *(f"{currency} = [currency_{currency}]" for currency in CURRENCIES), *(f"{thing} = [{thing}]" for thing in ("vehicle", "site", "place")),
    "m2 = meter ** 2", "m3 = meter ** 3", "Nm3 = [gas_volume]", "tce = 29.3076 * GJ", "kgce = tce / 1000", "share = []", "kt = 1000 * t",
)  # fmt: skip


class UnitError(ValueError):
    """A unit nobody knows, or one that measures something else."""


@lru_cache(maxsize=1)
def _registry() -> Any:
    """Pint with our own units; loaded when the first unit is read, since pages and views read none."""
    import pint

    registry = pint.UnitRegistry(cache_folder=None)
    for unit in OWN:
        registry.define(unit)
    return registry


@lru_cache(maxsize=4096)
def factor(unit: str, target: str) -> float:
    """Number of ``target`` in one ``unit``; both as text such as ``CNY/(t/a)``. Raises UnitError."""
    one, wanted = _quantity(unit), _quantity(target)
    if one.dimensionality != wanted.dimensionality:
        raise UnitError(f"unit {unit!r} cannot be read as {target!r}")
    return float(one.to(wanted.units).magnitude / wanted.magnitude)


@lru_cache(maxsize=4096)
def currency(unit: str) -> str | None:
    """The currency a unit is in, or None."""
    dimensions = _quantity(unit).dimensionality
    return next((c for c in CURRENCIES if f"[currency_{c}]" in dimensions), None)


@lru_cache(maxsize=4096)
def _quantity(unit: str) -> Any:
    import pint

    if not unit:
        raise UnitError("the unit is missing")
    registry = _registry()
    try:
        return registry.Quantity(1.0, registry.parse_units(unit) if unit[0].isalpha() else unit)  # "1/a" is not a name
    except (pint.errors.PintError, AttributeError, TypeError, ValueError, SyntaxError, TokenError) as error:
        raise UnitError(f"unit {unit!r} is unknown") from error
