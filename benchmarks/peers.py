"""Our cold plan against the same plant built in PyPSA and in oemof-solph: same HiGHS, same options, one run after the other."""

import importlib
from importlib.util import find_spec

from benchmarks import apart
from benchmarks.apart import Row
from benchmarks.plant import Plant, plant

PEERS = {"pypsa": "with_pypsa", "oemof.solph": "with_oemof"}
EQUAL = 1e-5  # of the cost, as linear problems
GAP = 1e-3  # of the cost, with whole units
MUST, AIM = 0.5, 0.2
LONGEST = 600.0  # s for one answer; who has none by then is not asked again


def measure(quick: bool) -> list[Row]:
    """Seconds of ours as a share of each peer's, from the description to the answer. Raises AssertionError where the answers differ."""
    rows = []
    for whole in (False, True):
        of = plant(days=2 if quick else 12, years=3 if quick else 5, whole=whole)
        gap, kind = (GAP, "whole units") if whole else (1e-7, "linear")
        seconds: dict[str, list[float]] = {}
        costs: dict[str, float] = {}
        memory: dict[str, float] = {}
        late = set[str]()
        contenders = ["ours", *(module for package, module in PEERS.items() if find_spec(package.split(".")[0]))]
        for _ in range(1 if quick else 3):
            for name in contenders:
                if name in late:
                    continue
                try:
                    (costs[name], took), memory[name] = apart.run(_solved, name, of, gap, patience=LONGEST)
                except TimeoutError:
                    late.add(name)
                    took = LONGEST
                seconds.setdefault(name, []).append(took)
        ours = apart.median(seconds["ours"])
        for package, module in PEERS.items():
            title = f"cold plan, {kind}: ours / {package}"
            if module not in seconds:
                rows.append(Row(title, None, "-", MUST, AIM, "not installed: pip install -e '.[bench]'"))
                continue
            size = f"{of.days} days, {len(of.years)} years"
            if silent := [name for contender, name in {"ours": "ours", module: package}.items() if contender in late]:
                at_most = None if "ours" in late else ours / LONGEST
                rows.append(Row(title, at_most, "-", MUST, AIM, f"ours {ours:.1f} s; no answer in {LONGEST:g} s: {', '.join(silent)}; {size}"))
                continue
            off = abs(costs[module] - costs["ours"]) / abs(costs["ours"])
            assert off < (2 * GAP if whole else EQUAL), f"{package} finds {costs[module]}, ours {costs['ours']} ({kind})"
            theirs = apart.median(seconds[module])
            note = f"{ours:.1f} s against {theirs:.1f} s; {memory['ours']:.2f} against {memory[module]:.2f} GiB; costs apart by {off:.1e}"
            rows.append(Row(title, ours / theirs, "-", MUST, AIM, f"{note}; {size}"))
    return rows


def _solved(name: str, of: Plant, gap: float) -> tuple[float, float]:
    found: tuple[float, float] = importlib.import_module(f"benchmarks.{name}").solve(of, gap)
    return found
