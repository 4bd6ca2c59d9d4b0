"""All checks in one command: style, types, tests. ``python -m tests [pytest arguments]``; warnings are errors."""

import subprocess
import sys

CHECKS = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["pytest", "-q", *sys.argv[1:]])


def main() -> int:
    """Run every check, also after one failed; 0 only if all passed."""
    failed = [check for check in CHECKS if subprocess.call([sys.executable, "-m", *check]) != 0]
    for check in failed:
        sys.stderr.write(f"failed: {' '.join(check)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
