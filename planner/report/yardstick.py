"""Yardstick 对标: the plan beside what is asked or paid elsewhere - per value added, national levels of process energy, premiums."""

from planner.dictionary import DATA
from planner.language import fmt, say
from planner.premium import break_even, stated
from planner.process_energy import process_energy, reached
from planner.report.chapters import section, table
from planner.report.material import Material
from planner.report.parts import Section, Table
from planner.tables import read_table
from planner.views import names

WAN = 1e4


def of(m: Material, language: str) -> list[Section]:
    """The chapters of this file."""
    return [intensity(m, language), premium(m, language)]


def intensity(m: Material, language: str) -> Section:
    """Energy and CO2 per 10,000 CNY of value added by year, and process energy against the national levels."""
    worth = m.value_added
    tables: list[Table] = []
    if worth is None:
        sentences = [say("report.targets.value_added", language)]
    else:
        sentences = [
            say("report.intensity.value", language, worth=fmt(worth[m.last], "money", language), per=f"{float(m.case['product.value_added']):,.0f}",
                unit=m.case["product.unit"]),
        ]  # fmt: skip
        rows: list[tuple[object, ...]] = []
        base, base_worth = m.results.summary.get("base_emissions_t"), m.case.settings.get("base_year.value_added")
        before = float(base) / float(base_worth) * WAN if base and base_worth else None
        if before is not None:
            rows.append((m.case.settings.get("base_year.year"), round(float(base_worth) / WAN), None, None, round(before, 3), None))  # type: ignore[arg-type]
        for y in m.years:
            ten = worth[y] / WAN
            co2 = m.total(y) / ten
            tce = (float(m.coal_equivalent[y]) / ten, float(m.coal_equivalent_grid[y]) / ten)
            rows.append((y, round(ten), round(tce[0], 3), round(tce[1], 3), round(co2, 3), f"{1 - co2 / before:.1%}" if before else "–"))
        tables.append(table("intensity", language, rows, ("year", "value_added", "tce_wan", "tce_wan_equivalent", "t_wan", "cut")))
    processes = process_energy(m.results["balance"], m.plant, m.energy_content)
    if len(processes):
        label = {r["technology"]: r[language] or r["technology"] for r in m.case.tables["technologies"]}
        rows = []
        for _, of in processes.groupby("technology", sort=False):
            steps = of.sort_values("year")
            first, last = steps.iloc[0], steps.iloc[-1]
            levels = {k: float(last[k]) for k in ("level_1", "level_2", "level_3")}
            rows.append((
                label[str(last["technology"])], names.name(m.results, str(last["carrier"]), language), str(last["unit"]), round(float(first["per_unit"]), 1),
                round(float(last["per_unit"]), 1), *levels.values(), say(f"report.{reached(float(last['per_unit']), levels)}", language),
            ))  # fmt: skip
        heads = ("process", "per", "unit", "first_year", "last_year", "level_1", "level_2", "level_3", "reached")
        tables.append(table("process_energy", language, rows, heads))
        sentences.append(say("report.process_energy.note", language, sources=", ".join(dict.fromkeys(processes["source"]))))
    else:
        sentences.append(say("report.process_energy.none", language))
    return section("intensity", language, sentences, [], tables)


def premium(m: Material, language: str) -> Section:
    """What a premium would have to be to pay for the plan, and what stated ones are worth."""
    made = {y: float(m.product[y]) for y in m.years}
    unit = str(m.case["product.unit"])
    found = break_even(m.results, made)
    sentences = []
    for r in found.to_dict("records"):
        if r["premium"] is not None:
            key = f"report.premium.{r['reference']}" if r["extra_cny"] > 0 else f"report.premium.{r['reference']}.none"
            extra = fmt(float(r["extra_cny"]), "money_change", language)
            sentences.append(say(key, language, premium=f"{float(r['premium']):,.4g}", unit=unit, extra=extra))
    sentences.append(say("report.premium.note", language))
    known = read_table("premiums", [DATA / "premiums.csv"], [])
    if not any(r["carrier"] == m.case["product.carrier"] for r in known):
        return section("premium", language, [*sentences, say("report.premium.none", language)])
    rows = [
        (
            say(f"report.premium.{r['premium']}", language), f"{r['value']:,.5g} {r['unit']}", f"≤ {r['below']:g} t/{unit}" if r["below"] == r["below"] and r["below"] else "–",
            r["years"] or say("report.premium.never", language), fmt(r["worth_cny"], "money", language), fmt(r["left_cny"], "money_change", language),
            say(f"status.{r['status']}", language), r["title"],
        )
        for r in stated(m.results, made, str(m.case["product.carrier"]), unit).to_dict("records")
    ]  # fmt: skip
    heads = ("premium", "value", "below", "years_earned", "worth", "left_to_pay", "status", "source")
    return section("premium", language, sentences, [], [table("premium", language, rows, heads)])
