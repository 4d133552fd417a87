"""Pages from templates: HTML that is escaped unless a template wrote it.

Conventions: the templates lie in ``templates`` beside this module. Every text goes through ``escape.plain`` and is
escaped for HTML; only what is ``Markup`` stands as it is: what templates gave, plots, our style sheet and script.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from allegedly.schemas.escape import plain

FOLDER = Path(__file__).parent / "templates"


@cache
def templates() -> Environment:
    """The templates, compiled once a process."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["source"] = _source
    return environment


def render(name: str, **values: Any) -> str:
    """The whole of a template."""
    return templates().get_template(name).render(**values)


def macro(template: str, name: str, *values: Any) -> Markup:
    """What one macro of a template gives."""
    return Markup(getattr(templates().get_template(template).module, name)(*values))  # nosec B704 # escaped by the template


def html(text: str) -> Markup:
    """A text as HTML, inside elements and quoted attributes."""
    return escape(plain(text))


def _visible(content: object) -> object:
    return plain(content) if isinstance(content, str) and not isinstance(content, Markup) else content


def _source(name: str) -> Markup:
    """One of our own files, word for word."""
    return Markup((FOLDER / name).read_text(encoding="utf-8"))  # nosec B704 # our own file
