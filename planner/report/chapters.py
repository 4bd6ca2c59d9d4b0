"""Chapters 章节: what the plan does - roadmap, emissions, investment, costs, energy, prices of caps."""

from collections.abc import Iterable, Sequence

import pandas as pd

from planner import disclosure
from planner.language import fmt, say, scale
from planner.report import flowing
from planner.report.material import Material
from planner.report.parts import Chart, Section, Series, Table
from planner.views import costs, emissions, headline, names, prices, reduction, roadmap, theme
from planner.views.missing import absent

CENT = 0.01  # CNY a tonne: below it a price is the solver's rounding


def of(m: Material, language: str) -> list[Section]:
    """The chapters in the order of a board's questions."""
    return [
        summary(m, language), road(m, language), projects(m, language), emitted(m, language), invested(m, language), paid(m, language),
        energy(m, language), energy_told(m, language), power(m, language), caps(m, language),
    ]  # fmt: skip


def section(name: str, language: str, sentences: Iterable[str] = (), charts: Iterable[Chart] = (), tables: Iterable[Table] = ()) -> Section:
    """A chapter with its title from the locale."""
    return Section(name, say(f"report.{name}", language), tuple(sentences), tuple(charts), tuple(tables))


def table(name: str, language: str, rows: Iterable[Sequence[object]], heads: Iterable[str]) -> Table:
    """A table with its title and heads from the locale."""
    return Table(say(f"report.{name}", language), pd.DataFrame(rows, columns=[say(f"report.head.{h}", language) for h in heads]))


def summary(m: Material, language: str) -> Section:
    """The four numbers as a table."""
    return section(
        "summary",
        language,
        [headline.sentence(m.results, language)],
        [],
        [Table(say("report.numbers", language), headline.table(m.results, language))],
    )


def road(m: Material, language: str) -> Section:
    """What is decided when."""
    lost = roadmap.written_off(m.results, language)
    tables = [Table(say("report.roadmap", language), roadmap.table(m.results, language))]
    tables += [Table(say("book.title", language), lost)] if lost is not None else []
    return section("roadmap", language, [say("roadmap.question", language)], [], tables)


def projects(m: Material, language: str) -> Section:
    """One row a project, with what it saves where that can be told."""
    rows = [
        (
            n, p[language], say(f"action.{p['action']}", language), say(f"lever.{p['lever']}", language) if p["lever"] in roadmap.LEVERS else say("other", language),
            fmt(p["size"], p["unit"], language), round(p["investment_cny"] / 1e4, 1), p["start"], p["finish"], _round(p["tce"]), _round(p["t"]),
            say("yes" if p["estimated"] else "no", language),
        )
        for n, p in enumerate(m.projects.to_dict("records"), start=1)
    ]  # fmt: skip
    heads = ("number", "project", "action", "lever", "size", "wan", "start", "finish", "tce", "t", "estimated")
    told = m.projects["t"].notna().sum()
    sentences = [
        say("report.projects.sum", language, number=len(rows), money=fmt(float(m.projects["investment_cny"].sum()), "money", language)),
        say("report.projects.saved", language, year=m.last, told=int(told), number=len(rows)),
    ]
    return section("projects", language, sentences, [], [table("projects", language, rows, heads)])


