"""Engines by name: what ``--engine local``, ``ray`` or ``ray://host:port`` stands for.

Conventions: a name starts an engine on this machine; an address joins the one that runs there, and its scheme says
whose it is.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import cast

from allegedly.builders.engines import Engine, Plugin
from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError


def engine(spec: str) -> tuple[Plugin, str | None]:
    """The plugin that a name or an address stands for, and the address. UsageError where nothing answers to it."""
    scheme, mark, _ = spec.partition("://")
    if not mark:
        return cast(Plugin, plugins.find("engines", spec)), None
    known: list[str] = []
    for name in plugins.names("engines"):
        plugin = cast(Plugin, plugins.find("engines", name))
        if scheme in plugin.SCHEMES:
            return plugin, spec
        known += [f"{scheme}://" for scheme in plugin.SCHEMES]
    raise UsageError(plugins.unknown("engine", f"{scheme}://", [*known, *plugins.names("engines")]))


@contextmanager
def started(spec: str, *, workers: int, memory: int) -> Iterator[Engine]:
    """A running engine, ended with the context.

    ``workers`` is how many processes run tasks on this machine (a cluster has its own number), ``memory`` what each may
    hold, in bytes. UsageError for a name or address that nobody knows, and where the engine's extra is not installed.
    """
    plugin, address = engine(spec)
    with ExitStack() as stack:
        try:
            running = stack.enter_context(plugin.start(address, workers=workers, memory=memory))
        except ModuleNotFoundError as error:
            if plugin.EXTRA is None:
                raise
            raise UsageError(
                f"the engine {spec!r} needs {error.name}, which is not installed: "
                f'pip install "allegedly[{plugin.EXTRA}]"'
            ) from error
        yield running
