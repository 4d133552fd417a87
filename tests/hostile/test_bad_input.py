"""Bad input: what a file that cannot be read comes back as, with the message that its owner sees."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest

from allegedly.builders.readers import _reading
from allegedly.builders.sources.find import find
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.workers import Failed, guarded
from allegedly.schemas import schema
from allegedly.schemas.records import Article, Rejected

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Ferry runs aground off Estrand</title></head><body><article>
<h1>Ferry runs aground off Estrand</h1>
<p>A ferry with 212 people on board ran aground off Estrand on Tuesday morning, the coast guard said.</p>
<p>Nobody was hurt, according to the operator, and the passengers were taken ashore in two lifeboats by noon.</p>
<p>“We heard a long scrape and then it was quiet,” said Ida Brandt, who was on her way to work in the town.</p>
</article></body></html>"""
RECORD = {"id": "x1", "title": "Ferry", "text": "A ferry ran aground off Estrand. Nobody was hurt, the operator said."}
GOOD = json.dumps(RECORD).encode()


def read(tmp_path, name, data, **limits):
    """All that a file with these bytes gives."""
    path = tmp_path / name
    path.write_bytes(data)
    found = []
    for source in find([path]):
        found += [source] if isinstance(source, Rejected) else _reading.read(source, limits=Limits(**limits))
    assert found, "a file vanished"
    for value in found:
        kind = "article" if isinstance(value, Article) else "rejected"
        assert list(schema.errors(kind, value.to_json())) == []
    return found


def refused(tmp_path, name, data, **limits):
    """The one line of the ledger that a file with these bytes gives."""
    found = read(tmp_path, name, data, **limits)
    assert [type(value) for value in found] == [Rejected], found
    return found[0]


def zipped(*members, **options):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "rule", "message"),
    [
        ("a.txt", b"", "empty-file", "is empty"),
        ("a.html", b" \r\n\t ", "empty-file", "holds nothing but white space"),
        ("a.json", b"\xef\xbb\xbf", "empty-file", "holds nothing but white space"),
        ("a.html", bytes(range(256)) * 40, "binary", "is binary data: 1080 of its first 10240 bytes"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(60), "binary", "is a PNG image, not text"),
        ("a.txt", b"\x7fELF" + bytes(99), "binary", "is a program, not text"),
        ("a.pkl", b"\x80\4\x95" + bytes(9), "binary", "is a pickle, not text"),
        ("a.css", b"body { color: red }", "unknown-format", "is a style sheet (css), no article"),
        ("a.xml", b"<?xml version='1.0'?><urlset><url/></urlset>", "unknown-format", "is XML with the root <urlset>"),
        ("a.json", b"null", "no-article", "is a JSON null without an article in it"),
        ("a.json", b"[1, 2, 3]", "no-article", "is a JSON array without an article in it"),
        ("a.json", b'{"a": 1, "b": {"c": []}}', "no-article", "has no field with a text"),
        ("a.json", b'{"text": "abc', "broken-json", "in line 1, column 10"),
        ("a.json", b"[" * 100_000, "nesting-limit", "the depth of nested objects and lists is over the limit of 200"),
        ("a.json", b'{"a":' * 100_000 + b"1", "nesting-limit", "raise `nesting` to read it"),
        ("a.json", b'{"text": "A ferry \\ud83d ran aground."}', "lone-surrogate", "half of a surrogate pair"),
        ("a.csv", b"x,y\n1,2\n", "no-article", "has no column of texts (text, body, content, article, ...)"),
        ("a.html", b"<html><body></body></html>", "no-article", "is a page without an article in it"),
        (
            "a.html",
            b"<html><body><noscript>Please enable JavaScript.</noscript><div id=a></div><script src=a.js></script></body></html>",
            "script-only",
            "is a page that only scripts fill",
        ),
        ("a.html", b"<html><body>" + b"<div>" * 100_000 + b"x", "nesting-limit", "the depth of nested elements (10000"),
        (
            "a.html",
            b"<html><body><p " + b" ".join(b"a%d=''" % n for n in range(100_000)) + b">x",
            "attributes-limit",
            "the number of attributes of an element (100000) is over the limit of 1000",
        ),
        (
            "a.rss",
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>',
            "xml-entities",
            "declares XML entities, which are not read",
        ),
        ("a.rss", b"<rss><channel><item><title>a</title>", "broken-xml", "is broken XML: "),
        ("a.rss", b"<rss><channel><title>x</title></channel></rss>", "no-article", "is a feed <rss> without entries"),
        ("a.pdf", b"%PDF-1.7\nrubbish", "broken-pdf", "is a broken PDF: "),
        ("a.gz", gzip.compress(GOOD * 50)[:-20], "truncated", "ends in the middle of its gzip data"),
        (
            "a.bz2",
            bz2.compress(bytes(n * n % 251 for n in range(5000)))[:-20],
            "truncated",
            "ends in the middle of its bzip2 data",
        ),
        ("a.xz", lzma.compress(GOOD * 50)[:-20], "truncated", "ends in the middle of its xz data"),
        ("a.gz", b"\x1f\x8b\x08" + b"rubbish" * 9, "broken-archive", "is no valid gzip file: "),
        ("a.zip", b"PK\3\4" + bytes(60), "broken-archive", "is no valid zip file: "),
        ("a.zip", zipped(), "empty-file", "is an archive without a file in it"),
        ("a.docx", zipped(("[Content_Types].xml", "<x/>")), "unknown-format", "is an office document or e-book"),
        ("a.warc", b"WARC/1.0\r\nrubbish", "no-article", "is a web archive without a response"),
    ],
)
def test_message(tmp_path, name, data, rule, message):
    found = refused(tmp_path, name, data)
    assert found.rule == rule
    assert message in found.reason
    assert found.origin.file_name == name
    assert len(found.origin.sha256) == 64


