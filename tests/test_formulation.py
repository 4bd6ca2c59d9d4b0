"""The formulation page says what the code does: names, units, equations, and the rows a solver gets."""

import ast
import inspect
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from pyomo.core.base.set import Set
from pyomo.environ import Block, Constraint, Expression, Objective, Param, Var

from models import formulation
from models.build import build
from models.compiled import Compiled, compile_matrix
from models.example import example

MODEL = build(example())
BLOCKS = {b.local_name: b for b in MODEL.component_objects(Block, descend_into=False)}
RULES = [c for b in BLOCKS.values() for c in b.component_objects((Constraint, Objective, Expression)) if formulation.has_rule(c)]
FILES = Path(formulation.__file__).parent
GOLDEN = Path(__file__).parent / "golden"
NOT_BLOCKS = {
    "tiles",
    "carried",
    "__init__",
    "inputs",
    "frame",
    "build",
    "compiled",
    "solution",
    "formulation",
    "example",
    "futures",
}  # futures joins compiled problems, it has no rules


def names(*kinds):
    """All components of these kinds, in the frame and in the blocks, that somebody declared."""
    return [c for kind in kinds for c in MODEL.component_objects(kind) if not c.local_name.endswith("_index")]


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_is_up_to_date():
    page = (FILES / "README.md").read_text(encoding="utf-8")
    assert page == formulation.page(MODEL), "run: python -m models.formulation"


@pytest.mark.parametrize("component", names(Set, Param, Var, Expression, Objective), ids=str)
def test_every_component_has_a_symbol_a_unit_and_two_names(component):
    name = formulation.name_of(component)
    assert name.symbol
    assert name.english
    assert name.chinese
    assert bool(name.unit) is not isinstance(component, Set)


def test_no_two_components_share_a_symbol():
    """Indices tell Q_{y} from Q_{i,y}; two variables of one base and one number of indices would be read as one."""
    seen = {}
    for component in names(Param, Var, Expression):
        seen.setdefault(shape(formulation.name_of(component).symbol), []).append(component.name)
    assert {symbol: users for symbol, users in seen.items() if len(users) > 1} == {}


@pytest.mark.parametrize("component", RULES, ids=str)
def test_every_rule_is_a_function_of_its_name_with_one_sentence_and_one_equation(component):
    function = formulation.function_of(component)
    assert function.__name__ == component.local_name
    assert function.__module__ == f"models.{component.parent_block().local_name}"
    assert component.rule._fcn is function if isinstance(component, Constraint) else True
    rule = formulation.rule_of(component)
    words = re.sub(r"\$[^$]*\$", "", rule.english)
    assert len(re.findall(r"[.!?](\s|$)", words)) == 1, "one sentence"
    assert inspect.getdoc(function).count("$$") == 2


def test_rules_hold_no_numbers_but_0_and_1():
    for component in RULES:
        numbers = {
            n.value
            for n in ast.walk(tree_of(formulation.function_of(component)))
            if isinstance(n, ast.Constant) and isinstance(n.value, (int, float))
        }
        assert numbers <= {0, 1}, component.name


def test_every_constraint_of_the_example_has_a_row():
    """The example would prove nothing about a rule it never uses."""
    assert [c.name for c in MODEL.component_objects(Constraint) if len(c) == 0] == []


# -- drift ------------------------------------------------------------------------------------------------------------

SYMBOL = re.compile(r"(?<![a-zA-Z\\])((?:\\bar )?(?:\\[a-zA-Z]+|[a-zA-Z])(?:\^[A-Za-z+-])?)_(\{[^{}]*\}|[a-zA-Z])")
NO_SYMBOLS = re.compile(r"\\text\{[^{}]*\}|\\sum(_\{[^{}]*\}|_[a-zA-Z])?")


def shape(symbol):
    """A symbol without the names of its indices: ``K_{a,y}`` -> ("K", 2)."""
    found = SYMBOL.fullmatch(symbol)
    return (found[1], found[2].count(",") + 1) if found else (symbol, 0)


def symbols(text):
    """All indexed symbols of an equation, as shapes."""
    return {(base, indices.count(",") + 1) for base, indices in SYMBOL.findall(NO_SYMBOLS.sub(" ", text))}


