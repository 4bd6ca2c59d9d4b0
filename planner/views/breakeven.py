"""Break-even 临界值: at which value of a number technologies enter or leave the plan, as the interval that the gaps leave open."""

import pandas as pd
from plotly import graph_objects as go

from planner.language import say, span
from planner.results import Results
from planner.views import names, theme
from planner.views.missing import missing
from planner.views.tornado import numbers

TITLE, QUESTION, SOURCE = "breakeven.title", "breakeven.question", "breakeven.source"
LONGEST = 28


def table(results: Results, language: str) -> pd.DataFrame:
    """One row an option."""
    frame = results.tables.get("breakeven")
    return missing(language, "breakeven") if frame is None else told(frame, language)


def told(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The table with its words."""
    ends = numbers(frame, "low", "high", "base", "from", "to")
    rows = []
    for r, f in zip(frame.to_dict("records"), ends.to_dict("records"), strict=True):
        unit = str(r["unit"] or "")
        found = r["status"] in ("found", "undecided") and f["low"] == f["low"]
        said = say(f"breakeven.{r['side']}", language, span=span(f["low"], f["high"], names.unit(unit, language), language)) if found else ""
        state = "" if r["status"] == "found" else say(f"breakeven.{str(r['status']).replace(' ', '_')}", language)
        amounts = " … ".join(a for a in (r["amounts_low"], r["amounts_high"]) if isinstance(a, str) and a)
        rows.append((
            r[language], r[f"number_{language}"], " ".join(t for t in (said, state) if t), amounts, names.with_unit(f"{f['base']:,.4g}", unit, language),
            f"{f['from']:,.4g}–{f['to']:,.4g}", say(f"account.confidence.{r['weakest']}", language),
        ))  # fmt: skip
    heads = ("asset", "number", "where", "amounts", "base", "tried", "weakest")
    return pd.DataFrame(rows, columns=[say(f"breakeven.{h}", language) for h in heads])


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """A bar an option over the values at which it is in the plan, lighter where the gaps hide it; a line at the case's own value."""
    frame = results.tables.get("breakeven")
    if frame is None:
        return missing(language, "breakeven", dark)
    frame = frame.assign(**numbers(frame, "low", "high", "base", "from", "to"))
    head = frame.iloc[0] if len(frame) else None
    unit = f"{head[f'number_{language}']} ({names.unit(head['unit'], language)})" if head is not None else ""
    made = theme.figure(dark, theme.HEIGHT, unit=unit, legend=True)
    rows = [r for r in frame.to_dict("records") if r["low"] == r["low"]][::-1]
    label = [names.short(str(r[language]), LONGEST) for r in rows]
    surely = [((r["from"], r["low"]) if r["side"] == "below" else (r["high"], r["to"])) for r in rows]
    hidden = [(r["low"], r["high"]) for r in rows]
    for key, ends, colour in (("breakeven.in", surely, "hydrogen"), ("breakeven.open", hidden, "efficiency")):
        made.add_bar(orientation="h", y=label, base=[a for a, _ in ends], x=[b - a for a, b in ends], name=say(key, language), marker={"color": theme.colour(colour, dark)}, hovertemplate="%{base:.4g}<extra></extra>")  # fmt: skip
    if head is not None:
        made.add_vline(x=float(head["base"]), line={"color": theme.LIMIT[dark], "dash": "dot"})
    made.update_layout(barmode="overlay")
    made.update_xaxes(showgrid=True)
    return made
