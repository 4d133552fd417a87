"""Tables, exports, crawls and records of makers: what is refused and why, what is bounded, and what may not be lost."""

import datetime
import gzip
import io
import json
import sqlite3
import tomllib
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.builders.readers import _http, _languages, _makers, _reading, _tables, _weights, _wikitext, unread
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.schemas.records import Article

RAIN = "It may rain on Monday, the mayor of Rotherby said."
GOLDEN = Path(__file__).parent.parent / "golden" / "readers"


def parsed(data, name="x", **options):
    return list(_reading.parsed(data if isinstance(data, bytes) else data.encode(), name, **options))


def articles(values):
    return [value for value in values if isinstance(value, Article)]


def reasons(values):
    return [(value.rule, value.reason) for value in values if not isinstance(value, Article)]


def refused(data, name="x", **options):
    """The one verdict on a file without an article."""
    (value,) = parsed(data, name, **options)
    assert not isinstance(value, Article), value.text[:200]
    return f"{value.rule}: {value.reason}"


def parquet(table, **options):
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def arrow(table, stream=False):
    out = io.BytesIO()
    with (ipc.new_stream if stream else ipc.new_file)(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def database(*statements, **tables):
    with sqlite3.connect(":memory:") as connection:
        for statement in statements:
            connection.execute(statement)
        for name, rows in tables.items():
            columns = ", ".join(rows[0])
            connection.execute(f"CREATE TABLE {name}({columns})")
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", [tuple(row.values()) for row in rows])
        connection.commit()
        data = connection.serialize()
    connection.close()
    return data


TABLE = pa.table({"title": ["Rain", None], "text": [RAIN, None], "date": ["2024-03-04", None]})
NEWS = [{"title": f"Rain {n}", "body": f"{RAIN} {n}"} for n in range(400)]


# languages


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"), ("eng", "en"), ("English", "en"), ("ENGLISH; ENGLISH", "en"), ("Englisch", "en"), ("en_GB", "en-GB"),
        ("en-uk", "en-GB"), ("English (United Kingdom)", "en-GB"), ("British English", "en-GB"), ("Deutsch", "de"),
        ("GERMAN; DEUTSCH", "de"), ("ger", "de"), ("fre", "fr"), ("français", "fr"), ("zh_Hans_CN", "zh-Hans-CN"),
        ("Chinese (Simplified)", "zh-Hans"), ("Portuguese - Brazil", "pt-BR"), ("en.UTF-8", "en"), ("iw", "he"), ("日本語", "ja"),
        ("eng,deu", "en"), ("es-419", "es-419"), ("Norwegian", "no"), ("Farsi", "fa"),
        ("und", None), ("", None), ("the", None), ("it is", None), ("Moved on", None), ("x-default", None), ("?" * 500, None),
    ],
)  # fmt: skip
def test_a_language_is_a_tag_whatever_its_name(written, tag):
    assert _languages.tag(written) == tag


@given(st.text(max_size=40))
def test_a_language_is_a_tag_or_none(written):
    tag = _languages.tag(written)
    assert tag is None or _languages.tag(tag) == tag


@pytest.mark.parametrize("head", ["Language: English", "Language: eng", "Sprache: Englisch"])
def test_a_name_in_a_header_does_not_silence_the_labellers(head):
    (article,) = parsed(f"Title: Rain\n{head}\n\n{RAIN} {RAIN}\n", "x.txt")
    assert article.language == "en"


# records of makers, and records that nest


def test_every_maker_has_a_golden_pair():
    table = tomllib.loads((Path(_makers.__file__).parent / "makers.toml").read_text(encoding="utf-8"))
    for maker in table:
        value = json.loads((GOLDEN / "json" / maker / "input.json").read_text(encoding="utf-8"))
        assert maker in _made(value)


