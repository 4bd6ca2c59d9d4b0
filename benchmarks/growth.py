"""How our cold plan grows with days, with kinds of equipment and with years; linear, on the plant of plant.py."""

import numpy as np

from benchmarks import apart, ours
from benchmarks.apart import Row
from benchmarks.plant import plant

DAYS, COPIES, YEARS = (4, 8, 12, 24, 48, 365), (1, 2, 4), (5, 10, 25)


def measure(quick: bool) -> list[Row]:
    """The exponent by which seconds follow each size, and the seconds of the largest."""
    rows = []
    for name, sizes in {
        "days": DAYS[:3] if quick else DAYS,
        "copies": COPIES[:2] if quick else COPIES,
        "years": YEARS[:2] if quick else YEARS,
    }.items():
        found = [apart.run(_seconds, {"days": 4} | {name: size}) for size in sizes]
        seconds = [s for s, _ in found]
        exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
        told = ", ".join(f"{size}: {s:.1f} s" for size, s in zip(sizes, seconds, strict=True))
        rows.append(Row(f"growth with {name}: exponent", exponent, "-", note=f"{told}; peak {found[-1][1]:.2f} GiB"))
    return rows


def _seconds(sizes: dict[str, int]) -> float:
    return ours.solve(plant(**sizes), 1e-7)[1]
