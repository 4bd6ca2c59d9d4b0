"""Readiness 准备情况: the guideline's selection logic and six paths, line by line: a figure of the plan, the rule with its date and status, and
whether the plant holds evidence.

It gives no verdict and no score: no national threshold is known. The lines stand in ``data/readiness.csv``; what evidence is
held the user says, in ``evidence.csv`` of the case (line, held) or when asking.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.case import Case
from planner.dictionary import DATA
from planner.disclosure import Block, Grid, Heading, Text, sources
from planner.errors import CaseError, Finding
from planner.footprint import footprint
from planner.language import MISSING, fmt, say
from planner.results import Results
from planner.tables import nearest, read_table
from planner.views.names import kind, name

PATHS = range(7)  # 0: selection


@dataclass(frozen=True)
class Line:
    """One line. held: yes, no, or nothing said."""

    line: str
    path: int
    what: str
    figure: str
    rule: str
    date: str
    status: str
    source: str
    title: str
    url: str
    held: str


def lines(case: Case, results: Results, language: str, held: Mapping[str, str] | None = None) -> list[Line]:
    """Every line of the guideline with the figures of a run. Raises CaseError for evidence of a line that is not there."""
    findings: list[Finding] = []
    rows = read_table("readiness", [DATA / "readiness.csv"], findings)
    own = case.folder / "evidence.csv"
    said = {r["line"]: (r["held"], r["where"]) for r in read_table("evidence", [own] if own.is_file() else [], findings)}
    said |= {line: (answer, f"--evidence {line}={answer}") for line, answer in (held or {}).items()}
    known = [r["line"] for r in rows]
    findings += [Finding(where, f"there is no line {line!r}", nearest(line, known)) for line, (_, where) in said.items() if line not in known]
    findings += [Finding(where, f"evidence is {answer!r}", "yes or no") for answer, where in said.values() if answer not in ("yes", "no")]
    if findings:
        raise CaseError(findings)
    return [
        Line(
            r["line"], int(r["path"]), r[language], FIGURES[r["figure"]](case, results, language), r[f"rule_{language}"], r["date"] or MISSING, r["status"],
            r["source"] or "", r["title"] or "", r["url"] or "", said.get(r["line"], ("", ""))[0],
        )
        for r in rows
    ]  # fmt: skip


def page(case: Case, results: Results, language: str, held: Mapping[str, str] | None = None) -> list[Block]:
    """Everything as a page to read: the headline, that it is no verdict, and path by path every line with its source. Raises CaseError."""
    said = lines(case, results, language, held)
    heads = tuple(say(f"readiness.column.{h}", language) for h in ("what", "figure", "rule", "date", "status", "held", "source"))
    name = str(case.settings.get(language) or case.name)
    blocks: list[Block] = [
        Heading(say("readiness.title", language, name=name), 1), Text(headline(case, results, language)), Text(say("readiness.no_verdict", language))
    ]  # fmt: skip
    for path in PATHS:
        rows = tuple(
            (o.what, o.figure, o.rule, o.date, say(f"status.{o.status}", language), evidence(o, language), o.title or o.source)
            for o in said if o.path == path
        )  # fmt: skip
        blocks += [Heading(say(f"readiness.path.{path}", language)), Grid(heads, rows)]
    own = [(o.what, o.title, MISSING, o.date[:4], o.url or MISSING) for o in said if o.title]
    return [*blocks, *sources(case, (o.source for o in said if not o.title), language, own)]


def evidence(line: Line, language: str) -> str:
    """Whether the plant holds evidence, in words."""
    return say(line.held, language) if line.held else say("readiness.not_said", language)


def headline(case: Case, results: Results, language: str) -> str:
    """Tonnes left, per cent of the base year, and how much of the cut is own reduction, grid and purchased instruments."""
    cut = results["reduction"]
    if not len(cut):
        return say(
            "readiness.no_base",
            language,
            left=fmt(results.summary["emissions_last_t"], "emissions", language),
            year=int(results.summary["last_year"]),
        )
    last = cut.iloc[-1]
    said = {k: fmt(float(last[k]), "emissions", language) for k in ("left_t", "cut_t", "own_t", "grid_t", "instruments_t")}
    shares = {"share": fmt(float(last["left_share"]), "share", language), "base_year": case.settings.get("base_year.year", MISSING)}
    return say("readiness.headline", language, year=int(last["year"]), **said, **shares)


# Figures: what a run says to a line ----------------------------------------------------------------------------------


def _last(results: Results, table: str, column: str) -> float | None:
    """The number of the last year, None where the table is empty or missing."""
    found = results.tables.get(table)
    return float(found[column].iloc[-1]) if found is not None and len(found) else None


def _of_last(results: Results, table: str = "emissions") -> dict[tuple[str, str], float]:
    """(scope, view) -> t in the last year."""
    found = results[table]
    last = found[found["year"] == found["year"].max()]
    return {(str(s), str(v)): float(t) for s, v, t in zip(last["scope"], last["view"], last["t"], strict=True)}


def _share(column: str, table: str = "reduction") -> "Figure":
    return lambda case, results, language: fmt(_last(results, table, column), "share", language)


def _tranche(case: Case, results: Results, language: str) -> str:
    row = next((r for r in case.tables["sectors"] if r["sector"] == case.settings.get("sector")), None)
    return say("readiness.tranche", language, sector=row[language], year=row["tranche"]) if row else MISSING


def _direct_share(case: Case, results: Results, language: str) -> str:
    t = _of_last(results)
    whole = t["total", "location"]
    return fmt(t["direct", ""] / whole if whole else 0.0, "share", language)


def _account(case: Case, results: Results, language: str) -> str:
    row = next((r for r in case.tables["sectors"] if r["sector"] == case.settings.get("sector")), None)
    mine = results["account"]
    counted = mine[mine["scope"].isin([1, 2]) & mine["view"].isin(["", "location"])]
    weight = counted["t"].abs()
    sound = float(weight[counted["confidence"].isin(["official", "peer_reviewed", "secondary"])].sum() / weight.sum()) if weight.sum() else 0.0
    return say("readiness.account", language, standard=row["standard"] if row else "GB/T 32150-2025", share=fmt(sound, "share", language))


def _removals(case: Case, results: Results, language: str) -> str:
    mine = results["account"]
    here = mine[(mine["year"].astype(int) == int(results.summary["last_year"])) & (mine["item"] == "removal")]
    return fmt(-float(here["t"].sum()) + 0.0, "emissions", language)


def _metered(case: Case, results: Results, language: str) -> str:
    base = case.settings.get("base_year.year")
    rows = [r for r in case.tables["activity"] if r["year"] == base]
    if not rows:
        return say("readiness.not_metered", language, year=base or MISSING)
    return say("readiness.metered", language, year=base, rows=len(rows), derived=sum(r["confidence"] in ("derived", "estimate") for r in rows))


def _own_power(case: Case, results: Results, language: str) -> str:
    return _built(case, results, language, lambda code: kind(code) in ("solar", "wind", "storage"))


def _management(case: Case, results: Results, language: str) -> str:
    road = results["roadmap"]
    management = set(road.loc[road["lever"] == "management", "asset"])
    return _built(case, results, language, lambda code: code in management)


def _built(case: Case, results: Results, language: str, wanted: Callable[[str], bool]) -> str:
    """What the plan builds of a kind, by name and size."""
    road = results["roadmap"]
    built = road[(road["action"] == "build") & road["asset"].map(lambda a: wanted(str(a)))]
    sizes: dict[tuple[str, str], float] = {}
    for asset, unit, size in zip(built["asset"], built["unit"], built["size"], strict=True):
        sizes[str(asset), str(unit)] = sizes.get((str(asset), str(unit)), 0.0) + float(size)
    said = [f"{name(results, asset, language)} {fmt(size, unit, language)}" for (asset, unit), size in sizes.items()]
    return say("list.and", language).join(said) or say("readiness.nothing", language)


def _direct_cut(case: Case, results: Results, language: str) -> str:
    now, frozen = _of_last(results)["direct", ""], _of_last(results, "frozen_emissions")["direct", ""]
    return fmt(now / frozen - 1 if frozen else 0.0, "share", language)


def _per_product(case: Case, results: Results, language: str) -> str:
    return _footprints(case, results, ("gate",))


def _footprint(case: Case, results: Results, language: str) -> str:
    return _footprints(case, results, ("gate", "total"))


def _footprints(case: Case, results: Results, parts: tuple[str, ...]) -> str:
    found = footprint(results.tables, str(case["product.carrier"]))
    found = found[(found["year"] == int(results.summary["last_year"])) & (found["view"] == "location")]
    per = {str(p): float(v) for p, v in zip(found["part"], found["per_unit"], strict=True)}
    unit = str(case.by_name["carriers"].get(str(case["product.carrier"]), {}).get("unit", ""))
    return "; ".join(f"{per[p]:.4g} t/{unit}" for p in parts if p in per) or MISSING


def _value_added(case: Case, results: Results, language: str) -> str:
    base = (case.settings.get("base_year.emissions"), case.settings.get("base_year.value_added"))
    worth, made = float(case["product.value_added"]), results["delivered"]
    last = made[(made["carrier"] == case["product.carrier"]) & (made["year"] == int(results.summary["last_year"]))]["amount"].sum()
    if not worth or not all(base) or not last:
        return say("readiness.no_value_added", language)
    now = float(results.summary["emissions_last_t"]) / (worth * float(last))
    return fmt(now / (float(base[0]) / float(base[1])) - 1, "share", language)  # type: ignore[arg-type]


def _captured(case: Case, results: Results, language: str) -> str:
    return fmt(_of_last(results)["captured", ""], "emissions", language)


def _own_reduction(case: Case, results: Results, language: str) -> str:
    own, base = _last(results, "reduction", "own_t"), _last(results, "reduction", "base_t")
    return fmt(own / base, "share", language) if own is not None and base else MISSING


def _offsets(case: Case, results: Results, language: str) -> str:
    used, left = _last(results, "offset_years", "offset_t"), _last(results, "offset_years", "remains_t")
    if used is None:
        return say("readiness.no_offsets", language)
    return say("readiness.offsets", language, used=fmt(used, "emissions", language), left=fmt(left, "emissions", language))


def _disclosed(case: Case, results: Results, language: str) -> str:
    return say("readiness.disclosed", language)


Figure = Callable[[Case, Results, str], str]
FIGURES: dict[str, Figure] = {
    "none": lambda case, results, language: MISSING, "tranche": _tranche, "direct_share": _direct_share, "account": _account, "removals": _removals,
    "metered": _metered, "physical": _share("physical_share"), "recognised": _share("green_share"), "own_power": _own_power, "direct_cut": _direct_cut,
    "per_product": _per_product, "value_added": _value_added, "captured": _captured, "footprint": _footprint, "management": _management,
    "own_reduction": _own_reduction, "offsets": _offsets, "disclosed": _disclosed,
}  # fmt: skip


def read_evidence(given: list[str], where: Path | str = "--evidence") -> dict[str, str]:
    """``LINE=yes`` and ``LINE=no`` as a mapping. Raises CaseError for anything else."""
    bad = [g for g in given if "=" not in g]
    if bad:
        raise CaseError([Finding(f"{where} {g}", "it says neither yes nor no", "LINE=yes or LINE=no") for g in bad])
    return {line.strip(): answer.strip() for line, _, answer in (g.partition("=") for g in given)}
