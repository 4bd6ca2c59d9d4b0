"""``planner explore``: the page in the browser."""

import argparse
import ipaddress
import os
import sys
from pathlib import Path

from rich.console import Console

from planner.errors import CaseError, Finding
from planner.language import say

HELP = "open the explorer in a browser"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and who may come in."""
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets others in")
    parser.add_argument("--sign-in", type=Path, metavar="FILE", help="secrets (TOML) with an [auth] section: visitors sign in by OpenID Connect")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Become the page's server."""
    here = Path(__file__).parents[1]
    app = next(p for p in (here / "app.py", here.parent / "app.py") if p.is_file())
    if args.sign_in and not args.sign_in.is_file():
        raise CaseError([Finding(f"--sign-in {args.sign_in}", "there is no such file", "secrets (TOML) with an [auth] section; see README")])
    secrets = ["--secrets.files", str(args.sign_in.resolve())] if args.sign_in else []
    if not local(args.host):
        err.print(say("explore.open_signed" if args.sign_in else "explore.open", args.language, host=args.host), highlight=False)
    os.chdir(app.parent)  # Streamlit reads .streamlit/config.toml from there
    served = str(here / "explorer" / "served.py")
    command = [sys.executable, "-m", "streamlit", "run", served, "--server.port", str(args.port), "--server.address", args.host, *secrets]
    os.execv(sys.executable, command)


def local(host: str) -> bool:
    """Whether only this computer reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
