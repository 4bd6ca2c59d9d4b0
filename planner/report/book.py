"""Workbook 工作簿: the report as Excel, with native charts, every chapter's tables and every table of the run."""

from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from planner.exchange.book_out import HEAD, put
from planner.report.parts import Chart, Section, Story, Table
from planner.views import names, theme

WIDEST, NARROWEST = 60, 9
CHART_WIDTH, CHART_HEIGHT, CHART_ROWS = 16.0, 8.4, 18  # cm, cm, rows of a sheet
LABELS = 30  # width of the column that names a chart's series
ONE_PAGE = 75  # rows that still read well on one
RULE = Border(bottom=Side(style="thin", color="E3E7EC"))


def write(story: Story, path: Path) -> None:
    """Write the workbook."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    _front(book.create_sheet(story.sections["summary"].title), story)
    _gantt(book.create_sheet(story.sections["roadmap"].title), story)
    for name, section in story.sections.items():
        if name not in ("summary", "roadmap"):
            _chapter(book.create_sheet(section.title), section, story.language)
    for name, frame in story.raw.items():
        page = book.create_sheet(f"_{name}"[:31])
        _table(page, Table("", frame), 1)
        page.freeze_panes = "A2"
        page.sheet_properties.tabColor = "7A869A"
    for page in book.worksheets:
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
        page.page_setup.fitToHeight = 1 if page.max_row <= ONE_PAGE and not len(page.row_breaks) else 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.oddFooter.left.text = f"{story.stamp_line[:60].replace('&', '&&')}"
        page.oddFooter.right.text = "&P/&N"
    book.save(path)


def _front(page: Worksheet, story: Story) -> None:
    page.sheet_view.showGridLines = False
    for letter in "ABCD":
        page.column_dimensions[letter].width = 34
    put(page["A1"], story.title).font = Font(size=18, bold=True, color="1F5C4A")
    put(page["A2"], story.subtitle).font = Font(color="5B6776")
    _merged(page, 4, story.sentence, 4, size=13)
    for n, number in enumerate(story.numbers, start=1):
        for row, text, font in (
            (6, number.label, Font(color="5B6776")),
            (7, number.value, Font(size=18, bold=True)),
            (8, number.note, Font(size=9, color="5B6776")),
        ):
            cell = put(page.cell(row, n), text)
            cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="top")
    page.row_dimensions[8].height = 30
    for n, (label, text) in enumerate(story.stamp, start=10):
        put(page.cell(n, 1), label).font = Font(bold=True)
        cell = put(page.cell(n, 2), text)
        page.merge_cells(start_row=n, start_column=2, end_row=n, end_column=4)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[n].height = 15 * (1 + names.width(text) // 100)


def _gantt(page: Worksheet, story: Story) -> None:
    """The roadmap: a line an asset, light while it is built and full in service, then every action."""
    section = story.sections["roadmap"]
    put(page["A1"], section.title).font = Font(size=14, bold=True, color="1F5C4A")
    for n, year in enumerate(story.years, start=2):
        put(page.cell(3, n), year).alignment = Alignment(horizontal="center")
    for row, line in enumerate(story.lines, start=4):
        put(page.cell(row, 1), line.label)
        start, service = line.steps[0][0], line.steps[0][1]
        for n, year in enumerate(story.years, start=2):
            ink = theme.colour(line.lever, False)[1:]
            if year >= service:
                page.cell(row, n).fill = PatternFill("solid", fgColor=ink)
            elif year >= start:
                page.cell(row, n).fill = PatternFill("lightUp", fgColor=ink, bgColor="FFFFFF")
        put(page.cell(row, len(story.years) + 2), line.note).font = Font(color="5B6776")
    _table(page, section.tables[0], len(story.lines) + 6)


def _chapter(page: Worksheet, section: Section, language: str) -> None:
    page.sheet_view.showGridLines = False
    put(page["A1"], section.title).font = Font(size=14, bold=True, color="1F5C4A")
    row = 3
    for sentence in section.sentences:
        _merged(page, row, sentence, 8)
        row += 1
    row += 1
    for table in section.tables:
        row = _table(page, table, row) + 2
    if section.charts:
        page.column_dimensions["A"].width = max(page.column_dimensions["A"].width, LABELS)
    for n, chart in enumerate(section.charts):
        if n or row > CHART_ROWS:  # no chart is printed on two pages
            page.row_breaks.append(Break(id=row - 1))
        row = _chart(page, chart, row, language)


def _merged(page: Worksheet, row: int, text: str, columns: int, size: int = 11) -> None:
    cell = put(page.cell(row, 1), text)
    cell.font, cell.alignment = Font(size=size), Alignment(wrap_text=True, vertical="top")
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    page.row_dimensions[row].height = 1.45 * size * (1 + names.width(text) // 105)


def _table(page: Worksheet, table: Table, row: int) -> int:
    """A table from ``row`` on; returns the row after it."""
    if table.title:
        put(page.cell(row, 1), table.title).font = Font(bold=True)
        row += 1
    for n, head in enumerate(table.frame.columns, start=1):
        cell = put(page.cell(row, n), str(head))
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), HEAD, Alignment(wrap_text=True, vertical="center")
    page.row_dimensions[row].height = 32
    records = table.frame.astype(object).where(table.frame.notna(), None).to_numpy().tolist()
    for number, values in enumerate(records, start=row + 1):
        for n, value in enumerate(values, start=1):
            cell = put(page.cell(number, n), value)
            cell.border, cell.alignment = RULE, Alignment(vertical="top")
            if isinstance(value, float):
                cell.number_format = "#,##0.0##" if abs(value) < 1e5 else "#,##0"
            elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 9999:
                cell.number_format = "#,##0"
            else:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for n, head in enumerate(table.frame.columns, start=1):
        longest = max([names.width(str(head)) * 2 // 3 + 3, *(names.width(_shown(v[n - 1])) + 2 for v in records[:400])])
        letter = get_column_letter(n)
        page.column_dimensions[letter].width = max(
            page.column_dimensions[letter].width if letter in page.column_dimensions else 0, min(max(longest, NARROWEST), WIDEST)
        )
    for number, values in enumerate(records, start=row + 1):  # a reader does not always make room for wrapped text by itself
        wide = (page.column_dimensions[get_column_letter(n)].width for n in range(1, len(values) + 1))
        lines = max((ceil(1.15 * names.width(_shown(v)) / w) for v, w in zip(values, wide, strict=True)), default=1)
        if lines > 1:
            page.row_dimensions[number].height = 15 * lines
    return row + 1 + len(records)


def _shown(value: object) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else str(value if value is not None else "")


def _chart(page: Worksheet, chart: Chart, row: int, language: str) -> int:
    """The chart's numbers, and the native chart above them; returns the row after both."""
    head = row + CHART_ROWS + 1
    put(page.cell(head, 1), f"{chart.title} ({chart.unit})" if language == "en" else f"{chart.title}（{chart.unit}）").font = Font(bold=True)
    for n, year in enumerate(chart.categories, start=2):
        put(page.cell(head, n), year).alignment = Alignment(wrap_text=chart.kind == "bars", horizontal="right")
    for number, series in enumerate(chart.series, start=head + 1):
        put(page.cell(number, 1), series.label)
        for n, value in enumerate(series.values, start=2):
            page.cell(number, n).value = value
    made = LineChart() if chart.kind == "lines" else BarChart()
    if isinstance(made, BarChart):
        made.grouping, made.overlap, made.gapWidth = "stacked", 100, 60
        made.type = "bar" if chart.kind == "bars" else "col"
    last = head + len(chart.series)
    made.add_data(
        Reference(page, min_col=1, max_col=1 + len(chart.categories), min_row=head + 1, max_row=last), from_rows=True, titles_from_data=True
    )
    made.set_categories(Reference(page, min_col=2, max_col=1 + len(chart.categories), min_row=head))
    for drawn, series in zip(made.series, chart.series, strict=True):
        ink = series.colour[1:]
        if chart.kind == "lines":
            drawn.graphicalProperties.line.solidFill, drawn.graphicalProperties.line.width, drawn.smooth = ink, 28000, False
        else:
            drawn.graphicalProperties.solidFill, drawn.invertIfNegative = ink, False
    if chart.kind == "bars":  # the first on top
        made.x_axis.scaling.orientation, made.y_axis.tickLblPos = "maxMin", "high"
    made.title, made.y_axis.title, made.legend.position = chart.title, chart.unit, "r"
    made.x_axis.delete, made.y_axis.delete, made.x_axis.tickLblPos = False, False, "low"
    made.y_axis.number_format, made.layout = "#,##0.##", Layout(ManualLayout(x=0.1, y=0.14, w=0.6, h=0.72, xMode="edge", yMode="edge"))
    made.width, made.height = CHART_WIDTH, CHART_HEIGHT
    if chart.kind == "bars":  # names left and a long key right
        made.width, made.layout = 1.5 * CHART_WIDTH, Layout(ManualLayout(x=0.2, y=0.2, w=0.42, h=0.66, xMode="edge", yMode="edge"))
    page.add_chart(made, f"A{row}")
    return last + 2
