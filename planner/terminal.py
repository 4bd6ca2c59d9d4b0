"""Terminal 终端: plans, options and findings as text for people, in either language; progress on one line."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from planner import compare, disclosure
from planner import group as groups
from planner.compare import Answer
from planner.errors import CaseError
from planner.language import fmt, say, spoken, translated
from planner.plan import Progress
from planner.plant import MILLION
from planner.results import Results, rows_of
from planner.views import names
from planner.views import whole_year as hours
from planner.views.headline import sentence
from planner.views.roadmap import written_off
from planner.why.reasons import written_as

CHECKED = "✓"


def progress(console: Console, language: str) -> Callable[[Progress], bool]:
    """A listener that rewrites one line on a terminal, and stays silent elsewhere."""

    def listen(now: Progress) -> bool:
        if console.is_terminal:
            parts = [say(f"phase.{now.phase}", language), f"{now.seconds:.0f} s"]
            if now.cost is not None:
                parts.append(say("progress.cost", language, cost=fmt(now.cost * MILLION, "money", language)))
            if now.bound is not None:
                parts.append(say("progress.bound", language, bound=fmt(now.bound * MILLION, "money", language)))
            if now.cost is not None and now.bound is not None:
                parts.append(say("progress.gap", language, gap=fmt((now.cost - now.bound) * MILLION, "money", language)))
            console.print("  ".join(parts).ljust(console.width - 1)[: console.width - 1], end="\r", highlight=False)
        return True

    return listen


def plan(console: Console, results: Results, record: dict[str, Any], language: str) -> None:
    """The answer: sentence, roadmap, emissions against the caps, costs, energy, gap."""
    console.print(f"\n[bold]{sentence(results, language)}[/bold]\n")
    console.print(roadmap(results, language))
    if (lost := written_off(results, language)) is not None:
        table = titled(say("book.title", language), *lost.columns)
        for row in lost.itertuples(index=False, name=None):
            table.add_row(*row)
        console.print(table)
    console.print(emissions(results, language))
    if len(reached := results["targets"]) and not reached["plain"].all():
        console.print(targets(results, language))
    if "offset_years" in results.tables:
        console.print(offsets(results, language))
    if len(results["limits"]):
        console.print(limits(results, language))
    if len(results.tables.get("unserved", ())):
        console.print(unserved(results, language))
    console.print(costs(results, language))
    console.print(energy(results, language))
    s = results.summary
    whole_year(console, results, language)
    spent = record["seconds"]
    console.print(
        say(
            "terminal.proof", language, gap=f"{s['gap']:.2%}", gap_cny=fmt(s["gap_cny"], "money", language),
            decided=fmt(s["decided_cny"], "money", language), residual=f"{record['audit']['largest_residual']:.1e}", seconds=f"{spent['total']:.1f}",
            rows=f"{record['solver']['rows']:,.0f}", columns=f"{record['solver']['columns']:,.0f}",
        ),
        highlight=False,
    )  # fmt: skip
    for warning in disclosure.told(s.get("remarks", ()), language):
        console.print(f"  ! {warning}", style="yellow", highlight=False)
    for note in s["notes"]:
        console.print(f"  · {translated(note, language)}", style="dim", highlight=False)


def roadmap(results: Results, language: str) -> Table:
    """What is done, year by year."""
    table = titled(
        say("terminal.roadmap", language),
        *(say(f"column.{c}", language) for c in ("in_service", "decision", "action", "asset", "size")),
        say("options.investment", language),
    )
    records: list[dict[str, Any]] = results["roadmap"].to_dict("records")  # type: ignore[assignment]
    for row in records:
        table.add_row(
            str(row["year"]), str(row["decision_year"]), say(f"action.{row['action']}", language), str(row[language]),
            fmt(row["size"], row["unit"], language), fmt(row["investment_cny"], "money", language) if row["investment_cny"] else "",
        )  # fmt: skip
    return table


def emissions(results: Results, language: str) -> Table:
    """Emissions by scope and year, location and market view, against every cap."""
    frame = results["emissions"]
    years = sorted(frame["year"].unique())
    table = titled(say("terminal.emissions", language), "", *map(str, years))
    for (scope, view), group in frame.groupby(["scope", "view"], sort=False):
        values = group.set_index("year")["t"]
        if values.abs().max() > 0:
            title = say(f"scope.{scope}", language) + (f" ({say(f'view.{view}', language)})" if view else "")
            table.add_row(title, *(fmt(values[y], "emissions", language) for y in years))
    for name, group in results["caps"].groupby("name", sort=False):
        limits = group.set_index("year")
        table.add_row(say("terminal.cap", language, name=name), *(fmt(limits["limit"].get(y), "emissions", language) for y in years), style="bold")
        prices = [fmt(p, "unit_cost", language) if (p := limits["shadow_price"].get(y, 0.0)) > 0.5 else "–" for y in years]
        table.add_row(say("terminal.cap_price", language), *prices, style="dim")
    return table


def targets(results: Results, language: str) -> Table:
    """What is to be reached beside yearly amounts of emissions, what the plan reaches, and what passes a limit at its price."""
    heads = ("name", "what", "year", "limit", "value", "binding", "passed")
    table = titled(say("targets.title", language), *(say(f"targets.{h}", language) for h in heads))
    reached = results["targets"]
    rows: list[dict[str, Any]] = reached[~reached["plain"].astype(bool)].to_dict("records")  # type: ignore[assignment]
    for row in rows:
        what = say(f"targets.measure.{row['measure']}", language) + (say("targets.cumulative", language) if row["cumulative"] else "")
        passed = f"{row['over']:,.4g} {row['over_unit']}" if row["over"] > 1e-6 else ""
        said = (targets_said(row[k], row["unit"], language) for k in ("limit", "value"))
        table.add_row(row["name"], what, str(row["year"]), *said, say("yes", language) if row["binding"] else "", passed)
    return table


def offsets(results: Results, language: str) -> Table:
    """What may be offset behind the plant's own reduction, and what that costs on top of the plan."""
    heads = ("year", "left", "own", "floor", "limit", "offset", "remains", "cost")
    table = titled(say("offsets.title", language), *(say(f"offsets.{h}", language) for h in heads))
    rows: list[dict[str, Any]] = results["offset_years"].to_dict("records")  # type: ignore[assignment]
    for row in rows:
        tonnes = {k: fmt(row[k], "emissions", language) for k in ("left_t", "limit_t", "offset_t", "remains_t")}
        shares = (fmt(row[k], "share", language) for k in ("own_share", "floor"))
        table.add_row(
            str(row["year"]), tonnes["left_t"], *shares, tonnes["limit_t"] if row["may"] else say("offsets.none", language), tonnes["offset_t"],
            tonnes["remains_t"], fmt(row["cny"], "money", language),
        )  # fmt: skip
    return table


