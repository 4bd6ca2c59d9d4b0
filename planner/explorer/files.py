"""Files 文件: a factory in as a workbook, with what is wrong beside its cell; any plan out as a report, in the language of the page."""

import hashlib
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from planner import __version__, paperwork
from planner.case import cases
from planner.desk import choice as choices
from planner.desk import kept
from planner.desk.levers import Changes
from planner.errors import CaseError
from planner.explorer import ask, outcome, papers, session, show, sidebar
from planner.explorer.ask import Asked
from planner.explorer.text import plain, run_name, title, told
from planner.language import say, translated
from planner.paperwork import Taken

LARGEST = {"book": 10, "meter": 10, "bills": 1, "weather": 10}  # MB
KINDS = {"meter": ["csv", "txt"], "bills": ["csv", "txt"], "weather": ["epw", "csv"]}
REPORTS = {  # format -> the file's ending and its kind
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("html", "text/html"),
    "iamc": ("csv", "text/csv"),
    "csv": ("zip", "application/zip"),
    "parquet": ("zip", "application/zip"),
}


def page() -> None:
    """Out at the left, in at the right; on a phone one below the other. What came of an upload stands above, as wide as the page."""
    sidebar.draw()
    asked, language = ask.ask(), session.language()
    show.header(asked)
    outcome.notice(asked)
    top = st.container()
    left, right = st.columns(2)
    with left:
        _reports(asked)
    with right:
        _template(language)
        _upload(language)
    with top:
        _outcome(language)


# -- out -----------------------------------------------------------------------------------------------------------


def _reports(asked: Asked) -> None:
    """The plan on screen as a file. It is made by the office, once for everybody, and stays."""
    language = asked.language
    with st.container(border=True, key="card-reports"):
        st.subheader(say("files.reports", language), anchor=False)
        folder = _run(asked)
        if asked.shown is None or folder is None:
            st.info(say("files.no_plan", language))
            return
        st.markdown(say("files.reports.about" if asked.exact else "files.reports.older", language, run=run_name(asked.shown)))
        kind = st.radio(
            say("files.format", language), list(REPORTS), key="report kind", format_func=lambda k: say(f"files.format.{k}", language),
            captions=[say(f"files.format.{k}.about", language) for k in REPORTS],
        )  # fmt: skip
        path, paper = _paper(folder, kind, language), papers.office().get(_key(folder, kind, language))
        if path.is_file():
            name = f"{asked.choice.case.rpartition('/')[2]}-{run_name(asked.shown)}-{kind}-{language}{path.suffix}"
            st.download_button(
                say("files.download", language), lambda: path.read_bytes(), name, REPORTS[kind][1], key="report file", type="primary", on_click="ignore",
            )  # fmt: skip
            st.caption(say("files.size", language, size=f"{path.stat().st_size / 1000:,.0f}"))
            return
        if paper is not None and not paper.done:
            papers.bar(paper, say("files.busy", language))
            return
        if paper is not None:
            papers.failed(paper.error, language)
        st.button(say("files.make", language), key="report make", type="primary", on_click=_make, args=(folder, language))


def _make(folder: Path, language: str) -> None:
    """Ask for the report of the format picked last, which may be later than what is on screen."""
    kind = str(st.session_state["report kind"])
    papers.asked(_key(folder, kind, language), language, paperwork.report, folder, kind, language, _paper(folder, kind, language))


def _paper(folder: Path, kind: str, language: str) -> Path:
    """Where the report of a run stands; a run written anew has another."""
    run = hashlib.sha256(f"{folder} {(folder / 'summary.json').stat().st_mtime_ns}".encode()).hexdigest()[:24]
    return papers.place() / __version__ / f"{run}-{kind}-{language}.{REPORTS[kind][0]}"


def _key(folder: Path, kind: str, language: str) -> str:
    return f"report {_paper(folder, kind, language).name}"


def _run(asked: Asked) -> Path | None:
    """The folder of the plan on screen, if it holds the case it came from."""
    if asked.shown is None:
        return None
    found = [
        ask.manager().folder(str(asked.shown.summary["fingerprint"])),
        *([ask.runs() / asked.choice.case] if "/" not in asked.choice.case else []),
    ]
    return next((f for f in found if (f / "summary.json").is_file() and (f / "case").is_dir() and _is(f, asked)), None)


def _is(folder: Path, asked: Asked) -> bool:
    results = ask.manager().load(folder)
    return results is not None and asked.shown is not None and results.summary["fingerprint"] == asked.shown.summary["fingerprint"]


# -- in ------------------------------------------------------------------------------------------------------------


