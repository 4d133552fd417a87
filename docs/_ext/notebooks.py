"""Notebooks in MyST text: ``{code-cell}`` blocks that are run while the documentation is built, and show what they print.

Conventions: the cells of a page share names and an empty folder, in order. The value of a cell's last expression is shown
below what it printed, as Jupyter does, unless a semicolon ends the cell; ``!allegedly ...`` runs a command. A cell that
raises ends the build. Outputs are never written into the page. Jupyter opens the same files by jupytext.
"""

import ast
import contextlib
import io
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective


class Session:
    """Cells of one page: their names, and the folder that they run in."""

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="allegedly-notebook-")
        self._names: dict[str, Any] = {"__name__": "__main__"}

    def run(self, code: str) -> str:
        """What a cell prints, and its value if it has one."""
        before, path = Path.cwd(), list(sys.path)
        told = io.StringIO()
        os.chdir(self._kept.name)
        sys.path.insert(0, "")
        try:
            # bars of progress are no output
            with contextlib.redirect_stdout(told), contextlib.redirect_stderr(io.StringIO()):
                value = self._value(_plain(code))
        finally:
            os.chdir(before)
            sys.path[:] = path
        silent = value is None or code.rstrip().endswith(";")
        return told.getvalue() + ("" if silent else f"{value!r}\n")

    def _value(self, code: str) -> object:
        self._names["_command"] = _command
        tree = ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), self._names)  # the page's own words, not data
        return (
            None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), self._names)
        )  # the same

    def close(self) -> None:
        """The folder goes."""
        self._kept.cleanup()


def _plain(code: str) -> str:
    """A cell as Python: lines that begin with an exclamation mark are calls."""
    lines = [f"_command({line[1:]!r})" if line.startswith("!") else line for line in code.splitlines()]
    return "\n".join(lines) + "\n"


def _command(line: str) -> None:
    """Run a command of ours, and print what it prints. RuntimeError where it ends with another code than 0."""
    name, *arguments = shlex.split(line)
    if name != "allegedly":
        raise ValueError(f"a cell may run allegedly, found {name!r}")
    ran = subprocess.run(
        [sys.executable, "-m", "allegedly", *arguments], capture_output=True, encoding="utf-8", check=False
    )
    if ran.returncode:
        raise RuntimeError(f"{line}: ended with {ran.returncode}: {ran.stderr}")
    print(ran.stdout, end="")


class Cell(SphinxDirective):
    """A cell and its output."""

    has_content = True
    optional_arguments = 1
    option_spec: ClassVar = {"tags": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """The code, and what it printed."""
        code = "\n".join(self.content)
        sessions: dict[str, Session] = self.env.temp_data.setdefault("notebook", {})
        session = sessions.setdefault(self.env.docname, Session())
        found: list[nodes.Node] = [
            nodes.literal_block(code, code, language="python" if "!" not in code[:1] else "text")
        ]
        printed = session.run(code)
        if printed.strip():
            shown = nodes.literal_block(printed, printed, language="text", classes=["output"])
            found.append(nodes.container("", shown, classes=["cell-output"]))
        return found


def closed(app: Sphinx, doctree: nodes.document) -> None:
    """The folder of a page that was read goes."""
    for session in app.env.temp_data.pop("notebook", {}).values():
        session.close()


def again(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Notebooks are run in every build: what they show hangs on more than their own words."""
    return [name for name in env.found_docs if name.startswith("notebooks/")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Makes the directive known."""
    app.add_directive("code-cell", Cell)
    app.connect("doctree-read", closed)
    app.connect("env-get-outdated", again)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
