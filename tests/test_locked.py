"""Planned again a year later: what was decided stands, what was not decided in time cannot be decided any more."""

from dataclasses import replace
from functools import cache

import pytest
from pytest import approx
from test_audit import PLANT, YEAR, honest
from test_audit import asset as made
from tiny import plan as solved

from planner import case, cli, decisions, locked, plant, translate
from planner.audit import audit
from planner.errors import CaseError
from planner.money import Horizon
from planner.tables import read_table

UNTIL = 2026


def kept(until: int = UNTIL):
    return {(action, a, y): size / PLANT.assets[a].scale for a, action, y, size, _, _ in locked.taken(PLANT, honest(), until)}


@cache
def again(until: int = UNTIL, **changes):
    """The small works planned again, after ``until``, with a carbon price that is three times as high."""
    p = replace(PLANT, decide_from=until + 1, decisions=kept(until), carbon_price=0.06)
    p = replace(p, assets={n: replace(a, first_service=p.decide_from + a.lead_years) for n, a in p.assets.items()})
    return p, solved(translate.inputs(p, YEAR))


def test_a_decision_is_taken_its_lead_time_before():
    """Proves: of the plan of the small works, by the end of 2026: what runs in 2026, and the arc furnace with its three years if it runs by 2029."""
    for action, a, y in kept():
        assert action != "build" or y - PLANT.assets[a].lead_years <= UNTIL
    early = {(a, v) for (a, v), size in honest().value("capacity.built").items() if size > 1e-6 and v - PLANT.assets[a].lead_years <= UNTIL}
    assert early == {(a, y) for action, a, y in kept() if action == "build"}
    assert not any(action == "renew" for action, _, _ in kept(2026))
    assert ("renew", "mill", 2028) in kept(2027)  # decided in its last year


def test_what_was_decided_stands_and_nothing_else_is_decided_for_then():
    """Proves: under another carbon price the same is built by the first year's decisions, and no project more that had to be ordered by then."""
    p, solution = again()
    assert solution.status == "optimal"
    built, before = solution.value("capacity.built"), honest().value("capacity.built")
    for (a, v), size in built.items():
        if v - PLANT.assets[a].lead_years <= UNTIL:
            assert size == approx(before[a, v], abs=1e-6), (a, v)
    retired = {q: v for q, v in solution.value("capacity.retired").items() if q[1] <= UNTIL}
    assert sum(retired.values()) == approx(sum(v for q, v in honest().value("capacity.retired").items() if q[1] <= UNTIL), abs=1e-6)
    assert audit(p, YEAR, solution).faults == ()


def test_the_audit_refuses_a_plan_that_forgets_what_was_decided():
    """Proves: the plan with the decisions passes; held against other decisions it does not, in the check that says so."""
    p, solution = again()
    wrong = {q: size * 0.5 + 1 for q, size in p.decisions.items()}
    found = audit(replace(p, decisions=wrong), YEAR, solution)
    assert "decisions taken before" in set(found.checks.loc[~found.checks["passed"], "check"])


# What a case may say ---------------------------------------------------------------------------------------------------------


def said(tmp_path, text):
    file = tmp_path / "decisions.csv"
    file.write_text("asset,action,year,size,unit\n" + text, encoding="utf-8")
    found, findings = [], []
    rows = read_table("decisions", [file], findings)
    assets = {"roof": made("roof", max_size=5.0, module=2.5), "mill": made("mill", size=5.0, end_year=2027, renewal_investment=1.0)}
    taken = decisions.resolve(rows, assets, Horizon(2026, 2030, 0.05), lambda row, _: row["value"], lambda row, what, allowed: found.append(what))
    return taken, [str(f) for f in findings] + found


def test_decisions_are_read_whole(tmp_path):
    """Proves: sizes in the tables' unit become canonical and whole; a renewal that was not wanted is a decision too."""
    taken, faults = said(tmp_path, "roof,build,2026,2499.9999,t/a\nmill,renew,2028,0,t/a\n")
    assert faults == []
    assert taken == {("build", "roof", 2026): approx(2.5), ("renew", "mill", 2028): 0.0}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("shed,build,2026,1,t/a", "unknown, or closed"),
        ("roof,build,2026,6000,t/a", "more than there can be"),
        ("roof,build,2031,1000,t/a", "is about 2031"),
        ("mill,renew,2027,5000,t/a", "cannot be renewed in 2027"),
        ("roof,sell,2026,1,t/a", "'sell'"),
    ],
)
def test_what_cannot_have_been_decided_is_a_finding(tmp_path, row, fault):
    assert fault in " ".join(said(tmp_path, row + "\n")[1])


# As a command ----------------------------------------------------------------------------------------------------------------


def test_a_run_is_locked_into_the_case():
    """Proves: the shipped run's decisions of 2026 stand in the case, and its first own decision is that of 2027."""
    with locked.again("battery", (), "battery", 2026) as ready:
        assert ready.plant.decide_from == 2027
        assert ready.plant.decisions
        assert all(y - ready.plant.assets[a].lead_years <= 2026 for action, a, y in ready.plant.decisions if action == "build")
        assert "decisions.csv" in ready.case.files
    assert not plant.resolve(case.read("battery")).decisions


def test_locked_needs_both(capsys):
    assert cli.main(["solve", "battery", "--locked", "battery"]) == 2
    with pytest.raises(CaseError), locked.again("battery", (), "nowhere", 2026):
        pass
