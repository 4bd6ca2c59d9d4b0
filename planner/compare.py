"""Compare 对比: the same questions to several plans side by side, per unit of product and per tonne avoided, with what differs first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from planner import case as cases
from planner import run, stored
from planner.dictionary import DATA
from planner.errors import CaseError, Finding
from planner.language import fmt, say, texts
from planner.plan import Progress
from planner.reachable import reachable
from planner.report import material
from planner.report.material import Material
from planner.results import Results
from planner.tables import read_table
from planner.units import factor
from planner.views import names

Value = float | str | None
REACH = "reach"  # table of a run: how low its emissions can be
DEPTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
Changes = Sequence[tuple[str, str]]
MILESTONES = (2027, 2030)  # the years by which the guideline's two tranches of sectors are to be there


@dataclass(frozen=True)
class Answer:
    """One question put to every plan. quantity: how `fmt` writes the number; empty for text. same: all plans answer alike."""

    group: str
    question: str
    values: tuple[Value, ...]
    quantity: str = ""
    detail: str = ""  # year, lever or product the question is about

    @property
    def same(self) -> bool:
        """Whether all plans give the same answer."""
        return len(set(self.values)) == 1


def plan_of(
    name: str, changes: Changes = (), *, gap: float = 0.01, reach: bool = False, listen: Callable[[Progress], bool] = lambda _: True
) -> Material:
    """The plan of a run folder, of a shipped case as it is stored while its numbers are today's, else solved now with ``changes``.

    With ``reach`` it is also found how low the milestones' emissions can be. Raises CaseError for what is neither, for changes of
    a run that stands, and whatever solving raises.
    """
    stands = name not in cases.cases() and not (Path(name) / "case.toml").is_file()
    if stands and changes:
        raise CaseError([Finding(f"compare {name}", "a stored run cannot be changed", "the case it came from, with --set")])
    known = material.of(name) if stands else _shipped(name) if name in cases.cases() and not changes else None
    ready = run.prepare(name, changes) if known is None else None
    if ready is not None:
        done = run.solve(ready, gap=gap, listen=listen)
        known = Material(names.labelled(done.results, ready.case), ready.case, ready.plant)
    assert known is not None
    if reach:
        ready = ready or run.prepare(known.case.folder, known.case.changes)
        tables = {**known.results.tables, REACH: reachable(ready, MILESTONES, listen)}
        known = replace(known, results=Results(known.results.summary, tables))
    return known


def with_variants(given: Sequence[str]) -> list[str]:
    """The names and, after each shipped case, the shipped variants of it."""
    of = {name: cases.read(name).homes[1:] for name in cases.cases()}
    return list(dict.fromkeys(n for name in given for n in (name, *(v for v, base in of.items() if base == (name,)))))


def _shipped(name: str) -> Material | None:
    """The shipped plan of a shipped case, while it is the plan of today's numbers; what reports alone tell is today's too."""
    folder = stored.RUNS / name
    if not (folder / "summary.json").is_file():
        return None
    today = cases.read(name)
    return replace(material.of(folder), case=today) if stored.load(folder).summary["fingerprint"] == today.fingerprint else None


def compare(plans: Sequence[Material]) -> list[Answer]:
    """Every answer, conditions first and among them those that differ. Raises CaseError for fewer than two plans."""
    if len(plans) < 2:
        raise CaseError([Finding("compare", "there is nothing to compare with", "two or more cases or runs")])
    conditions = sorted(_conditions(plans), key=lambda a: a.same)
    return [*conditions, *_reached(plans), *_reachable(plans), *_origin(plans), *_money(plans), *_depth(plans), *_energy(plans), *_footprint(plans)]


def label(answer: Answer, language: str) -> str:
    """The question in words."""
    detail = say(key, language) if (key := f"{answer.question}.{answer.detail}") in texts() else answer.detail
    return say(f"compare.{answer.question}", language, detail=detail)


def cells(answer: Answer, language: str) -> list[str]:
    """The answers in words, one a plan."""

    def text(value: str) -> str:
        return say(key, language) if (key := f"compare.{answer.question}.{value}") in texts() else value

    return [text(v) if isinstance(v, str) else fmt(v, answer.quantity, language) for v in answer.values]


def _conditions(plans: Sequence[Material]) -> list[Answer]:
    """What must be alike before figures may be set beside each other."""

    def ask(question: str, of: Callable[[Material], Value], quantity: str = "") -> Answer:
        return Answer("conditions", question, tuple(of(m) for m in plans), quantity)

    def caps(m: Material, place: int) -> str:
        kinds = {name: m.plant.targets[name].measure if name in m.plant.targets else "emissions" for name in m.plant.caps}
        return ", ".join(sorted({of[place] for name, of in m.plant.caps.items() if kinds[name] == "emissions"}))

    return [
        ask("boundary", lambda m: caps(m, 0)),
        ask("view", lambda m: caps(m, 1)),
        ask("rate", lambda m: float(m.results.summary["discount_rate_real"]), "share"),
        ask("price_year", lambda m: str(int(m.case["finance.base_year"]))),
        ask("years", lambda m: f"{m.first}–{m.last}"),
        ask("end", lambda m: str(m.case["finance.end_of_horizon"])),
        ask("carbon_price", lambda m: float(m.case["finance.carbon_price"]), "unit_cost"),
        ask("province", lambda m: str(m.case["site.province"])),
        ask("factor", lambda m: m.plant.grid_factor["location", m.last], "t/MWh"),
        ask("last_cap", lambda m: _last_cap(m), "share"),
        ask("changes", lambda m: ", ".join(m.results.summary["changes"]) or "–"),
    ]


def _last_cap(m: Material) -> float | None:
    caps = m.results["caps"]
    last = caps[caps["year"] == m.last]["limit"]
    base = m.results.summary.get("base_emissions_t")
    return float(last.min()) / base if base and len(last) else None


def _reached(plans: Sequence[Material]) -> list[Answer]:
    """Emissions by milestone: against operation as today, against the base year, and per unit of product."""
    found = [_ask("reached", "product", plans, lambda m: f"{m.product[m.last]:,.0f} {m.case['product.unit']}")]
    for year in MILESTONES:
        found += [
            _ask(
                "reached", "cut_frozen", plans, _when(year, lambda m, y: 1 - m.total(y) / m.total(y, "location", "frozen_emissions")), "share", year
            ),
            _ask("reached", "cut_base", plans, _when(year, _cut_base), "share", year),
            _ask("reached", "per_product", plans, _when(year, lambda m, y: m.total(y) / m.product[y] if m.product[y] else None), "t CO₂", year),
            _ask("reached", "per_output", plans, _when(year, _per_output), "t CO₂", year),
        ]
    return found


def _per_output(m: Material, year: int) -> float | None:
    """t per 10,000 CNY of output; None while the case names no price of its product."""
    worth = _worth(m, year)
    return m.total(year) / (worth / 1e4) if worth else None


def _reachable(plans: Sequence[Material]) -> list[Answer]:
    """The lowest that can be reached by the milestones, whatever it costs; only where it was asked for or a run holds it."""

    def least(m: Material, year: int) -> float | None:
        found = m.results.tables.get(REACH)
        row = found[found["year"].astype(int) == year] if found is not None else None
        return float(row["reached_t"].iloc[0]) if row is not None and len(row) else None

    def cut(m: Material, year: int) -> float | None:
        t = least(m, year)
        return None if t is None else 1 - t / m.total(year, "location", "frozen_emissions")

    def per_product(m: Material, year: int) -> float | None:
        t = least(m, year)
        return t / float(m.product[year]) if t is not None and m.product[year] else None

    if not any(REACH in m.results.tables for m in plans):
        return []
    return [
        _ask("reachable", question, plans, _when(year, of), quantity, year)
        for year in MILESTONES for question, of, quantity in (("reach_cut", cut, "share"), ("reach_product", per_product, "t CO₂"))
    ]  # fmt: skip


def _depth(plans: Sequence[Material]) -> list[Answer]:
    """What a tonne costs by depth of the cut on the base year, from the runs' fronts (`planner abatement CASE --run RUN`): the step that
    reaches it, and all steps up to there, over the tonnes of all years. Only where a run holds its front."""

    def at(m: Material, depth: float, mean: bool) -> float | None:
        frame, base = m.results.tables.get("front"), m.results.summary.get("base_emissions_t")
        if frame is None or not base:
            return None
        numbers = frame[["emissions_t", "emissions_all_t", "extra_cny", "step_found"]].apply(pd.to_numeric, errors="coerce")
        deep = numbers[numbers["emissions_t"] <= (1 - depth) * float(base) * (1 + 1e-9)]
        if not len(deep):
            return None
        all_t, extra, step = (deep[c].fillna(0.0).to_numpy(float)[0] for c in ("emissions_all_t", "extra_cny", "step_found"))
        less = numbers["emissions_all_t"].to_numpy(float)[0] - all_t
        return float((extra / less if less > 0 else 0.0) if mean else step)  # no step where the plan without caps is there already

    if not any("front" in m.results.tables for m in plans):
        return []
    return [
        _ask("depth", question, plans, partial(at, depth=d, mean=mean), "unit_cost", f"{d:.0%}")
        for d in DEPTHS for question, mean in (("depth_step", False), ("depth_mean", True))
    ]  # fmt: skip


def _cut_base(m: Material, year: int) -> float | None:
    base = m.results.summary.get("base_emissions_t")
    return 1 - m.total(year) / base if base else None


def _when(year: int, of: Callable[[Material, int], float | None]) -> Callable[[Material], float | None]:
    """An answer for a year, None for plans that do not reach it."""
    return lambda m: of(m, year) if year in m.years else None


def avoided(m: Material) -> dict[int, float]:
    """Tonnes avoided against operation as today, by year."""
    return {y: m.total(y, "location", "frozen_emissions") - m.total(y) for y in m.years}


def _origin(plans: Sequence[Material]) -> list[Answer]:
    """Where the cut of the last year comes from, as shares of it: by scope, which adds up, and by lever as far as projects can be told apart."""

    def scope(m: Material, name: str) -> float | None:
        total = avoided(m)[m.last]
        if total <= 0:
            return None

        def of(table: str) -> float:
            t = m.results[table]
            return float(t.loc[(t["year"] == m.last) & (t["scope"] == name) & (t["view"].isin(["", "location"])), "t"].sum())

        return (of("frozen_emissions") - of("emissions")) / total

    def lever(m: Material, name: str) -> float | None:
        total = avoided(m)[m.last]
        told = m.projects[m.projects["lever"] == name]["t"].dropna() if name else m.projects["t"].dropna()
        share = float(told.astype(float).sum()) / total if total > 0 else None
        return share if name or share is None else 1 - share

    return [
        _ask("origin", "cut", plans, lambda m: avoided(m)[m.last], "emissions"),
        *(_ask("origin", "scope", plans, partial(scope, name=s), "share", s) for s in ("direct", "purchased electricity", "outsourced intermediates")),
        *(_ask("origin", "lever", plans, partial(lever, name=v), "share", v) for v in ("structure", "technology", "management")),
        _ask("origin", "together", plans, lambda m: lever(m, ""), "share"),
        _ask("origin", "grid", plans, lambda m: m.total(m.first, "location", "frozen_emissions") - m.total(m.last, "location", "frozen_emissions"), "emissions"),
    ]  # fmt: skip


def _money(plans: Sequence[Material]) -> list[Answer]:
    """Investment and cost, whole and per unit of product and per tonne."""

    def extra(m: Material) -> float:
        return float(m.results.summary["objective_cny"] - m.results.summary["frozen_cny"])

    def invested(m: Material) -> float:
        return float(m.results.summary["investment_cny"])

    def per_tonne(m: Material) -> float | None:
        tonnes = sum(avoided(m).values())
        return extra(m) / tonnes if tonnes > 0 else None

    def price(m: Material) -> float | None:
        caps = m.results["caps"]
        last = caps.loc[caps["year"] == m.last, "shadow_price"]
        return float(last.max()) if len(last) else None

    return [
        _ask("money", "investment", plans, invested, "money"),
        _ask("money", "investment_product", plans, lambda m: invested(m) / m.product[m.last] if m.product[m.last] else None, "CNY"),
        _ask("money", "investment_tonne", plans, lambda m: invested(m) / avoided(m)[m.last] if avoided(m)[m.last] > 0 else None, "CNY"),
        _ask("money", "cost_tonne", plans, per_tonne, "unit_cost"),
        _ask("money", "last_tonne", plans, price, "unit_cost"),
        _ask("money", "estimated", plans, lambda m: float(m.results.summary["estimated_share"]), "share"),
        _ask("money", "output", plans, _output, "share"),
    ]


def _worth(m: Material, year: int) -> float:
    """CNY that a year's output sells for: at the market's price, else at `product.price`; 0 while neither is given."""
    price = next((k.price[year] for k in m.plant.markets.values() if k.carrier == m.case["product.carrier"] and not k.buys and k.price), None)
    each = price * 1e3 if price else float(m.case.settings.get("product.price") or 0.0)  # MCNY per thousand units -> CNY per unit
    return each * float(m.product[year])


def _output(m: Material) -> float | None:
    """Investment as a share of a year's output; None while the case names no price at which its product is sold."""
    worth = _worth(m, m.last)
    return float(m.results.summary["investment_cny"]) / worth if worth else None


