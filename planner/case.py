"""Case 案例: what the user means - one factory, its options, prices and caps - checked, each number with unit and source.

A case is a folder with ``case.toml`` and tables; the tables of technologies, carriers, factors, tariffs and provinces
that all cases share stand in ``data/``, and a case may bring rows of its own for them: what it says of a name replaces
all that they say of it. Changes (``--set key=value``) are applied to the text of the tables before anything is checked,
so a changed number passes the same checks as a written one.
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from planner import based
from planner.dictionary import DATA, dictionary
from planner.errors import CaseError, Finding
from planner.presets import presets
from planner.tables import Row, nearest, parse, read_table

SHARED = (
    "sources", "carriers", "factors", "technologies", "technology_values", "provinces", "province_values", "tariffs",
    "tariff_hours", "weather", "money", "parameters", "gases", "boundaries", "sectors",
)  # fmt: skip
OWN = (
    "assets", "hosts", "overrides", "demands", "markets", "market_values", "demand_charges", "lines", "areas", "profiles", "hours", "caps", "rules", "scale",
    "budgets", "paces", "decisions", "activity", "offsets", "carbon_market", "unserved", "reserves", "islands",
)  # fmt: skip
KEYS = {  # how a row is named in a change: --set table.key.key.column=value; keys at the end may be left out
    "assets": ("asset",), "demands": ("carrier", "year"), "markets": ("market",), "market_values": ("market", "parameter", "tier", "year"),
    "demand_charges": ("item", "name", "months", "above"), "lines": ("line", "parameter", "year"), "unserved": ("carrier", "parameter", "year"), "reserves": ("reserve",), "islands": ("day",),
    "areas": ("area",), "caps": ("cap", "year"), "overrides": ("asset", "parameter", "carrier", "year"),
    "technology_values": ("technology", "parameter", "carrier", "year"), "factors": ("carrier", "parameter", "year"),
    "province_values": ("province", "parameter", "year"), "tariffs": ("zone", "item", "band", "voltage"), "profiles": ("profile", "month"), "hours": ("profile", "day"),
    "money": ("currency", "parameter", "year"), "rules": ("rule", "asset", "needs"), "scale": ("asset", "size"), "budgets": ("budget", "year"),
    "paces": ("technology", "year"), "decisions": ("asset", "action", "year"), "gases": ("gas", "report"), "activity": ("process", "quantity", "carrier", "year", "vintage"), "offsets": ("offset", "year"), "carbon_market": ("scheme", "parameter", "year"),
}  # fmt: skip
VALUE = {
    "caps": "share",
    "assets": "max_size",
    "scale": "share",
    "decisions": "size",
    "activity": "amount",
    "offsets": "price",
    "reserves": "hours",
}  # the column a change means when it names none; otherwise `value`

CATALOGUE = ("technologies", "technology_values")  # of which a case holds those of all sectors
LATER = ("hours", "unserved", "reserves", "islands")  # tables that came after the first stored runs: an empty one leaves a fingerprint as it was

TOLD = {"product.price": None, "product.value_added": 0.0, "base_year.value_added": None}  # what reports tell and a plan does not ask for, not given

SETTINGS = dictionary()["settings"]  # the keys of case.toml, dotted
DEFAULTS: dict[str, Any] = {  # a setting without a default is only there when the case says it
    key: parse(column, "") if column.default else "" for key, column in SETTINGS.items() if column.default or column.type == "text"
}


@dataclass(frozen=True)
class Case:
    """One factory and all that was said about it.

    settings: dotted name -> value (case.toml with defaults); tables: name -> checked rows; changes: what was set on top
    of the files; files: name -> text, as read, so that a run can hold the case it came from (its base in the folder base); folder:
    where they stood; homes: the names of the folders its own rows come from, the base's last.
    """

    name: str
    settings: Mapping[str, Any]
    tables: Mapping[str, tuple[Row, ...]]
    changes: tuple[tuple[str, str], ...]
    files: Mapping[str, str]
    folder: Path
    homes: tuple[str, ...] = ()

    def __getitem__(self, setting: str) -> Any:
        return self.settings[setting]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every number that can change the answer, wherever it stands; only the order of the assets counts."""
        used = {row["technology"] for row in self.tables["assets"]}
        rows = {
            t: [json.dumps({**row, "where": ""}, sort_keys=True) for row in found if t not in CATALOGUE or row["technology"] in used]
            for t, found in self.tables.items()
        }
        asked = any(row["per"] == "value_added" for row in self.tables["caps"])
        told = {} if asked else TOLD
        settings = {k: v for k, v in {**self.settings, **told}.items() if v is not None or k not in TOLD}
        weather = {k: _content(self.settings[k]) for k in ("site.pv_file", "site.wind_file") if self.settings[k]}
        said = {
            "weather": weather,
            "settings": settings,
            "tables": {t: found if t == "assets" else sorted(found) for t, found in rows.items() if found or t not in LATER},
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def by_name(self) -> Mapping[str, Mapping[str, Row]]:
        """Table -> first column -> row, for tables with one row a name."""
        single = ("carriers", "technologies", "assets", "markets", "areas", "provinces", "parameters", "sources")
        return {t: {row[next(iter(dictionary()[t]))]: row for row in self.tables[t]} for t in single}

    def label(self, asset: str, language: str) -> str:
        """Display name of an asset: its own, or its technology's."""
        row = self.by_name["assets"][asset]
        kind = self.by_name["technologies"].get(row["technology"], {})
        return row[language] or kind.get(language) or asset


def _content(path: str) -> str:
    """A weather file by what stands in it; one that cannot be read is a finding elsewhere."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def cases() -> dict[str, Path]:
    """The shipped cases by name."""
    return {p.parent.name: p.parent for p in sorted((DATA / "cases").glob("*/case.toml"))}


def find(name: str) -> Path:
    """The folder of a shipped case or of a path. Raises CaseError."""
    shipped = cases()
    folder = shipped.get(name, Path(name))
    if not (folder / "case.toml").is_file():
        raise CaseError([Finding(name, "there is no such case", "a folder with case.toml, or " + nearest(name, shipped))])
    return folder


def read(name: str | Path, changes: Sequence[tuple[str, str]] = (), found: list[Finding] | None = None) -> Case:
    """Read a case by name or path and apply ``changes``. Raises CaseError with everything that could not be read.

    With a list ``found`` the findings go there, and what could be read is handed on.
    """
    folder = find(str(name)).resolve()
    findings: list[Finding] = [] if found is None else found
    files = _texts(folder)
    said = _flat(f"{folder.name}/case.toml", files["case.toml"], findings)
    base = based.taken(folder, said, cases(), findings)
    settings, own = DEFAULTS, {t: _own(t, folder, findings) for t in (*SHARED, *OWN)}
    if base:
        under = _texts(base.folder)
        files |= {f"{based.FOLDER}/{name}": text for name, text in under.items()}
        below = _flat(f"{base.folder.name}/case.toml", under["case.toml"], findings)
        settings = _settings(f"{base.folder.name}/case.toml", below, DEFAULTS, findings)
        own = {t: base.merged(t, _own(t, base.folder, findings), rows, findings) for t, rows in own.items()}
    settings = _settings(f"{folder.name}/case.toml", said, settings, findings)
    tables = {t: _with_own(t, shared(t, findings), own[t]) for t in SHARED} | {t: own[t] for t in OWN}
    for key, text in changes:
        settings, tables = _change(settings, tables, key, text, findings)
    changed = {key for key, _ in changes}
    if "site.province" in changed and "site.zone" not in changed:  # the tariff moves with the site
        settings["site.zone"] = ""
    if findings and found is None:
        raise CaseError(findings)
    homes = (folder.name, base.folder.name) if base else (folder.name,)
    return Case(str(settings.get("name") or folder.name), settings, tables, tuple(changes), files, folder, homes)


def _texts(folder: Path) -> dict[str, str]:
    """The text files of a case by name; those of a base that a run kept are read as the base's."""
    found = (p for p in sorted(folder.rglob("*")) if p.suffix in (".csv", ".toml"))
    names = {p.relative_to(folder).as_posix(): p for p in found}
    return {n: p.read_text(encoding="utf-8-sig", errors="replace") for n, p in names.items() if not n.startswith(f"{based.FOLDER}/")}


def _own(table: str, folder: Path, findings: list[Finding]) -> tuple[Row, ...]:
    """The rows of a table in a case's own folder."""
    path = folder / f"{table}.csv"
    return read_table(table, [path] if path.is_file() else [], findings)


def shared(table: str, findings: list[Finding]) -> tuple[Row, ...]:
    """The rows of a table that all cases share; kept until its files change, since they are most of what a case reads."""
    files = files_of(table)
    states = ((path, path.stat()) for path in files)
    rows, found = _kept(table, tuple((path, state.st_mtime_ns, state.st_size) for path, state in states))
    findings.extend(found)
    return tuple(dict(row) for row in rows)


@lru_cache(maxsize=64)
def _kept(table: str, files: tuple[tuple[Path, int, int], ...]) -> tuple[tuple[Row, ...], list[Finding]]:
    findings: list[Finding] = []
    return read_table(table, [path for path, _, _ in files], findings), findings


def _with_own(table: str, shared: tuple[Row, ...], own: tuple[Row, ...]) -> tuple[Row, ...]:
    """Shared rows, but what the case itself says of a name (a zone, a carrier, a technology) replaces all that they say of it."""
    key = next(iter(dictionary()[table]))
    said = {row[key] for row in own}
    return (*(row for row in shared if row[key] not in said), *own)


def files_of(table: str) -> list[Path]:
    """A shared table is one file or a folder of files; the provinces' own tables stand together."""
    places = {"province_values": "provinces/values.csv", "provinces": "provinces/provinces.csv", "tariffs": "provinces/tariffs.csv"}
    single = DATA / places.get(table, "provinces/tariff_hours.csv" if table == "tariff_hours" else f"{table}.csv")
    return [single] if single.is_file() else sorted((DATA / table).glob("*.csv"))


def _flat(where: str, text: str, findings: list[Finding]) -> dict[str, Any]:
    """What a case.toml says, dotted name -> value."""
    try:
        nested = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        findings.append(Finding(where, f"the file is not TOML ({error})", "key = value lines under [section] heads"))
        return {}
    flat: dict[str, Any] = {}
    for key, value in nested.items():
        flat |= {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {key: value}
    return flat


def _settings(where: str, said: Mapping[str, Any], otherwise: Mapping[str, Any], findings: list[Finding]) -> dict[str, Any]:
    """The settings of a case: what it says, each checked, and what holds otherwise."""
    flat = dict(otherwise) | dict(said)
    for key in flat.keys() - SETTINGS.keys():
        findings.append(Finding(where, f"{key} is unknown", nearest(key, SETTINGS)))
    for key in SETTINGS.keys() & flat.keys():
        fits = _fits(key, flat[key], where, findings)
        flat[key] = _kind(key)(flat[key]) if fits else DEFAULTS.get(key)
    return flat


def _kind(key: str) -> type:
    """The type of a setting's value."""
    return {"number": float, "year": int, "whole": int}.get(SETTINGS[key].type, str)


def _fits(key: str, value: Any, where: str, findings: list[Finding]) -> bool:
    """Whether a setting has the kind and size it must have; a finding when not."""
    column, kind = SETTINGS[key], _kind(key)
    bounded = column.lowest is not None and column.highest is not None
    allowed = f"a {'whole ' if kind is int else ''}number" + (f" from {column.lowest:g} to {column.highest:g}" if bounded else "")
    wrong = ""
    if kind is str:
        if column.allowed and value not in column.allowed:
            wrong, allowed = f"is {value!r}", "one of " + ", ".join(column.allowed)
        elif not isinstance(value, str):
            wrong, allowed = f"is {value!r}, which is not a text", "a text"
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        wrong = f"is {value!r}, which is not a number"
    elif (kind is int and value != int(value)) or (bounded and not column.lowest <= value <= column.highest):  # type: ignore[operator]
        wrong = f"is {value:g}"
    if wrong:
        findings.append(Finding(where, f"{key} {wrong}", allowed))
    return not wrong


def _change(settings: dict[str, Any], tables: dict[str, Any], key: str, text: str, findings: list[Finding]) -> tuple[dict[str, Any], dict[str, Any]]:
    """One ``--set key=value``: a setting, ``options``, or cells of a table."""
    where = f"--set {key}={text}"
    table, *path = key.split(".")
    if key == "options":
        if text != "off":
            findings.append(Finding(where, f"options is {text!r}", "off"))
        closed = {r["asset"] for r in tables["assets"] if r["status"] == "candidate" and text == "off"}
        return settings, tables | {
            "assets": tuple(r | {"allowed": "no"} if r["asset"] in closed else r for r in tables["assets"]),
            "decisions": tuple(r for r in tables["decisions"] if r["asset"] not in closed),  # operation as today knows no order either
        }
    if key == "targets":
        if text not in presets():
            findings.append(Finding(where, f"there are no targets called {text!r}", nearest(text, presets())))
            return settings, tables
        sectors = presets()[text].sectors
        if sectors and settings.get("sector") not in sectors:
            mine = settings.get("sector") or "(none)"
            findings.append(Finding(where, f"its numbers are made for other sectors than {mine!r}", "a case of " + " or ".join(sectors)))
            return settings, tables
        return settings | dict(presets()[text].settings), tables | presets()[text].tables(findings)
    if table in KEYS:
        rows = tables[table]
        if split := _split_years(rows, KEYS[table], path, range(settings["horizon.first_year"], settings["horizon.last_year"] + 1)):
            tables, rows = tables | {table: split}, split
        if table == "market_values":
            rows = tuple(_of_its_own(row, tables["province_values"]) for row in rows)
        changed = _change_cells(table, rows, path, text, where, findings)
        return settings, tables | {table: tuple(old if new is own else new for old, own, new in zip(tables[table], rows, changed, strict=True))}
    if key not in SETTINGS:
        findings.append(Finding(where, f"the case has no number called {key!r}", nearest(key, [*SETTINGS, *KEYS, "options", "targets"])))
        return settings, tables
    kind, number = _kind(key), _number(text)
    new = text if kind is str or number is None else kind(number) if kind is float or number == int(number) else number
    return (settings | {key: new} if _fits(key, new, where, findings) else settings), tables


def _split_years(rows: tuple[Row, ...], keys: tuple[str, ...], path: list[str], years: range) -> tuple[Row, ...]:
    """Where a change names one year of a row that holds for every year: the rows with that one split into years; else nothing."""
    year = next((y for y in years if str(y) in path), None)
    if "year" not in keys or year is None or _matching(rows, keys, [p for p in path if p != "value"]):
        return ()
    every = _matching(rows, keys, [p for p in path if p not in ("value", str(year))])
    own = {id(row) for row in rows if id(row) in every and row["year"] is None and row.get("province_parameter") is None}
    return tuple(new for row in rows for new in ([row | {"year": y} for y in years] if id(row) in own else [row])) if own else ()


def _number(text: str) -> float | None:
    try:
        return float(text) if math.isfinite(float(text)) else None
    except ValueError:
        return None


def _of_its_own(row: Row, province_values: tuple[Row, ...]) -> Row:
    """A market's value as if it were its own: a province's brings its unit, price year and tax, so that one number can replace it."""
    theirs = next((r for r in province_values if row["province_parameter"] and r["parameter"] == row["province_parameter"]), None)
    return row | {k: theirs[k] for k in ("unit", "currency_year", "vat_rate")} if theirs else row


def _change_cells(table: str, rows: tuple[Row, ...], path: list[str], text: str, where: str, findings: list[Finding]) -> tuple[Row, ...]:
    columns = dictionary()[table]
    keys = KEYS[table]
    name = VALUE.get(table, "value")
    if path and path[-1] in columns and len(path) > 1:
        *path, name = path
    matched = _matching(rows, keys, path)
    if not matched:
        known = [".".join([table, *(_said(r[k]) for k in keys if r[k] is not None)]) for r in rows]
        findings.append(Finding(where, f"no row of {table} is called {'.'.join(path)!r}", nearest(".".join([table, *path]), known)))
        return rows
    try:
        value = parse(columns[name], text)
    except (ValueError, KeyError) as error:
        allowed = columns[name].sentence() if name in columns else nearest(name, columns)
        findings.append(Finding(where, f"{name} {error}", allowed))
        return rows
    fill = {"province": None} if table in ("market_values", "assets") and name != "province" else {}  # what is said here holds here
    if table == "market_values" and name == "value":
        fill["province_parameter"] = None
    if table == "caps":
        fill = {"value": None} if name == "share" else {"share": None} if name == "value" else {}
    return tuple(r | {name: value, "where": where} | fill if r is not None and id(r) in matched else r for r in rows)


def _matching(rows: tuple[Row, ...], keys: tuple[str, ...], path: list[str]) -> set[int]:
    """Rows whose keys are the parts of the path in order; an empty key of a row may be passed over."""

    def fits(row: Row) -> bool:
        rest = list(path)
        for key in keys:
            if rest and _said(row[key]) == rest[0]:
                rest.pop(0)
            elif row[key] is not None and rest and key == keys[0]:
                return False
        return not rest

    return {id(row) for row in rows if path and fits(row)}


def _said(key: Any) -> str:
    """A key as it is written in a change: month 7, not 7.0."""
    return f"{key:g}" if isinstance(key, float) else str(key)
