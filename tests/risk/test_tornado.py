"""One assumption at a time: ranges come from the data, and changes of the cost are arithmetic on the small case."""

from pathlib import Path

import pandas as pd
import pytest
from pytest import approx
from small import SmallPlans

from planner import case
from planner.errors import CaseError
from planner.language import span
from planner.results import Results
from planner.risk import ranges, tornado
from planner.views import tornado as view


def test_the_cost_at_both_ends_with_the_plan_kept_and_made_anew(tmp_path: Path) -> None:
    """Proves: the plan (30,000 MWh from the field, 14,000 t left) pays 150 CNY/t on 14,000 t: 2.1 MCNY; made anew it takes 10,000 MWh more from the
    field for 0.2 MCNY and pays on 12,000 t: 2.0 MCNY. A field of 48 or 78 CNY a MWh moves both by 30,000 times -12 or +18.

    A tornado that re-planned the "fixed" plan would say 2.0 twice; one that fixed nothing but sizes in a later year, or dropped
    the cap, would move the emissions of the kept plan.
    """
    plans = SmallPlans(tmp_path)
    found = tornado.of(plans, ranges.of(plans.case, None, ["finance.carbon_price", "investment.field"]))
    change = {(r["assumption"], r["plan"], r["end"]): r["change_cny"] for r in found.to_dict("records")}
    assert change == {
        ("finance.carbon_price", "fixed", "high"): approx(2.1e6), ("finance.carbon_price", "anew", "high"): approx(2.0e6),
        **{("investment.field", way, "low"): approx(-0.36e6) for way in ("fixed", "anew")},
        **{("investment.field", way, "high"): approx(0.54e6) for way in ("fixed", "anew")},
    }  # fmt: skip
    assert found["assumption"].iloc[0] == "finance.carbon_price"  # the widest first
    moved = {r["plan"]: r["emissions_change_t"] for r in found.to_dict("records") if r["assumption"] == "finance.carbon_price"}
    assert moved == {"fixed": approx(0.0, abs=1e-3), "anew": approx(-2000.0)}
    assert (found["least_cny"] <= found["change_cny"]).all() and (found["change_cny"] <= found["most_cny"]).all()
    results = Results({}, {"tornado": found})
    for language in ("en", "zh"):
        assert len(view.table(results, language)) == len(found)
        assert view.chart(results, language).data
    assert [view.short_of("total.2026 2000 t, physical.2030 14.66 MWh", code) for code in ("en", "zh")] == [
        "total 2026: 2,000 t, physical 2030: 14.7 MWh", "total 2026: 2,000吨，physical 2030: 14.7兆瓦时",
    ]  # fmt: skip
    kept = found["plan"] == "fixed"
    noisy = Results({}, {"tornado": found.assign(emissions_change_t=found["emissions_change_t"].where(~kept, -0.3))})
    told = {language: view.table(noisy, language).iloc[:, 5] for language in ("en", "zh")}
    assert set(told["en"][kept]) == {"0 t CO₂"} and set(told["zh"][kept]) == {"0吨CO₂"}, "three tenths of a tonne beside 2,000 are the solver's"
    assert "−2 kt CO₂" in set(told["en"]) and "−2,000吨CO₂" in set(told["zh"])


def test_what_leaves_no_plan_stands_first_and_is_marked() -> None:
    """A swing of 9 MCNY, and an end at which the kept plan cannot be run: by its missing cost alone that would be the last of all and drawn nowhere."""
    rows = [
        {"assumption": code, "en": code, "zh": code, "unit": "%", "value": value, "plan": "fixed", "end": end, "status": status, "change_cny": change}
        for code, value, end, status, change in (
            ("gas", 80.0, "low", "optimal", -9e6), ("gas", 120.0, "high", "optimal", 8e6), ("saving", 80.0, "low", "infeasible", None), ("saving", 110.0, "high", "optimal", -1e6),
        )
    ]  # fmt: skip
    frame = tornado.ordered(pd.DataFrame(rows, columns=tornado.COLUMNS))
    assert list(frame["assumption"]) == ["saving", "saving", "gas", "gas"]
    marked = view.chart(Results({}, {"tornado": frame}), "en").data[-1]
    assert marked.name == "cannot be run · plan kept" and [*zip(marked.y, marked.x, strict=True)] == [("saving", approx(-9.0))]


@pytest.mark.full
def test_a_kept_plan_tells_what_it_misses(tmp_path: Path) -> None:
    """Proves: where the field gives way to nothing and the cap falls to 12,000 t, the kept plan stays at 14,000 t: 2,000 t are missed, 5,000 CNY each."""
    plans = SmallPlans(tmp_path)
    [(record, _)] = plans.ask(plans.fixed(plans.base()), [(("caps.total.2026.share", "0.6"),)])
    assert tornado.missed(record) == "total.2026 2000 t"
    assert record["over_cny"] == approx(1e7)
    assert record["objective_cny"] == approx(4.6e6 + 1e7)


@pytest.mark.parametrize("name", ["battery", "steel"])
def test_every_range_can_be_asked_of_the_case(name: str) -> None:
    """Proves: both ends of every range are changes that the case knows, low < base or base < high, and ranges follow the confidence of the number."""
    read = case.read(name)
    found = ranges.of(read)
    for a in found:
        assert a.low <= a.base <= a.high and a.low < a.high, a.code
        assert a.trust and a.source, a.code
    case.read(name, [c for a in found for c in a.changes(a.high)])
    of = {a.code: a for a in found}
    assert (of["investment.pv_rooftop"].low, of["investment.pv_rooftop"].high) == approx((89.3, 125.0))  # a rule that names it
    assert (of["investment.led_lighting"].low, of["investment.led_lighting"].high) == approx((65.0, 160.0))  # an estimate
    assert {a.kind for a in found} >= {"investment", "saving", "market_price", "electricity_price", "output", "grid_outlook", "discount_rate"}


def test_own_ranges_go_first_and_are_checked(tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text("kind,how,low,high,source,confidence\ncarbon_price,to,50,200,own_estimate,estimate\n", encoding="utf-8")
    [carbon] = ranges.of(case.read("battery"), own, ["finance.carbon_price"])
    assert (carbon.low, carbon.high) == (50.0, 200.0)
    own.write_text("kind,how,low,high,source,confidence\ncarbon_price,to,200,50,own_estimate,estimate\nluck,to,0,1,x,estimate\n", encoding="utf-8")
    with pytest.raises(CaseError) as refused:
        ranges.of(case.read("battery"), own)
    assert "not below" in str(refused.value) and "luck" in str(refused.value)
    with pytest.raises(CaseError, match="no assumption"):
        ranges.of(case.read("battery"), None, ["nothing.*"])


def test_figures_have_the_digits_they_deserve() -> None:
    """Proves: 12.7 to 16.4 is said as 13-16; a narrow interval keeps the digits that tell its ends apart."""
    assert span(12.7, 16.4, "CNY/kg", "en") == "13–16 CNY/kg"
    assert span(1.24e9, 1.25e9, "money", "en") == "1.240–1.250 bn CNY"
    assert span(-8.1, -6.9, "t", "en") == "−8.1 … −6.9 t"
    assert span(5.0, 5.0, "t", "en") == "5 t" and span(None, 1.0, "t", "en") == "–"