def _made(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = _makers.of(value) if isinstance(value, dict) else None
    return {own.name} if own else set().union(*map(_made, inner)) if inner else set()


@pytest.mark.parametrize(
    ("value", "titles", "told"),
    [
        ([[{"title": "A", "text": RAIN}]], ["A"], ()),
        ({"x": {"y": {"z": {"p": {"q": [{"title": "A", "text": RAIN}, {"title": "B"}]}}}}}, ["A"], ("no field with a text",)),
        ({"a": {"title": "A", "text": RAIN}, "b": [{"title": "B", "text": RAIN}]}, ["A", "B"], ()),
        ({"content": "application/json", "articles": [{"title": "A", "text": RAIN}]}, ["A"], ()),
        ({"title": "Feed", "description": "All news.", "items": [{"title": "A", "description": RAIN}]}, ["A"], ()),
        ({"title": "A", "text": RAIN, "comments": [{"author": "r", "text": "No."}] * 3}, ["A"], ("3 more", "comments (3)")),
        ({"story": {"title": "A", "text": RAIN}, "related": [{"title": "B", "text": RAIN}]}, ["A"], ("related (1)",)),
        ({"comments": [{"author": "r", "text": "No."}]}, [], ("no field with a text",)),
        ({"results": [{"title": "A", "content": "It may … [+3121 chars]"}]}, [], ("3121 characters were cut off",)),
        ({"results": [{"title": "A", "content": "ONLY AVAILABLE IN PAID PLANS"}]}, [], ("for those who pay",)),
        ({"text": {"0": RAIN, "1": None}, "title": {"0": "A", "1": "B"}}, ["A"], ("no field with a text",)),
        ({"columns": ["title", "text"], "data": [["A", RAIN], ["B"]]}, ["A"], ("JSON array, where an object",)),
        ({"name": "x.txt", "originalText": RAIN, "sentences": [{"text": RAIN, "tokens": [{"text": "It"}]}]}, ["x.txt"], ()),
        ({"document": "a.txt", "spans": [{"text": "may", "claim_span": {"text": "may"}}]}, [None], ()),
        ({"text": {"0": RAIN}, "title": {"1": "x"}}, [], ("no field with a text",)),
    ],
)  # fmt: skip
def test_every_object_that_can_be_an_article_is_one_and_what_is_passed_over_is_told(value, titles, told):
    values = parsed(json.dumps(value), "x.json")
    assert [article.title for article in articles(values)] == titles
    ledger = " | ".join(reason for _, reason in reasons(values))
    assert all(words in ledger for words in told) and bool(ledger) == bool(told)


def test_lines_that_are_answers_give_all_their_articles_and_numbers_go_on():
    line = json.dumps(
        {"hits": {"hits": [{"_index": "n", "_source": {"title": f"A{n}", "text": RAIN}} for n in range(2)]}}
    )
    values = parsed(f"{line}\n{line}\n", "x.jsonl")
    assert [(value.title, value.origin.record) for value in values] == [("A0", 0), ("A1", 1), ("A0", 2), ("A1", 3)]


def test_a_title_that_opens_a_text_is_a_title_there():
    (article,) = parsed(json.dumps({"title": "Rain ahead", "text": f"Rain ahead\n{RAIN}"}), "x.json")
    assert [block.kind for block in article.blocks] == ["title", "lead"]
    (article,) = parsed(json.dumps({"title": "Rain ahead", "text": "Rain ahead"}), "x.json")
    assert [block.kind for block in article.blocks] == ["lead"]


def test_an_outlet_is_no_address():
    record = {"text": RAIN, "domain": "news.example", "source": "https://news.example/x", "publisher": "Harbour Post"}
    assert parsed(json.dumps(record), "x.json")[0].outlet == "Harbour Post"
    del record["publisher"]
    assert parsed(json.dumps(record), "x.json")[0].outlet is None


def test_agencies_are_no_authors():
    authors = [{"name": "Lena Farrow"}, {"name": "Northmere Wire", "isAgency": True}, {"name": "Reuters"}]
    (article,) = parsed(json.dumps({"title": "A", "text": RAIN, "authors": authors}), "x.json")
    assert (article.authors, article.agencies) == (("Lena Farrow",), ("Reuters", "Northmere Wire"))


def test_many_objects_without_a_story_are_one_line():
    flat = {f"k{n}": {"y": [{"comments": [{"author": "a"}]}]} for n in range(10_000)}
    assert "no field with a text" in refused(json.dumps(flat), "x.json")


# tables


@pytest.mark.parametrize("written", [parquet, arrow, lambda table: arrow(table, stream=True)])
def test_a_table_is_a_table_in_whatever_it_lies(written):
    columns = {
        "Überschrift": pa.array(["Regen"]).dictionary_encode(),
        "Volltext": pa.array(
            ["Es könnte regnen, sagte die Bürgermeisterin von Rotherby am Montag."], pa.large_string()
        ),
        "Datum": pa.array([1709510400000000000], pa.timestamp("ns")),
        "Quelle": pa.array([b"Hafenbote"], pa.binary()),
        "Sprache": ["Deutsch"],
    }
    (article,) = parsed(written(pa.table(columns)))
    assert (article.title, article.published, article.outlet, article.language) == (
        "Regen",
        "2024-03-04",
        "Hafenbote",
        "de",
    )


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (parquet(TABLE)[:300], "truncated: ends in the middle of its Parquet data; fetch the file again"),
        (arrow(TABLE)[:300], "truncated: ends in the middle of its Arrow data; fetch the file again"),
        (arrow(TABLE, stream=True)[:200], "broken-table: is a broken Arrow file"),
        (b"PAR1" + b"x" * 60 + b"PAR1", "broken-table: is a broken Parquet file"),
        (b"PARE" + b"x" * 60 + b"PARE", "encrypted: is an encrypted Parquet file; decrypt it first"),
        (b"ARROW1\0\0" + b"x" * 60 + b"ARROW1", "broken-table: is a broken Arrow file"),
        (parquet(pa.table({"a": [1], "b": ["x"]})), "has no column of texts (text, body, content, article, ...); its columns are"),
        (parquet(TABLE.slice(0, 0)), "no-article: is a table without rows"),
        (parquet(TABLE.slice(1)), "no-article: has no text in 1 of its 1 rows, the first is row 0"),
        (parquet(pa.table({f"c{n}": [1] for n in range(10_001)})), "members-limit: the number of its columns (10001)"),
        (parquet(pa.table({"article_id": ["a"], "extent": ["b"], "text": ["c"]})), "own-release: is part of a release"),
        (b"SQLite format 3\0" + b"x" * 44, "truncated: ends in the middle of its SQLite data"),
        (database(articles=NEWS)[:20_000], "broken-table: is a broken SQLite database"),
        (database(numbers=[{"a": 1}]), "has no table with a column of texts; its tables are: numbers"),
        (database(articles=[{"title": "A", "text": None}]), "no-article: has no text in 1 of its 1 rows"),
        (database("CREATE TABLE t(text)", "CREATE VIEW v AS SELECT * FROM t"), "no-article: is a table without rows"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_says_why(data, verdict):
    assert verdict in refused(data)


def test_a_column_that_is_named_and_not_there():
    assert "has no column 'story'; its columns are: title, text, date" in refused(
        parquet(TABLE), fields={"text": "story"}
    )
    (article, _) = parsed(parquet(TABLE), fields={"text": "/title"})
    assert article.text == "Rain"


@pytest.mark.parametrize("written", [parquet, arrow])
def test_words_that_a_dictionary_says_a_million_times_are_bounded(written):
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 4000, pa.int32()), pa.array(["It may rain. " * 2000]))
    for table in ({"text": words}, {"data": pa.StructArray.from_arrays([words], ["text"])}):
        data = written(pa.table(table))
        assert len(data) < 500_000
        *_, last = parsed(data, limits=Limits(expanded_bytes=300_000))
        assert (last.rule, "what its rows expand to" in last.reason) == ("expanded-bytes-limit", True)


