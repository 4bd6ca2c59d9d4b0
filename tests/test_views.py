"""Views: what a reader sees, asserted as values, on results written by hand."""

import json
import re

import pandas as pd
import pytest
from plotly.graph_objects import Figure
from results_by_hand import YEARS, by_hand, points_by_hand

from planner.language import LANGUAGES, say
from planner.results import Results
from planner.views import VIEWS, alternatives, change, costs, emissions, front, headline, macc, power, reduction, roadmap, studies, theme, whole_year
from planner.views.names import kind, name, short, unit, width

BOTH = pytest.mark.parametrize("code", LANGUAGES)


# -- the headline ------------------------------------------------------------------------------------------------


def test_the_headline_says_what_is_reached_and_what_it_costs() -> None:
    sentence = headline.sentence(by_hand(), "en")
    assert (
        "By 2030 the factory emits 40% less" in sentence and "600 kt CO₂/yr" in sentence and "1.2 bn CNY" in sentence and "500 M CNY less" in sentence
    )
    assert (
        headline.sentence(by_hand(), "zh")
        == "到2030年，工厂排放比维持现状低40%，降至60万吨CO₂/年。为此投资12.00亿元，2026–2030年总成本仍比维持现状低5.00亿元。"
    )
    assert "200 M CNY more" in headline.sentence(by_hand(objective_cny=10.2e9), "en")
    assert "emits 10% more" in headline.sentence(by_hand(emissions_last_t=1.1e6), "en")


def test_the_four_numbers_stand_beside_what_they_are_measured_against() -> None:
    extra, cut, investment, gap = headline.numbers(by_hand(), "en")
    assert (extra.value, extra.note) == ("−500 M CNY", "−5% of the bill of 10 bn CNY")
    assert (cut.value, cut.note) == ("400 kt CO₂/yr", "−40% against running as today, −42.9% against the base year")
    assert (investment.value, investment.note) == ("1.2 bn CNY", "25% of it rests on estimates")
    assert (gap.value, gap.note) == ("0.4%", "a better plan saves at most 4 M CNY")
    assert [n.value for n in headline.numbers(by_hand(), "zh")] == ["−5.00亿元", "40万吨CO₂/年", "12.00亿元", "0.4%"]
    assert "base year" not in headline.numbers(by_hand(base_emissions_t=None), "en")[1].note


# -- the charts --------------------------------------------------------------------------------------------------


def traces(figure: Figure) -> dict[str, list[float]]:
    return {t.name: [float(v) for v in t.y] for t in figure.data if t.y is not None and len(t.y) and t.y[0] is not None}


def test_emissions_stack_to_what_is_left_and_the_wedge_reaches_up_to_today() -> None:
    figure = emissions.chart(by_hand(), "en")
    shown = traces(figure)
    assert shown["Direct"] == [900, 900, 800, 700, 550] and shown["Purchased power"] == [50] * 5
    assert shown["Avoided"] == [50, 50, 150, 250, 400], "as today less direct less power"
    assert shown["Cap"] == [1000, 900, 800, 700, 600] and shown["As today"] == [1000] * 5
    assert "Bought goods" not in shown, "a scope that is nothing is not drawn"
    said = [a.text for a in figure.layout.annotations]
    assert "kt CO₂/yr" in said and "<b>950</b>" in said and "<b>600</b>" in said and "Cap" in said and "Avoided 400" in said
    assert traces(emissions.chart(by_hand(), "zh"))["直接排放"] == [90, 90, 80, 70, 55]
    table = emissions.table(by_hand(), "en")
    assert list(table["Total (kt CO₂/yr)"]) == [950, 950, 850, 750, 600] and list(table["Year"]) == list(YEARS)


def test_emissions_follow_the_view_of_the_cap_and_live_without_cap() -> None:
    market = by_hand()
    market.tables["caps"]["view"] = "market"
    assert traces(emissions.chart(market, "en"))["Purchased power"] == [60] * 5
    free = by_hand()
    free.tables["caps"].drop(index=free.tables["caps"].index, inplace=True)
    assert set(traces(emissions.chart(free, "en", before=by_hand()))) == {"Direct", "Purchased power", "Avoided", "As today", "Plan before"}


