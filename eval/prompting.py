"""Prompts: the words that a language model is told for a task, and its answer without what models put around JSON.

Conventions: a file a task, or a layer, in ``prompts`` beside this module, versioned with the code.
"""

import re
from pathlib import Path

from allegedly.schemas.errors import UsageError

FOLDER = Path(__file__).parent / "prompts"


def prompt(name: str, folder: Path = FOLDER) -> str:
    """The prompt of a name. UsageError where the folder has none."""
    file = folder / f"{name}.md"
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; expected the prompt of {name}") from error


def unfenced(text: str) -> str:
    """An answer without the fence that some models put around JSON."""
    fence = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", text, re.DOTALL)
    return fence[1] if fence else text
