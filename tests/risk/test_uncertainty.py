"""Several futures, break-even values, draws and indices on the small case, where all of them are arithmetic."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pytest import approx
from small import SmallPlans, here

from models.futures import Risk
from planner import case
from planner.errors import CaseError
from planner.results import Results
from planner.risk import breakeven, common, ranges, regret, robust, screening, spread
from planner.risk.breakeven import Tried, bracketed
from planner.risk.regret import Future
from planner.risk.robust import Seen
from planner.studies import file
from planner.views import breakeven as values
from planner.views import regret as regrets
from planner.views import robust as decisions
from planner.views import screening as indices
from planner.views import spread as quantiles

NO_CAP = ("caps.total.share", "9")
FUEL = "market_values.fuel.price"


def test_plans_against_futures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: without a cap, fuel at 10 or 20 CNY/GJ (40 or 80 CNY/MWh), chances 0.6 and 0.4; the field costs 60 a MWh.

    Alone: no field (4.0 MCNY), or all 40,000 MWh of it (2.4 + 4.8 = 7.2). Kept in the other future: no field in the dear one 8.0 (regret 0.8), the field in
    the cheap one 2.4 + 2.4 = 4.8 (regret 0.8). Together: a MWh of the field saves 0.6 x 40 + 0.4 x 80 = 56 of fuel, less than 60: none is built, expected
    0.6 x 4 + 0.4 x 8 = 5.6; knowing first is worth 5.6 - (0.6 x 4 + 0.4 x 7.2) = 0.32. For the mean of 14 CNY/GJ (56 a MWh) the same is done.
    With the dearest 0.4 weighing half, it saves 0.5 x 56 + 0.5 x 80 = 68: all is built.

    Fixed plans that could still build would show no regret; a common plan that was two plans would expect 5.28.
    """
    here(monkeypatch)
    plans = SmallPlans(tmp_path, NO_CAP)
    futures = [Future("cheap", 0.6, ((FUEL, "10"),)), Future("dear", 0.4, ((FUEL, "20"),), {"en": "dear fuel", "zh": "燃料贵"})]
    found = regret.of(plans, futures, Risk(0.0, 0.6), None)
    cells = {(r["plan"], r["future"]): (r["cost_cny"] / 1e6, r["regret_cny"] / 1e6) for r in found["regret"].to_dict("records")}
    none, all_of_it = {"cheap": (4.0, 0.0), "dear": (8.0, 0.8)}, {"cheap": (4.8, 0.8), "dear": (7.2, 0.0)}
    for plan, costs in (("best for cheap", none), ("best for dear", all_of_it), (regret.TOGETHER, none), (regret.MEAN, none)):
        for future, told in costs.items():
            assert cells[plan, future] == (approx(told[0]), approx(told[1], abs=1e-6)), (plan, future)
    judged = found["futures"].set_index("plan")
    assert judged.loc[regret.TOGETHER, ["expected_cny", "worst_cny", "at_risk_cny", "knowing_cny"]].tolist() == approx([5.6e6, 8e6, 8e6, 0.32e6])
    assert judged.loc["best for dear", "expected_cny"] == approx(0.6 * 4.8e6 + 0.4 * 7.2e6)
    assert judged.loc[regret.TOGETHER, "bound_cny"] == approx(5.6e6)
    assert dict(zip(found["robust"]["asset"], found["robust"]["verdict"], strict=True)) == {"field": "depends"}
    assert found["robust"]["futures_en"].tolist() == ["dear fuel"] and found["robust"]["futures_zh"].tolist() == ["燃料贵"]
    dearest = common.plan(plans, [(f.chance, f.changes) for f in futures], Risk(0.5, 0.6), 2026, 0.0)
    assert [(d[0], d[3]) for d in dearest.decisions] == [("field", approx(40000.0))]
    assert [s.cost for s in dearest.solutions] == approx([4.8, 7.2])
    assert dearest.cost == approx(0.5 * (0.6 * 4.8 + 0.4 * 7.2) + 0.5 * 7.2)
    results = Results({}, found)
    for language in ("en", "zh"):
        assert len(regrets.table(results, language)) == 4 and regrets.chart(results, language).data
        called = {"en": "dear fuel", "zh": "燃料贵"}[language]
        assert called in regrets.table(results, language).columns and called in " ".join(regrets.table(results, language).iloc[:, 0])
        assert called in " ".join(decisions.table(results, language).iloc[0])
        assert len(decisions.table(results, language)) == 1


