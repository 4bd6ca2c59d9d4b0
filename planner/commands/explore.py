"""``planner explore``: the page in the browser."""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console

HELP = "open the explorer in a browser"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets others in")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Become the page's server."""
    here = Path(__file__).parents[1]
    app = next(p for p in (here / "app.py", here.parent / "app.py") if p.is_file())
    os.chdir(app.parent)  # Streamlit reads .streamlit/config.toml from there
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(args.port), "--server.address", args.host]
    os.execv(sys.executable, command)
