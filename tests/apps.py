"""The pages as functions, without a browser and without a solver: jobs that answer at once with results by hand, and what a page says."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from results_by_hand import by_hand
from streamlit.testing.v1 import AppTest

from planner.desk import levers
from planner.desk.jobs import Job, JobManager
from planner.explorer import ask

CAP = "caps.total.2030.share"
SLIDER = f"steel:{CAP}"


def store(job: Job, folder: Path, **summary: Any) -> None:
    """A finished job: results by hand in its folder, as `run.write` leaves them."""
    results = by_hand(fingerprint=job.fingerprint, changes=[f"{k}={v}" for k, v in job.changes], **summary)
    folder.mkdir(parents=True)
    for name, table in results.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(results.summary), encoding="utf-8")


def fails(error: Exception) -> Callable[[Job, Path], None]:
    """A job that answers the case as shipped and fails with any change."""

    def make(job: Job, folder: Path) -> None:
        if job.changes:
            raise error
        store(job, folder)

    return make


def cheaper(job: Job, folder: Path) -> None:
    """With any change: 1 bn CNY cheaper, no roof, 100 MW of ground instead, and a kiln one year later."""
    store(job, folder)
    if job.changes:
        road = pd.read_csv(folder / "roadmap.csv")
        road.loc[road["asset"] == "roof_pv", ["asset", "en", "zh"]] = ["ground_pv", "Ground PV", "地面光伏"]
        road.loc[(road["asset"] == "kiln"), "year"] = 2029
        road.to_csv(folder / "roadmap.csv", index=False)
        summary = json.loads((folder / "summary.json").read_text())
        (folder / "summary.json").write_text(json.dumps(summary | {"objective_cny": 8.5e9, "emissions_last_t": 5e5}))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """A job manager of this test alone, and no shipped runs."""
    one = JobManager(tmp_path / "cache", store)
    monkeypatch.setattr(ask, "manager", lambda: one)
    monkeypatch.setattr(ask, "runs", lambda: tmp_path / "runs")
    yield one


def opened(page: str = "answer", folded: bool = False, **query: str | list[str]) -> AppTest:
    """A page, opened by a link, once its first plan is there, with all its groups of levers unfolded, or ``folded`` as a visitor meets them."""

    def script(page: str) -> None:
        from planner.explorer import PAGES, session

        session.start()
        PAGES[f"page.{page}"]()

    app = AppTest.from_function(script, default_timeout=60, args=(page,))
    for group in () if folded else levers.GROUPS:
        app.session_state[f"group-{group}"] = True
    for key, value in ({"lang": "en"} | query).items():
        app.query_params[key] = value
    return settled(app)


def settled(app: AppTest) -> AppTest:
    """The page after what was just done and after its jobs have ended (timers do not fire here)."""
    app.run()
    for _ in range(200):
        if all(job.finished for job in ask.manager().jobs.values()):
            break
        time.sleep(0.02)
    app.run()
    assert not app.exception
    return app


def link(app: AppTest) -> dict[str, list[str]]:
    """The parameters of the page's own link."""
    return {k: [v] if isinstance(v, str) else v for k, v in app.query_params.items()}


def words(app: AppTest) -> str:
    kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info", "text")
    return "\n".join(str(e.value) for kind in kinds for e in getattr(app, kind)).replace("\\", "")
