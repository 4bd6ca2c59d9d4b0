"""Choices 选择: what each further cut costs, which plans are nearly as good, and the plans this one stands beside.

Fronts and alternatives are studies of their own: a run that holds none says which command makes them.
"""

import pandas as pd

from planner.language import fmt, say, scale
from planner.report.chapters import section, table
from planner.report.material import Material
from planner.report.parts import Chart, Section, Series, Table
from planner.views import alternatives as near_plans
from planner.views import front as fronts
from planner.views import names, theme
from planner.views.missing import absent


def of(m: Material, language: str) -> list[Section]:
    """The chapters of this file."""
    return [depth(m, language), alternatives(m, language), near(m, language)]


def depth(m: Material, language: str) -> Section:
    """What it costs to go from no cap to the lowest that can be reached, plan by plan; each cut is of the base year."""
    frame = m.results.tables.get("front")
    told = fronts.table(m.results, language)
    if frame is None:
        return section("depth", language, [absent(told, language)])
    numbers = frame[["emissions_t", "extra_cny", "step_found"]].apply(pd.to_numeric, errors="coerce")
    year, base = int(frame["year"].iloc[0]), float(m.case.settings.get("base_year.emissions") or m.results.summary["emissions_frozen_t"])
    cuts = [1 - float(t) / base for t in numbers["emissions_t"]]
    labels = tuple(f"{-c:.0%}" if len({f"{c:.0%}" for c in cuts}) == len(cuts) else f"{-c:.1%}" for c in cuts)
    unit, each = scale([numbers["extra_cny"].abs().max()], "money", language), names.unit("CNY/(t/a)", language)
    extra = tuple(round(float(v) / unit.per, 4) for v in numbers["extra_cny"])
    steps = tuple(None if pd.isna(v) else round(float(v), 1) for v in numbers["step_found"])
    charts = []
    for key, of_unit, values, colour in (("extra", unit.unit, extra, "electricity"), ("step", each, steps, "heat")):
        title = say(f"report.depth.{key}", language, year=year)
        charts.append(Chart("stacked", title, of_unit, labels, (Series(say("front.plans", language), values, theme.colour(colour, False)),)))
    reached = say(
        "report.depth.reached", language, number=len(cuts), year=year, cut=fmt(cuts[-1], "share", language), left=fmt(float(numbers["emissions_t"].iloc[-1]), "emissions", language),
        money=fmt(float(numbers["extra_cny"].iloc[-1]), "money", language),
    )  # fmt: skip
    kept = told.drop(columns=[say("front.folder", language)])
    return section("depth", language, [reached, say("front.note", language)], charts, [Table(say("front.title", language), kept)])


def alternatives(m: Material, language: str) -> Section:
    """Operation as today, the cheapest plan without caps, this plan, and the plans between them that the run holds (its front)."""
    s = m.results.summary
    free = m.results.tables.get("worth")
    more = free[free["reference"] == "free"]["invested_cny"] if free is not None else pd.Series(dtype=float)
    invested = float(s["investment_cny"])
    said: list[tuple[str, float, float | None, float | None]] = [
        (say("report.way.frozen", language), s["frozen_cny"], 0.0, m.total(m.last, "location", "frozen_emissions")),
        (say("report.way.free", language), s["free_cny"], invested - float(more.iloc[0]) if len(more) else None, s.get("emissions_free_t")),
        (say("report.way.plan", language), s["objective_cny"], invested, m.total(m.last)),
    ]
    front = m.results.tables.get("front")
    if front is not None:
        numbers = front[["limit_t", "cost_cny", "emissions_t"]].apply(pd.to_numeric, errors="coerce").dropna()
        name, year = str(front["cap"].iloc[0]), int(front["year"].iloc[0])
        for limit, cost, t in numbers.to_numpy().tolist():
            said.append((say("report.way.front", language, cap=name, year=year, limit=fmt(limit, "emissions", language)), cost, None, t))
    unit = scale([s["frozen_cny"]], "money", language)
    unknown = say("report.not_kept", language)
    rows = [
        (
            way, unit.text(cny), fmt(cny - s["frozen_cny"], "money_change", language), unknown if money is None else fmt(money, "money", language),
            unknown if t is None else fmt(t, "emissions", language),
        )
        for way, cny, money, t in said
    ]  # fmt: skip
    sentences = [
        say("report.alternatives.caps_cost", language, money=fmt(s["objective_cny"] - s["free_cny"], "money", language), first=m.first, last=m.last)
    ]
    if front is None:
        sentences.append(say("report.alternatives.more", language, case=m.case.name))
    if how := absent(near_plans.table(m.results, language), language):
        sentences.append(say("report.studies.waiting", language, title=say("near.title", language), how=how))
    return section("alternatives", language, sentences, [], [table("alternatives", language, rows, ("way", "cost", "against", "money", "left"))])


def near(m: Material, language: str) -> Section:
    """Plans nearly as good that differ most, and the least and the most of each thing in such plans."""
    told, plans = near_plans.table(m.results, language), m.results.tables.get("alternatives")
    if (how := absent(told, language)) or plans is None:
        return section("near", language, [how])
    first = plans.iloc[0]
    within = say(
        "near.plans", language, within=fmt(float(first["within"]), "share", language), decided=fmt(float(first["decided_cny"]), "money", language),
        limit=fmt(float(first["limit_cny"]), "money", language),
    )  # fmt: skip
    return section("near", language, [within, say("near.note", language)], [], [Table(say("near.title", language), told)])