def emitted(m: Material, language: str) -> Section:
    """Emissions against the caps in both views of electricity, and by scope."""
    amounts = emissions.amounts_of(m.results)
    market = pd.Series({y: m.total(y, "market") for y in m.years})
    location = pd.Series({y: m.total(y) for y in m.years})
    unit = scale([*location, *market, *amounts["frozen"]], "emissions", language)
    lines = [
        ("location", location, theme.colour("electricity", False)),
        ("market", market, theme.colour("solar", False)),
        ("frozen", amounts["frozen"], "#7A869A"),
    ]
    series = [Series(say(f"report.line.{k}", language), _values(v, unit.per), colour) for k, v, colour in lines]
    for cap in (c for c in amounts if str(c).startswith(emissions.CAP)):
        series.append(
            Series(
                say("emissions.cap.named", language, name=str(cap).removeprefix(emissions.CAP)), _values(amounts[cap], unit.per), theme.LIMIT[False]
            )
        )
    years = tuple(map(str, m.years))
    parts = [p for p in emissions.PARTS if amounts[p].abs().max() > 1e-3 * amounts["total"].abs().max()]
    stack = [Series(say(f"emissions.{p}", language), _values(amounts[p], unit.per), theme.colour(p, False)) for p in parts]
    rows = []
    for (scope, view), group in m.results["emissions"].groupby(["scope", "view"], sort=False):
        values = group.set_index("year")["t"]
        if values.abs().max() > 0:
            label = say(f"scope.{scope}", language) + (f" · {say(f'view.{view}', language)}" if view else "")
            rows.append((label, *(round(float(values[y])) for y in m.years)))
    frozen = m.results["frozen_emissions"]
    rows += [
        (say(f"report.line.frozen.{v}", language), *(round(m.total(y, v, "frozen_emissions")) for y in m.years))
        for v in ("location", "market")
        if len(frozen)
    ]
    for name, group in m.results["caps"].groupby("name", sort=False):
        limits = group.set_index("year")["limit"]
        rows.append((say("emissions.cap.named", language, name=name), *(round(float(limits[y])) if y in limits.index else None for y in m.years)))
    frame = pd.DataFrame(rows, columns=[say("report.head.tonnes", language), *years])
    last = m.results["caps"][m.results["caps"]["year"] == m.last]
    kept = [say("report.emissions.cap", language, name=r["name"], year=m.last, value=fmt(r["value"], "emissions", language), limit=fmt(r["limit"], "emissions", language),
                view=say(f"view.{r['view']}", language)) for r in last.to_dict("records")]  # fmt: skip
    charts = [
        Chart("lines", say("report.emissions.lines", language), unit.unit, years, tuple(series)),
        Chart("stacked", say("report.emissions.scopes", language), unit.unit, years, tuple(stack)),
        *_wedge(m, language),
    ]
    said = [*kept, say("report.emissions.views", language), *disclosure.told(m.results.summary.get("remarks", ()), language)]
    return section("emissions", language, said, charts, [Table(say("report.emissions", language), frame)])


def _wedge(m: Material, language: str) -> list[Chart]:
    """The base year's emissions as what is left and what cut them: the plant itself, the cleaner grid. Nothing without a base year."""
    cut = m.results.tables.get("reduction")
    if cut is None or not len(cut):
        return []
    rows = cut.set_index(cut["year"].astype(int))
    unit = scale([float(v) for v in rows["base_t"]], "carbon", language)
    series = [
        Series(say(f"reduction.{c}", language), _values(rows[c].astype(float).reindex(list(m.years)), unit.per), theme.colour(kind, False))
        for c, kind in reduction.PARTS.items()
    ]
    return [Chart("stacked", say("reduction.title", language), unit.unit, tuple(map(str, m.years)), tuple(series))]


def invested(m: Material, language: str) -> Section:
    """Investment by year and lever."""
    paid = m.investment
    unit = scale(paid.sum(axis=1), "money", language)
    series = [Series(say(f"lever.{v}" if v != "other" else "other", language), _values(paid[v], unit.per), theme.colour(str(v), False)) for v in paid]
    years = tuple(map(str, m.years))
    rows = [(s.label, *(round(v or 0.0, 2) for v in s.values), round(sum(v or 0.0 for v in s.values), 2)) for s in series]
    rows.append(
        (say("costs.net", language), *(round(float(v) / unit.per, 2) for v in paid.sum(axis=1)), round(float(paid.to_numpy().sum()) / unit.per, 2))
    )
    frame = pd.DataFrame(rows, columns=[say("report.head.lever_unit", language, unit=unit.unit), *years, say("costs.net", language)])
    sentences = [
        say("report.estimates.value", language, share=fmt(m.results.summary["estimated_share"], "share", language)),
        costs.credited(m.results, language),
    ]
    chart = Chart("stacked", say("report.investment", language), unit.unit, years, tuple(series))
    return section("investment", language, sentences, [chart], [Table(say("report.investment", language), frame)])


def paid(m: Material, language: str) -> Section:
    """Cost parts that change against operation as today."""
    change = costs.changes(m.results)
    unit = scale([*change.clip(lower=0).sum(axis=1), *change.clip(upper=0).sum(axis=1)], "money/a", language)
    kinds = costs.colours([str(c) for c in change])
    series = [
        Series(
            say("other", language) if p == "other" else names.name(m.results, str(p), language),
            _values(change[p], unit.per),
            theme.colour(kinds[str(p)], False),
        )
        for p in change
    ]
    chart = Chart("stacked", say("report.costs.chart", language), unit.unit, tuple(map(str, change.index)), tuple(series))
    return section(
        "costs", language, [say("costs.question", language)], [chart], [Table(say("report.costs", language), costs.table(m.results, language))]
    )


