"""Every kind of damaged meter, bill or weather file ends in a sentence that says where and what; nothing is written, nothing is touched."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from files import epw, iso, kilowatts, readings, stamps, twelve
from openpyxl import Workbook

from planner import case, cli
from planner.errors import CaseError
from planner.intake import onto
from planner.language import spoken

Lines = list[str]
Said = tuple[str, str]  # where and what, or parts of them


@cache
def sound() -> tuple[str, ...]:
    """A year that is right; the heading is line 1."""
    return tuple(readings(stamps()))


def line(number: int, text: str) -> Callable[[], Lines]:
    """The sound year with one line changed."""
    return lambda: [text if n == number else row for n, row in enumerate(sound(), start=1)]


def reading(number: int, text: str) -> Callable[[], Lines]:
    """The sound year with one reading changed."""
    return line(number, f"{sound()[number - 1].partition(',')[0]},{text}")


def year(head: str = "time,power kW", **given: object) -> Callable[[], Lines]:
    return lambda: readings(stamps(), head=head, **given)  # type: ignore[arg-type]


def cut(first: int, last: int) -> Callable[[], Lines]:
    """The sound year without some of its lines."""
    return lambda: [row for n, row in enumerate(sound(), start=1) if not first <= n <= last]


def twice(hours: int, at: int = 3000) -> Callable[[], Lines]:
    """The sound year with some hours a second time."""
    return lambda: [*sound()[:at], *sound()[at - hours : at], *sound()[at:]]


def every_other_month() -> Lines:
    return [sound()[0], *(row for row in sound()[1:] if int(row[5:7]) % 2)]


def counter() -> Lines:
    return readings(stamps(), value=lambda t: 1000 + (t - datetime(2025, 1, 1)) / timedelta(hours=1) * 5, head="time,kWh")


# name of the damage -> its lines, where it is found, what is said
METERS: dict[str, tuple[Callable[[], Lines], str, str]] = {
    "negative": (reading(40, "-5"), "m.csv line 40", "the reading is -5, and 1 readings are below 0"),
    "all negative": (year(value=lambda t: -kilowatts(t)), "m.csv line 2", "8760 readings are below 0"),
    "all zero": (year(value=lambda t: 0), "m.csv line 2", "all 8760 readings are 0"),
    "no reading at all": (year(value=lambda t: ""), "m.csv", "there is no reading"),
    "text for a number": (reading(77, "broken"), "m.csv line 77 column 'power kW'", "is 'broken', which is not a number"),
    "number with unit": (reading(77, "100 kW"), "m.csv line 77", "is '100 kW', which is not a number"),
    "thousands separator": (reading(77, '"1,200"'), "m.csv line 77", "is '1,200', which is not a number"),
    "percent": (reading(77, "95%"), "m.csv line 77", "is '95%', which is not a number"),
    "full-width digits": (reading(77, "１００"), "m.csv line 77", "is not a number"),
    "underscore": (reading(77, "1_000"), "m.csv line 77", "is '1_000', which is not a number"),
    "infinite": (reading(77, "inf"), "m.csv line 77", "not a finite number"),
    "formula": (reading(77, '"=SUM(B1:B9)"'), "m.csv line 77", "is '=SUM(B1:B9)', which is not a number"),
    "formula injection": (reading(77, "\"=cmd|'/c calc'!A1\""), "m.csv line 77", "which is not a number"),
    "formula for a date": (line(77, "=NOW(),100"), "m.csv line 77", "'=NOW()' is no date and time"),
    "formula error": (reading(77, "#DIV/0!"), "m.csv line 77", "is '#DIV/0!', which is not a number"),
    "a thousand times": (reading(77, "300000"), "m.csv line 77", "the reading 300000 is"),
    "counter": (counter, "m.csv line 2", "the readings only rise"),
    "no unit": (year("time,value"), "m.csv line 1", "the unit of 'value' is not told"),
    "wrong unit": (year("time,current A"), "m.csv line 1", "no column holds power or energy"),
    "reactive power": (year("time,kvarh"), "m.csv line 1", "no column holds power or energy"),
    "two columns of power": (year("time,hall 1 kW,hall 2 kW", value=lambda t: "5,6"), "m.csv line 1", "more than one column may hold the readings (hall 1 kW, hall 2 kW)"),
    "no date": (lambda: ["number,kW", *(f"n{n},5" for n in range(8760))], "m.csv line 2", "there is no date and time"),
    "impossible date": (line(100, "2025-02-30 03:00,100"), "m.csv line 100", "'2025-02-30 03:00' is no date and time"),
    "impossible hour": (line(100, "2025-01-05 25:00,100"), "m.csv line 100", "is no date and time"),
    "impossible minute": (line(100, "2025-01-05 03:75,100"), "m.csv line 100", "is no date and time"),
    "words for a date": (line(100, "yesterday,100"), "m.csv line 100", "'yesterday' is no date and time"),
    "impossible time beside a date": (lambda: [x.replace(" ", ",") if n != 100 else "2025-01-05,25:61,100" for n, x in enumerate(readings(stamps(), head="date,time,kW"), start=1)], "m.csv line 100", "'25:61' is no time of day"),
    "many broken dates": (lambda: [row.replace("-03-", "-33-") for row in sound()], "m.csv line", "and 739 more lines without a date and time"),
    "half a year": (cut(4400, 9000), "m.csv", "hours in the best twelve months (2025-01-01 to 2025-07-03)"),
    "every other month": (every_other_month, "m.csv", "hours in the best twelve months"),
    "a lost month": (cut(3000, 3720), "m.csv", "721 hours are missing from 2025-05-05 22:00 on"),
    "one reading": (lambda: list(sound()[:2]), "m.csv", "there is one reading"),
    "one reading a day": (lambda: [r for r in sound() if "00:00" in r or "time" in r], "m.csv", "1440 minutes apart"),
    "seven minutes apart": (lambda: readings([datetime(2025, 1, 1) + timedelta(minutes=7 * n) for n in range(9000)]), "m.csv", "7 minutes apart"),
    "duplicated hours": (twice(5), "m.csv reading", "stands 2 times, and 5 times of day stand more than once"),
    "one hour twice in May": (twice(1), "m.csv reading", "stands 2 times"),
    "one hour three times": (lambda: [*sound(), sound()[7000], sound()[7000]], "m.csv reading", "stands 3 times"),
    "the whole file twice": (lambda: [*sound(), *sound()[1:]], "m.csv reading", "stands 2 times, and 8760 times"),
    "cut-off line": (line(500, "2025-01-21 18:00"), "m.csv line 500", "the line is cut off"),
    "too many cells": (line(500, "1," * 500), "m.csv line 500", "more than 400 cells"),
    "headings alone": (lambda: ["time,power kW"], "m.csv line 1", "there is no date and time"),
    "commas in two meanings": (lambda: ["time;kW", *(f"{iso(t)};1,200" for t in stamps())], "m.csv line 2", "'1,200' can be read in two ways"),
    "day or month": (lambda: ["time,kW", *(f"{m:02d}/{m:02d}/2025 00:00,5" for m in range(1, 13))], "m.csv line 2", "may be day or month first"),
    "a web page": (lambda: ["<html><body>session expired</body></html>"], "m.csv", "this is a web page"),
    "zero bytes": (lambda: [*sound()[:200], "\x00" * 40, *sound()[200:]], "m.csv line 201", "zero bytes"),
    "open quote": (lambda: [*sound()[:200], '"2025-01-09 08:00,100', *sound()[201:]], "m.csv", "cannot be read as a table"),
    "day a line, cut off": (lambda: [",".join(["日期", *(f"{h}:00" for h in range(24)), "kW"]), "2025-01-01,1,2,3"], "m.csv line 2", "the line is cut off"),
    "day a line, no unit": (lambda: [",".join(["日期", *(f"{h}:00" for h in range(24))]), ",".join(["2025-01-01", *"1" * 24])], "m.csv line 1", "the unit of the readings is not told"),
}  # fmt: skip

BILLS: dict[str, tuple[Callable[[], Lines], str, str]] = {
    "eleven bills": (lambda: twelve()[:-1], "b.csv", "there are 11 bills"),
    "thirteen bills": (lambda: [*twelve(), "2026-01,400000"], "b.csv", "there are 13 bills"),
    "a month twice": (lambda: [*twelve()[:-1], "2025-03,400000"], "b.csv line 13", "month 2025-03 stands here a second time"),
    "months not in a row": (lambda: [*twelve()[:-1], "2023-12,400000"], "b.csv", "not of twelve months in a row"),
    "no month": (lambda: ["month,kWh", "spring,400000", *twelve()[2:]], "b.csv line 2", "'spring' is no month"),
    "month 13": (lambda: ["month,kWh", "2025-13,400000", *twelve()[2:]], "b.csv line 2", "is no month"),
    "bills of zero": (lambda: twelve(row=lambda m, e: f"{m},0"), "b.csv line 2", "all bills are 0"),
    "negative bill": (lambda: twelve(row=lambda m, e: f"{m},{-e}"), "b.csv line 2", "the bill is -412"),
    "missing bill": (lambda: twelve(row=lambda m, e: f"{m},"), "b.csv line 2 column 'energy kWh'", "the bill is missing"),
    "bill as text": (lambda: twelve(row=lambda m, e: f"{m},about {e}"), "b.csv line 2", "the bill is 'about 412', which is not a number"),
    "formula in a bill": (lambda: twelve(row=lambda m, e: f"{m},=B1*{e}"), "b.csv line 2", "is '=B1*412', which is not a number"),
    "bill with separators": (lambda: twelve(row=lambda m, e: f'{m},"{e},000"'), "b.csv line 2", "is '412,000', which is not a number"),
    "bill without unit": (lambda: twelve("month,energy"), "b.csv line 1", "no heading names energy in kWh"),
    "energy above the demand": (lambda: twelve("month,kWh,demand kW", lambda m, e: f"{m},{e * 1000},90"), "b.csv line 2", "412,000 kWh need a mean of 554 kW, the demand is 90 kW"),
    "bands that miss the bill": (lambda: twelve("月份,总电量kWh,峰段kWh,谷段kWh", lambda m, e: f"{m},{e},{e / 2},{e / 3}"), "b.csv line 2", "the bands sum to"),
    "a band the tariff has not": (lambda: twelve("月份,深谷电量kWh,高峰电量kWh", lambda m, e: f"{m},{e},{e}"), "b.csv", "in band 'deep', which has no hours then"),
    "a column twice": (lambda: twelve("month,kWh,energy kWh", lambda m, e: f"{m},{e},{e}"), "b.csv line 1", "two columns hold energy"),
    "gas without unit": (lambda: twelve("month,kWh,gas", lambda m, e: f"{m},{e},{e}"), "b.csv line 1", "the unit of the gas is not told"),
}  # fmt: skip

WEATHER: dict[str, tuple[str, Callable[[], Lines], str, str]] = {
    "hours lost": ("w.epw", lambda: epw(8000), "w.epw", "8000 hourly rows"),
    "no weather file": ("w.epw", lambda: ["hello"], "w.epw", "pv cannot be read"),
    "cut off": ("w.epw", lambda: [*epw()[:500], "2025,1,21"], "w.epw line 501", "the line is cut off"),
    "missing values": ("w.epw", lambda: epw(ghi="", dni=""), "w.epw line 4009", "global irradiance is ''"),
    "missing value as 9999": ("w.epw", lambda: epw(dni=9999), "w.epw line 4009", "direct irradiance is '9999'"),
    "words for a value": ("w.epw", lambda: epw(ghi="bright"), "w.epw line 4009", "global irradiance is 'bright'"),
    "sun all night": ("w.epw", lambda: epw(all=1, dhi=100), "w.epw", "the sun would shine in"),
    "irradiance in kW": ("w.epw", lambda: epw(all=1, ghi=0.3, dni=0.2, dhi=0.1), "w.epw", "pv would run"),
    "wind in km/h": ("w.epw", lambda: epw(all=1, wind=19), "w.epw", "wind would run 0 hours"),
    "another kind of file": ("w.txt", lambda: epw(), "w.txt", "the name ends in '.txt'"),
    "table without its column": ("w.csv", lambda: ["hour,sun", *(f"{n},0.1" for n in range(8760))], "w.csv line 1", "there is no column pv or wind"),
    "share above 1": ("w.csv", lambda: ["pv", *("15" for _ in range(8760))], "w.csv", "pv in row 2 is 15"),
    "negative share": ("w.csv", lambda: ["wind", *("-1" for _ in range(8760))], "w.csv", "wind in row 2 is -1"),
    "leap year of a table": ("w.csv", lambda: ["pv", *("0.1" for _ in range(8784))], "w.csv", "8784 hourly rows"),
    "gap in a table": ("w.csv", lambda: ["pv", *("0.1" for _ in range(4000)), "NA", *("0.1" for _ in range(4759))], "w.csv", "pv in row 4002 is nan"),
    "no sun at all": ("w.csv", lambda: ["pv", *("0" for _ in range(8760))], "w.csv", "pv would run 0 hours"),
}  # fmt: skip


def xlsx() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("m.csv", bytes(200_000_000))
    return out.getvalue()


def text() -> bytes:
    return "\n".join(sound()).encode()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "the file is empty"),
    "blank": (lambda: b"\r\n \r\n", "the file is empty"),
    "50 MB": (lambda: text() + bytes(50_000_000), "the file has 50 MB"),
    "zip bomb": (bomb, "a package that unpacks to 200 MB"),
    "a workbook": (xlsx, "an Excel workbook, not a table of text: save the sheet as CSV"),
    "half a workbook": (lambda: xlsx()[:900], "a damaged package"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old workbook (.xls)"),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "packed": (lambda: b"\x1f\x8b\x08\x00" + bytes(50), "a packed file"),
    "damaged letters": (lambda: text()[:5000] + b"\xff\xff\xfe" + text()[5000:], "damaged or in an unknown encoding"),
    "half a letter of UTF-16": (lambda: b"\xff\xfe" + "\n".join(sound()).encode("utf-16-le")[:-1] + b"\xd8\x00\xd8", "damaged or in an unknown encoding"),
}  # fmt: skip


def refused(work: Callable[[], object], folder: Path, where: str, what: str) -> None:
    """The work ends in findings, one of them at ``where`` with ``what``; each can be said in Chinese; nothing else is in the folder."""
    before = {p: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(CaseError) as error:
        work()
    found = error.value.findings
    assert any(f.where.startswith(where) and what in f.what for f in found), found
    assert len(found) <= 13 and all(f.allowed for f in found)
    assert {p: p.read_bytes() for p in folder.iterdir()} == before
    for finding in found:
        assert any("一" <= sign <= "鿿" for sign in spoken(finding, "zh").partition("；允许：")[0]), finding


@pytest.mark.parametrize("kind", METERS)
def test_a_damaged_meter_file_is_refused(kind: str, tmp_path: Path) -> None:
    """Proves: each damage is found at its line and said in a sentence; no case is made, the file stays as it was."""
    damaged, where, what = METERS[kind]
    path = tmp_path / "m.csv"
    path.write_text("\n".join(damaged()), encoding="utf-8", newline="")
    refused(lambda: onto.meter("battery", path, tmp_path / "made"), tmp_path, where, what)


@pytest.mark.parametrize("kind", BILLS)
def test_damaged_bills_are_refused(kind: str, tmp_path: Path) -> None:
    """Proves: the same for bills."""
    damaged, where, what = BILLS[kind]
    path = tmp_path / "b.csv"
    path.write_text("\n".join(damaged()), encoding="utf-8", newline="")
    refused(lambda: onto.bills("battery", path, tmp_path / "made"), tmp_path, where, what)


@pytest.mark.parametrize("kind", WEATHER)
def test_damaged_weather_is_refused(kind: str, tmp_path: Path) -> None:
    """Proves: the same for weather files; one that would let the sun shine at night or the wind blow in km/h is none."""
    name, damaged, where, what = WEATHER[kind]
    path = tmp_path / name
    path.write_text("\n".join(damaged()) + "\n", encoding="utf-8", newline="")
    refused(lambda: onto.weather("battery", path, tmp_path / "made"), tmp_path, where, what)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("way", [onto.meter, onto.bills, onto.weather], ids=lambda f: f.__name__)
def test_a_file_that_is_no_table_is_refused(kind: str, way: Callable[..., object], tmp_path: Path) -> None:
    """Proves: what is too large, packed or no text is refused before it is unpacked or read."""
    content, what = FILES[kind]
    path = tmp_path / "m.csv"
    path.write_bytes(content())
    refused(lambda: way("battery", path, tmp_path / "made"), tmp_path, "m.csv", what)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    refused(lambda: onto.meter("battery", tmp_path / "no.csv", tmp_path / "made"), tmp_path, str(tmp_path / "no.csv"), "cannot be read")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(CaseError, match="this is a folder"):
        onto.meter("battery", tmp_path / "d.csv", tmp_path / "made")


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    """Proves: a folder that is there is refused before anything is read, and keeps what it has."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine.txt").write_text("mine")
    for way in (onto.meter, onto.bills, onto.weather):
        with pytest.raises(CaseError, match="it is there already"):
            way("battery", tmp_path / "no.csv", tmp_path / "made")
    assert [p.name for p in (tmp_path / "made").iterdir()] == ["mine.txt"]


def test_the_command_says_it_and_returns_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "m.csv"
    path.write_text("\n".join(METERS["negative"][0]()), encoding="utf-8")
    assert cli.main(["meter", "battery", str(path), "--out", str(tmp_path / "made"), "--lang", "zh"]) == cli.WRONG_CASE
    assert "读数为-5" in capsys.readouterr().err
    assert case.find("battery").is_dir() and not (tmp_path / "made").exists()


def test_there_are_enough_kinds_of_damage() -> None:
    assert len(METERS) + len(BILLS) + len(WEATHER) + len(FILES) >= 90
