"""Hostile files by kind: what is bad costs itself, with a reason, and nothing beside it."""

import gzip
import io
import json
import os
import tracemalloc
from dataclasses import replace

import pytest
from steps import steps

from allegedly.builders.annotations.bounds import LABELS, bounded
from allegedly.builders.annotations.votes import Voted, labelled
from allegedly.builders.build import build
from allegedly.builders.label import label
from allegedly.builders.labellers._lookup import resolve
from allegedly.builders.readers import _reading, _warc_frames, jsonl
from allegedly.builders.readers.text import of_text
from allegedly.builders.release import packing
from allegedly.builders.sources import contents
from allegedly.builders.sources.find import Source
from allegedly.builders.sources.limits import Limits, OutOfTime, Refused
from allegedly.builders.text.blank import is_blank
from allegedly.schemas import stored
from allegedly.schemas.records import Article, Labels, Origin, Rejected
from allegedly.schemas.validate import validate

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Ferry {n}</title></head><body><article><h1>Ferry {n} aground</h1>
<p>A ferry with {n} people on board ran aground off Estrand on Tuesday morning, the coast guard said.</p>
<p>Nobody was hurt, according to the operator, and the passengers were taken ashore in two lifeboats by noon.</p>
</article></body></html>"""


def parsed(data, name="a.txt", **limits):
    return list(_reading.parsed(data, name, limits=Limits(**limits)))


def rules(values):
    """None for an article, else the rule of its line."""
    return [value.rule if isinstance(value, Rejected) else None for value in values]


def english(text):
    return replace(of_text(text, Origin(file_name="a.txt")), language="en")


# -- labels --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["according to ", "“He said ", "said that ", "who said ", "it might ", "said, "])
def test_labelling_is_linear_in_one_endless_sentence(unit):
    """Six times the text takes about six times the steps; the square would be thirty-six times."""
    (labeller,) = resolve("rules")
    articles = [english(unit * (size // len(unit))) for size in (5_000, 30_000)]
    few, many = (steps(lambda article=article: list(labeller.label([article]))) for article in articles)
    assert many < 9 * few


@pytest.mark.parametrize("unit", ["according to ", "“He said ", "if "])
def test_a_sentence_of_too_many_labels_goes_to_the_ledger_and_its_neighbours_stay(unit, tmp_path):
    sources = tmp_path / "news"
    sources.mkdir()
    for number in range(3):
        (sources / f"{number}.html").write_text(PAGE.format(n=200 + number))
    (sources / "1-bad.txt").write_text(unit * (60_000 // len(unit)))
    lines = [json.dumps({"text": f"The pier closed on day {number}."}) for number in range(4)]
    lines.insert(2, json.dumps({"text": unit * (60_000 // len(unit))}))
    (sources / "lines.jsonl").write_text("\n".join(lines))
    manifest = build(sources, tmp_path / "out", workers=1)
    assert {entry["file_name"]: (entry["articles"], entry["rejected"]) for entry in manifest.inputs} == {
        "news/0.html": (1, 0),
        "news/1-bad.txt": (0, 1),
        "news/1.html": (1, 0),
        "news/2.html": (1, 0),
        "news/lines.jsonl": (4, 1),
    }
    ledger = [json.loads(line) for line in (tmp_path / "out" / "rejected.jsonl").read_text().splitlines()]
    assert [(line["stage"], line["rule"], line["origin"]["record"]) for line in ledger] == [
        ("label", "labels-limit", None),
        ("label", "labels-limit", 2),
    ]
    assert f"labels, over the limit of {LABELS}; split it into sentences" in ledger[0]["reason"]
    assert validate(tmp_path / "out") == []


def test_bounds_count_what_rows_take():
    article = english("The mayor said the ferry closed. " * 400)
    (voted,) = labelled([article], resolve("rules"))
    assert isinstance(voted, Voted)
    labels = [vote.labels for vote in voted.votes]
    assert bounded(article, labels, Limits()) is None
    refused = bounded(article, labels, Limits(expanded_bytes=100_000))
    assert refused.rule == "expanded-bytes-limit" and refused.detail["limit"] == 100_000
    assert "what its labels take in the tables" in str(refused) and "raise `expanded_bytes`" in str(refused)
    assert bounded(article, [Labels()], Limits(expanded_bytes=10)) is None


DOUBTS = """
from dataclasses import replace

