"""``command:ARGV``: a program that reads JSON Lines and writes JSON Lines, one answer a request.

Conventions: ``{"task", "id", "text"}`` or ``{"task", "article"}`` in; ``{"id", "label", "score"}`` or
``{"article": {"id"}, "labels"}`` out, in any order. The program goes on running between batches; it is started again
when it dies, and its input ends after the last task. Its standard error is shown as it comes. Its answers are kept for one
run, or for later ones where the options say what decides them (``depends``, ``env``).
"""

import json
import os
import shlex
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.cache import decided, digest, hidden, variables
from allegedly.eval.options import Options
from allegedly.eval.system import Dead, Declined, Request, target_name
from allegedly.eval.systems import _ids
from allegedly.eval.systems._program import Ended, Program, Quiet
from allegedly.schemas import strict_json
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import shortened

TARGET = "a program and its arguments, as a shell splits words"
TASKS = None
NEEDS_TASK = True
LABELS = True
READS = ("threshold", "batch", "timeout", "retries", "rate", "input", "cues", "depends", "env")
EXTRA = None
CACHED = True

#: Variables that differ from shell to shell and decide nothing.
_OF_THE_SHELL = frozenset({"_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "PYTEST_CURRENT_TEST"})
#: Seconds that a program may take to end once its input has ended.
_GRACE = 5.0
_FLUSH = (
    "the program must flush each line (in Python: print(..., flush=True)) and must not wait for the end of its input"
)


def connect(target: str, options: Options) -> "Command":
    """The program that ``target`` starts, split as a shell splits words; no shell is started."""
    try:
        argv = shlex.split(target)
    except ValueError as error:
        raise UsageError(f"command:{target}: {error}; expected a program and its arguments") from error
    if not argv or "\0" in target or shutil.which(argv[0]) is None:
        raise UsageError(f"command:{target}: no such program; expected a program and its arguments")
    return Command(argv, options)


class Command:
    """A running program as a system; one request at a time is under way."""

    def __init__(self, argv: list[str], options: Options) -> None:
        self.argv, self.options, self.timeout = argv, options, options.timeout
        self.program: Program | None = None
        self.where = shortened(" ".join(argv), 120).strip('"')
        #: The task that is under way, and the ids that were answered in it.
        self.task = ""
        self.answered: dict[str, None] = {}

    @property
    def one_run(self) -> bool:
        """Whether nothing says what else the program reads."""
        return not (self.options.depends or self.options.env)

    def identity(self, task: str) -> object:
        """The arguments, the bytes of those that are files, and the files that the options name."""
        program = Path(shutil.which(self.argv[0]) or self.argv[0])
        files = [path for path in (program, *map(Path, self.argv[1:])) if _stands(path)]
        return [self.argv, [digest(path) for path in files], decided(self.options)]

    def around(self) -> object:
        """The variables that the options name; where nothing is named, the current folder and the whole environment."""
        if not self.one_run:
            return variables(self.options)
        return [str(Path.cwd()), hidden(canonical({k: v for k, v in os.environ.items() if k not in _OF_THE_SHELL}))]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """One answer for each request. Declined where the program died or said nothing in time, UsageError for answers
        that nobody asked for, and for second ones."""
        if task != self.task:
            self.task, self.answered = task, {}
        program = self._running()
        self._refuse_late(program.left())
        lines = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
        wanted = {target_name(request): request for request in requests}
        answers: dict[str, Any] = {}
        try:
            for line in program.exchange(lines, time.monotonic() + self.timeout):
                self._take(line, wanted, answers)
                if len(answers) == len(wanted):
                    break
        except (Quiet, Ended) as error:
            gaps = _ids.gap_names([name for name in wanted if name not in answers])
            silence = f"no answer in {self.timeout:g} seconds for {gaps}; {_FLUSH}"
            said = silence if isinstance(error, Quiet) else str(error)
            raise Declined(f"{self.where}: {said}", spoke=bool(answers or self.answered)) from None
        finally:
            if len(answers) < len(wanted):
                self.close()
        self.answered |= dict.fromkeys(answers)
        self._refuse_late(program.left())
        return [answers[name] for name in wanted]

    def _take(self, line: bytes, wanted: dict[str, Request], answers: dict[str, Any]) -> None:
        try:
            answer = strict_json.loads(line)
        except ValueError as error:
            raise Ended(f"a line that is no JSON ({error}): {line[:80]!r}") from error
        if not isinstance(answer, dict):
            raise UsageError(f"{self.where}: found {line[:80]!r}, expected a JSON object a line")
        name = _ids.carried(answer)
        asked = isinstance(name, str) and name in wanted
        _ids.refuse(name, wanted, answers if asked else self.answered, self.where)
        answers[name] = _ids.without(answer)

    def _refuse_late(self, lines: Iterable[bytes]) -> None:
        """UsageError for answers that come when all are there; other words are the program's own."""
        for line in lines:
            try:
                answer = strict_json.loads(line)
            except ValueError:
                continue
            if (name := _ids.carried(answer)) is not None:
                self.close()
                raise UsageError(f"{self.where}: two answers for {shortened(name)}; expected one")

    def _running(self) -> Program:
        if self.program is not None and self.program.process.poll() is not None:
            self.close()
        if self.program is None:
            try:
                self.program = Program(self.argv)
            except OSError as error:
                raise Dead(f"{self.where}: cannot be started: {error.strerror or error}") from error
        return self.program

    def finish(self) -> None:
        """End its input, and hear what it still says. UsageError for a second answer."""
        if self.program is not None:
            self._refuse_late(self.program.finish(min(self.timeout, _GRACE)))
            self.close()

    def close(self) -> None:
        """End the program."""
        if self.program is not None:
            self.program.close()
            self.program = None


def _stands(path: Path) -> bool:
    try:
        return path.is_file() or path.is_dir()
    except (OSError, ValueError):  # a word that no path can be
        return False
