"""What stands by, shown: reserves, hours without the grid and unserved use, asserted as values on results written by hand."""

import pandas as pd
from results_by_hand import by_hand

from planner.results import Results
from planner.views import backup


def stood_by() -> Results:
    """A reserve of 24 and 30 of 30 MW, six hours on engines and a battery, 30 MWh stopped at 90,000 CNY."""
    found = by_hand()
    return Results(found.summary, {
        **found.tables,
        "limits": pd.DataFrame(
            [("spare", "reserve", 2026, 30.0, 24.0, "MW", False), ("spare", "reserve", 2030, 30.0, 30.0, "MW", True), ("grid", "connection", 2026, 40.0, 10.0, "MW", False)],
            columns=["name", "kind", "year", "limit", "value", "unit", "binding"],
        ),
        "islands": pd.DataFrame(
            [(2026, "gensets", 100.0, 6.0), (2026, "processes", -150.0, 6.0), (2026, "battery", 50.0, 6.0), (2026, "unserved", 30.0, 6.0)],
            columns=["year", "item", "mwh", "hours"],
        ),
        "unserved": pd.DataFrame([(2026, "mill", "electricity", "MWh", 30.0, 6, 5.0, 9e4)], columns=["year", "item", "carrier", "unit", "amount", "hours", "largest", "cny"]),
    })  # fmt: skip


def test_reserves_islands_and_what_goes_unserved_are_told() -> None:
    """80 % of what is left is critical in 2026, all of it in 2030; engines and the battery carry 150 MWh of the island, 30 are stopped on top of them."""
    figure = backup.chart(stood_by(), "en")
    assert [(bar.name, list(bar.x), list(bar.y)) for bar in figure.data] == [
        ("spare", ["2026", "2030"], [80.0, 100.0]), ("gensets", ["2026"], [100.0]), ("battery", ["2026"], [50.0]), ("stopped at its price", ["2026"], [30.0]),
    ]  # fmt: skip
    assert [list(bar.base) for bar in figure.data[1:]] == [[0.0], [100.0], [150.0]]
    table = backup.table(stood_by(), "en")
    assert table.iloc[0].tolist() == [2026, "Critical: spare", "24 MW", "30 MW", "", ""]
    assert table.iloc[-1].tolist() == [2026, "Unserved: mill", "30 MWh", "", "6", "90,000 CNY"]


def test_a_run_that_knows_nothing_of_it_says_so() -> None:
    found = by_hand()
    bare = Results(found.summary, {name: table for name, table in found.tables.items() if name not in ("limits", "islands", "unserved")})
    assert "No reserve" in backup.table(bare, "en").iloc[0, 1]
    assert {a.text for a in backup.chart(bare, "zh").layout.annotations} >= {"未要求备用", "无孤岛时段数据"}
