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
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from test_views import by_hand

from planner import __version__
from planner.desk import choice as choices
from planner.dictionary import DATA
from planner.presets import presets
from planner.views.names import width

ROOT = Path(__file__).parent.parent
CHROMIUM = next((found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found), None)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-sync", "--disable-component-update",
)  # fmt: skip
WAIT = 60_000  # ms; a busy machine is no fault
CAP = "caps.total.2030.share"
PAGES = {"": 2, "play": 2, "understand": 1, "why_not": 0, "compare": 0, "inputs": 0, "scenarios": 0, "files": 0}  # address -> charts on it
QUICK = {("", "zh", "phone"), ("play", "zh", "laptop"), ("understand", "zh", "laptop")}  # looked at each time; all of them in the full suite
READY = {
    "compare": "[data-testid=stMultiSelect]",
    "why_not": ".st-key-header h1",
    "inputs": "[data-testid=stDataFrame] canvas",
    "scenarios": ".st-key-card-own input",
    "files": ".st-key-card-upload input",
}
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
SIZES = {"laptop": (1366, 768), "desk": (1920, 1080), "phone": (390, 844)}

CONTROLS = """() => {
    const shown = e => { const s = getComputedStyle(e); return (e.getBoundingClientRect().width > 0 || e.type === 'range') && s.visibility !== 'hidden' && !e.closest('[inert], [aria-hidden=true]'); };
    const found = [...document.querySelectorAll('button, input, a[href], textarea, summary, [role=tab]')].filter(e =>
        shown(e) && !e.disabled && e.getAttribute('aria-disabled') !== 'true' && e.tabIndex >= 0);
    const stops = new Set(found.map(e => e.closest('[role=radiogroup], [role=tablist], [role=toolbar], [data-testid=stButtonGroup]') || e));
    return [...stops].map((e, n) => { e.dataset.control = `${n} ${(e.getAttribute('aria-label') || e.innerText || e.value || '').slice(0, 40)}`; return e.dataset.control; });
}"""  # marks the stops of the Tab key and names them
CONTRAST = """() => {
    const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const parts = text => { const m = text.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
    const over = (a, b) => a.slice(0, 3).map((v, i) => v * a[3] + b[i] * (1 - a[3]));
    const ground = e => {
        const layers = [];
        for (let p = e; p; p = p.parentElement) { const c = parts(getComputedStyle(p).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; }
        return layers.reverse().reduce((below, c) => over(c, below), [255, 255, 255]);
    };
    const weak = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const e = texts.currentNode.parentElement, said = texts.currentNode.textContent.trim(), style = getComputedStyle(e), slider = e.closest('[data-testid=stSlider]');
        if (!/[\\p{L}\\p{N}]/u.test(said) || style.visibility === 'hidden' || !e.getBoundingClientRect().width || e.closest('[disabled], [aria-disabled=true], script, style, template')) continue;
        let seen = 1;
        for (let p = e; p; p = p.parentElement) seen *= Number(getComputedStyle(p).opacity);
        const ink = parts(e instanceof SVGElement ? style.fill : style.color), back = ground(slider || e);  // a slider's number stands above its thumb
        if (seen * ink[3] === 0 || (slider && String(over(ink, back)) === String(back))) continue;  // the ends of a slider show under the mouse only
        const [a, b] = [light(over([...ink.slice(0, 3), ink[3] * seen], back)), light(back)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
        const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (ratio < (large ? 3 : 4.5)) weak.push(`${said.slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
    return weak;
}"""  # texts that do not stand out
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: the explorer was not tried in a browser"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed: the explorer was not tried in a browser"),
    pytest.mark.skipif(not (ROOT / "app.py").is_file(), reason="app.py is not beside the tests"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The explorer on a free port; in its cache plans of the steel works by hand, as shipped and with a cap of 60 %, and the cell plant's shipped one."""
    cache = tmp_path_factory.mktemp("cache")
    for changes, numbers in (((), {}), (((CAP, "0.6"),), {"objective_cny": 9.9e9, "emissions_last_t": 5e5})):
        fingerprint = choices.case_of("steel", changes).fingerprint
        folder = cache / __version__ / fingerprint
        folder.mkdir(parents=True)
        results = by_hand(fingerprint=fingerprint, changes=[f"{k}={v}" for k, v in changes], **numbers)
        for name, table in results.tables.items():
            table.to_csv(folder / f"{name}.csv", index=False)
        (folder / "summary.json").write_text(json.dumps(results.summary), encoding="utf-8")
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


def drawn(page: Any, charts: int = 1) -> None:
    page.wait_for_function(f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {charts}", timeout=WAIT)
    page.wait_for_timeout(400)


@pytest.mark.parametrize(("address", "language", "size", "theme"), [
    pytest.param(address, language, size, theme, marks=[] if (address, language, size) in QUICK else [pytest.mark.full])
    for address in PAGES for language in ("en", "zh") for size, theme in (("laptop", "light"), ("desk", "dark"), ("phone", "light"))
])  # fmt: skip
def test_every_page_in_every_size_and_theme_cuts_nothing_off(
    server: str, browser: Any, tmp_path: Path, address: str, language: str, size: str, theme: str
) -> None:
    with opened(browser, server, f"{address}?case=steel&lang={language}", size=size, theme=theme, charts=PAGES[address]) as page:
        assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
        shot = Path(os.environ.get("BROWSER_SHOTS") or tmp_path) / f"{address or 'answer'}-{language}-{size}-{theme}.png"
        page.screenshot(path=str(shot))
        assert _outside(page) == [], "no label leaves its picture"
        assert _wider(page) == [], "nothing is wider than the page"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_screen_of_a_laptop_holds_the_answer(server: str, browser: Any, language: str) -> None:
    """The shipped plan of the cell plant, whose roadmap has as many lines as one ever has: nothing of it is below the fold."""
    with opened(browser, server, f"?case=battery&lang={language}", charts=2) as page:
        assert page.locator("[data-testid=stMetric]").count() == 4
        parts = [".st-key-headline", ".st-key-numbers", ".st-key-questions", ".st-key-card-emissions", ".st-key-card-roadmap"]
        boxes = [page.locator(part).first.bounding_box() for part in parts]
        assert boxes[0]["y"] >= 0 and max(box["y"] + box["height"] for box in boxes) <= SIZES["laptop"][1]
        assert _outside(page) == _wider(page) == []


def test_a_lever_moved_by_keys_brings_the_new_plan_and_its_change(server: str, browser: Any) -> None:
    with opened(browser, server, "play?case=steel&lang=en&set=caps.total.2030.share%3D0.61", charts=0) as page:
        page.get_by_text("The plan follows the levers").wait_for(timeout=WAIT)
        page.get_by_role("button", name="Back to the shipped numbers").click()
        page.wait_for_url(re.compile("^(?!.*set=)"), timeout=WAIT)
        drawn(page, 2)
        _slide(page, "Cap 2030", 60)
        page.wait_for_url(re.compile("0\\.6($|&)"), timeout=WAIT)
        page.get_by_text("before: 9.5 bn CNY").wait_for(timeout=WAIT)
        page.get_by_text("+400 M CNY").wait_for(timeout=WAIT)
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("before: 9.5 bn CNY").wait_for(timeout=WAIT, state="detached")


def test_a_group_of_levers_that_was_unfolded_stays_so(server: str, browser: Any) -> None:
    """Its name counts what was moved in it and is said in two languages: by either, another group would be at its place, folded."""
    with opened(browser, server, "play?case=steel&lang=en", charts=2) as page:
        page.get_by_text("The plan follows the levers").click()
        page.locator(".st-key-group-money summary").click()
        slider = page.get_by_role("slider", name="Discount rate")
        slider.press("ArrowRight", timeout=WAIT)
        page.locator(".st-key-group-money summary", has_text="(1)").wait_for(timeout=WAIT)
        page.wait_for_timeout(1000)
        assert slider.count() == 1
        for name, state in (("Understand", "detached"), ("Play", "attached")):
            page.get_by_text(name, exact=True).click()
            slider.wait_for(timeout=WAIT, state=state)
        page.get_by_text("中文", exact=True).click()
        page.get_by_role("slider", name="折现率").wait_for(timeout=WAIT)


def test_the_language_switch_keeps_the_lever_the_link_and_is_remembered(server: str, browser: Any) -> None:
    with opened(browser, server, f"?case=steel&lang=en&set={CAP}%3D0.6") as page:
        page.get_by_text("中文", exact=True).click()
        page.get_by_text("2030年上限：60%").wait_for(timeout=WAIT)
        page.wait_for_url(re.compile("lang=zh"), timeout=WAIT)
        page.wait_for_function(
            "document.querySelector('[data-testid=stSidebar] [data-testid=stSelectbox] input')?.value === '唐山500万吨长流程钢厂'", timeout=WAIT
        )
        assert f"set={CAP}%3D0.6" in page.url
        page.get_by_text("试算", exact=True).click()
        page.get_by_role("slider", name="2030年上限").wait_for(timeout=WAIT)
        page.wait_for_url(lambda url: "lang=zh" in url and f"set={CAP}%3D0.6" in url, timeout=WAIT)  # on every page, once it is drawn
        page.goto(server)
        page.get_by_text("唐山500万吨长流程钢厂").first.wait_for(timeout=WAIT)
        page.wait_for_function("document.documentElement.lang === 'zh-CN'", timeout=WAIT)  # remembered where the link names none


def test_charts_and_tables_can_be_taken_away(server: str, browser: Any, tmp_path: Path) -> None:
    with opened(browser, server, "understand?case=steel&lang=en") as page:
        with page.expect_download(timeout=WAIT) as picture:
            page.locator(".js-plotly-plot").first.hover()
            page.locator("[data-title='Save the picture (SVG)']").click()
        picture.value.save_as(tmp_path / "chart.svg")
        assert "<svg" in (tmp_path / "chart.svg").read_text(encoding="utf-8")[:300]
        page.get_by_role("tab", name="Table").click()
        with page.expect_download(timeout=WAIT) as table:
            page.get_by_role("button", name="Download CSV").click()
        table.value.save_as(tmp_path / "table.csv")
        assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig").startswith("Year,Direct (kt CO₂/yr)")


@pytest.mark.full
def test_a_solve_survives_a_reload_and_a_second_tab_and_can_be_stopped(server: str, browser: Any) -> None:
    """The real solver, on a case that is not open yet: the same job goes on after a reload, and another profile that opens the link sees it too."""
    link = f"play?case=battery&lang=en&set={CAP}%3D0.52"
    with opened(browser, server, link, charts=0) as page, opened(browser, server, link, charts=0) as other:
        for one in (page, other, page):
            one.get_by_role("button", name="Stop and keep the best plan").wait_for(timeout=WAIT)
            one.reload()
        page.get_by_role("button", name="Stop and keep the best plan").click()
        stopped = page.get_by_text(re.compile("stopped|Stopped")).or_(
            page.get_by_role("button", name="Stop and keep the best plan").and_(page.locator(":disabled"))
        )
        stopped.first.wait_for(timeout=WAIT)
        for one in (page, other):
            one.get_by_role("progressbar").first.wait_for(timeout=WAIT, state="detached")


@pytest.mark.full
def test_a_lever_and_a_page_answer_while_the_solver_works(server: str, browser: Any) -> None:
    """The real solver on a case that is not open yet: a lever is moved, another page read, and back again the same plan is still being made."""
    with opened(browser, server, f"play?case=computing&lang=en&set={CAP}%3D0.53", charts=0) as page:
        stop = page.get_by_role("button", name="Stop and keep the best plan")
        stop.wait_for(timeout=WAIT)
        page.get_by_text("The plan follows the levers").click()
        page.get_by_role("slider", name="Cap 2030").focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(re.compile(f"set={CAP}%3D0.52"), timeout=WAIT)
        page.get_by_role("button", name="Undo").click()
        page.wait_for_url(re.compile(f"set={CAP}%3D0.53"), timeout=WAIT)
        page.get_by_text("Understand", exact=True).click()
        drawn(page)
        page.get_by_text("Play", exact=True).click()
        stop.wait_for(timeout=WAIT)
        stop.click()
        page.get_by_role("progressbar").first.wait_for(timeout=4 * WAIT, state="detached")


@pytest.mark.full
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_set_of_targets_is_shown_whole(server: str, browser: Any, language: str) -> None:
    """The one with the widest name: chosen in the list it is not cut off, and what of it is official stands below."""
    for code, group in (("targets", "caps"), ("scheme", "prices")):
        choice = max(
            (p for p in presets().values() if p.name in (choices.levers_by_code("steel")[code].choices or {})), key=lambda p: width(p.short[language])
        )
        with opened(browser, server, f"play?case=steel&lang={language}&set={code}%3D{choice.name}", charts=0) as page:
            if group == "prices":
                page.locator(".st-key-group-prices summary").click(timeout=WAIT)
            page.locator(f".st-key-group-{group} [data-testid=stCaptionContainer]", has_text=choice.note[language][:20]).wait_for(timeout=WAIT)
            page.wait_for_timeout(1500)
            assert _wider(page) == [], choice.name


@pytest.mark.full
def test_back_and_forward_walk_through_levers_and_pages(server: str, browser: Any) -> None:
    with opened(browser, server, "play?case=steel&lang=en", charts=2) as page:
        page.get_by_text("The plan follows the levers").click()
        slider = page.get_by_role("slider", name="Cap 2030")
        for share in ("0.69", "0.68"):
            page.wait_for_timeout(1500)  # nobody is that quick with Back
            slider.focus()
            page.keyboard.press("ArrowLeft")
            page.wait_for_url(re.compile(f"set={CAP}%3D{share}$"), timeout=WAIT)
        page.get_by_text("Understand", exact=True).click()
        page.wait_for_url(re.compile(f"understand.*{CAP}%3D0.68"), timeout=WAIT)
        for value in ("68", "69", "70"):
            for _ in range(3):  # a page that is left had two addresses: without its link, then with it
                page.wait_for_timeout(1500)
                page.go_back()
                page.wait_for_timeout(1500)
                if slider.count() and slider.get_attribute("value") == value:
                    break
            assert slider.get_attribute("value") == value
        page.wait_for_timeout(1500)
        page.go_forward()
        page.wait_for_url(re.compile(f"play.*{CAP}%3D0.69"), timeout=WAIT)
        page.wait_for_function("document.querySelector('[data-testid=stSlider] input[aria-label=\"Cap 2030\"]')?.value === '69'", timeout=WAIT)


@pytest.mark.full
@pytest.mark.parametrize("address", PAGES)
def test_text_stands_out_in_both_themes(server: str, browser: Any, address: str) -> None:
    """Every text against what is behind it, as painted: 4.5 to 1, large text 3 to 1 (WCAG 2.2, AA); what cannot be used is exempt."""
    for theme in ("light", "dark"):
        with opened(browser, server, f"{address}?case=steel&lang=en", theme=theme, charts=PAGES[address]) as page:
            page.wait_for_timeout(1500)
            assert page.evaluate(CONTRAST) == [], theme


@pytest.mark.full
@pytest.mark.skipif(importlib.util.find_spec("axe_playwright_python") is None, reason="axe-playwright-python is not installed")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_serious(server: str, browser: Any, address: str, theme: str) -> None:
    """No serious or critical violation by axe-core's rules, its judgement of contrast included."""
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, server, f"{address}?case=steel&lang=en", theme=theme, charts=PAGES[address]) as page:
        page.wait_for_timeout(1500)
        found = Axe().run(page).response["violations"]
        bad = [f"{v['id']}: {n['target']} {n['html'][:200]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]]
        assert bad == [], "\n".join(bad)


@pytest.mark.full
@pytest.mark.parametrize("address", PAGES)
def test_every_control_is_reached_by_keys(server: str, browser: Any, address: str) -> None:
    """Tab alone comes by every control; of a group that is one stop - tabs, radio buttons - it comes by the chosen one, and arrows go on."""
    with opened(browser, server, f"{address}?case=steel&lang=en", charts=PAGES[address]) as page:
        page.wait_for_timeout(1500)
        names: list[str] = page.evaluate(CONTROLS)
        reached: set[str] = set()
        for _ in range(2 * len(names) + 20):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement?.closest('[data-control]')?.dataset.control ?? ''"))
        assert set(names) - reached == set()


@pytest.mark.full
def test_the_main_flow_needs_no_mouse(server: str, browser: Any, tmp_path: Path) -> None:
    """Read, move a lever, see the change, take it back, switch the language, take the table away: with keys alone."""

    def to(what: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate(f"(() => {{ const e = document.activeElement; return {what}; }})()"):
                return
        raise AssertionError(f"never reached: {what}")

    with opened(browser, server, "?case=steel&lang=en", charts=2) as page:
        to("e.innerText?.trim() === 'Play'")
        page.keyboard.press("Enter")
        page.get_by_role("slider", name="Cap 2030").wait_for(timeout=WAIT)
        drawn(page, 2)
        to("e.getAttribute('aria-label') === 'Cap 2030'")
        _slide(page, "Cap 2030", 60)
        page.get_by_text("+400 M CNY").wait_for(timeout=WAIT)
        to("e.innerText?.trim() === 'Undo'")
        page.keyboard.press("Enter")
        page.get_by_text("+400 M CNY").wait_for(timeout=WAIT, state="detached")
        page.wait_for_timeout(1500)  # what is drawn anew loses its place among the stops
        to("e.getAttribute('role') === 'tab' && e.innerText.trim() === 'Chart'")
        page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Download CSV").wait_for(timeout=WAIT)
        to("e.innerText?.trim() === 'Download CSV'")
        with page.expect_download(timeout=WAIT) as table:
            page.keyboard.press("Enter")
        table.value.save_as(tmp_path / "table.csv")
        assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig").startswith("Year,")
        to("e.innerText?.trim() === 'English'")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_function("document.documentElement.lang === 'zh-CN'", timeout=WAIT)


@pytest.mark.full
def test_a_number_is_edited_by_keys_kept_as_a_scenario_and_its_plan_taken_away(server: str, browser: Any, tmp_path: Path) -> None:
    """Through the three pages of one's own data, in Chinese; a second visitor sees nothing of it."""
    with opened(browser, server, "inputs?case=battery&lang=zh", charts=0) as page:
        _type(page, 2, "abc")
        page.get_by_text("需要修改（1项）").wait_for(timeout=WAIT)
        page.get_by_role("button", name="放弃不可用的输入").click()
        page.get_by_text("需要修改（1项）").wait_for(timeout=WAIT, state="detached")
        _type(page, 2, "60")
        page.wait_for_url(re.compile("edit=site.connection"), timeout=WAIT)
        assert _wider(page) == []
        page.get_by_text("保存为方案").first.click()
        page.locator("[data-testid=stPopoverBody] input").fill("接入60兆瓦")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_text("已保存：接入60兆瓦").wait_for(timeout=WAIT)
        page.get_by_text("方案", exact=True).first.click()
        page.locator("[class*=st-key-kept-]").get_by_text("接入60兆瓦").wait_for(timeout=WAIT)
        assert _wider(page) == []
        page.get_by_role("button", name="恢复初始值").click()
        page.get_by_text("文件", exact=True).first.click()
        page.get_by_text("IAMC表").click()
        page.get_by_role("button", name="生成文件").click()
        page.get_by_role("button", name="下载", exact=True).wait_for(timeout=WAIT)
        with page.expect_download(timeout=WAIT) as report:
            page.get_by_role("button", name="下载", exact=True).click()
        report.value.save_as(tmp_path / "iamc.csv")
        assert (tmp_path / "iamc.csv").read_text(encoding="utf-8-sig").lower().startswith("model,scenario,region,variable,unit")
        assert _wider(page) == []
    with opened(browser, server, "scenarios?case=battery&lang=zh", charts=0) as page:
        page.get_by_text("尚无保存的方案").wait_for(timeout=WAIT)


def _slide(page: Any, name: str, end: int) -> None:
    """A slider to ``end`` by keys, taking the focus again where a page drawn anew lost it. Raises AssertionError where it never stays there."""
    slider = page.get_by_role("slider", name=name)
    for _ in range(200):
        slider.focus(timeout=WAIT)
        value = int(slider.input_value(timeout=WAIT))
        if value != end:
            page.keyboard.press("ArrowLeft" if value > end else "ArrowRight")
            page.wait_for_timeout(50)
        else:
            page.wait_for_timeout(1000)  # a rerun on the way may move it
            if int(slider.input_value(timeout=WAIT)) == end:
                return
    raise AssertionError(f"{name} never stays at {end}")


def _type(page: Any, row: int, text: str) -> None:
    """Into the value of a row of the table, by keys. A rerun that comes in between draws the table anew and closes the cell: then once more."""
    from playwright.sync_api import Error

    cell = page.locator(".gdg-input").first
    for _ in range(12):
        page.wait_for_timeout(1500)
        box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
        page.mouse.click(box["x"] + 430, box["y"] + 33 * row + 15)
        page.keyboard.press("Enter")
        try:
            cell.fill(text, timeout=5000)
            page.keyboard.press("Enter")
            cell.wait_for(state="detached", timeout=5000)
            return
        except Error:
            continue
    raise AssertionError("the cell could not be edited")


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


def _wider(page: Any) -> list[str]:
    """Texts that are cut off at the side, and the page itself where it must be moved sideways."""
    found: list[str] = page.evaluate(
        """() => [...(document.documentElement.scrollWidth > window.innerWidth + 1 ? ['the page'] : []),
            ...[...document.querySelectorAll('input[role=combobox]')].filter(e => e.getBoundingClientRect().left > 0 && e.scrollWidth > e.clientWidth + 1).map(e => e.value),
            ...[...document.querySelectorAll('main p, main h1, main h3, main h4, main button, main button div, main label, [data-testid=stMetric] div')].filter(e =>
                e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible').map(e => e.textContent)]"""
    )
    return found