def _energy(plans: Sequence[Material]) -> list[Answer]:
    """Electricity and green power in the last year."""

    def green(m: Material) -> float:
        return float(m.electricity["solar"][m.last] + m.electricity["wind"][m.last])

    def share(m: Material) -> float:
        power = float(m.electricity["grid"][m.last]) + green(m)
        content = m.energy_content["electricity"]
        brought = float(m.coal_equivalent[m.last]) + green(m) * content
        return power * content / brought

    def own_share(m: Material) -> float | None:
        used = sum(float(m.electricity[k][m.last]) for k in m.electricity)
        return green(m) / used if used > 0 else None

    def certified(m: Material) -> float:
        flows = m.results["balance"]
        bought = [k for k, v in m.plant.markets.items() if v.role == "certificate"]
        return float(flows.loc[(flows["year"] == m.last) & flows["item"].isin(bought), "amount"].sum())

    return [
        _ask("energy", "electric_share", plans, share, "share"),
        _ask("energy", "own_green", plans, green, "energy"),
        _ask("energy", "own_green_share", plans, own_share, "share"),
        _ask("energy", "certificates", plans, certified, "energy"),
        _ask("energy", "still_grid", plans, lambda m: float(m.electricity["grid"][m.last]), "energy"),
        _ask("energy", "tce_product", plans, lambda m: float(m.coal_equivalent[m.last]) / m.product[m.last] if m.product[m.last] else None, "tce"),
    ]


