"""What must hold of every account, tried on random activity: additive, linear, never negative by itself, blind to units."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import prepared
from pytest import approx
from test_account import made, row

from planner.account.activity import Activity
from planner.account.ledger import Account, account, totals
from planner.plant import Plant

Y = 2023
SEEDS = pytest.mark.parametrize("seed", range(12))
FUELS = ("coke", "anthracite", "natural_gas", "diesel", "limestone", "electrodes", "scrap", "bfg", "nf3")
KEPT = ("hot_rolled_coil", "coal_tar", "bfg", "captured_co2", "hot_metal")


def works() -> Plant:
    return prepared("steel").plant


def process(of: Plant, name: str, random: np.random.Generator, year: int = Y) -> list[Activity]:
    """A process that takes in carbon and passes on at most what it took, buys power, and perhaps burns biomass."""
    used = [Activity(year, name, "used", c, float(random.uniform(0, 1000))) for c in random.choice(FUELS, 3, replace=False)]
    carbon = sum(a.amount * of.carbon[a.carrier] for a in used if a.carrier != "nf3")
    shares = random.dirichlet(np.ones(4))[:3]
    kept = [
        Activity(year, name, "made", c, float(carbon * s / of.carbon[c])) for c, s in zip(random.choice(KEPT, 3, replace=False), shares, strict=True)
    ]
    energy = [
        Activity(year, name, "bought", "electricity", float(random.uniform(0, 1e4))),
        Activity(year, name, "bought", "steam", float(random.uniform(0, 500))),
    ]
    return [*used, *kept, *energy, Activity(year, name, "used", "biomass", float(random.uniform(0, 100)))]


def sums(acc: Account) -> "pd.Series[float]":
    return acc.lines.groupby(["process", "item", "view"])["t"].sum()


@SEEDS
def test_an_account_is_additive_over_processes(seed: int) -> None:
    """Proves: the account of all processes is the sum of the accounts of each, line by line and in every boundary."""
    random, of = np.random.default_rng(seed), works()
    parts = [process(of, f"p{n}", random) for n in range(4)]
    whole, single = account(of, [a for p in parts for a in p]), [account(of, p) for p in parts]
    pd.testing.assert_series_equal(sums(whole), pd.concat([sums(s) for s in single]).sort_index(), rtol=1e-12)
    keys = ["boundary", "view", "role", "item"]
    together = totals(of, whole).set_index(keys)["t"]
    added = pd.concat([totals(of, s) for s in single]).groupby(keys)["t"].sum()
    pd.testing.assert_series_equal(together.sort_index(), added.sort_index(), rtol=1e-9)


@SEEDS
def test_an_account_is_linear_in_activity(seed: int) -> None:
    """Proves: k times the activity, certificates and exports included, is k times every total."""
    random, of = np.random.default_rng(seed), works()
    power = [("certificate", 3e3), ("sold", 1e3), ("generated", 2e3), ("exported", 1e3), ("charged", 200.0)]
    rows = process(of, "p", random) + [Activity(Y, "site", q, "electricity", v * random.uniform(), vintage=Y) for q, v in power]
    k = float(random.uniform(0.1, 50))
    one, more = totals(of, account(of, rows)), totals(of, account(of, [replace(a, amount=k * a.amount) for a in rows]))
    assert more["t"].to_numpy() == approx(k * one["t"].to_numpy(), rel=1e-9, abs=1e-6)


@SEEDS
def test_an_account_is_never_negative_without_a_removal(seed: int) -> None:
    """Proves: whatever is sold, certified or captured, no boundary's total falls below zero when carbon out is at most carbon in.

    Sold power alone would; so would certificates beyond what is drawn, and a credit for biogenic carbon.
    """
    random, of = np.random.default_rng(seed), works()
    power = ("certificate", "traded", "sold", "generated", "exported", "charged")
    rows = process(of, "p", random) + [Activity(Y, "site", q, "electricity", float(random.uniform(0, 1e5)), vintage=Y) for q in power]
    acc = account(of, rows)
    least = 1e-9 * float(acc.lines["t"].abs().sum())
    assert acc.total(Y, ["removal"]) == 0
    told = totals(of, acc)
    assert (told.loc[told["role"].isin(["emissions", "account"]), "t"] >= -least).all()


@pytest.mark.parametrize(("carrier", "ways"), [
    ("coke", ((1500.0, "t"), (1.5, "kt"), (1.5e6, "kg"), (1500 * 28.435, "GJ"), (1500 * 28.435 / 29.3076, "tce"))),
    ("natural_gas", ((1e4, "GJ"), (10, "TJ"), (1e4 / 3.6, "MWh"), (1e4 / 0.038931, "Nm3"), (1e4 / 29.3076, "tce"))),
    ("limestone", ((2e3, "t"), (2, "kt"), (2e6, "kg"))), ("nf3", ((0.5, "t"), (500, "kg"))),
])  # fmt: skip
def test_an_account_is_blind_to_units(carrier: str, ways: tuple[tuple[float, str], ...]) -> None:
    """Proves: the same amount in tonnes, kilograms, heat, coal equivalent or metered volume is the same account."""
    found = [made(works(), row("p", "used", carrier, amount, unit)).lines["t"].sum() for amount, unit in ways]
    assert found == approx([found[0]] * len(ways), rel=1e-9)


def test_power_and_heat_are_blind_to_units() -> None:
    """Proves: a gigawatt hour of power and 3,600 GJ of it, a tonne of steam and its 2.777 GJ."""
    of = works()
    power = [made(of, row("p", "bought", "electricity", v, u)) for v, u in ((1, "GWh"), (1e3, "MWh"), (3600, "GJ"))]
    assert [p.total(Y, ["power_bought"]) for p in power] == approx([651.6] * 3)
    heat = [made(of, row("p", "bought", "steam", v, u)).total(Y, ["heat_bought"]) for v, u in ((1, "t"), (2.777, "GJ"), (1e3, "kg"))]
    assert heat == approx([0.30547] * 3)