from allegedly.builders.labellers import rules
from allegedly.schemas.records import Labels


def label(articles):
    for prediction in rules.label(articles):
        doubts = tuple(replace(doubt, holder=None, by="") for doubt in prediction.labels.speculations)
        yield replace(prediction, labels=Labels(claims=(), speculations=doubts, attributions=()))
"""


def test_a_sentence_is_kept_once_while_packing(tmp_path, monkeypatch):
    """900 labels in a sentence of 200 kB: written out they are 180 MB, on the way there next to nothing."""
    sources = tmp_path / "news"
    sources.mkdir()
    (sources / "a.txt").write_text("It may rain and " * 900 + "the ferry and the pier and " * 7000 + "close.")
    (sources / "b.html").write_text(PAGE.format(n=212))
    pack, peaks = packing.Pack.__call__, []

    def watched(*given):
        tracemalloc.start()
        try:
            return pack(*given)
        finally:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

    monkeypatch.setattr(packing.Pack, "__call__", watched)
    # the claims of the rules beside them would be more than a sentence may have
    (tmp_path / "doubts.py").write_text(DOUBTS)
    monkeypatch.syspath_prepend(tmp_path)
    manifest = build(sources, tmp_path / "out", workers=1, labellers="doubts:label")
    rows = [
        row for split in ("train", "validation", "test") for row in stored.rows(tmp_path / "out", "speculations", split)
    ]
    long = [row for row in rows if len(row["sentence"]) > 190_000]
    assert len(long) > 800 and sum(manifest.counts["articles"].values()) == 2
    assert max(peaks, default=0) < 150 << 20
    assert validate(tmp_path / "out") == []


def test_row_groups_of_repeated_words_are_cut_and_say_the_same(tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    sources = tmp_path / "news"
    sources.mkdir()
    for number in range(6):
        text = f"On day {number} it may rain, the mayor said. He said that the ferry could close. " * 3
        (sources / f"{number}.txt").write_text(text)
    whole = build(sources, tmp_path / "whole", workers=1, train=1.0, validation=0.0, test=0.0)
    monkeypatch.setattr(packing, "REPEATED_BYTES", 200)
    cut = build(sources, tmp_path / "cut", workers=1, train=1.0, validation=0.0, test=0.0)
    assert cut.content_sha256 == whole.content_sha256
    (one,), (other,) = stored.shards(tmp_path / "whole", "claims"), stored.shards(tmp_path / "cut", "claims")
    assert pq.ParquetFile(one).num_row_groups == 1 and pq.ParquetFile(other).num_row_groups > 5
    assert pq.read_table(one).equals(pq.read_table(other))


# -- labellers that fail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The pier closed, according to”",
        'The pier closed, according to "".',
        "“The pier closed,” according to ”.",
        'A pier, according to "\n\nIt rained.',
        "The mayor was told by \n\n It rained.",
        "The ferry was told by",
    ],
)
@pytest.mark.parametrize("name", ["rules", "learned"])
def test_a_cue_without_words_behind_it_is_no_attribution_of_nothing(text, name):
    if name == "learned":
        pytest.importorskip("onnxruntime")
        pytest.importorskip("tokenizers")
    (voted,) = labelled([english(text)], resolve(name))
    assert isinstance(voted, Voted)
    for attribution in voted.votes[0].labels.attributions:
        assert all(start < end for start, end in attribution.source)


FAILING = """
from allegedly.builders.sources.limits import OutOfTime
from allegedly.schemas.records import Annotator, Labels, Prediction
LAYERS = ("claims",)
ANNOTATOR = Annotator(id="failing", kind="model", name="failing")
def label(articles):
    for article in articles:
        if "memory" in article.text:
            raise MemoryError
        if "late" in article.text:
            raise OutOfTime(20)
        if "fails" in article.text:
            raise KeyError("no")
        yield Prediction(labels=Labels(claims=()))
def short(articles):
    return []