def test_a_tighter_cap_costs_its_last_tonne_at_fixed_decisions_and_says_so() -> None:
    """5 % of 600 kt are 30 kt; at 400 CNY/t they cost 12 M CNY a year."""
    results = by_hand()
    del results.tables["prices"]
    assert headline.tighter(results, "en") == "A cap 5% tighter in 2030 costs nothing: the plan already stays below it.", "1 t counted, far below"
    last = results["caps"]["year"] == 2030
    results["caps"].loc[last, ["value", "shadow_price"]] = [6e5, 400.0]
    assert "(30 kt CO₂/yr less) costs about 12 M CNY/yr: 400 CNY/t CO₂, the price of the last tonne at fixed decisions" in headline.tighter(
        results, "en"
    )
    assert "减3万吨CO₂/年" in headline.tighter(results, "zh") and "1,200万元/年" in headline.tighter(results, "zh")
    results["caps"].loc[last, "shadow_price"] = 0.0
    assert "only a new plan can tell" in headline.tighter(results, "en"), "it binds and has no price"


def test_a_tighter_cap_costs_what_a_new_plan_says_where_there_is_one() -> None:
    """30 kt at 300 CNY/t are 9 M CNY a year, though the last tonne costs 400 at fixed decisions; the proven interval stands with it."""
    results = by_hand()
    results["caps"].loc[results["caps"]["year"] == 2030, ["value", "shadow_price"]] = [6e5, 400.0]
    again = {
        "kind": "cap",
        "name": results["caps"]["name"].iloc[0],
        "year": 2030,
        "replanned_5_low": 250.0,
        "replanned_5_found": 300.0,
        "replanned_5_high": 320.0,
    }
    results.tables["prices"] = pd.DataFrame([again, again | {"year": 2029, "replanned_5_found": 1.0}])
    said = headline.tighter(results, "en")
    assert "about 9 M CNY/yr with all planned again: 300 CNY/t CO₂, proven to lie between 250 CNY/t CO₂ and 320 CNY/t CO₂" in said
    assert "900万元/年" in headline.tighter(results, "zh")
    results.tables["prices"].loc[0, "replanned_5_found"] = float("nan")
    assert "at fixed decisions" in headline.tighter(results, "en"), "nobody has planned it"


def test_a_change_names_what_entered_left_moved_and_retires_otherwise() -> None:
    before, after = by_hand(), by_hand(objective_cny=9.4e9, emissions_last_t=7e5, gap_cny=1e6)
    road = after["roadmap"]
    road.loc[road["asset"] == "roof_pv", ["asset", "en", "zh"]] = ["ground_pv", "Ground PV", "地面光伏"]
    road.loc[road["asset"] == "kiln", "size"] = 1_200_000.0
    road.drop(index=road.index[road["action"] == "retire"], inplace=True)
    steps = change.steps(before, after)
    assert [(s.kind, s.asset) for s in steps] == [("entered", "ground_pv"), ("left", "roof_pv"), ("moved", "kiln"), ("stays", "old_kiln")]
    assert steps[2].words("zh") == "新窑：2028年起120万吨/年（原为2028年起240万吨/年）"
    cost, emitted, invested, gap = change.figures(before, after, "en")
    assert (cost.difference, cost.better, emitted.difference, emitted.better) == ("−100 M CNY", True, "+100 kt CO₂/yr", False)
    assert (invested.difference, invested.better, gap.before) == ("0 CNY", None, "0.4%")
    assert list(change.table(before, after, "en")["Change"]) == ["Entered", "Left", "Moved", "No longer retires"]
    road.loc[road["asset"] == "kiln", "size"] = 2_399_000.0
    assert "kiln" not in [s.asset for s in change.steps(before, after)], "the same size within what a plan is known to"


def test_a_difference_within_the_gap_is_not_called_better() -> None:
    """9.5 and 9.497 bn differ by 3 M; the two plans are proven only to 4 M each."""
    cost = change.figures(by_hand(), by_hand(objective_cny=9.497e9), "en")[0]
    assert cost.better is None and "within the proven gap" in cost.note


def test_what_entered_is_marked_on_the_roadmap_and_shown_before_larger_ones() -> None:
    before = by_hand()
    before.tables["roadmap"].drop(index=[1, 2], inplace=True)
    figure = roadmap.chart(by_hand(), "en", before=before)
    assert list(figure.layout.yaxis.ticktext) == ["<b>＋</b> Rooftop PV", "New kiln"]


def test_units_are_words_of_the_language() -> None:
    assert (unit("CNY/(t/a)", "zh"), unit("CNY/(t/a)", "en"), unit("x/kWh", "zh")) == ("元/(吨/年)", "CNY/(t/yr)", "x/千瓦时")


