"""The matrix laid of tiles is the matrix the blocks would build, cell by cell; that is the proof of the map between them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.build import build
from models.compiled import Compiled, compile_matrix
from models.example import example
from models.inputs import Inputs
from models.tiles import HOURS, dense, join, numbers, split, tiles

DAYS = 3
HOURLY = (
    "load",
    "availability",
    "shape",
    "dated_availability",
    "dated_shape",
    "step_price",
    "contract_profile",
    "most_bought",
    "most_sold",
    "connection",
    "part_shape",
)


def hourly(days: int = DAYS) -> Inputs:
    """The example with hours for steps, each with numbers of its own; every feature of the model is on."""
    x, random = example(), np.random.default_rng(5)
    steps = tuple(f"day{d} {h}" for d in range(days) for h in range(HOURS))
    fields: dict[str, Any] = {}
    for name in x.__dataclass_fields__:
        values = getattr(x, name)
        if isinstance(values, dict) and all(isinstance(k, tuple) and k[-1] in x.steps for k in values) and values:
            fields[name] = {(*k, s): random.uniform(-1, 2) for k in dict.fromkeys(k[:-1] for k in values) for s in steps}
    previous = {s: steps[n - 1 if n % HOURS else n + HOURS - 1] for n, s in enumerate(steps)}
    for name in ("availability", "dated_availability"):
        fields[name] = {key: abs(v) for key, v in fields[name].items()}  # no hour is dark for good
    unlike: dict[str, Any] = {"ratchet": {}, "events": {}, "event_price": {}, "demand_rate": {}, "demand_width": {}, "seasonal": ()}
    return replace(
        x, one_way=tuple(fields["most_bought"]), steps=steps, previous=previous, hours=dict.fromkeys(steps, 1.0), duration=dict.fromkeys(steps, 1e-3), billing=dict.fromkeys(steps, "May"),
        months={"May": 1.0}, **(fields | unlike),
    )  # fmt: skip


def named(names: tuple[str, ...], hours: Any, x: Inputs, days: list[int], known: dict[str, int], month: str = "May") -> Any:
    """Places in the built matrix of the laid rows or columns: day by day, then the month's."""
    daily = [join(split(n)[0], [*split(n)[1], x.steps[d * HOURS + h]]) for d in days for n, h in zip(names, hours, strict=False)]
    monthly = [join(split(n)[0], [*split(n)[1], month]) for n in names[len(hours) :]]
    return np.array([known[name] for name in [*daily, *monthly]])


@pytest.fixture(scope="module")
def whole() -> tuple[Inputs, Compiled]:
    x = hourly()
    return x, compile_matrix(build(x))


@pytest.mark.parametrize("days", [[0, 1, 2], [2, 0]])
def test_what_is_laid_is_what_the_blocks_build(whole: tuple[Inputs, Compiled], days: list[int]) -> None:
    x = whole[0]
    steps = [x.steps[d * HOURS + h] for d in days for h in range(HOURS)]
    fields = {n: {k: v for k, v in getattr(x, n).items() if k[-1] in steps} for n in HOURLY}
    one_way = tuple(q for q in x.one_way if q[-1] in steps)
    built = compile_matrix(build(replace(x, steps=tuple(steps), one_way=one_way, **fields, **{n: {s: getattr(x, n)[s] for s in steps} for n in ("previous", "hours", "duration", "billing")})))  # fmt: skip
    rows, columns = ({join(*split(name)): n for n, name in enumerate(names)} for names in (built.rows, built.columns))
    made = tiles(x)
    for y in x.years:
        tile = made.of_year[y]
        laid = tile.lay(numbers(x, made.entries)[y][:, days])
        i, j = named(tile.rows, tile.row_hours, x, days, rows), named(tile.columns, tile.column_hours, x, days, columns)
        yearly_rows, yearly_columns = (
            [of[join(*split(n))] for n in names] for of, names in ((rows, made.yearly.rows), (columns, made.yearly.columns))
        )
        matrix = built.matrix.tocsr()
        assert abs(matrix[i][:, j] - laid.inner).max() < 1e-12
        assert abs(matrix[i][:, yearly_columns] - laid.held).max() < 1e-12
        assert abs(matrix[yearly_rows][:, j] - laid.links).max() < 1e-12
        assert abs(matrix[yearly_rows][:, yearly_columns] - made.yearly.matrix).max() < 1e-12
        for found, expected in (
            (laid.cost, built.cost[j]), (laid.lower, built.lower[j]), (laid.upper, built.upper[j]),
            (laid.row_lower, built.row_lower[i]), (laid.row_upper, built.row_upper[i]), (made.yearly.cost, built.cost[yearly_columns]),
        ):  # fmt: skip
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_every_row_and_column_has_its_place(whole: tuple[Inputs, Compiled]) -> None:
    """A rule that no kind claims would silently be left out of the whole year."""
    x, built = whole
    made = tiles(x)
    daily = sum(len(t.row_hours) for t in made.of_year.values()) * DAYS + sum(len(t.rows) - len(t.row_hours) for t in made.of_year.values())
    assert daily + len(made.yearly.rows) == len(built.rows)
    columns = sum(len(t.column_hours) for t in made.of_year.values()) * DAYS + sum(
        len(t.columns) - len(t.column_hours) for t in made.of_year.values()
    )
    assert columns + len(made.yearly.columns) == len(built.columns)


