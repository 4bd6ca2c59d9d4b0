"""Paper 建设方案: the construction plan of a zero-carbon factory as a Word file, ready to print."""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from planner.language import say
from planner.report.deck import size_for
from planner.report.parts import Story, Table, figure
from planner.views import names

CHAPTERS = (
    "targets",
    "intensity",
    "projects",
    "emissions",
    "investment",
    "energy",
    "energy_told",
    "power",
    "residual",
    "premium",
    "evidence",
    "risks",
    "decisions",
    "assumptions",
)
LATIN, TEXT, HEAD = "Times New Roman", "宋体", "黑体"
PAGE, MARGIN = (21.0, 29.7), 2.2  # cm, A4
WIDE_TABLE = 6  # columns: from here on the chapter stands on a page across
NARROWEST = 1.7  # cm of a column
GREEN = RGBColor(0x1F, 0x5C, 0x4A)


def write(story: Story, path: Path) -> None:
    """Write the plan."""
    paper = Document()
    paper.core_properties.title, paper.core_properties.author = story.title, ""
    _faces(paper)
    _turn(paper.sections[0], across=False)
    subject = story.title.split(": ")[0] if story.language == "en" else story.title.split("：")[0]
    paper.add_heading(say("report.paper", story.language, title=subject), level=0)
    paper.add_paragraph(story.subtitle)
    paper.add_heading(story.sections["summary"].title, level=1)
    paper.add_paragraph(story.sentence)
    colon = "：" if story.language == "zh" else ": "
    for number in story.numbers:
        line = paper.add_paragraph(style="List Bullet")
        line.add_run(f"{number.label}{colon}{number.value}").bold = True
        line.add_run(f"（{number.note}）" if story.language == "zh" else f" ({number.note})")
    for label, text in story.stamp:
        paper.add_paragraph(f"{label}{colon}{text}", style="List Bullet")
    across = False
    for n, name in enumerate(CHAPTERS, start=1):
        section = story.sections[name]
        wide = any(len(t.frame.columns) >= WIDE_TABLE for t in section.tables)
        if wide != across:
            _turn(paper.add_section(), across=wide)
            across = wide
        paper.add_heading(f"{n}  {section.title}", level=1)
        for sentence in section.sentences:
            paper.add_paragraph(sentence)
        for table in section.tables:
            _table(paper, table, (PAGE[1] if across else PAGE[0]) - 2 * MARGIN)
    _page_numbers(paper)
    paper.save(str(path))


def _faces(paper: Any) -> None:
    """Faces for Latin and Chinese letters; Word keeps them apart."""
    for name, asian, size in (
        ("Normal", TEXT, 10.5),
        ("Title", HEAD, 22),
        ("Heading 1", HEAD, 15),
        ("Heading 2", HEAD, 12),
        ("List Bullet", TEXT, 10.5),
    ):
        style = paper.styles[name]
        style.font.name, style.font.size = LATIN, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [k for k in fonts.attrib if k.endswith("Theme")]:
            del fonts.attrib[key]
        fonts.set(qn("w:eastAsia"), asian)
        if name not in ("Normal", "List Bullet"):
            style.font.color.rgb = GREEN


def _turn(section: Any, *, across: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    wide, high = (PAGE[1], PAGE[0]) if across else PAGE
    section.page_width, section.page_height = Cm(wide), Cm(high)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)


def _table(paper: Any, table: Table, wide: float) -> None:
    paper.add_heading(table.title, level=2)
    frame = table.frame
    heads = [str(c) for c in frame.columns]
    rows = [[_cell(v) for v in row] for row in frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]
    need = [min(max(max((names.width(r[n]) for r in rows), default=4), names.width(heads[n]) / 2) + 3, 44) for n in range(len(heads))]
    shares = [max(v / sum(need), NARROWEST / wide) for v in need]
    widths = [wide * v / sum(shares) for v in shares]
    made = paper.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    made.autofit = False
    size = size_for([max((r[n] for r in rows), key=names.width, default="") for n in range(len(heads))], wide / 2.54, 1.2, 9, 8)
    for cell, text, width in zip(made.rows[0].cells, heads, widths, strict=True):
        _write(cell, text, width, size)
    for column, width in zip(made.columns, widths, strict=True):  # readers differ in which of the two widths they obey
        column.width = Cm(width)
    repeat = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        added = made.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(added.cells, row, widths, strict=True):
            _write(cell, text, width, size)
    paper.add_paragraph()


def _write(cell: Any, text: str, width: float, size: float) -> None:
    cell.width = Cm(width)
    run = cell.paragraphs[0].add_run(text)
    run.font.size, run.bold = Pt(size), None
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return figure(value)
    return f"{value:,}" if isinstance(value, int) and not 1900 <= value <= 2100 else str(value)


def _page_numbers(paper: Any) -> None:
    """A page number at the foot; Word counts it when it opens the file."""
    paragraph = paper.sections[0].footer.paragraphs[0]
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)