def test_the_roadmap_runs_from_decision_to_service_to_the_end() -> None:
    figure = roadmap.chart(by_hand(), "en")
    bars = {(t.name, t.base[0], t.x[0]) for t in figure.data if t.type == "bar" and t.x[0] is not None}
    assert bars == {("Structure", 2026, 1), ("Structure", 2027, 4), ("Technology", 2026, 2), ("Technology", 2028, 3)}
    assert list(figure.layout.yaxis.ticktext) == ["Rooftop PV", "New kiln"]
    said = [a.text for a in figure.layout.annotations]
    assert "80 MW · 300 M CNY" in said and "2,400 kt/yr · 900 M CNY" in said
    assert [list(t.x) for t in figure.data if t.type == "scatter" and len(t.x)] == [[2029]], "the second roof has a mark"
    table = roadmap.table(by_hand(), "zh")
    assert (
        list(table.columns)[-2:] == ["投资（亿元）", "投资为估算"]
        and list(table["动作"]) == ["新建", "新建", "新建", "退役"]
        and table["规模"].iloc[0] == "240万吨/年"
    )


def test_a_long_roadmap_is_cut_to_the_largest_and_one_line_for_the_rest() -> None:
    results = by_hand()
    row = results["roadmap"].iloc[0]
    many = pd.DataFrame([{**row, "asset": f"a{n}", "en": f"Asset {n}", "investment_cny": 1e6 * (n + 1)} for n in range(30)])
    figure = roadmap.chart(Results(results.summary, {**results.tables, "roadmap": many}), "en")
    assert len(figure.layout.yaxis.ticktext) == roadmap.LINES + 1 and figure.layout.yaxis.ticktext[-1] == "17 smaller ones"
    assert "153 M CNY" in [a.text for a in figure.layout.annotations]
    empty = roadmap.chart(Results(results.summary, {**results.tables, "roadmap": many.iloc[:0]}), "en")
    assert list(empty.layout.yaxis.ticktext) == []


def test_the_charts_of_the_first_screen_are_drawn_once() -> None:
    """What makes a browser draw a chart again: labels to be measured, plotly's template, and arrays that are sent packed."""
    for made in (emissions.chart(by_hand(), "en", before=by_hand()), roadmap.chart(by_hand(), "en", before=by_hand())):
        sent = json.loads(made.to_json())
        assert "template" not in sent["layout"] and sent["layout"]["datarevision"] == 1 and "bdata" not in str(sent)
        assert not sent["layout"]["xaxis"]["automargin"] and not sent["layout"]["yaxis"]["automargin"]


def test_the_room_for_labels_knows_how_wide_characters_are() -> None:
    """By hand, at 12 px: five letters 5 x 0.56 x 12 = 33.6; two Chinese characters and two letters (2 + 2 x 0.56) x 12 = 37.4."""
    assert theme.room(["12345", "宽度ab"]) == 38 > theme.room(["12345"]) == 34 > theme.room([]) == 0


def test_costs_show_the_difference_by_part_and_its_sum() -> None:
    figure = costs.chart(by_hand(), "en")
    shown = {t.name: list(t.y) for t in figure.data}
    assert shown["coal"][2:] == [-300] * 3 and shown["Electricity"][2:] == [-50] * 3, "purchase and demand charge are one"
    assert shown["Investment"][1:3] == [600, 600] and shown["Fixed operation and upkeep"][2:] == [10] * 3
    assert list(shown["Sum"]) == [0, 600, 260, -340, -340] and "idle" not in shown
    assert "M CNY/yr, plan minus as today" in [a.text for a in figure.layout.annotations]
    table = costs.table(by_hand(), "en")
    row = table[(table["Year"] == 2030) & (table["Cost part"] == "coal")].iloc[0]
    assert (row["Plan (M CNY/yr)"], row["As today (M CNY/yr)"], row["Difference (M CNY/yr)"]) == (200, 500, -300)
    assert costs.credited(by_hand(), "en").endswith("400 M CNY in today's money, which the total cost credits.")


def test_the_day_balances_and_stands_for_the_most_days() -> None:
    assert power.usual(by_hand()) == "m01d1" and power.day_label(by_hand(), "m01d1", "zh") == "1月起第1日（代表300天）"
    figure = power.chart(by_hand(), "en")
    assert sum(sum(v) for v in traces(figure).values()) == 0
    assert list(figure.data[0].width) == [8, 16] and list(figure.data[0].x) == [0, 8]
    assert set(traces(figure)) == {"Grid", "Solar", "Storage", "Processes"}, "what does not flow is not drawn"
    table = power.table(by_hand(), "zh", 2026, "m07d1")
    assert list(table["时长（小时）"]) == [24] and table["屋顶光伏 (MW)"].iloc[0] == 20


