"""Deck 演示文稿: the report as about ten editable slides with native charts; every text is measured before it is placed."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Pt

from planner.language import say
from planner.report.parts import Chart, Section, Story, figure
from planner.views import names, theme

WIDTH, HEIGHT, EDGE = 13.333, 7.5, 0.6  # inches
BODY_TOP, BODY_BOTTOM = 1.35, 6.85
FONT = {"en": "Calibri", "zh": "Microsoft YaHei"}
EM = 0.56  # of the size: mean width of a small letter, on the safe side
BOLD = 0.8  # of a line: what bold letters leave room for
LINE = 1.3  # of the size: height of a line
CELL = (0.1, 0.06)  # inches a table's cell keeps free, across and down
KEPT = {"assumptions": 11, "risks": 7}
GREEN, INK, FAINT = "1F5C4A", "1B2430", "5B6776"
PER_DECISION = 4
MANY, SMALL = 8, 9  # series from which on a chart's letters are small, and how small, points


def write(story: Story, path: Path) -> None:
    """Write the slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    deck.core_properties.title, deck.core_properties.author = story.title, ""
    _summary(deck, story)
    _roadmap(deck, story)
    for name in ("emissions", "investment", "costs", "energy", "power", "caps", "depth"):
        if story.sections[name].charts or name != "depth":
            _charts(deck, story, story.sections[name])
    for name in ("alternatives", "near", "risks", "decisions", "assumptions"):
        if story.sections[name].tables:
            _table_slide(deck, story, story.sections[name])
    deck.save(str(path))


def lines_needed(text: str, width: float, size: float) -> int:
    """Lines a text takes in ``width`` inches at ``size`` points."""
    room = max(width * 72 / (size * EM), 1.0)
    return sum(max(1, ceil(names.width(part) / room)) for part in text.split("\n"))


def size_for(texts: Sequence[str], width: float, height: float, largest: float, smallest: float = 9.0) -> float:
    """The largest size, in points, at which all paragraphs stay within the box."""
    size = largest
    while size > smallest and sum(lines_needed(t, width, size) for t in texts) * size * LINE / 72 > height:
        size -= 0.5
    return size


def _slide(deck: Any, story: Story, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type is not None and shape.placeholder_format.idx != 0:
            shape._element.getparent().remove(shape._element)
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = Inches(EDGE), Inches(0.35), Inches(WIDTH - 2 * EDGE), Inches(0.8)
    _fill(head.text_frame, [title], size_for([title], WIDTH - 2 * EDGE - 0.2, 0.75, 28), story.language, GREEN, bold=True)
    head.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _text(slide, [f"{story.stamp_line[:90]}"], (EDGE, 7.0, 10.5, 0.32), 9, story.language, FAINT)
    number = str(len(deck.slides))
    _text(slide, [number], (WIDTH - EDGE - 0.6, 7.0, 0.6, 0.32), 9, story.language, FAINT)
    return slide


def _text(
    slide: Any, texts: Sequence[str], box: tuple[float, float, float, float], largest: float, language: str, ink: str = INK, *, bold: bool = False
) -> None:
    left, top, width, height = box
    frame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(0.03)
    room = (width - 0.08) * (BOLD if bold else 1.0)
    _fill(frame, texts, size_for(texts, room, height - 0.06, largest), language, ink, bold=bold)


def _fill(frame: Any, texts: Sequence[str], size: float, language: str, ink: str, *, bold: bool = False) -> None:
    frame.word_wrap = True
    for n, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = text
        _font(run.font, size, language, ink, bold)


def _font(font: Any, size: float, language: str, ink: str, bold: bool = False) -> None:
    font.size, font.bold, font.name = Pt(size), bold, FONT[language]
    font.color.rgb = RGBColor.from_string(ink)
    properties = font._element
    asian = properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}ea")
    if asian is None:  # python-pptx sets the Latin face only
        asian = properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}ea", {})
        latin = properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}latin")
        latin.addnext(asian)
    asian.set("typeface", FONT["zh"])


