"""The command line: finds the command, parses its arguments, turns outcomes into exit codes.

Conventions: 0 done, 1 the data or the machine would not, 2 the command is wrong, 3 a fault of ours, 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import NoReturn

from allegedly import __version__, console
from allegedly.schemas import escape
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.paths import readable


def commands() -> dict[str, str]:
    """Command names and the modules they live in."""
    folder = Path(__file__).parent / "commands"
    return {m.name.rstrip("_"): f"allegedly.commands.{m.name}" for m in iter_modules([str(folder)])}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    with console.guarded():
        try:
            console.check()
            code = _run(arguments)
            sys.stdout.flush()
            return code
        except (Exception, KeyboardInterrupt) as error:
            return _outcome(error)


def _outcome(error: BaseException) -> int:
    """The exit code of what ended a command, once its cause is said."""
    match error:
        case UsageError():
            return _say(error, 2)
        case DataError():
            first, *more = error.lines or ("",)
            return _say(first, 1, *more)
        case KeyboardInterrupt():
            return _say("interrupted", 130)
        case OSError():
            return _say(_refused(error), 1)
        case MemoryError():
            return _say("out of memory; give less at a time, or more memory", 1)
        case UnicodeError() | RecursionError():
            # readers tell what they cannot read; this is what none of them looked at
            what = "text that is no Unicode" if isinstance(error, UnicodeError) else "data nested too deeply"
            return _say(f"{what}: {error}; details in {_details()}", 1)
    return _say(f"{type(error).__name__}: {error}; this is a fault of allegedly, details in {_details()}", 3)


def _refused(error: OSError) -> str:
    """What the system would not do, where, and why."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{readable(error.filename)}: {reason}" if isinstance(error.filename, str | bytes) else reason


def _run(arguments: list[str]) -> int:
    known = commands()
    if arguments and arguments[0] in known:
        # one command imports one module; only help and a wrong name need them all
        module = import_module(known[arguments[0]])
        # not a subparser: those take paths in one stretch only, and `build a --out o b` names two
        args = _parser(arguments[0], module).parse_intermixed_args(_unmistakable(arguments[1:]))
        try:
            return int(module.run(args))
        except SystemExit as error:
            raise UsageError(
                f"code that the command was told to run ended the process (exit {error.code!r}); expected an answer"
            ) from error
    _overview(known).parse_args(arguments)  # prints help or the version, or says what is wrong, and exits
    raise UsageError(f"{arguments[0]!r} stands before the command; name the command first")


def _unmistakable(arguments: list[str]) -> list[str]:
    """What stands after ``--`` as paths that no dash makes a flag: intermixed parsing forgets that mark."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at] + [f"./{path}" if path.startswith("-") else path for path in arguments[at + 1 :]]


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, whatever the arguments hold, and whose help is told or its loss is."""

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End, once what was printed is taken. DataError where it is not."""
        sys.stdout.flush()
        super().exit(status, message)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with 2."""
        super().error(escape.line(message))


def _overview(known: dict[str, str]) -> argparse.ArgumentParser:
    """What is asked before any command: help and the version."""
    parser = _Parser(
        prog="allegedly",
        description="Sentence by sentence: what a news text claims, what it supposes, and who is said to have said it.",
        epilog="First result, without a file: allegedly label --example --format text",
    )
    parser.add_argument("--version", action="version", version=f"allegedly {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in sorted(known):
        subparsers.add_parser(name, help=import_module(known[name]).HELP)
    return parser


def _parser(name: str, module: ModuleType) -> argparse.ArgumentParser:
    """The arguments of a command: its paths anywhere among its flags."""
    parser = _Parser(
        prog=f"allegedly {name}",
        description=module.HELP,
        epilog=f"examples:\n{module.EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.arguments(parser)
    return parser


def _say(message: object, code: int, *more: str) -> int:
    console.say(f"allegedly: {message}")
    for line in more:
        console.say(line)
    return code


def _details() -> str:
    """Where the traceback lies."""
    import tempfile
    import traceback

    try:
        handle, name = tempfile.mkstemp(prefix="allegedly-", suffix=".txt", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            traceback.print_exc(file=file)
    except OSError as error:
        return f"no file ({error.strerror})"
    return name
