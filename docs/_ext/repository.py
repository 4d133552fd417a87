"""Links out of the documentation into the repository: shown as names of files, since no address of it stands anywhere.

A link to a page of the documentation that is not there is a warning, and warnings are errors.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def outside(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, words: nodes.TextElement) -> nodes.Node | None:
    """The words of a link to a file that lies outside of ``docs``; None for all others, which then are warned of."""
    target = str(node.get("reftarget", "")).partition("#")[0]
    path = (Path(app.srcdir) / Path(str(node.get("refdoc", ""))).parent / target).resolve()
    if not target or path.is_relative_to(Path(app.srcdir).resolve()) or not path.exists():
        return None
    return nodes.inline("", "", *words.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Answers for links that nobody else answers for."""
    app.connect("missing-reference", outside)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
