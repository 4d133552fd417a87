"""Pages from templates: HTML that is escaped unless a template wrote it.

Conventions: what all pages share lies in ``templates`` beside this module, the templates of one page in the folder that
its module names. Every text goes through ``escape.plain`` and is escaped for HTML; only what is ``Markup`` stands as it is:
what templates gave, plots, our style sheet and script. No line of a page is a command of a log.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from allegedly.schemas.escape import page, plain

FOLDER = Path(__file__).parent / "templates"


@cache
def templates(folder: Path) -> Environment:
    """The templates of a folder and those that all pages share, compiled once a process."""
    environment = Environment(
        loader=FileSystemLoader([folder, FOLDER]),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["source"] = lambda name: _source(folder, name)
    return environment


def render(folder: Path, name: str, **values: Any) -> str:
    """The whole of a template."""
    return page(templates(folder).get_template(name).render(**values))


def html(text: str) -> Markup:
    """A text as HTML, inside elements and quoted attributes."""
    return escape(plain(text))


def _visible(content: object) -> object:
    return plain(content) if isinstance(content, str) and not isinstance(content, Markup) else content


def _source(folder: Path, name: str) -> Markup:
    """One of our own files, word for word."""
    path = next(place / name for place in (folder, FOLDER) if (place / name).is_file())
    return Markup(path.read_text(encoding="utf-8"))  # nosec B704 # our own file
