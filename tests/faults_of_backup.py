"""Ways to say wrongly what goes unserved, who stands ready, and when the grid is gone; see test_check."""

from typing import Any


def power_of_a_mixer(b: Any) -> tuple[str, str, str]:
    b.add(
        "assets",
        asset="converters",
        technology="battery_power",
        status="candidate",
        host="mixing",
        max_size="10",
        source="own_estimate",
        confidence="estimate",
    )
    return b.place("assets", asset="converters"), "the power 'converters' belongs to 'mixing'", "host: a store"


def shed_for_nothing(b: Any) -> tuple[str, str, str]:
    where = b.place("assets", asset="mixing")
    b.override("mixing", "sheddable", "0.2", "share", carrier="electricity")
    return where, "what 'mixing' sheds costs nothing", "a shed_cost above 0"


def flat_unit_that_stands_ready(b: Any) -> tuple[str, str, str]:
    where = b.place("assets", asset="mixing")
    b.override("mixing", "firm", "0.5", "share")
    return where, "firm of 'mixing' means nothing: it is a flat converter", "a flexible converter, or a store that is not seasonal"


def unserved_without_a_price(b: Any) -> tuple[str, str, str]:
    row = {"carrier": "battery_cell", "parameter": "share", "value": "0.1", "unit": "share", "source": "own_estimate", "confidence": "estimate"}
    b.write("unserved", [row])
    return "cells/unserved.csv", "'battery_cell' may go unserved for nothing", "a row `price` above 0"


def nobody_stands_ready(b: Any) -> tuple[str, str, str]:
    b.write(
        "reserves",
        [{"reserve": "dry", "carrier": "electricity", "loss": "connection", "hours": "2", "source": "own_estimate", "confidence": "estimate"}],
    )
    return "cells/reserves.csv", "nobody stands ready for reserve 'dry'", "an asset that makes or keeps 'electricity' with a `firm` share above 0"


def island_without_hours(b: Any) -> tuple[str, str, str]:
    b.write("islands", [{"day": "20", "hour_from": "9", "hour_to": "9", "source": "own_estimate", "confidence": "estimate"}])
    return "cells/islands.csv", "an island from 9 to 9 h has no hours", "hour_from below hour_to"


FAULTS = (power_of_a_mixer, shed_for_nothing, flat_unit_that_stands_ready, unserved_without_a_price, nobody_stands_ready, island_without_hours)
