"""A reader is one file: dropped into the installed package, or brought by another package, it works from the command
line, and no other file is edited."""

import hashlib
import io
import json
import zipfile
from textwrap import dedent
from types import ModuleType

import pytest

from allegedly.builders.readers import _formats, _reading
from allegedly.builders.sources.recognition import RawFile
from allegedly.schemas import plugins, stored
from allegedly.schemas.errors import UsageError
from allegedly.schemas.validate import validate

PAGE = """\
# Ferry runs aground
2026-03-14

A ferry ran aground off Estrand on Saturday, the coast guard said.
=> gemini://harbourpost.example/ferry The ferry
> Nobody was hurt.
"""
POSTSCRIPT = dedent('''\
    """PostScript: the words that a page shows."""

    import re

    from allegedly.builders.sources.recognition import Claim, Strength
    from allegedly.builders.text.articles import article, compose

    MEDIA_TYPES = ("application/postscript",)
    ENDINGS = ("ps",)


    def recognise(raw):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.data.startswith(b"%!PS") else None


    def read(data, origin):
        words = " ".join(re.findall(r"\\((.*?)\\) show", data.decode("ascii")))
        text, blocks = compose([("lead", words)])
        yield article(text, origin, blocks=blocks)
    ''')
SLIDES = dedent('''\
    """Slides of office programs, which are zip archives."""

    import io
    import re
    import zipfile

    from allegedly.builders.sources.recognition import Claim, Strength
    from allegedly.builders.text.articles import article, compose

    MEDIA_TYPES = ("application/vnd.openxmlformats-officedocument.presentationml.presentation",)
    ENDINGS = ("pptx",)


    def recognise(raw):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if "ppt/presentation.xml" in raw.members else None


    def read(data, origin, *, limits):
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("ppt/slides/slide1.xml") as member:
            source = member.read(limits.expanded_bytes).decode()
        text, blocks = compose([("lead", " ".join(re.findall("<a:t>(.*?)</a:t>", source)))])
        yield article(text, origin, blocks=blocks)
    ''')


