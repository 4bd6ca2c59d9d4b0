"""Times the shipped cases from a cold start, as a user would meet them: ``python benchmarks/solve.py [runs]``.

Prints seconds by part, rows, columns and nonzeros, the coefficient range and the peak memory of the whole, one line a run.
"""

import json
import resource
import subprocess
import sys
import time

import numpy as np

from models.build import build
from models.compiled import compile_matrix
from planner import run, translate


def main() -> None:
    """Each case ``runs`` times (default 1), each in fresh processes."""
    for case in ("battery", "steel"):
        ready = run.prepare(case)
        compiled = compile_matrix(build(translate.inputs(ready.plant, ready.year)))
        sizes = np.abs(compiled.matrix.data)
        print(f"{case}: {compiled.matrix.shape[0]} rows, {compiled.matrix.shape[1]} columns, coefficients {sizes.min():.1e} to {sizes.max():.1e}")
        for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
            began = time.perf_counter()
            done = subprocess.run([sys.executable, "-m", "planner.cli", "solve", case, "--json"], capture_output=True, check=True, text=True)
            record = json.loads(done.stdout)
            wall = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
            print(f"  {wall:.1f} s wall, gap {record['gap']:.2%}, peak {peak:.2f} GiB, parts {record['seconds']}, solver {record['solver']}")


if __name__ == "__main__":
    main()
