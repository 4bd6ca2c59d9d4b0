"""Story 报告内容: what a report says, in one language - written once, for every format."""

from planner import __version__
from planner.language import fmt, say
from planner.report import basis, chapters, choices, studies, yardstick
from planner.report.material import Material
from planner.report.parts import Story
from planner.views import headline, roadmap


def of(m: Material, language: str) -> Story:
    """The whole report of a stored run."""
    sections = [*chapters.of(m, language), *choices.of(m, language), *yardstick.of(m, language), studies.of(m, language), *basis.of(m, language)]
    return Story(
        language=language,
        title=say("report.title", language, title=m.case.settings.get(language) or m.case.name),
        subtitle=say("report.subtitle", language, first=m.first, last=m.last, version=__version__, fingerprint=m.results.summary["fingerprint"][:12]),
        sentence=headline.sentence(m.results, language),
        numbers=headline.numbers(m.results, language),
        lines=tuple(roadmap.lines_of(m.results, language)),
        years=m.years,
        sections={s.name: s for s in sections},
        stamp=stamp(m, language),
        raw={n: t for n, t in m.results.tables.items() if n != "labels"},
    )


def stamp(m: Material, language: str) -> tuple[tuple[str, str], ...]:
    """What every report carries: version and fingerprint, gap, whole-year check, both views of electricity, changes, estimates."""
    s = m.results.summary
    holds = s.get("holds")
    check = "report.check.not_run" if holds is None else "report.check.holds" if holds else "report.check.fails"
    made = s.get("version", __version__)
    both = [fmt(m.total(m.last, view), "emissions", language) for view in ("location", "market")]
    rows = [
        ("version", say("report.version.value", language, version=made, fingerprint=s["fingerprint"])),
        ("case", f"{s['case']} · {', '.join(s['changes']) or say('report.unchanged', language)}"),
        ("gap", say("report.gap.value", language, gap=fmt(s["gap"], "share", language), money=fmt(s["gap_cny"], "money", language))),
        ("check", say(check, language)),
        ("views", say("report.views.value", language, year=m.last, location=both[0], market=both[1])),
        ("estimates", say("report.estimates.value", language, share=fmt(s["estimated_share"], "share", language))),
    ]
    if m.stale or made != __version__:
        rows.append(("today", say("report.stale", language, version=__version__)))
    return tuple((say(f"report.stamp.{key}", language), text) for key, text in rows)
