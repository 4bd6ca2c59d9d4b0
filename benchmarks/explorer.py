"""The pages in a real browser: from the key that moves a lever to the new picture, and back to one that is known already."""

import asyncio
import statistics
import sys

from benchmarks.apart import Row
from benchmarks.browsing import OPENED, Server, Visitor, chromium, pause

CASES = ("battery", "steel")
MOVES = 10
LOOKED = 2.0  # s between moves


def measure(quick: bool, cases: tuple[str, ...] = CASES) -> list[Row]:
    """Medians over the moves of one visitor; quick: the battery case and few moves."""
    rows = []
    for case in cases[:1] if quick else cases:
        with Server() as server:
            opened, new, known = asyncio.run(_played(server, case, 3 if quick else MOVES))
        told = f"{len(new)} moves, slowest {max(new):.2f} s"
        rows += [
            Row(f"{case}: the first page opens with its plan", opened, "s", 5.0),
            Row(f"{case}: lever to new picture, median", statistics.median(new), "s", 2.0, 1.0, told),
            Row(f"{case}: lever to a known picture, median", statistics.median(known), "s", 0.3, None, f"slowest {max(known):.2f} s"),
        ]
    return rows


async def _played(server: Server, case: str, moves: int) -> tuple[float, list[float], list[float]]:
    """Seconds to open, of moves to new plans, and of moves back to known ones; the moves that open the case are not counted."""
    async with chromium() as browser:
        one = Visitor(browser, server.address, case, seed=1)
        opened = await one.open()
        await one.move()
        await pause(OPENED)
        await one.move()
        new, known = [], []
        for _ in range(moves):
            before = dict(one.at)
            seconds, (lever, back) = await one.move()
            new.append(seconds)
            await pause(LOOKED)
            forth = one.at[lever.code]
            known.append(await one.step(lever, back))
            assert one.at == before
            await pause(LOOKED)
            known.append(await one.step(lever, forth))
            await pause(LOOKED)
        assert not one.faults, one.faults
        await one.close()
    return opened, new, known


if __name__ == "__main__":
    for row in measure(False, tuple(sys.argv[1:]) or CASES):
        print(row)
