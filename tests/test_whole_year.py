"""The whole year: what a plan on representative days misses, computed by hand; and what it must not miss."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tiny
from scipy.sparse import csr_matrix
from test_audit import PLANT, asset
from test_audit import market as market_of

from models.solution import Solution
from models.tiles import Laid
from planner import audit, holds, mixing, translate, whole_year
from planner.calendar import typical_days
from planner.connection import DemandRule
from planner.errors import CaseError, PlanRefused
from planner.holds import Verdict
from planner.money import Horizon
from planner.plant import Market, Plant
from planner.targets import Target
from planner.year import Year

SEASONS = [[1, 2, 12], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
WINTER = (31 + 28 + 31 - 1) * 24  # h of the winter group but its peak day
HOUR, DAY = np.tile(np.arange(24), 365), np.repeat(np.arange(365), 24)
PEAK_DAYS = (np.isin(DAY, [0, 60, 160, 250]) & (HOUR == 12)).astype(float)  # which days the calendar keeps apart


def site(*assets: Any, markets: tuple[Market, ...], load: np.ndarray, carrier: str = "heat", **more: Any) -> tuple[Plant, dict[str, np.ndarray]]:
    """One year, one carrier balanced in every hour, a load (8760,) in MW."""
    plant = Plant(
        name="site", decide_from=2026, assets={a.name: a for a in assets},
        carriers={carrier: "step", "gas": "year", "wood": "year"}, units={carrier: "MWh", "gas": "GJ", "wood": "GJ"}, carbon={"gas": 0.5}, carbon_biogenic={}, embodied={},
        markets={m.name: m for m in markets}, demand_profile={carrier: "load"}, areas={},
        **({
            "horizon": Horizon(2026, 2026, 0.0), "demand": {(carrier, 2026): float(load.sum()) / 1e3}, "caps": {}, "cap_limit": {}, "carbon_price": 0.0,
            "connection": 0.0, "grid_factor": {(view, 2026): 0.5 for view in ("location", "market")},
        } | more),
    )  # fmt: skip
    return plant, {"load": load / load.mean()}


def year_of(profiles: dict[str, np.ndarray], price: float = 0.0, charge: float = 0.0) -> Year:
    """One typical day a season and the peak days above, in plain hours."""
    hourly = pd.DataFrame({"price": np.full(8760, price), **profiles, "net_load": 1.0 + PEAK_DAYS})
    return Year(hourly, typical_days(hourly, SEASONS, 1, 24, "net_load"), charge, ())


def checked(plant: Plant, year: Year, **options: Any) -> tuple[Solution, Verdict]:
    """The exact plan, and what the whole year says of it."""
    plan = tiny.plan(translate.inputs(plant, year))
    assert plan.status == "optimal"
    return plan, holds.verdict(plant, year, plan, whole_year.run(plant, year, plan, processes=0, **options))


def figure(found: Verdict, quantity: str, item: str) -> dict[str, Any]:
    table = found.tables["whole_year"]
    (row,) = table[(table["quantity"] == quantity) & (table["item"] == item)].to_dict("records")
    return row


def market(name: str, carrier: str, price: float, **given: Any) -> Market:
    one = market_of(name, carrier, price, **given)
    return replace(one, price={y: v for y, v in one.price.items() if y == 2026}, limit={y: v for y, v in one.limit.items() if y == 2026})


# What a plan misses ---------------------------------------------------------------------------------------------


def cold_hours() -> tuple[Plant, Year]:
    """One MW of heat, but two on the 21st of January from 0 to 3 h; a boiler to be built, as small as it may be."""
    load = 1.0 + (DAY == 20) * (HOUR < 3)
    boiler = asset("boiler", operation="flexible", max_size=5.0, investment=1.0, ratio={"heat": 1.0, "gas": -1.0})
    plant, profiles = site(boiler, markets=(market("gas", "gas", 0.01),), load=load)
    return plant, year_of(profiles)


def test_a_cold_night_the_typical_day_hides_is_found_and_measured() -> None:
    """The 89 winter days that one day stands for need 2,136 h + 3 h of 1 MW, so that day is 1 + 3/2136 MW and so is the boiler.

    On the cold night 2 MW are needed: 3 h x (1 - 3/2136) MW are missing. A model that spreads the night would miss nothing.
    """
    plant, year = cold_hours()
    plan, found = checked(plant, year)
    size = 1 + 3 / WINTER
    assert plan.value("capacity.size")["boiler", 2026] == pytest.approx(size, abs=1e-9)
    assert not found.holds
    missing = 3 * (2 - size)
    row = figure(found, "unserved", "heat")
    assert (row["whole_year"], row["holds"]) == (pytest.approx(missing, abs=1e-6), False)
    (day,) = found.tables["misses"].to_dict("records")
    assert (day["day"], day["month"], day["hours"], day["unit"]) == (21, 1, 3, "MWh")
    assert (day["amount"], day["largest"]) == (pytest.approx(missing, abs=1e-6), pytest.approx(2 - size, abs=1e-6))
    # all that was served burnt gas: 8,763 MWh less what was missing, at 0.01 MCNY/GWh
    assert figure(found, "cost", "gas")["whole_year"] == pytest.approx((8763 - missing) * 1e-3 * 0.01 * 1e6, rel=1e-9)


def test_days_unlike_their_mean_use_more_of_what_a_cap_counts() -> None:
    """Two MW of solar heat give 0.4 and 1.6 MW in turn, 1 MW in the mean of typical days: no gas is planned.

    Over the year 0.6 MW are missing on every dark day: 182 or 183 of 365 days times 24 h times 0.6 MW, at 0.5 kt a GWh.
    """
    dark = DAY % 2 == 0
    sun = np.where(dark, 0.2, 0.8)
    solar = asset("solar", operation="flexible", profile="sun", size=2.0, ratio={"heat": 1.0})
    boiler = asset("boiler", operation="flexible", size=5.0, ratio={"heat": 1.0, "gas": -1.0})
    plant, profiles = site(
        solar, boiler, markets=(market("gas", "gas", 0.02),), load=np.ones(8760), caps={"stack": ("direct", "location")}, cap_limit={("stack", 2026): 1.0},
    )  # fmt: skip
    year = year_of(profiles | {"sun": sun})
    plan, found = checked(plant, year)
    planned = plan.value("cap.counted")["stack", 2026]
    hours = 24 * 183  # days 0, 2, ... 364
    burnt = 0.6 * hours / 1e3 * 0.5
    row = figure(found, "cap", "stack")
    assert planned < 0.1 < burnt  # the peak days alone are shown as they are
    assert row["whole_year"] == pytest.approx(burnt * 1e3, rel=1e-9)
    assert (row["limit"], row["holds"], found.holds) == (1000.0, False, False)
    assert found.summary["whole_year_cost_change"] > 0


@pytest.mark.parametrize(("limit", "kept"), [(3.0, True), pytest.param(2.0, False, marks=pytest.mark.full)])
def test_a_cap_on_the_sum_of_years_is_told_by_the_sum(limit: float, kept: bool) -> None:
    """The dark days above, two years long: 2 x 24 h x 183 x 0.6 MW x 0.5 t = 2,635 t together, of which the plan knows the peak days' alone.

    Each year keeps to its share of the limit, and the sum of both is judged. Judged year by year, 2,000 t would hold.
    """
    sun = np.where(DAY % 2 == 0, 0.2, 0.8)
    solar, boiler = (
        asset("solar", operation="flexible", profile="sun", size=2.0, ratio={"heat": 1.0}),
        asset("boiler", operation="flexible", size=5.0, ratio={"heat": 1.0, "gas": -1.0}),
    )
    target = Target("stack", "emissions", "direct", "location", sums=True, limit={2027: limit})
    plant, profiles = site(
        solar, boiler, markets=(replace(market("gas", "gas", 0.02), price={2026: 0.02, 2027: 0.02}),), load=np.ones(8760),
        caps={"stack": ("direct", "location")}, cap_limit={("stack", 2027): limit}, targets={"stack": target},
        horizon=Horizon(2026, 2027, 0.0), demand={("heat", y): 8.76 for y in (2026, 2027)}, grid_factor={(v, y): 0.5 for v in ("location", "market") for y in (2026, 2027)},
    )  # fmt: skip
    _, found = checked(plant, year_of(profiles | {"sun": sun}))
    burnt = 0.6 * 24 * 183 * 0.5
    rows = found.tables["whole_year"][lambda t: t["quantity"] == "cap"]
    assert rows["whole_year"].tolist() == pytest.approx([burnt, 2 * burnt], rel=1e-6)
    assert rows["holds"].tolist() == [None, kept] and found.holds == kept


def dark_days(limit: float, price: float, rate: float = 0.0) -> tuple[Plant, Year]:
    """The dark days above, two years long; beside gas at 20 CNY/MWh wood at 50, so that a tonne less costs 60 CNY. The sum of both years may be
    passed at ``price``, CNY/t paid at the end of 2027.
    """
    solar = asset("solar", operation="flexible", profile="sun", size=2.0, ratio={"heat": 1.0})
    boilers = [asset(f"{fuel}_boiler", operation="flexible", size=5.0, ratio={"heat": 1.0, fuel: -1.0}) for fuel in ("gas", "wood")]
    fuels = [replace(market(fuel, fuel, cost), price=dict.fromkeys((2026, 2027), cost)) for fuel, cost in (("gas", 0.02), ("wood", 0.05))]
    target = Target("stack", "emissions", "direct", "location", sums=True, limit={2027: limit}, price={2027: price / 1e3})
    plant, profiles = site(
        solar, *boilers, markets=tuple(fuels), load=np.ones(8760), caps={"stack": ("direct", "location")}, cap_limit={("stack", 2027): limit},
        targets={"stack": target}, horizon=Horizon(2026, 2027, rate), demand={("heat", y): 8.76 for y in (2026, 2027)},
        grid_factor={(v, y): 0.5 for v in ("location", "market") for y in (2026, 2027)},
    )  # fmt: skip
    return plant, year_of(profiles | {"sun": np.where(DAY % 2 == 0, 0.2, 0.8)})


GAS = 0.6 * 24 * 183 * 0.5  # t a year where all of it is gas


@pytest.mark.parametrize(("limit", "price", "rate", "burnt"), [
    (1000.0, 40.0, 0.0, (GAS, GAS)),  # passing it is cheaper than wood
    pytest.param(1000.0, 100.0, 0.0, (500.0, 500.0), marks=pytest.mark.full),  # wood is cheaper: each year keeps to its share
    pytest.param(1000.0, 100.0, 1.0, (GAS, 500.0), marks=pytest.mark.full),  # what is paid a year later at 100 % is worth 50 CNY/t in 2026
    pytest.param(20.0, 40.0, 0.0, (GAS, GAS), marks=pytest.mark.full),  # the plan passes it already
])  # fmt: skip
def test_what_passes_a_sum_of_years_is_paid_once(limit: float, price: float, rate: float, burnt: tuple[float, float]) -> None:
    """Gas for 1,317.6 t a year, of which the plan knows 36 t (the peak days, and an odd day of some seasons). Where passing is cheap, 2 x 1,317.6 less the limit is paid for at the end of 2027:
    1,635.2 t x 40 = 65,408 CNY of the first case; it is no miss.

    A run that paid each year's share would ask for half of it in 2026; one without the price would call it a miss; one that did not discount it would burn
    wood in 2026 at 100 %.
    """
    plant, year = dark_days(limit / 1e3, price, rate)
    plan, found = checked(plant, year)
    assert 0.02 < plan.value("cap.counted")["stack", 2027] < 0.1
    rows = found.tables["whole_year"].set_index(["quantity", "item", "year"])
    counted = [rows.loc[("cap", "stack", y), "whole_year"] for y in (2026, 2027)]
    assert counted == pytest.approx([burnt[0], sum(burnt)], rel=1e-6)
    passed = [rows.loc[("cost", "stack passed", y), "whole_year"] for y in (2026, 2027)]
    assert passed == pytest.approx([0.0, price * max(0.0, sum(burnt) - limit)], rel=1e-6, abs=1e-3)
    gas, wood = ([rows.loc[("market", fuel, y), "whole_year"] for y in (2026, 2027)] for fuel in ("gas", "wood"))
    total = [20 * g + 50 * w + p for g, w, p in zip(gas, wood, passed, strict=True)]
    assert [rows.loc[("cost", "running", y), "whole_year"] for y in (2026, 2027)] == pytest.approx(total, rel=1e-6)
    assert found.holds and rows.loc[("cap", "stack", 2027), "holds"] is None


def test_the_share_of_a_year_in_a_priced_sum() -> None:
    """Within a sum of 1,000 t a year may let out 500 t and pays beyond, at half the price of 2027 where money doubles in a year. Where the plan passes
    the sum each of its tonnes has the price: with a share, a year that lets out less than planned would gain nothing.
    """
    for limit, share in ((1.0, 0.5), (0.02, 0.0)):
        plant, year = dark_days(limit, 40.0, 1.0)
        target = whole_year.shared_out(plant, tiny.plan(translate.inputs(plant, year))).targets["stack"]
        assert target.limit == pytest.approx({2026: share, 2027: share}) and target.price == pytest.approx({2026: 0.02, 2027: 0.04})


def test_a_priced_sum_with_two_limits_is_refused() -> None:
    plant, _ = dark_days(1.0, 40.0)
    two = replace(plant.targets["stack"], limit={2026: 0.5, 2027: 1.0})
    with pytest.raises(CaseError, match="stack, which sums several years, has more than one limit"):
        whole_year.possible(replace(plant, targets={"stack": two}))


def test_a_metered_peak_is_told_beside_the_planned_one() -> None:
    """Power of 1 MW, but 1.5 MW in one hour of July that no typical day shows: the summer plans with little more than 1 MW."""
    load = 1.0 + 0.5 * (DAY == 200) * (HOUR == 7)
    plant, profiles = site(
        asset("idle", ratio={"electricity": 1.0}), markets=(market_of("grid", "electricity", 0.0, role="grid"),), load=load, carrier="electricity"
    )
    year = year_of(profiles, price=0.5, charge=0.03)
    plan, found = checked(plant, year)
    summer = 91 * 24  # h of the summer group but its peak day
    peaks = found.tables["peaks"].set_index("month")
    assert plan.value("demand.peak")["grid", 2026, "m06"] == pytest.approx(1 + 0.5 / summer, abs=1e-9)
    assert peaks.loc[7, ["metered", "day", "hour"]].tolist() == [pytest.approx(1.5), 201, 7]
    assert peaks.loc[7, "excess"] == pytest.approx(1.5 / (1 + 0.5 / summer) - 1, abs=1e-9)
    assert peaks.loc[[m for m in range(1, 13) if m != 7], "metered"].tolist() == pytest.approx([1.0] * 11)
    # eleven months are billed on 1 MW, July on 1.5 MW, at 30 CNY/kW
    assert figure(found, "cost", "grid demand charge")["whole_year"] == pytest.approx(0.03e6 * 12.5, rel=1e-9)
    assert found.holds  # a peak costs; nothing is missed


def test_bills_that_remember_other_months_are_made_of_metered_peaks() -> None:
    """Power of 1 MW, but 1.5 MW on 20 July at 7 h, which no typical day shows. Every bill carries 0.8 of July's peak; May costs 20,000, the others
    30,000 CNY/MW; the highest purchase of July from 6 to 8 h costs 5,000 CNY/MW more.

    11 months at 1.2 MW, July at 1.5: 10 x 36,000 + 24,000 + 45,000 + 1.5 x 5,000 = 436,500 CNY. Bills of their own month alone: 372,500.
    """
    load = 1.0 + 0.5 * (DAY == 200) * (HOUR == 7)
    grid = market_of("grid", "electricity", 0.0, role="grid")
    plant, profiles = site(asset("idle", ratio={"electricity": 1.0}), markets=(grid,), load=load, carrier="electricity")
    rules = (
        DemandRule("rate", "rate", (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12), 0.03), DemandRule("rate", "rate", (5,), 0.02), DemandRule("ratchet", "ratchet", (7,), 0.8, lookback=12),
        DemandRule("event", "heat", (7,), 0.005, hours=(6.0, 8.0)),
    )  # fmt: skip
    plant = replace(plant, tie=replace(plant.tie, rules=rules))
    _, found = checked(plant, year_of(profiles, price=0.5))
    cost = figure(found, "cost", "grid demand charge")
    assert cost["whole_year"] == pytest.approx(436500.0, rel=1e-6)
    summer = 1 + 0.5 / (91 * 24)  # of the typical summer day, which is all the plan knows of July
    assert cost["planned"] == pytest.approx(30000 * (3 * summer + 8) + 20000 + 5000 * summer, rel=1e-3)
    assert found.holds


# What the whole year must not change ----------------------------------------------------------------------------


@pytest.mark.full  # five years with everything, every hour
def test_a_year_of_equal_days_costs_what_its_typical_days_cost() -> None:
    """Furnaces, measures, a battery, solar power, caps, five years: when every day is the same, two ways of counting give one answer."""
    hour = np.tile(np.arange(24), 365)
    hourly = pd.DataFrame({
        "price": np.array([0.25, 0.6, 0.5, 0.95])[hour // 6], "pv": np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None) * 0.8,
        "shift": np.array([0.8, 1.2, 1.1, 0.9])[hour // 6], "net_load": 1.0 + 0.1 * (hour == 19),
    })  # fmt: skip
    year = Year(hourly, typical_days(hourly, SEASONS, 1, 24, "net_load"), 0.03, ())
    plant = replace(PLANT, units=dict.fromkeys(PLANT.carriers, "t"))
    _, found = checked(plant, year, near=1e-12)
    assert found.holds
    running = found.tables["whole_year"][lambda t: (t["quantity"] == "cost") & (t["item"] == "running")]
    assert running["whole_year"].tolist() == pytest.approx(running["planned"].tolist(), rel=1e-9)
    counted = found.tables["whole_year"][lambda t: t["quantity"] == "cap"]
    assert counted["whole_year"].tolist() == pytest.approx(counted["planned"].tolist(), rel=1e-6)
    assert found.summary["whole_year_cost_change"] == pytest.approx(0.0, abs=1e-9)
    assert found.summary["whole_year_peak_excess"] == pytest.approx(0.0, abs=1e-6)


def test_months_share_what_a_cap_leaves() -> None:
    """Gas heat at 10 CNY/MWh emits 0.5 t/MWh, wood at 30 nothing; the cap leaves half of the gas: half of the heat of each.

    The year costs 8,760 MWh x 20 CNY. Months planned one by one at any price would burn gas only or wood only.
    """
    gas, wood = (asset(n, operation="flexible", size=1.0, ratio={"heat": 1.0, c: -1.0}) for n, c in (("gas_boiler", "gas"), ("wood_boiler", "wood")))
    plant, profiles = site(
        gas, wood, markets=(market("gas", "gas", 0.01), market("wood", "wood", 0.03)), load=np.ones(8760),
        caps={"stack": ("direct", "location")}, cap_limit={("stack", 2026): 8.76 * 0.5 / 2},
    )  # fmt: skip
    _, found = checked(plant, year_of(profiles))
    assert found.holds
    assert figure(found, "cost", "running")["whole_year"] == pytest.approx(8760 * 20.0, rel=1e-6)
    assert figure(found, "cap", "stack")["whole_year"] == pytest.approx(8760 * 0.25, rel=1e-6)


def test_a_mix_of_answers_never_buys_and_sells_at_once() -> None:
    """Sun above the load is sold, what is missing bought; a limit of sales makes months mix, and no hour does both."""
    sun = np.where((HOUR >= 8) & (HOUR < 16), 1.0, 0.0) * np.where(DAY % 3 == 0, 0.9, 0.5)
    solar = asset("solar", operation="flexible", profile="sun", size=4.0, ratio={"electricity": 1.0})
    battery = asset(
        "battery",
        kind="store",
        operation="flexible",
        size=2.0,
        ratio={"electricity": 1.0},
        duration=2.0,
        charge_efficiency=0.9,
        discharge_efficiency=0.9,
    )
    sale = market("export", "electricity", 0.2, buys=False, limit=2.0)
    plant, profiles = site(
        solar, battery, markets=(market_of("grid", "electricity", 0.0, role="grid"), sale), load=np.ones(8760), carrier="electricity"
    )
    plan = tiny.plan(translate.inputs(plant, year := year_of(profiles | {"sun": sun}, price=0.5, charge=0.03)))
    (hours,) = whole_year.run(plant, year, plan, processes=0)  # its audit refuses an hour that does both
    assert hours.values["market.amount", ("export", "2026")] == pytest.approx(2.0, abs=1e-6)
    assert not hours.faults


@pytest.mark.parametrize(("exact", "made"), [(True, 4.0), (False, 0.0)])
def test_what_only_hours_can_fill_keeps_its_share(exact: bool, made: float) -> None:
    """A month makes 0 to 10 at 1 each, and 4 is its share of a balance of the year. The price of the balance forbids more, so by itself the month would
    make nothing; where no purchase can fill the balance (oxygen beside hydrogen, blown by a furnace that runs as planned) it makes its 4.
    """
    one, none = csr_matrix(np.eye(1)), np.zeros(1)
    laid = Laid(
        one, csr_matrix((1, 1)), one, cost=np.ones(1), row_lower=none, row_upper=none + 10, lower=none, upper=none + 10, whole=np.zeros(1, dtype=bool)
    )
    found = mixing.Month(laid, none, none).within(np.array([-0.5]), np.array([4.0]), np.array([exact]))
    assert found is not None and found.links.tolist() == pytest.approx([made], abs=1e-6)


def test_a_year_in_a_process_of_its_own_gives_the_same_answer() -> None:
    plant, year = cold_hours()
    plan = tiny.plan(translate.inputs(plant, year))
    (here,), (there,) = (whole_year.run(plant, year, plan, processes=n) for n in (0, 1))
    assert here.costs == there.costs
    pd.testing.assert_frame_equal(here.short, there.short)


def test_units_are_whole_in_every_hour() -> None:
    """A boiler of 2 MW runs at 1 MW or more or not at all: by day at 1.5 MW, by night 0.5 MW are bought; one start a day.

    365 x (18 MWh x 10 + 6 MWh x 30 + 2 MW x 5 CNY) = 135,050 CNY. With parts of a unit the boiler would run all day: 87,600 CNY.
    """
    load = np.where((HOUR >= 6) & (HOUR < 18), 1.5, 0.5)
    boiler = asset("boiler", operation="flexible", size=2.0, ratio={"heat": 1.0, "gas": -1.0}, minimum_load=0.5, ramp=0.25, start_cost={2026: 0.005})
    plant, profiles = site(boiler, markets=(market("gas", "gas", 0.01), market("steam", "heat", 0.03)), load=load)
    plan, found = checked(plant, year := year_of(profiles))
    assert audit.audit(plant, year, plan).passed
    assert plan.cost == pytest.approx(0.13505, rel=1e-6)
    assert figure(found, "cost", "running")["whole_year"] == pytest.approx(135050.0, rel=1e-6)
    assert figure(found, "cost", "starts")["whole_year"] == pytest.approx(3650.0, rel=1e-6)
    assert found.holds


# What is refused ------------------------------------------------------------------------------------------------


def test_hours_that_do_not_add_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A boiler that burns a hundredth less gas than its heat needs, in one month."""
    plant, year = cold_hours()
    plan = tiny.plan(translate.inputs(plant, year))
    run = mixing.run

    def wrong(*args: Any, **options: Any) -> mixing.Ran:
        ran = run(*args, **options)
        march = replace(ran.months[2], values=ran.months[2].values * 0.99)
        return replace(ran, months=(*ran.months[:2], march, *ran.months[3:]))

    monkeypatch.setattr(mixing, "run", wrong)
    with pytest.raises(PlanRefused, match=r"whole year 2026: step balances: heat 2026 m03"):
        whole_year.run(plant, year, plan, processes=0)


def test_costs_other_than_those_minimised_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plant, year = cold_hours()
    plan = tiny.plan(translate.inputs(plant, year))
    run = mixing.run
    dearer = lambda ran: replace(ran, months=tuple(replace(month, cost=month.cost + 1e-3) for month in ran.months))  # noqa: E731
    monkeypatch.setattr(mixing, "run", lambda *args, **options: dearer(run(*args, **options)))
    with pytest.raises(PlanRefused, match=r"running costs: the parts are 0\.012 MCNY from what was minimised"):
        whole_year.run(plant, year, plan, processes=0)


def test_a_miss_nobody_declared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plant, year = cold_hours()
    plan = tiny.plan(translate.inputs(plant, year))
    monkeypatch.setattr(whole_year, "_short", lambda tile, ran: pd.DataFrame([], columns=["carrier", "hour", "amount"]))
    with pytest.raises(PlanRefused, match=r"step balances: heat 2026 m01d21s00 is 1\.0014"):
        whole_year.run(plant, year, plan, processes=0)
