"""Guard 把关: is a file a workbook that may be opened at all? What could harm or run is refused before anything is unpacked."""

import zipfile
from pathlib import Path

from planner.errors import CaseError, Finding

LARGEST = 20_000_000  # bytes of the file
UNPACKED = 64_000_000  # bytes of everything in it; a works with all its tables has about 3 million
PARTS = 2_000
WORKBOOK = "an Excel workbook (.xlsx) without macros, such as `planner template` or `planner export` writes"
REFUSED = (  # what stands in the package -> what it is
    ("vbaproject.bin", "macros"), ("xl/macrosheets/", "macros"), ("xl/activex/", "controls"), ("xl/ctrlprops/", "controls"),
    ("xl/externallinks/", "links to other workbooks"), ("xl/embeddings/", "embedded files"), ("xl/connections.xml", "connections to outside data"),
    ("xl/querytables/", "connections to outside data"), ("customui/", "a user interface of its own"),
)  # fmt: skip


def check(path: Path) -> None:
    """Refuse what is no harmless workbook. Raises CaseError naming everything that is in the way."""
    found = _of_the_file(path)
    if not found:
        try:
            with zipfile.ZipFile(path) as package:
                found = _of_the_package(package, path.name)
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
            found = [Finding(path.name, f"the file is damaged ({error})", WORKBOOK)]
    if found:
        raise CaseError(found)


def _of_the_file(path: Path) -> list[Finding]:
    if path.is_dir():
        return [Finding(path.name, "this is a folder", WORKBOOK)]
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        return [Finding(str(path), f"the file cannot be read ({error.strerror})", WORKBOOK)]
    if not size:
        return [Finding(path.name, "the file is empty", WORKBOOK)]
    if size > LARGEST:
        return [Finding(path.name, f"the file has {size / 1e6:.0f} MB", f"at most {LARGEST / 1e6:.0f} MB")]
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return [Finding(path.name, "this is a workbook of the old kind (.xls), or one with a password", WORKBOOK)]
    if not start.startswith(b"PK"):
        kind = (
            "a web page" if b"<html" in start.lower() else "a PDF" if start.startswith(b"%PDF") else "text" if _is_text(start) else "something else"
        )
        return [Finding(path.name, f"this is no workbook but {kind}", WORKBOOK)]
    return []


def _of_the_package(package: zipfile.ZipFile, name: str) -> list[Finding]:
    parts = package.infolist()
    unpacked = sum(p.file_size for p in parts)
    if len(parts) > PARTS or unpacked > UNPACKED:
        large = f"unpacked the file has {len(parts)} parts with {unpacked / 1e6:,.0f} MB"
        return [Finding(name, large, f"at most {PARTS} parts and {UNPACKED / 1e6:.0f} MB")]
    if any(p.flag_bits & 1 for p in parts):
        return [Finding(name, "the file is encrypted", WORKBOOK)]
    names = {p.filename.lower() for p in parts}
    if "xl/workbook.xml" not in names:
        kind = "an OpenDocument file" if "mimetype" in names else "a Word file" if "word/document.xml" in names else "a package"
        return [Finding(name, f"this is no Excel workbook but {kind}", WORKBOOK)]
    what = dict.fromkeys(kind for part, kind in REFUSED if any(part in n for n in names))
    found = [Finding(name, f"the workbook has {kind}", "none: paste the values instead" if "link" in kind else WORKBOOK) for kind in what]
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")) and b"<!DOCTYPE" in _start(package, part).upper():
            found.append(Finding(name, f"its part {part.filename} declares a document type", WORKBOOK))
    return found


def _start(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with package.open(part) as file:
        return file.read(4096)


def _is_text(start: bytes) -> bool:
    return not any(sign < 9 for sign in start)
