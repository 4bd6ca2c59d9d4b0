"""Page 网页: the report as one file that opens offline and prints well; pictures are static and nothing is asked of a network."""

from html import escape
from pathlib import Path

import pandas as pd

from planner.report import svg
from planner.report.parts import Section, Story, figure
from planner.views import theme

STYLE = """
:root{color-scheme:light}body{font:15px/1.55 FONT;color:#1B2430;max-width:1080px;margin:2rem auto;padding:0 1.2rem}
h1{color:#1F5C4A;font-size:1.8rem;margin:0}h2{color:#1F5C4A;border-bottom:2px solid #E3E7EC;padding-bottom:.2rem;margin-top:2.4rem}h3{font-size:1rem;margin-bottom:.3rem}
.faint{color:#5B6776}.answer{font-size:1.2rem}.numbers{display:flex;flex-wrap:wrap;gap:1rem}.numbers div{flex:1 1 200px;background:#F3F6F5;padding:.8rem 1rem;border-radius:6px}
.numbers b{display:block;font-size:1.5rem;color:#1F5C4A}.numbers small{color:#5B6776}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}th{background:#1F5C4A;color:#fff;text-align:left}th,td{padding:.3rem .5rem;border-bottom:1px solid #E3E7EC;vertical-align:top}td.l{overflow-wrap:anywhere}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}svg{width:100%;height:auto;max-width:860px}svg text{font:12px FONT}nav a{margin-right:1rem;color:#1F5C4A}
@media print{body{max-width:none;margin:0;font-size:10.5pt}nav{display:none}h2,h3{break-after:avoid}table{font-size:8pt}th,td{padding:.15rem .3rem}.wide{overflow:visible}tr,svg,figure,.numbers{break-inside:avoid}thead{display:table-header-group}th,.numbers div{-webkit-print-color-adjust:exact;print-color-adjust:exact}@page{size:A4;margin:16mm}}
"""


LONG = 24  # letters of a word that may be broken


def write(story: Story, path: Path) -> None:
    """Write the page."""
    path.write_text(html(story), encoding="utf-8")


def html(story: Story) -> str:
    """The whole page as text."""
    numbers = "".join(f"<div><small>{escape(n.label)}</small><b>{escape(n.value)}</b><small>{escape(n.note)}</small></div>" for n in story.numbers)
    links = "".join(f'<a href="#{s.name}">{escape(s.title)}</a>' for s in story.sections.values())
    stamp = "".join(f"<tr><td>{escape(label)}</td><td>{escape(text)}</td></tr>" for label, text in story.stamp)
    body = "".join(_chapter(story, s) for s in story.sections.values() if s.name != "summary")
    code = "zh-CN" if story.language == "zh" else "en"
    return (
        f'<!DOCTYPE html><html lang="{code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(story.title)}</title>'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{STYLE.replace('FONT', theme.FONT)}</style></head><body><h1>{escape(story.title)}</h1><p class=faint>{escape(story.subtitle)}</p><nav>{links}</nav>"
        f'<section id="summary"><p class=answer>{escape(story.sentence)}</p><div class=numbers>{numbers}</div><table>{stamp}</table></section>{body}</body></html>\n'
    )


def _chapter(story: Story, section: Section) -> str:
    said = "".join(f"<p>{escape(s)}</p>" for s in section.sentences)
    drawn = svg.gantt(story) if section.name == "roadmap" else ""
    figures = "".join(
        f"<figure><figcaption><h3>{escape(c.title)} · {escape(c.unit)}</h3></figcaption>{svg.chart(c)}</figure>" for c in section.charts
    )
    tables = "".join(f"<h3>{escape(t.title)}</h3><div class=wide>{_table(t.frame)}</div>" for t in section.tables)
    return f'<section id="{section.name}"><h2>{escape(section.title)}</h2>{said}{drawn}{figures}{tables}</section>'


def _table(frame: pd.DataFrame) -> str:
    heads = "".join(f"<th>{escape(str(c))}</th>" for c in frame.columns)
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join('<tr>' + ''.join(map(_cell, row)) + '</tr>' for row in rows)}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return "<td class=n>–</td>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<td class=n>{value if 1900 <= value <= 2100 and value == int(value) else figure(value, 7) if isinstance(value, float) else format(value, ',')}</td>"
    long = any(len(word) > LONG for word in str(value).split())  # an address or a code may be broken, a word may not
    return f"<td{' class=l' if long else ''}>{escape(str(value))}</td>"
