"""How much faster two processes make a study than one, and whether it is the same study.

The grid of cap and carbon price on the battery plant, 200 points as shipped, planned by one process, by two, by two that are
killed (SIGKILL) half way and started again, and by a Dask cluster of two processes; the four tables must be the same.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import apart
from benchmarks.apart import Row
from planner.studies import file

STUDY = "battery_caps_and_carbon_price"
LIMIT = 0.6  # of one process's time


def measure(quick: bool) -> list[Row]:
    """Two processes against one, and the tables that are not that of one; quick: nine points."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        study = smaller(9 if quick else 200, root)
        points = len(file.read(study).points)
        alone, first = made(study, root / "one", *workers(1))
        both, second = made(study, root / "two", *workers(2))
        others = {
            "two": second,
            "killed and started again": killed(study, root / "killed", points // 2),
            "a Dask cluster": clustered(study, root / "cluster"),
        }
    other = [name for name, table in others.items() if table != first]
    return [
        Row(
            f"study of {points} points: two processes / one", both / alone, "-", None if quick else LIMIT, None, f"{both:.0f} s against {alone:.0f} s"
        ),
        Row(
            "a process beside a busy one / alone",
            apart.beside(),
            "-",
            note="1: cores of their own; what two processes can save at most follows from it",
        ),
        Row(
            f"study of {points} points: tables unlike that of one process", len(other), f"of {len(others)}", 0, 0, ", ".join(other) or "all the same"
        ),
    ]


def workers(number: int) -> tuple[str, str]:
    """As many processes of this machine."""
    return "--workers", str(number)


def command(study: Path, folder: Path, *where: str) -> list[str]:
    """The command line of one run. where: on which processes."""
    return [sys.executable, "-m", "planner.cli", "study", str(study), "--out", str(folder), *where, "--json"]


def made(study: Path, folder: Path, *where: str) -> tuple[float, str]:
    """Seconds, and the table."""
    began = time.monotonic()
    subprocess.run(command(study, folder, *where), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began, (folder / "points.csv").read_text(encoding="utf-8")


def killed(study: Path, folder: Path, half: int) -> str:
    """The table of a run that was killed once ``half`` of its points stood, and started again."""
    running = subprocess.Popen(command(study, folder, *workers(2)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and len(list(folder.glob("points/*/point.json"))) < half:
        time.sleep(0.2)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    return made(study, folder, *workers(2))[1]


def clustered(study: Path, folder: Path) -> str:
    """The table of a Dask cluster of two processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        return made(study, folder, "--cluster", cluster.scheduler_address)[1]


def smaller(points: int, where: Path) -> Path:
    """The shipped study with about ``points`` points: as many steps of each axis in proportion."""
    text = file.shipped()[STUDY].read_text(encoding="utf-8")
    share = (points / 200) ** 0.5
    text = re.sub(r"steps = (\d+)", lambda found: f"steps = {max(2, round(int(found[1]) * share))}", text)
    path = where / f"{STUDY}.toml"
    path.write_text(text, encoding="utf-8")
    return path
