"""Studies 研究: many plans at once - a grid as heat maps, samples as clouds, named changes as bars; cost at the left, emissions at the right."""

from dataclasses import dataclass

import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.missing import missing

TITLE, QUESTION, SOURCE = "studies.title", "studies.question", "studies.source"
FIRST, STATUS = "point", "status"  # columns before and after the keys that a study changes
PLANNED = ("optimal", "feasible")
SPLIT = (0.44, 0.56)  # of the width
READ = 7  # columns of a grid up to which its cells are written in
SHADES = ("residual", "electricity")  # from the least to the most


@dataclass(frozen=True)
class Shown:
    """The points that are drawn, the keys they differ in, and whether they are every combination of the first two."""

    points: pd.DataFrame
    keys: tuple[str, ...]
    grid: bool


def table(results: Results, language: str) -> pd.DataFrame:
    """One row a point: what it changes, how it ended, cost, investment, emissions of the last year, and where its run stands."""
    frame = results.tables.get("points")
    if frame is None or not len(frame):
        return missing(language, "study")
    money, mass, last = _scales(frame, language)
    columns: dict[str, object] = {say("study.point", language): frame[FIRST]}
    columns |= {key: frame[key].fillna("") for key in _keys(frame)}
    columns[say("study.status", language)] = [say(f"study.{s}", language) for s in frame[STATUS]]
    for head, column in (("study.cost", "objective_cny"), ("study.invested", "investment_cny")):
        columns[say(head, language, unit=money.unit)] = (_number(frame[column]) / money.per).round(3)
    columns[f"{say('study.emitted', language, year=last.split('_')[1])} ({mass.unit})"] = (_number(frame[last]) / mass.per).round(2)
    columns[say("front.folder", language)] = frame["folder"].fillna("")
    return pd.DataFrame(columns)


def chart(results: Results, language: str, dark: bool = False, before: Results | None = None) -> go.Figure:
    """The largest set of points that change the same keys; what has no plan stays empty and is marked."""
    frame = results.tables.get("points")
    if frame is None or not len(frame):
        return missing(language, "study", dark)
    shown = drawn(frame)
    money, mass, last = _scales(frame, language)
    heads = (say("study.cost", language, unit=money.unit), f"{say('study.emitted', language, year=last.split('_')[1])} ({mass.unit})")
    made = theme.figure(dark, theme.HEIGHT, unit=heads[0], legend=False)
    theme.second(made, dark, split=SPLIT, unit=heads[1])
    draw = _heat if shown.grid else _cloud if shown.keys else _bars
    for place, column, unit in (("", "objective_cny", money), ("2", last, mass)):
        draw(made, shown, _number(shown.points[column]) / unit.per, place, language, dark)
    return made


def drawn(frame: pd.DataFrame) -> Shown:
    """What a chart can show of a study: its grid or sample with the most points, else its named changes."""
    keys = _keys(frame)
    given = frame[keys].apply(lambda column: column.notna() & (column.astype(str) != ""))
    sets = given.apply(lambda row: tuple(k for k in keys if row[k]), axis=1) if keys else pd.Series([()] * len(frame), index=frame.index)
    sizes = sets[sets.map(len) > 0].value_counts()
    if not len(sizes) or sizes.iloc[0] < 3:
        return Shown(frame, (), False)
    points = frame[sets == sizes.index[0]]
    moved = sorted((k for k in sizes.index[0] if points[k].nunique() > 1), key=lambda k: -points[k].nunique())
    chosen = tuple(moved)  # the one with the most values lies along the axis
    if len(chosen) < 2 or len(points) != points[chosen[0]].nunique() * points[chosen[1]].nunique():
        return Shown(points, chosen, False)
    return Shown(points, chosen, True)


