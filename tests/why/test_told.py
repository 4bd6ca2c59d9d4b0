"""Told: contradictions in the user's words, whose changes, applied to the case, leave a plan."""

import numpy as np
import pytest
from conftest import prepared

from models.build import build
from models.compiled import Compiled, compile_matrix
from planner import highs, translate
from planner.errors import NoPlanExists
from planner.run import Ready
from planner.why import none
from planner.why.told import told


def compiled(ready: Ready) -> Compiled:
    return compile_matrix(build(translate.inputs(ready.plant, ready.year)))


def explained(name: str, *changes: tuple[str, str]) -> dict[str, object]:
    """What is said of a case that has no plan."""
    highs.trust()
    ready = prepared(name, *changes)
    p = compiled(ready)
    _, reasons, _ = none.explained(translate.inputs(ready.plant, ready.year), p, lambda: True)
    error = NoPlanExists("none", reasons=reasons)
    error.asked = (ready.case, ready.plant)
    return told(error)


def has_plan(name: str, *changes: tuple[str, str]) -> bool:
    p = compiled(prepared(name, *changes))
    p.cost = np.zeros_like(p.cost)
    return highs.solve(p, seconds=120).ending == "optimal"


def pairs(changes: list[str]) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in (c.partition("=") for c in changes)]


BATTERY = (("caps.total.2030", "0.21"), ("areas.roof.value", "60000"))
STEEL = (("caps.total.2030", "0.42"), ("market_values.scrap_far.limit", "900000"), ("market_values.co2_storage.limit.2030", "100000"))


@pytest.mark.full
def test_the_cell_plant_is_told_in_both_languages_and_units() -> None:
    why = explained("battery", *BATTERY)
    ((cap, roof),) = [c["requirements"] for c in why["conflicts"]]  # type: ignore[attr-defined]
    assert cap["en"] == "cap total 2030 (55.4 kt CO₂/yr)" and cap["zh"] == "2030年上限total（5.54万吨CO₂/年）"
    assert roof["en"] == "area Usable roof (60 % of 0.3 km2) (60,000 m²)" and roof["zh"] == "场地“可用屋顶（0.3平方公里的60%）”（6万平方米）"
    assert cap["year"] == 2030 and roof["year"] is None
    assert (cap["unit"], roof["unit"]) == ("t", "m2")
    assert cap["limit"] < cap["needed"] and roof["limit"] < roof["needed"]
    assert why["complete"] is True


@pytest.mark.parametrize(("name", "changes"), [pytest.param("battery", BATTERY, marks=pytest.mark.full), ("steel", STEEL)])
def test_what_is_said_to_help_helps(name: str, changes: tuple[tuple[str, str], ...]) -> None:
    """Proves: without a change there is no plan; the changes of the nearest plan, and of a single conflict each one alone, leave one."""
    why = explained(name, *changes)
    assert not has_plan(name, *changes)
    assert has_plan(name, *changes, *pairs(why["nearest"]["changes"]))  # type: ignore[index]
    (conflict,) = why["conflicts"]  # type: ignore[misc]
    alone = [r["change"] for r in conflict["requirements"] if r["needed"] is not None]
    assert alone and all(alone)
    for change in alone:
        assert has_plan(name, *changes, *pairs([change])), change
