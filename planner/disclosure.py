"""Disclosure 披露: an account as a page to read - boundary, method, factors and sources, base year and comparison, offsets apart.

A page is a list of blocks (heading, text, table) that know no format; ``markdown`` and ``html`` write them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from planner.carbon_market import covered
from planner.case import Case
from planner.language import fmt, say, texts

HEADS = ("enterprise", "ghg_protocol", "national_market", "planning")
MOST = 12  # processes told one by one


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph, or one point of a list."""

    text: str
    point: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: heads, rows of text; the first column is words, the others numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Grid


def page(case: Case, tables: Mapping[str, pd.DataFrame], remarks: Iterable[Mapping[str, Any]], language: str) -> list[Block]:
    """The account of a case or of its plan, as blocks. tables: see planner.account.tables."""
    lines = tables["account"].astype({"year": int})
    years = sorted(int(y) for y in lines["year"].unique())
    parts = (
        _title(case, years, language), _method(case, language), _boundaries(tables["account_totals"], years, language),
        _items(tables["account_totals"], years, language), _gases(lines, years, language), _power(tables["green_power"], language),
        _product(case, tables, years, language), _base(case, tables["account_totals"], years, language), _offsets(case, tables, language),
        _remarks(remarks, language), _processes(case, lines, years, language),
        _factors(case, lines, language), _missing(case, lines, language), sources(case, map(str, lines["source"]), language),
    )  # fmt: skip
    return [block for part in parts for block in part]


def _title(case: Case, years: Sequence[int], language: str) -> list[Block]:
    period = f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return [
        Heading(say("account.title", language, name=str(case.settings.get(language) or case.name)), 1),
        Text(say("account.period", language, period=period)),
    ]


def _method(case: Case, language: str) -> list[Block]:
    """Which rules, which views, which gases."""
    sector = next((r for r in case.tables["sectors"] if r["sector"] == case.settings.get("sector")), None)
    blocks: list[Block] = [Heading(say("account.method", language))]
    if sector:
        key = "account.sector" if sector["standard"] != "GB/T 32150-2025" else "account.sector.general"
        blocks.append(Text(say(key, language, sector=sector[language], standard=sector["standard"], tranche=sector["tranche"]), True))
        outside = case.settings.get("account.national_market") == "outside" and sector["market"] == "yes"
        blocks.append(Text(say(f"account.market.{'outside' if outside else 'yes' if covered(case) else 'no'}", language), True))
    place = say(f"account.location.{case['account.location_factor']}", language)
    market = say(f"account.market_factor.{case['account.market_factor']}", language)
    far = case.settings.get("account.certificate_ceiling_elsewhere")
    blocks += [
        Text(say("account.protocol", language), True), Text(say("account.carbon", language), True),
        Text(say("account.views", language, place=place, market=market, ceiling=fmt(case["account.certificate_ceiling"], "share", language)), True),
        *([Text(say("account.views.elsewhere", language, ceiling=fmt(far, "share", language)), True)] if far is not None else []),
        Text(say("account.gases", language, report=case["account.warming_potentials"].upper()), True), Text(say("account.offsets", language), True),
    ]  # fmt: skip
    return blocks


def _boundaries(totals: pd.DataFrame, years: Sequence[int], language: str) -> list[Block]:
    """What each boundary counts, in both views."""
    rows: list[tuple[str, ...]] = []
    for boundary in HEADS:
        for view in ("location", "market"):
            mine = totals[(totals["boundary"] == boundary) & (totals["view"] == view) & (totals["role"] == "account")].set_index("year")["t"]
            label = say(f"account.boundary.{boundary}", language)
            if boundary != "national_market":
                label += f" · {say(f'view.{view}', language)}"
            elif view == "market":
                continue
            rows.append((label, *(_t(mine.get(y), language) for y in years)))
    return [Heading(say("account.boundaries", language)), Grid((say("account.unit", language), *map(str, years)), tuple(rows))]


def _items(totals: pd.DataFrame, years: Sequence[int], language: str) -> list[Block]:
    """Sources and removals, scope by scope; what is deducted or stands apart below."""
    wide = totals[(totals["boundary"].isin(["enterprise", "ghg_protocol"])) & (totals["item"] != "")]
    amounts = wide.drop_duplicates(["year", "view", "item"]).set_index(["item", "view", "year"])["t"]
    rows: list[tuple[str, ...]] = []
    seen = wide.sort_values("scope").drop_duplicates("item")
    roles = totals[totals["boundary"] == "enterprise"].drop_duplicates("item").set_index("item")["role"]
    for item, scope in zip(seen["item"], seen["scope"], strict=True):
        views = ("location", "market") if item in ("power_bought", "power_sold") else ("location",)
        for view in views:
            label = say(f"account.item.{item}", language)
            label += f" · {say(f'view.{view}', language)}" if len(views) > 1 else ""
            role = say(f"account.role.{roles.get(item, 'left out')}", language)
            scoped = say("account.scope", language, scope=scope) if scope else "–"
            rows.append((label, scoped, role, *(_t(amounts.get((item, view, y)), language) for y in years)))
    heads = (say("account.unit", language), say("account.column.scope", language), say("account.column.role", language), *map(str, years))
    return [Heading(say("account.items", language)), Grid(heads, tuple(rows))]