def _footprint(plans: Sequence[Material]) -> list[Answer]:
    """The gate's figure beside the product's footprint, which holds everything bought as well; only where a sourced one is known."""
    known = {row["carrier"]: row for row in read_table("footprints", [DATA / "footprints.csv"], [])}

    def product(m: Material) -> str:
        return str(m.case["product.carrier"])

    if not any(product(m) in known for m in plans):
        return []

    def whole(m: Material) -> str | None:
        row = known.get(product(m))
        return f"{row['value']:g} {row['unit']}" if row else None

    def gate(m: Material, year: int, table: str) -> str | None:
        row = known.get(product(m))
        if not row or not m.product[year]:
            return None
        value = m.total(year, "location", table) / m.product[year] * factor(f"t/{m.plant.units[product(m)]}", row["unit"])
        return f"{value:.3g} {row['unit']}"

    return [
        _ask("footprint", "gate_today", plans, lambda m: gate(m, m.first, "frozen_emissions")),
        _ask("footprint", "gate_plan", plans, lambda m: gate(m, m.last, "emissions")),
        _ask("footprint", "whole", plans, whole),
        _ask("footprint", "source", plans, lambda m: f"{known[product(m)]['source']}" if product(m) in known else None),
    ]


def _ask(group: str, question: str, plans: Sequence[Material], of: Callable[[Material], Value], quantity: str = "", detail: object = "") -> Answer:
    return Answer(group, question, tuple(of(m) for m in plans), quantity, str(detail))
