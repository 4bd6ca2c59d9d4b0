"""Flowing 流向: the energy of a year as bars any office program can draw - who brings each carrier, and who uses it.

The bands are those of the explorer's picture (views/flows): every one of them is a piece of one bar, so both charts add up to
what the picture holds.
"""

from collections.abc import Iterable

from planner.language import say
from planner.report.material import Material
from planner.report.parts import Chart, Series
from planner.views import flows, names, theme
from planner.views.flows import Band, Node

PER = 1e3  # GJ in a TJ
BRINGS, USES = 0, 2  # columns of the picture
NAME, PARTY = 26, 36  # small letters of a carrier, of who brings or uses it


def charts(m: Material, language: str) -> list[Chart]:
    """Two charts of the last year, TJ: a bar a carrier, a piece whoever brings or uses it; the rest is one of each."""
    bands = flows.merged(flows.energy(m.results, m.last))
    if not bands:
        return []
    carriers = _largest(bands, 1)
    labels = tuple(names.short(flows.label(m.results, c, language), NAME) for c in carriers)
    made = []
    for column, key in ((BRINGS, "brings"), (USES, "uses")):
        parties = _largest(bands, column)
        series = []
        for node, colour in zip(parties, _colours(parties), strict=True):
            amounts = {b if a == node else a: v for a, b, v in bands if node in (a, b)}
            values = tuple(round(amounts[c] / PER, 3) if c in amounts else None for c in carriers)
            series.append(Series(names.short(flows.label(m.results, node, language), PARTY), values, colour))
        made.append(Chart("bars", say(f"report.energy.{key}", language, year=m.last), "TJ", labels, tuple(series)))
    return made


def told(m: Material, language: str) -> list[tuple[str, str, str, str]]:
    """The same in words: carrier, TJ, who brings and who uses it with their TJ; for pages that hold no charts."""
    brings, uses = charts(m, language) or (None, None)
    if brings is None or uses is None:
        return []

    def parties(chart: Chart, n: int) -> str:
        found = [(s.label, s.values[n] or 0.0) for s in chart.series]
        return say("list.items", language).join(f"{label} {v:,.0f}" for label, v in sorted(found, key=lambda p: -p[1]) if v >= 0.5)

    sums = [sum(s.values[n] or 0.0 for s in brings.series) for n in range(len(brings.categories))]
    return [(c, f"{sums[n]:,.0f}", parties(brings, n), parties(uses, n)) for n, c in enumerate(brings.categories)]


def total(m: Material) -> float:
    """All that is brought in the last year, TJ; what is made of another carrier counts again."""
    return sum(v for a, _, v in flows.energy(m.results, m.last) if a[0] == BRINGS) / PER


def _largest(bands: Iterable[Band], column: int) -> list[Node]:
    """The nodes of a column, the largest first, the rest last."""
    size: dict[Node, float] = {}
    for start, end, value in bands:
        for node in (start, end):
            if node[0] == column:
                size[node] = size.get(node, 0.0) + value
    return sorted(size, key=lambda n: (n[1] == flows.OTHER, -size[n]))


def _colours(parties: list[Node]) -> list[str]:
    """Sun and wind wear their own colour, the others the next that is free, the rest the palest."""
    own = {n: names.kind(n[1]) for n in parties if names.kind(n[1]) in ("solar", "wind")}
    own = {n: kind for n, kind in own.items() if list(own.values()).count(kind) == 1}
    free = iter(k for k in theme.LIGHT if k not in own.values() and k != "residual")
    return [theme.colour("residual" if n[1] == flows.OTHER else own.get(n) or next(free, "residual"), False) for n in parties]
