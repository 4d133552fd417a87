"""No data becomes code, no parser fetches, no link is followed: read from the syntax trees of the whole package."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MODULES = sorted(path for folder in ("front", "schemas", "builders", "eval") for path in (ROOT / folder).rglob("*.py"))

#: Modules whose reading of bytes runs what stands in them, or that have no safe way to be used.
NEVER_IMPORTED = {
    *("pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "joblib", "yaml"),
    *("xml.sax", "xml.dom", "xml.dom.minidom", "xml.dom.pulldom", "pty", "telnetlib", "imp"),
}
#: What is never called, by its dotted name.
NEVER_CALLED = {
    *("eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec", "builtins.compile"),
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("asyncio.create_subprocess_shell", "asyncio.subprocess.create_subprocess_shell"),
    *("tempfile.mktemp", "shutil.unpack_archive", "shutil.make_archive", "pandas.read_pickle", "code.interact"),
    *("lxml.html.parse", "lxml.html.fromstring", "lxml.etree.XSLT", "lxml.etree.ETCompatXMLParser"),
    *("logging.config.fileConfig", "logging.config.listen"),
}
#: Methods that are never called, whatever they are of.
NEVER_METHODS = {"extract", "extractall", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all", "xinclude"}
#: What is called with these arguments only.
XML = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
REQUIRED = {
    "lxml.etree.XMLParser": XML,
    "lxml.etree.XMLPullParser": XML,
    "lxml.etree.iterparse": XML,
    "lxml.etree.HTMLParser": {"no_network": True, "huge_tree": False},
    "lxml.html.HTMLParser": {"no_network": True, "huge_tree": False},
    "torch.load": {"weights_only": True},
    "jinja2.Environment": {"autoescape": True},
    "jinja2.Template": {"autoescape": True},
    "shutil.copytree": {"symlinks": True},
    **{name: {"follow_symlinks": False} for name in ("os.link", "shutil.copy", "shutil.copy2", "shutil.copyfile")},
}
#: Calls that want a parser of their own: as the second argument, or by name.
PARSED = {f"lxml.etree.{name}" for name in ("parse", "fromstring", "XML", "HTML")}
PARSED |= {"lxml.html.document_fromstring", "lxml.html.fragment_fromstring"}
#: Arguments that nothing is called with.
FORBIDDEN = {
    "shell": True,
    "followlinks": True,
    "recurse_symlinks": True,
    "follow_symlinks": True,
    "allow_pickle": True,
    "trust_remote_code": True,
    "weights_only": False,
    "autoescape": False,
}
XML_READERS = {"parse", "fromstring", "iterparse", "XML", "XMLParser", "XMLPullParser"}
#: Places that may, each with its reason.
ALLOWED = {
    ("eval/systems/sklearn.py", "import pickle"): "a bare pickle is loaded where the user says so in the options",
    ("eval/systems/sklearn.py", "import joblib"): "the same",
    ("builders/sources/workers.py", "import pickle"): "messages between a build and the workers it forked itself",
    ("builders/release/finish.py", "os.link without follow_symlinks=False"): "a file that a stage of the build made",
    ("builders/release/finish.py", "shutil.copyfile without follow_symlinks=False"): "the same",
    (
        "builders/training/export.py",
        "shutil.copyfile without follow_symlinks=False",
    ): "the tokenizer of a trained model",
}


def names(tree: ast.AST) -> dict[str, str]:
    """What a name in a module stands for, as a dotted path, wherever it is imported."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                known[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def dotted(node: ast.expr, known: dict[str, str]) -> str:
    """What a call calls; what follows on an expression is ``?.name``."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, known)}.{node.attr}"
    return "?"


def faults(source: str) -> Iterator[str]:
    """What a module does that none may."""
    tree = ast.parse(source)
    known = names(tree)
    # `A | B | C` is judged as a whole
    inner = {node.left for node in ast.walk(tree) if isinstance(node, ast.BinOp)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            imported = []
        for module in imported:
            if module in NEVER_IMPORTED or module.partition(".")[0] in NEVER_IMPORTED:
                yield f"import {module.partition('.')[0] if module not in NEVER_IMPORTED else module}"
        if isinstance(node, ast.Call):
            yield from called(node, dotted(node.func, known))
        if isinstance(node, ast.BinOp) and node not in inner:
            yield from opened(node)
        # a reference is as good as a call: `map(eval, texts)`
        if isinstance(node, ast.Name) and node.id in ("eval", "exec", "__import__") and node.id not in known:
            yield f"names {node.id}"


def called(node: ast.Call, name: str) -> Iterator[str]:
    """What is wrong with a call."""
    given = {word.arg: word.value for word in node.keywords if word.arg}
    constants = {arg: value.value for arg, value in given.items() if isinstance(value, ast.Constant)}
    if name in NEVER_CALLED:
        yield f"calls {name}"
    last = name.rpartition(".")[2]
    if "." in name and last in NEVER_METHODS:
        yield f"calls .{last}"
    if name.startswith("xml.etree.") and last in XML_READERS:
        yield f"calls {name}"
    for arg, wanted in REQUIRED.get(name, {}).items():
        if constants.get(arg) is not wanted:
            yield f"{name} without {arg}={wanted}"
    if name in PARSED and "parser" not in given and len(node.args) < 2:
        yield f"{name} without a parser"
    for arg, unwanted in FORBIDDEN.items():
        if arg in given and (constants.get(arg, unwanted) is unwanted or constants[arg] == int(unwanted)):
            yield f"{name} with {arg}={unwanted}"


def opened(node: ast.BinOp) -> Iterator[str]:
    """Flags that make a file, and would make it behind a link."""
    flags = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr.startswith("O_")}
    if "O_CREAT" in flags and "O_NOFOLLOW" not in flags:
        yield "O_CREAT without O_NOFOLLOW"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_does_what_none_may(path):
    where = str(path.relative_to(ROOT))
    assert [fault for fault in faults(path.read_text(encoding="utf-8")) if (where, fault) not in ALLOWED] == []


def test_nothing_is_allowed_that_nobody_does():
    done = {
        (str(path.relative_to(ROOT)), fault) for path in MODULES for fault in faults(path.read_text(encoding="utf-8"))
    }
    assert set(ALLOWED) <= done


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("eval('1')", "calls eval"),
        ("list(map(eval, x))", "names eval"),
        ("import builtins as b\nb.exec(x)", "calls builtins.exec"),
        ("__import__(name)", "calls __import__"),
        ("from pickle import loads", "import pickle"),
        ("def f():\n    import marshal", "import marshal"),
        ("import xml.dom.minidom", "import xml.dom.minidom"),
        ("import subprocess as s\ns.run(x, shell=True)", "subprocess.run with shell=True"),
        ("import subprocess\nsubprocess.run(x, shell=flag)", "subprocess.run with shell=True"),
        ("import subprocess\nsubprocess.run(x, shell=1)", "subprocess.run with shell=True"),
        ("from os import system as s\ns(x)", "calls os.system"),
        ("import yaml\nyaml.load(x)", "import yaml"),
        ("archive.extractall()", "calls .extractall"),
        ("tarfile.open(x).extract(y)", "calls .extract"),
        ("import torch\ntorch.load(x)", "torch.load without weights_only=True"),
        ("import torch\ntorch.load(x, weights_only=False)", "torch.load with weights_only=False"),
        ("import numpy as np\nnp.load(x, allow_pickle=True)", "numpy.load with allow_pickle=True"),
        ("import tempfile\ntempfile.mktemp()", "calls tempfile.mktemp"),
        ("from jinja2 import Environment\nEnvironment()", "jinja2.Environment without autoescape=True"),
        ("import jinja2\njinja2.Template(x)", "jinja2.Template without autoescape=True"),
        ("from lxml import etree\netree.fromstring(x)", "lxml.etree.fromstring without a parser"),
        ("from lxml import etree\netree.XMLParser(**p)", "lxml.etree.XMLParser without huge_tree=False"),
        ("from lxml import etree\netree.iterparse(x, load_dtd=True)", "lxml.etree.iterparse without load_dtd=False"),
        ("from xml.etree import ElementTree as E\nE.fromstring(x)", "calls xml.etree.ElementTree.fromstring"),
        ("import os\nos.walk(x, followlinks=True)", "os.walk with followlinks=True"),
        ("import shutil\nshutil.copytree(a, b)", "shutil.copytree without symlinks=True"),
        ("import os\nos.open(x, os.O_WRONLY | os.O_CREAT)", "O_CREAT without O_NOFOLLOW"),
        ("from datasets import load_dataset\nload_dataset(x, trust_remote_code=True)", "trust_remote_code=True"),
    ],
)
def test_each_kind_is_seen(source, fault):
    assert any(fault in seen for seen in faults(source)), list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "model.eval()",
        "import re\nre.compile(x)",
        "import subprocess\nsubprocess.Popen(x, shell=False)",
        "import torch\ntorch.load(x, weights_only=True)",
        "from lxml import html\nhtml.document_fromstring(x, parser=html.HTMLParser(no_network=True, huge_tree=False))",
        "from xml.etree import ElementTree\nElementTree.Element('a')",
        "import os\nos.open(x, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW)",
    ],
)
def test_nothing_else_is_taken_for_it(source):
    assert list(faults(source)) == []