def test_records_in_a_column_are_read_with_what_stands_around_them():
    day = datetime.datetime(2024, 3, 4, 6)
    rows = [
        {"id": f"r{n}", "label": n, "data": {"headline": "Rain", "in": {"body": RAIN, "meta": {"date": day}}}}
        for n in range(2)
    ]
    table = pa.Table.from_pylist([*rows, {"id": "r2", "label": 2, "data": None}])
    fine = table.cast(pa.schema([field.with_type(_finer(field.type)) for field in table.schema]))
    for data in (parquet(table), arrow(table), arrow(fine, stream=True), parquet(fine, use_dictionary=False)):
        values = parsed(data)
        assert [(value.source_id, value.title, value.text, value.published) for value in articles(values)] == [
            (f"r{n}", "Rain", RAIN, "2024-03-04T06:00:00") for n in range(2)
        ]
        assert [reason for _, reason in reasons(values)] == ["has no text in 1 of its 3 rows, the first is row 2"]
    assert "its columns are: id, data" in refused(parquet(pa.table({"id": [1], "data": [{"name": RAIN}]})))


def _finer(kind):
    if pa.types.is_timestamp(kind):
        return pa.timestamp("ns")
    return pa.struct([field.with_type(_finer(field.type)) for field in kind]) if pa.types.is_struct(kind) else kind


