"""``allegedly completion``: a shell's script that completes commands, flags, names and files."""

import argparse
from collections.abc import Mapping
from typing import Any

SHELLS = ("bash", "zsh", "fish")
HELP = "Print the script by which a shell completes commands, flags, names and files."
EXAMPLES = """  eval "$(allegedly completion bash)"
  allegedly completion zsh > "${fpath[1]}/_allegedly"
  allegedly completion fish > ~/.config/fish/completions/allegedly.fish"""

#: Arguments that name no file: those that are looked up in lists, and those that are free words.
_WORDS = ("kind", "name", "by", "version", "date", "guideline", "text", "id", "config", "split")
#: Metavars of flags that name a file, or a folder.
_FILES = ("FILE", "PATH", "REPORT", "TABLE", "LIST", "RELEASE|FOLDER")
_FOLDERS = ("DIR", "RELEASE")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", choices=SHELLS, help="bash, zsh or fish")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from allegedly import console
    from allegedly.cli import commands, tree

    whole = tree(commands(), whole=True)
    below = next(action for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    known = _known()
    for command, parser in below.choices.items():
        for action in parser._actions:
            _describe(action, known.get((command, action.dest)))
    console.as_data()
    print(shtab.complete(whole, args.shell).rstrip("\n"))
    return 0


def _describe(action: Any, known: list[str] | None) -> None:
    """Says what completes an argument: names, files or folders."""
    import shtab

    if known is not None:
        action.choices = known
    elif action.choices is not None or action.nargs == 0:
        return
    elif action.metavar in _FOLDERS:
        action.complete = shtab.DIRECTORY
    elif action.metavar in _FILES or (not action.option_strings and action.dest not in _WORDS):
        action.complete = shtab.FILE


def _known() -> Mapping[tuple[str, str], list[str]]:
    """The names that stand in lists, by command and argument."""
    from allegedly.commands.list import KINDS
    from allegedly.eval.tasks import TASKS
    from allegedly.schemas import plugins
    from allegedly.schemas.schema import names

    tasks = list(TASKS)
    return {
        ("list", "kind"): list(KINDS),
        ("import", "name"): plugins.names("importers"),
        ("export", "name"): plugins.names("exporters"),
        ("schema", "name"): names(),
        ("eval", "task"): tasks,
        ("robustness", "task"): tasks,
    }
