"""SVG 矢量图: charts of a report as static pictures inside a page - no script, no font, no request."""

from html import escape
from math import floor, log10

from planner.report.parts import Chart, Story
from planner.views import names, theme

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 320, 64, 190, 18, 28
SIGN = 6.2  # px of a small letter
ROW = 24


def chart(made: Chart) -> str:
    """Stacked columns or lines with labels at the right, or bars that lie."""
    if made.kind == "bars":
        return _bars(made)
    low, high = _range(made)
    step = _step(high - low)
    low, high = floor(low / step) * step, -floor(-high / step) * step
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return TOP + tall * (high - value) / (high - low)

    each = wide / len(made.categories)
    centre = [LEFT + each * (n + 0.5) for n in range(len(made.categories))]
    parts = []
    tick = low
    while tick <= high + step / 2:
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#E3E7EC"/>')
        parts.append(_text(LEFT - 6, y(tick) + 4, f"{tick:,.6g}", "end", "#5B6776"))
        tick += step
    parts += [_text(c, HEIGHT - 8, year, "middle", "#5B6776") for c, year in zip(centre, made.categories, strict=True)]
    if made.kind == "lines":
        for series in made.series:
            points = [(c, y(v)) for c, v in zip(centre, series.values, strict=True) if v is not None]
            parts.append(
                f'<polyline fill="none" stroke="{series.colour}" stroke-width="2.5" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}"/>'
            )
            parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{series.colour}"/>' for a, b in points]
    else:
        for n, c in enumerate(centre):
            up = down = 0.0
            for series in made.series:
                value = series.values[n] or 0.0
                start, end = (up, up + value) if value >= 0 else (down, down + value)
                up, down = (end, down) if value >= 0 else (up, end)
                top = y(max(start, end))
                said = escape(f"{series.label} {made.categories[n]}: {value:,.4g} {made.unit}")
                parts.append(
                    f'<rect x="{c - each * 0.33:.1f}" width="{each * 0.66:.1f}" y="{top:.1f}" height="{abs(y(start) - y(end)):.1f}" fill="{series.colour}"><title>{said}</title></rect>'
                )
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="#5B6776"/>')
    parts += _key(made, LEFT + wide + 14)
    return _svg(WIDTH, HEIGHT, f"{made.title} ({made.unit})", parts)


def _bars(made: Chart) -> str:
    """A lying bar a category, the pieces of every series one after the other."""
    heads, key = 160, 250
    wide = WIDTH - heads - key
    high = max(TOP + ROW * len(made.categories) + BOTTOM, TOP + 20 * len(made.series) + BOTTOM)
    longest = max([sum(v or 0.0 for v in column) for column in zip(*(s.values for s in made.series), strict=True)], default=0.0) or 1.0
    step = _step(longest)
    end = -floor(-longest / step) * step
    parts = []
    for n in range(round(end / step) + 1):
        x = heads + wide * n * step / end
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + ROW * len(made.categories)}" stroke="#E3E7EC"/>')
        parts.append(_text(x, TOP + ROW * len(made.categories) + 16, f"{n * step:,.6g}", "middle", "#5B6776"))
    for n, category in enumerate(made.categories):
        parts.append(_text(heads - 8, TOP + ROW * n + 15, names.short(category, int((heads - 12) / SIGN)), "end", "#1B2430"))
        left = float(heads)
        for series in made.series:
            value = series.values[n] or 0.0
            if value > 0:
                said = escape(f"{series.label} · {category}: {value:,.4g} {made.unit}")
                parts.append(
                    f'<rect x="{left:.1f}" y="{TOP + ROW * n + 3}" width="{wide * value / end:.1f}" height="{ROW - 7}" fill="{series.colour}"><title>{said}</title></rect>'
                )
                left += wide * value / end
    parts += _key(made, heads + wide + 14, key)
    return _svg(WIDTH, high, f"{made.title} ({made.unit})", parts)


def _key(made: Chart, left: float, room: float = RIGHT) -> list[str]:
    """What each colour means, in ``room`` px."""
    parts = []
    for n, series in enumerate(made.series):
        parts.append(f'<rect x="{left:.0f}" y="{TOP + 20 * n}" width="11" height="11" fill="{series.colour}"/>')
        parts.append(_text(left + 16, TOP + 20 * n + 10, names.short(series.label, int((room - 34) / SIGN)), "start", "#1B2430"))
    return parts


def gantt(story: Story) -> str:
    """The roadmap: light while it is built, full in service."""
    names_wide, notes = 250, 190
    wide, high = WIDTH + 120, 30 + ROW * len(story.lines)
    first, end = story.years[0], story.years[-1] + 1
    each = (wide - names_wide - notes) / (end - first)
    parts = [_text(names_wide + each * (n + 0.5), 16, str(year), "middle", "#5B6776") for n, year in enumerate(story.years)]
    parts += [
        f'<line x1="{names_wide + each * n:.1f}" x2="{names_wide + each * n:.1f}" y1="24" y2="{high}" stroke="#E3E7EC"/>'
        for n in range(end - first + 1)
    ]
    for n, line in enumerate(story.lines):
        top, ink = 30 + ROW * n, theme.colour(line.lever, False)
        start, service = max(line.steps[0][0], first) - first, max(line.steps[0][1], first) - first
        parts.append(_text(names_wide - 8, top + 12, names.short(line.label, int((names_wide - 12) / SIGN)), "end", "#1B2430"))
        parts.append(
            f'<rect x="{names_wide + each * start:.1f}" y="{top}" width="{each * (service - start):.1f}" height="15" fill="{ink}" fill-opacity="0.35"/>'
        )
        parts.append(f'<rect x="{names_wide + each * service:.1f}" y="{top}" width="{each * (end - first - service):.1f}" height="15" fill="{ink}"/>')
        parts.append(_text(wide - notes + 8, top + 12, names.short(line.note, int((notes - 10) / SIGN)), "start", "#5B6776"))
    return _svg(wide, high, story.sections["roadmap"].title, parts)


def _svg(wide: float, high: float, title: str, parts: list[str]) -> str:
    return f'<svg viewBox="0 0 {wide:.0f} {high:.0f}" role="img" aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'


def _text(x: float, y: float, text: str, anchor: str, ink: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}">{escape(text)}</text>'


def _range(made: Chart) -> tuple[float, float]:
    if made.kind == "lines":
        values = [v for s in made.series for v in s.values if v is not None]
        return min(0.0, *values), max(*values, 1e-9)
    columns = list(zip(*(s.values for s in made.series), strict=True))
    return min(0.0, *(sum(min(v or 0.0, 0.0) for v in c) for c in columns)), max(1e-9, *(sum(max(v or 0.0, 0.0) for v in c) for c in columns))


def _step(span: float) -> float:
    """A round distance of lines: about five of them."""
    rough = span / 5
    power = 10.0 ** floor(log10(rough))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= rough)
