"""Headline 结论: the answer in one sentence and four numbers."""

from dataclasses import dataclass

import pandas as pd

from planner.language import fmt, say
from planner.results import Results

TITLE, QUESTION, SOURCE = "headline.title", "headline.question", "headline.source"


@dataclass(frozen=True)
class Number:
    """One number of the headline: what it is, its value, what to compare it with, and how it is meant."""

    label: str
    value: str
    note: str
    help: str


def sentence(results: Results, language: str) -> str:
    """The answer in one sentence."""
    s = results.summary
    cut = _share(s["emissions_frozen_t"] - s["emissions_last_t"], s["emissions_frozen_t"])
    extra = _extra(results)
    return say(
        f"headline.sentence.{'emissions_cut' if cut >= 0 else 'emissions_rise'}.{'dearer' if extra > 0 else 'cheaper'}", language,
        year=s["last_year"], cut=fmt(abs(cut), "share", language), left=fmt(s["emissions_last_t"], "emissions", language),
        money=fmt(abs(extra), "money", language), invested=fmt(s["investment_cny"], "money", language), first=s["first_year"], last=s["last_year"],
    )  # fmt: skip


def numbers(results: Results, language: str) -> tuple[Number, ...]:
    """Extra cost, emissions cut, investment and gap, each beside what it is measured against."""
    s = results.summary
    year, extra = s["last_year"], _extra(results)
    frozen, left, base = s["emissions_frozen_t"], s["emissions_last_t"], s.get("base_emissions_t")
    cuts = [say("headline.cut.frozen", language, share=fmt(_share(left - frozen, frozen), "change", language))]
    if base:
        cuts.append(say("headline.cut.base", language, share=fmt(_share(left - base, base), "change", language)))
    return (
        Number(
            say("headline.extra", language), fmt(extra, "money_change", language),
            say("headline.extra.note", language, share=fmt(_share(extra, s["frozen_cny"]), "change", language), bill=fmt(s["frozen_cny"], "money", language)),
            say("headline.extra.help", language, rate=fmt(s["discount_rate_real"], "share", language)),
        ),
        Number(say("headline.cut", language, year=year), fmt(frozen - left, "emissions", language), say("list.and", language).join(cuts), say("headline.cut.help", language)),
        Number(
            say("headline.investment", language, first=s["first_year"], last=year), fmt(s["investment_cny"], "money", language),
            say("headline.investment.note", language, share=fmt(s["estimated_share"], "share", language)), say("headline.investment.help", language),
        ),
        Number(
            say("headline.gap", language), fmt(s["gap"], "share", language),
            say("headline.gap.note", language, money=fmt(s["gap_cny"], "money", language)), say("headline.gap.help", language, decided=fmt(s["decided_cny"], "money", language)),
        ),
    )  # fmt: skip


def tighter(results: Results, language: str, share: float = 0.05) -> str:
    """What a cap tighter by ``share`` costs: planned again where the run holds that, else from its price at fixed decisions, said to be that; per cap of the last year."""
    caps = results["caps"]
    caps = caps[(caps["year"] == caps["year"].max()) & (caps["unit"] == "t")]
    said = []
    for name, limit, value, price in zip(caps["name"], caps["limit"], caps["value"], caps["shadow_price"], strict=True):
        words = {
            "name": say("emissions.cap", language) if len(caps) == 1 else str(name).replace("_", " "),
            "year": results.summary["last_year"],
            "share": fmt(share, "share", language),
        }
        less = share * limit
        if limit - value >= less:
            said.append(say("tighter.slack", language, **words))
        elif (again := _replanned(results, str(name), share)) is not None:
            low, found, high = again
            said.append(say("tighter.replanned", language, **words, less=fmt(less, "emissions", language), money=fmt(found * less, "money/a", language), price=fmt(found, "unit_cost", language), low=fmt(low, "unit_cost", language), high=fmt(high, "unit_cost", language)))  # fmt: skip
        elif price > 0:
            said.append(say("tighter.binds", language, **words, price=fmt(price, "unit_cost", language), less=fmt(less, "emissions", language), money=fmt(price * less, "money/a", language)))  # fmt: skip
        else:
            said.append(say("tighter.unknown", language, **words))
    return " ".join(said)


def _replanned(results: Results, cap: str, share: float) -> tuple[float, float, float] | None:
    """CNY/t at least, found and at most when all is planned again under the last year's cap tighter by ``share``; None where the run does not hold it."""
    prices, columns = results.tables.get("prices"), [f"replanned_{round(100 * share)}_{end}" for end in ("low", "found", "high")]
    if prices is None or not set(columns) <= set(prices):
        return None
    rows = prices.loc[prices["kind"].eq("cap") & prices["name"].eq(cap) & prices["year"].eq(results.summary["last_year"]), columns].dropna()
    if rows.empty:
        return None
    low, found, high = rows.to_numpy(dtype=float)[0].tolist()
    return low, found, high


def table(results: Results, language: str) -> pd.DataFrame:
    """The four numbers as a table."""
    rows = [(n.label, n.value, n.note) for n in numbers(results, language)]
    return pd.DataFrame(rows, columns=[say(f"headline.column.{c}", language) for c in ("label", "value", "note")])


def _extra(results: Results) -> float:
    """What the plan costs more than operation as today, over the whole horizon in today's money, CNY."""
    return float(results.summary["objective_cny"] - results.summary["frozen_cny"])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