def targets_said(value: float, unit: str, language: str) -> str:
    """A target's number with its unit."""
    if unit == "share":
        return fmt(value, "share", language)
    return fmt(value, "emissions", language) if unit == "t" else f"{value:,.4g} {unit}"


def limits(results: Results, language: str) -> Table:
    """What the case limits, what is taken of it, and where it binds."""
    table = titled(say("terminal.limits", language), *(say(f"limits.{h}", language) for h in ("name", "year", "limit", "taken", "binding")))
    rows: list[dict[str, Any]] = results["limits"].to_dict("records")  # type: ignore[assignment]
    for row in rows:
        unit = "money" if row["unit"] == "CNY" else row["unit"]
        table.add_row(
            f"{row['name']} ({say('limit.' + row['kind'], language)})", str(row["year"]), fmt(row["limit"], unit, language), fmt(row["value"], unit, language),
            say("yes", language) if row["binding"] else "",
        )  # fmt: skip
    return table


def unserved(results: Results, language: str) -> Table:
    """What goes unserved at its price, year by year."""
    table = titled(
        say("terminal.unserved", language), *(say(f"unserved.{h}", language) for h in ("item", "year", "amount", "hours", "largest", "cost"))
    )
    for row in rows_of(results["unserved"]):
        item, carrier = (names.name(results, str(row[c]), language) for c in ("item", "carrier"))
        rate = f"{row['unit']}/h".replace("MWh/h", "MW")
        table.add_row(
            item if row["item"] == row["carrier"] else f"{item}: {carrier}", str(row["year"]), fmt(row["amount"], row["unit"], language), f"{row['hours']:,.0f} h",
            fmt(row["largest"], rate, language) if row["largest"] else "", fmt(row["cny"], "money", language),
        )  # fmt: skip
    return table


