"""Units and currencies at the edge: right factors by hand, and an error for everything that is not one."""

import pytest
from pytest import approx

from planner.units import UnitError, currency, factor


@pytest.mark.parametrize(("unit", "target", "expected"), [
    ("GJ/t", "MWh/t", 1 / 3.6), ("kWh", "MWh", 1e-3), ("MW", "MWh/h", 1.0), ("kt", "t", 1e3), ("percent", "share", 0.01), ("tce", "GJ", 29.3076),
    ("kgce/t", "GJ/t", 0.0293076), ("month", "year", 1 / 12), ("1/a", "1/year", 1.0), ("m2/kW", "m2/MW", 1e3), ("kg/MWh", "t/MWh", 1e-3), ("share", "1", 1.0),
    ("CNY/kW", "CNY/MW", 1e3), ("EUR/(t/a)", "EUR/(t/year)", 1.0), ("CNY/kWh", "CNY/GJ", 1 / 3.6e-3), ("vehicle/a", "vehicle/year", 1.0), ("MWh/a", "MWh/year", 1.0),
])  # fmt: skip
def test_a_unit_is_a_factor(unit: str, target: str, expected: float) -> None:
    """Proves: physics by hand. A table that read kgce as kg of anything, or `1/a` as a name, would be off by its heat, or fail."""
    assert factor(unit, target) == approx(expected, rel=1e-9)
    assert factor(target, unit) * factor(unit, target) == approx(1.0, rel=1e-9)


@pytest.mark.parametrize(("unit", "target"), [
    ("GJ", "t"), ("Nm3", "m3"), ("CNY", "EUR"), ("MWh", "MW"), ("vehicle", "site"), ("t/MWh", "MWh/t"), ("CNY/t", "CNY/MWh"),
])  # fmt: skip
def test_a_unit_of_something_else_is_refused(unit: str, target: str) -> None:
    """Proves: energy is not power, a gas volume not a space, a currency not another one (that is a rate with a date, not a unit)."""
    with pytest.raises(UnitError, match="cannot be read as"):
        factor(unit, target)


@pytest.mark.parametrize("unit", ["florins", "t//MWh", "MW h)", "%%", "t of steel", "12 apples"])
def test_an_unknown_unit_is_refused_by_name(unit: str) -> None:
    with pytest.raises(UnitError) as refused:
        factor(unit, "t")
    assert "is unknown" in str(refused.value) or "cannot be read" in str(refused.value)
    assert repr(unit) in str(refused.value)


def test_a_missing_unit_is_no_number() -> None:
    """Proves: nothing is taken as `share` because nobody wrote a unit."""
    with pytest.raises(UnitError, match="missing"):
        factor("", "share")
    with pytest.raises(UnitError, match="missing"):
        currency("")


@pytest.mark.parametrize(
    ("unit", "money"), [("CNY/kWh", "CNY"), ("EUR/(t/a)", "EUR"), ("USD/(MWh/a)/a", "USD"), ("t/MWh", None), ("share", None), ("1/a", None)]
)
def test_the_currency_of_a_unit(unit: str, money: str | None) -> None:
    assert currency(unit) == money
