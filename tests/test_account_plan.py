"""The account of a plan equals the model's emissions, in both views and every scope; and it can be read, in both languages."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from test_audit import PLANT, YEAR, honest
from test_cli import one_object

from planner import cli, disclosure, run
from planner.account.ledger import VIEWS
from planner.account.planned import account_of, done
from planner.account.remarks import DIRECT, ENERGY
from planner.language import LANGUAGES
from planner.run import Run


def equal_to_the_model(of: Run | None) -> None:
    plant, year, plan = (of.ready.plant, of.ready.year, of.planned.plan) if of else (PLANT, YEAR, honest())
    acc = account_of(plant, year, plan)
    by_source = plan.value("emissions.by_source")
    lines = acc.lines[(acc.lines["scope"] == 1) & acc.lines["item"].isin(DIRECT)].groupby(["process", "year"])["t"].sum()
    for (a, y), v in by_source.items():
        assert lines.get((a, y), 0.0) == approx(v * 1e3, rel=1e-6, abs=1e-3)
    for y in plant.horizon.years:
        assert acc.total(y, DIRECT) == approx(plan.value("emissions.direct")[y,] * 1e3, rel=1e-6, abs=1e-3)
        assert acc.total(y, ["intermediate"]) == approx(plan.value("emissions.outsourced")[y,] * 1e3, rel=1e-6, abs=1e-3)
        for view in VIEWS:
            assert acc.total(y, ENERGY, view) == approx(plan.value("emissions.energy")[view, y] * 1e3, rel=1e-6, abs=1e-3)


def test_the_account_of_a_small_plan_is_the_models() -> None:
    """Proves: source by source, direct, outsourced and purchased energy in both views, to 1e-6, with certificates and capture in use."""
    assert honest().value("market.amount")["proofs", 2030] > 0
    assert honest().value("market.amount")["well", 2030] > 0
    equal_to_the_model(None)


def test_the_account_of_a_shipped_plan_is_the_models(shipped: Run) -> None:
    """Proves: the same on both shipped cases."""
    equal_to_the_model(shipped)


def test_the_caps_count_what_the_account_says(shipped: Run) -> None:
    """Proves: the boundary called planning is what the default cap counts, and the table of emissions adds up to it."""
    totals, caps = shipped.results["account_totals"], shipped.results["caps"]
    mine = totals[(totals["boundary"] == "planning") & (totals["view"] == "location") & (totals["role"] == "account")].set_index("year")["t"]
    for c in caps.itertuples():
        assert mine[c.year] == approx(c.value, rel=1e-6)
    table = shipped.results["emissions"]
    for y, t in table[(table["scope"] == "total") & (table["view"] == "location")].set_index("year")["t"].items():
        assert mine[y] == approx(t, rel=1e-6)


def test_the_audit_uses_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: an account that says one thousandth more than the plan's own emissions refuses the plan, in each of its checks."""
    from planner import audit as audits

    honest_account = audits.account

    def off(plant: object, rows: object) -> object:
        made = honest_account(plant, rows)  # type: ignore[arg-type]
        made.lines["t"] *= 1.001
        return made

    monkeypatch.setattr(audits, "account", off)
    found = audits.audit(PLANT, YEAR, honest())
    bad = set(found.checks.loc[~found.checks["passed"], "check"])
    assert {"emissions by source", "direct emissions", "purchased energy"} <= bad


def test_physical_power_is_what_the_load_takes_as_it_is_made() -> None:
    """Proves: by step, the lesser of solar power and what the site uses beside its stores; the rest is stored first and sold then.

    What charges stores counts as drawn from the grid, so it takes nothing away from the load.
    """
    d = done(PLANT, YEAR, honest())
    assert [a.name for a in PLANT.assets.values() if PLANT.without_fossil(a)] == ["solar"]
    hours = YEAR.days.hours * YEAR.days.weight / 1e3
    for y in PLANT.horizon.years:

        def by_step(table: str, name: str, y: int = y) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
            return np.array([honest().value(table)[name, y, s] for s in YEAR.days.steps])

        sun, charge, sold = by_step("converter.output", "solar"), by_step("store.charge", "battery"), by_step("market.flow", "export")
        covered = sum(
            v * PLANT.assets[m].ratio.get("electricity", 0.0)
            for (m, h, of), v in honest().value("measure.activity").items()
            if of == y and m.startswith("heat")
        )
        load = sun + by_step("market.flow", "grid") - sold - charge + by_step("store.discharge", "battery") + covered / float(hours.sum())
        left = sun - np.minimum(sun, load)
        assert d.kept.get(y, 0.0) == approx(float(np.minimum(left, charge) @ hours), abs=1e-9)
        assert d.exported.get(y, 0.0) == approx(float((left - np.minimum(left, charge)) @ hours), abs=1e-9)