def hashes(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def labelled(printed):
    return [json.loads(line)["article"] for line in printed.splitlines()]


def is_read_as_gemtext(article, reader):
    assert (article["title"], article["published"]) == ("Ferry runs aground", "2026-03-14")
    assert article["text"] == (
        "Ferry runs aground\n\nA ferry ran aground off Estrand on Saturday, the coast guard said.\n\nNobody was hurt."
    )
    assert [block["kind"] for block in article["blocks"]] == ["title", "lead", "quote"]
    assert (article["origin"]["reader"], article["origin"]["media_type"]) == (reader, "text/gemini")


def test_the_reader_of_the_guide_dropped_into_the_package(copied, run, guide_reader, tmp_path):
    before = hashes(copied)
    dropped = copied / "allegedly" / "builders" / "readers" / "gemtext.py"
    dropped.write_text(guide_reader)
    news = tmp_path / "news"
    news.mkdir()
    (news / "page.gmi").write_text(PAGE)
    (news / "without-a-name.txt").write_text(PAGE.replace("Ferry runs", "A ferry runs").replace("\n", "\r\n"))
    (news / "words.txt").write_text(
        "From the harbour: a ferry ran aground.\n\nNobody was hurt, the coast guard said.\n"
    )
    rows = {row["name"]: row["what"] for row in json.loads(run("list", "readers", "--json", path=[copied]))}
    assert rows["gemtext"] == "Gemtext: the article that a page of the Gemini protocol is."
    (article,) = labelled(run("label", "news/page.gmi", path=[copied]))
    is_read_as_gemtext(article, "gemtext")
    run("build", "news", "--out", "release", "--workers", "1", path=[copied])
    assert validate(tmp_path / "release") == []
    readers = {
        record.article.origin.file_name: record.article.origin.reader for record in stored.records(tmp_path / "release")
    }
    assert readers == {"news/page.gmi": "gemtext", "news/without-a-name.txt": "gemtext", "news/words.txt": "text"}
    dropped.unlink()
    assert {path: digest for path, digest in hashes(copied).items() if path.suffix != ".pyc"} == before


def test_the_same_reader_brought_by_another_package(packaged, run, guide_reader, tmp_path):
    installed = packaged("pages", guide_reader)
    (tmp_path / "page.gmi").write_text(PAGE)
    (tmp_path / "empty.gmi").write_text("=> gemini://harbourpost.example/ Home\n")
    rows = {row["name"]: row["what"] for row in json.loads(run("list", "readers", "--json", path=[installed]))}
    assert rows["pages"] == "from another package" and {"text", "html"} < set(rows)
    (article,) = labelled(run("label", "page.gmi", path=[installed]))
    is_read_as_gemtext(article, "pages")
    run("build", "page.gmi", "empty.gmi", "--out", "release", "--workers", "1", path=[installed])
    (line,) = (json.loads(line) for line in (tmp_path / "release" / "rejected.jsonl").read_text().splitlines())
    assert (line["origin"]["reader"], line["reason"]) == ("pages", "is a page of links without a text")


def test_what_is_refused_without_a_reader_is_read_with_one(packaged, run, tmp_path):
    """PostScript stands in the table of binary files, and slides are a zip archive: readers come first."""
    (tmp_path / "a.ps").write_bytes(b"%!PS-Adobe-3.0\n(The ferry) show (ran aground.) show\n")
    slides = io.BytesIO()
    with zipfile.ZipFile(slides, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<p:presentation/>")
        archive.writestr("ppt/slides/slide1.xml", "<a:p><a:t>The ferry</a:t><a:t>was freed.</a:t></a:p>")
    (tmp_path / "b.pptx").write_bytes(slides.getvalue())
    run("label", "a.ps", "b.pptx", path=[], code=1)
    installed = packaged("script", POSTSCRIPT)
    (installed / "slides_reader.py").write_text(SLIDES)
    entries = installed / "script_reader-1.0.dist-info" / "entry_points.txt"
    entries.write_text(entries.read_text() + "slides = slides_reader\n")
    articles = labelled(run("label", "a.ps", "b.pptx", path=[installed]))
    assert [(article["text"], article["origin"]["reader"]) for article in articles] == [
        ("The ferry ran aground.", "script"),
        ("The ferry was freed.", "slides"),
    ]
    assert articles[1]["origin"]["file_name"] == "b.pptx"


def test_a_reader_that_declares_too_little_is_named(packaged, run, tmp_path):
    installed = packaged("half", '"""Half."""\n\n\ndef read(data, origin):\n    yield from ()\n')
    (tmp_path / "a.txt").write_text("The ferry ran aground.")
    assert run("label", "a.txt", path=[installed], code=2) == ""


BROKEN = {
    "def read(:\n": "reader 'broken' cannot be loaded: SyntaxError",
    'MEDIA_TYPES = "a/b"\nENDINGS = ("zz",)\nrecognise = read = print\n': "MEDIA_TYPES is 'a/b', expected a tuple",
}
FAILING = {
    "raw.nothing": "could not be recognised: the reader 'broken' failed: AttributeError: 'RawFile' object has no",
    "'a/b'": "could not be recognised: the reader 'broken' gave str, expected Claim or None",
}
WHOLE = """\
'''Broken on purpose.'''
from allegedly.builders.sources.recognition import Claim, Strength
MEDIA_TYPES = ("a/b",)
ENDINGS = ("zz",)
def recognise(raw):
    return {answer}
def read(data, origin):
    yield {{}}
"""


@pytest.mark.parametrize("source", BROKEN)
def test_a_reader_that_cannot_be_used_is_named_at_once(source, monkeypatch):
    module = ModuleType("broken")
    monkeypatch.setattr(plugins, "names", lambda kind: ["broken"])

    def found(kind, name):
        exec(compile(source, "broken.py", "exec"), module.__dict__)
        return module

    monkeypatch.setattr(plugins, "find", found)
    _formats._readers.cache_clear()
    try:
        with pytest.raises(UsageError, match=BROKEN[source]):
            _formats.claims(RawFile(b"A ferry ran aground.", "a.zz"))
    finally:
        _formats._readers.cache_clear()


@pytest.mark.parametrize("answer", [*FAILING, 'Claim(Strength.SIGNATURE, "a/b")'])
def test_a_reader_that_fails_costs_the_file_and_is_named(answer, monkeypatch):
    module = ModuleType("broken")
    exec(compile(WHOLE.format(answer=answer), "broken.py", "exec"), module.__dict__)
    monkeypatch.setattr(plugins, "names", lambda kind: ["broken"])
    monkeypatch.setattr(plugins, "find", lambda kind, name: module)
    _formats._readers.cache_clear()
    _reading._reader.cache_clear()
    try:
        (refused,) = _reading.parsed(b"A ferry ran aground.", "a.zz")
    finally:
        _formats._readers.cache_clear()
        _reading._reader.cache_clear()
    expected = FAILING.get(answer, "its reader failed: TypeError: it gave dict, expected Article or Rejected")
    assert refused.rule == "fault" and refused.reason.startswith(expected)
