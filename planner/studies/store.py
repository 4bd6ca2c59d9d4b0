"""Store 存放: the folder of a study; each point stands in it whole or not at all, so that a killed study goes on where it was.

FOLDER/points/FINGERPRINT/point.json   the record of a point
FOLDER/points/FINGERPRINT/...          the files of its run, where there is a plan: open it like any other run
FOLDER/start-FINGERPRINT.npz           where all points begin
FOLDER/points.csv                      the table
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from planner import __version__
from planner.studies import start
from planner.studies.point import Base, Changes, Point, Record, told
from planner.studies.start import Arrays

SHORT = 16  # characters of a fingerprint that name a folder


class Store:
    """The points of one base in one folder. fingerprint: of the base case, with everything that all points share."""

    def __init__(self, folder: Path, base: Base, fingerprint: str) -> None:
        self.folder = folder
        self.points = folder / "points"
        self.points.mkdir(parents=True, exist_ok=True)
        self._said = [__version__, fingerprint, base.gap, base.seconds]
        self.start_file = folder / f"start-{self._short([])}.npz"

    def name(self, changes: Changes) -> str:
        """The name of a point's folder: what it is the plan of, and how it is planned."""
        return self._short([list(c) for c in changes] or ["base"])

    def place(self, changes: Changes) -> Path:
        """The folder of a point."""
        return self.points / self.name(changes)

    def record(self, changes: Changes) -> Record | None:
        """What is kept of a point, None where it is still to be planned."""
        kept = self.place(changes) / "point.json"
        return json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else None  # type: ignore[no-any-return]

    def keep(self, changes: Changes, point: Point) -> None:
        """Put a point in its place, whole or not at all."""
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=self.points))
        for name, content in {**point.files, "point.json": told(point.record).encode()}.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if self.place(changes).exists():
            shutil.rmtree(self.place(changes))
        made.chmod(0o755)
        made.rename(self.place(changes))

    def start(self) -> Arrays | None:
        """Where the points begin, as an earlier run left it."""
        return start.load(self.start_file) if self.start_file.is_file() else None

    def begin(self, arrays: Arrays) -> None:
        """Keep where the points begin."""
        start.write(arrays, self.start_file)

    def tidy(self) -> None:
        """Clear away what a killed run was making."""
        for left in self.points.glob(".making-*"):
            shutil.rmtree(left, ignore_errors=True)

    def _short(self, more: list[object]) -> str:
        return hashlib.sha256(json.dumps([*self._said, *more], ensure_ascii=False).encode()).hexdigest()[:SHORT]
