"""Tables of text: what their writers make of delimiters, quotation marks and cells without anything in them."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.builders.readers import _reading
from allegedly.schemas.records import Article

HEAD = "title,text,date\n"


def parsed(data, name="a.csv", **options):
    return list(_reading.parsed(data if isinstance(data, bytes) else data.encode(), name, **options))


def texts(data, name="a.csv"):
    """The texts of a table, and of a line of the ledger its rule."""
    return [value.text if isinstance(value, Article) else value.rule for value in parsed(data, name)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HEAD + 'One,"She said ""no"", and left.",2025-03-11\n', ['She said "no", and left.']),
        (HEAD + 'One,"She said \\"no\\", and left.",2025-03-11\n', ['She said "no", and left.']),
        (HEAD + 'One,"A \\\\ and\\\na \\"b\\".",2025-03-11\n', ['A \\ and\na "b".']),
        # JSON inside a table, and a path at the end of a cell: backslashes that escape nothing of the table
        (HEAD + 'One,"{""a"": ""x \\""y\\"" z""} it wrote",x\n', ['{"a": "x \\"y\\" z"} it wrote']),
        (HEAD + 'One,"Look in C:\\dir\\",x\n', ["Look in C:\\dir\\"]),
        (HEAD + 'One,She said "no" and left.,x\n', ['She said "no" and left.']),
        (HEAD + 'One,"She said "no" and left.",x\n', ['She said "no" and left.']),
        (HEAD + 'One,"She said "no", and left.",x\n', ['She said "no", and left.']),
        (HEAD + 'One,"Para "one" here.\nPara, two.",x\nTwo,Next.,x\n', ['Para "one" here.\nPara, two.', "Next."]),
        (HEAD + 'One,"Never again she wrote.,x\nTwo,Next.,x\n', ['"Never again she wrote.', "Next."]),
        (HEAD + 'One,"Never, ever, she wrote.,x\nTwo,Next.,x\n', ["broken-row", "Next."]),
        # each line is a row with a day: the mark at the end of the second closes nothing of the first
        (HEAD + 'One,"Never,2025-03-11\nTwo,"Next.,2025-03-12\n', ['"Never', '"Next.']),
        (HEAD + 'One,"Never\nTwo, Next.",2025-03-12\n', ["Never\nTwo, Next."]),
        (HEAD + 'One,"It begins,\nand goes on\nand on\nand the file is cut', ["broken-row"]),
        ('title, text, date\nOne, "Today, she left.", x\n', ["Today, she left."]),
        ("title;text;date;\nOne;She left.;x;\nTwo;She came.;x\n", ["She left.", "She came."]),
        ("'title','text'\n'One','She said, ''no'' and left.'\n", ["She said, 'no' and left."]),
        ("title,text\rOne,She left.\rTwo,She came.\r", ["She left.", "She came."]),
        ('"title","text"\n"1","One","She left."\n"2","Two","She came."\n', ["She left.", "She came."]),
        ("sep=|\r\ntitle|text\r\nOne|She left, so.\r\n", ["She left, so."]),
        (HEAD + "One,She left.,x,,\nTwo,She came.,x,y\nThree\n", ["She left.", "broken-row", "broken-row"]),
    ],
)
def test_a_cell_ends_where_its_writer_ended_it(data, expected):
    assert texts(data) == expected


def test_marks_are_letters_where_each_line_is_a_row():
    table = 'title\ttext\tdate\nOne\t"Never again.\t2025-03-11\nTwo\tWe will not go."\t2025-03-12\n'
    for name, data in (("a.tsv", table.encode()), ("a.txt", table.replace("\n", "\r\n").encode("utf-16"))):
        values = parsed(data, name)
        assert [value.text for value in values] == ['"Never again.', 'We will not go."']
        assert [value.published for value in values] == ["2025-03-11", "2025-03-12"]
    # a cell over several lines is one where its lines are no rows
    assert texts('title\ttext\nOne\t"It ran\naground."\n', "a.tsv") == ["It ran\naground."]


def test_tables_as_databases_copy_them_have_no_marks():
    table = (
        'id\ttitle\ttext\tauthor\n1\tOne\t"It ran" \\\\ aground.\\nShe "left.\t\\N\n'
        "2\tTwo\tShe \\\nleft\\\there.\tIda Brandt\n3\tx\n"
    )
    first, second, broken = parsed(table, "a.tsv")
    assert (first.text, first.authors) == ('"It ran" \\ aground.\nShe "left.', ())
    assert (second.text, second.authors) == ("She \nleft\there.", ("Ida Brandt",))
    assert (broken.rule, broken.detail["line"]) == ("broken-row", 5)


@pytest.mark.parametrize("missing", ["nan", "NaN", "NA", "NULL", "\\N", "<NA>", "#N/A", "None", " null "])
def test_a_cell_that_says_that_nothing_is_there_is_empty(missing):
    article, refused = parsed(f"title,author,text,url\nOne,{missing},She left.,{missing}\nTwo,x,{missing},x\n")
    assert (article.title, article.authors, article.url) == ("One", (), None)
    assert (refused.rule, refused.reason) == ("no-article", "row 1 has an empty text")


def test_a_broken_row_says_where_it_is():
    values = parsed('sep=,\ntitle,text\nOne,"a\nb"\nTwo,"a, b, c\nThree,She left.\nFour,"cut\n' + "off\n" * 3)
    assert [(value.rule, value.detail.get("line")) for value in values if not isinstance(value, Article)] == [
        ("broken-row", 5), ("broken-row", 10)
    ]  # fmt: skip
    assert values[-1].reason == "has a cell that opens in line 7 and is not closed before the end of the file"


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(st.tuples(st.text("ab \"',;|\\\n"), st.text("ab \"',;|\\\n")), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;|"),
    quoting=st.sampled_from((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)),
)
def test_what_the_csv_module_writes_is_read_as_it_was(rows, delimiter, quoting):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
    writer.writerows([("title", "text"), *((title, f"x{text}x") for title, text in rows)])
    assert texts(file.getvalue()) == [f"x{text}x" for _, text in rows]


@pytest.mark.parametrize(
    "line", ['One,"a "b" c, d\n', 'One,"\n', '"One","a\n', 'One,""a\n', 'One,"a\\"b\n', '"a,"b,"c\n', '" ,"a\n']
)
def test_hostile_marks_cost_no_more_than_their_letters(line):
    values = parsed(HEAD + line * 3_000)
    assert {value.rule for value in values if not isinstance(value, Article)} <= {"broken-row", "no-article"}
    assert values[-1].detail.get("line", 3_001) == 3_001 if not isinstance(values[-1], Article) else values


def test_nan_in_json_is_nothing():
    (article, refused) = parsed(
        '{"text": "She left.", "author": "nan", "url": "NaN"}\n{"text": "nan", "title": "Two"}\n', "a.jsonl"
    )
    assert (article.authors, article.url, refused.rule) == ((), None, "no-article")


def test_a_last_cell_that_nothing_closes_is_a_broken_row():
    text = "The council closed the bridge, and the mayor said it may open again in May. " * 3
    source = f'title,text\nA,"{text}"\nB,"{text}\n'
    first, *others = _reading.parsed(source.encode(), "a.csv")
    assert first.title == "A" and [line.rule for line in others] == ["broken-row"]


@pytest.mark.parametrize("note", ["[Removed]", "[removed]", "[deleted]", " [Deleted by user] "])
def test_a_text_that_was_taken_down_is_a_line_of_the_ledger(note):
    (line,) = parsed(f"title,text\nBridge,{note}\n")
    assert line.reason == f"holds {note.strip()} in place of its text, which was taken down"


HOLE = "\0" * 4096


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ("title,text\nOne,She left.\nTwo,\0\0\nThree,Élan.\n", ["She left.", "broken-row", "Élan."]),
        ("title,text\nOne,She left.\nTwo,She\0came.\n\0\nThree,Élan.\n", ["She left.", "broken-row", "broken-row", "Élan."]),
        (f"title,text\nOne,She left.\n{HOLE}\nThree,Élan.\n", ["She left.", "broken-row", "Élan."]),
        (f"title,text\nOne,She left.\nTwo,She {HOLE}ran.\nThree,Élan.\n", ["She left.", "broken-row", "Élan."]),
        (f'title,text\nOne,She left.\n"Two","She {HOLE}\nThree,Élan.\nFour,So.\n', ["She left.", "broken-row", "Élan.", "So."]),
        (f"title,text\nOne,She left.\n{HOLE}", ["She left.", "broken-row"]),
    ],
)  # fmt: skip
def test_a_row_with_nuls_costs_no_other(table, wanted, encoding):
    for name, source in (("a.csv", table), ("a.tsv", table.replace(",", "\t"))):
        assert texts(source.encode(encoding), name) == wanted
    values = parsed("title,text\nOne,She left.\nTwo,\0\n")
    assert (values[1].reason, values[1].detail) == (
        "row 1 holds NUL characters, which no text has; it is damaged", {"line": 3}
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [bytes(9999), b"title,text" + bytes(9999), b"PROG\0\0\1\0,text\n" * 99, b"title,text\n" + bytes(range(256)) * 40],
)
def test_what_is_binary_is_no_table_whatever_its_name(data):
    (value,) = parsed(data)
    assert value.rule in ("binary", "no-article", "empty-file"), value
