"""The explorer as people meet it: a real server and a real Chromium, both languages, nothing called from outside."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from pages import CAP, NEEDED, PAGES, SIZES, WAIT, drawn, opened, outside, wider

from planner.desk import choice as choices
from planner.presets import presets
from planner.views.names import width

QUICK = {("", "zh", "phone"), ("play", "zh", "laptop"), ("understand", "zh", "laptop")}  # looked at each time; all of them in the full suite
pytestmark = NEEDED


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
        assert outside(page) == [], "no label leaves its picture"
        assert wider(page) == [], "nothing is wider than the page"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_screen_of_a_laptop_holds_the_answer(server: str, browser: Any, language: str) -> None:
    """The shipped plan of the cell plant, whose roadmap has as many lines as one ever has: nothing of it is below the fold."""
    with opened(browser, server, f"?case=battery&lang={language}", charts=2) as page:
        assert page.locator("[data-testid=stMetric]").count() == 4
        parts = [".st-key-headline", ".st-key-numbers", ".st-key-questions", ".st-key-card-emissions", ".st-key-card-roadmap"]
        boxes = [page.locator(part).first.bounding_box() for part in parts]
        assert boxes[0]["y"] >= 0 and max(box["y"] + box["height"] for box in boxes) <= SIZES["laptop"][1]
        assert outside(page) == wider(page) == []


def test_a_lever_moved_by_a_key_brings_the_new_plan_and_its_change(server: str, browser: Any) -> None:
    """One key, both plans known: where a way there were planned too, which plan is the one before would be a matter of time."""
    with opened(browser, server, f"play?case=steel&lang=en&set={CAP}%3D0.61", charts=2) as page:
        slider = page.get_by_role("slider", name="Cap 2030")
        slider.press("ArrowLeft", timeout=WAIT)
        page.wait_for_url(re.compile("0\\.6($|&)"), timeout=WAIT)
        page.get_by_text("before: 9.7 bn CNY").wait_for(timeout=WAIT)
        page.get_by_text("+200 M CNY").wait_for(timeout=WAIT)
        page.get_by_role("button", name="Undo").click()
        page.wait_for_url(re.compile("0\\.61($|&)"), timeout=WAIT)
        page.get_by_text("before: 9.7 bn CNY").wait_for(timeout=WAIT, state="detached")
        page.get_by_role("button", name="Back to the shipped numbers").click()
        page.wait_for_url(re.compile("^(?!.*set=)"), timeout=WAIT)
        page.get_by_text("before: 9.7 bn CNY").wait_for(timeout=WAIT)


def test_a_picture_the_browser_had_is_sent_whole_again(server: str, browser: Any) -> None:
    """`opened` looks for pictures that are left out. A roadmap as large as this one was, and after three keys pressed quickly the page stood still for good."""
    with opened(browser, server, "play?case=battery&lang=en", charts=2) as page:
        toggle = page.get_by_text("The plan follows the levers")
        for _ in range(2):
            toggle.click()
            page.wait_for_timeout(300)
            page.locator("[data-test-script-state=notRunning]").wait_for(timeout=WAIT, state="attached")


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
        page.get_by_role("radio", name="Table").click()
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
            assert wider(page) == [], choice.name


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
def test_a_number_is_edited_by_keys_kept_as_a_scenario_and_its_plan_taken_away(server: str, browser: Any, tmp_path: Path) -> None:
    """Through the three pages of one's own data, in Chinese; a second visitor sees nothing of it."""
    with opened(browser, server, "inputs?case=battery&lang=zh", charts=0) as page:
        _type(page, 2, "abc")
        page.get_by_text("需要修改（1项）").wait_for(timeout=WAIT)
        page.get_by_role("button", name="放弃不可用的输入").click()
        page.get_by_text("需要修改（1项）").wait_for(timeout=WAIT, state="detached")
        _type(page, 2, "60")
        page.wait_for_url(re.compile("edit=site.connection"), timeout=WAIT)
        assert wider(page) == []
        page.get_by_text("保存为方案").first.click()
        page.locator("[data-testid=stPopoverBody] input").fill("接入60兆瓦")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_text("已保存：接入60兆瓦").wait_for(timeout=WAIT)
        page.get_by_text("方案", exact=True).first.click()
        page.locator("[class*=st-key-kept-]").get_by_text("接入60兆瓦").wait_for(timeout=WAIT)
        assert wider(page) == []
        page.get_by_role("button", name="恢复初始值").click()
        page.get_by_text("文件", exact=True).first.click()
        page.get_by_text("IAMC表").click()
        page.get_by_role("button", name="生成文件").click()
        page.get_by_role("button", name="下载", exact=True).wait_for(timeout=WAIT)
        with page.expect_download(timeout=WAIT) as report:
            page.get_by_role("button", name="下载", exact=True).click()
        report.value.save_as(tmp_path / "iamc.csv")
        assert (tmp_path / "iamc.csv").read_text(encoding="utf-8-sig").lower().startswith("model,scenario,region,variable,unit")
        assert wider(page) == []
    with opened(browser, server, "scenarios?case=battery&lang=zh", charts=0) as page:
        page.get_by_text("尚无保存的方案").wait_for(timeout=WAIT)


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
