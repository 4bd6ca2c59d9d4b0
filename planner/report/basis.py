"""Basis 依据: what the plan rests on and asks for - decisions, risks, residual, evidence, assumptions with sources, proof."""

import pandas as pd

from planner.language import fmt, say, translated
from planner.report.chapters import section, table
from planner.report.material import Material
from planner.report.parts import Section, Table
from planner.views import names

EVIDENCE = ("bills", "meters", "verification", "balance", "projects", "green", "products", "offsets")
MISSING = "–"


def of(m: Material, language: str) -> list[Section]:
    """The chapters after the plan itself."""
    return [decisions(m, language), risks(m, language), targets(m, language), residual(m, language), evidence(m, language), assumptions(m, language)]


def decisions(m: Material, language: str) -> Section:
    """What to approve now, what to decide later and on which trigger, and what the plan rejects."""
    now = int(m.plant.decide_from)
    comma = say("list.and", language)
    caps = m.results["caps"].groupby("year")["limit"].first()
    rows = []
    for p in m.projects.to_dict("records"):
        if p["action"] == "committed":
            continue
        money = fmt(p["investment_cny"], "money", language)
        if p["start"] <= now:
            rows.append(("now", p[language], money, say("report.trigger.now", language, year=p["finish"])))
        elif p["action"] == "renew":
            rows.append(("later", p[language], money, say("report.trigger.renew", language, end=p["start"])))
        else:
            limit = fmt(caps.get(p["finish"]), "emissions", language)
            rows.append(("later", p[language], money, say("report.trigger.later", language, start=p["start"], finish=p["finish"], limit=limit)))
    order = {"now": 0, "later": 1}
    rows.sort(key=lambda row: order[row[0]])
    rejected = [(say("report.reject", language), m.case.label(a, language), MISSING, say("report.trigger.reject", language)) for a in m.rejected]
    said = [(say(f"report.{kind}", language), *rest) for kind, *rest in rows]
    start = m.projects[(m.projects["start"] <= now) & (m.projects["action"] != "committed")]
    later = m.projects[(m.projects["start"] > now) & (m.projects["action"] != "committed")]
    sentences = [
        say("report.decisions.now", language, number=len(start), money=fmt(float(start["investment_cny"].sum()), "money", language)),
        say("report.decisions.later", language, number=len(later), money=fmt(float(later["investment_cny"].sum()), "money", language)),
        say("report.decisions.reject", language, number=len(rejected), names=comma.join(m.case.label(a, language) for a in m.rejected) or MISSING),
    ]
    return section(
        "decisions", language, sentences, [], [table("decisions", language, [*said, *rejected], ("decision", "project", "money", "trigger"))]
    )


def risks(m: Material, language: str) -> Section:
    """What could make the plan wrong, each from the run itself."""
    s = m.results.summary
    found = [("estimates", {"share": fmt(s["estimated_share"], "share", language)}), ("gap", {"money": fmt(s["gap_cny"], "money", language)})]
    caps = m.results["caps"]
    slack = {r["year"]: 1 - r["value"] / r["limit"] for r in caps.to_dict("records") if r["limit"]}
    if slack and (tight := min(slack, key=lambda y: slack[y])) and slack[tight] < 0.05:
        found.append(("tight", {"year": tight, "share": fmt(max(slack[tight], 0.0), "share", language)}))
    largest = m.projects.sort_values("investment_cny", ascending=False).head(3)
    if len(largest):
        share = float(largest["investment_cny"].sum()) / max(float(m.projects["investment_cny"].sum()), 1.0)
        found.append(("large", {"names": say("list.and", language).join(largest[language]), "share": fmt(share, "share", language)}))
    factors = {(v, y): value for v, y, value, _ in m.factor_rows()}
    fall = 1 - factors["location", m.last] / factors["location", m.first]
    grid = float(m.electricity["grid"][m.last])
    found.append(
        (
            "grid",
            {
                "fall": fmt(fall, "share", language),
                "t": fmt(grid * (factors["location", m.first] - factors["location", m.last]), "emissions", language),
                "last": str(m.last),
            },
        )
    )
    if "holds" not in s:
        found.append(("check", {}))
    rows = [
        (say(f"report.risk.{k}.name", language), say(f"report.risk.{k}", language, **v), say(f"report.risk.{k}.answer", language)) for k, v in found
    ]
    rows += [(say("report.risk.data", language), translated(str(n), language), say("report.risk.data.answer", language)) for n in s["notes"]]
    return section("risks", language, [], [], [table("risks", language, rows, ("risk", "what", "answer"))])


