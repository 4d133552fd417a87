"""Code of others in our process: a model that is loaded, asked or imported can end neither the process nor the run green.

Conventions: whatever it raises is Dead, SystemExit too; KeyboardInterrupt is the caller's. ``os._exit`` raises as long as
such code runs, since nothing else would notice it; in a process that this code starts by fork it ends that process.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any

from allegedly.eval.plain import Fault, raised
from allegedly.eval.system import Busy, Dead
from allegedly.schemas.errors import DataError, UsageError


class Ended(BaseException):
    """What ``os._exit`` raises in place of ending the process."""


@contextmanager
def staying() -> Iterator[None]:
    """As long as it lasts, ``os._exit`` raises."""
    own, leave, lasts = os.getpid(), os._exit, True

    def refused(status: int) -> None:
        if os.getpid() != own or not lasts:
            leave(status)
        raise Ended(f"os._exit({status}) was called")

    # a pickle names the module that os takes it from
    homes: list[Any] = [os, sys.modules[os.name]]
    for home in homes:
        home._exit = refused
    try:
        yield
    finally:
        lasts = False
        for home in homes:
            home._exit = leave


@contextmanager
def foreign(what: str) -> Iterator[None]:
    """Run code of others; ``what`` names it in the error. Dead for whatever it raises but our own errors."""
    with staying():
        try:
            yield
        except (UsageError, DataError, Busy, KeyboardInterrupt):
            raise
        except Fault as fault:
            raise Dead(f"{what}: {fault}") from fault
        except BaseException as error:
            raise Dead(f"{what} raised {raised(error)}") from error


@contextmanager
def aside() -> Iterator[None]:
    """As long as it lasts, what is printed on standard output comes on standard error: from Python, from C, and from
    processes that are started."""
    kept = None
    with suppress(OSError):  # where one of them is closed nothing can come there
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        with suppress(Exception):
            ctypes.CDLL(None).fflush(None)  # what C still holds would come after we are back
        if kept is not None:
            os.dup2(kept, 1)
            os.close(kept)