LONG = "It may rain on Monday, the mayor said. " * 30_000
NOTHING, AGAIN = pa.array([0] * 5000, pa.int32()), pa.array(range(5001), pa.int32())
WORDS = pa.DictionaryArray.from_arrays(NOTHING, pa.array([LONG]))
PIECES = pa.array([[LONG[:600_000], LONG[:600_000]]])
_, VIEW, *SEEN = pa.array([LONG], pa.string_view()).buffers()
VIEWS = pa.Array.from_buffers(pa.string_view(), 5000, [None, pa.py_buffer(VIEW.to_pybytes()[:16] * 5000), *SEEN])
ENDS = pa.array([5000], pa.int32())


@pytest.mark.parametrize(
    "data",
    [
        parquet(pa.table({"text": WORDS})),
        parquet(pa.table({"title": ["Rain"] * 5000, "text": [RAIN] * 5000, "summary": WORDS})),
        arrow(pa.table({"text": WORDS})),
        arrow(pa.table({"text": WORDS}), stream=True),
        arrow(pa.table({"text": VIEWS})),
        arrow(pa.table({"text": pa.RunEndEncodedArray.from_arrays(ENDS, pa.array([LONG]))})),
        arrow(pa.table({"text": pa.ListArray.from_arrays(AGAIN, WORDS)})),
        arrow(pa.table({"text": pa.DictionaryArray.from_arrays(NOTHING, PIECES)})),
        arrow(
            pa.table(
                {"text": pa.ListViewArray.from_arrays(NOTHING, pa.array([1] * 5000, pa.int32()), pa.array([LONG]))}
            )
        ),
    ],
    ids=range(9),
)
def test_a_table_that_says_a_text_over_and_over_is_refused_before_a_row_is_read(data, monkeypatch):
    monkeypatch.setattr(_tables, "of_rows", lambda *_: pytest.fail("a row was read"))
    assert len(data) < 1_300_000
    (value,) = parsed(data)
    assert (value.rule, "what its rows expand to is over the limit of" in value.reason) == (
        "expanded-bytes-limit",
        True,
    )


def test_how_much_a_file_may_expand_follows_its_size():
    limits = Limits()
    assert limits.expansion(10) == limits.expansion(8_000) == 8 << 20 and limits.expansion(20_000) == 20_000_000
    assert limits.expansion(10 << 20) == limits.expanded_bytes == 256 << 20
    assert Limits(expanded_bytes=100).expansion(10) == 100
    data = parquet(pa.table({"text": WORDS}))
    assert (
        f"is over the limit of {limits.expansion(len(data))}, for it takes only {len(data)} bytes; write it anew"
        in refused(data)
    )
    assert "raise `expanded_bytes` to read it" in refused(data, limits=Limits(expanded_bytes=1 << 20))


