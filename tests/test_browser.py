"""The explorer as people meet it: a real server and a real Chromium, both languages, nothing called from outside.

Needs a chromium on the path and the playwright package; BROWSER_SHOTS names a folder that keeps the screenshots.
"""

import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from test_views import by_hand

from planner import __version__
from planner.explorer import state

ROOT = Path(__file__).parent.parent
CHROMIUM = next((found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
)
WAIT = 60_000  # ms; a busy machine is no fault

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: the explorer was not tried in a browser"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed: the explorer was not tried in a browser"),
    pytest.mark.skipif(not (ROOT / "app.py").is_file(), reason="app.py is not beside the tests"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The explorer on a free port, with a plan of the steel case by hand in its cache so that nothing is solved."""
    cache = tmp_path_factory.mktemp("cache")
    fingerprint = state.shipped("steel").fingerprint
    folder = cache / __version__ / fingerprint
    folder.mkdir(parents=True)
    results = by_hand(fingerprint=fingerprint)
    for name, table in results.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(results.summary), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PLANNER_CACHE": str(cache)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _answers(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.mark.parametrize(("language", "lang", "headline"), [("en", "en", "emits 40% less"), ("zh", "zh-CN", "工厂排放比维持现状低40%")])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_page_answers_in_both_languages(
    server: str, browser: Any, tmp_path: Path, language: str, lang: str, headline: str, theme: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1700}, color_scheme=theme)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request", lambda request: faults.append(request.url) if not request.url.startswith((server, "data:", "blob:", "ws://127.0.0.1")) else None
    )
    try:
        page.goto(f"{server}/?case=steel&lang={language}")
        page.get_by_text(headline).first.wait_for(timeout=WAIT)
        page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4", timeout=WAIT)
        page.wait_for_function(f"document.documentElement.lang === '{lang}'", timeout=WAIT)
        page.wait_for_timeout(500)
        shot = Path(os.environ.get("BROWSER_SHOTS") or tmp_path) / f"plan-{language}-{theme}.png"
        page.screenshot(path=str(shot))
        assert shot.stat().st_size > 50_000
        assert not faults, faults
        assert _outside(page) == [], "no label leaves its card"
    finally:
        page.close()


def test_the_language_switch_keeps_the_lever_and_the_link(server: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    try:
        page.goto(f"{server}/?case=steel&lang=en&set=caps.total.2030.share%3D0.6")
        page.get_by_text("Shown is the previous plan").wait_for(timeout=WAIT)
        page.get_by_text("中文", exact=True).click()
        page.get_by_text("当前显示的是上一个方案").wait_for(timeout=WAIT)
        page.wait_for_url(re.compile("lang=zh"), timeout=WAIT)
        assert "set=caps.total.2030.share%3D0.6" in page.url
        assert page.get_by_text("60%", exact=True).count() == 1, "the lever stands where it stood"
    finally:
        page.close()


def _answers(address: str) -> None:
    for _ in range(150):
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def _outside(page: Any) -> list[str]:
    """Texts of charts that reach out of their picture."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
            const box = chart.getBoundingClientRect();
            return [...chart.querySelectorAll('.main-svg text')].filter(text => {
                const b = text.getBoundingClientRect();
                return b.width && (b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1);
            }).map(text => text.textContent);
        })"""
    )
    return found
