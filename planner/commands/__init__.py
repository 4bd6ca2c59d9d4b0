"""Commands 命令: one file a command, one name in COMMANDS; ``planner NAME ...`` runs it."""

import argparse
from typing import Protocol

from rich.console import Console

from planner.commands import (
    abatement,
    account,
    alternatives,
    bills,
    breakeven,
    calibrate,
    cases,
    check,
    compare,
    explore,
    export,
    financing,
    futures,
    group,
    import_,
    measures,
    meter,
    options,
    premium,
    prices,
    readiness,
    reconcile,
    report,
    rerun,
    sensitivity,
    solve,
    start,
    study,
    targets,
    template,
    uncertainty,
    verify,
    warm,
    weather,
    why,
    workspace,
)


class Command(Protocol):
    """What every command module offers. HELP is its line in ``planner --help``; TAKES_CASE adds CASE and ``--set``."""

    HELP: str
    TAKES_CASE: bool

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments; ``--lang`` and ``--json`` are there already."""

    def run(self, args: argparse.Namespace, out: Console, err: Console) -> int:
        """Do the work and return the exit code; results to ``out``, progress to ``err``."""


COMMANDS: tuple[Command, ...] = (
    cases,
    check,
    solve,
    verify,
    compare,
    group,
    options,
    financing,
    prices,
    abatement,
    measures,
    sensitivity,
    breakeven,
    uncertainty,
    futures,
    alternatives,
    why,
    study,
    warm,
    reconcile,
    calibrate,
    account,
    readiness,
    premium,
    targets,
    report,
    template,
    export,
    import_,
    start,
    meter,
    bills,
    weather,
    workspace,
    rerun,
    explore,
)
