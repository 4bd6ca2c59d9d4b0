"""Onto 接入案例: a meter, twelve bills or a weather file put onto a case; the result is a new case, and what was found on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner import case, plant, run, shapes, year
from planner.case import Case
from planner.errors import CaseError, Finding
from planner.exchange import importing
from planner.intake import bills as billed
from planner.intake import gate, made, sky
from planner.intake import meter as metered
from planner.intake.made import Shape
from planner.tables import nearest

Changes = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Onto:
    """A new case: its folder, ready to be planned, and what has to be said."""

    folder: Path
    ready: run.Ready
    said: tuple[str, ...]


def meter(name: str, file: Path, folder: Path, changes: Changes = (), *, unit: str = "", column: str = "", shape: str = "") -> Onto:
    """The meter's year as the shape of a case. Raises CaseError; ``folder`` is then not there."""
    importing.new_place(folder)
    return put(case.read(name, changes), folder, [of_meter(case.read(name, changes), file, unit, column, shape)])


def bills(name: str, file: Path, folder: Path, changes: Changes = (), *, shifts: int = 3, workdays: int = 7, base: float = 0.3) -> Onto:
    """Twelve bills as the shape of a case, an estimate. Raises CaseError; ``folder`` is then not there."""
    importing.new_place(folder)
    return put(case.read(name, changes), folder, [of_bills(case.read(name, changes), file, shifts, workdays, base)])


def weather(name: str, file: Path, folder: Path, changes: Changes = ()) -> Onto:
    """A weather file instead of the synthetic year of a case. Raises CaseError; ``folder`` is then not there."""
    importing.new_place(folder)
    return put(case.read(name, changes), folder, of_weather(case.read(name, changes), file))


def put(read: Case, folder: Path, given: Sequence[Shape]) -> Onto:
    """The new case of all shapes at once."""
    return Onto(folder, made.make(read, given, folder), tuple(line for s in given for line in s.said))


def of_meter(read: Case, file: Path, unit: str = "", column: str = "", name: str = "") -> Shape:
    """What a meter's file says of a case: the works' shape, or that of ``name``."""
    found = metered.read(file, unit, column)
    title = f"{file.name}: meter of the site, {found.year}"
    if name:
        known = {p for p in shapes.names(read) | _asked(read) if p not in ("flat", *shapes.RENEWABLE)}
        if name not in known:
            raise CaseError([Finding(f"--for {name}", "the case has no shape of this name", nearest(name, known))])
        return Shape(name, found.power, "measured", title, found.year, found.said, file)
    fit = gate.fitted(read, plant.resolve(read), found.power, file.name)
    return Shape(shapes.LOAD, fit.load, "measured", title, found.year, (*found.said, *fit.said), file)


def of_bills(read: Case, file: Path, shifts: int, workdays: int, base: float) -> Shape:
    """What twelve bills say of a case's load, an estimate."""
    found = billed.read(file)
    power, said = billed.fitted(found, year.tariff_of(read).bands, shifts, workdays, base)
    fit = gate.fitted(read, plant.resolve(read), power, file.name)
    title = f"{file.name}: twelve bills from {found.year}, hours estimated"
    return Shape(shapes.LOAD, fit.load, "estimate", title, found.year, (*said, *fit.said), file, "bills of the user")


def of_weather(read: Case, file: Path) -> list[Shape]:
    """Hourly shares of rated power of a weather file."""
    place = read.by_name["provinces"].get(read["site.province"])
    if place is None:
        raise CaseError(
            [Finding("site.province", f"{read['site.province']!r} is unknown", nearest(read["site.province"], read.by_name["provinces"]))]
        )
    found, said = sky.read(file, place["latitude"], place["longitude"])
    return [
        Shape(t, values, "derived", f"{file.name}: weather file", None, said if not n else (), file, "weather file of the user")
        for n, (t, values) in enumerate(found.items())
    ]


def _asked(read: Case) -> set[str]:
    """Shapes that technologies of the case's assets, its demands or contracts name."""
    used = {row["technology"] for row in read.tables["assets"]}
    named = [*(r for r in read.tables["technologies"] if r["technology"] in used), *read.tables["demands"], *read.tables["markets"]]
    return {row["profile"] for row in named if row["profile"]} | {shapes.LOAD}