def _gases(lines: pd.DataFrame, years: Sequence[int], language: str) -> list[Block]:
    """What is let out at the site, gas by gas; nothing where it is carbon dioxide alone."""
    direct = lines[(lines["scope"] == 1) & ~lines["item"].isin(["biogenic", "removal"])]
    wide = direct.pivot_table(index="gas", columns="year", values="t", aggfunc="sum", fill_value=0.0).reindex(columns=list(years), fill_value=0.0)
    if set(wide.index) <= {"co2"}:
        return []
    rows = tuple((str(gas).upper().replace("_", "-"), *(_t(float(v), language) for v in values)) for gas, values in wide.iterrows())
    return [Heading(say("account.by_gas", language)), Grid((say("account.unit", language), *map(str, years)), rows)]


def _power(green: pd.DataFrame, language: str) -> list[Block]:
    """Three routes of non-fossil power, and what was not recognised."""
    keys = [c for c in green.columns if c != "year"]
    used = green.astype({"year": int}).set_index("year")
    used = used.where(used.abs() > 1e-9 * max(float(used["used"].max()), 1.0), 0.0)  # what a solver leaves of nothing
    rows = [
        (say(f"account.green.{k}", language), *(fmt(float(v), "share" if k.endswith("share") else "energy", language) for v in used[k])) for k in keys
    ]
    heads = ("", *(str(y) for y in used.index))
    return [Heading(say("account.green", language)), Text(say("account.green.rule", language)), Grid(heads, tuple(rows))]


def _product(case: Case, tables: Mapping[str, pd.DataFrame], years: Sequence[int], language: str) -> list[Block]:
    """Per unit of the product, gate to gate, by the enterprise's rule."""
    carrier, delivered = str(case.settings.get("product.carrier")), tables["delivered"]
    made = delivered[delivered["carrier"] == carrier].groupby("year")["amount"].sum()
    unit = str(case.by_name["carriers"].get(carrier, {}).get("unit", ""))
    totals, rows = tables["account_totals"], []
    for view in ("location", "market"):
        mine = totals[(totals["boundary"] == "enterprise") & (totals["view"] == view) & (totals["role"] == "account")].set_index("year")["t"]
        per = {y: float(mine.loc[y]) / float(made.loc[y]) for y in years if y in made.index and y in mine.index and made.loc[y]}
        if per:
            rows.append((say(f"view.{view}", language), *(f"{per[y]:.4g}" if y in per else "–" for y in years)))
    if not rows:
        return []
    name = str(case.by_name["carriers"][carrier][language])
    return [Heading(say("account.product", language, product=name)), Grid((f"t CO₂/{unit}", *map(str, years)), tuple(rows))]


def _base(case: Case, totals: pd.DataFrame, years: Sequence[int], language: str) -> list[Block]:
    """Every year against the base year, in the boundary of the default caps."""
    year, stated = case.settings.get("base_year.year"), case.settings.get("base_year.emissions")
    if not stated:
        return [Heading(say("account.base", language)), Text(say("account.base.none", language))]
    mine = totals[(totals["boundary"] == "planning") & (totals["view"] == "location") & (totals["role"] == "account")].set_index("year")["t"]
    rows = (
        (say("account.boundary.planning", language), *(_t(mine.get(y), language) for y in years)),
        (say("account.base.change", language), *(f"{round(float(mine.loc[y]) / stated - 1, 3) + 0.0:+.1%}".replace("-", "−") for y in years)),
    )
    told = say("account.base.text", language, year=year, amount=fmt(stated, "carbon", language))
    return [Heading(say("account.base", language)), Text(told), Grid((say("account.unit", language), *map(str, years)), rows)]


