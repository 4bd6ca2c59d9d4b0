"""Theme 配色: one palette for all charts, told apart by colour-blind eyes on white and on dark, and what figures share.

Colours were chosen by simulation (smallest difference of any two: ΔE76 16 on white, 17 on dark); a colour always means
the same kind of thing. Pages pass ``theme=None`` to Streamlit, whose own theme would repaint the charts.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from plotly import graph_objects as go
from plotly import io

from planner.views.names import width

Drawing = dict[str, Any]  # a trace, a label or a layout as plotly takes it
FONT = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','Hiragino Sans GB',sans-serif"
LIGHT = {
    "electricity": "#0072B2", "wind": "#56B4E9", "solar": "#E3A800", "heat": "#D55E00", "hydrogen": "#009E73",
    "storage": "#7A869A", "capture": "#332288", "efficiency": "#DDCC77", "fossil": "#3C3C3C", "residual": "#D0D4DA",
}  # fmt: skip
DARK = {
    "electricity": "#3D8BFF", "wind": "#A9DBF7", "solar": "#E3A800", "heat": "#E8601C", "hydrogen": "#2BBE94",
    "storage": "#7A869A", "capture": "#C9A6FF", "efficiency": "#DDCC77", "fossil": "#F2F2F2", "residual": "#3A4454",
}  # fmt: skip
TEXT = {  # darker sisters for words on white
    "wind": "#1D6FA5", "solar": "#8A6500", "heat": "#B34F00", "hydrogen": "#00795A", "storage": "#5B6776", "efficiency": "#7A6A1E", "residual": "#5B6776",
}  # fmt: skip
MEANING = {  # what is shown -> the kind of colour it wears
    "direct": "fossil", "purchased electricity": "electricity", "purchased heat": "heat", "outsourced intermediates": "efficiency",
    "structure": "hydrogen", "technology": "electricity", "management": "solar",
    "investment": "capture", "fixed": "storage", "other": "residual",
    "avoided": "hydrogen", "grid": "electricity", "cold": "capture", "processes": "fossil", "export": "efficiency",
}  # fmt: skip
INK = {False: "#1B2430", True: "#E6E9EE"}
FAINT = {False: "#5B6776", True: "#9AA5B4"}
LINE = {False: "#E3E7EC", True: "#2B3442"}
PAPER = {False: "#FFFFFF", True: "#12171F"}
LIMIT = {False: "#B3261E", True: "#FF8A80"}  # the line a plan must not cross
io.templates.default = None  # nothing of it is seen here; it makes a chart twice as large and each drawn again
LABEL_SIZE = 12
LETTER = 0.56  # of its size is a letter wide, and a figure; a Chinese character is as wide as high
HEIGHT = 356  # px, of charts that stand alone
LOW = 304  # px, of the charts of the first screen, which a laptop of 768 px shows whole


def colour(meaning: str, dark: bool) -> str:
    """The colour of a kind of thing, or of what wears it."""
    palette = DARK if dark else LIGHT
    return palette[MEANING.get(meaning, meaning)]


def room(labels: Iterable[str], size: int = LABEL_SIZE) -> int:
    """Pixels that the widest of some labels takes; 0 where there are none."""
    chinese = {label: width(label) - len(label) for label in labels}
    return math.ceil(size * max((n + LETTER * (len(label) - n) for label, n in chinese.items()), default=0))


def figure(
    dark: bool, height: int, traces: Sequence[Drawing] = (), *, unit: str = "", legend: bool = True, measured: bool = True, **more: Any
) -> go.Figure:
    """A figure in our clothes; ``unit`` stands above the vertical axis. What is added later is checked by plotly once more, which takes ten times as long.

    measured: the browser finds what the axes' labels take, and draws twice for it; more: of plotly's layout, over ours.

    Streamlit gives every chart to the browser twice. ``datarevision`` says that its data are still the same (a figure with other data is a new chart to
    it), so that the second is not drawn again; data must be lists for that, since arrays are sent packed.
    """
    axis = {"gridcolor": LINE[dark], "linecolor": LINE[dark], "zeroline": False, "tickfont": {"color": FAINT[dark]}, "automargin": measured}
    layout: Drawing = {
        "datarevision": 1, "height": height, "font": {"family": FONT, "size": LABEL_SIZE, "color": INK[dark]}, "paper_bgcolor": PAPER[dark], "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 32, "b": 92 if legend else 8}, "xaxis": {**axis, "showgrid": False, "tickangle": 0}, "yaxis": axis,
        "hoverlabel": {"font": {"family": FONT, "color": INK[dark]}, "bgcolor": PAPER[dark], "bordercolor": LINE[dark]}, "showlegend": legend,
        "legend": {"orientation": "h", "x": 0, "xref": "container", "xanchor": "left", "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": FAINT[dark], "activecolor": INK[dark]}, "uniformtext": {"mode": "hide", "minsize": 10}, "separators": ".,",
        "bargap": 0.35,
    }  # fmt: skip
    more["annotations"] = [*([_unit(unit, 0, dark)] if unit else ()), *more.get("annotations", ())]
    over = {key: {**layout.get(key, {}), **value} if isinstance(value, dict) else value for key, value in more.items()}
    return go.Figure(data=traces, layout=layout | over)


def _unit(unit: str, left: float, dark: bool) -> Drawing:
    """The unit above a vertical axis that stands at ``left`` of the picture's width."""
    return {
        "text": unit, "x": left, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 6, "showarrow": False,
        "font": {"color": FAINT[dark]}, "align": "left",
    }  # fmt: skip


def second(made: go.Figure, dark: bool, *, split: tuple[float, float], unit: str) -> None:
    """A second plot (axes x2, y2) at the right; ``split``: where the first ends and the second begins; ``unit`` stands above it."""
    made.update_layout(xaxis2=made.layout.xaxis.to_plotly_json(), yaxis2=made.layout.yaxis.to_plotly_json())
    made.update_layout(xaxis_domain=[0, split[0]], xaxis2={"domain": [split[1], 1], "anchor": "y2"}, yaxis2_anchor="x2")
    made.add_annotation(_unit(unit, split[1], dark))


def side_labels(labels: Sequence[tuple[float, str, str]], span: float, *, gap: float = 0.065) -> list[Drawing]:
    """Labels (height, text, colour) right of the plot, pushed apart so that none covers another; ``span``: of the axis."""
    low, placed = -1e99, []
    for height, text, ink in sorted(labels, key=lambda label: label[0]):
        low = max(height, low + gap * span)
        placed.append({
            "text": text, "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": low, "yanchor": "middle", "showarrow": False, "align": "left", "font": {"color": ink, "size": LABEL_SIZE},
        })  # fmt: skip
    return placed


def readable(meaning: str, dark: bool) -> str:
    """A darker sister of a colour for text on white (contrast at least 4.5); on dark the colours are bright enough."""
    kind = MEANING.get(meaning, meaning)
    if dark:
        return FAINT[True] if kind in ("residual", "storage") else DARK[kind]
    return TEXT.get(kind, LIGHT[kind])
