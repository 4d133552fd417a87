"""Every reader is what it says: declared, true about its files, alone with them, and true to its golden cases."""

import importlib.util
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from allegedly.builders.readers import _formats, html
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas import plugins

_spec = importlib.util.spec_from_file_location("rewrite", Path(__file__).parent / "rewrite.py")
rewrite = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(rewrite)
NAMES = plugins.names("readers")
CASES = rewrite.cases()


def claims(data: bytes, name: str = "x"):
    return _formats.claims(RawFile(data, name))


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_declares_all_that_is_known_of_it(name):
    module = plugins.find("readers", name)
    assert isinstance(module.MEDIA_TYPES, tuple) and module.MEDIA_TYPES
    assert all(kind.count("/") == 1 and kind == kind.lower() for kind in module.MEDIA_TYPES)
    assert isinstance(module.ENDINGS, tuple)
    assert all(ending == ending.lower().strip(".") != "" for ending in module.ENDINGS)
    assert list(inspect.signature(module.recognise).parameters) == ["raw"]
    options = {*inspect.signature(module.read).parameters} - {"data", "origin"}
    assert options <= {"fields", "limits", "declared"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "data", [b"", b" \n", b"a", b"{", b"[", b"<", b"a,b\n1\n", b"\x89PNG\r\n\0", b"PK\3\4", b"\xff\xfea\0", b"\xff" * 9]
)
def test_a_reader_claims_or_does_not_whatever_the_bytes_are(name, data):
    module = plugins.find("readers", name)
    for ending in ("", ".txt", *(f".{ending}" for ending in module.ENDINGS)):
        claim = module.recognise(RawFile(data, f"x{ending}"))
        assert claim is None or (isinstance(claim, Claim) and claim.media_type in module.MEDIA_TYPES)


def test_every_reader_has_a_golden_case():
    assert {case.parent.name for case in CASES} == set(NAMES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_golden_case_is_its_readers_alone(case):
    path = rewrite.source(case)
    raw = RawFile(path.read_bytes(), path.name)
    first, *others = _formats.claims(raw)
    assert first.reader == case.parent.name
    module = plugins.find("readers", first.reader)
    assert first.media_type in module.MEDIA_TYPES
    equal = [claim.reader for claim in others if claim.strength == first.strength]
    named = [name for name in equal if raw.ending in plugins.find("readers", name).ENDINGS]
    assert not equal or (raw.ending in module.ENDINGS and not named), equal


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_golden(case):
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert rewrite.given(case) == expected, "run python tests/readers/rewrite.py and read the difference"


def test_an_ending_belongs_to_one_reader():
    endings = [ending for name in NAMES for ending in plugins.find("readers", name).ENDINGS]
    assert len(endings) == len(set(endings))


def test_the_strongest_claim_has_the_file_then_the_ending_then_the_alphabet(monkeypatch):
    def reader(strength, *endings):
        claim = Claim(strength, "text/x")
        return type("module", (), {"recognise": staticmethod(lambda raw: claim), "ENDINGS": endings})

    readers = {
        "b": reader(Strength.LIKELY),
        "a": reader(Strength.LIKELY),
        "d": reader(Strength.LIKELY, "x"),
        "c": reader(Strength.ANY, "x"),
        "e": reader(Strength.SIGNATURE),
    }
    for order in (list(readers), list(reversed(readers))):
        monkeypatch.setattr(_formats, "_readers", lambda order=order: {name: readers[name] for name in order})
        assert [claim.reader for claim in claims(b"words", "a.x")] == ["e", "d", "a", "b", "c"]


def test_a_look_that_several_readers_ask_for_is_taken_once():
    looks = []
    raw = RawFile(b"words", "x")

    def look(raw):
        looks.append(raw)
        return

    assert (raw.once(look), raw.once(look)) == (None, None)
    assert looks == [raw]


def test_recognition_imports_nothing_heavy():
    program = (
        "import sys; from allegedly.builders.readers import _formats\n"
        "from allegedly.builders.sources.recognition import RawFile\n"
        "for data in (b'<p>x</p>', b'{\"text\": 1}', b'%PDF-', b'WARC/1.0', b'words', b'a,text\\n', b'PK\\3\\4'):\n"
        "    _formats.claims(RawFile(data, 'x'))\n"
        "print([name for name in sys.argv[1:] if name in sys.modules])"
    )
    heavy = ["lxml", "trafilatura", "pypdf", "fastwarc", "resiliparse", "numpy", "pyarrow", "dateparser", "htmldate"]
    result = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_claim_on_an_archive_is_none_of_ours():
    """A reader that looks for its first bytes a little further on does not take the archive that holds such a file."""
    import io
    import zipfile

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.pdf", b"%PDF-1.4 and so on")
        file.writestr("b.html", b"<html><body><p>words</p></body></html>" * 3000)
    assert claims(archive.getvalue(), "a.zip") == []
    assert RawFile(archive.getvalue(), "a.zip").members == {"a.pdf", "b.html"}
    assert html.recognise(RawFile(archive.getvalue(), "a.html")) is None