@pytest.mark.parametrize(
    ("column", "weights"),
    [
        (pa.array(["ab", None, "cde", "é"]), [2, 0, 3, 2]),
        (pa.array(["ab", None, "cde", "é"], pa.large_string()), [2, 0, 3, 2]),
        (pa.array(["ab", None, "cde", "é"], pa.string_view()), [2, 0, 3, 2]),
        (pa.array(["ab", None, "ab", "é"]).dictionary_encode(), [2, 2, 2, 2]),
        (pa.array([b"abcd"] * 4, pa.binary(4)), [4, 4, 4, 4]),
        (pa.array([["ab", "c"], None, ["de"], []]), [3, 0, 2, 0]),
        (pa.array([["ab", "c"], None, ["de"], []], pa.list_view(pa.string())), [3, 0, 2, 0]),
        (pa.array([["a", "b"], ["cc", "d"], ["e", None], ["x", "yyy"]], pa.list_(pa.string(), 2)), [2, 3, 1, 4]),
        (pa.array([[("a", "bb")], [], [("c", "d")], None], pa.map_(pa.string(), pa.string())), [3, 0, 2, 0]),
        (pa.array([[["a"], ["bb"]], [], [["c"]], None]), [3, 0, 1, 0]),
        (pa.array([{"a": "x", "b": 1}, {"a": "yy", "b": 2}, {"a": None, "b": 3}, {"a": "", "b": 4}]), [9, 10, 8, 8]),
        (pa.RunEndEncodedArray.from_arrays(pa.array([2, 4], pa.int32()), pa.array(["ab", "c"])), [2, 2, 1, 1]),
        (pa.nulls(4), [0, 0, 0, 0]),
        (pa.UnionArray.from_sparse(pa.array([0, 1, 0, 1], pa.int8()), [pa.array(["0123456789"] * 4), pa.nulls(4)]), [10] * 4),
    ],
    ids=lambda value: str(getattr(value, "type", ""))[:30],
)  # fmt: skip
def test_rows_weigh_what_they_say(column, weights):
    assert _weights.of(column).tolist() == weights
    assert _weights.of(column.slice(1, 2)).tolist() == weights[1:3]


def test_of_a_table_that_breaks_off_the_rows_before_are_read():
    out = io.BytesIO()
    with ipc.new_stream(out, TABLE.schema) as writer:
        for _ in range(3):
            writer.write_table(TABLE)
    values = parsed(out.getvalue()[:-300])
    assert len(articles(values)) == 2 and reasons(values)[-1][0] == "broken-table"


def test_what_a_table_says_of_itself_is_held_against_the_limits_first():
    limits = Limits(expanded_bytes=100_000)
    rows = pa.table({"text": pa.nulls(100_000, pa.string())})
    assert "the number of its rows, 64 bytes each" in refused(parquet(rows), limits=limits)
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2_000_000], pa.int32()), pa.array([None], pa.string()))
    assert "the number of its rows, 64 bytes each" in refused(arrow(pa.table({"text": runs})), limits=limits)
    words = pa.table({"text": ["It may rain. " * 20_000]})
    assert "what it expands to (2" in refused(parquet(words, use_dictionary=False), limits=limits)


def test_only_columns_that_tell_something_are_decoded():
    vectors = pa.table({"text": [RAIN] * 50, "vector": pa.array([[0.5] * 2000] * 50)})
    assert len(articles(parsed(parquet(vectors, use_dictionary=False), limits=Limits(expanded_bytes=50_000)))) == 50


@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY", None])
def test_words_are_read_however_parquet_encodes_them(encoding):
    table = pa.table({"title": ["Rain"] * 70, "text": [f"{RAIN} {number}" for number in range(70)]})
    options = (
        {"column_encoding": dict.fromkeys(table.column_names, encoding), "use_dictionary": False} if encoding else {}
    )
    assert [article.text for article in parsed(parquet(table, **options))] == table["text"].to_pylist()


def test_a_database_does_nothing_but_show_its_tables():
    """Views that call each other, triggers, computed columns, virtual tables and a journal are there, and nothing runs."""
    data = database(
        "CREATE TABLE articles(id INTEGER PRIMARY KEY, title, body, shout GENERATED ALWAYS AS (upper(body)) VIRTUAL)",
        "INSERT INTO articles(title, body) VALUES ('A', 'It may rain.')",
        "CREATE TABLE old(title TEXT PRIMARY KEY, text) WITHOUT ROWID",
        "INSERT INTO old VALUES ('B', 'It might snow.')",
        "CREATE TABLE comments(id, author, text)",
        "INSERT INTO comments VALUES (1, 'r', 'No.')",
        "CREATE VIEW first AS SELECT * FROM second",
        "CREATE VIEW second AS SELECT * FROM first",
        "CREATE VIEW loads AS SELECT load_extension('x') AS text, title FROM articles",
        "CREATE TRIGGER gone AFTER INSERT ON articles BEGIN DELETE FROM articles; END",
        "CREATE VIRTUAL TABLE words USING fts5(title, body)",
    )
    journal = data[:18] + b"\2\2" + data[20:]
    for source in (data, journal):
        values = parsed(source, "news.db")
        assert [(article.title, article.text, article.source_id) for article in articles(values)] == [
            ("A", "It may rain.", "1"),
            ("B", "It might snow.", None),
        ]
        assert [reason for _, reason in reasons(values)] == [
            "has other tables with texts that were passed over: comments; export one as CSV to read it"
        ]