"""


def test_a_labeller_that_fails_costs_its_layer_and_limits_cost_the_article(tmp_path, monkeypatch):
    (tmp_path / "failing_labeller.py").write_text(FAILING)
    monkeypatch.syspath_prepend(tmp_path)
    texts = ["One pier closed.", "This fails.", "Out of memory here.", "The ferry is late.", "Two piers closed."]
    articles = [replace(english(text), origin=Origin(file_name=f"{n}.txt")) for n, text in enumerate(texts)]
    values = list(labelled(articles, resolve("failing_labeller:label,rules")))
    assert [(value.rule, value.origin.file_name) for value in values if isinstance(value, Rejected)] == [
        ("labeller-failed", "1.txt"),
        ("memory-limit", "2.txt"),
        ("time-limit", "3.txt"),
    ]
    voted = [value for value in values if isinstance(value, Voted)]
    taken = {value.article.origin.file_name: [vote.annotator.id for vote in value.votes] for value in voted}
    assert taken == {"0.txt": ["failing", "rules"], "1.txt": ["rules"], "4.txt": ["failing", "rules"]}
    values = list(labelled(articles[:2], resolve("failing_labeller:short")))
    assert rules(value for value in values if isinstance(value, Rejected)) == ["labeller-failed"] * 2
    assert "'failing_labeller:short' failed on it and is left out: ValueError" in values[0].reason
    assert [value.votes for value in values if isinstance(value, Voted)] == [(), ()]


def test_label_gives_the_article_and_says_which_labeller_failed(tmp_path, monkeypatch):
    (tmp_path / "failing_labeller.py").write_text(FAILING)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "a.txt").write_text("This fails.")
    with pytest.warns(UserWarning, match="'failing_labeller:label' failed on it and is left out: KeyError"):
        (record,) = label(tmp_path / "a.txt", labellers="failing_labeller:label")
    assert record.labels == Labels()


KILLED = """
import os, signal
from pathlib import Path
from allegedly.schemas.records import Labels, Prediction
LAYERS = ("claims",)
def label(articles):
    for article in articles:
        tries = Path(os.environ["TRIES"])
        if "killed" in article.text:
            with tries.open("a") as file:
                file.write("x")
            if len(tries.read_text()) < 3:
                os.kill(os.getpid(), signal.SIGKILL)
        yield Prediction(labels=Labels(claims=()))
