"""Patterns that are looked for in what a stranger wrote: work grows with the length of it, not with its square.

A pattern is one call, in which no step can be counted (`steps`): its form is held. Where one that is looked for begins with
as much of something as there is, and goes on with something that must be there, all the rest of a line is looked at anew
from each letter of it.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from re import _constants as c
from re import _parser

import pytest

from allegedly.builders import gate, readers, sources
from allegedly.builders.readers import _mail_head, _names, feed
from allegedly.builders.readers._reading import parsed
from allegedly.builders.sources.recognition import RawFile

SEARCHES = {"search", "sub", "subn", "finditer", "findall", "split"}
MODULES = [
    module.name
    for package in (gate, readers, sources)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]
TEXT = "The mayor of Rotherby said on Monday that the bridge may close for repairs. " * 8


def searched(module):
    """The patterns that a module looks for: those that have a name, and those that stand where they are used."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and node.attr in SEARCHES and isinstance(node.value, ast.Name):
            found = getattr(module, node.value.id, None)
            if isinstance(found, re.Pattern):
                yield found
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{name}" for name in SEARCHES}:
            yield from (re.compile(given.value) for given in node.args[:1] if isinstance(given, ast.Constant))


def rereads(tree):
    """Whether a pattern may begin with any number of some letters, blanks aside, behind which something must stand."""
    for number, (kind, given) in enumerate(tree):
        if kind is c.AT and given in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
            return False
        if kind in (c.ASSERT, c.ASSERT_NOT):
            if given[0] < 0:
                return False  # what stands before it says where it may begin
            continue
        rest = _parser.SubPattern(tree.state, tree.data[number + 1 :])
        if kind is c.SUBPATTERN:
            inner = _parser.SubPattern(tree.state, [*given[3].data, *rest.data])
            return rereads(inner)
        if kind is c.BRANCH:
            return any(rereads(_parser.SubPattern(tree.state, [*one.data, *rest.data])) for one in given[1])
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            least, most, item = given
            if most is c.MAXREPEAT and not blank(item):
                return rest.getwidth()[0] > 0
            if (
                most is not c.MAXREPEAT
                and least == 0
                and rereads(_parser.SubPattern(tree.state, [*item.data, *rest.data]))
            ):
                return True
            if least == 0:
                continue
        return False
    return False


def blank(item):
    return str(item) in (str(_parser.parse(one)) for one in (r"\s", " ", r"[ \t]", r"[^\S\n]"))


@pytest.mark.parametrize("name", MODULES)
def test_no_pattern_that_is_looked_for_reads_the_rest_from_each_letter(name):
    for pattern in searched(importlib.import_module(name)):
        flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
        assert not rereads(_parser.parse(pattern.pattern, flags)), pattern.pattern


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"[^\s@<>]+@[\w-]+", True), (r"(?:a|\S+@)b", True), (r"(?:x)?\w+:", True), (r"(\w*)=", True), (r"[^@]@", False),
        (r"\w+", False), (r"^\S+@", False), (r"(?<!\w)\w+@", False), (r"\S{1,99}@", False), (r"x\S+@", False), (r"\w+x?", False),
    ],
)  # fmt: skip
def test_such_patterns_are_told(pattern, found):
    assert rereads(_parser.parse(pattern)) is found


@pytest.mark.parametrize("sender", ["\\", '"', "@", "a", ".", "a."])
def test_senders_of_any_length_are_told_from_mail(sender):
    head = f"From: {sender * (60_000 // len(sender))}\nSubject: s\nDate: Mon, 4 Mar 2024 10:00:00 +0000\n\n{TEXT}"
    assert _mail_head.is_mail(RawFile(head.encode(), "a.eml")) is False
    assert _mail_head.is_mail(RawFile(head.replace("\nSubject", " a@b\nSubject").encode(), "a.eml")) is True


@pytest.mark.parametrize("author", ["authors ", "chief-", "a.", "@", "(", "\\", "x ", " ,", "-"])
def test_a_byline_of_any_length_costs_no_more_than_its_letters(author):
    """Each of these took from seconds to years."""
    long = author * (30_000 // len(author)) + "Q"
    record = f'{{"title": "A", "text": "{TEXT}", "author": {long!r}}}'.replace("'", '"').replace("\\", "\\\\")
    item = f"<item><title>A</title><author>{long}</author><description>{TEXT}</description></item>"
    entry = f"<rss version='2.0'><channel>{item}</channel></rss>"
    for data, name in ((record, "a.json"), (entry, "a.rss")):
        assert len(list(parsed(data.encode(), name))) == 1


def test_names_are_found_before_what_is_long():
    assert _names.authors("Ann Example (" + "who writes of harbours, " * 200 + ")") == ("Ann Example",)
    assert _names.authors("Authors: Ann Example and Tom Other") == ("Ann Example", "Tom Other")
    assert feed._ADDRESSED.fullmatch(" a@b.example (Ann (Annie) Example) ")[1] == "Ann (Annie) Example"
