"""The server around the pages: headers, its own address in every page, nothing told to strangers, and signing in where it is asked for."""

import argparse
import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from streamlit.testing.v1 import AppTest

from planner.commands import explore
from planner.errors import CaseError
from planner.explorer import PAGES, served, signed
from planner.language import LANGUAGES, say

PAGE = b'<html><head><script>x</script><script type="module" src="a.js"></script></head></html>'


async def behind(scope: Any, receive: Any, send: Any) -> None:
    """What Streamlit answers: a page for pages, else text; it says how it was asked."""
    kind = b"text/html" if scope["path"] in ("/", "/play") else b"text/plain"
    body = PAGE if kind == b"text/html" else repr([k for k, _ in scope["headers"]]).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind), (b"etag", b"1"), (b"content-length", b"999")]})
    await send({"type": "http.response.body", "body": body[:20], "more_body": True})
    await send({"type": "http.response.body", "body": body[20:]})


def got(path: str, accept: bytes = b"text/html", method: str = "GET") -> tuple[int, dict[bytes, bytes], bytes]:
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "headers": [(b"accept", accept), (b"accept-encoding", b"gzip"), (b"if-none-match", b"1")],
    }
    asyncio.run(served.Front(behind)(scope, None, send))
    return said[0]["status"], dict(said[0]["headers"]), b"".join(m.get("body", b"") for m in said[1:])


def test_every_page_knows_where_its_server_is_and_may_not_be_framed() -> None:
    status, headers, body = got("/play")
    assert status == 200 and body == PAGE.replace(b'<script type="module"', served.BASE.encode() + b'<script type="module"', 1)
    assert headers[b"content-length"] == str(len(body)).encode() and b"etag" not in headers
    assert b"frame-ancestors 'self'" in headers[b"content-security-policy"] and headers[b"x-content-type-options"] == b"nosniff"
    pattern = re.search(r"replace\(/(.*?)/,'/'\)", served.BASE)
    assert pattern is not None
    for key in PAGES:
        name = key.removeprefix("page.")
        assert re.sub(pattern[1].replace(r"\/", "/"), "/", f"/plans/{name}") == "/plans/", "behind a proxy's path, too"
    assert re.sub(pattern[1].replace(r"\/", "/"), "/", "/plans/") == "/plans/"


def test_what_is_no_page_goes_through_as_it_is_and_counts_are_closed() -> None:
    status, headers, body = got("/static/a.js", b"*/*")
    assert status == 200 and b"accept-encoding" in body and headers[b"x-content-type-options"] == b"nosniff" and headers[b"etag"] == b"1"
    assert got("/_stcore/metrics")[0] == got("/plans/_stcore/metrics/", b"*/*")[0] == 404
    assert got("/play", method="HEAD")[1][b"content-length"] == b"999"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost", "::1", "10.0.0.5", "works.example"])
def test_whoever_opens_the_server_to_others_is_told_what_that_means(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(explore.os, "execv", lambda _, command: started.append(command))
    monkeypatch.setattr(explore.os, "chdir", lambda _: None)
    err = Console(record=True, width=500)
    args = argparse.Namespace(host=host, port=1, sign_in=None, language="en")
    explore.run(args, Console(), err)
    assert (err.export_text().strip() == "") == (host in ("127.0.0.1", "localhost", "::1"))
    assert started[0][started[0].index("--server.address") + 1] == host and "--secrets.files" not in started[0]
    args.sign_in = tmp_path / "none.toml"
    with pytest.raises(CaseError, match="there is no such file"):
        explore.run(args, Console(), err)
    args.sign_in.write_text("[auth]\n")
    explore.run(args, Console(), err)
    assert started[1][-2:] == ["--secrets.files", str(args.sign_in)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_is_shown_before_signing_in_where_that_is_asked_for(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed, "wanted", lambda: True)
    monkeypatch.setattr("planner.explorer.session.spoken", lambda: code)
    app = AppTest.from_file(str(Path(__file__).parents[1] / "app.py"), default_timeout=60).run()
    assert [b.label for b in app.button] == [say("signed.in", code)] and not app.metric and not app.selectbox and "visitor" not in app.session_state


def test_what_is_kept_belongs_to_the_identity_and_not_to_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed, "wanted", lambda: True)
    user = {"is_logged_in": True, "iss": "https://id.example", "sub": "ann"}
    monkeypatch.setattr(signed.st, "user", user)
    assert signed.identity() == "https://id.example ann"
    user["is_logged_in"] = False
    assert signed.identity() == ""
    monkeypatch.setattr(signed, "wanted", lambda: False)
    user["is_logged_in"] = True
    assert signed.identity() == "", "off unless it is asked for"


def test_the_shipped_settings_are_the_safe_ones() -> None:
    import tomllib

    said = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert said["server"]["address"] == "127.0.0.1" and said["server"]["maxUploadSize"] == 10 and said["browser"]["gatherUsageStats"] is False
    assert (
        said["client"]["showErrorDetails"] == "none" and said["server"].get("enableXsrfProtection", True) and said["server"].get("enableCORS", True)
    )
