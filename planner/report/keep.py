"""Keep 写入: a file or a folder, whole or not at all, and never over what is there already."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from planner.errors import CaseError, Finding


def whole(path: Path, fill: Callable[[Path], None], *, folder: bool = False) -> Path:
    """Let ``fill`` write beside ``path`` and move the result there. Raises CaseError when something is there or nothing can be written."""
    if path.exists():
        raise CaseError([Finding(str(path), "the file is there already", "a new name; nothing is overwritten")])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise _refused(path, error) from error
    try:
        made = room / path.name
        if folder:
            made.mkdir()
        fill(made)
        made.rename(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return path


def _refused(path: Path, error: OSError) -> CaseError:
    return CaseError([Finding(str(path), f"the file cannot be written ({error.strerror})", "a folder that may be written to")])
