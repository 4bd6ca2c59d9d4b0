"""Text 文字: words that pages share."""

import re
from dataclasses import replace

from planner.desk import choice as choices
from planner.errors import CaseError
from planner.language import spoken
from planner.results import Results


def plain(text: str) -> str:
    """Text from data, so that no sign of it is read as markup."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$:~&])", r"\\\1", text)


def title(name: str, language: str) -> str:
    """The name of a shipped case in words; its code where the case cannot be read."""
    try:
        return str(choices.shipped(name).settings.get(language) or name)
    except CaseError:
        return name


def told(error: CaseError, language: str) -> str:
    """What is wrong and what is allowed, for a place that is on screen already."""
    return " ".join(spoken(replace(f, where=""), language).lstrip(":： ") for f in error.findings)


def run_name(results: Results) -> str:
    """The first signs of the run's fingerprint."""
    return str(results.summary.get("fingerprint", ""))[:8]