# Pages ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_plan_says_everything(language: str, battery: Run) -> None:
    """Proves: boundary, method, both views, factors with their sources, base year and comparison stand on the page, in the language asked for."""
    blocks = disclosure.page(battery.ready.case, battery.results.tables, battery.results.summary["remarks"], language)
    text, page = disclosure.markdown(blocks), disclosure.html(blocks, language)
    words = {
        "en": (
            "GB/T 32150",
            "GHG Protocol",
            "location",
            "market",
            "Base year 2025",
            "Announcement 2025 No. 47",
            "Offsets are listed apart",
            "15.3 tC/TJ",
        ),
        "zh": ("GB/T 32150", "温室气体核算体系", "基于位置", "基于市场", "基准年2025", "抵销量单列", "15.3 tC/TJ", "物理供应"),
    }[language]
    for word in words:
        assert word in text
    assert page.count("<table>") == page.count("</table>") == text.count("|---|")
    assert page.count("<ul>") == page.count("</ul>")
    for key in ("account.", "scope.", "view."):
        assert f"\n{key}" not in text
        assert f"| {key}" not in text


def test_a_page_escapes_what_it_is_given() -> None:
    blocks = [disclosure.Heading("a < b", 1), disclosure.Text("x & y", True), disclosure.Grid(("h|1", "h2"), (("<i>", "1"),))]
    assert "<h1>a &lt; b</h1>" in disclosure.html(blocks, "en")
    assert "<li>x &amp; y</li>\n</ul>\n<table>" in disclosure.html(blocks, "en")
    assert "h\\|1" in disclosure.markdown(blocks)


@pytest.mark.parametrize(("kind", "sign"), [("electrified", "rise"), ("paper", "certificates alone"), ("cap_on_paper", "holds only"), ("unrecognised", "not recognised"), ("base_differs", "caps use")])  # fmt: skip
def test_every_remark_is_a_sentence(kind: str, sign: str) -> None:
    one = {"year": 2030, "remark": kind, "cap": "green", "physical_share": 0.25, "mwh": 1e5} | dict.fromkeys(
        ("saved_t", "added_t", "proven_t", "location_t", "stated_t", "account_t"), 1e5
    )
    told = {code: disclosure.remark(one, code) for code in LANGUAGES}
    assert sign in told["en"]
    assert told["zh"] != told["en"]
    assert all("2030" in t and "{" not in t for t in told.values())


# Command --------------------------------------------------------------------------------------------------------------------


def test_the_command_tells_a_cases_account(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Proves: one JSON object; the page in a file; a change of a factor changes the account (from 76.4 to 68.1 kt of gas at half the oxidation ... times 50/56.1)."""
    assert cli.main(["account", "battery", "--json"]) == 0
    record = one_object(capsys.readouterr().out)
    fuel = [r["t"] for r in record["account"] if r["item"] == "fuel"]
    assert fuel == approx([1362312 * 0.0561])
    out = tmp_path / "account.html"
    changed = ["--set", "factors.natural_gas.oxidation=0.5", "--set", "time.days=1", "--lang", "zh", "--out", str(out)]
    assert cli.main(["account", "battery", *changed]) == 0
    assert "碳排放核算报告" in capsys.readouterr().out
    assert "38,213" in out.read_text(encoding="utf-8")


def test_the_command_tells_a_runs_account(battery: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Proves: a stored run tells the account it was made with, years 2025 to 2030; its lines come as a table; it takes no change."""
    folder = run.write(battery, tmp_path / "run")
    assert cli.main(["account", str(folder), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert sorted({r["year"] for r in record["account"]}) == [2025, 2026, 2027, 2028, 2029, 2030]
    lines = tmp_path / "lines.csv"
    assert cli.main(["account", str(folder), "--out", str(lines)]) == 0
    assert len(pd.read_csv(lines)) == len(record["account"])
    assert cli.main(["account", str(folder), "--set", "time.days=1"]) == 2
    assert cli.main(["account", str(folder), "--out", str(tmp_path / "page.pdf")]) == 2
    (folder / "account.csv").unlink()
    assert cli.main(["account", str(folder)]) == 2
    assert "stored without its account" in capsys.readouterr().err
