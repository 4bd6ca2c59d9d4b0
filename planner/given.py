"""Given 随附数据: the program's own data as they were when a plan was made, so that a run can be made again from its folder alone."""

import csv
import hashlib
import io
import zipfile
from functools import lru_cache
from pathlib import Path

from planner import based, case
from planner.case import SHARED
from planner.dictionary import DATA
from planner.errors import CaseError, Finding

NAME = "given.zip"
DAY = (2026, 1, 1, 0, 0, 0)  # of every entry: equal data make equal files
LARGEST = 64_000_000  # bytes unpacked


@lru_cache(maxsize=1)
def packed() -> bytes:
    """The files of all tables that cases share, in one package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for table in SHARED:
            for path in case.files_of(table):
                entry = zipfile.ZipInfo(f"{table}/{path.relative_to(DATA).as_posix()}", DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, path.read_bytes())
    return out.getvalue()


def changed(folder: Path) -> tuple[str, ...] | None:
    """Tables of which the program says something else today than when the run in ``folder`` was made; None where the run keeps none."""
    then, now = _sums(folder / NAME), _sums_of(packed())
    if then is None:
        return None
    differing = {name.partition("/")[0] for name in then.keys() | now.keys() if then.get(name) != now.get(name)}
    return tuple(table for table in SHARED if table in differing)


def unpack(folder: Path, into: Path) -> None:
    """Put the data a run was made with into a case's folder as its own, beneath its base if it has one; what the case says itself
    stays. Raises CaseError."""
    into = base if (base := into / based.FOLDER).is_dir() else into
    path = folder / NAME
    if _sums(path) is None:
        raise CaseError([Finding(str(path), "the run keeps no data of the program", "a run written by this version or a later one")])
    rows: dict[str, list[dict[str, str]]] = {}
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            table = name.partition("/")[0]
            if table in SHARED:
                rows.setdefault(table, []).extend(csv.DictReader(io.StringIO(package.read(name).decode("utf-8-sig"), newline="")))
    for table, said in rows.items():
        own = into / f"{table}.csv"
        if not own.is_file():
            with own.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(dict.fromkeys(c for row in said for c in row)), restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(said)


def _sums(path: Path) -> dict[str, str] | None:
    if not path.is_file():
        return None
    try:
        return _sums_of(path.read_bytes())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise CaseError([Finding(str(path), f"the package is damaged ({error})", "the file as the run wrote it")]) from error


def _sums_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(p.file_size for p in package.infolist()) > LARGEST:
            raise ValueError("it is too large")
        return {name: hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist()}
