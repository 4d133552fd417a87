"""``command:ARGV``: a program that reads JSON Lines and writes JSON Lines, one answer a request.

Conventions: ``{"task", "id", "text"}`` or ``{"task", "article"}`` in; ``{"id", "label", "score"}`` or
``{"article": {"id"}, "labels"}`` out, in any order. The program goes on running between batches; it is started again
when it dies. Its standard error is shown as it comes.
"""

import contextlib
import json
import os
import selectors
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.cache import digest
from allegedly.eval.options import Options
from allegedly.eval.system import Busy, Request, target_name
from allegedly.schemas.errors import UsageError

TARGET = "a program and its arguments, as a shell splits words"
TASKS = None
NEEDS_TASK = True
READS = ("threshold", "batch", "timeout", "retries", "rate", "input", "cues")
EXTRA = None
CACHED = True


def connect(target: str, options: Options) -> "Command":
    """The program that ``target`` starts, split as a shell splits words; no shell is started."""
    argv = shlex.split(target)
    if not argv or shutil.which(argv[0]) is None:
        raise UsageError(f"command:{target}: no such program; expected a program and its arguments")
    return Command(argv, options.timeout)


class Command:
    """A running program as a system; one request at a time is under way."""

    def __init__(self, argv: list[str], timeout: float) -> None:
        self.argv, self.timeout = argv, timeout
        self.process: subprocess.Popen[bytes] | None = None
        self.rest = b""

    def identity(self, task: str) -> object:
        """The arguments, and the bytes of those that are files."""
        program = Path(shutil.which(self.argv[0]) or self.argv[0])
        files = [Path(word) for word in self.argv[1:]]
        return [self.argv, [digest(path) for path in (program, *files) if path.exists()]]

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """One answer for each request. Busy where the program died or said nothing in time, UsageError for answers that
        nobody asked for."""
        if self.process is None or self.process.poll() is not None:
            self._start()
        lines = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
        wanted = {target_name(request): place for place, request in enumerate(requests)}
        answers: dict[int, Any] = {}
        deadline = time.monotonic() + self.timeout
        for line in self._exchange(lines, len(requests), deadline):
            answer = self._parsed(line)
            article = answer.get("article")
            name = answer.get("id") or (article.get("id") if isinstance(article, dict) else None)
            if name not in wanted:
                self.close()
                raise UsageError(f"{' '.join(self.argv)}: an answer for {name!r}, which was not asked for")
            if wanted[name] in answers:
                self.close()
                raise UsageError(f"{' '.join(self.argv)}: two answers for {name!r}")
            answers[wanted[name]] = {key: value for key, value in answer.items() if key not in ("id", "task")}
        return [answers[place] for place in range(len(requests))]

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(line)
        except ValueError as error:
            self.close()
            raise Busy(f"{self.argv[0]}: a line that is no JSON: {line[:80]!r}") from error
        if not isinstance(answer, dict):
            self.close()
            raise UsageError(f"{self.argv[0]}: found {line[:80]!r}, expected a JSON object a line")
        return answer

    def _start(self) -> None:
        self.close()
        self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdin and self.process.stdout
        os.set_blocking(self.process.stdin.fileno(), False)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.rest = b""

    def _exchange(self, data: bytes, count: int, deadline: float) -> Iterator[bytes]:
        """Writes and reads at once: a program may answer before it has read everything."""
        assert self.process and self.process.stdin and self.process.stdout
        inbox, outbox = self.process.stdin.fileno(), self.process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(outbox, selectors.EVENT_READ)
            if data:
                selector.register(inbox, selectors.EVENT_WRITE)
            while count:
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    self.close()
                    raise Busy(f"{self.argv[0]}: no answer in {self.timeout:g} seconds")
                for key, _ in ready:
                    if key.fd == inbox:
                        data = self._written(inbox, data)
                        if not data:
                            selector.unregister(inbox)
                    else:
                        for line in self._lines(outbox):
                            count -= 1
                            yield line
                            if not count:
                                break

    def _written(self, inbox: int, data: bytes) -> bytes:
        try:
            return data[os.write(inbox, data[:65536]) :]
        except BrokenPipeError as error:
            raise self._died() from error

    def _lines(self, outbox: int) -> list[bytes]:
        data = os.read(outbox, 1 << 20)
        if not data:
            raise self._died()
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line for line in lines if line.strip()]

    def _died(self) -> Busy:
        code = self.process.wait() if self.process else None
        self.close()
        return Busy(f"{self.argv[0]}: died with exit code {code}")

    def close(self) -> None:
        """End the program."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
            self.process = None