"""


@pytest.mark.parametrize("how", ["label", "build"])
def test_a_file_whose_worker_is_killed_from_outside_comes_through(how, tmp_path, monkeypatch):
    (tmp_path / "killed_labeller.py").write_text(KILLED)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    sources = tmp_path / "news"
    sources.mkdir()
    for number, text in enumerate(["It rained.", "The worker was killed.", "It rained again."]):
        (sources / f"{number}.txt").write_text(text)
    if how == "label":
        assert [r.article.text for r in label(sources, labellers="killed_labeller:label")][
            1
        ] == "The worker was killed."
    else:
        manifest = build(sources, tmp_path / "out", labellers="killed_labeller:label", workers=1)
        assert [entry["articles"] for entry in manifest.inputs] == [1, 1, 1]
    assert (tmp_path / "tries").read_text() == "xxx"


# -- records that are bad ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "rule"),
    [(MemoryError(), "memory-limit"), (OutOfTime(20), "time-limit"), (RecursionError(), "nesting-limit"),
     (ZeroDivisionError("no"), "fault"), (Refused("no-article", "no"), "no-article")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.rss", "a.warc"])
def test_a_record_that_its_reader_fails_on_costs_no_other(failure, rule, name, monkeypatch):
    from allegedly.builders.readers import _fields, _web_page, feed

    for module, function in ((_fields, "article"), (_web_page, "article"), (feed, "_article")):
        whole = getattr(module, function)

        def failing(*given, whole=whole, **more):
            if "212" in repr(given[0]) or any("212" in text for text in texts_in(given[:1])):
                raise failure
            return whole(*given, **more)

        monkeypatch.setattr(module, function, failing)
    texts = [f"A ferry with {n} people ran aground off Estrand, and nobody was hurt." for n in (211, 212, 213)]
    data = {
        "a.jsonl": "\n".join(json.dumps({"text": text}) for text in texts).encode(),
        "a.json": json.dumps([{"text": text} for text in texts]).encode(),
        "a.csv": "\n".join(["title,text", *(f'A,"{text}"' for text in texts)]).encode(),
        "a.rss": f"<rss><channel>{''.join(f'<item><description>{t}</description></item>' for t in texts)}</channel></rss>".encode(),
        "a.warc": b"".join(response(n) for n in (211, 212, 213)),
    }[name]
    values = parsed(data, name)
    assert rules(values) == [None, rule, None]
    assert values[1].origin.record == 1


def texts_in(values):
    for value in values:
        if hasattr(value, "itertext"):
            yield "".join(value.itertext())


def response(number, length=None, version=b"WARC/1.0"):
    payload = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.format(n=number).encode()
    head = (
        b"%s\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nContent-Type: application/http; msgtype=response"
        b"\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (version, number, len(payload) if length is None else length) + payload + b"\r\n\r\n"


A, B, C, D = (response(number) for number in range(211, 215))


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (A + response(2, 99_999) + C, [None, "broken-archive", None]),
        (A + response(2, len(B) + 300) + C + D, [None, "broken-archive", None, None]),
        (A + response(2, 300) + C, [None, "broken-archive", None]),
        (A + response(2, 0) + C, [None, "broken-archive", None]),
        (A + response(2, -5) + C, [None, "broken-archive", None]),
        (A + B.replace(b"Content-Length", b"X-Length") + C, [None, "broken-archive", None]),
        (A + b"rubbish " * 200 + b"\r\n\r\n" + C, [None, "broken-archive", None]),
        (A + b"\0\xff" * 500 + C, [None, "broken-archive", None]),
        (A + b"\0" * 10 + C + D, [None, "broken-archive", None, None]),
        (A + b"\0" * 5000 + C + b"\r\n" + D, [None, "broken-archive", None, None]),
        (A[:-4] + b"\0" * 512 + C + D, [None, "broken-archive", None, None]),
        (A + B + b"\0" * 512, [None, None, "broken-archive"]),  # where a record may have been that was never written
        (A + response(2, version=b"WARX/9.9") + C, [None, "broken-archive", None]),
        (A + B + C[:-120], [None, None, "truncated"]),
        (A + B + C[:-5], [None, None, "truncated"]),
        (A + B + C[:150], [None, None, "truncated"]),
        (A + B + C[:-3], [None, None, None]),  # a line end is nothing that a reader misses
        (A[:-100], ["truncated"]),
    ],
)
def test_a_broken_record_of_a_web_archive_costs_no_other(data, wanted):
    values = parsed(data, "a.warc")
    assert rules(values) == wanted
    assert [value.origin.record for value in values] == list(range(len(wanted)))
    assert all(
        value.title == f"Ferry {211 + n} aground" for n, value in enumerate(values) if isinstance(value, Article)
    )


def test_headers_without_end_are_looked_at_once():
    data = b"WARC/1.0\r\nA: b\r\n" * 50_000
    parts: list = []
    few = steps(lambda: list(_warc_frames.frames(data[: len(data) // 6])))
    assert steps(lambda: parts.extend(_warc_frames.frames(data))) < 9 * few
    assert len(parts) == _warc_frames.MOST_BROKEN + 1 and "on nothing is read" in str(parts[-1].trouble)
    assert parts[-1].end == len(data)


MEMBERS = [gzip.compress(record, mtime=0) for record in (A, B, C, D)]


def changed(data, place, by=1):
    return data[:place] + bytes([data[place] ^ by]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"".join(MEMBERS), [None] * 4),
        (b"".join(MEMBERS)[:-60], ["truncated", None, None, None, "truncated"]),
        (b"".join(MEMBERS[:3]) + MEMBERS[3][:5], ["truncated", None, None, None]),
        (MEMBERS[0] + changed(MEMBERS[1], len(MEMBERS[1]) - 6) + MEMBERS[2] + MEMBERS[3], ["broken-archive", None, None, None]),
        (MEMBERS[0] + b"junk" * 10 + MEMBERS[2], ["trailing-bytes", None, None]),
        (gzip.compress(A + B + C, mtime=0)[:-40], ["truncated", None, "truncated"]),
    ],
)  # fmt: skip
def test_a_broken_member_of_a_compressed_web_archive_costs_no_other(data, wanted):
    assert rules(parsed(data, "a.warc.gz")) == wanted


def test_lines_before_the_cut_of_a_compressed_file_stay_and_half_a_text_does_not():
    lines = "\n".join(json.dumps({"text": f"{n} {os.urandom(40).hex()} the ferry closed."}) for n in range(50)).encode()
    values = parsed(gzip.compress(lines)[:-400], "a.jsonl.gz")
    assert rules(values)[0] == "truncated" and set(rules(values)[1:]) == {None} and 20 < len(values) < 50
    assert rules(parsed(gzip.compress(b"The ferry closed. " * 50)[:-10], "a.txt.gz")) == ["truncated"]
    assert rules(parsed(gzip.compress(b"The ferry closed.") + b"junk", "a.txt.gz")) == ["trailing-bytes", None]


def test_many_members_are_not_copied_over_and_over():
    member = gzip.compress(b"The ferry closed.\n", mtime=0)
    assert rules(parsed(member * 6_000, "a.txt.gz")) == [None]
    few, many = (steps(lambda count=count: parsed(member * count, "a.txt.gz")) for count in (500, 3_000))
    assert many < 9 * few


# -- bytes, line ends, blanks --------------------------------------------------------------------------------------------


def test_what_the_system_gives_in_pieces_is_read_whole(tmp_path, monkeypatch):
    """Linux gives no more than 2 GiB at a time; here no more than 10 bytes."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"The ferry ran aground on Tuesday.")

    class Slow(io.FileIO):
        def read(self, size=-1):
            return super().read(min(size, 10))

    monkeypatch.setattr(contents, "open", lambda handle, *_, **__: Slow(handle), raising=False)
    source = Source(path=str(path), file_name="a.txt")
    assert contents.contents(source) == path.read_bytes()
    assert contents.contents(source, limits=Limits(bytes=33)) == path.read_bytes()
    with pytest.raises(Refused, match="number of its bytes"):
        contents.contents(source, limits=Limits(bytes=32))