def targets(m: Material, language: str) -> Section:
    """Base year and yearly targets."""
    base = m.results.summary.get("base_emissions_t")
    caps = m.results["caps"]
    rows = []
    for y in m.years:
        here = caps[caps["year"] == y]
        limit = float(here["limit"].iloc[0]) if len(here) else None
        per = m.total(y) / m.product[y] if m.product[y] else None
        rows.append((
            y, round(limit) if limit is not None else None, round(m.total(y)), f"{1 - m.total(y) / base:.1%}" if base else MISSING, round(m.total(y, "market")),
            round(float(m.coal_equivalent[y])), round(per, 4) if per is not None else None, round(float(m.coal_equivalent[y]) / m.product[y], 4) if m.product[y] else None,
        ))  # fmt: skip
    unit = m.case["product.unit"] or MISSING
    said = say("report.targets.base", language, year=m.case.settings.get("base_year.year") or MISSING, t=fmt(base, "emissions", language))
    scope = say("report.targets.scope", language)
    product = names.name(m.results, str(m.case["product.carrier"]), language)
    made = say("report.targets.product", language, product=product, amount=f"{m.product[m.last]:,.0f}", unit=unit)
    heads = ("year", "limit", "planned", "cut", "planned_market", "tce_total", "per_product", "tce_product")
    return section("targets", language, [said, made, scope], [], [table("targets", language, rows, heads)])


def residual(m: Material, language: str) -> Section:
    """What is left in the last year, where it comes from, and what offsetting it would ask for."""
    sources = m.results["sources"]
    last = sources[sources["year"] == m.last].groupby("asset")["t"].sum().sort_values(ascending=False)
    rows = [(names.name(m.results, str(a), language), round(float(t)), f"{t / m.total(m.last):.1%}") for a, t in last.head(8).items() if t > 1]
    scopes = m.results["emissions"]
    bought = scopes[(scopes["year"] == m.last) & (scopes["scope"] == "purchased electricity") & (scopes["view"] == "location")]["t"].sum()
    if bought > 1:
        rows.append((say("report.residual.power", language), round(float(bought)), f"{bought / m.total(m.last):.1%}"))
    left = fmt(m.total(m.last), "emissions", language)
    plan = offset_plan(m, language)
    sentences = [
        say("report.residual.left", language, year=m.last, t=left),
        say("offsets.title" if plan else "report.residual.offset", language, year=m.last, t=left),
        say("report.residual.order", language),
    ]
    return section("residual", language, sentences, [], [table("residual", language, rows, ("source_of", "tonnes_last", "share")), *plan])


