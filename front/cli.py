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

from allegedly import __version__
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.secrets import masked


def commands() -> dict[str, str]:
    """Command names and the modules they live in."""
    folder = Path(__file__).parent / "commands"
    return {m.name.rstrip("_"): f"allegedly.commands.{m.name}" for m in iter_modules([str(folder)])}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except UsageError as error:
        return _say(error, 2)
    except DataError as error:
        return _say(error, 1)
    except KeyboardInterrupt:
        return _say("interrupted", 130)
    except BrokenPipeError:
        # the reader of our output went away: that is its right, and there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(error, 1)
    except Exception as error:
        return _say(f"{type(error).__name__}: {error}; this is a fault of allegedly, details in {_details()}", 3)


def _run(arguments: list[str]) -> int:
    known = commands()
    if arguments and arguments[0] in known:
        # one command imports one module; only help and a wrong name need them all
        module = import_module(known[arguments[0]])
        # not a subparser: those take paths in one stretch only, and `build a --out o b` names two
        args = _parser(arguments[0], module).parse_intermixed_args(_unmistakable(arguments[1:]))
        return int(module.run(args))
    _overview(known).parse_args(arguments)  # prints help or the version, or says what is wrong, and exits
    raise UsageError(f"{arguments[0]!r} stands before the command; name the command first")


def _unmistakable(arguments: list[str]) -> list[str]:
    """What stands after ``--`` as paths that no dash makes a flag: intermixed parsing forgets that mark."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at] + [f"./{path}" if path.startswith("-") else path for path in arguments[at + 1 :]]


def _overview(known: dict[str, str]) -> argparse.ArgumentParser:
    """What is asked before any command: help and the version."""
    parser = argparse.ArgumentParser(
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
    parser = argparse.ArgumentParser(
        prog=f"allegedly {name}",
        description=module.HELP,
        epilog=f"examples:\n{module.EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.arguments(parser)
    return parser


def _say(message: object, code: int) -> int:
    print(f"allegedly: {masked(str(message))}", file=sys.stderr)
    return code


def _details() -> str:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="allegedly-", suffix=".txt", delete=False, encoding="utf-8") as file:
        traceback.print_exc(file=file)
    return file.name