def costs(results: Results, language: str) -> Table:
    """The largest cost parts by year, and what they were as today."""
    frame = results["costs"].pivot_table(index="part", columns="year", values="cny", sort=False)
    frozen = results["frozen_costs"].pivot_table(index="part", columns="year", values="cny", sort=False)
    frame = frame.reindex(frame.abs().max(axis=1).sort_values(ascending=False).index)
    last = frame.columns[-1]
    table = titled(say("terminal.costs", language), "", *map(str, frame.columns), say("terminal.as_today", language, year=last))
    for part, row in frame.head(14).iterrows():
        if row.abs().max() >= 1:
            today = frozen[last].get(part, 0.0)
            table.add_row(names.name(results, str(part), language), *(fmt(v, "money", language) for v in row), fmt(today, "money", language))
    table.add_row(
        say("terminal.total", language), *(fmt(v, "money", language) for v in frame.sum()), fmt(frozen[last].sum(), "money", language), style="bold"
    )
    return table


def energy(results: Results, language: str) -> Table:
    """Electricity balance by year: who makes and who uses it."""
    frame = results["balance"]
    frame = frame[frame["carrier"] == "electricity"].pivot_table(index="item", columns="year", values="amount", fill_value=0.0)
    frame = frame.reindex(frame.abs().max(axis=1).sort_values(ascending=False).index)
    table = titled(say("terminal.energy", language), "", *map(str, frame.columns))
    for item, row in frame.head(12).iterrows():
        table.add_row(names.name(results, str(item), language), *(fmt(v, "energy", language) for v in row))
    return table


def whole_year(console: Console, results: Results, language: str) -> None:
    """Whether the plan holds on all hours: running cost, caps, and whatever does not hold."""
    s = results.summary
    if "holds" not in s:
        console.print(say("terminal.whole_year.open", language), style="dim", highlight=False)
        return
    table = titled(
        say("terminal.whole_year", language), *(say(f"whole_year.{c}", language) for c in ("item", "year", "planned", "found", "limit", "holds"))
    )
    frame = results["whole_year"]
    shown = frame[frame["quantity"].eq("cap") | frame["holds"].map(str).eq("False") | frame["item"].eq("running")]
    records: list[dict[str, Any]] = shown.to_dict("records")  # type: ignore[assignment]
    for row in records:
        held = {"True": CHECKED, "False": say("no", language)}.get(str(row["holds"]), "")
        item = say(f"whole_year.of.{row['quantity']}", language, item=names.name(results, str(row["item"]), language))
        table.add_row(item, str(row["year"]), *(hours.amount(row, column, language) for column in ("planned", "whole_year", "limit")), held)
    console.print(table)
    if "rounds" in results.tables and len(results["rounds"]):
        console.print(rounds(results, language))
    if "all_hours" in results.tables:
        console.print(all_hours(results, language), style="bold", highlight=False)
        return
    told = "terminal.whole_year.holds" if s["holds"] else "terminal.whole_year.missed"
    console.print(
        say(
            told, language, cost=fmt(s["whole_year_cost_change"], "change", language), emissions=fmt(s["whole_year_emissions_change"], "change", language),
            peak=fmt(s["whole_year_peak_excess"], "change", language), synthetic=hours.synthetic(results, language),
        ), style="bold", highlight=False,
    )  # fmt: skip