def test_a_table_of_texts_alone_is_read_where_no_other_is_there():
    values = parsed(database(comments=[{"author": "r", "text": RAIN}]), "x.db")
    assert [article.text for article in articles(values)] == [RAIN]


def test_a_cell_over_the_limit_ends_the_database():
    data = database(articles=[{"title": "A", "text": "x" * 200_000}])
    assert "too big" in refused(data, "x.db", limits=Limits(expanded_bytes=100_000))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_bytes_in_a_table_make_its_reader_fail(data):
    """Any stretch of a table overwritten: articles, or a verdict that is none of a fault."""
    whole = bytearray(data.draw(st.sampled_from(_TABLES)))
    start = data.draw(st.integers(8, len(whole) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=40))
    whole[start : start + len(junk)] = junk
    assert "fault" not in [rule for rule, _ in reasons(parsed(bytes(whole)))]


_TABLES = (parquet(TABLE), arrow(TABLE), arrow(TABLE, stream=True), database(articles=NEWS[:5]))


# descriptions, and what is not read


def test_what_describes_a_data_set_is_no_article():
    card = "---\nlicense: mit\ndataset_info:\n  features: []\n---\n# News\n\nThis data set may be used for research.\n"
    assert "is the card of a data set or model, no article" in refused(card, "set/README.md")
    assert articles(parsed(f"---\ntitle: Rain\ndate: 2024-03-04\n---\n{RAIN}\n", "set/README.md"))
    for name, content in (("dataset_info.json", '{"features": {}}'), ("state.json", '{"_data_files": []}')):
        assert "describes a data set, no article" in refused(content, f"set/{name}")
    assert articles(parsed(json.dumps({"text": RAIN}), "set/state.json"))
    ledger = '{"detail": {}, "origin": {}, "reason": "x", "rule": "y", "stage": "read"}\n' * 3
    assert "describes a data set, no article" in refused(ledger, "release/rejected.jsonl")


@pytest.mark.parametrize("kind", [kind for kind in unread._KINDS if not kind.member], ids=lambda kind: kind.what)
def test_what_is_not_read_is_refused_by_name_with_what_to_do(kind):
    prefix = b"PK\3\4".ljust(kind.offset, b"\0") if kind.start.startswith(b"mimetype") else bytes(kind.offset)
    verdict = refused(prefix + kind.start + bytes(200))
    assert verdict == f"unknown-format: is {kind.what}, which is not read; {kind.instead}"


def test_feather_one_is_refused_by_name():
    out = io.BytesIO()
    with pytest.warns(DeprecationWarning):
        feather.write_feather(TABLE, out, version=1)
    assert "Feather file of version 1, which is not read; write it again as Parquet" in refused(out.getvalue())


# exports

DOCUMENT = """{number} of {count} DOCUMENTS

                 Harbour Post

                 March {number}, 2024 Monday

Story {number} of the day

LENGTH: 12 words

{body}

LOAD-DATE: March 9, 2024

                 Copyright 2024 Harbour Post
"""


@given(st.lists(st.sampled_from(["", RAIN, f"{RAIN}\n\nUPDATE is a word."]), min_size=1, max_size=6))
@settings(deadline=None)
def test_every_document_of_an_export_is_an_article_or_a_line(bodies):
    export = "\n".join(
        DOCUMENT.format(number=number, count=len(bodies), body=body) for number, body in enumerate(bodies, 1)
    )
    values = parsed(export, "export.txt")
    assert len(values) == len(bodies)
    for number, (value, body) in enumerate(zip(values, bodies, strict=True), 1):
        assert value.origin.record == (number - 1 if len(bodies) > 1 else None)
        if body:
            assert (value.title, value.published) == (f"Story {number} of the day", f"2024-03-0{number}")
            assert value.text == f"Story {number} of the day\n\n{body}"
        else:
            assert value.reason == (
                f"holds document {number} of an export ('Story {number} of the day') without its text; "
                "export it with the full text"
            )