def test_an_entry_for_some_hours_only_is_refused() -> None:
    x = hourly(1)
    load = dict(x.load)
    del load["power", 2026, x.steps[5]]
    with pytest.raises(ValueError, match=r"load of \('power', None\) is given for some hours of 2026 only"):
        numbers(replace(x, load=load), tiles(x).entries)


def test_months_that_are_billed_unlike_have_links_of_their_own() -> None:
    """Proves: three days in two months with rates by month, a ratchet, and a system peak in some hours: each month, laid alone, is its part of the
    matrix that the blocks build for both. Laid alike, July would add to the bill of January."""
    x = hourly()
    january, july = x.steps[:HOURS], x.steps[HOURS:]
    billing = dict.fromkeys(january, "m01") | dict.fromkeys(july, "m07")
    x = dense(replace(
        x, billing=billing, months={"m01": 1.0, "m07": 1.0}, bills={"month 01": ("m01", 1.0), "month 07": ("m07", 1.0)},
        ratchet={("grid", "month 01", "m07"): 0.6}, demand_width={("grid", "first"): 5.0},
        demand_rate={("grid", i, j): v for i, v in (("month 01", 0.5), ("month 07", 1.5)) for j in ("first", "rest")},
        events={("grid", "evening", s): 1.0 for s in (january[18], july[19], july[30])}, event_price={("grid", "evening", 2027): 0.1},
    ))  # fmt: skip
    built = compile_matrix(build(x))
    rows, columns = ({join(*split(name)): n for n, name in enumerate(names)} for names in (built.rows, built.columns))
    made, matrix = tiles(x), built.matrix.tocsr()
    yearly_rows, yearly_columns = ([of[join(*split(n))] for n in names] for of, names in ((rows, made.yearly.rows), (columns, made.yearly.columns)))
    assert abs(matrix[yearly_rows][:, yearly_columns] - made.yearly.matrix).max() < 1e-12
    np.testing.assert_allclose(made.yearly.cost, built.cost[yearly_columns])
    for y in x.years:
        tile = made.of_year[y]
        for month, days in (("m01", [0]), ("m07", [1, 2])):
            laid = tile.lay(numbers(x, made.entries)[y][:, days], month)
            i, j = named(tile.rows, tile.row_hours, x, days, rows, month), named(tile.columns, tile.column_hours, x, days, columns, month)
            assert abs(matrix[i][:, j] - laid.inner).max() < 1e-12
            assert abs(matrix[i][:, yearly_columns] - laid.held).max() < 1e-12
            assert abs(matrix[yearly_rows][:, j] - laid.links).max() < 1e-12
            np.testing.assert_allclose(laid.cost, built.cost[j], rtol=1e-12, atol=1e-15)


def test_stores_linked_over_the_year_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed are those that end a day as they began it"):
        tiles(replace(hourly(1), seasonal=("cavern",)))


def test_names_are_taken_apart_and_put_together() -> None:
    assert split("store.level[battery,2026,s1]") == ("store.level", ("battery", "2026", "s1"))
    assert split(join("market.flow", ["a, b", "2026"])) == ("market.flow", ("a, b", "2026"))
    assert split("emissions.direct") == ("emissions.direct", ())
