"""No option of the shipped cases is decoration: each is chosen at one setting of prices and caps, and not at another.

``scenarios.csv`` names the settings as lists of ``--set`` changes, ``choices.csv`` tells for every option of both cases in
which of them it is chosen and in which it is not. The days are coarse: what is bought or not does not hang on them here.
"""

import csv
import random
from pathlib import Path

import pytest

from planner import case, plan, results, run, translate

FOLDER = Path(__file__).parent
COARSE = (("time.days", "1"), ("time.segments", "4"))
GAP, SECONDS = 0.002, 300.0  # near the least cost: within a whole per cent many small options may be left out
SEED, FEW = 1, 2  # scenarios a case that every run solves


def table(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SCENARIOS = {(row["case"], row["scenario"]): row for row in table("scenarios.csv")}
CHOICES = table("choices.csv")
CASES = tuple(dict.fromkeys(name for name, _ in SCENARIOS))
OF_CASE = {c: [k for k, row in SCENARIOS.items() if k[0] == c and row["quick"] == "yes"] for c in CASES}
QUICK = [q for named in OF_CASE.values() for q in random.Random(SEED).sample(named, min(FEW, len(named)))]


def changes(key):
    return [tuple(change.split("=", 1)) for change in SCENARIOS[key]["changes"].split(";") if change]


def options(name):
    """What can be chosen: candidates and certificates."""
    read = case.read(name)
    built = [row["asset"] for row in read.tables["assets"] if row["status"] == "candidate" and row["allowed"] != "no"]
    return built + [row["market"] for row in read.tables["markets"] if row["role"] == "certificate"]


def chosen(key):
    """The options of a case that its plan builds or buys in a scenario."""
    ready = run.prepare(key[0], [*COARSE, *changes(key)])
    x = translate.inputs(ready.plant, ready.year)
    solution = plan.make(x, gap=GAP, seconds=SECONDS, report=lambda _: True).plan
    amounts, sizes = {}, solution.value("capacity.built")
    for (market, _), amount in solution.value("market.amount").items():
        amounts[market] = amounts.get(market, 0.0) + amount
    built = {str(a) for (a, _), size in sizes.items() if size > results.SMALL * max(ready.plant.assets[a].max_size, 1e-3)}
    return built | {k for k in x.certificates if amounts[k] > results.SMALL}


# -- the tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_every_option_is_named_once(name):
    assert sorted(row["option"] for row in CHOICES if row["case"] == name) == sorted(options(name))


def test_every_shipped_case_that_stands_alone_is_covered():
    assert set(CASES) == {name for name in case.cases() if len(case.read(name).homes) == 1}


@pytest.mark.parametrize("row", CHOICES, ids=lambda row: f"{row['case']} {row['option']}")
def test_a_row_names_two_different_scenarios_of_its_case(row):
    assert row["chosen_in"] != row["not_chosen_in"]
    assert {(row["case"], row["chosen_in"]), (row["case"], row["not_chosen_in"])} <= set(SCENARIOS)


@pytest.mark.parametrize("key", SCENARIOS, ids=" ".join)
def test_a_scenario_is_a_setting_of_prices_and_caps(key):
    """No option is shut out by hand, so that what is not chosen was a choice; and every scenario says something of some option."""
    keys = [change for change, _ in changes(key)]
    assert not [k for k in keys if k.startswith(("assets", "options"))]
    assert any(row["case"] == key[0] and key[1] in (row["chosen_in"], row["not_chosen_in"]) for row in CHOICES)
    case.read(key[0], changes(key))


# -- the choices ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [pytest.param(key, marks=() if key in QUICK else pytest.mark.full, id=" ".join(key)) for key in SCENARIOS])
def test_options_are_chosen_and_not_chosen(key):
    """Proves: no option is decoration, and none is bought whatever the prices."""
    found = chosen(key)
    rows = [row for row in CHOICES if row["case"] == key[0]]
    assert [row["option"] for row in rows if row["chosen_in"] == key[1] and row["option"] not in found] == [], "not chosen"
    assert [row["option"] for row in rows if row["not_chosen_in"] == key[1] and row["option"] in found] == [], "chosen"
