"""Text 文本: a file that somebody's meter, till or spreadsheet wrote becomes lines of cells, whatever its encoding and separator."""

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from planner.errors import CaseError, Finding

LARGEST = 20_000_000  # bytes; a year of minutes has about 15 million
MOST_CELLS = 400  # of a line
CSV = "a table of text (.csv) with one reading a line, or one day a line"
BYTE_ORDER = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SUMS = ("合计", "总计", "小计", "Total", "TOTAL", "total", "Sum", "sum", "Summe")  # how a line begins that adds up those above it
SEPARATORS = ("\t", ";", "|", "，", ",")  # the comma last: it may be the decimal sign


@dataclass(frozen=True)
class Lines:
    """A file as cells: number of the line and its cells, the separator, the encoding it was written in."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    separator: str
    encoding: str

    def fault(self, line: int, what: str, allowed: str, column: str = "") -> Finding:
        """A finding at a line, and its column where there is one."""
        return Finding(f"{self.name} line {line}" + (f" column {column[:40]!r}" if column else ""), what, allowed)


def lines(path: Path) -> Lines:
    """The cells of a file of text. Raises CaseError for what is none, is too large, or is in no readable encoding."""
    text, encoding = decoded(content(path), path.name)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise CaseError([Finding(f"{path.name} line {line}", "there are signs in it that are no text (zero bytes)", CSV)])
    separator = _separator(text)
    try:
        read = [(n, tuple(c.strip().strip("\ufeff") for c in cells)) for n, cells in _numbered(text, separator)]
    except csv.Error as error:
        raise CaseError([Finding(path.name, f"the file cannot be read as a table ({error})", CSV)]) from error
    rows = tuple((n, cells) for n, cells in read if any(cells) and not cells[0].startswith(SUMS))
    wide = next((n for n, cells in rows if len(cells) > MOST_CELLS), None)
    if wide is not None:
        raise CaseError([Finding(f"{path.name} line {wide}", f"the line has more than {MOST_CELLS} cells", CSV)])
    if not rows:
        raise CaseError([Finding(path.name, "the file holds nothing", CSV)])
    return Lines(path.name, rows, separator, encoding)


def content(path: Path) -> bytes:
    """The bytes of a file that is there, is not too large and is no package. Raises CaseError."""
    if path.is_dir():
        raise CaseError([Finding(path.name, "this is a folder", CSV)])
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise CaseError([Finding(path.name, f"the file has {size / 1e6:.0f} MB", f"at most {LARGEST / 1e6:.0f} MB")])
        read = path.read_bytes()
    except OSError as error:
        raise CaseError([Finding(str(path), f"the file cannot be read ({error.strerror})", CSV)]) from error
    if not read.strip():
        raise CaseError([Finding(path.name, "the file is empty", CSV)])
    if kind := _package(read):
        raise CaseError([Finding(path.name, f"this is {kind}", CSV)])
    return read


def decoded(read: bytes, name: str) -> tuple[str, str]:
    """Text and its encoding: by byte order mark, UTF-16 without one, UTF-8, then GB 18030 (which holds GBK and GB 2312)."""
    marked = next((encoding for mark, encoding in BYTE_ORDER if read.startswith(mark)), None)
    start = read[:4000]
    zeros = (start[0::2].count(0), start[1::2].count(0))
    if marked is None and max(zeros) > len(start) // 5 and min(zeros) == 0:
        marked = "utf-16-be" if zeros[0] else "utf-16-le"
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return read.decode(encoding), encoding
        except UnicodeDecodeError as error:
            where, line = error.start, read.count(b"\n", 0, error.start) + 1
    what = f"the text is damaged or in an unknown encoding (byte {where + 1})"
    raise CaseError([Finding(f"{name} line {line}", what, "UTF-8, UTF-16 or GBK")])


def number(text: str, decimal_comma: bool = False) -> float:
    """A number; raises ValueError with what is wrong in words. Separators of thousands are refused, as everywhere."""
    plain = text.replace(",", ".") if decimal_comma else text
    try:
        value = float(plain) if plain.isascii() and "_" not in plain else float("x")
    except ValueError:
        raise ValueError(f"is {text[:40]!r}, which is not a number") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"is {text[:40]!r}, which is not a finite number")
    return value


def decimal_comma(read: Lines, columns: tuple[int, ...], rows: tuple[tuple[int, tuple[str, ...]], ...]) -> bool:
    """Whether commas in these columns are decimal signs: only where a comma separates nothing else. Raises CaseError when it cannot be told."""
    if read.separator == ",":
        return False
    found = [(n, cells[i]) for n, cells in rows for i in columns if i < len(cells) and "," in cells[i]]
    if not found:
        return False
    if any(text.count(",") > 1 or "." in text for _, text in found) or all(len(text.rpartition(",")[2]) == 3 for _, text in found):
        line, text = found[0]
        raise CaseError([read.fault(line, f"{text[:40]!r} can be read in two ways", "numbers without separators of thousands")])
    return True


def _numbered(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    return [(reader.line_num, cells) for cells in reader]


def _separator(text: str) -> str:
    """The separator that most of the first lines share."""
    some = [line for line in text.splitlines()[:60] if line.strip()]
    counts = {s: sorted(line.count(s) for line in some)[len(some) // 2] if some else 0 for s in SEPARATORS}
    return next((s for s in SEPARATORS if counts[s]), ",")


def _package(read: bytes) -> str:
    """What a file is that is no text, in words; empty for text."""
    if read.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(read)) as package:
                names = {p.filename.lower() for p in package.infolist()}
                large = sum(p.file_size for p in package.infolist())
        except (zipfile.BadZipFile, OSError, NotImplementedError):
            return "a damaged package, not a table of text"
        if "xl/workbook.xml" in names:
            return "an Excel workbook, not a table of text: save the sheet as CSV"
        return f"a package that unpacks to {large / 1e6:,.0f} MB, not a table of text"
    start = read[:512].lower()
    known = ((b"\xd0\xcf\x11\xe0", "an old workbook (.xls), not a table of text: save the sheet as CSV"), (b"%pdf", "a PDF, not a table of text"))
    if kind := next((k for mark, k in (*known, (b"\x1f\x8b", "a packed file, not a table of text: unpack it")) if start.startswith(mark)), ""):
        return kind
    return "a web page, not a table of text" if b"<html" in start or b"<!doctype" in start else ""