@pytest.mark.full
def test_the_audit_refuses_a_future_whose_solution_does_not_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: every future's own solution passes the audit of its own case - and one in which fuel was bought for another future does not."""
    from planner import audit, run

    here(monkeypatch)
    plans = SmallPlans(tmp_path, NO_CAP)
    futures = [(0.5, ((FUEL, "10"),)), (0.5, ((FUEL, "20"),))]
    made = common.plan(plans, futures, Risk(), 2026, 0.0)
    ready = run.prepare(plans.case.folder, (*plans.case.changes, *futures[1][1]))
    assert audit.audit(ready.plant, ready.year, made.solutions[1]).passed
    assert not audit.audit(ready.plant, ready.year, replace(made.solutions[1], cost=made.solutions[0].cost)).passed
    assert not audit.audit(ready.plant, ready.year, made.solutions[0]).passed  # its prices are the other's


@pytest.mark.full
def test_a_technology_enters_where_it_pays(tmp_path: Path) -> None:
    """Proves: the field (60 CNY/MWh) pays from 15 CNY/GJ of fuel (60 CNY/MWh) on, the dear one (140) from 35; a fuel of 1 to 40 brackets both within 2 % of 39."""
    plans = SmallPlans(tmp_path, NO_CAP)
    number = ranges.named(plans.case, FUEL)
    found = breakeven.of(plans, number, 1.0, 25.0)
    assert list(found["asset"]) == ["field"]
    row = found.iloc[0]
    assert row["side"] == "above" and row["status"] == "found"
    assert row["low"] <= 15.0 <= row["high"] and row["high"] - row["low"] <= 3 * 0.02 * 24
    assert row["weakest"] == "estimate" and row["confidence_number"] == "secondary"
    assert "15" in str(values.table(Results({}, {"breakeven": found}), "en").iloc[0, 2]) or row["low"] != 15.0
    with pytest.raises(CaseError, match="no option"):
        breakeven.of(plans, number, 1.0, 25.0, ["fieldd"])


def test_what_the_gaps_hide_is_inside_the_interval() -> None:
    """Proves: built below 20 but worth it by proof only below 12, the interval is 12 to 20, not the middle; nothing is told where the ends agree."""

    def gapped(points):
        return [Tried(v, v < 12, v < 20) for v in points]

    status, low, high, side = bracketed(gapped, 0.0, 100.0)
    assert (status, side) == ("found", "below")
    assert low is not None and high is not None and 10 <= low <= 12 and 20 <= high <= 22
    assert bracketed(lambda points: [Tried(v, True, True) for v in points], 0.0, 1.0)[0] == "always in"
    assert bracketed(lambda points: [Tried(v, False, False) for v in points], 0.0, 1.0)[0] == "always out"
    assert bracketed(lambda points: [Tried(v, False, v < 0.5) for v in points], 0.0, 1.0)[0] == "undecided"
    assert bracketed(lambda points: [Tried(v, v > 3, v > 3) for v in points], 0.0, 10.0)[3] == "above"


@pytest.mark.full
def test_draws_with_the_plan_kept_and_made_anew(tmp_path: Path) -> None:
    """Proves: with fuel drawn from 8 to 12.5 alone, the plan under its cap is the same, so both ways cost 0.7 x 400,000 GJ x the price + 1.8 MCNY; the same seed draws
    the same; made anew is never dearer."""
    plans = SmallPlans(tmp_path)
    moved = ranges.of(plans.case, None, [FUEL])
    found = spread.of(plans, moved, 3, 1)
    for row in found["samples"].to_dict("records"):
        assert row["cost_cny"] == approx(0.7 * 400_000 * row[FUEL] + 30_000 * 60)
    assert spread.drawn(moved, 3, 1) == spread.drawn(moved, 3, 1) != spread.drawn(moved, 3, 2)
    assert set(found["spread"]["plan"]) == {"fixed", "anew"} and (found["spread"]["targets_kept"] == 1).all()
    assert found["robust"][["asset", "verdict", "share"]].values.tolist() == [["field", "now", 1.0]]
    results = Results({}, found)
    for language in ("en", "zh"):
        assert len(quantiles.table(results, language)) == 8 and quantiles.chart(results, language).data
        assert decisions.chart(results, language).data


def road(folder: Path, *rows: tuple[str, int]) -> Path:
    folder.mkdir(parents=True)
    said = [(year + 1, year, asset, asset, asset, "build", 5.0, "MW") for asset, year in rows]
    pd.DataFrame(said, columns=["year", "decision_year", "asset", "en", "zh", "action", "size", "unit"]).to_csv(folder / "roadmap.csv", index=False)
    return folder


