"""The command line: finds the command, parses its arguments, turns outcomes into exit codes.

Conventions: 0 done, 1 the data or the machine would not, 2 the command is wrong, 3 a fault of ours, 130 interrupted.
The flags that every command has stand here, and nowhere else; they are taken before the command's name too.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from allegedly import __version__, console
from allegedly.parsing import Parser
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.paths import readable

ABOUT = "Sentence by sentence: what a news text claims, what it supposes, and who is said to have said it."


def commands() -> dict[str, str]:
    """Command names and the modules they live in."""
    # not pkgutil, which loads inspect
    modules = [path.stem for path in (Path(__file__).parent / "commands").glob("*.py") if path.stem != "__init__"]
    return {name.rstrip("_"): f"allegedly.commands.{name}" for name in sorted(modules)}


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
    line = _name_first(arguments)
    if not line or line[0] not in known:
        if line[:1] == ["--version"]:
            console.show([f"allegedly {__version__}"])
            return 0
        if line[:1] in (["-h"], ["--help"]):
            tree(known).print_help()
            return 0
        _no_command(line, known)
    # one command imports one module; only help needs them all
    module = import_module(known[line[0]])
    args = parser(line[0], module).read(line[1:])
    console.manner = console.Manner(quiet=args.quiet, verbose=args.verbose, color=args.color)
    try:
        return int(module.run(args))
    except SystemExit as error:
        raise UsageError(
            f"code that the command was told to run ended the process (exit {error.code!r}); expected an answer"
        ) from error


def _name_first(arguments: list[str]) -> list[str]:
    """An argument line with the flags of every command behind the command's name, if they stand before it."""
    at = 0
    while at < len(arguments) and arguments[at].partition("=")[0] in ("-q", "--quiet", "-v", "--verbose", "--color"):
        at += 2 if arguments[at] == "--color" else 1
    return [*arguments[at : at + 1], *arguments[:at], *arguments[at + 1 :]]


def _no_command(line: list[str], known: dict[str, str]) -> NoReturn:
    """Say what is wrong with a line that names no command, and exit with 2."""
    asked = Parser(prog="allegedly", usage="allegedly COMMAND [OPTIONS]", add_help=False)
    if not line:
        asked.error("the following arguments are required: COMMAND")
    if line[0].startswith("-"):
        asked.error(f"{line[0]!r} stands before the command; name the command first")
    from allegedly.schemas.plugins import unknown

    asked.error(unknown("command", line[0], list(known)))


def tree(known: dict[str, str], *, whole: bool = False) -> Parser:
    """The parser of all commands, of which help is made; ``whole``: with the arguments of each, as completion needs."""
    all_ = Parser(
        prog="allegedly",
        description=ABOUT,
        usage="%(prog)s COMMAND [OPTIONS]",
        epilog="First result, without a file: allegedly label --example --format text",
    )
    all_.add_argument("--version", action="version", version=f"allegedly {__version__}")
    _every(all_)
    below = all_.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name in sorted(known):
        module = import_module(known[name])
        inner = below.add_parser(name, help=module.HELP, description=module.HELP)
        if whole:
            _fill(inner, module)
    return all_


def parser(name: str, module: ModuleType) -> Parser:
    """The arguments of a command."""
    import argparse

    return _fill(
        Parser(
            prog=f"allegedly {name}",
            description=module.HELP,
            epilog=f"examples:\n{module.EXAMPLES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        ),
        module,
    )


def _fill(empty: Parser, module: ModuleType) -> Parser:
    module.arguments(empty)
    _every(empty)
    return empty.ready()


def _every(command: Parser) -> None:
    """The flags of every command."""
    group = command.add_argument_group("every command has")
    loud = group.add_mutually_exclusive_group()
    loud.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors and results")
    loud.add_argument("-v", "--verbose", action="store_true", help="say more: each file, where a traceback lies")
    group.add_argument(
        "--color",
        choices=console.COLORS,
        default="auto",
        help="colour on a terminal, always or never (default: auto, by NO_COLOR, FORCE_COLOR and TERM)",
    )


def _say(message: object, code: int, *more: str) -> int:
    console.alert(f"allegedly: {message}")
    for line in more:
        console.alert(line)
    if console.manner.verbose and code in (1, 2) and sys.exception() is not None:
        console.alert(f"allegedly: details in {_details()}")
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