def test_bytes_limit(tmp_path):
    found = refused(tmp_path, "a.txt", b"x" * 100_000, bytes=99_999)
    assert (found.rule, found.detail) == ("bytes-limit", {"limit": 99_999, "value": 100_000})
    assert found.reason == "the number of its bytes (100000) is over the limit of 99999; raise `bytes` to read it"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: zipped(("a.txt", data))])
def test_bomb(tmp_path, pack):
    found = refused(tmp_path, "bomb", pack(bytes(20 << 20)), expanded_bytes=1 << 20)
    assert found.rule == "expanded-bytes-limit"
    assert found.detail["limit"] == 1 << 20
    assert "what it expands to" in found.reason
    assert "raise `expanded_bytes` to read it" in found.reason


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_what_is_packed_more_densely_than_any_text_is_a_bomb_under_every_limit(tmp_path, pack):
    data = pack(b"The ferry ran aground off Estrand, and nobody was hurt. " * 300_000)
    found = refused(tmp_path, "bomb", data)
    assert (found.rule, found.detail) == ("expanded-bytes-limit", {"limit": 8 << 20, "bytes": len(data)})
    assert read(tmp_path, "a.txt", pack(b"The ferry ran aground off Estrand. " * 30_000))


def test_zip_that_lies_about_its_size(tmp_path):
    data = bytearray(zipped(("a.json", GOOD), ("b.txt", bytes(1 << 20))))
    at = data.find(b"PK\1\2", data.find(b"PK\1\2") + 1)
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    found = read(tmp_path, "a.zip", bytes(data), expanded_bytes=1 << 19)
    assert [type(value) for value in found] == [Article, Rejected]


def test_overlapping_zip(tmp_path):
    data = bytearray(zipped(("a.json", GOOD), ("b.json", GOOD)))
    first = data.find(b"PK\1\2")
    second = data.find(b"PK\1\2", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    found = refused(tmp_path, "a.zip", bytes(data))
    assert found.reason == "is no valid zip file: its members overlap"


def test_archive_in_archive_without_end(tmp_path):
    data = zipped(("a.json", GOOD))
    for _ in range(6):
        data = zipped(("inner.zip", data))
    found = refused(tmp_path, "a.zip", data, nesting=4)
    assert found.rule == "nesting-limit"
    assert found.origin.file_name == "a.zip" + "!/inner.zip" * 5
    assert read(tmp_path, "a.zip", data)[0].origin.file_name == "a.zip" + "!/inner.zip" * 6 + "!/a.json"


def test_members_limit(tmp_path):
    found = refused(tmp_path, "a.zip", zipped(*((f"{n}.json", GOOD) for n in range(9))), members=8)
    assert (found.rule, found.detail) == ("members-limit", {"limit": 8, "value": 9})


@pytest.mark.parametrize("name", ["../a.json", "a/../../b.json", "/etc/a.json", "C:\\a.json", "..\\a.json"])
def test_member_that_points_outside(tmp_path, name):
    found = read(tmp_path, "a.zip", zipped(("ok.json", GOOD), (name, GOOD), ("z.json", GOOD)))
    assert [type(value) for value in found] == [Article, Rejected, Article]
    assert found[1].rule == "unsafe-name"
    assert "the name of the member points outside the archive" in found[1].reason
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_encrypted_member(tmp_path):
    data = bytearray(zipped(("a.json", GOOD)))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.find(mark) + at] |= 1
    assert refused(tmp_path, "a.zip", bytes(data)).reason == "the member is encrypted; decrypt it first"


