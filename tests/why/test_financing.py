"""Three ways to pay for a project, by hand."""

import pytest
from conftest import prepared
from pytest import approx

from planner.money import real_rate
from planner.why import financing
from planner.why.financing import Project, Terms

AGREED = Terms(contract_years=6, contract_share=0.9, contract_return=0.10, purchase_return=0.08)
GOOD = Project(investment=100.0, saving=30.0, upkeep=2.0, life=10, energy=50.0, saved_t=20.0)


def test_own_money() -> None:
    """Proves: 30 a year for ten years at 5 % is 231.65, less 100; paid back in 3.33 years; 27.32 % over its life; 17.05 a year less for 20 t."""
    found = financing.figures("own", GOOD, AGREED, 0.05)
    assert found["npv_cny"] == approx(131.652, abs=1e-3)
    assert found["payback_years"] == approx(100 / 30)
    assert sum(30 / (1 + found["irr"]) ** n for n in range(1, 11)) == approx(100.0)  # type: ignore[operator]
    assert found["cny_per_t"] == approx(-131.652 * 0.129505 / 20, rel=1e-4)


def test_a_contract_pays_the_company_what_it_asks_for_and_no_more() -> None:
    """Proves: six payments of 22.961 are 100 at 10 %, so 76.5 % of the saving are paid; then all of it is the site's."""
    found = financing.figures("contract", GOOD, AGREED, 0.05)
    assert found["share_paid"] == approx(0.76536, abs=1e-5)
    assert sum(found["share_paid"] * 30 / 1.1**n for n in range(1, 7)) == approx(100.0)  # type: ignore[operator]
    by_year = [30 * (1 - 0.765358) if n <= 6 else 30 for n in range(1, 11)]
    assert found["npv_cny"] == approx(sum(v / 1.05**n for n, v in enumerate(by_year, start=1)), rel=1e-5)
    assert (found["site_investment_cny"], found["provider_investment_cny"]) == (0.0, 100.0)


@pytest.mark.parametrize(
    "poor", [Project(100.0, 20.0, 0.0, 10, 0.0, 1.0), Project(100.0, 90.0, 0.0, 5, 0.0, 1.0), Project(100.0, -3.0, 0.0, 10, 0.0, 1.0)]
)
def test_a_contract_nobody_signs(poor: Project) -> None:
    """Proves: 22.96 of 20 cannot be paid; a life of five years cannot carry six payments; what saves nothing pays nothing."""
    assert financing.figures("contract", poor, AGREED, 0.05)["remark"] == "the saving does not pay a contract"


def test_a_power_purchase_earns_the_developer_its_return() -> None:
    """Proves: 100 at 8 % over ten years is 14.903 a year, with 2 of upkeep 16.903 for 50 MWh; of the 30 saved 15.097 are left."""
    found = financing.figures("purchase", GOOD, AGREED, 0.05)
    assert found["price_cny_per_mwh"] == approx(16.903 / 50, rel=1e-4)
    assert found["first_saving_cny"] == approx(15.097, rel=1e-4)


def test_every_project_of_the_cell_plant_is_paid_for_in_each_way_open_to_it() -> None:
    """Proves: power can be bought from sun and wind alone; a contract never leaves the site richer than its own money at a dearer rate."""
    table = financing.evaluate(prepared("battery"))
    ways = table.groupby("option")["way"].agg(set)
    assert ways["roof_pv"] == {"own", "contract", "purchase"} and ways["led"] == {"own", "contract"}
    assert set(table.loc[table["way"] == "purchase", "option"]) <= {"roof_pv", "carport_pv", "direct_pv", "site_wind", "direct_wind"}
    worth = table.pivot(index="option", columns="way", values="npv_cny")
    agreed = financing.terms(0.015)
    assert agreed.contract_return == approx(real_rate(0.12, 0.015))
    assert agreed.contract_return > prepared("battery").plant.horizon.rate
    assert (worth["contract"].dropna() <= worth["own"][worth["contract"].notna()] + 1).all()
    price = table.loc[table["option"] == "roof_pv", "price_cny_per_mwh"].max()
    assert 150 < price < 600, "a kWh from the roof costs 0.15 to 0.6 CNY"