@BOTH
@pytest.mark.parametrize("dark", [False, True])
def test_every_view_speaks_both_languages_on_both_papers(code: str, dark: bool) -> None:
    palette = {
        c.lower()
        for c in (
            *theme.LIGHT.values(),
            *theme.DARK.values(),
            *theme.TEXT.values(),
            *theme.PAPER.values(),
            *theme.INK.values(),
            *theme.FAINT.values(),
            *theme.LIMIT.values(),
        )
    }
    for view in VIEWS:
        figure, table = view.chart(by_hand(), code, dark), view.table(by_hand(), code)
        assert len(figure.data) and len(table) and all(say(k, code) for k in (view.TITLE, view.QUESTION, view.SOURCE))
        words = " ".join([*table.columns, *(str(a.text) for a in figure.layout.annotations), *(t.name or "" for t in figure.data)])
        assert bool(re.search("[一-鿿]", words)) == (code == "zh")
        colours = {c.lower() for c in re.findall(r'"(?:color|fgcolor)":\s*"(#\w{6})"', figure.to_json())} - {c.lower() for c in theme.LINE.values()}
        own = {c.lower() for c in re.findall("#\\w{6}", figure.layout.template.to_plotly_json().__repr__())}
        assert colours - own <= palette


def test_measures_stand_side_by_side_in_the_order_of_their_price() -> None:
    """The kiln saves 800 kt alone and 1 Mt left out; the roof, last, saves nothing and has no bar there."""
    figure = macc.chart(by_hand(), "en")
    bars = {(bar.name, bar.xaxis): (list(bar.x), list(bar.y), list(bar.width)) for bar in figure.data}
    assert bars == {
        ("Structure", "x"): ([50.0], [-100.0], [100.0]), ("Technology", "x"): ([500.0], [250.0], [800.0]), ("Technology", "x2"): ([500.0], [300.0], [1000.0]),
    }  # fmt: skip
    table = macc.table(by_hand(), "en")
    assert list(table["Measure"]) == ["New kiln", "Rooftop PV"] and list(table["Left out: CNY per t"]) == ["300", "saves no emissions"]


def test_ranges_of_plans_nearly_as_good_are_shares_of_the_largest_size() -> None:
    """The roof is open from nothing to all of it, the kiln from 2.4 to 3 Mt of 4.8; what is not open is not drawn, but stands in the table."""
    figure = alternatives.chart(by_hand(), "en")
    bar = next(b for b in figure.data if b.name == say("near.bar", "en"))
    assert list(bar.y) == ["New kiln", "Rooftop PV"] and list(bar.base) == [0.5, 0.0] and list(bar.x) == [0.125, 1.0]
    marks = {t.name: list(t.x) for t in figure.data if t.type == "scatter"}
    assert marks == {"best plan": [0.5, 1.0], "alternative 1": [0.625, 0.0]}
    table = alternatives.table(by_hand(), "en")
    assert list(table.iloc[1, :3]) == ["Costs more, of what is decided", "0%", "1.5%"] and list(table.iloc[5, 1:4]) == ["80 MW", "0 MW", "0 MW"]
    assert alternatives.plans(by_hand(), "en") == [("alternative 1 · +15 M CNY", "alternatives/1")]
    assert [folder for _, folder in front.plans(by_hand(), "en")] == ["points/a", "points/b"]


def test_a_grid_is_two_heat_maps_and_samples_are_clouds() -> None:
    """Of the study the grid of 2 x 3 has the most points: cost 9.2 to 9.7 bn, nothing where there is no plan. Without it the price is a cloud."""
    figure = studies.chart(by_hand(), "en")
    cost = next(t for t in figure.data if t.type == "heatmap")
    assert list(cost.x) == ["0", "50", "100"] and list(cost.y) == ["0.4", "0.5"]
    assert [round(float(v), 3) for v in cost.z[1]] == [9.5, 9.6, 9.7] and pd.isna(cost.z[0][2])
    frame = points_by_hand()
    loose = Results({}, {"points": frame[frame["caps.total.2030"].isna()]})
    cloud = studies.chart(loose, "zh").data
    assert [t.type for t in cloud] == ["scatter", "scatter"] and list(cloud[0].x) == [300, 10, 20, 30]
    named = Results({}, {"points": frame.iloc[:2]})
    assert [t.type for t in studies.chart(named, "en").data] == ["bar", "bar"]
    assert list(studies.table(by_hand(), "zh")["结果"]).count("无可行方案") == 1


