"""A callable in a process of its own, as a system: it can end, crash, hang or change that process, not ours.

Conventions: the callable is looked for in the current folder first, then on our path. What it prints goes to standard
error, through C too, by way of `allegedly.eval.overheard`. Its process ends with the run. `allegedly.eval.hosted` is the
end that runs it.
"""

import contextlib
import json
import os
import select
import selectors
import signal
import subprocess
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.overheard import Overheard
from allegedly.eval.system import Dead, Request
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Json

#: Seconds between two looks whether the process is there, where it says nothing.
_LOOK = 0.2
#: Seconds that the process has to end by itself.
_GRACE = 2.0
#: What its process runs. While our modules are imported the current folder comes last, so that no file in it stands in for
#: one of the standard library; then it comes first.
_RUN = "import sys; here, inbox, outbox, *path = sys.argv[1:]; "
_RUN += "sys.path[:] = [place for place in path if place != here] + [here]; "
_RUN += "from allegedly.eval import hosted; sys.path[:] = path; hosted.main(int(inbox), int(outbox))"


class Hosted:
    """A callable of a module as a system. Its answers are kept for one run only: what else it reads cannot be known."""

    def __init__(self, name: str, module: str, attribute: str) -> None:
        """``name`` is what errors call it. UsageError where it cannot be had: no such module or callable, or the module
        ends the process."""
        self.name = name
        self.number = 0
        self.rest = b""
        inbox, self.outbox = os.pipe()
        self.inbox, outbox = os.pipe()
        here = str(Path.cwd())
        path = [*([] if here in sys.path else [here]), *(place or here for place in sys.path)]
        self.aside = Overheard()
        self.process = subprocess.Popen(
            # -u: what it printed before it died is not lost
            [sys.executable, "-P", "-u", "-c", _RUN, here, str(inbox), str(outbox), *path],
            stdin=subprocess.DEVNULL,  # a question that nobody sees would wait for ever
            stdout=self.aside.descriptor,
            stderr=self.aside.descriptor,
            pass_fds=(inbox, outbox),
            start_new_session=True,
        )
        self.aside.given()
        os.close(inbox)
        os.close(outbox)
        os.set_blocking(self.outbox, False)
        # whoever forgets to close it leaves no process behind
        self.end = weakref.finalize(self, _end, self.process, self.aside, self.outbox, self.inbox)
        try:
            self._send({"module": module, "attribute": attribute})
            greeting = self._received("while its module was imported")
            if "fault" in greeting:
                raise UsageError(f"{self.name}: {greeting['fault']}")
        except BaseException:
            self.close()
            raise
        self.wants_task = greeting["wants_task"]

    def identity(self, task: str) -> None:
        """None: nothing says what decides its answers."""

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """What it returns, as JSON values. Dead where it raises, ends its process, or gives back no list of answers."""
        items = [request["text"] if "text" in request else request["article"] for request in requests]
        self.number += 1
        self._send({"number": self.number, "items": items, "extra": {"task": task} if self.wants_task else {}})
        reply = self._received(f"in {task}")
        if reply.get("number") != self.number:
            raise Dead(f"{self.name}: {task}: an answer to another batch came out of its process")
        if "fault" in reply:
            raise Dead(f"{self.name}: {task}: {reply['fault']}")
        answers: Sequence[Any] = reply["answers"]
        return answers

    def close(self) -> None:
        """End its process, and what it started in its group."""
        self.end()

    def _send(self, message: Json) -> None:
        line = json.dumps(message).encode() + b"\n"
        while line:
            try:
                line = line[os.write(self.outbox, line) :]
            except BrokenPipeError:
                return  # how it ended is told by whoever waits for the answer
            except BlockingIOError:
                if self.process.poll() is not None:
                    return  # what it started holds the pipe, and reads nothing
                select.select([], [self.outbox], [], _LOOK)

    def _received(self, when: str) -> Json:
        """The next line of the process. Dead where it ended first."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.inbox, selectors.EVENT_READ)
            ended = False
            while b"\n" not in self.rest:
                # a pipe may outlive the process: whatever that started holds it
                if not selector.select(0 if ended else _LOOK):
                    if ended:
                        raise self._died(when)
                    ended = self.process.poll() is not None
                    continue
                data = os.read(self.inbox, 1 << 20)
                if not data:
                    raise self._died(when)
                self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        try:
            message = json.loads(line)
        except ValueError as error:
            raise Dead(f"{self.name}: something that is no answer came out of its process {when}") from error
        if not isinstance(message, dict):
            raise Dead(f"{self.name}: something that is no answer came out of its process {when}")
        return message

    def _died(self, when: str) -> Dead:
        try:
            code = self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            return Dead(f"{self.name}: it closed its end of the pipe {when}")
        self.aside.end()  # its last words stand before what we say of it
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return Dead(f"{self.name}: its process {how} {when}, without an answer")


def _end(process: "subprocess.Popen[bytes]", aside: Overheard, *ends: int) -> None:
    """Close the pipes, wait a little, kill what is left of its group, and hear its last words."""
    for end in ends:
        with contextlib.suppress(OSError):
            os.close(end)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    aside.end()
