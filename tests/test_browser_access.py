"""The explorer for everybody: keys alone, text that stands out, and the rules of axe-core."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from pages import CAP, NEEDED, PAGES, WAIT, drawn, opened

pytestmark = [*NEEDED, pytest.mark.full]

CONTROLS = """() => {
    const shown = e => { const s = getComputedStyle(e); return (e.getBoundingClientRect().width > 0 || e.type === 'range') && s.visibility !== 'hidden' && !e.closest('[inert], [aria-hidden=true]'); };
    const found = [...document.querySelectorAll('button, input, a[href], textarea, summary')].filter(e =>
        shown(e) && !e.disabled && e.getAttribute('aria-disabled') !== 'true' && e.tabIndex >= 0);
    const stops = new Set(found.map(e => e.closest('[role=radiogroup], [role=toolbar], [data-testid=stButtonGroup]') || e));
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


@pytest.mark.parametrize("address", PAGES)
def test_text_stands_out_in_both_themes(server: str, browser: Any, address: str) -> None:
    """Every text against what is behind it, as painted: 4.5 to 1, large text 3 to 1 (WCAG 2.2, AA); what cannot be used is exempt."""
    for theme in ("light", "dark"):
        with opened(browser, server, f"{address}?case=steel&lang=en", theme=theme, charts=PAGES[address]) as page:
            page.wait_for_timeout(1500)
            assert page.evaluate(CONTRAST) == [], theme


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


def test_the_main_flow_needs_no_mouse(server: str, browser: Any, tmp_path: Path) -> None:
    """Read, move a lever, see the change, take it back, switch the language, take the table away: with keys alone."""

    def to(what: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate(f"(() => {{ const e = document.activeElement; return {what}; }})()"):
                return
        raise AssertionError(f"never reached: {what}")

    with opened(browser, server, f"?case=steel&lang=en&set={CAP}%3D0.61", charts=2) as page:
        to("e.innerText?.trim() === 'Play'")
        page.keyboard.press("Enter")
        page.get_by_role("slider", name="Cap 2030").wait_for(timeout=WAIT)
        drawn(page, 2)
        to("e.getAttribute('aria-label') === 'Cap 2030'")
        page.keyboard.press("ArrowLeft")
        page.get_by_text("before: 9.7 bn CNY").wait_for(timeout=WAIT)
        to("e.innerText?.trim() === 'Undo'")
        page.keyboard.press("Enter")
        page.get_by_text("before: 9.7 bn CNY").wait_for(timeout=WAIT, state="detached")
        page.wait_for_timeout(1500)  # what is drawn anew loses its place among the stops
        to("e.getAttribute('role') === 'radio' && e.innerText.trim() === 'Chart'")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
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
