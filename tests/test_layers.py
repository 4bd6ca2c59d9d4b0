"""The house: who may import whom, which library is at home where, and how long a file may be."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# A module imports only from what stands before it, from the foundation up; a pattern is one group of equals.
ROWS = (
    "models models.inputs",
    "models.frame models.capacity models.scale models.choice models.succession models.conversion models.taken models.converter models.commitment models.measure models.rebuild models.shift models.shed models.lasting models.store models.season models.market models.contract models.demand models.reserve models.green models.balance models.physical models.emissions models.cap models.dues models.cost models.budget",
    "models.build models.compiled models.solution models.tiles models.carried models.example models.formulation",
    "models.futures",
    "planner planner.why planner.why.reasons planner.errors planner.units planner.dictionary planner.money",
    "planner.tables planner.presets planner.based planner.case planner.weather planner.given planner.calendar planner.tariff planner.shapes",
    "planner.asset planner.rules planner.decisions planner.connection planner.standby planner.emission_factors planner.markets planner.targets planner.offsets planner.carbon_market planner.plant planner.year planner.check_* planner.check",
    "planner.investing planner.backup planner.trade planner.caps planner.outage planner.translate planner.process planner.highs planner.variants planner.reach planner.proof planner.branch planner.gomory planner.hot planner.levers planner.why.requirement planner.why.elastic planner.why.conflict planner.why.none planner.plan",
    "planner.account.activity planner.account.factors planner.account.power planner.account.ledger planner.account.planned planner.account*",
    "planner.limits planner.shortage planner.book_value planner.reduction planner.why.worth planner.results planner.stored planner.audit_* planner.audit planner.mixing planner.rule_curve planner.whole_year planner.holds planner.cuts planner.sizing planner.all_hours planner.run planner.hourly planner.locked planner.studies planner.studies.start planner.warm planner.enriching planner.reachable planner.options planner.reconcile planner.studies.point planner.studies.store planner.studies.file planner.studies.many planner.studies.table planner.studies.front",
    "planner.footprint planner.premium planner.process_energy planner.language planner.disclosure planner.why.told planner.why.plans planner.why.cap_price planner.why.financing planner.why.partial planner.why.macc planner.why.wedges planner.why.measures planner.why.near planner.why.forced planner.why.alternatives planner.views* planner.readiness",
    "planner.exchange planner.exchange.settings planner.exchange.guard planner.exchange.sheets planner.exchange.book_out planner.exchange.book_in planner.exchange.*",
    "planner.intake planner.intake.text planner.intake.stamps planner.intake.hours planner.intake.meter planner.intake.*",
    "planner.workspace planner.workspace.*",
    "planner.desk planner.desk.*",
    "planner.risk planner.risk.*",
    "planner.report.parts planner.report.material planner.report.flowing planner.report.chapters planner.report.choices planner.report.basis planner.report.yardstick planner.report.studies planner.report.story planner.report.* planner.report planner.compare planner.spread planner.group planner.paperwork",
    "planner.terminal planner.terminal_why planner.terminal_studies planner.terminal_measures planner.terminal_risk planner.commands.shared planner.commands.study planner.commands.sensitivity planner.commands.* planner.commands planner.cli planner.explorer*",
    "app",
)
LAYERS = [pattern for row in ROWS for pattern in row.split()]

HOMES = {
    "pyomo": ("models.*",),
    "highspy": ("planner.highs",),
    "distributed": ("planner.studies.many",),
    "streamlit": ("planner.explorer*", "app"),
    "openpyxl": ("planner.exchange*", "planner.report*"),
    "pptx": ("planner.report*",),
    "docx": ("planner.report*",),
    "plotly": ("planner.views*", "planner.explorer*"),
}
LONGEST = 500  # lines; one idea a file keeps most far below


def modules() -> dict[str, Path]:
    """Every module of the program by its dotted name."""
    files = [*(ROOT / "models").rglob("*.py"), *(ROOT / "planner").rglob("*.py"), *ROOT.glob("app.py")]
    return {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


MODULES = modules()


def rank(module: str) -> int:
    """Position in the layers; a module nobody listed has none, which is an error."""
    found = [n for n, pattern in enumerate(LAYERS) if fnmatch(module, pattern)]
    assert found, f"{module} is in no layer: give it a place in tests/test_layers.py"
    return found[0]


def imports(module: str) -> Iterator[str]:
    """Everything a module imports, wherever in it, by full name."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            whole = f"{node.module}"
            yield from (f"{whole}.{a.name}" if f"{whole}.{a.name}" in MODULES else whole for a in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_below(module: str) -> None:
    for other in imports(module):
        if other.split(".")[0] in ("models", "planner", "app") and other != module:
            assert other in MODULES, f"{module} imports {other}, which is not there"
            same_group = LAYERS[rank(other)] == LAYERS[rank(module)]
            assert same_group or rank(other) < rank(module), f"{module} imports {other}, which stands above it"


@pytest.mark.parametrize("module", MODULES)
def test_a_library_is_used_where_it_is_at_home(module: str) -> None:
    for library in {name.split(".")[0] for name in imports(module)} & set(HOMES):
        assert any(fnmatch(module, home) for home in HOMES[library]), f"{module} imports {library}, which belongs to {HOMES[library]}"


def test_the_mathematics_never_imports_the_planner() -> None:
    assert [m for m in MODULES if m.startswith("models") and any(i.startswith(("planner", "app")) for i in imports(m))] == []


def test_the_layers_name_only_what_exists() -> None:
    assert [pattern for pattern in LAYERS if not any(fnmatch(m, pattern) for m in MODULES)] == []


@pytest.mark.parametrize("path", [*MODULES.values(), *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