def offset_plan(m: Material, language: str) -> list[Table]:
    """What is offset in each year behind the plant's own reduction, and by which credits; nothing where the case lists none."""
    years, bought = m.results.tables.get("offset_years"), m.results.tables.get("offsets")
    if years is None or bought is None or not len(years):
        return []
    by_year = [
        (
            int(r["year"]), round(float(r["left_t"])), f"{float(r['own_share']):.1%}", f"{float(r['floor']):.1%}", round(float(r["limit_t"])),
            round(float(r["offset_t"])), round(float(r["remains_t"])), round(float(r["cny"]) / 1e4, 1),
        )
        for r in years.to_dict("records")
    ]  # fmt: skip
    heads = ("left", "own", "floor", "limit", "offset", "remains")
    first = pd.DataFrame(
        by_year, columns=[say("report.head.year", language), *(say(f"offsets.{h}", language) for h in heads), say("report.head.offset_wan", language)]
    )
    kinds = [
        (
            int(r["year"]), str(r["offset"]), say(f"status.{r['status']}", language), round(float(r["t"])), round(float(r["price"]), 2),
            round(float(r["cny"]) / 1e4, 1),
        )
        for r in bought.to_dict("records") if float(r["t"]) > 0
    ]  # fmt: skip
    second = table("offset_kinds", language, kinds, ("year", "credit", "status", "tonnes", "credit_price", "offset_wan"))
    return [Table(say("report.offset_years", language), first), *([second] if kinds else [])]


def evidence(m: Material, language: str) -> Section:
    """What an assessor asks to see."""
    rows = [(n, say(f"report.evidence.{k}", language), say(f"report.evidence.{k}.for", language)) for n, k in enumerate(EVIDENCE, start=1)]
    return section(
        "evidence", language, [say("report.evidence.note", language)], [], [table("evidence", language, rows, ("number", "document", "for"))]
    )


def assumptions(m: Material, language: str) -> Section:
    """What was assumed: the frame, factors, prices and investments, each with source and confidence; then the sources."""
    s, case = m.results.summary, m.case
    used: list[str] = []

    def cited(source: object, confidence: object) -> tuple[str, str]:
        if source and str(source) not in used:
            used.append(str(source))
        return str(source or MISSING), say(f"report.confidence.{confidence}", language) if confidence else MISSING

    own = ("case.toml", MISSING)
    province = case.by_name["provinces"].get(case["site.province"], {})
    rows: list[tuple[object, ...]] = [
        (say("report.assume.rate", language), fmt(s["discount_rate_real"], "share", language), *own),
        (say("report.assume.money", language), say("report.assume.money.value", language, year=int(case["finance.base_year"])), *own),
        (say("report.assume.end", language), say(f"report.assume.end.{case['finance.end_of_horizon']}", language), *own),
        (say("report.assume.site", language), f"{province.get(language) or case['site.province']} · {case['site.voltage']}", *own),
        (say("report.assume.carbon", language), fmt(case["finance.carbon_price"], "unit_cost", language), *own),
    ]
    for view, year, value, row in m.factor_rows():
        rows.append(
            (
                say("report.assume.factor", language, view=say(f"view.{view}", language), year=year),
                f"{value:.4f} t/MWh",
                *(cited(row["source"], row["confidence"]) if row else own),
            )
        )
    for market, unit, first, last, row in m.prices():
        text = f"{first:,.4g}" if abs(first - last) < 1e-9 * max(abs(first), 1) else f"{first:,.4g} → {last:,.4g}"
        rows.append(
            (
                say("report.assume.price", language, name=names.name(m.results, market, language)),
                f"{text} CNY/{unit}",
                *cited(row["source"], row["confidence"]),
            )
        )
    for asset, row in m.investments():
        label = say("report.assume.investment", language, name=names.name(m.results, asset, language))
        rows.append((label, f"{row['value']:,.12g} {row['unit'] or ''}", *cited(row.get("source"), row.get("confidence"))))
    known = case.by_name["sources"]
    listed = [
        (n, known[n]["title"], known[n]["publisher"] or MISSING, known[n]["year"] or MISSING, known[n]["url"] or MISSING) for n in used if n in known
    ]
    sentences = [
        say("report.assumptions.tax", language), say("report.estimates.value", language, share=fmt(s["estimated_share"], "share", language)),
        *(say("report.assumptions.changed", language, change=c) for c in s["changes"]),
    ]  # fmt: skip
    tables = [
        table("assumptions", language, rows, ("what", "value", "source", "confidence")),
        table("sources", language, listed, ("source", "title", "publisher", "year", "url")),
    ]
    return section("assumptions", language, sentences, [], tables)