def test_a_story_that_only_looks_like_an_export_is_a_story():
    for text in (
        f"Body\n\n{RAIN}\n\nLength: long.\n",
        f"Document 1 of 2\n\n{RAIN}\n",
        f"The report has 60 words\n\n4 March 2024\n\n{RAIN}\n",
        f"HD    is a code\n\n{RAIN}\n",
    ):
        (article,) = parsed(text, "x.txt")
        assert article.origin.reader == "text" and article.text == text


def test_exports_of_other_systems_line_ends_and_encodings():
    export = (GOLDEN / "nexis" / "academic" / "input.txt").read_text(encoding="utf-8")
    whole = [article.text for article in parsed(export, "x.txt")]
    for data in (export.replace("\n", "\r\n").encode(), export.encode("utf-16"), b"\xef\xbb\xbf" + export.encode()):
        assert [article.text for article in parsed(data, "x.txt")] == whole


# crawls


def _chunked(body):
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:]) if part) + b"0\r\n\r\n"


_CODINGS = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "chunked": _chunked,
    "brotli": lambda body: pa.compress(body, "brotli", asbytes=True),
    "zstd": lambda body: pa.compress(body, "zstd", asbytes=True),
}


@pytest.mark.parametrize("coding", _CODINGS)
@pytest.mark.parametrize("said", ["gzip", "deflate", "br", "zstd", ""])
def test_a_body_is_decoded_whatever_is_said_of_it(coding, said):
    body = b"<html><body><p>" + RAIN.encode() * 3 + b"</p></body></html>"
    if coding == "brotli" and said != "br":
        return  # nothing else tells it
    coded = _CODINGS[coding](body)
    assert _http.decoded(coded, {"content-encoding": said}, Limits()) == body
    assert _http.decoded(body, {"content-encoding": said, "transfer-encoding": "chunked"}, Limits()) == body


def test_a_body_that_breaks_off_is_a_page_only_where_it_ends_as_one():
    page = b"<p>" + bytes(range(32, 127)) * 50 + b"</p>"
    assert _http.decoded(gzip.compress(page)[:-8], {}, Limits()) == page
    with pytest.raises(Refused, match="ends in the middle, or is broken there"):
        _http.decoded(gzip.compress(page)[:-30], {}, Limits())
    with pytest.raises(Refused, match="bytes of a response"):
        _http.decoded(gzip.compress(bytes(1_000_000)), {}, Limits(bytes=1000))


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate", "br"]))
def test_any_bytes_are_a_body_or_refused(body, said):
    try:
        assert isinstance(_http.decoded(body, {"content-encoding": said}, Limits()), bytes)
    except Refused as refused:
        assert refused.rule == "truncated"


def _arc(address, content, length=None):
    return b"%s 192.0.2.1 20040514060000 text/html %d\n%s\n" % (address, length or len(content), content)


def test_arc_goes_on_behind_a_record_that_is_wrong():
    page = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><title>Rain</title><p>" + RAIN.encode() + b"</p></html>"
    archive = _arc(b"filedesc://x", b"1 0 X\n") + _arc(b"http://a.example/1", page, 20) + b"junk\n"
    values = parsed(archive + _arc(b"http://a.example/2", page) + _arc(b"http://a.example/3", page)[:-40], "x.arc")
    assert [article.url for article in articles(values)] == ["http://a.example/1", "http://a.example/2"]
    assert "ends in the middle of record 3, http://a.example/3" in reasons(values)[-1][1]
    assert "is a web archive without a response" in refused(_arc(b"filedesc://x", b"1 0 X\n"), "x.arc")


def test_arc_tells_of_zeros_between_records():
    page = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><title>Rain</title><p>" + RAIN.encode() + b"</p></html>"
    one, two, three = (_arc(b"http://a.example/%d" % number, page) for number in (1, 2, 3))
    for zeros in (10, 5000):
        values = parsed(_arc(b"filedesc://x", b"1 0 X\n") + one + bytes(zeros) + two + three, "x.arc")
        assert [getattr(value, "rule", None) for value in values] == [None, "broken-archive", None, None]
        assert not any("\0" in article.text for article in articles(values))


def _warc(number, length, rest):
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
    return f"{head}Content-Type: text/html\r\nContent-Length: {length}\r\n{rest}\r\n\r\n".encode()