def _summary(deck: Any, story: Story) -> None:
    slide = _slide(deck, story, story.title)
    wide = WIDTH - 2 * EDGE
    _text(slide, [story.sentence], (EDGE, 1.35, wide, 1.35), 22, story.language)
    each = wide / len(story.numbers)
    for n, number in enumerate(story.numbers):
        left = EDGE + n * each
        _text(slide, [number.label], (left, 2.95, each - 0.2, 0.4), 14, story.language, FAINT)
        _text(slide, [number.value], (left, 3.4, each - 0.2, 0.6), 28, story.language, GREEN, bold=True)
        _text(slide, [number.note], (left, 4.1, each - 0.2, 0.75), 12, story.language, FAINT)
    colon = "：" if story.language == "zh" else ": "
    _text(slide, [f"{label}{colon}{text}" for label, text in story.stamp], (EDGE, 5.05, wide, 1.85), 12, story.language)


def _roadmap(deck: Any, story: Story) -> None:
    """A native bar chart: nothing until the decision, light while it is built, full in service."""
    slide = _slide(deck, story, story.sections["roadmap"].title)
    first, end = story.years[0], story.years[-1] + 1
    data = CategoryChartData()
    data.categories = [f"{names.short(line.label, 40)} · {line.note}" for line in story.lines]
    starts = [max(line.steps[0][0], first) for line in story.lines]
    serves = [max(line.steps[0][1], first) for line in story.lines]
    data.add_series(" ", starts)
    data.add_series(say("report.waiting", story.language), [v - s for s, v in zip(starts, serves, strict=True)])
    data.add_series(say("report.service", story.language), [end - v for v in serves])
    box = (Inches(EDGE), Inches(BODY_TOP), Inches(WIDTH - 2 * EDGE), Inches(BODY_BOTTOM - BODY_TOP))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box, data).chart
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 100
    plot.series[0].format.fill.background()
    for series, light in ((plot.series[1], True), (plot.series[2], False)):
        for n, line in enumerate(story.lines):
            ink = theme.colour(line.lever, False)[1:]
            fill = series.points[n].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(_lighter(ink) if light else ink)
    axis = chart.category_axis
    axis.reverse_order = True
    _font(axis.tick_labels.font, 10, story.language, INK)
    value = chart.value_axis
    value.minimum_scale, value.maximum_scale, value.major_unit = first, end, 1
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "0", False
    _font(value.tick_labels.font, 11, story.language, FAINT)
    value.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E7EC")


def _lighter(ink: str) -> str:
    return "".join(f"{round(255 - (255 - int(ink[n : n + 2], 16)) * 0.4):02X}" for n in (0, 2, 4))


def _charts(deck: Any, story: Story, section: Section) -> None:
    """Charts side by side above, what they say below."""
    slide = _slide(deck, story, section.title)
    said = list(section.sentences)
    below = min(1.9, 0.3 + 13 * LINE / 72 * sum(lines_needed(t, WIDTH - 2 * EDGE, 13) for t in said)) if said else 0.0
    high = BODY_BOTTOM - BODY_TOP - below
    each = (WIDTH - 2 * EDGE) / max(len(section.charts), 1)
    for n, chart in enumerate(section.charts):
        _native(slide, chart, (EDGE + n * each, BODY_TOP, each - (0.2 if len(section.charts) > 1 else 0), high), story.language)
    if said:
        _text(slide, said, (EDGE, BODY_BOTTOM - below + 0.1, WIDTH - 2 * EDGE, below - 0.1), 13, story.language)


def _native(slide: Any, chart: Chart, box: tuple[float, float, float, float], language: str) -> None:
    data = CategoryChartData(number_format="#,##0.##")
    data.categories = list(chart.categories)
    for series in chart.series:
        data.add_series(series.label, series.values)
    kind = {"lines": XL_CHART_TYPE.LINE_MARKERS, "bars": XL_CHART_TYPE.BAR_STACKED}.get(chart.kind, XL_CHART_TYPE.COLUMN_STACKED)
    made = slide.shapes.add_chart(kind, *(Inches(v) for v in box), data).chart
    _font(made.font, SMALL if len(chart.series) > MANY else 11, language, INK)
    made.has_title = True
    _fill(
        made.chart_title.text_frame, [f"{chart.title}（{chart.unit}）" if language == "zh" else f"{chart.title} ({chart.unit})"], 13, language, FAINT
    )
    made.has_legend = True
    made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    if chart.kind != "lines":
        made.plots[0].gap_width, made.plots[0].overlap = 60, 100
    for drawn, series in zip(made.plots[0].series, chart.series, strict=True):
        ink = RGBColor.from_string(series.colour[1:].upper())
        if chart.kind == "lines":
            drawn.smooth = False
            drawn.format.line.color.rgb, drawn.format.line.width = ink, Pt(2.25)
            drawn.marker.format.fill.solid()
            drawn.marker.format.fill.fore_color.rgb = drawn.marker.format.line.color.rgb = ink
        else:
            drawn.invert_if_negative = False
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = ink
    made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if chart.kind == "bars":  # the first on top
        made.category_axis.reverse_order = True
        made.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    made.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E7EC")


