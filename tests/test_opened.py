"""Plans among many, opened from the page: a point of the front shows its own answer, and nothing outside of the run is read."""

import json
from pathlib import Path

import pytest
from results_by_hand import by_hand
from streamlit.testing.v1 import AppTest

from planner import stored
from planner.explorer import opened
from planner.results import Results
from planner.views import alternatives, front, roadmap


def kept(folder: Path, results: Results) -> Path:
    """Results as a run's folder."""
    folder.mkdir(parents=True)
    for name, table in results.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(dict(results.summary)), encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A plan by hand; of its front only the second point is there, dearer by far."""
    folder = kept(tmp_path / "run", by_hand())
    kept(folder / "points" / "b", by_hand(objective_cny=10.2e9))
    return folder


def test_a_point_of_the_front_opens_as_the_plan_it_is(run: Path) -> None:
    """Proves: the plan that is there can be chosen, and its own sentence (200 M CNY more) stands on the page."""

    def page(folder: str) -> None:
        from pathlib import Path

        from planner import stored
        from planner.explorer import opened
        from planner.views import front

        opened.draw(front, stored.load(Path(folder)).results, "en", False)

    app = AppTest.from_function(page, default_timeout=60, args=(str(run),)).run()
    assert not app.exception
    assert len(app.selectbox[0].options) == 1, "a plan that is not there is not offered"
    app.selectbox[0].select(app.selectbox[0].options[0]).run()
    assert not app.exception
    assert "200 M CNY more" in " ".join(m.value for m in app.markdown).replace("\\", "")


def test_only_views_that_name_plans_offer_any(run: Path) -> None:
    """Proves: a folder outside of the run, and results that stand nowhere, offer nothing."""
    results = stored.load(run).results
    assert opened.places(front, results, "en").keys() == {front.plans(results, "en")[1][0]}
    assert opened.places(roadmap, results, "en") == {}
    assert opened.places(alternatives, results, "en") == {}, "no such folder"
    assert opened.places(front, by_hand(), "en") == {}
    kept(run.parent / "other", by_hand())
    results.tables["front"]["folder"] = "../other"
    assert opened.places(front, results, "en") == {}