@pytest.mark.parametrize("length", ["7HTTP/1.1 404 Not Found", "7.5", "7 7"])
def test_a_record_whose_length_is_no_number_is_refused_with_it(length):
    page = f"<p>{RAIN}</p>"
    values = parsed(_warc(1, len(page), f"\r\n{page}") + _warc(2, length, "Content-Type: x\r\n\r\n<p>no</p>"), "x.warc")
    assert [article.text for article in articles(values)] == [RAIN]
    assert {rule for rule, _ in reasons(values)} in ({"broken-archive"}, {"truncated"}, {"broken-archive", "truncated"})


def test_the_length_of_a_record_that_fastwarc_reads_in_part_is_told():
    cut = _warc(2, "7HTTP/1.1 404 Not Found", "Content-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>no</p>")
    wanted = "record 0 has '7HTTP/1.1 404 Not Found' as its Content-Length, no number; fetch the file again"
    assert ("broken-archive", wanted) in reasons(parsed(cut, "x.warc"))


@pytest.mark.parametrize(("path", "day"), [("2025/03/11/rain", "2025-03-11"), ("rain/2025", None), ("rain", None)])
@pytest.mark.parametrize("form", ["warc", "wet", "arc", "mht"])
def test_an_address_where_a_page_was_found_dates_it(form, path, day):
    address, page = f"http://a.example/{path}", f"<html><title>Rain</title><h1>Rain</h1><p>{RAIN}</p></html>"
    head = f"WARC/1.0\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: {address}\r\n"
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}"
    forms = {
        "warc": f"{head}WARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
        f"{answer}\r\n\r\n",
        "wet": f"{head}WARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {len(RAIN)}\r\n\r\n{RAIN}\r\n\r\n",
        "arc": (_arc(b"filedesc://x", b"1 0 X\n") + _arc(address.encode(), answer.encode())).decode(),
        "mht": f"From: <Saved by Blink>\nSnapshot-Content-Location: {address}\nSubject: Rain\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\nContent-Type: text/html\n'
        f"Content-Location: {address}\n\n{page}\n--b--\n",
    }
    (article,) = articles(parsed(forms[form].encode(), f"x.{form}"))
    assert (article.url, article.published) == (address, day)


WIKI = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">{}</mediawiki>'
PAGE = "<page><title>{title}</title><ns>{ns}</ns><revision><text>{text}</text></revision></page>"


@pytest.mark.parametrize(
    ("dump", "verdict"),
    [
        (WIKI.format(""), "is the dump of a wiki without a page"),
        (WIKI.format(PAGE.format(title="Talk:A", ns=1, text="x")), "passed over: pages of other name spaces (1)"),
        (WIKI.format(PAGE.format(title="A", ns=0, text="#REDIRECT [[B]]")), "passed over: redirects (1)"),
        (WIKI.format(PAGE.format(title="A", ns=0, text="{{x}}")), "holds a page without words: A"),
        (WIKI.format(PAGE.format(title="A", ns=0, text="x"))[:-50], "is broken XML, 0 pages could be read: "),
        ('<!DOCTYPE m [<!ENTITY a "b">]>' + WIKI.format(""), "declares XML entities, which are not read"),
    ],
)
def test_dumps_without_an_article(dump, verdict):
    assert verdict in refused(dump, "x.xml")


@pytest.mark.parametrize("opened", ["{{", "[[", "{|", "<ref>", "<!--", "'''", "{{w|[[", "== ", "[http://x "])
def test_wikitext_that_is_never_closed_costs_no_more_than_its_length(opened):
    story = _wikitext.story(f"{RAIN}\n\n" + opened * 10_000)
    assert story.pieces[0] == ("paragraph", RAIN)


@given(st.text(alphabet="{}[]|='\n*# <>reft/a!-", max_size=80))
def test_any_wikitext_is_pieces(source):
    assert all(
        kind in ("paragraph", "heading", "list", "dateline") and words for kind, words in _wikitext.story(source).pieces
    )


def test_what_is_no_article_is_read_where_its_text_is_named():
    line = json.dumps({"subreddit": "rotherby", "body": RAIN, "author": "ferry99"})
    assert refused(line, "x.jsonl").startswith("comments: is a comment in a forum, not an article")
    assert [article.text for article in articles(parsed(line, "x.jsonl", fields={"text": "body"}))] == [RAIN]
