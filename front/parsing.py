"""Arguments of every command: a usage of one line, hints for what is misspelt, ``-o``, flags that are given twice.

Conventions: a command's module adds its own arguments in argparse's words and gets all this without its doing. A flag that
takes a list adds up when it is given again (actions ``append`` and ``extend``); any other may say the same again, and with
two values is refused, since one of them would be dropped.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from allegedly.schemas import escape

#: Long flags that have a letter in every command that has them.
LETTERS = {"--out": "-o"}
#: What argparse takes for a flag, and never for the value of one.
_FLAG = re.compile(r"--?[A-Za-z]\S*")


def names(text: str) -> list[str]:
    """The type of a flag that takes names with commas between them; with the action ``extend`` it adds up."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected names with commas between them")
    return found


def pairs(given: Sequence[str], flag: str, example: str) -> dict[str, str]:
    """What a flag with values KEY=VALUE was given. UsageError for one of another form, and for a key with two values."""
    from allegedly.schemas.errors import UsageError

    found: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"{flag} {pair}: expected {example}")
        if found.setdefault(key, value) != value:
            raise UsageError(f"{flag} {key} is given twice, {found[key]!r} and {value!r}: give one of them")
    return found


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is two lines, whatever the arguments hold, and whose help is told or its loss is."""

    def __init__(self, **about: Any) -> None:
        super().__init__(**about, allow_abbrev=False)
        self.register("action", None, _Once)
        self.register("action", "store", _Once)
        #: Python 3.14 would paint help by rules of its own.
        self.color = False
        self.said: dict[str, tuple[str, object]] = {}

    def ready(self) -> "Parser":
        """Itself, once all arguments are added: letters beside long flags, and the usage."""
        for action in self._actions:
            for long, letter in LETTERS.items():
                if long in action.option_strings and letter not in self._option_string_actions:
                    action.option_strings = [letter, *action.option_strings]
                    self._option_string_actions[letter] = action
        self.usage = self._short().replace("%", "%%")
        return self

    def _short(self) -> str:
        """What cannot be left out, in one line."""
        needed = [action for action in self._actions if action.required and action.option_strings]
        paths = [action for action in self._actions if not action.option_strings]
        formatter = argparse.HelpFormatter(self.prog, width=sys.maxsize)
        formatter.add_usage(None, [*paths, *needed], [], prefix="")
        return f"{formatter.format_help().strip()} [OPTIONS]"

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """What a line gives, its paths anywhere among its flags. Exits with 2 where it is wrong."""
        self.said.clear()
        line = unmistakable(arguments)
        for word in line:
            self._require_known(word)
        # not a subparser: those take paths in one stretch only, and `build a --out o b` names two
        return self.parse_intermixed_args(line)

    def _require_known(self, word: str) -> None:
        flag = word.partition("=")[0]
        if not _FLAG.fullmatch(word) or flag in self._option_string_actions:
            return
        if flag.startswith("--") or flag[:2] not in self._option_string_actions:
            from allegedly.schemas.plugins import hint

            self.error(f"unknown flag {flag!r}{hint(flag, list(self._option_string_actions))}")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End, once what was printed is taken. DataError where it is not."""
        sys.stdout.flush()
        super().exit(status, message)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, below the shortest usage, and exit with 2."""
        usage = self.format_usage().rstrip()
        self.exit(2, f"{usage}; --help lists them\n{self.prog}: error: {escape.line(message)}\n")


class _Once(argparse._StoreAction):
    """Stores a value; refuses a second one that is another."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if option_string is not None and isinstance(parser, Parser):
            flag, before = parser.said.setdefault(self.dest, (option_string, values))
            if before is not values and before != values:
                again = "twice" if flag == option_string else f"as {flag} and as {option_string}"
                parser.error(f"{option_string} is given {again}, {before!s:.80} and {values!s:.80}: give one of them")
        setattr(namespace, self.dest, values)


def unmistakable(arguments: Sequence[str]) -> list[str]:
    """What stands after ``--`` as paths that no dash makes a flag: intermixed parsing forgets that mark."""
    at = list(arguments).index("--") if "--" in arguments else len(arguments)
    return [*arguments[:at], *(f"./{path}" if path.startswith("-") else path for path in arguments[at + 1 :])]
