"""``planner futures FILE``: plans against several futures - regret, the plan for all of them at once, and what is decided alike in all."""

import argparse

from rich.console import Console

from models.futures import Risk
from planner import case, terminal_risk
from planner.commands import sensitivity
from planner.commands.shared import into_run, print_json
from planner.errors import CaseError, Finding
from planner.results import rows_of
from planner.risk import regret
from planner.risk.plans import Plans
from planner.studies import file

HELP = "plans against several futures from a study file: regret table, the plan for all futures at once, decisions that hold in all"
TAKES_CASE = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and how plans are made."""
    known = [name for name in file.shipped() if file.read(name).futures]
    parser.add_argument("file", help="a study file (TOML) with [futures.NAME], or the name of a shipped one: " + ", ".join(known))
    parser.add_argument("--no-together", action="store_true", help="leave out the plan for all futures at once")
    sensitivity.effort(parser, "NAME")


def run(args: argparse.Namespace, out: Console, err: Console) -> int:
    """Plans by futures, plans judged, decisions."""
    study = file.read(args.file)
    if not study.futures:
        raise CaseError([Finding(str(args.file), "it has no futures", '[futures.NAME] with probability = 0.5 and "key" = value')])
    read = case.read(study.case, study.changes)
    plans = Plans(study.case, study.changes, sensitivity.asked(args, study.name, err))
    asked = [regret.Future(f.name, f.probability, f.changes, f.labels) for f in study.futures]
    found = regret.of(plans, asked, Risk(study.risk_weight, study.risk_level), study.until, not args.no_together)
    sensitivity.keep(plans.effort.folder, found)
    into_run(args.folder, read, found)
    if args.json:
        print_json(
            {
                "study": study.name,
                "case": read.name,
                "folder": str(plans.effort.folder),
                "time": plans.time,
                **{n: rows_of(t) for n, t in found.items()},
            }
        )
    else:
        out.print(terminal_risk.regret(found["regret"], found["futures"], getattr(study, args.language), args.language))
        out.print(terminal_risk.robust(found["robust"], args.language))
        terminal_risk.about(out, plans, args.language)
    return 0
