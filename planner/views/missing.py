"""Missing 尚未计算: what a view shows where a study has not been made for this plan yet - how to make it, never an empty chart."""

from typing import overload

import pandas as pd
from plotly import graph_objects as go

from planner.language import say
from planner.views import theme


@overload
def missing(language: str, command: str) -> pd.DataFrame: ...
@overload
def missing(language: str, command: str, dark: bool) -> go.Figure: ...
def missing(language: str, command: str, dark: bool | None = None) -> pd.DataFrame | go.Figure:
    """The table, or with ``dark`` the figure, that says which command makes it."""
    text = say("why.missing", language, command=command)
    if dark is None:
        return pd.DataFrame({say("price.remark", language): [text]})
    made = theme.figure(dark, theme.HEIGHT, legend=False)
    made.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    made.update_xaxes(visible=False)
    made.update_yaxes(visible=False)
    return made


def absent(frame: pd.DataFrame, language: str) -> str:
    """What a table that is ``missing`` says; nothing for one that is there."""
    head = say("price.remark", language)
    text = str(frame.iloc[0, 0]) if list(frame.columns) == [head] and len(frame) == 1 else ""
    before, _, after = say("why.missing", language, command="|").partition("|")
    return text if text.startswith(before) and text.endswith(after) else ""