def all_hours(results: Results, language: str) -> str:
    """What was decided on all hours: how near it is proven to be, in how many steps, and what the representative days had said."""
    s = results.summary
    told = "all_hours.holds" if s["holds"] else "all_hours.missed"
    kept = say("all_hours.reached" if s["all_hours_reached"] else "all_hours.ended", language)
    return say(
        told, language, synthetic=hours.synthetic(results, language), steps=s["all_hours_steps"], gap=f"{s['gap']:.2%}", reached=kept,
        cost=fmt(s["objective_cny"], "money", language), bound=fmt(s["bound_cny"], "money", language),
        before=fmt(s["representative_cny"], "money", language), before_bound=fmt(s["representative_bound_cny"], "money", language),
    )  # fmt: skip


def rounds(results: Results, language: str) -> Table:
    """What the plan was asked for on top of its case, because the whole year missed it, and what came of it."""
    table = titled(
        say("rounds.title", language), *(say(f"rounds.{h}", language) for h in ("round", "asked", "year", "amount", "before", "after", "kept"))
    )
    for row in rows_of(results["rounds"]):
        asked = say(f"rounds.of.{row['kind']}", language, item=names.name(results, str(row["item"]), language), day=f"{row['amount']:.0f}")
        amount = "" if row["kind"] in ("day", "peak") else fmt(row["amount"], written_as(row["kind"], row["unit"]), language)
        after = "–" if row["amiss_after"] is None else f"{row['amiss_after']:.3%}"
        year = f"{row['year']:.0f}" if row["year"] is not None else ""
        table.add_row(str(row["round"]), asked, year, amount, f"{row['amiss_before']:.3%}", after, say("yes" if row["kept"] else "no", language))
    return table


def options(frame: pd.DataFrame, language: str) -> Table:
    """Each option alone."""
    heads = ("option", "size", "investment", "saving", "payback", "npv", "saved", "cost_per_t", "remark")
    table = titled(say("terminal.options", language), *(say(f"options.{h}", language) for h in heads))
    for row in rows_of(frame):
        table.add_row(
            f"{row[language] or row['option']}", fmt(row["size"], row["unit"], language) if row["size"] else "", _money(row["investment_cny"], language),
            _money(row["yearly_saving_cny"], language), f"{row['payback_years']:.1f}" if row["payback_years"] is not None else "–",
            _money(row["lifetime_npv_cny"], language), fmt(row["saved_t"], "emissions", language), fmt(row["cny_per_t"], "unit_cost", language),
            say(f"remark.{row['remark']}", language) if row["remark"] else "",
        )  # fmt: skip
    return table


def compared(titles: Sequence[str], answers: Sequence[Answer], language: str) -> Table:
    """The same questions to several plans; conditions that differ are marked."""
    table = titled(say("compare.title", language), "", *titles)
    group = ""
    for answer in answers:
        if answer.group != group:
            group = answer.group
            table.add_row(say(f"compare.{group}", language), style="bold")
        marked = group == "conditions" and not answer.same
        table.add_row(
            f"  {compare.label(answer, language)}" + (f" ({say('compare.differs', language)})" if marked else ""),
            *compare.cells(answer, language),
            style="yellow" if marked else "",
        )
    return table


