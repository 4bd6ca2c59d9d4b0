"""Flows 流向: who brings each kind of energy and who uses it in a year, and what becomes of the carbon.

Two pictures, one above the other. Energy: what brings a carrier stands left of it, what uses it right, so that a gas made
on the site is seen both as what a furnace gives and as what a power plant takes. Carbon: sources, scopes, and what is
emitted or taken away. Both add up, node by node.
"""

from collections.abc import Iterable, Mapping

import pandas as pd
from plotly import graph_objects as go

from planner.language import Scale, say, scale
from planner.results import Results
from planner.views import theme
from planner.views.names import kind, name, short

TITLE, QUESTION, SOURCE = "flows.title", "flows.question", "flows.source"
HEIGHT = 780  # px
DOMAINS = {"energy": (0.55, 0.95), "carbon": (0.01, 0.41)}  # shares of the height
PAD = 15  # px between nodes: a label's height
SIDE, MIDDLE = 9, 8  # nodes with a name of their own in an outer column, and carriers; the rest are one node
SMALLEST = 0.003  # of the whole flow: smaller nodes are in the rest
WIDEST = 26  # small letters of a node's label
OTHER = "other"
AWAY = "away:"  # before the code of what takes carbon away
VIEW = "location"  # purchased electricity is counted at the site's place
COLUMNS = ("flow", "from", "to", "amount")
FUELS = ("coal", "coke", "gas", "diesel", "anthracite", "tar", "bfg", "cog", "bofg")
SHADE = 0.4  # of a band: lighter than its nodes


def years(results: Results) -> list[int]:
    """The years whose flows are known."""
    return sorted(int(y) for y in results["balance"]["year"].unique())


def table(results: Results, language: str, year: int | None = None) -> pd.DataFrame:
    """One row a band, nothing merged: GJ of energy, t of carbon dioxide."""
    year = year or max(years(results), default=0)
    rows = []
    for flow, bands, unit in (("energy", energy(results, year), "TJ"), ("carbon", carbon(results, year), "t CO₂")):
        per = 1e3 if flow == "energy" else 1.0
        rows += [
            (say(f"flows.{flow}", language), label(results, a, language), label(results, b, language), round(v / per, 3), unit) for a, b, v in bands
        ]
    return pd.DataFrame(rows, columns=[say(f"flows.{head}", language) for head in (*COLUMNS, "unit")])


def chart(results: Results, language: str, dark: bool = False, year: int | None = None) -> go.Figure:
    """Energy above, carbon below; bands as wide as what flows."""
    year = year or max(years(results), default=0)
    made = theme.figure(dark, HEIGHT, legend=False)
    for flow, bands in (("energy", energy(results, year)), ("carbon", carbon(results, year))):
        said = f"<b>{say(f'flows.{flow}', language)}</b> {year}"
        if bands:
            entering = sum(v for a, _, v in bands if a[0] == 0)
            unit = Scale(0.0, 1e3, 0, "TJ") if flow == "energy" else scale([entering], "emissions", language)
            made.add_trace(_sankey(results, merged(bands), language, dark, DOMAINS[flow], unit))
            said += f" · {say(f'flows.{flow}.sum', language, amount=unit.text(entering))}"
        else:
            said += f" · {say('flows.none', language)}"
        made.add_annotation(
            text=said, x=0, xref="paper", xanchor="left", y=DOMAINS[flow][1], yref="paper", yanchor="bottom", yshift=8, showarrow=False
        )
    made.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})
    return made


Node = tuple[int, str]  # column from the left, code
Band = tuple[Node, Node, float]


def energy(results: Results, year: int) -> list[Band]:
    """What brings a carrier, the carrier, what uses it, GJ; only carriers whose energy is known."""
    flows, content = results["balance"], _content(results)
    rows = flows[(flows["year"] == year) & flows["carrier"].isin(list(content))]
    bands: list[Band] = []
    for carrier, item, amount in rows[["carrier", "item", "amount"]].itertuples(index=False):
        value = abs(amount) * content[carrier]
        if value > 0:
            bands.append(((0, item), (1, carrier), value) if amount > 0 else ((1, carrier), (2, item), value))
    return bands


def carbon(results: Results, year: int) -> list[Band]:
    """Sources to scopes, scopes to the air or to whatever takes carbon away again, t; each scope's ends are equal."""
    sources, scopes = results["sources"], results["emissions"]
    bands: list[Band] = []
    for asset, t in sources.loc[sources["year"] == year, ["asset", "t"]].itertuples(index=False):
        if t > 0:
            bands.append(((0, asset), (1, "direct"), t))
        elif t < 0:
            bands.append(((1, "direct"), (2, AWAY + asset), -t))
    for scope, t in scopes.loc[(scopes["year"] == year) & scopes["view"].isin(["", VIEW]), ["scope", "t"]].itertuples(index=False):
        if scope == "direct" and t > 0:
            bands.append(((1, scope), (2, "air"), t))
        elif scope in ("purchased electricity", "outsourced intermediates") and t > 0:
            bands += [((0, f"from {scope}"), (1, scope), t), ((1, scope), (2, "air"), t)]
    return bands


