"""The pages as a browser sees them: a server with plans made by hand, a Chromium, and what a test looks at. BROWSER_SHOTS names a folder that keeps screenshots."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from apps import CAP, store
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from planner import __version__
from planner.desk import choice as choices
from planner.desk.jobs import Job
from planner.dictionary import DATA

ROOT = Path(__file__).parent.parent
CHROMIUM = next((found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found), None)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-sync", "--disable-component-update",
)  # fmt: skip
WAIT = 60_000  # ms; a busy machine is no fault
PAGES = {"": 2, "play": 2, "understand": 1, "why_not": 0, "compare": 0, "inputs": 0, "scenarios": 0, "files": 0}  # address -> charts on it
READY = {
    "compare": "[data-testid=stMultiSelect]",
    "why_not": ".st-key-header h1",
    "inputs": "[data-testid=stDataFrame] canvas",
    "scenarios": ".st-key-card-own input",
    "files": ".st-key-card-upload input",
}
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
SIZES = {"laptop": (1366, 768), "desk": (1920, 1080), "phone": (390, 844)}

NEEDED = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: the explorer was not tried in a browser"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed: the explorer was not tried in a browser"),
    pytest.mark.skipif(not (ROOT / "app.py").is_file(), reason="app.py is not beside the tests"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The explorer on a free port; in its cache plans of the steel works by hand, as shipped and with caps of 61 and 60 %, and the cell plant's shipped one."""
    cache = tmp_path_factory.mktemp("cache")
    tighter = {"emissions_last_t": 5e5}
    for changes, numbers in (((), {}), (((CAP, "0.61"),), {"objective_cny": 9.7e9} | tighter), (((CAP, "0.6"),), {"objective_cny": 9.9e9} | tighter)):
        fingerprint = choices.case_of("steel", changes).fingerprint
        store(Job(fingerprint, "steel", changes), cache / __version__ / fingerprint, **numbers)
    shipped, today = DATA / "runs" / "battery", choices.shipped("battery").fingerprint  # as if made today, whatever changed since it was
    folder = cache / __version__ / today
    shutil.copytree(shipped, folder, ignore=lambda place, names: [n for n in names if (Path(place) / n).is_dir()])
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8")) | {"fingerprint": today}
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "planner/explorer/served.py", "--server.port", str(port)]
    own = {"PLANNER_CACHE": str(cache), "PLANNER_WORKSPACES": str(tmp_path_factory.mktemp("workspaces"))}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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


@contextmanager
def opened(browser: Any, server: str, path: str, *, size: str = "laptop", theme: str = "light", charts: int = 1) -> Iterator[Any]:
    """A page in a fresh profile once its charts are drawn; at the end nothing may have gone wrong or been called outside."""
    width, height = SIZES[size]
    agent = {"user_agent": PHONE} if size == "phone" else {}
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme, **agent)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(f"{message.text} {message.location}") if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: faults.extend(left_out(frame))))
    page.on(
        "request", lambda request: faults.append(request.url) if not request.url.startswith((server, "data:", "blob:", "ws://127.0.0.1")) else None
    )
    try:
        page.goto(f"{server}/{path}")
        if ready := READY.get(path.partition("?")[0]):
            page.wait_for_selector(ready, timeout=WAIT, state="attached")
        drawn(page, charts)
        yield page
        assert not faults, faults
    finally:
        page.close()


def left_out(frame: bytes) -> list[str]:
    """What a message leaves out because the browser had it: after a few more runs of the page it is forgotten there, and the page stands still."""
    hash_of = ForwardMsg.FromString(frame).ref_hash
    return [f"not sent again: {hash_of}"] if hash_of else []


def drawn(page: Any, charts: int = 1) -> None:
    page.wait_for_function(f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {charts}", timeout=WAIT)
    page.wait_for_timeout(400)


def _answers(address: str) -> None:
    for _ in range(150):
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def outside(page: Any) -> list[str]:
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


def wider(page: Any) -> list[str]:
    """Texts that are cut off at the side, and the page itself where it must be moved sideways."""
    found: list[str] = page.evaluate(
        """() => [...(document.documentElement.scrollWidth > window.innerWidth + 1 ? ['the page'] : []),
            ...[...document.querySelectorAll('input[role=combobox]')].filter(e => e.getBoundingClientRect().left > 0 && e.scrollWidth > e.clientWidth + 1).map(e => e.value),
            ...[...document.querySelectorAll('main p, main h1, main h3, main h4, main button, main button div, main label, [data-testid=stMetric] div')].filter(e =>
                e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible').map(e => e.textContent)]"""
    )
    return found
