"""Proofs of planner/tariff.py: the price at the site's voltage, and what is missing or uncertain about it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.tariff import VOLTAGES, MissingTariff, over_the_year, tariff

PROVINCES = Path(__file__).parents[1] / "data" / "provinces"


def rows():
    """Zone z: flat 0.6 and peak 0.9 at 1-10 kV, where the network costs 0.2; at 110 kV 0.05 and a demand charge of 40."""
    items = [
        ("energy", "flat", "10kv", 0.6, "secondary"),
        ("energy", "peak", "10kv", 0.9, "secondary"),
        ("network", None, "10kv", 0.2, "official"),
        ("network", None, "110kv", 0.05, "official"),
        ("demand", None, "110kv", 40.0, "estimate"),
    ]
    table = pd.DataFrame(items, columns=["item", "band", "voltage", "value", "confidence"]).assign(zone="z", vat_rate=0.13, note="why")
    hours = [("1-12", 0, 8, "flat"), ("1-6", 8, 24, "peak"), ("7-7", 8, 24, "flat"), ("8-12", 8, 24, "peak")]
    return table, pd.DataFrame(hours, columns=["months", "from_hour", "to_hour", "band"]).assign(zone="z", confidence="estimate", note="guess")


def test_a_higher_voltage_pays_its_own_network():
    """Proves: 0.9 - 0.2 + 0.05 = 0.75. Without the change of network price 0.9; with the network on top 0.95."""
    found = tariff(*rows(), zone="z", voltage="110kv")
    assert found.price[0, 12] == pytest.approx(0.75) and found.price[0, 3] == pytest.approx(0.45)
    assert found.demand_charge == 40 and found.vat_rate == 0.13


def test_bands_go_by_month_and_hour():
    """Proves: July alone is flat in the afternoon, 31 days of it. Months read from 0 would make it August."""
    found = tariff(*rows(), zone="z", voltage="110kv")
    assert found.bands[6, 12] == "flat" and found.bands[7, 12] == found.bands[5, 12] == "peak"
    assert (over_the_year(found.bands) == "peak").sum() == (365 - 31) * 16
    assert over_the_year(np.arange(288).reshape(12, 24))[31 * 24] == 24


def test_everything_missing_is_named_at_once():
    """Proves: price, network, demand charge and hours are one message. A program that stops at the first names one."""
    items, hours = rows()
    with pytest.raises(MissingTariff) as error:
        tariff(items[items["band"] != "peak"], hours[hours["months"] != "7-7"], zone="z", voltage="35kv")
    for part in ("energy price of band peak", "network price at 35kv", "demand charge at 35kv", "month 7, hour 8"):
        assert part in str(error.value)
    assert isinstance(error.value, KeyError) and len(error.value.missing) == 3 + 16


def test_an_hour_has_one_band():
    """Proves: overlapping rows are refused. Where the last row wins, an hour silently costs another price."""
    items, hours = rows()
    twice = pd.concat([hours, hours.iloc[[0]].assign(band="peak", to_hour=1)])
    with pytest.raises(MissingTariff, match=r"several.*month 1, hour 0"):
        tariff(items, twice, zone="z", voltage="110kv")


def test_doubts_are_told():
    """Proves: estimated hours and charges reach the reader. A number without its note looks official."""
    notes = " ".join(tariff(*rows(), zone="z", voltage="110kv").notes)
    assert "time-of-use hours are an estimate" in notes and "demand charge at 110kv is an estimate: why" in notes


def test_the_shipped_zones_are_whole():
    """Proves: every zone with time-of-use prices has a tariff at 110 kV, its mean within a quarter of the flat price.

    A row set with a hole, an overlap or a band without a price fails here.
    """
    items, hours = pd.read_csv(PROVINCES / "tariffs.csv"), pd.read_csv(PROVINCES / "tariff_hours.csv")
    zones = items.loc[items["item"] == "energy", "zone"].unique()
    assert len(zones) == 30
    for zone in zones:
        found = tariff(items, hours, zone, "110kv")
        assert abs(over_the_year(found.price).mean() / found.price[found.bands == "flat"].mean() - 1) < 0.25


def test_a_zone_without_prices_says_so():
    """Proves: Yunnan, whose prices were not found, is refused by name instead of costing nothing."""
    items, hours = pd.read_csv(PROVINCES / "tariffs.csv"), pd.read_csv(PROVINCES / "tariff_hours.csv")
    with pytest.raises(MissingTariff, match=r"yunnan.*energy price of band flat"):
        tariff(items, hours, "yunnan", VOLTAGES[2])
    with pytest.raises(ValueError, match="allowed are 10kv"):
        tariff(items, hours, "beijing", "380v")