def group_years(frame: pd.DataFrame, language: str) -> Table:
    """Several factories by year, with their sums."""
    years = [c for c in frame.columns if c not in ("question", "factory")]
    table = titled(say("group.title", language), "", *map(str, years))
    for question, rows in frame.groupby("question", sort=False):
        table.add_row(say(f"group.{question}", language), style="bold")
        for values in rows[["factory", *years]].astype(object).to_numpy():
            name, *figures = values
            shown = say("group.sum", language) if name == groups.SUM else name
            table.add_row(
                f"  {shown}", *(fmt(v, groups.QUESTIONS[str(question)][0], language) for v in figures), style="bold" if name == groups.SUM else ""
            )
    return table


def group_order(frame: pd.DataFrame, language: str) -> Table:
    """Who goes first, with the figures behind the order."""
    heads = {"rank": "", "factory": "", "investment": "money", "avoided": "t CO₂", "extra": "money", "per_tonne": "unit_cost"}
    table = titled(say("group.order", language), *(say(f"group.head.{h}", language) for h in heads))
    for row in frame[list(heads)].astype(object).to_dict("records"):
        table.add_row(str(row["rank"]), str(row["factory"]), *(fmt(row[h], quantity, language) for h, quantity in heads.items() if quantity))
    return table


def reconciled(frame: pd.DataFrame, language: str) -> Table:
    """The plant's report beside the model."""
    table = titled(
        say("terminal.reconcile", language), *(say(f"reconcile.{h}", language) for h in ("report", "item", "model", "plant", "unit", "remainder"))
    )
    for report, item, model, plant, unit, remainder in frame[["report", "item", "model", "plant", "unit", "remainder"]].astype(object).to_numpy():
        table.add_row(report, item, f"{model:,.6g}", f"{plant:,.6g}", unit, f"{remainder:+.1%}" if remainder is not None else "–")
    return table


def calibrated(frame: pd.DataFrame, language: str) -> Table:
    """The plant's report beside the model before and after its coefficients were set."""
    heads = ("report", "item", "before", "after", "plant", "unit", "remainder", "met")
    table = titled(say("terminal.calibrated", language), *(say(f"reconcile.{h}", language) for h in heads))
    for report, item, before, after, plant, unit, remainder, met in frame.astype(object).to_numpy():
        left = f"{remainder:+.1%}" if remainder is not None else "–"
        table.add_row(report, item, f"{before:,.6g}", f"{after:,.6g}", f"{plant:,.6g}", unit, left, say(f"reconcile.met.{met}", language))
    return table


def blocks(console: Console, page: Sequence[disclosure.Block]) -> None:
    """A page of the account: headings, sentences and tables."""
    for block in page:
        if isinstance(block, disclosure.Heading):
            console.print(f"\n{block.text}", style="bold", highlight=False)
        elif isinstance(block, disclosure.Text):
            console.print(f"  · {block.text}" if block.point else block.text, highlight=False, markup=False)
        else:
            table = Table(*block.heads, header_style="bold", pad_edge=False)
            for n, column in enumerate(table.columns):
                column.justify = "left" if n == 0 else "right"
            for row in block.rows:
                table.add_row(*row)
            console.print(table)


def findings(console: Console, error: CaseError, language: str) -> None:
    """Everything that is wrong with a case, at once."""
    console.print(say("terminal.findings", language, count=len(error.findings)), style="bold red")
    for finding in error.findings:
        console.print(f"  {spoken(finding, language)}", highlight=False, markup=False)


def _money(value: float | None, language: str) -> str:
    return fmt(value, "money", language) if value is not None else "–"


def framed(title: str, frame: pd.DataFrame) -> Table:
    """A table that stands in words already."""
    table = titled(title, *map(str, frame.columns))
    for row in frame.astype(object).where(frame.notna(), "–").to_numpy().tolist():
        table.add_row(*map(str, row))
    return table


def titled(title: str, *heads: str) -> Table:
    """An empty table in our clothes: the first column is text, all others are numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", pad_edge=False)
    for n, head in enumerate(heads):
        table.add_column(head, justify="left" if n == 0 else "right", no_wrap=n == 0, overflow="fold")  # Chinese has no spaces to wrap at
    return table