def _offsets(case: Case, tables: Mapping[str, pd.DataFrame], language: str) -> list[Block]:
    """Credits, apart from every total: what a plan may offset behind its own reduction, or that the case lists none."""
    heading, by_year, bought = Heading(say("account.offset", language)), tables.get("offset_years"), tables.get("offsets")
    if by_year is None or bought is None or not len(by_year):
        listed = (tables["account"]["item"] == "offset").any()
        return [] if listed else [heading, Text(say("account.offset.none", language))]
    shares = [(f"{float(r['own_share']):.1%}", f"{float(r['floor']):.1%}") for r in by_year.to_dict("records")]
    amounts = [tuple(_t(float(r[k]), language) for k in ("limit_t", "offset_t", "remains_t")) for r in by_year.to_dict("records")]
    rows = tuple(
        (str(int(y)), _t(float(left), language), *own, *t, fmt(float(cny), "money", language))
        for y, left, cny, own, t in zip(by_year["year"], by_year["left_t"], by_year["cny"], shares, amounts, strict=True)
    )
    heads = tuple(say(f"offsets.{h}", language) for h in ("year", "left", "own", "floor", "limit", "offset", "remains", "cost"))
    kinds = tuple(
        (
            f"{r['offset']} ({say('offsets.kind.' + str(r['kind']), language)})", str(int(r["year"])), say(f"status.{r['status']}", language),
            _t(float(r["t"]), language), f"{float(r['price']):,.2f}",
        )
        for r in bought.to_dict("records") if float(r["t"]) > 0
    )  # fmt: skip
    credit = tuple(say(f"account.offset.{h}", language) for h in ("credit", "year", "status", "tonnes", "price"))
    return [heading, Text(say("offsets.title", language)), Grid(heads, rows), *([Grid(credit, kinds)] if kinds else [])]


def _remarks(remarks: Iterable[Mapping[str, Any]], language: str) -> list[Block]:
    """What must not be missed."""
    points: list[Block] = [Text(remark(r, language), True) for r in remarks]
    return [Heading(say("account.remarks", language)), *points] if points else []


def remark(one: Mapping[str, Any], language: str) -> str:
    """One remark as a sentence."""
    shown: dict[str, Any] = {}
    for key, value in one.items():
        quantity = "carbon" if key.endswith("_t") else "share" if key.endswith("share") else "energy" if key == "mwh" else ""
        shown[key] = fmt(float(value), quantity, language) if quantity else value
    return say(f"account.remark.{one['remark']}", language, **shown)


def told(remarks: Iterable[Mapping[str, Any]], language: str) -> list[str]:
    """One sentence a kind of remark, of the last year it is true of, with the other years named: what stands beside every plan."""
    kinds: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in remarks:
        kinds.setdefault((str(one["remark"]), str(one.get("cap", ""))), []).append(one)
    said = []
    for same in kinds.values():
        *others, last = sorted(same, key=lambda r: int(r["year"]))
        also = say("account.remark.also", language, years=say("list.and", language).join(str(int(r["year"])) for r in others)) if others else ""
        said.append(remark(last, language) + also)
    return said


