"""Formulation 数学模型: a built model printed as one page of symbols, units, names and equations.

Everything on the page is read from the model and from the docstrings of its rules, so it cannot say anything else.
``python -m models.formulation`` writes models/README.md.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyomo.environ import Block, ConcreteModel, Constraint, Expression, Objective, Param, Set, Var

DOC = re.compile(r"\$(?P<symbol>[^$]+)\$ (?:\[(?P<unit>[^\]]+)\] )?(?P<english>[^\u3400-\u9fff]+?) (?P<chinese>[A-Z0-9]*[\u3400-\u9fff].*)")
SENTENCE = re.compile(r"(?P<english>[^\u3400-\u9fff]+[.;:]) (?P<chinese>[A-Z0-9]*[\u3400-\u9fff][^\n]*)\n\s*\$\$(?P<equation>[^$]+)\$\$\s*")
KINDS = ((Set, "Sets 集合"), (Param, "Parameters 参数"), (Var, "Variables 变量"), ((Expression, Objective), "Sums 汇总"))
CONTRIBUTIONS = {
    "yearly": "the year's activity 年活动量",
    "year_flow": "to the year's balance 计入年度平衡",
    "step_flow": "to the balance of every step 计入逐时平衡",
    "costs": "to the cost 计入成本",
}


@dataclass(frozen=True)
class Name:
    """What a set, parameter, variable or sum is called: in equations, in the model, and in two languages."""

    symbol: str
    name: str
    unit: str
    english: str
    chinese: str


@dataclass(frozen=True)
class Rule:
    """What a rule says: its sentence in two languages, and its equation."""

    name: str
    english: str
    chinese: str
    equation: str


def sections(m: ConcreteModel) -> Iterator[tuple[str, Any]]:
    """Name and component of each section: the frame, then the blocks in the order they were added."""
    yield "frame", m
    yield from ((b.local_name, b) for b in m.component_objects(Block, descend_into=False))


def name_of(component: Any) -> Name:
    """A component's names, read from its ``doc``. Raises ValueError when the doc lacks one."""
    found = DOC.fullmatch(component.doc or "")
    if found is None:
        raise ValueError(f"{component.name}: the doc {component.doc!r} is not '$symbol$ [unit] English 中文'")
    return Name(found["symbol"], component.name, found["unit"] or "", found["english"], found["chinese"])


def function_of(component: Any) -> Callable[..., Any]:
    """The rule of a constraint, expression or objective: the function of that name in the file of that block."""
    function: Callable[..., Any] = getattr(importlib.import_module(f"models.{component.parent_block().local_name}"), component.local_name)
    return function


def rule_of(component: Any) -> Rule:
    """A rule's sentence and equation, read from its docstring. Raises ValueError when it has another form."""
    found = SENTENCE.fullmatch(inspect.getdoc(function_of(component)) or "")
    if found is None:
        raise ValueError(f"{component.name}: the docstring of its rule is not one sentence 中文 and one $$equation$$")
    return Rule(component.local_name, found["english"], found["chinese"], found["equation"].strip())


def has_rule(component: Any) -> bool:
    """Whether a component is made by a function of its own name; a constraint and an objective must be."""
    own = importlib.import_module(f"models.{component.parent_block().local_name}")
    return component.ctype in (Constraint, Objective) or hasattr(own, component.local_name)


def page(m: ConcreteModel) -> str:
    """The whole formulation as markdown."""
    parts = [HEAD]
    for section, block in sections(m):
        module = importlib.import_module(f"models.{section}")
        parts += _title(inspect.getdoc(module) or "")
        parts += [text for kind, title in KINDS for text in _table(title, block.component_objects(kind, descend_into=False))]
        for component in block.component_objects((Constraint, Expression, Objective), descend_into=False):
            if has_rule(component):
                rule = rule_of(component)
                parts.append(f"### `{rule.name}`\n\n{rule.english} {rule.chinese}\n\n$$\n{rule.equation}\n$$")
        parts += _contributions(module)
    return "\n\n".join(parts) + "\n"


HEAD = """<!-- Written by `python -m models.formulation`; edit the docstrings, not this page. -->

# The mathematics 数学模型

Every file of this folder is one section: its sets, its numbers, its decisions, its rules. Names are those of the code, of the
rows of an LP file (`capacity.size_definition[...]`) and of the result tables (`capacity.size`). Carriers are counted in their own
unit, per hour in a step and in thousands (k-unit) a year; sizes in thousands a year for what runs flat, per hour for what follows
the hour, in units for stores; CO2 in kt; money in million CNY of the base year."""


def _title(doc: str) -> list[str]:
    head, _, rest = doc.partition("\n\n")
    title, _, sentence = head.partition(": ")
    english, _, chinese = title.partition(" ")
    return [f"## {english} {chinese}", sentence[:1].upper() + sentence[1:], *([rest] if rest else [])]


def _table(title: str, components: Iterator[Any]) -> list[str]:
    rows = [name_of(c) for c in components if not c.local_name.endswith("_index")]
    if not rows:
        return []
    lines = [f"| `{n.name}` | ${n.symbol}$ | {n.unit or '-'} | {n.english} | {n.chinese} |" for n in rows]
    return ["\n".join([f"| {title} | symbol | unit | English | 中文 |", "|---|---|---|---|---|", *lines])]


def _contributions(module: Any) -> list[str]:
    """What a block hands to the balance and the cost: the first paragraphs and the equation of each function's docstring."""
    parts = []
    for name, what in CONTRIBUTIONS.items():
        if hasattr(module, name):
            words, _, equation = (inspect.getdoc(getattr(module, name)) or "").partition("$$")
            parts.append(f"### `{name}`, {what}\n\n{words.strip()}\n\n$$\n{equation.strip().rstrip('$')}\n$$")
    return parts


if __name__ == "__main__":
    from models.build import build
    from models.example import example

    Path(__file__).with_name("README.md").write_text(page(build(example())), encoding="utf-8")
