"""The smallest case folder: warmth from a burner or from two fields, one year, no interest - every answer is arithmetic.

100,000 MWh of warmth. The burner (stands there) needs 4 GJ of fuel at 10 CNY: 40 CNY and 0.2 t CO2 a MWh - alone 4 MCNY and 20,000 t.
The field (40,000 MWh at most) costs 60 CNY a MWh, the dear one 140, both for their one year: 100 and 500 CNY for a tonne less.
"""

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from planner.risk import common
from planner.risk.plans import Effort, Plans
from planner.studies.many import Asker, Many
from planner.studies.point import Desk

CNY = "CNY/(MWh/a)"
FILES = {
    "case.toml": """name = "small"
en = "Warmth"
zh = "供热"
[site]
province = "hebei"
voltage = "10kv"
[horizon]
first_year = 2026
last_year = 2026
[finance]
discount_rate = 0.0
discount_rate_kind = "real"
[product]
carrier = "warmth"
unit = "MWh"
[base_year]
year = 2025
emissions = 20000
""",
    "carriers.csv": "carrier,unit,balance,group,en,zh\nwarmth,MWh,year,product,Warmth,热\nfuel,GJ,year,fuel,Fuel,燃料\n",
    "factors.csv": "carrier,parameter,value,unit,source,confidence\nfuel,carbon,0.05,t/GJ,own_estimate,estimate\n",
    "technologies.csv": "technology,kind,operation,activity_unit,size_unit,en,zh\n"
    + "".join(f"{t},converter,flat,MWh,MWh/a,{t.title()},{t}\n" for t in ("burner", "field", "dear")),
    "technology_values.csv": "technology,parameter,carrier,value,unit,currency_year,source,confidence\n"
    "burner,flow,warmth,1,MWh/MWh,,own_estimate,estimate\nburner,flow,fuel,-4,GJ/MWh,,own_estimate,estimate\nburner,lifetime,,30,year,,own_estimate,estimate\n"
    + "".join(
        f"{t},flow,warmth,1,MWh/MWh,,own_estimate,estimate\n{t},lifetime,,1,year,,own_estimate,estimate\n{t},investment,,{price},{CNY},2026,own_estimate,{trust}\n"
        for t, price, trust in (("field", 60, "secondary"), ("dear", 140, "estimate"))
    ),
    "assets.csv": "asset,technology,status,size,unit,in_service,max_size,source,confidence\nburner,burner,operating,200000,MWh/a,2015,,own_estimate,estimate\n"
    "field,field,candidate,,MWh/a,,40000,own_estimate,estimate\ndear,dear,candidate,,MWh/a,,100000,own_estimate,estimate\n",
    "demands.csv": "carrier,value,unit,source,confidence\nwarmth,100000,MWh/a,own_estimate,estimate\n",
    "markets.csv": "market,carrier,direction,role,en,zh\nfuel,fuel,buy,supply,Fuel,燃料\n",
    "market_values.csv": "market,parameter,value,unit,currency_year,source,confidence\nfuel,price,10,CNY/GJ,2026,own_estimate,secondary\n",
    "caps.csv": "cap,scope,view,year,share,unit\ntotal,direct_energy,location,2026,0.7,t\n",
}  # fmt: skip


def folder(place: Path) -> Path:
    """The case, written down."""
    made = place / "small"
    made.mkdir(parents=True)
    for name, text in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


class HereDesk(Desk):
    """A desk that leaves the solver of this process as it is."""

    def __init__(self) -> None:
        with patch("planner.studies.point.highs.steady"):
            super().__init__()


class Here(Asker):
    """Points planned in this process: no seconds are spent on starting another."""

    def __init__(self) -> None:
        self.desk = HereDesk()

    def ask(self, base, asked):
        return self.desk.answer(lambda _: True, (base, asked))

    def __call__(self, base, points: Sequence):
        for p in points:
            yield p, self.desk.answer(lambda _: True, (base, p))

    def close(self) -> None:
        if self.desk._folder is not None:
            self.desk._folder.cleanup()
            self.desk._folder = None


class SmallPlans(Plans):
    """Plans of the small case, planned here."""

    def __init__(self, place: Path, *changes: tuple[str, str], missed: float = 5000.0) -> None:
        super().__init__(place / "small" if (place / "small").is_dir() else folder(place), changes, Effort(place / "study", missed=missed))

    def _many(self, files, changes, mark) -> Many:
        many = super()._many(files, changes, mark)
        many._asker = Here()
        return many


def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan for all futures is solved in this process."""

    def same(job, x, *, patience, listen=lambda _: True, **arguments):
        return job(x, report=lambda _: True, **arguments)

    monkeypatch.setattr(common, "in_own_process", same)
