"""Terminal of reasons 终端说明: why no plan exists, what limits cost and what a plan earns, as text for people."""

from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from planner.errors import NoPlanExists
from planner.language import fmt, say, translated
from planner.results import Results, rows_of
from planner.terminal import titled
from planner.views import no_plan as no_plan_views
from planner.why.told import needed, quantity, told


def no_plan(console: Console, error: NoPlanExists, language: str) -> None:
    """Why there is no plan: what contradicts what, what can be reached, and the nearest plan."""
    console.print(say("terminal.no_plan", language), style="bold red")
    if not error.unreachable:
        console.print(f"  {translated(str(error), language)}", highlight=False, markup=False)
    why = told(error)
    if why.get("conflicts") is not None:
        _conflicts(console, why, language)
    if error.reachable:
        console.print(_reachable(error, language))


def _conflicts(console: Console, why: dict[str, Any], language: str) -> None:
    table = titled(say("why.conflicts", language), *(say(f"why.{head}", language) for head in ("requirement", "alone", "nearest")))
    near = {(r["kind"], r["name"], r["year"]): r for r in (why["nearest"] or {}).get("requirements", ())}
    for number, conflict in enumerate(why["conflicts"], start=1):
        for r in conflict["requirements"]:
            eased = near.get((r["kind"], r["name"], r["year"]))
            table.add_row(f"{number}  {r[language]}", needed(r, language), needed(eased, language) if eased else say("why.as_is", language))
        table.add_section()
    if why["conflicts"]:
        console.print(table)
    notes, nearest = no_plan_views.notes(why, language), why["nearest"]
    if nearest and nearest["changes"]:
        notes.append(say("why.nearest.open", language) + " " + " ".join(f"--set {c}" for c in nearest["changes"]))
    for note in notes:
        console.print(note, highlight=False, markup=False, soft_wrap=True)


def _reachable(error: NoPlanExists, language: str) -> Table:
    """The lowest reachable emissions of every capped year."""
    table = titled(say("why.reach", language), *(say(f"why.reach.{head}", language) for head in ("cap", "limit", "alone", "together", "missed")))
    for u in error.reachable:
        unit = error.unit(u.cap)
        missed = u.lowest_alone[1] - u.limit
        table.add_row(
            f"{u.cap} {u.year}", fmt(u.limit, unit, language), fmt(u.lowest_alone[1], unit, language),
            fmt(u.lowest_together[1], unit, language) if u.lowest_together else "–",
            fmt(missed, unit, language) if u in error.unreachable else "", style="red" if u in error.unreachable else "",
        )  # fmt: skip
    return table


def prices(frame: pd.DataFrame, language: str) -> Table:
    """What each limit costs: those that were planned again, and bind or would if they were tighter."""
    heads = ("price.limit", "price.used", "price.less", "price.more", "price.relaxed", "price.tighter_5", "price.tighter_10", "price.remark")
    table = titled(say("price.title", language), *(say(head, language) for head in heads))
    records = rows_of(frame)
    for row in records:
        if (row["replanned_10_high"] or 0.0) > 0 or row["remark"] == "no plan keeps it tighter":
            table.add_row(
                str(row[language]), fmt(row["used"], quantity(row), language),
                *(money(row[f"fixed_{side}"], row["unit"], language) for side in ("less", "more")), money(row["relaxed"], row["unit"], language),
                *(_between(row, f"replanned_{share}", language) for share in (5, 10)), say(f"price.{row['remark']}", language) if row["remark"] else "",
            )  # fmt: skip
    return table


def money(value: float | None, unit: str, language: str) -> str:
    """A price a unit, whole where it is large."""
    return "–" if value is None else say("price.per", language, value=_short(value), unit=unit.removesuffix("/a"))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else "0" if abs(value) < 0.005 else f"{value:,.3g}"


def _between(row: dict[str, Any], name: str, language: str) -> str:
    low, found, high = (row[f"{name}_{part}"] for part in ("low", "found", "high"))
    if found is None:
        return "–"
    return f"{money(found, row['unit'], language)} ({_short(low)}–{_short(high)})"


def worth(results: Results, language: str) -> Table:
    """The plan against operation as today and against the free plan."""
    heads = ("worth.reference", "worth.extra", "worth.invested", "worth.npv", "worth.irr", "worth.payback", "worth.remark")
    table = titled(say("worth.title", language), *(say(head, language) for head in heads))
    frame = results["worth"]
    records = rows_of(frame)
    for row in records:
        table.add_row(
            say(f"worth.{row['reference']}", language), *(fmt(row[k], "money_change", language) for k in ("extra_cny", "invested_cny", "npv_cny")),
            fmt(row["irr"], "share", language), say("worth.years", language, years=f"{row['payback_years']:.1f}") if row["payback_years"] is not None else "–",
            say(f"worth.{row['remark']}", language) if row["remark"] else "",
        )  # fmt: skip
    return table


def financing(frame: pd.DataFrame, language: str) -> Table:
    """Each project and way of paying for it."""
    heads = (
        "options.option",
        "finance.way",
        "finance.site",
        "finance.saving",
        "finance.share",
        "finance.price",
        "options.npv",
        "worth.irr",
        "options.payback",
        "options.cost_per_t",
    )
    table = titled(say("finance.title", language), *(say(head, language) for head in (*heads, "options.remark")))
    records = rows_of(frame)
    last = None
    for row in records:
        name = "" if row["option"] == last else str(row[language])
        last = row["option"]
        table.add_row(
            name, say(f"finance.{row['way']}", language), fmt(row["site_investment_cny"], "money", language), fmt(row["first_saving_cny"], "money_change", language),
            fmt(row["share_paid"], "share", language), fmt(None if row["price_cny_per_mwh"] is None else row["price_cny_per_mwh"] / 1000, "power_price", language),
            fmt(row["npv_cny"], "money_change", language), fmt(row["irr"], "share", language), "–" if row["payback_years"] is None else f"{row['payback_years']:.1f}",
            fmt(row["cny_per_t"], "unit_cost", language), say(f"finance.{row['remark']}", language) if row["remark"] else "",
        )  # fmt: skip
    return table