def _template(language: str) -> None:
    """A sector's workbook, and the workbook of what is chosen now."""
    with st.container(border=True, key="card-template"):
        st.subheader(say("files.template", language), anchor=False)
        st.markdown(say("files.template.about", language))
        now = session.choice()
        offered = [*cases(), *([now.case] if "/" in now.case or now.number else [])]
        labels = {n: title(name, language) + (f" ({say('files.as_now', language)})" if n >= len(cases()) else "") for n, name in enumerate(offered)}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = len(labels) - 1 if now.case not in cases() else list(labels)[offered.index(now.case)]
            which = st.selectbox(say("files.plant", language), list(labels), first, format_func=lambda n: labels[n], key="template which", width=360)
            changes = now.changes if which >= len(cases()) else ()
            name = choices.told(offered[which])
            st.download_button(
                say("files.template.get", language), lambda: _book(name, changes, language), f"{offered[which].rpartition('/')[2]}-{language}.xlsx",
                REPORTS["xlsx"][1], key="template", on_click="ignore",
            )  # fmt: skip


def _book(name: str, changes: Changes, language: str) -> bytes:
    """The workbook, made by the office; the page goes on meanwhile."""
    content: bytes = (
        papers.office().ask(f"book {name} {choices.stamp(name)} {hash(changes)} {language}", paperwork.workbook, name, changes, language).result(120)
    )
    return content


def _upload(language: str) -> None:
    """A workbook, with a meter, bills or weather beside it if there are any, becomes a case; or says everything that is wrong."""
    key = f"{session.visitor()} upload"
    with st.container(border=True, key="card-upload"):
        st.subheader(say("files.upload", language), anchor=False)
        st.markdown(say("files.upload.about", language))
        number = st.session_state.setdefault("uploads", 0)  # another number is an empty form
        book = st.file_uploader(say("files.upload.book", language), type=["xlsx"], key=f"book {number}", max_upload_size=LARGEST["book"])
        with st.expander(say("files.beside", language)):
            beside = {
                kind: st.file_uploader(say(f"files.beside.{kind}", language), type=ends, key=f"{kind} {number}", max_upload_size=LARGEST[kind])
                for kind, ends in KINDS.items()
            }
        called = f"upload title {number} {book.name if book else ''}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(say("files.upload.title", language), value=Path(book.name).stem[:60] if book else "", key=called, max_chars=60, width=300)
            st.button(
                say("files.upload.take", language), key="upload take", type="primary", disabled=book is None, on_click=_take,
                args=(key, language, number, called, tuple(beside)),
            )  # fmt: skip
        if wrong := st.session_state.pop("upload wrong", None):
            st.error(plain(wrong))
        paper = papers.office().get(key)
        if paper is not None and not paper.done:
            papers.bar(paper, say("files.upload.busy", language))
        elif paper is not None:
            papers.office().forget(key)
            if paper.error:
                papers.failed(paper.error, language)
            else:
                _taken(paper.result())


def _take(key: str, language: str, number: int, called: str, kinds: tuple[str, ...]) -> None:
    """Hand the files to the office: by their content, under names of our own."""
    state = st.session_state
    book, files = state[f"book {number}"], {kind: state[f"{kind} {number}"] for kind in kinds}
    chosen = str(state[called])
    state["upload done"] = None
    try:
        if files["meter"] and files["bills"]:
            state["upload wrong"] = say("files.both", language)
            return
        folder = kept.folder_for(session.visitor(), chosen)
    except CaseError as error:
        state["upload wrong"] = told(error, language)
        return
    room = Path(tempfile.mkdtemp(prefix="planner-upload-"))
    beside = {}
    for kind, file in {"book": book, **files}.items():
        if file is not None:
            path = room / f"{kind}{Path(file.name).suffix.lower()}"
            path.write_bytes(file.getvalue())
            beside[kind] = path
    papers.asked(key, language, paperwork.taken_in, beside.pop("book"), beside, " ".join(chosen.split()), folder, language)


def _taken(taken: Taken) -> None:
    """What came of it: the findings, or the case, which every page can use from now on."""
    st.session_state["upload done"] = taken
    if taken.folder:
        session.put(kept.added(session.visitor(), taken.folder))
        st.session_state["uploads"] += 1
        session.again()


def _outcome(language: str) -> None:
    """The last upload's findings by sheet and cell, with the copy to mend; or that it is there, with what was assumed."""
    taken: Taken | None = st.session_state.get("upload done")
    if taken is None:
        return
    if taken.folder:
        said = [say("files.upload.done", language, title=plain(title(session.choice().case, language)))]
        said += [f"- {plain(translated(line, language))}" for line in taken.said]
        said += [f"- {plain(say('book.left', language, sheets=', '.join(taken.left)))}"] if taken.left else []
        st.success("\n".join(said))
        return
    st.error(f"**{say('files.findings', language, number=len(taken.findings))}**")
    rows = []
    for f in taken.findings:
        sheet, _, cell = f.where.rpartition("!")
        rows.append((sheet or f.where, cell if sheet else "", translated(f.what, language), _allowed(f.allowed, language)))
    heads = [say(f"files.finding.{c}", language) for c in ("sheet", "cell", "what", "allowed")]
    st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, alt=say("files.findings", language, number=len(rows)))
    if taken.marked:
        st.download_button(say("files.marked", language), taken.marked, "findings.xlsx", REPORTS["xlsx"][1], key="marked", on_click="ignore")


def _allowed(text: str, language: str) -> str:
    """What is allowed, part by part, as `spoken` says it."""
    return say("finding.comma", language).join(translated(part, language) for part in text.split(", "))
