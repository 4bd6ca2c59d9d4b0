"""Financing 融资: each project alone, paid for in three ways - own money, an energy-performance contract, a power purchase.

own: the site invests and keeps the saving. contract (合同能源管理): a service company invests and is paid a share of the
saving for some years, just enough for the return it asks for; then all of it is the site's. purchase (购电): a developer
builds what makes power and sells it at the price that earns what it asks for over the plant's life. All money is real,
of the base year; returns that are asked for in nominal terms are converted with the case's inflation.
"""

from dataclasses import dataclass

import pandas as pd
from scipy.optimize import brentq

from planner import options, translate
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.money import annuity_factor, present_value, real_rate
from planner.plan import Listen
from planner.plant import MILLION, THOUSAND
from planner.run import Ready
from planner.tables import read_table

WAYS = ("own", "contract", "purchase")
LOWEST, HIGHEST = -0.9, 10.0  # returns that are looked for
COLUMNS = [
    "option", "en", "zh", "lever", "way", "site_investment_cny", "provider_investment_cny", "first_saving_cny", "share_paid", "years", "price_cny_per_mwh",
    "npv_cny", "irr", "payback_years", "cny_per_t", "remark",
]  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What is agreed: years and share of a contract, and the real returns asked for by service company and developer."""

    contract_years: float
    contract_share: float
    contract_return: float
    purchase_return: float


@dataclass(frozen=True)
class Project:
    """One project alone, CNY: what it costs, what it saves a year (running costs paid), how long it lives, what it makes in MWh a year."""

    investment: float
    saving: float
    upkeep: float
    life: float
    energy: float
    saved_t: float


def terms(inflation: float) -> Terms:
    """The terms of data/financing.csv. Raises CaseError when the file does not say all of them."""
    findings: list[Finding] = []
    values = {row["parameter"]: float(row["value"]) for row in read_table("financing", [DATA / "financing.csv"], findings)}
    missing = {"contract_years", "contract_share", "contract_return", "purchase_return"} - values.keys()
    findings += [Finding("financing.csv", f"{name} is missing", "a row with a value") for name in sorted(missing)]
    if findings:
        raise CaseError(findings)
    returns = (real_rate(values[name], inflation) for name in ("contract_return", "purchase_return"))
    return Terms(values["contract_years"], values["contract_share"], *returns)


def evaluate(ready: Ready, listen: Listen = lambda _: True) -> pd.DataFrame:
    """One row a project and way that is open to it, in the order of the case; see COLUMNS."""
    case, plant = ready.case, ready.plant
    steady = options.one_year(plant)
    x = translate.inputs(steady, ready.year)
    table = options.evaluate(case, plant, ready.year, listen)
    agreed, rate, last = terms(float(case["finance.inflation"])), plant.horizon.rate, plant.horizon.last
    rows: list[dict[str, object]] = []
    for found in table.to_dict("records"):
        name = str(found["option"])
        if name not in steady.assets or pd.isna(found["investment_cny"]) or pd.isna(found["yearly_saving_cny"]):
            continue
        asset = steady.assets[name]
        size = float(found["size"]) / asset.scale
        power = asset.ratio.get("electricity", 0.0) if asset.kind == "converter" and set(asset.ratio) == {"electricity"} else 0.0
        hours = sum(x.duration[s] * x.availability.get((name, s), 0.0) for s in x.steps)
        project = Project(
            float(found["investment_cny"]), float(found["yearly_saving_cny"]), asset.fixed_cost.get(last, 0.0) * size * MILLION, options.served(plant, asset, last),
            max(0.0, power) * size * hours * THOUSAND, float(found["saved_t"]),
        )  # fmt: skip
        head = {k: found[k] for k in ("option", "en", "zh", "lever")}
        rows += [head | {"way": way} | figures(way, project, agreed, rate) for way in WAYS if way != "purchase" or project.energy > 0]
    return pd.DataFrame(rows, columns=COLUMNS)


def figures(way: str, p: Project, agreed: Terms, rate: float) -> dict[str, object]:
    """What a way of paying means for the site: see COLUMNS. ``rate``: the site's own, real."""
    if way == "own":
        worth = p.saving * present_value(rate, p.life) - p.investment
        own: dict[str, object] = {"site_investment_cny": p.investment, "provider_investment_cny": 0.0, "first_saving_cny": p.saving}
        return own | {"irr": _irr(p), "payback_years": p.investment / p.saving if p.saving > 0 else None} | _worth(p, worth, rate)
    found: dict[str, object] = {"site_investment_cny": 0.0, "provider_investment_cny": p.investment}
    if way == "purchase":
        paid = p.investment * annuity_factor(agreed.purchase_return, p.life)
        left = p.saving - paid
        return (
            found
            | {"first_saving_cny": left, "years": p.life, "price_cny_per_mwh": (paid + p.upkeep) / p.energy}
            | _worth(p, left * present_value(rate, p.life), rate)
        )
    years = agreed.contract_years
    share = p.investment * annuity_factor(agreed.contract_return, years) / p.saving if p.saving > 0 else float("inf")
    if share > agreed.contract_share or years > p.life:
        return found | {"remark": "the saving does not pay a contract"}
    worth = p.saving * (present_value(rate, p.life) - share * present_value(rate, years))
    return found | {"first_saving_cny": (1 - share) * p.saving, "share_paid": share, "years": years} | _worth(p, worth, rate)


def _worth(p: Project, worth: float, rate: float) -> dict[str, object]:
    yearly = worth * annuity_factor(rate, p.life)
    return {"npv_cny": worth, "cny_per_t": -yearly / p.saved_t if p.saved_t > 1 else None, "remark": ""}


def _irr(p: Project) -> float | None:
    """The real return over the whole life; None where nothing is spent, or nothing saved."""
    if p.investment <= 0 or p.saving <= 0:
        return None

    def left(rate: float) -> float:
        return p.saving * present_value(rate, p.life) - p.investment

    return float(brentq(left, LOWEST, HIGHEST)) if left(LOWEST) > 0 > left(HIGHEST) else None