def test_decisions_and_what_they_hang_on(tmp_path: Path) -> None:
    """Proves: of 40 draws all build the roof first, all the pump two years later, the kiln only where the carbon price is 100 or more, the pipe in one draw.

    So: now, 2028, only above 99 to 100 (right for all draws), hardly ever. A threshold on luck, which is the same in all draws, is never said.
    """
    plans = SmallPlans(tmp_path / "x", NO_CAP)
    [carbon, luck] = ranges.of(plans.case, None, ["finance.carbon_price", FUEL])
    seen = []
    for n in range(40):
        price = 80.0 + n
        rows = [("roof", 2026), ("pump", 2028), *([("kiln", 2027)] if price >= 100 else []), *([("pipe", 2026)] if n == 3 else [])]
        seen.append(Seen(str(n), 1.0, road(tmp_path / str(n), *rows), {carbon.code: price, luck.code: 5.0}))
    found = robust.of(seen, [carbon, luck]).set_index("asset")
    assert found["verdict"].to_dict() == {"roof": "now", "pump": "later", "kiln": "depends", "pipe": "no"}
    assert found.loc["pump", "decide"] == 2028 and found.loc["kiln", "share"] == approx(0.5)
    kiln = found.loc["kiln"]
    assert (kiln["driver"], kiln["side"], kiln["threshold_low"], kiln["threshold_high"], kiln["told_rightly"]) == (
        carbon.code,
        "above",
        99.0,
        100.0,
        1.0,
    )
    said = decisions.told(found.reset_index(), "en")
    assert list(said.iloc[:, 3])[:2] == ["do now", "decide in 2028"] and "only above 99" in said.iloc[2, 3]


@pytest.mark.full
def test_indices_of_a_linear_cost(tmp_path: Path) -> None:
    """Proves: under the cap the cost is 280,000 GJ of fuel (8 to 12.5) plus 30,000 MWh of a field at 56 to 91, never cheaper than fuel: effects over the
    range 1.26 and 1.05 MCNY, no spread; shares of the variance 1.26^2 and 1.05^2 of their sum: 0.59 and 0.41."""
    pytest.importorskip("SALib")
    plans = SmallPlans(tmp_path, ("technology_values.field.investment.value", "70"))
    moved = ranges.of(plans.case, None, [FUEL, "investment.field"])
    found = screening.of(plans, moved, "morris", 2, 1)
    assert list(found["assumption"]) == [FUEL, "investment.field"]
    assert found["effect_cny"].tolist() == approx([1.26e6, 1.05e6], rel=1e-6) and found["spread_cny"].abs().max() < 1.0
    assert indices.chart(Results({}, {"screening": found}), "zh").data and len(indices.table(Results({}, {"screening": found}), "en")) == 2
    with pytest.raises(CaseError, match="powers of two"):
        screening.of(plans, moved, "sobol", 3, 1)


@pytest.mark.full
def test_shares_of_the_variance(tmp_path: Path) -> None:
    """Proves: see above; 32 points of Sobol's sequence, 128 plans."""
    plans = SmallPlans(tmp_path, ("technology_values.field.investment.value", "70"))
    found = screening.of(plans, ranges.of(plans.case, None, [FUEL, "investment.field"]), "sobol", 32, 1)
    assert found["total"].tolist() == approx([0.59, 0.41], abs=0.05)
    assert indices.table(Results({}, {"screening": found}), "zh").shape == (2, 4)


def test_futures_of_a_file_are_checked(tmp_path: Path) -> None:
    """Proves: probabilities that do not sum to 1, unknown keys of risk, and a future without a probability are all told."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'case = "battery"\nuntil = 2027\n[risk]\nwait = 1\n[futures.a]\nprobability = 0.5\n"finance.carbon_price" = 3\n[futures.b]\n',
        encoding="utf-8",
    )
    with pytest.raises(CaseError) as refused:
        file.read(path)
    for part in ("sum to 0.5", "wait is unknown", "futures.b, probability: is missing"):
        assert part in str(refused.value)
    for name in ("battery_futures", "steel_futures"):
        study = file.read(name)
        assert sum(f.probability for f in study.futures) == approx(1.0)
        read = case.read(study.case)
        for f in study.futures:
            case.read(study.case, ranges.spelt(read, f.changes))