def tree_of(function):
    """The syntax tree of a function, without its docstring."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    definition.body = definition.body[1:]
    return definition


def used(component):
    """Components a rule takes from its block or, by their full name, from other blocks; local names are followed."""
    definition = tree_of(formulation.function_of(component))
    known = {definition.args.args[0].arg: component.parent_block()}

    def of(node):
        if isinstance(node, ast.Name):
            return known.get(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "model" and of(node.func.value) is not None:
            return MODEL
        if isinstance(node, ast.Attribute):
            return getattr(of(node.value), node.attr, None)
        return None

    for node in ast.walk(definition):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and of(node.value) is not None:
            known[node.targets[0].id] = of(node.value)
    found = [of(node) for node in ast.walk(definition) if isinstance(node, (ast.Attribute, ast.Name))]
    return {c.name: c for c in found if getattr(c, "ctype", None) in (Param, Var, Expression)}


@pytest.mark.parametrize("component", RULES, ids=str)
def test_the_equation_names_all_the_code_takes(component):
    equation = formulation.rule_of(component).equation
    for name, taken in used(component).items():
        symbol = formulation.name_of(taken).symbol
        assert shape(symbol) in symbols(equation) or symbol in equation, f"the code uses {name}, but {symbol} is not in its equation"


@pytest.mark.parametrize("component", RULES, ids=str)
def test_the_equation_names_nothing_unknown(component):
    """Every symbol of an equation is some component's, or explained in the rule's own sentence."""
    rule = formulation.rule_of(component)
    known = {shape(formulation.name_of(c).symbol) for c in names(Param, Var, Expression)} | symbols(rule.english)
    assert symbols(rule.equation) <= known


def test_the_drift_test_sees_drift():
    """Proves: the level balance takes six things, so an equation without the standing loss would fail."""
    taken = used(BLOCKS["store"].level_balance)
    assert set(taken) == {
        "hours", "previous", "store.standing_loss", "store.level", "store.charge_efficiency", "store.charge", "store.discharge", "store.discharge_efficiency",
    }  # fmt: skip
    equation = formulation.rule_of(BLOCKS["store"].level_balance).equation.replace(r"(1-\delta_a)^{h_s}\,", "")
    assert shape(r"\delta_a") not in symbols(equation)


# -- files ------------------------------------------------------------------------------------------------------------


def test_every_block_is_built_and_proven():
    files = {path.stem for path in FILES.glob("*.py")} - NOT_BLOCKS
    assert files == set(BLOCKS)
    for name in [*files, "frame"]:
        assert (Path(__file__).parent / "blocks" / f"test_{name}.py").is_file(), f"{name} has no proof"


# -- golden rows ------------------------------------------------------------------------------------------------------


def rows_of(block: str, p: Compiled) -> str:
    """The rows of one block as text, in the order of the rules, and the bounds of its columns that are not plain."""
    matrix, lines = p.matrix.tocsr(), []
    for i, name in enumerate(p.rows):
        if name.startswith(f"{block}."):
            cells = matrix[[i]].tocoo()
            terms = sorted((p.columns[j], v) for j, v in zip(cells.col, cells.data, strict=True))
            lines.append(f"{name}:{''.join(f' {v:+.9g} {column}' for column, v in terms)} {sense(p.row_lower[i], p.row_upper[i])}")
    if block == "cost":
        terms = sorted((column, v) for column, v in zip(p.columns, p.cost, strict=True) if v)
        lines += ["minimize", *(f"{v:+.9g} {column}" for column, v in terms), f"{p.offset:+.9g}"]
    for j, name in enumerate(p.columns):
        kind = ("whole " if p.whole[j] else "") + sense(p.lower[j], p.upper[j])
        if name.startswith(f"{block}.") and kind != ">= 0":
            lines.append(f"{name} {kind}")
    return "\n".join(lines) + "\n"


def sense(lower: float, upper: float) -> str:
    """Limits as text: ``= 3``, ``<= 3``, ``>= 3``, ``in [0, 3]`` or ``free``."""
    if lower == upper:
        return f"= {upper:.9g}"
    if np.isfinite(lower) and np.isfinite(upper):
        return f"in [{lower:.9g}, {upper:.9g}]"
    return f"<= {upper:.9g}" if np.isfinite(upper) else f">= {lower:.9g}" if np.isfinite(lower) else "free"


@pytest.mark.parametrize("block", BLOCKS)
def test_golden_rows(block, update_golden):
    """The example's rows are those a reviewer has read; `pytest --update-golden` writes them anew. A missing file fails."""
    text, path = rows_of(block, compile_matrix(MODEL)), GOLDEN / f"{block}.lp"
    if update_golden:
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{path.name} is missing: run pytest --update-golden, and read it"
    assert path.read_text(encoding="utf-8") == text
