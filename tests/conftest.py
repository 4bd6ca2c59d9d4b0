"""Options of the test run, and the shipped cases planned once for all tests that read a plan."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from planner import audit, plan, results, run, translate
from planner.run import Ready, Run

pytest_plugins = ["apps", "pages"]  # pages as functions; a server and a browser
COARSE = (("time.days", "1"), ("time.segments", "4"))  # whole cases in seconds; every figure of a year stays exact


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; then read what changed")


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Streamlit's AppTest puts its script in the place of ``__main__``, which a solver's own process would then read again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@cache
def prepared(name: str, *changes: tuple[str, str]) -> Ready:
    """A case at coarse time, read once."""
    return run.prepare(name, [*COARSE, *changes])


@cache
def planned(name: str, *changes: tuple[str, str], gap: float = 0.01) -> Run:
    """A case at coarse time, planned in this process and evaluated once; its audit is kept, passed or not."""
    ready = prepared(name, *changes)
    made = plan.make(translate.inputs(ready.plant, ready.year), gap=gap, seconds=300, report=lambda _: True)
    evaluated = results.of(ready.case, ready.plant, ready.year, made)
    return Run(ready, made, evaluated, audit.audit(ready.plant, ready.year, made.plan), made.seconds)


@pytest.fixture(scope="session", params=["battery", "steel"])
def shipped(request: pytest.FixtureRequest) -> Run:
    """Each shipped case under its own caps."""
    return planned(request.param)


@pytest.fixture(scope="session")
def battery() -> Run:
    """The cell plant under its own caps."""
    return planned("battery")


@pytest.fixture(scope="session")
def prepare() -> Callable[..., Ready]:
    """Reads a shipped case at coarse time with changes (key, value)."""
    return prepared


@pytest.fixture(scope="session")
def said() -> Callable[[Sequence[object]], str]:
    """All findings as one text."""
    return lambda findings: "\n".join(map(str, findings))
