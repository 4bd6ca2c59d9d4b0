"""``python -m benchmarks [--quick] [--json] [NAME ...]``: every measurement, one ratio a row, with machine, versions and date."""

import argparse
import datetime
import importlib
import json
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SHORT = ("what_if", "peers", "cold", "growth")
LONG = ("explorer", "visitors", "study", "all_hours")  # minutes each, however small: quick only where they are named
MEASURES = (*SHORT, *LONG)  # one file each, with ``measure(quick) -> list of rows``
PACKAGES = ("highspy", "pyomo", "numpy", "scipy", "pandas", "pypsa", "linopy", "oemof.solph")


def main() -> int:
    """Print one JSON object, or a table; 1 where a row does not keep what it must."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURES)}; none: all")
    parser.add_argument(
        "--quick", action="store_true", help=f"small sizes, one run each, without {', '.join(LONG)} unless named: at most five minutes"
    )
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in MEASURES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(MEASURES)}")
    rows = []
    for name in args.names or (SHORT if args.quick else MEASURES):
        sys.stderr.write(f"{name} ...")
        sys.stderr.flush()
        began = time.monotonic()
        rows += [row.record() for row in importlib.import_module(f"benchmarks.{name}").measure(args.quick)]
        sys.stderr.write(f" {time.monotonic() - began:.0f} s\n")
    record = {
        "date": datetime.date.today().isoformat(),
        "machine": {"system": platform.platform(), "processor": _processor(), "cores": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: _version(name) for name in PACKAGES},
        "quick": args.quick,
        "rows": rows,
    }
    print(json.dumps(record, ensure_ascii=False, indent=2) if args.json else _table(record))
    return 1 if any(row["kept"] is False for row in rows) else 0


def _table(record: dict) -> str:
    versions = ", ".join(f"{name} {v}" for name, v in record["versions"].items() if v)
    lines = [
        f"{record['date']}, {record['machine']['processor']}, {record['machine']['cores']} cores, Python {record['machine']['python']}; {versions}",
        "",
    ]
    lines += ["| measure | value | must | aim | |", "|---|---|---|---|---|"]
    lines += [
        f"| {r['name']} | {_number(r['value'])} {r['unit']} | {_number(r['must'])} | {_number(r['aim'])} | {r['note']} |" for r in record["rows"]
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    sys.exit(main())