def merged(bands: Iterable[Band]) -> list[Band]:
    """The same with the small nodes of a column as one, and bands between the same nodes as one."""
    bands = list(bands)
    size: dict[Node, float] = {}
    for start, end, value in bands:
        for node in (start, end):
            size[node] = size.get(node, 0.0) + value
    kept = {(1, "direct"), (2, "air")}
    for column, most in enumerate((SIDE, MIDDLE, SIDE)):
        found = sorted((n for n in size if n[0] == column), key=lambda n: -size[n])
        large = [n for n in found if size[n] >= SMALLEST * sum(size[m] for m in found)]
        kept |= set(found if len(found) <= most + 1 and len(found) - len(large) < 2 else large[:most])
    summed: dict[tuple[Node, Node], float] = {}
    for start, end, value in bands:
        rest = AWAY + OTHER if end[1].startswith(AWAY) else OTHER
        pair = start if start in kept else (start[0], OTHER), end if end in kept else (end[0], rest)
        summed[pair] = summed.get(pair, 0.0) + value
    return [(start, end, value) for (start, end), value in summed.items()]


def _sankey(results: Results, bands: list[Band], language: str, dark: bool, height: tuple[float, float], unit: Scale) -> go.Sankey:
    nodes = list(dict.fromkeys(node for start, end, _ in bands for node in (start, end)))
    place = {node: n for n, node in enumerate(nodes)}
    colours = [theme.colour(_kind(node), dark) for node in nodes]
    # A band wears the colour of the carrier or scope in the middle; what takes carbon away, its own.
    banded = [_shaded(colours[place[end if start[0] == 0 or end[1].startswith(AWAY) else start]]) for start, end, _ in bands]
    labels = [label(results, node, language) for node in nodes]
    hover = "%{source.customdata} → %{target.customdata}: %{value:,.1f} " + unit.unit + "<extra></extra>"
    return go.Sankey(
        domain={"x": [0, 1], "y": list(height)}, arrangement="snap", textfont={"color": theme.INK[dark], "size": theme.LABEL_SIZE, "family": theme.FONT, "shadow": "none"},
        node={
            "label": [short(label, WIDEST) for label in labels], "customdata": labels, "color": colours, "pad": PAD, "thickness": 12, "line": {"width": 0},
            "hovertemplate": "%{customdata}: %{value:,.1f} " + unit.unit + "<extra></extra>", "x": [(0.001, 0.5, 0.999)[c] for c, _ in nodes], "y": _places(nodes, bands, (height[1] - height[0]) * HEIGHT),
        },
        link={
            "source": [place[a] for a, _, _ in bands], "target": [place[b] for _, b, _ in bands], "value": [v / unit.per for _, _, v in bands],
            "color": banded, "hovertemplate": hover,
        },
    )  # fmt: skip


def _places(nodes: list[Node], bands: list[Band], tall: float) -> list[float]:
    """Heights of the nodes' middles, 0 (top) to 1: carriers by size, the others beside the carriers they belong to.

    tall: of the picture, px. A column is spread over all of it; the scale is that of the column with the least room.
    """
    size = {node: max(sum(v for a, _, v in bands if a == node), sum(v for _, b, v in bands if b == node)) for node in nodes}
    columns = [[n for n in nodes if n[0] == c] for c in (0, 1, 2)]
    per = min((1 - PAD / tall * (len(own) - 1)) / sum(size[n] for n in own) for own in columns if own)
    places: dict[Node, float] = {}

    def stack(order: list[Node]) -> None:
        gap = (1 - per * sum(size[n] for n in order)) / max(len(order) - 1, 1)
        top = 0.0
        for node in order:
            places[node] = min(max(top + per * size[node] / 2, 0.001), 0.999)
            top += per * size[node] + gap

    def beside(node: Node) -> tuple[bool, float]:
        found = [(places[b if a == node else a], v) for a, b, v in bands if node in (a, b)]
        return node[1] != "air", sum(p * v for p, v in found) / sum(v for _, v in found)

    stack(sorted(columns[1], key=lambda n: (n[1] == OTHER, -size[n])))
    for own in (columns[0], columns[2]):
        stack(sorted(own, key=beside))
    return [places[node] for node in nodes]


def _content(results: Results) -> Mapping[str, float]:
    """Carrier -> GJ in one of its units; a run that was not given its case's heating values knows only electricity."""
    if "energy" not in results.tables:
        return {"electricity": 3.6}
    known = results["energy"]
    return dict(zip(known["carrier"].astype(str), known["gj"].astype(float), strict=True))


def label(results: Results, node: Node, language: str) -> str:
    """What a node is called."""
    code = node[1].removeprefix(AWAY)
    if code == OTHER:
        return say("other" if node[1] == OTHER else "flows.away", language)
    known = {"air": "flows.air", "direct": "emissions.direct", "demand": "flows.demand"}
    scopes = ("purchased electricity", "outsourced intermediates")
    if code in known or code in scopes:
        return say(known.get(code, f"emissions.{code}"), language)
    if code.startswith("from "):
        return say(f"flows.{code}", language)
    return name(results, code, language, carrier=node[0] == 1)


def _kind(node: Node) -> str:
    if node[1].startswith(AWAY):
        return "avoided"
    code = node[1].removeprefix("from ")
    if code in ("air", OTHER, "demand"):
        return "residual" if code != "air" else "fossil"
    if code in theme.MEANING or code == "electricity":
        return "electricity" if code == "electricity" else code
    found = kind(code)
    if found != "other" and (found in theme.LIGHT or found in theme.MEANING):
        return found
    return "fossil" if any(word in code for word in FUELS) else "storage"


def _shaded(colour: str) -> str:
    return f"rgba({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))}, {SHADE})"
