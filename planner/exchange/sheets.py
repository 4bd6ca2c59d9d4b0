"""Sheets 表页: which tables of a case stand in its workbook, with which rows; what is the program's own is shown, and stays so.

The case's own tables are shown whole. Of the tables that all cases share, the rows that this case uses are shown, so that
every number of the plant stands in the workbook with its source; on the way back a name of which nothing was changed
stays the program's, and one of which anything was changed becomes the case's own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.case import OWN, SHARED, Case
from planner.dictionary import Column, dictionary
from planner.errors import CaseError
from planner.tables import Row, read_table

ORDER = (  # the sheets people fill first stand first; tables that are not named here follow
    "demands", "assets", "options", "hosts", "overrides", "markets", "market_values", "unserved", "reserves", "islands", "caps", "offsets", "carbon_market", "rules", "budgets", "paces", "scale", "areas",
    "profiles", "hours", "report",
    "tariffs", "tariff_hours", "province_values", "technology_values", "technologies", "factors", "carriers", "sources",
)  # fmt: skip
READ_ME, LISTS, FOUND = "about", "lists", "findings"  # sheets that are no tables
OPTIONS = "options"  # the candidates among the assets have a sheet of their own
REPORT = "report"  # one sheet a file of the folder reconcile: report.NAME
SETTING_COLUMNS = ("key", "value", "note")
SAID = {"host": "asset", "replaces": "asset", "needs": "asset", "source": "id"}  # columns that name another table's first


@dataclass(frozen=True)
class Sheet:
    """One sheet: the table it belongs to, its own name (assets and options are both of the table assets), its rows."""

    table: str
    name: str
    rows: tuple[Row, ...]

    @property
    def columns(self) -> Mapping[str, Column]:
        """What may stand in its columns."""
        return dictionary()[self.table]


def sheets(case: Case) -> tuple[Sheet, ...]:
    """All tables of ``case`` as sheets, in the order people fill them. Raises CaseError when its report cannot be read."""
    own = {t: case.tables[t] for t in OWN}
    assets = own.pop("assets")
    split = next((n for n in range(len(assets)) if all(r["status"] == "candidate" for r in assets[n:])), len(assets))
    found = [Sheet(t, t, rows) for t, rows in own.items()]
    found += [Sheet("assets", "assets", assets[:split]), Sheet("assets", OPTIONS, assets[split:])]
    found += [Sheet(REPORT, f"{REPORT}.{stem}", rows) for stem, rows in reports(case)]
    found += [Sheet(t, t, rows) for t, rows in shared_rows(case).items()]
    place = {name: n for n, name in enumerate(ORDER)}
    return tuple(sorted(found, key=lambda s: place.get(s.name.partition(".")[0], len(place))))


def reports(case: Case) -> list[tuple[str, tuple[Row, ...]]]:
    """The plant's own reports (folder reconcile) by name. Raises CaseError."""
    findings: list[Any] = []
    found = [(p.stem, read_table(REPORT, [p], findings)) for p in sorted((case.folder / "reconcile").glob("*.csv"))]
    if findings:
        raise CaseError(findings)
    return found


def shared_rows(case: Case) -> dict[str, tuple[Row, ...]]:
    """Rows of the shared tables that this case uses: what its own rows name, and what those name in turn."""
    province = case.by_name["provinces"].get(case["site.province"], {})
    used: dict[str, set[str]] = {
        "zone": {case["site.zone"] or province.get("zone", "")},
        "province": {case["site.province"], "china"},
        "technology": {row["technology"] for row in case.tables["assets"]},
    }
    first = {t: next(iter(dictionary()[t])) for t in SHARED}
    shown: dict[str, tuple[Row, ...]] = {}
    named = _named(row for t in OWN for row in case.tables[t])
    for table in ("tariffs", "tariff_hours", "province_values", "technologies", "technology_values", "carriers", "factors"):
        key = first[table]
        shown[table] = tuple(r for r in case.tables[table] if r[key] in (used.get(key) or named.get(key, set())))
        for column, names in _named(shown[table]).items():
            named.setdefault(column, set()).update(names)
    reported = [row for _, rows in reports(case) for row in rows]
    cited = named.get("source", set()) | _named(reported).get("source", set())
    shown["sources"] = tuple({r["id"]: r for r in case.tables["sources"] if r["id"] in cited}.values())
    for table in SHARED:  # too long to show whole, but what the case says itself is shown
        if table not in shown and (own := own_rows(case, table)):
            shown[table] = own
    return shown


def own_rows(case: Case, table: str) -> tuple[Row, ...]:
    """Rows of a shared table whose name the case speaks of itself, in its folder or by a change."""
    key = next(iter(dictionary()[table]))
    here = {row[key] for row in case.tables[table] if row["where"].startswith(("--set ", *(f"{home}/{table}.csv " for home in case.homes)))}
    return tuple(row for row in case.tables[table] if row[key] in here)


def plain(row: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """A row without the place where it stood, to compare what it says."""
    return tuple(sorted((k, v) for k, v in row.items() if k != "where"))


def title(sheet: str, language: str) -> str:
    """The name of a sheet as people see it, with its name in brackets, by which it is found again."""
    label = dictionary()["tables"].get(sheet.partition(".")[0])
    words = {"en": label.en, "zh": label.zh} if label else {"en": sheet, "zh": sheet}
    tail = f" ({sheet})"
    return words[language][: 31 - len(tail)] + tail


def name_of(sheet_title: str) -> str | None:
    """The sheet's own name out of its title; None for a title of somebody else's."""
    found = re.fullmatch(r".*\(([\w.]+)\)\s*", sheet_title)
    return found.group(1) if found else sheet_title.strip() if re.fullmatch(r"\s*[\w.]+\s*", sheet_title) else None


def table_of(name: str) -> str | None:
    """The table of a sheet's own name, or None."""
    table = "assets" if name == OPTIONS else name.partition(".")[0]
    return table if table in (*OWN, *SHARED, REPORT) else None


def choices(case: Case) -> dict[str, list[str]]:
    """Names that a column may hold, for drop-downs: column -> names, by the tables' first columns."""
    found: dict[str, list[str]] = {}
    for table in (*OWN, *SHARED):
        if table not in ("hosts", "overrides", "demands", "market_values", "factors", "technology_values", "province_values", "scale", "paces"):
            column = next(iter(dictionary()[table]))
            found.setdefault(column, sorted({str(r[column]) for r in case.tables[table]}))
    found["province_parameter"] = sorted({r["parameter"] for r in case.tables["province_values"]})
    return found | {column: found[first] for column, first in SAID.items()}


def _named(rows: Iterable[Mapping[str, Any]] | Sequence[Row]) -> dict[str, set[str]]:
    """Names that rows give, by column."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for column in ("technology", "carrier", "source"):
            if row.get(column):
                found.setdefault(column, set()).add(row[column])
    return found
