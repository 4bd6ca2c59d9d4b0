"""Study files: what is written becomes points in a fixed order; everything that is wrong is said at once."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from planner import case
from planner.errors import CaseError
from planner.studies import file


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_grids_and_samples_become_points(tmp_path: Path) -> None:
    """Proves: base, one name, 2 x 3 combinations (the last axis moves first) and four samples are 12 points; what is asked twice is planned once."""
    study = file.read(written(tmp_path, """
        case = "battery"
        [set]
        "time.days" = 1
        [changes.dear]
        "finance.carbon_price" = 300
        [changes.dear_again]
        "finance.carbon_price" = 300
        [[grid]]
        name = "g"
        axes = { "caps.total.2030" = [0.5, 0.6], "finance.carbon_price" = { from = 0, to = 100, steps = 3 } }
        [[sample]]
        name = "s"
        points = 4
        ranges = { "finance.carbon_price" = [0, 200] }
        """))  # fmt: skip
    assert study.changes == (("time.days", "1"),)
    assert [p.name for p in study.points] == ["base", "dear", *(f"g {n}" for n in range(1, 7)), *(f"s {n}" for n in range(1, 5))]
    assert study.points[0].changes == ()
    assert study.points[3].changes == (("caps.total.2030", "0.5"), ("finance.carbon_price", "50"))
    prices = sorted(float(p.changes[0][1]) for p in study.points[-4:])
    assert [int(p // 50) for p in prices] == [0, 1, 2, 3]  # one in each quarter


@pytest.mark.parametrize("method", file.METHODS)
def test_samples_are_the_same_every_time(method: str) -> None:
    first, again, other = (file.spread_out(method, 3, 9, seed) for seed in (1, 1, 2))
    assert first.shape == (9, 3) and ((first >= 0) & (first <= 1)).all()
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, """
        case = "batery"
        gapp = 1
        gap = "small"
        [changes]
        odd = { "a.b" = [1] }
        [[grid]]
        axes = {}
        [[sample]]
        points = 2
        ranges = { "finance.carbon_price" = [5, 1] }
        """)  # fmt: skip
    with pytest.raises(CaseError) as refused:
        file.read(path)
    text = str(refused.value)
    for part in ("perhaps battery", "gapp is unknown", "gap: is 'small'", "changes.odd", "it has no axes", "[lowest, highest]"):
        assert part in text


def test_shipped_studies_are_sound() -> None:
    """Proves: every shipped study is read, and its changes are known to its case."""
    assert {file.read(name).case for name in file.shipped()} >= {"battery", "steel"}
    for name in file.shipped():
        study = file.read(name)
        for point in {p.changes and tuple(k for k, _ in p.changes): p for p in study.points}.values():
            case.read(study.case, [*study.changes, *point.changes])


def test_a_case_may_stand_beside_its_study(tmp_path: Path) -> None:
    shutil.copytree(case.find("battery"), tmp_path / "plant")
    assert file.read(written(tmp_path, 'case = "plant"')).case == str(tmp_path / "plant")
