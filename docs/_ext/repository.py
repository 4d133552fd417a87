"""Links out of the documentation into the repository: shown as words, since no address of it stands anywhere.

A link to a page of the documentation that is not there is a warning, and warnings are errors.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx


def unlink(app: Sphinx, tree: nodes.document) -> None:
    """Leave the words of links to files that lie outside of ``docs``."""
    source = Path(app.srcdir).resolve()
    for link in list(tree.findall(addnodes.pending_xref)):
        target = str(link.get("reftarget", ""))
        # names of pages stand there without their ending, from the folder of the documentation on
        found = [(source / f"{target}{ending}").resolve() for ending in ("", ".md")]
        if link.get("refdomain") == "doc" and any(path.is_file() and not path.is_relative_to(source) for path in found):
            link.replace_self(nodes.inline("", "", *link.children))


def setup(app: Sphinx) -> dict[str, Any]:
    """Looks at each page once it was read."""
    app.connect("doctree-read", unlink)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
