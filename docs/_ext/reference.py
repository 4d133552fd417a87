"""Pages of the reference, made from what they describe: each is a directive of its own name.

``{commands}`` gives every command of the parser with its flags, ``{schemas}`` every published schema with its fields.
"""

import argparse
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Written(SphinxDirective):
    """Markdown that a function writes, parsed as if it stood on the page."""

    def lines(self) -> Iterator[str]:
        """The Markdown."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """The nodes of it."""
        source = self.get_source_info()[0]
        holder = nodes.section()
        holder.document = self.state.document
        self.state.nested_parse(StringList(list(self.lines()), source), 0, holder, match_titles=True)
        return holder.children


class Commands(Written):
    """Every command, with its flags and examples."""

    def lines(self) -> Iterator[str]:
        """A section a command."""
        from importlib import import_module

        from allegedly import cli

        known = cli.commands()
        every = cli.tree(known, whole=True)
        below = next(action for action in every._actions if isinstance(action, argparse._SubParsersAction))
        common = {flag for action in every._actions for flag in action.option_strings}
        for name, command in below.choices.items():
            module = import_module(known[name])
            yield from _command(name, command, common, str(module.EXAMPLES))


def _command(name: str, command: argparse.ArgumentParser, common: set[str], examples: str) -> Iterator[str]:
    yield from (f"## {name}", "", f"{_escaped(command.description or '')}", "")
    yield from ("```text", *_usage(name, command, common), "```", "")
    for group in command._action_groups:
        actions = [action for action in group._group_actions if not common & set(action.option_strings)]
        if not actions:
            continue
        title = {"positional arguments": "arguments", "options": "flags"}.get(group.title or "", group.title or "")
        yield from (f"**{title}**", "")
        for action in actions:
            yield from (f"- {_named(action)}: {_escaped(_help(action, command))}", "")
    yield from ("**examples**", "", "```text", *(line.strip() for line in examples.strip("\n").splitlines()), "```", "")


def _usage(name: str, command: argparse.ArgumentParser, common: set[str]) -> list[str]:
    shown = [action for action in command._actions if not common & set(action.option_strings)]
    positional = [_metavar(action) for action in shown if not action.option_strings]
    required = [
        f"{action.option_strings[0]} {_metavar(action)}"
        for action in shown
        if action.option_strings and action.required
    ]
    rest = ["[OPTIONS]"] if any(action.option_strings and not action.required for action in shown) else []
    return [" ".join(["allegedly", name, *positional, *required, *rest])]


def _metavar(action: argparse.Action) -> str:
    name = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest)
    name = name if isinstance(name, str) else " ".join(name)
    return {"*": f"[{name} ...]", "+": f"{name} ...", "?": f"[{name}]"}.get(str(action.nargs), name)


def _named(action: argparse.Action) -> str:
    takes = "" if action.nargs == 0 else f" {_metavar(action)}"
    names = [f"`{flag}{takes}`" for flag in action.option_strings] or [f"`{_metavar(action)}`"]
    return ", ".join(names)


def _help(action: argparse.Action, command: argparse.ArgumentParser) -> str:
    if action.help is None:
        return ""
    values = {**vars(action), "prog": command.prog}
    return re.sub(r"%\((\w+)\)\w|%%", lambda match: str(values[match[1]]) if match[1] else "%", action.help)


def _escaped(words: str) -> str:
    """Words as Markdown that shows them as they are, but for `code`."""
    parts = re.split(r"(`[^`]+`)", words)
    return "".join(part if part.startswith("`") else re.sub(r"([*_<>{}\[\]|$\\])", r"\\\1", part) for part in parts)


class Schemas(Written):
    """Every published schema, with its fields."""

    def lines(self) -> Iterator[str]:
        """A section a schema, a table of its fields."""
        folder = files("allegedly.schemas")
        names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".schema.json"))
        for name in names:
            schema = json.loads((folder / name).read_text(encoding="utf-8"))
            yield from _schema(name.removesuffix(".schema.json"), schema)


def _schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {name}", "", _escaped(str(schema.get("description", schema.get("title", "")))), "")
    fields = schema.get("properties", {})
    if fields:
        yield from ("| field | type | |", "|---|---|---|")
        must = set(schema.get("required", ()))
        for field, inner in fields.items():
            told = _escaped(str(inner.get("description", ""))) if isinstance(inner, dict) else ""
            kind = _kind(inner) if isinstance(inner, dict) else ""
            yield f"| `{field}`{' (required)' if field in must else ''} | {kind} | {told} |"
        yield ""


def _kind(field: dict[str, Any]) -> str:
    """What a field may hold, in a few words."""
    if "$ref" in field:
        # several schemas keep shapes of their own below `$defs`
        where = str(field["$ref"])
        return f"`{where.rpartition('/')[2].removesuffix('.schema.json')}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    for several in ("anyOf", "oneOf"):
        if several in field:
            return " or ".join(filter(None, map(_kind, field[several])))
    kinds = field.get("type", "")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    said = " or ".join(kinds)
    if "array" in kinds and isinstance(field.get("items"), dict):
        said += f" of {_kind(field['items'])}"
    return said


def setup(app: Sphinx) -> dict[str, Any]:
    """Makes the directives known."""
    app.add_directive("commands", Commands)
    app.add_directive("schemas", Schemas)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