def _table_slide(deck: Any, story: Story, section: Section) -> None:
    """Sentences above, a table below that is cut where the slide ends; the workbook has all of it."""
    slide = _slide(deck, story, section.title)
    wide, top = WIDTH - 2 * EDGE, BODY_TOP
    if section.sentences:
        high = min(1.5, 0.1 + sum(lines_needed(t, wide, 13) for t in section.sentences) * 13 * LINE / 72)
        _text(slide, section.sentences, (EDGE, top, wide, high), 13, story.language)
        top += high + 0.1
    frame = section.tables[0].frame
    rows = [[_cell(v) for v in row] for row in frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]
    if section.name == "decisions":
        rows = _of_each(rows)
    elif section.name in KEPT:
        rows = rows[: KEPT[section.name]]
    heads = [str(c) for c in frame.columns]
    widths = _widths(heads, rows, wide)
    size = 14.0
    while size > 9 and _height(heads, rows, widths, size) > BODY_BOTTOM - top - 0.3:
        size -= 0.5
    while len(rows) > 1 and _height(heads, rows, widths, size) > BODY_BOTTOM - top - 0.3:
        rows = rows[:-1]
    made = slide.shapes.add_table(len(rows) + 1, len(heads), Inches(EDGE), Inches(top), Inches(wide), Inches(0.3)).table
    for n, width in enumerate(widths):
        made.columns[n].width = Inches(width)
    for number, row in enumerate([heads, *rows]):
        made.rows[number].height = Inches(_row_height(row, widths, size))
        for n, text in enumerate(row):
            cell = made.cell(number, n)
            cell.margin_left = cell.margin_right = Inches(CELL[0] / 2)
            cell.margin_top = cell.margin_bottom = Inches(CELL[1] / 2)
            _fill(cell.text_frame, [text], size, story.language, "FFFFFF" if number == 0 else INK, bold=number == 0)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(GREEN if number == 0 else "FFFFFF" if number % 2 else "F3F6F5")
    if len(rows) < len(frame):
        _text(
            slide,
            [say("report.more", story.language, number=len(frame) - len(rows))],
            (EDGE, BODY_BOTTOM - 0.15, wide, 0.28),
            10,
            story.language,
            FAINT,
        )


def _of_each(rows: list[list[str]]) -> list[list[str]]:
    """The first few of every kind of decision, which is what the first column says."""
    kinds = dict.fromkeys(row[0] for row in rows)
    return [row for kind in kinds for row in [r for r in rows if r[0] == kind][:PER_DECISION]]


def _cell(value: object) -> str:
    if value in (None, ""):  # an empty cell would have the height of the program's own letters
        return "–"
    return figure(value) if isinstance(value, float) else str(value)


def _widths(heads: list[str], rows: list[list[str]], wide: float) -> list[float]:
    """Widths by the longest text of a column, none wider than half nor narrower than a tenth."""
    need = [min(max(names.width(row[n]) for row in [heads, *rows]), 70) + 2 for n in range(len(heads))]
    shares = [max(v / sum(need), 0.12 if len(heads) < 6 else 0.07) for v in need]
    return [wide * v / sum(shares) for v in shares]


def _row_height(row: list[str], widths: list[float], size: float) -> float:
    return max(lines_needed(t, w - CELL[0], size) for t, w in zip(row, widths, strict=True)) * size * LINE / 72 + CELL[1]


def _height(heads: list[str], rows: list[list[str]], widths: list[float], size: float) -> float:
    return sum(_row_height(row, widths, size) for row in [heads, *rows])