def test_tar_reads_files_and_no_links(tmp_path):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, kind in (
            ("a.json", tarfile.REGTYPE),
            ("b", tarfile.SYMTYPE),
            ("c", tarfile.FIFOTYPE),
            ("../d", b"0"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(GOOD) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(GOOD))
    found = read(tmp_path, "a.tgz", file.getvalue())
    assert [value.origin.file_name for value in found] == ["a.tgz!/a.json", "a.tgz!/b", "a.tgz!/c", "a.tgz!/../d"]
    assert [getattr(value, "rule", None) for value in found] == [None, "link", "not-a-file", "unsafe-name"]


def test_encrypted_pdf(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    found = refused(tmp_path, "a.pdf", file.getvalue())
    assert found.rule == "encrypted"
    assert found.reason == "is an encrypted PDF that wants a password; decrypt it first"


def test_pdf_without_text(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    file = io.BytesIO()
    writer.write(file)
    found = refused(tmp_path, "a.pdf", file.getvalue())
    assert found.rule == "no-text-layer"
    assert "is a PDF without a text layer" in found.reason


def test_one_broken_line_costs_no_other(tmp_path):
    lines = [GOOD, b'{"text": "broken', b"", b"17", b"[" * 5000, b'{"text": "\\ud800"}', b"\xff\xfe\xfd", GOOD]
    found = read(tmp_path, "a.jsonl", b"\n".join(lines))
    assert [type(value) for value in found] == [Article, Rejected, Rejected, Rejected, Rejected, Rejected, Article]
    assert [value.origin.record for value in found] == list(range(7))
    assert [value.detail["line"] for value in found if isinstance(value, Rejected)] == [2, 4, 5, 6, 7]
    assert found[1].reason == "is broken JSON: Unterminated string starting at in line 2, column 10"


def test_one_broken_row_costs_no_other(tmp_path):
    found = read(tmp_path, "a.csv", b"title,text\nA,The ferry ran aground.\nB\nC,The ferry was freed.\n")
    assert [type(value) for value in found] == [Article, Rejected, Article]
    assert found[1].reason == "row 1 has 1 cells where the table has 2 columns"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "utf-32"])
def test_encodings_of_pages(tmp_path, encoding):
    page = (
        PAGE.replace("</head>", "")
        if encoding != "windows-1252"
        else PAGE.replace("<head>", "<head><meta charset=latin1>")
    )
    (article,) = read(tmp_path, "a.html", page.encode(encoding))
    assert "“We heard a long scrape" in article.text
    assert article.title == "Ferry runs aground off Estrand"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_encodings_of_json(tmp_path, encoding, name):
    (article,) = read(tmp_path, name, (json.dumps(RECORD) + "\n").encode(encoding))
    assert article.text == RECORD["text"]


def test_nul_bytes_in_a_page(tmp_path):
    (article,) = read(tmp_path, "a.html", PAGE.replace("Nobody", "No\0body").encode())
    assert "Nobody was hurt" in article.text


def test_entities_in_html_stay_harmless(tmp_path):
    page = PAGE.replace("<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    (article,) = read(tmp_path, "a.html", page.replace("Nobody", "&x; Nobody").encode())
    assert "root:" not in article.text


def test_format_is_told_by_content(tmp_path):
    assert read(tmp_path, "page.txt", PAGE.encode())[0].origin.reader == "html"
    assert read(tmp_path, "record.txt", GOOD)[0].origin.reader == "json"
    assert read(tmp_path, "lines", GOOD + b"\n" + GOOD)[0].origin.reader == "jsonl"
    assert read(tmp_path, "table", b"title;text\nA;The ferry ran aground.\n")[0].origin.reader == "csv"
    assert read(tmp_path, "page.json", PAGE.encode())[0].origin.reader == "html"
    assert read(tmp_path, "noname", gzip.compress(PAGE.encode()))[0].origin.reader == "html"


def test_compressed_file_keeps_its_name_and_hash(tmp_path):
    data = gzip.compress(GOOD, mtime=0)
    (article,) = read(tmp_path, "a.json.gz", data)
    assert article.origin.file_name == "a.json.gz"
    import hashlib

    assert article.origin.sha256 == hashlib.sha256(data).hexdigest()


def test_zstandard(tmp_path):
    pa = pytest.importorskip("pyarrow")
    file = pa.BufferOutputStream()
    with pa.CompressedOutputStream(file, "zstd") as stream:
        stream.write(GOOD)
    data = file.getvalue().to_pybytes()
    assert read(tmp_path, "a.json.zst", data)[0].text == RECORD["text"]
    assert refused(tmp_path, "a.json.zst", data[:-4]).rule == "truncated"


def _task(source, beat):
    return [type(value).__name__ for value in _reading.read(source, beat=beat)]


def test_killers_among_good_files(tmp_path):
    """What hangs or kills parsers, in guarded workers: the good ones all come through."""
    for number in range(6):
        (tmp_path / f"good-{number}.json").write_bytes(GOOD)
    (tmp_path / "good-3a.html").write_bytes(b"<p>" + b"<a " * 200_000)
    (tmp_path / "good-4a.json").write_bytes(b'{"a":[' * 200_000)
    (tmp_path / "good-5a.html").write_bytes(b"<!--" * 200_000)
    (tmp_path / "good-5b.html").write_bytes(b'<p a="' * 200_000)
    results = list(guarded(_task, find([tmp_path]), limits=Limits(seconds=10)))
    assert [result for _, result in results if result == ["Article"]] == [["Article"]] * 6
    assert not [result for _, result in results if isinstance(result, Failed)], results
