"""Served 服务: the explorer as a server with what Streamlit leaves to whoever runs it - its own address, headers, nothing told to strangers.

``planner explore`` starts this; ``streamlit run app.py`` serves the same pages without it.

Opened by a link to a page, Streamlit's own code looks for its server below that page's address first, finds nothing, and
only then at the right one: two errors in the browser's console. A line in the page tells it where the server is.
"""

import re
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from planner.explorer import PAGES

Message = dict[str, Any]
CLOSED = ("/_stcore/metrics",)  # counts of sessions and memory are nobody's business
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "; ".join((
        "default-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
        "font-src 'self' data:", "connect-src 'self' ws: wss: data: blob:", "worker-src 'self' blob:", "frame-ancestors 'self'", "form-action 'self'", "base-uri 'self'",
    )),
}  # fmt: skip
NAMES = "|".join(key.removeprefix("page.") for key in PAGES)
BASE = f"<script>window.__streamlit={{BACKEND_BASE_URL:location.origin+location.pathname.replace(/\\/({NAMES})\\/?$/,'/')}}</script>"


class Front:
    """Stands before Streamlit's own routes."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Close what is closed; give every page its headers and the address of its server."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].rstrip("/").endswith(CLOSED):
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Not Found"})
            return
        asked = dict(scope["headers"])
        whole = scope["method"] == "GET" and b"text/html" in asked.get(b"accept", b"")
        if whole:  # neither packed nor kept from before: it is read here
            left = (b"accept-encoding", b"if-none-match", b"if-modified-since")
            scope = scope | {"headers": [(k, v) for k, v in scope["headers"] if k not in left]}
        start: Message = {}
        content = b""

        async def answer(message: Message) -> None:
            nonlocal start, content
            if message["type"] == "http.response.start":
                start = message | {"headers": [*message.get("headers", ()), *((k.encode(), v.encode()) for k, v in HEADERS.items())]}
                if not _is_page(start):
                    await send(start)
            elif message["type"] == "http.response.body" and _is_page(start):
                content += message.get("body", b"")
                if not message.get("more_body"):
                    page = re.sub(rb"(?=<script type=\"module\")", lambda _: BASE.encode(), content, count=1)
                    kept = [(k, v) for k, v in start["headers"] if k not in (b"content-length", b"etag", b"last-modified")]
                    await send(start | {"headers": [*kept, (b"content-length", str(len(page)).encode())]})
                    await send({"type": "http.response.body", "body": page})
            else:
                await send(message)

        await self.app(scope, receive, answer if whole else _with_headers(send))


def _with_headers(send: Any) -> Any:
    """Every other answer has the same headers."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), *((k.encode(), v.encode()) for k, v in HEADERS.items())]}
        await send(message)

    return answer


def _is_page(start: Message) -> bool:
    return start.get("status") == 200 and any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in start.get("headers", ()))


def script() -> Path:
    """The pages' own entry, beside the package in a checkout and inside it once installed."""
    package = Path(__file__).parents[1]
    return next(path for path in (package / "app.py", package.parent / "app.py") if path.is_file())


app = st.App(script(), middleware=[Middleware(Front)])
