"""Browsing: a server of the pages, and visitors who play on it in a real Chromium, each in a profile of their own."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.request import urlopen

import numpy as np

from benchmarks.memory import held
from planner.desk import choice as choices
from planner.desk.choice import Choice
from planner.desk.levers import Lever
from planner.explorer import served

CHROMIUM = next((found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-sync")
KINDS = {"cap": (-1, 8), "electricity_price": (-8, 8), "carbon_price": (0, 12)}  # levers that are moved, and how many steps from where they stand
PATIENCE = 180_000  # ms; longer than anything is to take
OPENED = 90.0  # s after which a case that was opened has all its levers at hand; before that, a move is compiled anew
THERE = """run => document.querySelector('.st-key-header')?.textContent.includes(run)
    && document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'
    && document.querySelectorAll('.js-plotly-plot .main-svg').length >= 2"""  # the plan asked for stands there, charts and all


class Server:
    """The pages on a free port, with a cache of its own that is empty at the start."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        own = {"PLANNER_CACHE": f"{self.folder.name}/cache", "PLANNER_WORKSPACES": f"{self.folder.name}/workspaces"}
        command = [sys.executable, "-m", "streamlit", "run", str(served.__file__), "--server.port", str(port)]
        self.process = subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self) -> "Server":
        for _ in range(300):
            try:
                with urlopen(f"{self.address}/_stcore/health", timeout=2):
                    return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.folder.cleanup()

    def memory(self) -> dict[str, float]:
        """MiB of the server itself and of all it started."""
        found = held(self.process.pid)
        return {"pages": found[self.process.pid], "all": sum(found.values())}


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """A browser. Raises RuntimeError where there is none."""
    if CHROMIUM is None:
        raise RuntimeError("no chromium on the path")
    from playwright.async_api import async_playwright

    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


class Visitor:
    """Somebody with a profile of their own who moves levers of one case with keys. faults: what went wrong on their page."""

    def __init__(self, browser: Any, address: str, case: str, seed: int) -> None:
        self.browser, self.address, self.case = browser, address, case
        self.rng = np.random.default_rng(seed)
        self.choice = Choice(case)
        found = [lever for lever in choices.levers_by_code(case).values() if lever.kind in KINDS]
        last = max(lever.year or 0 for lever in found)
        self.levers = [lever for lever in found if lever.year in (None, last)]
        self.at = dict.fromkeys((lever.code for lever in self.levers), 0)  # steps from where it stands in the case
        self.faults: list[str] = []

    async def open(self) -> float:
        """Open the page where one plays; seconds until its plan is there."""
        self.context = await self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
        self.page = await self.context.new_page()
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        began = time.perf_counter()
        await self.page.goto(f"{self.address}/play?case={self.case}&lang=en")
        await self._there()
        seconds = time.perf_counter() - began
        for group in dict.fromkeys(lever.group for lever in self.levers):
            if await (closed := self.page.locator(f".st-key-group-{group} details:not([open]) summary")).count():
                await closed.click()
        for lever in self.levers:  # a group that was opened is drawn with the next run of the page
            await self._slider(lever).wait_for(timeout=PATIENCE)
        return seconds

    async def move(self) -> tuple[float, tuple[Lever, int]]:
        """Move a lever by a few steps; seconds until its plan is there, and what was moved."""
        lever = self.levers[self.rng.integers(len(self.levers))]
        low, high = KINDS[lever.kind]
        there = int(self.rng.choice([n for n in range(low, high + 1) if n != self.at[lever.code] and abs(n - self.at[lever.code]) <= 3]))
        back = (lever, self.at[lever.code])
        return await self.step(lever, there), back

    async def step(self, lever: Lever, there: int) -> float:
        """Move a lever to so many steps from where it stands in the case; seconds from its last key until the plan is there."""
        wanted = round(float(lever.default) + there * lever.step, 6)
        slider = self._slider(lever)
        began = time.perf_counter()
        while (value := float(await slider.input_value())) != wanted:  # a rerun between two keys may set it back, or take the focus
            await slider.focus()
            began = time.perf_counter()
            await self.page.keyboard.press("ArrowRight" if value < wanted else "ArrowLeft")
        self.at[lever.code] = there
        self.choice = self.choice.but(**{lever.code: wanted})
        await self._there()
        seconds = time.perf_counter() - began
        wrong = await self.page.locator("[data-testid=stAlert], [data-testid=stException]").all_inner_texts()
        self.faults += [text for text in wrong if text]
        return seconds

    async def close(self) -> None:
        """Leave."""
        await self.context.close()

    def _slider(self, lever: Lever) -> Any:
        """Found by its class: to ask for roles and names is work for the page that is measured."""
        return self.page.locator(f".st-key-{re.sub('[^a-zA-Z0-9_-]', '-', f'{self.case}:{lever.code}')} input[type=range]")

    async def _there(self) -> None:
        """The plan of exactly this visitor's choice is on screen, and drawn."""
        run = choices.case_of(self.case, self.choice.changes).fingerprint[:8]
        try:
            await self.page.wait_for_function(THERE, arg=run, timeout=PATIENCE)
        except Exception as error:
            shown = [text for text in await self.page.locator("[role=dialog], main").all_inner_texts() if text]
            raise RuntimeError(f"{self.case}: the plan {run} did not come: {' '.join(shown)[:600]}") from error


async def pause(seconds: float) -> None:
    """What a visitor looks at a picture for."""
    await asyncio.sleep(seconds)