def test_line_ends_of_old_macs():
    story = "Ferry runs aground\rBy Ann Example, 5 May 2020\r\rA ferry ran aground, officials said. Nobody was hurt.\r"
    (article,) = parsed(story.encode())
    assert article.origin.reader == "text" and article.text == story
    table = "title,text\rA,The ferry ran aground.\rB,The ferry was freed.\r"
    assert [value.text for value in parsed(table.encode(), "a.csv")] == [
        "The ferry ran aground.",
        "The ferry was freed.",
    ]
    assert len(parsed(table.replace(",", "\t").encode(), "a.tsv")) == 2
    lines = [json.dumps({"text": f"The ferry closed on day {n}."}) for n in range(3)]
    assert rules(parsed("\r".join(lines).encode(), "a.jsonl")) == [None] * 3
    assert parsed("\r".join(lines).encode(), "a")[0].origin.reader == "jsonl"
    assert list(jsonl._lines(b"a\rb\nc")) == [b"a\rb", b"c"]


BLANKS = [
    "\u3000\u2003\u00a0",
    "\u200b",
    "\u2060\n\ufeff",
    "\u3164\u2800",
    "\u00ad\u180e",
    "\u202e\u2066",
    "\x1c\x85\u2028",
]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_text_that_shows_nothing_is_no_article(blank):
    assert is_blank(blank) and not is_blank(f"{blank}a{blank}") and not is_blank(".") and not is_blank("\u0301")
    for name, data in (
        ("a.txt", blank),
        ("a.json", json.dumps({"text": blank})),
        ("a.csv", f'title,text\nA,"{blank}"\n'),
        ("a.html", f"<html><body><p>{blank}</p></body></html>"),
    ):
        assert set(rules(parsed(data.encode(), name))) <= {"empty-file", "no-article", "binary"}, name
    with pytest.raises(Exception, match="no article"):
        list(label(text=blank))


def test_a_member_without_a_name_costs_only_itself(tmp_path):
    import zipfile

    from allegedly.builders.readers import _reading

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), "The council said that the bridge would close.")
        archive.writestr("b.txt", "The council said that the bridge would open.")
    nameless, whole = _reading.parsed(path.read_bytes(), "a.zip")
    assert (nameless.rule, whole.text) == ("unsafe-name", "The council said that the bridge would open.")