def _heat(made: go.Figure, shown: Shown, values: "pd.Series[float]", place: str, language: str, dark: bool) -> None:
    x, y = shown.keys[:2]
    wide = shown.points.assign(value=values, x=_number(shown.points[x]), y=_number(shown.points[y]))
    if wide[["x", "y"]].isna().any().any():  # names instead of numbers
        wide = wide.assign(x=shown.points[x].astype(str), y=shown.points[y].astype(str))
    cells = wide.pivot_table(index="y", columns="x", values="value", dropna=False)
    low, high = (theme.colour(shade, dark) for shade in SHADES)
    labels_x, labels_y = ([_short(v) for v in ends] for ends in (cells.columns, cells.index))
    made.add_heatmap(
        x=labels_x, y=labels_y, z=cells.to_numpy(), colorscale=[[0, low], [1, high]], showscale=False, xaxis=f"x{place}", yaxis=f"y{place}", xgap=2, ygap=2,
        texttemplate="%{z:.4~g}" if cells.shape[1] <= READ else None, hovertemplate=f"{x}: %{{x}}<br>{y}: %{{y}}<br>%{{z:,.5~g}}<extra></extra>", hoverongaps=False,
    )  # fmt: skip
    none = wide[~wide[STATUS].isin(PLANNED)]
    if len(none):
        made.add_scatter(
            x=[_short(v) for v in none["x"]], y=[_short(v) for v in none["y"]], mode="text", text=say("studies.none", language), xaxis=f"x{place}", yaxis=f"y{place}",
            textfont={"color": theme.LIMIT[dark]}, hoverinfo="skip", name=say("study.infeasible", language),
        )  # fmt: skip
    made.update_layout({f"xaxis{place}": {"title": x, "type": "category"}, f"yaxis{place}": {"title": y, "type": "category"}})


def _cloud(made: go.Figure, shown: Shown, values: "pd.Series[float]", place: str, language: str, dark: bool) -> None:
    """Over the key that moves the figure most, by rank; of two keys the second gives the shade."""
    numbers = pd.DataFrame({k: _number(shown.points[k]) for k in shown.keys})
    strength = {
        k: abs(float(numbers[k].corr(values, method="spearman"))) if numbers[k].nunique() > 1 and values.nunique() > 1 else 0.0 for k in shown.keys
    }
    first, *rest = sorted(shown.keys, key=lambda k: -(strength[k] if strength[k] == strength[k] else 0.0))
    shade = {"color": theme.colour("electricity", dark), "size": 8}
    if rest:
        low, high = theme.colour("solar", dark), theme.colour("electricity", dark)
        shade = {"color": numbers[rest[0]], "colorscale": [[0, low], [1, high]], "size": 8}
    made.add_scatter(
        x=numbers[first], y=values, mode="markers", marker=shade, xaxis=f"x{place}", yaxis=f"y{place}", customdata=shown.points[FIRST],
        hovertemplate="%{customdata}<br>%{x:,.5~g}<br>%{y:,.5~g}<extra></extra>", name=first,
    )  # fmt: skip
    title = first if not rest else say("studies.shade", language, over=first, other=rest[0])
    made.update_layout({f"xaxis{place}": {"title": title}})


def _bars(made: go.Figure, shown: Shown, values: "pd.Series[float]", place: str, language: str, dark: bool) -> None:
    made.add_bar(
        x=shown.points[FIRST],
        y=values,
        xaxis=f"x{place}",
        yaxis=f"y{place}",
        marker={"color": theme.colour("electricity", dark)},
        name=say("study.point", language),
    )


def _keys(frame: pd.DataFrame) -> list[str]:
    names = list(map(str, frame.columns))
    return names[names.index(FIRST) + 1 : names.index(STATUS)]


def _scales(frame: pd.DataFrame, language: str) -> tuple[Scale, Scale, str]:
    """The scale of money, that of emissions, and the column of the last year's."""
    last = [str(c) for c in frame if str(c).startswith("emissions_") and c != "emissions_all_t"][-1]
    return scale(_number(frame["objective_cny"]).abs(), "money", language), scale(_number(frame[last]).abs(), "emissions", language), last


def _number(column: "pd.Series[float]") -> "pd.Series[float]":
    return pd.to_numeric(column, errors="coerce")


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