def energy(m: Material, language: str) -> Section:
    """Who brings each carrier of energy and who uses it in the last year, and what energy is bought."""
    years = tuple(map(str, m.years))
    rows = [
        (names.name(m.results, str(r["carrier"]), language), r["unit"], *(round(float(r[y]), 1) for y in m.years))
        for r in m.purchases.to_dict("records")
        if any(r[y] for y in m.years)
    ]
    rows.append((say("report.energy.sum", language), "tce", *(round(float(m.coal_equivalent[y])) for y in m.years)))
    bought = pd.DataFrame(rows, columns=[say("report.head.carrier", language), say("report.head.unit", language), *years])
    before, after = (fmt(float(m.coal_equivalent[y]), "coal_equivalent", language) for y in (m.first, m.last))
    sentences = [
        say("report.energy.flows", language, year=m.last, amount=f"{flowing.total(m):,.0f} TJ"),
        say("report.energy.tce", language, first=m.first, last=m.last, before=before, after=after),
    ]
    return section("energy", language, sentences, flowing.charts(m, language), [Table(say("report.energy.bought", language), bought)])


def energy_told(m: Material, language: str) -> Section:
    """The flows of the last year in words, for pages that hold no charts."""
    told = table("energy_told", language, flowing.told(m, language), ("carrier_all", "tj", "brings", "uses"))
    return section("energy_told", language, [say("report.energy_told.year", language, year=m.last)], [], [told])


def power(m: Material, language: str) -> Section:
    """Where the electricity comes from, year by year."""
    by_year = m.electricity
    unit = scale(by_year.clip(lower=0).sum(axis=1), "energy", language)
    kinds = [k for k in by_year if by_year[k].abs().max() > 0]
    label = {k: say(f"report.power.{k}", language) for k in kinds}
    colour = {"grid": "electricity", "solar": "solar", "wind": "wind", "other": "storage", "sold": "efficiency"}
    series = [Series(label[k], _values(by_year[k], unit.per), theme.colour(colour[str(k)], False)) for k in kinds]
    years = tuple(map(str, m.years))
    origin = pd.DataFrame([(label[k], *(round(float(v)) for v in by_year[k])) for k in kinds], columns=[say("report.head.power", language), *years])
    use = by_year.sum(axis=1)
    own = (by_year["solar"] + by_year["wind"]) / use.where(use != 0)
    grid, share = fmt(float(by_year["grid"][m.last]), "energy", language), fmt(float(own[m.last]), "share", language)
    chart = Chart("stacked", say("report.power", language), unit.unit, years, tuple(series))
    said = say("report.energy.power", language, year=m.last, grid=grid, share=share)
    return section("power", language, [said], [chart], [Table(say("report.power", language), origin)])


def caps(m: Material, language: str) -> Section:
    """What the last tonne under each cap costs."""
    found = m.results["caps"]
    rows = [
        (
            r["name"],
            r["year"],
            say(f"view.{r['view']}", language),
            round(r["limit"]),
            round(r["value"]),
            say("yes" if r["binding"] else "no", language),
            round(float(r["shadow_price"]), 1),
        )
        for r in found.to_dict("records")
    ]
    heads = ("cap", "year", "view", "limit", "value", "binding", "price")
    series = []
    for n, (name, group) in enumerate(found.groupby("name", sort=False)):
        by_year = group.set_index("year")["shadow_price"].reindex(list(m.years))
        series.append(Series(str(name), _values(by_year, 1.0), theme.colour(("electricity", "heat", "hydrogen", "solar")[n % 4], False)))
    said = []
    for r in found.to_dict("records"):
        binds, price = str(r["binding"]) == "True", float(r["shadow_price"])
        if binds or price > CENT:  # planned lower than it is so that it holds in every hour: it has its price all the same
            key = "report.caps.binds" if binds else "report.caps.lower"
            room = fmt(1 - r["value"] / r["limit"] if r["limit"] else 0.0, "share", language)
            said.append(say(key, language, name=r["name"], year=r["year"], price=fmt(price, "unit_cost", language), room=room))
    chart = (
        [Chart("stacked", say("report.caps.chart", language), "CNY/t" if language == "en" else "元/吨", tuple(map(str, m.years)), tuple(series))]
        if series
        else []
    )
    if not len(found):
        return section("caps", language, [say("report.caps.without", language)])
    said = [*(said or [say("report.caps.none", language)]), say("report.caps.meaning", language)]
    replanned = prices.table(m.results, language)
    how = absent(replanned, language)
    title = say("report.caps.replanned", language)
    again = [] if how else [Table(title, replanned)]
    waiting = [say("report.studies.waiting", language, title=title, how=how)] if how else []
    return section("caps", language, [*said, *waiting], chart, [table("caps", language, rows, heads), *again])


def _values(values: pd.Series, per: float) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(v) else round(float(v) / per, 4) for v in values)


def _round(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else round(value)
