"""Units at the edge: every number of the data becomes one in the unit the program counts in, or an error.

Pint knows the physics; currencies are dimensions of their own, because an exchange rate is a fact with a date and a
source (planner.money), not a unit. Nothing beyond reading ever sees a unit.
"""

from functools import lru_cache
from tokenize import TokenError

import pint

CURRENCIES = ("CNY", "EUR", "USD", "JPY")

_registry: pint.UnitRegistry = pint.UnitRegistry(cache_folder=None)
for _name in CURRENCIES:
    _registry.define(f"{_name} = [currency_{_name}]")
for _name in ("vehicle", "site", "place"):
    _registry.define(f"{_name} = [{_name}]")
_registry.define("m2 = meter ** 2")
_registry.define("m3 = meter ** 3")
_registry.define("Nm3 = [gas_volume]")
_registry.define("tce = 29.3076 * GJ")
_registry.define("kgce = tce / 1000")
_registry.define("share = []")
_registry.define("kt = 1000 * t")


class UnitError(ValueError):
    """A unit nobody knows, or one that measures something else."""


@lru_cache(maxsize=4096)
def factor(unit: str, target: str) -> float:
    """Number of ``target`` in one ``unit``; both as text such as ``CNY/(t/a)``. Raises UnitError."""
    try:
        return float(_quantity(unit).to(_quantity(target).units).magnitude / _quantity(target).magnitude)
    except pint.DimensionalityError as error:
        raise UnitError(f"unit {unit!r} cannot be read as {target!r}") from error


@lru_cache(maxsize=4096)
def currency(unit: str) -> str | None:
    """The currency a unit is in, or None."""
    dimensions = _quantity(unit).dimensionality
    return next((c for c in CURRENCIES if f"[currency_{c}]" in dimensions), None)


@lru_cache(maxsize=4096)
def _quantity(unit: str) -> "pint.Quantity":
    if not unit:
        raise UnitError("the unit is missing")
    try:
        return _registry.Quantity(1.0, _registry.parse_units(unit) if unit[0].isalpha() else unit)  # "1/a" is not a name
    except (pint.errors.PintError, AttributeError, TypeError, ValueError, SyntaxError, TokenError) as error:
        raise UnitError(f"unit {unit!r} is unknown") from error
