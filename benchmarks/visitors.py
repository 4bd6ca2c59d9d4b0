"""Four visitors at once, each in a profile and on a path of their own, and what the server holds in memory afterwards.

Each waits for exactly the plan of what they chose, so a plan of somebody else's is a fault, as is anything in the browser's
console or an error on the page. First one visitor plays alone, on a server of the same kind.
"""

import asyncio
import statistics
import sys
import time

from benchmarks.apart import Row
from benchmarks.browsing import OPENED, Server, Visitor, chromium, pause

CASES = ("battery", "steel", "battery", "steel")
MINUTES, ALONE = 5.0, 1.5
LOOKED = 5.0  # s at each picture
TIMES, MORE = 5.0, 1.2
EXPIRED = 135.0  # s after which a server has forgotten who left


def measure(quick: bool, cases: tuple[str, ...] = CASES) -> list[Row]:
    """The longest wait against the longest alone, and memory after against before; quick: a minute of the battery case."""
    minutes, alone = (1.0, 0.5) if quick else (MINUTES, ALONE)
    cases = ("battery",) * 4 if quick else cases
    one: list[float] = []
    for case in dict.fromkeys(cases):
        with Server() as server:
            one += asyncio.run(_playing(server, (case,), alone))[0]
    with Server() as server:
        asyncio.run(_playing(server, tuple(dict.fromkeys(cases)), 0.5))
        time.sleep(EXPIRED)
        before = server.memory()
        four, faults = asyncio.run(_playing(server, cases, minutes))
        most = server.memory()
        time.sleep(EXPIRED)
        after = server.memory()
    told = f"{len(four)} moves, median {statistics.median(four):.2f} s, longest {max(four):.2f} s; alone {len(one)}, {statistics.median(one):.2f} s, {max(one):.2f} s"
    held = "; ".join(
        f"{name} {found['all']:.0f} MiB, of it pages {found['pages']:.0f}"
        for name, found in (("before", before), ("at most", most), ("after", after))
    )
    return [
        Row("four visitors: longest wait / longest wait alone", max(four) / max(one), "-", TIMES, None, told),
        Row("four visitors: median wait / median wait alone", statistics.median(four) / statistics.median(one), "-"),
        Row("four visitors: faults", float(len(faults)), "-", 0.0, None, "; ".join(faults)[:300]),
        Row("four visitors: memory after / before", after["all"] / before["all"], "-", MORE, None, held),
    ]


async def _playing(server: Server, cases: tuple[str, ...], minutes: float) -> tuple[list[float], list[str]]:
    """Waits of all moves, s, of one visitor a case, and what went wrong."""
    async with chromium() as browser:
        visitors = [Visitor(browser, server.address, case, seed) for seed, case in enumerate(cases)]
        for one in visitors:  # each case is open before time counts
            await one.open()
            await one.move()
        await pause(OPENED)
        end = time.monotonic() + 60 * minutes
        waits = await asyncio.gather(*(_until(one, end) for one in visitors), return_exceptions=True)
        for one in visitors:
            await one.close()
    failed = [f"{type(w).__name__}: {w}" for w in waits if isinstance(w, BaseException)]
    return [seconds for w in waits if not isinstance(w, BaseException) for seconds in w], [*failed, *(f for one in visitors for f in one.faults)]


async def _until(one: Visitor, end: float) -> list[float]:
    waits = []
    while time.monotonic() < end:
        waits.append((await one.move())[0])
        await pause(LOOKED)
    return waits


if __name__ == "__main__":
    for row in measure(False, tuple(sys.argv[1:]) or CASES):
        print(row)