def _processes(case: Case, lines: pd.DataFrame, years: Sequence[int], language: str) -> list[Block]:
    """Direct emissions of the largest processes; negative is what a measure saves or captures."""
    direct = lines[(lines["scope"] == 1) & ~lines["item"].isin(["biogenic", "removal"])]
    wide = direct.pivot_table(index="process", columns="year", values="t", aggfunc="sum", fill_value=0.0).reindex(columns=list(years), fill_value=0.0)
    wide = wide.loc[wide.abs().max(axis=1).sort_values(ascending=False).index]
    rows = [
        (_called(case, str(p), language), *(_t(float(v), language) for v in values)) for p, values in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    rest = wide.iloc[MOST:].sum()
    shown = rows[:MOST] + ([(say("other", language), *(_t(float(v), language) for v in rest))] if len(rows) > MOST else [])
    return [Heading(say("account.processes", language)), Grid((say("account.unit", language), *map(str, years)), tuple(shown))]


def _called(case: Case, process: str, language: str) -> str:
    """A process as the case calls it; one that is no equipment of the case by its own name."""
    return case.label(process, language) if process in case.by_name["assets"] else process.replace("_", " ")


def _factors(case: Case, lines: pd.DataFrame, language: str) -> list[Block]:
    """Every factor that was used, once: value, what it is made of, year, region, source, how far to trust it."""
    used = lines[(lines["factor"] != 0) & (lines["item"] != "offset")]
    used = used.drop_duplicates(["carrier", "item", "view", "factor", "source"]).sort_values(["carrier", "item", "view", "year"])
    carriers, provinces, cited = (case.by_name[t] for t in ("carriers", "provinces", "sources"))

    def worded(kind: str, code: str) -> str:
        return say(key, language) if (key := f"account.{kind}.{code}") in texts() else code

    rows = []
    for r in used.to_dict("records"):
        name = str(carriers.get(r["carrier"], {}).get(language) or r["carrier"])
        view = " · " + say(f"view.{r['view']}", language) if r["view"] else ""
        item = say(f"account.item.{r['item']}", language)
        trust = say(f"account.confidence.{r['confidence']}", language) if r["confidence"] else "–"
        base, _, share = str(r["made_of"]).partition(" × (1")
        made_of = worded("made_of", base) + (f" × (1{share}" if share else "")
        year = r["factor_year"] or (cited[r["source"]]["year"] if r["source"] in cited else None)  # of the factor, else of what says so
        region = str(provinces[r["region"]][language]) if r["region"] in provinces else worded("region", str(r["region"]) or "any")
        about = (f"{r['factor']:.6g} t/{r['unit']}", made_of or "–", str(int(year)) if year else "–", region)
        rows.append((f"{name} · {item}{view}", *about, str(r["source"]) or "–", trust))
    heads = tuple(say(f"account.column.{c}", language) for c in ("what", "factor", "made_of", "year", "region", "source", "confidence"))
    return [Heading(say("account.factors", language)), Grid(heads, tuple(rows))]


def _missing(case: Case, lines: pd.DataFrame, language: str) -> list[Block]:
    """What was bought and has no factor upstream."""
    bare = lines[(lines["quantity"] == "bought") & (lines["made_of"] == "not quantified")]["carrier"].unique()
    names = [str(case.by_name["carriers"].get(c, {}).get(language) or c) for c in bare]
    return [Text(say("account.missing", language, names=say("list.and", language).join(names)))] if names else []


def sources(case: Case, named: Iterable[str], language: str, more: Iterable[tuple[str, ...]] = ()) -> list[Block]:
    """Where figures come from. more: what is no row of the sources table - name, title, publisher, year, address."""
    known = case.by_name["sources"]
    cited = [known[s] for s in sorted(set(named)) if s in known]
    rows = [(str(r["id"]), str(r["title"]), str(r["publisher"] or "–"), str(r["year"] or "–"), str(r["url"] or "–")) for r in cited]
    heads = tuple(say(f"account.column.{c}", language) for c in ("source", "title", "publisher", "year", "url"))
    return [Heading(say("account.sources", language)), Grid(heads, (*rows, *more))]


def _t(value: float | None, language: str) -> str:
    """Tonnes as text; what is not there is a dash."""
    return f"{value:,.0f}".replace("-", "−") if value is not None and value == value else "–"


# Formats --------------------------------------------------------------------------------------------------------


def markdown(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown."""
    out: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            out += ["", "#" * block.level + " " + block.text, ""]
        elif isinstance(block, Text):
            out += [f"- {block.text}"] if block.point else [block.text, ""]
        else:
            rule = "|" + "|".join(["---", *["---:"] * (len(block.heads) - 1)]) + "|"
            cells = ("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in (block.heads, *block.rows))
            first, *others = cells
            out += ["", first, rule, *others, ""]
    return "\n".join(out).strip().replace("\n\n\n", "\n\n") + "\n"


NUMBER = re.compile(r"[−+-]?\d[\d,.]*[^\d]{0,12}|–|")
SHORT = 10  # letters of a cell that is never broken


def _kind(cells: Sequence[str]) -> str:
    """How the cells of a column stand: numbers at the right, short words in one line, text as it comes."""
    if all(NUMBER.fullmatch(c) for c in cells):
        return ' class="n"'
    return ' class="s"' if all(len(c) <= SHORT for c in cells) else ""


def html(blocks: Sequence[Block], language: str) -> str:
    """Blocks as one page of HTML that needs nothing else."""
    title = next((b.text for b in blocks if isinstance(b, Heading)), "")
    body: list[str] = []
    listing = False
    for block in blocks:
        point = isinstance(block, Text) and block.point
        if point != listing:
            body.append("<ul>" if point else "</ul>")
            listing = point
        if isinstance(block, Heading):
            body.append(f"<h{block.level}>{escape(block.text)}</h{block.level}>")
        elif isinstance(block, Text):
            body.append(f"<li>{escape(block.text)}</li>" if point else f"<p>{escape(block.text)}</p>")
        else:
            kinds = [_kind([row[n] for row in block.rows]) for n in range(len(block.heads))]
            head, *rows = (
                "<tr>" + "".join(f"<{tag}{kind}>{escape(c)}</{tag}>" for c, kind in zip(row, kinds, strict=True)) + "</tr>"
                for tag, row in (("th", block.heads), *(("td", row) for row in block.rows))
            )
            body.append(f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>")
    body += ["</ul>"] if listing else []
    style = (
        "body{font:15px/1.5 'Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif;max-width:72em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse;margin:1em 0;display:block;overflow-x:auto}th,td{padding:.25em .7em;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}"
        "td{overflow-wrap:anywhere;min-width:5em}.n,.s{min-width:0;overflow-wrap:normal}"
        ".n{text-align:right;font-variant-numeric:tabular-nums}.n,.s{white-space:nowrap}@media print{body{max-width:none;margin:0}table{display:table}tr{break-inside:avoid}}"
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style></head>\n'
        f"<body>\n{chr(10).join(body)}\n</body>\n</html>\n"
    )