@BOTH
def test_wedges_add_up_in_the_table_and_stack_by_lever(code: str) -> None:
    """From 1 Mt: grid -100 kt, kiln -250, roof -30, meter -10 and 10 of running more leave 620 kt; below the line 20 kt of certificates."""
    parts = [("base", "", "", 1e6), ("grid", "", "", -1e5), ("running", "", "", 1e4), ("measure", "roof_pv", "structure", -3e4), ("measure", "kiln", "technology", -2.5e5),
             ("measure", "meter", "", -1e4), ("left", "", "", 6.2e5), ("instruments", "", "", -2e4)]  # fmt: skip
    rows = [(y, p, i, i, i, lever, t, 2025, 0.58, 2023, "x") for y in YEARS for p, i, lever, t in parts]
    results = by_hand()
    columns = ["year", "part", "item", "en", "zh", "lever", "t", "base_year", "factor", "factor_year", "factor_source"]
    shown = Results(results.summary, {**results.tables, "wedges": pd.DataFrame(rows, columns=columns)})
    table = reduction.table(shown, code)
    first = table.iloc[:, 0].tolist()
    assert "2025" in first[0] and "0.5800" in first[0] and "2023" in first[0], "base year and factor vintage are printed"
    sums = table.iloc[:, -1]
    assert sums.iloc[:6].sum() == pytest.approx(sums.iloc[6]) and [n for n in first if "kiln" in n or "roof" in n] == first[3:5]
    heights = {bar.name: bar.y[-1] for bar in reduction.chart(shown, code).data if bar.type == "bar"}
    per = 1e4 if code == "zh" else 1e3
    assert heights[say("lever.technology", code)] * per == pytest.approx(2.5e5) and heights[say("reduction.running", code)] * per == pytest.approx(
        -1e4
    )


@BOTH
def test_the_whole_year_stands_beside_the_plan(code: str) -> None:
    """Cost 1 % up; emissions 203.5 against 200 in the location view, 1.75 %; the highest peak of any month 14 %; one cap is not held."""
    figure = whole_year.chart(by_hand(), code)
    bars = [[round(float(v), 9) for v in bar.y] for bar in figure.data]
    assert bars == [[1.0] * 5, [1.75] * 5, [14.0] * 5]
    assert say("whole_year.not", code, synthetic=whole_year.synthetic(by_hand(), code)) in figure.layout.annotations[-1].text
    held = whole_year.table(by_hand(), code).iloc[:, -1].tolist()
    assert (held.count(say("no", code)), held.count(say("yes", code))) == (1, 9)


@BOTH
def test_a_plan_that_was_not_run_on_all_hours_says_so(code: str) -> None:
    results = by_hand()
    bare = Results(results.summary, {k: v for k, v in results.tables.items() if k not in ("whole_year", "peaks")})
    assert whole_year.chart(bare, code).layout.annotations[-1].text == say("whole_year.none", code)
    assert whole_year.table(bare, code).empty


def test_names_come_from_the_run_then_the_roadmap_then_the_catalogue() -> None:
    results = by_hand()
    labels = pd.DataFrame([("coal", "Coking coal", "焦煤")], columns=["name", "en", "zh"])
    named = Results(results.summary, {**results.tables, "labels": labels})
    assert [name(named, c, "zh") for c in ("coal", "kiln", "grid", "x_y")] == ["焦煤", "新窑", "电网购电", "x y"]
    kinds = {"pv_roof": "solar", "direct_pv": "solar", "site_wind": "wind", "battery_2h": "storage", "hydrogen_tank": "storage", "cold_store": "storage",
             "electrolyser": "hydrogen", "chillers_high": "cold", "heat_pump_high": "heat", "grid": "grid", "power_export": "export", "kiln": "other"}  # fmt: skip
    assert {c: kind(c) for c in kinds} == kinds
    assert short("新建球团工厂", 6) == "新建…" and width("新a") == 3 and short("abc", 3) == "abc"


@BOTH
def test_a_share_of_power_is_not_told_in_tonnes(code: str) -> None:
    """Proves: what is missing to a share of power is an amount of power. Every cap in tonnes of CO2 would be wrong by name and unit."""
    row = {"quantity": "cap", "unit": "MWh", "planned": -2000.0}
    assert "CO" not in (said := whole_year.amount(row, "planned", code)) and "Wh" in said
    assert "CO" in whole_year.amount(row | {"unit": "t"}, "planned", code)
